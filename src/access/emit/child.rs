//! Children of a concern: as their parent is, to their own audience.
//!
//! A child is visible where its parent shows the tier that the child needs *and* the principal is in the child's
//! audience. The emission's cap is that needed tier; the parent's marking, shares and windows act on the parent.

use super::{Emission, Emitter, FOREVER, To};
use crate::access::{
    ground::Ground,
    key::Key,
    kind::Kind,
    marking::Tlp,
    tier::{Tier, Tiers},
};

/// For whom an entry was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryAudience {
    /// DSS, where it may read what is internal.
    Internal,
    /// The mission that raised the concern (one that was released to it by a share counts: the mission the concern
    /// is about), and DSS.
    Mission(String),
    /// The named agencies, each without the other, and DSS.
    Agencies(Vec<String>),
}

impl EntryAudience {
    /// Reads a stored audience, with the mission and the agencies it would be for; one that cannot be read is
    /// internal.
    pub fn of_row(stored: &str, mission: Option<String>, agencies: Vec<String>) -> Self {
        match (stored, mission) {
            ("MISSION", Some(mission)) => Self::Mission(mission),
            ("AGENCIES", _) => Self::Agencies(agencies),
            _ => Self::Internal,
        }
    }
}

/// What of an entry decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFacts {
    /// For whom it was written.
    pub audience: EntryAudience,
}

/// What of a piece of evidence decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFacts {
    /// For whom the entry was written by which it was added.
    pub audience: EntryAudience,
}

/// What of a referral decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralFacts {
    /// To whom it was offered.
    pub agency: String,
}

/// What of a share decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareFacts {
    /// Whom it is for.
    pub to: To,
}

/// Which keys open an entry.
pub fn entry(facts: &EntryFacts) -> Vec<Emission> {
    written_for(&facts.audience, Kind::Entry)
}

/// Which keys open a piece of evidence: those of the entry by which it was added, where its concern is read deeper.
pub fn evidence(facts: &EvidenceFacts) -> Vec<Emission> {
    written_for(&facts.audience, Kind::Evidence)
}

fn written_for(whom: &EntryAudience, kind: Kind) -> Vec<Emission> {
    let needs = Tiers::of(kind.shown_by());
    match whom {
        EntryAudience::Internal => audience(Tiers::of(Tier::I), []),
        EntryAudience::Mission(mission) => audience(needs, [Key::Mission(mission.clone())]),
        EntryAudience::Agencies(agencies) => audience(needs, agencies.iter().cloned().map(Key::Agency)),
    }
}

/// Which keys open a referral: the agency's own, and DSS.
pub fn referral(facts: &ReferralFacts) -> Vec<Emission> {
    audience(Tiers::of(Kind::Referral.shown_by()), [Key::Agency(facts.agency.clone())])
}

/// Which keys open a share: whom it is for, and DSS.
pub fn share(facts: &ShareFacts) -> Vec<Emission> {
    let to = match &facts.to {
        To::Agency(agency) => Key::Agency(agency.clone()),
        To::Person(person) => Key::Person(person.clone()),
    };
    audience(Tiers::of(Kind::Share.shown_by()), [to])
}

fn audience(needs: Tiers, keys: impl IntoIterator<Item = Key>) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    for key in keys.into_iter().chain([Key::Dss]) {
        emitter.bounded(&key, Ground::Audience, needs, FOREVER, Tlp::Red);
    }
    emitter.finish()
}
