//! Where a question begins.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Context, Enum, ID, InputObject, Interface, Object, Result, SimpleObject};
use entity::{concern, mission};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::NullOrdering,
};

use crate::{
    concern::{Concern, ConcernConnection, newest, seen},
    mission::{Mission, MissionConnection, PageInfo},
    viewer::{Kind, Viewer},
};

/// How bad.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum Severity {
    /// LOW.
    Low,
    /// MEDIUM.
    Medium,
    /// HIGH.
    High,
    /// CRITICAL.
    Critical,
}

/// Where it is in its life, as far as it is asked for.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ConcernStatus {
    /// IN_PROGRESS.
    InProgress,
}

/// Orders that are asked for.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ConcernOrder {
    /// What is due first.
    NextDueAtAsc,
}

/// Groups that are asked for.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ConcernGroup {
    /// By severity.
    Severity,
    /// By status.
    Status,
}

/// Which severities.
#[derive(Clone, Debug, InputObject)]
pub struct SeverityFilter {
    /// One of these.
    r#in: Option<Vec<Severity>>,
}

/// Which statuses.
#[derive(Clone, Debug, InputObject)]
pub struct ConcernStatusFilter {
    /// This.
    eq: Option<ConcernStatus>,
}

/// Which concerns.
#[derive(Clone, Debug, InputObject)]
pub struct ConcernFilter {
    /// By severity.
    severity: Option<SeverityFilter>,
    /// By status.
    status: Option<ConcernStatusFilter>,
}

/// Whatever has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub enum Node {
    /// A concern.
    Concern(Concern),
    /// A mission.
    Mission(Mission),
}

/// Numbers of concerns.
#[derive(SimpleObject)]
pub struct ConcernStats {
    count: usize,
    capped: bool,
    group_count: usize,
    groups: Vec<ConcernStatsGroup>,
}

/// A group.
#[derive(SimpleObject)]
pub struct ConcernStatsGroup {
    keys: Vec<ConcernStatsKey>,
    count: usize,
}

/// A key of a group.
#[derive(SimpleObject)]
pub struct ConcernStatsKey {
    value: String,
}

/// `Query`.
pub struct Query;

#[Object]
impl Query {
    async fn mission(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Mission>> {
        let (viewer, database) = context(ctx)?;
        one_mission(database, viewer, id.trim_start_matches("mission_")).await
    }

    async fn missions(&self, ctx: &Context<'_>, first: u64) -> Result<MissionConnection> {
        let (viewer, database) = context(ctx)?;
        let mut rows = mission::Entity::find();
        if let Some(visible) = viewer.visible(Kind::Mission) {
            rows = rows.filter(mission::Column::Id.in_subquery(visible));
        }
        let rows = rows.order_by_asc(mission::Column::Name).order_by_asc(mission::Column::Id).limit(first + 1);
        let mut nodes = rows.all(database).await?;
        let more = nodes.len() as u64 > first;
        nodes.truncate(usize::try_from(first)?);
        let page_info = PageInfo { has_next_page: more, end_cursor: None };
        Ok(MissionConnection { nodes: nodes.into_iter().map(Mission).collect(), page_info })
    }

    async fn concerns(
        &self,
        ctx: &Context<'_>,
        first: Option<u64>,
        after: Option<String>,
        filter: Option<ConcernFilter>,
        order_by: Option<Vec<ConcernOrder>>,
    ) -> Result<ConcernConnection> {
        let (viewer, database) = context(ctx)?;
        let matching = filter.map_or_else(Condition::all, matching);
        if ctx.field().selection_set().all(|field| field.name() == "totalCount") {
            return Ok(ConcernConnection { nodes: Vec::new(), more: false, all: seen(viewer).add(matching) });
        }
        match order_by {
            Some(_) => due(database, seen(viewer).add(matching), first.unwrap_or(20)).await,
            None => newest(database, viewer, matching, first.unwrap_or(20), after).await,
        }
    }

    async fn desk_board(&self, ctx: &Context<'_>, first: u64) -> Result<ConcernConnection> {
        let (viewer, database) = context(ctx)?;
        let mine = Condition::all()
            .add(concern::Column::Id.in_subquery(viewer.on(Kind::Concern, [9, 10, 12])))
            .add(concern::Column::NextDueAt.is_not_null());
        due(database, mine, first).await
    }

    async fn concern_stats(&self, ctx: &Context<'_>, group_by: Vec<ConcernGroup>) -> Result<ConcernStats> {
        const MOST: usize = 10_000;
        let (viewer, database) = context(ctx)?;
        let mut rows: Vec<(String, String)> = concern::Entity::find()
            .select_only()
            .columns([concern::Column::Severity, concern::Column::Status])
            .filter(seen(viewer))
            .order_by_desc(concern::Column::OpenedAt)
            .order_by_desc(concern::Column::Id)
            .limit(MOST as u64 + 1)
            .into_tuple()
            .all(database)
            .await?;
        let capped = rows.len() > MOST;
        rows.truncate(MOST);
        let count = rows.len();
        let mut groups: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (severity, status) in rows {
            let key = |group: &ConcernGroup| match group {
                ConcernGroup::Severity => severity.clone(),
                ConcernGroup::Status => status.clone(),
            };
            *groups.entry(group_by.iter().map(key).collect()).or_default() += 1;
        }
        let group = |(keys, count): (Vec<String>, usize)| ConcernStatsGroup {
            keys: keys.into_iter().map(|value| ConcernStatsKey { value }).collect(),
            count,
        };
        let mut groups: Vec<ConcernStatsGroup> = groups.into_iter().map(group).collect();
        // Stable: those of one size stay in the order of their keys.
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        Ok(ConcernStats { count, capped, group_count: groups.len(), groups })
    }

    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>> {
        let (viewer, database) = context(ctx)?;
        match id.split_once('_') {
            Some(("concern", id)) => {
                let found = concern::Entity::find_by_id(id).filter(seen(viewer)).one(database).await?;
                Ok(found.map(|row| Node::Concern(Concern(row))))
            }
            Some(("mission", id)) => Ok(one_mission(database, viewer, id).await?.map(Node::Mission)),
            _ => Ok(None),
        }
    }
}

fn context<'a>(ctx: &'a Context<'_>) -> Result<(&'a Viewer, &'a DatabaseConnection)> {
    Ok((ctx.data::<Arc<Viewer>>()?, ctx.data::<DatabaseConnection>()?))
}

async fn one_mission(database: &DatabaseConnection, viewer: &Viewer, id: &str) -> Result<Option<Mission>> {
    let mut rows = mission::Entity::find_by_id(id);
    if let Some(visible) = viewer.visible(Kind::Mission) {
        rows = rows.filter(mission::Column::Id.in_subquery(visible));
    }
    Ok(rows.one(database).await?.map(Mission))
}

fn matching(filter: ConcernFilter) -> Condition {
    let mut matching = Condition::all();
    if let Some(wanted) = filter.severity.and_then(|severity| severity.r#in) {
        let name = |severity| match severity {
            Severity::Low => "LOW",
            Severity::Medium => "MEDIUM",
            Severity::High => "HIGH",
            Severity::Critical => "CRITICAL",
        };
        matching = matching.add(concern::Column::Severity.is_in(wanted.into_iter().map(name)));
    }
    if filter.status.and_then(|status| status.eq).is_some() {
        matching = matching.add(concern::Column::Status.eq("IN_PROGRESS"));
    }
    matching
}

/// By when the next word is due.
async fn due(database: &DatabaseConnection, all: Condition, first: u64) -> Result<ConcernConnection> {
    let mut nodes = concern::Entity::find()
        .filter(all.clone())
        .order_by_with_nulls(concern::Column::NextDueAt, Order::Asc, NullOrdering::Last)
        .order_by_asc(concern::Column::Id)
        .limit(first + 1)
        .all(database)
        .await?;
    let more = nodes.len() as u64 > first;
    nodes.truncate(usize::try_from(first)?);
    Ok(ConcernConnection { nodes, more, all })
}
