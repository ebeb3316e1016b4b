//! What lines of the visibility table open to somebody, read one by one: the same decision that `read::gate` writes
//! into statements, for lines that stand in no table any more.

use super::{
    emit::Emission,
    ground::Ground,
    kind::Kind,
    marking::Tlp,
    role::Role,
    table,
    tier::{Tier, Tiers},
};

/// The lines whose key is held, in whose window the instant lies.
pub fn held<'l>(
    lines: &'l [Emission],
    keys: &'l [String],
    now: &'l str,
) -> impl Iterator<Item = &'l Emission> + Clone + 'l {
    lines.iter().filter(move |line| keys.contains(&line.key) && line.from.as_str() <= now && now < line.until.as_str())
}

/// The highest marking under which a child of the row is open that needs a tier of its parent; none where none is.
pub fn reach<'l>(role: Role, kind: Kind, tier: Tier, held: impl Iterator<Item = &'l Emission>) -> Option<Tlp> {
    let opens = |line: &&Emission| (line.cap & table::tiers(role, kind, line.ground)).has(tier);
    held.filter(opens).map(|line| line.tlp_max).max()
}

/// Whether a role is responsible for a row by the lines that are held: whether it is on its desk.
pub fn is_responsible<'l>(role: Role, mut held: impl Iterator<Item = &'l Emission>) -> bool {
    let mine = table::responsible(role);
    held.any(|line| mine.contains(&line.ground) && line.cap.has(Tier::D))
}

/// How deep a row of a type is open to a role: by the lines that are held, and by what every row of the type offers.
/// The row is visible where this has D. Not for a child, which is as its parent is.
pub fn opened<'l>(role: Role, internal: bool, kind: Kind, held: impl Iterator<Item = &'l Emission>) -> Tiers {
    let always = Ground::always(kind).iter().filter(|ground| internal || **ground != Ground::Internal);
    let always = always.fold(Tiers::NONE, |all, ground| all | table::tiers(role, kind, *ground));
    held.fold(always, |all, line| all | (line.cap & table::tiers(role, kind, line.ground)))
}
