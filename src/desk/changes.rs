//! What a unit of work changed of the rows that streams follow, told to the log of changes in its transaction.

use std::collections::{BTreeMap, BTreeSet};

use entity::{acknowledgement, advisory, concern, entry, evidence, referral, share};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    PrimaryKeyTrait, QueryFilter, QuerySelect, Value,
};

use super::visibility::{self, CHUNK, Line, Relined};
use crate::{
    access::{Kind, Tlp, emit::Emission},
    change::{self, Fact},
    error::Result,
    model::{definition, kit::Shape, stream},
    store::Transaction,
};

/// Rows of one unit of work of which streams are told one by one, at most: of more, that they read all afresh.
const MOST_AT_ONCE: usize = 2_000;

/// The values of a row, by their columns.
pub(super) type Image = BTreeMap<String, Value>;

/// Children by their parent, then by the name of their type.
type Children = BTreeMap<(Kind, String), BTreeMap<String, Vec<String>>>;

/// What a row is now; nothing for a row that is not there, or of a type that no stream follows.
pub(super) async fn image(db: &impl ConnectionTrait, kind: Kind, id: &str) -> Result<Option<Image>> {
    match kind {
        Kind::Concern => read::<concern::Entity, _>(db, id).await,
        Kind::Advisory => read::<advisory::Entity, _>(db, id).await,
        _ => Ok(None),
    }
}

async fn read<E, M>(db: &impl ConnectionTrait, id: &str) -> Result<Option<Image>>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<String>,
{
    let row = E::find_by_id(id.to_owned()).one(db).await?;
    Ok(row.map(image_of::<E, M>))
}

/// A row's values.
pub(super) fn image_of<E, M>(row: M) -> Image
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let row = row.into_active_model();
    let value = |column: E::Column| Some((column.as_str().to_owned(), row.get(column).into_value()?));
    E::Column::iter().filter_map(value).collect()
}

/// Tells the log of every followed row that was touched, itself or in a child, or whose lines are others than before.
pub(super) async fn tell(
    transaction: &Transaction,
    at: &str,
    touched: &BTreeSet<(Kind, String)>,
    mut relined: Relined,
    images: &BTreeMap<(Kind, String), Image>,
) -> Result<()> {
    let mut children = children(transaction, touched).await?;
    // A row of which nothing but a child is new has the lines that it had.
    for (kind, rows) in unlined(&children, &relined.rows) {
        for ids in rows.chunks(CHUNK) {
            let lines = visibility::stored(transaction, kind, ids).await?;
            relined.before.extend(lines.iter().cloned());
            relined.after.extend(lines);
            relined.rows.extend(ids.iter().map(|id| (kind, id.clone())));
        }
    }
    let (mut before, mut after) = (by_row(&relined.before), by_row(&relined.after));
    relined
        .rows
        .retain(|key| touched.contains(key) || children.contains_key(key) || before.get(&key.1) != after.get(&key.1));
    if relined.rows.len() > MOST_AT_ONCE {
        return change::restart(transaction).await;
    }
    let mut changes = Vec::new();
    for key in relined.rows {
        let (before, after) = (before.remove(&key.1).unwrap_or_default(), after.remove(&key.1).unwrap_or_default());
        let mut children = children.remove(&key).unwrap_or_default();
        let is_touched = touched.contains(&key);
        let was = images.get(&key);
        // What was touched, and had neither been looked at nor any lines, is new.
        let is_new = is_touched && was.is_none() && before.is_empty();
        let now = if is_new { None } else { image(transaction, key.0, &key.1).await? };
        let columns = match (was, &now) {
            (Some(was), Some(now)) => Some(differing(was, now)),
            // Its own values are as they were: what it follows from has changed.
            _ if !is_touched => Some(BTreeSet::new()),
            _ => None,
        };
        if let (Some(was), Some(now)) = (was, &now) {
            for (of, rows) in led(key.0, was, now) {
                children.entry(of).or_default().extend(rows);
            }
        }
        // Of a row that was changed without a look at it before, what it was is not known: it was as it is.
        let was = was.or(now.as_ref());
        let was = was.map(|image| directory(key.0, image));
        let mut fact = Fact::default().with_lines(&before, &after);
        (fact.columns, fact.was, fact.children) = (columns, was, children);
        if before != after && key.0 == Kind::Concern {
            fact.marked = marked(transaction, &key.1).await?;
        }
        changes.push((key.0, key.1, fact));
    }
    change::append(transaction, at, changes).await
}

/// The children of a concern that have a marking of their own, each with its rank.
async fn marked(db: &impl ConnectionTrait, concern: &str) -> Result<BTreeMap<String, Vec<(String, i16)>>> {
    let entries: Vec<(String, String)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Tlp])
        .filter(entry::Column::ConcernId.eq(concern))
        .into_tuple()
        .all(db)
        .await?;
    let evidence: Vec<(String, String)> = evidence::Entity::find()
        .select_only()
        .columns([evidence::Column::Id, evidence::Column::Tlp])
        .filter(evidence::Column::ConcernId.eq(concern))
        .into_tuple()
        .all(db)
        .await?;
    let ranked =
        |rows: Vec<(String, String)>| rows.into_iter().map(|(id, tlp)| (id, Tlp::of_row(&tlp).rank())).collect();
    let all = [(Kind::Entry, ranked(entries)), (Kind::Evidence, ranked(evidence))];
    Ok(all.into_iter().map(|(kind, rows)| (kind.name().to_owned(), rows)).collect())
}

/// What is to be told of a row of which only the clock has changed who sees it: its values are as they were.
pub(super) async fn by_clock(
    db: &impl ConnectionTrait,
    kind: Kind,
    row: String,
) -> Result<Option<(Kind, String, Fact)>> {
    let Some(now) = image(db, kind, &row).await? else { return Ok(None) };
    let lines = by_row(&visibility::stored(db, kind, std::slice::from_ref(&row)).await?);
    let lines = lines.into_values().next().unwrap_or_default();
    let mut fact = Fact::default().with_lines(&lines, &lines);
    (fact.columns, fact.was) = (Some(BTreeSet::new()), Some(directory(kind, &now)));
    if kind == Kind::Concern {
        fact.marked = marked(db, &row).await?;
    }
    Ok(Some((kind, row, fact)))
}

/// Parents of touched children whose lines were not made anew, by their type.
fn unlined(children: &Children, rows: &[(Kind, String)]) -> BTreeMap<Kind, Vec<String>> {
    let known: BTreeSet<&(Kind, String)> = rows.iter().collect();
    let mut unlined: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    for (kind, row) in children.keys().filter(|parent| !known.contains(parent) && stream::is_followed(parent.0)) {
        unlined.entry(*kind).or_default().push(row.clone());
    }
    unlined
}

fn by_row(lines: &BTreeSet<Line>) -> BTreeMap<String, Vec<Emission>> {
    let mut rows: BTreeMap<String, Vec<Emission>> = BTreeMap::new();
    for line in lines {
        rows.entry(line.row.clone()).or_default().extend(line.emission());
    }
    rows
}

pub(super) fn differing(was: &Image, now: &Image) -> BTreeSet<String> {
    now.iter().filter(|(column, value)| was.get(*column) != Some(value)).map(|(column, _)| column.clone()).collect()
}

/// Where edges of a row led and lead that lead elsewhere than before, by the names of the types there.
pub(super) fn led(kind: Kind, was: &Image, now: &Image) -> BTreeMap<String, Vec<String>> {
    let mut led: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for field in definition(kind).fields {
        let Shape::Edge { to, column } = field.shape else { continue };
        if was.get(column) == now.get(column) {
            continue;
        }
        for value in [was, now].into_iter().filter_map(|image| image.get(column)) {
            if let Value::String(Some(row)) = value {
                led.entry(to.name().to_owned()).or_default().push(row.clone());
            }
        }
    }
    led
}

pub(super) fn directory(kind: Kind, image: &Image) -> BTreeMap<String, Option<String>> {
    let text = |column: &str| match image.get(column) {
        Some(Value::String(text)) => text.clone(),
        _ => None,
    };
    stream::directory(kind).into_iter().map(|column| (column.to_owned(), text(column))).collect()
}

/// The touched children of followed rows.
async fn children(db: &impl ConnectionTrait, touched: &BTreeSet<(Kind, String)>) -> Result<Children> {
    let mut all = Children::new();
    for (kind, pairs) in [
        (Kind::Entry, parents(db, entry::Column::Id, entry::Column::ConcernId, touched, Kind::Entry).await?),
        (
            Kind::Referral,
            parents(db, referral::Column::Id, referral::Column::ConcernId, touched, Kind::Referral).await?,
        ),
        (Kind::Share, parents(db, share::Column::Id, share::Column::ConcernId, touched, Kind::Share).await?),
        (
            Kind::Evidence,
            parents(db, evidence::Column::Id, evidence::Column::ConcernId, touched, Kind::Evidence).await?,
        ),
        (
            Kind::Acknowledgement,
            parents(
                db,
                acknowledgement::Column::Id,
                acknowledgement::Column::AdvisoryId,
                touched,
                Kind::Acknowledgement,
            )
            .await?,
        ),
        // What an advisory was sent in the place of shows it.
        (
            Kind::Advisory,
            parents(db, advisory::Column::Id, advisory::Column::SupersedesId, touched, Kind::Advisory).await?,
        ),
    ] {
        for (child, parent) in pairs {
            let parent = (kind.parent().unwrap_or(kind), parent);
            all.entry(parent).or_default().entry(kind.name().to_owned()).or_default().push(child);
        }
    }
    Ok(all)
}

/// Touched rows of a type, each with its parent.
async fn parents<C: ColumnTrait>(
    db: &impl ConnectionTrait,
    id: C,
    parent: C,
    touched: &BTreeSet<(Kind, String)>,
    kind: Kind,
) -> Result<Vec<(String, String)>>
where
    C::EntityName: EntityTrait<Column = C>,
{
    let ids: Vec<&String> = touched.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id).collect();
    let mut found = Vec::new();
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(String, String)> = C::EntityName::find()
            .select_only()
            .columns([id, parent])
            .filter(id.is_in(ids.iter().copied()))
            .filter(parent.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}
