//! What the demo's missions say of how to reach them: one proposal that waits, one that was accepted, one that was declined.

use entity::{mission, mission_change};
use sea_orm::{EntityTrait, IntoActiveModel};
use time::Duration;

use super::{agencies::Enrolled, chance::Chance, insert};
use crate::{
    access::{AgencyKind, Kind, Role},
    clock::instant,
    desk::Work,
    error::Result,
};

/// Status, what is proposed, why it was declined.
const FACTS: [(&str, &str, Option<&str>); 3] = [
    ("PROPOSED", "dutyPhone", None),
    ("ACCEPTED", "website", None),
    ("DECLINED", "email", Some("Nobody answers at that address: please name one that is read at night too.")),
];

/// Writes them, of the first missions of the agencies of missions, in turn.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance, agencies: &[Enrolled]) -> Result<()> {
    let now = work.clock().now();
    let officer =
        agencies.iter().find_map(|agency| agency.people(Role::LiaisonOfficer).first().map(|id| (*id).to_owned()));
    let of_missions = agencies.iter().filter(|agency| agency.fact.kind == AgencyKind::Mission);
    let mut rows = Vec::new();
    for ((status, proposes, reason), agency) in FACTS.iter().zip(of_missions.cycle()) {
        let (Some(first), Some(by)) = (agency.missions.first(), agency.people(Role::MissionOfficer).first().copied())
        else {
            continue;
        };
        let Some(mission) = mission::Entity::find_by_id(&first.id).one(work.rows()).await? else { continue };
        let at = now - Duration::hours(30 + i64::try_from(chance.below(60)).unwrap_or(0));
        let decided = *status != "PROPOSED";
        let says = |field: &str, value: Option<String>| value.filter(|_| *proposes == field);
        let row = mission_change::Model {
            id: chance.id(at),
            mission_id: mission.id,
            status: (*status).to_owned(),
            proposes: serde_json::json!([proposes]).to_string(),
            switchboard: None,
            duty_phone: says("dutyPhone", Some(format!("+120255501{:02}", chance.below(100)))),
            email: says("email", Some("front.desk@mission.example".to_owned())),
            // What was accepted is so.
            website: says("website", mission.website),
            switchboard_before: None,
            duty_phone_before: says("dutyPhone", mission.duty_phone),
            email_before: says("email", mission.email),
            website_before: says("website", Some("https://old.mission.example".to_owned())),
            proposed_by_id: by.to_owned(),
            proposed_at: instant(at),
            decided_by_id: officer.clone().filter(|_| decided),
            decided_at: decided.then(|| instant(at + Duration::hours(20))),
            reason: reason.map(str::to_owned),
        };
        work.touch(Kind::MissionChange, row.id.clone());
        rows.push(row.into_active_model());
    }
    insert(work, rows).await
}
