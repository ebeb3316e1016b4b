//! Post.

use super::{
    enums,
    kit::{Direction::Asc, Scalar, TypeDef, edge, gather, many, optional, texts, value},
};
use crate::access::Kind;

/// A United States mission abroad.
pub static POST: TypeDef = TypeDef {
    kind: Kind::Post,
    table: "post",
    prefix: "post",
    description: "A post of the United States abroad: an embassy, a consular post, a mission to an international organisation.",
    fields: &[
        value("type", "type", Scalar::Enum(&enums::POST_TYPE), "What it is.").ordered(),
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
        value("status", "status", Scalar::Enum(&enums::MISSION_STATUS), "Whether it works.").ordered(),
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
            "The names of the regional security officers who are enrolled as posted to it.",
        ),
        texts("sourceIds", "source_ids", "Its identifiers in public sources, as `wikidata:Q190057`."),
        many("constituents", Kind::Post, "constituent_of_id", "Its constituent posts."),
    ],
    default_order: &[("name", Asc)],
    indexed_orders: &[],
    far_orders: &[&["country", "name"], &["country", "iso2"], &["constituentOf", "name"]],
    child: None,
    whose: &[],
    listed: None,
};
