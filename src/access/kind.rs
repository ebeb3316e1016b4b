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
    /// An event of the audit trail.
    AuditEvent,
}

impl Kind {
    /// Every type, in the order of the table.
    pub const ALL: [Self; 17] = [
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
        }
    }

    /// The tier without which no row of the type is shown: D, and for a child what its parent must show.
    pub const fn shown_by(self) -> Tier {
        match self {
            Self::Entry | Self::Acknowledgement => Tier::C,
            Self::Referral => Tier::S,
            Self::Share | Self::Evidence | Self::MissionChange => Tier::P,
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
            _ => None,
        }
    }
}
