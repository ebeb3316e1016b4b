//! Where an agency's keys are, as `chancery agency keys from` is told.

use clap::Args;

use crate::desk::registry::KeyPlace;

/// Where the keys of an agency are: one of the three.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Place {
    /// A JWK set at this https URL; it is fetched again as its Cache-Control says, within the bounds of `[keys]`.
    #[arg(long, value_name = "URL")]
    pub jwks_uri: Option<String>,
    /// A JWK set that the issuer's /.well-known/openid-configuration names.
    #[arg(long)]
    pub discovery: bool,
    /// In the registry: the keys of `agency keys add`.
    #[arg(long)]
    pub registry: bool,
}

impl From<Place> for KeyPlace {
    fn from(place: Place) -> Self {
        match place.jwks_uri {
            Some(uri) => Self::JwksUri(uri),
            None if place.discovery => Self::Discovery,
            None => Self::Registry,
        }
    }
}
