//! The types of what people do: `Mutation` and the payloads.

use async_graphql::dynamic::{Object, TypeRef};

use super::{MUTATION, argument, plain};
use crate::model::{
    kit::Scalar,
    mutation::{Holds, Mutation, Payload},
    view::View,
};

/// `Mutation` with a field for each, and their payloads; nothing where there is none.
pub(super) fn types(view: &View) -> Vec<Object> {
    if view.mutations.is_empty() {
        return Vec::new();
    }
    let root = Object::new(MUTATION).description("What you may do, one after the other.");
    let root = view.mutations.iter().fold(root, |root, mutation| {
        // Nullable: one that is refused does not take the others' answers with it.
        let field = plain(mutation.command.name(), TypeRef::named(mutation.payload_name()), mutation.description);
        root.field(
            View::mutation_arguments(mutation).iter().fold(field, |field, given| field.argument(argument(given))),
        )
    });
    view.mutations.iter().map(|mutation| payload(view, mutation)).chain([root]).collect()
}

fn payload(view: &View, mutation: &'static Mutation) -> Object {
    let object =
        Object::new(mutation.payload_name()).description(format!("What became of `{}`.", mutation.command.name()));
    view.payload(mutation).fold(object, |object, field| object.field(plain(field.name, ty(field), field.description)))
}

fn ty(field: &Payload) -> TypeRef {
    match field.holds {
        Holds::Row(kind) => TypeRef::named(kind.name()),
        Holds::WatchPhone => TypeRef::named(Scalar::PhoneNumber.name()),
        Holds::Notice(_) => TypeRef::named_nn(TypeRef::STRING),
    }
}
