//! The mutations of people: contacts of missions, who is enrolled, portfolios, the watch, liaisons.

use super::agency::WHY;
use crate::{
    access::{Command, Kind},
    model::{
        enums::{CONTACT_FUNCTION, ROLE},
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Ahead, Any, Line},
            id_of, may, maybe_one_of, must, one_of, row,
        },
    },
};

/// Characters of a name.
const NAME: usize = 200;

const CONTACT: Given = id_of("securityContactId", Kind::SecurityContact, "The security contact.");
const FUNCTION: Given = one_of("function", &CONTACT_FUNCTION, "What the contact answers for.");
const CONTACT_TITLE: Given = may("title", Scalar::String, Line(NAME), "Title.");
const WORK_PHONE: Given = may("workPhone", Scalar::PhoneNumber, Any, "Telephone at work.");
const WORK_EMAIL: Given = may("workEmail", Scalar::EmailAddress, Line(254), "E-mail address at work.");
const AFTER_HOURS: Given = may("afterHoursPhone", Scalar::PhoneNumber, Any, "Telephone after hours.");
const PRIMARY: Given =
    may("isPrimary", Scalar::Boolean, Any, "Whether this contact is called first; the mission's others then are not.");
const THE_CONTACT: Payload = row("securityContact", Kind::SecurityContact, "The security contact, as you see it now.");
const THE_MISSION: Payload = row("mission", Kind::Mission, "The mission, as you see it now.");
const AGENCY: Given = id_of("agencyId", Kind::Agency, "The agency.");
const PERSON: Given = id_of("personId", Kind::Person, "The person.");
const LIAISON: Given = id_of("liaisonId", Kind::Liaison, "The liaison.");
const THE_MISSION_ID: Given = id_of("missionId", Kind::Mission, "The mission.");
const OFFICER: Given =
    must("officer", Scalar::String, Line(255), "The officer, by the subject under which your agency enrolled them.");
const LIAISON_UNIT: Given = may("unit", Scalar::String, Line(NAME), "Unit within the agency.");
const DESK_PHONE: Given = may("deskPhone", Scalar::PhoneNumber, Any, "Telephone at the desk.");
const MOBILE_PHONE: Given = may("mobilePhone", Scalar::PhoneNumber, Any, "Mobile telephone.");
const EMAIL: Given = may("email", Scalar::EmailAddress, Line(254), "E-mail address.");
const SWORN: Given = may("sworn", Scalar::Boolean, Any, "Whether they are a sworn officer.");
const CERTIFIED: Given =
    may("cfr28Certified", Scalar::Boolean, Any, "Whether they are certified for 28 CFR part 23 systems.");
const THE_PERSON: Payload = row("person", Kind::Person, "The person, as you see it now.");
const THE_LIAISON: Payload = row("liaison", Kind::Liaison, "The liaison, as you see it now.");
const SERVED: Given = Given {
    list: true,
    ..may(
        "missionIds",
        Scalar::Id,
        Any,
        "The missions they serve, instead of those there were of the missions that you see.",
    )
};

/// What is done about people.
pub(super) static OF_PEOPLE: &[Mutation] = &[
    Mutation {
        command: Command::AddSecurityContact,
        description: "Adds a security contact of a mission.",
        input: &[
            id_of("missionId", Kind::Mission, "The mission."),
            FUNCTION,
            must("name", Scalar::String, Line(NAME), "Name as written."),
            CONTACT_TITLE,
            WORK_PHONE,
            WORK_EMAIL,
            AFTER_HOURS,
            PRIMARY,
        ],
        payload: &[THE_CONTACT, THE_MISSION],
    },
    Mutation {
        command: Command::UpdateSecurityContact,
        description: "Changes what is given of a security contact; null takes a value away, what is not given stays.",
        input: &[
            CONTACT,
            maybe_one_of("function", &CONTACT_FUNCTION, "What the contact answers for."),
            may("name", Scalar::String, Line(NAME), "Name as written."),
            CONTACT_TITLE,
            WORK_PHONE,
            WORK_EMAIL,
            AFTER_HOURS,
            PRIMARY,
        ],
        payload: &[THE_CONTACT, THE_MISSION],
    },
    Mutation {
        command: Command::RemoveSecurityContact,
        description: "Removes a security contact.",
        input: &[CONTACT],
        payload: &[THE_MISSION],
    },
    Mutation {
        command: Command::EnrolPerson,
        description: "Enrols a person, or a machine, of an agency: tokens of its identity provider for this subject are accepted from now on.",
        input: &[
            AGENCY,
            must("subject", Scalar::String, Line(255), "The exact `sub` of the tokens."),
            must("name", Scalar::String, Line(NAME), "Name as written."),
            Given {
                list: true,
                required: true,
                ..must("roles", Scalar::Enum(&ROLE), Any, "The roles granted, within the agency's ceiling.")
            },
            may("unit", Scalar::String, Line(NAME), "Unit within the agency."),
            may("sworn", Scalar::Boolean, Any, "Whether they are a sworn officer; a machine never is."),
            may("machine", Scalar::Boolean, Any, "Whether it is a machine."),
            may("cfr28Certified", Scalar::Boolean, Any, "Whether they are certified for 28 CFR part 23 systems."),
            may("deskPhone", Scalar::PhoneNumber, Any, "Telephone at the desk."),
            may("mobilePhone", Scalar::PhoneNumber, Any, "Mobile telephone."),
            may("email", Scalar::EmailAddress, Line(254), "E-mail address."),
        ],
        payload: &[THE_PERSON],
    },
    Mutation {
        command: Command::DisablePerson,
        description: "Refuses a person's tokens from now on; what they did stays.",
        input: &[PERSON],
        payload: &[THE_PERSON],
    },
    Mutation {
        command: Command::EnablePerson,
        description: "Accepts a person's tokens again.",
        input: &[PERSON],
        payload: &[THE_PERSON],
    },
    Mutation {
        command: Command::RevokePersonTokens,
        description: "Voids every token of a person that was issued until now, and those of the next 30 seconds, by which clocks may differ: they sign in anew. What lasts is to disable them. Whoever voids their own is told that they are not let in: it is done.",
        input: &[PERSON, WHY],
        payload: &[THE_PERSON],
    },
    Mutation {
        command: Command::AddToPortfolio,
        description: "Puts a mission into a liaison officer's portfolio.",
        input: &[THE_MISSION_ID, OFFICER],
        payload: &[THE_MISSION],
    },
    Mutation {
        command: Command::RemoveFromPortfolio,
        description: "Takes a mission out of a liaison officer's portfolio.",
        input: &[THE_MISSION_ID, OFFICER],
        payload: &[THE_MISSION],
    },
    Mutation {
        command: Command::AddWatchShift,
        description: "Puts a liaison officer on the watch roster; turns of one person do not overlap.",
        input: &[
            PERSON,
            must("startsAt", Scalar::DateTime, Any, "The first instant."),
            must("endsAt", Scalar::DateTime, Ahead, "The first instant after."),
        ],
        payload: &[THE_PERSON],
    },
    Mutation {
        command: Command::RemoveWatchShift,
        description: "Takes a turn off the watch roster; one that runs ends now.",
        input: &[PERSON, must("startsAt", Scalar::DateTime, Any, "The first instant of the turn.")],
        payload: &[THE_PERSON],
    },
    Mutation {
        command: Command::AddLiaison,
        description: "Adds a liaison of an agency.",
        input: &[
            AGENCY,
            must("name", Scalar::String, Line(NAME), "Name as written."),
            LIAISON_UNIT,
            DESK_PHONE,
            MOBILE_PHONE,
            EMAIL,
            SWORN,
            CERTIFIED,
            SERVED,
        ],
        payload: &[THE_LIAISON],
    },
    Mutation {
        command: Command::UpdateLiaison,
        description: "Changes what is given of a liaison; null takes a value away, what is not given stays.",
        input: &[
            LIAISON,
            may("name", Scalar::String, Line(NAME), "Name as written."),
            LIAISON_UNIT,
            DESK_PHONE,
            MOBILE_PHONE,
            EMAIL,
            SWORN,
            CERTIFIED,
            SERVED,
        ],
        payload: &[THE_LIAISON],
    },
    Mutation {
        command: Command::RemoveLiaison,
        description: "Removes a liaison.",
        input: &[LIAISON],
        payload: &[row("agency", Kind::Agency, "The agency, as you see it now.")],
    },
];
