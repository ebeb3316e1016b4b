//! The logs of the demo's concerns: an entry for every step that led to the present status.

use entity::{entry, entry_audience};
use time::{Duration, OffsetDateTime};

use super::{agencies::Enrolled, chance::Chance, concerns::Told};
use crate::{
    access::{AgencyKind, Role},
    clock::{instant, parse_instant},
};

/// Entries, and the agencies that some are for.
#[derive(Default)]
pub(super) struct Log {
    pub(super) entries: Vec<entry::Model>,
    pub(super) audiences: Vec<entry_audience::Model>,
}

/// For whom an entry is written.
enum For {
    /// DSS.
    Dss,
    /// Who raised it.
    Originator,
    /// One agency.
    Agency(String),
}

/// Writes the log of a concern: the steps in order between its opening and the present.
pub(super) fn keep(log: &mut Log, chance: &mut Chance, told: &Told<'_>, dss: &Enrolled, now: OffsetDateTime) {
    let watch = dss.people(Role::LiaisonOfficer).first().map(|id| (*id).to_owned());
    let owner = told.row.owner_id.clone().or_else(|| watch.clone());
    let mut at = told.opened;
    let mut step = |log: &mut Log, chance: &mut Chance, author: Option<String>, kind: &str, to: For, body: &str| {
        at = now.min(at + Duration::minutes(3 + i64::try_from(chance.below(240)).unwrap_or(0)));
        write(log, chance, told, at, author, kind, to, body);
    };
    for status in path(&told.row.status) {
        match *status {
            "ACKNOWLEDGED" => {
                let body = "Received by the watch. An officer will call back.";
                step(log, chance, watch.clone(), "ACKNOWLEDGED", For::Originator, body);
            }
            "ASSIGNED" => step(log, chance, watch.clone(), "ASSIGNED", For::Dss, "Assigned to a liaison officer."),
            "WITHDRAWN" => {
                let author = told.row.reporter_id.clone();
                step(log, chance, author, "STATUS", For::Originator, "Withdrawn: it was settled on site.");
            }
            status => {
                let body = words(status);
                step(log, chance, owner.clone(), "STATUS", For::Originator, body);
            }
        }
        if let Some(entry) = log.entries.last_mut() {
            entry.to_status = Some((*status).to_owned());
        }
    }
    if chance.percent(45) {
        let body = chance.word(&[
            "Compared with the reports of the last quarter: no link so far.",
            "Called the guard company; the footage is on its way.",
            "Watch for the same description at neighbouring missions.",
        ]);
        step(log, chance, owner.clone(), "COMMENT", For::Dss, body);
    }
    if chance.percent(30) {
        let body = "Thank you. We have told the staff and will report anything further.";
        step(log, chance, told.row.reporter_id.clone(), "COMMENT", For::Originator, body);
    }
    for referral in &told.referrals {
        let at = parse_instant(&referral.offered_at).unwrap_or(now);
        let agency = For::Agency(referral.agency_id.clone());
        write(log, chance, told, at, owner.clone(), "REFERRAL", agency, "Referred for action; please confirm.");
    }
    for share in &told.shares {
        let at = parse_instant(&share.shared_at).unwrap_or(now);
        write(log, chance, told, at, owner.clone(), "SHARE", For::Dss, &share.reason);
    }
}

#[allow(clippy::too_many_arguments, reason = "a row has so many columns")]
fn write(
    log: &mut Log,
    chance: &mut Chance,
    told: &Told<'_>,
    at: OffsetDateTime,
    author: Option<String>,
    kind: &str,
    to: For,
    body: &str,
) {
    let id = chance.id(at);
    let (audience, agency) = match to {
        For::Dss => ("INTERNAL", None),
        For::Originator => match told.origin.fact.kind {
            AgencyKind::Mission => ("MISSION", None),
            AgencyKind::LawEnforcement => ("AGENCIES", Some(told.origin.id.clone())),
            AgencyKind::DiplomaticSecurity => ("INTERNAL", None),
        },
        For::Agency(agency) => ("AGENCIES", Some(agency)),
    };
    log.audiences.extend(agency.map(|agency_id| entry_audience::Model { entry_id: id.clone(), agency_id }));
    log.entries.push(entry::Model {
        id,
        concern_id: told.row.id.clone(),
        kind: kind.to_owned(),
        author_id: author,
        audience: audience.to_owned(),
        tlp: told.row.tlp.clone(),
        body: Some(body.to_owned()),
        at: instant(at),
        to_status: None,
        to_severity: None,
    });
}

/// The statuses that lead to one, without SUBMITTED, itself last.
fn path(status: &str) -> &'static [&'static str] {
    match status {
        "ACKNOWLEDGED" => &["ACKNOWLEDGED"],
        "ASSIGNED" => &["ACKNOWLEDGED", "ASSIGNED"],
        "IN_PROGRESS" => &["ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS"],
        "AWAITING_MISSION" => &["ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS", "AWAITING_MISSION"],
        "REFERRED" => &["ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS", "REFERRED"],
        "RESPONDED" => &["ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS", "RESPONDED"],
        "RESOLVED" => &["ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS", "RESPONDED", "RESOLVED"],
        "CLOSED" => &["ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS", "RESPONDED", "RESOLVED", "CLOSED"],
        "DUPLICATE" => &["ACKNOWLEDGED", "ASSIGNED", "DUPLICATE"],
        "NOT_ACTIONABLE" => &["ACKNOWLEDGED", "ASSIGNED", "NOT_ACTIONABLE"],
        "WITHDRAWN" => &["ACKNOWLEDGED", "WITHDRAWN"],
        _ => &[],
    }
}

/// What an officer says to a step.
fn words(status: &str) -> &'static str {
    match status {
        "IN_PROGRESS" => "We are looking into it and have asked the local police what is known.",
        "AWAITING_MISSION" => "Could you send us the footage and the name of the guard on duty?",
        "REFERRED" => "With the local police now; they will contact you about access to the premises.",
        "RESPONDED" => "The police found no further sign. Patrols pass by twice a night for two weeks.",
        "RESOLVED" => "No further events. We regard this as resolved.",
        "CLOSED" => "Closed. It can be reopened within thirty days.",
        "DUPLICATE" => "The same event was reported before; we go on there.",
        _ => "Nothing can be done without a description or a time.",
    }
}
