//! The mutations of incidents.

use crate::{
    access::{Command, Kind},
    model::{
        enums::{CONCERN_CATEGORY, SEVERITY, TLP},
        incident::INCIDENT_SETTING,
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Line, Past, Text},
            id_of, may, maybe_one_of, must, one_of, row,
        },
    },
};

/// Characters of a title.
const NAME: usize = 200;
/// Characters of a reason or a place.
const REASON: usize = 2_000;
/// Characters of a story.
const STORY: usize = 20_000;

const POST: Given = id_of("postId", Kind::Post, "The post.");
const INCIDENT: Given = id_of("incidentId", Kind::Incident, "The incident.");
const SAID: Given = may("body", Scalar::String, Text(STORY), "What there is to say.");
const THE_POST: Payload = row("post", Kind::Post, "The post, as you see it now.");
const THE_INCIDENT: Payload = row("incident", Kind::Incident, "The incident, as you see it now.");

/// What is done about incidents.
pub(super) static OF_INCIDENTS: &[Mutation] = &[
    Mutation {
        command: Command::ReportIncident,
        description: "Reports what happened to people of a post, at work or at home.",
        input: &[
            POST,
            one_of("setting", &INCIDENT_SETTING, "At work or at home."),
            one_of("category", &CONCERN_CATEGORY, "What it is about."),
            one_of("severity", &SEVERITY, "How bad it is."),
            must("title", Scalar::String, Line(NAME), "In one line."),
            must("narrative", Scalar::String, Text(STORY), "What happened."),
            may("occurredAt", Scalar::DateTime, Past, "When it happened."),
            may("place", Scalar::String, Line(REASON), "Where it happened."),
            maybe_one_of("tlp", &TLP, "Its TLP marking; AMBER when not given. One that is RED is for you alone."),
        ],
        payload: &[THE_POST, THE_INCIDENT],
    },
    Mutation {
        command: Command::CommentOnIncident,
        description: "Says something in the log of an incident that is not closed.",
        input: &[INCIDENT, must("body", Scalar::String, Text(STORY), "What is said.")],
        payload: &[THE_INCIDENT],
    },
    Mutation {
        command: Command::StartIncident,
        description: "Begins to work on an incident that was reported, or again on one that was resolved.",
        input: &[INCIDENT, SAID],
        payload: &[THE_INCIDENT],
    },
    Mutation {
        command: Command::ResolveIncident,
        description: "Says that an incident is resolved.",
        input: &[INCIDENT, must("body", Scalar::String, Text(STORY), "How.")],
        payload: &[THE_INCIDENT],
    },
    Mutation {
        command: Command::CloseIncident,
        description: "Closes an incident that is resolved.",
        input: &[INCIDENT, SAID],
        payload: &[THE_INCIDENT],
    },
    Mutation {
        command: Command::ReopenIncident,
        description: "Takes up again an incident that was closed, within 30 days.",
        input: &[INCIDENT, must("body", Scalar::String, Text(STORY), "Why.")],
        payload: &[THE_INCIDENT],
    },
    Mutation {
        command: Command::SetIncidentSeverity,
        description: "Changes how bad an incident that is not closed is.",
        input: &[
            INCIDENT,
            one_of("severity", &SEVERITY, "How bad it is."),
            must("body", Scalar::String, Text(STORY), "Why."),
        ],
        payload: &[THE_INCIDENT],
    },
    Mutation {
        command: Command::MarkIncident,
        description: "Changes the TLP marking of an incident. What was written under a stricter one stays under it.",
        input: &[
            INCIDENT,
            one_of("tlp", &TLP, "The marking. One that is RED is for who reported it alone."),
            may(
                "consent",
                Scalar::String,
                Text(REASON),
                "The consent of who reported it as it was given: by whom, when and how. Needed to loosen the marking, unless you reported it.",
            ),
            may("body", Scalar::String, Text(STORY), "Why."),
        ],
        payload: &[THE_INCIDENT],
    },
];
