//! In what capacity a principal asks.

use std::{fmt, str::FromStr};

/// One of eight capacities. A token names exactly one, within what the agency and the person were granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A security official of a foreign mission.
    MissionOfficer,
    /// An officer or a machine of a partner law enforcement agency.
    LawEnforcement,
    /// A DSS analyst.
    Analyst,
    /// A DSS protective liaison officer.
    LiaisonOfficer,
    /// A DSS agent on a protective detail.
    DetailAgent,
    /// A DSS regional security officer at a post abroad.
    RegionalSecurityOfficer,
    /// Who keeps the registry; sees no content.
    Administrator,
    /// Who reads the audit trail; sees nothing else.
    Auditor,
}

impl Role {
    /// Every role, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::MissionOfficer,
        Self::LawEnforcement,
        Self::Analyst,
        Self::LiaisonOfficer,
        Self::DetailAgent,
        Self::RegionalSecurityOfficer,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The public name, as in a token's `role` claim.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissionOfficer => "MISSION_OFFICER",
            Self::LawEnforcement => "LAW_ENFORCEMENT",
            Self::Analyst => "ANALYST",
            Self::LiaisonOfficer => "LIAISON_OFFICER",
            Self::DetailAgent => "DETAIL_AGENT",
            Self::RegionalSecurityOfficer => "REGIONAL_SECURITY_OFFICER",
            Self::Administrator => "ADMINISTRATOR",
            Self::Auditor => "AUDITOR",
        }
    }

    /// One sentence for a reader who is not a programmer.
    pub const fn description(self) -> &'static str {
        match self {
            Self::MissionOfficer => "A security official of a foreign mission, through the portal.",
            Self::LawEnforcement => "An officer or a machine of a partner law enforcement agency.",
            Self::Analyst => "A Diplomatic Security Service analyst.",
            Self::LiaisonOfficer => "A Diplomatic Security Service protective liaison officer.",
            Self::DetailAgent => "A Diplomatic Security Service agent on a protective detail.",
            Self::RegionalSecurityOfficer => "A regional security officer at a US post abroad.",
            Self::Administrator => "Keeps the registry of agencies and persons; sees no content.",
            Self::Auditor => "Reads the audit trail; sees nothing else.",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or(())
    }
}

/// What an agency is. Decides which roles its ceiling may hold at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgencyKind {
    /// A foreign mission or a group of them.
    Mission,
    /// A federal, state or local law enforcement agency.
    LawEnforcement,
    /// The Diplomatic Security Service.
    DiplomaticSecurity,
}

impl AgencyKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Mission, Self::LawEnforcement, Self::DiplomaticSecurity];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mission => "MISSION",
            Self::LawEnforcement => "LAW_ENFORCEMENT",
            Self::DiplomaticSecurity => "DIPLOMATIC_SECURITY",
        }
    }

    /// The roles that an agency of this kind may ever grant: a registry entry that says more is refused, and
    /// a role outside this list is void whatever the registry says.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Mission => &[Role::MissionOfficer, Role::Administrator],
            Self::LawEnforcement => &[Role::LawEnforcement, Role::Administrator],
            Self::DiplomaticSecurity => &[
                Role::Analyst,
                Role::LiaisonOfficer,
                Role::DetailAgent,
                Role::RegionalSecurityOfficer,
                Role::Administrator,
                Role::Auditor,
            ],
        }
    }
}

impl FromStr for AgencyKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}
