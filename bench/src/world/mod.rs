//! The world: missions, agencies, concerns with what hangs on them, at two sizes, the same every time.
//!
//! *Steady* people see as much at either size while the rest grows twentyfold: what their questions cost tells whether
//! cost follows what one may see or what there is. *Heavy* people see much more the more there is.

mod cast;
mod concerns;
mod directory;
mod rows;
mod words;

pub use cast::{AUDIENCE, KEY, Person, Weight, cast};
pub use rows::Sink;

use time::{Duration, OffsetDateTime, macros::datetime};

use crate::Result;

/// Raised whenever the rows become others: a kept database of another version is made anew.
pub const VERSION: u32 = 3;

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// `S` or `L`.
    pub name: &'static str,
    /// Concerns; three times as many entries.
    pub concerns: u64,
}

/// Fifty thousand concerns.
pub const SMALL: Scale = Scale { name: "S", concerns: 50_000 };
/// A million.
pub const LARGE: Scale = Scale { name: "L", concerns: 1_000_000 };

/// Missions.
pub const MISSIONS: u64 = 300;
/// Agencies, most of them listed and nothing else.
pub const AGENCIES: u64 = 23_000;

/// When the last concern was opened. Fixed: a world that followed the clock would be another every day.
const LAST: OffsetDateTime = datetime!(2026-10-31 00:00 UTC);
/// Over how many days concerns are spread.
const DAYS: i64 = 5 * 365;

/// Writes all rows but those that are derived.
pub async fn fill(sink: &mut Sink, scale: Scale, jwk: &str) -> Result<()> {
    directory::fill(sink, jwk).await?;
    concerns::fill(sink, scale).await?;
    sink.flush().await
}

/// Kinds of rows, for their ids and their chance.
#[derive(Clone, Copy, Debug)]
enum Of {
    State = 1,
    Mission,
    Premises,
    Contact,
    Agency,
    Person,
    Liaison,
    Shift,
    Concern,
    Entry,
    Share,
    Referral,
}

impl Of {
    const fn seed(self) -> u64 {
        self as u64
    }
}

/// The n-th id of a kind, as a UUIDv7 made at an instant.
fn id_at(of: Of, n: u64, at: OffsetDateTime) -> String {
    let millis = u128::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let mut chance = chance_of(of, n);
    let random = u128::from(chance.next() >> 2);
    let bits = (millis << 80) | (7 << 76) | (u128::from(chance.below(1 << 12)) << 64) | (2 << 62) | random;
    chancery::id::encode(bits)
}

/// The n-th id of a kind of what was there from the beginning.
fn id(of: Of, n: u64) -> String {
    id_at(of, n, datetime!(2020-01-01 00:00 UTC) + Duration::milliseconds(i64::try_from(n).unwrap_or(0)))
}

const fn chance_of(of: Of, n: u64) -> crate::chance::Chance {
    crate::chance::Chance::of(of.seed(), n)
}
