//! The table of words held against the rows.

use std::collections::BTreeSet;

use entity::search::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Line, line};
use crate::{
    access::Kind,
    desk::visibility::{CHUNK, pages, snapshot},
    error::Result,
    store::Store,
};

/// How the table differs from what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Lines compared, right ones included.
    pub lines: u64,
    /// Lines that should be there and are not: somebody does not find a row.
    pub missing: u64,
    /// Lines that are there and should not be: somebody finds a row by words that are not in it.
    pub surplus: u64,
    /// The first of the missing lines.
    pub missing_examples: Vec<Line>,
    /// The first of the surplus lines.
    pub surplus_examples: Vec<Line>,
}

impl Difference {
    /// Whether there is none.
    pub const fn is_none(&self) -> bool {
        self.missing == 0 && self.surplus == 0
    }

    fn add(&mut self, right: &BTreeSet<Line>, stored: &BTreeSet<Line>, examples: usize) {
        self.lines += right.union(stored).count() as u64;
        for line in right.difference(stored) {
            self.missing += 1;
            keep(&mut self.missing_examples, line, examples);
        }
        for line in stored.difference(right) {
            self.surplus += 1;
            keep(&mut self.surplus_examples, line, examples);
        }
    }
}

fn keep(examples: &mut Vec<Line>, line: &Line, at_most: usize) {
    if examples.len() < at_most {
        examples.push(line.clone());
    }
}

/// Compares the stored lines with what the rows say, as of one moment, keeping at most `examples` of each kind of
/// difference. Memory is bounded by a page of rows. Writes nothing and hinders nobody.
pub async fn verify(store: &Store, examples: usize) -> Result<Difference> {
    let snapshot = snapshot(store).await?;
    let mut difference = Difference::default();
    // Also types without words: they should have no line.
    for kind in Kind::ALL {
        let mut after = String::new();
        loop {
            let ids = page(&snapshot, kind, &after).await?;
            let Some(last) = ids.last().cloned() else { break };
            let right = if line::has_words(kind) { line::right(&snapshot, kind, &ids).await? } else { BTreeSet::new() };
            difference.add(&right, &line::stored(&snapshot, kind, &ids).await?, examples);
            after = last;
        }
    }
    let of_no_type = Entity::find().filter(Column::Kind.is_not_in(Kind::ALL.map(Kind::code)));
    let of_no_type = of_no_type.all(&snapshot).await?.into_iter().map(Line::from).collect();
    difference.add(&BTreeSet::new(), &of_no_type, examples);
    snapshot.rollback().await?;
    Ok(difference)
}

/// The next ids of a type that have a row, or lines, or both.
async fn page(db: &impl ConnectionTrait, kind: Kind, after: &str) -> std::result::Result<Vec<String>, DbErr> {
    let mut ids = if line::has_words(kind) { pages::of_rows(db, kind, after).await? } else { Vec::new() };
    let lines: Vec<String> = Entity::find()
        .select_only()
        .column(Column::RowId)
        .distinct()
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::RowId.gt(after))
        .order_by_asc(Column::RowId)
        .limit(Some(CHUNK as u64))
        .into_tuple()
        .all(db)
        .await?;
    ids.extend(lines);
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(CHUNK);
    Ok(ids)
}
