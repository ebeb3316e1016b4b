//! Numbers that look random and are the same in every demo.

use time::OffsetDateTime;

use crate::{clock, id};

/// SplitMix64 (Steele, Lea, Flood 2014) from a fixed seed. For invented data only.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new() -> Self {
        Self(0x0043_6861_6e63_6572)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `bound`; 0 if that is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, of_hundred: usize) -> bool {
        self.below(100) < of_hundred
    }

    /// One of them; `None` of none.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// One of some words; empty of none.
    pub(super) fn word<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.pick(of).copied().unwrap_or_default()
    }

    /// A UUIDv7 (RFC 9562) of the given time, as [`id::new`] makes it.
    pub(super) fn id(&mut self, at: OffsetDateTime) -> String {
        let milliseconds = u128::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        let (a, b) = (u128::from(self.next() & 0xfff), u128::from(self.next() >> 2));
        id::encode((milliseconds << 80) | (7 << 76) | (a << 64) | (2 << 62) | b)
    }

    /// An instant in `[from, to)`, to the second, as text.
    pub(super) fn between(&mut self, from: OffsetDateTime, to: OffsetDateTime) -> OffsetDateTime {
        let seconds = usize::try_from((to - from).whole_seconds()).unwrap_or(0);
        from + time::Duration::seconds(i64::try_from(self.below(seconds)).unwrap_or(0))
    }
}

/// Instants as text, where there is one.
pub(super) fn text(at: Option<OffsetDateTime>) -> Option<String> {
    at.map(clock::instant)
}
