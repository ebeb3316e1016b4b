//! A state, or an organisation in the place of one, that sends missions.

use sea_orm::entity::prelude::*;

/// A state, or an organisation in the place of one, that sends missions.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sending_state")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// ISO 3166-1 alpha-2.
    pub iso2: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub iso3: Option<String>,
    /// Short name in English.
    pub name: String,
    /// Wikidata QID.
    pub wikidata_id: Option<String>,
    /// How the United States regards it.
    pub recognition: Option<String>,
    /// The state that looks after its interests.
    pub protecting_power_id: Option<String>,
    /// What the last import wrote, as JSON: an import overwrites only what still has this value.
    pub imported: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
