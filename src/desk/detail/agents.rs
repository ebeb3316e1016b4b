//! Who is on a detail, who leads it, and which agencies support it.

use entity::{assignment, detail_agency, person, shift};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder,
};

use time::Duration;

use super::{agent, live_visit_of, of, on, partner, person_of, shifts::cover};
use crate::{
    access::{Kind, Role},
    clock::instant,
    desk::{
        command::{Act, Input, refused},
        parts::{day, room},
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Assignments to a detail, at most.
const MOST: u64 = 500;
/// Agencies that support a detail, at most.
const MOST_AGENCIES: u64 = 50;
/// By how much an assignment to the detail of a visit may be before the visit's days, and after.
const AROUND: Duration = Duration::days(14);

/// Assigns somebody.
pub async fn assign(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let detail = on(act, input).await?;
    let visit = live_visit_of(act, &detail).await?;
    room(act, (assignment::Column::DetailId, &detail.id), MOST).await?;
    let person = agent(act, input, &detail.id).await?;
    let (starts_at, ends_at) = (input.must("startsAt"), input.maybe("endsAt"));
    if let Some(visit) = visit {
        // Whoever protects a visit is on its detail around its days, and no longer.
        let first = instant(day(&visit.arrives_on)?.midnight().assume_utc().saturating_sub(AROUND));
        let last = instant(day(&visit.departs_on)?.midnight().assume_utc().saturating_add(Duration::DAY + AROUND));
        if starts_at < first {
            return Err(refused("startsAt", &format!("an instant from {first} on, as it is the detail of a visit")));
        }
        if ends_at.as_ref().is_none_or(|ends_at| *ends_at > last) {
            return Err(refused("endsAt", &format!("an instant until {last}, as it is the detail of a visit")));
        }
    }
    if ends_at.as_ref().is_some_and(|ends_at| *ends_at <= starts_at) {
        return Err(refused("endsAt", "an instant after startsAt, or nothing while it is not known"));
    }
    let known = assignment::Entity::find()
        .filter(assignment::Column::DetailId.eq(&detail.id))
        .filter(assignment::Column::PersonId.eq(&person.id))
        .all(act.rows())
        .await?;
    let overlaps = |known: &&assignment::Model| {
        ends_at.as_ref().is_none_or(|ends_at| known.starts_at < *ends_at)
            && known.ends_at.as_ref().is_none_or(|known| *known > starts_at)
    };
    if let Some(known) = known.iter().find(overlaps) {
        let assignment = public_id(Kind::Assignment, &known.id);
        let message = "input.startsAt: they are on the detail in some of that time already";
        return Err(Error::new(Code::Conflict, message).with("assignment", assignment.into()));
    }
    let id = act.new_id();
    let row = assignment::ActiveModel {
        id: Set(id.clone()),
        detail_id: Set(detail.id.clone()),
        person_id: Set(person.id),
        starts_at: Set(starts_at),
        ends_at: Set(ends_at),
        assigned_at: Set(act.at()),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Assignment, &id);
    act.touch(Kind::ProtectiveDetail, &detail.id);
    Ok(act.changed(&[("detail", &detail.id), ("assignment", &id)]))
}

/// Ends an assignment now: what it opens closes 72 hours after.
pub async fn end_assignment(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "assignmentId").await?;
    let row = assignment::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    let row = row.ok_or_else(|| Error::internal("an assignment that was seen is gone"))?;
    let detail = of(act, &row.detail_id).await?;
    let now = act.at();
    if row.ends_at.as_ref().is_some_and(|ends_at| *ends_at <= now) {
        return Err(Error::new(Code::Conflict, "input.assignmentId: it has ended already"));
    }
    let others = assignment::Entity::find()
        .filter(assignment::Column::DetailId.eq(&detail.id))
        .filter(assignment::Column::PersonId.eq(&row.person_id))
        .filter(assignment::Column::Id.ne(&row.id))
        .order_by_asc(assignment::Column::StartsAt)
        .all(act.rows())
        .await?;
    let stays = others.iter().any(|other| other.ends_at.as_ref().is_none_or(|ends_at| *ends_at > now));
    if row.person_id == detail.agent_in_charge_id && !stays {
        return Err(Error::new(Code::Conflict, "input.assignmentId: they lead the detail: hand it over first"));
    }
    let ahead = shift::Entity::find()
        .filter(shift::Column::DetailId.eq(&detail.id))
        .filter(shift::Column::PersonId.eq(&row.person_id))
        .filter(shift::Column::EndsAt.gt(&now))
        .all(act.rows())
        .await?;
    // Another assignment may be for that time, too.
    let is_needed = |shift: &&shift::Model| !cover(&others, (now.as_str().max(&shift.starts_at), &shift.ends_at));
    if let Some(ahead) = ahead.iter().find(is_needed) {
        let message = "input.assignmentId: they are or will be on a shift: relieve or remove it first";
        return Err(Error::new(Code::Conflict, message).with("shift", public_id(Kind::Shift, &ahead.id).into()));
    }
    let id = row.id.clone();
    end(act, row).await?;
    Ok(act.changed(&[("detail", &detail.id), ("assignment", &id)]))
}

/// Ends one now; one that has not begun never was.
pub(super) async fn end(act: &mut Act<'_>, row: assignment::Model) -> Result<()> {
    let now = act.at();
    act.touch(Kind::Assignment, &row.id);
    act.touch(Kind::ProtectiveDetail, &row.detail_id);
    if row.starts_at >= now {
        act.removed(Kind::Assignment, &row.id, (Kind::ProtectiveDetail, &row.detail_id));
        row.delete(act.rows()).await?;
    } else {
        assignment::ActiveModel { ends_at: Set(Some(now)), ..row.into_active_model() }.update(act.rows()).await?;
    }
    Ok(())
}

/// Gives the detail another agent in charge: somebody who is on it, now or later.
pub async fn hand_over(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let detail = on(act, input).await?;
    let agency = act.principal().agency().to_owned();
    let person = person_of(act, &agency, &input.must("agentInCharge"), Role::DetailAgent).await?;
    let person = person.map(|person| person.id).unwrap_or_default();
    let now = act.at();
    let assigned = assignment::Entity::find()
        .filter(assignment::Column::DetailId.eq(&detail.id))
        .filter(assignment::Column::PersonId.eq(&person))
        .all(act.rows())
        .await?;
    if !assigned.iter().any(|assigned| assigned.ends_at.as_ref().is_none_or(|ends_at| *ends_at > now)) {
        return Err(refused("agentInCharge", "the subject of a detail agent who is on the detail"));
    }
    if person == detail.agent_in_charge_id {
        return Err(Error::new(Code::Conflict, "input.agentInCharge: they lead it already"));
    }
    let id = detail.id.clone();
    act.touch(Kind::ProtectiveDetail, &id);
    let mut set = detail.into_active_model();
    set.agent_in_charge_id = Set(person);
    set.update(act.rows()).await?;
    Ok(act.changed(&[("detail", &id)]))
}

/// Says that an agency supports it.
pub async fn add_agency(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let detail = on(act, input).await?;
    live_visit_of(act, &detail).await?;
    room(act, (detail_agency::Column::DetailId, &detail.id), MOST_AGENCIES).await?;
    let agency = partner(act, input).await?;
    let key = (detail.id.clone(), agency.id.clone());
    if detail_agency::Entity::find_by_id(key).one(act.rows()).await?.is_some() {
        return Err(Error::new(Code::Conflict, "input.agencyId: it supports the detail already"));
    }
    let row = detail_agency::ActiveModel { detail_id: Set(detail.id.clone()), agency_id: Set(agency.id) };
    detail_agency::Entity::insert(row).exec_without_returning(act.rows()).await?;
    act.touch(Kind::ProtectiveDetail, &detail.id);
    act.work().linked(Kind::ProtectiveDetail, &detail.id, "detail_agency");
    Ok(act.changed(&[("detail", &detail.id)]))
}

/// Says that it does so no longer.
pub async fn remove_agency(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let detail = on(act, input).await?;
    let agency = partner(act, input).await?;
    let key = (detail.id.clone(), agency.id.clone());
    let Some(row) = detail_agency::Entity::find_by_id(key).one(act.rows()).await? else {
        return Err(Error::new(Code::Conflict, "input.agencyId: it does not support the detail"));
    };
    let now = act.at();
    for assigned in
        assignment::Entity::find().filter(assignment::Column::DetailId.eq(&detail.id)).all(act.rows()).await?
    {
        let is_on = assigned.ends_at.as_ref().is_none_or(|ends_at| *ends_at > now);
        let person = person::Entity::find_by_id(&assigned.person_id).one(act.rows()).await?;
        if is_on && person.is_some_and(|person| person.agency_id == agency.id) {
            let assignment = public_id(Kind::Assignment, &assigned.id);
            let message = "input.agencyId: somebody of it is on the detail: end that first";
            return Err(Error::new(Code::Conflict, message).with("assignment", assignment.into()));
        }
    }
    row.delete(act.rows()).await?;
    act.touch(Kind::ProtectiveDetail, &detail.id);
    act.work().linked(Kind::ProtectiveDetail, &detail.id, "detail_agency");
    Ok(act.changed(&[("detail", &detail.id)]))
}
