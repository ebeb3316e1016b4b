//! The fields of `Query`.

use std::fmt::Write as _;

use super::{Planner, Slot, rows::Hung};
use crate::{
    access::Kind,
    error::{Code, Error, Result},
    model::{
        arguments::{BEFORE, FROM, TO},
        parse_id,
        query::{RootShape, ViewerSource},
    },
    read::{
        collect::Picked,
        dialect::quoted,
        sql::{Bind, BindType, Source},
        value::Arg,
    },
};

impl<'a> Planner<'a> {
    /// Plans one field of `Query`; what is read becomes a column of the statement.
    pub(super) fn root(&mut self, field: &Picked<'a>, columns: &mut Vec<String>) -> Result<Slot> {
        match field.name {
            "__typename" => return Ok(Slot::Text("\"Query\"".to_owned())),
            "__schema" | "__type" => return Ok(Slot::Introspection),
            _ => {}
        }
        let root = self.view.roots.iter().find(|root| root.name == field.name).ok_or_else(|| {
            Error::new(Code::GraphqlValidationFailed, format!("type Query has no field \"{}\"", field.name))
        })?;
        let arguments = self.arguments(field, &self.view.root_arguments(root))?;
        let expression = match root.shape {
            RootShape::Viewer => self.viewer(field)?,
            RootShape::Many { kind } => {
                let found = self.found_by(kind, &arguments);
                let reached =
                    |alias: &str| found.as_ref().map_or_else(String::new, |set| format!("{alias}.id in ({set})"));
                self.connection(kind, &Hung::on_nothing(&reached), &arguments, field)?
            }
            RootShape::Board { kind, order, due } => {
                let mine = self.gate.responsible_ids(kind, &mut self.binds);
                let reached = |alias: &str| format!("{alias}.{due} is not null and {alias}.id in ({mine})");
                let board = Hung { is_board: true, ..Hung::on_nothing(&reached) };
                let arguments = arguments.or_order(order);
                self.connection(kind, &board, &arguments, field)?
            }
            RootShape::Calendar { kind, first, last } => {
                let day = |planner: &mut Self, name: &str| {
                    let day = arguments.get(name).map(|day| planner.binds.add(day.source(), BindType::Text));
                    day.ok_or_else(|| Error::input(format!("{name}: expected a day")))
                };
                let (from, to) = (day(self, FROM)?, day(self, TO)?);
                let within = |alias: &str| format!("{alias}.{last} >= {from} and {alias}.{first} <= {to}");
                self.connection(kind, &Hung::on_nothing(&within), &arguments, field)?
            }
            RootShape::Due { kind, due, done } => {
                let before = arguments.get(BEFORE).map(|day| self.binds.add(day.source(), BindType::Text));
                let before = before.ok_or_else(|| Error::input(format!("{BEFORE}: expected a day")))?;
                self.tells_of([kind]);
                let owed = |alias: &str| format!("{alias}.{due} < {before} and {alias}.{done} is null");
                self.connection(kind, &Hung::on_nothing(&owed), &arguments.without(BEFORE), field)?
            }
            RootShape::Search => self.search(&arguments, field)?,
            RootShape::Timeline => self.timeline(&arguments, field)?,
            RootShape::Near { kind } => self.near(kind, &arguments, field)?,
            RootShape::Statistics { of } => self.statistics(of, &arguments, field)?,
            RootShape::Node => match arguments.get("id") {
                Some(id) => self.node(id, field)?,
                None => None,
            }
            .unwrap_or_else(|| self.dialect.json_null().to_owned()),
            RootShape::Nodes => match arguments.get("ids") {
                Some(ids) => self.nodes(ids, field)?,
                None => self.dialect.json_null().to_owned(),
            },
            RootShape::One { kind, by } => {
                let other = by.and_then(|(argument, column)| Some((arguments.get(argument)?, column)));
                match (arguments.get("id"), other) {
                    (Some(id), None) => self.by_id(kind, id, field)?,
                    (None, Some((value, column))) => {
                        let value = self.binds.add(value.source(), BindType::Text);
                        self.one(kind, |_, alias| format!("{alias}.{column} = {value}"), field)?
                    }
                    _ => {
                        let names = by.map_or("id".to_owned(), |(argument, _)| format!("id, {argument}"));
                        return Err(Error::input(format!("{}({names}): expected exactly one of them", field.name)));
                    }
                }
            }
        };
        columns.push(self.dialect.text(&expression));
        Ok(Slot::Column)
    }

    fn by_id(&mut self, kind: Kind, id: &Arg, field: &Picked<'a>) -> Result<String> {
        let id = self.binds.add(id.source(), BindType::Id(kind));
        self.one(kind, |_, alias| format!("{alias}.id = {id}"), field)
    }

    /// The id's type is part of the plan's shape, so one plan reads one type. `None` for an id of no type here.
    fn node(&mut self, id: &Arg, field: &Picked<'a>) -> Result<Option<String>> {
        let kind = id.ids().first().and_then(|id| parse_id(id)).map(|(kind, _)| kind);
        // A selection that is wrong is wrong whatever the id names.
        for kind in self.view.types.keys() {
            self.below(field, &[kind.name(), "Node"])?;
        }
        match kind.filter(|kind| self.view.ty(*kind).is_some()) {
            Some(kind) => self.by_id(kind, id, field).map(Some),
            None => Ok(None),
        }
    }

    /// Each id at its place; null where there is nothing to see.
    fn nodes(&mut self, ids: &Arg, field: &Picked<'a>) -> Result<String> {
        let mut kinds: Vec<Kind> = ids.ids().iter().filter_map(|id| parse_id(id)).map(|(kind, _)| kind).collect();
        kinds.retain(|kind| self.view.ty(*kind).is_some());
        kinds.sort_unstable();
        kinds.dedup();
        let list = self.binds.add(ids.source(), BindType::NodeIds);
        let longest = Bind { source: ids.source(), ty: BindType::NodeIds };
        let around = self.enter_list();
        let item = self.alias();
        let (name, row) =
            (self.dialect.item_text(&format!("{item}.item"), 0), self.dialect.item_text(&format!("{item}.item"), 1));
        let mut cases = String::new();
        for kind in kinds {
            let picked = self.below(field, &[kind.name(), "Node"])?;
            let found = self.one_of(kind, |_, alias| format!("{alias}.id = {row}"), &picked)?;
            let _ = write!(cases, " when {} then {found}", quoted(kind.name()));
        }
        self.leave_list(around, Some(longest));
        let value = if cases.is_empty() {
            self.dialect.json_null().to_owned()
        } else {
            self.dialect.json(&format!("case {name}{cases} end"))
        };
        let list_of = self.dialect.list(&value, &format!("{item}.place"), "1 = 1");
        Ok(format!("(select {list_of} from {})", self.dialect.items(&list, &item)))
    }

    fn viewer(&mut self, field: &Picked<'a>) -> Result<String> {
        let mut fields = Vec::new();
        for field in self.below(field, &["Viewer"])? {
            if field.name == "__typename" {
                fields.push((field.key.to_owned(), self.dialect.constant("Viewer")));
                continue;
            }
            let known = self.view.viewer.iter().find(|have| have.name == field.name).ok_or_else(|| {
                Error::new(Code::GraphqlValidationFailed, format!("type Viewer has no field \"{}\"", field.name))
            })?;
            let value = match known.source {
                ViewerSource::Agency => {
                    let agency = self.binds.add(Source::ViewerAgency, BindType::Text);
                    let found = self.one(Kind::Agency, |_, alias| format!("{alias}.id = {agency}"), &field)?;
                    self.dialect.json(&found)
                }
                ViewerSource::Areas => {
                    let areas = self.binds.add(Source::Viewer(ViewerSource::Areas), BindType::JsonTexts);
                    self.dialect.parse(&areas)
                }
                source => {
                    let value = self.binds.add(Source::Viewer(source), BindType::Text);
                    // A bare parameter has no type in PostgreSQL's JSON functions.
                    format!("cast({value} as text)")
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        Ok(format!("(select {object})"))
    }
}
