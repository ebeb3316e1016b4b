//! Visits of dignitaries: announced by their mission, decided by the officer responsible, and what belongs to them.

mod announce;
mod conflict;
mod itinerary;
mod party;
mod port;
mod schedule;
mod steps;
mod workflow;

use entity::{county, visit};
use sea_orm::EntityTrait;

pub(super) use self::itinerary::ELSEWHERE;
use self::workflow::Status;
pub use self::{
    announce::{announce, change},
    conflict::renew as renew_conflicts,
    itinerary::{add_leg, add_venue, change_leg, remove_leg, remove_venue, set_leg_route},
    party::{add_delegate, decide_weapons_notice, file_weapons_notice, remove_delegate},
    port::{decide_port_courtesy, request_port_courtesy},
    steps::{accept, advance, assess, cancel, decline},
};
use super::command::{Act, Input, refused};
use crate::{
    access::{Kind, area::is_area},
    error::{Error, Result},
    read::Sight,
};

/// A visit on which something is done that is legal where it stands.
pub(super) struct Visiting {
    /// As it was found.
    pub(super) row: visit::Model,
    /// Where the command leads.
    to: Status,
}

impl Visiting {
    /// The visit that the input names; see [`Act::on`].
    pub(super) async fn on(act: &mut Act<'_>, input: &Input) -> Result<Self> {
        let seen = act.on(input, "visitId").await?;
        Self::of(act, &seen.row, &seen.sight).await
    }

    /// The visit on which hangs what the command is done on, and which was seen so.
    pub(super) async fn of(act: &mut Act<'_>, visit: &str, sight: &Sight) -> Result<Self> {
        act.remember(Kind::Visit, visit).await?;
        let row = visit::Entity::find_by_id(visit).one(act.rows()).await?;
        let row = row.ok_or_else(|| Error::internal("a visit that was seen is gone"))?;
        let from = Status::of_row(&row.status)
            .ok_or_else(|| Error::internal(format!("a visit with the status {}", row.status)))?;
        let to = workflow::step(act.command(), from).ok_or_else(|| {
            let is_legal = |command| workflow::step(command, from).is_some();
            act.illegal(sight, Kind::Visit, from.name(), is_legal)
        })?;
        act.touch(Kind::Visit, &row.id);
        Ok(Self { row, to })
    }
}

/// Whether a visit is not at an end.
pub(super) fn is_alive(visit: &visit::Model) -> bool {
    Status::of_row(&visit.status).is_some_and(|status| workflow::ALIVE.contains(&status))
}

/// Finds the conflicts of a visit anew.
async fn renew(act: &mut Act<'_>, visit: &str) -> Result<()> {
    let at = act.now();
    renew_conflicts(act.work(), visit, at).await
}

/// A place that law enforcement can be found by: less than the whole country.
async fn area(act: &Act<'_>, input: &Input) -> Result<Option<String>> {
    let Some(area) = input.maybe("area") else { return Ok(None) };
    let is_county = area.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = area != "US" && is_area(&area) && (!is_county || is_a_county(act, &area).await?);
    if is_place { Ok(Some(area)) } else { Err(refused("area", "a county (FIPS 6-4), NYC, or a state (ISO 3166-2)")) }
}

/// Whether there is such a county; anything that is written like one where the counties were not imported.
async fn is_a_county(act: &Act<'_>, fips: &str) -> Result<bool> {
    let known = county::Entity::find_by_id(fips).one(act.rows()).await?.is_some();
    Ok(known || county::Entity::find().one(act.rows()).await?.is_none())
}
