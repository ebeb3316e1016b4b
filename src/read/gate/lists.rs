//! Where lists begin: with the lines that the principal's keys open.

use super::{Gate, Ground, Kind, Tier, Tiers, packed::packed};
use crate::{access::table, read::sql::Binds};

/// The lines of a type that the scope's grounds open, as a list begins with them.
pub(in crate::read) struct Opening {
    /// The condition on a line beside its key, where lines are looked for by that: type, ground, window.
    pub(in crate::read) lines: String,
    /// The same where they are looked for by their row: SQLite is to go by no index on keys.
    pub(in crate::read) of_row: String,
    /// What a line opens, as bits.
    pub(in crate::read) bits: String,
    /// Those that may be there.
    pub(in crate::read) of: Tiers,
    /// The keys by which such lines are looked for, a parameter.
    pub(in crate::read) keys: String,
}

impl Gate {
    /// The lines that open rows of a type, if nothing but lines does. `v` is the line's alias. `packs`: under every marking.
    pub(in crate::read) fn opening(self, kind: Kind, v: &str, packs: bool, binds: &mut Binds) -> Option<Opening> {
        let lines = self.seen_by_lines(kind)?;
        let (window, kind) = (Self::in_window(v, &lines, binds), kind.code());
        let opens = Self::opens(v, &lines);
        Some(Opening {
            // The index on keys holds what is listed: not children.
            lines: format!("{v}.kind = {kind} and {v}.at is not null and {window}"),
            of_row: format!("+{v}.kind = {kind} and +{window}"),
            bits: if packs { packed(v, &opens) } else { opens },
            keys: binds.keys_for(lines.iter().map(|(ground, _)| *ground)),
            of: lines.iter().fold(Tiers::NONE, |all, (_, tiers)| all | *tiers),
        })
    }

    /// The lines by which the principal is responsible for rows of a type on which something is owed.
    pub(in crate::read) fn owing(self, kind: Kind, v: &str, binds: &mut Binds) -> Opening {
        let lines = self.of_duty(kind);
        let (window, kind) = (Self::in_window(v, &lines, binds), kind.code());
        Opening {
            lines: format!("{v}.kind = {kind} and {v}.owed is not null and {window}"),
            of_row: format!("+{v}.kind = {kind} and +{window}"),
            bits: Self::opens(v, &lines),
            keys: binds.keys_for(lines.iter().map(|(ground, _)| *ground)),
            of: Tiers::of(Tier::D),
        }
    }

    /// The rows of a type that the principal sees, as a set of ids: what drives a list, when the type has no ground
    /// that always holds, is no child, and has no column that drives it. `under`: only of those on the list that hangs
    /// on a row, by what the lines carry.
    pub(in crate::read) fn visible_ids(self, kind: Kind, under: Option<&str>, binds: &mut Binds) -> Option<String> {
        let mut lines = self.seen_by_lines(kind)?;
        lines.retain(|(_, tiers)| tiers.has(Tier::D));
        // As the indexes on keys are written: they hold what is listed.
        let under = under.map_or_else(|| "v.at is not null".to_owned(), |under| format!("v.under = {under}"));
        Some(self.ids(kind, &under, &lines, binds))
    }

    /// The rows of a type that the principal is responsible for and on which something is owed, as a set of ids.
    pub(in crate::read) fn responsible_ids(self, kind: Kind, binds: &mut Binds) -> String {
        self.ids(kind, "v.owed is not null", &self.of_duty(kind), binds)
    }

    /// The grounds on which the role is responsible for rows of a type.
    fn of_duty(self, kind: Kind) -> Vec<(Ground, Tiers)> {
        let grounds = table::responsible(self.scope.role);
        let mut lines = table::grounds(self.scope.role, kind);
        lines.retain(|(ground, _)| grounds.contains(ground));
        lines
    }

    /// Whether a list of the type begins with the principal's keys.
    pub(in crate::read) fn is_by_lines(self, kind: Kind) -> bool {
        !self.is_wide(kind) && self.seen_by_lines(kind).is_some()
    }

    /// Whether the rows of a type that are visible can be had as a set of ids.
    pub(in crate::read) fn has_ids(self, kind: Kind) -> bool {
        self.seen_by_lines(kind).is_some()
    }

    /// The grounds that lines say, where lines alone say which rows of the type are visible; none where none does.
    fn seen_by_lines(self, kind: Kind) -> Option<Vec<(Ground, Tiers)>> {
        if kind.parent().is_some() || self.always(kind).has(Tier::D) || !Ground::stated(kind).is_empty() {
            return None;
        }
        let lines = self.lines(kind);
        lines.iter().any(|(_, tiers)| tiers.has(Tier::D)).then_some(lines)
    }

    fn ids(self, kind: Kind, which: &str, lines: &[(Ground, Tiers)], binds: &mut Binds) -> String {
        let keys = binds.keys_for(lines.iter().map(|(ground, _)| *ground));
        let window = format!("{} and {}", self.dialect.among("v.key", &keys), Self::in_window("v", lines, binds));
        format!(
            "select v.row_id from visibility v where {window} and v.kind = {} and {which} and (v.cap & {}) <> 0",
            kind.code(),
            Tier::D.bit()
        )
    }
}
