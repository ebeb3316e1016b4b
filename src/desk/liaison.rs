//! Liaisons of agencies.

use entity::{
    liaison::{ActiveModel, Entity, Model},
    liaison_mission,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};

use super::command::{Act, Input, refused};
use crate::{
    access::Kind,
    error::{Error, Result},
    model::parse_id,
};

/// Missions that one liaison serves, at most.
const MOST_SERVED: usize = 500;

/// Adds one.
pub async fn add(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = act.on(input, "agencyId").await?.row;
    let id = act.new_id();
    let row = ActiveModel {
        id: Set(id.clone()),
        agency_id: Set(agency),
        unit: Set(input.maybe("unit")),
        name: Set(input.must("name")),
        desk_phone: Set(input.maybe("deskPhone")),
        mobile_phone: Set(input.maybe("mobilePhone")),
        email: Set(input.maybe("email")),
        sworn: Set(input.says("sworn")),
        cfr28_certified: Set(input.says("cfr28Certified")),
    };
    row.insert(act.rows()).await?;
    serve(act, input, &id).await?;
    act.touch(Kind::Liaison, &id);
    Ok(act.changed(&[("liaison", &id)]))
}

/// Changes what is given; null takes a value away.
pub async fn update(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    let id = row.id.clone();
    for name in ["name", "sworn", "cfr28Certified"] {
        if input.given(name).is_some() && !input.has(name) {
            return Err(refused(name, "a value: it cannot be taken away"));
        }
    }
    let mut set = row.into_active_model();
    if let Some(name) = input.maybe("name") {
        set.name = Set(name);
    }
    if input.given("unit").is_some() {
        set.unit = Set(input.maybe("unit"));
    }
    if input.given("deskPhone").is_some() {
        set.desk_phone = Set(input.maybe("deskPhone"));
    }
    if input.given("mobilePhone").is_some() {
        set.mobile_phone = Set(input.maybe("mobilePhone"));
    }
    if input.given("email").is_some() {
        set.email = Set(input.maybe("email"));
    }
    if input.has("sworn") {
        set.sworn = Set(input.says("sworn"));
    }
    if input.has("cfr28Certified") {
        set.cfr28_certified = Set(input.says("cfr28Certified"));
    }
    if set.is_changed() {
        set.update(act.rows()).await?;
    }
    serve(act, input, &id).await?;
    act.touch(Kind::Liaison, &id);
    Ok(act.changed(&[("liaison", &id)]))
}

/// Removes one.
pub async fn remove(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    let (id, agency) = (row.id.clone(), row.agency_id.clone());
    unlink(act, &id, false).await?;
    row.delete(act.rows()).await?;
    act.touch(Kind::Liaison, &id);
    Ok(act.changed(&[("agency", &agency)]))
}

async fn found(act: &Act<'_>, input: &Input) -> Result<Model> {
    let seen = act.on(input, "liaisonId").await?;
    let row = Entity::find_by_id(&seen.row).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("a liaison who was seen is gone"))
}

/// Links a liaison to the missions that are given, instead of those there were; nothing given, nothing changes.
async fn serve(act: &mut Act<'_>, input: &Input, liaison: &str) -> Result<()> {
    if input.given("missionIds").is_none() {
        return Ok(());
    }
    let given = input.texts("missionIds");
    if given.len() > MOST_SERVED {
        return Err(refused("missionIds", &format!("at most {MOST_SERVED} ids")));
    }
    let mut missions: Vec<String> = Vec::with_capacity(given.len());
    for id in given {
        let row = parse_id(id).filter(|(kind, _)| *kind == Kind::Mission).map(|(_, row)| row.to_owned());
        let row = row.unwrap_or_default();
        if act.sight(Kind::Mission, &row).await?.is_none() {
            return Err(refused("missionIds", "ids of missions that you may see"));
        }
        if !missions.contains(&row) {
            missions.push(row);
        }
    }
    unlink(act, liaison, true).await?;
    for mission in missions {
        let link =
            liaison_mission::ActiveModel { liaison_id: Set(liaison.to_owned()), mission_id: Set(mission.clone()) };
        liaison_mission::Entity::insert(link).exec_without_returning(act.rows()).await?;
        act.touch(Kind::Mission, &mission);
    }
    Ok(())
}

/// Takes links away: all, or only those to missions that the actor sees, who cannot mean the others. A link counts as a
/// change of both its ends; of an end that the actor does not see the event does not speak, as the actor reads it.
async fn unlink(act: &mut Act<'_>, liaison: &str, only_seen: bool) -> Result<()> {
    let of = liaison_mission::Column::LiaisonId.eq(liaison);
    for link in liaison_mission::Entity::find().filter(of).all(act.rows()).await? {
        let is_seen = act.sight(Kind::Mission, &link.mission_id).await?.is_some();
        if only_seen && !is_seen {
            continue;
        }
        // Nothing is derived of a mission by its liaisons.
        if is_seen {
            act.touch(Kind::Mission, &link.mission_id);
        }
        link.delete(act.rows()).await?;
    }
    Ok(())
}
