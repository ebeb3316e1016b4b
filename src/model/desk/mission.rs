//! The mutations of proposed changes of missions.

use crate::{
    access::{Command, Kind},
    model::{
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Email, Line, Phone, Website},
            id_of, may, must, row,
        },
    },
};

/// Characters of a reason.
const REASON: usize = 2_000;

const CHANGE: Given = id_of("missionChangeId", Kind::MissionChange, "The proposed change.");
const THE_CHANGE: Payload = row("missionChange", Kind::MissionChange, "The change, as you see it now.");
const THE_MISSION: Payload = row("mission", Kind::Mission, "The mission, as you see it now.");

/// What is done about missions.
pub(super) static OF_MISSIONS: &[Mutation] = &[
    Mutation {
        command: Command::ProposeMissionChange,
        description: "Says what has become of how to reach your mission: null takes a value away, of what is not given nothing is said. It is so once the officer responsible has accepted it.",
        input: &[
            id_of("missionId", Kind::Mission, "The mission."),
            may("switchboard", Scalar::PhoneNumber, Phone, "Its switchboard."),
            may("dutyPhone", Scalar::PhoneNumber, Phone, "Its telephone outside office hours."),
            may("email", Scalar::EmailAddress, Email, "Its e-mail address."),
            may("website", Scalar::Url, Website, "Its website."),
        ],
        payload: &[THE_CHANGE, THE_MISSION],
    },
    Mutation {
        command: Command::AcceptMissionChange,
        description: "Takes over what a mission proposed: the mission is so from now on. If a value is another by now than when it was proposed it is a CONFLICT: decline it.",
        input: &[CHANGE],
        payload: &[THE_CHANGE, THE_MISSION],
    },
    Mutation {
        command: Command::DeclineMissionChange,
        description: "Turns down what a mission proposed; the mission stays as it is.",
        input: &[CHANGE, must("reason", Scalar::String, Line(REASON), "Why; the mission reads it.")],
        payload: &[THE_CHANGE, THE_MISSION],
    },
];
