//! Agencies, persons, liaisons.

use std::collections::{BTreeMap, BTreeSet};

use entity::{agency, liaison, liaison_mission, person};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Emitted, detail, present};
use crate::access::emit::{self, LiaisonFacts, PersonFacts};

pub(super) async fn agencies(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let there = present(db, agency::Column::Id, ids).await?;
    Ok(there.into_iter().map(|id| (id.clone(), emit::agency(&id))).collect())
}

pub(super) async fn persons(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::AgencyId])
        .filter(person::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, agency)| (id, emit::person(&PersonFacts { agency }))).collect())
}

pub(super) async fn liaisons(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = liaison::Entity::find()
        .select_only()
        .columns([liaison::Column::Id, liaison::Column::AgencyId])
        .filter(liaison::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let mut facts: BTreeMap<String, LiaisonFacts> = rows
        .into_iter()
        .map(|(id, agency)| (id, LiaisonFacts { agency, missions: Vec::new(), visited: Vec::new() }))
        .collect();
    let links = liaison_mission::Entity::find().filter(liaison_mission::Column::LiaisonId.is_in(ids)).all(db).await?;
    for link in links {
        if let Some(liaison) = facts.get_mut(&link.liaison_id) {
            liaison.missions.push(link.mission_id);
        }
    }
    let missions: BTreeSet<String> = facts.values().flat_map(|facts| facts.missions.clone()).collect();
    let served = detail::on_missions(db, &Vec::from_iter(missions)).await?;
    for liaison in facts.values_mut() {
        let served = liaison.missions.iter().filter_map(|mission| served.get(mission));
        liaison.visited = served.flatten().cloned().collect();
    }
    Ok(facts.into_iter().map(|(id, facts)| (id, emit::liaison(&facts))).collect())
}
