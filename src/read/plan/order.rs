//! Orders, and positions in them.
//!
//! What cannot be read and what is not there sort last, whichever way the key runs; `id` breaks ties. A key that
//! may be absent is two values, whether it is absent and what it is, so that positions never compare nulls.

use std::sync::Arc;

use super::{Planner, Tiers};
use crate::{
    access::{
        Kind, Tier,
        emit::{ALWAYS, FOREVER},
    },
    error::{Error, Result},
    model::{
        definition,
        kit::{Direction, Field, Scalar, Shape},
    },
    read::{
        cursor::CursorSpec,
        dialect::quoted,
        sql::{BindType, Source},
        value::Arg,
    },
};

/// A key of an order, as it is compared: never null.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The fields that lead to it; none for `id`.
    path: Vec<&'static str>,
    /// What it holds.
    scalar: Scalar,
    direction: Direction,
    part: Part,
    ty: BindType,
}

impl Key {
    /// A text that is never absent: the row's id.
    const fn id(direction: Direction) -> Self {
        Self { path: Vec::new(), scalar: Scalar::Id, direction, part: Part::Value, ty: BindType::Text }
    }
}

/// Which part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Whether it is absent, 0 or 1, always smallest first.
    Absence,
    /// Its value, something that compares where it is absent.
    ValueOrNone,
    /// Its value, which is never absent.
    Value,
}

/// An order of a type.
#[derive(Clone, Debug)]
pub(super) struct Order {
    keys: Vec<Key>,
    /// What its cursors are bound to.
    pub(super) spec: Arc<CursorSpec>,
}

impl Order {
    /// From the argument, or the type's own.
    pub(super) fn of(kind: Kind, argument: Option<&Arg>, backward: bool) -> Result<Self> {
        let ty = definition(kind);
        let mut asked: Vec<(Vec<&'static str>, Direction)> = Vec::new();
        for item in argument.map(Arg::items).unwrap_or_default() {
            let name = item.as_enum().unwrap_or_default();
            let way = |suffix, direction| Some((name.strip_suffix(suffix)?, direction));
            let wanted = way("_ASC", Direction::Asc).or_else(|| way("_DESC", Direction::Desc));
            let found = wanted.and_then(|(name, direction)| {
                ty.orders().find(|(known, _)| known == name).map(|(_, path)| (path, direction))
            });
            let found =
                found.ok_or_else(|| Error::input(format!("orderBy: expected values of {}Order", kind.name())))?;
            if asked.iter().all(|(path, _)| *path != found.0) {
                asked.push(found);
            }
        }
        if asked.is_empty() {
            asked = ty.default_order.iter().map(|(name, way)| (vec![*name], *way)).collect();
        }
        let text: Vec<String> = asked.iter().map(|(path, way)| format!("{}:{way:?}", path.join("."))).collect();
        let first = asked.first().map_or(Direction::Asc, |(_, way)| *way);
        let mut keys = Vec::new();
        for (path, direction) in asked {
            let field = field_at(kind, &path).ok_or_else(|| Error::internal("an order by no field"))?;
            let scalar = field.shape.scalar().unwrap_or(Scalar::String);
            let ty = if matches!(scalar, Scalar::Enum(_)) { BindType::Int } else { BindType::Text };
            if path.len() > 1 || may_be_absent(kind, field) {
                let (path, direction, ty) = (path.clone(), Direction::Asc, BindType::Int);
                keys.push(Key { path, scalar, direction, part: Part::Absence, ty });
            }
            let part = if path.len() > 1 || may_be_absent(kind, field) { Part::ValueOrNone } else { Part::Value };
            keys.push(Key { path, scalar, direction, part, ty });
        }
        keys.push(Key::id(first));
        Ok(Self::by_keys(&format!("{}({})", kind.name(), text.join(",")), keys, backward))
    }

    /// Newest first, by a date and an id that are never null.
    pub(super) fn newest(name: &str, backward: bool) -> Self {
        let key = Key::id(Direction::Desc);
        Self::by_keys(name, vec![key.clone(), key], backward)
    }

    fn by_keys(name: &str, mut keys: Vec<Key>, backward: bool) -> Self {
        let spec = Arc::new(CursorSpec { order: name.to_owned(), parts: keys.len() });
        for key in keys.iter_mut().filter(|_| backward) {
            key.direction = key.direction.reversed();
        }
        Self { keys, spec }
    }

    /// Names of the columns that carry the keys through a page.
    pub(super) fn columns(&self) -> Vec<String> {
        (0..self.keys.len()).map(|index| format!("k{index}")).collect()
    }

    /// The direction, where it is by one field of the row that is never absent, and by `id`.
    pub(super) fn alone(&self, field: &str) -> Option<Direction> {
        match self.keys.as_slice() {
            [key, id] if key.path == [field] && key.part == Part::Value && id.path.is_empty() => {
                (key.direction == id.direction).then_some(key.direction)
            }
            _ => None,
        }
    }

    /// The direction, where it is by one field of the row that its column alone says, what is absent last, and by `id`.
    pub(super) fn by_column(&self, kind: Kind, column: &str) -> Option<Direction> {
        let [absence, key, id] = self.keys.as_slice() else { return None };
        let field = field_at(kind, &key.path).filter(|_| key.path.len() == 1)?;
        let is_said = matches!(field.shape, Shape::Column { column: of, .. } if of == column);
        (is_said
            && definition(kind).tier(field) == Some(Tier::D)
            && absence.part == Part::Absence
            && key.direction == id.direction)
            .then_some(key.direction)
    }

    /// Whether all keys run one way: so that a comparison of rows is one of positions.
    pub(super) fn runs_one_way(&self) -> bool {
        self.keys.windows(2).all(|pair| matches!(pair, [a, b] if a.direction == b.direction))
    }

    /// An ORDER BY over expressions for the keys.
    pub(super) fn by(&self, keys: &[String]) -> String {
        let terms: Vec<String> = self
            .keys
            .iter()
            .zip(keys)
            .map(|(key, expression)| match key.direction {
                Direction::Asc => expression.clone(),
                Direction::Desc => format!("{expression} desc"),
            })
            .collect();
        terms.join(", ")
    }

    /// The order in which a page leaves: one that is counted from the end is turned round again.
    pub(super) fn as_asked(&self, backward: bool) -> Self {
        let mut order = self.clone();
        for key in order.keys.iter_mut().filter(|_| backward) {
            key.direction = key.direction.reversed();
        }
        order
    }

    /// The types of a position's parts.
    fn types(&self) -> impl Iterator<Item = BindType> {
        self.keys.iter().map(|key| key.ty)
    }
}

impl Planner<'_> {
    /// The keys of an order of a type as expressions on the row under an alias. `known` is a column that holds the row's tiers,
    /// if there is one.
    pub(super) fn order_keys(&mut self, kind: Kind, order: &Order, alias: &str, known: Option<&str>) -> Vec<String> {
        let mut keys = Vec::with_capacity(order.keys.len());
        for key in &order.keys {
            if key.path.is_empty() {
                keys.push(format!("{alias}.id"));
                continue;
            }
            let mut used = false;
            let tiers = known.map_or(Tiers::Of(alias), |column| Tiers::Column(column, &mut used));
            let value = self.along(kind, alias, &key.path, tiers);
            let value = ranked(key.scalar, &value);
            keys.push(match key.part {
                Part::Absence => format!("case when ({value}) is null then 1 else 0 end"),
                Part::ValueOrNone if key.ty == BindType::Int => format!("coalesce({value}, 0)"),
                Part::ValueOrNone => format!("coalesce({value}, '')"),
                Part::Value => value,
            });
        }
        keys
    }

    /// The parts of the position that a cursor names, as parameters.
    pub(super) fn position(&mut self, order: &Order, cursor: &Arg, argument: &'static str) -> Vec<String> {
        order
            .types()
            .enumerate()
            .map(|(part, ty)| {
                let of = Box::new(cursor.source());
                self.binds.add(Source::Cursor { of, argument, spec: order.spec.clone(), part }, ty)
            })
            .collect()
    }

    /// Whether a position comes before the one a cursor names, in an order that runs one way; with `or_at` `=`, or is that one.
    pub(super) fn before(
        &mut self,
        order: &Order,
        keys: &[String],
        or_at: &str,
        cursor: &Arg,
        argument: &'static str,
    ) -> String {
        let parts = self.position(order, cursor, argument);
        let way = order.keys.first().map_or("<", |key| if key.direction == Direction::Asc { "<" } else { ">" });
        format!("({}) {way}{or_at} ({})", keys.join(", "), parts.join(", "))
    }

    /// Whether the columns of a line, none of them null, come after or `until` the position that a cursor names, in an order
    /// [by a column](Order::by_column). What is absent is after all of them, and before them where the page counts from the
    /// end: a text that is larger, or smaller, than any instant stands for it.
    pub(super) fn beside(
        &mut self,
        order: &Order,
        columns: &[String],
        (until, or_at): (bool, &str),
        (cursor, argument): (&Arg, &'static str),
    ) -> String {
        let parts = self.position(order, cursor, argument);
        let ([absent, at, id], [absence, key, _]) = (parts.as_slice(), order.keys.as_slice()) else {
            return "1 = 0".to_owned();
        };
        let asked = if absence.direction == Direction::Asc { key.direction } else { key.direction.reversed() };
        let last = quoted(if asked == Direction::Asc { FOREVER } else { ALWAYS });
        let way = if (key.direction == Direction::Asc) == until { "<" } else { ">" };
        format!("({}) {way}{or_at} (case when {absent} = 0 then {at} else {last} end, {id})", columns.join(", "))
    }

    /// Whether a position (of the keys' expressions) comes after the one a cursor names, in the order's direction.
    pub(super) fn after(&mut self, order: &Order, keys: &[String], cursor: &Arg, argument: &'static str) -> String {
        let parts = self.position(order, cursor, argument);
        let way = |key: &Key| if key.direction == Direction::Asc { ">" } else { "<" };
        if order.runs_one_way() {
            // One direction: a comparison of rows, which is a condition on an index.
            let comparison = order.keys.first().map_or(">", way);
            return format!("({}) {comparison} ({})", keys.join(", "), parts.join(", "));
        }
        let mut cases = Vec::with_capacity(keys.len());
        for (index, key) in order.keys.iter().enumerate() {
            let equal = keys.iter().zip(&parts).take(index).map(|(key, part)| format!("{key} = {part}"));
            let further = keys.iter().zip(&parts).nth(index).map(|(k, part)| format!("{k} {} {part}", way(key)));
            cases.push(format!("({})", equal.chain(further).collect::<Vec<_>>().join(" and ")));
        }
        format!("({})", cases.join(" or "))
    }
}

/// Enums sort in the order of their list.
fn ranked(scalar: Scalar, column: &str) -> String {
    let Scalar::Enum(def) = scalar else { return column.to_owned() };
    let ranks: Vec<String> =
        def.values.iter().enumerate().map(|(rank, (value, _))| format!("when {} then {rank}", quoted(value))).collect();
    format!("case {column} {} end", ranks.join(" "))
}

/// The field at the end of a path.
fn field_at(kind: Kind, path: &[&str]) -> Option<&'static Field> {
    let (name, rest) = path.split_first()?;
    let field = definition(kind).field(name)?;
    if rest.is_empty() { Some(field) } else { field_at(field.shape.target()?, rest) }
}

/// Whether a key of the row itself can be null: in the database, behind its tier, or as an enum value that is not in the list.
fn may_be_absent(kind: Kind, field: &Field) -> bool {
    let directory = definition(kind).tier(field) == Some(Tier::D);
    !matches!(field.shape, Shape::Column { nullable: false, scalar, .. } if directory && !matches!(scalar, Scalar::Enum(_)))
}

impl Planner<'_> {
    /// Whether a position is the one that a cursor names.
    pub(super) fn at(&mut self, order: &Order, keys: &[String], cursor: &Arg, argument: &'static str) -> String {
        let id = keys.last().cloned().unwrap_or_else(|| "null".to_owned());
        let part = order.keys.len().saturating_sub(1);
        let source = Source::Cursor { of: Box::new(cursor.source()), argument, spec: order.spec.clone(), part };
        format!("{id} = {}", self.binds.add(source, BindType::Text))
    }
}
