//! A look at the keys of an agency, as `chancery doctor` takes it.

use sea_orm::DatabaseConnection;

use super::{Algorithm, InlineKeys, KeySet, KeySource as _, names, remote, strict_object};
use crate::{clock::Clock, config::Keys};

/// The keys that an agency's tokens may be verified with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeysFound {
    /// Keys that are fit.
    pub fit: usize,
    /// Keys that are not used.
    pub unfit: usize,
    /// Whether they were fetched now from where the agency publishes them.
    pub fetched: bool,
}

/// Reads the keys that the registry holds, or fetches those that the agency publishes, as the server would. The error
/// says what went wrong, and names nothing that a server sent.
pub async fn keys_found(
    rows: &DatabaseConnection,
    agency: &entity::agency::Model,
    settings: &Keys,
    clock: &Clock,
) -> Result<KeysFound, String> {
    let algorithms = names::<Algorithm>(&agency.algorithms);
    let source = remote::Source::of(agency);
    let (jwks, malformed) = if let Some(source) = &source {
        let fetched = remote::fetch_once(source, settings, clock).await?;
        (fetched.jwks, fetched.malformed)
    } else {
        let held = InlineKeys::new(rows.clone());
        let texts = held.jwks(&agency.id).await.map_err(|_| "the registry's keys cannot be read".to_owned())?;
        let jwks: Vec<_> = texts.iter().filter_map(|text| strict_object(text.as_bytes()).ok()).collect();
        let malformed = texts.len() - jwks.len();
        (jwks, malformed)
    };
    let (_, faults) = KeySet::of_jwks(&jwks, &algorithms);
    let unfit = faults.len() + malformed;
    Ok(KeysFound { fit: (jwks.len() + malformed).saturating_sub(unfit), unfit, fetched: source.is_some() })
}
