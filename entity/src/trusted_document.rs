//! A document that an agency's clients ask by its id or its hash.

use sea_orm::entity::prelude::*;

/// A document that an agency's clients ask by its id or its hash.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "trusted_document")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
    /// As the agency's clients name it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// SHA-256 of the text, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// The name of its operation, if it has one operation and that a name.
    pub name: Option<String>,
    /// The document (GraphQL specification, section 2).
    pub text: String,
    /// When it was imported, or became another text.
    pub imported_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
