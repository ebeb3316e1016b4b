//! Where the keys of an issuer come from.

use std::{future::Future, pin::Pin};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use super::Refusal;

/// What a [`KeySource`] answers with: JWKs as JSON text, not yet judged.
pub type Jwks<'a> = Pin<Box<dyn Future<Output = Result<Vec<String>, Refusal>> + Send + 'a>>;

/// Gives the JWKs of an issuer. The registry judges each key ([`super::Key::of_jwk`]) and remembers the set for as
/// long as standing does not change. Keys that an agency publishes are not had from here (`remote`).
pub trait KeySource: Send + Sync {
    /// The JWKs of an agency, by its id.
    fn jwks<'a>(&'a self, agency: &'a str) -> Jwks<'a>;
}

/// Key sets that are held in the registry itself.
#[derive(Clone, Debug)]
pub struct InlineKeys(DatabaseConnection);

impl InlineKeys {
    /// Over the registry's connections.
    pub const fn new(connection: DatabaseConnection) -> Self {
        Self(connection)
    }
}

impl KeySource for InlineKeys {
    fn jwks<'a>(&'a self, agency: &'a str) -> Jwks<'a> {
        Box::pin(async move {
            let rows = entity::agency_key::Entity::find()
                .filter(entity::agency_key::Column::AgencyId.eq(agency))
                .all(&self.0)
                .await?;
            Ok(rows.into_iter().map(|row| row.jwk).collect())
        })
    }
}
