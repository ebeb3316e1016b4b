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
    },
};

/// What a stream asks for.
#[derive(Debug)]
pub struct StreamPlan {
    /// The statement. Its one column is null where the row is not visible, else the JSON list `[tiers, directory,
    /// children, selections]`: the directory's values in the order of [`stream::directory`]; the touched children that
    /// are visible, by the order of [`Watched::children`]; what was selected, once for each [`Told::Row`].
    ///
    /// It wants the row and, for each type of children, a JSON list of rows as what was changed.
    pub plan: Arc<Plan>,
    /// What must have changed for the row to be told.
    pub watched: Watched,
    /// The fields of an event by their response keys, in the order asked.
    pub fields: Vec<(String, Told)>,
}

/// The statement's one column, what decides whether it is told, and the fields of the event.
type Followed = (String, Watched, Vec<(String, Told)>);

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

/// What of a row was selected.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Columns, each with the tier that shows it.
    pub columns: BTreeSet<(&'static str, Tier)>,
    /// Types of children, each with the tier that shows that there are some.
    pub children: Vec<(Kind, Tier)>,
    /// Whether how deep the row is seen is itself selected.
    pub depth: bool,
}

impl Watched {
    fn child(&mut self, kind: Kind, tier: Tier) {
        if !self.children.contains(&(kind, tier)) {
            self.children.push((kind, tier));
        }
    }

    /// Of a row of a type, these fields.
    fn fields(&mut self, kind: Kind, picked: &[Picked<'_>]) {
        let ty = definition(kind);
        for field in picked.iter().filter_map(|picked| ty.field(picked.name)) {
            if let Some(tier) = ty.tier(field) {
                self.field(field.shape, tier);
            }
        }
    }

    /// A field's values come from these. What an edge leads to is not followed, only where it leads.
    fn field(&mut self, shape: Shape, tier: Tier) {
        match shape {
            Shape::Column { column, .. }
            | Shape::Texts { column }
            | Shape::Clock { column }
            | Shape::Lookup { key: column, .. }
            | Shape::Reference { column, .. } => {
                self.columns.insert((column, tier));
            }
            Shape::ClockState { next, rest } => {
                self.columns.extend([(next, tier), (rest, tier)]);
            }
            Shape::Version { column, deeper: (deeper, at), children, .. } => {
                self.columns.extend([(column, tier), (deeper, at)]);
                self.child(children, tier);
                self.depth = true;
            }
            // Where an edge led and leads is told where that is visible: to whoever sees neither end nothing has changed.
            Shape::Edge { to, .. } | Shape::Rota { shifts: to, .. } | Shape::Connection { to, via: Via::Column(_) } => {
                self.child(to, tier);
            }
            Shape::Gather { .. } | Shape::Connection { via: Via::Link { .. }, .. } => {}
        }
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
        let (row, watched, fields) = planner.followed(stream, field).map_err(|error| located(error, line, column))?;
        let row = dialect.text(&row);
        let plan = planner.finish(&[row], vec![(field.key.to_owned(), Slot::Column)]);
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
                    watched.fields(stream.kind, &picked);
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
        Ok((row, watched, fields))
    }

    /// The statement's one column, for what was selected of the row under an alias.
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
            .map(|(place, (child, _))| self.visible_children(*child, outer, place + 1))
            .collect();
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

    /// Those of the touched children that are visible, as a JSON list of their rows.
    fn visible_children(&mut self, child: Kind, outer: &str, place: usize) -> String {
        let ty = definition(child);
        let alias = self.alias();
        let touched = self.binds.add(Source::Changed(place), BindType::Text);
        let hangs =
            ty.child.map_or_else(String::new, |child| format!("{alias}.{} = {outer}.id and ", child.parent_column));
        let visible = self.visible(child, &alias).map_or_else(String::new, |visible| format!(" and {visible}"));
        let list = self.dialect.list(&format!("{alias}.id"), &format!("{alias}.id"), "1 = 1");
        let touched = self.dialect.texts_of(&touched);
        self.dialect
            .json(&format!("(select {list} from {} {alias} where {hangs}{alias}.id in ({touched}){visible})", ty.table))
    }
}
