//! Visit, Venue, Leg, Delegate, PortCourtesy, WeaponsNotice, VisitConflict.

pub mod enums;
mod parts;

pub use parts::{ADVANCE_NOTE, DELEGATE, LEG, PORT_COURTESY, VENUE, VISIT_CONFLICT, WEAPONS_NOTICE};

use super::kit::{Direction::Asc, Scalar, TypeDef, edge, many, optional, value};
use crate::access::Kind;

/// A visit of a dignitary.
pub static VISIT: TypeDef = TypeDef {
    kind: Kind::Visit,
    table: "visit",
    prefix: "visit",
    description: "A visit of a foreign dignitary to the United States. It belongs to the mission that announced it.",
    fields: &[
        value(
            "reference",
            "reference",
            Scalar::String,
            "By which people name it: random, with a check digit, as `V-2026-7K3QX9`.",
        )
        .filtered()
        .searched(),
        edge("mission", "mission_id", Kind::Mission, "The mission that announced it.").filtered(),
        edge(
            "sendingState",
            "sending_state_id",
            Kind::SendingState,
            "The sending state of that mission, as it was when it was announced.",
        )
        .filtered(),
        value("city", "city", Scalar::String, "The city of the visit.").ordered(),
        value("arrivesOn", "arrives_on", Scalar::Date, "The first day, where the visit is.").ordered().dating(),
        value("departsOn", "departs_on", Scalar::Date, "The last day, where the visit is.").ordered(),
        value("status", "status", Scalar::Enum(&enums::VISIT_STATUS), "Where it is in its life.").ordered(),
        many(
            "details",
            Kind::ProtectiveDetail,
            "visit_id",
            "Its protective details: one is open at a time, earlier ones are closed.",
        ),
        value("principal", "principal", Scalar::String, "Who visits.").ordered().searched(),
        value("rank", "rank", Scalar::Enum(&enums::VISIT_RANK), "As what.").ordered(),
        value("announcedAt", "announced_at", Scalar::DateTime, "When it was announced.").ordered(),
        optional("acceptedAt", "accepted_at", Scalar::DateTime, "When it was accepted.").ordered(),
        optional("reason", "reason", Scalar::String, "Why it was declined or called off."),
        many("venues", Kind::Venue, "visit_id", "Where it goes, as far as that is yours to know."),
        many("legs", Kind::Leg, "visit_id", "What it does, hour by hour, as far as that is yours to know."),
        many("delegation", Kind::Delegate, "visit_id", "Who comes along."),
        many(
            "portCourtesies",
            Kind::PortCourtesy,
            "visit_id",
            "At which ports the principal is to be received or seen off.",
        ),
        many("weaponsNotices", Kind::WeaponsNotice, "visit_id", "Which weapons foreign officers bring."),
        optional("threatAssessment", "threat_assessment", Scalar::String, "What is to be feared."),
        many("advanceNotes", Kind::AdvanceNote, "visit_id", "What was found in advance of its legs."),
        many(
            "conflicts",
            Kind::VisitConflict,
            "visit_id",
            "Where it is in the way of other visits, or cannot be placed: found anew with every change of either.",
        ),
    ],
    default_order: &[("arrivesOn", Asc)],
    indexed_orders: &[],
    far_orders: &[&["mission", "name"], &["sendingState", "name"], &["sendingState", "iso2"]],
    child: None,
    whose: &[],
    listed: None,
};
