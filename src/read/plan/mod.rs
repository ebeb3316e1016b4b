//! Selection → plan: the statement that answers an operation, and the recipes of its parameters.
//!
//! Rules that hold for every statement written here:
//!
//! - every table in a FROM is named through `Planner::visible` (or is a link table between two rows that are, or is read
//!   for one value by `Shape::Lookup` or `Shape::Gather`, which stands behind the near field's tier);
//! - every column beyond the directory stands behind `Planner::gated`, in an answer, a filter and an order alike;
//! - values of a request are parameters; constants are GraphQL names, codes and bits of `access`.

mod clock;
mod columns;
mod connection;
mod filter;
mod merge;
mod near;
mod object;
mod order;
mod path;
mod payload;
mod readiness;
mod root;
mod rota;
mod rows;
mod search;
mod serving;
mod stats;
mod stream;
mod timeline;

use std::{collections::BTreeSet, sync::Arc};

use async_graphql_parser::types::{ExecutableDocument, OperationDefinition};

pub(super) use merge::Merge;
pub use stream::{Hanging, StreamPlan, Told, Watched};

use super::{
    coerce::{Coercion, Declared, Variables},
    collect::{Collector, Picked},
    cost::Cost,
    cursor::CursorSpec,
    dialect::Dialect,
    gate::{Depth, Gate, Scope},
    marks::Disclosed,
    sql::{Bind, Binds, Source},
    value::{Arg, Value},
};
use crate::{
    access::{self, Kind, Tier},
    error::{Error, Result},
    model::{
        definition,
        mutation::Mutation,
        view::{InputField, View},
    },
};

/// The tiers of which every disclosure is in the audit trail: P, S and I.
const AUDITED: access::Tiers = access::Tiers::from_bits(Tier::P.bit() | Tier::S.bit() | Tier::I.bit());

/// A statement that answers an operation.
#[derive(Debug)]
pub struct Plan {
    /// The text; none when nothing is read. Its first column is the version of standing, then one per
    /// [`Slot::Column`].
    pub sql: Option<Arc<str>>,
    /// The recipes of its parameters.
    pub binds: Vec<Bind>,
    /// What the answer is put together from, in the order asked.
    pub slots: Vec<(String, Slot)>,
    /// The orders of the cursors it gives out, by the number in their marks.
    pub cursors: Vec<Arc<CursorSpec>>,
    /// Whether its answer marks rows that it discloses at P, S or I.
    pub discloses: bool,
    /// What it tells of P, S and I without naming rows: statistics of a type, under the name `concern_*`.
    pub counted: Disclosed,
    /// How many rows the answer may hold.
    pub cost: Cost,
}

impl Plan {
    /// Whether its statement tells who asks of themselves.
    pub fn tells_viewer(&self) -> bool {
        self.binds.iter().any(|bind| matches!(bind.source, Source::Viewer(_)))
    }

    /// The variables whose values its statement takes.
    pub fn variables(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for bind in &self.binds {
            bind.source.variables(&mut names);
        }
        names
    }

    /// What it takes of memory beside its key, about. The constants of the document in its recipes are no longer
    /// than the document's text.
    pub fn bytes(&self) -> usize {
        self.sql.as_ref().map_or(0, |sql| sql.len())
            + self.binds.len() * size_of::<Bind>()
            + self.slots.len() * size_of::<(String, Slot)>()
            + self.cost.bytes()
            + size_of::<Self>()
    }
}

/// Where the value of a root field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The next column of the statement: JSON, or nothing for null.
    Column,
    /// A constant: JSON.
    Text(String),
    /// Introspection: answered from the schema.
    Introspection,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The document, within the bounds of `graph`.
    pub document: &'a ExecutableDocument,
    /// Which of its operations.
    pub operation: &'a OperationDefinition,
    /// The coerced variables.
    pub variables: &'a Variables,
    /// The variables that the operation declares.
    pub declared: &'a Declared,
    /// Items of a list in an argument, at most.
    pub longest: usize,
}

/// Plans one operation for one scope.
#[derive(Debug)]
pub struct Planner<'a> {
    view: &'a View,
    dialect: Dialect,
    gate: Gate,
    collector: Collector<'a>,
    binds: Binds,
    cursors: Vec<Arc<CursorSpec>>,
    discloses: bool,
    counted: Disclosed,
    /// Of what is being written: of the answer, or of a row of a list.
    cost: Cost,
    /// What statistics that are being written are made of, beyond the directory and contact.
    counting: Option<access::Tiers>,
    aliases: usize,
    longest: usize,
    conditions: usize,
    /// Lists in each other, in the filter that is being written.
    lists: usize,
}

impl<'a> Planner<'a> {
    /// Plans an operation with the variables of this request; the plan serves every request of the same shape.
    pub fn plan(view: &'a View, scope: Scope, dialect: impl Into<Dialect>, question: Question<'a>) -> Result<Plan> {
        let mut planner = Self::new(view, scope, dialect.into(), question);
        let picked = planner.collector.collect(&[&question.operation.selection_set.node], &["Query"])?;
        let mut columns = Vec::new();
        let mut slots = Vec::with_capacity(picked.len());
        for field in &picked {
            let (line, column) = field.position();
            let slot = planner.root(field, &mut columns).map_err(|error| located(error, line, column))?;
            slots.push((field.key.to_owned(), slot));
        }
        Ok(planner.finish(&columns, slots))
    }

    /// Plans the payload of one field of `Mutation`: the rows in it are those that the command made or changed.
    pub fn payload(
        view: &'a View,
        scope: Scope,
        dialect: Dialect,
        question: Question<'a>,
        (mutation, field): (&'static Mutation, &Picked<'a>),
    ) -> Result<Plan> {
        let mut planner = Self::new(view, scope, dialect, question);
        let (line, column) = field.position();
        let payload = planner.changed(mutation, field).map_err(|error| located(error, line, column))?;
        let payload = dialect.text(&payload);
        Ok(planner.finish(&[payload], vec![(field.key.to_owned(), Slot::Column)]))
    }

    fn new(view: &'a View, scope: Scope, dialect: Dialect, question: Question<'a>) -> Self {
        let Question { document, variables, declared, longest, .. } = question;
        Self {
            view,
            dialect,
            gate: Gate::new(scope, dialect),
            collector: Collector { document, variables, declared },
            binds: Binds::new(dialect.engine()),
            cursors: Vec::new(),
            discloses: false,
            counted: Disclosed::new(),
            cost: Cost::default(),
            counting: None,
            aliases: 0,
            longest,
            conditions: 0,
            lists: 0,
        }
    }

    fn finish(self, columns: &[String], slots: Vec<(String, Slot)>) -> Plan {
        let sql = (!columns.is_empty())
            .then(|| format!("select (select version from standing), {}", columns.join(", ")).into());
        let Self { binds, cursors, discloses, counted, cost, .. } = self;
        Plan { sql, binds: binds.into_vec(), slots, cursors, discloses, counted, cost }
    }

    /// What is written from here on is in each row of a list; returns the cost of what is around it.
    fn enter_list(&mut self) -> Cost {
        std::mem::take(&mut self.cost)
    }

    /// The list ends, which is as long as a parameter says; it is none where there is no parameter.
    fn leave_list(&mut self, around: Cost, longest: Option<Bind>) {
        let each = std::mem::replace(&mut self.cost, around);
        if let Some(longest) = longest {
            self.cost.list(longest, each);
        }
    }

    /// Notes for the trail that the answer tells of rows by their dates, or by how many there are, without their objects: of types
    /// whose rows are not seen without P, S or I.
    fn tells_of(&mut self, kinds: impl IntoIterator<Item = Kind>) {
        for kind in kinds {
            let shown = AUDITED & access::Tiers::of(kind.shown_by());
            if !shown.is_empty() {
                *self.counted.entry(format!("{}_*", definition(kind).prefix)).or_default() |= shown;
            }
        }
    }

    /// A fresh alias.
    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    /// What makes the row under an alias visible, as a conjunct; nothing when every row of the type is.
    fn visible(&mut self, kind: Kind, alias: &str) -> Option<String> {
        self.gate.visible(kind, alias, &mut self.binds)
    }

    /// An expression behind its tier: itself when the tier is open, null when it is closed, else itself where the
    /// row's tiers have the bit. `tiers` is an expression or a column with the row's tiers.
    fn gated(&mut self, kind: Kind, tier: Tier, expression: &str, tiers: Tiers<'_>) -> String {
        let depth = self.gate.depth(kind, tier);
        if let Some(counting) = self.counting.as_mut().filter(|_| depth != Depth::Closed) {
            *counting |= AUDITED & access::Tiers::of(tier);
        }
        match depth {
            Depth::Open => expression.to_owned(),
            Depth::Closed => "null".to_owned(),
            Depth::Bit(bit) => {
                let tiers = match tiers {
                    Tiers::Column(column, used) => {
                        *used = true;
                        column.to_owned()
                    }
                    Tiers::Of(alias) => self.gate.tiers(kind, alias, &mut self.binds),
                };
                format!("case when ({tiers} & {bit}) <> 0 then {expression} end")
            }
        }
    }

    /// A condition that the row's tiers open the tier; nothing when it is open anyway.
    fn opened(&mut self, kind: Kind, tier: Tier, tiers: Tiers<'_>) -> Option<String> {
        match self.gate.depth(kind, tier) {
            Depth::Open => None,
            Depth::Closed => Some("1 = 0".to_owned()),
            Depth::Bit(bit) => {
                let tiers = match tiers {
                    Tiers::Column(column, used) => {
                        *used = true;
                        column.to_owned()
                    }
                    Tiers::Of(alias) => self.gate.tiers(kind, alias, &mut self.binds),
                };
                Some(format!("({tiers} & {bit}) <> 0"))
            }
        }
    }

    /// The coerced arguments of a field.
    fn arguments(&self, field: &Picked<'_>, types: &[InputField]) -> Result<Arguments> {
        let coercion = Coercion { view: self.view, declared: self.collector.declared, longest: self.longest };
        Ok(Arguments(coercion.arguments(types, &field.arguments(), self.collector.variables, field.name)?))
    }

    /// Collects below a field, for a type that fulfils the conditions.
    fn below(&self, field: &Picked<'a>, conditions: &[&str]) -> Result<Vec<Picked<'a>>> {
        self.collector.collect(&field.selections(), conditions)
    }
}

/// Where a row's tiers stand.
enum Tiers<'t> {
    /// In a column; noted when it is used, so that the source provides it only then.
    Column(&'t str, &'t mut bool),
    /// Nowhere yet: computed in place for the row under the alias.
    Of(&'t str),
}

/// The arguments of a field that were given.
#[derive(Debug)]
struct Arguments(std::collections::BTreeMap<String, Arg>);

impl Arguments {
    /// An argument that was given and is not null.
    fn get(&self, name: &str) -> Option<&Arg> {
        self.0.get(name).filter(|arg| !arg.is_null())
    }

    /// The same, less one.
    fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// The same, ordered so unless an order was asked for.
    fn or_order(mut self, order: &str) -> Self {
        if self.get("orderBy").is_none_or(|asked| asked.items().is_empty()) {
            let order = Value::List(vec![Value::Enum(order.to_owned())]);
            self.0.insert("orderBy".to_owned(), Arg::Fixed(order));
        }
        self
    }
}

/// The conditions of a WHERE: all of them, or none needed.
fn all(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" where {}", conditions.join(" and ")) }
}

fn located(mut error: Error, line: usize, column: usize) -> Error {
    if error.locations.is_empty() {
        error.locations.push((line, column));
    }
    error
}
