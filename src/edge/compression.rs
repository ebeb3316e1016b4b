//! Answers in fewer bytes, for whoever takes them so.

use axum::Router;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate as Compressible,
        predicate::{NotForContentType, SizeAbove},
    },
};

/// The routes, whose answers of so many bytes are compressed; none are where that is 0.
///
/// Compression tells an eavesdropper how much an answer repeats of what was asked. Here nobody can make another's
/// browser ask: there are no cookies, and whoever has the token reads the answer itself.
pub(super) fn from<S: Clone + Send + Sync + 'static>(router: Router<S>, least: u16) -> Router<S> {
    if least == 0 { router } else { router.layer(compression(least)) }
}

/// Events are told one by one: what gathers them would hold them back.
fn compression(least: u16) -> CompressionLayer<impl Compressible> {
    let events = NotForContentType::const_new("text/event-stream");
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(least.into()).and(events))
}
