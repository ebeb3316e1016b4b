//! The table held against the rows.

use entity::visibility;
use sea_orm::{
    AccessMode, ColumnTrait, DatabaseTransaction, DbBackend, EntityTrait, IsolationLevel, PaginatorTrait, QueryFilter,
    QuerySelect, TransactionOptions, TransactionTrait,
};

use super::{Line, facts, line, pages};
use crate::{access::Kind, error::Result, store::Store};

/// How the table differs from what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Lines compared, right ones included.
    pub lines: u64,
    /// Lines that should be there and are not: somebody is shown too little.
    pub missing: u64,
    /// Lines that are there and should not be: somebody is shown too much.
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
}

/// Compares the stored lines with what the rows emit, as of one moment, keeping at most `examples` of each kind of
/// difference. Memory is bounded by a page of rows. Writes nothing and hinders nobody.
pub async fn verify(store: &Store, examples: usize) -> Result<Difference> {
    let snapshot = snapshot(store).await?;
    let mut difference = Difference::default();
    for kind in Kind::ALL {
        let mut after = String::new();
        loop {
            let ids = pages::of_rows_and_lines(&snapshot, kind, &after).await?;
            let Some(last) = ids.last().cloned() else { break };
            let right = facts::lines(&snapshot, kind, &ids).await?;
            let stored = line::stored(&snapshot, kind, &ids).await?;
            difference.lines += right.union(&stored).count() as u64;
            for line in right.difference(&stored) {
                difference.missing += 1;
                keep(&mut difference.missing_examples, line.clone(), examples);
            }
            for line in stored.difference(&right) {
                difference.surplus += 1;
                keep(&mut difference.surplus_examples, line.clone(), examples);
            }
            after = last;
        }
    }
    of_no_type(&snapshot, examples, &mut difference).await?;
    snapshot.rollback().await?;
    Ok(difference)
}

/// Lines whose code stands for no type.
async fn of_no_type(snapshot: &DatabaseTransaction, examples: usize, difference: &mut Difference) -> Result<()> {
    let of_no_type = visibility::Entity::find().filter(visibility::Column::Kind.is_not_in(Kind::ALL.map(Kind::code)));
    let count = of_no_type.clone().count(snapshot).await?;
    difference.lines += count;
    difference.surplus += count;
    for line in of_no_type.limit(Some(examples as u64)).all(snapshot).await? {
        keep(&mut difference.surplus_examples, line.into(), examples);
    }
    Ok(())
}

fn keep(examples: &mut Vec<Line>, line: Line, at_most: usize) {
    if examples.len() < at_most {
        examples.push(line);
    }
}

/// A transaction that sees the database as it is now, however long it reads: on SQLite every transaction does.
pub(in crate::desk) async fn snapshot(store: &Store) -> Result<DatabaseTransaction> {
    let options = match store.orm.get_database_backend() {
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions::default(),
    };
    Ok(store.orm.begin_with_options(options).await?)
}
