//! Rows of earlier files that a newer one does not have. They stay: that a file is silent about something is no
//! evidence that it is gone.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter as _, QuerySelect as _};

use crate::{desk::Work, error::Result};

/// The keys by which files name the rows that an import has written.
pub(super) async fn keys<C: ColumnTrait>(work: &Work, key: C, imported: C) -> Result<BTreeSet<String>>
where
    C::EntityName: EntityTrait<Column = C>,
{
    let rows: Vec<String> = C::EntityName::find()
        .select_only()
        .column(key)
        .filter(key.is_not_null())
        .filter(imported.is_not_null())
        .into_tuple()
        .all(work.rows())
        .await?;
    Ok(rows.into_iter().collect())
}
