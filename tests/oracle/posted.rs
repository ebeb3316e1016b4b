//! Posts abroad, incidents, and what hangs on them, from the policy's prose.

use chancery::access::Kind;

use super::{AMBER_STRICT, Ground, Held, RED, Tiers, own_grounds, rank, tiers};
use crate::{
    policy::opens,
    rows::{Asker, Row, Rows, text},
};

/// Whether the asker is posted to a post.
pub fn is_posted(asker: &Asker, post: Option<&str>) -> bool {
    asker.is_dss() && post.is_some() && text(&asker.person, "post_id") == post
}

/// The grounds of an incident that hold for an asker, under a marking not below its own.
fn of_incident(asker: &Asker, incident: &Row, at_least: usize) -> Vec<Held> {
    let get = |column| text(incident, column);
    let marking = rank(get("tlp").expect("a marking")).max(at_least);
    // Headquarters is told that something happened where people live, and no more.
    let told = if get("setting") == Some("AT_WORK") { "DCPSI" } else { "D" };
    let all = [
        (asker.is_dss(), Ground::Internal, told, AMBER_STRICT),
        (is_posted(asker, get("post_id")), Ground::Post, "DCPSI", AMBER_STRICT),
        (get("reporter_id") == Some(asker.id()), Ground::Reporter, "DCPSI", RED),
    ];
    let held = all.into_iter().filter(|(holds, _, _, until)| *holds && marking <= *until);
    held.map(|(_, ground, cap, until)| (ground, cap.to_owned(), until)).collect()
}

/// Whether a row is an incident, or hangs on one or on a post.
pub fn is_of_a_post(kind: Kind) -> bool {
    kind == Kind::Incident || matches!(kind.parent(), Some(Kind::Post | Kind::Incident))
}

/// What such a row hangs on.
fn parent<'r>(rows: &'r Rows, (table, column): (&str, &str), row: &Row) -> &'r Row {
    rows.one(table, text(row, column).expect("a parent")).expect("a parent")
}

/// The tiers of such a row for an asker.
pub fn of_row(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Tiers {
    let incident = |incident: &Row, at_least: usize| -> Tiers {
        let held = of_incident(asker, incident, at_least);
        let tiers = held.iter().flat_map(|(ground, cap, _)| {
            opens(asker.who.role, Kind::Incident, *ground).chars().filter(|tier| cap.contains(*tier))
        });
        tiers.collect()
    };
    let needs = match kind {
        Kind::Tour | Kind::IncidentEntry => 'C',
        Kind::PostProgramme | Kind::ProgrammeReview => 'P',
        Kind::Finding | Kind::Advice => 'S',
        _ => 'D',
    };
    let tiers = match kind {
        Kind::Incident => incident(row, 0),
        // Under a marking of its own.
        Kind::IncidentEntry => {
            incident(parent(rows, ("incident", "incident_id"), row), rank(text(row, "tlp").expect("a marking")))
        }
        _ => tiers(rows, asker, Kind::Post, parent(rows, ("post", "post_id"), row)),
    };
    let is_for = kind == Kind::Incident || asker.is_dss();
    if is_for && tiers.contains(&needs) { tiers } else { Tiers::new() }
}

/// Its grounds, or those of what it hangs on.
pub fn held(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Vec<Ground> {
    let incident = |incident| of_incident(asker, incident, 0).into_iter().map(|(ground, _, _)| ground).collect();
    match kind {
        Kind::Incident => incident(row),
        Kind::IncidentEntry => incident(parent(rows, ("incident", "incident_id"), row)),
        _ => own_grounds(rows, asker, Kind::Post, parent(rows, ("post", "post_id"), row)),
    }
}
