//! Posts of the United States abroad: the database of embassies, from Wikidata, as far as the operator is the United
//! States.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::post::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelBehavior, ColumnTrait as _, EntityTrait, QueryFilter as _, Set};

use super::{
    BATCH, Format, Report, Table, absent, batch, embassy_row, insert,
    merge::{self, Imported},
    post_row::{self, PostRow},
    sending_states::SendingStates,
};
use crate::{access::Kind, desk::Work, error::Result, id};

pub(super) const FORMAT: Format = embassy_row::format("a list of posts abroad");

/// The rows of a file are held together, as a consulate may stand before its embassy. There are some three hundred
/// posts: a file of so many more is not one of them, and must not fill the memory.
const MOST: usize = 10_000;

/// A row with the ids that it speaks of.
struct Placed {
    row: PostRow,
    /// Of the stored post, or a new one.
    id: String,
    old: Option<Model>,
    country: String,
}

pub(super) async fn import(table: &mut Table, work: &mut Work, report: &mut Report) -> Result<()> {
    let mut states = SendingStates::load(work).await?;
    let mut seen = HashSet::new();
    let mut placed = Vec::new();
    loop {
        let rows = batch(table, report, |record, report| post_row::parse(record, report, &mut seen))?;
        let Some(last) = rows.last().map(|row| row.line) else { break };
        placed.extend(place(rows, &mut states, work, report).await?);
        if placed.len() > MOST {
            return Err(table.refuse(last, &format!("more than {MOST} posts: a list of posts abroad was expected")));
        }
    }
    bring(placed, work, report).await?;
    let stored = absent::keys(work, Column::WikidataId, Column::Imported).await?;
    report.absent("posts", stored, &seen);
    Ok(())
}

/// Finds each row's post, if there is one, and its country.
async fn place(
    rows: Vec<PostRow>,
    states: &mut SendingStates,
    work: &mut Work,
    report: &mut Report,
) -> Result<Vec<Placed>> {
    let items = rows.iter().map(|row| row.qid.as_str());
    let stored = Entity::find().filter(Column::WikidataId.is_in(items)).all(work.rows()).await?;
    let mut stored: HashMap<String, Model> =
        stored.into_iter().filter_map(|row| Some((row.wikidata_id.clone()?, row))).collect();
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        let country = states.ensure(work, report, &row.country.0, &row.country.1).await?;
        let old = stored.remove(&row.qid);
        let id = old.as_ref().map_or_else(|| id::new(work.clock().now()), |old| old.id.clone());
        placed.push(Placed { row, id, old, country });
    }
    Ok(placed)
}

/// Brings the posts up to the file.
async fn bring(mut placed: Vec<Placed>, work: &mut Work, report: &mut Report) -> Result<()> {
    let embassies = embassies(&placed);
    // Embassies before those that name them.
    placed.sort_by_key(|post| post.row.kind.is_constituent);
    let mut fresh = Vec::new();
    for Placed { row, id, old, country } in placed {
        // What the file says of the post it belongs to: none for an embassy, the one embassy for a consulate.
        let constituent_of = match (row.kind.is_constituent, embassies.get(&country)) {
            (false, _) => Some(None),
            (true, Some(Some(embassy))) => Some(Some(embassy.clone())),
            (true, _) => None,
        };
        let groups = row.groups(&country, constituent_of.as_ref());
        let last = Imported::read(old.as_ref().and_then(|old| old.imported.as_deref()))?;
        let mut now = last.clone();
        now.note::<Entity>(&groups);
        let changed = match old {
            None => {
                let mut row = ActiveModel {
                    id: Set(id.clone()),
                    wikidata_id: Set(Some(row.qid)),
                    status: Set("OPEN".to_owned()),
                    imported: Set(Some(now.text())),
                    ..ActiveModel::new()
                };
                merge::set(&mut row, with_parent(groups));
                fresh.push(row);
                report.summary.created += 1;
                true
            }
            Some(old) => {
                // A new embassy must be there before a stored consulate names it.
                insert(work, std::mem::take(&mut fresh)).await?;
                let changed = merge::bring::<Entity>(work, old, Column::Imported, &last, &now, groups).await?;
                *if changed { &mut report.summary.updated } else { &mut report.summary.unchanged } += 1;
                changed
            }
        };
        if changed {
            work.touch(Kind::Post, id);
        }
        if fresh.len() >= BATCH {
            insert(work, std::mem::take(&mut fresh)).await?;
        }
    }
    insert(work, fresh).await
}

/// The embassy of each country, by the countries' ids; none where the file has several.
fn embassies(placed: &[Placed]) -> BTreeMap<String, Option<String>> {
    let mut embassies: BTreeMap<String, Option<String>> = BTreeMap::new();
    for post in placed.iter().filter(|post| post.row.heads_its_country()) {
        let only = !embassies.contains_key(&post.country);
        embassies.insert(post.country.clone(), only.then(|| post.id.clone()));
    }
    embassies
}

/// Rows that are inserted together must name the same columns.
fn with_parent(groups: Vec<merge::Group<Entity>>) -> merge::Group<Entity> {
    let mut fields: merge::Group<Entity> = groups.into_iter().flatten().collect();
    if !fields.iter().any(|(column, _)| matches!(column, Column::ConstituentOfId)) {
        fields.push((Column::ConstituentOfId, Option::<String>::None.into()));
    }
    fields
}
