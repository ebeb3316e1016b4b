//! The audit trail: what was written, refused and read, so that nothing of it can be taken away unseen.
//!
//! Events hang in chains, one per writer: each holds the hash of the one before it, and its own hash covers all of it.
//! An anchor hashes the last event of every chain, and the anchor before; so what an anchor saw can neither be changed
//! nor cut off afterwards by anybody who does not change the anchors too, and an anchor's hash that was kept elsewhere
//! finds even that.
//!
//! - `event`: what an event says, and the bytes that are hashed;
//! - `chain`: appends, within the transaction that it is told of;
//! - [`Trail`]: what reads and refusals at the door are written by, in batches, before an answer leaves;
//! - `anchor`, `verify`: where all chains stand, and whether they are whole.
//!
//! An event holds opaque ids and names of ours, never content. What a client chose (a name of an operation) is in it
//! only where it is a short name.

mod anchor;
mod chain;
mod event;
mod trail;
mod verify;

pub use anchor::{Anchored, anchor, anchor_daily};
pub use chain::{Head, after, append, head_column, lock_of};
pub use event::{Decision, Event, object_id};
pub use trail::Trail;
pub use verify::{Fault, Report, What, latest, may_be_changed, verify};

/// The chain of what is done through the desk: commands, and their refusals.
pub const DESK: &str = "desk";
/// The chain of what operators do: on the command line, by import.
pub const OPERATOR: &str = "operator";
