//! An agency by what an operator calls it.

use entity::agency::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::error::{Code, Error, Result};

/// The agency of that id, short name, ORI or issuer. Two agencies of one short name are told apart by id.
pub async fn agency(rows: &impl ConnectionTrait, name: &str) -> Result<Model> {
    let called = Condition::any()
        .add(Column::Id.eq(name))
        .add(Column::ShortName.eq(name))
        .add(Column::Ori.eq(name))
        .add(Column::Issuer.eq(name));
    let mut found = Entity::find().filter(called).limit(10).all(rows).await?;
    match (found.pop(), found.as_slice()) {
        (Some(agency), []) => Ok(agency),
        (None, _) => {
            Err(Error::new(Code::NotFound, format!("no agency has the id, short name, ORI or issuer `{name}`")))
        }
        (Some(last), others) => {
            let ids: Vec<&str> = others.iter().chain([&last]).map(|agency| agency.id.as_str()).collect();
            Err(Error::new(Code::Conflict, format!("`{name}` is the name of several agencies: {}", ids.join(", "))))
        }
    }
}
