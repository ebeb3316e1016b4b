//! Every field of every type, in exactly one tier.
//!
//! `id` and `__typename` are not listed: whoever sees a row at all sees them. A field of the model that is not
//! here, or a line here without a field, fails a test that prints the line to add.

use super::{
    kind::Kind::{
        self, Acknowledgement, AdvanceNote, Advice, Advisory, Agency, Assignment, AuditEvent, Concern, Delegate, Entry,
        Evidence, Finding, Incident, IncidentEntry, Leg, Liaison, Mission, MissionChange, Person, PortCourtesy, Post,
        PostProgramme, Premises, ProgrammeReview, ProtectiveDetail, Referral, SecurityContact, SendingState, Share,
        Shift, Tour, Venue, Visit, VisitConflict, WeaponsNotice,
    },
    tier::Tier::{self, C, D, I, P, S},
};

/// The fields, by type and tier.
#[rustfmt::skip]
pub const FIELDS: &[(Kind, Tier, &[&str])] = &[
    (SendingState, D, &["iso2", "iso3", "name", "wikidataId", "recognition", "protectingPower", "missions", "posts", "visits"]),

    (Agency, D, &["name", "shortName", "kind", "level", "ori", "state", "sendingState", "jurisdictions", "liaisons", "persons"]),
    (Agency, C, &["watchPhone"]),
    (Agency, S, &["issuer", "audience", "tokenType", "algorithms", "keyIds", "jwksUri", "oidcDiscovery", "roleCeiling", "maxTokenLifetimeSeconds",
                  "requestsPerSecond", "costPerMinute", "stateWide", "missions", "suspendedAt"]),

    (Person, D, &["agency", "unit", "subject", "machine", "disabledAt"]),
    (Person, C, &["name", "deskPhone", "email"]),
    (Person, P, &["mobilePhone"]),
    (Person, S, &["sworn", "cfr28Certified", "grants"]),

    (Mission, D, &["type", "name", "sendingState", "parent", "accreditedTo", "city", "state", "countyFips",
                   "jurisdictionPrecision", "ofmRegion", "status", "website", "openedOn",
                   "constituents", "premises", "securityContacts", "liaisons", "concerns"]),
    (Mission, C, &["switchboard", "dutyPhone", "email", "latitude", "longitude"]),
    (Mission, P, &["guardPosture", "changes"]),
    (Mission, S, &["protectiveNeed"]),
    (Mission, I, &["analystNote", "sourceIds"]),

    // As deep as it takes to leave two who see it: the mission itself, and the officer responsible, who decides. That a
    // telephone is about to be another is of use to nobody before it is so, unless to who would answer at it.
    (MissionChange, P, &["mission", "status", "proposes", "switchboard", "dutyPhone", "email", "website",
                         "switchboardBefore", "dutyPhoneBefore", "emailBefore", "websiteBefore",
                         "proposedBy", "proposedAt", "decidedBy", "decidedAt", "reason"]),

    (Premises, D, &["kind", "mission"]),
    (Premises, C, &["address", "latitude", "longitude"]),

    (SecurityContact, D, &["function", "mission"]),
    (SecurityContact, C, &["name", "title", "workPhone", "workEmail", "isPrimary"]),
    (SecurityContact, P, &["afterHoursPhone"]),
    (SecurityContact, S, &["vettedUntil"]),

    (Liaison, D, &["agency", "unit"]),
    (Liaison, C, &["name", "deskPhone", "email", "missions"]),
    (Liaison, P, &["mobilePhone"]),
    (Liaison, S, &["sworn", "cfr28Certified"]),

    (Concern, D, &["reference", "kind", "category", "severity", "status", "mission", "tlp", "cui", "clock", "clockState",
                   "nextDueAt", "version", "openedAt"]),
    (Concern, C, &["title", "narrative", "occurredAt", "premises", "visit", "owner", "entries"]),
    (Concern, P, &["reporter", "originAgency", "subjects", "latitude", "longitude", "shares", "evidence"]),
    (Concern, S, &["referrals", "nibrsCode"]),
    (Concern, I, &["reporterPseudonym", "duplicateOf", "incidentArea"]),

    (Entry, C, &["concern", "kind", "audience", "tlp", "status", "severity", "body", "at"]),
    // As deep as the concern's reporter, who writes entries too: by them whoever may not read the one learned it.
    (Entry, P, &["author"]),

    (Referral, S, &["concern", "agency", "status", "caseNumber", "dueAt", "offeredAt"]),

    (Share, P, &["concern", "agency", "person", "tierCap", "tlpCap", "reason", "sharedAt", "expiresAt", "revokedAt"]),

    // As deep as the subjects and the place: it shows who did what and where, and what an agency holds of it.
    (Evidence, P, &["concern", "entry", "name", "sha256", "pointer", "tlp", "addedAt", "addedBy"]),

    // Who is addressed beside oneself, and who has said so, is for those who send it.
    (Advisory, D, &["msgType", "urgency", "severity", "certainty", "headline", "sentAt", "expiresAt", "supersedes", "supersededBy"]),
    (Advisory, C, &["body", "acknowledgements"]),
    (Advisory, I, &["audience"]),

    (Acknowledgement, C, &["advisory", "agency", "acknowledgedBy", "acknowledgedAt"]),

    // When a state's dignitary is in which city is told to whoever protects the state's missions; who it is, to those who
    // work with it. P holds lists alone, each of rows with an audience of their own: so that whoever is shown one leg of a
    // visit is shown no value of the others.
    (Visit, D, &["reference", "mission", "sendingState", "city", "arrivesOn", "departsOn", "status", "details"]),
    (Visit, C, &["principal", "rank", "announcedAt", "acceptedAt", "reason"]),
    (Visit, P, &["venues", "legs", "delegation", "portCourtesies", "weaponsNotices"]),
    (Visit, S, &["threatAssessment", "conflicts", "advanceNotes"]),
    (Venue, P, &["visit", "name", "kind", "address", "area", "latitude", "longitude"]),
    (Leg, P, &["visit", "kind", "venue", "area", "startsAt", "endsAt", "note"]),
    (Leg, S, &["route"]),
    (Delegate, P, &["visit", "name", "capacity", "addedAt"]),
    (PortCourtesy, P, &["visit", "direction", "port", "carrier", "at", "lateReason", "requestedBy", "requestedAt", "decision", "decidedBy",
                        "decidedAt", "reason"]),
    (WeaponsNotice, P, &["visit", "officer", "make", "serial", "route", "filedBy", "filedAt", "decision", "decidedBy", "decidedAt", "reason"]),
    // That two principals would meet is the business of whoever protects either. By decision it tells of the other visit no
    // more than that, and when: which visit that is its own tiers show.
    (VisitConflict, S, &["visit", "kind", "leg", "otherVisit", "startsAt", "endsAt", "foundAt"]),

    // Of a detail the mission whose visit it protects is told who leads it.
    (ProtectiveDetail, D, &["protectee", "visit", "status", "openedAt"]),
    (ProtectiveDetail, C, &["agentInCharge"]),
    (ProtectiveDetail, P, &["agencies", "assignments", "shifts", "coverageGaps", "restBreaches", "closedAt"]),
    (ProtectiveDetail, S, &["safeHaven"]),
    (Assignment, P, &["detail", "agent", "startsAt", "endsAt", "assignedAt"]),
    (Shift, P, &["detail", "agent", "role", "startsAt", "endsAt", "relieves"]),
    (AdvanceNote, S, &["visit", "leg", "author", "body", "at"]),

    // What was done, and how it was decided; then who did it, to which rows. Where it stands in its chain is for who keeps
    // watch over all: the places of the one chain of commands count what everybody does.
    (AuditEvent, D, &["at", "agency", "role", "operation", "decision", "code", "policyVersion"]),
    (AuditEvent, P, &["subject", "person", "rows", "grounds"]),
    (AuditEvent, S, &["writer", "sequence", "previousHash", "hash"]),

    // What a public directory prints; how to reach it, and who answers for its security, is for those who work with it.
    (Post, D, &["type", "name", "country", "city", "status", "website", "openedOn", "constituentOf", "constituents", "incidents"]),
    (Post, C, &["phone", "email", "latitude", "longitude", "regionalSecurityOfficers", "sourceIds",
                "chiefOfMission", "regionalSecurityOfficer", "deputies", "tours"]),
    // Whether a post is ready is told with its programmes; what is wanting, and what its chief was advised, with what would help
    // whoever means it harm.
    (Post, P, &["programmes", "reviews", "readiness"]),
    (Post, S, &["findings", "findingsReadiness", "advice", "emergencyPlan"]),
    (Tour, C, &["post", "capacity", "name", "startsOn", "endsOn"]),
    (PostProgramme, P, &["post", "kind", "reviewedOn", "outcome", "nextReviewOn", "endedOn", "reviews"]),
    (PostProgramme, S, &["findings"]),
    (ProgrammeReview, P, &["post", "programme", "reviewedOn", "outcome", "summary", "nextReviewOn", "recordedBy", "recordedAt"]),
    (Finding, S, &["post", "programme", "review", "severity", "body", "foundBy", "foundAt", "dueOn", "resolvedAt", "resolution"]),
    (Advice, S, &["post", "finding", "subject", "body", "givenTo", "advisedBy", "advisedAt", "decision", "decidedAt", "reason"]),

    // On the model of the concern: that something happened, what, and then to whom and where.
    (Incident, D, &["reference", "post", "setting", "category", "severity", "status", "tlp", "openedAt", "resolvedAt", "closedAt"]),
    (Incident, C, &["title", "narrative", "occurredAt", "entries"]),
    (Incident, P, &["reporter", "place"]),
    (IncidentEntry, C, &["incident", "kind", "status", "severity", "tlp", "body", "at"]),
    (IncidentEntry, P, &["author"]),
];

/// The tier of a field. `None` for a field that the list does not name: it is denied to everyone.
pub fn tier(kind: Kind, field: &str) -> Option<Tier> {
    FIELDS.iter().find(|(of, _, names)| *of == kind && names.contains(&field)).map(|(_, tier, _)| *tier)
}

/// The fields of a tier of a type.
pub fn of(kind: Kind, tier: Tier) -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(move |(of, at, _)| *of == kind && *at == tier).flat_map(|(_, _, names)| names.iter().copied())
}
