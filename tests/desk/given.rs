//! What a command is given.

use chancery::access::Command::{self, *};
use serde_json::{Value, json};

/// An input that, once granted, is refused where that can be had: so the world stays as it is.
pub fn input(command: Command, id: &str) -> Value {
    let (body, reason) = ("What is said", "Why");
    let mut input = match command {
        RaiseConcern => json!({ "missionId": id, "kind": "CONCERN", "category": "OTHER", "severity": "LOW",
            "title": "A title", "narrative": "A story", "premisesId": "premises_x" }),
        AddSecurityContact => json!({ "missionId": id, "function": "OTHER", "name": "A name" }),
        UpdateSecurityContact => json!({ "securityContactId": id, "name": null }),
        RemoveSecurityContact => json!({ "securityContactId": id }),
        EnrolPerson => json!({ "agencyId": id, "subject": "new", "name": "A name", "roles": [] }),
        DisablePerson | EnablePerson => json!({ "personId": id }),
        AddToPortfolio | RemoveFromPortfolio => json!({ "missionId": id, "officer": "nobody" }),
        AddWatchShift => {
            json!({ "personId": id, "startsAt": "2027-01-02T00:00:00Z", "endsAt": "2027-01-01T00:00:00Z" })
        }
        RemoveWatchShift => json!({ "personId": id, "startsAt": "2020-01-01T00:00:00Z" }),
        AddLiaison => json!({ "agencyId": id, "name": "A name", "missionIds": ["mission_x"] }),
        UpdateLiaison => json!({ "liaisonId": id, "name": null }),
        RemoveLiaison => json!({ "liaisonId": id }),
        // Of no area: what is granted is refused then.
        IssueAdvisory => advisory(),
        SupersedeAdvisory => {
            let mut input = advisory();
            (input["advisoryId"], input["msgType"]) = (json!(id), json!("UPDATE"));
            input
        }
        AcknowledgeAdvisory => json!({ "advisoryId": id }),
        // Of a kind that is not registered here.
        RegisterAgency => json!({ "name": "A name", "kind": "DIPLOMATIC_SECURITY", "level": "FEDERAL", "roles": [],
            "issuer": "https://idp.example", "audience": "https://chancery.example", "algorithms": ["ES256"] }),
        SetAgencyCeiling => json!({ "agencyId": id, "roles": [] }),
        AddAgencyKey => json!({ "agencyId": id, "jwk": "{}" }),
        RemoveAgencyKey => json!({ "agencyId": id, "keyId": "none" }),
        // Published at no URL: what is granted is refused then.
        SetAgencyKeySource => json!({ "agencyId": id, "jwksUri": "nowhere" }),
        RevokeToken => json!({ "agencyId": id, "tokenId": "none", "reason": reason }),
        RevokeAgencyTokens => json!({ "agencyId": id, "reason": reason }),
        RevokePersonTokens => json!({ "personId": id, "reason": reason }),
        ConfirmAgencyAreas => json!({ "agencyId": id, "areas": ["nowhere"] }),
        RemoveAgencyArea => json!({ "agencyId": id, "area": "nowhere" }),
        AddAgencyMission | RemoveAgencyMission => json!({ "agencyId": id, "missionId": "mission_x" }),
        SuspendAgency | ReinstateAgency => json!({ "agencyId": id }),
        // Of nothing: what is granted is refused then.
        ProposeMissionChange => json!({ "missionId": id }),
        AcceptMissionChange => json!({ "missionChangeId": id }),
        DeclineMissionChange => json!({ "missionChangeId": id, "reason": reason }),
        // Of days in the wrong order, or of no place: what is granted is refused then.
        AnnounceVisit => json!({ "missionId": id, "principal": "A name", "rank": "OTHER", "city": "A city",
            "arrivesOn": "2026-12-02", "departsOn": "2026-12-01" }),
        AcceptVisit | AssessVisit => json!({ "visitId": id, "threatAssessment": "Much" }),
        DeclineVisit | CancelVisit => json!({ "visitId": id, "reason": reason }),
        // Of nothing that is another: what is granted is refused then.
        ChangeVisit | StartVisit | CompleteVisit => json!({ "visitId": id }),
        AddVenue => json!({ "visitId": id, "name": "A hall", "kind": "PUBLIC", "area": "nowhere" }),
        AddLeg => {
            json!({ "visitId": id, "kind": "VENUE", "startsAt": "2026-12-02T00:00:00Z", "endsAt": "2026-12-01T00:00:00Z" })
        }
        AddDelegate => json!({ "visitId": id, "name": "A name" }),
        RequestPortCourtesy => {
            json!({ "visitId": id, "direction": "ARRIVAL", "port": "JFK", "at": "2030-01-01T00:00:00Z" })
        }
        FileWeaponsNotice => {
            json!({ "visitId": id, "officer": "A name", "make": "A make", "serial": "1", "route": "By air" })
        }
        OpenDetail => json!({ "visitId": id, "agentInCharge": "nobody" }),
        CloseDetail => json!({ "detailId": id }),
        HandOverDetail => json!({ "detailId": id, "agentInCharge": "nobody" }),
        SetSafeHaven => json!({ "detailId": id, "safeHaven": "A safe place" }),
        AssignAgent => json!({ "detailId": id, "agent": "nobody", "startsAt": "2026-12-01T00:00:00Z" }),
        EndAssignment => json!({ "assignmentId": id }),
        AddDetailAgency | RemoveDetailAgency => json!({ "detailId": id, "agencyId": "agency_x" }),
        AddShift => {
            json!({ "detailId": id, "agent": "nobody", "role": "DRIVER", "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-01T08:00:00Z" })
        }
        RemoveShift => json!({ "shiftId": id }),
        RelieveShift => json!({ "shiftId": id, "agent": "nobody" }),
        AddAdvanceNote => json!({ "legId": id, "body": body }),
        RemoveVenue => json!({ "venueId": id }),
        ChangeLeg => json!({ "legId": id, "kind": null }),
        RemoveLeg => json!({ "legId": id }),
        SetLegRoute => json!({ "legId": id, "route": "By the river" }),
        RemoveDelegate => json!({ "delegateId": id }),
        DecidePortCourtesy => json!({ "portCourtesyId": id, "decision": "DENIED" }),
        DecideWeaponsNotice => json!({ "weaponsNoticeId": id, "decision": "DENIED" }),
        // Of days in the wrong order, past or ahead, of nothing, or without what is needed: what is granted is refused then.
        RecordTour => json!({ "postId": id, "capacity": "CHIEF_OF_MISSION", "name": "A name",
            "startsOn": "2027-02-01", "endsOn": "2027-01-01" }),
        ChangeTour | RemoveTour => json!({ "tourId": id }),
        EstablishProgramme => {
            json!({ "postId": id, "kind": "OSAC_COUNTRY_CHAPTER", "nextReviewOn": "2000-01-01" })
        }
        EndProgramme => json!({ "programmeId": id }),
        RecordReview => json!({ "programmeId": id, "reviewedOn": "2040-01-01", "outcome": "SATISFACTORY",
            "summary": body, "nextReviewOn": "2041-01-01" }),
        AddFinding => json!({ "programmeId": id, "severity": "LOW", "body": body, "dueOn": "2000-01-01" }),
        ResolveFinding => json!({ "findingId": id, "resolution": body }),
        RecordAdvice => json!({ "postId": id, "subject": "A subject", "body": body, "findingId": "finding_x" }),
        RecordAdviceDecision => json!({ "adviceId": id, "decision": "DECLINED" }),
        SetEmergencyPlan => json!({ "postId": id }),
        ReportIncident => json!({ "postId": id, "setting": "AT_HOME", "category": "OTHER", "severity": "LOW",
            "title": "A title", "narrative": "A story" }),
        CommentOnIncident | StartIncident | ResolveIncident | CloseIncident | ReopenIncident => {
            json!({ "incidentId": id, "body": body })
        }
        SetIncidentSeverity => json!({ "incidentId": id, "severity": "LOW", "body": reason }),
        MarkIncident => json!({ "incidentId": id, "tlp": "AMBER" }),
        RevokeShare => json!({ "shareId": id, "reason": reason }),
        AcceptReferral => json!({ "referralId": id }),
        DeclineReferral => json!({ "referralId": id, "reason": reason }),
        CompleteReferral => json!({ "referralId": id, "body": body }),
        SetCaseNumber => json!({ "referralId": id, "caseNumber": "1" }),
        _ => json!({ "concernId": id, "expectedVersion": i32::MAX }),
    };
    let more = match command {
        ReplyToConcern | RequestFromMission | RespondToConcern | AddInternalEntry => json!({ "body": body }),
        WithdrawConcern | ReopenConcern | MarkConcern => json!({ "reason": reason }),
        SetSeverity => json!({ "severity": "LOW", "reason": reason }),
        AddEvidence => json!({ "name": "A photograph", "sha256": "0".repeat(64), "pointer": "safe 3" }),
        CloseConcern => json!({ "outcome": "CLOSED" }),
        ShareConcern => json!({ "agencyId": "agency_x", "reason": reason }),
        ReferConcern => json!({ "agencyId": "agency_x", "body": body }),
        _ => json!({}),
    };
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    input
}

fn advisory() -> Value {
    json!({ "urgency": "EXPECTED", "severity": "MINOR", "certainty": "LIKELY", "headline": "A headline",
        "body": "A body", "areas": ["nowhere"] })
}
