//! What an answer may cost: how many rows it may hold.
//!
//! A plan serves every request of a shape, and pages are values of a request; so a plan holds a formula, and a request
//! puts its page sizes into it. What it says is an upper bound that asks nothing of the database: the same whoever asks,
//! whatever is hidden.

use super::{
    bind::{self, Asker},
    coerce::Variables,
    sql::Bind,
};
use crate::error::Result;

/// How many rows there may be: some, and of each list so many times what is in one of its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    rows: u64,
    lists: Vec<List>,
}

/// A list of rows.
#[derive(Clone, Debug, PartialEq)]
struct List {
    /// The parameter that says how long it is at most.
    longest: Bind,
    /// What hangs on one row of it.
    each: Cost,
}

impl Cost {
    /// One row more; a number that is counted over rows is as one.
    pub(super) const fn row(&mut self) {
        self.rows = self.rows.saturating_add(1);
    }

    /// A list more, as long as a parameter says, with what hangs on each of its rows.
    pub(super) fn list(&mut self, longest: Bind, each: Self) {
        self.lists.push(List { longest, each });
    }

    /// How many rows with the values of one request.
    pub fn of(&self, variables: &Variables, asker: &Asker) -> Result<u64> {
        let mut rows = self.rows;
        for list in &self.lists {
            let each = list.each.of(variables, asker)?.saturating_add(1);
            rows = rows.saturating_add(bind::length(&list.longest, variables, asker)?.saturating_mul(each));
        }
        Ok(rows)
    }

    /// What it takes of memory, about.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.lists.iter().map(|list| size_of::<Bind>() + list.each.bytes()).sum::<usize>()
    }
}
