//! Events of the audit trail, by whose act each is.

use chancery::access::Kind;
use entity::audit_event;
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{THEN, put, some},
};

/// What makes it so, for which agency, by whom, who sees it beside the auditor.
type Line = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);

#[rustfmt::skip]
const EVENTS: &[Line] = &[
    ("by the embassy's officer",                        Some("embassy"),      Some("embassy"),           "embassy=DP"),
    ("by a colleague of the embassy's",                 Some("embassy"),      Some("embassy colleague"), "embassy=DP"),
    ("by the embassy's administrator",                  Some("embassy"),      Some("attache"),           "embassy=DP"),
    ("by the consulate's officer",                      Some("consulate"),    Some("consulate"),         "consulate=DP"),
    ("by an organisation's officer",                    Some("organisation"), Some("organisation"),      "organisation=DP"),
    ("by the police's officer",                         Some("manhattan"),    Some("manhattan"),         "manhattan=DP"),
    ("by the police's administrator",                   Some("manhattan"),    Some("chief"),             "manhattan=DP"),
    ("by somebody who is of another agency by now",     Some("newyork"),      Some("statepolice"),       "newyork=DP"),
    ("by somebody of the police, not known by name",    Some("federal"),      None,                      "federal=DP"),
    ("by the liaison officer",                          Some("dss"),          Some("officer"),           "officer=DP"),
    ("by the liaison officer on watch",                 Some("dss"),          Some("watch"),             "watch=DP"),
    ("by a liaison officer while of another agency",    Some("federal"),      Some("officer"),           "federal=DP officer=DP"),
    ("by the agent",                                    Some("dss"),          Some("agent"),             "agent=DP"),
    ("by the regional security officer",                Some("dss"),          Some("rso"),               "rso=DP"),
    ("by the analyst",                                  Some("dss"),          Some("analyst"),           ""),
    ("by the registrar",                                Some("dss"),          Some("registrar"),         ""),
    ("by the auditor",                                  Some("dss"),          Some("auditor"),           ""),
    ("by an operator",                                  None,                 None,                      ""),
    ("by an agency that is not there",                  Some("nowhere"),      Some("nobody"),            ""),
];

/// Puts them in. They hang in no chain: what is asked here is who sees them.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (place, (name, agency, person, expect)) in (1..).zip(EVENTS) {
        let row = audit_event::Model {
            id: id_of(Kind::AuditEvent, name),
            writer: "desk".to_owned(),
            sequence: place,
            at: THEN.to_owned(),
            subject: person.map(str::to_owned),
            agency_id: agency.map(|agency| id_of(Kind::Agency, agency)),
            person_id: person.map(|person| id_of(Kind::Person, person)),
            role: person.and_then(|_| some("ADMINISTRATOR")),
            operation: "respondToConcern".to_owned(),
            object_ids: r#"["concern_1/PS"]"#.to_owned(),
            grounds: r#"["OWN"]"#.to_owned(),
            decision: "REFUSED".to_owned(),
            code: if place % 2 == 0 { some("NOT_FOUND") } else { None },
            policy_version: 8,
            previous_hash: format!("{place:064x}"),
            hash: format!("{:064x}", place + 1),
        };
        put(work, row).await;
        world.push(Situation::new(Kind::AuditEvent, *name, &format!("auditor=DPS {expect}")));
    }
    world
}
