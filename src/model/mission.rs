//! Mission, MissionChange, Premises, SecurityContact.

use super::{
    enums,
    kit::{
        Child,
        Direction::{Asc, Desc},
        Scalar, TypeDef, edge, linked, lookup, many, optional, texts, value,
    },
};
use crate::access::Kind;

/// A foreign mission in the United States.
pub static MISSION: TypeDef = TypeDef {
    kind: Kind::Mission,
    table: "mission",
    prefix: "mission",
    description: "A foreign mission in the United States: an embassy, a consular post, a permanent mission, an international organisation.",
    fields: &[
        value("type", "type", Scalar::Enum(&enums::MISSION_TYPE), "What it is.").ordered(),
        value("name", "name", Scalar::String, "Its name in English.").ordered().searched(),
        edge(
            "sendingState",
            "sending_state_id",
            Kind::SendingState,
            "Who sends it; none for an international organisation.",
        )
        .filtered(),
        edge("parent", "parent_id", Kind::Mission, "The mission it belongs to, as a consulate to its embassy.")
            .filtered(),
        linked(
            "accreditedTo",
            Kind::SendingState,
            ("mission_accreditation", "mission_id", "sending_state_id"),
            "Further states and organisations to which it is accredited.",
        ),
        optional("city", "city", Scalar::String, "City of its seat.").ordered().searched(),
        optional("state", "state", Scalar::String, "State of its seat, ISO 3166-2, as `US-NY`.").ordered(),
        optional(
            "countyFips",
            "county_fips",
            Scalar::String,
            "County of its seat when that is certain: five digits, FIPS 6-4.",
        )
        .filtered(),
        optional(
            "jurisdictionPrecision",
            "jurisdiction_precision",
            Scalar::Enum(&enums::JURISDICTION_PRECISION),
            "How closely the place of its seat is known.",
        )
        .filtered(),
        optional("latitude", "latitude", Scalar::Float, "Latitude of its seat, degrees, WGS 84.").filtered(),
        optional("longitude", "longitude", Scalar::Float, "Longitude of its seat, degrees, WGS 84.").filtered(),
        optional(
            "ofmRegion",
            "ofm_region",
            Scalar::String,
            "Regional office of the Office of Foreign Missions that serves it.",
        )
        .filtered(),
        value("status", "status", Scalar::Enum(&enums::MISSION_STATUS), "Whether it works.").ordered(),
        optional("switchboard", "switchboard", Scalar::PhoneNumber, "Its switchboard."),
        optional("dutyPhone", "duty_phone", Scalar::PhoneNumber, "Its telephone outside office hours."),
        optional("email", "email", Scalar::EmailAddress, "Its e-mail address."),
        optional("website", "website", Scalar::Url, "Its website."),
        optional(
            "openedOn",
            "opened_on",
            Scalar::Date,
            "The day it was opened; 1 January where only the year is known.",
        )
        .ordered()
        .dating(),
        optional("protectiveNeed", "protective_need", Scalar::String, "Its assessed need of protection.").filtered(),
        optional("guardPosture", "guard_posture", Scalar::String, "How it is guarded.").filtered(),
        optional(
            "analystNote",
            "analyst_note",
            Scalar::String,
            "A note by analysts of the Diplomatic Security Service.",
        )
        .filtered(),
        texts("sourceIds", "source_ids", "Its identifiers in public sources, as `wikidata:Q190057`."),
        many("constituents", Kind::Mission, "parent_id", "Missions that belong to it."),
        many("premises", Kind::Premises, "mission_id", "Its premises."),
        many("securityContacts", Kind::SecurityContact, "mission_id", "Whom to call at it."),
        linked(
            "liaisons",
            Kind::Liaison,
            ("liaison_mission", "mission_id", "liaison_id"),
            "Law enforcement liaisons who serve it.",
        ),
        many("concerns", Kind::Concern, "mission_id", "Concerns about it."),
        many(
            "changes",
            Kind::MissionChange,
            "mission_id",
            "What it has said of how to reach it: for the mission itself and the officer responsible.",
        ),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[&["sendingState", "name"], &["sendingState", "iso2"], &["parent", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// Premises of a mission.
pub static PREMISES: TypeDef = TypeDef {
    kind: Kind::Premises,
    table: "premises",
    prefix: "premises",
    description: "Premises of a mission (VCDR art. 1(i), VCCR art. 1(j)); residences are open to the mission itself and to the officer responsible only.",
    fields: &[
        value("kind", "kind", Scalar::Enum(&enums::PREMISES_KIND), "What they are used for.").ordered(),
        edge("mission", "mission_id", Kind::Mission, "Whose they are.").filtered(),
        optional("address", "address", Scalar::String, "Postal address.").filtered().searched_by_argument(),
        optional("latitude", "latitude", Scalar::Float, "Latitude, degrees, WGS 84.").filtered(),
        optional("longitude", "longitude", Scalar::Float, "Longitude, degrees, WGS 84.").filtered(),
    ],
    default_order: &[("kind", Asc)],
    indexed_orders: &[],
    far_orders: &[&["mission", "name"], &["mission", "city"], &["mission", "sendingState", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// Whom to call at a mission.
pub static SECURITY_CONTACT: TypeDef = TypeDef {
    kind: Kind::SecurityContact,
    table: "security_contact",
    prefix: "contact",
    description: "A security contact of a mission.",
    fields: &[
        value("function", "function", Scalar::Enum(&enums::CONTACT_FUNCTION), "What the contact does.").ordered(),
        edge("mission", "mission_id", Kind::Mission, "Whose contact it is.").filtered(),
        value("name", "name", Scalar::String, "Name as written.").ordered().searched(),
        optional("title", "title", Scalar::String, "Title or rank.").filtered().searched(),
        optional("workPhone", "work_phone", Scalar::PhoneNumber, "Telephone at work."),
        optional("workEmail", "work_email", Scalar::EmailAddress, "E-mail at work."),
        optional("afterHoursPhone", "after_hours_phone", Scalar::PhoneNumber, "Telephone outside office hours."),
        optional("vettedUntil", "vetted_until", Scalar::Date, "The day until which the contact is vetted.").ordered(),
        value("isPrimary", "is_primary", Scalar::Boolean, "Whether to call this contact first.").filtered(),
    ],
    default_order: &[("function", Asc)],
    indexed_orders: &[],
    far_orders: &[&["mission", "name"], &["mission", "city"], &["mission", "sendingState", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// What a mission says of how to reach it.
pub static MISSION_CHANGE: TypeDef = TypeDef {
    kind: Kind::MissionChange,
    table: "mission_change",
    prefix: "change",
    description: "What a mission says has become of how to reach it: proposed, and taken over or declined by the officer responsible.",
    fields: &[
        edge("mission", "mission_id", Kind::Mission, "The mission."),
        value("status", "status", Scalar::Enum(&enums::MISSION_CHANGE_STATUS), "What has become of it.").ordered(),
        texts(
            "proposes",
            "proposes",
            "The fields of the mission of which it speaks; one that is null then is to be taken away.",
        ),
        optional("switchboard", "switchboard", Scalar::PhoneNumber, "The proposed switchboard."),
        optional("dutyPhone", "duty_phone", Scalar::PhoneNumber, "The proposed telephone outside office hours."),
        optional("email", "email", Scalar::EmailAddress, "The proposed e-mail address."),
        optional("website", "website", Scalar::Url, "The proposed website."),
        optional("switchboardBefore", "switchboard_before", Scalar::PhoneNumber, "What it was when this was proposed."),
        optional("dutyPhoneBefore", "duty_phone_before", Scalar::PhoneNumber, "What it was when this was proposed."),
        optional("emailBefore", "email_before", Scalar::EmailAddress, "What it was when this was proposed."),
        optional("websiteBefore", "website_before", Scalar::Url, "What it was when this was proposed."),
        lookup("proposedBy", "proposed_by_id", ("person", "name"), Scalar::String, "The name of who proposed it."),
        value("proposedAt", "proposed_at", Scalar::DateTime, "When it was proposed.").ordered(),
        lookup("decidedBy", "decided_by_id", ("person", "name"), Scalar::String, "The name of who decided."),
        optional("decidedAt", "decided_at", Scalar::DateTime, "When it was decided.").ordered(),
        optional("reason", "reason", Scalar::String, "Why it was declined."),
    ],
    default_order: &[("proposedAt", Desc)],
    indexed_orders: &[],
    far_orders: &[],
    child: Some(Child { parent_column: "mission_id", tlp_column: None }),
    whose: &[],
    listed: None,
};
