//! Visits, and what hangs on them, from the policy's prose.

use chancery::access::Kind;

use super::{Ground, Tiers, own_grounds, tiers};
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
        (is_on_visit(rows, asker, text(visit, "id")), Ground::Assigned),
        (is_still_on_visit(rows, asker, text(visit, "id")), Ground::OnDetail),
        (is_accepted && legs.any(|leg| asker.covers(rows, text(leg, "area"))), Ground::Venue),
    ] {
        grounds.extend(holds.then_some(ground));
    }
    grounds
}

/// Whether what hangs on a visit is for an asker, to whom the visit shows these tiers.
fn is_for(rows: &Rows, asker: &Asker, (kind, part): (Kind, &Row), (visit, tiers): (&Row, &Tiers)) -> bool {
    let is_deep = matches!(kind, Kind::VisitConflict | Kind::AdvanceNote);
    let needs = if is_deep { 'S' } else { 'P' };
    let own = asker.has_mission(rows, text(visit, "mission_id")) && !is_deep;
    let is_here = |leg: &Row| asker.covers(rows, text(leg, "area"));
    let lies_here = match kind {
        Kind::Leg => is_here(part),
        // Where a leg goes that is theirs.
        Kind::Venue => rows.all("leg").iter().any(|leg| text(leg, "venue_id") == text(part, "id") && is_here(leg)),
        _ => false,
    };
    tiers.contains(&needs) && (asker.is_dss() || own || lies_here || is_on_visit(rows, asker, text(visit, "id")))
}

/// The grounds of a detail.
pub fn of_detail(rows: &Rows, asker: &Asker, detail: &Row) -> Vec<Ground> {
    let visit = text(detail, "visit_id").and_then(|id| rows.one("visit", id));
    let own = visit.is_some_and(|visit| asker.has_mission(rows, text(visit, "mission_id")));
    let on = is_on(rows, asker, text(detail, "id"), AFTER);
    let still = is_on(rows, asker, text(detail, "id"), 0);
    let leads = text(detail, "status") == Some("OPEN") && text(detail, "agent_in_charge_id") == Some(asker.id());
    let all = [(own, Ground::Own), (on, Ground::Assigned), (still, Ground::OnDetail), (leads, Ground::Leads)];
    all.into_iter().filter_map(|(holds, ground)| holds.then_some(ground)).collect()
}

/// Hours for which an assignment opens what it is to after its end.
const AFTER: i64 = 72;

/// Whether the asker is on a detail: from 168 hours before until so many after.
fn is_on(rows: &Rows, asker: &Asker, detail: Option<&str>, after: i64) -> bool {
    let moved = |at: &str, hours: i64| {
        let at = chancery::clock::parse_instant(at).expect("an instant") + time::Duration::hours(hours);
        chancery::clock::instant(at)
    };
    let mut its = rows.all("assignment").iter().filter(|one| text(one, "detail_id") == detail);
    detail.is_some()
        && its.any(|one| {
            text(one, "person_id") == Some(asker.id())
                // One that ends before it begins never was.
                && text(one, "ends_at").is_none_or(|end| text(one, "starts_at").is_some_and(|start| start < end))
                && moved(text(one, "starts_at").expect("a start"), -168) <= rows.now
                && text(one, "ends_at").is_none_or(|end| rows.now < moved(end, after))
        })
}

/// Whether the asker is on the detail of a visit.
pub fn is_on_visit(rows: &Rows, asker: &Asker, visit: Option<&str>) -> bool {
    let mut details = rows.all("protective_detail").iter().filter(|detail| text(detail, "visit_id") == visit);
    visit.is_some() && details.any(|detail| is_on(rows, asker, text(detail, "id"), AFTER))
}

/// Whether their assignment to it is not over.
fn is_still_on_visit(rows: &Rows, asker: &Asker, visit: Option<&str>) -> bool {
    let mut details = rows.all("protective_detail").iter().filter(|detail| text(detail, "visit_id") == visit);
    visit.is_some() && details.any(|detail| is_on(rows, asker, text(detail, "id"), 0))
}

/// Whether the asker is on the detail of a visit of a mission.
pub fn is_via_mission(rows: &Rows, asker: &Asker, mission: Option<&str>) -> bool {
    let mut visits = rows.all("visit").iter().filter(|visit| text(visit, "mission_id") == mission);
    visits.any(|visit| is_on_visit(rows, asker, text(visit, "id")))
}

/// Whether a row hangs on a visit or a detail.
pub fn is_part(kind: Kind) -> bool {
    matches!(kind.parent(), Some(Kind::Visit | Kind::ProtectiveDetail))
}

/// What such a row hangs on.
fn parent<'r>(rows: &'r Rows, kind: Kind, row: &Row) -> (Kind, &'r Row) {
    let (of, table, column) = match kind {
        Kind::Assignment | Kind::Shift => (Kind::ProtectiveDetail, "protective_detail", "detail_id"),
        _ => (Kind::Visit, "visit", "visit_id"),
    };
    (of, rows.one(table, text(row, column).expect("a parent")).expect("a parent"))
}

/// The tiers of such a row for an asker.
pub fn of_part(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Tiers {
    let (of, parent) = parent(rows, kind, row);
    let tiers = tiers(rows, asker, of, parent);
    let is_theirs = match of {
        Kind::ProtectiveDetail => {
            tiers.contains(&'P') && (asker.is_dss() || is_on(rows, asker, text(parent, "id"), AFTER))
        }
        _ => is_for(rows, asker, (kind, row), (parent, &tiers)),
    };
    if is_theirs { tiers } else { Tiers::new() }
}

/// The grounds of what it hangs on.
pub fn held(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Vec<Ground> {
    let (of, parent) = parent(rows, kind, row);
    own_grounds(rows, asker, of, parent)
}
