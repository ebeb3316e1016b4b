//! Where an agency's keys are: in the registry, or where it publishes them.

use entity::agency::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::form::{Form, expected};
use crate::{
    access::Kind,
    desk::Work,
    error::{Code, Error, Result},
    identity::is_fetchable,
};

/// Where an agency's keys are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the registry (`agency keys add`).
    #[default]
    Registry,
    /// A key set (RFC 7517) at this URI.
    JwksUri(String),
    /// A key set that the issuer's discovery document names (OpenID Connect Discovery 1.0).
    Discovery,
}

impl KeyPlace {
    /// As a registry file says it; both at once are refused.
    pub(super) fn read(form: &mut Form) -> Result<Self> {
        match (form.optional_text("jwksUri")?, form.flag("oidcDiscovery")?) {
            (None, false) => Ok(Self::Registry),
            (Some(uri), false) => Ok(Self::JwksUri(uri)),
            (None, true) => Ok(Self::Discovery),
            (Some(_), true) => Err(expected("oidcDiscovery", "false where jwksUri is given")),
        }
    }

    /// Where the registry says that they are.
    pub fn of(agency: &Model) -> Self {
        match &agency.jwks_uri {
            Some(uri) => Self::JwksUri(uri.clone()),
            None if agency.oidc_discovery => Self::Discovery,
            None => Self::Registry,
        }
    }

    /// Whether the registry may hold it. Which hosts are asked is the configuration's to say (`keys`).
    pub(super) fn check(&self, issuer: &str) -> Result<()> {
        match self {
            Self::JwksUri(uri) if uri.len() > 2048 || !is_fetchable(uri) => {
                Err(expected("jwksUri", "an https URL of a host by name, without a fragment"))
            }
            Self::Discovery if !is_fetchable(issuer) => {
                Err(expected("oidcDiscovery", "false where the issuer is no https URL of a host by name"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn write(&self, row: &mut ActiveModel) {
        row.jwks_uri = Set(match self {
            Self::JwksUri(uri) => Some(uri.clone()),
            Self::Registry | Self::Discovery => None,
        });
        row.oidc_discovery = Set(*self == Self::Discovery);
    }
}

/// Says where an agency's keys are from now on; whether that changed anything. Keys that the registry holds stay there,
/// and are not used while the agency publishes its own.
pub async fn set_key_place(work: &mut Work, agency: Model, place: &KeyPlace) -> Result<bool> {
    let Some(issuer) = agency.issuer.as_deref() else {
        return Err(Error::new(Code::Conflict, "the agency is listed, not enrolled: it has no issuer"));
    };
    place.check(issuer)?;
    if KeyPlace::of(&agency) == *place {
        return Ok(false);
    }
    let id = agency.id.clone();
    let mut row = agency.into_active_model();
    place.write(&mut row);
    row.update(work.rows()).await?;
    work.touch(Kind::Agency, id);
    work.standing_changed();
    Ok(true)
}
