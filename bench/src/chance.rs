//! Numbers that look like chance and are the same every time: SplitMix64 (Steele, Lea, Flood 2014), seeded by what a row
//! is, so that a row does not depend on those before it.

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of the n-th of a kind of things.
    pub const fn of(kind: u64, n: u64) -> Self {
        Self(kind.wrapping_mul(0xD1B5_4A32_D192_ED03) ^ n.wrapping_mul(0xAEF1_7502_108E_F2D9))
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below a bound.
    pub const fn below(&mut self, bound: u64) -> u64 {
        let bound = if bound == 0 { 1 } else { bound };
        self.next() % bound
    }

    /// So many times in a thousand.
    pub const fn permille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of them.
    pub fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words.get(place).copied().unwrap_or_default()
    }

    /// One of them, by their weights.
    pub fn weighted<'a>(&mut self, words: &[(&'a str, u64)]) -> &'a str {
        let mut left = self.below(words.iter().map(|(_, weight)| weight).sum());
        for (word, weight) in words {
            if left < *weight {
                return word;
            }
            left -= weight;
        }
        words.first().map_or("", |(word, _)| word)
    }

    /// Below a bound, small numbers far more often: as likely in each doubling.
    pub const fn skewed(&mut self, bound: u64) -> u64 {
        let bits = 64 - bound.leading_zeros() as u64;
        let reach = 1 << self.below(bits + 1);
        self.below(reach) % bound
    }
}
