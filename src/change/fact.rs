//! What is known of a change.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::access::{Ground, Kind, Tiers, emit::Emission};

/// The values of the directory by which streams choose rows, by their columns.
pub type Directory = BTreeMap<String, Option<String>>;

/// That a row changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place among all.
    pub sequence: i64,
    /// The row's type.
    pub kind: Kind,
    /// The row.
    pub row: String,
    /// What is known of it.
    pub fact: Fact,
}

/// What is known of a change. Everything in it is either of no interest without the row, or of the directory's tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The columns that hold another value than before; none where that is not known: all may.
    pub columns: Option<BTreeSet<String>>,
    /// What the directory's values were; none where the row was not there.
    pub was: Option<Directory>,
    /// The lines that the row had.
    lines: Vec<Line>,
    /// The keys that opened or open it.
    pub keys: BTreeSet<String>,
    /// Children that are new or changed, by the names of their types.
    pub children: BTreeMap<String, Vec<String>>,
}

/// Key, code of the ground, cap as bits, from, until.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line(String, i16, u8, String, String);

impl Fact {
    /// With the lines that the row had and has.
    #[must_use]
    pub fn with_lines(self, before: &[Emission], after: &[Emission]) -> Self {
        let lines = before.iter().map(|line| {
            Line(line.key.clone(), line.ground.code(), line.cap.bits(), line.from.clone(), line.until.clone())
        });
        let keys = before.iter().chain(after).map(|line| line.key.clone());
        Self { lines: lines.collect(), keys: keys.collect(), ..self }
    }

    /// The lines that the row had. A line of a ground that is no more opens nothing.
    pub fn lines(&self) -> Vec<Emission> {
        let line = |Line(key, ground, cap, from, until): &Line| {
            let ground = Ground::ALL.into_iter().find(|known| known.code() == *ground)?;
            // A change follows the row itself, whose lines are withheld by its marking already.
            let tlp_max = ground.survives();
            let (key, from, until) = (key.clone(), from.clone(), until.clone());
            Some(Emission { key, ground, cap: Tiers::from_bits(*cap), from, until, tlp_max })
        };
        self.lines.iter().filter_map(line).collect()
    }
}
