//! Which rows a connection is over.

use super::{Planner, all, columns::Columns, connection::Page, order::Order};
use crate::{
    access::{Kind, Tier},
    error::Result,
    model::definition,
    read::{gate::Gate, value::Arg},
};

/// On what the rows of a connection hang.
pub(super) struct Hung<'r> {
    /// The condition on the row under an alias; empty where they hang on nothing.
    pub(super) reached: &'r dyn Fn(&str) -> String,
    /// The id of the row that they hang on, where their lines say on which.
    pub(super) under: Option<&'r str>,
    /// A condition on the row that they hang on.
    pub(super) opened: Option<&'r str>,
    /// The packed tiers of the row that they hang on, where it is their parent.
    pub(super) parent: Option<&'r str>,
    /// Whether they are those of a board: for which the principal is responsible and on which something is owed.
    pub(super) is_board: bool,
}

impl<'r> Hung<'r> {
    /// All that there are, or that a condition of the root finds.
    pub(super) fn on_nothing(reached: &'r dyn Fn(&str) -> String) -> Self {
        Self { reached, under: None, opened: None, parent: None, is_board: false }
    }
}

/// Which rows a connection is over.
pub(super) struct Rows<'r> {
    pub(super) kind: Kind,
    pub(super) hung: &'r Hung<'r>,
    pub(super) filter: Option<&'r Arg>,
    /// Whether a page of them walks an index in its order.
    pub(super) walked: bool,
}

impl Rows<'_> {
    /// Whether they hang on nothing: all that there are.
    pub(super) fn is_root(&self) -> bool {
        (self.hung.reached)("").is_empty()
    }
}

/// Rows of a child type, as a page is read from them.
pub(super) struct Children {
    there: String,
    tiers: String,
    from: String,
    /// The conditions on them.
    pub(super) conditions: Vec<String>,
}

impl Children {
    /// What to read from, with these columns of theirs.
    pub(super) fn handing_on(&self, columns: &Columns, alias: &str) -> String {
        let selected = columns.select(&self.there, &[format!("{} as tiers", self.tiers)]);
        format!("(select {selected} from {}) {alias}", self.from)
    }
}

/// Rows that are found by what the principal sees.
struct Driven<'r> {
    /// Of those on the list that hangs on a row: its id.
    under: Option<&'r str>,
}

/// Rows that are looked at with their tiers beside them.
pub(super) struct LookedAt {
    /// What to read from.
    pub(super) from: String,
    /// Their tiers, as an expression.
    pub(super) tiers: String,
    /// The conditions on them.
    pub(super) conditions: Vec<String>,
}

impl Planner<'_> {
    /// The rows of a child type, with their tiers computed once each: whether a child is visible, its order and its
    /// fields all ask for them. A parent's children are few.
    pub(super) fn children(&mut self, rows: &Rows<'_>, alias: &str) -> Result<Children> {
        let there = self.alias();
        let mut reached: Vec<String> = rows.hung.opened.iter().map(ToString::to_string).collect();
        reached.extend(Some((rows.hung.reached)(&there)).filter(|condition| !condition.is_empty()));
        let tiers = match rows.hung.parent {
            Some(parent) => Gate::unpacked(rows.kind, &there, parent),
            None => self.gate.tiers(rows.kind, &there, &mut self.binds),
        };
        let from = format!("{} {there}{} {}", definition(rows.kind).table, all(&reached), self.dialect.fence());
        let mut conditions = vec![self.gate.audience(alias, &format!("{alias}.tiers"), &mut self.binds)];
        if let Some(filter) = rows.filter {
            conditions.push(self.filter(rows.kind, alias, filter)?);
        }
        Ok(Children { there, tiers, from, conditions })
    }

    /// The rows with their tiers beside them, where each row is looked at anyway: for whether it is visible. What is
    /// visible has D among its tiers, so that both are asked at once. `packed` as a row's are. None where what is visible
    /// drives the list, or columns say it, or all is.
    pub(super) fn looked_at(&mut self, rows: &Rows<'_>, alias: &str, packed: bool) -> Result<Option<LookedAt>> {
        let looks = self.dialect.joins_laterally() && self.driven(rows, rows.walked).is_none();
        let by_columns = self.gate.is_stated(rows.kind) || self.gate.always(rows.kind).has(Tier::D);
        if !looks || by_columns || rows.kind.parent().is_some() {
            return Ok(None);
        }
        let beside = self.alias();
        let tiers = self.tiers_of(rows.kind, alias, packed);
        let from = format!(
            "{} {alias} cross join lateral (select {tiers} {}) {beside}(tiers)",
            definition(rows.kind).table,
            self.dialect.fence()
        );
        let seen = format!("({beside}.tiers & {}) <> 0", Tier::D.bit());
        let conditions = self.seen(rows, alias, Some(seen))?;
        Ok(Some(LookedAt { from, tiers: format!("{beside}.tiers"), conditions }))
    }

    /// What every row of the connection fulfils, whatever the page. `walked`: in the order of an index, of which only
    /// a part is looked at.
    pub(super) fn conditions(&mut self, rows: &Rows<'_>, alias: &str, walked: bool) -> Result<Vec<String>> {
        if let Some(driven) = self.driven(rows, walked)
            && let Some(ids) = self.gate.visible_ids(rows.kind, driven.under, &mut self.binds)
        {
            let among = format!("{alias}.id in ({})", self.dialect.in_order(&ids));
            return self.with_filter(rows, alias, [among]);
        }
        let visible = self.visible(rows.kind, alias);
        self.seen(rows, alias, visible)
    }

    /// A list that starts from nothing is driven by what the principal sees, and so is one that hangs on a row if its lines
    /// say on which: of that row. Another one that hangs on a row probes.
    fn driven<'r>(&self, rows: &Rows<'r>, walked: bool) -> Option<Driven<'r>> {
        let under = rows.hung.under.filter(|_| self.begins_with_keys(rows).is_some());
        let driven = under.is_some() || (rows.is_root() && !walked);
        (driven && self.gate.has_ids(rows.kind)).then_some(Driven { under })
    }

    /// The conditions of rows that are reached, one of which is whether each is visible.
    fn seen(&mut self, rows: &Rows<'_>, alias: &str, visible: Option<String>) -> Result<Vec<String>> {
        let reached = Some((rows.hung.reached)(alias)).filter(|reached| !reached.is_empty());
        self.with_filter(rows, alias, reached.into_iter().chain(visible))
    }

    /// The conditions by which rows are found, with what the row that they hang on must fulfil, and the filter.
    fn with_filter(
        &mut self,
        rows: &Rows<'_>,
        alias: &str,
        found: impl IntoIterator<Item = String>,
    ) -> Result<Vec<String>> {
        let mut conditions: Vec<String> = rows.hung.opened.iter().map(ToString::to_string).collect();
        conditions.extend(found);
        if let Some(filter) = rows.filter {
            conditions.push(self.filter(rows.kind, alias, filter)?);
        }
        Ok(conditions)
    }

    pub(super) fn count(&mut self, rows: &Rows<'_>) -> Result<String> {
        if let Some(lines) = self.counted_lines(rows) {
            return Ok(lines);
        }
        let alias = self.alias();
        let conditions = self.conditions(rows, &alias, false)?;
        Ok(format!("(select count(*) from {} {alias}{})", definition(rows.kind).table, all(&conditions)))
    }

    /// The number of rows from their lines alone, where no condition asks for more than those say.
    fn counted_lines(&mut self, rows: &Rows<'_>) -> Option<String> {
        let listed = definition(rows.kind).listed.is_some();
        if rows.hung.is_board && rows.filter.is_none() {
            let ids = self.gate.responsible_ids(rows.kind, &mut self.binds);
            let alias = self.alias();
            return Some(format!("(select count(*) from ({ids} group by v.row_id) {alias})"));
        }
        let hung = rows.hung.under.is_some() || rows.is_root();
        if !listed || !hung || rows.filter.is_some() || rows.hung.opened.is_some() {
            return None;
        }
        let ids = self.gate.visible_ids(rows.kind, rows.hung.under, &mut self.binds)?;
        let alias = self.alias();
        Some(format!("(select count(*) from ({ids} group by v.row_id) {alias})"))
    }

    /// Whether there are rows on the side where the page starts: at or before its cursor.
    pub(super) fn behind(&mut self, page: &Page<'_>, order: &Order, rows: &Rows<'_>) -> Result<String> {
        let Some((cursor, argument)) = page.from else { return Ok("1 = 0".to_owned()) };
        if let Some(any) = self.any_until(rows, order, (cursor, argument))? {
            return Ok(any);
        }
        let alias = self.alias();
        let keys = self.order_keys(rows.kind, order, &alias, None);
        let mut conditions = self.conditions(rows, &alias, rows.walked)?;
        conditions.push(if order.runs_one_way() {
            self.before(order, &keys, "=", cursor, argument)
        } else {
            format!("not ({})", self.after(order, &keys, cursor, argument))
        });
        Ok(format!("exists (select 1 from {} {alias}{})", definition(rows.kind).table, all(&conditions)))
    }
}
