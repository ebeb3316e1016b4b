//! Who serves somewhere today, by the tours that are visible.

use super::Planner;
use crate::{
    model::{definition, kit::Serving},
    read::dialect::quoted,
};

impl Planner<'_> {
    /// The name of who serves, or a JSON list of the names.
    pub(super) fn serving(&mut self, alias: &str, who: Serving) -> String {
        let tour = self.alias();
        let today = self.binds.today();
        let capacities: Vec<String> = who.capacities.iter().map(|capacity| quoted(capacity)).collect();
        let mut conditions = vec![
            format!("{tour}.{} = {alias}.id", who.by),
            format!("{tour}.capacity in ({})", capacities.join(", ")),
            format!("{tour}.starts_on <= {today}"),
            format!("({tour}.ends_on is null or {tour}.ends_on >= {today})"),
        ];
        conditions.extend(self.visible(who.tours, &tour));
        let found = format!("from {} {tour}{}", definition(who.tours).table, super::all(&conditions));
        if who.everyone {
            let name = format!("{tour}.name");
            let list = self.dialect.list(&name, &format!("{name}, {tour}.id"), "1 = 1");
            return format!("(select {list} {found})");
        }
        // There is one at a time: the latest, should rows say otherwise.
        format!("(select {tour}.name {found} order by {tour}.starts_on desc, {tour}.id desc limit 1)")
    }
}
