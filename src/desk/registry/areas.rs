//! The areas of a law enforcement agency: proposals, until an administrator confirms them.

use entity::agency_area::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use super::form::expected;
use crate::{
    access::{AgencyKind, Kind, area},
    desk::Work,
    error::{Code, Error, Result},
};

/// The areas of an agency, proposed and confirmed.
pub async fn list(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AgencyId.eq(agency)).order_by_asc(Column::Area).all(rows).await?)
}

/// Proposes an area; whether it was new. `source` says who proposes: IMPORT, ADMINISTRATOR or DEMO.
pub async fn propose(work: &mut Work, agency: &entity::agency::Model, area: &str, source: &str) -> Result<bool> {
    if agency.kind != AgencyKind::LawEnforcement.name() {
        return Err(expected("areas", "none: only a law enforcement agency has areas"));
    }
    if !area::is_area(area) {
        let what = format!("`US`, a state such as `US-NY`, a county's FIPS code or `NYC`, not `{area}`");
        return Err(expected("areas", &what));
    }
    if find(work, &agency.id, area).await?.is_some() {
        return Ok(false);
    }
    let row = ActiveModel {
        agency_id: Set(agency.id.clone()),
        area: Set(area.to_owned()),
        level: Set(level(area).to_owned()),
        source: Set(source.to_owned()),
        proposed_at: Set(work.clock().now_text()),
        confirmed_at: Set(None),
    };
    row.insert(work.rows()).await?;
    changed(work, &agency.id);
    Ok(true)
}

/// Confirms a proposed area: from now on it grants. Whether it was not confirmed before. An area that nobody proposed
/// is NOT_FOUND, with the agency's proposals that come nearest.
pub async fn confirm(work: &mut Work, agency: &str, area: &str) -> Result<bool> {
    let Some(row) = find(work, agency, area).await? else {
        return Err(super::proposals::none_such(work.rows(), agency, area).await?);
    };
    if row.confirmed_at.is_some() {
        return Ok(false);
    }
    let now = work.clock().now_text();
    ActiveModel { confirmed_at: Set(Some(now)), ..row.into_active_model() }.update(work.rows()).await?;
    changed(work, agency);
    Ok(true)
}

/// Removes an area, confirmed or not.
pub async fn remove(work: &mut Work, agency: &str, area: &str) -> Result<()> {
    let gone = Entity::delete_by_id((agency.to_owned(), area.to_owned())).exec(work.rows()).await?;
    if gone.rows_affected == 0 {
        return Err(absent(area));
    }
    changed(work, agency);
    Ok(())
}

async fn find(work: &Work, agency: &str, area: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((agency.to_owned(), area.to_owned())).one(work.rows()).await?)
}

fn absent(area: &str) -> Error {
    Error::new(Code::NotFound, format!("the agency has no area `{area}`"))
}

fn changed(work: &mut Work, agency: &str) {
    work.touch(Kind::Agency, agency);
    work.standing_changed();
}

/// New York City counts as what it is made of.
fn level(area: &str) -> &'static str {
    match area {
        area::NATIONAL => "NATIONAL",
        state if state.starts_with("US-") => "STATE",
        _ => "COUNTY",
    }
}
