//! Who serves at a post, from when until when. It is written down, and opens nothing.

use entity::tour;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
};

use super::on;
use crate::{
    access::Kind,
    desk::{
        command::{Act, Input, refused},
        parts::{found, room},
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Tours of a post, at most.
const MOST: u64 = 1_000;
/// Of which there is one at a time.
const ONE_AT_A_TIME: [&str; 2] = ["CHIEF_OF_MISSION", "REGIONAL_SECURITY_OFFICER"];

/// Writes one down.
pub async fn record_tour(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let post = on(act, input).await?;
    room(act, (tour::Column::PostId, &post.id), MOST).await?;
    let row = tour::Model {
        id: act.new_id(),
        post_id: post.id,
        capacity: input.must("capacity"),
        name: input.must("name"),
        starts_on: input.must("startsOn"),
        ends_on: input.maybe("endsOn"),
    };
    is_sound(act, &row).await?;
    let row = row.into_active_model().insert(act.rows()).await?;
    act.touch(Kind::Tour, &row.id);
    Ok(act.changed(&[("post", &row.post_id), ("tour", &row.id)]))
}

/// Changes what is given.
pub async fn change_tour(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "tourId").await?;
    let was = found::<tour::Entity>(act, &seen).await?;
    if let Some(name) = ["name", "startsOn"].into_iter().find(|name| input.given(name).is_some() && !input.has(name)) {
        return Err(refused(name, "a value: it cannot be taken away"));
    }
    if !["name", "startsOn", "endsOn"].into_iter().any(|name| input.given(name).is_some()) {
        return Err(refused("endsOn", "at least one of name, startsOn and endsOn"));
    }
    let mut row = was.clone();
    row.name = input.maybe("name").unwrap_or(row.name);
    row.starts_on = input.maybe("startsOn").unwrap_or(row.starts_on);
    if input.given("endsOn").is_some() {
        row.ends_on = input.maybe("endsOn");
    }
    is_sound(act, &row).await?;
    let mut set = was.into_active_model();
    set.name = Set(row.name);
    (set.starts_on, set.ends_on) = (Set(row.starts_on), Set(row.ends_on));
    set.update(act.rows()).await?;
    act.touch(Kind::Tour, &row.id);
    Ok(act.changed(&[("post", &row.post_id), ("tour", &row.id)]))
}

/// Takes one off.
pub async fn remove_tour(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "tourId").await?;
    let row = found::<tour::Entity>(act, &seen).await?;
    let post = row.post_id.clone();
    row.delete(act.rows()).await?;
    act.removed(Kind::Tour, &seen.row, (Kind::Post, &post));
    Ok(act.changed(&[("post", &post)]))
}

/// Whether its days are in order, and no other is in its way.
async fn is_sound(act: &Act<'_>, row: &tour::Model) -> Result<()> {
    use tour::Column::{Capacity, EndsOn, Id, PostId, StartsOn};
    if row.ends_on.as_ref().is_some_and(|last| *last < row.starts_on) {
        return Err(refused("endsOn", "a day that is not before startsOn"));
    }
    if !ONE_AT_A_TIME.contains(&row.capacity.as_str()) {
        return Ok(());
    }
    let mut others = tour::Entity::find()
        .filter(PostId.eq(&row.post_id))
        .filter(Capacity.eq(&row.capacity))
        .filter(Id.ne(&row.id))
        .filter(Condition::any().add(EndsOn.is_null()).add(EndsOn.gte(&row.starts_on)));
    if let Some(last) = &row.ends_on {
        others = others.filter(StartsOn.lte(last));
    }
    let Some(other) = others.one(act.rows()).await? else { return Ok(()) };
    let message = format!("input.startsOn: another {} serves at the post in that time", row.capacity);
    Err(Error::new(Code::Conflict, message).with("tour", public_id(Kind::Tour, &other.id).into()))
}
