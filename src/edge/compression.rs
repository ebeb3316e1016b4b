//! Answers in fewer bytes, for whoever takes them so.

use axum::http::{Extensions, HeaderMap};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate as Compressible,
        predicate::{NotForContentType, SizeAbove},
    },
};

/// Compresses answers of so many bytes; none where that is 0.
///
/// Compression tells an eavesdropper how much an answer repeats of what was asked. Here nobody can make another's
/// browser ask: there are no cookies, and whoever has the token reads the answer itself.
pub(super) fn from(least: u16) -> CompressionLayer<impl Compressible> {
    // Events are told one by one: what gathers them would hold them back.
    let events = NotForContentType::const_new("text/event-stream");
    let compresses = move |_, _, _: &HeaderMap, _: &Extensions| least > 0;
    let large = SizeAbove::new(least.into()).and(events).and(compresses);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(large)
}
