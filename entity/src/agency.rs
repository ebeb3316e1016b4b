//! An organisation that is enrolled, or listed: a mission, a law enforcement agency, a bureau of DSS. Holds its trust and its ceilings.

use sea_orm::entity::prelude::*;

/// An organisation that is enrolled, or listed: a mission, a law enforcement agency, a bureau of DSS. Holds its trust and its ceilings.
#[allow(clippy::struct_excessive_bools, reason = "each is a column")]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agency")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Full name.
    pub name: String,
    /// What people call it.
    pub short_name: Option<String>,
    /// MISSION, LAW_ENFORCEMENT or DIPLOMATIC_SECURITY.
    pub kind: String,
    /// FEDERAL, STATE, COUNTY, CITY, UNIVERSITY, TRIBAL or OTHER.
    pub level: String,
    /// Originating Agency Identifier (FBI), nine characters.
    pub ori: Option<String>,
    /// Round-the-clock telephone, E.164.
    pub watch_phone: Option<String>,
    /// ISO 3166-2 of its seat.
    pub state: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// For a mission: the state it serves.
    pub sending_state_id: Option<String>,
    /// For a mission: registered for all missions of its sending state.
    pub state_wide: bool,
    /// The exact `iss` of its tokens; none: it cannot sign in.
    pub issuer: Option<String>,
    /// The `aud` that its tokens must carry.
    pub audience: Option<String>,
    /// The `typ` of its tokens: `at+jwt` or `JWT`.
    pub token_typ: Option<String>,
    /// JWS algorithms it may sign with, a JSON array.
    pub algorithms: String,
    /// Longest `exp` - `iat` in seconds.
    pub max_lifetime_s: i64,
    /// The roles it may grant, a JSON array.
    pub roles: String,
    /// Requests a second.
    pub quota_rps: Option<i64>,
    /// Query cost a minute.
    pub quota_cost_per_minute: Option<i64>,
    /// Since when its tokens are refused.
    pub suspended_at: Option<String>,
    /// Made by the demo, whose private keys are known: tokens may be minted for it.
    pub made_by_demo: bool,
    /// Where its key set (RFC 7517) is fetched from; then the keys that the registry holds are not used.
    pub jwks_uri: Option<String>,
    /// Its key set is found by OpenID Connect Discovery 1.0 of its issuer.
    pub oidc_discovery: bool,
    /// Its requests are those of its trusted documents, and no others.
    pub documents_only: bool,
    /// What the last import wrote, as JSON.
    pub imported: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
