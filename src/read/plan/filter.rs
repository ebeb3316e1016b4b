//! Filters, over what may be read: a value behind a closed tier is null in every comparison.

use super::{
    Planner, Tiers,
    object::{lists_under, reached},
};
use crate::{
    access::{Kind, Tier},
    error::{Code, Error, Result},
    model::{
        definition,
        kit::{Field, Scalar, Shape, Via},
    },
    read::{gate::unindexed, sql::BindType, value::Arg},
};

/// Conditions of all filters of an operation as the statement repeats them, at most: a bound on the statement's
/// length and on its parameters.
const MOST_CONDITIONS: usize = 500;
/// Lists in each other in a filter, at most: each multiplies the rows that are looked at.
const MOST_LISTS: usize = 3;

impl Planner<'_> {
    /// The condition of a filter on the row under an alias: a truth value that may be unknown, as in SQL.
    pub(super) fn filter(&mut self, kind: Kind, alias: &str, filter: &Arg) -> Result<String> {
        let mut conditions = Vec::new();
        for (name, arg) in filter.fields() {
            self.count_condition()?;
            if arg.is_null() {
                return Err(Error::input(format!(
                    "filter.{name}: expected a condition, not null; leave it out, or ask isNull"
                )));
            }
            conditions.push(match name.as_str() {
                "and" => self.junction(kind, alias, &arg, " and ", "1 = 1")?,
                "or" => self.junction(kind, alias, &arg, " or ", "1 = 0")?,
                "not" => format!("not ({})", self.filter(kind, alias, &arg)?),
                "id" => {
                    let value = format!("{alias}.id");
                    self.comparisons("id", &value, BindType::Id(kind), BindType::Ids(kind), &arg)?
                }
                _ => self.field_filter(kind, alias, &name, &arg)?,
            });
        }
        Ok(if conditions.is_empty() { "1 = 1".to_owned() } else { format!("({})", conditions.join(" and ")) })
    }

    pub(super) fn count_condition(&mut self) -> Result<()> {
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            let message =
                format!("filter: at most {MOST_CONDITIONS} conditions in a statement; ask `in` for many values");
            return Err(Error::new(Code::QueryTooComplex, message));
        }
        Ok(())
    }

    fn junction(&mut self, kind: Kind, alias: &str, arg: &Arg, by: &str, empty: &str) -> Result<String> {
        let mut parts = Vec::new();
        for item in arg.items() {
            self.count_condition()?;
            parts.push(self.filter(kind, alias, &item)?);
        }
        Ok(if parts.is_empty() { empty.to_owned() } else { balanced(&parts, by) })
    }

    fn field_filter(&mut self, kind: Kind, alias: &str, name: &str, arg: &Arg) -> Result<String> {
        let known = self
            .view
            .ty(kind)
            .and_then(|ty| ty.fields.iter().copied().find(|field| field.name == name && field.filter));
        let tier = known.and_then(|field| definition(kind).tier(field));
        let (Some(field), Some(tier)) = (known, tier) else {
            return Err(Error::input(format!("filter: {} cannot be filtered by \"{name}\"", kind.name())));
        };
        match field.shape {
            Shape::Edge { to, column } => {
                // The far row's own visibility decides; where it is hidden the answer is unknown, not false.
                let far = self.alias();
                let matches = self.filter(to, &far, arg)?;
                let mut conditions = vec![format!("{far}.id = {alias}.{column}")];
                conditions.extend(self.visible(to, &far));
                let table = definition(to).table;
                let found = format!("(select ({matches}) from {table} {far}{})", super::all(&conditions));
                Ok(self.gated(kind, tier, &found, Tiers::Of(alias)))
            }
            Shape::Column { column, scalar, .. } => {
                let value = self.gated(kind, tier, &self.compared(kind, alias, column), Tiers::Of(alias));
                let (one, many) = bind_types(scalar, kind);
                self.comparisons(field_name(field), &format!("({value})"), one, many, arg)
            }
            Shape::Reference { to, column } => {
                let value = self.gated(kind, tier, &self.compared(kind, alias, column), Tiers::Of(alias));
                self.comparisons(field_name(field), &format!("({value})"), BindType::Id(to), BindType::Ids(to), arg)
            }
            Shape::ClockState { next, rest } => {
                self.clock_filter((kind, alias, tier), (next, rest), (field_name(field), arg))
            }
            Shape::Connection { to, via } => self.list_filter(kind, alias, (tier, to, via), name, arg),
            _ => Err(Error::input(format!("filter: {} cannot be filtered by \"{name}\"", kind.name()))),
        }
    }

    /// A column as a client's condition has it.
    fn compared(&self, kind: Kind, alias: &str, column: &str) -> String {
        let value = format!("{alias}.{column}");
        if self.gate.is_stated(kind) {
            unindexed(&value)
        } else if self.gate.is_by_lines(kind) {
            self.dialect.looked_at(value)
        } else {
            value
        }
    }

    /// The condition on the visible rows of a connection. It is true or false, never unknown: a row that does not
    /// match for certain does not match, and a connection that may not be read has no rows.
    fn list_filter(
        &mut self,
        kind: Kind,
        alias: &str,
        (tier, to, via): (Tier, Kind, Via),
        name: &str,
        arg: &Arg,
    ) -> Result<String> {
        self.lists += 1;
        if self.lists > MOST_LISTS {
            let message = format!("filter: at most {MOST_LISTS} lists in each other");
            return Err(Error::new(Code::QueryTooComplex, message));
        }
        let mut conditions = Vec::new();
        for (quantifier, operand) in arg.fields() {
            self.count_condition()?;
            if operand.is_null() {
                return Err(Error::input(format!("filter.{name}.{quantifier}: expected a condition, not null")));
            }
            let far = self.alias();
            let mut found = self.hanging(to, via, alias, &far);
            found.extend(self.opened(kind, tier, Tiers::Of(alias)));
            let matches = self.filter(to, &far, &operand)?;
            let (no, wanted) = match quantifier.as_str() {
                "some" => ("", matches),
                "none" => ("not ", matches),
                "every" => ("not ", format!("({matches}) is not true")),
                _ => return Err(Error::input(format!("filter.{name}: unknown quantifier \"{quantifier}\""))),
            };
            found.push(wanted);
            conditions.push(format!("{no}exists (select 1 from {} {far}{})", definition(to).table, super::all(&found)));
        }
        self.lists -= 1;
        Ok(if conditions.is_empty() { "1 = 1".to_owned() } else { format!("({})", conditions.join(" and ")) })
    }

    /// The conditions that a row there hangs on the row here, and is visible: by its lines where those say on which.
    fn hanging(&mut self, to: Kind, via: Via, here: &str, there: &str) -> Vec<String> {
        if matches!(via, Via::Column(column) if lists_under(to, column)) && self.gate.is_by_lines(to) {
            let under = format!("{here}.id");
            if let Some(ids) = self.gate.visible_ids(to, Some(&under), &mut self.binds) {
                return vec![format!("{there}.id in ({ids})")];
            }
        }
        std::iter::once(reached(via, here, there)).chain(self.visible(to, there)).collect()
    }

    /// The comparisons of one value; all that are given must hold.
    fn comparisons(&mut self, name: &str, value: &str, one: BindType, many: BindType, arg: &Arg) -> Result<String> {
        let mut conditions = Vec::new();
        for (operator, operand) in arg.fields() {
            self.count_condition()?;
            if operand.is_null() {
                return Err(Error::input(format!("filter.{name}.{operator}: expected a value, not null; ask isNull")));
            }
            let compare = |planner: &mut Self, sign: &str| {
                let operand = planner.binds.add(operand.source(), one);
                format!("{value} {sign} {operand}")
            };
            conditions.push(match operator.as_str() {
                "eq" => compare(self, "="),
                "gt" => compare(self, ">"),
                "gte" => compare(self, ">="),
                "lt" => compare(self, "<"),
                "lte" => compare(self, "<="),
                "in" => {
                    let list = self.binds.add(operand.source(), many);
                    self.dialect.among(value, &list)
                }
                "contains" => {
                    let part = self.binds.add(operand.source(), one);
                    self.dialect.contains(value, &part)
                }
                "startsWith" => {
                    let start = self.binds.add(operand.source(), one);
                    self.dialect.starts_with(value, &start)
                }
                "isNull" if operand.as_bool() == Some(true) => format!("{value} is null"),
                "isNull" => format!("{value} is not null"),
                _ => return Err(Error::input(format!("filter.{name}: unknown comparison \"{operator}\""))),
            });
        }
        Ok(if conditions.is_empty() { "1 = 1".to_owned() } else { format!("({})", conditions.join(" and ")) })
    }
}

/// Parts joined as a balanced tree: SQLite allows an expression a depth of 1,000.
fn balanced(parts: &[String], by: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            format!("({}{by}{})", balanced(left, by), balanced(right, by))
        }
    }
}

const fn field_name(field: &Field) -> &'static str {
    field.name
}

const fn bind_types(scalar: Scalar, kind: Kind) -> (BindType, BindType) {
    match scalar {
        Scalar::Int => (BindType::Int, BindType::Ints),
        Scalar::Float => (BindType::Float, BindType::Floats),
        Scalar::Boolean => (BindType::Bool, BindType::Ints),
        Scalar::Id => (BindType::Id(kind), BindType::Ids(kind)),
        _ => (BindType::Text, BindType::Texts),
    }
}
