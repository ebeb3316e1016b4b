//! What the chief of mission of a post is advised, and decides.

use entity::{advice, finding, tour};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use time::Duration;

use super::{day_from_now, on};
use crate::{
    access::Kind,
    desk::{
        command::{Act, Input, refused},
        parts::{found, room},
    },
    error::{Code, Error, Result},
};

/// Advice at a post, at most.
const MOST: u64 = 10_000;
/// Nothing is decided.
const PENDING: &str = "PENDING";
/// It is decided later.
const DEFERRED: &str = "DEFERRED";
/// It is followed.
const ACCEPTED: &str = "ACCEPTED";

/// Writes down what was advised.
pub async fn record_advice(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let post = on(act, input).await?;
    room(act, (advice::Column::PostId, &post.id), MOST).await?;
    let about = if input.has("findingId") { Some(finding_at(act, input, &post.id).await?) } else { None };
    let row = advice::Model {
        id: act.new_id(),
        given_to: chief_of(act, &post.id).await?,
        post_id: post.id,
        finding_id: about,
        subject: input.must("subject"),
        body: input.must("body"),
        advised_by_id: act.principal().person().to_owned(),
        advised_at: act.at(),
        decision: PENDING.to_owned(),
        decided_at: None,
        reason: None,
    };
    let row = row.into_active_model().insert(act.rows()).await?;
    act.touch(Kind::Advice, &row.id);
    Ok(act.changed(&[("post", &row.post_id), ("advice", &row.id)]))
}

/// Writes down what was decided. What was deferred may be decided once more.
pub async fn record_decision(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "adviceId").await?;
    let row = found::<advice::Entity>(act, &seen).await?;
    if ![PENDING, DEFERRED].contains(&row.decision.as_str()) {
        let message = format!("input.adviceId: it is {}", row.decision);
        return Err(Error::new(Code::Conflict, message).with("decision", row.decision.into()));
    }
    let decision = input.must("decision");
    if decision != ACCEPTED && !input.has("reason") {
        return Err(refused("reason", "why it is declined or deferred"));
    }
    // Why it was deferred stays.
    let earlier = row.reason.as_ref().map(|reason| format!("{}: {reason}", row.decision));
    let said: Vec<String> = [earlier, input.maybe("reason")].into_iter().flatten().collect();
    let reason = (!said.is_empty()).then(|| said.join("\n"));
    let (id, post) = (row.id.clone(), row.post_id.clone());
    let mut set = row.into_active_model();
    (set.decision, set.reason) = (Set(decision), Set(reason));
    set.decided_at = Set(Some(act.at()));
    set.update(act.rows()).await?;
    act.touch(Kind::Advice, &id);
    Ok(act.changed(&[("post", &post), ("advice", &id)]))
}

/// The name of who is chief of mission today.
async fn chief_of(act: &Act<'_>, post: &str) -> Result<Option<String>> {
    use tour::Column::{Capacity, EndsOn, Id, PostId, StartsOn};
    let today = day_from_now(act, Duration::ZERO);
    let chief = tour::Entity::find()
        .filter(PostId.eq(post))
        .filter(Capacity.eq("CHIEF_OF_MISSION"))
        .filter(StartsOn.lte(&today))
        .filter(Condition::any().add(EndsOn.is_null()).add(EndsOn.gte(&today)))
        .order_by_desc(StartsOn)
        .order_by_desc(Id)
        .one(act.rows())
        .await?;
    Ok(chief.map(|tour| tour.name))
}

/// A finding at the post, that the principal sees: all else is refused alike.
async fn finding_at(act: &Act<'_>, input: &Input, post: &str) -> Result<String> {
    let row = input.row("findingId", Kind::Finding);
    let is_seen = act.sight(Kind::Finding, &row).await?.is_some();
    let finding = finding::Entity::find_by_id(&row).one(act.rows()).await?;
    match finding.filter(|finding| is_seen && finding.post_id == post) {
        Some(finding) => Ok(finding.id),
        None => Err(refused("findingId", "the id of a finding at the post")),
    }
}
