//! Children of a concern: entries, evidence, referrals, shares.

use std::collections::{BTreeMap, BTreeSet};

use entity::{concern, entry, entry_audience, evidence as evidence_row, referral, share};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Emitted, concern::whom};
use crate::access::emit::{self, EntryAudience, EntryFacts, EvidenceFacts, ReferralFacts, ShareFacts};

pub(super) async fn entries(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let audiences = audiences(db, ids).await?;
    Ok(audiences.into_iter().map(|(id, audience)| (id, emit::entry(&EntryFacts { audience }))).collect())
}

pub(super) async fn evidence(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = evidence_row::Entity::find()
        .select_only()
        .columns([evidence_row::Column::Id, evidence_row::Column::EntryId])
        .filter(evidence_row::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let entries: BTreeSet<String> = rows.iter().map(|(_, entry)| entry.clone()).collect();
    let audiences = audiences(db, &Vec::from_iter(entries)).await?;
    let emitted = rows.into_iter().filter_map(|(id, entry)| {
        let audience = audiences.get(&entry)?.clone();
        Some((id, emit::evidence(&EvidenceFacts { audience })))
    });
    Ok(emitted.collect())
}

/// By entry: for whom it was written.
async fn audiences(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, EntryAudience>, DbErr> {
    let rows: Vec<(String, String, String)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::ConcernId, entry::Column::Audience])
        .filter(entry::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let missions = missions(db, rows.iter().map(|(_, concern, _)| concern)).await?;
    let mut agencies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for named in entry_audience::Entity::find().filter(entry_audience::Column::EntryId.is_in(ids)).all(db).await? {
        agencies.entry(named.entry_id).or_default().push(named.agency_id);
    }
    Ok(rows
        .into_iter()
        .map(|(id, concern, audience)| {
            let mission = missions.get(&concern).cloned();
            let audience = EntryAudience::of_row(&audience, mission, agencies.remove(&id).unwrap_or_default());
            (id, audience)
        })
        .collect())
}

/// By concern: the mission that an entry for "the mission" is for: the one that raised it, else the one it is about.
async fn missions<'a>(
    db: &impl ConnectionTrait,
    concerns: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<String, String>, DbErr> {
    use concern::Column::{Id, MissionId, OriginMissionId};
    let ids: BTreeSet<&String> = concerns.collect();
    let rows: Vec<(String, String, Option<String>)> = concern::Entity::find()
        .select_only()
        .columns([Id, MissionId, OriginMissionId])
        .filter(Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, about, origin)| (id, origin.unwrap_or(about))).collect())
}

pub(super) async fn referrals(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = referral::Entity::find()
        .select_only()
        .columns([referral::Column::Id, referral::Column::AgencyId])
        .filter(referral::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, agency)| (id, emit::referral(&ReferralFacts { agency }))).collect())
}

pub(super) async fn shares(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, Option<String>, Option<String>)> = share::Entity::find()
        .select_only()
        .columns([share::Column::Id, share::Column::AgencyId, share::Column::PersonId])
        .filter(share::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, agency, person)| Some((id, emit::share(&ShareFacts { to: whom(agency, person)? }))))
        .collect())
}
