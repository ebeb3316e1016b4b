//! A concern is raised.

use entity::{concern, mission, premises};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::case::{Case, To, Words};
use crate::{
    access::{AgencyKind, Kind, Tlp},
    desk::{
        command::{Act, Input, refused},
        pseudonym::Pseudonyms,
        reference,
        workflow::Status,
    },
    error::{Error, Result},
};

/// References that are tried: with 33 million a year, a second one is rarely needed.
const ATTEMPTS: usize = 20;

/// Raises a concern about a mission. It belongs to the mission, if an officer of the mission raised it, else to the
/// agency.
pub async fn raise(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "missionId").await?;
    let about = mission::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    let about = about.ok_or_else(|| Error::internal("a mission that was seen is gone"))?;
    let premises_id = if input.has("premisesId") { Some(premises_of(act, input, &about.id).await?) } else { None };
    let place = (input.number("latitude"), input.number("longitude"));
    if place.0.is_some() != place.1.is_some() {
        let missing = if place.0.is_some() { "longitude" } else { "latitude" };
        return Err(refused(missing, "both coordinates, or none"));
    }
    let by_mission = act.principal().standing().agency_kind == AgencyKind::Mission;
    let person = act.principal().person().to_owned();
    let pseudonym = if by_mission { Some(Pseudonyms::open(act.rows()).await?.of(&about.id, &person)) } else { None };
    let tlp: Tlp = input.text("tlp").and_then(|name| name.parse().ok()).unwrap_or(Tlp::Amber);
    let row = concern::ActiveModel {
        id: Set(act.new_id()),
        reference: Set(new_reference(act).await?),
        kind: Set(input.must("kind")),
        category: Set(input.must("category")),
        nibrs_code: Set(None),
        severity: Set(input.must("severity")),
        status: Set(Status::Submitted.name().to_owned()),
        mission_id: Set(about.id.clone()),
        premises_id: Set(premises_id),
        title: Set(input.must("title")),
        narrative: Set(input.must("narrative")),
        occurred_at: Set(input.maybe("occurredAt")),
        latitude: Set(place.0),
        longitude: Set(place.1),
        origin_agency_id: Set(act.principal().agency().to_owned()),
        origin_mission_id: Set(by_mission.then(|| about.id.clone())),
        reporter_id: Set(Some(person)),
        reporter_pseudonym: Set(pseudonym),
        subjects: Set(serde_json::json!(input.texts("subjects")).to_string()),
        owner_id: Set(None),
        incident_area: Set(None),
        tlp: Set(tlp.name().to_owned()),
        cui: Set(None),
        opened_at: Set(act.at()),
        changes: Set(0),
        handovers: Set(0),
        duplicate_of_id: Set(None),
        // Derived when the work is committed.
        clock: Set(None),
        next_due_at: Set(None),
        clock_rest: Set(None),
    };
    let row = row.insert(act.rows()).await?;
    act.touch(Kind::Concern, &row.id);
    let id = row.id.clone();
    let case = Case::of(act, &id, seen).await?;
    case.write(act, Words::new("STATUS", To::Originator, None), Some(Status::Submitted)).await?;
    Ok(act.changed(&[("concern", &id)]))
}

/// Premises that the principal sees, of the mission: all else is refused alike.
async fn premises_of(act: &Act<'_>, input: &Input, mission: &str) -> Result<String> {
    let row = input.row("premisesId", Kind::Premises);
    let seen = act.sight(Kind::Premises, &row).await?.is_some();
    let there = premises::Entity::find_by_id(&row).one(act.rows()).await?;
    match there.filter(|premises| seen && premises.mission_id == mission) {
        Some(_) => Ok(row),
        None => Err(refused("premisesId", "the id of premises of the mission that you may see")),
    }
}

async fn new_reference(act: &Act<'_>) -> Result<String> {
    for _ in 0..ATTEMPTS {
        let reference = reference::new(act.now().year())?;
        if !is_taken(act.rows(), &reference).await? {
            return Ok(reference);
        }
    }
    Err(Error::internal("no free reference was found"))
}

async fn is_taken(rows: &impl ConnectionTrait, reference: &str) -> Result<bool> {
    let found = concern::Entity::find().filter(concern::Column::Reference.eq(reference)).one(rows).await?;
    Ok(found.is_some())
}
