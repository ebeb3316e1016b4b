//! Secrets of this installation: made at first use, shared by every server of the same database.

use aws_lc_rs::rand;
use data_encoding::HEXLOWER;
use entity::secret;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::error::{Error, Result};

/// The secret of a name: 256 random bits. Of two who make it at once, one wins and both get it.
pub async fn secret(db: &impl ConnectionTrait, name: &str) -> Result<Vec<u8>> {
    let mut stored = secret::Entity::find_by_id(name).one(db).await?;
    if stored.is_none() {
        let mut fresh = [0; 32];
        rand::fill(&mut fresh).map_err(Error::internal)?;
        let row = secret::ActiveModel { name: Set(name.to_owned()), value: Set(HEXLOWER.encode(&fresh)) };
        secret::Entity::insert(row)
            .on_conflict(OnConflict::column(secret::Column::Name).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
        stored = secret::Entity::find_by_id(name).one(db).await?;
    }
    let stored = stored.ok_or_else(|| Error::internal(format!("the secret `{name}` is gone")))?;
    HEXLOWER.decode(stored.value.as_bytes()).map_err(Error::internal)
}
