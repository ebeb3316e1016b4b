//! The policy's prose, written down once more by hand: which tier a field is in, and what a role can reach at most.
//! Neither is read off `access`: a slip there shows as a disagreement here.

use chancery::{
    access::{Kind, Role},
    model::{self, kit::Field},
};

/// Type, tier, fields.
#[rustfmt::skip]
const TIERS: &[(Kind, char, &str)] = &[
    (Kind::SendingState,    'D', "iso2 iso3 name wikidataId recognition protectingPower missions posts visits"),
    (Kind::Agency,          'D', "name shortName kind level ori state sendingState jurisdictions liaisons persons"),
    (Kind::Agency,          'C', "watchPhone"),
    (Kind::Agency,          'S', "issuer audience tokenType algorithms keyIds jwksUri oidcDiscovery roleCeiling maxTokenLifetimeSeconds requestsPerSecond costPerMinute stateWide missions suspendedAt"),
    (Kind::Person,          'D', "agency unit subject machine disabledAt"),
    (Kind::Person,          'C', "name deskPhone email"),
    (Kind::Person,          'P', "mobilePhone"),
    (Kind::Person,          'S', "sworn cfr28Certified grants"),
    (Kind::Mission,         'D', "type name sendingState parent accreditedTo city state countyFips jurisdictionPrecision ofmRegion status website openedOn constituents premises securityContacts liaisons concerns"),
    (Kind::Mission,         'C', "switchboard dutyPhone email latitude longitude"),
    (Kind::Mission,         'P', "guardPosture changes"),
    (Kind::Mission,         'S', "protectiveNeed"),
    (Kind::Mission,         'I', "analystNote sourceIds"),
    (Kind::Premises,        'D', "kind mission"),
    (Kind::Premises,        'C', "address latitude longitude"),
    (Kind::SecurityContact, 'D', "function mission"),
    (Kind::SecurityContact, 'C', "name title workPhone workEmail isPrimary"),
    (Kind::SecurityContact, 'P', "afterHoursPhone"),
    (Kind::SecurityContact, 'S', "vettedUntil"),
    (Kind::Liaison,         'D', "agency unit"),
    (Kind::Liaison,         'C', "name deskPhone email missions"),
    (Kind::Liaison,         'P', "mobilePhone"),
    (Kind::Liaison,         'S', "sworn cfr28Certified"),
    (Kind::Concern,         'D', "reference kind category severity status mission tlp cui clock clockState nextDueAt version openedAt"),
    (Kind::Concern,         'C', "title narrative occurredAt premises visit owner entries"),
    (Kind::Concern,         'P', "reporter originAgency subjects latitude longitude shares evidence"),
    (Kind::Concern,         'S', "referrals nibrsCode"),
    (Kind::Concern,         'I', "reporterPseudonym duplicateOf incidentArea"),
    (Kind::Entry,           'C', "concern kind audience tlp status severity body at"),
    (Kind::Entry,           'P', "author"),
    (Kind::Referral,        'S', "concern agency status caseNumber dueAt offeredAt"),
    (Kind::Share,           'P', "concern agency person tierCap tlpCap reason sharedAt expiresAt revokedAt"),
    (Kind::Evidence,        'P', "concern entry name sha256 pointer tlp addedAt addedBy"),
    (Kind::Advisory,        'D', "msgType urgency severity certainty headline sentAt expiresAt supersedes supersededBy"),
    (Kind::Advisory,        'C', "body acknowledgements"),
    (Kind::Advisory,        'I', "audience"),
    (Kind::Acknowledgement, 'C', "advisory agency acknowledgedBy acknowledgedAt"),
    (Kind::MissionChange,   'P', "mission status proposes switchboard dutyPhone email website switchboardBefore dutyPhoneBefore emailBefore websiteBefore proposedBy proposedAt decidedBy decidedAt reason"),
    (Kind::Visit,           'D', "reference mission sendingState city arrivesOn departsOn status details"),
    (Kind::Visit,           'C', "principal rank announcedAt acceptedAt reason"),
    (Kind::Visit,           'P', "venues legs delegation portCourtesies weaponsNotices"),
    (Kind::Visit,           'S', "threatAssessment conflicts advanceNotes"),
    (Kind::Venue,           'P', "visit name kind address area latitude longitude"),
    (Kind::Leg,             'P', "visit kind venue area startsAt endsAt note"),
    (Kind::Leg,             'S', "route"),
    (Kind::Delegate,        'P', "visit name capacity addedAt"),
    (Kind::PortCourtesy,    'P', "visit direction port carrier at lateReason requestedBy requestedAt decision decidedBy decidedAt reason"),
    (Kind::WeaponsNotice,   'P', "visit officer make serial route filedBy filedAt decision decidedBy decidedAt reason"),
    (Kind::VisitConflict,   'S', "visit kind leg otherVisit startsAt endsAt foundAt"),
    (Kind::AdvanceNote,     'S', "visit leg author body at"),
    (Kind::ProtectiveDetail, 'D', "protectee visit status openedAt"),
    (Kind::ProtectiveDetail, 'C', "agentInCharge"),
    (Kind::ProtectiveDetail, 'P', "agencies assignments shifts coverageGaps restBreaches closedAt"),
    (Kind::ProtectiveDetail, 'S', "safeHaven"),
    (Kind::Assignment,      'P', "detail agent startsAt endsAt assignedAt"),
    (Kind::Shift,           'P', "detail agent role startsAt endsAt relieves"),
    (Kind::AuditEvent,      'D', "at agency role operation decision code policyVersion"),
    (Kind::AuditEvent,      'P', "subject person rows grounds"),
    (Kind::AuditEvent,      'S', "writer sequence previousHash hash"),
    (Kind::Post,            'D', "type name country city status website openedOn constituentOf constituents incidents"),
    (Kind::Post,            'C', "phone email latitude longitude regionalSecurityOfficers sourceIds chiefOfMission regionalSecurityOfficer deputies tours"),
    (Kind::Post,            'P', "programmes reviews readiness"),
    (Kind::Post,            'S', "findings findingsReadiness advice emergencyPlan"),
    (Kind::Tour,            'C', "post capacity name startsOn endsOn"),
    (Kind::PostProgramme,   'P', "post kind reviewedOn outcome nextReviewOn endedOn reviews"),
    (Kind::PostProgramme,   'S', "findings"),
    (Kind::ProgrammeReview, 'P', "post programme reviewedOn outcome summary nextReviewOn recordedBy recordedAt"),
    (Kind::Finding,         'S', "post programme review severity body foundBy foundAt dueOn resolvedAt resolution"),
    (Kind::Advice,          'S', "post finding subject body givenTo advisedBy advisedAt decision decidedAt reason"),
    (Kind::Incident,        'D', "reference post setting category severity status tlp openedAt resolvedAt closedAt"),
    (Kind::Incident,        'C', "title narrative occurredAt entries"),
    (Kind::Incident,        'P', "reporter place"),
    (Kind::IncidentEntry,   'C', "incident kind status severity tlp body at"),
    (Kind::IncidentEntry,   'P', "author"),
];

/// The deepest that a role sees of a type in any situation; a type that is not named is not in its schema.
#[rustfmt::skip]
const REACH: &[(Role, &str)] = &[
    (Role::MissionOfficer,          "SendingState=D Agency=D Mission=DCP Premises=DC SecurityContact=DCP Liaison=DC Concern=DCP Entry=CP Share=P Evidence=P Advisory=DC Acknowledgement=C MissionChange=P Visit=DCP Venue=P Leg=P Delegate=P PortCourtesy=P WeaponsNotice=P ProtectiveDetail=DC AuditEvent=DP"),
    (Role::LawEnforcement,          "SendingState=D Agency=DC Mission=DC Premises=DC SecurityContact=DC Liaison=DCPS Concern=DCPS Entry=CP Referral=S Share=P Evidence=P Advisory=DC Acknowledgement=C Visit=DCPS Venue=P Leg=PS Delegate=P PortCourtesy=P WeaponsNotice=P VisitConflict=S AdvanceNote=S ProtectiveDetail=DCP Assignment=P Shift=P AuditEvent=DP"),
    (Role::Analyst,                 "SendingState=D Agency=DC Mission=DCSI Premises=DC SecurityContact=DC Liaison=DC Concern=DCSI Entry=C Referral=S Post=DCP Tour=C PostProgramme=P ProgrammeReview=P Incident=DC IncidentEntry=C Advisory=DCI Acknowledgement=C Visit=DC ProtectiveDetail=D"),
    (Role::LiaisonOfficer,          "SendingState=D Agency=DC Mission=DCPSI Premises=DC SecurityContact=DCPS Liaison=DCPS Concern=DCPSI Entry=CP Referral=S Share=P Evidence=P Post=D Advisory=DCI Acknowledgement=C MissionChange=P Visit=DCPS Venue=P Leg=PS Delegate=P PortCourtesy=P WeaponsNotice=P VisitConflict=S AdvanceNote=S ProtectiveDetail=D AuditEvent=DP"),
    (Role::DetailAgent,             "SendingState=D Agency=DC Mission=DC Premises=DC SecurityContact=DC Liaison=DCP Concern=DCS Entry=C Referral=S Advisory=DC Acknowledgement=C Visit=DCPS Venue=P Leg=PS Delegate=P PortCourtesy=P WeaponsNotice=P VisitConflict=S AdvanceNote=S ProtectiveDetail=DCPS Assignment=P Shift=P AuditEvent=DP"),
    (Role::RegionalSecurityOfficer, "SendingState=D Agency=D Mission=DC Premises=DC SecurityContact=DC Concern=DCS Entry=C Referral=S Post=DCPS Tour=C PostProgramme=PS ProgrammeReview=P Finding=S Advice=S Incident=DCP IncidentEntry=CP Advisory=DC Acknowledgement=C Visit=DC AuditEvent=DP"),
    (Role::Administrator,           "SendingState=D Agency=DS Person=D Mission=D"),
    (Role::Auditor,                 "AuditEvent=DPS"),
];

/// The tier of a field; `-` if the prose does not name it.
pub fn tier(kind: Kind, field: &str) -> char {
    let named = TIERS.iter().find(|(of, _, fields)| *of == kind && fields.split(' ').any(|name| name == field));
    named.map_or('-', |(_, tier, _)| *tier)
}

/// The tiers that the type has fields in, shallow to deep, with the fields.
pub fn tiers(kind: Kind) -> impl Iterator<Item = (char, Vec<&'static str>)> {
    TIERS.iter().filter(move |(of, _, _)| *of == kind).map(|(_, tier, fields)| (*tier, fields.split(' ').collect()))
}

/// The deepest that a role sees of a type; `None` if the type is not in its schema.
pub fn reach(role: Role, kind: Kind) -> Option<&'static str> {
    let (_, line) = REACH.iter().find(|(of, _)| *of == role).expect("every role has a line");
    line.split_whitespace().filter_map(|part| part.split_once('=')).find(|(name, _)| *name == kind.name()).map(|p| p.1)
}

/// Whether a field stands in the role's schema: its tier can be reached, and the type that it leads to.
pub fn has_field(role: Role, kind: Kind, field: &Field) -> bool {
    reach(role, kind).is_some_and(|tiers| tiers.contains(tier(kind, field.name)))
        && field.shape.target().is_none_or(|to| reach(role, to).is_some())
}

/// The fields of a type that stand in the role's schema.
pub fn fields(role: Role, kind: Kind) -> Vec<&'static Field> {
    model::definition(kind).fields.iter().filter(|field| has_field(role, kind, field)).collect()
}
