//! One row that a stream follows, as a principal sees it now: how deep, what of it decides whether it is told, and
//! what was selected.

use std::{collections::BTreeSet, sync::Arc};

use super::{Plan, Planner, Question, Slot, all, located, object::Row};
use crate::{
    access::{self, Kind, Tier},
    error::{Code, Error, Result},
    model::{
        definition,
        kit::{Shape, Via},
        stream::{self, Stream, Which},
        view::View,
    },
    read::{
        Dialect, Scope,
        collect::Picked,
        sql::{BindType, Source},
        value::Arg,
    },
};

/// What a stream asks for.
#[derive(Debug)]
pub struct StreamPlan {
    /// The statement. Its first column is null where the row is not visible, else the JSON list `[tiers, directory,
    /// children, selections]`: the directory's values in the order of [`stream::directory`]; the touched children that
    /// are visible, by the order of [`Watched::children`], then the ends of edges, by that of [`Watched::edges`]; what was
    /// selected, once for each [`Told::Row`]. Its second column is a JSON list of those rows by which the filter chooses that
    /// are visible, by the order of [`Stream::edges`].
    ///
    /// It wants the row and, for each of these, a JSON list of rows as what was changed.
    pub plan: Arc<Plan>,
    /// What must have changed for the row to be told.
    pub watched: Watched,
    /// The fields of an event by their response keys, in the order asked.
    pub fields: Vec<(String, Told)>,
}

/// The statement's columns, what decides whether it is told, and the fields of the event.
type Followed = ([String; 2], Watched, Vec<(String, Told)>);

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The name of the type.
    Typename,
    /// What happened.
    Change,
    /// The row's public id.
    Id,
    /// Where to go on from.
    Cursor,
    /// The row, by its place among the selections.
    Row(usize),
}

/// What was selected of rows of a type that hang on a row.
#[derive(Debug, PartialEq, Eq)]
pub struct Hanging {
    /// The type.
    pub kind: Kind,
    /// The tier of the row that shows that there are some.
    pub tier: Tier,
    /// Columns of theirs, each with the tier that shows it; none where it is not known which: all may be.
    pub columns: Option<BTreeSet<(&'static str, Tier)>>,
}

/// What of a row was selected.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Columns, each with the tier that shows it.
    pub columns: BTreeSet<(&'static str, Tier)>,
    /// What hangs on the row.
    pub children: Vec<Hanging>,
    /// Types to which its edges lead, each with the tier that shows where.
    pub edges: Vec<(Kind, Tier)>,
    /// Whether how deep the row is seen is itself selected.
    pub depth: bool,
}

impl Watched {
    fn child(&mut self, kind: Kind, tier: Tier, columns: Option<BTreeSet<(&'static str, Tier)>>) {
        match self.children.iter_mut().find(|known| known.kind == kind && known.tier == tier) {
            Some(known) => {
                known.columns = known.columns.take().zip(columns).map(|(mut one, other)| {
                    one.extend(other);
                    one
                });
            }
            None => self.children.push(Hanging { kind, tier, columns }),
        }
    }
}

/// The columns of a field that is a value, or leads from one.
fn columns_of(shape: Shape) -> Vec<&'static str> {
    match shape {
        Shape::Column { column, .. }
        | Shape::Texts { column }
        | Shape::Clock { column }
        | Shape::Lookup { key: column, .. }
        | Shape::Reference { column, .. }
        | Shape::Edge { column, .. } => vec![column],
        Shape::ClockState { next, rest } => vec![next, rest],
        _ => Vec::new(),
    }
}

impl<'a> Planner<'a> {
    /// Plans what a field of `Subscription` tells of one row.
    pub fn stream(
        view: &'a View,
        scope: Scope,
        dialect: Dialect,
        question: Question<'a>,
        (stream, field): (&'static Stream, &Picked<'a>),
    ) -> Result<StreamPlan> {
        let mut planner = Self::new(view, scope, dialect, question);
        let (line, column) = field.position();
        let (columns, watched, fields) =
            planner.followed(stream, field).map_err(|error| located(error, line, column))?;
        let columns = columns.map(|column| dialect.text(&column));
        let plan = planner.finish(&columns, vec![(field.key.to_owned(), Slot::Column)]);
        Ok(StreamPlan { plan: Arc::new(plan), watched, fields })
    }

    fn followed(&mut self, stream: &'static Stream, field: &Picked<'a>) -> Result<Followed> {
        let (event, row_name) = (stream.event_name(), stream.row_name());
        let mut watched = Watched::default();
        let mut row = Row::new(stream.kind, self.alias());
        let (mut fields, mut selections) = (Vec::new(), Vec::new());
        for field in self.below(field, &[&event])? {
            let told = match field.name {
                "__typename" => Told::Typename,
                "change" => Told::Change,
                "id" => Told::Id,
                "cursor" => Told::Cursor,
                name if name == row_name => {
                    let picked = self.below(&field, &[stream.kind.name(), "Node"])?;
                    self.watch(&mut watched, stream.kind, &picked)?;
                    selections.push(self.object(&mut row, &picked)?);
                    Told::Row(selections.len() - 1)
                }
                name => {
                    let message = format!("type {event} has no field \"{name}\"");
                    return Err(Error::new(Code::GraphqlValidationFailed, message));
                }
            };
            fields.push((field.key.to_owned(), told));
        }
        let row = self.row_now(stream, &row, &watched, &selections);
        let first = 1 + watched.children.len() + watched.edges.len();
        let chosen: Vec<String> = stream
            .edges()
            .into_iter()
            .enumerate()
            .map(|(place, (_, kind))| self.visible_among(kind, "", first + place))
            .collect();
        let chosen = self.dialect.array(&chosen);
        Ok(([row, format!("(select {chosen})")], watched, fields))
    }

    /// Notes of which columns and rows what was picked of a row of a type is made.
    fn watch(&self, watched: &mut Watched, kind: Kind, picked: &[Picked<'a>]) -> Result<()> {
        let ty = definition(kind);
        for picked in picked {
            let Some((field, tier)) = ty.field(picked.name).and_then(|field| Some((field, ty.tier(field)?))) else {
                continue;
            };
            match field.shape {
                Shape::Version { column, deeper: (deeper, at), children, .. } => {
                    watched.columns.extend([(column, tier), (deeper, at)]);
                    watched.child(children, tier, None);
                    watched.depth = true;
                }
                // Where an edge led and leads is told where that is visible: to whoever sees neither end nothing has changed.
                Shape::Edge { to, .. } => {
                    if !watched.edges.contains(&(to, tier)) {
                        watched.edges.push((to, tier));
                    }
                }
                Shape::Rota { shifts, .. } => {
                    let columns = ["person_id", "starts_at", "ends_at"].map(|column| (column, tier));
                    watched.child(shifts, tier, Some(columns.into()));
                }
                Shape::Connection { to, via: Via::Column(_) } => self.watch_there(watched, (kind, tier), to, picked)?,
                Shape::Serving(who) => {
                    let columns = ["capacity", "name", "starts_on", "ends_on"].map(|column| (column, tier));
                    watched.child(who.tours, tier, Some(columns.into()));
                }
                Shape::Readiness(of) => {
                    watched.child(of.of, tier, Some([(of.due, tier), (of.done, tier)].into()));
                }
                // Which rows are linked, and what is gathered, is told as a column of the row's own, by the name of the table.
                Shape::Gather { table, .. } | Shape::Connection { via: Via::Link { table, .. }, .. } => {
                    watched.columns.insert((table, tier));
                }
                shape => watched.columns.extend(columns_of(shape).into_iter().map(|column| (column, tier))),
            }
        }
        Ok(())
    }

    /// Notes of which columns of the rows of a connection what was picked is made, and which of them are there, in which order:
    /// of their own values, and where their edges lead. Rows that hang on them in turn are followed where they hang on the
    /// followed row, too.
    fn watch_there(
        &self,
        watched: &mut Watched,
        (followed, tier): (Kind, Tier),
        to: Kind,
        connection: &Picked<'a>,
    ) -> Result<()> {
        let ty = definition(to);
        let name = to.name();
        let mut columns = BTreeSet::new();
        let of = |field: &str| {
            let known = ty.field(field).and_then(|field| Some((field, ty.tier(field)?)));
            known
                .into_iter()
                .flat_map(|(field, tier)| columns_of(field.shape).into_iter().map(move |column| (column, tier)))
        };
        let arguments = self.arguments(connection, &View::connection_arguments(to))?;
        let mut filters: Vec<Arg> = arguments.get("filter").cloned().into_iter().collect();
        while let Some(filter) = filters.pop() {
            for (name, operand) in filter.fields() {
                match name.as_str() {
                    "and" | "or" => filters.extend(operand.items()),
                    "not" => filters.push(operand),
                    name => columns.extend(of(name)),
                }
            }
        }
        let mut is_paged = false;
        for page in self.below(connection, &[&format!("{name}Connection")])? {
            is_paged |= matches!(page.name, "nodes" | "edges" | "pageInfo");
            let nodes = match page.name {
                "nodes" => vec![page],
                "edges" => {
                    let fields = self.below(&page, &[&format!("{name}Edge")])?;
                    fields.into_iter().filter(|field| field.name == "node").collect()
                }
                _ => Vec::new(),
            };
            for node in nodes {
                for picked in self.below(&node, &[name, "Node"])? {
                    columns.extend(of(picked.name));
                    let hangs = |inner: Kind| stream::hangs_on(inner).iter().any(|(on, _)| *on == followed);
                    match ty.field(picked.name).map(|field| field.shape) {
                        Some(Shape::Connection { to: inner, via: Via::Column(_) }) if hangs(inner) => {
                            self.watch_there(watched, (followed, tier), inner, &picked)?;
                        }
                        _ => {}
                    }
                }
            }
        }
        if is_paged {
            let asked = arguments.get("orderBy").map(Arg::items).unwrap_or_default();
            let asked = asked.iter().filter_map(Arg::as_enum).filter_map(|order| order.rsplit_once('_'));
            let mut keys: Vec<&str> = Vec::new();
            for (order, _) in asked {
                keys.extend(ty.orders().find(|(name, _)| name == order).and_then(|(_, path)| path.first().copied()));
            }
            let default = ty.default_order.iter().map(|(name, _)| *name).filter(|_| keys.is_empty());
            let default: Vec<&str> = default.collect();
            columns.extend(keys.into_iter().chain(default).flat_map(of));
        }
        watched.child(to, tier, Some(columns));
        Ok(())
    }

    /// The statement's first column, for what was selected of the row under an alias.
    fn row_now(&mut self, stream: &Stream, row: &Row, watched: &Watched, selections: &[String]) -> String {
        let (kind, outer) = (stream.kind, row.alias.as_str());
        let table = definition(kind).table;
        let inner = self.alias();
        let id = self.binds.add(Source::Changed(0), BindType::Text);
        let mut conditions = vec![format!("{inner}.id = {id}")];
        conditions.extend(self.visible(kind, &inner));
        if let Which::Board { due } = stream.which {
            let mine = self.gate.responsible_ids(kind, &mut self.binds);
            conditions.push(format!("{inner}.{due} is not null and {inner}.id in ({mine})"));
        }
        let tiers = self.tiers_of(kind, &inner, row.packed);
        let directory: Vec<String> =
            stream::directory(kind).into_iter().map(|column| format!("{outer}.{column}")).collect();
        let children: Vec<String> = watched
            .children
            .iter()
            .enumerate()
            .map(|(place, child)| {
                let by = definition(child.kind).child.map(|child| child.parent_column);
                self.visible_among(
                    child.kind,
                    &by.map_or_else(String::new, |by| format!("{by} = {outer}.id")),
                    place + 1,
                )
            })
            .collect();
        let first = 1 + children.len();
        let ends: Vec<String> = watched
            .edges
            .iter()
            .enumerate()
            .map(|(place, (kind, _))| self.visible_among(*kind, "", first + place))
            .collect();
        let children: Vec<String> = children.into_iter().chain(ends).collect();
        let row = self.dialect.array(&[
            // Under every marking if they are packed: the row's own are told.
            format!("({outer}.tiers & {})", access::Tiers::ALL.bits()),
            self.dialect.array(&directory),
            self.dialect.array(&children),
            self.dialect.array(selections),
        ]);
        format!(
            "(select {row} from (select {inner}.*, {tiers} as tiers from {table} {inner}{} {}) {outer})",
            all(&conditions),
            self.dialect.fence(),
        )
    }

    /// Those of the changed rows at a place that are visible, on a condition, as a JSON list of their ids.
    fn visible_among(&mut self, kind: Kind, condition: &str, place: usize) -> String {
        let alias = self.alias();
        let changed = self.binds.add(Source::Changed(place), BindType::Text);
        let condition = if condition.is_empty() { String::new() } else { format!("{alias}.{condition} and ") };
        let visible = self.visible(kind, &alias).map_or_else(String::new, |visible| format!(" and {visible}"));
        let list = self.dialect.list(&format!("{alias}.id"), &format!("{alias}.id"), "1 = 1");
        let changed = self.dialect.texts_of(&changed);
        let table = definition(kind).table;
        self.dialect
            .json(&format!("(select {list} from {table} {alias} where {condition}{alias}.id in ({changed}){visible})"))
    }
}
