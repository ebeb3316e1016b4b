//! Who asks. Several askers stand for a role where standing makes a difference.

use chancery::access::Role;

/// One who asks.
#[derive(Debug)]
pub struct Asker {
    /// The name, by which expectations speak of it; the subject of its person.
    pub name: &'static str,
    /// Its agency.
    pub agency: &'static str,
    /// Its role.
    pub role: Role,
    /// For the reader of the page.
    pub description: &'static str,
}

const fn asker(name: &'static str, agency: &'static str, role: Role, description: &'static str) -> Asker {
    Asker { name, agency, role, description }
}

/// All of them.
#[rustfmt::skip]
pub const CAST: &[Asker] = &[
    asker("embassy",      "embassy",      Role::MissionOfficer, "of the French embassy's agency, registered for the embassy and state-wide"),
    asker("consulate",    "consulate",    Role::MissionOfficer, "of the French consulate's agency, registered for the consulate only"),
    asker("organisation", "organisation", Role::MissionOfficer, "of an international organisation, registered for it; its agency has no state, but the state-wide mark"),
    asker("manhattan",    "manhattan",    Role::LawEnforcement, "of a city's police; confirmed: New York County (36061); proposed only: Harris County (48201)"),
    asker("newyork",      "newyork",      Role::LawEnforcement, "of a city's police; confirmed: each of the five boroughs of New York City"),
    asker("statepolice",  "statepolice",  Role::LawEnforcement, "of a state's police; confirmed: US-NY"),
    asker("federal",      "federal",      Role::LawEnforcement, "of a federal agency; confirmed: US-DC"),
    asker("national",     "national",     Role::LawEnforcement, "of a federal agency; confirmed: the United States"),
    asker("analyst",      "dss",          Role::Analyst, "of the Diplomatic Security Service"),
    asker("officer",      "dss",          Role::LiaisonOfficer, "has the French embassy in the portfolio; the turn on watch ended this instant"),
    asker("watch",        "dss",          Role::LiaisonOfficer, "has no portfolio; on watch since this instant"),
    asker("agent",        "dss",          Role::DetailAgent, "of the Diplomatic Security Service"),
    asker("rso",          "dss",          Role::RegionalSecurityOfficer, "of the post in Paris; the host state is France"),
    asker("registrar",    "dss",          Role::Administrator, "of the Diplomatic Security Service"),
    asker("chief",        "manhattan",    Role::Administrator, "of the police of New York County"),
    asker("attache",      "embassy",      Role::Administrator, "of the French embassy's agency"),
    asker("auditor",      "dss",          Role::Auditor, "of the Diplomatic Security Service"),
];

/// Names for several askers at once.
#[rustfmt::skip]
const GROUPS: &[(&str, &[&str])] = &[
    ("missions", &["embassy", "consulate", "organisation"]),
    ("police",   &["manhattan", "newyork", "statepolice", "federal", "national"]),
    ("liaison",  &["officer", "watch"]),
];

/// The askers a name stands for.
pub fn named(name: &str) -> Vec<&'static str> {
    if let Some((_, members)) = GROUPS.iter().find(|(group, _)| *group == name) {
        return members.to_vec();
    }
    let one = CAST.iter().find(|asker| asker.name == name);
    vec![one.unwrap_or_else(|| panic!("an expectation speaks of \"{name}\", who does not ask")).name]
}

/// The asker of a name.
pub fn by_name(name: &str) -> &'static Asker {
    CAST.iter().find(|asker| asker.name == name).expect("an asker")
}
