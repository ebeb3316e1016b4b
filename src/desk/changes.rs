//! What a unit of work changed of the rows that streams follow, told to the log of changes in its transaction.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    advice, advisory, assignment, concern, finding, incident, leg, port_courtesy, post, post_programme,
    protective_detail, shift, tour, venue, visit, weapons_notice,
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, PrimaryKeyTrait, Value,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::{
    hanging::{self, Gone},
    visibility::{self, CHUNK, Line, Relined},
};
use crate::{
    access::{
        Kind, Tlp,
        emit::{ALWAYS, Emission},
    },
    change::{self, Fact},
    error::Result,
    model::{definition, kit::Shape, stream},
    store::Transaction,
};

/// Rows of one unit of work of which streams are told one by one, at most: of more, that they read all afresh.
const MOST_AT_ONCE: usize = 2_000;

/// The values of a row, by their columns.
pub(super) type Image = BTreeMap<String, Value>;

/// What a row is now; nothing for a row that is not there, or of a type of which streams need not know what was another before.
pub(super) async fn image(db: &impl ConnectionTrait, kind: Kind, id: &str) -> Result<Option<Image>> {
    match kind {
        Kind::Concern => read::<concern::Entity, _>(db, id).await,
        Kind::Advisory => read::<advisory::Entity, _>(db, id).await,
        Kind::Visit => read::<visit::Entity, _>(db, id).await,
        Kind::ProtectiveDetail => read::<protective_detail::Entity, _>(db, id).await,
        Kind::Post => read::<post::Entity, _>(db, id).await,
        Kind::Incident => read::<incident::Entity, _>(db, id).await,
        Kind::Venue => read::<venue::Entity, _>(db, id).await,
        Kind::Leg => read::<leg::Entity, _>(db, id).await,
        Kind::PortCourtesy => read::<port_courtesy::Entity, _>(db, id).await,
        Kind::WeaponsNotice => read::<weapons_notice::Entity, _>(db, id).await,
        Kind::Assignment => read::<assignment::Entity, _>(db, id).await,
        Kind::Shift => read::<shift::Entity, _>(db, id).await,
        Kind::Tour => read::<tour::Entity, _>(db, id).await,
        Kind::PostProgramme => read::<post_programme::Entity, _>(db, id).await,
        Kind::Finding => read::<finding::Entity, _>(db, id).await,
        Kind::Advice => read::<advice::Entity, _>(db, id).await,
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

/// What a unit of work knows of what it changed, beside which rows.
#[derive(Clone, Copy)]
pub(super) struct Known<'w> {
    /// What rows were.
    pub(super) images: &'w BTreeMap<(Kind, String), Image>,
    /// On what rows hung that are gone.
    pub(super) gone: &'w Gone,
    /// Rows that are linked to others than before, and by which table.
    pub(super) linked: &'w BTreeSet<((Kind, String), &'static str)>,
}

/// The tables from whose touched rows fields of a row are gathered: told as columns of its own.
fn gathered(kind: Kind, children: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let touched =
        |table: &str| Kind::ALL.into_iter().any(|of| definition(of).table == table && children.contains_key(of.name()));
    let fields = definition(kind).fields.iter();
    fields
        .filter_map(|field| match field.shape {
            Shape::Gather { table, .. } if touched(table) => Some(table.to_owned()),
            _ => None,
        })
        .collect()
}

/// Tells the log of every followed row that was touched, itself or in a child, or whose lines are others than before.
pub(super) async fn tell(
    transaction: &Transaction,
    at: &str,
    touched: &BTreeSet<(Kind, String)>,
    mut relined: Relined,
    Known { images, gone, linked }: Known<'_>,
) -> Result<()> {
    let altered = altered(transaction, touched, images).await?;
    let is_other = |key: &&(Kind, String)| altered.get(*key).is_none_or(|columns| !columns.is_empty());
    let others: BTreeSet<(Kind, String)> = touched.iter().filter(is_other).cloned().collect();
    let mut children = hanging::touched(transaction, &others, gone).await?;
    let mut turned = hanging::turned(transaction, (&relined, &others), gone).await?;
    // A row of which nothing but a child is new has the lines that it had.
    for (kind, rows) in unlined(children.keys().chain(turned.keys()), &relined.rows) {
        for ids in rows.chunks(CHUNK) {
            let lines = visibility::stored(transaction, kind, ids).await?;
            relined.before.extend(lines.iter().cloned());
            relined.after.extend(lines);
            relined.rows.extend(ids.iter().map(|id| (kind, id.clone())));
        }
    }
    let (mut before, mut after) = (by_row(&relined.before), by_row(&relined.after));
    relined.rows.retain(|key| {
        let hangs = children.contains_key(key) || turned.contains_key(key);
        touched.contains(key) || hangs || before.get(&key.1) != after.get(&key.1)
    });
    if relined.rows.len() > MOST_AT_ONCE {
        return change::restart(transaction).await;
    }
    let mut changes = Vec::new();
    for key in relined.rows {
        let (before, after) = (before.remove(&key.1).unwrap_or_default(), after.remove(&key.1).unwrap_or_default());
        let children = children.remove(&key).unwrap_or_default();
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
        let columns = columns.map(|mut columns| {
            columns.extend(gathered(key.0, &children));
            columns.extend(linked.iter().filter(|(of, _)| *of == key).map(|(_, table)| (*table).to_owned()));
            columns
        });
        let led = was.zip(now.as_ref()).map(|(was, now)| led(key.0, was, now)).unwrap_or_default();
        // Of a row that was changed without a look at it before, what it was is not known: it was as it is.
        let was = was.or(now.as_ref());
        let was = was.map(|image| directory(key.0, image));
        let mut fact = Fact::default().with_lines(&before, &after);
        (fact.columns, fact.was, fact.children, fact.led) = (columns, was, children, led);
        for (hung, had, has) in turned.remove(&key).unwrap_or_default() {
            fact.hang(hung.0, &hung.1, &had, &has);
        }
        fact.altered = altered_of(&fact.children, &altered);
        if before != after {
            fact.marked = marked(transaction, key.0, &key.1).await?;
        }
        let known = fact.was.clone();
        clock_first(transaction, (&key, known), &before, at).await?;
        changes.push((key.0, key.1, fact));
    }
    change::append(transaction, at, changes).await
}

/// Tells what the clock did to a row before a change of it is told, if a line that it had has begun or ended since it was last
/// told of: the change is judged as of its own instant, and the clock's turn as of the change.
pub(super) async fn clock_first(
    transaction: &Transaction,
    (key, was): (&(Kind, String), Option<change::Directory>),
    before: &[Emission],
    at: &str,
) -> Result<()> {
    let turned = |after: &str| {
        let mut bounds = before.iter().flat_map(|line| [line.from.as_str(), line.until.as_str()]);
        bounds.any(|bound| after < bound && bound <= at)
    };
    if !turned(ALWAYS) {
        return Ok(());
    }
    let mark = change::mark(transaction).await?;
    if mark.is_empty() || !turned(&mark) {
        return Ok(());
    }
    let told = change::told_since(transaction, &mark, std::slice::from_ref(key)).await?;
    let last = told.get(&(key.0.code(), key.1.clone())).cloned().unwrap_or(mark);
    if turned(&last)
        && let Some((kind, row, mut fact)) = turn(transaction, key, before).await?
    {
        fact.was = was.or(fact.was);
        change::append(transaction, &last, vec![(kind, row, fact)]).await?;
    }
    Ok(())
}

/// Of rows by the names of their types, the columns that hold another value, where that is known.
fn altered_of(
    children: &BTreeMap<String, Vec<String>>,
    altered: &BTreeMap<(Kind, String), BTreeSet<String>>,
) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let known =
        altered.iter().filter(|((kind, row), _)| children.get(kind.name()).is_some_and(|rows| rows.contains(row)));
    let mut of: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for ((kind, row), columns) in known {
        of.entry(kind.name().to_owned()).or_default().insert(row.clone(), columns.clone());
    }
    of
}

/// Of the touched rows that were looked at before: the columns that hold another value now. One that is gone has none.
async fn altered(
    db: &impl ConnectionTrait,
    touched: &BTreeSet<(Kind, String)>,
    images: &BTreeMap<(Kind, String), Image>,
) -> Result<BTreeMap<(Kind, String), BTreeSet<String>>> {
    let mut altered = BTreeMap::new();
    for (key, was) in images.iter().filter(|(key, _)| touched.contains(*key)) {
        if let Some(now) = image(db, key.0, &key.1).await? {
            altered.insert(key.clone(), differing(was, &now));
        }
    }
    Ok(altered)
}

/// The children of a row that have a marking of their own, each with its rank.
async fn marked(db: &impl ConnectionTrait, kind: Kind, row: &str) -> Result<BTreeMap<String, Vec<(String, i16)>>> {
    let mut all = BTreeMap::new();
    for there in Kind::ALL.into_iter().filter(|there| there.parent() == Some(kind)) {
        let Some((child, marking)) = definition(there).child.and_then(|child| Some((child, child.tlp_column?))) else {
            continue;
        };
        let mut query = Query::select();
        query.columns([Alias::new("id"), Alias::new(marking)]).from(Alias::new(definition(there).table));
        query.and_where(Expr::col(Alias::new(child.parent_column)).eq(row));
        let mut ranked = Vec::new();
        for row in db.query_all(&query).await? {
            let (id, tlp): (String, String) = (row.try_get("", "id")?, row.try_get("", marking)?);
            ranked.push((id, Tlp::of_row(&tlp).rank()));
        }
        all.insert(there.name().to_owned(), ranked);
    }
    Ok(all)
}

/// What is to be told of a row of which only the clock has changed who sees it: its values are as they were.
pub(super) async fn by_clock(
    db: &impl ConnectionTrait,
    kind: Kind,
    row: String,
) -> Result<Option<(Kind, String, Fact)>> {
    let lines = by_row(&visibility::stored(db, kind, std::slice::from_ref(&row)).await?);
    turn(db, &(kind, row), &lines.into_values().next().unwrap_or_default()).await
}

/// Likewise, of a row that has or had these lines.
async fn turn(
    db: &impl ConnectionTrait,
    (kind, row): &(Kind, String),
    lines: &[Emission],
) -> Result<Option<(Kind, String, Fact)>> {
    let Some(now) = image(db, *kind, row).await? else { return Ok(None) };
    let mut fact = Fact::default().with_lines(lines, lines);
    (fact.columns, fact.was) = (Some(BTreeSet::new()), Some(directory(*kind, &now)));
    fact.marked = marked(db, *kind, row).await?;
    hanging::bounded(db, (*kind, row), &mut fact).await?;
    Ok(Some((*kind, row.clone(), fact)))
}

/// Rows on which something hangs that was changed, and whose lines were not made anew, by their type.
fn unlined<'k>(
    parents: impl Iterator<Item = &'k (Kind, String)>,
    rows: &[(Kind, String)],
) -> BTreeMap<Kind, Vec<String>> {
    let known: BTreeSet<&(Kind, String)> = rows.iter().collect();
    let parents: BTreeSet<&(Kind, String)> = parents.filter(|parent| !known.contains(parent)).collect();
    let mut unlined: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    for (kind, row) in parents {
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
