//! Who asks.

use chancery::access::Role;
use time::{OffsetDateTime, macros::datetime};

use super::{Of, id};

/// `aud` of all tokens.
pub const AUDIENCE: &str = "https://chancery.example/graphql";
/// The name of the one key with which all agencies sign.
pub const KEY: &str = "BENCH";

/// The Diplomatic Security Service, among the agencies.
pub(super) const DSS: u64 = 0;
/// Before the first agency of law enforcement come DSS and the missions' agencies.
pub(super) const PARTNERS_FROM: u64 = 1 + super::MISSIONS;
/// Missions of steady people; each has [`STEADY_CONCERNS`].
pub(super) const STEADY_MISSIONS: u64 = 16;
/// Concerns of a steady mission, at either size.
pub(super) const STEADY_CONCERNS: u64 = 500;
/// Partner agencies whose people are steady; the first of all.
pub(super) const STEADY_PARTNERS: u64 = 8;
/// After them, these.
pub(super) const HEAVY_PARTNERS: u64 = 2;
/// Concerns that a steady partner was shown or offered.
pub(super) const STEADY_SHOWN: u64 = 400;
/// Partner agencies with somebody who signs in; the rest is listed.
pub(super) const ENROLLED_PARTNERS: u64 = 60;
/// Liaison officers whose portfolio is four steady missions, two for each four.
pub(super) const STEADY_OFFICERS: u64 = 8;
/// With the heavy ones, who have the rest.
pub(super) const OFFICERS: u64 = 28;
/// Of the heavy officers, those who are measured.
pub(super) const HEAVY_OFFICERS: u64 = 2;
/// Analysts.
pub(super) const ANALYSTS: u64 = 8;

/// Since when everything stands.
pub(super) const SINCE: OffsetDateTime = datetime!(2020-01-01 00:00 UTC);

/// How much somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// As much at either size.
    Steady,
    /// Much, and more the more there is.
    Heavy,
}

impl Weight {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Heavy => "heavy",
        }
    }
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Person {
    /// In what capacity.
    pub role: Role,
    /// How much of it.
    pub weight: Weight,
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// The person's id.
    pub id: String,
    /// Missions that the person's role acts on: own ones, those of a portfolio, those in its area.
    pub missions: Vec<String>,
}

/// Agency of law enforcement by its place among them.
pub(super) const fn partner(place: u64) -> u64 {
    PARTNERS_FROM + place
}

/// Agency of a mission.
pub(super) const fn mission_agency(mission: u64) -> u64 {
    1 + mission
}

/// `iss` of an agency.
pub(super) fn issuer(agency: u64) -> String {
    format!("https://id.{agency}.example")
}

/// The one of a mission.
pub(super) const fn mission_officer(mission: u64) -> u64 {
    mission
}

/// The one of a partner agency.
pub(super) const fn partner_officer(place: u64) -> u64 {
    1000 + place
}

/// A liaison officer.
pub(super) const fn liaison_officer(place: u64) -> u64 {
    2000 + place
}

/// An analyst.
pub(super) const fn analyst(place: u64) -> u64 {
    3000 + place
}

/// `sub` of a person.
pub(super) fn subject(person: u64) -> String {
    format!("person.{person}")
}

/// The missions of an officer's portfolio.
pub(super) fn portfolio(officer: u64) -> Vec<u64> {
    if officer < STEADY_OFFICERS {
        let first = 4 * (officer % 4);
        return (first..first + 4).collect();
    }
    let turn = officer - STEADY_OFFICERS;
    let turns = OFFICERS - STEADY_OFFICERS;
    (STEADY_MISSIONS..super::MISSIONS).filter(|mission| mission % turns == turn).collect()
}

/// All who ask in a role.
pub fn cast(role: Role) -> Vec<Person> {
    let person = |weight, agency, n, missions: Vec<u64>| Person {
        role,
        weight,
        issuer: issuer(agency),
        subject: subject(n),
        id: id(Of::Person, n),
        missions: missions.into_iter().map(|n| id(Of::Mission, n)).collect(),
    };
    let weight = |place, steady| if place < steady { Weight::Steady } else { Weight::Heavy };
    match role {
        // The missions after the steady ones are the largest.
        Role::MissionOfficer => (0..8)
            .chain(STEADY_MISSIONS..STEADY_MISSIONS + 2)
            .map(|m| person(weight(m, STEADY_MISSIONS), mission_agency(m), mission_officer(m), vec![m]))
            .collect(),
        Role::LawEnforcement => (0..STEADY_PARTNERS + HEAVY_PARTNERS)
            .map(|p| {
                let near = if p < STEADY_PARTNERS { vec![2 * p, 2 * p + 1] } else { Vec::new() };
                person(weight(p, STEADY_PARTNERS), partner(p), partner_officer(p), near)
            })
            .collect(),
        Role::LiaisonOfficer => (0..STEADY_OFFICERS + HEAVY_OFFICERS)
            .map(|o| person(weight(o, STEADY_OFFICERS), DSS, liaison_officer(o), portfolio(o)))
            .collect(),
        Role::Analyst => (0..ANALYSTS).map(|a| person(Weight::Steady, DSS, analyst(a), Vec::new())).collect(),
        _ => Vec::new(),
    }
}
