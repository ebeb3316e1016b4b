//! Protective details: who is on them now, who is no more, and who is not yet.

use chancery::access::Kind;
use entity::{advance_note, assignment, detail_agency, protective_detail, shift};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{LATER, THEN, put, some},
    visits,
};

/// 72 hours before now: what ended then is closed since this instant.
const JUST_OVER: &str = "2026-11-19T12:00:00.000000Z";
/// 168 hours from now, and an instant: what begins then is open from the next instant on.
const NOT_YET: &str = "2026-11-29T12:00:00.000001Z";
/// 168 hours from now: what begins then is open since this instant.
const JUST_NOW: &str = "2026-11-29T12:00:00.000000Z";
/// 72 hours before now, and an instant: what ended then is open for this instant yet.
const NOT_OVER: &str = "2026-11-19T12:00:00.000001Z";

/// Handle, whom it protects, who leads it, the visit, who is on it from when until when, who sees it, who sees what hangs on it.
type DetailLine = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [(&'static str, &'static str, Option<&'static str>)],
    &'static str,
    &'static str,
);

/// The mission is told who leads the detail of its visit. Whoever is on a detail is so from 168 hours before until 72
/// hours after; a guest of another agency as far as the directory, the contacts and who is on when.
#[rustfmt::skip]
const DETAILS: &[DetailLine] = &[
    ("of a stranger's visit", "VISITOR", "third officer", Some(visits::UNDER_THE_AGENT),
     &[("agent", JUST_NOW, Some(LATER)), ("federal", THEN, Some(NOT_OVER)), ("manhattan", THEN, Some(JUST_OVER)), ("statepolice", NOT_YET, Some(LATER))],
     "federal=DCP agent=DCPS analyst=D liaison=D", "federal=P agent=P"),
    ("of the embassy's visit", "VISITOR", "third officer", Some(visits::OF_THE_EMBASSY), &[("third officer", THEN, Some(LATER))],
     "embassy=DC analyst=D liaison=D", ""),
    ("standing, with the agent on it for ever", "SECRETARY_OF_STATE", "third officer", None, &[("agent", THEN, None)],
     "agent=DCPS analyst=D liaison=D", "agent=P"),
    ("standing, from which the agent has gone", "UN_AMBASSADOR", "third officer", None, &[("agent", THEN, Some(JUST_OVER))],
     "analyst=D liaison=D", ""),
    ("standing, led by the agent, who is not on it", "UN_AMBASSADOR", "agent", None, &[("third officer", THEN, None)],
     "agent=DCPS analyst=D liaison=D", "agent=P"),
    ("closed, once led by the agent", "UN_AMBASSADOR", "agent", None, &[("third officer", THEN, Some(JUST_OVER))],
     "analyst=D liaison=D", ""),
];

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (number, (handle, protectee, leader, visit, assigned, expect, within)) in DETAILS.iter().enumerate() {
        let detail = Situation::new(Kind::ProtectiveDetail, *handle, expect);
        let row = protective_detail::Model {
            id: detail.id.clone(),
            protectee: (*protectee).to_owned(),
            visit_id: visit.map(|visit| id_of(Kind::Visit, visit)),
            status: if handle.starts_with("closed") { "CLOSED" } else { "OPEN" }.to_owned(),
            agent_in_charge_id: id_of(Kind::Person, leader),
            safe_haven: some("A safe place"),
            opened_at: THEN.to_owned(),
            closed_at: some(LATER),
        };
        put(work, row).await;
        let supporting = detail_agency::Model {
            detail_id: detail.id.clone(),
            agency_id: id_of(Kind::Agency, if number == 0 { "federal" } else { "suspended" }),
        };
        put(work, supporting).await;
        for (person, starts_at, ends_at) in *assigned {
            let name = format!("{person}, on the detail {handle}");
            let row = assignment::Model {
                id: id_of(Kind::Assignment, &name),
                detail_id: detail.id.clone(),
                person_id: id_of(Kind::Person, person),
                starts_at: (*starts_at).to_owned(),
                ends_at: ends_at.map(str::to_owned),
                assigned_at: THEN.to_owned(),
            };
            put(work, row).await;
            world.push(Situation::new(Kind::Assignment, name, within));
            let name = format!("of {person}, on the detail {handle}");
            let row = shift::Model {
                id: id_of(Kind::Shift, &name),
                detail_id: detail.id.clone(),
                person_id: id_of(Kind::Person, person),
                role: "DRIVER".to_owned(),
                starts_at: format!("2026-11-2{number}T00:00:00.000000Z"),
                ends_at: format!("2026-11-2{number}T08:00:00.000000Z"),
                relieves_id: Some(id_of(Kind::Shift, &name)),
            };
            put(work, row).await;
            world.push(Situation::new(Kind::Shift, name, within));
        }
        world.push(detail);
    }
    for (visit, leg, expect) in
        [(visits::UNDER_THE_AGENT, "1, 36047", "federal=S agent=S"), (visits::OF_THE_EMBASSY, "1, 36061", "officer=S")]
    {
        let name = format!("a note on a leg, of: {visit}");
        let row = advance_note::Model {
            id: id_of(Kind::AdvanceNote, &name),
            visit_id: id_of(Kind::Visit, visit),
            leg_id: Some(id_of(Kind::Leg, &format!("{leg}, of: {visit}"))),
            author_id: Some(id_of(Kind::Person, "third officer")),
            body: "Two exits".to_owned(),
            at: THEN.to_owned(),
        };
        put(work, row).await;
        world.push(Situation::new(Kind::AdvanceNote, name, expect));
    }
    world
}
