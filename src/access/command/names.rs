//! What commands are called, and on which rows they are done.

use super::Command;
use crate::access::kind::Kind;

impl Command {
    /// The name of the mutation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RaiseConcern => "raiseConcern",
            Self::ReplyToConcern => "replyToConcern",
            Self::WithdrawConcern => "withdrawConcern",
            Self::ReopenConcern => "reopenConcern",
            Self::AcknowledgeConcern => "acknowledgeConcern",
            Self::AssignConcern => "assignConcern",
            Self::StartConcern => "startConcern",
            Self::RequestFromMission => "requestFromMission",
            Self::RespondToConcern => "respondToConcern",
            Self::ResolveConcern => "resolveConcern",
            Self::CloseConcern => "closeConcern",
            Self::MarkConcern => "markConcern",
            Self::SetSeverity => "setSeverity",
            Self::AddInternalEntry => "addInternalEntry",
            Self::AddEvidence => "addEvidence",
            Self::ShareConcern => "shareConcern",
            Self::RevokeShare => "revokeShare",
            Self::ReferConcern => "referConcern",
            Self::AcceptReferral => "acceptReferral",
            Self::DeclineReferral => "declineReferral",
            Self::CompleteReferral => "completeReferral",
            Self::SetCaseNumber => "setCaseNumber",
            Self::IssueAdvisory => "issueAdvisory",
            Self::SupersedeAdvisory => "supersedeAdvisory",
            Self::AcknowledgeAdvisory => "acknowledgeAdvisory",
            Self::AddSecurityContact => "addSecurityContact",
            Self::UpdateSecurityContact => "updateSecurityContact",
            Self::RemoveSecurityContact => "removeSecurityContact",
            Self::ProposeMissionChange => "proposeMissionChange",
            Self::AcceptMissionChange => "acceptMissionChange",
            Self::DeclineMissionChange => "declineMissionChange",
            Self::AnnounceVisit => "announceVisit",
            Self::ChangeVisit => "changeVisit",
            Self::AcceptVisit => "acceptVisit",
            Self::DeclineVisit => "declineVisit",
            Self::StartVisit => "startVisit",
            Self::CompleteVisit => "completeVisit",
            Self::CancelVisit => "cancelVisit",
            Self::AssessVisit => "assessVisit",
            Self::AddVenue => "addVenue",
            Self::RemoveVenue => "removeVenue",
            Self::AddLeg => "addLeg",
            Self::ChangeLeg => "changeLeg",
            Self::RemoveLeg => "removeLeg",
            Self::SetLegRoute => "setLegRoute",
            Self::AddDelegate => "addDelegate",
            Self::RemoveDelegate => "removeDelegate",
            Self::RequestPortCourtesy => "requestPortCourtesy",
            Self::DecidePortCourtesy => "decidePortCourtesy",
            Self::FileWeaponsNotice => "fileWeaponsNotice",
            Self::DecideWeaponsNotice => "decideWeaponsNotice",
            Self::LinkConcernToVisit => "linkConcernToVisit",
            Self::OpenDetail => "openDetail",
            Self::AddAdvanceNote => "addAdvanceNote",
            Self::CloseDetail => "closeDetail",
            Self::HandOverDetail => "handOverDetail",
            Self::SetSafeHaven => "setSafeHaven",
            Self::AssignAgent => "assignAgent",
            Self::EndAssignment => "endAssignment",
            Self::AddDetailAgency => "addDetailAgency",
            Self::RemoveDetailAgency => "removeDetailAgency",
            Self::AddShift => "addShift",
            Self::RemoveShift => "removeShift",
            Self::RelieveShift => "relieveShift",
            Self::RecordTour => "recordTour",
            Self::ChangeTour => "changeTour",
            Self::RemoveTour => "removeTour",
            Self::EstablishProgramme => "establishProgramme",
            Self::EndProgramme => "endProgramme",
            Self::RecordReview => "recordReview",
            Self::AddFinding => "addFinding",
            Self::ResolveFinding => "resolveFinding",
            Self::RecordAdvice => "recordAdvice",
            Self::RecordAdviceDecision => "recordAdviceDecision",
            Self::SetEmergencyPlan => "setEmergencyPlan",
            Self::ReportIncident => "reportIncident",
            Self::CommentOnIncident => "commentOnIncident",
            Self::StartIncident => "startIncident",
            Self::ResolveIncident => "resolveIncident",
            Self::CloseIncident => "closeIncident",
            Self::ReopenIncident => "reopenIncident",
            Self::SetIncidentSeverity => "setIncidentSeverity",
            Self::MarkIncident => "markIncident",
            Self::EnrolPerson => "enrolPerson",
            Self::DisablePerson => "disablePerson",
            Self::EnablePerson => "enablePerson",
            Self::RevokePersonTokens => "revokePersonTokens",
            Self::AddToPortfolio => "addToPortfolio",
            Self::RemoveFromPortfolio => "removeFromPortfolio",
            Self::AddWatchShift => "addWatchShift",
            Self::RemoveWatchShift => "removeWatchShift",
            Self::AddLiaison => "addLiaison",
            Self::UpdateLiaison => "updateLiaison",
            Self::RemoveLiaison => "removeLiaison",
            Self::RegisterAgency => "registerAgency",
            Self::SetAgencyCeiling => "setAgencyCeiling",
            Self::AddAgencyKey => "addAgencyKey",
            Self::RemoveAgencyKey => "removeAgencyKey",
            Self::SetAgencyKeySource => "setAgencyKeySource",
            Self::ConfirmAgencyAreas => "confirmAgencyAreas",
            Self::RemoveAgencyArea => "removeAgencyArea",
            Self::AddAgencyMission => "addAgencyMission",
            Self::RemoveAgencyMission => "removeAgencyMission",
            Self::SuspendAgency => "suspendAgency",
            Self::ReinstateAgency => "reinstateAgency",
            Self::RevokeToken => "revokeToken",
            Self::RevokeAgencyTokens => "revokeAgencyTokens",
        }
    }

    /// The type of the row it is done on; of an advisory that is sent, and of an agency
    /// that is registered, which are no rows yet, the type that they will be of.
    pub const fn on(self) -> Kind {
        match self {
            Self::RaiseConcern
            | Self::AnnounceVisit
            | Self::AddSecurityContact
            | Self::ProposeMissionChange
            | Self::AddToPortfolio
            | Self::RemoveFromPortfolio => Kind::Mission,
            Self::AcceptMissionChange | Self::DeclineMissionChange => Kind::MissionChange,
            Self::CloseDetail
            | Self::HandOverDetail
            | Self::SetSafeHaven
            | Self::AssignAgent
            | Self::AddDetailAgency
            | Self::RemoveDetailAgency
            | Self::AddShift => Kind::ProtectiveDetail,
            Self::EndAssignment => Kind::Assignment,
            Self::RecordTour
            | Self::EstablishProgramme
            | Self::RecordAdvice
            | Self::SetEmergencyPlan
            | Self::ReportIncident => Kind::Post,
            Self::ChangeTour | Self::RemoveTour => Kind::Tour,
            Self::EndProgramme | Self::RecordReview | Self::AddFinding => Kind::PostProgramme,
            Self::ResolveFinding => Kind::Finding,
            Self::RecordAdviceDecision => Kind::Advice,
            Self::CommentOnIncident
            | Self::StartIncident
            | Self::ResolveIncident
            | Self::CloseIncident
            | Self::ReopenIncident
            | Self::SetIncidentSeverity
            | Self::MarkIncident => Kind::Incident,
            Self::RemoveShift | Self::RelieveShift => Kind::Shift,
            Self::ChangeVisit
            | Self::AcceptVisit
            | Self::DeclineVisit
            | Self::StartVisit
            | Self::CompleteVisit
            | Self::CancelVisit
            | Self::AssessVisit
            | Self::AddVenue
            | Self::AddLeg
            | Self::AddDelegate
            | Self::RequestPortCourtesy
            | Self::FileWeaponsNotice
            | Self::OpenDetail => Kind::Visit,
            Self::RemoveVenue => Kind::Venue,
            Self::ChangeLeg | Self::RemoveLeg | Self::SetLegRoute | Self::AddAdvanceNote => Kind::Leg,
            Self::RemoveDelegate => Kind::Delegate,
            Self::DecidePortCourtesy => Kind::PortCourtesy,
            Self::DecideWeaponsNotice => Kind::WeaponsNotice,
            Self::EnrolPerson
            | Self::AddLiaison
            | Self::RegisterAgency
            | Self::SetAgencyCeiling
            | Self::AddAgencyKey
            | Self::RemoveAgencyKey
            | Self::SetAgencyKeySource
            | Self::ConfirmAgencyAreas
            | Self::RemoveAgencyArea
            | Self::AddAgencyMission
            | Self::RemoveAgencyMission
            | Self::SuspendAgency
            | Self::ReinstateAgency
            | Self::RevokeToken
            | Self::RevokeAgencyTokens => Kind::Agency,
            Self::DisablePerson
            | Self::EnablePerson
            | Self::RevokePersonTokens
            | Self::AddWatchShift
            | Self::RemoveWatchShift => Kind::Person,
            Self::UpdateLiaison | Self::RemoveLiaison => Kind::Liaison,
            Self::UpdateSecurityContact | Self::RemoveSecurityContact => Kind::SecurityContact,
            Self::IssueAdvisory | Self::SupersedeAdvisory | Self::AcknowledgeAdvisory => Kind::Advisory,
            Self::RevokeShare => Kind::Share,
            Self::AcceptReferral | Self::DeclineReferral | Self::CompleteReferral | Self::SetCaseNumber => {
                Kind::Referral
            }
            _ => Kind::Concern,
        }
    }
}
