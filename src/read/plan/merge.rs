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

/// Where a list begins.
struct Start {
    /// The column of lines in whose order they stand.
    column: &'static str,
    direction: Direction,
    /// Whether the lines are those of duty.
    of_duty: bool,
}

/// What lines of a merge are compared with: the position that a cursor names.
#[derive(Clone, Copy)]
enum Bound {
    After,
    Before,
    Until,
}

impl Planner<'_> {
    /// The first rows of a page as `(at, row_id, tiers)`: one more than it has if it is numbered. None where the list does
    /// not begin with keys, or has another order than its lines. The tiers are what the lines open that were looked at: of a
    /// board, less than there may be.
    pub(super) fn first_of_page(
        &mut self,
        rows: &Rows<'_>,
        page: &Page<'_>,
        order: &Order,
        packs: bool,
    ) -> Result<Option<String>> {
        let after = page.from.map(|cursor| (Bound::After, cursor));
        let bounds: Vec<_> = after.into_iter().chain(page.to.map(|cursor| (Bound::Before, cursor))).collect();
        let limit = format!("{} + {}", page.size, u8::from(page.numbered));
        self.merged(rows, order, &bounds, (&limit, packs))
    }

    /// Whether there are rows of the list at or before the position that a cursor names, as a condition.
    pub(super) fn any_until(
        &mut self,
        rows: &Rows<'_>,
        order: &Order,
        cursor: (&Arg, &'static str),
    ) -> Result<Option<String>> {
        let merged = self.merged(rows, order, &[(Bound::Until, cursor)], ("1", false))?;
        let alias = self.alias();
        Ok(merged.map(|merged| format!("exists (select 1 from {merged} {alias})")))
    }

    /// `bounds` are conditions on the columns of [`KEYS`]; `packs`: `tiers` are told under every marking.
    fn merged(
        &mut self,
        rows: &Rows<'_>,
        order: &Order,
        bounds: &[(Bound, (&Arg, &'static str))],
        (limit, packs): (&str, bool),
    ) -> Result<Option<String>> {
        let Some(start) = self.start(rows, order) else { return Ok(None) };
        let (line, first) = (self.alias(), self.alias());
        let mut opening = |v: &str| {
            if start.of_duty {
                Some(self.gate.owing(rows.kind, v, &mut self.binds))
            } else {
                self.gate.opening(rows.kind, v, packs, &mut self.binds)
            }
        };
        let (Some(opens), Some(opens_first)) = (opening(&line), opening(&first)) else { return Ok(None) };

        let mut conditions = vec![opens_first.lines.clone()];
        if let (Some(under), Some(_)) = (rows.hung.under, definition(rows.kind).listed.and_then(|listed| listed.under))
        {
            conditions.push(format!("{first}.under = {under}"));
        }
        conditions.extend(rows.hung.opened.map(ToOwned::to_owned));
        let keys = [start.column, "row_id"].map(|column| format!("{first}.{column}"));
        for (bound, cursor) in bounds {
            conditions.push(self.bounded(&start, order, &keys, *bound, *cursor));
        }
        let table = if let Some(filter) = rows.filter {
            let row = self.alias();
            conditions.push(self.filter(rows.kind, &row, filter)?);
            format!("visibility {first} join {} {row} on {row}.id = {first}.row_id", definition(rows.kind).table)
        } else {
            format!("visibility {first}")
        };
        let merge = Merge {
            line: &line,
            opens: &opens,
            first: &first,
            opens_first: &opens_first,
            from: &table,
            conditions: &all(&conditions),
            column: start.column,
            row: definition(rows.kind)
                .listed
                .and_then(|listed| listed.due)
                .filter(|_| start.of_duty)
                .map(|due| (definition(rows.kind).table, due)),
            way: if start.direction == Direction::Desc { " desc" } else { "" },
            limit,
        };
        Ok(Some(self.dialect.merged(&merge)))
    }

    fn bounded(
        &mut self,
        start: &Start,
        order: &Order,
        keys: &[String],
        bound: Bound,
        (cursor, argument): (&Arg, &'static str),
    ) -> String {
        match bound {
            _ if start.of_duty => {
                let way = (!matches!(bound, Bound::After), if matches!(bound, Bound::Until) { "=" } else { "" });
                self.beside(order, keys, way, (cursor, argument))
            }
            Bound::After => self.after(order, keys, cursor, argument),
            Bound::Before => self.before(order, keys, "", cursor, argument),
            Bound::Until => self.before(order, keys, "=", cursor, argument),
        }
    }

    /// Where the list begins with lines that stand in its order.
    fn start(&self, rows: &Rows<'_>, order: &Order) -> Option<Start> {
        let ty = definition(rows.kind);
        if rows.hung.is_board {
            let direction = order.by_column(rows.kind, ty.listed?.due?)?;
            return Some(Start { column: "owed", direction, of_duty: true });
        }
        self.begins_with_keys(rows)?;
        let [(name, _)] = ty.default_order else { return None };
        Some(Start { column: "at", direction: order.alone(name)?, of_duty: false })
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
    /// The column of lines that is the row's `at`.
    pub(in crate::read) column: &'m str,
    /// The table of the rows and the same column there, where the lines' tiers are not asked.
    pub(in crate::read) row: Option<(&'m str, &'m str)>,
    /// What follows a column in the order, by `at` and `row_id`.
    pub(in crate::read) way: &'m str,
    /// How many rows.
    pub(in crate::read) limit: &'m str,
}
