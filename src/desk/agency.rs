//! Agencies: who is trusted, how far, and where. The service's administrators alone say so.
//!
//! Nobody locks the own agency out: whoever is left could let nobody in again. What another agency loses is lost on its
//! next request; its open streams are looked at again within a second.

use entity::agency;
use sea_orm::EntityTrait;

use super::{
    command::{Act, Input, refused},
    registry::{
        self, Ceiling, DEFAULT_LIFETIME, KeyPlace, NewAgency, Origin, Trust, add_agency, areas, keys, missions,
        proposals,
        revocation::{self, Grounds, Revoked},
        set_ceiling, set_key_place,
    },
};
use crate::{
    access::{AgencyKind, Kind, Role},
    error::{Code, Error, Result},
    identity::{Algorithm, is_fetchable_in_service},
    model::parse_id,
};

/// Enrols an agency. Whom the service itself is, is said at the command line: who holds the database decides whose tokens
/// may see everything.
pub async fn register(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    act.makes()?;
    let kind: Option<AgencyKind> = input.must("kind").parse().ok();
    let kind = kind.filter(|kind| *kind != AgencyKind::DiplomaticSecurity).ok_or_else(|| {
        refused("kind", "MISSION or LAW_ENFORCEMENT: an agency of the service itself is added at the command line")
    })?;
    let place = (input.number("latitude"), input.number("longitude"));
    if place.0.is_some() != place.1.is_some() {
        let missing = if place.0.is_some() { "longitude" } else { "latitude" };
        return Err(refused(missing, "both coordinates, or none"));
    }
    let sending_state = match input.text("sendingStateId") {
        Some(id) => Some(seen(act, Kind::SendingState, id, "sendingStateId").await?),
        None => None,
    };
    let mut of_missions = Vec::new();
    for id in input.texts("missionIds") {
        of_missions.push(seen(act, Kind::Mission, id, "missionIds").await?);
    }
    let new = NewAgency {
        name: input.must("name"),
        short_name: input.maybe("shortName"),
        kind,
        level: input.must("level"),
        ori: input.maybe("ori"),
        watch_phone: input.maybe("watchPhone"),
        state: input.maybe("state"),
        latitude: place.0,
        longitude: place.1,
        sending_state,
        state_wide: input.says("stateWide"),
        missions: of_missions,
        areas: input.texts("areas").into_iter().map(str::to_owned).collect(),
        quota_rps: input.whole("quotaRequestsPerSecond"),
        quota_cost_per_minute: input.whole("quotaCostPerMinute"),
        trust: Some(trust(input)?),
    };
    let added = add_agency(act.work(), &new, Origin::Administrator).await.map_err(|error| placed(error, "issuer"))?;
    Ok(act.changed(&[("agency", added.id())]))
}

/// Without a key, which is added next: until then nobody signs in.
fn trust(input: &Input) -> Result<Trust> {
    let algorithms: Option<Vec<Algorithm>> = input.texts("algorithms").iter().map(|name| name.parse().ok()).collect();
    let known = Algorithm::ALL.map(Algorithm::name).join(", ");
    Ok(Trust {
        issuer: input.must("issuer"),
        audience: input.must("audience"),
        typ: input.maybe("typ").unwrap_or_else(|| "at+jwt".to_owned()),
        algorithms: algorithms.ok_or_else(|| refused("algorithms", &format!("of {known}")))?,
        max_lifetime_s: input.whole("maxLifetimeSeconds").unwrap_or(DEFAULT_LIFETIME),
        roles: roles(input),
        keys: Vec::new(),
        key_place: KeyPlace::Registry,
    })
}

/// Sets which roles an agency may grant, how long its tokens live, how much it may ask for, or some of these.
pub async fn set_its_ceiling(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    let before = Ceiling::of(&agency);
    let bounds = ["roles", "maxLifetimeSeconds", "quotaRequestsPerSecond", "quotaCostPerMinute"];
    if !bounds.into_iter().any(|bound| input.has(bound)) {
        return Err(refused("roles", "the roles, the longest lifetime, a quota, or several of these"));
    }
    let ceiling = Ceiling {
        roles: if input.has("roles") { roles(input) } else { before.roles.clone() },
        max_lifetime_s: input.whole("maxLifetimeSeconds").unwrap_or(before.max_lifetime_s),
        quota_rps: input.whole("quotaRequestsPerSecond").or(before.quota_rps),
        quota_cost_per_minute: input.whole("quotaCostPerMinute").or(before.quota_cost_per_minute),
    };
    if is_own(act, &agency) {
        let keeper = Role::Administrator;
        if before.roles.contains(&keeper) && !ceiling.roles.contains(&keeper) {
            return Err(locked_out("roles", &format!("without {keeper} nobody of it could undo that")));
        }
        // What its identity provider issues is not known here.
        if ceiling.max_lifetime_s < before.max_lifetime_s {
            return Err(locked_out("maxLifetimeSeconds", "tokens that live longer would be refused, yours among them"));
        }
    }
    let id = agency.id.clone();
    if !set_ceiling(act.work(), agency, &ceiling).await.map_err(|error| placed(error, "agencyId"))? {
        return Err(Error::new(Code::Conflict, "input.agencyId: that is its ceiling already"));
    }
    Ok(act.changed(&[("agency", &id)]))
}

/// Trusts a public key, or each of a set.
pub async fn add_key(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    if agency.issuer.is_none() {
        let message = "input.agencyId: the agency is listed, not enrolled: register it first";
        return Err(Error::new(Code::Conflict, message));
    }
    keys::add(act.work(), &agency, &input.must("jwk")).await.map_err(|error| placed(error, "jwk"))?;
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Trusts a key no longer.
pub async fn remove_key(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    if KeyPlace::of(&agency) != KeyPlace::Registry {
        let message = "input.agencyId: the agency publishes its keys, and takes one back itself";
        return Err(Error::new(Code::Conflict, message));
    }
    let kid = input.must("keyId");
    if is_own(act, &agency) && !keys::has_another(act.rows(), &agency, &kid).await? {
        return Err(locked_out("keyId", "it is the last key: add another first"));
    }
    keys::remove(act.work(), &agency.id, &kid).await.map_err(|error| conflict(error, "keyId"))?;
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Says where its keys are. What is fetched for one's own agency is not known here: it is said at the command line.
pub async fn set_key_source(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    let place = match (input.maybe("jwksUri"), input.says("oidcDiscovery")) {
        (Some(_), true) => return Err(refused("oidcDiscovery", "false where jwksUri is given")),
        (Some(uri), false) => KeyPlace::JwksUri(uri),
        (None, true) => KeyPlace::Discovery,
        (None, false) => KeyPlace::Registry,
    };
    let url = match &place {
        KeyPlace::JwksUri(uri) => Some(("jwksUri", uri.as_str())),
        KeyPlace::Discovery => agency.issuer.as_deref().map(|issuer| ("oidcDiscovery", issuer)),
        KeyPlace::Registry => None,
    };
    if let Some((field, _)) = url.filter(|(_, url)| !is_fetchable_in_service(url)) {
        return Err(refused(field, "an https URL of a host by its full name, and not of this machine"));
    }
    if is_own(act, &agency) {
        return Err(locked_out("agencyId", "with keys that cannot be fetched nobody of it could undo that"));
    }
    if place == KeyPlace::Registry && !keys::has_any(act.rows(), &agency).await? {
        let message = "input.agencyId: the registry has no key of it: add one first";
        return Err(Error::new(Code::Conflict, message));
    }
    let id = agency.id.clone();
    if !set_key_place(act.work(), agency, &place).await.map_err(|error| placed(error, "jwksUri"))? {
        return Err(Error::new(Code::Conflict, "input.agencyId: its keys are there already"));
    }
    Ok(act.changed(&[("agency", &id)]))
}

/// Voids one token.
pub async fn revoke_token(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    revoked(act, &agency.id, Revoked::Token(input.must("tokenId")), input).await?;
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Voids all that it has issued, one's own among them if it is one's own: whoever signs in anew is let in.
pub async fn revoke_tokens(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    revoked(act, &agency.id, Revoked::Agency, input).await?;
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Revokes in the name of whoever does it.
pub(super) async fn revoked(act: &mut Act<'_>, agency: &str, what: Revoked, input: &Input) -> Result<()> {
    let by = format!("{} of {}", act.principal().subject(), act.principal().agency_name());
    let grounds = Grounds { reason: input.must("reason"), by };
    revocation::revoke(act.work(), agency, what, &grounds).await.map_err(|error| placed(error, "tokenId"))
}

/// Confirms proposed areas, all or none. What is wider than the agency's level lets expect must be meant.
pub async fn confirm_areas(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    let named: Vec<String> = input.texts("areas").into_iter().map(str::to_owned).collect();
    let mut is_new = named.is_empty();
    for area in &named {
        // That nobody proposed it is a fault of the input: the agency is there.
        let absent = |error: Error| match error.code {
            Code::NotFound => placed(Error { code: Code::BadUserInput, ..error }, "areas"),
            _ => error,
        };
        let is_fresh = areas::confirm(act.work(), &agency.id, area).await.map_err(absent)?;
        let odd = proposals::oddity(&agency.level, area).filter(|_| is_fresh && !input.says("evenIfWide"));
        if let Some(what) = odd {
            let message = format!("input.areas: {area} is {what} (its level is {}): is that meant?", agency.level);
            return Err(Error::new(Code::Conflict, message));
        }
        is_new |= is_fresh;
    }
    if named.is_empty() {
        return Err(refused("areas", "at least one area that was proposed"));
    }
    if !is_new {
        return Err(Error::new(Code::Conflict, "input.areas: confirmed already"));
    }
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Takes an area away, confirmed or proposed.
pub async fn remove_area(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    areas::remove(act.work(), &agency.id, &input.must("area")).await.map_err(|error| conflict(error, "area"))?;
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Registers the agency of a mission for one more.
pub async fn add_mission(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    let mission = seen(act, Kind::Mission, &input.must("missionId"), "missionId").await?;
    if !missions::add(act.work(), &agency, &mission).await.map_err(|error| placed(error, "agencyId"))? {
        return Err(Error::new(Code::Conflict, "input.missionId: the agency is registered for it"));
    }
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Registers it for one less.
pub async fn remove_mission(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    let mission = seen(act, Kind::Mission, &input.must("missionId"), "missionId").await?;
    if !missions::remove(act.work(), &agency.id, &mission).await? {
        return Err(Error::new(Code::Conflict, "input.missionId: the agency is not registered for it"));
    }
    Ok(act.changed(&[("agency", &agency.id)]))
}

/// Refuses its tokens. Never one's own, whoever else could end it: so there is always an agency whose administrators can.
pub async fn suspend(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    if is_own(act, &agency) {
        return Err(locked_out("agencyId", "nobody of it could end the suspension"));
    }
    let id = agency.id.clone();
    if !registry::suspend(act.work(), agency).await? {
        return Err(Error::new(Code::Conflict, "input.agencyId: it is suspended"));
    }
    Ok(act.changed(&[("agency", &id)]))
}

/// Accepts them again.
pub async fn reinstate(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = on(act, input).await?;
    let id = agency.id.clone();
    if !registry::resume(act.work(), agency).await? {
        return Err(Error::new(Code::Conflict, "input.agencyId: it is not suspended"));
    }
    Ok(act.changed(&[("agency", &id)]))
}

/// The agency that the command is done on.
pub(super) async fn on(act: &Act<'_>, input: &Input) -> Result<agency::Model> {
    let seen = act.on(input, "agencyId").await?;
    let row = agency::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("an agency that was seen is gone"))
}

fn is_own(act: &Act<'_>, agency: &agency::Model) -> bool {
    act.principal().agency() == agency.id
}

fn roles(input: &Input) -> Vec<Role> {
    input.texts("roles").into_iter().filter_map(|name| name.parse().ok()).collect()
}

/// The id of a row of the type that the principal sees.
async fn seen(act: &Act<'_>, kind: Kind, id: &str, field: &str) -> Result<String> {
    let row = parse_id(id).filter(|(of, _)| *of == kind).map(|(_, row)| row.to_owned()).unwrap_or_default();
    if act.sight(kind, &row).await?.is_none() {
        return Err(refused(field, &format!("the id of a {} that you may see", kind.name())));
    }
    Ok(row)
}

fn locked_out(field: &str, why: &str) -> Error {
    Error::new(Code::Conflict, format!("input.{field}: that is your own agency: {why}"))
}

/// An error of the registry, which names fields as the command line's file has them: at its field of the input, or at
/// this one if it names none.
fn placed(error: Error, field: &str) -> Error {
    let of = |name: &str| error.details.as_ref().and_then(|details| details.get(name));
    match (error.code, of("input").and_then(|input| input.get(1)?.as_str()), of("expected").and_then(|it| it.as_str()))
    {
        (Code::BadUserInput, Some("sendingState"), Some(expected)) => refused("sendingStateId", expected),
        (Code::BadUserInput, Some("keys" | "jwks"), Some(expected)) => refused(field, expected),
        (Code::BadUserInput, Some(named), Some(expected)) => refused(named, expected),
        (Code::BadUserInput, _, _) => Error { message: format!("input.{field}: {}", error.message), ..error }
            .with("input", serde_json::json!(["input", field])),
        _ => error,
    }
}

/// What the registry does not find is not as the command needs it.
fn conflict(error: Error, field: &str) -> Error {
    match error.code {
        Code::NotFound => Error::new(Code::Conflict, format!("input.{field}: {}", error.message)),
        _ => error,
    }
}
