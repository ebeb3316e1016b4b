//! The types of the response clock.

use async_graphql::dynamic::{Object, TypeRef};

use super::plain;
use crate::model::{
    clock::{CLOCK, MOMENTS, TARGET, TARGETS},
    enums::CLOCK_STATE,
    kit::Scalar,
};

/// The clock and its targets.
pub(super) fn types() -> [Object; 2] {
    let clock = Object::new(CLOCK).description(
        "What the Diplomatic Security Service owes to who raised a concern: four targets, by its severity.",
    );
    let clock = TARGETS
        .iter()
        .fold(clock, |clock, target| clock.field(plain(target.name, TypeRef::named_nn(TARGET), target.description)));
    let target = Object::new(TARGET).description("One target of the response clock.").field(plain(
        "state",
        TypeRef::named_nn(CLOCK_STATE.name),
        "How it stands now.",
    ));
    let target = MOMENTS.iter().fold(target, |target, moment| {
        target.field(plain(moment.name, TypeRef::named(Scalar::DateTime.name()), moment.description))
    });
    [clock, target]
}
