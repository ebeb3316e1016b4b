//! Advisories, by to whom they are addressed, and who has acknowledged them.

use chancery::access::Kind;
use entity::{acknowledgement, advisory};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{LATER, THEN, put, some},
};

/// To all missions.
const TO_MISSIONS: &str = "to all missions";
/// To all law enforcement.
const TO_POLICE: &str = "to all law enforcement";
/// To the missions of a stranger's state.
const TO_STRANGERS: &str = "to the missions of a stranger's state";

/// What makes it so, to whom, who sees it beside the service; `SENDING_STATE:` is followed by a handle.
type Line = (&'static str, &'static [&'static str], &'static str);

/// Nobody is meant who is not named; of several, each is meant by itself.
#[rustfmt::skip]
const ADVISORIES: &[Line] = &[
    (TO_MISSIONS,                                       &["MISSIONS"],                            "missions=DC"),
    (TO_POLICE,                                         &["LAW_ENFORCEMENT"],                     "police=DC"),
    (TO_STRANGERS,                                      &["SENDING_STATE:DE"],                    ""),
    ("to nobody",                                       &[],                                      ""),
    ("to the missions of the askers' state",            &["SENDING_STATE:FR"],                    "embassy=DC consulate=DC"),
    ("to consulates",                                   &["MISSION_TYPE:CONSULATE"],              "consulate=DC"),
    ("to embassies",                                    &["MISSION_TYPE:EMBASSY"],                "embassy=DC organisation=DC"),
    ("to New York County",                              &["AREA:36061"],                          "consulate=DC manhattan=DC newyork=DC statepolice=DC national=DC"),
    ("to New York City",                                &["AREA:NYC"],                            "consulate=DC manhattan=DC newyork=DC statepolice=DC national=DC"),
    ("to the state of New York",                        &["AREA:US-NY"],                          "consulate=DC manhattan=DC newyork=DC statepolice=DC national=DC"),
    ("to Albany County",                                &["AREA:36001"],                          "statepolice=DC national=DC"),
    ("to the District of Columbia, as a state",         &["AREA:US-DC"],                          "embassy=DC federal=DC national=DC"),
    ("to the District of Columbia, as a county",        &["AREA:11001"],                          "embassy=DC federal=DC national=DC"),
    ("to Harris County, an area that is proposed only", &["AREA:48201"],                          "national=DC"),
    ("to the whole country",                            &["AREA:US"],                             "missions=DC police=DC"),
    ("to Albany County and to consulates",              &["AREA:36001", "MISSION_TYPE:CONSULATE"], "consulate=DC statepolice=DC national=DC"),
    ("to what cannot be read",                          &["AREA:nowhere", "EVERYBODY", "missions"], ""),
    ("to all missions, expired",                        &["MISSIONS"],                            "missions=DC"),
];

/// The service sees all of them; what is internal is for who sends, and for analysts.
const SERVICE: &str = "analyst=DCI liaison=DCI agent=DC rso=DC";

/// Which advisory, by whose agency and whom, who sees it beside those who read what is internal: the agency itself,
/// while it sees the advisory.
const ACKNOWLEDGEMENTS: &[(&str, &str, &str, &str)] = &[
    (TO_MISSIONS, "embassy", "embassy colleague", "embassy=C"),
    (TO_MISSIONS, "consulate", "consulate", "consulate=C"),
    (TO_POLICE, "manhattan", "manhattan", "manhattan=C"),
    (TO_STRANGERS, "embassy", "embassy", ""),
];

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (name, audience, expect) in ADVISORIES {
        let stored = audience.iter().map(|to| match to.strip_prefix("SENDING_STATE:") {
            Some(state) => format!("SENDING_STATE:{}", id_of(Kind::SendingState, state)),
            None => (*to).to_owned(),
        });
        let row = advisory::Model {
            id: id_of(Kind::Advisory, name),
            msg_type: "ALERT".to_owned(),
            urgency: "EXPECTED".to_owned(),
            severity: "MODERATE".to_owned(),
            certainty: "LIKELY".to_owned(),
            headline: "A headline".to_owned(),
            body: "A body".to_owned(),
            audience: serde_json::json!(stored.collect::<Vec<_>>()).to_string(),
            sent_at: THEN.to_owned(),
            expires_at: some(if name.ends_with("expired") { THEN } else { LATER }),
            supersedes_id: (*name == TO_POLICE).then(|| id_of(Kind::Advisory, TO_MISSIONS)),
            issued_by_id: Some(id_of(Kind::Person, "third officer")),
        };
        put(work, row).await;
        world.push(Situation::new(Kind::Advisory, *name, &format!("{SERVICE} {expect}")));
    }
    for (advisory, agency, person, expect) in ACKNOWLEDGEMENTS {
        let name = format!("by {agency}, {advisory}");
        let row = acknowledgement::Model {
            id: id_of(Kind::Acknowledgement, &name),
            advisory_id: id_of(Kind::Advisory, advisory),
            agency_id: id_of(Kind::Agency, agency),
            person_id: id_of(Kind::Person, person),
            acknowledged_at: THEN.to_owned(),
        };
        put(work, row).await;
        world.push(Situation::new(Kind::Acknowledgement, name, &format!("analyst=C liaison=C {expect}")));
    }
    world
}
