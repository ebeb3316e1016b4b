//! Rows with every column filled.

use chancery::access::Kind;
use entity::{agency, concern, mission, person, premises, referral, security_contact, sending_state, share};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait};

use super::{Situation, id_of, posts, visits};
use crate::cast;

/// Some time before.
pub const THEN: &str = "2026-11-01T00:00:00.000000Z";
/// The instant at which all questions are asked.
pub const NOW: &str = "2026-11-22T12:00:00.000000Z";
/// The instant after it.
pub const JUST_AFTER: &str = "2026-11-22T12:00:00.000001Z";
/// Long after.
pub const LATER: &str = "2027-11-22T12:00:00.000000Z";

/// Puts a row in.
pub async fn put<M>(work: &DatabaseTransaction, row: M)
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    M::Entity: EntityTrait<Model = M>,
{
    M::Entity::insert(row.into_active_model()).exec_without_returning(work).await.expect("the row goes in");
}

/// A column that may be empty, filled.
#[allow(clippy::unnecessary_wraps, reason = "columns that may be empty are filled all the same")]
pub fn some(text: impl Into<String>) -> Option<String> {
    Some(text.into())
}

/// A sending state by its two-letter code.
pub fn sending_state(iso2: &str, iso3: &str, protecting_power: &str) -> sending_state::Model {
    sending_state::Model {
        id: id_of(Kind::SendingState, iso2),
        iso2: some(iso2),
        iso3: some(iso3),
        name: format!("State {iso2}"),
        wikidata_id: Some(format!("Q-{iso2}")),
        recognition: some("Recognised"),
        protecting_power_id: Some(id_of(Kind::SendingState, protecting_power)),
        imported: None,
    }
}

/// An agency by its handle.
pub fn agency(handle: &str, kind: &str, level: &str, state: Option<&str>, state_wide: bool) -> agency::Model {
    let roles = match kind {
        "MISSION" => r#"["MISSION_OFFICER","ADMINISTRATOR"]"#,
        "LAW_ENFORCEMENT" => r#"["LAW_ENFORCEMENT","ADMINISTRATOR"]"#,
        _ => r#"["ANALYST","LIAISON_OFFICER","DETAIL_AGENT","REGIONAL_SECURITY_OFFICER","ADMINISTRATOR","AUDITOR"]"#,
    };
    agency::Model {
        id: id_of(Kind::Agency, handle),
        name: format!("Agency {handle}"),
        short_name: some(handle),
        kind: kind.to_owned(),
        level: level.to_owned(),
        ori: (kind == "LAW_ENFORCEMENT").then(|| format!("ORI-{handle}")),
        watch_phone: some("+12025550101"),
        state: some("US-DC"),
        latitude: Some(38.9),
        longitude: Some(-77.0),
        sending_state_id: state.map(|state| id_of(Kind::SendingState, state)),
        state_wide,
        issuer: Some(format!("https://{handle}.example")),
        audience: some("chancery"),
        token_typ: some("JWT"),
        algorithms: r#"["ES256"]"#.to_owned(),
        max_lifetime_s: 3600,
        roles: roles.to_owned(),
        quota_rps: Some(1_000_000),
        quota_cost_per_minute: Some(2_000_000_000),
        suspended_at: None,
        made_by_demo: false,
        // Whose askers sign with keys that the registry holds publishes none.
        jwks_uri: (cast::CAST.iter().all(|asker| asker.agency != handle))
            .then(|| format!("https://{handle}.example/jwks")),
        oidc_discovery: false,
        documents_only: false,
        imported: None,
    }
}

/// A person of an agency; the handle is the subject.
pub fn person(handle: &str, agency: &str) -> person::Model {
    let asker = cast::CAST.iter().find(|asker| asker.name == handle);
    person::Model {
        id: id_of(Kind::Person, handle),
        agency_id: id_of(Kind::Agency, agency),
        subject: handle.to_owned(),
        name: format!("Person {handle}"),
        unit: some("Unit"),
        roles: asker.map_or("[]".to_owned(), |asker| format!(r#"["{}"]"#, asker.role)),
        sworn: true,
        machine: false,
        cfr28_certified: true,
        desk_phone: some("+12025550102"),
        mobile_phone: some("+12025550103"),
        email: some("person@example.org"),
        host_state_id: (handle == "rso").then(|| id_of(Kind::SendingState, "FR")),
        post_id: posts::posted(handle),
        disabled_at: None,
    }
}

/// A mission of a state, if it has one, at what is known of its place.
pub fn mission(handle: &str, state: Option<&str>, area: Option<&str>) -> mission::Model {
    let county = area.filter(|area| area.len() == 5 && !area.starts_with("US"));
    mission::Model {
        id: id_of(Kind::Mission, handle),
        wikidata_id: Some(format!("Q-{handle}")),
        r#type: if handle == "consulate" { "CONSULATE" } else { "EMBASSY" }.to_owned(),
        name: format!("Mission {handle}"),
        sending_state_id: state.map(|state| id_of(Kind::SendingState, state)),
        parent_id: (handle == "consulate").then(|| id_of(Kind::Mission, "embassy")),
        city: some("City"),
        state: area.map(|_| "US-NY".to_owned()),
        county_fips: county.map(str::to_owned),
        jurisdiction_precision: area.map(|_| if county.is_some() { "COUNTY" } else { "STATE" }.to_owned()),
        area: area.map(str::to_owned),
        latitude: Some(40.7),
        longitude: Some(-74.0),
        ofm_region: some("New York"),
        status: "OPEN".to_owned(),
        switchboard: some("+12025550104"),
        duty_phone: some("+12025550105"),
        email: some("mission@example.org"),
        website: some("https://mission.example"),
        opened_on: some("1990-01-01"),
        protective_need: some("High"),
        guard_posture: some("Two guards"),
        analyst_note: some("A note"),
        source_ids: r#"["wikidata:Q1"]"#.to_owned(),
        imported: None,
    }
}

/// Premises of a mission.
pub fn premises(handle: &str, mission: &str, kind: &str) -> premises::Model {
    premises::Model {
        id: id_of(Kind::Premises, handle),
        mission_id: id_of(Kind::Mission, mission),
        kind: kind.to_owned(),
        address: some("1 Street"),
        latitude: Some(40.7),
        longitude: Some(-74.0),
    }
}

/// The security contact of a mission.
pub fn contact(handle: &str, mission: &str) -> security_contact::Model {
    security_contact::Model {
        id: id_of(Kind::SecurityContact, handle),
        mission_id: id_of(Kind::Mission, mission),
        function: "CHIEF_OF_SECURITY".to_owned(),
        name: "A Contact".to_owned(),
        title: some("Colonel"),
        work_phone: some("+12025550106"),
        work_email: some("contact@example.org"),
        after_hours_phone: some("+12025550107"),
        vetted_until: some("2027-01-01"),
        is_primary: true,
    }
}

/// To whom a share goes, how deep and how long.
#[derive(Clone, Debug)]
pub struct ShareOf {
    /// An agency, or
    pub agency: Option<&'static str>,
    /// one person.
    pub person: Option<&'static str>,
    /// The tiers it opens at most.
    pub cap: &'static str,
    /// It sleeps above this marking.
    pub tlp: &'static str,
    /// The first instant at which it no longer holds.
    pub expires: Option<&'static str>,
    /// When it was revoked.
    pub revoked: Option<&'static str>,
}

/// A share to an agency, up to AMBER, until later.
pub const fn to(agency: &'static str, cap: &'static str) -> ShareOf {
    ShareOf { agency: Some(agency), person: None, cap, tlp: "AMBER", expires: Some(LATER), revoked: None }
}

/// A share to one person, up to AMBER, without end.
pub const fn to_person(person: &'static str, cap: &'static str) -> ShareOf {
    ShareOf { agency: None, person: Some(person), cap, tlp: "AMBER", expires: None, revoked: None }
}

/// A concern as a situation. What [`case`] makes is a stranger's: about a mission in Dallas, raised by a police that
/// nobody here is of, assigned to an officer who does not ask, LOW, AMBER, in Dallas.
#[derive(Clone, Debug)]
pub struct Case {
    /// What makes it so; also its handle.
    pub name: &'static str,
    /// The mission it is about.
    pub about: &'static str,
    /// Where it happened: the `chancery` or the `residence` of that mission.
    pub premises: &'static str,
    /// The mission that raised it, if a mission did.
    pub origin: Option<&'static str>,
    /// The agency that raised it.
    pub by: &'static str,
    /// The person who raised it.
    pub reporter: &'static str,
    /// To whom it is assigned.
    pub owner: Option<&'static str>,
    /// How bad.
    pub severity: &'static str,
    /// The marking.
    pub tlp: &'static str,
    /// The banner.
    pub cui: Option<&'static str>,
    /// Where it happened.
    pub area: Option<&'static str>,
    /// The visit that it has to do with.
    pub visit: &'static str,
    /// Its shares.
    pub shares: Vec<ShareOf>,
    /// Its referrals: to whom, how they stand.
    pub referrals: Vec<(&'static str, &'static str)>,
    /// Who sees what.
    pub expect: &'static str,
}

/// A stranger's concern, to be changed.
pub const fn case(name: &'static str, expect: &'static str) -> Case {
    Case {
        name,
        about: "outside",
        premises: "chancery",
        origin: None,
        by: "dallas",
        reporter: "dallas officer",
        owner: Some("third officer"),
        severity: "LOW",
        tlp: "AMBER",
        cui: None,
        area: Some("48113"),
        visit: visits::OF_THE_EMBASSY,
        shares: Vec::new(),
        referrals: Vec::new(),
        expect,
    }
}

impl Case {
    /// Puts the concern in with what hangs on it.
    ///
    /// Shares and referrals carry their expectation by the rule for children: as deep as the concern, to their own
    /// audience. Lines of their own on the page have those of `children`.
    pub async fn put(self, work: &DatabaseTransaction) -> Vec<Situation> {
        let situation = Situation::new(Kind::Concern, self.name, self.expect);
        put(work, self.row()).await;
        let mut children = Vec::new();
        for (place, share) in self.shares.iter().enumerate() {
            let whom = share.agency.or(share.person).expect("somebody");
            let handle = format!("{place}: with {whom}, of: {}", self.name);
            let addressed = |asker: &cast::Asker| {
                share.agency == Some(asker.agency) || share.person == Some(asker.name) || asker.agency == "dss"
            };
            children.push(child(&situation, Kind::Share, &handle, 'P', addressed));
            put(work, self.share(share, &handle)).await;
        }
        for (place, (agency, status)) in self.referrals.iter().enumerate() {
            let handle = format!("{place}: to {agency}, of: {}", self.name);
            let addressed = |asker: &cast::Asker| asker.agency == *agency || asker.agency == "dss";
            children.push(child(&situation, Kind::Referral, &handle, 'S', addressed));
            let row = referral::Model {
                id: id_of(Kind::Referral, &handle),
                concern_id: situation.id.clone(),
                agency_id: id_of(Kind::Agency, agency),
                status: (*status).to_owned(),
                case_number: some("2026-1"),
                due_at: some(LATER),
                offered_at: THEN.to_owned(),
            };
            put(work, row).await;
        }
        children.push(situation);
        children
    }

    fn row(&self) -> concern::Model {
        let id = id_of(Kind::Concern, self.name);
        concern::Model {
            reference: format!("C-2026-{}", &id[id.len() - 8..]),
            kind: "CONCERN".to_owned(),
            category: "THREAT".to_owned(),
            nibrs_code: some("13C"),
            severity: self.severity.to_owned(),
            status: "SUBMITTED".to_owned(),
            mission_id: id_of(Kind::Mission, self.about),
            premises_id: Some(id_of(Kind::Premises, &format!("{} of {}", self.premises, self.about))),
            title: "A title".to_owned(),
            narrative: "A narrative".to_owned(),
            occurred_at: some(THEN),
            latitude: Some(32.7),
            longitude: Some(-96.8),
            origin_agency_id: id_of(Kind::Agency, self.by),
            origin_mission_id: self.origin.map(|mission| id_of(Kind::Mission, mission)),
            reporter_id: Some(id_of(Kind::Person, self.reporter)),
            reporter_pseudonym: some("pseudonym"),
            subjects: r#"["A subject"]"#.to_owned(),
            owner_id: self.owner.map(|owner| id_of(Kind::Person, owner)),
            incident_area: self.area.map(str::to_owned),
            tlp: self.tlp.to_owned(),
            cui: self.cui.map(str::to_owned),
            opened_at: THEN.to_owned(),
            changes: 0,
            handovers: 0,
            duplicate_of_id: Some(id.clone()),
            visit_id: Some(id_of(Kind::Visit, self.visit)),
            clock: None,
            next_due_at: None,
            clock_rest: None,
            id,
        }
    }

    fn share(&self, share: &ShareOf, handle: &str) -> share::Model {
        share::Model {
            id: id_of(Kind::Share, handle),
            concern_id: id_of(Kind::Concern, self.name),
            agency_id: share.agency.map(|agency| id_of(Kind::Agency, agency)),
            person_id: share.person.map(|person| id_of(Kind::Person, person)),
            tier_cap: share.cap.to_owned(),
            tlp_cap: share.tlp.to_owned(),
            reason: "Needs to know".to_owned(),
            shared_at: THEN.to_owned(),
            expires_at: share.expires.map(str::to_owned),
            revoked_at: share.revoked.map(str::to_owned),
        }
    }
}

/// A child is seen by whom it is addressed to, and by the service, where the concern shows the tier it needs.
fn child(concern: &Situation, kind: Kind, handle: &str, needs: char, to: impl Fn(&cast::Asker) -> bool) -> Situation {
    let seen = cast::CAST.iter().filter(|asker| concern.expected(asker.name).contains(needs) && to(asker));
    let expect: Vec<String> = seen.map(|asker| format!("{}={needs}", asker.name)).collect();
    Situation { on_page: false, ..Situation::new(kind, handle, &expect.join(" ")) }
}
