//! A mission's security contacts.

use entity::security_contact::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};

use super::command::{Act, Input, refused};
use crate::{
    access::Kind,
    error::{Error, Result},
};

/// Adds one.
pub async fn add(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mission = act.on(input, "missionId").await?.row;
    let id = act.new_id();
    if input.says("isPrimary") {
        others_are_not_primary(act, &mission, &id).await?;
    }
    let row = ActiveModel {
        id: Set(id.clone()),
        mission_id: Set(mission.clone()),
        function: Set(input.must("function")),
        name: Set(input.must("name")),
        title: Set(input.maybe("title")),
        work_phone: Set(input.maybe("workPhone")),
        work_email: Set(input.maybe("workEmail")),
        after_hours_phone: Set(input.maybe("afterHoursPhone")),
        // Who was vetted is said by the Diplomatic Security Service alone.
        vetted_until: Set(None),
        is_primary: Set(input.says("isPrimary")),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::SecurityContact, &id);
    Ok(act.changed(&[("securityContact", &id), ("mission", &mission)]))
}

/// Changes what is given; null takes a value away.
pub async fn update(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    let (id, mission) = (row.id.clone(), row.mission_id.clone());
    for name in ["function", "name", "isPrimary"] {
        if input.given(name).is_some() && !input.has(name) {
            return Err(refused(name, "a value: it cannot be taken away"));
        }
    }
    if input.says("isPrimary") {
        others_are_not_primary(act, &mission, &id).await?;
    }
    let renamed = input.text("name").is_some_and(|name| name != row.name);
    let vetted = row.vetted_until.clone();
    let mut set = row.into_active_model();
    if let Some(function) = input.maybe("function") {
        set.function = Set(function);
    }
    if let Some(name) = input.maybe("name") {
        set.name = Set(name);
    }
    if input.given("title").is_some() {
        set.title = Set(input.maybe("title"));
    }
    if input.given("workPhone").is_some() {
        set.work_phone = Set(input.maybe("workPhone"));
    }
    if input.given("workEmail").is_some() {
        set.work_email = Set(input.maybe("workEmail"));
    }
    if input.given("afterHoursPhone").is_some() {
        set.after_hours_phone = Set(input.maybe("afterHoursPhone"));
    }
    if input.has("isPrimary") {
        set.is_primary = Set(input.says("isPrimary"));
    }
    if renamed && vetted.is_some() {
        // It was another person who was vetted.
        set.vetted_until = Set(None);
    }
    set.update(act.rows()).await?;
    act.touch(Kind::SecurityContact, &id);
    Ok(act.changed(&[("securityContact", &id), ("mission", &mission)]))
}

/// Removes one.
pub async fn remove(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    let (id, mission) = (row.id.clone(), row.mission_id.clone());
    row.delete(act.rows()).await?;
    act.touch(Kind::SecurityContact, &id);
    Ok(act.changed(&[("mission", &mission)]))
}

async fn found(act: &Act<'_>, input: &Input) -> Result<Model> {
    let seen = act.on(input, "securityContactId").await?;
    let row = Entity::find_by_id(&seen.row).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("a contact that was seen is gone"))
}

/// A mission has one contact who is called first.
async fn others_are_not_primary(act: &mut Act<'_>, mission: &str, but: &str) -> Result<()> {
    let others = Entity::find()
        .filter(Column::MissionId.eq(mission))
        .filter(Column::IsPrimary.eq(true))
        .filter(Column::Id.ne(but))
        .all(act.rows())
        .await?;
    for other in others {
        let id = other.id.clone();
        ActiveModel { is_primary: Set(false), ..other.into_active_model() }.update(act.rows()).await?;
        act.touch(Kind::SecurityContact, &id);
    }
    Ok(())
}
