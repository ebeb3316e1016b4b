//! The steps of a concern's life.

use entity::{entry, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Duration;

use super::case::{Case, To, Words};
use crate::{
    access::{Command, Kind},
    clock::instant,
    desk::{
        command::{Act, Input, refused},
        people,
        workflow::{REOPENED_WITHIN_DAYS, Status},
    },
    error::{Code, Error, Result},
};

/// A step that does nothing but lead on: acknowledge, start, request, respond, resolve, withdraw. Its entry is for
/// who raised the concern.
pub async fn advance(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let to = case.step(act, None)?;
    if to == Status::AwaitingMission && case.row.origin_mission_id.is_none() {
        // Nobody could end the waiting: only the mission that raised a concern replies to it.
        let message = "no mission raised the concern: ask who did by replyToConcern";
        return Err(Error::new(Code::Conflict, message).with("status", case.row.status.clone().into()));
    }
    case.go(to);
    let kind = if act.command() == Command::AcknowledgeConcern { "ACKNOWLEDGED" } else { "STATUS" };
    let body = input.text("body").or_else(|| input.text("reason"));
    let words = Words { tlp: case.marked(input)?, ..Words::new(kind, To::Originator, body) };
    let entry = case.write(act, words, Some(to));
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("entry", &entry)]))
}

/// Gives it to a liaison officer of one's own agency.
pub async fn assign(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let to = case.step(act, None)?;
    let officer = match input.text("officer") {
        Some(subject) => people::officer(act, subject).await?,
        None => act.principal().person().to_owned(),
    };
    if case.row.owner_id.as_ref() == Some(&officer) && to == case.status()? {
        return Err(Error::new(Code::Conflict, "input.officer: it is assigned to that officer"));
    }
    let moved = case.go(to);
    case.set.owner_id = Set(Some(officer));
    let words = Words::new("ASSIGNED", To::Dss, input.text("body"));
    case.write(act, words, moved.then_some(to));
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern)]))
}

/// Closes it, as the input names the end.
pub async fn close(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let named: Option<Status> = input.text("outcome").and_then(Status::of_row);
    let to = case.step(act, named)?;
    if to == Status::NotActionable && !input.has("reason") {
        return Err(refused("reason", "why nothing can be done"));
    }
    match (to == Status::Duplicate, input.has("duplicateOfId")) {
        (true, true) => case.set.duplicate_of_id = Set(Some(original(act, input, &case).await?)),
        (true, false) => return Err(refused("duplicateOfId", "the concern of which it is a duplicate")),
        (false, true) => return Err(refused("outcome", "DUPLICATE, as another concern is named")),
        (false, false) => {}
    }
    case.go(to);
    case.write(act, Words::new("STATUS", To::Originator, input.text("reason")), Some(to));
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern)]))
}

/// Takes up again what was closed at most [`REOPENED_WITHIN_DAYS`] ago: to its officer, or, if it never had one, to
/// the watch.
pub async fn reopen(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let to = case.step(act, None)?;
    let to = if has_officer(act, &case).await? { to } else { Status::Submitted };
    if to == Status::Submitted {
        case.set.owner_id = Set(None);
    }
    let closed = entry::Entity::find()
        .filter(entry::Column::ConcernId.eq(&case.row.id))
        .filter(entry::Column::ToStatus.eq(&case.row.status))
        .order_by_desc(entry::Column::At)
        .one(act.rows())
        .await?;
    let earliest = instant(act.now() - Duration::days(REOPENED_WITHIN_DAYS));
    // What was closed before steps were written down was closed at least when it was opened.
    let closed_at = closed.map_or_else(|| case.row.opened_at.clone(), |entry| entry.at);
    if closed_at < earliest {
        let message = format!("it was closed more than {REOPENED_WITHIN_DAYS} days ago: raise a new one");
        return Err(Error::new(Code::Conflict, message).with("status", case.row.status.clone().into()));
    }
    case.go(to);
    case.set.duplicate_of_id = Set(None);
    case.write(act, Words::new("STATUS", To::Originator, input.text("reason")), Some(to));
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern)]))
}

/// Changes how bad it is. The log tells it to who raised it.
pub async fn set_severity(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    case.step(act, None)?;
    let severity = input.must("severity");
    if severity == case.row.severity {
        return Err(Error::new(Code::Conflict, format!("input.severity: it is {severity}")));
    }
    case.set.severity = Set(severity);
    case.write(act, Words::new("SEVERITY", To::Originator, input.text("reason")), None);
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern)]))
}

/// Whether the concern has an officer who still is one.
async fn has_officer(act: &Act<'_>, case: &Case) -> Result<bool> {
    let Some(owner) = &case.row.owner_id else { return Ok(false) };
    let owner = person::Entity::find_by_id(owner).one(act.rows()).await?;
    Ok(owner.is_some_and(|person| people::is_officer(&person)))
}

/// Another concern that the principal sees, and that is no duplicate itself.
async fn original(act: &Act<'_>, input: &Input, case: &Case) -> Result<String> {
    let row = input.row("duplicateOfId", Kind::Concern);
    let seen = act.sight(Kind::Concern, &row).await?.is_some();
    let there = entity::concern::Entity::find_by_id(&row).one(act.rows()).await?;
    match there.filter(|other| seen && other.id != case.row.id && other.duplicate_of_id.is_none()) {
        Some(other) => Ok(other.id),
        None => Err(refused("duplicateOfId", "the id of another concern that you may see, and that is no duplicate")),
    }
}
