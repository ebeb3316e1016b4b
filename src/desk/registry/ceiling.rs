//! How far an agency's tokens go at most.

use entity::agency::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::agency_file::check_ceiling;
use crate::{
    access::{AgencyKind, Kind, Role},
    desk::Work,
    error::{Code, Error, Result},
    identity::names,
};

/// The roles that an agency may grant, the longest lifetime of a token, in seconds, and how much may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// The roles; a person has none beside them, whatever is granted.
    pub roles: Vec<Role>,
    /// `exp` - `iat` at most.
    pub max_lifetime_s: i64,
    /// Requests a second; no bound where there is none.
    pub quota_rps: Option<i64>,
    /// Cost a minute, likewise.
    pub quota_cost_per_minute: Option<i64>,
}

impl Ceiling {
    /// The present one.
    pub fn of(agency: &Model) -> Self {
        Self {
            roles: names(&agency.roles),
            max_lifetime_s: agency.max_lifetime_s,
            quota_rps: agency.quota_rps,
            quota_cost_per_minute: agency.quota_cost_per_minute,
        }
    }
}

/// Sets it; whether that changed anything. An agency that is listed only has none to be changed.
pub async fn set_ceiling(work: &mut Work, agency: Model, ceiling: &Ceiling) -> Result<bool> {
    let kind: Option<AgencyKind> = agency.kind.parse().ok();
    let Some(kind) = kind.filter(|_| agency.issuer.is_some()) else {
        return Err(Error::new(Code::Conflict, "the agency is listed, not enrolled: register it first"));
    };
    check_ceiling(kind, &ceiling.roles, ceiling.max_lifetime_s)?;
    // In their own order, each once: two lists that say the same are one.
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| ceiling.roles.contains(role)).collect();
    let before = Ceiling::of(&agency);
    let is_same = Role::ALL.into_iter().all(|role| before.roles.contains(&role) == roles.contains(&role));
    if is_same && *ceiling == (Ceiling { roles: ceiling.roles.clone(), ..before }) {
        return Ok(false);
    }
    let id = agency.id.clone();
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    let row = ActiveModel {
        roles: Set(serde_json::json!(names).to_string()),
        max_lifetime_s: Set(ceiling.max_lifetime_s),
        quota_rps: Set(ceiling.quota_rps),
        quota_cost_per_minute: Set(ceiling.quota_cost_per_minute),
        ..agency.into_active_model()
    };
    row.update(work.rows()).await?;
    work.touch(Kind::Agency, id);
    work.standing_changed();
    Ok(true)
}
