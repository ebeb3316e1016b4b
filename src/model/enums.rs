//! The closed lists. A list's order is the order in which its values sort.

use super::kit::EnumDef;

/// VCCR art. 1, VCDR, 22 CFR 4.2.
pub static MISSION_TYPE: EnumDef = EnumDef {
    name: "MissionType",
    description: "What a mission is (VCDR; VCCR art. 1; 22 CFR 4.2).",
    values: &[
        ("EMBASSY", "A diplomatic mission headed by an ambassador."),
        ("CONSULATE_GENERAL", "A consular post headed by a consul general."),
        ("CONSULATE", "A consular post headed by a consul."),
        ("VICE_CONSULATE", "A consular post headed by a vice-consul."),
        ("CONSULAR_AGENCY", "A consular post headed by a consular agent."),
        ("HONORARY_CONSULATE", "A post headed by an honorary consular officer (VCCR ch. III)."),
        ("PERMANENT_MISSION_UN", "A permanent mission to the United Nations."),
        ("PERMANENT_OBSERVER_MISSION", "A permanent observer mission to the United Nations."),
        ("PERMANENT_MISSION_OAS", "A permanent mission to the Organization of American States."),
        ("INTERNATIONAL_ORGANIZATION", "An international organisation with a seat here."),
        ("DELEGATION", "A delegation, as of the European Union."),
        ("APOSTOLIC_NUNCIATURE", "The mission of the Holy See."),
        ("INTERESTS_SECTION", "An office under a protecting power."),
        ("UNOFFICIAL_REPRESENTATIVE_OFFICE", "An office without diplomatic relations, as of the Taiwan Relations Act."),
        ("MISC_FOREIGN_GOVERNMENT_OFFICE", "Another office of a foreign government (22 CFR 4.2)."),
    ],
};

/// VCDR; VCCR art. 1 and 9; Taiwan Relations Act, 22 U.S.C. 3301 ff.
pub static POST_TYPE: EnumDef = EnumDef {
    name: "PostType",
    description: "What a post of the United States abroad is (VCDR; VCCR art. 1, 9).",
    values: &[
        ("EMBASSY", "A diplomatic mission headed by an ambassador."),
        ("EMBASSY_BRANCH_OFFICE", "An office of an embassy in another city."),
        ("CONSULATE_GENERAL", "A consular post headed by a consul general."),
        ("CONSULATE", "A consular post headed by a consul."),
        ("CONSULAR_AGENCY", "A consular post headed by a consular agent."),
        ("MISSION_TO_INTERNATIONAL_ORGANIZATION", "A mission or delegation to an international organisation."),
        ("INTERESTS_SECTION", "An office under a protecting power."),
        (
            "UNOFFICIAL_REPRESENTATIVE_OFFICE",
            "An office without diplomatic relations, as the American Institute in Taiwan (22 U.S.C. 3305).",
        ),
    ],
};

/// Whether a mission works.
pub static MISSION_STATUS: EnumDef = EnumDef {
    name: "MissionStatus",
    description: "Whether a mission works.",
    values: &[("OPEN", "It works."), ("SUSPENDED", "Its work is suspended."), ("CLOSED", "It was closed.")],
};

/// How closely a place is known.
pub static JURISDICTION_PRECISION: EnumDef = EnumDef {
    name: "JurisdictionPrecision",
    description: "How closely the place of a seat is known, and so whose jurisdiction is certain.",
    values: &[
        ("COUNTY", "The county is certain."),
        ("MULTI_COUNTY", "It lies in one of the five counties of New York City."),
        ("STATE", "Only the state is certain."),
    ],
};

/// What has become of a proposed change.
pub static MISSION_CHANGE_STATUS: EnumDef = EnumDef {
    name: "MissionChangeStatus",
    description: "What has become of a proposed change of a mission.",
    values: &[
        ("PROPOSED", "Nobody has decided."),
        ("ACCEPTED", "The mission is so since."),
        ("DECLINED", "Nothing came of it."),
    ],
};

/// VCDR art. 1(i), 30.
pub static PREMISES_KIND: EnumDef = EnumDef {
    name: "PremisesKind",
    description: "What premises are used for (VCDR art. 1(i), 30; VCCR art. 1(j)).",
    values: &[
        ("CHANCERY", "The main office of a diplomatic mission."),
        ("ANNEX", "Further offices."),
        ("CONSULAR", "Consular premises."),
        ("RESIDENCE_HOM", "The residence of the head of mission."),
        ("RESIDENCE_STAFF", "The residence of a member of the staff."),
        ("OTHER", "Other premises."),
    ],
};

/// What a contact does.
pub static CONTACT_FUNCTION: EnumDef = EnumDef {
    name: "ContactFunction",
    description: "What a security contact of a mission does.",
    values: &[
        ("CHIEF_OF_SECURITY", "Answers for the mission's security."),
        ("DUTY_OFFICER", "Reached outside office hours."),
        ("DEPUTY_CHIEF_OF_MISSION", "Second to the head of mission."),
        ("DEFENSE_ATTACHE", "The defence attaché."),
        ("POLICE_LIAISON", "A police attaché."),
        ("FACILITIES", "Buildings and guards."),
        ("OTHER", "Another function."),
    ],
};

/// What an agency is.
pub static AGENCY_KIND: EnumDef = EnumDef {
    name: "AgencyKind",
    description: "What an agency is.",
    values: &[
        ("MISSION", "A foreign mission, or several under one security office."),
        ("LAW_ENFORCEMENT", "A law enforcement agency of the United States."),
        ("DIPLOMATIC_SECURITY", "The Diplomatic Security Service."),
    ],
};

/// FBI Crime Data Explorer's types, and federal ones.
pub static AGENCY_LEVEL: EnumDef = EnumDef {
    name: "AgencyLevel",
    description: "At which level of government an agency works.",
    values: &[
        ("FEDERAL", "Federal."),
        ("STATE", "State police and other state agencies."),
        ("COUNTY", "Sheriffs and county police."),
        ("CITY", "City and town police."),
        ("UNIVERSITY", "University and college police."),
        ("TRIBAL", "Tribal police."),
        ("OTHER", "Another level, or not known."),
    ],
};

/// What a case is.
pub static CONCERN_KIND: EnumDef = EnumDef {
    name: "ConcernKind",
    description: "Whether something happened, is asked, or is feared.",
    values: &[
        ("PROBLEM", "Something happened or is happening."),
        ("QUESTION", "Something is asked."),
        ("CONCERN", "Something is feared or asked for."),
    ],
};

/// ISE-SAR functional standard 1.5.5 activities, and what missions ask for.
pub static CONCERN_CATEGORY: EnumDef = EnumDef {
    name: "ConcernCategory",
    description: "What it is about: the activities of the ISE-SAR functional standard written out, and what missions ask for.",
    values: &[
        ("AVIATION", "Aviation activity: lasers, drones, aircraft (ISE-SAR)."),
        ("CYBERATTACK", "Attack on information systems (ISE-SAR)."),
        ("ELICITATION", "Eliciting information beyond curiosity (ISE-SAR)."),
        ("EXPERTISE", "Acquiring unusual expertise (ISE-SAR)."),
        ("INTRUSION", "Breach or attempted intrusion (ISE-SAR)."),
        ("MATERIALS", "Acquiring or storing unusual materials (ISE-SAR)."),
        ("MISREPRESENTATION", "Misusing insignia, documents or identity (ISE-SAR)."),
        ("PHOTOGRAPHY", "Photography of infrequently used points (ISE-SAR)."),
        ("RECRUITING", "Building a team for suspicious ends (ISE-SAR)."),
        ("SABOTAGE", "Damaging or manipulating part of a facility (ISE-SAR)."),
        ("SECTOR", "An incident particular to a sector (ISE-SAR)."),
        ("SURVEILLANCE", "Observing with unusual interest (ISE-SAR)."),
        ("TESTING_SECURITY", "Probing security measures (ISE-SAR)."),
        ("THEFT", "Theft, loss or diversion (ISE-SAR)."),
        ("THREAT", "Expressed or implied threat (ISE-SAR)."),
        ("WEAPONS", "Collection or discovery of weapons (ISE-SAR)."),
        ("DEMONSTRATION", "A demonstration near premises."),
        ("BOMB_THREAT", "A bomb threat."),
        ("SUSPICIOUS_MAIL", "Suspicious mail or parcel."),
        ("HARASSMENT", "Harassment of staff or family."),
        ("VANDALISM", "Damage to premises or vehicles."),
        ("CRIME", "Another crime."),
        ("ESCORT_REQUEST", "An escort is asked for."),
        ("EVENT_SECURITY", "Security of an event."),
        ("BRIEFING_REQUEST", "A briefing is asked for."),
        ("IMMUNITY_QUESTION", "A question of privileges and immunities."),
        ("OTHER", "Something else."),
    ],
};

/// How bad, least first.
pub static SEVERITY: EnumDef = EnumDef {
    name: "Severity",
    description: "How bad it is; sorts from LOW to CRITICAL.",
    values: &[
        ("LOW", "To be answered in business hours."),
        ("MEDIUM", "To be answered within hours."),
        ("HIGH", "To be answered within the hour."),
        ("CRITICAL", "Life is in danger: to be answered within minutes."),
    ],
};

/// How a target of the response clock stands, or a clock as a whole.
pub static CLOCK_STATE: EnumDef = EnumDef {
    name: "ClockState",
    description: "How a target of the response clock stands, or the clock as a whole: by what is due next, and when nothing is, by what became of it.",
    values: &[
        ("BREACHED", "Past due and not met."),
        ("RUNNING", "Due, not yet past."),
        ("STOPPED", "The mission is waited for."),
        ("NOT_YET", "Nothing is owed yet."),
        ("MET", "Met in time."),
        ("MET_LATE", "Met, but late."),
        ("ENDED", "It ended before it was due."),
    ],
};

/// A concern's life.
pub static CONCERN_STATUS: EnumDef = EnumDef {
    name: "ConcernStatus",
    description: "Where a concern is in its life.",
    values: &[
        ("SUBMITTED", "Raised, not yet acknowledged."),
        ("ACKNOWLEDGED", "Received by the watch."),
        ("ASSIGNED", "Given to a liaison officer."),
        ("IN_PROGRESS", "Worked on."),
        ("AWAITING_MISSION", "Waiting for the mission; the response clock stands still."),
        ("REFERRED", "With another agency."),
        ("RESPONDED", "Answered."),
        ("RESOLVED", "Resolved."),
        ("CLOSED", "Closed."),
        ("WITHDRAWN", "Withdrawn by the mission."),
        ("DUPLICATE", "The same as another."),
        ("NOT_ACTIONABLE", "Nothing can be done, with a reason."),
    ],
};

/// FIRST TLP 2.0.
pub static TLP: EnumDef = EnumDef {
    name: "Tlp",
    description: "Traffic Light Protocol 2.0 (FIRST); sorts from CLEAR to RED.",
    values: &[
        ("CLEAR", "No limit on disclosure."),
        ("GREEN", "Limited to the community."),
        ("AMBER", "Limited to the organisation and those it serves; the default."),
        ("AMBER_STRICT", "Limited to the organisation."),
        ("RED", "For the named persons only."),
    ],
};

/// What an entry records.
pub static ENTRY_KIND: EnumDef = EnumDef {
    name: "EntryKind",
    description: "What an entry in a concern's log records.",
    values: &[
        ("COMMENT", "Something was said."),
        ("ACKNOWLEDGED", "It was acknowledged."),
        ("ASSIGNED", "It was assigned."),
        ("STATUS", "Its status changed."),
        ("SEVERITY", "Its severity changed."),
        ("MARKING", "Its marking changed."),
        ("REFERRAL", "It was referred, or a referral was answered."),
        ("SHARE", "It was shared, or a share was revoked."),
    ],
};

/// For whom an entry was written.
pub static ENTRY_AUDIENCE: EnumDef = EnumDef {
    name: "EntryAudience",
    description: "For whom an entry was written.",
    values: &[
        ("INTERNAL", "For the Diplomatic Security Service."),
        ("MISSION", "For the mission."),
        ("AGENCIES", "For named agencies, each without the other."),
    ],
};

/// For whom an officer replies.
pub static REPLY_AUDIENCE: EnumDef = EnumDef {
    name: "ReplyAudience",
    description: "For whom an officer writes.",
    values: &[("MISSION", "For the mission."), ("AGENCY", "For one agency, without the others.")],
};

/// For whom an officer adds evidence.
pub static EVIDENCE_AUDIENCE: EnumDef = EnumDef {
    name: "EvidenceAudience",
    description: "For whom an officer adds evidence.",
    values: &[
        ("INTERNAL", "For the Diplomatic Security Service."),
        ("MISSION", "For the mission."),
        ("AGENCY", "For one agency, without the others."),
    ],
};

/// How a concern is closed.
pub static CLOSE_OUTCOME: EnumDef = EnumDef {
    name: "CloseOutcome",
    description: "How a concern is closed.",
    values: &[
        ("CLOSED", "It was resolved."),
        ("DUPLICATE", "It is the same as another."),
        ("NOT_ACTIONABLE", "Nothing can be done, with a reason."),
    ],
};

/// How a referral stands.
pub static REFERRAL_STATUS: EnumDef = EnumDef {
    name: "ReferralStatus",
    description: "How a referral stands with the agency.",
    values: &[
        ("OFFERED", "Offered, not yet answered."),
        ("ACCEPTED", "Accepted."),
        ("DECLINED", "Declined: it opens nothing any more."),
        ("DONE", "Done."),
    ],
};

/// The eight capacities.
pub static ROLE: EnumDef = EnumDef {
    name: "Role",
    description: "In what capacity a principal asks.",
    values: &[
        ("MISSION_OFFICER", "A security official of a foreign mission."),
        ("LAW_ENFORCEMENT", "An officer or a machine of a partner law enforcement agency."),
        ("ANALYST", "A Diplomatic Security Service analyst."),
        ("LIAISON_OFFICER", "A Diplomatic Security Service protective liaison officer."),
        ("DETAIL_AGENT", "A Diplomatic Security Service agent on a protective detail."),
        ("REGIONAL_SECURITY_OFFICER", "A regional security officer at a US post abroad."),
        ("ADMINISTRATOR", "Keeps the registry; sees no content."),
        ("AUDITOR", "Reads the audit trail; sees nothing else."),
    ],
};

/// What the trail says of what was asked for.
pub static AUDIT_DECISION: EnumDef = EnumDef {
    name: "AuditDecision",
    description: "What was decided.",
    values: &[
        ("DONE", "It was done."),
        ("REPLAYED", "It had been done before, under the same idempotency key: nothing was done again."),
        ("READ", "It was read."),
        ("REFUSED", "It was refused."),
    ],
};

/// What an advisory is (OASIS CAP 1.2, 3.2.1).
pub static ADVISORY_MSG_TYPE: EnumDef = EnumDef {
    name: "AdvisoryMsgType",
    description: "What an advisory is (OASIS CAP 1.2, msgType).",
    values: &[
        ("ALERT", "A first word."),
        ("UPDATE", "In the place of an earlier one."),
        ("CANCEL", "Calls an earlier one off."),
    ],
};

/// What an advisory that supersedes another may be.
pub static SUPERSEDING_MSG_TYPE: EnumDef = EnumDef {
    name: "SupersedingMsgType",
    description: "What an advisory that supersedes another may be (OASIS CAP 1.2, msgType).",
    values: &[("UPDATE", "In the place of the earlier one."), ("CANCEL", "Calls the earlier one off.")],
};

/// When to act (OASIS CAP 1.2, 3.2.2).
pub static ADVISORY_URGENCY: EnumDef = EnumDef {
    name: "AdvisoryUrgency",
    description: "When to act (OASIS CAP 1.2, urgency).",
    values: &[
        ("IMMEDIATE", "At once."),
        ("EXPECTED", "Soon: within the next hour."),
        ("FUTURE", "In the near future."),
        ("PAST", "No longer."),
        ("UNKNOWN", "Not known."),
    ],
};

/// How bad it is (OASIS CAP 1.2, 3.2.2).
pub static ADVISORY_SEVERITY: EnumDef = EnumDef {
    name: "AdvisorySeverity",
    description: "How bad it is (OASIS CAP 1.2, severity).",
    values: &[
        ("EXTREME", "Extraordinary threat to life or property."),
        ("SEVERE", "Significant threat to life or property."),
        ("MODERATE", "Possible threat to life or property."),
        ("MINOR", "Minimal to no known threat to life or property."),
        ("UNKNOWN", "Not known."),
    ],
};

/// How sure it is (OASIS CAP 1.2, 3.2.2).
pub static ADVISORY_CERTAINTY: EnumDef = EnumDef {
    name: "AdvisoryCertainty",
    description: "How sure it is (OASIS CAP 1.2, certainty).",
    values: &[
        ("OBSERVED", "It has happened or is going on."),
        ("LIKELY", "More likely than not."),
        ("POSSIBLE", "Possible, but not likely."),
        ("UNLIKELY", "Not expected to happen."),
        ("UNKNOWN", "Not known."),
    ],
};
