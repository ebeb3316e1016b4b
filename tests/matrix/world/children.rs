//! What hangs on a concern: as deep as the concern, to its own audience.

use chancery::access::Kind;
use entity::{entry, entry_audience, evidence};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{Case, THEN, case, put},
    shares::{RED_TO_ONE, with_everybody},
};
use crate::cast;

/// Raised by the consulate, shared with everybody, referred to two polices.
const LOG: &str = "raised by the consulate, shared with everybody, referred to two";
/// As deep as a child never needs.
const SHALLOW: &str = "shared with everybody, D, with a log";
/// Assigned to the officer.
const OWNED: &str = "assigned to the officer, with a log";
/// The embassy's in the officer's portfolio.
const PORTFOLIO: &str = "raised by the embassy, with a log";
/// About the embassy, raised by a police, released to the embassy.
const RELEASED: &str = "raised by a police about the embassy, released to it, with a log";
/// A stranger's.
const HIDDEN: &str = "a stranger's, with a log";

/// The concerns.
#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    vec![
        Case {
            about: "both", origin: Some("consulate"), by: "consulate", reporter: "consulate colleague",
            shares: with_everybody("DCPSI"), referrals: vec![("manhattan", "ACCEPTED"), ("federal", "OFFERED"), ("statepolice", "DECLINED")],
            ..case(LOG, "embassy=DC consulate=DCP organisation=DC police=DCP manhattan=DCPS federal=DCPS analyst=DCSI liaison=DCP agent=DC rso=DCS")
        },
        Case { about: "shared", shares: with_everybody("D"), ..case(SHALLOW, "missions=D police=D analyst=DCSI liaison=DC agent=D rso=D") },
        Case { owner: Some("officer"), ..case(OWNED, "analyst=DCSI officer=DCPSI watch=DC") },
        Case { about: "embassy", origin: Some("embassy"), by: "embassy", reporter: "embassy colleague", ..case(PORTFOLIO, "embassy=DCP analyst=DCSI officer=DCPSI watch=DC") },
        Case { about: "embassy", shares: vec![super::rows::to("embassy", "DC")], ..case(RELEASED, "embassy=DC analyst=DCSI officer=DCPSI watch=DC") },
        case(HIDDEN, "analyst=DCSI liaison=DC"),
    ]
}

/// An entry: concern, audience, agencies, marking, who sees it.
type EntryLine = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str);

/// An entry needs C of its concern under its own marking; an internal one needs I. Its author, who may be the
/// reporter, needs P of the concern.
#[rustfmt::skip]
const ENTRIES: &[EntryLine] = &[
    (LOG, "INTERNAL", &[],                        "AMBER",        "analyst=C"),
    (LOG, "MISSION",  &[],                        "AMBER",        "consulate=CP analyst=C liaison=CP agent=C rso=C"),
    (LOG, "AGENCIES", &["manhattan"],             "AMBER",        "manhattan=CP analyst=C liaison=CP agent=C rso=C"),
    (LOG, "AGENCIES", &["newyork", "federal"],    "AMBER",        "newyork=CP federal=CP analyst=C liaison=CP agent=C rso=C"),
    (LOG, "AGENCIES", &[],                        "AMBER",        "analyst=C liaison=CP agent=C rso=C"),
    (LOG, "AGENCIES", &["embassy"],               "AMBER",        "embassy=C analyst=C liaison=CP agent=C rso=C"),
    (LOG, "SOMEBODY", &["manhattan"],             "AMBER",        "analyst=C"),
    (LOG, "MISSION",  &[],                        "AMBER_STRICT", "consulate=CP analyst=C liaison=C"),
    (LOG, "AGENCIES", &["manhattan", "newyork"],  "AMBER_STRICT", "manhattan=CP analyst=C liaison=C"),
    (LOG, "INTERNAL", &[],                        "AMBER_STRICT", "analyst=C"),
    (LOG, "MISSION",  &[],                        "RED",          ""),
    (LOG, "AGENCIES", &["manhattan"],             "RED",          ""),
    (LOG, "AGENCIES", &["manhattan"],             "PURPLE",       ""),
    (LOG, "AGENCIES", &["manhattan"],             "CLEAR",        "manhattan=CP analyst=C liaison=CP agent=C rso=C"),
    (SHALLOW, "AGENCIES", &["manhattan"],         "AMBER",        "analyst=C liaison=C"),
    (SHALLOW, "INTERNAL", &[],                    "AMBER",        "analyst=C"),
    (OWNED, "INTERNAL", &[],                      "AMBER",        "analyst=C officer=CP"),
    (OWNED, "INTERNAL", &[],                      "RED",          "officer=CP"),
    (PORTFOLIO, "INTERNAL", &[],                  "AMBER",        "analyst=C officer=CP"),
    (PORTFOLIO, "MISSION",  &[],                  "AMBER",        "embassy=CP analyst=C officer=CP watch=C"),
    (PORTFOLIO, "MISSION",  &[],                  "RED",          ""),
    (RELEASED, "MISSION",  &[],                   "AMBER",        "embassy=C analyst=C officer=CP watch=C"),
    (RELEASED, "INTERNAL", &[],                   "AMBER",        "analyst=C officer=CP"),
    (RED_TO_ONE, "AGENCIES", &["manhattan"],      "RED",          "manhattan=CP"),
    (RED_TO_ONE, "AGENCIES", &["newyork"],        "RED",          ""),
    (HIDDEN, "AGENCIES", &["manhattan"],          "CLEAR",        "analyst=C liaison=C"),
];

/// Shares and referrals of [`LOG`], with lines of their own on the page.
#[rustfmt::skip]
const NAMED: &[(Kind, &str, &str)] = &[
    (Kind::Referral, "0: to manhattan",      "manhattan=S analyst=S rso=S"),
    (Kind::Referral, "1: to federal",        "federal=S analyst=S rso=S"),
    (Kind::Referral, "2: to statepolice",    "analyst=S rso=S"),
    (Kind::Share,    "0: with embassy",      "liaison=P"),
    (Kind::Share,    "1: with consulate",    "consulate=P liaison=P"),
    (Kind::Share,    "3: with manhattan",    "manhattan=P liaison=P"),
    (Kind::Share,    "4: with newyork",      "newyork=P liaison=P"),
    (Kind::Share,    "8: with dss",          "liaison=P"),
];

/// Puts the entries in, and names the children that stand on the page.
pub async fn entries(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (place, (concern, audience, agencies, tlp, expect)) in ENTRIES.iter().enumerate() {
        let handle = format!("entry {place}");
        let row = entry::Model {
            id: id_of(Kind::Entry, &handle),
            concern_id: id_of(Kind::Concern, concern),
            kind: "COMMENT".to_owned(),
            author_id: Some(id_of(Kind::Person, "third officer")),
            audience: (*audience).to_owned(),
            tlp: (*tlp).to_owned(),
            body: Some("What was said".to_owned()),
            at: THEN.to_owned(),
            to_status: Some("ASSIGNED".to_owned()),
            to_severity: Some("HIGH".to_owned()),
        };
        put(work, row).await;
        for agency in *agencies {
            let (entry_id, agency_id) = (id_of(Kind::Entry, &handle), id_of(Kind::Agency, agency));
            put(work, entry_audience::Model { entry_id, agency_id }).await;
        }
        let whom = if audience == &"AGENCIES" { format!("[{}]", agencies.join(", ")) } else { (*audience).to_owned() };
        let situation = Situation::of(Kind::Entry, &handle, format!("{whom}, {tlp}, of: {concern}"), expect);
        world.push(added_by(work, &situation, concern, tlp).await);
        world.push(situation);
    }
    world.extend(NAMED.iter().map(|(kind, whom, expect)| Situation::new(*kind, format!("{whom}, of: {LOG}"), expect)));
    world
}

/// Puts a piece of evidence in that was added by an entry: it is seen by whom the entry is for and who reads P of the
/// concern, as the entry's author is.
async fn added_by(work: &DatabaseTransaction, entry: &Situation, concern: &str, tlp: &str) -> Situation {
    let handle = format!("evidence by {}", entry.id);
    let row = evidence::Model {
        id: id_of(Kind::Evidence, &handle),
        concern_id: id_of(Kind::Concern, concern),
        entry_id: entry.id.clone(),
        name: "A photograph".to_owned(),
        sha256: "0f".repeat(32),
        pointer: "https://holder.example/1".to_owned(),
        tlp: tlp.to_owned(),
        added_at: THEN.to_owned(),
        added_by_id: Some(id_of(Kind::Person, "third officer")),
    };
    put(work, row).await;
    let seen = cast::CAST.iter().filter(|asker| entry.expected(asker.name).contains('P'));
    let expect: Vec<String> = seen.map(|asker| format!("{}=P", asker.name)).collect();
    Situation::of(Kind::Evidence, &handle, entry.name.clone(), &expect.join(" "))
}
