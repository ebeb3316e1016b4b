//! Keys and tiers, written as SQL: whether a row is visible, and how deep.
//!
//! Everything here is read off `access`: which grounds open a type to the role, which of them always hold, what
//! each opens. A statement carries the role's part of the table as constants and the principal's keys as a
//! parameter.

use super::{
    dialect::{Dialect, quoted},
    sql::{BindType, Binds, Source},
};
use crate::{
    access::{Ground, Holder, Kind, Role, Tier, Tiers, Tlp, table},
    model::definition,
};

/// For whom a statement is written: what a plan may depend on. The principal's keys are a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The active role.
    pub role: Role,
    /// Whether the principal is of DSS: whether INTERNAL can hold.
    pub internal: bool,
}

/// How deep a row can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Whoever sees the row sees this.
    Open,
    /// Nobody in this scope does.
    Closed,
    /// Where this bit of the row's tiers is set.
    Bit(u8),
}

/// Writes the gates of one scope.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    scope: Scope,
    dialect: Dialect,
}

impl Gate {
    /// For a scope, on an engine.
    pub const fn new(scope: Scope, dialect: Dialect) -> Self {
        Self { scope, dialect }
    }

    /// The tiers that every row of the type opens to the scope.
    pub(super) fn always(self, kind: Kind) -> Tiers {
        Ground::always(kind)
            .iter()
            .filter(|ground| self.always_holds(**ground, kind))
            .fold(Tiers::NONE, |all, ground| all | table::tiers(self.scope.role, kind, *ground))
    }

    /// The grounds that a row may or may not offer, with what each opens beyond what is always open.
    pub(super) fn derived(self, kind: Kind) -> Vec<(Ground, Tiers)> {
        let always = self.always(kind);
        table::grounds(self.scope.role, kind)
            .into_iter()
            .filter(|(ground, _)| !Ground::always(kind).contains(ground))
            .filter(|(_, tiers)| !always.covers(*tiers))
            .collect()
    }

    /// Of the derived grounds, those that the visibility table says: `derived` is `lines` and what is `stated`.
    pub(super) fn lines(self, kind: Kind) -> Vec<(Ground, Tiers)> {
        let stated = Ground::stated(kind);
        let mut lines = self.derived(kind);
        lines.retain(|(ground, _)| stated.iter().all(|(known, _)| known != ground));
        lines
    }

    /// Of the derived grounds, those that columns of the row state, with what each opens and the columns that say it.
    pub(super) fn stated(self, kind: Kind) -> Vec<(Tiers, Vec<(Holder, &'static str)>)> {
        let derived = self.derived(kind);
        let column = |holder: &Holder| definition(kind).whose.iter().find(|(by, _)| by == holder).copied();
        let stated = Ground::stated(kind).iter().filter_map(|(ground, holders)| {
            let (_, tiers) = derived.iter().find(|(known, _)| known == ground)?;
            // Without a column the ground does not hold.
            let columns: Option<Vec<_>> = holders.iter().map(column).collect();
            Some((*tiers, columns?))
        });
        stated.collect()
    }

    /// Whether columns alone say which rows of the type the scope sees. They come before any condition of the client's:
    /// no index is offered to those (law 7).
    pub(super) fn is_stated(self, kind: Kind) -> bool {
        !self.stated(kind).is_empty()
    }

    /// The condition that the row under an alias is whose it must be. The first column drives: of the others no index is
    /// of use, as one's agency does far more than oneself.
    fn is_held(self, alias: &str, columns: &[(Holder, &str)], binds: &mut Binds) -> String {
        let conditions = columns.iter().enumerate().map(|(place, (holder, column))| {
            let value = match holder {
                Holder::Role => quoted(self.scope.role.name()),
                Holder::Agency => binds.add(Source::ViewerAgency, BindType::Text),
                Holder::Person => binds.add(Source::ViewerPerson, BindType::Text),
            };
            if place == 0 {
                format!("{alias}.{column} = {value}")
            } else {
                format!("{} = {value}", unindexed(&format!("{alias}.{column}")))
            }
        });
        conditions.collect::<Vec<_>>().join(" and ")
    }

    /// What a line opens by these grounds, as bits.
    fn opens(v: &str, lines: &[(Ground, Tiers)]) -> String {
        let by_ground: Vec<String> =
            lines.iter().map(|(ground, tiers)| format!("when {} then {}", ground.code(), tiers.bits())).collect();
        format!("((case {v}.ground {} else 0 end) & {v}.cap)", by_ground.join(" "))
    }

    /// Whether a field's tier is open in a visible row.
    pub fn depth(self, kind: Kind, tier: Tier) -> Depth {
        let always = self.always(kind);
        let derived = self.derived(kind).into_iter().fold(Tiers::NONE, |all, (_, tiers)| all | tiers);
        if always.has(tier) || tier == Tier::D {
            Depth::Open
        } else if derived.has(tier) {
            Depth::Bit(tier.bit())
        } else {
            Depth::Closed
        }
    }

    /// The tiers of the row under an alias, as an expression.
    pub fn tiers(self, kind: Kind, alias: &str, binds: &mut Binds) -> String {
        // A child is as its parent is.
        let of = kind.parent().unwrap_or(kind);
        let (always, lines) = (self.always(of), self.lines(of));
        let mut opened = Vec::new();
        if !lines.is_empty() {
            let (row, marking) = Self::bearer(kind, alias);
            let open = lines.iter().fold(Tiers::NONE, |all, (_, tiers)| all | *tiers);
            let bits = self.dialect.bit_or(&Self::opens("v", &lines), open);
            let held = self.held(of, "v", &row, &lines, binds);
            opened.push(format!("(select {bits} from {held}{marking})"));
        }
        for (tiers, columns) in self.stated(of) {
            let held = self.is_held(alias, &columns, binds);
            opened.push(format!("(case when {held} then {} else 0 end)", tiers.bits()));
        }
        if opened.is_empty() || !always.is_empty() {
            opened.push(always.bits().to_string());
        }
        match opened.as_slice() {
            [one] => one.clone(),
            many => format!("({})", many.join(" | ")),
        }
    }

    /// Whether the row under an alias is visible; `None` when every row of the type is.
    pub fn visible(self, kind: Kind, alias: &str, binds: &mut Binds) -> Option<String> {
        if kind.parent().is_some() {
            let tiers = self.tiers(kind, alias, binds);
            return Some(self.audience(alias, &tiers, binds));
        }
        if self.always(kind).has(Tier::D) {
            return None;
        }
        let mut grounds = Vec::new();
        for (_, columns) in self.stated(kind).into_iter().filter(|(tiers, _)| tiers.has(Tier::D)) {
            grounds.push(format!("({})", self.is_held(alias, &columns, binds)));
        }
        let lines: Vec<(Ground, Tiers)> =
            self.lines(kind).into_iter().filter(|(_, tiers)| tiers.has(Tier::D)).collect();
        if !lines.is_empty() {
            let held = self.held(kind, "v", &format!("{alias}.id"), &lines, binds);
            // Where nearly every row is visible, each is looked at on its way; the fence keeps it so.
            let fence = if self.is_wide(kind) { format!(" {}", self.dialect.fence()) } else { String::new() };
            let directory = Tier::D.bit();
            grounds.push(format!("exists (select 1 from {held} and (v.cap & {directory}) <> 0{fence})"));
        }
        Some(match grounds.as_slice() {
            [] => "(1 = 0)".to_owned(),
            [one] => one.clone(),
            many => format!("({})", many.join(" or ")),
        })
    }

    /// Whether the child row under an alias is visible, given its tiers (an expression): whether it was written for
    /// the principal. The cap of an audience line is the tier that the parent must show.
    pub fn audience(self, alias: &str, tiers: &str, binds: &mut Binds) -> String {
        let (keys, now) = (binds.keys_for_children(), binds.now());
        format!(
            "exists (select 1 from visibility w where w.row_id = {alias}.id and {} and w.ground = {} and w.from_at <= {now} and w.until_at > {now} and (w.cap & {tiers}) <> 0)",
            self.dialect.among("w.key", &keys),
            Ground::Audience.code(),
        )
    }

    /// The grounds, beside those that always hold, on which the principal sees the row under an alias, as a JSON
    /// list of their codes. A child's are its parent's, under the child's own marking. Not those that a column states:
    /// nothing is done to rows that never change.
    pub(super) fn grounds(self, kind: Kind, alias: &str, binds: &mut Binds) -> String {
        let of = kind.parent().unwrap_or(kind);
        let lines: Vec<(Ground, Tiers)> = table::grounds(self.scope.role, of)
            .into_iter()
            .filter(|(ground, tiers)| tiers.has(Tier::D) && !self.always_holds(*ground, of))
            .collect();
        if lines.is_empty() {
            return self.dialect.parse("'[]'");
        }
        let (row, marking) = Self::bearer(kind, alias);
        let held = self.held(of, "v", &row, &lines, binds);
        let list = self.dialect.list("v.ground", "v.ground", "1 = 1");
        format!("(select {list} from {held} and (v.cap & {}) <> 0{marking})", Tier::D.bit())
    }

    fn always_holds(self, ground: Ground, kind: Kind) -> bool {
        Ground::always(kind).contains(&ground) && (ground != Ground::Internal || self.scope.internal)
    }

    /// The grounds that every row of the type offers to the scope.
    pub(super) fn always_held(self, kind: Kind) -> Vec<Ground> {
        let all = table::grounds(self.scope.role, kind).into_iter();
        all.map(|(ground, _)| ground).filter(|ground| self.always_holds(*ground, kind)).collect()
    }

    /// How often what the principal sees of the row under an alias has changed (`Shape::Version` of the model), with how
    /// deep it is seen: who sees less than before must not take a number of then for one of now.
    pub(super) fn version(
        self,
        kind: Kind,
        (column, (deeper, tier)): (&str, (&str, Tier)),
        (children, by): (Kind, &str),
        (alias, child): (&str, &str),
        binds: &mut Binds,
    ) -> String {
        let visible =
            self.visible(children, child, binds).map_or_else(String::new, |visible| format!(" and {visible}"));
        let tiers = self.tiers(kind, alias, binds);
        format!(
            "((1 + {alias}.{column} + case when ({tiers} & {}) <> 0 then {alias}.{deeper} else 0 end + (select count(*) from {} {child} where {child}.{by} = {alias}.id{visible})) * {} + {tiers})",
            tier.bit(),
            definition(children).table,
            usize::from(Tiers::ALL.bits()) + 1,
        )
    }

    /// Whether the scope sees nearly every row of a type of which none is always visible: all but what a marking
    /// hides. It decides how rows are looked for, never which are found.
    pub fn is_wide(self, kind: Kind) -> bool {
        self.scope.internal && table::tiers(self.scope.role, kind, Ground::Internal).has(Tier::D)
    }

    /// Whether the scope sees all rows of a type, or nearly all. Of children, whose audience is shown some where I is open.
    pub(super) fn is_open(self, kind: Kind) -> bool {
        let of = kind.parent().unwrap_or(kind);
        let internal = if self.is_wide(of) { table::tiers(self.scope.role, of, Ground::Internal) } else { Tiers::NONE };
        let open = self.always(of) | internal;
        let needed = if kind.parent().is_some() { Tiers::of(Tier::I) | Tiers::of(kind.shown_by()) } else { Tiers::D };
        open.covers(needed)
    }

    /// The lines of one row that the principal holds now: what follows FROM, a WHERE included. `of` is the type whose
    /// lines they are.
    fn held(self, of: Kind, v: &str, row: &str, lines: &[(Ground, Tiers)], binds: &mut Binds) -> String {
        let window = Self::in_window(v, lines, binds);
        if table::gathers(of) {
            let keys = binds.keys_for(lines.iter().map(|(ground, _)| *ground));
            return self.dialect.lines_by_key(v, row, &keys, &window);
        }
        let keys = binds.keys();
        format!(
            "visibility {v} where {v}.row_id = {row} and {} and {window}",
            self.dialect.among(&format!("{v}.key"), &keys)
        )
    }

    /// The condition that the row under an alias is the principal's on a ground that lines say; none where the role has no
    /// such ground.
    pub(super) fn is_on(self, kind: Kind, ground: Ground, alias: &str, binds: &mut Binds) -> Option<String> {
        let mut lines = self.lines(kind);
        lines.retain(|(known, _)| *known == ground);
        if lines.is_empty() {
            return None;
        }
        let held = self.held(kind, "v", &format!("{alias}.id"), &lines, binds);
        Some(format!("exists (select 1 from {held})"))
    }

    /// Grounds of the role, and the window.
    fn in_window(v: &str, lines: &[(Ground, Tiers)], binds: &mut Binds) -> String {
        let codes: Vec<String> = lines.iter().map(|(ground, _)| ground.code().to_string()).collect();
        let now = binds.now();
        format!("{v}.ground in ({}) and {v}.from_at <= {now} and {v}.until_at > {now}", codes.join(","))
    }

    /// Whose lines give the row its tiers: its own, or its parent's under its own marking.
    pub(super) fn bearer(kind: Kind, alias: &str) -> (String, String) {
        let Some(child) = definition(kind).child else {
            return (format!("{alias}.id"), String::new());
        };
        let marking = child.tlp_column.map_or_else(String::new, |column| {
            format!(" and v.tlp_max >= {}", Self::rank(&format!("{alias}.{column}")))
        });
        (format!("{alias}.{}", child.parent_column), marking)
    }

    /// The rank of a stored marking. One that cannot be read counts as RED.
    fn rank(column: &str) -> String {
        let ranks: Vec<String> =
            Tlp::ALL.iter().map(|tlp| format!("when '{}' then {}", tlp.name(), tlp.rank())).collect();
        format!("(case {column} {} else {} end)", ranks.join(" "), Tlp::Red.rank())
    }
}

/// A text that no index is of use for.
pub(super) fn unindexed(text: &str) -> String {
    format!("({text} || '')")
}

mod lists;
mod packed;
pub(super) use lists::Opening;
#[cfg(test)]
mod tests;
