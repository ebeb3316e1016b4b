//! The demo's advisories: invented, as officers would send them, some of them acknowledged.

use entity::{acknowledgement, advisory, sending_state};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use time::Duration;

use super::{agencies::Enrolled, chance::Chance, insert};
use crate::{
    access::{AgencyKind, Kind, Role, emit::Addressee},
    clock::instant,
    desk::Work,
    error::Result,
};

/// An advisory.
struct Fact {
    /// Hours before the present.
    ago: i64,
    /// Hours for which it holds; until it is superseded, if none.
    holds: Option<i64>,
    /// CAP: msgType, urgency, severity, certainty.
    terms: [&'static str; 4],
    headline: &'static str,
    body: &'static str,
    /// As rows hold it, but a state by its ISO 3166-1 alpha-2 code.
    audience: &'static [&'static str],
    /// Which of these it supersedes.
    supersedes: Option<usize>,
}

#[rustfmt::skip]
const FACTS: &[Fact] = &[
    Fact {
        ago: 340, holds: Some(96), terms: ["ALERT", "EXPECTED", "MODERATE", "LIKELY"],
        headline: "Road closures around the General Assembly",
        body: "First Avenue is closed between 42nd and 48th Street.\nPlan arrivals by the FDR Drive and carry credentials.",
        audience: &["AREA:NYC", "MISSION_TYPE:PERMANENT_MISSION_UN"], supersedes: None,
    },
    Fact {
        ago: 120, holds: Some(240), terms: ["ALERT", "FUTURE", "MINOR", "POSSIBLE"],
        headline: "Letters with a white powder",
        body: "Four missions received letters without a sender. The powder was harmless each time.\nDo not open such a letter: close the room and call the watch.",
        audience: &["MISSIONS"], supersedes: None,
    },
    Fact {
        ago: 72, holds: None, terms: ["UPDATE", "EXPECTED", "MODERATE", "LIKELY"],
        headline: "Letters with a white powder: a seventh, and a description",
        body: "Seven by now, postmarked in three states. Brown paper, block letters, no stamp.\nDo not open such a letter: close the room and call the watch.",
        audience: &["LAW_ENFORCEMENT", "MISSIONS"], supersedes: Some(1),
    },
    Fact {
        ago: 20, holds: Some(30), terms: ["ALERT", "IMMEDIATE", "SEVERE", "OBSERVED"],
        headline: "March through the embassy quarter",
        body: "Some two thousand people walk from Dupont Circle along Massachusetts Avenue.\nKeep gates closed and staff inside until the march has passed.",
        audience: &["AREA:US-DC"], supersedes: None,
    },
    Fact {
        ago: 6, holds: Some(72), terms: ["ALERT", "FUTURE", "MODERATE", "POSSIBLE"],
        headline: "Calls that ask for travel plans",
        body: "Somebody who says they are of the protocol office asks when the consul general travels.\nThe protocol office does not ask by telephone.",
        audience: &["MISSION_TYPE:CONSULATE_GENERAL", "SENDING_STATE:FR"], supersedes: None,
    },
];

/// One agency in so many has acknowledged what is for all of its kind.
const ACKNOWLEDGED: usize = 60;

/// Writes them.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance, agencies: &[Enrolled]) -> Result<()> {
    let now = work.clock().now();
    let officer =
        agencies.iter().find_map(|agency| agency.people(Role::LiaisonOfficer).first().map(|id| (*id).to_owned()));
    let (mut rows, mut acknowledged): (Vec<advisory::Model>, Vec<acknowledgement::Model>) = (Vec::new(), Vec::new());
    for fact in FACTS {
        let at = now - Duration::hours(fact.ago);
        let [msg_type, urgency, severity, certainty] = fact.terms.map(str::to_owned);
        let mut audience = Vec::new();
        for to in fact.audience {
            audience.extend(addressee(work, to).await?);
        }
        let row = advisory::Model {
            id: chance.id(at),
            msg_type,
            urgency,
            severity,
            certainty,
            headline: fact.headline.to_owned(),
            body: fact.body.to_owned(),
            audience: serde_json::json!(audience).to_string(),
            sent_at: instant(at),
            expires_at: fact.holds.map(|hours| instant(at + Duration::hours(hours))),
            supersedes_id: fact.supersedes.and_then(|place| rows.get(place)).map(|row| row.id.clone()),
            issued_by_id: officer.clone(),
        };
        work.touch(Kind::Advisory, row.id.clone());
        for agency in agencies {
            let (to_all, role) = match agency.fact.kind {
                AgencyKind::Mission => ("MISSIONS", Role::MissionOfficer),
                AgencyKind::LawEnforcement => ("LAW_ENFORCEMENT", Role::LawEnforcement),
                AgencyKind::DiplomaticSecurity => continue,
            };
            let by = agency.people(role).first().map(|id| (*id).to_owned());
            let Some(person_id) = by.filter(|_| fact.audience.contains(&to_all) && chance.percent(ACKNOWLEDGED)) else {
                continue;
            };
            let at = now.min(at + Duration::minutes(10 + i64::try_from(chance.below(600)).unwrap_or(0)));
            let one = acknowledgement::Model {
                id: chance.id(at),
                advisory_id: row.id.clone(),
                agency_id: agency.id.clone(),
                person_id,
                acknowledged_at: instant(at),
            };
            work.touch(Kind::Acknowledgement, one.id.clone());
            acknowledged.push(one);
        }
        rows.push(row);
    }
    insert(work, rows.into_iter().map(IntoActiveModel::into_active_model)).await?;
    insert(work, acknowledged.into_iter().map(IntoActiveModel::into_active_model)).await
}

/// As a row holds it; none for a state that is not there.
async fn addressee(work: &Work, to: &str) -> Result<Option<String>> {
    let Some(iso2) = to.strip_prefix("SENDING_STATE:") else { return Ok(Some(to.to_owned())) };
    let state = sending_state::Entity::find().filter(sending_state::Column::Iso2.eq(iso2)).one(work.rows()).await?;
    Ok(state.map(|state| Addressee::SendingState(state.id).stored()))
}
