//! The types of the graph, as the table names them.

use super::tier::Tier;

/// A type whose rows are scoped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A state or organisation that sends missions.
    SendingState,
    /// An enrolled or listed organisation.
    Agency,
    /// An enrolled person or machine.
    Person,
    /// A foreign mission.
    Mission,
    /// Premises of a mission.
    Premises,
    /// A security contact of a mission.
    SecurityContact,
    /// A law enforcement liaison.
    Liaison,
    /// A problem, question or concern.
    Concern,
    /// An entry in a concern's log.
    Entry,
    /// A concern offered to an agency.
    Referral,
    /// A concern shown to an agency or a person.
    Share,
    /// A United States mission abroad.
    Post,
    /// What was handed in about a concern: what it is, its hash, and where it lies.
    Evidence,
    /// A warning to those it is addressed to.
    Advisory,
    /// An agency's word that it has an advisory.
    Acknowledgement,
    /// What a mission says has become of its telephone, its e-mail address or its website.
    MissionChange,
    /// A visit of a dignitary.
    Visit,
    /// Where a visit goes.
    Venue,
    /// What a visit does from one hour to another.
    Leg,
    /// Who comes along on a visit.
    Delegate,
    /// A request to be received at a port of entry, or seen off.
    PortCourtesy,
    /// A notice of a foreign officer's weapon.
    WeaponsNotice,
    /// Where a visit is in the way of another, or cannot be placed.
    VisitConflict,
    /// A protective detail.
    ProtectiveDetail,
    /// That somebody is on a detail.
    Assignment,
    /// A shift of an agent on a detail.
    Shift,
    /// What was found in advance of a leg.
    AdvanceNote,
    /// From when until when somebody serves at a post, as what.
    Tour,
    /// A programme that protects people at a post.
    PostProgramme,
    /// What a review of a programme came to.
    ProgrammeReview,
    /// What is wanting in a programme.
    Finding,
    /// Advice to a chief of mission, and what they decided.
    Advice,
    /// What happened to people of a post, at work or at home.
    Incident,
    /// An entry in an incident's log.
    IncidentEntry,
    /// An event of the audit trail.
    AuditEvent,
}

impl Kind {
    /// Every type, in the order of the table.
    pub const ALL: [Self; 35] = [
        Self::SendingState,
        Self::Agency,
        Self::Person,
        Self::Mission,
        Self::Premises,
        Self::SecurityContact,
        Self::Liaison,
        Self::Concern,
        Self::Entry,
        Self::Referral,
        Self::Share,
        Self::Post,
        Self::Evidence,
        Self::Advisory,
        Self::Acknowledgement,
        Self::MissionChange,
        Self::Visit,
        Self::Venue,
        Self::Leg,
        Self::Delegate,
        Self::PortCourtesy,
        Self::WeaponsNotice,
        Self::VisitConflict,
        Self::ProtectiveDetail,
        Self::Assignment,
        Self::Shift,
        Self::AdvanceNote,
        Self::Tour,
        Self::PostProgramme,
        Self::ProgrammeReview,
        Self::Finding,
        Self::Advice,
        Self::Incident,
        Self::IncidentEntry,
        Self::AuditEvent,
    ];

    /// The GraphQL name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendingState => "SendingState",
            Self::Agency => "Agency",
            Self::Person => "Person",
            Self::Mission => "Mission",
            Self::Premises => "Premises",
            Self::SecurityContact => "SecurityContact",
            Self::Liaison => "Liaison",
            Self::Concern => "Concern",
            Self::Entry => "Entry",
            Self::Referral => "Referral",
            Self::Share => "Share",
            Self::Post => "Post",
            Self::Evidence => "Evidence",
            Self::Advisory => "Advisory",
            Self::Acknowledgement => "Acknowledgement",
            Self::MissionChange => "MissionChange",
            Self::Visit => "Visit",
            Self::Venue => "Venue",
            Self::Leg => "Leg",
            Self::Delegate => "Delegate",
            Self::PortCourtesy => "PortCourtesy",
            Self::WeaponsNotice => "WeaponsNotice",
            Self::VisitConflict => "VisitConflict",
            Self::ProtectiveDetail => "ProtectiveDetail",
            Self::Assignment => "Assignment",
            Self::Shift => "Shift",
            Self::AdvanceNote => "AdvanceNote",
            Self::Tour => "Tour",
            Self::PostProgramme => "PostProgramme",
            Self::ProgrammeReview => "ProgrammeReview",
            Self::Finding => "Finding",
            Self::Advice => "Advice",
            Self::Incident => "Incident",
            Self::IncidentEntry => "IncidentEntry",
            Self::AuditEvent => "AuditEvent",
        }
    }

    /// The code in the visibility table; never reused.
    pub const fn code(self) -> i16 {
        match self {
            Self::SendingState => 1,
            Self::Agency => 2,
            Self::Person => 3,
            Self::Mission => 4,
            Self::Premises => 5,
            Self::SecurityContact => 6,
            Self::Liaison => 7,
            Self::Concern => 8,
            Self::Entry => 9,
            Self::Referral => 10,
            Self::Share => 11,
            Self::Post => 12,
            Self::Evidence => 13,
            Self::Advisory => 14,
            Self::Acknowledgement => 15,
            Self::MissionChange => 16,
            Self::AuditEvent => 17,
            Self::Visit => 18,
            Self::Venue => 19,
            Self::Leg => 20,
            Self::Delegate => 21,
            Self::PortCourtesy => 22,
            Self::WeaponsNotice => 23,
            Self::VisitConflict => 24,
            Self::ProtectiveDetail => 25,
            Self::Assignment => 26,
            Self::Shift => 27,
            Self::AdvanceNote => 28,
            Self::Tour => 29,
            Self::PostProgramme => 30,
            Self::ProgrammeReview => 31,
            Self::Finding => 32,
            Self::Advice => 33,
            Self::Incident => 34,
            Self::IncidentEntry => 35,
        }
    }

    /// The tier without which no row of the type is shown: D, and for a child what its parent must show.
    pub const fn shown_by(self) -> Tier {
        match self {
            Self::Entry | Self::Acknowledgement | Self::Tour | Self::IncidentEntry => Tier::C,
            Self::Referral | Self::VisitConflict | Self::AdvanceNote | Self::Finding | Self::Advice => Tier::S,
            Self::Share
            | Self::Evidence
            | Self::MissionChange
            | Self::Venue
            | Self::Leg
            | Self::Delegate
            | Self::PortCourtesy
            | Self::WeaponsNotice
            | Self::Assignment
            | Self::Shift
            | Self::PostProgramme
            | Self::ProgrammeReview => Tier::P,
            _ => Tier::D,
        }
    }

    /// For a child: the type whose tiers it takes. A child has no line in the table; it is as its parent is, to
    /// its own audience (see [`super::emit`]).
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Entry | Self::Referral | Self::Share | Self::Evidence => Some(Self::Concern),
            Self::Acknowledgement => Some(Self::Advisory),
            Self::MissionChange => Some(Self::Mission),
            Self::Venue
            | Self::Leg
            | Self::Delegate
            | Self::PortCourtesy
            | Self::WeaponsNotice
            | Self::VisitConflict
            | Self::AdvanceNote => Some(Self::Visit),
            Self::Assignment | Self::Shift => Some(Self::ProtectiveDetail),
            Self::Tour | Self::PostProgramme | Self::ProgrammeReview | Self::Finding | Self::Advice => Some(Self::Post),
            Self::IncidentEntry => Some(Self::Incident),
            _ => None,
        }
    }
}
