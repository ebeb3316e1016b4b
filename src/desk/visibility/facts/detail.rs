//! Details, and whom they open what they protect to.

use std::collections::{BTreeMap, BTreeSet};

use entity::{agency, assignment, person, protective_detail, shift, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use time::Duration;

use super::Emitted;
use crate::{
    access::{
        AgencyKind,
        emit::{self, Assigned, DetailFacts, FOREVER, HOURS_AFTER, HOURS_BEFORE},
    },
    clock::{instant, parse_instant},
    desk::detail::OPEN,
};

/// Who is assigned, by what: a detail, a visit, a mission.
pub(in crate::desk) type ByRow = BTreeMap<String, Vec<Assigned>>;

pub(super) async fn details(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use protective_detail::Column::{AgentInChargeId, Id, Status, VisitId};
    let rows: Vec<(String, Option<String>, String, String)> = protective_detail::Entity::find()
        .select_only()
        .columns([Id, VisitId, Status, AgentInChargeId])
        .filter(Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let visits: BTreeSet<&String> = rows.iter().filter_map(|(_, visit, ..)| visit.as_ref()).collect();
    let missions: Vec<(String, String)> = visit::Entity::find()
        .select_only()
        .columns([visit::Column::Id, visit::Column::MissionId])
        .filter(visit::Column::Id.is_in(visits))
        .into_tuple()
        .all(db)
        .await?;
    let missions: BTreeMap<String, String> = missions.into_iter().collect();
    let mut assigned = on(db, ids).await?;
    let emitted = rows.into_iter().map(|(id, visit, status, leader)| {
        let mission = visit.and_then(|visit| missions.get(&visit).cloned());
        let assigned = assigned.remove(&id).unwrap_or_default();
        let leader = (status == OPEN).then_some(leader);
        (id, emit::detail(&DetailFacts { mission, assigned, leader }))
    });
    Ok(emitted.collect())
}

pub(super) async fn assignments(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use assignment::Column::{DetailId, Id};
    let rows = assignment::Entity::find().select_only().columns([Id, DetailId]).filter(Id.is_in(ids));
    of_details(db, rows.into_tuple().all(db).await?).await
}

pub(super) async fn shifts(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use shift::Column::{DetailId, Id};
    let rows = shift::Entity::find().select_only().columns([Id, DetailId]).filter(Id.is_in(ids));
    of_details(db, rows.into_tuple().all(db).await?).await
}

async fn of_details(db: &impl ConnectionTrait, rows: Vec<(String, String)>) -> Result<Emitted, DbErr> {
    let details: BTreeSet<String> = rows.iter().map(|(_, detail)| detail.clone()).collect();
    let assigned = on(db, &Vec::from_iter(details)).await?;
    let nobody = Vec::new();
    let emitted = rows.into_iter().map(|(id, detail)| (id, emit::of_detail(assigned.get(&detail).unwrap_or(&nobody))));
    Ok(emitted.collect())
}

/// By detail: who is on it.
pub(in crate::desk) async fn on(db: &impl ConnectionTrait, details: &[String]) -> Result<ByRow, DbErr> {
    use assignment::Column::{DetailId, EndsAt, PersonId, StartsAt};
    if details.is_empty() {
        return Ok(ByRow::new());
    }
    let rows: Vec<(String, String, String, Option<String>)> = assignment::Entity::find()
        .select_only()
        .columns([DetailId, PersonId, StartsAt, EndsAt])
        .filter(DetailId.is_in(details))
        .into_tuple()
        .all(db)
        .await?;
    let persons: BTreeSet<&String> = rows.iter().map(|(_, person, ..)| person).collect();
    let agencies: Vec<(String, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::AgencyId])
        .filter(person::Column::Id.is_in(persons))
        .into_tuple()
        .all(db)
        .await?;
    let of: BTreeSet<&String> = agencies.iter().map(|(_, agency)| agency).collect();
    let service: Vec<String> = agency::Entity::find()
        .select_only()
        .column(agency::Column::Id)
        .filter(agency::Column::Id.is_in(of))
        .filter(agency::Column::Kind.eq(AgencyKind::DiplomaticSecurity.name()))
        .into_tuple()
        .all(db)
        .await?;
    let of_service: BTreeSet<&String> =
        agencies.iter().filter(|(_, agency)| service.contains(agency)).map(|(person, _)| person).collect();
    let mut by = ByRow::new();
    for (detail, person, starts_at, ends_at) in &rows {
        let Some((from, until)) = window(starts_at, ends_at.as_deref()) else { continue };
        let of_service = of_service.contains(person);
        let ends = ends_at.clone().unwrap_or_else(|| FOREVER.to_owned());
        by.entry(detail.clone()).or_default().push(Assigned { person: person.clone(), of_service, from, until, ends });
    }
    Ok(by)
}

/// By visit: who is on its detail.
pub(in crate::desk) async fn on_visits(db: &impl ConnectionTrait, visits: &[String]) -> Result<ByRow, DbErr> {
    use protective_detail::Column::{Id, VisitId};
    let details: Vec<(String, String)> = protective_detail::Entity::find()
        .select_only()
        .columns([Id, VisitId])
        .filter(VisitId.is_in(visits))
        .into_tuple()
        .all(db)
        .await?;
    gathered(db, details).await
}

/// By mission: who is on the details of its visits.
pub(super) async fn on_missions(db: &impl ConnectionTrait, missions: &[String]) -> Result<ByRow, DbErr> {
    let visits: Vec<(String, String)> = visit::Entity::find()
        .select_only()
        .columns([visit::Column::Id, visit::Column::MissionId])
        .filter(visit::Column::MissionId.is_in(missions))
        .into_tuple()
        .all(db)
        .await?;
    let mut by = ByRow::new();
    for visits in visits.chunks(super::super::CHUNK) {
        let ids: Vec<String> = visits.iter().map(|(visit, _)| visit.clone()).collect();
        let mut assigned = on_visits(db, &ids).await?;
        for (visit, mission) in visits {
            by.entry(mission.clone()).or_default().extend(assigned.remove(visit).unwrap_or_default());
        }
    }
    Ok(by)
}

/// Who is on details, by what each detail is of.
async fn gathered(db: &impl ConnectionTrait, details: Vec<(String, String)>) -> Result<ByRow, DbErr> {
    let mut by = ByRow::new();
    for details in details.chunks(super::super::CHUNK) {
        let ids: BTreeSet<String> = details.iter().map(|(detail, _)| detail.clone()).collect();
        let assigned = on(db, &Vec::from_iter(ids)).await?;
        for (detail, of) in details {
            by.entry(of.clone()).or_default().extend(assigned.get(detail).cloned().unwrap_or_default());
        }
    }
    Ok(by)
}

/// In which time an assignment opens. One that has no time, or whose instants cannot be read, opens nothing.
fn window(starts_at: &str, ends_at: Option<&str>) -> Option<(String, String)> {
    let starts = parse_instant(starts_at)?;
    let from = instant(starts.saturating_sub(Duration::hours(HOURS_BEFORE)));
    let Some(ends_at) = ends_at else { return Some((from, FOREVER.to_owned())) };
    let ends = parse_instant(ends_at).filter(|ends| *ends > starts)?;
    Some((from, instant(ends.saturating_add(Duration::hours(HOURS_AFTER)))))
}
