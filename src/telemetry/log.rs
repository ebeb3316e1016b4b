//! What is logged.

use tracing::{Level, Metadata};
use tracing_subscriber::{EnvFilter, filter::FilterFn};

use crate::config::Log;

/// The name of this crate: what its events come from begins with it.
const OURS: &str = "chancery";

/// What an operator wants logged. `chancery config check` refuses a filter that does not parse; `info` is the answer to
/// the impossible.
pub(super) fn filter(log: &Log) -> EnvFilter {
    EnvFilter::builder().parse(&log.level).unwrap_or_else(|_| EnvFilter::new("info"))
}

/// Spans are for traces. Of other crates nothing below `info` is logged, whatever was asked for: a WebSocket's frames
/// and a socket's bytes are among it.
pub(super) fn ours() -> FilterFn {
    FilterFn::new(|what: &Metadata<'_>| !what.is_span() && (is_of(what.target(), OURS) || *what.level() <= Level::INFO))
}

/// Whether a target is of a crate.
fn is_of(target: &str, name: &str) -> bool {
    target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_told_from_one_whose_name_begins_alike() {
        assert!(is_of("chancery", OURS) && is_of("chancery::edge::observe", OURS));
        assert!(!is_of("chancery_trace", OURS) && !is_of("tungstenite::protocol", OURS));
    }
}
