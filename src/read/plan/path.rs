//! Values on other rows, reached through edges.

use super::{Planner, Tiers, all};
use crate::{
    access::Kind,
    model::{definition, kit::Shape},
    read::dialect::quoted,
};

impl Planner<'_> {
    /// The value at the end of a path of fields from the row under an alias: a field's value, or the public id of the
    /// row that the last edge leads to. Each row on the way decides by its own tiers; what is hidden is absent.
    pub(super) fn along(&mut self, kind: Kind, alias: &str, path: &[&str], tiers: Tiers<'_>) -> String {
        let ty = definition(kind);
        let found = path.split_first().and_then(|(name, rest)| Some((ty.field(name)?, rest)));
        let Some((field, rest)) = found else { return "null".to_owned() };
        let Some(tier) = ty.tier(field) else { return "null".to_owned() };
        let value = match field.shape {
            Shape::Column { column, .. } => format!("{alias}.{column}"),
            Shape::Reference { to, column } => {
                format!("({} || {alias}.{column})", quoted(&format!("{}_", definition(to).prefix)))
            }
            Shape::ClockState { next, rest } => self.clock_state(alias, (next, rest)),
            Shape::Edge { to, column } => {
                let far = self.alias();
                let there = if rest.is_empty() {
                    format!("{} || {far}.id", quoted(&format!("{}_", definition(to).prefix)))
                } else {
                    self.along(to, &far, rest, Tiers::Of(&far))
                };
                let mut conditions = vec![format!("{far}.id = {alias}.{column}")];
                conditions.extend(self.visible(to, &far));
                format!("(select {there} from {} {far}{})", definition(to).table, all(&conditions))
            }
            _ => "null".to_owned(),
        };
        self.gated(kind, tier, &value, tiers)
    }
}
