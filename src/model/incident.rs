//! Incident, IncidentEntry: on the model of the concern.

use super::{
    enums,
    kit::{
        Child,
        Direction::{Asc, Desc},
        EnumDef, Scalar, TypeDef, edge, lookup, many, optional, value,
    },
};
use crate::access::Kind;

/// Where it happened.
pub static INCIDENT_SETTING: EnumDef = EnumDef {
    name: "IncidentSetting",
    description: "Whether something happened to people of a post at work or at home.",
    values: &[
        ("AT_WORK", "At the post, on the way, or on its business."),
        (
            "AT_HOME",
            "Where they live: of what happened, to whom and where, it is for the post and who reported it alone.",
        ),
    ],
};

/// Where it is in its life.
pub static INCIDENT_STATUS: EnumDef = EnumDef {
    name: "IncidentStatus",
    description: "Where an incident is in its life.",
    values: &[
        ("REPORTED", "It was reported."),
        ("IN_PROGRESS", "It is worked on."),
        ("RESOLVED", "It is resolved."),
        ("CLOSED", "It is closed; it may be taken up again for 30 days."),
    ],
};

/// What an entry of its log is.
pub static INCIDENT_ENTRY_KIND: EnumDef = EnumDef {
    name: "IncidentEntryKind",
    description: "What an entry in the log of an incident is.",
    values: &[
        ("COMMENT", "Something was said."),
        ("STATUS", "A step of its life."),
        ("SEVERITY", "It became more or less bad."),
        ("MARKING", "Its marking was changed."),
    ],
};

/// An incident.
pub static INCIDENT: TypeDef = TypeDef {
    kind: Kind::Incident,
    table: "incident",
    prefix: "incident",
    description: "What happened to people of a post, at work or at home.",
    fields: &[
        value(
            "reference",
            "reference",
            Scalar::String,
            "By which people name it: random, with a check digit, as `I-2026-7K3QX9`.",
        )
        .filtered()
        .searched(),
        edge("post", "post_id", Kind::Post, "The post.").filtered(),
        value("setting", "setting", Scalar::Enum(&INCIDENT_SETTING), "At work or at home.").ordered(),
        value("category", "category", Scalar::Enum(&enums::CONCERN_CATEGORY), "What it is about.").ordered(),
        value("severity", "severity", Scalar::Enum(&enums::SEVERITY), "How bad it is.").ordered(),
        value("status", "status", Scalar::Enum(&INCIDENT_STATUS), "Where it is in its life.").ordered(),
        value("tlp", "tlp", Scalar::Enum(&enums::TLP), "Its TLP marking; one that is RED is for who reported it.")
            .ordered(),
        value("openedAt", "opened_at", Scalar::DateTime, "When it was reported.").ordered().dating(),
        optional(
            "resolvedAt",
            "resolved_at",
            Scalar::DateTime,
            "When it was resolved; null again once work on it goes on.",
        )
        .ordered(),
        optional(
            "closedAt",
            "closed_at",
            Scalar::DateTime,
            "When it was closed: it may be taken up again for 30 days. Null again once it is.",
        )
        .ordered(),
        value("title", "title", Scalar::String, "In one line.").searched(),
        value("narrative", "narrative", Scalar::String, "What happened.").searched(),
        optional("occurredAt", "occurred_at", Scalar::DateTime, "When it happened.").ordered(),
        many("entries", Kind::IncidentEntry, "incident_id", "Its log."),
        lookup("reporter", "reporter_id", ("person", "name"), Scalar::String, "The name of who reported it."),
        optional("place", "place", Scalar::String, "Where it happened."),
    ],
    default_order: &[("openedAt", Desc)],
    indexed_orders: &[],
    far_orders: &[&["post", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// An entry in the log of an incident.
pub static INCIDENT_ENTRY: TypeDef = TypeDef {
    kind: Kind::IncidentEntry,
    table: "incident_entry",
    prefix: "incidententry",
    description: "An entry in the log of an incident. It is never edited or deleted.",
    fields: &[
        edge("incident", "incident_id", Kind::Incident, "The incident."),
        value("kind", "kind", Scalar::Enum(&INCIDENT_ENTRY_KIND), "What it is.").ordered(),
        optional("status", "to_status", Scalar::Enum(&INCIDENT_STATUS), "The status it led to.").filtered(),
        optional("severity", "to_severity", Scalar::Enum(&enums::SEVERITY), "The severity it led to.").filtered(),
        value("tlp", "tlp", Scalar::Enum(&enums::TLP), "Its TLP marking: the incident's when it was written.")
            .filtered(),
        optional("body", "body", Scalar::String, "What was said.").searched(),
        value("at", "at", Scalar::DateTime, "When.").ordered().dating(),
        lookup("author", "author_id", ("person", "name"), Scalar::String, "The name of who wrote it."),
    ],
    default_order: &[("at", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: Some(Child { parent_column: "incident_id", tlp_column: Some("tlp") }),
    whose: &[],
    listed: None,
};
