//! The types of statistics.

use async_graphql::dynamic::{Object, TypeRef};

use super::plain;
use crate::model::{stats::Statistics, view::View};

/// The types that the statistics of a type are told in; `Percentiles` only where a duration is told.
pub(super) fn types(of: &Statistics, view: &View) -> Vec<Object> {
    let name = of.kind.name();
    let int = || TypeRef::named_nn(TypeRef::INT);
    let measures = of.measures_of(view);
    let stats = Object::new(format!("{name}Stats"))
        .description(format!("Numbers of {name} rows, of those you may see."))
        .field(plain("count", int(), "How many were counted."))
        .field(plain(
            "capped",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "Whether there are more than were counted: then these are the first 10,000 of their list.",
        ))
        .field(plain("groupCount", int(), "How many groups there are in all."))
        .field(plain(
            "groups",
            TypeRef::named_nn_list_nn(format!("{name}StatsGroup")),
            "The groups, the largest first; of one size, by their keys, the absent last.",
        ));
    let group = Object::new(format!("{name}StatsGroup"))
        .description("Rows with the same keys.")
        .field(plain("keys", TypeRef::named_nn_list_nn(format!("{name}StatsKey")), "Their keys, in the order asked."))
        .field(plain("count", int(), "How many there are."));
    let group = measures.iter().fold(group, |group, measure| {
        group.field(plain(measure.name, TypeRef::named_nn("DurationPercentiles"), measure.description))
    });
    let key = Object::new(format!("{name}StatsKey"))
        .description("A key of a group.")
        .field(plain("by", TypeRef::named_nn(of.enum_name()), "By what."))
        .field(plain(
            "value",
            TypeRef::named(TypeRef::STRING),
            "The key; null for rows without a value that you may read.",
        ))
        .field(plain("label", TypeRef::named(TypeRef::STRING), "What people call it."));
    let percentiles = Object::new("DurationPercentiles")
        .description("Durations of a group, in whole seconds; nearest rank, so each is one that occurred.")
        .field(plain("count", int(), "How many have this duration."));
    let seconds = [
        ("p50Seconds", "Half are at most this."),
        ("p90Seconds", "Nine in ten are at most this."),
        ("p95Seconds", "Nineteen in twenty are at most this."),
        ("maxSeconds", "The longest."),
    ];
    let percentiles = seconds.into_iter().fold(percentiles, |object, (name, description)| {
        object.field(plain(name, TypeRef::named(TypeRef::INT), description))
    });
    let mut types = vec![stats, group, key];
    types.extend((!measures.is_empty()).then_some(percentiles));
    types
}
