//! The mutations of advisories.

use crate::{
    access::{Command, Kind},
    model::{
        enums::{ADVISORY_CERTAINTY, ADVISORY_SEVERITY, ADVISORY_URGENCY, MISSION_TYPE, SUPERSEDING_MSG_TYPE},
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Ahead, Any, Line, Text},
            id_of, may, may_list, may_list_ids, may_list_of, must, one_of, row,
        },
    },
};

/// Characters of a headline, as CAP recommends.
const HEADLINE: usize = 160;
/// Characters of a body.
const BODY: usize = 20_000;
/// States, or areas, that are named at most, and characters of each.
const NAMED: (usize, usize) = (200, 64);

const ADVISORY: Given = id_of("advisoryId", Kind::Advisory, "The advisory.");
const URGENCY: Given = one_of("urgency", &ADVISORY_URGENCY, "When to act.");
const SEVERITY: Given = one_of("severity", &ADVISORY_SEVERITY, "How bad it is.");
const CERTAINTY: Given = one_of("certainty", &ADVISORY_CERTAINTY, "How sure it is.");
const TITLE: Given = must("headline", Scalar::String, Line(HEADLINE), "In one line.");
const TEXT: Given = must("body", Scalar::String, Text(BODY), "What it says, and what to do.");
const EXPIRES: Given = may(
    "expiresAt",
    Scalar::DateTime,
    Ahead,
    "The first instant at which it no longer holds; until it is superseded when not given. It can be read after it.",
);
const STATES: Given = may_list_ids(
    "sendingStateIds",
    NAMED,
    "To the missions of these sending states. Who is meant by one list is meant.",
);
const AREAS: Given = may_list(
    "areas",
    NAMED,
    "To law enforcement whose confirmed areas hold one of these or lie in it, and to missions whose seat lies in it: a county (FIPS 6-4), `NYC`, a state (ISO 3166-2), or `US`.",
);
const TYPES: Given = may_list_of("missionTypes", &MISSION_TYPE, "To missions of these types.");
const MISSIONS: Given = may("allMissions", Scalar::Boolean, Any, "Whether it is to all missions.");
const POLICE: Given = may("allLawEnforcement", Scalar::Boolean, Any, "Whether it is to all law enforcement.");
const THE_ADVISORY: Payload = row("advisory", Kind::Advisory, "The advisory, as you see it now.");

/// What is done about advisories.
pub(super) static OF_ADVISORIES: &[Mutation] = &[
    Mutation {
        command: Command::IssueAdvisory,
        description: "Sends an advisory. Nobody is addressed who is not named: with no state, area, type and not all of missions or law enforcement it is for the Diplomatic Security Service alone.",
        input: &[URGENCY, SEVERITY, CERTAINTY, TITLE, TEXT, EXPIRES, STATES, AREAS, TYPES, MISSIONS, POLICE],
        payload: &[THE_ADVISORY],
    },
    Mutation {
        command: Command::SupersedeAdvisory,
        description: "Sends an advisory in the place of another: to all to whom that was addressed, so that nobody goes on believing it, and to whom is named besides. Once for each; a second time it is a CONFLICT.",
        input: &[
            ADVISORY,
            one_of("msgType", &SUPERSEDING_MSG_TYPE, "Whether it updates the other or calls it off."),
            URGENCY,
            SEVERITY,
            CERTAINTY,
            TITLE,
            TEXT,
            EXPIRES,
            STATES,
            AREAS,
            TYPES,
            MISSIONS,
            POLICE,
        ],
        payload: &[THE_ADVISORY],
    },
    Mutation {
        command: Command::AcknowledgeAdvisory,
        description: "Says that your agency has it, once for all of you: a second time, or once it is superseded, it is a CONFLICT. What has expired can still be acknowledged.",
        input: &[ADVISORY],
        payload: &[
            THE_ADVISORY,
            row("acknowledgement", Kind::Acknowledgement, "The acknowledgement, as you see it now."),
        ],
    },
];
