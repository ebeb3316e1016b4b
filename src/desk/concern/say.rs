//! Entries that say something.

use entity::{agency, referral, share};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    case::{Case, To, Words},
    share::holding,
};
use crate::{
    access::{AgencyKind, Kind},
    desk::{
        command::{Act, Input, refused},
        workflow::Status,
    },
    error::Result,
};

/// A mission writes to the Diplomatic Security Service, an agency to it, an officer to whom is named. What a mission
/// was asked for is there when it replies: the concern is worked on again.
pub async fn reply(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    case.step(act, None)?;
    let to = match of_others(act, input)? {
        Some(to) => to,
        None => addressed(act, input, &case).await?,
    };
    let by_mission = act.principal().standing().agency_kind == AgencyKind::Mission;
    let answered = by_mission && case.status()? == Status::AwaitingMission && case.go(Status::InProgress);
    let words = Words { tlp: case.marked(input)?, ..Words::new("COMMENT", to, input.text("body")) };
    let entry = case.write(act, words, answered.then_some(Status::InProgress));
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("entry", &entry)]))
}

/// Writes for the Diplomatic Security Service alone.
pub async fn note(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let words = Words { tlp: case.marked(input)?, ..Words::new("COMMENT", To::Dss, input.text("body")) };
    let entry = case.write(act, words, None);
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("entry", &entry)]))
}

/// For whom one who is not of the Diplomatic Security Service writes: it, and their own. They name nobody.
pub(super) fn of_others(act: &Act<'_>, input: &Input) -> Result<Option<To>> {
    let to = match act.principal().standing().agency_kind {
        AgencyKind::Mission => To::Mission,
        AgencyKind::LawEnforcement => To::Agency(act.principal().agency().to_owned()),
        AgencyKind::DiplomaticSecurity => return Ok(None),
    };
    match ["audience", "agencyId"].into_iter().find(|field| input.has(field)) {
        Some(field) => {
            Err(refused(field, "nothing: what you write is for the Diplomatic Security Service and your own"))
        }
        None => Ok(Some(to)),
    }
}

/// For whom an officer writes.
pub(super) async fn addressed(act: &Act<'_>, input: &Input, case: &Case) -> Result<To> {
    match (input.text("audience"), input.has("agencyId")) {
        (Some("AGENCY"), true) => {
            let agency = input.row("agencyId", Kind::Agency);
            if agency != case.row.origin_agency_id && !has_it(act, &case.row.id, &agency).await? {
                return Err(refused("agencyId", "an agency that has the concern by a share or a referral"));
            }
            Ok(To::Agency(agency))
        }
        (Some("AGENCY"), false) => Err(refused("agencyId", "the agency for which it is written")),
        (_, true) => Err(refused("audience", "AGENCY, as an agency is named")),
        (Some("MISSION"), false) => {
            if case.row.origin_mission_id.is_none() && !is_released(act, &case.row.id).await? {
                return Err(refused("audience", "AGENCY or nothing: no mission has the concern"));
            }
            Ok(To::Mission)
        }
        (_, false) => Ok(To::Originator),
    }
}

/// Whether a concern was shared with an agency of missions, by a share that holds.
async fn is_released(act: &Act<'_>, concern: &str) -> Result<bool> {
    let shares = share::Entity::find().filter(holding(act, concern)).all(act.rows()).await?;
    let agencies: Vec<String> = shares.into_iter().filter_map(|share| share.agency_id).collect();
    let missions = agency::Entity::find()
        .filter(agency::Column::Id.is_in(agencies))
        .filter(agency::Column::Kind.eq(AgencyKind::Mission.name()))
        .one(act.rows())
        .await?;
    Ok(missions.is_some())
}

/// Whether an agency has a concern by a share that holds or a referral that was not declined.
async fn has_it(act: &Act<'_>, concern: &str, agency: &str) -> Result<bool> {
    let to_it = share::Column::AgencyId.eq(agency);
    let shared = share::Entity::find().filter(holding(act, concern)).filter(to_it).one(act.rows()).await?;
    let referred = referral::Entity::find()
        .filter(referral::Column::ConcernId.eq(concern))
        .filter(referral::Column::AgencyId.eq(agency))
        .filter(referral::Column::Status.ne("DECLINED"))
        .one(act.rows())
        .await?;
    Ok(shared.is_some() || referred.is_some())
}
