//! An agency's trusted documents, as requests ask for them.

use std::sync::Arc;

use entity::trusted_document::{Column, Entity};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::OnceCell;

use super::{Desk, registry::documents::is_document_id};
use crate::{error::Result, store::Store};

/// Connections that look documents up, apart from the writers': a long change never holds up a request.
const CONNECTIONS: u32 = 2;

/// How a request names a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DocumentName {
    /// By the id that the agency's manifest gives it.
    Id(String),
    /// By the SHA-256 of its text, 64 hexadecimal digits in lower case.
    Hash(String),
}

/// Looks documents up. Its connections are opened when the first one is asked for.
#[derive(Clone, Debug)]
pub(super) struct Documents {
    store: Store,
    rows: Arc<OnceCell<DatabaseConnection>>,
}

impl Documents {
    pub(super) fn of(store: &Store) -> Self {
        Self { store: store.clone(), rows: Arc::default() }
    }
}

impl Desk {
    /// The text of an agency's trusted document.
    pub async fn trusted(&self, agency: &str, name: &DocumentName) -> Result<Option<String>> {
        let named = match name {
            // What cannot be an id is none: PostgreSQL would not even take all of it.
            DocumentName::Id(id) if !is_document_id(id) => return Ok(None),
            DocumentName::Id(id) => Column::Id.eq(id),
            DocumentName::Hash(hash) => Column::Sha256.eq(hash),
        };
        let Documents { store, rows } = &self.documents;
        let rows = rows.get_or_try_init(|| store.apart(CONNECTIONS)).await?;
        let of_agency = Entity::find().select_only().column(Column::Text).filter(Column::AgencyId.eq(agency));
        // Several ids of one hash have one text.
        Ok(of_agency.filter(named).order_by_asc(Column::Id).limit(1).into_tuple().one(rows).await?)
    }
}
