//! The programmes of a post, their reviews, and what is wanting in them.

use entity::{finding, post_programme, programme_review};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use time::Duration;

use super::{LONGEST, SLACK, day_from_now, on};
use crate::{
    access::Kind,
    desk::{
        command::{Act, Input, refused},
        parts::{day, found, room},
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Programmes of a post, those that are kept no more among them, at most.
const MOST_PROGRAMMES: u64 = 500;
/// Reviews of a programme, at most.
const MOST_REVIEWS: u64 = 1_000;
/// Findings in a programme, at most.
const MOST_FINDINGS: u64 = 1_000;

/// Sets one up.
pub async fn establish_programme(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let post = on(act, input).await?;
    room(act, (post_programme::Column::PostId, &post.id), MOST_PROGRAMMES).await?;
    let (kind, next) = (input.must("kind"), input.must("nextReviewOn"));
    is_ahead(act, ("nextReviewOn", &next))?;
    let kept = post_programme::Entity::find()
        .filter(post_programme::Column::PostId.eq(&post.id))
        .filter(post_programme::Column::Kind.eq(&kind))
        .filter(post_programme::Column::EndedOn.is_null())
        .one(act.rows())
        .await?;
    if let Some(kept) = kept {
        let programme = public_id(Kind::PostProgramme, &kept.id);
        let message = "input.kind: the post keeps a programme of that kind";
        return Err(Error::new(Code::Conflict, message).with("programme", programme.into()));
    }
    let row = post_programme::Model {
        id: act.new_id(),
        post_id: post.id,
        kind,
        reviewed_on: None,
        outcome: None,
        next_review_on: next,
        ended_on: None,
    };
    let row = row.into_active_model().insert(act.rows()).await?;
    act.touch(Kind::PostProgramme, &row.id);
    Ok(act.changed(&[("post", &row.post_id), ("programme", &row.id)]))
}

/// Says that it is kept no more.
pub async fn end_programme(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = kept(act, input).await?;
    let wanting = finding::Entity::find()
        .filter(finding::Column::ProgrammeId.eq(&row.id))
        .filter(finding::Column::ResolvedAt.is_null())
        .one(act.rows())
        .await?;
    if let Some(wanting) = wanting {
        let message = "input.programmeId: a finding in it is not resolved";
        let finding = public_id(Kind::Finding, &wanting.id);
        return Err(Error::new(Code::Conflict, message).with("finding", finding.into()));
    }
    let (id, post) = (row.id.clone(), row.post_id.clone());
    let mut set = row.into_active_model();
    set.ended_on = Set(Some(day_from_now(act, Duration::ZERO)));
    set.update(act.rows()).await?;
    act.touch(Kind::PostProgramme, &id);
    Ok(act.changed(&[("post", &post), ("programme", &id)]))
}

/// Writes down what a review came to.
pub async fn record_review(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = kept(act, input).await?;
    room(act, (programme_review::Column::ProgrammeId, &row.id), MOST_REVIEWS).await?;
    let (on, next) = (input.must("reviewedOn"), input.must("nextReviewOn"));
    if on > day_from_now(act, SLACK) {
        return Err(refused("reviewedOn", "a day that is not ahead"));
    }
    if row.reviewed_on.as_ref().is_some_and(|before| on < *before) {
        return Err(refused("reviewedOn", "a day that is not before the last review"));
    }
    if next <= on || day(&next)? - day(&on)? > LONGEST {
        return Err(refused("nextReviewOn", "a day after reviewedOn, by five years at most"));
    }
    let review = programme_review::Model {
        id: act.new_id(),
        post_id: row.post_id.clone(),
        programme_id: row.id.clone(),
        reviewed_on: on.clone(),
        outcome: input.must("outcome"),
        summary: input.must("summary"),
        next_review_on: next.clone(),
        recorded_by_id: Some(act.principal().person().to_owned()),
        recorded_at: act.at(),
    };
    let review = review.into_active_model().insert(act.rows()).await?;
    let mut set = row.into_active_model();
    (set.reviewed_on, set.outcome) = (Set(Some(on)), Set(Some(review.outcome)));
    set.next_review_on = Set(next);
    set.update(act.rows()).await?;
    act.touch(Kind::ProgrammeReview, &review.id);
    act.touch(Kind::PostProgramme, &review.programme_id);
    Ok(act.changed(&[("post", &review.post_id), ("programme", &review.programme_id), ("review", &review.id)]))
}

/// Writes down what is wanting.
pub async fn add_finding(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let programme = kept(act, input).await?;
    room(act, (finding::Column::ProgrammeId, &programme.id), MOST_FINDINGS).await?;
    let due = input.must("dueOn");
    is_ahead(act, ("dueOn", &due))?;
    let review = if input.has("reviewId") { Some(review_of(act, input, &programme.id).await?) } else { None };
    let row = finding::Model {
        id: act.new_id(),
        post_id: programme.post_id,
        programme_id: programme.id,
        review_id: review,
        severity: input.must("severity"),
        body: input.must("body"),
        found_by_id: Some(act.principal().person().to_owned()),
        found_at: act.at(),
        due_on: due,
        resolved_at: None,
        resolution: None,
    };
    let row = row.into_active_model().insert(act.rows()).await?;
    act.touch(Kind::Finding, &row.id);
    Ok(act.changed(&[("post", &row.post_id), ("programme", &row.programme_id), ("finding", &row.id)]))
}

/// Says that it was put right.
pub async fn resolve_finding(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "findingId").await?;
    let row = found::<finding::Entity>(act, &seen).await?;
    if row.resolved_at.is_some() {
        return Err(Error::new(Code::Conflict, "input.findingId: it is resolved"));
    }
    let (id, post) = (row.id.clone(), row.post_id.clone());
    let mut set = row.into_active_model();
    (set.resolved_at, set.resolution) = (Set(Some(act.at())), Set(Some(input.must("resolution"))));
    set.update(act.rows()).await?;
    act.touch(Kind::Finding, &id);
    Ok(act.changed(&[("post", &post), ("finding", &id)]))
}

/// The programme that the input names; a CONFLICT when it is kept no more.
async fn kept(act: &mut Act<'_>, input: &Input) -> Result<post_programme::Model> {
    let seen = act.on(input, "programmeId").await?;
    let row = found::<post_programme::Entity>(act, &seen).await?;
    match &row.ended_on {
        None => Ok(row),
        Some(ended_on) => {
            let message = format!("{}: the programme is kept no more since {ended_on}", act.command().name());
            Err(Error::new(Code::Conflict, message))
        }
    }
}

/// A review of the programme, that the principal sees: all else is refused alike.
async fn review_of(act: &Act<'_>, input: &Input, programme: &str) -> Result<String> {
    let row = input.row("reviewId", Kind::ProgrammeReview);
    let is_seen = act.sight(Kind::ProgrammeReview, &row).await?.is_some();
    let review = programme_review::Entity::find_by_id(&row).one(act.rows()).await?;
    match review.filter(|review| is_seen && review.programme_id == programme) {
        Some(review) => Ok(review.id),
        None => Err(refused("reviewId", "the id of a review of the programme")),
    }
}

/// Whether a day is today or ahead, by five years at most.
fn is_ahead(act: &Act<'_>, (field, on): (&str, &str)) -> Result<()> {
    let days = day_from_now(act, -SLACK)..=day_from_now(act, LONGEST);
    if days.contains(&on.to_owned()) {
        Ok(())
    } else {
        Err(refused(field, "a day that is not past, at most five years ahead"))
    }
}
