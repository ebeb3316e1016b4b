//! Enrolling an agency.

use entity::agency::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::{NewAgency, Trust, areas, form::expected, keys, missions};
use crate::{
    access::Kind,
    desk::Work,
    error::{Code, Error, Result},
    id,
};

/// Who enrols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An administrator: the issuer must be an https URL, areas are proposals.
    Administrator,
    /// The demo, which holds the private keys: tokens may be minted for the agency.
    Demo,
}

/// What became of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New(String),
    /// It was listed, by its ORI, and is enrolled now.
    Enrolled(String),
}

impl Added {
    /// The agency's id.
    pub fn id(&self) -> &str {
        match self {
            Self::New(id) | Self::Enrolled(id) => id,
        }
    }
}

/// Adds an agency. One that an import has listed under the same ORI, and that is not enrolled, is enrolled instead:
/// it takes what `new` says and keeps its other fields, its id and its areas.
pub async fn add_agency(work: &mut Work, new: &NewAgency, origin: Origin) -> Result<Added> {
    new.check()?;
    if let Some(trust) = &new.trust {
        trust.check(new.kind, origin == Origin::Demo)?;
        let same = Entity::find().filter(Column::Issuer.eq(&trust.issuer)).one(work.rows()).await?;
        if let Some(other) = same {
            return Err(Error::new(Code::Conflict, format!("`issuer`: that of agency {} already", other.id)));
        }
    }
    let sending_state = match &new.sending_state {
        Some(name) => Some(sending_state(work.rows(), name).await?),
        None => None,
    };
    let (listed, row) = match listed(work, new).await? {
        Some(listed) => (true, listed.into_active_model()),
        None => (false, ActiveModel { id: Set(id::new(work.clock().now())), ..empty() }),
    };
    let row = with_trust(describe(row, new, sending_state), new.trust.as_ref(), origin);
    let agency: Model = if listed { row.update(work.rows()).await? } else { row.insert(work.rows()).await? };
    register(work, &agency, new, origin).await?;
    work.touch(Kind::Agency, agency.id.clone());
    work.standing_changed();
    Ok(if listed { Added::Enrolled(agency.id) } else { Added::New(agency.id) })
}

/// An agency that is listed under the ORI and may be enrolled.
async fn listed(work: &Work, new: &NewAgency) -> Result<Option<Model>> {
    let Some(ori) = &new.ori else { return Ok(None) };
    let found = Entity::find().filter(Column::Ori.eq(ori)).one(work.rows()).await?;
    match found {
        Some(agency) if agency.issuer.is_some() || new.trust.is_none() => {
            Err(Error::new(Code::Conflict, format!("`ori`: that of agency {} already", agency.id)))
        }
        Some(agency) if agency.kind != new.kind.name() => {
            Err(expected("kind", &format!("{}, as agency {} of that ORI has", agency.kind, agency.id)))
        }
        found => Ok(found),
    }
}

fn empty() -> ActiveModel {
    ActiveModel {
        algorithms: Set("[]".to_owned()),
        max_lifetime_s: Set(0),
        roles: Set("[]".to_owned()),
        made_by_demo: Set(false),
        ..Default::default()
    }
}

fn describe(mut row: ActiveModel, new: &NewAgency, sending_state: Option<String>) -> ActiveModel {
    row.name = Set(new.name.clone());
    row.kind = Set(new.kind.name().to_owned());
    row.level = Set(new.level.clone());
    row.state_wide = Set(new.state_wide);
    // What the file leaves out stays as it is.
    set(&mut row.short_name, new.short_name.clone());
    set(&mut row.ori, new.ori.clone());
    set(&mut row.watch_phone, new.watch_phone.clone());
    set(&mut row.state, new.state.clone());
    set(&mut row.sending_state_id, sending_state);
    if new.latitude.is_some() && new.longitude.is_some() {
        row.latitude = Set(new.latitude);
        row.longitude = Set(new.longitude);
    }
    if let Some(rps) = new.quota_rps {
        row.quota_rps = Set(Some(rps));
    }
    if let Some(cost) = new.quota_cost_per_minute {
        row.quota_cost_per_minute = Set(Some(cost));
    }
    row
}

fn with_trust(mut row: ActiveModel, trust: Option<&Trust>, origin: Origin) -> ActiveModel {
    let Some(trust) = trust else { return row };
    let roles: Vec<&str> = trust.roles.iter().map(|role| role.name()).collect();
    let algorithms: Vec<&str> = trust.algorithms.iter().map(|algorithm| algorithm.name()).collect();
    row.issuer = Set(Some(trust.issuer.clone()));
    row.audience = Set(Some(trust.audience.clone()));
    row.token_typ = Set(Some(trust.typ.clone()));
    row.algorithms = Set(serde_json::json!(algorithms).to_string());
    row.max_lifetime_s = Set(trust.max_lifetime_s);
    row.roles = Set(serde_json::json!(roles).to_string());
    trust.key_place.write(&mut row);
    row.made_by_demo = Set(origin == Origin::Demo);
    row
}

fn set(column: &mut sea_orm::ActiveValue<Option<String>>, value: Option<String>) {
    if value.is_some() {
        *column = Set(value);
    }
}

/// Keys, missions and areas. The demo confirms its own areas.
async fn register(work: &mut Work, agency: &Model, new: &NewAgency, origin: Origin) -> Result<()> {
    for jwk in new.trust.iter().flat_map(|trust| &trust.keys) {
        let kid = jwk.get("kid").and_then(serde_json::Value::as_str).unwrap_or_default();
        keys::insert(work, &agency.id, kid, jwk).await?;
    }
    let mut found = Vec::new();
    for name in &new.missions {
        found.push(mission(work.rows(), name).await?);
    }
    found.sort_unstable();
    found.dedup();
    for mission_id in found {
        missions::insert(work, &agency.id, &mission_id).await?;
    }
    let source = if origin == Origin::Demo { "DEMO" } else { "ADMINISTRATOR" };
    for area in &new.areas {
        areas::propose(work, agency, area, source).await?;
        if origin == Origin::Demo {
            areas::confirm(work, &agency.id, area).await?;
        }
    }
    Ok(())
}

/// The id of a sending state, by ISO 3166-1 code or id.
pub(super) async fn sending_state(rows: &impl ConnectionTrait, name: &str) -> Result<String> {
    use entity::sending_state::{Column, Entity};
    let called = Condition::any().add(Column::Id.eq(name)).add(Column::Iso2.eq(name)).add(Column::Iso3.eq(name));
    let found = Entity::find().filter(called).one(rows).await?;
    found
        .map(|state| state.id)
        .ok_or_else(|| expected("sendingState", &format!("the ISO 3166-1 code or id of a known state, not `{name}`")))
}

async fn mission(rows: &impl ConnectionTrait, name: &str) -> Result<String> {
    use entity::mission::{Column, Entity};
    let called = Condition::any().add(Column::Id.eq(name)).add(Column::WikidataId.eq(name));
    let found = Entity::find().filter(called).one(rows).await?;
    found
        .map(|mission| mission.id)
        .ok_or_else(|| expected("missions", &format!("the Wikidata QID or id of a known mission, not `{name}`")))
}
