//! The missions that an agency is registered for: what belongs to them is its own.

use entity::agency_mission::{ActiveModel, Entity};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use crate::{
    access::{AgencyKind, Kind},
    desk::Work,
    error::{Code, Error, Result},
};

/// Registers an agency for a mission; whether it was not before.
pub async fn add(work: &mut Work, agency: &entity::agency::Model, mission: &str) -> Result<bool> {
    if agency.kind != AgencyKind::Mission.name() {
        return Err(Error::new(Code::Conflict, "only the agency of a mission is registered for missions"));
    }
    if Entity::find_by_id((agency.id.clone(), mission.to_owned())).one(work.rows()).await?.is_some() {
        return Ok(false);
    }
    insert(work, &agency.id, mission).await?;
    Ok(true)
}

/// Registers it no longer; whether it was.
pub async fn remove(work: &mut Work, agency: &str, mission: &str) -> Result<bool> {
    let gone = Entity::delete_by_id((agency.to_owned(), mission.to_owned())).exec(work.rows()).await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    changed(work, agency, mission);
    Ok(true)
}

pub(super) async fn insert(work: &mut Work, agency: &str, mission: &str) -> Result<()> {
    let link = ActiveModel { agency_id: Set(agency.to_owned()), mission_id: Set(mission.to_owned()) };
    link.insert(work.rows()).await?;
    changed(work, agency, mission);
    Ok(())
}

/// A link counts as a change of both its ends.
fn changed(work: &mut Work, agency: &str, mission: &str) {
    work.touch(Kind::Agency, agency);
    work.touch(Kind::Mission, mission);
    work.standing_changed();
}
