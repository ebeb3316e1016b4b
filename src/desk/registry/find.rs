//! Agencies as an operator asks for them: unscoped, for whoever has the database.

use entity::{
    agency::{Column, Entity, Model},
    person,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    access::{AgencyKind, Role},
    error::{Code, Error, Result},
};

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

/// The agencies by name: those that can sign in, or all.
pub async fn agencies(rows: &impl ConnectionTrait, all: bool) -> Result<Vec<Model>> {
    let mut query = Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id);
    if !all {
        query = query.filter(Column::Issuer.is_not_null());
    }
    Ok(query.all(rows).await?)
}

/// The ids of the missions that an agency is registered for.
pub async fn missions_of(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<String>> {
    use entity::agency_mission::{Column, Entity};
    let links = Entity::find().filter(Column::AgencyId.eq(agency)).order_by_asc(Column::MissionId).all(rows).await?;
    Ok(links.into_iter().map(|link| link.mission_id).collect())
}

/// The round-the-clock telephone of DSS, if its agency has one.
pub async fn watch_phone(rows: &impl ConnectionTrait) -> Result<Option<String>> {
    let watch = Entity::find()
        .filter(Column::Kind.eq(AgencyKind::DiplomaticSecurity.name()))
        .filter(Column::WatchPhone.is_not_null())
        .order_by_asc(Column::Id)
        .one(rows)
        .await?;
    Ok(watch.and_then(|agency| agency.watch_phone))
}

/// Whether there is a person who administers, of an agency that can sign in.
pub async fn has_administrator(rows: &impl ConnectionTrait) -> Result<bool> {
    let kinds = AgencyKind::ALL.into_iter().filter(|kind| kind.roles().contains(&Role::Administrator));
    let signs_in: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Issuer.is_not_null())
        .filter(Column::SuspendedAt.is_null())
        .filter(Column::Kind.is_in(kinds.map(AgencyKind::name)))
        .into_tuple()
        .all(rows)
        .await?;
    let people = person::Entity::find()
        .filter(person::Column::AgencyId.is_in(signs_in))
        .filter(person::Column::DisabledAt.is_null())
        .filter(person::Column::Roles.contains(Role::Administrator.name()));
    Ok(people.one(rows).await?.is_some())
}

/// Whether there are agencies that the demo made and that can still sign in.
pub async fn has_demo(rows: &impl ConnectionTrait) -> Result<bool> {
    let of_demo = Entity::find().filter(Column::MadeByDemo.eq(true)).filter(Column::SuspendedAt.is_null());
    Ok(of_demo.one(rows).await?.is_some())
}
