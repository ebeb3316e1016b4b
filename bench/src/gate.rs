//! Token to person, as somebody would write it who has two hundred lines for it: agencies and people are read once, a token
//! is verified once and remembered until it expires.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{SystemTime, UNIX_EPOCH},
};

use chancery::{
    access::{AgencyKind, Role, Standing},
    store::Address,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::Jwk};
use serde::Deserialize;

use crate::{Result, database::texts, world::AUDIENCE};

/// Who asks.
#[derive(Debug)]
pub struct Principal {
    /// In what capacity.
    pub role: Role,
    /// The agency's id.
    pub agency: String,
    /// What the agency is.
    pub kind: AgencyKind,
    /// The person's id.
    pub person: String,
    /// `sub`.
    pub subject: String,
    /// The keys that are held, those that open nothing of what is asked left out.
    pub keys: Vec<String>,
    expires: u64,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    role: String,
    exp: u64,
}

struct Agency {
    id: String,
    kind: AgencyKind,
    key: DecodingKey,
    sending_state: Option<String>,
    state_codes: Vec<String>,
    federal: bool,
    state_wide: bool,
    missions: Vec<String>,
    areas: Vec<String>,
}

struct Member {
    id: String,
    roles: String,
    portfolio: Vec<String>,
    watch: Vec<(String, String)>,
}

/// The check.
pub struct Gate {
    agencies: HashMap<String, Agency>,
    members: HashMap<(String, String), Member>,
    known: RwLock<HashMap<String, Arc<Principal>>>,
}

impl Gate {
    /// Reads the registry.
    pub async fn open(address: &Address) -> Result<Self> {
        let mut agencies = HashMap::new();
        let sql = "select a.issuer, a.id, a.kind, k.jwk, a.sending_state_id, s.iso2, s.iso3, a.level, case when a.state_wide then 'y' else 'n' end from agency a join agency_key k on k.agency_id = a.id left join sending_state s on s.id = a.sending_state_id where a.issuer is not null";
        for row in texts(address, sql).await? {
            let mut row = row.into_iter();
            let mut next = || row.next().flatten();
            let (issuer, id, kind, jwk) = (next(), next().unwrap_or_default(), next(), next().unwrap_or_default());
            let (sending_state, iso2, iso3, level, wide) = (next(), next(), next(), next(), next());
            let key = DecodingKey::from_jwk(&serde_json::from_str::<Jwk>(&jwk)?)?;
            let kind = kind_of(kind.as_deref());
            let federal = level.as_deref() == Some("FEDERAL");
            let state_codes = iso2.into_iter().chain(iso3).collect();
            let (missions, areas) = (Vec::new(), Vec::new());
            let state_wide = wide.as_deref() == Some("y");
            let agency = Agency { id, kind, key, sending_state, state_codes, federal, state_wide, missions, areas };
            agencies.insert(issuer.unwrap_or_default(), agency);
        }
        let missions = lists(address, "select agency_id, mission_id from agency_mission").await?;
        let areas = lists(address, "select agency_id, area from agency_area where confirmed_at is not null").await?;
        for agency in agencies.values_mut() {
            agency.missions = missions.get(&agency.id).cloned().unwrap_or_default();
            agency.areas = areas.get(&agency.id).cloned().unwrap_or_default();
        }
        let portfolios = lists(address, "select person_id, mission_id from portfolio").await?;
        let watch = lists(address, "select person_id, starts_at || '|' || ends_at from watch_shift").await?;
        let mut members = HashMap::new();
        let sql = "select agency_id, subject, id, roles from person where disabled_at is null";
        for row in texts(address, sql).await? {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || row.next().unwrap_or_default();
            let (agency, subject, id, roles) = (next(), next(), next(), next());
            let portfolio = portfolios.get(&id).cloned().unwrap_or_default();
            let turn = |text: &String| text.split_once('|').map(|(from, until)| (from.to_owned(), until.to_owned()));
            let watch = watch.get(&id).map(|turns| turns.iter().filter_map(turn).collect()).unwrap_or_default();
            members.insert((agency, subject), Member { id, roles, portfolio, watch });
        }
        Ok(Self { agencies, members, known: RwLock::default() })
    }

    /// Who a header names.
    pub fn principal(&self, header: Option<&str>, now: &str) -> Option<Arc<Principal>> {
        let token = header?.strip_prefix("Bearer ")?;
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(token)
            && known.expires > seconds
        {
            return Some(Arc::clone(known));
        }
        let principal = Arc::new(self.verify(token, now)?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(token.to_owned(), Arc::clone(&principal));
        Some(principal)
    }

    fn verify(&self, token: &str, now: &str) -> Option<Principal> {
        let claims = jsonwebtoken::dangerous::insecure_decode::<Claims>(token).ok()?.claims;
        let agency = self.agencies.get(&claims.iss)?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&claims.iss]);
        let claims = jsonwebtoken::decode::<Claims>(token, &agency.key, &validation).ok()?.claims;
        let member = self.members.get(&(agency.id.clone(), claims.sub.clone()))?;
        let role = Role::ALL.into_iter().find(|role| role.name() == claims.role)?;
        if !member.roles.contains(&format!("\"{}\"", role.name())) {
            return None;
        }
        let standing = Standing {
            agency: agency.id.clone(),
            agency_kind: agency.kind,
            federal: agency.federal,
            sending_state: agency.sending_state.clone(),
            sending_state_codes: agency.state_codes.clone(),
            state_wide: agency.state_wide,
            missions: agency.missions.clone(),
            areas: agency.areas.clone(),
            person: member.id.clone(),
            portfolio: member.portfolio.clone(),
            watch: member.watch.clone(),
            host_state: None,
            post: None,
        };
        // What opens premises, advisories and posts is of no use for what is asked here.
        let idle = |key: &String| key.starts_with("k:") || key.starts_with("w:") || key == "e" || key.starts_with("e/");
        let keys = standing.keys(now).into_iter().filter(|key| !idle(key)).collect();
        let (agency, kind, person) = (agency.id.clone(), agency.kind, member.id.clone());
        Some(Principal { role, agency, kind, person, subject: claims.sub, keys, expires: claims.exp })
    }
}

fn kind_of(name: Option<&str>) -> AgencyKind {
    match name {
        Some("DIPLOMATIC_SECURITY") => AgencyKind::DiplomaticSecurity,
        Some("LAW_ENFORCEMENT") => AgencyKind::LawEnforcement,
        _ => AgencyKind::Mission,
    }
}

async fn lists(address: &Address, sql: &str) -> Result<HashMap<String, Vec<String>>> {
    let mut lists: HashMap<String, Vec<String>> = HashMap::new();
    for row in texts(address, sql).await? {
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        if let (Some(of), Some(item)) = (row.next(), row.next()) {
            lists.entry(of).or_default().push(item);
        }
    }
    Ok(lists)
}
