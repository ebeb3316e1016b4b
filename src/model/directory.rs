//! SendingState, Agency, Person, Liaison.

use super::{
    enums,
    kit::{Direction::Asc, Scalar, TypeDef, edge, gather, linked, many, optional, texts, value},
};
use crate::access::Kind;

/// Who sends missions.
pub static SENDING_STATE: TypeDef = TypeDef {
    kind: Kind::SendingState,
    table: "sending_state",
    prefix: "state",
    description: "A state, or an entity in the place of one, that sends missions to the United States.",
    fields: &[
        optional("iso2", "iso2", Scalar::String, "ISO 3166-1 alpha-2, as `FR`; Namibia's is `NA`.").ordered(),
        optional("iso3", "iso3", Scalar::String, "ISO 3166-1 alpha-3, as `FRA`.").ordered(),
        value("name", "name", Scalar::String, "Its short name in English.").ordered(),
        optional("wikidataId", "wikidata_id", Scalar::String, "Its Wikidata identifier.").filtered(),
        optional("recognition", "recognition", Scalar::String, "How the United States regards it.").filtered(),
        edge(
            "protectingPower",
            "protecting_power_id",
            Kind::SendingState,
            "The state that looks after its interests here (VCDR art. 45, 46).",
        )
        .filtered(),
        many("missions", Kind::Mission, "sending_state_id", "Its missions in the United States."),
        many("posts", Kind::Post, "country_id", "Posts of the United States in it."),
        many("visits", Kind::Visit, "sending_state_id", "Visits of its dignitaries to the United States."),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: None,
    whose: &[],
    listed: None,
};

/// Who is enrolled.
pub static AGENCY: TypeDef = TypeDef {
    kind: Kind::Agency,
    table: "agency",
    prefix: "agency",
    description: "An organisation that is enrolled with Chancery, or listed in the FBI's directory of law enforcement agencies.",
    fields: &[
        value("name", "name", Scalar::String, "Its full name.").ordered().searched(),
        optional("shortName", "short_name", Scalar::String, "What people call it.").ordered().searched(),
        value("kind", "kind", Scalar::Enum(&enums::AGENCY_KIND), "What it is.").ordered(),
        value("level", "level", Scalar::Enum(&enums::AGENCY_LEVEL), "At which level of government it works.").ordered(),
        optional("ori", "ori", Scalar::String, "Originating Agency Identifier (FBI), nine characters.")
            .ordered()
            .searched(),
        optional("state", "state", Scalar::String, "State of its seat, ISO 3166-2.").ordered(),
        edge(
            "sendingState",
            "sending_state_id",
            Kind::SendingState,
            "For the agency of a mission: the state it serves.",
        )
        .filtered(),
        gather(
            "jurisdictions",
            ("agency_area", "agency_id", "area"),
            Some("confirmed_at is not null"),
            "Its confirmed areas: `US`, a state (ISO 3166-2), a county (FIPS 6-4) or `NYC`.",
        ),
        many("liaisons", Kind::Liaison, "agency_id", "Its liaisons."),
        many("persons", Kind::Person, "agency_id", "Who is enrolled from it."),
        optional("watchPhone", "watch_phone", Scalar::PhoneNumber, "Its telephone round the clock."),
        optional("issuer", "issuer", Scalar::String, "The exact `iss` of its tokens (RFC 7519)."),
        optional("audience", "audience", Scalar::String, "The `aud` that its tokens must carry."),
        optional("tokenType", "token_typ", Scalar::String, "The `typ` of its tokens (RFC 9068)."),
        texts("algorithms", "algorithms", "The algorithms it may sign with (RFC 7518, RFC 8037)."),
        gather("keyIds", ("agency_key", "agency_id", "kid"), None, "The ids of its public keys (RFC 7517)."),
        optional(
            "jwksUri",
            "jwks_uri",
            Scalar::String,
            "Where it publishes its keys (RFC 7517), if it does at a place of its own.",
        ),
        value(
            "oidcDiscovery",
            "oidc_discovery",
            Scalar::Boolean,
            "Whether its keys are where its issuer's discovery document says (OpenID Connect Discovery 1.0).",
        ),
        texts("roleCeiling", "roles", "The roles it may grant at most."),
        value("maxTokenLifetimeSeconds", "max_lifetime_s", Scalar::Int, "The longest lifetime of a token, in seconds."),
        optional("requestsPerSecond", "quota_rps", Scalar::Int, "Requests a second, at most."),
        optional("costPerMinute", "quota_cost_per_minute", Scalar::Int, "Query cost a minute, at most."),
        value(
            "stateWide",
            "state_wide",
            Scalar::Boolean,
            "For the agency of a mission: registered for all missions of its sending state.",
        ),
        linked(
            "missions",
            Kind::Mission,
            ("agency_mission", "agency_id", "mission_id"),
            "The missions it is registered for.",
        ),
        optional("suspendedAt", "suspended_at", Scalar::DateTime, "Since when its tokens are refused.").filtered(),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[&["sendingState", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// Who asks.
pub static PERSON: TypeDef = TypeDef {
    kind: Kind::Person,
    table: "person",
    prefix: "person",
    description: "A person or a machine that an agency has enrolled.",
    fields: &[
        edge("agency", "agency_id", Kind::Agency, "The agency.").filtered(),
        optional("unit", "unit", Scalar::String, "Unit within the agency.").ordered(),
        value("subject", "subject", Scalar::String, "The exact `sub` of the tokens (RFC 7519).").ordered(),
        value("machine", "machine", Scalar::Boolean, "Whether it is a system account; a machine is never sworn.")
            .filtered(),
        optional("disabledAt", "disabled_at", Scalar::DateTime, "Since when it is refused.").filtered(),
        value("name", "name", Scalar::String, "Name as written."),
        optional("deskPhone", "desk_phone", Scalar::PhoneNumber, "Telephone at the desk."),
        optional("email", "email", Scalar::EmailAddress, "E-mail address."),
        optional("mobilePhone", "mobile_phone", Scalar::PhoneNumber, "Mobile telephone."),
        value("sworn", "sworn", Scalar::Boolean, "Whether the person is a sworn officer."),
        value(
            "cfr28Certified",
            "cfr28_certified",
            Scalar::Boolean,
            "Certified for criminal intelligence systems (28 CFR part 23).",
        ),
        texts("grants", "roles", "The roles granted; the agency's ceiling still applies."),
    ],
    default_order: &[("subject", Asc)],
    indexed_orders: &[],
    far_orders: &[&["agency", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// Whom a mission calls.
pub static LIAISON: TypeDef = TypeDef {
    kind: Kind::Liaison,
    table: "liaison",
    prefix: "liaison",
    description: "A law enforcement liaison: whom a mission calls at an agency.",
    fields: &[
        edge("agency", "agency_id", Kind::Agency, "The agency.").filtered(),
        optional("unit", "unit", Scalar::String, "Unit within the agency.").ordered(),
        value("name", "name", Scalar::String, "Name as written.").ordered(),
        optional("deskPhone", "desk_phone", Scalar::PhoneNumber, "Telephone at the desk."),
        optional("email", "email", Scalar::EmailAddress, "E-mail address."),
        linked("missions", Kind::Mission, ("liaison_mission", "liaison_id", "mission_id"), "The missions served."),
        optional("mobilePhone", "mobile_phone", Scalar::PhoneNumber, "Mobile telephone."),
        value("sworn", "sworn", Scalar::Boolean, "Whether the liaison is a sworn officer.").filtered(),
        value(
            "cfr28Certified",
            "cfr28_certified",
            Scalar::Boolean,
            "Certified for criminal intelligence systems (28 CFR part 23).",
        )
        .filtered(),
    ],
    default_order: &[("unit", Asc)],
    indexed_orders: &[],
    far_orders: &[&["agency", "name"]],
    child: None,
    whose: &[],
    listed: None,
};
