//! The public keys of an agency.

use entity::agency_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value};

use super::{
    agency_file::is_claim,
    form::{Form, expected},
};
use crate::{
    access::Kind,
    desk::Work,
    error::{Code, Error, Result},
    identity::{Algorithm, Key, names, strict_object},
};

/// The keys of an agency, by id.
pub async fn list(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AgencyId.eq(agency)).order_by_asc(Column::Kid).all(rows).await?)
}

/// Adds the keys of a JSON text: one JWK, or a JWK set. Gives their ids. A key is never exchanged under its id.
pub async fn add(work: &mut Work, agency: &entity::agency::Model, json: &str) -> Result<Vec<String>> {
    let one = strict_object(json.as_bytes()).map_err(Error::input)?;
    let jwks = if one.contains_key("keys") {
        let wrapped = Value::Object(Map::from_iter([("jwks".to_owned(), Value::Object(one))])).to_string();
        Form::parse(&wrapped)?.jwks("jwks")?
    } else {
        vec![one]
    };
    if jwks.is_empty() {
        return Err(expected("keys", "at least one JWK"));
    }
    let algorithms = names::<Algorithm>(&agency.algorithms);
    let mut ids = Vec::new();
    for (place, jwk) in jwks.iter().enumerate() {
        let key = check(jwk, &algorithms, &format!("keys[{place}]"))?;
        if Entity::find_by_id((agency.id.clone(), key.id.clone())).one(work.rows()).await?.is_some() {
            return Err(Error::new(Code::Conflict, format!("the agency has a key `{}`: remove it first", key.id)));
        }
        insert(work, &agency.id, &key.id, jwk).await?;
        ids.push(key.id);
    }
    Ok(ids)
}

/// Removes a key: the tokens it signed are refused from then on.
pub async fn remove(work: &mut Work, agency: &str, kid: &str) -> Result<()> {
    let gone = Entity::delete_by_id((agency.to_owned(), kid.to_owned())).exec(work.rows()).await?;
    if gone.rows_affected == 0 {
        return Err(Error::new(Code::NotFound, format!("the agency has no key `{kid}`")));
    }
    work.touch(Kind::Agency, agency);
    work.standing_changed();
    Ok(())
}

/// Whether the key is fit to verify tokens, under the registered algorithms; a fault is an error at `place`.
pub(super) fn check(jwk: &Map<String, Value>, algorithms: &[Algorithm], place: &str) -> Result<Key> {
    let key = Key::of_jwk(jwk, algorithms).map_err(|fault| Error::input(format!("`{place}`: {fault}")))?;
    // It is listed, and named to be removed.
    if is_claim(&key.id) {
        Ok(key)
    } else {
        Err(Error::input(format!("`{place}`: `kid` has characters that nobody sees")))
    }
}

/// Whether the registry has a key of the agency that tokens can be verified with.
pub async fn has_any(rows: &impl ConnectionTrait, agency: &entity::agency::Model) -> Result<bool> {
    // No key has an empty id.
    has_another(rows, agency, "").await
}

/// Whether the agency has a key beside this one that tokens can be verified with.
pub async fn has_another(rows: &impl ConnectionTrait, agency: &entity::agency::Model, kid: &str) -> Result<bool> {
    let algorithms = names::<Algorithm>(&agency.algorithms);
    let others = list(rows, &agency.id).await?.into_iter().filter(|key| key.kid != kid);
    let jwks = others.filter_map(|key| strict_object(key.jwk.as_bytes()).ok());
    Ok(jwks.into_iter().any(|jwk| Key::of_jwk(&jwk, &algorithms).is_ok()))
}

pub(super) async fn insert(work: &mut Work, agency: &str, kid: &str, jwk: &Map<String, Value>) -> Result<()> {
    let row = ActiveModel {
        agency_id: Set(agency.to_owned()),
        kid: Set(kid.to_owned()),
        jwk: Set(Value::Object(jwk.clone()).to_string()),
        added_at: Set(work.clock().now_text()),
    };
    row.insert(work.rows()).await?;
    work.touch(Kind::Agency, agency);
    work.standing_changed();
    Ok(())
}
