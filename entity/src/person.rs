//! Who is enrolled: a person or a machine of an agency.

use sea_orm::entity::prelude::*;

/// Who is enrolled: a person or a machine of an agency.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The agency.
    pub agency_id: String,
    /// The exact `sub` of the tokens.
    pub subject: String,
    /// Name as written.
    pub name: String,
    /// Unit within the agency.
    pub unit: Option<String>,
    /// The roles granted, a JSON array; the agency's ceiling still applies.
    pub roles: String,
    /// Sworn officer; never true of a machine.
    pub sworn: bool,
    /// A system account.
    pub machine: bool,
    /// Certified for 28 CFR part 23 criminal intelligence systems.
    pub cfr28_certified: bool,
    /// E.164.
    pub desk_phone: Option<String>,
    /// E.164.
    pub mobile_phone: Option<String>,
    /// RFC 5322 addr-spec.
    pub email: Option<String>,
    /// For a regional security officer: the host state, as the registry says it; it does not follow from the post.
    pub host_state_id: Option<String>,
    /// For a regional security officer: the post.
    pub post_id: Option<String>,
    /// Since when the person is refused.
    pub disabled_at: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
