//! Who is on when: one agent never on two shifts at a time, and handed over without a gap.

use entity::{assignment, person, shift};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder,
};
use time::Duration;

use super::{agent, live_visit_of, of, on};
use crate::{
    access::{Kind, emit::FOREVER},
    clock::{instant, parse_instant},
    desk::{
        command::{Act, Input, refused},
        parts::found,
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Hours of a shift, at most.
const LONGEST: Duration = Duration::hours(24);
/// By how much a shift may begin in the past.
const SLACK: Duration = Duration::minutes(15);

/// Puts an agent of the detail on a shift.
pub async fn add_shift(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let detail = on(act, input).await?;
    live_visit_of(act, &detail).await?;
    let person = agent(act, input, &detail.id).await?;
    let (starts_at, ends_at) = (input.must("startsAt"), input.must("endsAt"));
    is_not_past(act, ("startsAt", &starts_at))?;
    let lasts = parse_instant(&starts_at).zip(parse_instant(&ends_at)).map(|(starts, ends)| ends - starts);
    if !lasts.is_some_and(|lasts| lasts > Duration::ZERO && lasts <= LONGEST) {
        return Err(refused("endsAt", "an instant after startsAt, at most 24 hours"));
    }
    is_free(act, &detail.id, &person, (&starts_at, &ends_at)).await?;
    let id = act.new_id();
    let row = shift::ActiveModel {
        id: Set(id.clone()),
        detail_id: Set(detail.id.clone()),
        person_id: Set(person.id),
        role: Set(input.must("role")),
        starts_at: Set(starts_at),
        ends_at: Set(ends_at),
        relieves_id: Set(None),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Shift, &id);
    Ok(act.changed(&[("detail", &detail.id), ("shift", &id)]))
}

/// Takes one off that has not begun; whom it was to relieve stays on instead.
pub async fn remove_shift(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "shiftId").await?;
    let row = found::<shift::Entity>(act, &seen).await?;
    let detail = of(act, &row.detail_id).await?;
    if row.starts_at <= act.at() {
        return Err(Error::new(Code::Conflict, "input.shiftId: it has begun: relieve it"));
    }
    let id = row.id.clone();
    if shift::Entity::find().filter(shift::Column::RelievesId.eq(&id)).one(act.rows()).await?.is_some() {
        return Err(Error::new(Code::Conflict, "input.shiftId: another takes over from it: remove that one first"));
    }
    let (relieves, ends_at) = (row.relieves_id.clone(), row.ends_at.clone());
    row.delete(act.rows()).await?;
    act.removed(Kind::Shift, &id, (Kind::ProtectiveDetail, &detail.id));
    if let Some(relieved) = relieves {
        stays_on(act, &relieved, ends_at).await?;
    }
    Ok(act.changed(&[("detail", &detail.id)]))
}

/// Who was to be relieved is on until the other would have been: there is no gap.
async fn stays_on(act: &mut Act<'_>, shift: &str, ends_at: String) -> Result<()> {
    let Some(row) = shift::Entity::find_by_id(shift).one(act.rows()).await? else { return Ok(()) };
    let window = (row.ends_at.as_str(), ends_at.as_str());
    let is_on = covers(act, &row.detail_id, &row.person_id, window).await?;
    if !is_on || other(act, &row.person_id, window).await?.is_some() {
        let message = "input.shiftId: who was to be relieved is not free to stay on: relieve it by somebody else";
        return Err(Error::new(Code::Conflict, message));
    }
    act.touch(Kind::Shift, &row.id);
    shift::ActiveModel { ends_at: Set(ends_at), ..row.into_active_model() }.update(act.rows()).await?;
    Ok(())
}

/// Hands one over: it ends as the other agent's begins, in the same transaction.
pub async fn relieve_shift(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "shiftId").await?;
    let row = found::<shift::Entity>(act, &seen).await?;
    let detail = of(act, &row.detail_id).await?;
    let person = agent(act, input, &detail.id).await?;
    let at = input.maybe("at").unwrap_or_else(|| act.at());
    is_not_past(act, ("at", &at))?;
    if at <= row.starts_at || at >= row.ends_at {
        return Err(refused("at", "an instant between startsAt and endsAt of the shift; it is now unless given"));
    }
    if person.id == row.person_id {
        return Err(refused("agent", "another agent than the one who is relieved"));
    }
    is_free(act, &detail.id, &person, (&at, &row.ends_at)).await?;
    let (id, relieved) = (act.new_id(), row.id.clone());
    let (role, ends_at) = (row.role.clone(), row.ends_at.clone());
    // Who was to take over from it takes over from the one between.
    for next in shift::Entity::find().filter(shift::Column::RelievesId.eq(&relieved)).all(act.rows()).await? {
        act.touch(Kind::Shift, &next.id);
        shift::ActiveModel { relieves_id: Set(Some(id.clone())), ..next.into_active_model() }
            .update(act.rows())
            .await?;
    }
    shift::ActiveModel { ends_at: Set(at.clone()), ..row.into_active_model() }.update(act.rows()).await?;
    let later = shift::ActiveModel {
        id: Set(id.clone()),
        detail_id: Set(detail.id.clone()),
        person_id: Set(person.id),
        role: Set(role),
        starts_at: Set(at),
        ends_at: Set(ends_at),
        relieves_id: Set(Some(relieved.clone())),
    };
    later.insert(act.rows()).await?;
    act.touch(Kind::Shift, &relieved);
    act.touch(Kind::Shift, &id);
    Ok(act.changed(&[("detail", &detail.id), ("shift", &id)]))
}

/// What was is not planned any more: who was on when stays as it was. A few minutes are for clocks that differ.
fn is_not_past(act: &Act<'_>, (field, at): (&str, &str)) -> Result<()> {
    let earliest = instant(act.now().saturating_sub(SLACK));
    if at < earliest.as_str() { Err(refused(field, "an instant that is not past")) } else { Ok(()) }
}

/// Whether somebody is on the detail in all of a time, and on no shift in it, of whichever detail.
///
/// That somebody is not free is told to whoever plans them; where they are instead, only where that is visible. The schema
/// holds it besides, for whoever writes otherwise.
async fn is_free(act: &Act<'_>, detail: &str, person: &person::Model, window: (&str, &str)) -> Result<()> {
    if !covers(act, detail, &person.id, window).await? {
        return Err(refused("agent", "somebody who is assigned to the detail in all of that time"));
    }
    let Some(other) = other(act, &person.id, window).await? else { return Ok(()) };
    let error = Error::new(Code::Conflict, "input.agent: they are on another shift in that time");
    let is_seen = act.sight(Kind::Shift, &other.id).await?.is_some();
    Err(if is_seen { error.with("shift", public_id(Kind::Shift, &other.id).into()) } else { error })
}

/// Whether somebody is assigned to a detail in all of a time.
async fn covers(act: &Act<'_>, detail: &str, person: &str, (from, until): (&str, &str)) -> Result<bool> {
    let assigned = assignment::Entity::find()
        .filter(assignment::Column::DetailId.eq(detail))
        .filter(assignment::Column::PersonId.eq(person))
        .order_by_asc(assignment::Column::StartsAt)
        .all(act.rows())
        .await?;
    Ok(cover(&assigned, (from, until)))
}

/// Whether assignments, the first first, cover a time: one may follow another without a gap.
pub(super) fn cover(assigned: &[assignment::Model], (from, until): (&str, &str)) -> bool {
    let mut covered = from;
    for one in assigned {
        if one.starts_at.as_str() <= covered {
            covered = covered.max(one.ends_at.as_deref().unwrap_or(FOREVER));
        }
    }
    covered >= until
}

/// A shift of somebody in a time, of whichever detail.
async fn other(act: &Act<'_>, person: &str, (from, until): (&str, &str)) -> Result<Option<shift::Model>> {
    let other = shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::StartsAt.lt(until))
        .filter(shift::Column::EndsAt.gt(from))
        .one(act.rows())
        .await?;
    Ok(other)
}
