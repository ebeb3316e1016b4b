//! A further state or organisation to which a mission is accredited.

use sea_orm::entity::prelude::*;

/// A further state or organisation to which a mission is accredited.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mission_accreditation")]
pub struct Model {
    /// The mission.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mission_id: String,
    /// Where it is accredited too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sending_state_id: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
