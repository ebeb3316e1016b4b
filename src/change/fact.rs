//! What is known of a change.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::access::{Ground, Kind, Tiers, Tlp, emit::Emission};

/// The values of the directory by which streams choose rows, by their columns.
pub type Directory = BTreeMap<String, Option<String>>;

/// That a row changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place among all.
    pub sequence: i64,
    /// The last instant at which it had not happened.
    pub seen_at: String,
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
    /// The lines that the row had, and those that it has.
    before: Vec<Line>,
    after: Vec<Line>,
    /// The keys that opened or open it.
    pub keys: BTreeSet<String>,
    /// Children that are new or changed, by the names of their types.
    pub children: BTreeMap<String, Vec<String>>,
    /// Where edges of the row led and lead that lead elsewhere than before, by the names of the types there.
    #[serde(default)]
    pub led: BTreeMap<String, Vec<String>>,
    /// Of the children, by their rows, the columns that hold another value than before, where that is known.
    #[serde(default)]
    pub altered: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Where the lines are others than before: children with a marking of their own, with its rank, likewise.
    pub marked: BTreeMap<String, Vec<(String, i16)>>,
    /// What hangs on the row and has other lines than before, or is gone, or whose lines the clock bounds: by the names of
    /// their types.
    #[serde(default)]
    hung: BTreeMap<String, Vec<Hung>>,
}

/// A row that hangs on another: its id, the lines that it had, and those that it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Hung(String, Vec<Line>, Vec<Line>);

/// Key, code of the ground, cap as bits, from, until, rank of the highest marking that it survives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line(String, i16, u8, String, String, i16);

impl Line {
    fn of(line: &Emission) -> Self {
        let (from, until) = (line.from.clone(), line.until.clone());
        Self(line.key.clone(), line.ground.code(), line.cap.bits(), from, until, line.tlp_max.rank())
    }

    /// None where its ground or its marking is no more.
    fn emission(&self) -> Option<Emission> {
        let Self(key, ground, cap, from, until, rank) = self.clone();
        let ground = Ground::ALL.into_iter().find(|known| known.code() == ground)?;
        let tlp_max = Tlp::ALL.into_iter().find(|tlp| tlp.rank() == rank)?;
        Some(Emission { key, ground, cap: Tiers::from_bits(cap), from, until, tlp_max })
    }
}

impl Fact {
    /// With the lines that the row had and has.
    #[must_use]
    pub fn with_lines(self, before: &[Emission], after: &[Emission]) -> Self {
        let keys = before.iter().chain(after).map(|line| line.key.clone()).collect();
        let (before, after) = (before.iter().map(Line::of).collect(), after.iter().map(Line::of).collect());
        Self { before, after, keys, ..self }
    }

    /// With a row that hangs on it, by the lines that this had and has.
    pub fn hang(&mut self, kind: Kind, row: &str, before: &[Emission], after: &[Emission]) {
        let (before, after) = (before.iter().map(Line::of).collect(), after.iter().map(Line::of).collect());
        self.hung.entry(kind.name().to_owned()).or_default().push(Hung(row.to_owned(), before, after));
    }

    /// The rows of a type that hang on it: each with the lines that it had and has.
    pub fn hung(&self, kind: Kind) -> impl Iterator<Item = (&str, Vec<Emission>, Vec<Emission>)> {
        self.hung.get(kind.name()).into_iter().flatten().map(|Hung(row, before, after)| {
            let [before, after] = [before, after].map(|lines| lines.iter().filter_map(Line::emission).collect());
            (row.as_str(), before, after)
        })
    }

    /// The lines that the row had.
    pub fn before(&self) -> Vec<Emission> {
        self.before.iter().filter_map(Line::emission).collect()
    }

    /// The lines that it has since.
    pub fn after(&self) -> Vec<Emission> {
        self.after.iter().filter_map(Line::emission).collect()
    }
}
