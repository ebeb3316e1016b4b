//! Incidents at posts abroad, and their logs.

use chancery::access::Kind;
use entity::{incident, incident_entry};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{LATER, THEN, put, some},
};

/// What makes it so, the post, the setting, who reported it, the marking, who sees what.
type IncidentLine = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// At the officer's post.
const AT_WORK: &str = "at the officer's post, at work, AMBER";
/// Where people of the officer's post live.
const AT_HOME: &str = "at the officer's post, at home, AMBER";
/// By a colleague.
const RED: &str = "at the officer's post, at work, reported by a colleague, RED";
/// By the officer.
const OWN_RED: &str = "at the officer's post, at home, reported by the officer, RED";
/// Not by the officer.
const ELSEWHERE: &str = "at a constituent of the officer's post, at work, AMBER";
/// Not by the officer either.
const HOME_ELSEWHERE: &str = "at another post, at home, AMBER";
/// By the officer.
const OWN_ELSEWHERE: &str = "at another post, at work, reported by the officer, AMBER";
/// By the officer.
const OWN_HOME_ELSEWHERE: &str = "at another post, at home, reported by the officer, AMBER";

/// An analyst is told what happened at work; of what happened at home, that it did. The officer reads those of the own post,
/// and those that they reported: these when they are RED too, which nobody else sees.
#[rustfmt::skip]
const INCIDENTS: &[IncidentLine] = &[
    (AT_WORK, "paris", "AT_WORK", "third officer", "AMBER", "analyst=DC rso=DCP"),
    ("at the officer's post, at work, CLEAR",        "paris", "AT_WORK", "third officer", "CLEAR",        "analyst=DC rso=DCP"),
    ("at the officer's post, at work, AMBER_STRICT", "paris", "AT_WORK", "third officer", "AMBER_STRICT", "analyst=DC rso=DCP"),
    (RED, "paris", "AT_WORK", "third officer", "RED", ""),
    ("at the officer's post, at work, a marking that cannot be read: as RED", "paris", "AT_WORK", "third officer", "PURPLE", ""),
    (AT_HOME, "paris", "AT_HOME", "third officer", "AMBER", "analyst=D rso=DCP"),
    ("at the officer's post, at home, AMBER_STRICT", "paris", "AT_HOME", "third officer", "AMBER_STRICT", "analyst=D rso=DCP"),
    ("at the officer's post, at home, reported by a colleague, RED", "paris", "AT_HOME", "third officer", "RED", ""),
    ("at the officer's post, a setting that cannot be read: as at home", "paris", "ON_LEAVE", "third officer", "AMBER", "analyst=D rso=DCP"),
    ("at the officer's post, at work, reported by the officer, AMBER", "paris", "AT_WORK", "rso", "AMBER", "analyst=DC rso=DCP"),
    ("at the officer's post, at work, reported by the officer, RED", "paris", "AT_WORK", "rso", "RED", "rso=DCP"),
    (OWN_RED, "paris", "AT_HOME", "rso", "RED", "rso=DCP"),
    (ELSEWHERE, "marseille", "AT_WORK", "third officer", "AMBER", "analyst=DC"),
    ("at another post, at work, CLEAR", "berlin", "AT_WORK", "third officer", "CLEAR", "analyst=DC"),
    ("at another post, at work, RED", "berlin", "AT_WORK", "third officer", "RED", ""),
    (HOME_ELSEWHERE, "berlin", "AT_HOME", "third officer", "AMBER", "analyst=D"),
    (OWN_ELSEWHERE, "berlin", "AT_WORK", "rso", "AMBER", "analyst=DC rso=DCP"),
    (OWN_HOME_ELSEWHERE, "berlin", "AT_HOME", "rso", "AMBER", "analyst=D rso=DCP"),
    ("at another post, at work, reported by the officer, RED", "berlin", "AT_WORK", "rso", "RED", "rso=DCP"),
    ("at another post, at work, reported by the officer, a marking that cannot be read", "berlin", "AT_WORK", "rso", "PURPLE", "rso=DCP"),
    ("at another post, at home, reported by the analyst, AMBER: the role has no such ground", "berlin", "AT_HOME", "analyst", "AMBER", "analyst=D"),
    ("at another post, at work, reported by the analyst, RED: the role has no such ground", "berlin", "AT_WORK", "analyst", "RED", ""),
    ("at the officer's post, at work, reported by the agent, who is posted there too, AMBER", "paris", "AT_WORK", "agent", "AMBER", "analyst=DC rso=DCP"),
];

/// An entry: incident, marking, who sees it.
type EntryLine = (&'static str, &'static str, &'static str);

/// An entry needs C of its incident under its own marking; its author, P of it.
#[rustfmt::skip]
const ENTRIES: &[EntryLine] = &[
    (AT_WORK, "CLEAR",        "analyst=C rso=CP"),
    (AT_WORK, "AMBER",        "analyst=C rso=CP"),
    (AT_WORK, "AMBER_STRICT", "analyst=C rso=CP"),
    (AT_WORK, "RED",          ""),
    (AT_WORK, "PURPLE",       ""),
    (AT_HOME, "CLEAR",        "rso=CP"),
    (AT_HOME, "AMBER",        "rso=CP"),
    (AT_HOME, "RED",          ""),
    (RED, "CLEAR",            ""),
    (RED, "RED",              ""),
    (OWN_RED, "CLEAR",        "rso=CP"),
    (OWN_RED, "RED",          "rso=CP"),
    (ELSEWHERE, "AMBER",      "analyst=C"),
    (ELSEWHERE, "RED",        ""),
    (HOME_ELSEWHERE, "AMBER", ""),
    (OWN_ELSEWHERE, "AMBER",  "analyst=C rso=CP"),
    (OWN_ELSEWHERE, "RED",    "rso=CP"),
    (OWN_ELSEWHERE, "PURPLE", "rso=CP"),
    (OWN_HOME_ELSEWHERE, "AMBER", "rso=CP"),
    (OWN_HOME_ELSEWHERE, "RED",   "rso=CP"),
];

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (name, post, setting, reporter, tlp, expect) in INCIDENTS {
        let situation = Situation::new(Kind::Incident, *name, expect);
        let row = incident::Model {
            reference: format!("I-2026-{}", &situation.id[situation.id.len() - 8..]),
            post_id: id_of(Kind::Post, post),
            setting: (*setting).to_owned(),
            category: "THEFT".to_owned(),
            severity: "HIGH".to_owned(),
            status: "RESOLVED".to_owned(),
            tlp: (*tlp).to_owned(),
            title: "A title".to_owned(),
            narrative: "What happened".to_owned(),
            occurred_at: some(THEN),
            place: some("The gate"),
            reporter_id: id_of(Kind::Person, reporter),
            opened_at: THEN.to_owned(),
            resolved_at: some(LATER),
            closed_at: some(LATER),
            id: situation.id.clone(),
        };
        put(work, row).await;
        world.push(situation);
    }
    for (incident, tlp, expect) in ENTRIES {
        let situation = Situation::new(Kind::IncidentEntry, format!("{tlp}, of: {incident}"), expect);
        let row = incident_entry::Model {
            id: situation.id.clone(),
            incident_id: id_of(Kind::Incident, incident),
            kind: "STATUS".to_owned(),
            author_id: id_of(Kind::Person, "third officer"),
            tlp: (*tlp).to_owned(),
            body: some("What was said"),
            at: THEN.to_owned(),
            to_status: some("RESOLVED"),
            to_severity: some("HIGH"),
        };
        put(work, row).await;
        world.push(situation);
    }
    world
}
