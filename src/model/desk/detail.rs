//! The mutations of protective details.

use crate::{
    access::{Command, Kind},
    model::{
        detail::SHIFT_ROLE,
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Any, Claim, Id, Line, Text},
            id_of, may, must, one_of, row,
        },
    },
};

/// Characters of a place.
const PLACE: usize = 2_000;
/// Characters of a note.
const STORY: usize = 20_000;

const DETAIL: Given = id_of("detailId", Kind::ProtectiveDetail, "The detail.");
const LEADER: Given = must("agentInCharge", Scalar::String, Claim, "Who leads it: the subject of a detail agent.");
const AGENT: Given = must(
    "agent",
    Scalar::String,
    Claim,
    "Who: the subject of a detail agent, or of somebody of a supporting agency with its `agencyId`.",
);
const OF: Given = may(
    "agencyId",
    Scalar::Id,
    Id(Kind::Agency),
    "Of which supporting agency, unless it is the Diplomatic Security Service.",
);
const PARTNER: Given = id_of("agencyId", Kind::Agency, "The agency: one of law enforcement.");
const STARTS: Given = must("startsAt", Scalar::DateTime, Any, "The first instant.");
const ENDS: Given = must("endsAt", Scalar::DateTime, Any, "The first instant after, at most 24 hours later.");
const THE_DETAIL: Payload = row("detail", Kind::ProtectiveDetail, "The detail, as you see it now.");
const THE_ASSIGNMENT: Payload = row("assignment", Kind::Assignment, "The assignment, as you see it now.");
const THE_SHIFT: Payload = row("shift", Kind::Shift, "The shift that begins, as you see it now.");

/// What is done about details.
pub(super) static OF_DETAILS: &[Mutation] = &[
    Mutation {
        command: Command::OpenDetail,
        description: "Opens the detail of a visit that was accepted, under an agent in charge, who is on it for the days of the visit and assigns the others. A visit has one open detail at a time.",
        input: &[id_of("visitId", Kind::Visit, "The visit."), LEADER],
        payload: &[row("visit", Kind::Visit, "The visit, as you see it now."), THE_DETAIL],
    },
    Mutation {
        command: Command::CloseDetail,
        description: "Closes a detail: who is on it is so no longer, and 72 hours later it is closed to them; an assignment that has not begun is deleted. A shift that is not over is a CONFLICT, unless the visit is at an end: then it ends now, and one that has not begun is deleted.",
        input: &[DETAIL],
        payload: &[THE_DETAIL],
    },
    Mutation {
        command: Command::HandOverDetail,
        description: "Gives a detail another agent in charge: a detail agent who is assigned to it, now or later.",
        input: &[DETAIL, LEADER],
        payload: &[THE_DETAIL],
    },
    Mutation {
        command: Command::SetSafeHaven,
        description: "Says where the protectee is brought when all else fails; null takes it away.",
        input: &[DETAIL, may("safeHaven", Scalar::String, Line(PLACE), "The place.")],
        payload: &[THE_DETAIL],
    },
    Mutation {
        command: Command::AssignAgent,
        description: "Assigns somebody to a detail. It opens the detail, and what that protects, to them from 168 hours before until 72 hours after.",
        input: &[
            DETAIL,
            AGENT,
            OF,
            STARTS,
            may("endsAt", Scalar::DateTime, Any, "The first instant after; not given while it is not known."),
        ],
        payload: &[THE_DETAIL, THE_ASSIGNMENT],
    },
    Mutation {
        command: Command::EndAssignment,
        description: "Ends an assignment now; one that has not begun is deleted, and opens nothing. The last one of the agent in charge, and one in which somebody has a shift that is not over, is a CONFLICT.",
        input: &[id_of("assignmentId", Kind::Assignment, "The assignment.")],
        payload: &[THE_DETAIL, THE_ASSIGNMENT],
    },
    Mutation {
        command: Command::AddDetailAgency,
        description: "Says that an agency of law enforcement supports a detail: its people can be assigned.",
        input: &[DETAIL, PARTNER],
        payload: &[THE_DETAIL],
    },
    Mutation {
        command: Command::RemoveDetailAgency,
        description: "Says that an agency supports a detail no longer; while somebody of it is on the detail it is a CONFLICT.",
        input: &[DETAIL, PARTNER],
        payload: &[THE_DETAIL],
    },
    Mutation {
        command: Command::AddShift,
        description: "Puts somebody who is on a detail on a shift. One who is on another shift in that time, on whichever detail, is a CONFLICT.",
        input: &[DETAIL, AGENT, OF, one_of("role", &SHIFT_ROLE, "As what."), STARTS, ENDS],
        payload: &[THE_DETAIL, THE_SHIFT],
    },
    Mutation {
        command: Command::RemoveShift,
        description: "Takes a shift off that has not begun. Whom it was to relieve stays on until it would have ended.",
        input: &[id_of("shiftId", Kind::Shift, "The shift.")],
        payload: &[THE_DETAIL],
    },
    Mutation {
        command: Command::RelieveShift,
        description: "Hands a shift over without a gap: it ends as another agent's begins, who is on until it would have ended.",
        input: &[
            id_of("shiftId", Kind::Shift, "The shift."),
            AGENT,
            OF,
            may("at", Scalar::DateTime, Any, "When; now unless given."),
        ],
        payload: &[THE_DETAIL, THE_SHIFT],
    },
    Mutation {
        command: Command::AddAdvanceNote,
        description: "Writes down what was found in advance of a leg, for who protects the visit.",
        input: &[id_of("legId", Kind::Leg, "The leg."), must("body", Scalar::String, Text(STORY), "What was found.")],
        payload: &[
            row("visit", Kind::Visit, "The visit, as you see it now."),
            row("leg", Kind::Leg, "The leg, as you see it now."),
            row("advanceNote", Kind::AdvanceNote, "The note, as you see it now."),
        ],
    },
];
