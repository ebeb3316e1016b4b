//! A visit is announced, and changed.

use entity::{mission, visit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use time::{Date, Duration};

use super::{Visiting, itinerary, port, renew, workflow::Status};
use crate::{
    access::Kind,
    desk::{
        command::{Act, Input, refused},
        detail,
        parts::day,
        reference,
    },
    error::{Error, Result},
};

/// Days of a visit, at most.
const LONGEST: Duration = Duration::days(366);

/// Announces one.
pub async fn announce(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "missionId").await?;
    let mission = mission::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    let mission = mission.ok_or_else(|| Error::internal("a mission that was seen is gone"))?;
    let (arrives_on, departs_on) = (input.must("arrivesOn"), input.must("departsOn"));
    is_sound(act, &arrives_on, &departs_on)?;
    let id = act.new_id();
    let row = visit::ActiveModel {
        id: Set(id.clone()),
        reference: Set(reference::free(act, visit::Column::Reference, reference::new_of_visit).await?),
        mission_id: Set(mission.id.clone()),
        sending_state_id: Set(mission.sending_state_id),
        principal: Set(input.must("principal")),
        rank: Set(input.must("rank")),
        city: Set(input.must("city")),
        arrives_on: Set(arrives_on),
        departs_on: Set(departs_on),
        status: Set(Status::Announced.name().to_owned()),
        reason: Set(None),
        threat_assessment: Set(None),
        announced_by_id: Set(Some(act.principal().person().to_owned())),
        announced_at: Set(act.at()),
        accepted_at: Set(None),
    };
    let row = row.insert(act.rows()).await?;
    act.touch(Kind::Visit, &id);
    let courtesy = match (input.has("port"), input.has("portAt")) {
        (true, true) => port::ask(act, input, &row, "portAt").await?,
        (false, false) if !input.has("lateReason") && !input.has("carrier") => String::new(),
        (false, _) => return Err(refused("port", "a port, as a courtesy of the port is asked for")),
        (true, false) => return Err(refused("portAt", "the instant at which the principal passes the port")),
    };
    Ok(act.changed(&[("visit", &id), ("mission", &mission.id), ("portCourtesy", &courtesy)]))
}

/// Changes what is given.
pub async fn change(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visiting = Visiting::on(act, input).await?;
    let given = ["principal", "rank", "city", "arrivesOn", "departsOn"];
    if let Some(name) = given.into_iter().find(|name| input.given(name).is_some() && !input.has(name)) {
        return Err(refused(name, "a value: it cannot be taken away"));
    }
    if !given.into_iter().any(|name| input.has(name)) {
        return Err(refused("principal", "at least one of principal, rank, city, arrivesOn and departsOn"));
    }
    let row = visiting.row;
    let arrives_on = input.maybe("arrivesOn").unwrap_or_else(|| row.arrives_on.clone());
    let departs_on = input.maybe("departsOn").unwrap_or_else(|| row.departs_on.clone());
    if input.has("arrivesOn") || input.has("departsOn") {
        is_sound(act, &arrives_on, &departs_on)?;
        itinerary::all_fit(act, &row.id, (&arrives_on, &departs_on)).await?;
        port::all_are_near(act, &row.id, (&arrives_on, &departs_on)).await?;
        let days = ((row.arrives_on.as_str(), row.departs_on.as_str()), (arrives_on.as_str(), departs_on.as_str()));
        detail::follow_days(act, &row.id, days).await?;
    }
    let id = row.id.clone();
    let mut set = row.into_active_model();
    if let Some(principal) = input.maybe("principal") {
        set.principal = Set(principal);
    }
    if let Some(rank) = input.maybe("rank") {
        set.rank = Set(rank);
    }
    if let Some(city) = input.maybe("city") {
        set.city = Set(city);
    }
    (set.arrives_on, set.departs_on) = (Set(arrives_on), Set(departs_on));
    set.update(act.rows()).await?;
    renew(act, &id).await?;
    Ok(act.changed(&[("visit", &id)]))
}

/// Days in order, not too many, and not all of them past: a day's slack, as it is still today somewhere.
fn is_sound(act: &Act<'_>, arrives_on: &str, departs_on: &str) -> Result<()> {
    let (first, last): (Date, Date) = (day(arrives_on)?, day(departs_on)?);
    if last < first {
        return Err(refused("departsOn", "a day that is not before arrivesOn"));
    }
    if last - first > LONGEST {
        return Err(refused("departsOn", "a day at most 366 days after arrivesOn"));
    }
    if last < act.now().date().saturating_sub(Duration::DAY) {
        return Err(refused("departsOn", "a day that is not past"));
    }
    Ok(())
}
