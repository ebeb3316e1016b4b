//! A United States mission abroad, and what hangs on it.

use super::{Emission, Emitter, FOREVER};
use crate::access::{
    ground::Ground,
    key::Key,
    kind::Kind,
    marking::Tlp,
    tier::{Tier, Tiers},
};

/// What of an incident decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFacts {
    /// The post.
    pub post: String,
    /// Whether it happened where people live.
    pub at_home: bool,
    /// Who reported it.
    pub reporter: String,
    /// TLP marking.
    pub tlp: Tlp,
}

/// Which keys open a post, beside INTERNAL: those of who is posted to it. Neither its country nor the post it
/// belongs to opens it: an officer in a consulate is not the embassy's.
pub fn post(id: &str) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    emitter.open(&Key::Post(id.to_owned()), Ground::Post);
    emitter.finish()
}

/// Which keys open what hangs on a post or on an incident: DSS's, where the post, or the incident, is read so deep.
pub fn of_post(kind: Kind) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    emitter.bounded(&Key::Dss, Ground::Audience, Tiers::of(kind.shown_by()), FOREVER, Tlp::Red);
    emitter.finish()
}

/// Which keys open an incident. Of one where people live, headquarters is told that it happened: as of a residence, the rest
/// is for the post.
pub fn incident(facts: &IncidentFacts) -> Vec<Emission> {
    let mut emitter = Emitter { tlp: facts.tlp, ..Emitter::unmarked() };
    let told = if facts.at_home { Tiers::of(Tier::D) } else { Tiers::ALL };
    emitter.bounded(&Key::Dss, Ground::Internal, told, FOREVER, Ground::Internal.survives());
    emitter.open(&Key::Post(facts.post.clone()), Ground::Post);
    emitter.open(&Key::Person(facts.reporter.clone()), Ground::Reporter);
    emitter.finish()
}
