//! Writes the agencies, their keys and areas, and who is enrolled.

use std::{collections::BTreeMap, path::Path};

use entity::{agency, agency_area, agency_key, agency_mission, person, portfolio, sending_state, watch_shift};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{
    cast::{AGENCIES, Agency, HOST_STATE, MACHINE, MEMBERS, Member},
    chance::Chance,
    insert,
    missions::Mission,
};
use crate::{
    access::{AgencyKind, Kind, Role, area},
    clock::instant,
    desk::Work,
    error::{Error, Result},
    identity::demo_keys::generate_demo_key,
};

/// An agency that was written, with what the rest of the demo wants to know of it.
pub(super) struct Enrolled {
    pub(super) id: String,
    pub(super) fact: &'static Agency,
    pub(super) persons: Vec<(String, &'static Member)>,
    pub(super) missions: Vec<Mission>,
}

impl Enrolled {
    /// Whether the place lies within its confirmed areas.
    pub(super) fn holds(&self, place: &str) -> bool {
        let confirmed: Vec<String> = self.fact.areas.iter().map(ToString::to_string).collect();
        let held = area::areas_held(&confirmed);
        area::areas_containing(place).iter().any(|area| held.contains(area))
    }

    /// Its people of a role, by id.
    pub(super) fn people(&self, role: Role) -> Vec<&str> {
        self.persons.iter().filter(|(_, member)| member.plays(role)).map(|(id, _)| id.as_str()).collect()
    }
}

pub(super) async fn seed(
    work: &mut Work,
    chance: &mut Chance,
    missions: &[Mission],
    keys_dir: &Path,
) -> Result<Vec<Enrolled>> {
    let mut agencies = Vec::new();
    let states = states(work).await?;
    let since = work.clock().now() - Duration::days(300);
    for fact in AGENCIES {
        agencies.push(seed_agency(work, chance, fact, missions, &states, keys_dir, since).await?);
    }
    let host_state = states.get(HOST_STATE).cloned();
    for agency in &mut agencies {
        seed_persons(work, chance, agency, host_state.as_ref(), since).await?;
    }
    seed_portfolios(work, &agencies, missions).await?;
    seed_roster(work, chance, &agencies).await?;
    Ok(agencies)
}

async fn states(work: &Work) -> Result<BTreeMap<String, String>> {
    let rows = sending_state::Entity::find().all(work.rows()).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.iso2?, row.id))).collect())
}

async fn seed_agency(
    work: &mut Work,
    chance: &mut Chance,
    fact: &'static Agency,
    missions: &[Mission],
    states: &BTreeMap<String, String>,
    keys_dir: &Path,
    since: OffsetDateTime,
) -> Result<Enrolled> {
    // An import may have listed the agency before: then it is enrolled now, and what was imported stays.
    let listed = match fact.ori {
        Some(ori) => agency::Entity::find().filter(agency::Column::Ori.eq(ori)).one(work.rows()).await?,
        None => None,
    };
    let is_listed = listed.is_some();
    let row = enrol(listed.unwrap_or_else(|| blank(chance.id(since), fact)), fact, states);
    let id = row.id.clone();
    let row = row.into_active_model().reset_all();
    if is_listed {
        agency::Entity::update(row).exec(work.rows()).await?;
    } else {
        agency::Entity::insert(row).exec_without_returning(work.rows()).await?;
    }
    work.touch(Kind::Agency, id.clone());

    let jwk = generate_demo_key(keys_dir, fact.short_name)?;
    let kid = jwk.get("kid").and_then(Value::as_str).ok_or_else(|| Error::internal("a key without kid"))?.to_owned();
    let key = agency_key::Model { agency_id: id.clone(), kid, jwk: jwk.to_string(), added_at: instant(since) };
    insert(work, [key.into_active_model()]).await?;
    seed_areas(work, &id, fact, since).await?;

    let missions: Vec<Mission> =
        missions.iter().filter(|mission| fact.missions.contains(&mission.name.as_str())).cloned().collect();
    let links = missions.iter().map(|mission| {
        agency_mission::Model { agency_id: id.clone(), mission_id: mission.id.clone() }.into_active_model()
    });
    insert(work, links).await?;
    Ok(Enrolled { id, fact, persons: Vec::new(), missions })
}

/// The areas are confirmed, even those that an import proposed.
async fn seed_areas(work: &Work, id: &str, fact: &Agency, since: OffsetDateTime) -> Result<()> {
    agency_area::Entity::delete_many()
        .filter(agency_area::Column::AgencyId.eq(id))
        .filter(agency_area::Column::Area.is_in(fact.areas.iter().copied()))
        .exec(work.rows())
        .await?;
    let areas = fact.areas.iter().map(|area| {
        let level = match *area {
            area::NATIONAL => "NATIONAL",
            area if area.starts_with("US-") => "STATE",
            _ => "COUNTY",
        };
        agency_area::Model {
            agency_id: id.to_owned(),
            area: (*area).to_owned(),
            level: level.to_owned(),
            source: "DEMO".to_owned(),
            proposed_at: instant(since),
            confirmed_at: Some(instant(since)),
        }
        .into_active_model()
    });
    insert(work, areas).await
}

fn blank(id: String, fact: &Agency) -> agency::Model {
    agency::Model {
        id,
        name: fact.name.to_owned(),
        short_name: None,
        kind: fact.kind.name().to_owned(),
        level: fact.level.to_owned(),
        ori: fact.ori.map(str::to_owned),
        watch_phone: None,
        state: Some(seat(fact)),
        latitude: None,
        longitude: None,
        sending_state_id: None,
        state_wide: false,
        issuer: None,
        audience: None,
        token_typ: None,
        algorithms: "[]".to_owned(),
        max_lifetime_s: 0,
        roles: "[]".to_owned(),
        quota_rps: None,
        quota_cost_per_minute: None,
        suspended_at: None,
        made_by_demo: false,
        jwks_uri: None,
        oidc_discovery: false,
        documents_only: false,
        imported: None,
    }
}

/// The state of its seat: where its first area lies, Washington for a national one and for those without.
fn seat(fact: &Agency) -> String {
    let state = fact.areas.first().and_then(|area| match area.strip_prefix("US-") {
        Some(_) => Some((*area).to_owned()),
        None => area::state_of_county(area),
    });
    state.unwrap_or_else(|| "US-DC".to_owned())
}

fn enrol(row: agency::Model, fact: &Agency, states: &BTreeMap<String, String>) -> agency::Model {
    let roles: Vec<&str> = fact.kind.roles().iter().map(|role| role.name()).collect();
    agency::Model {
        short_name: Some(fact.short_name.to_owned()),
        watch_phone: Some(fact.watch_phone.to_owned()),
        sending_state_id: fact.sending_state.and_then(|iso2| states.get(iso2)).cloned(),
        state_wide: fact.state_wide,
        issuer: Some(fact.issuer.to_owned()),
        audience: Some(super::AUDIENCE.to_owned()),
        token_typ: Some("at+jwt".to_owned()),
        algorithms: json!(["ES256"]).to_string(),
        max_lifetime_s: 3600,
        roles: json!(roles).to_string(),
        // A demo that is measured is not held up; `registerAgency` and `setAgencyCeiling` say what a real one may.
        quota_rps: None,
        quota_cost_per_minute: None,
        made_by_demo: true,
        ..row
    }
}

async fn seed_persons(
    work: &mut Work,
    chance: &mut Chance,
    agency: &mut Enrolled,
    host_state: Option<&String>,
    since: OffsetDateTime,
) -> Result<()> {
    let mut rows = Vec::new();
    for member in MEMBERS.iter().filter(|member| member.agency == agency.fact.short_name) {
        let id = chance.id(since);
        let machine = member.unit == MACHINE;
        let sworn = !machine
            && matches!(
                member.role,
                Role::LawEnforcement | Role::DetailAgent | Role::LiaisonOfficer | Role::RegionalSecurityOfficer
            );
        let area_code = agency.fact.watch_phone.get(..5).unwrap_or("+1202");
        let mut phone = || Some(format!("{area_code}55501{:02}", chance.below(100)));
        rows.push(
            person::Model {
                id: id.clone(),
                agency_id: agency.id.clone(),
                subject: member.subject.to_owned(),
                name: member.name.to_owned(),
                unit: Some(member.unit.to_owned()),
                roles: json!([member.role.name()]).to_string(),
                sworn,
                machine,
                cfr28_certified: sworn || member.plays(Role::Analyst),
                desk_phone: phone(),
                mobile_phone: if machine { None } else { phone() },
                email: Some(format!("{}@{}", member.subject, agency.fact.issuer.trim_start_matches("https://id."))),
                host_state_id: host_state.filter(|_| member.plays(Role::RegionalSecurityOfficer)).cloned(),
                // The posts come last.
                post_id: None,
                disabled_at: None,
            }
            .into_active_model(),
        );
        work.touch(Kind::Person, id.clone());
        agency.persons.push((id, member));
    }
    insert(work, rows).await
}

/// DSS's liaison officers share the missions: the first has Europe's great embassies with all their posts, so that
/// one portfolio is worth looking at; the others take turns.
async fn seed_portfolios(work: &Work, agencies: &[Enrolled], missions: &[Mission]) -> Result<()> {
    const FIRST: [&str; 6] = ["FR", "DE", "GB", "IT", "ES", "PL"];
    let officers = liaison_officers(agencies);
    let Some((first, others)) = officers.split_first() else { return Ok(()) };
    let rows = missions.iter().enumerate().filter_map(|(turn, mission)| {
        let is_first = mission.state.as_deref().is_some_and(|state| FIRST.contains(&state));
        let officer = if is_first { Some(first) } else { others.get(turn % others.len().max(1)) }?;
        Some(portfolio::Model { person_id: (*officer).to_owned(), mission_id: mission.id.clone() }.into_active_model())
    });
    insert(work, rows).await
}

/// The first officer has the watch for a year, so that the demo always has one; the others relieve each other.
async fn seed_roster(work: &Work, chance: &mut Chance, agencies: &[Enrolled]) -> Result<()> {
    let now = work.clock().now();
    let officers = liaison_officers(agencies);
    let mut turns = Vec::new();
    let mut turn = |person: &str, from: OffsetDateTime, hours: i64| {
        let shift = watch_shift::Model {
            id: chance.id(now),
            person_id: person.to_owned(),
            starts_at: instant(from),
            ends_at: instant(from + Duration::hours(hours)),
        };
        turns.push(shift.into_active_model());
    };
    if let Some((first, others)) = officers.split_first() {
        turn(first, now - Duration::days(1), 366 * 24);
        for (half_day, person) in (0..60).zip(others.iter().cycle()) {
            turn(person, now + Duration::hours(12 * half_day), 12);
        }
    }
    insert(work, turns).await
}

fn liaison_officers(agencies: &[Enrolled]) -> Vec<&str> {
    agencies
        .iter()
        .filter(|agency| agency.fact.kind == AgencyKind::DiplomaticSecurity)
        .flat_map(|agency| agency.people(Role::LiaisonOfficer))
        .collect()
}
