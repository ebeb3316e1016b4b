//! Answers in fewer bytes, for whoever takes them so.

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
pub(super) fn from(least: u16) -> Option<CompressionLayer<impl Compressible>> {
    // Events are told one by one: what gathers them would hold them back.
    let events = NotForContentType::const_new("text/event-stream");
    let large = SizeAbove::new(least.into()).and(events);
    let layer = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(large);
    (least > 0).then_some(layer)
}
