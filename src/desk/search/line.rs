//! Lines of the table of words: made from the rows, stored, compared, replaced.

use std::collections::BTreeSet;

use entity::search::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic as _, Iterable as _, QueryFilter,
    Value,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use crate::{
    access::{Kind, Tier, Tiers},
    model::{definition, words},
    store::{Batch, Rows, Transaction},
};

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The row.
    pub row: String,
    /// Code of the row's type.
    pub kind: i16,
    /// Tiers as bits: of those that hold words, exactly these are open to whom the line is for.
    pub tiers: i16,
    /// The row's date, or an empty text.
    pub at: String,
    /// Folded words.
    pub terms: String,
}

impl From<Model> for Line {
    fn from(row: Model) -> Self {
        Self { row: row.row_id, kind: row.kind, tiers: row.tiers, at: row.at, terms: row.terms }
    }
}

/// Whether rows of a type are found by words at all.
pub(super) fn has_words(kind: Kind) -> bool {
    !definition(kind).searched_tiers().is_empty()
}

/// All lines of the rows, at most [`crate::desk::visibility::CHUNK`] of them. A row that is not there, or has no word, has none.
pub(super) async fn right(db: &impl ConnectionTrait, kind: Kind, ids: &[String]) -> Result<BTreeSet<Line>, DbErr> {
    let ty = definition(kind);
    let searched: Vec<(&'static str, Tier)> = ty.searched().map(|(_, column, tier)| (column, tier)).collect();
    let mut query = Query::select();
    query.column(Alias::new("id")).from(Alias::new(ty.table));
    query.and_where(Expr::col(Alias::new("id")).is_in(ids));
    for column in searched.iter().map(|(column, _)| *column).chain(ty.dated()) {
        query.column(Alias::new(column));
    }
    let mut lines = BTreeSet::new();
    for row in db.query_all(&query).await? {
        lines.extend(said_by(kind, |column| row.try_get::<Option<String>>("", column))?);
    }
    Ok(lines)
}

/// The lines of a row that is yet to be written.
pub(in crate::desk) fn of_row<A: ActiveModelTrait>(kind: Kind, row: &A) -> Vec<Line> {
    if !has_words(kind) {
        return Vec::new();
    }
    let value = |name: &str| {
        let column = <A::Entity as EntityTrait>::Column::iter().find(|column| column.as_str() == name)?;
        match row.get(column).into_value() {
            Some(Value::String(text)) => text,
            _ => None,
        }
    };
    said_by(kind, |column| Ok::<_, std::convert::Infallible>(value(column))).unwrap_or_default()
}

/// The lines of a row whose columns are these texts.
fn said_by<E>(kind: Kind, text: impl Fn(&str) -> Result<Option<String>, E>) -> Result<Vec<Line>, E> {
    let ty = definition(kind);
    let id = text("id")?.unwrap_or_default();
    let at = ty.dated().map(&text).transpose()?.flatten().unwrap_or_default();
    let mut texts: Vec<(Tier, String)> = Vec::new();
    for (_, column, tier) in ty.searched() {
        texts.extend(text(column)?.map(|text| (tier, text)));
    }
    let line = |set: Tiers| {
        let terms = terms(&texts, set);
        Line { row: id.clone(), kind: kind.code(), tiers: set.bits().into(), at: at.clone(), terms }
    };
    Ok(ty.searched_sets().into_iter().map(line).filter(|line| !line.terms.is_empty()).collect())
}

/// Writes lines that are not there, with others.
pub(in crate::desk) fn add(batch: &mut Batch, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    let rows = Rows::default()
        .codes("kind", lines.iter().map(|line| line.kind))
        .texts("row_id", lines.iter().map(|line| &line.row))
        .codes("tiers", lines.iter().map(|line| line.tiers))
        .texts("at", lines.iter().map(|line| &line.at))
        .texts("terms", lines.iter().map(|line| &line.terms));
    batch.part(|binds| format!("insert into search ({}) {}", rows.names(), rows.query(binds)));
}

/// The words of what is read where exactly these tiers are open.
fn terms(texts: &[(Tier, String)], open: Tiers) -> String {
    words::kept(texts.iter().filter(|(tier, _)| open.has(*tier)).map(|(_, text)| text.as_str()))
}

/// The stored lines of rows of one type, at most [`crate::desk::visibility::CHUNK`] rows.
pub(super) async fn stored(db: &impl ConnectionTrait, kind: Kind, ids: &[String]) -> Result<BTreeSet<Line>, DbErr> {
    let rows = Entity::find().filter(Column::RowId.is_in(ids)).filter(Column::Kind.eq(kind.code())).all(db).await?;
    Ok(rows.into_iter().map(Line::from).collect())
}

/// Brings the stored lines of the rows to `lines`, which are all of theirs.
pub(super) async fn replace(
    transaction: &Transaction,
    kind: Kind,
    ids: &[String],
    lines: BTreeSet<Line>,
) -> Result<(), DbErr> {
    let stored = stored(transaction, kind, ids).await?;
    let changed: BTreeSet<&str> = stored.symmetric_difference(&lines).map(|line| line.row.as_str()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    Entity::delete_many()
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::RowId.is_in(changed.iter().copied()))
        .exec(transaction)
        .await?;
    let anew: Vec<Line> = lines.iter().filter(|line| changed.contains(line.row.as_str())).cloned().collect();
    insert(transaction, &anew).await
}

/// Writes lines that are not there.
pub(super) async fn insert(transaction: &Transaction, lines: &[Line]) -> Result<(), DbErr> {
    let mut batch = Batch::new(transaction.get_database_backend());
    add(&mut batch, lines);
    batch.write(transaction).await
}
