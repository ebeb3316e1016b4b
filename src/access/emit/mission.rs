//! A mission, its premises and its security contacts.

use super::{Assigned, Emission, Emitter, FOREVER};
use crate::access::{
    area,
    ground::Ground,
    key::Key,
    kind::Kind,
    marking::Tlp,
    tier::{Tier, Tiers},
};

/// What of a mission decides who may see it, its premises and its contacts beyond the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissionFacts {
    /// The mission's id.
    pub mission: String,
    /// Its sending state.
    pub sending_state: Option<String>,
    /// What is known of the place of its seat.
    pub place: Option<String>,
    /// Reached by concerns about it: what [`via`] makes of each concern's emissions.
    pub via: Vec<Via>,
    /// Who is on the details of its visits.
    pub visited: Vec<Assigned>,
}

/// What of a proposed change of a mission decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissionChangeFacts {
    /// The mission's id.
    pub mission: String,
}

/// Premises of a mission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PremisesFacts {
    /// A head of mission's or a staff member's residence.
    pub residence: bool,
}

impl PremisesFacts {
    /// Reads a stored PremisesKind; one that cannot be read counts as a residence: it opens the least.
    pub fn of_row(kind: &str) -> Self {
        Self { residence: !matches!(kind, "CHANCERY" | "ANNEX" | "CONSULAR" | "OTHER") }
    }
}

/// A way to a mission through a concern that was shared or referred.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Via {
    /// The key of the share or the referral, with its circle.
    pub key: String,
    /// Whether the concern was referred (opens contacts) or only shared (opens the directory).
    pub referred: bool,
    /// First instant.
    pub from: String,
    /// First instant after.
    pub until: String,
}

/// Whether a concern's line of a ground leads to its mission, and if so, whether as a referral does.
pub fn leads(ground: Ground) -> Option<bool> {
    match ground {
        Ground::Referred => Some(true),
        Ground::Shared => Some(false),
        _ => None,
    }
}

/// The way by which a mission has a line: what [`mission`] made it of. None for a line of another ground.
pub fn way_of(line: &Emission) -> Option<Via> {
    (line.ground == Ground::ViaConcern).then(|| Via {
        key: line.key.clone(),
        referred: line.cap.has(Tier::C),
        from: line.from.clone(),
        until: line.until.clone(),
    })
}

/// The ways to the mission that a concern's emissions open: as the share or the referral holds, so does the way.
/// Of several ways with one key, the longest-lived is kept.
pub fn via<'a>(concerns: impl IntoIterator<Item = &'a Emission>) -> Vec<Via> {
    let mut ways: Vec<Via> = concerns
        .into_iter()
        .filter_map(|emission| {
            Some(Via {
                key: emission.key.clone(),
                referred: leads(emission.ground)?,
                from: emission.from.clone(),
                until: emission.until.clone(),
            })
        })
        .collect();
    // All start at once (`ALWAYS`), so the last end covers the others.
    ways.sort_unstable_by(|a, b| {
        (&a.key, a.referred, &a.from).cmp(&(&b.key, b.referred, &b.from)).then(b.until.cmp(&a.until))
    });
    ways.dedup_by(|later, kept| later.key == kept.key && later.referred == kept.referred && later.from == kept.from);
    ways
}

/// Which keys open a mission, beside EVERYONE and INTERNAL.
pub fn mission(facts: &MissionFacts) -> Vec<Emission> {
    let mut emitter = belongs(facts);
    elsewhere(&mut emitter, facts);
    reached(&mut emitter, facts, Tiers::D);
    emitter.finish()
}

/// Which keys open a security contact, beside INTERNAL. A share alone does not reach it.
pub fn security_contact(facts: &MissionFacts) -> Vec<Emission> {
    let mut emitter = belongs(facts);
    elsewhere(&mut emitter, facts);
    reached(&mut emitter, facts, Tiers::NONE);
    emitter.finish()
}

/// Which keys open premises. A residence is open to its own mission and to the officer responsible, and to nobody
/// else: not even to the rest of DSS.
pub fn premises(facts: &MissionFacts, premises: &PremisesFacts) -> Vec<Emission> {
    let mut emitter = belongs(facts);
    if !premises.residence {
        emitter.open(&Key::Everyone, Ground::Everyone);
        emitter.open(&Key::Dss, Ground::Internal);
        elsewhere(&mut emitter, facts);
        reached(&mut emitter, facts, Tiers::D);
    }
    emitter.finish()
}

/// Which keys open a proposed change: the mission's own and DSS's, each where it reads what of the mission is protected.
pub fn mission_change(facts: &MissionChangeFacts) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    let needs = Tiers::of(Kind::MissionChange.shown_by());
    for key in [Key::Mission(facts.mission.clone()), Key::Dss] {
        emitter.bounded(&key, Ground::Audience, needs, FOREVER, Tlp::Red);
    }
    emitter.finish()
}

/// To whom the row belongs and who is responsible for it.
fn belongs(facts: &MissionFacts) -> Emitter {
    let mut emitter = Emitter::unmarked();
    emitter.open(&Key::Mission(facts.mission.clone()), Ground::Own);
    emitter.open(&Key::Portfolio(facts.mission.clone()), Ground::Portfolio);
    emitter
}

/// Same state, same place, the post in the sending state.
fn elsewhere(emitter: &mut Emitter, facts: &MissionFacts) {
    if let Some(state) = &facts.sending_state {
        emitter.open(&Key::SendingState(state.clone()), Ground::State);
        emitter.open(&Key::HostState(state.clone()), Ground::HostState);
    }
    for area in facts.place.iter().flat_map(|place| area::areas_containing(place)) {
        emitter.open(&Key::Area(area), Ground::Jurisdiction);
    }
}

/// By visits; and by concerns: directory and contact when referred, `shared` when only shared.
fn reached(emitter: &mut Emitter, facts: &MissionFacts, shared: Tiers) {
    emitter.assigned(&facts.visited, Ground::ViaVisit);
    for way in &facts.via {
        let cap = if way.referred { Tiers::of(Tier::D) | Tiers::of(Tier::C) } else { shared };
        if !cap.is_empty() {
            emitter.out.push(Emission {
                key: way.key.clone(),
                ground: Ground::ViaConcern,
                cap,
                from: way.from.clone(),
                until: way.until.clone(),
                tlp_max: Ground::ViaConcern.survives(),
            });
        }
    }
}
