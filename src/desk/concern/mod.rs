//! What is done with a concern: raised, answered, marked, shown, referred.

mod case;
mod evidence;
mod mark;
mod raise;
mod refer;
mod say;
mod share;
mod steps;
mod visit;

pub use self::{
    evidence::add_evidence,
    mark::mark,
    raise::raise,
    refer::{accept, complete, decline, refer, set_case_number},
    say::{note, reply},
    share::{revoke, share},
    steps::{advance, assign, close, reopen, set_severity},
    visit::link_to_visit,
};
