//! Concern, Entry, Referral, Share, Evidence.

use super::{
    enums,
    kit::{
        Child,
        Direction::{Asc, Desc},
        Listed, Scalar, TypeDef, clock, clock_state, edge, lookup, many, optional, texts, value, version,
    },
};
use crate::access::{Kind, Tier};

/// A problem, question or concern.
pub static CONCERN: TypeDef = TypeDef {
    kind: Kind::Concern,
    table: "concern",
    prefix: "concern",
    description: "A problem, question or concern about the security of a mission. It belongs to the mission that raised it.",
    fields: &[
        value(
            "reference",
            "reference",
            Scalar::String,
            "By which people name it: random, with a check digit, as `C-2026-7K3QX9`.",
        )
        .filtered()
        .searched(),
        value(
            "kind",
            "kind",
            Scalar::Enum(&enums::CONCERN_KIND),
            "Whether something happened, is asked, or is feared.",
        )
        .ordered(),
        value("category", "category", Scalar::Enum(&enums::CONCERN_CATEGORY), "What it is about.").ordered(),
        value("severity", "severity", Scalar::Enum(&enums::SEVERITY), "How bad it is.").ordered(),
        value("status", "status", Scalar::Enum(&enums::CONCERN_STATUS), "Where it is in its life.").ordered(),
        edge("mission", "mission_id", Kind::Mission, "The mission it is about.").filtered(),
        value("tlp", "tlp", Scalar::Enum(&enums::TLP), "Its TLP marking.").ordered(),
        optional("cui", "cui", Scalar::String, "Its CUI banner (32 CFR 2002), as `CUI//LEI//NOFORN`.").filtered(),
        clock("clock", "clock", "What the Diplomatic Security Service owes by when, as the log says."),
        clock_state("clockState", ("next_due_at", "clock_rest"), "How the response clock stands now."),
        optional(
            "nextDueAt",
            "next_due_at",
            Scalar::DateTime,
            "When the next word is due, past or ahead; null when none is.",
        )
        .ordered(),
        version(
            "version",
            ("changes", ("handovers", Tier::C)),
            (Kind::Entry, "concern_id"),
            "Another number whenever what you can see has changed: the directory's values, the owner where you read who it is, the entries written for you, how deep you see; not with which visit it has to do. For `expectedVersion`; it means nothing else.",
        ),
        value("openedAt", "opened_at", Scalar::DateTime, "When it was raised.").ordered().dating(),
        value("title", "title", Scalar::String, "In one line.").filtered().searched(),
        value("narrative", "narrative", Scalar::String, "What happened, in the words of who raised it.")
            .filtered()
            .searched(),
        optional("occurredAt", "occurred_at", Scalar::DateTime, "When it happened.").ordered(),
        edge("premises", "premises_id", Kind::Premises, "The premises it happened at.").filtered(),
        edge("visit", "visit_id", Kind::Visit, "The visit it has to do with.").filtered(),
        lookup(
            "owner",
            "owner_id",
            ("person", "name"),
            Scalar::String,
            "The name of the liaison officer to whom it is assigned.",
        ),
        many("entries", Kind::Entry, "concern_id", "Its log, as far as it was written for you."),
        lookup("reporter", "reporter_id", ("person", "name"), Scalar::String, "The name of who raised it."),
        edge("originAgency", "origin_agency_id", Kind::Agency, "The agency that raised it.").filtered(),
        texts("subjects", "subjects", "Whom it concerns, as far as known."),
        optional("latitude", "latitude", Scalar::Float, "Latitude of the place, degrees, WGS 84.").filtered(),
        optional("longitude", "longitude", Scalar::Float, "Longitude of the place, degrees, WGS 84.").filtered(),
        many("shares", Kind::Share, "concern_id", "To whom it was shared, as far as that is yours to know."),
        many(
            "evidence",
            Kind::Evidence,
            "concern_id",
            "What was handed in about it, as far as that was added for you: what it is, its hash, where it lies.",
        ),
        many(
            "referrals",
            Kind::Referral,
            "concern_id",
            "To which agencies it was referred, as far as that is yours to know.",
        ),
        optional("nibrsCode", "nibrs_code", Scalar::String, "NIBRS offense code (FBI).").filtered(),
        optional(
            "reporterPseudonym",
            "reporter_pseudonym",
            Scalar::String,
            "A keyed hash of who raised it, stable within a mission.",
        )
        .filtered(),
        edge("duplicateOf", "duplicate_of_id", Kind::Concern, "Of which concern it is a duplicate.").filtered(),
        optional(
            "incidentArea",
            "incident_area",
            Scalar::String,
            "Where it happened: a county (FIPS 6-4), `NYC`, or a state (ISO 3166-2).",
        )
        .filtered(),
    ],
    default_order: &[("openedAt", Desc)],
    indexed_orders: &["NEXT_DUE_AT_ASC"],
    far_orders: &[
        &["mission", "name"],
        &["mission", "city"],
        &["mission", "sendingState", "name"],
        &["mission", "sendingState", "iso2"],
        &["originAgency", "name"],
    ],
    child: None,
    whose: &[],
    listed: Some(Listed { at: "opened_at", under: Some("mission_id"), due: Some("next_due_at") }),
};

/// An entry in a concern's log.
pub static ENTRY: TypeDef = TypeDef {
    kind: Kind::Entry,
    table: "entry",
    prefix: "entry",
    description: "An entry in a concern's log; never edited or deleted.",
    fields: &[
        edge("concern", "concern_id", Kind::Concern, "The concern."),
        value("kind", "kind", Scalar::Enum(&enums::ENTRY_KIND), "What it records.").filtered(),
        lookup("author", "author_id", ("person", "name"), Scalar::String, "The name of who wrote it."),
        value("audience", "audience", Scalar::Enum(&enums::ENTRY_AUDIENCE), "For whom it was written.").filtered(),
        value("tlp", "tlp", Scalar::Enum(&enums::TLP), "Its TLP marking.").filtered(),
        optional("status", "to_status", Scalar::Enum(&enums::CONCERN_STATUS), "The status that it led to.").filtered(),
        optional("severity", "to_severity", Scalar::Enum(&enums::SEVERITY), "The severity that it led to.").filtered(),
        optional("body", "body", Scalar::String, "Its text.").filtered().searched(),
        value("at", "at", Scalar::DateTime, "When it was written.").ordered().dating(),
    ],
    default_order: &[("at", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: Some(Child { parent_column: "concern_id", tlp_column: Some("tlp") }),
    whose: &[],
    listed: None,
};

/// A concern offered to an agency.
pub static REFERRAL: TypeDef = TypeDef {
    kind: Kind::Referral,
    table: "referral",
    prefix: "referral",
    description: "A concern offered to an agency to act on.",
    fields: &[
        edge("concern", "concern_id", Kind::Concern, "The concern."),
        edge("agency", "agency_id", Kind::Agency, "To whom it was offered.").filtered(),
        value("status", "status", Scalar::Enum(&enums::REFERRAL_STATUS), "How it stands.").ordered(),
        optional("caseNumber", "case_number", Scalar::String, "The agency's own case number.").filtered(),
        optional("dueAt", "due_at", Scalar::DateTime, "When an answer is due.").ordered(),
        value("offeredAt", "offered_at", Scalar::DateTime, "When it was offered.").ordered(),
    ],
    default_order: &[("offeredAt", Asc)],
    indexed_orders: &[],
    far_orders: &[&["agency", "name"]],
    child: Some(Child { parent_column: "concern_id", tlp_column: None }),
    whose: &[],
    listed: None,
};

/// A concern shown to somebody.
pub static SHARE: TypeDef = TypeDef {
    kind: Kind::Share,
    table: "share",
    prefix: "share",
    description: "A concern shown to an agency or to one person, to a depth and up to a marking.",
    fields: &[
        edge("concern", "concern_id", Kind::Concern, "The concern."),
        edge("agency", "agency_id", Kind::Agency, "The agency, if it was shared with an agency.").filtered(),
        lookup(
            "person",
            "person_id",
            ("person", "name"),
            Scalar::String,
            "The name of the person, if it was shared with one person.",
        ),
        value("tierCap", "tier_cap", Scalar::String, "The tiers it opens at most, by their letters: `DC`."),
        value("tlpCap", "tlp_cap", Scalar::Enum(&enums::TLP), "It sleeps while the concern is marked above this."),
        value("reason", "reason", Scalar::String, "Why it was shared."),
        value("sharedAt", "shared_at", Scalar::DateTime, "When it was shared.").ordered(),
        optional("expiresAt", "expires_at", Scalar::DateTime, "The first instant at which it no longer holds.")
            .ordered(),
        optional("revokedAt", "revoked_at", Scalar::DateTime, "When it was revoked.").filtered(),
    ],
    default_order: &[("sharedAt", Asc)],
    indexed_orders: &[],
    far_orders: &[&["agency", "name"]],
    child: Some(Child { parent_column: "concern_id", tlp_column: None }),
    whose: &[],
    listed: None,
};

/// What was handed in about a concern.
pub static EVIDENCE: TypeDef = TypeDef {
    kind: Kind::Evidence,
    table: "evidence",
    prefix: "evidence",
    description: "What was handed in about a concern: what it is, its hash, and where it lies. Chancery keeps none of its bytes and follows no pointer. Never edited or deleted.",
    fields: &[
        edge("concern", "concern_id", Kind::Concern, "The concern."),
        edge("entry", "entry_id", Kind::Entry, "The entry by which it was added; it is for whom that was written."),
        value("name", "name", Scalar::String, "What it is, in one line.").filtered(),
        value(
            "sha256",
            "sha256",
            Scalar::String,
            "SHA-256 of its bytes (FIPS 180-4): 64 hexadecimal digits, in lower case.",
        )
        .filtered(),
        value(
            "pointer",
            "pointer",
            Scalar::String,
            "Where it lies: a URL, or whatever its holder finds it by. It is as somebody wrote it: follow it with care.",
        ),
        value("tlp", "tlp", Scalar::Enum(&enums::TLP), "Its TLP marking.").filtered(),
        value("addedAt", "added_at", Scalar::DateTime, "When it was added.").ordered(),
        lookup("addedBy", "added_by_id", ("person", "name"), Scalar::String, "The name of who added it."),
    ],
    default_order: &[("addedAt", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: Some(Child { parent_column: "concern_id", tlp_column: Some("tlp") }),
    whose: &[],
    listed: None,
};
