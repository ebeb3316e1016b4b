//! ProtectiveDetail, Assignment, Shift.

use super::kit::{
    Child,
    Direction::{Asc, Desc},
    EnumDef, Rota, Scalar, TypeDef, edge, linked, lookup, many, optional, rota, value,
};
use crate::access::Kind;

/// Whom a detail protects.
pub static DETAIL_PROTECTEE: EnumDef = EnumDef {
    name: "DetailProtectee",
    description: "Whom a detail protects.",
    values: &[
        ("VISITOR", "The principal of a visit."),
        ("SECRETARY_OF_STATE", "The Secretary of State, around the clock, anywhere in the world."),
        ("UN_AMBASSADOR", "The Representative of the United States to the United Nations, likewise."),
    ],
};

/// Whether a detail is open.
pub static DETAIL_STATUS: EnumDef = EnumDef {
    name: "DetailStatus",
    description: "Whether a detail is open.",
    values: &[("OPEN", "It is open."), ("CLOSED", "It was closed.")],
};

/// As what an agent is on a shift.
pub static SHIFT_ROLE: EnumDef = EnumDef {
    name: "ShiftRole",
    description: "As what an agent is on a shift.",
    values: &[
        ("SHIFT_LEADER", "Leads the shift."),
        ("CLOSE_PROTECTION", "Is with the protectee."),
        ("ADVANCE", "Goes ahead."),
        ("DRIVER", "Drives."),
        ("COMMAND_POST", "Keeps the command post."),
    ],
};

/// A protective detail.
pub static PROTECTIVE_DETAIL: TypeDef = TypeDef {
    kind: Kind::ProtectiveDetail,
    table: "protective_detail",
    prefix: "detail",
    description: "A protective detail: of a visit, or one of the two that are always there.",
    fields: &[
        value("protectee", "protectee", Scalar::Enum(&DETAIL_PROTECTEE), "Whom it protects.").ordered(),
        edge("visit", "visit_id", Kind::Visit, "The visit whose principal it protects.").filtered(),
        value("status", "status", Scalar::Enum(&DETAIL_STATUS), "Whether it is open.").ordered(),
        value("openedAt", "opened_at", Scalar::DateTime, "When it was opened.").ordered(),
        lookup("agentInCharge", "agent_in_charge_id", ("person", "name"), Scalar::String, "The name of who leads it."),
        linked("agencies", Kind::Agency, ("detail_agency", "detail_id", "agency_id"), "The agencies that support it."),
        many("assignments", Kind::Assignment, "detail_id", "Who is on it, and from when until when."),
        many("shifts", Kind::Shift, "detail_id", "Who is on when."),
        rota(
            "coverageGaps",
            (Kind::Shift, "detail_id"),
            Rota::Gaps,
            "Times in a window at which fewer agents are on than there must be, whatever their role; the first 500.",
        ),
        rota(
            "restBreaches",
            (Kind::Shift, "detail_id"),
            Rota::Breaches,
            "Shifts on this detail between which an agent has less rest than there must be; the first 500. What they do on other details is not looked at.",
        ),
        optional("closedAt", "closed_at", Scalar::DateTime, "When it was closed.").ordered(),
        optional("safeHaven", "safe_haven", Scalar::String, "Where the protectee is brought when all else fails."),
    ],
    default_order: &[("openedAt", Desc)],
    indexed_orders: &[],
    far_orders: &[],
    child: None,
    whose: &[],
    listed: None,
};

/// As deep as its detail, to its own audience.
const OF_DETAIL: Option<Child> = Some(Child { parent_column: "detail_id", tlp_column: None });

/// That somebody is on a detail.
pub static ASSIGNMENT: TypeDef = TypeDef {
    kind: Kind::Assignment,
    table: "assignment",
    prefix: "assignment",
    description: "That somebody is on a detail. It opens the detail, and what that protects, from 168 hours before until 72 hours after.",
    fields: &[
        edge("detail", "detail_id", Kind::ProtectiveDetail, "The detail."),
        lookup("agent", "person_id", ("person", "name"), Scalar::String, "The name of who is on it."),
        value("startsAt", "starts_at", Scalar::DateTime, "The first instant.").ordered(),
        optional("endsAt", "ends_at", Scalar::DateTime, "The first instant after; null while it is not known.")
            .ordered(),
        value("assignedAt", "assigned_at", Scalar::DateTime, "When they were assigned.").ordered(),
    ],
    default_order: &[("startsAt", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_DETAIL,
    whose: &[],
    listed: None,
};

/// A shift of an agent on a detail.
pub static SHIFT: TypeDef = TypeDef {
    kind: Kind::Shift,
    table: "shift",
    prefix: "shift",
    description: "A shift of one agent on a detail. One agent is never on two at a time.",
    fields: &[
        edge("detail", "detail_id", Kind::ProtectiveDetail, "The detail."),
        lookup("agent", "person_id", ("person", "name"), Scalar::String, "The name of who is on it."),
        value("role", "role", Scalar::Enum(&SHIFT_ROLE), "As what.").ordered(),
        value("startsAt", "starts_at", Scalar::DateTime, "The first instant.").ordered(),
        value("endsAt", "ends_at", Scalar::DateTime, "The first instant after.").ordered(),
        edge("relieves", "relieves_id", Kind::Shift, "The shift that it took over.").filtered(),
    ],
    default_order: &[("startsAt", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_DETAIL,
    whose: &[],
    listed: None,
};
