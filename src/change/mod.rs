//! What changed, in the order in which it was committed: what streams are made of.
//!
//! An event holds no content and decides nothing. It says of a row which columns have another value, what the
//! directory's values were by which streams choose rows, what its lines of the visibility table were, and which of its
//! children are new or changed. Whoever follows it looks at the row as it is now, with present standing.
//!
//! Events are written in the transaction that changes the row, under the lock under which all of them are made: their
//! numbers are in the order of commits, and whoever has seen one has seen all before it.

mod fact;
mod log;

pub use fact::{Change, Directory, Fact};
pub use log::{CHANNEL, Read, append, append_to, last, mark, prune, restart, set_mark, since, told_since};
