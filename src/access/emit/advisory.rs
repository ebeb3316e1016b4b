//! An advisory: to whom it is addressed; and who has said that they have it.

use super::{Emission, Emitter, FOREVER};
use crate::access::{
    area,
    ground::Ground,
    key::Key,
    marking::Tlp,
    role::AgencyKind,
    tier::{Tier, Tiers},
};

/// To whom an advisory is addressed. Of several each is addressed by itself: who is meant by one of them is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    /// `AREA:`: law enforcement whose areas hold it or lie in it, and missions whose seat lies in it.
    Area(String),
    /// `LAW_ENFORCEMENT`: all of it.
    LawEnforcement,
    /// `MISSIONS`: all missions.
    Missions,
    /// `MISSION_TYPE:`: missions of the type.
    MissionType(String),
    /// `SENDING_STATE:`: the missions of the state, by its id.
    SendingState(String),
}

impl Addressee {
    /// As a row holds it.
    pub fn stored(&self) -> String {
        match self {
            Self::Area(area) => format!("AREA:{area}"),
            Self::LawEnforcement => "LAW_ENFORCEMENT".to_owned(),
            Self::Missions => "MISSIONS".to_owned(),
            Self::MissionType(kind) => format!("MISSION_TYPE:{kind}"),
            Self::SendingState(id) => format!("SENDING_STATE:{id}"),
        }
    }

    /// Reads what a row holds; one that cannot be read is nobody.
    pub fn of_row(stored: &str) -> Option<Self> {
        match stored.split_once(':') {
            None if stored == "MISSIONS" => Some(Self::Missions),
            None if stored == "LAW_ENFORCEMENT" => Some(Self::LawEnforcement),
            Some(("AREA", area)) if area::is_area(area) => Some(Self::Area(area.to_owned())),
            Some(("MISSION_TYPE", kind)) => Some(Self::MissionType(kind.to_owned())),
            Some(("SENDING_STATE", id)) => Some(Self::SendingState(id.to_owned())),
            _ => None,
        }
    }

    /// Whether a mission is meant for what it is. (All missions are meant by what they are registered as.)
    pub fn means(&self, seat: &Seat) -> bool {
        match self {
            Self::Area(area) => seat.place.iter().any(|place| area::areas_containing(place).contains(area)),
            Self::MissionType(kind) => seat.kind == *kind,
            Self::SendingState(id) => seat.sending_state.as_ref() == Some(id),
            Self::LawEnforcement | Self::Missions => false,
        }
    }
}

/// What of a mission decides whether an advisory is addressed to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The mission's id.
    pub mission: String,
    /// MissionType.
    pub kind: String,
    /// Its sending state.
    pub sending_state: Option<String>,
    /// What is known of the place of its seat.
    pub place: Option<String>,
}

/// What of an advisory decides who may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdvisoryFacts {
    /// To whom it is addressed. Nobody is nobody.
    pub addressees: Vec<Addressee>,
    /// The missions that one of them means.
    pub missions: Vec<String>,
}

/// What of an acknowledgement decides who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcknowledgementFacts {
    /// Whose it is.
    pub agency: String,
}

/// Which keys open an advisory, beside INTERNAL. What has expired stays open: it is no secret that was kept for a time
/// but a warning that no longer holds, and who received it can still read what they acted upon.
pub fn advisory(facts: &AdvisoryFacts) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    let mut open = |key: Key| emitter.open(&key, Ground::Audience);
    for addressee in &facts.addressees {
        match addressee {
            Addressee::Area(area) => {
                area::areas_containing(area).into_iter().map(Key::Area).for_each(&mut open);
                open(Key::Within(area.clone()));
            }
            Addressee::LawEnforcement => open(Key::Kind(AgencyKind::LawEnforcement)),
            Addressee::Missions => open(Key::Kind(AgencyKind::Mission)),
            // Beside its missions, each by itself: who is registered for the whole state.
            Addressee::SendingState(id) => open(Key::SendingState(id.clone())),
            Addressee::MissionType(_) => {}
        }
    }
    facts.missions.iter().cloned().map(Key::Mission).for_each(open);
    emitter.finish()
}

/// Which keys open an acknowledgement: the agency's own where the advisory is read, DSS's where it reads what is
/// internal. No agency sees another's.
pub fn acknowledgement(facts: &AcknowledgementFacts) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    for (key, needs) in [(Key::Agency(facts.agency.clone()), Tier::C), (Key::Dss, Tier::I)] {
        emitter.bounded(&key, Ground::Audience, Tiers::of(needs), FOREVER, Tlp::Red);
    }
    emitter.finish()
}
