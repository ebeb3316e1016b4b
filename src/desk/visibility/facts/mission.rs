//! Missions, their premises and their security contacts.

use std::collections::{BTreeMap, BTreeSet};

use entity::{concern, mission, mission_change, premises as premises_row, referral, security_contact, share};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::{Emitted, detail};
use crate::{
    access::{
        Ground,
        emit::{self, Emission, MissionChangeFacts, MissionFacts, PremisesFacts},
    },
    desk::visibility::CHUNK,
};

/// What decides who may see the missions, with the ways that concerns about them open.
pub(super) async fn facts(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, MissionFacts>, DbErr> {
    let rows: Vec<(String, Option<String>, Option<String>)> = mission::Entity::find()
        .select_only()
        .columns([mission::Column::Id, mission::Column::SendingStateId, mission::Column::Area])
        .filter(mission::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let mut reached = reached(db, ids).await?;
    let mut visited = detail::on_missions(db, ids).await?;
    Ok(rows
        .into_iter()
        .map(|(id, sending_state, place)| {
            let via = emit::via(&reached.remove(&id).unwrap_or_default());
            let visited = visited.remove(&id).unwrap_or_default();
            (id.clone(), MissionFacts { mission: id, sending_state, place, via, visited })
        })
        .collect())
}

/// By mission: what the concerns about it emit for shares and referrals.
async fn reached(db: &impl ConnectionTrait, missions: &[String]) -> Result<BTreeMap<String, Vec<Emission>>, DbErr> {
    let concerns: Vec<String> = concern::Entity::find()
        .select_only()
        .column(concern::Column::Id)
        .filter(concern::Column::MissionId.is_in(missions))
        .filter(
            Expr::exists(hangs_on_concern::<share::Entity>(share::Column::ConcernId))
                .or(Expr::exists(hangs_on_concern::<referral::Entity>(referral::Column::ConcernId))),
        )
        .into_tuple()
        .all(db)
        .await?;
    let mut reached: BTreeMap<String, Vec<Emission>> = BTreeMap::new();
    for ids in concerns.chunks(CHUNK) {
        for super::concern::Known { facts, .. } in super::concern::facts(db, ids).await?.into_values() {
            let ways = emit::concern(&facts)
                .into_iter()
                .filter(|emission| matches!(emission.ground, Ground::Shared | Ground::Referred));
            reached.entry(facts.mission).or_default().extend(ways);
        }
    }
    Ok(reached)
}

fn hangs_on_concern<E: EntityTrait>(link: E::Column) -> SelectStatement {
    E::find()
        .select_only()
        .column(link)
        .filter(Expr::col((E::default(), link)).equals((concern::Entity, concern::Column::Id)))
        .into_query()
}

pub(super) async fn premises(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String, String)> = premises_row::Entity::find()
        .select_only()
        .columns([premises_row::Column::Id, premises_row::Column::MissionId, premises_row::Column::Kind])
        .filter(premises_row::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let missions = facts_of(db, rows.iter().map(|(_, mission, _)| mission)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, mission, kind)| {
            Some((id, emit::premises(missions.get(&mission)?, &PremisesFacts::of_row(&kind))))
        })
        .collect())
}

pub(super) async fn security_contacts(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = security_contact::Entity::find()
        .select_only()
        .columns([security_contact::Column::Id, security_contact::Column::MissionId])
        .filter(security_contact::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let missions = facts_of(db, rows.iter().map(|(_, mission)| mission)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, mission)| Some((id, emit::security_contact(missions.get(&mission)?))))
        .collect())
}

async fn facts_of<'a>(
    db: &impl ConnectionTrait,
    missions: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<String, MissionFacts>, DbErr> {
    let distinct: BTreeSet<&String> = missions.collect();
    let distinct: Vec<String> = distinct.into_iter().cloned().collect();
    facts(db, &distinct).await
}

/// What missions have said of how to reach them.
pub(super) async fn changes(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = mission_change::Entity::find()
        .select_only()
        .columns([mission_change::Column::Id, mission_change::Column::MissionId])
        .filter(mission_change::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, mission)| (id, emit::mission_change(&MissionChangeFacts { mission }))).collect())
}
