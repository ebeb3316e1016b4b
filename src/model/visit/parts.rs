//! What hangs on a visit.

use super::enums;
use crate::{
    access::Kind,
    model::kit::{Child, Direction::Asc, Scalar, TypeDef, edge, lookup, optional, value},
};

/// As deep as its visit, to its own audience.
const OF_VISIT: Option<Child> = Some(Child { parent_column: "visit_id", tlp_column: None });

/// Where a visit goes.
pub static VENUE: TypeDef = TypeDef {
    kind: Kind::Venue,
    table: "venue",
    prefix: "venue",
    description: "A place where a visit goes.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        value("name", "name", Scalar::String, "What it is called.").ordered().searched(),
        value("kind", "kind", Scalar::Enum(&enums::VENUE_KIND), "What it is.").ordered(),
        optional("address", "address", Scalar::String, "Street address.").filtered(),
        optional(
            "area",
            "area",
            Scalar::String,
            "What is known of its place: a county (FIPS 6-4), `NYC`, or a state (ISO 3166-2).",
        )
        .filtered(),
        optional("latitude", "latitude", Scalar::Float, "Latitude, degrees, WGS 84.").filtered(),
        optional("longitude", "longitude", Scalar::Float, "Longitude, degrees, WGS 84.").filtered(),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};

/// What a visit does from one hour to another.
pub static LEG: TypeDef = TypeDef {
    kind: Kind::Leg,
    table: "leg",
    prefix: "leg",
    description: "What a visit does from one hour to another. Law enforcement sees it where its area certainly lies within theirs.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        value("kind", "kind", Scalar::Enum(&enums::LEG_KIND), "What is done.").ordered(),
        edge("venue", "venue_id", Kind::Venue, "Where.").filtered(),
        optional(
            "area",
            "area",
            Scalar::String,
            "What is known of its place, its venue's unless another was said: a county (FIPS 6-4), `NYC`, or a state (ISO 3166-2).",
        )
        .filtered(),
        value("startsAt", "starts_at", Scalar::DateTime, "The first instant.").ordered(),
        value("endsAt", "ends_at", Scalar::DateTime, "The first instant after.").ordered(),
        optional("note", "note", Scalar::String, "What is done, in words.").filtered(),
        optional("route", "route", Scalar::String, "By which streets."),
    ],
    default_order: &[("startsAt", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};

/// Who comes along on a visit.
pub static DELEGATE: TypeDef = TypeDef {
    kind: Kind::Delegate,
    table: "delegate",
    prefix: "delegate",
    description: "Somebody who comes along on a visit.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        value("name", "name", Scalar::String, "Who.").ordered(),
        optional("capacity", "capacity", Scalar::String, "As what.").filtered(),
        value("addedAt", "added_at", Scalar::DateTime, "When they were named.").ordered(),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};

/// A request to be received at a port of entry, or seen off.
pub static PORT_COURTESY: TypeDef = TypeDef {
    kind: Kind::PortCourtesy,
    table: "port_courtesy",
    prefix: "courtesy",
    description: "A request that the principal be received at a port of entry, or seen off; at least three business days ahead, or with a reason.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        value("direction", "direction", Scalar::Enum(&enums::PORT_DIRECTION), "Which way.").filtered(),
        value("port", "port", Scalar::String, "The port.").filtered(),
        optional("carrier", "carrier", Scalar::String, "By what: flight, ship, train."),
        value("at", "at", Scalar::DateTime, "When the principal passes.").ordered(),
        optional("lateReason", "late_reason", Scalar::String, "Why it was asked for so late."),
        lookup("requestedBy", "requested_by_id", ("person", "name"), Scalar::String, "The name of who asked."),
        value("requestedAt", "requested_at", Scalar::DateTime, "When it was asked for.").ordered(),
        value("decision", "decision", Scalar::Enum(&enums::VISIT_DECISION), "What was decided.").filtered(),
        lookup("decidedBy", "decided_by_id", ("person", "name"), Scalar::String, "The name of who decided."),
        optional("decidedAt", "decided_at", Scalar::DateTime, "When it was decided."),
        optional("reason", "reason", Scalar::String, "Why it was denied, or on which terms it was granted."),
    ],
    default_order: &[("at", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};

/// A notice of a foreign officer's weapon.
pub static WEAPONS_NOTICE: TypeDef = TypeDef {
    kind: Kind::WeaponsNotice,
    table: "weapons_notice",
    prefix: "weapon",
    description: "A notice that a foreign officer brings a weapon, one for each weapon, with a decision.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        value("officer", "officer", Scalar::String, "Who carries it.").filtered(),
        value("make", "make", Scalar::String, "Make and model.").filtered(),
        value("serial", "serial", Scalar::String, "Serial number.").filtered(),
        value("route", "route", Scalar::String, "How it enters the country and leaves it."),
        lookup("filedBy", "filed_by_id", ("person", "name"), Scalar::String, "The name of who gave notice."),
        value("filedAt", "filed_at", Scalar::DateTime, "When notice was given.").ordered(),
        value("decision", "decision", Scalar::Enum(&enums::VISIT_DECISION), "What was decided.").filtered(),
        lookup("decidedBy", "decided_by_id", ("person", "name"), Scalar::String, "The name of who decided."),
        optional("decidedAt", "decided_at", Scalar::DateTime, "When it was decided."),
        optional("reason", "reason", Scalar::String, "Why it was denied, or on which terms it was granted."),
    ],
    default_order: &[("filedAt", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};

/// Where a visit is in the way of another, or cannot be placed.
pub static VISIT_CONFLICT: TypeDef = TypeDef {
    kind: Kind::VisitConflict,
    table: "visit_conflict",
    prefix: "conflict",
    description: "Where a visit is in the way of another, or cannot be placed. Each of two visits has its own.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        value("kind", "kind", Scalar::Enum(&enums::VISIT_CONFLICT_KIND), "How.").ordered(),
        edge("leg", "leg_id", Kind::Leg, "Its leg, if it is one of a leg.").filtered(),
        edge("otherVisit", "other_visit_id", Kind::Visit, "The visit that it is in the way of, as far as you see it.")
            .filtered(),
        value("startsAt", "starts_at", Scalar::DateTime, "From when.").ordered(),
        value("endsAt", "ends_at", Scalar::DateTime, "Until when.").ordered(),
        value("foundAt", "found_at", Scalar::DateTime, "When it was found.").ordered(),
    ],
    default_order: &[("startsAt", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};

/// What was found in advance of a leg.
pub static ADVANCE_NOTE: TypeDef = TypeDef {
    kind: Kind::AdvanceNote,
    table: "advance_note",
    prefix: "note",
    description: "What was found in advance of a leg by who is on the detail; for who protects the visit. Never edited.",
    fields: &[
        edge("visit", "visit_id", Kind::Visit, "The visit."),
        edge("leg", "leg_id", Kind::Leg, "The leg; null once it was taken away.").filtered(),
        lookup("author", "author_id", ("person", "name"), Scalar::String, "The name of who wrote it."),
        value("body", "body", Scalar::String, "What was found."),
        value("at", "at", Scalar::DateTime, "When it was written.").ordered(),
    ],
    default_order: &[("at", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_VISIT,
    whose: &[],
    listed: None,
};
