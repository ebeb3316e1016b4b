//! The vocabulary in which the graph is described.

pub use super::{listed::Listed, readiness::Readiness, rota::Rota, scalar::Scalar, serving::Serving};
use crate::access::{Holder, Kind, Tier};

/// A type of the graph.
#[derive(Debug)]
pub struct TypeDef {
    /// The type, as `access` names it.
    pub kind: Kind,
    /// The table of its rows.
    pub table: &'static str,
    /// What its public ids begin with, before `_`.
    pub prefix: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// Its fields, in the order of the schema; `id` comes before them.
    pub fields: &'static [Field],
    /// Fields by which a list is ordered when nothing is asked; `id` breaks ties.
    pub default_order: &'static [(&'static str, Direction)],
    /// Beside the default order: values of the order's enum for which there is an index.
    pub indexed_orders: &'static [&'static str],
    /// Paths through edges to fields by which a list may be ordered too.
    pub far_orders: &'static [&'static [&'static str]],
    /// For a child: the column that points to its parent, and the column of its own marking if it has one.
    pub child: Option<Child>,
    /// The columns that say whose a row is, where `access` states grounds by them.
    pub whose: &'static [(Holder, &'static str)],
    /// For a type of which there are ever more rows: what its lines of visibility carry.
    pub listed: Option<Listed>,
}

/// How a child row hangs on its parent.
#[derive(Clone, Copy, Debug)]
pub struct Child {
    /// The column with the parent's id.
    pub parent_column: &'static str,
    /// The column with the row's own TLP marking.
    pub tlp_column: Option<&'static str>,
}

/// A field of a type. Its tier stands in `access::fields`.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// Where its value comes from.
    pub shape: Shape,
    /// Whether a filter may use it.
    pub filter: bool,
    /// Whether a list may be ordered by it.
    pub order: bool,
    /// What it is to search.
    pub search: Search,
}

/// What a field is to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Nothing.
    No,
    /// `search` finds its words.
    Words,
    /// An argument of the field's own name on the type's list finds its words.
    Argument,
    /// It dates the row: what is found is ordered by it, newest first.
    Date,
}

/// Where the value of a field comes from.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A column of the row.
    Column {
        /// Its name.
        column: &'static str,
        /// What it holds.
        scalar: Scalar,
        /// Whether it can be null in the database.
        nullable: bool,
    },
    /// A column of the row that holds a JSON array of texts.
    Texts {
        /// Its name.
        column: &'static str,
    },
    /// A column of the one row of another table that the row points to: a value, not an edge.
    Lookup {
        /// The column that points.
        key: &'static str,
        /// The other table.
        table: &'static str,
        /// The column there.
        column: &'static str,
        /// What it holds.
        scalar: Scalar,
    },
    /// Texts from the rows of another table that point to the row.
    Gather {
        /// The other table.
        table: &'static str,
        /// The column there that points to the row.
        key: &'static str,
        /// The column there to collect.
        column: &'static str,
        /// A condition on the rows there, for instance that an area is confirmed.
        only: Option<&'static str>,
    },
    /// Another number whenever what one sees of the row has changed: made of a number of the row, which counts changes of
    /// the directory's values, of how many rows of a child one sees, and of how deep one sees.
    Version {
        /// The column of the number.
        column: &'static str,
        /// A further number, which counts where its tier is open.
        deeper: (&'static str, Tier),
        /// The child.
        children: Kind,
        /// The column there that points to the row.
        by: &'static str,
    },
    /// How the response clock stands now: BREACHED or RUNNING by when the next target is due, else what is kept.
    ClockState {
        /// The column with the next instant at which something is due.
        next: &'static str,
        /// The column that says how it stands when nothing is.
        rest: &'static str,
    },
    /// The four targets of the response clock.
    Clock {
        /// The column that holds them.
        column: &'static str,
    },
    /// The public id of the row of another type that a column points to, and nothing else of it: whether it is hidden makes
    /// no difference.
    Reference {
        /// The type there.
        to: Kind,
        /// The column that points.
        column: &'static str,
    },
    /// Times in a window that is asked for, found from the shifts of a detail that one sees.
    Rota {
        /// The type of the shifts.
        shifts: Kind,
        /// The column there that points to the row.
        by: &'static str,
        /// What is looked for.
        finds: Rota,
    },
    /// The names of who serves today, found from the tours that one sees.
    Serving(Serving),
    /// How far what is owed has been done, found from the rows that one sees.
    Readiness(Readiness),
    /// To at most one row; null when there is none or it is hidden.
    Edge {
        /// The type there.
        to: Kind,
        /// The column that points.
        column: &'static str,
    },
    /// To many rows.
    Connection {
        /// The type there.
        to: Kind,
        /// How they are found.
        via: Via,
    },
}

/// How the rows of a connection are found.
#[derive(Clone, Copy, Debug)]
pub enum Via {
    /// By a column there that points back.
    Column(&'static str),
    /// By a table of links.
    Link {
        /// The table.
        table: &'static str,
        /// Its column that points to the row here.
        here: &'static str,
        /// Its column that points to the row there.
        there: &'static str,
    },
}

/// An enum of the graph: its values are what the database stores, in the order in which they sort.
#[derive(Debug)]
pub struct EnumDef {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// Value and description.
    pub values: &'static [(&'static str, &'static str)],
}

/// Which way a list is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Asc => Self::Desc,
            Self::Desc => Self::Asc,
        }
    }
}

impl Field {
    const fn new(name: &'static str, shape: Shape, description: &'static str) -> Self {
        Self { name, description, shape, filter: false, order: false, search: Search::No }
    }

    /// May be filtered by.
    #[must_use]
    pub const fn filtered(mut self) -> Self {
        self.filter = true;
        self
    }

    /// May be filtered and ordered by.
    #[must_use]
    pub const fn ordered(mut self) -> Self {
        self.filter = true;
        self.order = true;
        self
    }

    /// Its words are found by `search`.
    #[must_use]
    pub const fn searched(mut self) -> Self {
        self.search = Search::Words;
        self
    }

    /// Its words are found by an argument of its name on the type's list.
    #[must_use]
    pub const fn searched_by_argument(mut self) -> Self {
        self.search = Search::Argument;
        self
    }

    /// It dates the row among what is found.
    #[must_use]
    pub const fn dating(mut self) -> Self {
        self.search = Search::Date;
        self
    }
}

/// A column that always holds a value.
pub const fn value(name: &'static str, column: &'static str, scalar: Scalar, description: &'static str) -> Field {
    Field::new(name, Shape::Column { column, scalar, nullable: false }, description)
}

/// A column that may be empty.
pub const fn optional(name: &'static str, column: &'static str, scalar: Scalar, description: &'static str) -> Field {
    Field::new(name, Shape::Column { column, scalar, nullable: true }, description)
}

/// A JSON array of texts.
pub const fn texts(name: &'static str, column: &'static str, description: &'static str) -> Field {
    Field::new(name, Shape::Texts { column }, description)
}

/// The value of a column of the row that a column points to.
pub const fn lookup(
    name: &'static str,
    key: &'static str,
    (table, column): (&'static str, &'static str),
    scalar: Scalar,
    description: &'static str,
) -> Field {
    Field::new(name, Shape::Lookup { key, table, column, scalar }, description)
}

/// Texts of the rows that point here.
pub const fn gather(
    name: &'static str,
    (table, key, column): (&'static str, &'static str, &'static str),
    only: Option<&'static str>,
    description: &'static str,
) -> Field {
    Field::new(name, Shape::Gather { table, key, column, only }, description)
}

/// How often what one sees of the row has changed.
pub const fn version(
    name: &'static str,
    (column, deeper): (&'static str, (&'static str, Tier)),
    (children, by): (Kind, &'static str),
    description: &'static str,
) -> Field {
    Field::new(name, Shape::Version { column, deeper, children, by }, description)
}

/// How the response clock stands now.
pub const fn clock_state(
    name: &'static str,
    (next, rest): (&'static str, &'static str),
    description: &'static str,
) -> Field {
    Field::new(name, Shape::ClockState { next, rest }, description).filtered()
}

/// The targets of the response clock.
pub const fn clock(name: &'static str, column: &'static str, description: &'static str) -> Field {
    Field::new(name, Shape::Clock { column }, description)
}

/// Times in a window, from the shifts that one sees.
pub const fn rota(
    name: &'static str,
    (shifts, by): (Kind, &'static str),
    finds: Rota,
    description: &'static str,
) -> Field {
    Field::new(name, Shape::Rota { shifts, by, finds }, description)
}

/// Who serves today, of the tours that one sees.
pub const fn serving(name: &'static str, who: Serving, description: &'static str) -> Field {
    Field::new(name, Shape::Serving(who), description)
}

/// How far what is owed has been done, of the rows that one sees.
pub const fn readiness(name: &'static str, of: Readiness, description: &'static str) -> Field {
    Field::new(name, Shape::Readiness(of), description)
}

/// The id of a row, whether or not it may be seen.
pub const fn reference(name: &'static str, column: &'static str, to: Kind, description: &'static str) -> Field {
    Field::new(name, Shape::Reference { to, column }, description)
}

/// To at most one row.
pub const fn edge(name: &'static str, column: &'static str, to: Kind, description: &'static str) -> Field {
    Field::new(name, Shape::Edge { to, column }, description)
}

/// To the rows that point back by a column. Every connection may be filtered by.
pub const fn many(name: &'static str, to: Kind, column: &'static str, description: &'static str) -> Field {
    Field::new(name, Shape::Connection { to, via: Via::Column(column) }, description).filtered()
}

/// To the rows that a table of links names.
pub const fn linked(
    name: &'static str,
    to: Kind,
    (table, here, there): (&'static str, &'static str, &'static str),
    description: &'static str,
) -> Field {
    Field::new(name, Shape::Connection { to, via: Via::Link { table, here, there } }, description).filtered()
}
