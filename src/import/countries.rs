//! ISO 3166-1 country codes: sending states.

use std::collections::HashSet;

use entity::{
    agency,
    sending_state::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{ActiveModelBehavior, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};

use super::{
    Format, Record, Report, Table, absent, batch, insert,
    merge::{self, Group, Imported},
    sending_states::SendingStates,
    text,
};
use crate::{access::Kind, desk::Work, error::Result, id};

/// The data set `country-codes`. Its `FIPS` column is FIPS 10-4, which is not ISO; `NA` is Namibia, not "missing".
pub(super) const FORMAT: Format = Format {
    name: "a list of ISO 3166-1 country codes",
    delimiter: b',',
    quoting: true,
    columns: &["ISO3166-1-Alpha-2", "ISO3166-1-Alpha-3", "CLDR display name", "wikidata_id"],
};
const ISO2: usize = 0;
const ISO3: usize = 1;
const NAME: usize = 2;
const WIKIDATA: usize = 3;

const CODE_STAYS: &str =
    "the code stays as it was: it decides what is released to the state; `--change-grounds` takes the file's";

/// Where the display name is shortened for a menu, or is not the name of what sends missions.
const NAMES: [(&str, &str); 6] = [
    ("BA", "Bosnia and Herzegovina"),
    ("CD", "Democratic Republic of the Congo"),
    ("CG", "Republic of the Congo"),
    ("GB", "United Kingdom"),
    ("US", "United States"),
    ("VA", "Holy See"),
];

/// A line of the file.
struct Country {
    line: u64,
    iso2: String,
    iso3: Option<String>,
    name: String,
    wikidata_id: Option<String>,
}

pub(super) async fn import(
    table: &mut Table,
    work: &mut Work,
    report: &mut Report,
    change_grounds: bool,
) -> Result<()> {
    let states = SendingStates::load(work).await?;
    let guard = if change_grounds { None } else { Some(enrolled(work).await?) };
    let mut seen = HashSet::new();
    loop {
        let rows = batch(table, report, |record, report| parse(record, report, &mut seen))?;
        if rows.is_empty() {
            break;
        }
        let mut fresh = Vec::new();
        for mut row in rows {
            let stored = states.of_country(&row.iso2, row.wikidata_id.as_deref(), &row.name).cloned();
            let id = stored.as_ref().map_or_else(|| id::new(work.clock().now()), |row| row.id.clone());
            distinct(&mut row, &states, &id, report);
            match stored {
                None => {
                    fresh.push(create(&row, &id));
                    report.summary.created += 1;
                    work.touch(Kind::SendingState, id);
                }
                Some(stored) => update(stored, &row, guard.as_ref(), work, report).await?,
            }
        }
        insert(work, fresh).await?;
    }
    let stored = absent::keys(work, Column::Iso2, Column::Imported).await?;
    report.absent("countries", stored, &seen);
    Ok(())
}

fn parse(record: &Record, report: &mut Report, seen: &mut HashSet<String>) -> Option<Country> {
    let letters = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_uppercase());
    let iso2 = record.get(ISO2);
    if !letters(iso2, 2) {
        report.reject(record.line, "ISO3166-1-Alpha-2", "not two capital letters");
        return None;
    }
    let Some(name) = text::clean(record.get(NAME)) else {
        report.reject(record.line, "CLDR display name", "there is no name");
        return None;
    };
    let iso3 = Some(record.get(ISO3)).filter(|iso3| letters(iso3, 3));
    let wikidata_id = text::qid(record.get(WIKIDATA));
    let mut keys = vec![iso2.to_owned()];
    keys.extend(iso3.map(str::to_owned));
    keys.extend(wikidata_id.clone());
    if keys.iter().any(|key| seen.contains(key)) {
        report.reject(record.line, "ISO3166-1-Alpha-2", "duplicate of an earlier line");
        return None;
    }
    seen.extend(keys);
    if iso3.is_none() {
        report.warn(record.line, "ISO3166-1-Alpha-3", "not three capital letters: left out");
    }
    if wikidata_id.is_none() {
        report.warn(record.line, "wikidata_id", "there is no Wikidata item: missions are matched by name");
    }
    Some(Country {
        line: record.line,
        name: spelled_out(iso2, &name),
        iso2: iso2.to_owned(),
        iso3: iso3.map(str::to_owned),
        wikidata_id,
    })
}

/// A name as running text writes it.
fn spelled_out(iso2: &str, name: &str) -> String {
    let own = NAMES.iter().find(|(code, _)| *code == iso2).map(|(_, name)| (*name).to_owned());
    own.unwrap_or_else(|| name.replace(" & ", " and ").replace("St. ", "Saint "))
}

/// Leaves out a code that another row holds already.
fn distinct(row: &mut Country, states: &SendingStates, id: &str, report: &mut Report) {
    let other = |stored: Option<&Model>| stored.is_some_and(|stored| stored.id != id);
    if row.iso3.as_deref().is_some_and(|iso3| other(states.by_iso3(iso3))) {
        row.iso3 = None;
        report.warn(row.line, "ISO3166-1-Alpha-3", "another sending state has this code: left out");
    }
    if row.wikidata_id.as_deref().is_some_and(|qid| other(states.by_wikidata(qid))) {
        row.wikidata_id = None;
        report.warn(row.line, "wikidata_id", "another sending state has this item: left out");
    }
}

/// What the file says. It says nothing by leaving a code out: a mission's file may have known it.
fn groups(row: &Country) -> Vec<Group<Entity>> {
    let mut groups: Vec<Group<Entity>> =
        vec![vec![(Column::Iso2, Some(row.iso2.clone()).into())], vec![(Column::Name, row.name.clone().into())]];
    groups.extend(row.iso3.clone().map(|iso3| vec![(Column::Iso3, Some(iso3).into())]));
    groups.extend(row.wikidata_id.clone().map(|item| vec![(Column::WikidataId, Some(item).into())]));
    groups
}

fn create(row: &Country, id: &str) -> ActiveModel {
    let mut imported = Imported::default();
    imported.note::<Entity>(&groups(row));
    let mut fresh = ActiveModel { id: Set(id.to_owned()), imported: Set(Some(imported.text())), ..ActiveModel::new() };
    merge::set(&mut fresh, groups(row).into_iter().flatten().collect());
    fresh
}

/// The states for whose missions somebody is enrolled.
async fn enrolled(work: &Work) -> Result<HashSet<String>> {
    let states: Vec<Option<String>> = agency::Entity::find()
        .select_only()
        .column(agency::Column::SendingStateId)
        .filter(agency::Column::Issuer.is_not_null())
        .filter(agency::Column::SendingStateId.is_not_null())
        .into_tuple()
        .all(work.rows())
        .await?;
    Ok(states.into_iter().flatten().collect())
}

/// Takes the codes away that the stored row is not to get: what is released to a state (REL_TO) is released to its
/// code. A state gets its first code from a file while nobody is enrolled for it.
fn keep_codes(
    stored: &Model,
    last: &Imported,
    (row, enrolled): (&Country, &HashSet<String>),
    groups: &mut Vec<Group<Entity>>,
    report: &mut Report,
) {
    let somebody = enrolled.contains(&stored.id);
    for (column, name) in [(Column::Iso2, "ISO3166-1-Alpha-2"), (Column::Iso3, "ISO3166-1-Alpha-3")] {
        if merge::withhold::<Entity>(stored, last, groups, column, somebody) {
            report.warn(row.line, name, CODE_STAYS);
        }
    }
}

async fn update(
    stored: Model,
    row: &Country,
    guard: Option<&HashSet<String>>,
    work: &mut Work,
    report: &mut Report,
) -> Result<()> {
    let id = stored.id.clone();
    let last = Imported::read(stored.imported.as_deref())?;
    let mut now = last.clone();
    let mut groups = groups(row);
    if let Some(enrolled) = guard {
        keep_codes(&stored, &last, (row, enrolled), &mut groups, report);
    }
    now.note::<Entity>(&groups);
    if merge::bring::<Entity>(work, stored, Column::Imported, &last, &now, groups).await? {
        report.summary.updated += 1;
        work.touch(Kind::SendingState, id);
    } else {
        report.summary.unchanged += 1;
    }
    Ok(())
}
