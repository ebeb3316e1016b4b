//! The types of what is told as it happens: `Subscription` and the events.

use async_graphql::{
    Error,
    dynamic::{Object, Subscription, SubscriptionField, SubscriptionFieldFuture, TypeRef},
};

use super::{argument, plain};
use crate::model::{
    stream::{CHANGE, SUBSCRIPTION, Stream},
    view::View,
};

/// `Subscription` with a field for each stream; nothing where there is none.
pub(super) fn root(view: &View) -> Option<Subscription> {
    if view.streams.is_empty() {
        return None;
    }
    let root = Subscription::new(SUBSCRIPTION).description(
        "What is told as it happens, over a WebSocket at `/graphql/ws` or by server-sent events at `/graphql/stream`.",
    );
    Some(view.streams.iter().fold(root, |root, stream| {
        let field = SubscriptionField::new(stream.name, TypeRef::named_nn(stream.event_name()), |_| {
            // Data never comes from here: see the module.
            SubscriptionFieldFuture::new(async { Ok(futures_util::stream::empty::<Result<(), Error>>()) })
        });
        let field = field.description(stream.description);
        root.field(stream.arguments().iter().fold(field, |field, given| field.argument(argument(given))))
    }))
}

/// The types of the events.
pub(super) fn events(view: &View) -> Vec<Object> {
    let mut events: Vec<(String, Object)> = Vec::new();
    for stream in &view.streams {
        if events.iter().all(|(name, _)| *name != stream.event_name()) {
            events.push((stream.event_name(), event(stream)));
        }
    }
    events.into_iter().map(|(_, event)| event).collect()
}

fn event(stream: &Stream) -> Object {
    let row = stream.kind.name();
    Object::new(stream.event_name())
        .description(format!("What a stream of {row} rows tells."))
        .field(plain("change", TypeRef::named_nn(CHANGE.name), "What happened."))
        .field(plain("id", TypeRef::named(TypeRef::ID), "Of which row; null for `RESYNC`."))
        .field(plain(
            "cursor",
            TypeRef::named_nn(TypeRef::STRING),
            "Give it back as `after` to go on from here. It tells nothing, and no two are alike.",
        ))
        .field(plain(
            stream.row_name().as_str(),
            TypeRef::named(row),
            "The row as it is now; null unless `change` is `CHANGED`.",
        ))
}
