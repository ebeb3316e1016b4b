//! AuditEvent.

use super::{
    enums,
    kit::{Direction::Desc, Scalar, TypeDef, optional, reference, texts, value},
};
use crate::access::{Holder, Kind};

/// An event of the audit trail.
pub static AUDIT_EVENT: TypeDef = TypeDef {
    kind: Kind::AuditEvent,
    table: "audit_event",
    prefix: "audit",
    description: "An event of the audit trail: something that was done, read or refused. It is never edited or deleted, and names objects by their ids alone.",
    fields: &[
        value("at", "at", Scalar::DateTime, "When it happened.").ordered(),
        optional(
            "subject",
            "subject",
            Scalar::String,
            "Who did it: the subject of the token; null where nobody was recognised, and for what an operator did.",
        )
        .filtered(),
        reference("person", "person_id", Kind::Person, "The id of the person who did it, as far as it is known."),
        reference("agency", "agency_id", Kind::Agency, "The id of the agency for which it was done.").filtered(),
        optional("role", "role", Scalar::Enum(&enums::ROLE), "In what capacity.").filtered(),
        value(
            "operation",
            "operation",
            Scalar::String,
            "What was asked for: a command, the name that the client gave its question, or the hash of its document.",
        )
        .filtered(),
        texts(
            "rows",
            "object_ids",
            "The ids of the objects that it is about; of a reading each with the tiers that were disclosed, as `concern_01J8…/PS`, and of statistics the type, as `concern_*/S`.",
        ),
        texts("grounds", "grounds", "The grounds on which it was granted."),
        value("decision", "decision", Scalar::Enum(&enums::AUDIT_DECISION), "What was decided.").filtered(),
        optional("code", "code", Scalar::String, "Of a refusal, its code.")
            .filtered(),
        value("policyVersion", "policy_version", Scalar::Int, "The version of the policy by which it was decided."),
        value("writer", "writer", Scalar::String, "Whose chain it is in.").filtered(),
        value(
            "sequence",
            "sequence",
            Scalar::Float,
            "Its place in the chain, counted from 1: a whole number, which may be larger than an `Int`. Whoever follows a chain goes by it: events that were written at once may bear instants of any order.",
        )
        .filtered(),
        value("previousHash", "previous_hash", Scalar::String, "The hash of the event before it in the chain."),
        value("hash", "hash", Scalar::String, "SHA-256 of all of it and of the hash before it, hexadecimal.")
            .filtered(),
    ],
    default_order: &[("at", Desc)],
    indexed_orders: &[],
    far_orders: &[],
    child: None,
    whose: &[(Holder::Person, "person_id"), (Holder::Agency, "agency_id"), (Holder::Role, "role")],
    listed: None,
};
