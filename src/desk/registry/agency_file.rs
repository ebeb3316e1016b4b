//! The file that enrols an agency, and what it may say.
//!
//! ```json
//! { "name": "New York City Police Department", "shortName": "NYPD", "kind": "LAW_ENFORCEMENT", "level": "CITY",
//!   "ori": "NY0303000", "watchPhone": "+12125550100", "state": "US-NY", "latitude": 40.71, "longitude": -74.0,
//!   "areas": ["NYC"],
//!   "issuer": "https://idp.example.org", "audience": "https://chancery.example.gov/graphql", "typ": "at+jwt",
//!   "algorithms": ["ES256"], "maxLifetimeSeconds": 3600, "roles": ["LAW_ENFORCEMENT"], "jwks": { "keys": [] },
//!   "quotaRequestsPerSecond": 50, "quotaCostPerMinute": 100000 }
//! ```
//!
//! A mission's has `sendingState` (ISO 3166-1), `stateWide` and `missions` (Wikidata QIDs) in the place of `ori` and
//! `areas`. In the place of `jwks` there may be `jwksUri`, where the agency publishes its key set, or `oidcDiscovery`: true,
//! if its issuer's discovery document says where. Mandatory: `name`, `kind`, `level`; and with `issuer`, which makes it able to sign in: `audience`, `typ`,
//! `algorithms`, `roles`.

use std::str::FromStr;

use http::Uri;
use serde_json::{Map, Value};

use super::{
    form::{Form, check_visible, expected},
    key_place::KeyPlace,
    keys,
};
use crate::{
    access::{AgencyKind, Role, area},
    desk::is_invisible,
    error::Result,
    identity::Algorithm,
};

const LEVELS: [&str; 7] = ["FEDERAL", "STATE", "COUNTY", "CITY", "UNIVERSITY", "TRIBAL", "OTHER"];
/// The longest lifetime of a token that may be registered, in seconds.
pub const LONGEST_LIFETIME: i64 = 24 * 3600;
/// The longest lifetime of a token if none is registered, in seconds.
pub const DEFAULT_LIFETIME: i64 = 3600;

/// An agency to be enrolled, or listed if it has no [`Trust`].
#[derive(Clone, Debug)]
pub struct NewAgency {
    /// Full name.
    pub name: String,
    /// What people call it.
    pub short_name: Option<String>,
    /// What it is.
    pub kind: AgencyKind,
    /// FEDERAL, STATE, COUNTY, CITY, UNIVERSITY, TRIBAL or OTHER.
    pub level: String,
    /// Originating Agency Identifier: nine of A-Z and 0-9.
    pub ori: Option<String>,
    /// E.164.
    pub watch_phone: Option<String>,
    /// ISO 3166-2 of its seat.
    pub state: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// For a mission: its sending state, by ISO 3166-1 code or id.
    pub sending_state: Option<String>,
    /// For a mission: registered for all missions of its sending state.
    pub state_wide: bool,
    /// For a mission: the missions it is registered for, by Wikidata QID or id.
    pub missions: Vec<String>,
    /// For law enforcement: its areas, which are proposals until they are confirmed.
    pub areas: Vec<String>,
    /// Requests a second.
    pub quota_rps: Option<i64>,
    /// Query cost a minute.
    pub quota_cost_per_minute: Option<i64>,
    /// How its tokens are trusted; none: it is listed and cannot sign in.
    pub trust: Option<Trust>,
}

/// How an agency's tokens are trusted, and how far at most.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The exact `iss`.
    pub issuer: String,
    /// The `aud`.
    pub audience: String,
    /// `at+jwt` or `JWT`.
    pub typ: String,
    /// What it signs with.
    pub algorithms: Vec<Algorithm>,
    /// Longest `exp` - `iat`, in seconds.
    pub max_lifetime_s: i64,
    /// The roles it may grant.
    pub roles: Vec<Role>,
    /// Its public keys, where the registry holds them.
    pub keys: Vec<Map<String, Value>>,
    /// Where its keys are.
    pub key_place: KeyPlace,
}

impl NewAgency {
    /// Reads the file. Fields that there are not, and members given twice, are refused.
    pub fn from_json(json: &str) -> Result<Self> {
        let mut form = Form::parse(json)?;
        let new = Self {
            name: form.text("name")?,
            short_name: form.optional_text("shortName")?,
            kind: one_of("kind", &form.text("kind")?, &AgencyKind::ALL.map(AgencyKind::name))?,
            level: one_of("level", &form.text("level")?, &LEVELS)?,
            ori: form.optional_text("ori")?,
            watch_phone: form.optional_text("watchPhone")?,
            state: form.optional_text("state")?,
            latitude: form.degrees("latitude", 90.0)?,
            longitude: form.degrees("longitude", 180.0)?,
            sending_state: form.optional_text("sendingState")?,
            state_wide: form.flag("stateWide")?,
            missions: form.texts("missions")?,
            areas: form.texts("areas")?,
            quota_rps: form.positive("quotaRequestsPerSecond")?,
            quota_cost_per_minute: form.positive("quotaCostPerMinute")?,
            trust: Trust::read(&mut form)?,
        };
        form.finish()?;
        Ok(new)
    }

    /// Whether the registry may hold it, apart from what other rows say.
    pub(super) fn check(&self) -> Result<()> {
        let is = |kind| self.kind == kind;
        check_visible("name", Some(&self.name))?;
        check_visible("shortName", self.short_name.as_deref())?;
        if !LEVELS.contains(&self.level.as_str()) {
            return Err(expected("level", &format!("one of {}", LEVELS.join(", "))));
        }
        if self.ori.as_deref().is_some_and(|ori| !is_ori(ori)) {
            return Err(expected("ori", "nine of A-Z and 0-9"));
        }
        if self.watch_phone.as_deref().is_some_and(|phone| !is_e164(phone)) {
            return Err(expected("watchPhone", "an E.164 number such as +12025550100"));
        }
        if self.state.as_deref().is_some_and(|state| !is_state(state)) {
            return Err(expected("state", "an ISO 3166-2 code such as US-NY"));
        }
        if !is(AgencyKind::Mission) && (self.sending_state.is_some() || self.state_wide || !self.missions.is_empty()) {
            return Err(expected("kind", "MISSION where sendingState, stateWide or missions are given"));
        }
        if self.state_wide && self.sending_state.is_none() {
            return Err(expected("sendingState", "the state for whose missions it is registered (stateWide)"));
        }
        if !is(AgencyKind::LawEnforcement) && (!self.areas.is_empty() || self.ori.is_some()) {
            return Err(expected("kind", "LAW_ENFORCEMENT where areas or ori are given"));
        }
        Ok(())
    }
}

impl Trust {
    /// The fields of trust: all of them, or none.
    fn read(form: &mut Form) -> Result<Option<Self>> {
        let (issuer, audience, typ) =
            (form.optional_text("issuer")?, form.optional_text("audience")?, form.optional_text("typ")?);
        let (algorithms, roles) = (form.texts("algorithms")?, form.texts("roles")?);
        let (lifetime, keys) = (form.positive("maxLifetimeSeconds")?, form.jwks("jwks")?);
        let key_place = KeyPlace::read(form)?;
        let Some(issuer) = issuer else {
            let nothing = audience.is_none() && typ.is_none() && algorithms.is_empty() && roles.is_empty();
            return if nothing && lifetime.is_none() && keys.is_empty() && key_place == KeyPlace::Registry {
                Ok(None)
            } else {
                Err(expected("issuer", "the exact iss of its tokens, since other fields of trust are given"))
            };
        };
        let each = |field: &'static str, texts: &[String], names: &[&str]| -> Result<()> {
            texts.iter().try_for_each(|text| one_of::<String>(field, text, names).map(drop))
        };
        each("algorithms", &algorithms, &Algorithm::ALL.map(Algorithm::name))?;
        each("roles", &roles, &Role::ALL.map(Role::name))?;
        Ok(Some(Self {
            issuer,
            audience: audience.ok_or_else(|| expected("audience", "the aud of its tokens"))?,
            typ: typ.ok_or_else(|| expected("typ", "at+jwt or JWT"))?,
            algorithms: algorithms.iter().filter_map(|text| text.parse().ok()).collect(),
            max_lifetime_s: lifetime.unwrap_or(DEFAULT_LIFETIME),
            roles: roles.iter().filter_map(|text| text.parse().ok()).collect(),
            keys,
            key_place,
        }))
    }

    /// Whether the registry may hold it. An issuer that the demo made needs no `https`: nobody fetches its keys.
    pub(super) fn check(&self, kind: AgencyKind, of_demo: bool) -> Result<()> {
        if !is_claim(&self.issuer) || !(of_demo || is_https(&self.issuer)) {
            return Err(expected("issuer", "an https URL without query or fragment, of at most 255 bytes"));
        }
        if !is_claim(&self.audience) {
            return Err(expected("audience", "a text of at most 255 bytes without invisible or control characters"));
        }
        if !is_token_type(&self.typ) {
            return Err(expected("typ", "at+jwt or JWT"));
        }
        if self.algorithms.is_empty() {
            return Err(expected("algorithms", "at least one of ES256, ES384, EdDSA, RS256, PS256"));
        }
        check_ceiling(kind, &self.roles, self.max_lifetime_s)?;
        self.key_place.check(&self.issuer)?;
        if self.key_place != KeyPlace::Registry && !self.keys.is_empty() {
            return Err(expected("jwks", "nothing where jwksUri or oidcDiscovery say where the keys are"));
        }
        for (place, jwk) in self.keys.iter().enumerate() {
            let key = keys::check(jwk, &self.algorithms, &format!("jwks.keys[{place}]"))?;
            if self.keys.iter().take(place).any(|other| other.get("kid") == jwk.get("kid")) {
                return Err(expected(&format!("jwks.keys[{place}].kid"), &format!("not `{}` again", key.id)));
            }
        }
        Ok(())
    }
}

/// Whether an agency of the kind may be trusted so far: which roles it grants, and how long a token lives at most.
pub(super) fn check_ceiling(kind: AgencyKind, roles: &[Role], max_lifetime_s: i64) -> Result<()> {
    if !(1..=LONGEST_LIFETIME).contains(&max_lifetime_s) {
        return Err(expected("maxLifetimeSeconds", &format!("1 to {LONGEST_LIFETIME}")));
    }
    let grantable: Vec<&str> = kind.roles().iter().map(|role| role.name()).collect();
    if roles.is_empty() || !roles.iter().all(|role| kind.roles().contains(role)) {
        let what = format!("at least one and only of {} for an agency of kind {}", grantable.join(", "), kind.name());
        return Err(expected("roles", &what));
    }
    Ok(())
}

/// One of the names, or an error that lists them.
pub(super) fn one_of<T: FromStr>(field: &str, text: &str, names: &[&str]) -> Result<T> {
    let known = names.contains(&text).then(|| text.parse().ok()).flatten();
    known.ok_or_else(|| expected(field, &format!("one of {}, not `{text}`", names.join(", "))))
}

/// What a claim can be compared with.
pub fn is_claim(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && !text.chars().any(|c| c.is_control() || is_invisible(c))
}

/// ITU-T E.164: a plus sign and at most fifteen digits.
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
    })
}

/// Originating Agency Identifier: nine of A-Z and 0-9.
pub fn is_ori(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// A state of the United States, ISO 3166-2.
pub fn is_state(text: &str) -> bool {
    text.starts_with("US-") && area::is_area(text)
}

/// What the header of a token may say that it is.
pub fn is_token_type(text: &str) -> bool {
    ["at+jwt", "jwt"].contains(&text.to_ascii_lowercase().as_str())
}

/// RFC 8414 §2: an issuer is an https URL without query or fragment; and nobody's name and password.
pub fn is_https(issuer: &str) -> bool {
    let Ok(uri) = Uri::from_str(issuer) else { return false };
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    uri.scheme_str() == Some("https")
        && !uri.host().unwrap_or("").is_empty()
        && !authority.contains('@')
        && uri.query().is_none()
        && !issuer.contains(['#', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_are_https_urls() {
        assert!(is_https("https://idp.example.gov") && is_https("https://idp.example.gov:8443/realms/a"));
        for issuer in [
            "http://idp.example.gov",
            "idp.example.gov",
            "https://",
            "https:///path",
            "https://u:p@idp.example.gov",
            "https://idp.example.gov/?a=b",
            "https://idp.example.gov/#a",
            "HTTPS//x",
            "",
        ] {
            assert!(!is_https(issuer), "{issuer}");
        }
    }

    #[test]
    fn telephone_numbers_are_e164() {
        assert!(is_e164("+12025550100"));
        for text in ["12025550100", "+1 202 555 0100", "+0123456789", "+123", "+1234567890123456"] {
            assert!(!is_e164(text), "{text}");
        }
    }
}
