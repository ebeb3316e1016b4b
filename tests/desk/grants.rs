//! Every command, by everybody in every role, on every row: granted, not theirs, or not there.
//!
//! What should come of it is judged by the oracle's grounds, which are loops over a dump of the rows, and by the
//! grants written down once more by hand: neither is read off `access`.

use std::collections::BTreeMap;

use chancery::{
    access::{
        Command::{self, *},
        Kind,
        Role::{self, *},
    },
    model::definition,
    store::Engine,
};
use rstest::rstest;

use crate::{
    act, desk,
    given::input,
    grounds::{self, Ground},
    is_whole,
    rows::{Asker, Row, Rows, text},
    support::small_world,
};

const OFFICER: &str = "acknowledgeConcern assignConcern startConcern requestFromMission respondToConcern resolveConcern closeConcern reopenConcern replyToConcern addInternalEntry addEvidence markConcern setSeverity shareConcern referConcern linkConcernToVisit";
const ORIGINATOR: &str = "replyToConcern addEvidence withdrawConcern reopenConcern";
const ITINERARY: &str = "changeVisit cancelVisit addVenue addLeg addDelegate requestPortCourtesy fileWeaponsNotice";
const INCIDENT: &str =
    "commentOnIncident startIncident resolveIncident closeIncident reopenIncident setIncidentSeverity markIncident";
const REGISTRY: &str = "enrolPerson registerAgency setAgencyCeiling addAgencyKey removeAgencyKey setAgencyKeySource confirmAgencyAreas removeAgencyArea addAgencyMission removeAgencyMission suspendAgency reinstateAgency revokeToken revokeAgencyTokens";

/// Role, type, ground, what it grants.
#[rustfmt::skip]
const GRANTS: &[(Role, Kind, Ground, &str)] = &[
    (MissionOfficer, Kind::Mission,         Ground::Own,          "raiseConcern addSecurityContact proposeMissionChange announceVisit"),
    (MissionOfficer, Kind::SecurityContact, Ground::Own,          "updateSecurityContact removeSecurityContact"),
    (MissionOfficer, Kind::Concern,         Ground::Own,          ORIGINATOR),
    (MissionOfficer, Kind::Concern,         Ground::Reporter,     ORIGINATOR),
    (MissionOfficer, Kind::Visit,           Ground::Own,          ITINERARY),
    (MissionOfficer, Kind::Venue,           Ground::Own,          "removeVenue"),
    (MissionOfficer, Kind::Leg,             Ground::Own,          "changeLeg removeLeg"),
    (MissionOfficer, Kind::Delegate,        Ground::Own,          "removeDelegate"),
    (LiaisonOfficer, Kind::Visit,           Ground::Portfolio,    ITINERARY),
    (LiaisonOfficer, Kind::Visit,           Ground::Portfolio,    "acceptVisit declineVisit startVisit completeVisit assessVisit openDetail"),
    (LiaisonOfficer, Kind::Venue,           Ground::Portfolio,    "removeVenue"),
    (LiaisonOfficer, Kind::Leg,             Ground::Portfolio,    "changeLeg removeLeg setLegRoute"),
    (LiaisonOfficer, Kind::Delegate,        Ground::Portfolio,    "removeDelegate"),
    (LiaisonOfficer, Kind::PortCourtesy,    Ground::Portfolio,    "decidePortCourtesy"),
    (LiaisonOfficer, Kind::WeaponsNotice,   Ground::Portfolio,    "decideWeaponsNotice"),
    (DetailAgent,    Kind::ProtectiveDetail, Ground::Leads,      "assignAgent addShift addDetailAgency removeDetailAgency handOverDetail setSafeHaven closeDetail"),
    (DetailAgent,    Kind::ProtectiveDetail, Ground::OnDetail,   "addShift setSafeHaven"),
    (DetailAgent,    Kind::Assignment,      Ground::Leads,        "endAssignment"),
    (DetailAgent,    Kind::Shift,           Ground::Leads,        "removeShift relieveShift"),
    (DetailAgent,    Kind::Shift,           Ground::OnDetail,     "removeShift relieveShift"),
    (DetailAgent,    Kind::Visit,           Ground::OnDetail,     "addVenue addLeg"),
    (DetailAgent,    Kind::Venue,           Ground::OnDetail,     "removeVenue"),
    (DetailAgent,    Kind::Leg,             Ground::OnDetail,     "changeLeg removeLeg setLegRoute addAdvanceNote"),
    (LawEnforcement, Kind::Mission,         Ground::Jurisdiction, "raiseConcern"),
    (LawEnforcement, Kind::Concern,         Ground::Referred,     "replyToConcern addEvidence"),
    (LawEnforcement, Kind::Concern,         Ground::Reporter,     "replyToConcern addEvidence"),
    (LawEnforcement, Kind::Referral,        Ground::Referred,     "acceptReferral declineReferral completeReferral setCaseNumber"),
    (MissionOfficer, Kind::Advisory,        Ground::Audience,     "acknowledgeAdvisory"),
    (LawEnforcement, Kind::Advisory,        Ground::Audience,     "acknowledgeAdvisory"),
    (LiaisonOfficer, Kind::Advisory,        Ground::Internal,     "issueAdvisory supersedeAdvisory"),
    (Analyst,        Kind::Concern,         Ground::Internal,     "addInternalEntry"),
    (LiaisonOfficer, Kind::Concern,         Ground::Watch,        "acknowledgeConcern assignConcern"),
    (LiaisonOfficer, Kind::Concern,         Ground::Portfolio,    OFFICER),
    (LiaisonOfficer, Kind::Concern,         Ground::Owner,        OFFICER),
    (LiaisonOfficer, Kind::Share,           Ground::Portfolio,    "revokeShare"),
    (LiaisonOfficer, Kind::Share,           Ground::Owner,        "revokeShare"),
    (LiaisonOfficer, Kind::Mission,         Ground::Portfolio,    "addSecurityContact addToPortfolio removeFromPortfolio"),
    (LiaisonOfficer, Kind::MissionChange,   Ground::Portfolio,    "acceptMissionChange declineMissionChange"),
    (LiaisonOfficer, Kind::Agency,          Ground::Internal,     "addLiaison"),
    (LiaisonOfficer, Kind::Liaison,         Ground::Internal,     "updateLiaison removeLiaison"),
    (LawEnforcement, Kind::Agency,          Ground::OwnAgency,    "addLiaison"),
    (LawEnforcement, Kind::Liaison,         Ground::OwnAgency,    "updateLiaison removeLiaison"),
    (Administrator,  Kind::Agency,          Ground::OwnAgency,    "enrolPerson revokeToken"),
    (Administrator,  Kind::Agency,          Ground::Internal,     REGISTRY),
    (Administrator,  Kind::Person,          Ground::OwnAgency,    "disablePerson enablePerson revokePersonTokens"),
    (Administrator,  Kind::Person,          Ground::Internal,     "disablePerson enablePerson revokePersonTokens addWatchShift removeWatchShift"),
    (Administrator,  Kind::Mission,         Ground::Internal,     "addToPortfolio removeFromPortfolio"),
    (LiaisonOfficer, Kind::SecurityContact, Ground::Portfolio,    "updateSecurityContact removeSecurityContact"),
    (RegionalSecurityOfficer, Kind::Post,          Ground::Post,     "recordTour establishProgramme recordAdvice setEmergencyPlan reportIncident"),
    (RegionalSecurityOfficer, Kind::Tour,          Ground::Post,     "changeTour removeTour"),
    (RegionalSecurityOfficer, Kind::PostProgramme, Ground::Post,     "endProgramme recordReview addFinding"),
    (RegionalSecurityOfficer, Kind::Finding,       Ground::Post,     "resolveFinding"),
    (RegionalSecurityOfficer, Kind::Advice,        Ground::Post,     "recordAdviceDecision"),
    (RegionalSecurityOfficer, Kind::Incident,      Ground::Post,     INCIDENT),
    (RegionalSecurityOfficer, Kind::Incident,      Ground::Reporter, INCIDENT),
];

fn grants(role: Role, kind: Kind, ground: Ground, command: Command) -> bool {
    GRANTS.iter().any(|(of, on, by, commands)| {
        (*of, *on, *by) == (role, kind, ground) && commands.split(' ').any(|name| name == command.name())
    })
}

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The role's schema has no such field.
    NoField,
    NotFound,
    Forbidden,
    Granted,
}

pub fn expected(rows: &Rows, asker: &Asker, command: Command, row: &Row) -> Verdict {
    let (role, kind) = (asker.who.role, command.on());
    let never = !GRANTS.iter().any(|(of, _, _, names)| *of == role && names.split(' ').any(|n| n == command.name()));
    if never {
        Verdict::NoField
    } else if command == IssueAdvisory {
        // On no row: every advisory is the service's, and only its roles have the field.
        Verdict::Granted
    } else if command == RegisterAgency {
        // On no row either: whoever is of the service has every agency's ground, and nobody else has it.
        if asker.is_dss() { Verdict::Granted } else { Verdict::Forbidden }
    } else if grounds::tiers(rows, asker, kind, row).is_empty() {
        Verdict::NotFound
    } else if grounds::held(rows, asker, kind, row).into_iter().any(|ground| grants(role, kind, ground, command)) {
        Verdict::Granted
    } else {
        Verdict::Forbidden
    }
}

#[rstest]
#[tokio::test]
async fn a_command_is_granted_by_a_ground_that_holds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    // Somebody is on watch, and somebody owns what their portfolio does not hold.
    let watch = format!(
        "insert into watch_shift (id, person_id, starts_at, ends_at) values ('w', '{}', '2026-11-22T08:00:00.000000Z', '2026-11-22T16:00:00.000000Z')",
        small_world::row('P', 5)
    );
    sea_orm::ConnectionTrait::execute_unprepared(&app.db.store.orm, &watch).await.expect("a shift");
    sea_orm::ConnectionTrait::execute_unprepared(&app.db.store.orm, "update standing set version = version + 1")
        .await
        .expect("standing");
    let mut rows = Rows::read(&app.db).await;
    let mut counted: BTreeMap<(Command, Verdict), u32> = BTreeMap::new();
    let askers = rows.askers();
    // What takes a row away comes last.
    let mut commands = Command::ALL;
    commands.sort_by_key(|command| {
        let ends_all = matches!(command, CloseDetail);
        let ends_one = matches!(
            command,
            DeclineReferral
                | RemoveSecurityContact
                | RevokeShare
                | RemoveLiaison
                | RemoveLeg
                | RemoveVenue
                | RemoveDelegate
                | RemoveShift
                | RemoveTour
                | EndAssignment
        );
        (ends_all, ends_one)
    });
    for command in commands {
        let kind = command.on();
        let ids: Vec<String> =
            rows.all(definition(kind).table).iter().filter_map(|row| text(row, "id").map(str::to_owned)).collect();
        for asker in &askers {
            let mut tried = 0;
            for row_id in &ids {
                let Some(row) = rows.one(definition(kind).table, row_id) else { continue };
                let verdict = expected(&rows, asker, command, row);
                tried += 1;
                if verdict == Verdict::NoField && tried > 1 {
                    continue;
                }
                let id = format!("{}_{row_id}", definition(kind).prefix);
                let reply = act(&app, &asker.who, command.name(), input(command, &id), "__typename").await;
                let code = reply.json["errors"][0]["extensions"]["code"].as_str();
                let found = match code {
                    Some("GRAPHQL_VALIDATION_FAILED") => Verdict::NoField,
                    Some("NOT_FOUND") => Verdict::NotFound,
                    Some("FORBIDDEN") => Verdict::Forbidden,
                    Some("CONFLICT" | "BAD_USER_INPUT") | None => Verdict::Granted,
                    // Who voids their own token is told that it is void.
                    Some("UNAUTHENTICATED") if matches!(command, RevokePersonTokens | RevokeAgencyTokens) => {
                        Verdict::Granted
                    }
                    Some(other) => panic!("{other}: {}", reply.text),
                };
                let who = format!("{} as {}", asker.who.subject, asker.who.role);
                assert_eq!(found, verdict, "{} by {who} on {id}: {}", command.name(), reply.text);
                *counted.entry((command, verdict)).or_default() += 1;
                if matches!(code, None | Some("UNAUTHENTICATED")) {
                    if matches!(command, DisablePerson | SuspendAgency | RevokePersonTokens | RevokeAgencyTokens) {
                        // Or they could ask no more.
                        let again = "delete from revocation; update person set disabled_at = null; update agency set suspended_at = null; update standing set version = version + 1";
                        small_world::run(&app.db, again).await;
                    }
                    rows = Rows::read(&app.db).await;
                }
            }
        }
    }
    for command in Command::ALL {
        for verdict in [Verdict::NoField, Verdict::Forbidden, Verdict::Granted] {
            assert!(counted.contains_key(&(command, verdict)) || is_never(command, verdict), "{command:?} {verdict:?}");
        }
    }
    let total: u32 = counted.values().sum();
    eprintln!("{engine:?}: {total} commands: {:?}", by_verdict(&counted));
    is_whole(&app.db).await;
}

/// What no row of the world shows: whoever sees a referral, or is addressed by an advisory, or as an officer sees a
/// change of a mission or a part of a visit, or as the officer of a post sees that, what hangs on it or an incident, or as an
/// administrator sees an agency or a person, may act on it.
fn is_never(command: Command, verdict: Verdict) -> bool {
    // Whoever sees a detail as an agent is on it or leads it.
    let by_all = [EnrolPerson, DisablePerson, EnablePerson, RevokePersonTokens, RevokeToken, AddShift, SetSafeHaven];
    let on = command.on();
    let acts =
        matches!(on, Kind::Referral | Kind::Advisory | Kind::MissionChange | Kind::Shift | Kind::Post | Kind::Incident)
            || matches!(on.parent(), Some(Kind::Visit | Kind::Post));
    verdict == Verdict::Forbidden && (acts || by_all.contains(&command))
}

fn by_verdict(counted: &BTreeMap<(Command, Verdict), u32>) -> BTreeMap<Verdict, u32> {
    let mut by: BTreeMap<Verdict, u32> = BTreeMap::new();
    for ((_, verdict), count) in counted {
        *by.entry(*verdict).or_default() += count;
    }
    by
}

/// Law 1: absent, hidden, malformed and of another type answer alike, and as much is asked of the database.
#[rstest]
#[tokio::test]
async fn a_command_on_what_is_hidden_answers_as_on_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let rows = Rows::read(&app.db).await;
    for asker in rows.askers() {
        for command in Command::ALL {
            let kind = command.on();
            let hidden = rows
                .all(definition(kind).table)
                .iter()
                .find(|row| expected(&rows, &asker, command, row) == Verdict::NotFound);
            let Some(hidden) = hidden.and_then(|row| text(row, "id")) else { continue };
            let prefix = definition(kind).prefix;
            let mut answers = Vec::new();
            for id in [
                format!("{prefix}_{hidden}"),
                format!("{prefix}_{}", small_world::row('Z', 1)),
                format!("{prefix}_x"),
                "state_0000000000000000000S000001".to_owned(),
                String::new(),
                "' or 1 = 1 --".to_owned(),
            ] {
                let reply = act(&app, &asker.who, command.name(), input(command, &id), "__typename").await;
                assert_eq!(reply.json["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", reply.text);
                answers.push((reply.text, format!("{:?}", reply.headers)));
            }
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        }
    }
}
