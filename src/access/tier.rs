//! How deep: every field belongs to exactly one tier.

use std::{fmt, ops};

/// One of five depths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Directory: that it exists, and what a telephone book would say.
    D,
    /// Contact: how to reach and what it is about.
    C,
    /// Protected: what harms a person when it is known.
    P,
    /// Sensitive: what law enforcement and protection work on.
    S,
    /// Internal to DSS.
    I,
}

impl Tier {
    /// Every tier, shallow to deep.
    pub const ALL: [Self; 5] = [Self::D, Self::C, Self::P, Self::S, Self::I];

    /// The letter.
    pub const fn letter(self) -> char {
        match self {
            Self::D => 'D',
            Self::C => 'C',
            Self::P => 'P',
            Self::S => 'S',
            Self::I => 'I',
        }
    }

    /// Its bit in [`Tiers`], as statements write it.
    pub const fn bit(self) -> u8 {
        match self {
            Self::D => 1,
            Self::C => 2,
            Self::P => 4,
            Self::S => 8,
            Self::I => 16,
        }
    }
}

/// A set of tiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tiers(u8);

impl Tiers {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Everything.
    pub const ALL: Self = Self(31);
    /// Directory.
    pub const D: Self = Self(1);
    /// Directory and contact.
    pub const DC: Self = Self(3);
    /// Directory, contact, protected.
    pub const DCP: Self = Self(7);
    /// Directory, contact, protected, sensitive.
    pub const DCPS: Self = Self(15);
    /// Directory, contact, sensitive.
    pub const DCS: Self = Self(11);
    /// Directory, contact, internal.
    pub const DCI: Self = Self(19);
    /// Directory, contact, sensitive, internal.
    pub const DCSI: Self = Self(27);
    /// Directory and protected.
    pub const DP: Self = Self(5);
    /// Directory, protected, sensitive.
    pub const DPS: Self = Self(13);
    /// Directory and sensitive.
    pub const DS: Self = Self(9);
    /// Everything, by its letters.
    pub const DCPSI: Self = Self::ALL;

    /// The set of one tier.
    pub const fn of(tier: Tier) -> Self {
        Self(tier.bit())
    }

    /// As bits, for the visibility table and for statements.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// From bits; unknown bits are dropped.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Whether the tier is in the set.
    pub const fn has(self, tier: Tier) -> bool {
        self.0 & tier.bit() != 0
    }

    /// Whether every tier of `other` is in the set.
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// From letters, as a share's cap is written: `DCP`. Anything else is `None`.
    pub fn parse(letters: &str) -> Option<Self> {
        let mut set = Self::NONE;
        for letter in letters.chars() {
            let tier = Tier::ALL.into_iter().find(|tier| tier.letter() == letter)?;
            if set.has(tier) {
                return None;
            }
            set |= Self::of(tier);
        }
        Some(set)
    }

    /// Reads a stored cap; one that cannot be read opens nothing.
    pub fn of_row(stored: &str) -> Self {
        Self::parse(stored).unwrap_or(Self::NONE)
    }
}

impl ops::BitOr for Tiers {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl ops::BitAnd for Tiers {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl ops::BitOrAssign for Tiers {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Tiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("–");
        }
        for tier in Tier::ALL.into_iter().filter(|tier| self.has(*tier)) {
            write!(f, "{}", tier.letter())?;
        }
        Ok(())
    }
}
