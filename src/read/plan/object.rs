//! One row as a JSON object.

use super::{AUDITED, Planner, Tiers, all, columns::Columns, rows::Hung};
use crate::{
    access::{self, Kind, Tier},
    error::{Code, Error, Result},
    model::{
        definition,
        kit::{Field, Scalar, Shape, TypeDef, Via},
        view::View,
    },
    read::{
        collect::Picked,
        dialect::quoted,
        gate::Depth,
        marks::{DISCLOSED, MEMBER},
        sql::{BindType, Source},
    },
};

/// A row of a statement: its alias, its type, and whether its tiers were needed.
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) alias: String,
    tiers: String,
    /// Set when an expression used the tiers column, which the source then provides.
    pub(super) tiers_used: bool,
    /// Set when what hangs on the row takes its tiers from the column, which then holds them under every marking.
    pub(super) packed: bool,
}

impl Row {
    pub(super) fn new(kind: Kind, alias: String) -> Self {
        let tiers = format!("{alias}.tiers");
        Self { kind, alias, tiers, tiers_used: false, packed: false }
    }

    pub(super) fn tiers(&mut self) -> Tiers<'_> {
        Tiers::Column(&self.tiers, &mut self.tiers_used)
    }

    /// The column that holds the tiers under every marking.
    fn packed_tiers(&mut self) -> String {
        self.tiers_used = true;
        self.packed = true;
        self.tiers.clone()
    }
}

impl<'a> Planner<'a> {
    /// At most one visible row that a condition (on its alias) finds, as JSON; null when there is none.
    pub(super) fn one(
        &mut self,
        kind: Kind,
        condition: impl FnOnce(&mut Self, &str) -> String,
        field: &Picked<'a>,
    ) -> Result<String> {
        let picked = self.below(field, &[kind.name(), "Node"])?;
        self.cost.row();
        self.one_of(kind, condition, &picked)
    }

    /// As [`Planner::one`], with the fields already collected, and the row already counted.
    pub(super) fn one_of(
        &mut self,
        kind: Kind,
        condition: impl FnOnce(&mut Self, &str) -> String,
        picked: &[Picked<'a>],
    ) -> Result<String> {
        let mut row = Row::new(kind, self.alias());
        let object = self.object(&mut row, picked)?;
        let table = definition(kind).table;
        let outer = &row.alias;
        if !row.tiers_used {
            let found = condition(self, outer);
            let conditions: Vec<String> = [found].into_iter().chain(self.visible(kind, outer)).collect();
            return Ok(format!("(select {object} from {table} {outer}{})", all(&conditions)));
        }
        let inner = self.alias();
        let found = condition(self, &inner);
        let tiers = self.tiers_of(kind, &inner, row.packed);
        // What is visible has D among its tiers: they are asked once. A child has its own audience, too.
        let (within, without) = if kind.parent().is_some() {
            (self.visible(kind, &inner), None)
        } else {
            let seen = format!("({outer}.tiers & {}) <> 0", Tier::D.bit());
            (None, Some(seen).filter(|_| !self.gate.always(kind).has(Tier::D)))
        };
        let conditions: Vec<String> = [found].into_iter().chain(within).collect();
        let columns = Columns::named(outer, &[&object]).select(&inner, &[format!("{tiers} as tiers")]);
        Ok(format!(
            "(select {object} from (select {columns} from {table} {inner}{} {}) {outer}{})",
            all(&conditions),
            self.dialect.fence(),
            all(&Vec::from_iter(without)),
        ))
    }

    /// The tiers of the row under an alias, under every marking if they are to be packed.
    pub(super) fn tiers_of(&mut self, kind: Kind, alias: &str, packed: bool) -> String {
        if packed {
            self.gate.packed(kind, alias, &mut self.binds)
        } else {
            self.gate.tiers(kind, alias, &mut self.binds)
        }
    }

    /// The row as a JSON object of what was picked.
    pub(super) fn object(&mut self, row: &mut Row, picked: &[Picked<'a>]) -> Result<String> {
        let ty = definition(row.kind);
        let mut fields = Vec::with_capacity(picked.len() + 1);
        fields.extend(self.disclosure(row, picked));
        for field in picked {
            let value = match field.name {
                "__typename" => self.dialect.constant(row.kind.name()),
                "id" => format!("{} || {}.id", quoted(&format!("{}_", ty.prefix)), row.alias),
                name => {
                    let (line, column) = field.position();
                    let known = self.view.ty(row.kind).and_then(|ty| ty.fields.iter().find(|have| have.name == name));
                    let known = known.copied().ok_or_else(|| unknown(ty, name))?;
                    self.field(row, ty, known, field).map_err(|error| super::located(error, line, column))?
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        Ok(self.dialect.object(&fields))
    }

    /// The member by which an object says how deep it goes, if it has fields of P, S or I: which of those tiers are open
    /// in the row. Whether a value is null makes no difference: that there is none is told too. It asks nothing of the
    /// row that a field does not ask.
    fn disclosure(&mut self, row: &mut Row, picked: &[Picked<'a>]) -> Option<(String, String)> {
        let ty = definition(row.kind);
        let (mut open, mut asked) = (access::Tiers::NONE, access::Tiers::NONE);
        for tier in picked.iter().filter_map(|field| ty.tier(ty.field(field.name)?)) {
            match self.gate.depth(row.kind, tier) {
                Depth::Open => open |= AUDITED & access::Tiers::of(tier),
                Depth::Bit(_) => asked |= AUDITED & access::Tiers::of(tier),
                Depth::Closed => {}
            }
        }
        if open.is_empty() && asked.is_empty() {
            return None;
        }
        self.discloses = true;
        let nonce = self.binds.add(Source::Nonce, BindType::Text);
        let bits = if asked.is_empty() {
            quoted(&open.bits().to_string())
        } else {
            row.tiers_used = true;
            format!("(({} & {}) | {})", row.tiers, asked.bits(), open.bits())
        };
        let begin = quoted(&format!("{DISCLOSED}{}_", ty.prefix));
        let mark = format!("{nonce} || {begin} || {}.id || '/' || {bits} || {nonce}", row.alias);
        Some((MEMBER.to_owned(), mark))
    }

    fn field(
        &mut self,
        row: &mut Row,
        ty: &'static TypeDef,
        field: &'static Field,
        picked: &Picked<'a>,
    ) -> Result<String> {
        let tier = ty.tier(field).ok_or_else(|| unknown(ty, field.name))?;
        let kind = row.kind;
        let alias = row.alias.clone();
        Ok(match field.shape {
            Shape::Column { column, scalar, .. } => {
                let value = self.gated(kind, tier, &format!("{alias}.{column}"), row.tiers());
                if matches!(scalar, Scalar::Boolean) { self.dialect.boolean(&value) } else { value }
            }
            Shape::Texts { column } => {
                let value = self.gated(kind, tier, &format!("{alias}.{column}"), row.tiers());
                self.dialect.parse(&value)
            }
            Shape::Lookup { key, table, column, .. } => {
                let there = self.alias();
                let found = self.dialect.looked_up(table, column, &format!("{alias}.{key}"), &there);
                self.gated(kind, tier, &found, row.tiers())
            }
            Shape::Gather { table, key, column, only } => {
                let there = self.alias();
                let value = format!("{there}.{column}");
                let list = self.dialect.list(&value, &value, "1 = 1");
                let rows = self.dialect.gathered((table, key, column), only, &format!("{alias}.id"), &there);
                let found = self.gated(kind, tier, &format!("(select {list} from {rows})"), row.tiers());
                self.dialect.json(&found)
            }
            Shape::Version { column, deeper, children, by } => {
                let child = self.alias();
                let count =
                    self.gate.version(kind, (column, deeper), (children, by), (&alias, &child), &mut self.binds);
                self.gated(kind, tier, &count, row.tiers())
            }
            Shape::ClockState { next, rest } => {
                let state = self.clock_state(&alias, (next, rest));
                self.gated(kind, tier, &state, row.tiers())
            }
            Shape::Clock { column } => {
                let clock = self.clock(&alias, column, picked)?;
                let clock = self.gated(kind, tier, &clock, row.tiers());
                self.dialect.json(&clock)
            }
            Shape::Rota { shifts, by, finds } => {
                let found = self.rota(&alias, (shifts, by), finds, picked)?;
                let found = self.gated(kind, tier, &found, row.tiers());
                self.dialect.json(&found)
            }
            Shape::Serving(who) => {
                let found = self.serving(&alias, who);
                let found = self.gated(kind, tier, &found, row.tiers());
                if who.everyone { self.dialect.json(&found) } else { found }
            }
            Shape::Readiness(of) => {
                let found = self.readiness(&alias, of, picked)?;
                let found = self.gated(kind, tier, &found, row.tiers());
                self.dialect.json(&found)
            }
            Shape::Reference { to, column } => {
                let id = format!("{} || {alias}.{column}", quoted(&format!("{}_", definition(to).prefix)));
                self.gated(kind, tier, &format!("({id})"), row.tiers())
            }
            Shape::Edge { to, column } => {
                let found = self.one(to, |_, there| format!("{there}.id = {alias}.{column}"), picked)?;
                let found = self.gated(kind, tier, &found, row.tiers());
                self.dialect.json(&found)
            }
            Shape::Connection { to, via } => {
                let opened = self.opened(kind, tier, row.tiers());
                let arguments = self.arguments(picked, &View::connection_arguments(to))?;
                let reached = |there: &str| reached(via, &alias, there);
                let here = format!("{alias}.id");
                let under = matches!(via, Via::Column(column) if lists_under(to, column)).then_some(here.as_str());
                let parent = (is_parent(kind, to, via) && self.gate.packs(kind)).then(|| row.packed_tiers());
                let hung = Hung {
                    reached: &reached,
                    under,
                    opened: opened.as_deref(),
                    parent: parent.as_deref(),
                    is_board: false,
                };
                let list = self.connection(to, &hung, &arguments, picked)?;
                self.dialect.json(&list)
            }
        })
    }
}

/// Whether the rows there are children of the row here, by that connection.
fn is_parent(here: Kind, there: Kind, via: Via) -> bool {
    let column = definition(there).child.map(|child| child.parent_column);
    there.parent() == Some(here) && matches!(via, Via::Column(by) if Some(by) == column)
}

/// Whether lines of a type carry the column by which a list hangs on a row.
pub(super) fn lists_under(kind: Kind, column: &str) -> bool {
    definition(kind).listed.and_then(|listed| listed.under) == Some(column)
}

/// The condition that a row there hangs on the row here.
pub(super) fn reached(via: Via, here: &str, there: &str) -> String {
    match via {
        Via::Column(column) => format!("{there}.{column} = {here}.id"),
        Via::Link { table, here: near, there: far } => {
            format!("{there}.id in (select l.{far} from {table} l where l.{near} = {here}.id)")
        }
    }
}

fn unknown(ty: &TypeDef, name: &str) -> Error {
    Error::new(Code::GraphqlValidationFailed, format!("type {} has no field \"{name}\"", ty.kind.name()))
}
