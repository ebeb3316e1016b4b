//! Visits and what hangs on them.

use std::collections::BTreeMap;

use entity::{advance_note, delegate, leg, mission, port_courtesy, venue, visit, visit_conflict, weapons_notice};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Emitted, detail};
use crate::access::emit::{self, Assigned, PartFacts, StopFacts, VisitFacts};

pub(super) async fn visits(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use visit::Column::{AcceptedAt, Id, MissionId};
    let rows: Vec<(String, String, Option<String>)> = visit::Entity::find()
        .select_only()
        .columns([Id, MissionId, AcceptedAt])
        .filter(Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let states: Vec<(String, Option<String>)> = mission::Entity::find()
        .select_only()
        .columns([mission::Column::Id, mission::Column::SendingStateId])
        .filter(mission::Column::Id.is_in(rows.iter().map(|(_, mission, _)| mission)))
        .into_tuple()
        .all(db)
        .await?;
    let states: BTreeMap<String, Option<String>> = states.into_iter().collect();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let legs: Vec<(String, Option<String>)> = leg::Entity::find()
        .select_only()
        .columns([leg::Column::VisitId, leg::Column::Area])
        .filter(leg::Column::VisitId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    for (visit, area) in legs {
        places.entry(visit).or_default().extend(area);
    }
    let mut assigned = detail::on_visits(db, ids).await?;
    let emitted = rows.into_iter().map(|(id, mission, accepted_at)| {
        let sending_state = states.get(&mission).cloned().flatten();
        let places = places.remove(&id).unwrap_or_default();
        let assigned = assigned.remove(&id).unwrap_or_default();
        let facts = VisitFacts { mission, sending_state, accepted: accepted_at.is_some(), places, assigned };
        (id, emit::visit(&facts))
    });
    Ok(emitted.collect())
}

pub(super) async fn venues(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows = venue::Entity::find().select_only().columns([venue::Column::Id, venue::Column::VisitId]);
    let rows: Vec<(String, String)> = rows.filter(venue::Column::Id.is_in(ids)).into_tuple().all(db).await?;
    let legs: Vec<(String, Option<String>)> = leg::Entity::find()
        .select_only()
        .columns([leg::Column::VenueId, leg::Column::Area])
        .filter(leg::Column::VenueId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (venue, area) in legs {
        places.entry(venue).or_default().extend(area);
    }
    let visits = visits_of(db, rows.iter().map(|(_, visit)| visit)).await?;
    let emitted = rows.into_iter().filter_map(|(id, visit)| {
        let Of { mission, assigned } = visits.get(&visit)?.clone();
        let places = places.remove(&id).unwrap_or_default();
        Some((id, emit::stop(&StopFacts { mission, places, assigned })))
    });
    Ok(emitted.collect())
}

pub(super) async fn legs(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use leg::Column::{Area, Id, VisitId};
    let rows = leg::Entity::find().select_only().columns([Id, VisitId, Area]).filter(Id.is_in(ids));
    let rows: Vec<(String, String, Option<String>)> = rows.into_tuple().all(db).await?;
    let visits = visits_of(db, rows.iter().map(|(_, visit, _)| visit)).await?;
    let emitted = rows.into_iter().filter_map(|(id, visit, place)| {
        let Of { mission, assigned } = visits.get(&visit)?.clone();
        Some((id, emit::stop(&StopFacts { mission, places: place.into_iter().collect(), assigned })))
    });
    Ok(emitted.collect())
}

pub(super) async fn delegates(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use delegate::Column::{Id, VisitId};
    let rows = delegate::Entity::find().select_only().columns([Id, VisitId]).filter(Id.is_in(ids));
    parts(db, rows.into_tuple().all(db).await?).await
}

pub(super) async fn port_courtesies(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use port_courtesy::Column::{Id, VisitId};
    let rows = port_courtesy::Entity::find().select_only().columns([Id, VisitId]).filter(Id.is_in(ids));
    parts(db, rows.into_tuple().all(db).await?).await
}

pub(super) async fn weapons_notices(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use weapons_notice::Column::{Id, VisitId};
    let rows = weapons_notice::Entity::find().select_only().columns([Id, VisitId]).filter(Id.is_in(ids));
    parts(db, rows.into_tuple().all(db).await?).await
}

async fn parts(db: &impl ConnectionTrait, rows: Vec<(String, String)>) -> Result<Emitted, DbErr> {
    let visits = visits_of(db, rows.iter().map(|(_, visit)| visit)).await?;
    let emitted = rows.into_iter().filter_map(|(id, visit)| {
        let Of { mission, assigned } = visits.get(&visit)?.clone();
        Some((id, emit::part(&PartFacts { mission, assigned })))
    });
    Ok(emitted.collect())
}

pub(super) async fn conflicts(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use visit_conflict::Column::{Id, VisitId};
    let rows = visit_conflict::Entity::find().select_only().columns([Id, VisitId]).filter(Id.is_in(ids));
    sensitive(db, rows.into_tuple().all(db).await?).await
}

pub(super) async fn advance_notes(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use advance_note::Column::{Id, VisitId};
    let rows = advance_note::Entity::find().select_only().columns([Id, VisitId]).filter(Id.is_in(ids));
    sensitive(db, rows.into_tuple().all(db).await?).await
}

async fn sensitive(db: &impl ConnectionTrait, rows: Vec<(String, String)>) -> Result<Emitted, DbErr> {
    let visits = visits_of(db, rows.iter().map(|(_, visit)| visit)).await?;
    let emitted = rows.into_iter().filter_map(|(id, visit)| {
        let Of { assigned, .. } = visits.get(&visit)?;
        Some((id, emit::sensitive(assigned)))
    });
    Ok(emitted.collect())
}

/// What of a visit decides who may see what hangs on it.
#[derive(Clone)]
struct Of {
    /// The mission that announced it.
    mission: String,
    /// Who is on its detail.
    assigned: Vec<Assigned>,
}

async fn visits_of<'a>(
    db: &impl ConnectionTrait,
    visits: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<String, Of>, DbErr> {
    let mut ids: Vec<String> = visits.cloned().collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(String, String)> = visit::Entity::find()
        .select_only()
        .columns([visit::Column::Id, visit::Column::MissionId])
        .filter(visit::Column::Id.is_in(&ids))
        .into_tuple()
        .all(db)
        .await?;
    let mut assigned = detail::on_visits(db, &ids).await?;
    let of = rows.into_iter().map(|(id, mission)| {
        let assigned = assigned.remove(&id).unwrap_or_default();
        (id, Of { mission, assigned })
    });
    Ok(of.collect())
}
