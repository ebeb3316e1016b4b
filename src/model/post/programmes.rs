//! PostProgramme, ProgrammeReview, Finding, Advice: what protects the people of a post.

use super::{
    OF_POST,
    enums::{ADVICE_DECISION, PROGRAMME_KIND, REVIEW_OUTCOME},
};
use crate::{
    access::Kind,
    model::{
        enums::SEVERITY,
        kit::{
            Direction::{Asc, Desc},
            Scalar, TypeDef, edge, lookup, many, optional, value,
        },
    },
};

/// A programme of a post.
pub static POST_PROGRAMME: TypeDef = TypeDef {
    kind: Kind::PostProgramme,
    table: "post_programme",
    prefix: "programme",
    description: "A programme that protects people at a post. A post keeps one of a kind at a time.",
    fields: &[
        edge("post", "post_id", Kind::Post, "The post.").filtered(),
        value("kind", "kind", Scalar::Enum(&PROGRAMME_KIND), "What it is.").ordered(),
        optional("reviewedOn", "reviewed_on", Scalar::Date, "The day of its last review.").ordered(),
        optional("outcome", "outcome", Scalar::Enum(&REVIEW_OUTCOME), "What that came to.").ordered(),
        value("nextReviewOn", "next_review_on", Scalar::Date, "The last day on which its next review is in time.")
            .ordered(),
        optional("endedOn", "ended_on", Scalar::Date, "The day from which it is kept no more.").ordered(),
        many("reviews", Kind::ProgrammeReview, "programme_id", "What reviews of it came to."),
        many("findings", Kind::Finding, "programme_id", "What is, or was, wanting in it."),
    ],
    default_order: &[("nextReviewOn", Asc)],
    indexed_orders: &[],
    far_orders: &[&["post", "name"], &["post", "country", "name"]],
    child: OF_POST,
    whose: &[],
    listed: None,
};

/// A review of a programme.
pub static PROGRAMME_REVIEW: TypeDef = TypeDef {
    kind: Kind::ProgrammeReview,
    table: "programme_review",
    prefix: "review",
    description: "What a review of a programme came to. It is never edited or deleted.",
    fields: &[
        edge("post", "post_id", Kind::Post, "The post."),
        edge("programme", "programme_id", Kind::PostProgramme, "The programme.").filtered(),
        value("reviewedOn", "reviewed_on", Scalar::Date, "The day.").ordered().dating(),
        value("outcome", "outcome", Scalar::Enum(&REVIEW_OUTCOME), "What it came to.").ordered(),
        value("summary", "summary", Scalar::String, "What was seen.").searched(),
        value("nextReviewOn", "next_review_on", Scalar::Date, "By when it was to be reviewed again.").ordered(),
        lookup("recordedBy", "recorded_by_id", ("person", "name"), Scalar::String, "The name of who wrote it down."),
        value("recordedAt", "recorded_at", Scalar::DateTime, "When it was written down.").ordered(),
    ],
    default_order: &[("reviewedOn", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_POST,
    whose: &[],
    listed: None,
};

/// A finding.
pub static FINDING: TypeDef = TypeDef {
    kind: Kind::Finding,
    table: "finding",
    prefix: "finding",
    description: "What is, or was, wanting in a programme of a post.",
    fields: &[
        edge("post", "post_id", Kind::Post, "The post.").filtered(),
        edge("programme", "programme_id", Kind::PostProgramme, "The programme.").filtered(),
        edge("review", "review_id", Kind::ProgrammeReview, "The review that found it, if one did.").filtered(),
        value("severity", "severity", Scalar::Enum(&SEVERITY), "How bad it is.").ordered(),
        value("body", "body", Scalar::String, "What is wanting.").searched(),
        lookup("foundBy", "found_by_id", ("person", "name"), Scalar::String, "The name of who wrote it down."),
        value("foundAt", "found_at", Scalar::DateTime, "When it was written down.").ordered().dating(),
        value("dueOn", "due_on", Scalar::Date, "The last day on which it is put right in time.").ordered(),
        optional("resolvedAt", "resolved_at", Scalar::DateTime, "When it was put right.").ordered(),
        optional("resolution", "resolution", Scalar::String, "How."),
    ],
    default_order: &[("dueOn", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_POST,
    whose: &[],
    listed: None,
};

/// Advice to a chief of mission.
pub static ADVICE: TypeDef = TypeDef {
    kind: Kind::Advice,
    table: "advice",
    prefix: "advice",
    description: "What the chief of mission of a post was advised, and what they decided.",
    fields: &[
        edge("post", "post_id", Kind::Post, "The post."),
        edge("finding", "finding_id", Kind::Finding, "The finding that it is about.").filtered(),
        value("subject", "subject", Scalar::String, "In one line.").searched(),
        value("body", "body", Scalar::String, "What was advised.").searched(),
        optional("givenTo", "given_to", Scalar::String, "The name of the chief of mission, by their tour then."),
        lookup("advisedBy", "advised_by_id", ("person", "name"), Scalar::String, "The name of who advised."),
        value("advisedAt", "advised_at", Scalar::DateTime, "When.").ordered().dating(),
        value("decision", "decision", Scalar::Enum(&ADVICE_DECISION), "What they decided.").ordered(),
        optional("decidedAt", "decided_at", Scalar::DateTime, "When that was written down.").ordered(),
        optional("reason", "reason", Scalar::String, "Why."),
    ],
    default_order: &[("advisedAt", Desc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_POST,
    whose: &[],
    listed: None,
};
