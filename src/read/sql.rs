//! A statement and the recipes of its bind parameters.
//!
//! A cached plan holds no value of a request: only where each parameter comes from and of which type it is. The
//! type belongs to the recipe, never to the value, so that a null is bound as what it stands for.

use std::{collections::BTreeSet, sync::Arc};

use super::{cursor::CursorSpec, geodesy::Coefficient, value::Value};
use crate::{
    access::{Ground, Held, Kind},
    model::query::ViewerSource,
    store::Engine,
};

/// A step into a variable's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A field of an input object.
    Field(String),
    /// An item of a list.
    Item(usize),
}

/// Where the value of a parameter comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Written in the document.
    Fixed(Value),
    /// A variable, and the way into it.
    Variable(String, Vec<Step>),
    /// A list of sources: a list literal that holds variables.
    List(Vec<Source>),
    /// The principal's keys.
    Keys,
    /// Those of the principal's keys that some lines may have.
    KeysOf(Arc<Held>),
    /// The present, one instant per operation.
    Now,
    /// A day so many days after the present one (UTC).
    DaysAhead(i64),
    /// A random text per statement that marks where a cursor is to be sealed.
    Nonce,
    /// One part of the position that a cursor names.
    Cursor {
        /// The argument that holds the cursor.
        of: Box<Source>,
        /// Its GraphQL name, for the error.
        argument: &'static str,
        /// What the cursor must be for.
        spec: Arc<CursorSpec>,
        /// Which part.
        part: usize,
    },
    /// A coefficient of distances around a latitude.
    Around {
        /// The argument that holds the latitude.
        latitude: Box<Source>,
        /// Which.
        coefficient: Coefficient,
    },
    /// The offsets of a time zone, as JSON.
    Zone {
        /// The argument that names it.
        name: Box<Source>,
        /// Its GraphQL name, for the error.
        argument: &'static str,
    },
    /// The end of a window, refused where that is too long.
    Until {
        /// It.
        to: Box<Source>,
        /// The beginning.
        from: Box<Source>,
        /// The GraphQL name of the end, for the error.
        argument: &'static str,
        /// Days between, at most.
        days: i64,
    },
    /// Who asks.
    Viewer(ViewerSource),
    /// The principal's agency, its row.
    ViewerAgency,
    /// The principal's person, their row.
    ViewerPerson,
    /// A row that a command made or changed, by its place in the payload.
    Changed(usize),
}

impl Source {
    /// The variables that it takes its value from.
    pub fn variables<'s>(&'s self, names: &mut BTreeSet<&'s str>) {
        match self {
            Self::Variable(name, _) => {
                names.insert(name);
            }
            Self::List(sources) => sources.iter().for_each(|source| source.variables(names)),
            Self::Cursor { of: source, .. }
            | Self::Around { latitude: source, .. }
            | Self::Zone { name: source, .. } => {
                source.variables(names);
            }
            Self::Until { to, from, .. } => {
                to.variables(names);
                from.variables(names);
            }
            Self::Fixed(_)
            | Self::Keys
            | Self::KeysOf(_)
            | Self::Now
            | Self::DaysAhead(_)
            | Self::Nonce
            | Self::Viewer(_)
            | Self::ViewerAgency
            | Self::ViewerPerson
            | Self::Changed(_) => {}
        }
    }
}

/// How a value is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindType {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
    /// Texts: an array on PostgreSQL, JSON on SQLite.
    Texts,
    /// Whole numbers, likewise.
    Ints,
    /// Numbers, likewise.
    Floats,
    /// The row id in a public id of a type; an id of another type, or none at all, becomes a text that is no row's.
    Id(Kind),
    /// Row ids, likewise.
    Ids(Kind),
    /// Public ids as JSON pairs of type name and row id.
    NodeIds,
    /// A page size: 0 to the largest allowed.
    PageSize(&'static str),
    /// The words that a text of an argument asks for, folded, a space between.
    Words(&'static str),
    /// A number of an argument, from the one to the other.
    Within(&'static str, i32, i32),
    /// Texts as a JSON array in one text.
    JsonTexts,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind {
    /// Where from.
    pub source: Source,
    /// As what.
    pub ty: BindType,
}

/// Collects the parameters of a statement under construction.
#[derive(Debug)]
pub struct Binds {
    engine: Engine,
    binds: Vec<Bind>,
}

impl Binds {
    /// Empty.
    pub const fn new(engine: Engine) -> Self {
        Self { engine, binds: Vec::new() }
    }

    /// The placeholder of a parameter; the same parameter has one placeholder.
    pub fn add(&mut self, source: Source, ty: BindType) -> String {
        let bind = Bind { source, ty };
        let position = self.binds.iter().position(|have| *have == bind).unwrap_or_else(|| {
            self.binds.push(bind);
            self.binds.len() - 1
        });
        match self.engine {
            Engine::Postgres => format!("${}", position + 1),
            Engine::Sqlite => format!("?{}", position + 1),
        }
    }

    /// The principal's keys.
    pub fn keys(&mut self) -> String {
        self.add(Source::Keys, BindType::Texts)
    }

    /// Those of the principal's keys that lines of some grounds can have.
    pub fn keys_for(&mut self, grounds: impl IntoIterator<Item = Ground>) -> String {
        self.add(Source::KeysOf(Ground::keys_of(grounds).into()), BindType::Texts)
    }

    /// Those of the principal's keys that children's lines can have.
    pub fn keys_for_children(&mut self) -> String {
        self.add(Source::KeysOf(Ground::keys_of_children().into()), BindType::Texts)
    }

    /// The present.
    pub fn now(&mut self) -> String {
        self.add(Source::Now, BindType::Text)
    }

    /// The present day (UTC).
    pub fn today(&mut self) -> String {
        self.days_ahead(0)
    }

    /// A day so many days after it.
    pub fn days_ahead(&mut self, days: i64) -> String {
        self.add(Source::DaysAhead(days), BindType::Text)
    }

    /// Finished.
    pub fn into_vec(self) -> Vec<Bind> {
        self.binds
    }
}
