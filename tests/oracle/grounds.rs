//! Grounds and markings, from the policy's prose: why a row is somebody's business, and how deep.

#[path = "places.rs"]
mod places;
#[path = "posted.rs"]
mod posted;
#[path = "visiting.rs"]
mod visiting;

use std::collections::BTreeSet;

use chancery::access::Kind;

use self::{
    places::{counties, counties_within, lies_in},
    visiting::{of_detail, of_visit},
};
use crate::{
    policy::opens,
    rows::{Asker, Row, Rows, text, truth},
};

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Everyone,
    Internal,
    Own,
    State,
    Jurisdiction,
    Shared,
    Referred,
    Reporter,
    Owner,
    Watch,
    Portfolio,
    OwnAgency,
    ServesMe,
    ViaShared,
    ViaReferred,
    HostState,
    Venue,
    Assigned,
    OnDetail,
    Leads,
    ViaVisit,
    Post,
    Audience,
    Actor,
}

/// Markings from the mildest to the strictest; one that cannot be read is RED.
fn rank(tlp: &str) -> usize {
    ["CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"].iter().position(|known| *known == tlp).unwrap_or(4)
}

const GREEN: usize = 1;
const AMBER: usize = 2;
const AMBER_STRICT: usize = 3;
const RED: usize = 4;

/// Tiers, by their letters.
pub type Tiers = BTreeSet<char>;

/// A ground that holds: which, at most how deep, up to which marking.
type Held = (Ground, String, usize);

impl Asker {
    fn kind(&self) -> &str {
        text(&self.agency, "kind").expect("a kind")
    }

    fn id(&self) -> &str {
        text(&self.person, "id").expect("an id")
    }

    /// In the role of now, for the agency of now.
    fn did(&self, event: &Row) -> bool {
        let is = |column, value| text(event, column) == Some(value);
        is("person_id", self.id()) && is("agency_id", &self.who.agency) && is("role", self.who.role.name())
    }

    pub fn is_dss(&self) -> bool {
        self.kind() == "DIPLOMATIC_SECURITY"
    }

    fn is_partner(&self) -> bool {
        self.kind() == "LAW_ENFORCEMENT"
    }

    /// Registered for the mission.
    fn has_mission(&self, rows: &Rows, mission: Option<&str>) -> bool {
        self.kind() == "MISSION"
            && mission
                .is_some_and(|id| rows.pair("agency_mission", ("agency_id", &self.who.agency), ("mission_id", id)))
    }

    /// State-wide, and the mission is of the same sending state: equal, not null.
    fn is_of_state(&self, rows: &Rows, mission: Option<&str>) -> bool {
        let mission = mission.and_then(|id| rows.one("mission", id));
        let state = mission.and_then(|mission| text(mission, "sending_state_id"));
        self.kind() == "MISSION"
            && truth(&self.agency, "state_wide")
            && state.is_some()
            && state == text(&self.agency, "sending_state_id")
    }

    /// Every county that the place may lie in is within the confirmed areas.
    fn covers(&self, rows: &Rows, place: Option<&str>) -> bool {
        let Some(counties) = place.and_then(counties) else { return false };
        let held = self.areas(rows);
        let holds = |county: &str| held.iter().any(|area| counties_within(area, county));
        self.is_partner() && counties.iter().all(|county| holds(county))
    }

    /// Whether an advisory that is addressed so is meant for the asker.
    fn is_meant(&self, rows: &Rows, to: &str) -> bool {
        let has = |is: &dyn Fn(&Row) -> bool| {
            rows.all("mission").iter().any(|mission| self.has_mission(rows, text(mission, "id")) && is(mission))
        };
        match to.split_once(':') {
            None => (to == "MISSIONS" && self.kind() == "MISSION") || (to == "LAW_ENFORCEMENT" && self.is_partner()),
            Some(("SENDING_STATE", state)) => {
                let state_wide = self.kind() == "MISSION" && truth(&self.agency, "state_wide");
                (state_wide && text(&self.agency, "sending_state_id") == Some(state))
                    || has(&|mission| text(mission, "sending_state_id") == Some(state))
            }
            Some(("MISSION_TYPE", kind)) => has(&|mission| text(mission, "type") == Some(kind)),
            Some(("AREA", area)) => {
                // Law enforcement around it, and in it.
                self.covers(rows, Some(area))
                    || (self.is_partner() && self.areas(rows).iter().any(|held| lies_in(held, area)))
                    || has(&|mission| text(mission, "area").is_some_and(|place| lies_in(place, area)))
            }
            Some(_) => false,
        }
    }

    /// The confirmed areas.
    fn areas<'r>(&self, rows: &'r Rows) -> Vec<&'r str> {
        let confirmed = rows
            .all("agency_area")
            .iter()
            .filter(|area| text(area, "agency_id") == Some(&self.who.agency) && text(area, "confirmed_at").is_some());
        confirmed.filter_map(|area| text(area, "area")).collect()
    }

    fn has_portfolio(&self, rows: &Rows, mission: Option<&str>) -> bool {
        self.is_dss() && mission.is_some_and(|id| rows.pair("portfolio", ("person_id", self.id()), ("mission_id", id)))
    }

    fn is_host(&self, rows: &Rows, mission: Option<&str>) -> bool {
        let mission = mission.and_then(|id| rows.one("mission", id));
        let state = mission.and_then(|mission| text(mission, "sending_state_id"));
        self.is_dss() && state.is_some() && state == text(&self.person, "host_state_id")
    }

    fn is_on_watch(&self, rows: &Rows) -> bool {
        let is_now = |shift: &&Row| {
            text(shift, "starts_at").is_some_and(|at| at <= rows.now.as_str())
                && text(shift, "ends_at").is_some_and(|at| rows.now.as_str() < at)
        };
        let mut shifts = rows.all("watch_shift").iter().filter(|shift| text(shift, "person_id") == Some(self.id()));
        self.is_dss() && shifts.any(|shift| is_now(&shift))
    }

    /// CUI controls act on every ground.
    fn is_released(&self, rows: &Rows, banner: Option<&str>) -> bool {
        let Some(banner) = banner else { return true };
        let parts: Vec<&str> = banner.split("//").collect();
        let controls: Vec<&str> = match parts.as_slice() {
            ["CUI"] | ["CUI", _] => vec![],
            ["CUI", _, controls] => controls.split('/').collect(),
            // One that cannot be read is the strictest.
            _ => vec!["NOFORN", "FED_ONLY"],
        };
        let is_foreign = self.kind() == "MISSION";
        let is_federal = self.is_dss() || (self.is_partner() && text(&self.agency, "level") == Some("FEDERAL"));
        let state = text(&self.agency, "sending_state_id").and_then(|id| rows.one("sending_state", id));
        controls.iter().all(|control| match *control {
            "NOFORN" => !is_foreign,
            "FED_ONLY" => is_federal,
            listed => {
                let listed: Vec<&str> = listed.trim_start_matches("REL_TO ").split(',').collect();
                let is_listed = |column: &str| {
                    state.and_then(|state| text(state, column)).is_some_and(|code| listed.contains(&code))
                };
                !is_foreign || is_listed("iso2") || is_listed("iso3")
            }
        })
    }
}

/// The grounds of a concern that hold for an asker, under a marking not below its own.
fn of_concern(rows: &Rows, asker: &Asker, concern: &Row, at_least: usize) -> Vec<Held> {
    let get = |column| text(concern, column);
    if !asker.is_released(rows, get("cui")) {
        return vec![];
    }
    let marking = rank(get("tlp").expect("a marking")).max(at_least);
    let (origin, about) = (get("origin_mission_id"), get("mission_id"));
    let about_row = about.and_then(|id| rows.one("mission", id)).expect("a mission");
    let place = get("incident_area").or(text(about_row, "area"));
    let is_grave = matches!(get("severity"), Some("HIGH" | "CRITICAL"));
    let all = || "DCPSI".to_owned();
    let mut held: Vec<Held> = Vec::new();
    let mut add = |holds: bool, ground, until| {
        if holds {
            held.push((ground, all(), until));
        }
    };
    add(asker.is_dss(), Ground::Internal, AMBER_STRICT);
    add(asker.has_mission(rows, origin), Ground::Own, AMBER_STRICT);
    add(asker.is_of_state(rows, origin), Ground::State, AMBER);
    add(is_grave && asker.covers(rows, place), Ground::Jurisdiction, GREEN);
    add(get("reporter_id") == Some(asker.id()), Ground::Reporter, RED);
    add(get("owner_id") == Some(asker.id()), Ground::Owner, RED);
    add(get("owner_id").is_none() && asker.is_on_watch(rows), Ground::Watch, RED);
    add(asker.has_portfolio(rows, about), Ground::Portfolio, AMBER_STRICT);
    add(visiting::is_on_visit(rows, asker, get("visit_id")), Ground::ViaVisit, AMBER_STRICT);
    let id = get("id").expect("an id");
    let referred = rows.all("referral").iter().any(|referral| {
        text(referral, "concern_id") == Some(id)
            && text(referral, "agency_id") == Some(&asker.who.agency)
            && matches!(text(referral, "status"), Some("OFFERED" | "ACCEPTED" | "DONE"))
    });
    add(referred, Ground::Referred, AMBER_STRICT);
    for share in rows.all("share").iter().filter(|share| text(share, "concern_id") == Some(id)) {
        let to_person = text(share, "person_id") == Some(asker.id());
        let to_agency = text(share, "agency_id") == Some(&asker.who.agency);
        let live = text(share, "revoked_at").is_none()
            && text(share, "expires_at").is_none_or(|until| rows.now.as_str() < until);
        if live && (to_person || to_agency) {
            let cap = rank(text(share, "tlp_cap").expect("a marking"));
            // A bound is met from above: a share to an agency never outlives AMBER_STRICT.
            let until = if to_person { cap } else { cap.min(AMBER_STRICT) };
            held.push((Ground::Shared, text(share, "tier_cap").expect("tiers").to_owned(), until));
        }
    }
    held.retain(|(_, _, until)| marking <= *until);
    held
}

/// The grounds of a mission and of what belongs to it.
fn of_mission(rows: &Rows, asker: &Asker, mission: &str) -> Vec<Ground> {
    let row = rows.one("mission", mission).expect("a mission");
    let id = Some(mission);
    let mut grounds = Vec::new();
    let mut add = |holds: bool, ground| {
        if holds {
            grounds.push(ground);
        }
    };
    add(asker.has_mission(rows, id), Ground::Own);
    add(asker.is_of_state(rows, id), Ground::State);
    add(asker.covers(rows, text(row, "area")), Ground::Jurisdiction);
    add(asker.has_portfolio(rows, id), Ground::Portfolio);
    add(asker.is_host(rows, id), Ground::HostState);
    add(visiting::is_via_mission(rows, asker, id), Ground::ViaVisit);
    for concern in rows.all("concern").iter().filter(|concern| text(concern, "mission_id") == id) {
        for (ground, _, _) in of_concern(rows, asker, concern, 0) {
            add(ground == Ground::Shared, Ground::ViaShared);
            add(ground == Ground::Referred, Ground::ViaReferred);
        }
    }
    grounds
}

fn own_grounds(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Vec<Ground> {
    let mut grounds = vec![Ground::Everyone];
    grounds.extend(asker.is_dss().then_some(Ground::Internal));
    let own = |column| text(row, column) == Some(asker.who.agency.as_str());
    let of_agency = match kind {
        Kind::Agency => own("id"),
        Kind::Person | Kind::Liaison => own("agency_id"),
        _ => false,
    };
    grounds.extend(of_agency.then_some(Ground::OwnAgency));
    match kind {
        Kind::Liaison => {
            let id = text(row, "id").expect("an id");
            let mut served = rows.all("liaison_mission").iter().filter(|link| text(link, "liaison_id") == Some(id));
            let is_one = served.any(|link| asker.has_mission(rows, text(link, "mission_id")));
            grounds.extend(is_one.then_some(Ground::ServesMe));
            let mut served = rows.all("liaison_mission").iter().filter(|link| text(link, "liaison_id") == Some(id));
            let via = served.any(|link| visiting::is_via_mission(rows, asker, text(link, "mission_id")));
            grounds.extend(via.then_some(Ground::ViaVisit));
        }
        Kind::AuditEvent if asker.did(row) => grounds.push(Ground::Actor),
        Kind::Advisory => {
            let audience: Vec<String> = serde_json::from_str(text(row, "audience").expect("a list")).expect("a list");
            if audience.iter().any(|to| asker.is_meant(rows, to)) {
                grounds.push(Ground::Audience);
            }
        }
        Kind::Post if posted::is_posted(asker, text(row, "id")) => grounds.push(Ground::Post),
        Kind::Visit => grounds.extend(of_visit(rows, asker, row)),
        Kind::ProtectiveDetail => grounds.extend(of_detail(rows, asker, row)),
        Kind::Mission => grounds.extend(of_mission(rows, asker, text(row, "id").expect("an id"))),
        Kind::SecurityContact => grounds.extend(of_mission(rows, asker, text(row, "mission_id").expect("a mission"))),
        Kind::Premises => {
            grounds.extend(of_mission(rows, asker, text(row, "mission_id").expect("a mission")));
            if matches!(text(row, "kind"), Some("RESIDENCE_HOM" | "RESIDENCE_STAFF")) {
                grounds.retain(|ground| matches!(ground, Ground::Own | Ground::Portfolio));
            }
        }
        _ => {}
    }
    grounds
}

/// The tiers of a row for an asker; for a child, those of its parent under its own marking, if it is for the asker.
pub fn tiers(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Tiers {
    let role = asker.who.role;
    let letters = |held: Vec<Held>| -> Tiers {
        held.iter()
            .flat_map(|(ground, cap, _)| {
                // Whoever sees a row sees its directory.
                let cap = move |tier: &char| *tier == 'D' || cap.contains(*tier);
                opens(role, Kind::Concern, *ground).chars().filter(cap)
            })
            .collect()
    };
    let parent = || rows.one("concern", text(row, "concern_id").expect("a concern")).expect("a concern");
    match kind {
        Kind::Concern => letters(of_concern(rows, asker, row, 0)),
        Kind::Entry => {
            let tiers = letters(of_concern(rows, asker, parent(), rank(text(row, "tlp").expect("a marking"))));
            let needs = entry_needs(rows, asker, row, parent());
            if needs.is_some_and(|tier| tiers.contains(&tier)) { tiers } else { Tiers::new() }
        }
        Kind::Evidence => {
            let tiers = letters(of_concern(rows, asker, parent(), rank(text(row, "tlp").expect("a marking"))));
            let entry = rows.one("entry", text(row, "entry_id").expect("an entry")).expect("an entry");
            let of = rows.one("concern", text(entry, "concern_id").expect("a concern")).expect("a concern");
            // For whom its entry is, where the concern's protected values are read.
            let needs = entry_needs(rows, asker, entry, of).is_some_and(|tier| tiers.contains(&tier));
            if needs && tiers.contains(&'P') { tiers } else { Tiers::new() }
        }
        Kind::Referral => {
            let tiers = letters(of_concern(rows, asker, parent(), 0));
            let is_for = asker.is_dss() || text(row, "agency_id") == Some(&asker.who.agency);
            if is_for && tiers.contains(&'S') { tiers } else { Tiers::new() }
        }
        Kind::Share => {
            let tiers = letters(of_concern(rows, asker, parent(), 0));
            let is_for = asker.is_dss()
                || text(row, "agency_id") == Some(&asker.who.agency)
                || text(row, "person_id") == Some(asker.id());
            if is_for && tiers.contains(&'P') { tiers } else { Tiers::new() }
        }
        Kind::Acknowledgement => {
            let advisory = rows.one("advisory", text(row, "advisory_id").expect("an advisory")).expect("an advisory");
            let tiers = tiers(rows, asker, Kind::Advisory, advisory);
            let own = text(row, "agency_id") == Some(&asker.who.agency) && tiers.contains(&'C');
            if own || (asker.is_dss() && tiers.contains(&'I')) { tiers } else { Tiers::new() }
        }
        Kind::MissionChange => {
            let id = text(row, "mission_id").expect("a mission");
            let tiers = tiers(rows, asker, Kind::Mission, rows.one("mission", id).expect("a mission"));
            let is_for = asker.is_dss() || asker.has_mission(rows, Some(id));
            if is_for && tiers.contains(&'P') { tiers } else { Tiers::new() }
        }
        kind if visiting::is_part(kind) => visiting::of_part(rows, asker, kind, row),
        kind if posted::is_of_a_post(kind) => posted::of_row(rows, asker, kind, row),
        kind => own_grounds(rows, asker, kind, row)
            .into_iter()
            .flat_map(|ground| opens(role, kind, ground).chars())
            .collect(),
    }
}

/// The grounds of a row that hold for an asker; of a child that is seen, its parent's.
#[allow(dead_code, reason = "the desk's tests ask for the grounds, the oracle for what they open")]
pub fn held(rows: &Rows, asker: &Asker, kind: Kind, row: &Row) -> Vec<Ground> {
    let of = |concern| of_concern(rows, asker, concern, 0).into_iter().map(|(ground, _, _)| ground).collect();
    let parent = |table, id| rows.one(table, text(row, id).expect("a parent")).expect("a parent");
    match kind {
        Kind::Concern => of(row),
        kind if kind.parent().is_some() && tiers(rows, asker, kind, row).is_empty() => vec![],
        Kind::Referral | Kind::Share => of(parent("concern", "concern_id")),
        Kind::MissionChange => own_grounds(rows, asker, Kind::Mission, parent("mission", "mission_id")),
        kind if visiting::is_part(kind) => visiting::held(rows, asker, kind, row),
        kind if posted::is_of_a_post(kind) => posted::held(rows, asker, kind, row),
        kind => own_grounds(rows, asker, kind, row),
    }
}

/// The tier of its concern that an entry takes, for those it was written for.
fn entry_needs(rows: &Rows, asker: &Asker, entry: &Row, concern: &Row) -> Option<char> {
    let id = text(entry, "id").expect("an id");
    let for_named = rows.pair("entry_audience", ("entry_id", id), ("agency_id", &asker.who.agency));
    let for_mission = asker.has_mission(rows, text(concern, "origin_mission_id").or(text(concern, "mission_id")));
    match text(entry, "audience") {
        Some("MISSION") => (asker.is_dss() || for_mission).then_some('C'),
        Some("AGENCIES") => (asker.is_dss() || for_named).then_some('C'),
        _ => asker.is_dss().then_some('I'),
    }
}
