//! Which traces are sent.

use std::hash::{BuildHasher as _, RandomState};

use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceContextExt as _, TraceId, TraceState},
};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

/// Takes that part of all traces, each as a whole. By the trace's number under a key of this process: whoever sends a
/// number, or a flag, knows neither that it is taken nor that it is not.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    ratio: f64,
    key: RandomState,
}

impl Chance {
    /// The part, from 0 to 1.
    pub(super) fn new(ratio: f64) -> Self {
        Self { ratio, key: RandomState::new() }
    }

    fn takes(&self, trace: TraceId) -> bool {
        // 32 bits, which a fraction holds exactly.
        let drawn = u32::try_from(self.key.hash_one(trace.to_bytes()) >> 32).unwrap_or(u32::MAX);
        f64::from(drawn) < self.ratio * 2_f64.powi(32)
    }
}

impl ShouldSample for Chance {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let decision = if self.takes(trace) { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
        let trace_state =
            parent.map_or_else(TraceState::default, |parent| parent.span().span_context().trace_state().clone());
        SamplingResult { decision, attributes: Vec::new(), trace_state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_chooses_the_number_does_not_choose_whether_it_is_taken() {
        let taken = |chance: &Chance, high: u128| (0..2_000).filter(|n| chance.takes((high | n).into())).count();
        for high in [0, u128::MAX << 12] {
            assert_eq!(taken(&Chance::new(1.0), high), 2_000);
            assert_eq!(taken(&Chance::new(0.0), high), 0);
            let half = taken(&Chance::new(0.5), high);
            assert!((700..1_300).contains(&half), "{half}");
        }
        let (one, other) = (Chance::new(0.5), Chance::new(0.5));
        assert!((1..200_u128).any(|n| one.takes(n.into()) != other.takes(n.into())), "each process has its own key");
        assert!((1..200_u128).all(|n| one.takes(n.into()) == one.clone().takes(n.into())), "a trace is one");
    }
}
