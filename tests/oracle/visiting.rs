//! Visits, and what hangs on them, from the policy's prose.

use chancery::access::Kind;

use super::{Ground, Tiers};
use crate::rows::{Asker, Row, Rows, text};

/// The grounds of a visit.
pub fn of_visit(rows: &Rows, asker: &Asker, visit: &Row) -> Vec<Ground> {
    let mission = text(visit, "mission_id");
    let of_it = |leg: &&Row| text(leg, "visit_id") == text(visit, "id");
    let is_accepted = text(visit, "accepted_at").is_some();
    let mut legs = rows.all("leg").iter().filter(of_it);
    let mut grounds = Vec::new();
    for (holds, ground) in [
        (asker.has_mission(rows, mission), Ground::Own),
        (asker.is_of_state(rows, mission), Ground::State),
        (asker.is_host(rows, mission), Ground::HostState),
        (asker.has_portfolio(rows, mission), Ground::Portfolio),
        (is_accepted && legs.any(|leg| asker.covers(rows, text(leg, "area"))), Ground::Venue),
    ] {
        grounds.extend(holds.then_some(ground));
    }
    grounds
}

/// Whether what hangs on a visit is for an asker, to whom the visit shows these tiers.
pub fn is_for(rows: &Rows, asker: &Asker, (kind, part): (Kind, &Row), (visit, tiers): (&Row, &Tiers)) -> bool {
    let needs = if kind == Kind::VisitConflict { 'S' } else { 'P' };
    let own = asker.has_mission(rows, text(visit, "mission_id")) && kind != Kind::VisitConflict;
    let is_here = |leg: &Row| asker.covers(rows, text(leg, "area"));
    let lies_here = match kind {
        Kind::Leg => is_here(part),
        // Where a leg goes that is theirs.
        Kind::Venue => rows.all("leg").iter().any(|leg| text(leg, "venue_id") == text(part, "id") && is_here(leg)),
        _ => false,
    };
    tiers.contains(&needs) && (asker.is_dss() || own || lies_here)
}
