//! Advisories: sent, superseded, acknowledged.

use std::collections::BTreeSet;

use entity::{acknowledgement, advisory};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::command::{Act, Input, refused};
use crate::{
    access::{Kind, area, emit::Addressee},
    error::{Code, Error, Result},
    model::{parse_id, public_id},
};

/// Sends one.
pub async fn issue(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    act.makes()?;
    let addressees = addressed(act, input).await?;
    let id = write(act, input, "ALERT", addressees.iter().map(Addressee::stored).collect(), None).await?;
    Ok(act.changed(&[("advisory", &id)]))
}

/// Sends one in the place of another: to whom the other was addressed, and to whom is named besides.
pub async fn supersede(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let earlier = on(act, input).await?;
    if let Some(later) = superseding(act, &earlier.id).await? {
        let message = "input.advisoryId: it is superseded: supersede what was sent in its place";
        return Err(
            Error::new(Code::Conflict, message).with("supersededBy", public_id(Kind::Advisory, &later.id).into())
        );
    }
    // As it stands, what cannot be read of it included: whoever is meant by the one is meant by the other.
    let mut audience: BTreeSet<String> = serde_json::from_str(&earlier.audience).unwrap_or_default();
    audience.extend(addressed(act, input).await?.iter().map(Addressee::stored));
    let msg_type = input.must("msgType");
    let id = write(act, input, &msg_type, audience, Some(earlier.id.clone())).await?;
    // Who has it sees that it is superseded.
    act.touch(Kind::Advisory, &earlier.id);
    Ok(act.changed(&[("advisory", &id)]))
}

/// Says that one's agency has it.
pub async fn acknowledge(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let advisory = on(act, input).await?;
    if let Some(later) = superseding(act, &advisory.id).await? {
        let message = "input.advisoryId: it is superseded: acknowledge what was sent in its place";
        return Err(
            Error::new(Code::Conflict, message).with("supersededBy", public_id(Kind::Advisory, &later.id).into())
        );
    }
    let agency = act.principal().agency().to_owned();
    let known = acknowledgement::Entity::find()
        .filter(acknowledgement::Column::AdvisoryId.eq(&advisory.id))
        .filter(acknowledgement::Column::AgencyId.eq(&agency))
        .one(act.rows())
        .await?;
    if let Some(known) = known {
        let message = "input.advisoryId: your agency has acknowledged it";
        return Err(Error::new(Code::Conflict, message).with("acknowledgedAt", known.acknowledged_at.into()));
    }
    let id = act.new_id();
    let row = acknowledgement::ActiveModel {
        id: Set(id.clone()),
        advisory_id: Set(advisory.id.clone()),
        agency_id: Set(agency),
        person_id: Set(act.principal().person().to_owned()),
        acknowledged_at: Set(act.at()),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Acknowledgement, &id);
    Ok(act.changed(&[("advisory", &advisory.id), ("acknowledgement", &id)]))
}

async fn on(act: &mut Act<'_>, input: &Input) -> Result<advisory::Model> {
    let seen = act.on(input, "advisoryId").await?;
    act.remember(Kind::Advisory, &seen.row).await?;
    let row = advisory::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("an advisory that was seen is gone"))
}

/// What was sent in its place. All who have the one have the other, as it is sent to them; a row that says otherwise is
/// not told of.
async fn superseding(act: &Act<'_>, advisory: &str) -> Result<Option<advisory::Model>> {
    let later = advisory::Entity::find().filter(advisory::Column::SupersedesId.eq(advisory)).one(act.rows()).await?;
    let Some(later) = later else { return Ok(None) };
    let is_seen = act.sight(Kind::Advisory, &later.id).await?.is_some();
    Ok(is_seen.then_some(later))
}

async fn write(
    act: &mut Act<'_>,
    input: &Input,
    msg_type: &str,
    audience: BTreeSet<String>,
    supersedes: Option<String>,
) -> Result<String> {
    let id = act.new_id();
    let row = advisory::ActiveModel {
        id: Set(id.clone()),
        msg_type: Set(msg_type.to_owned()),
        urgency: Set(input.must("urgency")),
        severity: Set(input.must("severity")),
        certainty: Set(input.must("certainty")),
        headline: Set(input.must("headline")),
        body: Set(input.must("body")),
        audience: Set(serde_json::json!(audience).to_string()),
        sent_at: Set(act.at()),
        expires_at: Set(input.maybe("expiresAt")),
        supersedes_id: Set(supersedes),
        issued_by_id: Set(Some(act.principal().person().to_owned())),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Advisory, &id);
    Ok(id)
}

/// To whom the input addresses it.
async fn addressed(act: &Act<'_>, input: &Input) -> Result<Vec<Addressee>> {
    let mut addressees = Vec::new();
    for id in input.texts("sendingStateIds") {
        let row = parse_id(id).filter(|(kind, _)| *kind == Kind::SendingState).map(|(_, row)| row.to_owned());
        let row = row.unwrap_or_default();
        if act.sight(Kind::SendingState, &row).await?.is_none() {
            return Err(refused("sendingStateIds", "ids of sending states that you may see"));
        }
        addressees.push(Addressee::SendingState(row));
    }
    for area in input.texts("areas") {
        if !area::is_area(area) {
            return Err(refused("areas", "areas: counties (FIPS 6-4), NYC, states (ISO 3166-2), US"));
        }
        addressees.push(Addressee::Area(area.to_owned()));
    }
    addressees.extend(input.texts("missionTypes").into_iter().map(|kind| Addressee::MissionType(kind.to_owned())));
    addressees.extend(input.says("allMissions").then_some(Addressee::Missions));
    addressees.extend(input.says("allLawEnforcement").then_some(Addressee::LawEnforcement));
    Ok(addressees)
}
