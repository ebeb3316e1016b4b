//! Agencies, persons and liaisons.

use super::{Assigned, Emission, Emitter};
use crate::access::{ground::Ground, key::Key};

/// What of a person decides who may see the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFacts {
    /// The agency's id.
    pub agency: String,
}

/// What of a liaison decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiaisonFacts {
    /// The agency's id.
    pub agency: String,
    /// The missions it serves.
    pub missions: Vec<String>,
    /// Who is on the details of those missions' visits.
    pub visited: Vec<Assigned>,
}

/// Which keys open an agency, beside EVERYONE and INTERNAL.
pub fn agency(id: &str) -> Vec<Emission> {
    of_agency(id).finish()
}

/// Which keys open a person, beside INTERNAL.
pub fn person(facts: &PersonFacts) -> Vec<Emission> {
    of_agency(&facts.agency).finish()
}

/// Which keys open a liaison, beside EVERYONE and INTERNAL.
pub fn liaison(facts: &LiaisonFacts) -> Vec<Emission> {
    let mut emitter = of_agency(&facts.agency);
    for mission in &facts.missions {
        emitter.open(&Key::Mission(mission.clone()), Ground::ServesMe);
    }
    emitter.assigned(&facts.visited, Ground::ViaVisit);
    emitter.finish()
}

fn of_agency(agency: &str) -> Emitter {
    let mut emitter = Emitter::unmarked();
    emitter.open(&Key::Agency(agency.to_owned()), Ground::OwnAgency);
    emitter
}
