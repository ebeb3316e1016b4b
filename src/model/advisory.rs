//! Advisory, Acknowledgement.

use super::{
    enums,
    kit::{
        Child,
        Direction::{Asc, Desc},
        Listed, Scalar, TypeDef, edge, lookup, many, optional, texts, value,
    },
};
use crate::access::Kind;

/// A warning to those it is addressed to.
pub static ADVISORY: TypeDef = TypeDef {
    kind: Kind::Advisory,
    table: "advisory",
    prefix: "advisory",
    description: "A warning, in the terms of the Common Alerting Protocol (OASIS CAP 1.2), to the missions and agencies it is addressed to. What has expired, or was superseded, can still be read.",
    fields: &[
        value("msgType", "msg_type", Scalar::Enum(&enums::ADVISORY_MSG_TYPE), "What it is: CAP `msgType`.").ordered(),
        value("urgency", "urgency", Scalar::Enum(&enums::ADVISORY_URGENCY), "When to act: CAP `urgency`.").ordered(),
        value("severity", "severity", Scalar::Enum(&enums::ADVISORY_SEVERITY), "How bad it is: CAP `severity`.")
            .ordered(),
        value("certainty", "certainty", Scalar::Enum(&enums::ADVISORY_CERTAINTY), "How sure it is: CAP `certainty`.")
            .ordered(),
        value("headline", "headline", Scalar::String, "In one line.").filtered().searched(),
        value("sentAt", "sent_at", Scalar::DateTime, "When it was sent.").ordered().dating(),
        optional(
            "expiresAt",
            "expires_at",
            Scalar::DateTime,
            "The first instant at which it no longer holds; null while it holds until it is superseded.",
        )
        .ordered(),
        edge("supersedes", "supersedes_id", Kind::Advisory, "The advisory in whose place it was sent.").filtered(),
        many(
            "supersededBy",
            Kind::Advisory,
            "supersedes_id",
            "The advisory that was sent in its place: at most one. `supersededBy: { none: {} }` finds what still holds.",
        ),
        value("body", "body", Scalar::String, "What it says, and what to do.").filtered().searched(),
        many(
            "acknowledgements",
            Kind::Acknowledgement,
            "advisory_id",
            "Who has said that they have it: your own agency; all agencies where you may read what is internal.",
        ),
        texts(
            "audience",
            "audience",
            "To whom it is addressed: `AREA:US-NY`, `LAW_ENFORCEMENT`, `MISSIONS`, `MISSION_TYPE:EMBASSY`, `SENDING_STATE:` and a row's id. Empty: nobody outside the Diplomatic Security Service.",
        ),
    ],
    default_order: &[("sentAt", Desc)],
    indexed_orders: &[],
    far_orders: &[],
    child: None,
    whose: &[],
    listed: Some(Listed { at: "sent_at", under: None, due: None }),
};

/// An agency's word that it has an advisory.
pub static ACKNOWLEDGEMENT: TypeDef = TypeDef {
    kind: Kind::Acknowledgement,
    table: "acknowledgement",
    prefix: "acknowledgement",
    description: "An agency's word that it has an advisory: one of each agency, never edited or deleted.",
    fields: &[
        edge("advisory", "advisory_id", Kind::Advisory, "The advisory."),
        edge("agency", "agency_id", Kind::Agency, "Whose word it is.").filtered(),
        lookup("acknowledgedBy", "person_id", ("person", "name"), Scalar::String, "The name of who gave it."),
        value("acknowledgedAt", "acknowledged_at", Scalar::DateTime, "When it was given.").ordered(),
    ],
    default_order: &[("acknowledgedAt", Asc)],
    indexed_orders: &[],
    far_orders: &[&["agency", "name"]],
    child: Some(Child { parent_column: "advisory_id", tlp_column: None }),
    whose: &[],
    listed: None,
};
