//! Who may do what, by role.

use crate::access::{
    command::Command::{
        self, AcceptMissionChange, AcceptReferral, AcceptVisit, AcknowledgeAdvisory, AcknowledgeConcern,
        AddAdvanceNote, AddAgencyKey, AddAgencyMission, AddDelegate, AddDetailAgency, AddEvidence, AddFinding,
        AddInternalEntry, AddLeg, AddLiaison, AddSecurityContact, AddShift, AddToPortfolio, AddVenue, AddWatchShift,
        AnnounceVisit, AssessVisit, AssignAgent, AssignConcern, CancelVisit, ChangeLeg, ChangeTour, ChangeVisit,
        CloseConcern, CloseDetail, CloseIncident, CommentOnIncident, CompleteReferral, CompleteVisit,
        ConfirmAgencyAreas, DecidePortCourtesy, DecideWeaponsNotice, DeclineMissionChange, DeclineReferral,
        DeclineVisit, DisablePerson, EnablePerson, EndAssignment, EndProgramme, EnrolPerson, EstablishProgramme,
        FileWeaponsNotice, HandOverDetail, IssueAdvisory, LinkConcernToVisit, MarkConcern, MarkIncident, OpenDetail,
        ProposeMissionChange, RaiseConcern, RecordAdvice, RecordAdviceDecision, RecordReview, RecordTour, ReferConcern,
        RegisterAgency, ReinstateAgency, RelieveShift, RemoveAgencyArea, RemoveAgencyKey, RemoveAgencyMission,
        RemoveDelegate, RemoveDetailAgency, RemoveFromPortfolio, RemoveLeg, RemoveLiaison, RemoveSecurityContact,
        RemoveShift, RemoveTour, RemoveVenue, RemoveWatchShift, ReopenConcern, ReopenIncident, ReplyToConcern,
        ReportIncident, RequestFromMission, RequestPortCourtesy, ResolveConcern, ResolveFinding, ResolveIncident,
        RespondToConcern, RevokeAgencyTokens, RevokePersonTokens, RevokeShare, RevokeToken, SetAgencyCeiling,
        SetAgencyKeySource, SetCaseNumber, SetEmergencyPlan, SetIncidentSeverity, SetLegRoute, SetSafeHaven,
        SetSeverity, ShareConcern, StartConcern, StartIncident, StartVisit, SupersedeAdvisory, SuspendAgency,
        UpdateLiaison, UpdateSecurityContact, WithdrawConcern,
    },
    ground::Ground::{
        self, Audience, Internal, Jurisdiction, Leads, OnDetail, Own, OwnAgency, Owner, Portfolio, Referred, Reporter,
        Watch,
    },
    kind::Kind::{
        self, Advice, Advisory, Agency, Assignment, Concern, Delegate, Finding, Incident, Leg, Liaison, Mission,
        MissionChange, Person, PortCourtesy, Post, PostProgramme, ProtectiveDetail, Referral, SecurityContact, Share,
        Shift, Tour, Venue, Visit, WeaponsNotice,
    },
    role::Role::{
        self, Administrator, Analyst, DetailAgent, LawEnforcement, LiaisonOfficer, MissionOfficer,
        RegionalSecurityOfficer,
    },
};

/// One line: on this ground, a principal in this role may do these to rows of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The capacity.
    pub role: Role,
    /// The type of the row that they are done on; of a child, the ground is its parent's.
    pub kind: Kind,
    /// The reason.
    pub ground: Ground,
    /// What may be done.
    pub commands: &'static [Command],
}

const fn grant(role: Role, kind: Kind, ground: Ground, commands: &'static [Command]) -> Grant {
    Grant { role, kind, ground, commands }
}

/// What the officer responsible for a concern may do with it.
const OFFICER: &[Command] = &[
    AcknowledgeConcern,
    AssignConcern,
    StartConcern,
    RequestFromMission,
    RespondToConcern,
    ResolveConcern,
    CloseConcern,
    ReopenConcern,
    ReplyToConcern,
    AddInternalEntry,
    AddEvidence,
    MarkConcern,
    SetSeverity,
    ShareConcern,
    ReferConcern,
    LinkConcernToVisit,
];
/// What those whose concern it is may do with it.
const ORIGINATOR: &[Command] = &[ReplyToConcern, AddEvidence, WithdrawConcern, ReopenConcern];

/// What belongs to a visit: whoever announced it may say.
const ITINERARY: &[Command] =
    &[ChangeVisit, CancelVisit, AddVenue, AddLeg, AddDelegate, RequestPortCourtesy, FileWeaponsNotice];

/// What the officer responsible for a visit may do with it.
const PROTECTOR: &[Command] = &[
    AcceptVisit,
    DeclineVisit,
    StartVisit,
    CompleteVisit,
    AssessVisit,
    OpenDetail,
    ChangeVisit,
    CancelVisit,
    AddVenue,
    AddLeg,
    AddDelegate,
    RequestPortCourtesy,
    FileWeaponsNotice,
];

/// What who leads a detail may do with it: they say who is on it. Whoever is on it reads it some days before and after, and
/// must not keep themselves on it.
const LEADER: &[Command] =
    &[AssignAgent, AddShift, AddDetailAgency, RemoveDetailAgency, HandOverDetail, SetSafeHaven, CloseDetail];

/// What the officer of a post may do with it.
const POSTED: &[Command] = &[RecordTour, EstablishProgramme, RecordAdvice, SetEmergencyPlan, ReportIncident];
/// What they may do with a programme of it.
const PROGRAMME: &[Command] = &[EndProgramme, RecordReview, AddFinding];
/// What they may do with an incident, and whoever reported it: one that is RED is theirs alone.
const INCIDENT: &[Command] = &[
    CommentOnIncident,
    StartIncident,
    ResolveIncident,
    CloseIncident,
    ReopenIncident,
    SetIncidentSeverity,
    MarkIncident,
];

/// What the service's administrator may do with an agency.
const REGISTRY: &[Command] = &[
    EnrolPerson,
    RegisterAgency,
    SetAgencyCeiling,
    AddAgencyKey,
    RemoveAgencyKey,
    SetAgencyKeySource,
    ConfirmAgencyAreas,
    RemoveAgencyArea,
    AddAgencyMission,
    RemoveAgencyMission,
    SuspendAgency,
    ReinstateAgency,
    RevokeToken,
    RevokeAgencyTokens,
];

/// Who may do what, by role. A row that is not visible is not there: its commands are NOT_FOUND; one that is visible
/// on other grounds only is FORBIDDEN.
#[rustfmt::skip]
pub const GRANTS: &[Grant] = &[
    // A mission raises and follows its own, and keeps its contacts.
    grant(MissionOfficer, Mission,         Own,          &[RaiseConcern, AddSecurityContact, ProposeMissionChange, AnnounceVisit]),
    grant(MissionOfficer, SecurityContact, Own,          &[UpdateSecurityContact, RemoveSecurityContact]),
    grant(MissionOfficer, Concern,         Own,          ORIGINATOR),
    grant(MissionOfficer, Concern,         Reporter,     ORIGINATOR),
    grant(MissionOfficer, Advisory,        Audience,     &[AcknowledgeAdvisory]),
    grant(MissionOfficer, Visit,           Own,          ITINERARY),
    grant(MissionOfficer, Venue,           Own,          &[RemoveVenue]),
    grant(MissionOfficer, Leg,             Own,          &[ChangeLeg, RemoveLeg]),
    grant(MissionOfficer, Delegate,        Own,          &[RemoveDelegate]),

    // A partner raises what happens in its areas, and answers what was referred to it. What an officer raised, the
    // officer may add to: questions about it come back. Who may answer may say what the answer rests on.
    grant(LawEnforcement, Mission,         Jurisdiction, &[RaiseConcern]),
    grant(LawEnforcement, Concern,         Referred,     &[ReplyToConcern, AddEvidence]),
    grant(LawEnforcement, Concern,         Reporter,     &[ReplyToConcern, AddEvidence]),
    grant(LawEnforcement, Referral,        Referred,     &[AcceptReferral, DeclineReferral, CompleteReferral, SetCaseNumber]),

    grant(LawEnforcement, Advisory,        Audience,     &[AcknowledgeAdvisory]),

    grant(Analyst,        Concern,         Internal,     &[AddInternalEntry]),

    // The watch receives what nobody has yet; the officer responsible does the rest.
    grant(LiaisonOfficer, Concern,         Watch,        &[AcknowledgeConcern, AssignConcern]),
    grant(LiaisonOfficer, Concern,         Portfolio,    OFFICER),
    grant(LiaisonOfficer, Concern,         Owner,        OFFICER),
    grant(LiaisonOfficer, Share,           Portfolio,    &[RevokeShare]),
    grant(LiaisonOfficer, Share,           Owner,        &[RevokeShare]),
    // Who holds a mission may give it to a colleague; nobody takes one.
    grant(LiaisonOfficer, Mission,         Portfolio,    &[AddSecurityContact, AddToPortfolio, RemoveFromPortfolio]),
    // What a mission says of itself is so when the officer responsible takes it over.
    grant(LiaisonOfficer, MissionChange,   Portfolio,    &[AcceptMissionChange, DeclineMissionChange]),
    grant(LiaisonOfficer, SecurityContact, Portfolio,    &[UpdateSecurityContact, RemoveSecurityContact]),
    // The officer responsible for the mission decides its visits, and keeps what belongs to them.
    grant(LiaisonOfficer, Visit,           Portfolio,    PROTECTOR),
    grant(LiaisonOfficer, Venue,           Portfolio,    &[RemoveVenue]),
    grant(LiaisonOfficer, Leg,             Portfolio,    &[ChangeLeg, RemoveLeg, SetLegRoute]),
    grant(LiaisonOfficer, Delegate,        Portfolio,    &[RemoveDelegate]),
    grant(LiaisonOfficer, PortCourtesy,    Portfolio,    &[DecidePortCourtesy]),
    grant(LiaisonOfficer, WeaponsNotice,   Portfolio,    &[DecideWeaponsNotice]),
    // Any officer warns: who is addressed says for whom.
    grant(LiaisonOfficer, Advisory,        Internal,     &[IssueAdvisory, SupersedeAdvisory]),
    grant(LiaisonOfficer, Agency,          Internal,     &[AddLiaison]),
    grant(LiaisonOfficer, Liaison,         Internal,     &[UpdateLiaison, RemoveLiaison]),

    // Who leads a detail says who is on it; whoever is on it, who is on when, and what was found in advance. Of the visit they
    // plan venues and legs; its days, its principal and the delegation are the mission's and the officer's.
    grant(DetailAgent,    ProtectiveDetail, Leads,       LEADER),
    grant(DetailAgent,    Assignment,      Leads,        &[EndAssignment]),
    grant(DetailAgent,    Shift,           Leads,        &[RemoveShift, RelieveShift]),
    grant(DetailAgent,    ProtectiveDetail, OnDetail,    &[AddShift, SetSafeHaven]),
    grant(DetailAgent,    Shift,           OnDetail,     &[RemoveShift, RelieveShift]),
    grant(DetailAgent,    Visit,           OnDetail,     &[AddVenue, AddLeg]),
    grant(DetailAgent,    Venue,           OnDetail,     &[RemoveVenue]),
    grant(DetailAgent,    Leg,             OnDetail,     &[ChangeLeg, RemoveLeg, SetLegRoute, AddAdvanceNote]),

    // The officer of a post answers for what protects its people.
    grant(RegionalSecurityOfficer, Post,          Ground::Post, POSTED),
    grant(RegionalSecurityOfficer, Tour,          Ground::Post, &[ChangeTour, RemoveTour]),
    grant(RegionalSecurityOfficer, PostProgramme, Ground::Post, PROGRAMME),
    grant(RegionalSecurityOfficer, Finding,       Ground::Post, &[ResolveFinding]),
    grant(RegionalSecurityOfficer, Advice,        Ground::Post, &[RecordAdviceDecision]),
    grant(RegionalSecurityOfficer, Incident,      Ground::Post, INCIDENT),
    grant(RegionalSecurityOfficer, Incident,      Reporter,   INCIDENT),

    // An agency keeps its own liaisons.
    grant(LawEnforcement, Agency,          OwnAgency,    &[AddLiaison]),
    grant(LawEnforcement, Liaison,         OwnAgency,    &[UpdateLiaison, RemoveLiaison]),

    // An agency's administrator enrols its own people, and voids their tokens; DSS's those of every agency, and keeps
    // portfolios, the roster, and who is trusted how far: no other agency widens itself.
    grant(Administrator,  Agency,          OwnAgency,    &[EnrolPerson, RevokeToken]),
    grant(Administrator,  Agency,          Internal,     REGISTRY),
    grant(Administrator,  Person,          OwnAgency,    &[DisablePerson, EnablePerson, RevokePersonTokens]),
    grant(Administrator,  Person,          Internal,     &[DisablePerson, EnablePerson, RevokePersonTokens, AddWatchShift, RemoveWatchShift]),
    grant(Administrator,  Mission,         Internal,     &[AddToPortfolio, RemoveFromPortfolio]),
];
