//! A detail is opened for a visit, and closed.

use entity::{assignment, protective_detail, shift};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};
use time::Duration;

use super::{CLOSED, OPEN, agents::end, on, person_of, visit_of};
use crate::{
    access::{Kind, Role},
    clock::instant,
    desk::{
        command::{Act, Input, refused},
        parts::day,
        visit::{ELSEWHERE, Visiting, is_alive},
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Opens the detail of a visit, under an agent in charge who is on it for the days of the visit.
pub async fn open(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visit = Visiting::on(act, input).await?.row;
    let known = protective_detail::Entity::find()
        .filter(protective_detail::Column::VisitId.eq(&visit.id))
        .filter(protective_detail::Column::Status.eq(OPEN))
        .one(act.rows())
        .await?;
    if let Some(known) = known {
        let detail = public_id(Kind::ProtectiveDetail, &known.id);
        return Err(Error::new(Code::Conflict, "input.visitId: it has an open detail").with("detail", detail.into()));
    }
    let agency = act.principal().agency().to_owned();
    let leader = person_of(act, &agency, &input.must("agentInCharge"), Role::DetailAgent).await?;
    let leader = leader.ok_or_else(|| refused("agentInCharge", "the subject of a detail agent"))?;
    let id = act.new_id();
    let row = protective_detail::ActiveModel {
        id: Set(id.clone()),
        protectee: Set("VISITOR".to_owned()),
        visit_id: Set(Some(visit.id.clone())),
        status: Set(OPEN.to_owned()),
        agent_in_charge_id: Set(leader.id.clone()),
        safe_haven: Set(None),
        opened_at: Set(act.at()),
        closed_at: Set(None),
    };
    row.insert(act.rows()).await?;
    let assignment = act.new_id();
    let (starts_at, ends_at) = days_of((&visit.arrives_on, &visit.departs_on))?;
    let row = assignment::ActiveModel {
        id: Set(assignment.clone()),
        detail_id: Set(id.clone()),
        person_id: Set(leader.id),
        starts_at: Set(starts_at),
        ends_at: Set(Some(ends_at)),
        assigned_at: Set(act.at()),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::ProtectiveDetail, &id);
    act.touch(Kind::Assignment, &assignment);
    Ok(act.changed(&[("visit", &visit.id), ("detail", &id)]))
}

/// All of a visit's days, wherever on earth they are.
fn days_of((first, last): (&str, &str)) -> Result<(String, String)> {
    let from = day(first)?.midnight().assume_utc().saturating_sub(ELSEWHERE);
    let until = day(last)?.midnight().assume_utc().saturating_add(Duration::DAY + ELSEWHERE);
    Ok((instant(from), instant(until)))
}

/// Whoever is on the detail of a visit for all of its days is so for its new ones. Anybody else's time was chosen, and stays: who
/// leads the detail chooses anew.
pub(in crate::desk) async fn follow_days(
    act: &mut Act<'_>,
    visit: &str,
    (before, after): ((&str, &str), (&str, &str)),
) -> Result<()> {
    let (was, (starts_at, ends_at)) = (days_of(before)?, days_of(after)?);
    let details = protective_detail::Entity::find()
        .filter(protective_detail::Column::VisitId.eq(visit))
        .filter(protective_detail::Column::Status.eq(OPEN))
        .all(act.rows())
        .await?;
    for detail in details {
        let all =
            assignment::Entity::find().filter(assignment::Column::DetailId.eq(&detail.id)).all(act.rows()).await?;
        for row in &all {
            let is_for_all = row.starts_at == was.0 && row.ends_at.as_ref() == Some(&was.1);
            let is_in_the_way = |other: &assignment::Model| {
                other.id != row.id
                    && other.person_id == row.person_id
                    && other.starts_at < ends_at
                    && other.ends_at.as_ref().is_none_or(|end| *end > starts_at)
            };
            if is_for_all && !all.iter().any(is_in_the_way) {
                // Who moves a visit is not always shown who is on its detail.
                act.work().derive(Kind::Assignment, &row.id);
                act.remember(Kind::ProtectiveDetail, &detail.id).await?;
                act.work().derive(Kind::ProtectiveDetail, &detail.id);
                let mut set = row.clone().into_active_model();
                (set.starts_at, set.ends_at) = (Set(starts_at.clone()), Set(Some(ends_at.clone())));
                set.update(act.rows()).await?;
            }
        }
    }
    Ok(())
}

/// Closes it: who is on it is so no longer. While what it protects goes on, nobody may be on a shift, or be to be; when a visit
/// is at an end, so are the shifts.
pub async fn close(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = on(act, input).await?;
    let now = act.at();
    let is_over = visit_of(act, &row).await?.is_some_and(|visit| !is_alive(&visit));
    let ahead = shift::Entity::find()
        .filter(shift::Column::DetailId.eq(&row.id))
        .filter(shift::Column::EndsAt.gt(&now))
        .all(act.rows())
        .await?;
    for ahead in ahead {
        if !is_over {
            let message = "input.detailId: somebody is or will be on a shift: remove or relieve it first";
            return Err(Error::new(Code::Conflict, message).with("shift", public_id(Kind::Shift, &ahead.id).into()));
        }
        act.touch(Kind::Shift, &ahead.id);
        if ahead.starts_at >= now {
            act.removed(Kind::Shift, &ahead.id, (Kind::ProtectiveDetail, &row.id));
            ahead.delete(act.rows()).await?;
        } else {
            shift::ActiveModel { ends_at: Set(now.clone()), ..ahead.into_active_model() }.update(act.rows()).await?;
        }
    }
    let id = row.id.clone();
    for assigned in assignment::Entity::find().filter(assignment::Column::DetailId.eq(&id)).all(act.rows()).await? {
        if assigned.ends_at.as_ref().is_none_or(|ends_at| *ends_at > now) {
            end(act, assigned).await?;
        }
    }
    act.touch(Kind::ProtectiveDetail, &id);
    let mut set = row.into_active_model();
    (set.status, set.closed_at) = (Set(CLOSED.to_owned()), Set(Some(now)));
    set.update(act.rows()).await?;
    Ok(act.changed(&[("detail", &id)]))
}

/// Says where the protectee is brought; null takes it away.
pub async fn set_safe_haven(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = on(act, input).await?;
    if input.given("safeHaven").is_none() {
        return Err(refused("safeHaven", "the place, or null for none"));
    }
    let id = row.id.clone();
    act.touch(Kind::ProtectiveDetail, &id);
    let mut set = row.into_active_model();
    set.safe_haven = Set(input.maybe("safeHaven"));
    set.update(act.rows()).await?;
    Ok(act.changed(&[("detail", &id)]))
}
