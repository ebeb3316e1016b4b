//! Concerns and their entries.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::DataLoader};
use entity::{concern, entry};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    loaders::{EntriesOf, LinesOf, Loader, MissionById},
    mission::{Mission, PageInfo, tiers},
    viewer::{C, Kind, Viewer},
};

/// A concern.
pub struct Concern(pub concern::Model);
/// An entry.
pub struct Entry(pub entry::Model);

/// Concerns. What was counted for is counted when it is asked for.
pub struct ConcernConnection {
    /// They.
    pub nodes: Vec<concern::Model>,
    /// Whether there are more.
    pub more: bool,
    /// Which are counted.
    pub all: Condition,
}

/// Entries.
#[derive(SimpleObject)]
pub struct EntryConnection {
    /// They.
    pub nodes: Vec<Entry>,
}

/// The concerns that are seen.
pub fn seen(viewer: &Viewer) -> Condition {
    let visible = viewer.visible(Kind::Concern);
    Condition::all().add_option(visible.map(|visible| concern::Column::Id.in_subquery(visible)))
}

/// The newest that match, behind a position.
pub async fn newest(
    database: &DatabaseConnection,
    viewer: &Viewer,
    matching: Condition,
    first: u64,
    after: Option<String>,
) -> Result<ConcernConnection> {
    let all = seen(viewer).add(matching);
    let mut cursor =
        concern::Entity::find().filter(all.clone()).cursor_by((concern::Column::OpenedAt, concern::Column::Id));
    if let Some((at, id)) = after.as_deref().and_then(|after| after.split_once('|')) {
        cursor.after((at.to_owned(), id.to_owned()));
    }
    let mut nodes = cursor.desc().first(first + 1).all(database).await?;
    let more = nodes.len() as u64 > first;
    nodes.truncate(usize::try_from(first)?);
    Ok(ConcernConnection { nodes, more, all })
}

#[Object]
impl ConcernConnection {
    async fn nodes(&self) -> Vec<Concern> {
        self.nodes.iter().cloned().map(Concern).collect()
    }

    async fn page_info(&self) -> PageInfo {
        let last = self.nodes.last();
        PageInfo { has_next_page: self.more, end_cursor: last.map(|last| format!("{}|{}", last.opened_at, last.id)) }
    }

    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let database = ctx.data::<DatabaseConnection>()?;
        Ok(concern::Entity::find().filter(self.all.clone()).count(database).await?)
    }
}

#[Object]
impl Concern {
    /// Its global id.
    pub async fn id(&self) -> ID {
        format!("concern_{}", self.0.id).into()
    }

    async fn reference(&self) -> &str {
        &self.0.reference
    }

    async fn severity(&self) -> &str {
        &self.0.severity
    }

    async fn status(&self) -> &str {
        &self.0.status
    }

    async fn opened_at(&self) -> &str {
        &self.0.opened_at
    }

    async fn next_due_at(&self) -> Option<&str> {
        self.0.next_due_at.as_deref()
    }

    async fn title(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let open = tiers(ctx, Kind::Concern, &self.0.id).await? & C != 0;
        Ok(Some(self.0.title.as_str()).filter(|_| open))
    }

    async fn mission(&self, ctx: &Context<'_>) -> Result<Option<Mission>> {
        let loader = ctx.data::<DataLoader<Loader>>()?;
        Ok(loader.load_one(MissionById(self.0.mission_id.clone())).await?.map(Mission))
    }

    async fn entries(&self, ctx: &Context<'_>, first: usize) -> Result<EntryConnection> {
        let (viewer, loader) = (ctx.data::<Arc<Viewer>>()?, ctx.data::<DataLoader<Loader>>()?);
        let parent = loader.load_one(LinesOf(self.0.id.clone())).await?.unwrap_or_default();
        let open = |rank: i16| {
            let lines = parent.iter().filter(|line| line.tlp_max >= rank);
            lines.fold(0, |open, line| open | (viewer.opens(Kind::Concern, line.ground) & line.cap))
        };
        if open(0) & C == 0 {
            return Ok(EntryConnection { nodes: Vec::new() });
        }
        let entries = loader.load_one(EntriesOf(self.0.id.clone())).await?.unwrap_or_default();
        let lines = loader.load_many(entries.iter().map(|entry| LinesOf(entry.id.clone()))).await?;
        let is_seen = |entry: &entry::Model| {
            let open = open(rank(&entry.tlp));
            let lines = lines.get(&LinesOf(entry.id.clone())).map(Vec::as_slice).unwrap_or_default();
            lines.iter().any(|line| line.ground == 18 && line.cap & open != 0)
        };
        Ok(EntryConnection { nodes: entries.into_iter().filter(is_seen).take(first).map(Entry).collect() })
    }
}

#[Object]
impl Entry {
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    async fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    async fn at(&self) -> &str {
        &self.0.at
    }
}

fn rank(tlp: &str) -> i16 {
    match tlp {
        "CLEAR" => 0,
        "GREEN" => 1,
        "AMBER" => 2,
        "AMBER_STRICT" => 3,
        _ => 4,
    }
}
