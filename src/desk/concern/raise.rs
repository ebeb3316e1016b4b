//! A concern is raised.

use entity::{concern, premises};
use sea_orm::EntityTrait;

use super::{
    case::{Case, To, Words},
    visit,
};
use crate::{
    access::{AgencyKind, Kind, Tlp},
    desk::{
        aggregate::Aggregate,
        command::{Act, Beside, Input, refused},
        pseudonym::Pseudonyms,
        reference,
        visibility::Seat,
        workflow::Status,
    },
    error::Result,
};

/// Raises a concern about a mission. It belongs to the mission, if an officer of the mission raised it, else to the
/// agency.
pub async fn raise(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let reference = reference::new(act.now().year())?;
    let columns = "c.sending_state_id, c.area, (select value from secret where name = 'pseudonym') as pseudonym";
    let beside = Beside::row("mission", columns.to_owned());
    let beside = beside.and("(select count(*) from concern where reference = ?) as taken", &reference);
    let (seen, read) = act.on_with(input, "missionId", beside).await?;
    let (about, is_taken) = (seen.row.clone(), read.try_get::<i64>("", "taken")? != 0);
    let seat = Seat { sending_state: read.try_get("", "sending_state_id")?, area: read.try_get("", "area")? };
    let premises_id = if input.has("premisesId") { Some(premises_of(act, input, &about).await?) } else { None };
    let visit_id = if input.has("visitId") { Some(visit::seen(act, input).await?.id) } else { None };
    let place = (input.number("latitude"), input.number("longitude"));
    if place.0.is_some() != place.1.is_some() {
        let missing = if place.0.is_some() { "longitude" } else { "latitude" };
        return Err(refused(missing, "both coordinates, or none"));
    }
    let by_mission = act.principal().standing().agency_kind == AgencyKind::Mission;
    let person = act.principal().person().to_owned();
    let pseudonym = if by_mission {
        let pseudonyms = match read.try_get::<Option<String>>("", "pseudonym")? {
            Some(secret) => Pseudonyms::of_secret(&secret)?,
            // The first one: the secret is made.
            None => Pseudonyms::open(act.rows()).await?,
        };
        Some(pseudonyms.of(&about, &person))
    } else {
        None
    };
    let tlp: Tlp = input.text("tlp").and_then(|name| name.parse().ok()).unwrap_or(Tlp::Amber);
    let id = act.new_id();
    let row = concern::Model {
        id: id.clone(),
        reference: if is_taken {
            reference::free(act, concern::Column::Reference, reference::new).await?
        } else {
            reference
        },
        kind: input.must("kind"),
        category: input.must("category"),
        nibrs_code: None,
        severity: input.must("severity"),
        status: Status::Submitted.name().to_owned(),
        mission_id: about.clone(),
        premises_id,
        title: input.must("title"),
        narrative: input.must("narrative"),
        occurred_at: input.maybe("occurredAt"),
        latitude: place.0,
        longitude: place.1,
        origin_agency_id: act.principal().agency().to_owned(),
        origin_mission_id: by_mission.then(|| about.clone()),
        reporter_id: Some(person),
        reporter_pseudonym: pseudonym,
        subjects: serde_json::json!(input.texts("subjects")).to_string(),
        owner_id: None,
        incident_area: None,
        tlp: tlp.name().to_owned(),
        cui: None,
        opened_at: act.at(),
        changes: 0,
        handovers: 0,
        duplicate_of_id: None,
        visit_id,
        // Derived when the work is committed.
        clock: None,
        next_due_at: None,
        clock_rest: None,
    };
    let visit = row.visit_id.clone();
    let mut case = Case::over(Aggregate::new(row, seat), seen);
    case.has_to_do_with(act, visit.as_deref()).await?;
    case.write(act, Words::new("STATUS", To::Originator, None), Some(Status::Submitted));
    case.save(act).await?;
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
