//! A visit, and what hangs on it.

use super::{Assigned, Emission, Emitter, FOREVER};
use crate::access::{
    area,
    ground::Ground,
    key::Key,
    marking::Tlp,
    tier::{Tier, Tiers},
};

/// What of a visit decides who may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitFacts {
    /// The mission that announced it.
    pub mission: String,
    /// That mission's sending state, as it is now.
    pub sending_state: Option<String>,
    /// Whether it was ever accepted: before, nobody outside has anything to protect.
    pub accepted: bool,
    /// What is known of the places of its legs.
    pub places: Vec<String>,
    /// Who is on its detail.
    pub assigned: Vec<Assigned>,
}

/// What of a leg, or of a venue, decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopFacts {
    /// The mission that announced the visit.
    pub mission: String,
    /// What is known of its place; of a venue, of the legs that go there: where none goes nobody protects anything.
    pub places: Vec<String>,
    /// Who is on the visit's detail.
    pub assigned: Vec<Assigned>,
}

/// What of anything else that hangs on a visit decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFacts {
    /// The mission that announced the visit.
    pub mission: String,
    /// Who is on the visit's detail.
    pub assigned: Vec<Assigned>,
}

/// Which keys open a visit, beside INTERNAL.
pub fn visit(facts: &VisitFacts) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    emitter.open(&Key::Mission(facts.mission.clone()), Ground::Own);
    emitter.open(&Key::Portfolio(facts.mission.clone()), Ground::Portfolio);
    if let Some(state) = &facts.sending_state {
        emitter.open(&Key::SendingState(state.clone()), Ground::State);
        emitter.open(&Key::HostState(state.clone()), Ground::HostState);
    }
    for area in facts.places.iter().filter(|_| facts.accepted).flat_map(|place| area::areas_containing(place)) {
        emitter.open(&Key::Area(area), Ground::Venue);
    }
    emitter.on_detail(&facts.assigned);
    emitter.finish()
}

/// Which keys open a leg or a venue: the mission's own, DSS's, and those of the areas that its place certainly lies in.
/// Of these none opens it where the visit itself is closed to them.
pub fn stop(facts: &StopFacts) -> Vec<Emission> {
    let areas = facts.places.iter().flat_map(|place| area::areas_containing(place)).map(Key::Area);
    audience(Tier::P, areas.chain([Key::Mission(facts.mission.clone())]), &facts.assigned)
}

/// Which keys open a delegate, a courtesy of the port or a notice of a weapon: the mission's own, and DSS's.
pub fn part(facts: &PartFacts) -> Vec<Emission> {
    audience(Tier::P, [Key::Mission(facts.mission.clone())], &facts.assigned)
}

/// Which keys open a conflict, or what was found in advance of a leg: DSS's and those of who is on the detail, where what is
/// sensitive of the visit is read.
pub fn sensitive(assigned: &[Assigned]) -> Vec<Emission> {
    audience(Tier::S, [], assigned)
}

fn audience(needs: Tier, keys: impl IntoIterator<Item = Key>, assigned: &[Assigned]) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    for key in keys.into_iter().chain([Key::Dss]) {
        emitter.bounded(&key, Ground::Audience, Tiers::of(needs), FOREVER, Tlp::Red);
    }
    emitter.guests(assigned, needs);
    emitter.finish()
}
