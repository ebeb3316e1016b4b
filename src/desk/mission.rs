//! What missions say of how to reach them: proposed by them, taken over or declined by the officer responsible.
//!
//! Nothing of which a ground, a key or a circle is made can be proposed: not the sending state, not the type, not the place.

use entity::{mission, mission_change};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

use super::command::{Act, Input, refused};
use crate::{
    access::Kind,
    error::{Code, Error, Result},
};

/// The four that can be proposed, in the order of the columns.
const PROPOSED: [&str; 4] = ["switchboard", "dutyPhone", "email", "website"];

/// Proposes one.
pub async fn propose(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "missionId").await?;
    let mission = of_id(act, &seen.row).await?;
    let before = values(&mission);
    let proposes: Vec<&str> = PROPOSED.into_iter().filter(|name| input.given(name).is_some()).collect();
    if proposes.is_empty() {
        return Err(refused(PROPOSED[0], "it, or another field that has become another"));
    }
    let is_as_it_is = |(name, value): &(&str, &Option<String>)| proposes.contains(name) && input.maybe(name) == **value;
    if let Some((name, _)) = PROPOSED.into_iter().zip(&before).find(is_as_it_is) {
        return Err(refused(name, "another than it is"));
    }
    let id = act.new_id();
    // Of what is not proposed nothing is kept: what it was then is nobody's to decide by.
    let kept = |name: &str, value: Option<String>| value.filter(|_| proposes.contains(&name));
    let [switchboard, duty_phone, email, website] = before;
    let row = mission_change::ActiveModel {
        id: Set(id.clone()),
        mission_id: Set(mission.id.clone()),
        status: Set("PROPOSED".to_owned()),
        proposes: Set(serde_json::json!(proposes).to_string()),
        switchboard: Set(input.maybe("switchboard")),
        duty_phone: Set(input.maybe("dutyPhone")),
        email: Set(input.maybe("email")),
        website: Set(input.maybe("website")),
        switchboard_before: Set(kept("switchboard", switchboard)),
        duty_phone_before: Set(kept("dutyPhone", duty_phone)),
        email_before: Set(kept("email", email)),
        website_before: Set(kept("website", website)),
        proposed_by_id: Set(act.principal().person().to_owned()),
        proposed_at: Set(act.at()),
        decided_by_id: Set(None),
        decided_at: Set(None),
        reason: Set(None),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::MissionChange, &id);
    Ok(act.changed(&[("missionChange", &id), ("mission", &mission.id)]))
}

/// Takes it over: the mission is so with this transaction.
pub async fn accept(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let change = open(act, input).await?;
    let mission = of_id(act, &change.mission_id).await?;
    let proposes: Vec<String> = serde_json::from_str(&change.proposes).unwrap_or_default();
    let is_proposed = |name: &str| proposes.iter().any(|known| known == name);
    let before = [&change.switchboard_before, &change.duty_phone_before, &change.email_before, &change.website_before];
    let present = values(&mission);
    // Who accepts has seen what it was: another value since, by a file or by another proposal, nobody has weighed.
    let is_stale = |((name, then), now): &((&str, &Option<String>), &Option<String>)| is_proposed(name) && then != now;
    if let Some(((name, _), _)) = PROPOSED.into_iter().zip(before).zip(&present).find(is_stale) {
        let message =
            format!("input.missionChangeId: `{name}` is another by now than when this was proposed: decline it");
        return Err(Error::new(Code::Conflict, message));
    }
    let mut row: mission::ActiveModel = mission.clone().into_active_model();
    for (name, column, value) in [
        ("switchboard", &mut row.switchboard, &change.switchboard),
        ("dutyPhone", &mut row.duty_phone, &change.duty_phone),
        ("email", &mut row.email, &change.email),
        ("website", &mut row.website, &change.website),
    ] {
        if is_proposed(name) {
            *column = Set(value.clone());
        }
    }
    row.update(act.rows()).await?;
    act.touch(Kind::Mission, &mission.id);
    decide(act, change, "ACCEPTED", None).await
}

/// Turns it down.
pub async fn decline(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let change = open(act, input).await?;
    decide(act, change, "DECLINED", input.maybe("reason")).await
}

async fn decide(
    act: &mut Act<'_>,
    change: mission_change::Model,
    status: &str,
    reason: Option<String>,
) -> Result<Vec<String>> {
    let (id, mission) = (change.id.clone(), change.mission_id.clone());
    let row = mission_change::ActiveModel {
        status: Set(status.to_owned()),
        decided_by_id: Set(Some(act.principal().person().to_owned())),
        decided_at: Set(Some(act.at())),
        reason: Set(reason),
        ..change.into_active_model()
    };
    row.update(act.rows()).await?;
    act.touch(Kind::MissionChange, &id);
    Ok(act.changed(&[("missionChange", &id), ("mission", &mission)]))
}

/// The change that the command is done on; one that is decided is a conflict.
async fn open(act: &Act<'_>, input: &Input) -> Result<mission_change::Model> {
    let seen = act.on(input, "missionChangeId").await?;
    let row = mission_change::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    let row = row.ok_or_else(|| Error::internal("a change that was seen is gone"))?;
    if row.status != "PROPOSED" {
        let message = "input.missionChangeId: it is decided: see its status";
        return Err(Error::new(Code::Conflict, message).with("status", row.status.into()));
    }
    Ok(row)
}

async fn of_id(act: &Act<'_>, id: &str) -> Result<mission::Model> {
    let row = mission::Entity::find_by_id(id).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("a mission that was seen is gone"))
}

/// What can be proposed, as it is.
fn values(mission: &mission::Model) -> [Option<String>; 4] {
    let mission = mission.clone();
    [mission.switchboard, mission.duty_phone, mission.email, mission.website]
}
