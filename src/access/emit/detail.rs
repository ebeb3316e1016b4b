//! A protective detail, and what hangs on it.

use super::{Emission, Emitter, FOREVER};
use crate::access::{
    ground::Ground,
    key::Key,
    marking::Tlp,
    tier::{Tier, Tiers},
};

/// Somebody who is on a detail, and for how long that opens what the detail is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assigned {
    /// The person's id.
    pub person: String,
    /// Whether they are of DSS. Who is not is a guest: in the audience of what they are on, and of nothing else.
    pub of_service: bool,
    /// First instant.
    pub from: String,
    /// First instant after.
    pub until: String,
    /// First instant at which they are not on it any more.
    pub ends: String,
}

/// Hours before an assignment from which it opens its detail.
pub const HOURS_BEFORE: i64 = 168;
/// Hours after it until which it does.
pub const HOURS_AFTER: i64 = 72;

/// What of a detail decides who may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailFacts {
    /// The mission whose visit it protects, if it protects one.
    pub mission: Option<String>,
    /// Who is on it.
    pub assigned: Vec<Assigned>,
    /// Who leads it, while it stands: they answer for it, and say who is on it.
    pub leader: Option<String>,
}

/// Which keys open a detail, beside INTERNAL.
pub fn detail(facts: &DetailFacts) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    if let Some(mission) = &facts.mission {
        emitter.open(&Key::Mission(mission.clone()), Ground::Own);
    }
    emitter.on_detail(&facts.assigned);
    if let Some(leader) = &facts.leader {
        emitter.open(&Key::Person(leader.clone()), Ground::Leads);
    }
    emitter.finish()
}

/// Which keys open an assignment or a shift: DSS's, and those of who is on the detail.
pub fn of_detail(assigned: &[Assigned]) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    emitter.bounded(&Key::Dss, Ground::Audience, Tiers::of(Tier::P), FOREVER, Tlp::Red);
    emitter.guests(assigned, Tier::P);
    emitter.finish()
}

impl Emitter {
    /// A ground of everybody who is on a detail, in the window of each.
    pub(super) fn assigned(&mut self, assigned: &[Assigned], ground: Ground) {
        for one in assigned {
            self.windowed(
                &Key::Person(one.person.clone()),
                ground,
                Tiers::ALL,
                (&one.from, &one.until),
                ground.survives(),
            );
        }
    }

    /// The grounds of everybody who is on a detail: what it protects opens to them for a while longer than it is theirs to change.
    pub(super) fn on_detail(&mut self, assigned: &[Assigned]) {
        self.assigned(assigned, Ground::Assigned);
        let ground = Ground::OnDetail;
        for one in assigned {
            let window = (one.from.as_str(), one.ends.as_str());
            self.windowed(&Key::Person(one.person.clone()), ground, Tiers::ALL, window, ground.survives());
        }
    }

    /// The audience of those on a detail who are not of DSS.
    pub(super) fn guests(&mut self, assigned: &[Assigned], needs: Tier) {
        for one in assigned.iter().filter(|one| !one.of_service) {
            let window = (one.from.as_str(), one.until.as_str());
            self.windowed(&Key::Person(one.person.clone()), Ground::Audience, Tiers::of(needs), window, Tlp::Red);
        }
    }
}
