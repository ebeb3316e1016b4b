//! The mutations of visits.

use crate::{
    access::{Command, Kind},
    model::{
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Ahead, Any, Id, Line, Text, Within},
            id_of, may, maybe_one_of, must, one_of, row,
        },
        visit::enums::{GRANT_OR_DENY, LEG_KIND, PORT_DIRECTION, VENUE_KIND, VISIT_RANK},
    },
};

/// Characters of a name.
const NAME: usize = 200;
/// Characters of a reason.
const REASON: usize = 2_000;
/// Characters of an assessment or a route.
const STORY: usize = 20_000;

const VISIT: Given = id_of("visitId", Kind::Visit, "The visit.");
const LEG: Given = id_of("legId", Kind::Leg, "The leg.");
const WHY: Given = must("reason", Scalar::String, Line(REASON), "Why; the mission reads it.");
const TERMS: Given = may(
    "reason",
    Scalar::String,
    Line(REASON),
    "Why it is denied, or on which terms it is granted; needed where it is denied. The mission reads it.",
);
const DECISION: Given = one_of("decision", &GRANT_OR_DENY, "What is decided.");
const ASSESSMENT: Given =
    must("threatAssessment", Scalar::String, Text(STORY), "What is to be feared. The mission does not read it.");
const CARRIER: Given = may("carrier", Scalar::String, Line(NAME), "By what: flight, ship, train.");
const LATE: Given = may(
    "lateReason",
    Scalar::String,
    Line(REASON),
    "Why it is asked for so late; needed where the principal passes in less than three business days (Washington).",
);
const AREA: Given = may(
    "area",
    Scalar::String,
    Line(NAME),
    "What is known of its place: a county (FIPS 6-4), `NYC`, or a state (ISO 3166-2). Law enforcement sees it by that.",
);
const THE_VISIT: Payload = row("visit", Kind::Visit, "The visit, as you see it now.");
const THE_LEG: Payload = row("leg", Kind::Leg, "The leg, as you see it now.");
const THE_COURTESY: Payload = row("portCourtesy", Kind::PortCourtesy, "The courtesy of the port, as you see it now.");
const THE_NOTICE: Payload = row("weaponsNotice", Kind::WeaponsNotice, "The notice, as you see it now.");

/// What is done about visits.
pub(super) static OF_VISITS: &[Mutation] = &[
    Mutation {
        command: Command::AnnounceVisit,
        description: "Announces the visit of a dignitary. With `port` and `portAt` a courtesy of the port is asked for, too: at least three business days ahead, or with a reason.",
        input: &[
            id_of("missionId", Kind::Mission, "The mission that announces it."),
            must("principal", Scalar::String, Line(NAME), "Who visits."),
            one_of("rank", &VISIT_RANK, "As what."),
            must("city", Scalar::String, Line(NAME), "The city of the visit."),
            must("arrivesOn", Scalar::Date, Any, "The first day, where the visit is."),
            must("departsOn", Scalar::Date, Any, "The last day, where the visit is."),
            may("port", Scalar::String, Line(NAME), "The port of entry at which the principal is to be received."),
            may("portAt", Scalar::DateTime, Ahead, "When the principal passes it."),
            CARRIER,
            LATE,
        ],
        payload: &[THE_VISIT, row("mission", Kind::Mission, "The mission, as you see it now."), THE_COURTESY],
    },
    Mutation {
        command: Command::ChangeVisit,
        description: "Changes what is given of a visit. Days that leave a leg outside, or a courtesy of the port that was not denied more than two days away, are a CONFLICT. Whoever is on its detail for all of its days is so for the new ones.",
        input: &[
            VISIT,
            may("principal", Scalar::String, Line(NAME), "Who visits."),
            maybe_one_of("rank", &VISIT_RANK, "As what."),
            may("city", Scalar::String, Line(NAME), "The city of the visit."),
            may("arrivesOn", Scalar::Date, Any, "The first day, where the visit is."),
            may("departsOn", Scalar::Date, Any, "The last day, where the visit is."),
        ],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::AcceptVisit,
        description: "Takes the protection of a visit on. From now on law enforcement sees the legs in its areas.",
        input: &[VISIT, ASSESSMENT],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::DeclineVisit,
        description: "Declines to protect a visit.",
        input: &[VISIT, WHY],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::StartVisit,
        description: "Says that a visit has begun.",
        input: &[VISIT],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::CompleteVisit,
        description: "Says that a visit is over.",
        input: &[VISIT],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::CancelVisit,
        description: "Calls a visit off. Whoever saw it still does, so that nobody waits for it.",
        input: &[
            VISIT,
            must("reason", Scalar::String, Line(REASON), "Why: law enforcement reads only that it is called off."),
        ],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::AssessVisit,
        description: "Says anew what is to be feared for a visit.",
        input: &[VISIT, ASSESSMENT],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::AddVenue,
        description: "Adds a place where a visit goes.",
        input: &[
            VISIT,
            must("name", Scalar::String, Line(NAME), "What it is called."),
            one_of("kind", &VENUE_KIND, "What it is."),
            may("address", Scalar::String, Line(NAME), "Street address."),
            AREA,
            may("latitude", Scalar::Float, Within(-90, 90), "Latitude, degrees, WGS 84; with `longitude`."),
            may("longitude", Scalar::Float, Within(-180, 180), "Longitude, degrees, WGS 84; with `latitude`."),
        ],
        payload: &[THE_VISIT, row("venue", Kind::Venue, "The venue, as you see it now.")],
    },
    Mutation {
        command: Command::RemoveVenue,
        description: "Takes a place away; where a leg still goes there it is a CONFLICT.",
        input: &[id_of("venueId", Kind::Venue, "The venue.")],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::AddLeg,
        description: "Adds what a visit does from one hour to another, within its days.",
        input: &[
            VISIT,
            one_of("kind", &LEG_KIND, "What is done."),
            must("startsAt", Scalar::DateTime, Any, "The first instant."),
            must("endsAt", Scalar::DateTime, Any, "The first instant after."),
            may("venueId", Scalar::Id, Id(Kind::Venue), "Where: a venue of the visit."),
            AREA,
            may("note", Scalar::String, Line(REASON), "What is done, in words."),
        ],
        payload: &[THE_VISIT, THE_LEG],
    },
    Mutation {
        command: Command::ChangeLeg,
        description: "Changes what is given of a leg; null takes a value away. With another venue, or none, the area becomes that venue's, or none, unless one is given.",
        input: &[
            LEG,
            maybe_one_of("kind", &LEG_KIND, "What is done."),
            may("startsAt", Scalar::DateTime, Any, "The first instant."),
            may("endsAt", Scalar::DateTime, Any, "The first instant after."),
            may("venueId", Scalar::Id, Id(Kind::Venue), "Where: a venue of the visit."),
            AREA,
            may("note", Scalar::String, Line(REASON), "What is done, in words."),
        ],
        payload: &[THE_VISIT, THE_LEG],
    },
    Mutation { command: Command::RemoveLeg, description: "Takes a leg away.", input: &[LEG], payload: &[THE_VISIT] },
    Mutation {
        command: Command::SetLegRoute,
        description: "Says by which streets a leg goes; null takes it away. Law enforcement of its area does not read it.",
        input: &[LEG, may("route", Scalar::String, Text(STORY), "By which streets.")],
        payload: &[THE_VISIT, THE_LEG],
    },
    Mutation {
        command: Command::AddDelegate,
        description: "Names somebody who comes along on a visit.",
        input: &[
            VISIT,
            must("name", Scalar::String, Line(NAME), "Who."),
            may("capacity", Scalar::String, Line(NAME), "As what."),
        ],
        payload: &[THE_VISIT, row("delegate", Kind::Delegate, "The delegate, as you see it now.")],
    },
    Mutation {
        command: Command::RemoveDelegate,
        description: "Takes somebody from a delegation.",
        input: &[id_of("delegateId", Kind::Delegate, "The delegate.")],
        payload: &[THE_VISIT],
    },
    Mutation {
        command: Command::RequestPortCourtesy,
        description: "Asks that the principal be received at a port, or seen off: at least three business days ahead, or with a reason.",
        input: &[
            VISIT,
            one_of("direction", &PORT_DIRECTION, "Which way."),
            must("port", Scalar::String, Line(NAME), "The port."),
            must("at", Scalar::DateTime, Ahead, "When the principal passes it."),
            CARRIER,
            LATE,
        ],
        payload: &[THE_VISIT, THE_COURTESY],
    },
    Mutation {
        command: Command::DecidePortCourtesy,
        description: "Grants or denies a courtesy of the port. Another decision can be made while the visit is not at an end.",
        input: &[id_of("portCourtesyId", Kind::PortCourtesy, "The courtesy of the port."), DECISION, TERMS],
        payload: &[THE_VISIT, THE_COURTESY],
    },
    Mutation {
        command: Command::FileWeaponsNotice,
        description: "Gives notice of a weapon that a foreign officer brings: one for each weapon, once for each visit.",
        input: &[
            VISIT,
            must("officer", Scalar::String, Line(NAME), "Who carries it."),
            must("make", Scalar::String, Line(NAME), "Make and model."),
            must("serial", Scalar::String, Line(NAME), "Serial number."),
            must("route", Scalar::String, Line(REASON), "How it enters the country and leaves it."),
        ],
        payload: &[THE_VISIT, THE_NOTICE],
    },
    Mutation {
        command: Command::DecideWeaponsNotice,
        description: "Grants or denies a weapon. Another decision can be made while the visit is not at an end.",
        input: &[id_of("weaponsNoticeId", Kind::WeaponsNotice, "The notice."), DECISION, TERMS],
        payload: &[THE_VISIT, THE_NOTICE],
    },
];
