//! The schema of a view, as async-graphql holds it: to validate against, to introspect, to print.
//!
//! Its resolvers answer nothing: data never comes from here.

use async_graphql::{
    SDLExportOptions,
    dynamic::{
        Enum, EnumItem, Field, FieldFuture, InputObject, InputValue, Interface, InterfaceField, Object, Scalar, Schema,
        SchemaBuilder, TypeRef, Union,
    },
};

mod clock;
mod mutations;
mod readiness;
mod statistics;
mod streams;

use super::validate::Validation;
use crate::{
    error::{Error, Result},
    model::{
        clock::CLOCK,
        enums::CLOCK_STATE,
        kit::{Field as Known, Rota, Scalar as Kind, Shape},
        query::{Root, RootShape, ViewerSource},
        readiness::READINESS,
        stream::SUBSCRIPTION,
        timeline::ITEM,
        view::{InputField, InputRef, TypeView, View},
    },
};

/// The name of the type whose fields are what may be done.
pub const MUTATION: &str = "Mutation";

/// Builds the schema of a view.
pub fn build(view: &View) -> Result<Schema> {
    let mutation = (!view.mutations.is_empty()).then_some(MUTATION);
    let subscription = (!view.streams.is_empty()).then_some(SUBSCRIPTION);
    let mut schema = Schema::build("Query", mutation, subscription)
        .disable_suggestions()
        .limit_recursive_depth(200)
        .extension(Validation);
    for name in &view.scalars {
        schema = schema.register(scalar(name));
    }
    for (name, known) in &view.enums {
        let items = known.values.iter().map(|(value, text)| EnumItem::new(value.as_str()).description(text.as_str()));
        schema = schema.register(Enum::new(name.as_str()).description(known.description.as_str()).items(items));
    }
    for (name, input) in &view.inputs {
        let object = InputObject::new(name.as_str()).description(input.description.as_str());
        schema = schema.register(input.fields.iter().fold(object, |object, field| object.field(argument(field))));
    }
    if !view.types.is_empty() {
        let node = Interface::new("Node").description("Whatever has an id.");
        schema = schema.register(node.field(
            InterfaceField::new("id", TypeRef::named_nn(TypeRef::ID)).description("Its opaque id, the same for ever."),
        ));
        schema = schema.register(page_info());
    }
    for ty in view.types.values() {
        let name = ty.definition.kind.name();
        schema = schema.register(object(ty)).register(edge(name)).register(connection(name));
    }
    let has_clock = |ty: &TypeView| ty.fields.iter().any(|field| matches!(field.shape, Shape::Clock { .. }));
    if view.types.values().any(has_clock) {
        schema = clock::types().into_iter().fold(schema, SchemaBuilder::register);
    }
    let is_readiness = |field: &&Known| matches!(field.shape, Shape::Readiness(_));
    if view.types.values().any(|ty| ty.fields.iter().copied().any(|field| is_readiness(&field))) {
        schema = schema.register(readiness::ty());
    }
    for finds in Rota::ALL {
        let has = |field: &&Known| matches!(field.shape, Shape::Rota { finds: of, .. } if of == finds);
        if view.types.values().any(|ty| ty.fields.iter().copied().any(|field| has(&field))) {
            schema = schema.register(found(finds));
        }
    }
    if !view.found.is_empty() {
        let union = Union::new("SearchResult").description("What `search` finds.");
        schema = schema
            .register(view.found.iter().fold(union, |union, kind| union.possible_type(kind.name())))
            .register(edge("SearchResult"))
            .register(connection("SearchResult"));
    }
    let told = view.told_over_time();
    if !told.is_empty() {
        let union = Union::new(ITEM).description("What `timeline` tells.");
        schema = schema
            .register(told.iter().fold(union, |union, kind| union.possible_type(kind.name())))
            .register(edge(ITEM))
            .register(connection(ITEM));
    }
    for root in &view.roots {
        match root.shape {
            RootShape::Near { kind } => {
                schema = schema.register(vicinity(kind.name())).register(distance(kind.name()));
            }
            RootShape::Statistics { of } => {
                schema = statistics::types(of, view).into_iter().fold(schema, SchemaBuilder::register);
            }
            _ => {}
        }
    }
    let query = view.roots.iter().fold(Object::new("Query").description("Where a question begins."), |query, root| {
        query.field(root_field(view, root))
    });
    schema = mutations::types(view).into_iter().fold(schema, SchemaBuilder::register);
    schema = streams::events(view).into_iter().fold(schema, SchemaBuilder::register);
    schema = streams::root(view).into_iter().fold(schema, SchemaBuilder::register);
    schema.register(viewer(view)).register(query).finish().map_err(Error::internal)
}

/// The schema as SDL.
pub fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by().use_space_ident().indent_width(2))
}

fn scalar(name: &str) -> Scalar {
    let all = [Kind::DateTime, Kind::Date, Kind::PhoneNumber, Kind::EmailAddress, Kind::Url];
    let specified = all.into_iter().find(|scalar| scalar.name() == name).and_then(Kind::specified_by);
    match specified {
        Some((url, text)) => Scalar::new(name).description(text).specified_by_url(url),
        None => Scalar::new(name),
    }
}

fn plain(name: &str, ty: TypeRef, description: &str) -> Field {
    Field::new(name, ty, |_| FieldFuture::Value(None)).description(description)
}

fn object(ty: &TypeView) -> Object {
    let definition = ty.definition;
    let object = Object::new(definition.kind.name())
        .description(definition.description)
        .implement("Node")
        .field(plain("id", TypeRef::named_nn(TypeRef::ID), "Its opaque id, the same for ever."));
    ty.fields.iter().fold(object, |object, field| {
        let non_null = definition.is_non_null(field);
        let named = |name: &str| if non_null { TypeRef::named_nn(name) } else { TypeRef::named(name) };
        object.field(match field.shape {
            Shape::Column { scalar, .. } | Shape::Lookup { scalar, .. } => {
                plain(field.name, named(scalar.name()), field.description)
            }
            Shape::ClockState { .. } => plain(field.name, named(CLOCK_STATE.name), field.description),
            Shape::Clock { .. } => plain(field.name, named(CLOCK), field.description),
            Shape::Version { .. } => plain(field.name, named(Kind::Int.name()), field.description),
            Shape::Reference { .. } => plain(field.name, named(TypeRef::ID), field.description),
            Shape::Texts { .. } | Shape::Gather { .. } => {
                let list = TypeRef::named_nn_list(TypeRef::STRING);
                let list = if non_null { TypeRef::NonNull(Box::new(list)) } else { list };
                plain(field.name, list, field.description)
            }
            Shape::Rota { finds, .. } => {
                let list = TypeRef::named_nn_list(finds.name());
                with_arguments(plain(field.name, list, field.description), &finds.arguments())
            }
            Shape::Serving(who) => {
                let list = TypeRef::named_nn_list(TypeRef::STRING);
                plain(field.name, if who.everyone { list } else { named(TypeRef::STRING) }, field.description)
            }
            Shape::Readiness(_) => plain(field.name, named(READINESS), field.description),
            Shape::Edge { to, .. } => plain(field.name, TypeRef::named(to.name()), field.description),
            Shape::Connection { to, .. } => {
                let connection = TypeRef::named_nn(format!("{}Connection", to.name()));
                with_arguments(plain(field.name, connection, field.description), &View::connection_arguments(to))
            }
        })
    })
}

fn found(finds: Rota) -> Object {
    finds.fields().iter().fold(Object::new(finds.name()).description(finds.description()), |object, field| {
        object.field(plain(field.name, TypeRef::named_nn(field.scalar.name()), field.description))
    })
}

fn edge(name: &str) -> Object {
    Object::new(format!("{name}Edge"))
        .description(format!("A {name} in a connection."))
        .field(plain("node", TypeRef::named_nn(name), "The object."))
        .field(plain("cursor", TypeRef::named_nn(TypeRef::STRING), "Its place in the order, for `after` and `before`."))
}

fn connection(name: &str) -> Object {
    Object::new(format!("{name}Connection"))
        .description(format!("A page of {name} objects, of those you may see."))
        .field(plain("edges", TypeRef::named_nn_list_nn(format!("{name}Edge")), "The objects with their cursors."))
        .field(plain("nodes", TypeRef::named_nn_list_nn(name), "The objects."))
        .field(plain("pageInfo", TypeRef::named_nn("PageInfo"), "Whether there are more."))
        .field(plain(
            "totalCount",
            TypeRef::named_nn(TypeRef::INT),
            "How many match in all, of those you may see; counted only when asked.",
        ))
}

fn vicinity(name: &str) -> Object {
    Object::new(format!("{name}Vicinity"))
        .description(format!("The {name} objects around a point, of those whose coordinates you may read."))
        .field(plain("totalCount", TypeRef::named_nn(TypeRef::INT), "How many there are within the radius."))
        .field(plain("nearest", TypeRef::named_nn_list_nn(format!("{name}Distance")), "The nearest, nearest first."))
}

fn distance(name: &str) -> Object {
    Object::new(format!("{name}Distance"))
        .description(format!("A {name} and how far away it is."))
        .field(plain(
            "distanceMeters",
            TypeRef::named_nn(TypeRef::INT),
            "As the crow flies, in metres (47 CFR 73.208): right to a few metres, as far as its coordinates are.",
        ))
        .field(plain("node", TypeRef::named_nn(name), "The object."))
}

fn page_info() -> Object {
    Object::new("PageInfo")
        .description("Whether there are more (Relay Cursor Connections).")
        .field(plain("hasNextPage", TypeRef::named_nn(TypeRef::BOOLEAN), "Whether there are objects after this page."))
        .field(plain(
            "hasPreviousPage",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "Whether there are objects before this page.",
        ))
        .field(plain(
            "startCursor",
            TypeRef::named(TypeRef::STRING),
            "The cursor of the first object; null on an empty page.",
        ))
        .field(plain(
            "endCursor",
            TypeRef::named(TypeRef::STRING),
            "The cursor of the last object; null on an empty page.",
        ))
}

fn viewer(view: &View) -> Object {
    view.viewer.iter().fold(Object::new("Viewer").description("Who is asking."), |object, field| {
        let ty = match (field.source, field.source.scalar()) {
            (_, Some((scalar, true))) => TypeRef::named(scalar.name()),
            (_, Some((scalar, false))) => TypeRef::named_nn(scalar.name()),
            (ViewerSource::Agency, None) => TypeRef::named("Agency"),
            _ => TypeRef::named_nn_list_nn(TypeRef::STRING),
        };
        object.field(plain(field.name, ty, field.description))
    })
}

fn root_field(view: &View, root: &Root) -> Field {
    let ty = match root.shape {
        RootShape::Viewer => TypeRef::named_nn("Viewer"),
        RootShape::Node => TypeRef::named("Node"),
        RootShape::Nodes => TypeRef::NonNull(Box::new(TypeRef::named_list("Node"))),
        RootShape::One { kind, .. } => TypeRef::named(kind.name()),
        RootShape::Near { kind } => TypeRef::named_nn(format!("{}Vicinity", kind.name())),
        RootShape::Statistics { of } => TypeRef::named_nn(format!("{}Stats", of.kind.name())),
        RootShape::Search => TypeRef::named_nn("SearchResultConnection"),
        RootShape::Timeline => TypeRef::named_nn(format!("{ITEM}Connection")),
        RootShape::Many { kind }
        | RootShape::Board { kind, .. }
        | RootShape::Calendar { kind, .. }
        | RootShape::Due { kind, .. } => TypeRef::named_nn(format!("{}Connection", kind.name())),
    };
    with_arguments(plain(root.name, ty, root.description), &view.root_arguments(root))
}

fn with_arguments(field: Field, arguments: &[InputField]) -> Field {
    arguments.iter().fold(field, |field, given| field.argument(argument(given)))
}

fn argument(field: &InputField) -> InputValue {
    InputValue::new(field.name.as_str(), input_type(&field.ty)).description(field.description.as_str())
}

fn input_type(ty: &InputRef) -> TypeRef {
    match ty {
        InputRef::Scalar(name) => TypeRef::named(*name),
        InputRef::Enum(name) | InputRef::Object(name) => TypeRef::named(name.as_str()),
        InputRef::List(inner) => TypeRef::List(Box::new(input_type(inner))),
        InputRef::NonNull(inner) => TypeRef::NonNull(Box::new(input_type(inner))),
    }
}
