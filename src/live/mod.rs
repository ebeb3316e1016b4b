//! Events → streams.
//!
//! A change says that a row may be another one; it decides nothing (`change`). For each distinct standing and
//! selection there is a *group*, which looks at the row once as it is now, through the same planner and gate as every
//! question, decides whether the selection of its subscribers changed (law 4), and hands the one text of the event to
//! all of them: a subscriber costs the write to its socket.
//!
//! - `feed`: the changes as they are committed, here or by another server; the table of events is the truth, a
//!   notification only wakes;
//! - `filter`: which rows a stream follows, by values of the directory, then and now;
//! - `topic`: what a group follows, and what it tells of one change;
//! - `group`: the subscribers of a topic; `hub`: the groups; `enter`: who catches up, and joins one;
//! - `position`: where to go on from, sealed so that it tells nothing of changes that one was not told.
//!
//! Invariants: nothing is told of a row but what a statement under present standing returned; a number of a change
//! never leaves unsealed; whoever reads slowly is let go with a position, and nobody waits for them.

mod enter;
mod feed;
mod filter;
mod group;
mod hub;
mod position;
mod topic;

pub use feed::Tick;
pub use filter::Filter;
pub use hub::{Hub, Message, QUEUE, Start, Subscription};
pub use position::Positions;
pub use topic::{Shown, Topic, TopicKey};
