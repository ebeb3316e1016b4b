//! How far what is owed has been done.

use async_graphql::dynamic::{Object, TypeRef};

use super::plain;
use crate::model::readiness::{FIELDS, READINESS};

/// The type.
pub(super) fn ty() -> Object {
    let object = Object::new(READINESS).description("How much is owed, and by when, of what you may see.");
    FIELDS.iter().fold(object, |object, told| {
        let name = told.scalar.name();
        let ty = if told.non_null { TypeRef::named_nn(name) } else { TypeRef::named(name) };
        object.field(plain(told.name, ty, told.description))
    })
}
