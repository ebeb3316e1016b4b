//! The mutations of a concern's life.

use crate::{
    access::{Command, Kind},
    model::{
        enums::{CLOSE_OUTCOME, CONCERN_CATEGORY, CONCERN_KIND, EVIDENCE_AUDIENCE, REPLY_AUDIENCE, SEVERITY, TLP},
        kit::Scalar,
        mutation::{
            Given, Holds, Mutation, Payload,
            Rule::{Ahead, Any, Banner, Id, Line, Past, Sha256, Text, Tiers, Within},
            id_of, may, may_list, maybe_one_of, must, one_of, row,
        },
    },
};

/// Characters of a title.
const TITLE: usize = 200;
/// Characters of a narrative or an entry.
const STORY: usize = 20_000;
/// Characters of a reason.
const REASON: usize = 2_000;
/// Characters of a name.
const NAME: usize = 200;
/// Characters of a pointer.
const POINTER: usize = 2_000;

/// Whom to call, and when to call somebody else first.
const NOTICE: &str = "Where life is in danger, call 911 first, then the watch.";

const CONCERN: Given = id_of("concernId", Kind::Concern, "The concern.");
const REFERRAL: Given = id_of("referralId", Kind::Referral, "The referral.");
const BODY: Given = must("body", Scalar::String, Text(STORY), "What is said.");
const MARKED: Given =
    maybe_one_of("tlp", &TLP, "The marking of the entry, not below the concern's; the concern's when not given.");
const WHY: Given = must("reason", Scalar::String, Line(REASON), "Why.");
const CONSENT: Given = may(
    "consent",
    Scalar::String,
    Text(REASON),
    "The originator's consent as it was given: by whom, when and how. Needed to loosen a marking, and to show what is AMBER_STRICT or RED outside the Diplomatic Security Service.",
);
const THE_CONCERN: Payload = row("concern", Kind::Concern, "The concern, as you see it now.");
const THE_REFERRAL: Payload = row("referral", Kind::Referral, "The referral, as you see it now.");

/// What is done about concerns.
pub(super) static OF_CONCERNS: &[Mutation] = &[
    Mutation {
        command: Command::RaiseConcern,
        description: "Raises a problem, question or concern about a mission. Where life is in danger, call 911 first.",
        input: &[
            id_of("missionId", Kind::Mission, "The mission it is about."),
            one_of("kind", &CONCERN_KIND, "Whether something happened, is asked, or is feared."),
            one_of("category", &CONCERN_CATEGORY, "What it is about."),
            one_of("severity", &SEVERITY, "How bad it is."),
            must("title", Scalar::String, Line(TITLE), "In one line."),
            must("narrative", Scalar::String, Text(STORY), "What happened, in your words."),
            may("occurredAt", Scalar::DateTime, Past, "When it happened."),
            may("premisesId", Scalar::Id, Id(Kind::Premises), "The premises of the mission where it happened."),
            may(
                "latitude",
                Scalar::Float,
                Within(-90, 90),
                "Latitude of the place, degrees, WGS 84; with `longitude`.",
            ),
            may(
                "longitude",
                Scalar::Float,
                Within(-180, 180),
                "Longitude of the place, degrees, WGS 84; with `latitude`.",
            ),
            may_list("subjects", (50, NAME), "Whom it concerns, as far as known."),
            may("visitId", Scalar::Id, Id(Kind::Visit), "The visit it has to do with."),
            maybe_one_of("tlp", &TLP, "Its TLP marking; AMBER when not given."),
        ],
        payload: &[
            THE_CONCERN,
            Payload {
                name: "watchPhone",
                description: "The watch of the Diplomatic Security Service, round the clock.",
                holds: Holds::WatchPhone,
            },
            Payload { name: "notice", description: "Whom to call first.", holds: Holds::Notice(NOTICE) },
        ],
    },
    Mutation {
        command: Command::ReplyToConcern,
        description: "Says something: a mission to the Diplomatic Security Service, an agency to it, an officer to whom is named. A mission's reply ends AWAITING_MISSION.",
        input: &[
            CONCERN,
            BODY,
            maybe_one_of(
                "audience",
                &REPLY_AUDIENCE,
                "For whom an officer writes: who raised the concern when not given. Others write for the Diplomatic Security Service and their own.",
            ),
            may(
                "agencyId",
                Scalar::Id,
                Id(Kind::Agency),
                "With the audience AGENCY: for which one; it must have the concern by a share or a referral.",
            ),
            MARKED,
        ],
        payload: &[THE_CONCERN, ENTRY],
    },
    Mutation {
        command: Command::WithdrawConcern,
        description: "Takes back a concern that is not resolved.",
        input: &[CONCERN, WHY],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::ReopenConcern,
        description: "Takes up again what was closed at most 30 days ago.",
        input: &[CONCERN, WHY],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::AcknowledgeConcern,
        description: "Says that it was received.",
        input: &[CONCERN, may("body", Scalar::String, Text(STORY), "A word to the mission.")],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::AssignConcern,
        description: "Gives it to a liaison officer, or to another one.",
        input: &[
            CONCERN,
            may(
                "officer",
                Scalar::String,
                Line(255),
                "The officer, by the subject under which your agency enrolled them; yourself when not given.",
            ),
            may("body", Scalar::String, Text(STORY), "A word to the officer; internal."),
        ],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::StartConcern,
        description: "Begins, or goes on, to work on it.",
        input: &[CONCERN],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::RequestFromMission,
        description: "Asks the mission for something; until it replies, the response clock stands still.",
        input: &[CONCERN, BODY, MARKED],
        payload: &[THE_CONCERN, ENTRY],
    },
    Mutation {
        command: Command::RespondToConcern,
        description: "Answers the mission.",
        input: &[CONCERN, BODY, MARKED],
        payload: &[THE_CONCERN, ENTRY],
    },
    Mutation {
        command: Command::ResolveConcern,
        description: "Says that it is resolved.",
        input: &[CONCERN, may("body", Scalar::String, Text(STORY), "A word to the mission.")],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::CloseConcern,
        description: "Closes it: what is resolved as CLOSED, what is open as DUPLICATE or NOT_ACTIONABLE.",
        input: &[
            CONCERN,
            one_of("outcome", &CLOSE_OUTCOME, "How it ends."),
            may("reason", Scalar::String, Text(REASON), "Why; needed for NOT_ACTIONABLE. The mission reads it."),
            may(
                "duplicateOfId",
                Scalar::Id,
                Id(Kind::Concern),
                "For DUPLICATE: of which concern; only the Diplomatic Security Service reads which.",
            ),
        ],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::MarkConcern,
        description: "Changes its TLP marking, its CUI banner, or both. What grows stricter closes at once.",
        input: &[
            CONCERN,
            maybe_one_of("tlp", &TLP, "The TLP marking."),
            may("cui", Scalar::String, Banner, "The CUI banner (32 CFR 2002)."),
            may("clearCui", Scalar::Boolean, Any, "Whether the CUI banner is taken away."),
            WHY,
            CONSENT,
        ],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::LinkConcernToVisit,
        description: "Says with which visit a concern has to do; null: with none. Whoever reads the concern learns of the visit what they see of it.",
        input: &[CONCERN, may("visitId", Scalar::Id, Id(Kind::Visit), "The visit.")],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::SetSeverity,
        description: "Changes how bad it is; the response clock follows.",
        input: &[CONCERN, one_of("severity", &SEVERITY, "How bad it is."), WHY],
        payload: &[THE_CONCERN],
    },
    Mutation {
        command: Command::AddInternalEntry,
        description: "Writes for the Diplomatic Security Service alone.",
        input: &[CONCERN, BODY, MARKED],
        payload: &[THE_CONCERN, ENTRY],
    },
    Mutation {
        command: Command::AddEvidence,
        description: "Says of a piece of evidence what it is, its hash, and where it lies; its bytes are not taken. The log says that there is one. It is neither a reply nor an answer: AWAITING_MISSION and the response clock go on.",
        input: &[
            CONCERN,
            must("name", Scalar::String, Line(NAME), "What it is."),
            must("sha256", Scalar::String, Sha256, "SHA-256 of its bytes (FIPS 180-4), hexadecimal."),
            must(
                "pointer",
                Scalar::String,
                Line(POINTER),
                "Where it lies: a URL, or whatever you find it by. It is kept as it is and never followed.",
            ),
            maybe_one_of(
                "audience",
                &EVIDENCE_AUDIENCE,
                "For whom an officer adds it: INTERNAL when not given. Others add for the Diplomatic Security Service and their own.",
            ),
            may(
                "agencyId",
                Scalar::Id,
                Id(Kind::Agency),
                "With the audience AGENCY: for which one; it must have the concern by a share or a referral.",
            ),
            maybe_one_of("tlp", &TLP, "Its marking, not below the concern's; the concern's when not given."),
        ],
        payload: &[THE_CONCERN, row("evidence", Kind::Evidence, "The evidence, as you see it now."), ENTRY],
    },
    Mutation {
        command: Command::ShareConcern,
        description: "Shows it to an agency or to one person, to a depth, up to a marking, until an instant.",
        input: &[
            CONCERN,
            id_of("agencyId", Kind::Agency, "The agency."),
            may(
                "person",
                Scalar::String,
                Line(255),
                "One person of the agency, by the subject under which it enrolled them; the whole agency when not given.",
            ),
            may("tiers", Scalar::String, Tiers, "The tiers it opens at most; DC when not given."),
            maybe_one_of(
                "tlpCap",
                &TLP,
                "It sleeps while the concern is marked above this; the present marking when not given.",
            ),
            may("expiresAt", Scalar::DateTime, Ahead, "When it ends."),
            WHY,
            CONSENT,
        ],
        payload: &[THE_CONCERN, row("share", Kind::Share, "The share, as you see it now.")],
    },
    Mutation {
        command: Command::RevokeShare,
        description: "Ends a share at once.",
        input: &[id_of("shareId", Kind::Share, "The share."), WHY],
        payload: &[THE_CONCERN, row("share", Kind::Share, "The share, as you see it now.")],
    },
    Mutation {
        command: Command::ReferConcern,
        description: "Offers it to an agency to act on.",
        input: &[
            CONCERN,
            id_of("agencyId", Kind::Agency, "The agency."),
            must("body", Scalar::String, Text(STORY), "What it is asked to do."),
            may("dueAt", Scalar::DateTime, Ahead, "When an answer is due."),
            CONSENT,
        ],
        payload: &[THE_CONCERN, THE_REFERRAL],
    },
    Mutation {
        command: Command::AcceptReferral,
        description: "Takes a referral on.",
        input: &[
            REFERRAL,
            may("caseNumber", Scalar::String, Line(64), "Your own number of the case."),
            may("body", Scalar::String, Text(STORY), "A word to the Diplomatic Security Service."),
        ],
        payload: &[THE_CONCERN, THE_REFERRAL],
    },
    Mutation {
        command: Command::DeclineReferral,
        description: "Turns a referral down: it opens nothing any more.",
        input: &[REFERRAL, WHY],
        payload: &[THE_CONCERN, THE_REFERRAL],
    },
    Mutation {
        command: Command::CompleteReferral,
        description: "Says that what was asked is done.",
        input: &[REFERRAL, must("body", Scalar::String, Text(STORY), "What was done.")],
        payload: &[THE_CONCERN, THE_REFERRAL],
    },
    Mutation {
        command: Command::SetCaseNumber,
        description: "Sets your own number of the case.",
        input: &[REFERRAL, must("caseNumber", Scalar::String, Line(64), "The number.")],
        payload: &[THE_CONCERN, THE_REFERRAL],
    },
];

const ENTRY: Payload = row("entry", Kind::Entry, "The entry, as you see it now.");
