//! Sending states, agencies, persons, liaisons, and the standing of those who ask.

use chancery::access::Kind;
use entity::{
    agency, agency_area, agency_key, agency_mission, liaison, liaison_mission, person, portfolio, watch_shift,
};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of, posts,
    rows::{self, LATER, NOW, THEN, put},
};
use crate::cast;

const STATE: &str = "missions=D police=D analyst=D liaison=D agent=D rso=D registrar=D";

/// Agency, kind, level, state, state-wide, what makes it so, who sees what.
type AgencyLine = (&'static str, &'static str, &'static str, Option<&'static str>, bool, &'static str, &'static str);

/// Every agency is in everybody's directory; a police sees its own watch telephone, an administrator the trust record
/// of its own agency, the service's of all.
#[rustfmt::skip]
const AGENCIES: &[AgencyLine] = &[
    ("dss",          "DIPLOMATIC_SECURITY", "FEDERAL", None, false, "the Diplomatic Security Service",
     "missions=D police=D analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("embassy",      "MISSION", "OTHER", Some("FR"), true, "the French embassy's agency",
     "missions=D police=D analyst=DC liaison=DC agent=DC rso=D registrar=DS attache=DS"),
    ("consulate",    "MISSION", "OTHER", Some("FR"), false, "the French consulate's agency",
     "missions=D police=D analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("organisation", "MISSION", "OTHER", None, true, "an international organisation's agency",
     "missions=D police=D analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("manhattan",    "LAW_ENFORCEMENT", "CITY", None, false, "the police of New York County",
     "missions=D police=D manhattan=DC analyst=DC liaison=DC agent=DC rso=D registrar=DS chief=DS"),
    ("newyork",      "LAW_ENFORCEMENT", "CITY", None, false, "the police of New York City",
     "missions=D police=D newyork=DC analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("statepolice",  "LAW_ENFORCEMENT", "STATE", None, false, "the state police of New York",
     "missions=D police=D statepolice=DC analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("federal",      "LAW_ENFORCEMENT", "FEDERAL", None, false, "a federal agency in Washington",
     "missions=D police=D federal=DC analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("national",     "LAW_ENFORCEMENT", "FEDERAL", None, false, "a federal agency for all of the country",
     "missions=D police=D national=DC analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("dallas",       "LAW_ENFORCEMENT", "CITY", None, false, "a police of which nobody asks",
     "missions=D police=D analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
    ("suspended",    "LAW_ENFORCEMENT", "CITY", None, false, "a suspended agency",
     "missions=D police=D analyst=DC liaison=DC agent=DC rso=D registrar=DS"),
];

/// Agency, area, whether it was confirmed.
const AREAS: &[(&str, &str, bool)] = &[
    ("manhattan", "36061", true),
    ("manhattan", "48201", false),
    ("newyork", "36005", true),
    ("newyork", "36047", true),
    ("newyork", "36061", true),
    ("newyork", "36081", true),
    ("newyork", "36085", true),
    ("statepolice", "US-NY", true),
    ("federal", "US-DC", true),
    ("national", "US", true),
];

/// Persons who do not ask: handle, agency, who sees what.
const OTHERS: &[(&str, &str, &str)] = &[
    ("third officer", "dss", "registrar=D"),
    ("embassy colleague", "embassy", "registrar=D attache=D"),
    ("consulate colleague", "consulate", "registrar=D"),
    ("manhattan colleague", "manhattan", "registrar=D chief=D"),
    ("dallas officer", "dallas", "registrar=D"),
];

/// Liaisons: handle, agency, the mission served, who sees what.
#[rustfmt::skip]
const LIAISONS: &[(&str, &str, &str, &str)] = &[
    ("of the police of New York County, serves the French embassy",      "manhattan", "embassy",
     "embassy=DC police=DC manhattan=DCPS analyst=DC liaison=DCPS"),
    ("of a federal agency, serves the French consulate",                 "federal",   "consulate",
     "consulate=DC police=DC federal=DCPS analyst=DC liaison=DCPS"),
    ("of another police, serves an organisation",                        "dallas",    "organisation",
     "organisation=DC police=DC analyst=DC liaison=DCPS"),
    ("of another police, serves the mission of the agent's visit",       "dallas",    "in Brooklyn",
     "police=DC analyst=DC liaison=DCPS agent=DCP"),
    ("of another police, serves a stranger's mission",                   "dallas",    "outside",
     "police=DC analyst=DC liaison=DCPS"),
];

/// Who there is.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    let states = [
        ("CH", "CHE", "CH", "a third state"),
        ("FR", "FRA", "CH", "the askers' own state, or the host state"),
        ("DE", "DEU", "CH", "a stranger's state"),
        ("IR", "IRN", "FR", "a state that the askers' state protects"),
    ];
    for (iso2, iso3, power, name) in states {
        put(work, rows::sending_state(iso2, iso3, power)).await;
        world.push(Situation::of(Kind::SendingState, iso2, name, STATE));
    }
    world.extend(posts::build(work).await);
    for (handle, kind, level, state, state_wide, name, expect) in AGENCIES {
        let suspended_at = (*handle == "suspended").then(|| THEN.to_owned());
        put(work, agency::Model { suspended_at, ..rows::agency(handle, kind, level, *state, *state_wide) }).await;
        let agency_id = id_of(Kind::Agency, handle);
        put(work, agency_key::Model { agency_id, kid: "key".into(), jwk: "{}".into(), added_at: THEN.into() }).await;
        world.push(Situation::of(Kind::Agency, handle, *name, expect));
    }
    for (agency, area, confirmed) in AREAS {
        let row = agency_area::Model {
            agency_id: id_of(Kind::Agency, agency),
            area: (*area).to_owned(),
            level: "COUNTY".to_owned(),
            source: "IMPORT".to_owned(),
            proposed_at: THEN.to_owned(),
            confirmed_at: confirmed.then(|| THEN.to_owned()),
        };
        put(work, row).await;
    }
    for asker in cast::CAST {
        put(work, rows::person(asker.name, asker.agency)).await;
        let expect = match asker.agency {
            "manhattan" => "registrar=D chief=D",
            "embassy" => "registrar=D attache=D",
            _ => "registrar=D",
        };
        let name = format!("{}, of the agency {}", asker.name, asker.agency);
        world.push(Situation::of(Kind::Person, asker.name, name, expect));
    }
    for (handle, agency, expect) in OTHERS {
        let disabled_at = (*handle == "manhattan colleague").then(|| THEN.to_owned());
        put(work, person::Model { disabled_at, ..rows::person(handle, agency) }).await;
        world.push(Situation::of(Kind::Person, handle, format!("{handle}, of the agency {agency}"), expect));
    }
    world
}

/// Liaisons, and what the registry says of those who ask.
pub async fn liaisons_and_standing(work: &DatabaseTransaction, world: &mut Vec<Situation>) {
    for (handle, agency, mission, expect) in LIAISONS {
        let row = liaison::Model {
            id: id_of(Kind::Liaison, handle),
            agency_id: id_of(Kind::Agency, agency),
            unit: Some("Unit".to_owned()),
            name: "A Liaison".to_owned(),
            desk_phone: Some("+12025550108".to_owned()),
            mobile_phone: Some("+12025550109".to_owned()),
            email: Some("liaison@example.org".to_owned()),
            sworn: true,
            cfr28_certified: true,
        };
        put(work, row).await;
        let (liaison_id, mission_id) = (id_of(Kind::Liaison, handle), id_of(Kind::Mission, mission));
        put(work, liaison_mission::Model { liaison_id, mission_id }).await;
        world.push(Situation::new(Kind::Liaison, *handle, expect));
    }
    for mission in ["embassy", "consulate", "organisation"] {
        let (agency_id, mission_id) = (id_of(Kind::Agency, mission), id_of(Kind::Mission, mission));
        put(work, agency_mission::Model { agency_id, mission_id }).await;
    }
    let (person_id, mission_id) = (id_of(Kind::Person, "officer"), id_of(Kind::Mission, "embassy"));
    put(work, portfolio::Model { person_id, mission_id }).await;
    // Half-open: the turn of one ends where the other's begins.
    for (person, starts_at, ends_at) in [("officer", THEN, NOW), ("watch", NOW, LATER)] {
        let (starts_at, ends_at) = (starts_at.to_owned(), ends_at.to_owned());
        let id = id_of(Kind::Person, &format!("turn of {person}"));
        put(work, watch_shift::Model { id, person_id: id_of(Kind::Person, person), starts_at, ends_at }).await;
    }
}
