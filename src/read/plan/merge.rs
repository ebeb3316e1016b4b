//! Pages that begin with the principal's keys: of each key's lines the first few in the list's order, merged. What it
//! costs follows from the number of keys and the size of the page; neither what is hidden nor what else is visible
//! counts, but for rows that a filter leaves out.

use super::{Planner, all, connection::Page, order::Order, rows::Rows};
use crate::{
    error::Result,
    model::{
        definition,
        kit::{Direction, Listed},
    },
    read::{gate::Opening, value::Arg},
};

/// What a row of a merged page is known by: columns of the merge.
pub(super) const KEYS: [&str; 2] = ["at", "row_id"];

impl Planner<'_> {
    /// The first rows of a page as `(at, row_id, tiers)`: one more than it has if it is numbered. None where the list does
    /// not begin with keys, or has another order than its lines.
    pub(super) fn first_of_page(
        &mut self,
        rows: &Rows<'_>,
        page: &Page<'_>,
        order: &Order,
        packs: bool,
    ) -> Result<Option<String>> {
        let mut between = |planner: &mut Self, keys: &[String]| {
            let after = page.from.map(|(cursor, argument)| planner.after(order, keys, cursor, argument));
            let before = page.to.map(|(cursor, argument)| planner.before(order, keys, "", cursor, argument));
            after.into_iter().chain(before).collect()
        };
        let limit = format!("{} + {}", page.size, u8::from(page.numbered));
        self.merged(rows, order, &mut between, (&limit, packs))
    }

    /// Whether there are rows of the list at or before the position that a cursor names, as a condition.
    pub(super) fn any_until(
        &mut self,
        rows: &Rows<'_>,
        order: &Order,
        (cursor, argument): (&Arg, &'static str),
    ) -> Result<Option<String>> {
        let mut until = |planner: &mut Self, keys: &[String]| vec![planner.before(order, keys, "=", cursor, argument)];
        let merged = self.merged(rows, order, &mut until, ("1", false))?;
        let alias = self.alias();
        Ok(merged.map(|merged| format!("exists (select 1 from {merged} {alias})")))
    }

    /// `bounds` are conditions on the columns of [`KEYS`]; `packs`: `tiers` are told under every marking.
    fn merged(
        &mut self,
        rows: &Rows<'_>,
        order: &Order,
        bounds: &mut dyn FnMut(&mut Self, &[String]) -> Vec<String>,
        (limit, packs): (&str, bool),
    ) -> Result<Option<String>> {
        let Some(listed) = self.begins_with_keys(rows) else { return Ok(None) };
        let by_lines = definition(rows.kind)
            .default_order
            .first()
            .and_then(|(name, _)| order.alone(name))
            .filter(|_| definition(rows.kind).default_order.len() == 1);
        let Some(direction) = by_lines else { return Ok(None) };
        let (line, first) = (self.alias(), self.alias());
        let (Some(opens), Some(opens_first)) = (
            self.gate.opening(rows.kind, &line, packs, &mut self.binds),
            self.gate.opening(rows.kind, &first, packs, &mut self.binds),
        ) else {
            return Ok(None);
        };

        let mut conditions = vec![opens_first.lines.clone()];
        if let (Some(under), Some(_)) = (rows.hung.under, listed.under) {
            conditions.push(format!("{first}.under = {under}"));
        }
        conditions.extend(rows.hung.opened.map(ToOwned::to_owned));
        let keys = KEYS.map(|column| format!("{first}.{column}"));
        conditions.extend(bounds(self, &keys));
        let table = if let Some(filter) = rows.filter {
            let row = self.alias();
            conditions.push(self.filter(rows.kind, &row, filter)?);
            format!("visibility {first} join {} {row} on {row}.id = {first}.row_id", definition(rows.kind).table)
        } else {
            format!("visibility {first}")
        };
        let by = |alias: &str| {
            let way = if direction == Direction::Desc { " desc" } else { "" };
            KEYS.map(|column| format!("{alias}.{column}{way}")).join(", ")
        };
        let merge = Merge {
            line: &line,
            opens: &opens,
            first: &first,
            opens_first: &opens_first,
            from: &table,
            conditions: &all(&conditions),
            order: &by,
            limit,
        };
        Ok(Some(self.dialect.merged(&merge)))
    }

    /// Where a list begins with the principal's keys: what its lines carry.
    pub(super) fn begins_with_keys(&self, rows: &Rows<'_>) -> Option<Listed> {
        let listed = definition(rows.kind).listed?;
        let reached = rows.hung.under.is_some() || rows.is_root();
        (reached && self.gate.is_by_lines(rows.kind)).then_some(listed)
    }
}

/// The parts of a merge, as a dialect puts them together.
pub(in crate::read) struct Merge<'m> {
    /// The alias of a line of a row that was found.
    pub(in crate::read) line: &'m str,
    /// What it opens.
    pub(in crate::read) opens: &'m Opening,
    /// The alias of a line of one key.
    pub(in crate::read) first: &'m str,
    /// What it opens.
    pub(in crate::read) opens_first: &'m Opening,
    /// What to read the lines of one key from.
    pub(in crate::read) from: &'m str,
    /// Which of them, as a WHERE.
    pub(in crate::read) conditions: &'m str,
    /// The order, on the columns `at` and `row_id` of an alias.
    pub(in crate::read) order: &'m dyn Fn(&str) -> String,
    /// How many rows.
    pub(in crate::read) limit: &'m str,
}
