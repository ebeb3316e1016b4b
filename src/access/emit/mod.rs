//! `emit(row)`: pure, per type, which keys open a row, on which ground, how deep at most, and when.
//!
//! Markings, status and severity act *here*, by withholding or capping. What comes out is stored in the visibility
//! table in the transaction that changes the row; `chancery access rebuild` makes it anew and `verify` compares.

use super::{
    ground::Ground,
    key::Key,
    marking::{Circle, Tlp},
    tier::Tiers,
};

mod advisory;
mod child;
mod concern;
mod detail;
mod directory;
mod mission;
mod post;
mod visit;

pub use advisory::{AcknowledgementFacts, Addressee, AdvisoryFacts, Seat, acknowledgement, advisory};
pub use child::{
    EntryAudience, EntryFacts, EvidenceFacts, ReferralFacts, ShareFacts, entry, evidence, referral, share,
};
pub use concern::{ConcernFacts, ReferralStatus, Referred, Severity, Shared, To, concern};
pub use detail::{Assigned, DetailFacts, HOURS_AFTER, HOURS_BEFORE, detail, of_detail};
pub use directory::{LiaisonFacts, PersonFacts, agency, liaison, person};
pub use mission::{
    MissionChangeFacts, MissionFacts, PremisesFacts, Via, leads, mission, mission_change, premises, security_contact,
    via, way_of,
};
pub use post::{IncidentFacts, incident, of_post, post};
pub use visit::{PartFacts, StopFacts, VisitFacts, part, sensitive, stop, visit};

/// The start of a window without a start: before every instant (canonical text).
pub const ALWAYS: &str = "";
/// The end of a window without an end: after every instant. Nearly all windows have neither, and each line of the
/// visibility table stands in three indexes: so both are as short as can be.
pub const FOREVER: &str = "~";

/// One row of the visibility table, less the row and the type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emission {
    /// The key, with its circle.
    pub key: String,
    /// Why.
    pub ground: Ground,
    /// At most these tiers. For a child: the tiers of which its parent must show one.
    pub cap: Tiers,
    /// First instant.
    pub from: String,
    /// First instant after.
    pub until: String,
    /// The highest marking this survives: a child marked above it is not open by it.
    pub tlp_max: Tlp,
}

/// Collects emissions for one row under its marking.
#[derive(Debug)]
struct Emitter {
    tlp: Tlp,
    circles: Vec<Circle>,
    out: Vec<Emission>,
}

impl Emitter {
    /// For a type that carries no marking.
    fn unmarked() -> Self {
        Self { tlp: Tlp::Clear, circles: vec![Circle::Any], out: Vec::new() }
    }

    /// A ground without bounds of its own.
    fn open(&mut self, key: &Key, ground: Ground) {
        self.bounded(key, ground, Tiers::ALL, FOREVER, ground.survives());
    }

    /// A ground with a cap, an end and a marking it survives; withheld when the row's marking exceeds that.
    fn bounded(&mut self, key: &Key, ground: Ground, cap: Tiers, until: &str, survives: Tlp) {
        self.windowed(key, ground, cap, (ALWAYS, until), survives);
    }

    /// Likewise, with a start.
    fn windowed(&mut self, key: &Key, ground: Ground, cap: Tiers, (from, until): (&str, &str), survives: Tlp) {
        if self.tlp > survives || cap.is_empty() {
            return;
        }
        for circle in &self.circles {
            self.out.push(Emission {
                key: key.within(circle),
                ground,
                cap,
                from: from.to_owned(),
                until: until.to_owned(),
                tlp_max: survives,
            });
        }
    }

    /// The emissions, in order and without repetition.
    fn finish(mut self) -> Vec<Emission> {
        self.out.sort_unstable();
        self.out.dedup();
        self.out
    }
}
