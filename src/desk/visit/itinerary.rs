//! Where a visit goes, and when.

use entity::{advance_note, leg, venue, visit_conflict};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};
use time::Duration;

use super::{Visiting, area, renew};
use crate::{
    access::Kind,
    clock::{instant, parse_instant},
    desk::{
        command::{Act, Input, refused},
        parts::{day, found, room},
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// By how much a leg's instants, in UTC, may be before or after the visit's days, which are days of where it is.
pub(in crate::desk) const ELSEWHERE: Duration = Duration::hours(14);

/// Venues of a visit, at most.
const MOST_VENUES: u64 = 100;
/// Legs of a visit, at most.
const MOST_LEGS: u64 = 200;
/// How long a motorcade is on its way, at most.
const LONGEST_MOTORCADE: Duration = Duration::hours(6);

/// Adds a place.
pub async fn add_venue(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visit = Visiting::on(act, input).await?.row;
    room(act, (venue::Column::VisitId, &visit.id), MOST_VENUES).await?;
    let place = (input.number("latitude"), input.number("longitude"));
    if place.0.is_some() != place.1.is_some() {
        let missing = if place.0.is_some() { "longitude" } else { "latitude" };
        return Err(refused(missing, "both coordinates, or none"));
    }
    let id = act.new_id();
    let row = venue::ActiveModel {
        id: Set(id.clone()),
        visit_id: Set(visit.id.clone()),
        name: Set(input.must("name")),
        kind: Set(input.must("kind")),
        address: Set(input.maybe("address")),
        area: Set(area(act, input).await?),
        latitude: Set(place.0),
        longitude: Set(place.1),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Venue, &id);
    Ok(act.changed(&[("visit", &visit.id), ("venue", &id)]))
}

/// Takes a place away where no leg goes.
pub async fn remove_venue(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "venueId").await?;
    let row = found::<venue::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    if leg::Entity::find().filter(leg::Column::VenueId.eq(&row.id)).one(act.rows()).await?.is_some() {
        return Err(Error::new(Code::Conflict, "input.venueId: a leg goes there: change or remove it first"));
    }
    let id = row.id.clone();
    row.delete(act.rows()).await?;
    act.removed(Kind::Venue, &id, (Kind::Visit, &visit.id));
    Ok(act.changed(&[("visit", &visit.id)]))
}

/// Adds a leg.
pub async fn add_leg(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visit = Visiting::on(act, input).await?.row;
    room(act, (leg::Column::VisitId, &visit.id), MOST_LEGS).await?;
    let venue = venue_of(act, input, &visit.id).await?;
    let (starts_at, ends_at) = (input.must("startsAt"), input.must("endsAt"));
    fits((&starts_at, &ends_at), (&visit.arrives_on, &visit.departs_on))?;
    is_drive(&input.must("kind"), (&starts_at, &ends_at))?;
    let id = act.new_id();
    let row = leg::ActiveModel {
        id: Set(id.clone()),
        visit_id: Set(visit.id.clone()),
        kind: Set(input.must("kind")),
        area: Set(area(act, input).await?.or_else(|| venue.as_ref().and_then(|venue| venue.area.clone()))),
        venue_id: Set(venue.map(|venue| venue.id)),
        starts_at: Set(starts_at),
        ends_at: Set(ends_at),
        note: Set(input.maybe("note")),
        route: Set(None),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Leg, &id);
    renew(act, &visit.id).await?;
    Ok(act.changed(&[("visit", &visit.id), ("leg", &id)]))
}

/// Changes what is given; null takes a value away.
pub async fn change_leg(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "legId").await?;
    let row = found::<leg::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    let given = ["kind", "startsAt", "endsAt"];
    if let Some(name) = given.into_iter().find(|name| input.given(name).is_some() && !input.has(name)) {
        return Err(refused(name, "a value: it cannot be taken away"));
    }
    let starts_at = input.maybe("startsAt").unwrap_or_else(|| row.starts_at.clone());
    let ends_at = input.maybe("endsAt").unwrap_or_else(|| row.ends_at.clone());
    fits((&starts_at, &ends_at), (&visit.arrives_on, &visit.departs_on))?;
    is_drive(input.text("kind").unwrap_or(&row.kind), (&starts_at, &ends_at))?;
    let (id, venue_id) = (row.id.clone(), row.venue_id.clone());
    let mut set = row.into_active_model();
    if let Some(kind) = input.maybe("kind") {
        set.kind = Set(kind);
    }
    let venue = if input.given("venueId").is_some() { Some(venue_of(act, input, &visit.id).await?) } else { None };
    if let Some(venue) = venue.filter(|venue| venue.as_ref().map(|venue| &venue.id) != venue_id.as_ref()) {
        // The one that is left is seen by where its legs go.
        if let Some(left) = &venue_id {
            act.work().reline(Kind::Venue, left);
        }
        // Where it is follows from where it goes, unless it is said.
        set.area = Set(venue.as_ref().and_then(|venue| venue.area.clone()));
        set.venue_id = Set(venue.map(|venue| venue.id));
    }
    if input.given("area").is_some() {
        set.area = Set(area(act, input).await?);
    }
    if input.given("note").is_some() {
        set.note = Set(input.maybe("note"));
    }
    (set.starts_at, set.ends_at) = (Set(starts_at), Set(ends_at));
    set.update(act.rows()).await?;
    act.touch(Kind::Leg, &id);
    renew(act, &visit.id).await?;
    Ok(act.changed(&[("visit", &visit.id), ("leg", &id)]))
}

/// Takes a leg away.
pub async fn remove_leg(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "legId").await?;
    let row = found::<leg::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    // What was found in advance of it stays with the visit, for those who wrote it.
    for note in advance_note::Entity::find().filter(advance_note::Column::LegId.eq(&row.id)).all(act.rows()).await? {
        act.work().derive(Kind::AdvanceNote, note.id.clone());
        advance_note::ActiveModel { leg_id: Set(None), ..note.into_active_model() }.update(act.rows()).await?;
    }
    let its = visit_conflict::Entity::find().filter(visit_conflict::Column::LegId.eq(&row.id)).all(act.rows()).await?;
    for conflict in its {
        act.work().derive(Kind::VisitConflict, conflict.id.clone());
        act.work().hung_on((Kind::VisitConflict, &conflict.id), (Kind::Visit, &conflict.visit_id));
        conflict.delete(act.rows()).await?;
    }
    if let Some(left) = &row.venue_id {
        act.work().reline(Kind::Venue, left);
    }
    let id = row.id.clone();
    row.delete(act.rows()).await?;
    act.removed(Kind::Leg, &id, (Kind::Visit, &visit.id));
    renew(act, &visit.id).await?;
    Ok(act.changed(&[("visit", &visit.id)]))
}

/// Says by which streets it goes; null takes it away.
pub async fn set_leg_route(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "legId").await?;
    let row = found::<leg::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    if input.given("route").is_none() {
        return Err(refused("route", "the streets, or null for none"));
    }
    let id = row.id.clone();
    let mut set = row.into_active_model();
    set.route = Set(input.maybe("route"));
    set.update(act.rows()).await?;
    act.touch(Kind::Leg, &id);
    Ok(act.changed(&[("visit", &visit.id), ("leg", &id)]))
}

/// A venue of the visit: all else is refused alike.
async fn venue_of(act: &Act<'_>, input: &Input, visit: &str) -> Result<Option<venue::Model>> {
    if !input.has("venueId") {
        return Ok(None);
    }
    let row = input.row("venueId", Kind::Venue);
    let seen = act.sight(Kind::Venue, &row).await?.is_some();
    let venue = venue::Entity::find_by_id(&row).one(act.rows()).await?;
    let venue = venue.filter(|venue| seen && venue.visit_id == visit);
    venue.map(Some).ok_or_else(|| refused("venueId", "the id of a venue of the visit"))
}

/// A motorcade is on its way for hours, not for days: nobody else's could be placed beside one.
fn is_drive(kind: &str, (starts_at, ends_at): (&str, &str)) -> Result<()> {
    let takes = parse_instant(starts_at).zip(parse_instant(ends_at)).map(|(starts, ends)| ends - starts);
    if kind == "MOTORCADE" && takes.is_none_or(|takes| takes > LONGEST_MOTORCADE) {
        return Err(refused("endsAt", "an instant at most six hours after startsAt, as it is a motorcade"));
    }
    Ok(())
}

/// Whether all legs lie within days of a visit.
pub(super) async fn all_fit(act: &Act<'_>, visit: &str, days: (&str, &str)) -> Result<()> {
    let legs = leg::Entity::find().filter(leg::Column::VisitId.eq(visit)).all(act.rows()).await?;
    let outside = legs.iter().find(|leg| fits((&leg.starts_at, &leg.ends_at), days).is_err());
    outside.map_or(Ok(()), |leg| {
        let message = "changeVisit: a leg lies outside of these days: change or remove it first";
        Err(Error::new(Code::Conflict, message).with("leg", public_id(Kind::Leg, &leg.id).into()))
    })
}

/// In order, and within the days of the visit.
fn fits((starts_at, ends_at): (&str, &str), (first, last): (&str, &str)) -> Result<()> {
    if ends_at <= starts_at {
        return Err(refused("endsAt", "an instant after startsAt"));
    }
    let from = day(first)?.midnight().assume_utc().saturating_sub(ELSEWHERE);
    let until = day(last)?.midnight().assume_utc().saturating_add(Duration::DAY + ELSEWHERE);
    for (name, at) in [("startsAt", starts_at), ("endsAt", ends_at)] {
        if parse_instant(at).is_none_or(|at| at < from || until < at) {
            let expected =
                format!("an instant within the days of the visit, from {} to {}", instant(from), instant(until));
            return Err(refused(name, &expected));
        }
    }
    Ok(())
}
