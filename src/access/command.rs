//! What may be done: a closed list. Who may do it is the table's ([`super::table::GRANTS`]).

mod names;

/// Something that changes rows. It is done *on* one row, whose grounds decide whether it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Raise a problem, question or concern about a mission.
    RaiseConcern,
    /// Say something to those who follow a concern.
    ReplyToConcern,
    /// Take back a concern that one's mission raised.
    WithdrawConcern,
    /// Take up again what was closed.
    ReopenConcern,
    /// Say that it was received.
    AcknowledgeConcern,
    /// Give it to a liaison officer.
    AssignConcern,
    /// Begin, or go on, to work on it.
    StartConcern,
    /// Ask the mission for something; the response clock stands still.
    RequestFromMission,
    /// Answer the mission.
    RespondToConcern,
    /// Say that it is resolved.
    ResolveConcern,
    /// Close it: done, a duplicate, or not actionable.
    CloseConcern,
    /// Change its TLP or CUI marking.
    MarkConcern,
    /// Change how bad it is.
    SetSeverity,
    /// Write for DSS alone.
    AddInternalEntry,
    /// Say of a piece of evidence what it is, its hash, and where it lies.
    AddEvidence,
    /// Show it to an agency or to one person.
    ShareConcern,
    /// End a share.
    RevokeShare,
    /// Offer it to an agency to act on.
    ReferConcern,
    /// Take a referral on.
    AcceptReferral,
    /// Turn a referral down.
    DeclineReferral,
    /// Say that a referral is done.
    CompleteReferral,
    /// Set the agency's own number of a case.
    SetCaseNumber,
    /// Send an advisory.
    IssueAdvisory,
    /// Send an advisory in the place of another.
    SupersedeAdvisory,
    /// Say that one's agency has an advisory.
    AcknowledgeAdvisory,
    /// Add a security contact of a mission.
    AddSecurityContact,
    /// Change a security contact.
    UpdateSecurityContact,
    /// Remove a security contact.
    RemoveSecurityContact,
    /// Say that a mission's telephone, e-mail address or website has become another.
    ProposeMissionChange,
    /// Take over what a mission proposed.
    AcceptMissionChange,
    /// Turn down what a mission proposed.
    DeclineMissionChange,
    /// Announce the visit of a dignitary.
    AnnounceVisit,
    /// Change who visits, when, or which city.
    ChangeVisit,
    /// Take the protection of a visit on.
    AcceptVisit,
    /// Decline to protect a visit.
    DeclineVisit,
    /// Say that a visit has begun.
    StartVisit,
    /// Say that a visit is over.
    CompleteVisit,
    /// Call a visit off.
    CancelVisit,
    /// Say what is to be feared for a visit.
    AssessVisit,
    /// Add a place where a visit goes.
    AddVenue,
    /// Take a place away where no leg goes.
    RemoveVenue,
    /// Add a leg of a visit.
    AddLeg,
    /// Change a leg of a visit.
    ChangeLeg,
    /// Take a leg of a visit away.
    RemoveLeg,
    /// Say by which streets a leg goes.
    SetLegRoute,
    /// Name somebody who comes along on a visit.
    AddDelegate,
    /// Take somebody from a delegation.
    RemoveDelegate,
    /// Ask that the principal of a visit be received at a port, or seen off.
    RequestPortCourtesy,
    /// Grant or deny a courtesy of the port.
    DecidePortCourtesy,
    /// Give notice of a weapon that a foreign officer brings.
    FileWeaponsNotice,
    /// Grant or deny a weapon.
    DecideWeaponsNotice,
    /// Say with which visit a concern has to do.
    LinkConcernToVisit,
    /// Open the detail of a visit.
    OpenDetail,
    /// Write down what was found in advance of a leg.
    AddAdvanceNote,
    /// Close a detail.
    CloseDetail,
    /// Give a detail another agent in charge.
    HandOverDetail,
    /// Say where the protectee of a detail is brought.
    SetSafeHaven,
    /// Assign somebody to a detail.
    AssignAgent,
    /// End an assignment to a detail.
    EndAssignment,
    /// Say that an agency supports a detail.
    AddDetailAgency,
    /// Say that an agency supports a detail no longer.
    RemoveDetailAgency,
    /// Put an agent of a detail on a shift.
    AddShift,
    /// Take a shift off.
    RemoveShift,
    /// Hand a shift over to another agent without a gap.
    RelieveShift,
    /// Write down that somebody serves at a post.
    RecordTour,
    /// Change what was written down of it.
    ChangeTour,
    /// Take it off: it was not so.
    RemoveTour,
    /// Set up a programme at a post.
    EstablishProgramme,
    /// Write down that it is kept no more.
    EndProgramme,
    /// Write down what a review of it came to.
    RecordReview,
    /// Write down what is wanting in it.
    AddFinding,
    /// Write down that it is wanting no more.
    ResolveFinding,
    /// Write down what a chief of mission was advised.
    RecordAdvice,
    /// Write down what they decided.
    RecordAdviceDecision,
    /// Say what is done at a post in an emergency.
    SetEmergencyPlan,
    /// Report what happened to people of a post.
    ReportIncident,
    /// Say something in its log.
    CommentOnIncident,
    /// Begin, or go on, to work on it.
    StartIncident,
    /// Say that it is resolved.
    ResolveIncident,
    /// Close it.
    CloseIncident,
    /// Take it up again.
    ReopenIncident,
    /// Change how bad it is.
    SetIncidentSeverity,
    /// Change its TLP marking.
    MarkIncident,
    /// Enrol a person or a machine of an agency.
    EnrolPerson,
    /// Refuse a person's tokens from now on.
    DisablePerson,
    /// Accept a person's tokens again.
    EnablePerson,
    /// Void the tokens that a person holds.
    RevokePersonTokens,
    /// Put a mission into a liaison officer's portfolio.
    AddToPortfolio,
    /// Take a mission out of a liaison officer's portfolio.
    RemoveFromPortfolio,
    /// Put a liaison officer on the watch roster.
    AddWatchShift,
    /// Take a turn off the watch roster.
    RemoveWatchShift,
    /// Add a liaison of an agency.
    AddLiaison,
    /// Change a liaison.
    UpdateLiaison,
    /// Remove a liaison.
    RemoveLiaison,
    /// Enrol an agency: from now on tokens of its issuer are looked at.
    RegisterAgency,
    /// Change how far an agency's tokens go at most.
    SetAgencyCeiling,
    /// Trust a public key of an agency.
    AddAgencyKey,
    /// Trust a key of an agency no longer.
    RemoveAgencyKey,
    /// Say where the keys of an agency are: in the registry, or where the agency publishes them.
    SetAgencyKeySource,
    /// Confirm areas that were proposed for an agency.
    ConfirmAgencyAreas,
    /// Take an area from an agency.
    RemoveAgencyArea,
    /// Register an agency for a mission.
    AddAgencyMission,
    /// Register an agency for a mission no longer.
    RemoveAgencyMission,
    /// Refuse the tokens of an agency from now on.
    SuspendAgency,
    /// Accept the tokens of an agency again.
    ReinstateAgency,
    /// Void one token of an agency.
    RevokeToken,
    /// Void the tokens that an agency has issued.
    RevokeAgencyTokens,
}

impl Command {
    /// Every command, in the order of the schema.
    pub const ALL: [Self; 107] = [
        Self::RaiseConcern,
        Self::ReplyToConcern,
        Self::WithdrawConcern,
        Self::ReopenConcern,
        Self::AcknowledgeConcern,
        Self::AssignConcern,
        Self::StartConcern,
        Self::RequestFromMission,
        Self::RespondToConcern,
        Self::ResolveConcern,
        Self::CloseConcern,
        Self::MarkConcern,
        Self::SetSeverity,
        Self::AddInternalEntry,
        Self::AddEvidence,
        Self::ShareConcern,
        Self::RevokeShare,
        Self::ReferConcern,
        Self::AcceptReferral,
        Self::DeclineReferral,
        Self::CompleteReferral,
        Self::SetCaseNumber,
        Self::IssueAdvisory,
        Self::SupersedeAdvisory,
        Self::AcknowledgeAdvisory,
        Self::AddSecurityContact,
        Self::UpdateSecurityContact,
        Self::RemoveSecurityContact,
        Self::ProposeMissionChange,
        Self::AcceptMissionChange,
        Self::DeclineMissionChange,
        Self::AnnounceVisit,
        Self::ChangeVisit,
        Self::AcceptVisit,
        Self::DeclineVisit,
        Self::StartVisit,
        Self::CompleteVisit,
        Self::CancelVisit,
        Self::AssessVisit,
        Self::AddVenue,
        Self::RemoveVenue,
        Self::AddLeg,
        Self::ChangeLeg,
        Self::RemoveLeg,
        Self::SetLegRoute,
        Self::AddDelegate,
        Self::RemoveDelegate,
        Self::RequestPortCourtesy,
        Self::DecidePortCourtesy,
        Self::FileWeaponsNotice,
        Self::DecideWeaponsNotice,
        Self::LinkConcernToVisit,
        Self::OpenDetail,
        Self::AddAdvanceNote,
        Self::CloseDetail,
        Self::HandOverDetail,
        Self::SetSafeHaven,
        Self::AssignAgent,
        Self::EndAssignment,
        Self::AddDetailAgency,
        Self::RemoveDetailAgency,
        Self::AddShift,
        Self::RemoveShift,
        Self::RelieveShift,
        Self::RecordTour,
        Self::ChangeTour,
        Self::RemoveTour,
        Self::EstablishProgramme,
        Self::EndProgramme,
        Self::RecordReview,
        Self::AddFinding,
        Self::ResolveFinding,
        Self::RecordAdvice,
        Self::RecordAdviceDecision,
        Self::SetEmergencyPlan,
        Self::ReportIncident,
        Self::CommentOnIncident,
        Self::StartIncident,
        Self::ResolveIncident,
        Self::CloseIncident,
        Self::ReopenIncident,
        Self::SetIncidentSeverity,
        Self::MarkIncident,
        Self::EnrolPerson,
        Self::DisablePerson,
        Self::EnablePerson,
        Self::RevokePersonTokens,
        Self::AddToPortfolio,
        Self::RemoveFromPortfolio,
        Self::AddWatchShift,
        Self::RemoveWatchShift,
        Self::AddLiaison,
        Self::UpdateLiaison,
        Self::RemoveLiaison,
        Self::RegisterAgency,
        Self::SetAgencyCeiling,
        Self::AddAgencyKey,
        Self::RemoveAgencyKey,
        Self::SetAgencyKeySource,
        Self::ConfirmAgencyAreas,
        Self::RemoveAgencyArea,
        Self::AddAgencyMission,
        Self::RemoveAgencyMission,
        Self::SuspendAgency,
        Self::ReinstateAgency,
        Self::RevokeToken,
        Self::RevokeAgencyTokens,
    ];
}
