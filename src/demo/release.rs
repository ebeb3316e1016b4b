//! To whom the demo's concerns go: controls, referrals and shares.

use entity::{concern, referral, share};
use time::{Duration, OffsetDateTime};

use super::{
    agencies::Enrolled,
    chance::{Chance, text},
    missions::Mission,
};
use crate::{
    access::{AgencyKind, Role, Tlp},
    clock::instant,
};

/// A CUI banner. What a mission raised is never NOFORN or FED_ONLY: it would be hidden from whom it belongs to.
pub(super) fn control(chance: &mut Chance, origin: &Enrolled, about: &Mission) -> Option<String> {
    let is_foreign = origin.fact.kind == AgencyKind::Mission;
    match (chance.below(100), about.state.as_deref()) {
        (0..6, _) if !is_foreign => Some("CUI//LEI//NOFORN".to_owned()),
        (6..12, _) if !is_foreign => Some("CUI//LEI//FED_ONLY".to_owned()),
        (12..18, Some(state)) => {
            let others = ["FR", "DE", "GB", "CA", "JP"];
            let other = chance.word(&others);
            let list = if other == state { state.to_owned() } else { format!("{state},{other}") };
            Some(format!("CUI//DEP//REL_TO {list}"))
        }
        (18..24, _) => Some("CUI//LEI".to_owned()),
        _ => None,
    }
}

/// The agencies that the mission's place is a matter of.
pub(super) fn partners<'a>(agencies: &'a [Enrolled], about: &Mission) -> Vec<&'a Enrolled> {
    agencies
        .iter()
        .filter(|agency| agency.fact.kind == AgencyKind::LawEnforcement && agency.holds(&about.area))
        .collect()
}

/// At most one referral, as the status wants it.
pub(super) fn refer(
    chance: &mut Chance,
    row: &concern::Model,
    partners: &[&Enrolled],
    opened: OffsetDateTime,
    now: OffsetDateTime,
) -> Vec<referral::Model> {
    let statuses: &[&str] = match row.status.as_str() {
        "REFERRED" => &["OFFERED", "ACCEPTED", "ACCEPTED"],
        "IN_PROGRESS" => &["", "", "DECLINED"],
        "RESPONDED" | "RESOLVED" | "CLOSED" => &["", "DONE", "DECLINED"],
        _ => &[""],
    };
    let status = chance.word(statuses);
    let (Some(agency), false) = (chance.pick(partners), status.is_empty()) else { return Vec::new() };
    let offered = chance.between(opened + Duration::minutes(30), now.min(opened + Duration::days(2)));
    let is_taken = matches!(status, "ACCEPTED" | "DONE");
    vec![referral::Model {
        id: chance.id(offered),
        concern_id: row.id.clone(),
        agency_id: agency.id.clone(),
        status: status.to_owned(),
        case_number: is_taken.then(|| format!("{}-{:06}", offered.year(), chance.below(1_000_000))),
        due_at: Some(instant(offered + Duration::days(3))),
        offered_at: instant(offered),
    }]
}

/// Up to two shares: to an agency of the place, to a mission's agency, to one person.
pub(super) fn share(
    chance: &mut Chance,
    row: &concern::Model,
    partners: &[&Enrolled],
    agencies: &[Enrolled],
    opened: OffsetDateTime,
    now: OffsetDateTime,
) -> Vec<share::Model> {
    let mut shares = Vec::new();
    let of_missions: Vec<&Enrolled> =
        agencies.iter().filter(|agency| agency.fact.kind == AgencyKind::Mission).collect();
    for _ in 0..[0, 0, 1, 1, 2].get(chance.below(5)).copied().unwrap_or(0) {
        let (agency, person) = match chance.below(10) {
            0..5 => (chance.pick(partners).map(|agency| agency.id.clone()), None),
            5..7 => (chance.pick(&of_missions).map(|agency| agency.id.clone()), None),
            _ => {
                let role = *chance
                    .pick(&[Role::RegionalSecurityOfficer, Role::DetailAgent, Role::Analyst, Role::LiaisonOfficer])
                    .unwrap_or(&Role::Analyst);
                (None, chance.pick(&people(agencies, role)).map(|id| (*id).to_owned()))
            }
        };
        if agency.is_none() && person.is_none() {
            continue;
        }
        let since = chance.between(opened + Duration::minutes(20), now.min(opened + Duration::days(3)));
        let expires = match chance.below(10) {
            0..5 => None,
            5..8 => Some(now + Duration::days(14)),
            _ => Some(since + Duration::hours(1)),
        };
        let is_strict = Tlp::of_row(&row.tlp) >= Tlp::AmberStrict;
        shares.push(share::Model {
            id: chance.id(since),
            concern_id: row.id.clone(),
            agency_id: agency,
            person_id: person,
            tier_cap: chance.word(&["D", "DC", "DC", "DCP", "DCP", "DCPS"]).to_owned(),
            // Most hold at the concern's marking; some sleep.
            tlp_cap: if chance.percent(80) { row.tlp.clone() } else { "GREEN".to_owned() },
            reason: if is_strict { "Needed for protection; the originator agreed." } else { "Needed for protection." }
                .to_owned(),
            shared_at: instant(since),
            expires_at: text(expires),
            revoked_at: text(chance.percent(12).then(|| now.min(since + Duration::hours(6)))),
        });
    }
    shares
}

fn people(agencies: &[Enrolled], role: Role) -> Vec<&str> {
    agencies.iter().flat_map(|agency| agency.people(role)).collect()
}
