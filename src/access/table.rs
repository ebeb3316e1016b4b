//! THE TABLE: role × type × ground → tiers, and → commands. What it does not name is denied.
//!
//! Read it by role. `docs/ACCESS.md` prints it, `tests/matrix` shows what it does, and a change here is a change
//! of who may see what: there is no other place. Who may do what stands in `grants`.

use super::{
    command::Command::{self, AcknowledgeConcern},
    ground::Ground::{
        self, Actor, Assigned, Audience, Everyone, HostState, Internal, Jurisdiction, Leads, OnDetail, Own, OwnAgency,
        Owner, Portfolio, Referred, Reporter, ServesMe, Shared, State, ViaConcern, ViaVisit, Watch,
    },
    kind::Kind::{
        self, Advisory, Agency, AuditEvent, Concern, Incident, Liaison, Mission, Person, Post, Premises,
        ProtectiveDetail, SecurityContact, SendingState, Visit,
    },
    role::Role::{
        self, Administrator, Analyst, Auditor, DetailAgent, LawEnforcement, LiaisonOfficer, MissionOfficer,
        RegionalSecurityOfficer,
    },
    tier::Tiers,
};

mod grants;

pub use grants::{GRANTS, Grant};

/// One line: on this ground, a principal in this role sees these tiers of rows of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The capacity.
    pub role: Role,
    /// The type.
    pub kind: Kind,
    /// The reason.
    pub ground: Ground,
    /// What it opens.
    pub tiers: Tiers,
}

const fn rule(role: Role, kind: Kind, ground: Ground, tiers: Tiers) -> Rule {
    Rule { role, kind, ground, tiers }
}

/// The lines, by role.
#[rustfmt::skip]
pub const TABLE: &[Rule] = &[
    // A mission sees the directory, its own in depth, and of its own state's other missions how to reach them.
    rule(MissionOfficer, SendingState,    Everyone,     Tiers::D),
    rule(MissionOfficer, Agency,          Everyone,     Tiers::D),
    rule(MissionOfficer, Mission,         Everyone,     Tiers::D),
    rule(MissionOfficer, Mission,         State,        Tiers::DC),
    rule(MissionOfficer, Mission,         Own,          Tiers::DCP),
    rule(MissionOfficer, Premises,        Everyone,     Tiers::D),
    rule(MissionOfficer, Premises,        State,        Tiers::DC),
    rule(MissionOfficer, Premises,        Own,          Tiers::DCP),
    rule(MissionOfficer, SecurityContact, State,        Tiers::DC),
    rule(MissionOfficer, SecurityContact, Own,          Tiers::DCP),
    rule(MissionOfficer, Liaison,         ServesMe,     Tiers::DC),
    rule(MissionOfficer, Concern,         Own,          Tiers::DCP),
    rule(MissionOfficer, Concern,         Reporter,     Tiers::DCP),
    rule(MissionOfficer, Concern,         State,        Tiers::D),
    rule(MissionOfficer, Concern,         Shared,       Tiers::DC),
    rule(MissionOfficer, Advisory,        Audience,     Tiers::DC),
    rule(MissionOfficer, Visit,           State,        Tiers::D),
    rule(MissionOfficer, Visit,           Own,          Tiers::DCP),
    rule(MissionOfficer, ProtectiveDetail, Own,         Tiers::DC),
    rule(MissionOfficer, AuditEvent,      Actor,        Tiers::DP),

    // A partner sees what lies in its confirmed areas and what was shared with or referred to it.
    rule(LawEnforcement, SendingState,    Everyone,     Tiers::D),
    rule(LawEnforcement, Agency,          Everyone,     Tiers::D),
    rule(LawEnforcement, Agency,          OwnAgency,    Tiers::DC),
    rule(LawEnforcement, Mission,         Jurisdiction, Tiers::DC),
    rule(LawEnforcement, Mission,         ViaConcern,   Tiers::DC),
    rule(LawEnforcement, Premises,        Jurisdiction, Tiers::DC),
    rule(LawEnforcement, Premises,        ViaConcern,   Tiers::DC),
    rule(LawEnforcement, SecurityContact, Jurisdiction, Tiers::DC),
    rule(LawEnforcement, SecurityContact, ViaConcern,   Tiers::DC),
    rule(LawEnforcement, Liaison,         Everyone,     Tiers::DC),
    rule(LawEnforcement, Liaison,         OwnAgency,    Tiers::DCPS),
    rule(LawEnforcement, Concern,         Shared,       Tiers::DCP),
    rule(LawEnforcement, Concern,         Referred,     Tiers::DCPS),
    rule(LawEnforcement, Concern,         Reporter,     Tiers::DCP),
    rule(LawEnforcement, Concern,         Jurisdiction, Tiers::D),
    rule(LawEnforcement, Advisory,        Audience,     Tiers::DC),
    // Of a visit P is nothing but lists, each of rows with an audience of their own: of those it is given its legs and
    // their venues.
    rule(LawEnforcement, Visit,           Ground::Venue, Tiers::DP),
    rule(LawEnforcement, Visit,           Assigned,     Tiers::DCPS),
    rule(LawEnforcement, ProtectiveDetail, Assigned,    Tiers::DCP),
    rule(LawEnforcement, AuditEvent,      Actor,        Tiers::DP),

    // An analyst sees wide, without the protected tier: persons stay pseudonymous.
    rule(Analyst,        SendingState,    Internal,     Tiers::DC),
    rule(Analyst,        Agency,          Internal,     Tiers::DC),
    rule(Analyst,        Mission,         Internal,     Tiers::DCSI),
    rule(Analyst,        Premises,        Internal,     Tiers::DCSI),
    rule(Analyst,        SecurityContact, Internal,     Tiers::DC),
    rule(Analyst,        Liaison,         Internal,     Tiers::DC),
    rule(Analyst,        Concern,         Internal,     Tiers::DCSI),
    rule(Analyst,        Concern,         Shared,       Tiers::DC),
    rule(Analyst,        Post,            Internal,     Tiers::DCP),
    rule(Analyst,        Incident,        Internal,     Tiers::DC),
    rule(Analyst,        Advisory,        Internal,     Tiers::DCI),
    rule(Analyst,        Visit,           Internal,     Tiers::DC),
    rule(Analyst,        ProtectiveDetail, Internal,    Tiers::D),

    // A liaison officer sees all to be reached, and the whole of the portfolio.
    rule(LiaisonOfficer, SendingState,    Internal,     Tiers::DC),
    rule(LiaisonOfficer, Agency,          Internal,     Tiers::DC),
    rule(LiaisonOfficer, Mission,         Internal,     Tiers::DC),
    rule(LiaisonOfficer, Mission,         Portfolio,    Tiers::DCPSI),
    rule(LiaisonOfficer, Premises,        Internal,     Tiers::DC),
    rule(LiaisonOfficer, Premises,        Portfolio,    Tiers::DCPSI),
    rule(LiaisonOfficer, SecurityContact, Internal,     Tiers::DC),
    rule(LiaisonOfficer, SecurityContact, Portfolio,    Tiers::DCPS),
    rule(LiaisonOfficer, Liaison,         Internal,     Tiers::DCPS),
    rule(LiaisonOfficer, Concern,         Internal,     Tiers::DC),
    rule(LiaisonOfficer, Concern,         Watch,        Tiers::DCP),
    rule(LiaisonOfficer, Concern,         Portfolio,    Tiers::DCPSI),
    rule(LiaisonOfficer, Concern,         Owner,        Tiers::DCPSI),
    rule(LiaisonOfficer, Concern,         Shared,       Tiers::DCP),
    rule(LiaisonOfficer, Post,            Internal,     Tiers::D),
    rule(LiaisonOfficer, Advisory,        Internal,     Tiers::DCI),
    rule(LiaisonOfficer, Visit,           Internal,     Tiers::D),
    rule(LiaisonOfficer, Visit,           Portfolio,    Tiers::DCPS),
    rule(LiaisonOfficer, ProtectiveDetail, Internal,    Tiers::D),
    rule(LiaisonOfficer, AuditEvent,      Actor,        Tiers::DP),

    // An agent on a detail sees what the visit leads to.
    rule(DetailAgent,    SendingState,    Internal,     Tiers::DC),
    rule(DetailAgent,    Agency,          Internal,     Tiers::DC),
    rule(DetailAgent,    Mission,         ViaVisit,     Tiers::DC),
    rule(DetailAgent,    Premises,        ViaVisit,     Tiers::DC),
    rule(DetailAgent,    SecurityContact, ViaVisit,     Tiers::DC),
    rule(DetailAgent,    Liaison,         ViaVisit,     Tiers::DCP),
    rule(DetailAgent,    Concern,         ViaVisit,     Tiers::DCS),
    rule(DetailAgent,    Concern,         Shared,       Tiers::DC),
    rule(DetailAgent,    Advisory,        Internal,     Tiers::DC),
    rule(DetailAgent,    Visit,           Assigned,     Tiers::DCPS),
    rule(DetailAgent,    ProtectiveDetail, Assigned,    Tiers::DCPS),
    rule(DetailAgent,    Visit,           OnDetail,     Tiers::DCPS),
    rule(DetailAgent,    ProtectiveDetail, OnDetail,    Tiers::DCPS),
    rule(DetailAgent,    ProtectiveDetail, Leads,       Tiers::DCPS),
    rule(DetailAgent,    AuditEvent,      Actor,        Tiers::DP),

    // A regional security officer sees the missions of the host state, what was shared, and the own post.
    rule(RegionalSecurityOfficer, SendingState,    Internal,   Tiers::D),
    rule(RegionalSecurityOfficer, Agency,          Internal,   Tiers::D),
    rule(RegionalSecurityOfficer, Mission,         HostState,  Tiers::DC),
    rule(RegionalSecurityOfficer, Mission,         ViaConcern, Tiers::D),
    rule(RegionalSecurityOfficer, Premises,        HostState,  Tiers::DC),
    rule(RegionalSecurityOfficer, Premises,        ViaConcern, Tiers::D),
    rule(RegionalSecurityOfficer, SecurityContact, HostState,  Tiers::DC),
    rule(RegionalSecurityOfficer, Concern,         Shared,     Tiers::DCS),
    rule(RegionalSecurityOfficer, Post,            Ground::Post, Tiers::DCPS),
    rule(RegionalSecurityOfficer, Incident,        Ground::Post, Tiers::DCPS),
    rule(RegionalSecurityOfficer, Incident,        Reporter,   Tiers::DCPS),
    rule(RegionalSecurityOfficer, Advisory,        Internal,   Tiers::DC),
    rule(RegionalSecurityOfficer, Visit,           HostState,  Tiers::DC),
    rule(RegionalSecurityOfficer, AuditEvent,      Actor,      Tiers::DP),

    // An administrator keeps the registry: DSS's all of it, another agency's its own. No content.
    rule(Administrator,  SendingState,    Internal,     Tiers::D),
    rule(Administrator,  Mission,         Internal,     Tiers::D),
    rule(Administrator,  Agency,          Internal,     Tiers::DS),
    rule(Administrator,  Agency,          OwnAgency,    Tiers::DS),
    rule(Administrator,  Person,          Internal,     Tiers::D),
    rule(Administrator,  Person,          OwnAgency,    Tiers::D),

    // An auditor reads the trail, all of it, and nothing that it is about.
    rule(Auditor,        AuditEvent,      Internal,     Tiers::DPS),
];

/// What a ground lets a role do to a row of the type.
pub fn commands(role: Role, kind: Kind, ground: Ground) -> impl Iterator<Item = Command> {
    GRANTS
        .iter()
        .filter(move |grant| grant.role == role && grant.kind == kind && grant.ground == ground)
        .flat_map(|grant| grant.commands.iter().copied())
}

/// Whether a role may ever do it: what no ground grants is absent from the role's schema.
pub fn may_ever(role: Role, command: Command) -> bool {
    GRANTS.iter().any(|grant| grant.role == role && grant.commands.contains(&command))
}

/// The grounds on which a principal in the role is responsible for a concern: those on which it may be taken on.
pub fn responsible(role: Role) -> Vec<Ground> {
    let takes_on = |ground: &Ground| commands(role, Concern, *ground).any(|command| command == AcknowledgeConcern);
    Ground::ALL.into_iter().filter(takes_on).collect()
}

/// Whether somebody, in some role, is responsible for a concern on the ground.
pub fn is_responsible(ground: Ground) -> bool {
    Role::ALL.into_iter().any(|role| responsible(role).contains(&ground))
}

/// Who may take rows away as a file (`/export`, `chancery export`): what the role sees of them in the graph, no more.
/// A file leaves Chancery's scope behind, so what is not named here is denied.
pub const EXPORTS: &[(Role, Kind)] = &[(Analyst, Concern), (Analyst, Mission)];

/// Whether a role may export rows of a type.
pub fn may_export(role: Role, kind: Kind) -> bool {
    EXPORTS.contains(&(role, kind))
}

/// Roles that the table leaves without a line on purpose. A new role must stand in the table or here.
pub const WITHOUT_LINES: &[Role] = &[];

/// The tiers a ground opens; nothing if the table does not say.
pub fn tiers(role: Role, kind: Kind, ground: Ground) -> Tiers {
    let kind = kind.parent().unwrap_or(kind);
    TABLE
        .iter()
        .filter(|rule| rule.role == role && rule.kind == kind && rule.ground == ground)
        .fold(Tiers::NONE, |all, rule| all | rule.tiers)
}

/// The grounds that open a type to a role, with what each opens, in the order of the page.
pub fn grounds(role: Role, kind: Kind) -> Vec<(Ground, Tiers)> {
    Ground::ALL
        .into_iter()
        .map(|ground| (ground, tiers(role, kind, ground)))
        .filter(|(_, tiers)| !tiers.is_empty())
        .collect()
}

/// Whether rows of a type may have thousands of lines, where other types' have a few.
pub fn gathers(kind: Kind) -> bool {
    TABLE.iter().any(|rule| rule.kind == kind && rule.ground.gathers())
}

/// Everything a role can ever see of a type: what no ground opens is absent from the role's schema.
pub fn reach(role: Role, kind: Kind) -> Tiers {
    grounds(role, kind).into_iter().fold(Tiers::NONE, |all, (_, tiers)| all | tiers)
}
