//! Who serves somewhere today.

use crate::access::Kind;

/// The names of who serves today (UTC), found from tours: their first day is not ahead, and their last is not past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serving {
    /// The type of the tours.
    pub tours: Kind,
    /// The column there that points to the row.
    pub by: &'static str,
    /// In which capacities.
    pub capacities: &'static [&'static str],
    /// Whether it is everyone, or the one of whom there is one at a time.
    pub everyone: bool,
}
