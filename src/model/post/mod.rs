//! Post, and who serves at it.

pub mod enums;
pub mod programmes;

use super::{
    enums::{MISSION_STATUS, POST_TYPE},
    kit::{
        Child, Direction::Asc, Readiness, Scalar, Serving, TypeDef, edge, gather, many, optional, readiness, serving,
        texts, value,
    },
};
use crate::access::Kind;

/// A United States mission abroad.
pub static POST: TypeDef = TypeDef {
    kind: Kind::Post,
    table: "post",
    prefix: "post",
    description: "A post of the United States abroad: an embassy, a consular post, a mission to an international organisation.",
    fields: &[
        value("type", "type", Scalar::Enum(&POST_TYPE), "What it is.").ordered(),
        value("name", "name", Scalar::String, "Its name in English.").ordered().searched(),
        edge("country", "country_id", Kind::SendingState, "The state in which it lies.").filtered(),
        edge(
            "constituentOf",
            "constituent_of_id",
            Kind::Post,
            "The post it belongs to, as a consulate to its embassy: a constituent post.",
        )
        .filtered(),
        optional("city", "city", Scalar::String, "City of its seat.").ordered().searched(),
        optional("latitude", "latitude", Scalar::Float, "Latitude of its seat, degrees, WGS 84.").filtered(),
        optional("longitude", "longitude", Scalar::Float, "Longitude of its seat, degrees, WGS 84.").filtered(),
        value("status", "status", Scalar::Enum(&MISSION_STATUS), "Whether it works.").ordered(),
        optional("phone", "phone", Scalar::PhoneNumber, "Its telephone."),
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
        // Several: assistant regional security officers are enrolled in the same role.
        gather(
            "regionalSecurityOfficers",
            ("person", "post_id", "name"),
            Some("disabled_at is null and roles like '%\"REGIONAL_SECURITY_OFFICER\"%'"),
            "The names of the regional security officers whom the registry posts to it, which opens it to them. Whose tour it is says `regionalSecurityOfficer`.",
        ),
        texts("sourceIds", "source_ids", "Its identifiers in public sources, as `wikidata:Q190057`."),
        many("constituents", Kind::Post, "constituent_of_id", "Its constituent posts."),
        serving(
            "chiefOfMission",
            of_tour(&["CHIEF_OF_MISSION"], false),
            "The name of who is its chief of mission today (UTC), by their tour.",
        ),
        serving(
            "regionalSecurityOfficer",
            of_tour(&["REGIONAL_SECURITY_OFFICER"], false),
            "The name of who is its regional security officer today (UTC), by their tour. Whom the registry posts to it says `regionalSecurityOfficers`.",
        ),
        serving(
            "deputies",
            of_tour(&["DEPUTY_REGIONAL_SECURITY_OFFICER", "ASSISTANT_REGIONAL_SECURITY_OFFICER"], true),
            "The names of who are its deputy and assistant regional security officers today (UTC), by their tours.",
        ),
        many("tours", Kind::Tour, "post_id", "From when until when who serves at it."),
        many("programmes", Kind::PostProgramme, "post_id", "The programmes that protect its people."),
        many("reviews", Kind::ProgrammeReview, "post_id", "What reviews of its programmes came to."),
        readiness(
            "readiness",
            Readiness { of: Kind::PostProgramme, by: "post_id", due: "next_review_on", done: "ended_on" },
            "How the reviews of its programmes stand.",
        ),
        many("findings", Kind::Finding, "post_id", "What is, or was, wanting in its programmes."),
        readiness(
            "findingsReadiness",
            Readiness { of: Kind::Finding, by: "post_id", due: "due_on", done: "resolved_at" },
            "How the findings in its programmes stand.",
        ),
        many("advice", Kind::Advice, "post_id", "What its chief of mission was advised, and decided."),
        optional("emergencyPlan", "emergency_plan", Scalar::String, "What is done in an emergency."),
        many("incidents", Kind::Incident, "post_id", "What happened to its people, at work and at home."),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[&["country", "name"], &["country", "iso2"], &["constituentOf", "name"]],
    child: None,
    whose: &[],
    listed: None,
};

/// As deep as its post.
const OF_POST: Option<Child> = Some(Child { parent_column: "post_id", tlp_column: None });

const fn of_tour(capacities: &'static [&'static str], everyone: bool) -> Serving {
    Serving { tours: Kind::Tour, by: "post_id", capacities, everyone }
}

/// A tour of duty.
pub static TOUR: TypeDef = TypeDef {
    kind: Kind::Tour,
    table: "tour",
    prefix: "tour",
    description: "From when until when somebody serves at a post. It is written down, and opens nothing: that is for the registry.",
    fields: &[
        edge("post", "post_id", Kind::Post, "The post."),
        value("capacity", "capacity", Scalar::Enum(&enums::TOUR_CAPACITY), "As what.").ordered(),
        value("name", "name", Scalar::String, "Who.").ordered().searched(),
        value("startsOn", "starts_on", Scalar::Date, "The first day.").ordered().dating(),
        optional("endsOn", "ends_on", Scalar::Date, "The last day; null while it is not known.").ordered(),
    ],
    default_order: &[("startsOn", Asc)],
    indexed_orders: &[],
    far_orders: &[],
    child: OF_POST,
    whose: &[],
    listed: None,
};
