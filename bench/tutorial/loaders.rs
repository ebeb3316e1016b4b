//! One loader for each edge.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader;
use entity::{entry, liaison, liaison_mission, mission, security_contact, sending_state, visibility};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::viewer::{Kind, Viewer};

/// Loads for one request.
pub struct Loader {
    /// From where.
    pub database: DatabaseConnection,
    /// For whom.
    pub viewer: Arc<Viewer>,
}

type Loaded<K, V> = Result<HashMap<K, V>, Arc<DbErr>>;

/// The lines of a row that are held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinesOf(pub String);
/// A mission by its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MissionById(pub String);
/// A sending state by its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StateById(pub String);
/// A mission's contacts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContactsOf(pub String);
/// A mission's liaisons.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LiaisonsOf(pub String);
/// A concern's entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntriesOf(pub String);

impl dataloader::Loader<LinesOf> for Loader {
    type Value = Vec<visibility::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[LinesOf]) -> Loaded<LinesOf, Self::Value> {
        let rows = visibility::Entity::find()
            .filter(visibility::Column::RowId.is_in(keys.iter().map(|key| key.0.clone())))
            .filter(self.viewer.held())
            .all(&self.database)
            .await?;
        let mut lines: HashMap<LinesOf, Self::Value> = HashMap::new();
        for row in rows {
            lines.entry(LinesOf(row.row_id.clone())).or_default().push(row);
        }
        Ok(lines)
    }
}

impl dataloader::Loader<MissionById> for Loader {
    type Value = mission::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[MissionById]) -> Loaded<MissionById, Self::Value> {
        let mut rows = mission::Entity::find().filter(mission::Column::Id.is_in(keys.iter().map(|key| key.0.clone())));
        if let Some(visible) = self.viewer.visible(Kind::Mission) {
            rows = rows.filter(mission::Column::Id.in_subquery(visible));
        }
        Ok(rows.all(&self.database).await?.into_iter().map(|row| (MissionById(row.id.clone()), row)).collect())
    }
}

impl dataloader::Loader<StateById> for Loader {
    type Value = sending_state::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[StateById]) -> Loaded<StateById, Self::Value> {
        let rows = sending_state::Entity::find()
            .filter(sending_state::Column::Id.is_in(keys.iter().map(|key| key.0.clone())))
            .all(&self.database)
            .await?;
        Ok(rows.into_iter().map(|row| (StateById(row.id.clone()), row)).collect())
    }
}

impl dataloader::Loader<ContactsOf> for Loader {
    type Value = Vec<security_contact::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[ContactsOf]) -> Loaded<ContactsOf, Self::Value> {
        let ids = keys.iter().map(|key| key.0.clone());
        let mut rows = security_contact::Entity::find().filter(security_contact::Column::MissionId.is_in(ids));
        if let Some(visible) = self.viewer.visible(Kind::Contact) {
            rows = rows.filter(security_contact::Column::Id.in_subquery(visible));
        }
        let mut contacts: HashMap<ContactsOf, Self::Value> = HashMap::new();
        for row in rows.order_by_asc(security_contact::Column::Id).all(&self.database).await? {
            contacts.entry(ContactsOf(row.mission_id.clone())).or_default().push(row);
        }
        Ok(contacts)
    }
}

impl dataloader::Loader<LiaisonsOf> for Loader {
    type Value = Vec<liaison::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[LiaisonsOf]) -> Loaded<LiaisonsOf, Self::Value> {
        let links = liaison_mission::Entity::find()
            .filter(liaison_mission::Column::MissionId.is_in(keys.iter().map(|key| key.0.clone())))
            .all(&self.database)
            .await?;
        let ids = links.iter().map(|link| link.liaison_id.clone());
        let mut rows = liaison::Entity::find().filter(liaison::Column::Id.is_in(ids));
        if let Some(visible) = self.viewer.visible(Kind::Liaison) {
            rows = rows.filter(liaison::Column::Id.in_subquery(visible));
        }
        let rows =
            rows.order_by_asc(liaison::Column::Unit).order_by_asc(liaison::Column::Id).all(&self.database).await?;
        let mut liaisons: HashMap<LiaisonsOf, Self::Value> = HashMap::new();
        for row in rows {
            for link in links.iter().filter(|link| link.liaison_id == row.id) {
                liaisons.entry(LiaisonsOf(link.mission_id.clone())).or_default().push(row.clone());
            }
        }
        Ok(liaisons)
    }
}

impl dataloader::Loader<EntriesOf> for Loader {
    type Value = Vec<entry::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[EntriesOf]) -> Loaded<EntriesOf, Self::Value> {
        let rows = entry::Entity::find()
            .filter(entry::Column::ConcernId.is_in(keys.iter().map(|key| key.0.clone())))
            .order_by_asc(entry::Column::At)
            .order_by_asc(entry::Column::Id)
            .all(&self.database)
            .await?;
        let mut entries: HashMap<EntriesOf, Self::Value> = HashMap::new();
        for row in rows {
            entries.entry(EntriesOf(row.concern_id.clone())).or_default().push(row);
        }
        Ok(entries)
    }
}
