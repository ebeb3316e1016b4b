//! A concern: belongs to the mission that raised it, is about a mission, and goes where it is shared or referred.

use super::{Assigned, Emission, Emitter, FOREVER};
use crate::access::{
    area,
    ground::Ground,
    key::Key,
    marking::{Cui, Tlp},
    tier::{Tier, Tiers},
};

/// How bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// LOW.
    Low,
    /// MEDIUM.
    Medium,
    /// HIGH.
    High,
    /// CRITICAL.
    Critical,
}

impl Severity {
    /// Reads a stored severity; one that cannot be read counts as LOW: it opens the least.
    pub fn of_row(stored: &str) -> Self {
        match stored {
            "CRITICAL" => Self::Critical,
            "HIGH" => Self::High,
            "MEDIUM" => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// How an offered concern stands with the agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferralStatus {
    /// OFFERED, ACCEPTED or DONE.
    Live,
    /// DECLINED: opens nothing.
    Declined,
}

impl ReferralStatus {
    /// Reads a stored status; one that cannot be read opens nothing.
    pub fn of_row(stored: &str) -> Self {
        match stored {
            "OFFERED" | "ACCEPTED" | "DONE" => Self::Live,
            _ => Self::Declined,
        }
    }
}

/// A referral of the concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referred {
    /// The agency's id.
    pub agency: String,
    /// How it stands.
    pub status: ReferralStatus,
}

/// Whom a share is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Every enrolled person of an agency.
    Agency(String),
    /// One person.
    Person(String),
}

/// A share of the concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Whom it is for.
    pub to: To,
    /// The tiers it opens at most. D is always among them when any is.
    pub tier_cap: Tiers,
    /// It sleeps while the marking is above this.
    pub tlp_cap: Tlp,
    /// When it ends, if it does.
    pub expires_at: Option<String>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What of a concern decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernFacts {
    /// The mission it is about.
    pub mission: String,
    /// The mission that raised it, if a mission did.
    pub origin_mission: Option<String>,
    /// The sending state of the mission that raised it.
    pub origin_state: Option<String>,
    /// Who raised it.
    pub reporter: Option<String>,
    /// To whom it is assigned.
    pub owner: Option<String>,
    /// How bad.
    pub severity: Severity,
    /// TLP marking.
    pub tlp: Tlp,
    /// CUI controls.
    pub cui: Cui,
    /// What is known of the place: of the incident, else of the mission.
    pub place: Option<String>,
    /// Its shares.
    pub shares: Vec<Shared>,
    /// Its referrals.
    pub referrals: Vec<Referred>,
    /// Who is on the detail of the visit that it has to do with.
    pub visited: Vec<Assigned>,
}

/// Which keys open a concern.
pub fn concern(facts: &ConcernFacts) -> Vec<Emission> {
    let mut emitter = Emitter { tlp: facts.tlp, circles: facts.cui.circles(), out: Vec::new() };
    emitter.open(&Key::Dss, Ground::Internal);
    if let Some(mission) = &facts.origin_mission {
        emitter.open(&Key::Mission(mission.clone()), Ground::Own);
    }
    if let Some(state) = &facts.origin_state {
        emitter.open(&Key::SendingState(state.clone()), Ground::State);
    }
    emitter.open(&Key::Portfolio(facts.mission.clone()), Ground::Portfolio);
    if let Some(reporter) = &facts.reporter {
        emitter.open(&Key::Person(reporter.clone()), Ground::Reporter);
    }
    match &facts.owner {
        Some(owner) => emitter.open(&Key::Person(owner.clone()), Ground::Owner),
        None => emitter.open(&Key::Watch, Ground::Watch),
    }
    if facts.severity >= Severity::High {
        for area in facts.place.iter().flat_map(|place| area::areas_containing(place)) {
            emitter.open(&Key::Area(area), Ground::Jurisdiction);
        }
    }
    for share in &facts.shares {
        emit_share(&mut emitter, share);
    }
    for referral in facts.referrals.iter().filter(|referral| referral.status == ReferralStatus::Live) {
        emitter.open(&Key::Agency(referral.agency.clone()), Ground::Referred);
    }
    emitter.assigned(&facts.visited, Ground::ViaVisit);
    emitter.finish()
}

/// A share opens D and what its cap adds; RED goes to one person only, never to an agency.
fn emit_share(emitter: &mut Emitter, share: &Shared) {
    if share.revoked || share.tier_cap.is_empty() {
        return;
    }
    let (key, survives) = match &share.to {
        To::Agency(agency) => (Key::Agency(agency.clone()), share.tlp_cap.min(Tlp::AmberStrict)),
        To::Person(person) => (Key::Person(person.clone()), share.tlp_cap),
    };
    let until = share.expires_at.as_deref().unwrap_or(FOREVER);
    emitter.bounded(&key, Ground::Shared, share.tier_cap | Tiers::of(Tier::D), until, survives);
}
