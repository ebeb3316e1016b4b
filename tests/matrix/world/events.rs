//! Events of the audit trail, by whose act each is.

use chancery::access::{Kind, Role};
use entity::audit_event;
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{THEN, put, some},
};

/// What makes it so, for which agency, by whom, in which role, who sees it beside the auditor.
type Line = (&'static str, Option<&'static str>, Option<&'static str>, Role, &'static str);

#[rustfmt::skip]
const EVENTS: &[Line] = &[
    ("by the embassy's officer",                         Some("embassy"),      Some("embassy"),           Role::MissionOfficer, "embassy=DP"),
    ("by a colleague of the embassy's",                  Some("embassy"),      Some("embassy colleague"), Role::MissionOfficer, ""),
    ("by the embassy's officer as an administrator",     Some("embassy"),      Some("embassy"),           Role::Administrator,  ""),
    ("by the embassy's administrator",                   Some("embassy"),      Some("attache"),           Role::Administrator,  ""),
    ("by the consulate's officer",                       Some("consulate"),    Some("consulate"),         Role::MissionOfficer, "consulate=DP"),
    ("by an organisation's officer",                     Some("organisation"), Some("organisation"),      Role::MissionOfficer, "organisation=DP"),
    ("by the police's officer",                          Some("manhattan"),    Some("manhattan"),         Role::LawEnforcement, "manhattan=DP"),
    ("by the police's administrator",                    Some("manhattan"),    Some("chief"),             Role::Administrator,  ""),
    ("by an officer who is of another agency by now",    Some("newyork"),      Some("statepolice"),       Role::LawEnforcement, ""),
    ("by somebody of the police, not known by name",     Some("federal"),      None,                      Role::LawEnforcement, ""),
    ("by the liaison officer",                           Some("dss"),          Some("officer"),           Role::LiaisonOfficer, "officer=DP"),
    ("by the liaison officer on watch",                  Some("dss"),          Some("watch"),             Role::LiaisonOfficer, "watch=DP"),
    ("by the liaison officer as an analyst",             Some("dss"),          Some("officer"),           Role::Analyst,        ""),
    ("by a liaison officer while of another agency",     Some("federal"),      Some("officer"),           Role::LiaisonOfficer, ""),
    ("by the agent",                                     Some("dss"),          Some("agent"),             Role::DetailAgent,    "agent=DP"),
    ("by the regional security officer",                 Some("dss"),          Some("rso"),               Role::RegionalSecurityOfficer, "rso=DP"),
    ("by the analyst",                                   Some("dss"),          Some("analyst"),           Role::Analyst,        ""),
    ("by the registrar",                                 Some("dss"),          Some("registrar"),         Role::Administrator,  ""),
    ("by the auditor",                                   Some("dss"),          Some("auditor"),           Role::Auditor,        ""),
    ("by an operator",                                   None,                 None,                      Role::Auditor,        ""),
    ("by an agency that is not there",                   Some("nowhere"),      Some("nobody"),            Role::MissionOfficer, ""),
];

/// Puts them in. They hang in no chain: what is asked here is who sees them.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (place, (name, agency, person, role, expect)) in (1..).zip(EVENTS) {
        let row = audit_event::Model {
            id: id_of(Kind::AuditEvent, name),
            writer: "desk".to_owned(),
            sequence: place,
            at: THEN.to_owned(),
            subject: person.map(str::to_owned),
            agency_id: agency.map(|agency| id_of(Kind::Agency, agency)),
            person_id: person.map(|person| id_of(Kind::Person, person)),
            role: person.and_then(|_| some(role.name())),
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
