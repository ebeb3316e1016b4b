//! What of visits decides whether they are in each other's way.

use std::collections::{BTreeMap, BTreeSet};

use entity::{delegate, leg, venue, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use time::Duration;

use super::workflow;
use crate::{
    clock::instant,
    desk::{parts::day, visibility::CHUNK},
    error::Result,
    model::words,
};

/// By how many days two visits may be apart of which a leg is at one time.
const ELSEWHERE: Duration = Duration::days(2);

/// A visit that is not at an end.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Schedule {
    pub(super) visit: String,
    pub(super) state: Option<String>,
    /// The words of the name.
    pub(super) principal: Vec<String>,
    /// The first instant of its days and the first after, in UTC.
    pub(super) days: (String, String),
    pub(super) stops: Vec<Stop>,
    /// The words of each name.
    pub(super) delegates: BTreeSet<Vec<String>>,
}

/// A leg.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stop {
    pub(super) leg: String,
    pub(super) kind: String,
    pub(super) area: Option<String>,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) venue: Option<Place>,
}

/// A venue.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// The words of the name.
    pub(super) name: Vec<String>,
    pub(super) area: Option<String>,
    /// Degrees north and east.
    pub(super) at: Option<(f64, f64)>,
}

/// The schedules of a visit and of those around the same days; none where it is at an end itself.
pub(super) async fn around(db: &impl ConnectionTrait, id: &str) -> Result<Vec<Schedule>> {
    let alive = workflow::ALIVE.iter().map(|status| status.name());
    let alive = visit::Entity::find().filter(visit::Column::Status.is_in(alive));
    let Some(its) = alive.clone().filter(visit::Column::Id.eq(id)).one(db).await? else { return Ok(Vec::new()) };
    // Days are those of where a visit is: legs of two that share no day may share an hour.
    let from = day(&its.arrives_on)?.saturating_sub(ELSEWHERE).to_string();
    let until = day(&its.departs_on)?.saturating_add(ELSEWHERE).to_string();
    let near =
        alive.filter(visit::Column::ArrivesOn.lte(until)).filter(visit::Column::DepartsOn.gte(from)).all(db).await?;
    let mut schedules = BTreeMap::new();
    for row in near {
        let until = day(&row.departs_on)?.midnight().assume_utc().saturating_add(Duration::DAY);
        let schedule = Schedule {
            visit: row.id.clone(),
            state: row.sending_state_id,
            principal: words::words(&row.principal),
            days: (instant(day(&row.arrives_on)?.midnight().assume_utc()), instant(until)),
            ..Schedule::default()
        };
        schedules.insert(row.id, schedule);
    }
    let ids: Vec<String> = schedules.keys().cloned().collect();
    for ids in ids.chunks(CHUNK) {
        let venues = venue::Entity::find().filter(venue::Column::VisitId.is_in(ids)).all(db).await?;
        let venues: BTreeMap<String, Place> = venues.into_iter().map(|row| (row.id.clone(), row.into())).collect();
        for row in leg::Entity::find().filter(leg::Column::VisitId.is_in(ids)).all(db).await? {
            let venue = row.venue_id.as_ref().and_then(|id| venues.get(id)).cloned();
            let (from, until) = (row.starts_at, row.ends_at);
            let stop = Stop { leg: row.id, kind: row.kind, area: row.area, from, until, venue };
            schedules.entry(row.visit_id).or_default().stops.push(stop);
        }
        for row in delegate::Entity::find().filter(delegate::Column::VisitId.is_in(ids)).all(db).await? {
            // A name without words is nobody's.
            let name = Some(words::words(&row.name)).filter(|name| !name.is_empty());
            schedules.entry(row.visit_id).or_default().delegates.extend(name);
        }
    }
    Ok(schedules.into_values().collect())
}

impl From<venue::Model> for Place {
    fn from(row: venue::Model) -> Self {
        Self { name: words::words(&row.name), area: row.area, at: row.latitude.zip(row.longitude) }
    }
}
