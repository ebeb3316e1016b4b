//! What an agency registered: whom it may vouch for, how, and in which roles at most.

use std::{str::FromStr, sync::Arc};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use time::Duration;

use super::{
    Algorithm, KeySet, KeySource, Refusal,
    members::strict_object,
    remote::{Published, Remote, Source},
};
use crate::{
    access::{AgencyKind, Role},
    error::Error,
};

/// The trust record of an agency.
#[derive(Debug)]
pub(super) struct Trust {
    pub(super) agency: entity::agency::Model,
    pub(super) kind: AgencyKind,
    /// The roles it may grant, within what its kind may ever grant.
    roles: Vec<Role>,
    /// What its tokens need; none if it cannot sign in.
    pub(super) tokens: Option<TokenRules>,
}

/// What a token of the agency must be.
#[derive(Debug)]
pub(super) struct TokenRules {
    pub(super) keys: Keys,
    pub(super) audience: String,
    /// In lower case.
    pub(super) typ: String,
    pub(super) max_lifetime: Duration,
}

/// Where the keys are that its tokens are verified with.
#[derive(Debug)]
pub(super) enum Keys {
    /// The registry holds them: they change with standing.
    Held(KeySet),
    /// The agency publishes them: they change by themselves.
    Published(Arc<Published>),
}

impl Keys {
    /// The number of the set that counts now; none if none can be had. Those that the registry holds are as old as
    /// the record.
    pub(super) fn generation(&self) -> Option<u64> {
        match self {
            Self::Held(_) => Some(0),
            Self::Published(published) => published.generation(),
        }
    }
}

/// Where keys come from.
pub(super) struct Sources {
    pub(super) held: Box<dyn KeySource>,
    pub(super) remote: Remote,
}

impl Trust {
    /// The record of the agency that registered exactly this issuer.
    pub(super) async fn of_issuer(
        issuer: &str,
        rows: &DatabaseConnection,
        keys: &Sources,
    ) -> Result<Option<Self>, Refusal> {
        let found = entity::agency::Entity::find().filter(entity::agency::Column::Issuer.eq(issuer)).one(rows).await?;
        match found {
            // A collation that takes two texts for one would make one issuer of two.
            Some(agency) if agency.issuer.as_deref() == Some(issuer) => Self::of(agency, keys).await.map(Some),
            _ => Ok(None),
        }
    }

    /// The record of the agency of that id.
    pub(super) async fn of_agency(
        id: &str,
        rows: &DatabaseConnection,
        keys: &Sources,
    ) -> Result<Option<Self>, Refusal> {
        match entity::agency::Entity::find_by_id(id).one(rows).await? {
            Some(agency) => Self::of(agency, keys).await.map(Some),
            None => Ok(None),
        }
    }

    async fn of(agency: entity::agency::Model, sources: &Sources) -> Result<Self, Refusal> {
        let kind: AgencyKind =
            agency.kind.parse().map_err(|()| Error::internal(format!("agency {} has no known kind", agency.id)))?;
        let roles = names::<Role>(&agency.roles).into_iter().filter(|role| kind.roles().contains(role)).collect();
        let tokens = match (&agency.audience, &agency.token_typ) {
            (Some(audience), Some(typ)) if !audience.is_empty() => Some(TokenRules {
                keys: keys(&agency, sources).await?,
                audience: audience.clone(),
                typ: typ.to_ascii_lowercase(),
                max_lifetime: Duration::seconds(agency.max_lifetime_s.max(0)),
            }),
            _ => None,
        };
        Ok(Self { agency, kind, roles, tokens })
    }

    /// Whether the agency's ceiling holds the role, and why not.
    pub(super) fn allows(&self, role: Role) -> Result<(), Refusal> {
        if !self.kind.roles().contains(&role) {
            return Err(Refusal::RoleOfKind);
        }
        if !self.roles.contains(&role) {
            return Err(Refusal::RoleOfAgency);
        }
        Ok(())
    }
}

async fn keys(agency: &entity::agency::Model, sources: &Sources) -> Result<Keys, Refusal> {
    let algorithms = names::<Algorithm>(&agency.algorithms);
    if let Some(source) = Source::of(agency) {
        return Ok(Keys::Published(sources.remote.published(&agency.id, source, algorithms)));
    }
    sources.remote.forget(&agency.id);
    let texts = sources.held.jwks(&agency.id).await?;
    let jwks: Vec<_> = texts.iter().filter_map(|text| strict_object(text.as_bytes()).ok()).collect();
    let (keys, faults) = KeySet::of_jwks(&jwks, &algorithms);
    for fault in faults {
        tracing::warn!(agency = agency.id, %fault, "a key of the agency is not used");
    }
    Ok(Keys::Held(keys))
}

/// The names of a small JSON array in the registry. What is not a name grants nothing.
pub fn names<T: FromStr>(json: &str) -> Vec<T> {
    let texts: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}
