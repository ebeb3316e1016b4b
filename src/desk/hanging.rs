//! What hangs on rows that streams follow: which of it was touched, and which has other lines than before.

use std::collections::{BTreeMap, BTreeSet};

use entity::visibility::{Column, Entity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::visibility::{CHUNK, Line, Relined};
use crate::{
    access::{
        Kind,
        emit::{ALWAYS, Emission, FOREVER},
    },
    change::Fact,
    error::Result,
    model::{definition, stream},
};

/// A row, by its type.
type Key = (Kind, String);

/// On what rows hung that hang there no more.
pub(super) type Gone = BTreeMap<Key, Key>;

/// By what they hang on: rows by the names of their types.
pub(super) type Children = BTreeMap<Key, BTreeMap<String, Vec<String>>>;

/// By what they hang on: rows whose lines are others than before, with both.
pub(super) type Turned = BTreeMap<Key, Vec<(Key, Vec<Emission>, Vec<Emission>)>>;

/// The touched rows that hang on followed ones.
pub(super) async fn touched(db: &impl ConnectionTrait, touched: &BTreeSet<Key>, gone: &Gone) -> Result<Children> {
    let mut all = Children::new();
    for ((kind, row), on) in pairs(db, touched, gone).await? {
        all.entry(on).or_default().entry(kind.name().to_owned()).or_default().push(row);
    }
    Ok(all)
}

/// The rows that hang on followed ones and whose lines are others than before, and of those that are no children the touched
/// ones: their lines say how deep they are. One with a marking of its own is told by that.
pub(super) async fn turned(
    db: &impl ConnectionTrait,
    (relined, touched): (&Relined, &BTreeSet<Key>),
    gone: &Gone,
) -> Result<Turned> {
    let lines = |lines: &BTreeSet<Line>| {
        let mut by: BTreeMap<Key, Vec<Emission>> = BTreeMap::new();
        let kinds: BTreeMap<i16, Kind> = Kind::ALL.into_iter().map(|kind| (kind.code(), kind)).collect();
        for line in lines {
            if let Some(kind) = kinds.get(&line.kind) {
                by.entry((*kind, line.row.clone())).or_default().extend(line.emission());
            }
        }
        by
    };
    let (before, after) = (lines(&relined.before), lines(&relined.after));
    let marked = |kind: Kind| definition(kind).child.is_some_and(|child| child.tlp_column.is_some());
    let is_deep = |key: &Key| key.0.parent().is_none() && touched.contains(key);
    let differ = |key: &&Key| !marked(key.0) && (is_deep(key) || before.get(*key) != after.get(*key));
    let differing: BTreeSet<Key> = relined.hanging.iter().filter(differ).cloned().collect();
    let mut all = Turned::new();
    for (key, on) in pairs(db, &differing, gone).await? {
        let [had, has] = [&before, &after].map(|lines| lines.get(&key).cloned().unwrap_or_default());
        all.entry(on).or_default().push((key, had, has));
    }
    Ok(all)
}

/// Adds to what is told of a followed row the rows that hang on it and whose lines the clock bounds.
pub(super) async fn bounded(db: &impl ConnectionTrait, (kind, row): (Kind, &str), fact: &mut Fact) -> Result<()> {
    for there in Kind::ALL.into_iter().filter(|there| there.parent() == Some(kind)) {
        let Some(child) = definition(there).child.filter(|child| child.tlp_column.is_none()) else { continue };
        let mut ids = Query::select();
        ids.column(Alias::new("id")).from(Alias::new(definition(there).table));
        ids.and_where(Expr::col(Alias::new(child.parent_column)).eq(row));
        let bounds = Column::FromAt.ne(ALWAYS).or(Column::UntilAt.ne(FOREVER));
        let found = Entity::find()
            .filter(Column::Kind.eq(there.code()))
            .filter(Column::RowId.in_subquery(ids))
            .filter(bounds)
            .all(db)
            .await?;
        let mut lines: BTreeMap<String, Vec<Emission>> = BTreeMap::new();
        for line in found.into_iter().map(Line::from) {
            lines.entry(line.row.clone()).or_default().extend(line.emission());
        }
        for (id, lines) in lines {
            fact.hang(there, &id, &lines, &lines);
        }
    }
    Ok(())
}

/// Each row with what it hangs on, or hung.
async fn pairs(db: &impl ConnectionTrait, rows: &BTreeSet<Key>, gone: &Gone) -> Result<Vec<(Key, Key)>> {
    let mut found: Vec<(Key, Key)> =
        rows.iter().filter_map(|key| Some((key.clone(), gone.get(key)?.clone()))).collect();
    for kind in Kind::ALL {
        let ids: Vec<&String> = rows.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id).collect();
        for (on, column) in if ids.is_empty() { Vec::new() } else { stream::hangs_on(kind) } {
            for ids in ids.chunks(CHUNK) {
                let mut query = Query::select();
                query.columns([Alias::new("id"), Alias::new(column)]).from(Alias::new(definition(kind).table));
                query.and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
                query.and_where(Expr::col(Alias::new(column)).is_not_null());
                for row in db.query_all(&query).await? {
                    let (id, parent): (String, String) = (row.try_get("", "id")?, row.try_get("", column)?);
                    found.push(((kind, id), (on, parent)));
                }
            }
        }
    }
    Ok(found)
}
