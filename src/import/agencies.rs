//! Law-enforcement agencies: the FBI's Crime Data Explorer, every agency with its ORI.

use std::collections::{HashMap, HashSet};

use entity::{
    agency::{ActiveModel, Column, Entity, Model},
    agency_area,
};
use sea_orm::{ActiveModelBehavior, ColumnTrait as _, EntityTrait, IntoActiveModel, QueryFilter as _, Set};

use super::{
    Format, Record, Report, Table, absent, agency_areas, batch,
    county_names::CountyNames,
    insert,
    merge::{self, Group, Imported},
    text, us_states,
};
use crate::{access::Kind, desk::Work, error::Result, id};

pub(super) const FORMAT: Format = Format {
    name: "a list of law-enforcement agencies",
    delimiter: b',',
    quoting: true,
    columns: &["state_key", "ori", "agency_name", "agency_type_name", "icpsr_lat", "icpsr_lng", "primary_county"],
};
const STATE: usize = 0;
const ORI: usize = 1;
const NAME: usize = 2;
const TYPE: usize = 3;
const LATITUDE: usize = 4;
const LONGITUDE: usize = 5;
const COUNTY: usize = 6;

/// The list of proposals within the column `imported`.
const AREAS: &str = "areas";

/// A line of the file.
struct Line {
    /// Counted from 1.
    at: u64,
    ori: String,
    name: String,
    level: &'static str,
    state: Option<String>,
    coordinates: Option<(f64, f64)>,
    /// None: it cannot be said yet.
    areas: Option<Vec<String>>,
}

pub(super) async fn import(table: &mut Table, work: &mut Work, report: &mut Report) -> Result<()> {
    let counties = CountyNames::load(work).await?;
    let mut seen = HashSet::new();
    let mut changed = false;
    loop {
        let lines = batch(table, report, |record, report| parse(record, report, &counties, &mut seen))?;
        if lines.is_empty() {
            break;
        }
        changed |= bring(lines, work, report).await?;
    }
    if changed {
        work.standing_changed();
    }
    let stored = absent::keys(work, Column::Ori, Column::Imported).await?;
    report.absent("agencies", stored, &seen);
    Ok(())
}

fn parse(record: &Record, report: &mut Report, counties: &CountyNames, seen: &mut HashSet<String>) -> Option<Line> {
    let ori = record.get(ORI);
    if ori.len() != 9 || !ori.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        report.reject(record.line, "ori", "not nine capital letters and digits");
        return None;
    }
    if !seen.insert(ori.to_owned()) {
        report.reject(record.line, "ori", "duplicate of an earlier line");
        return None;
    }
    let name = text::clean(record.get(NAME)).unwrap_or_else(|| {
        report.warn(record.line, "agency_name", "there is no name: the ORI stands for it");
        ori.to_owned()
    });
    let level = level(record.get(TYPE)).unwrap_or_else(|| {
        report.warn(record.line, "agency_type_name", "not a type that is known: the level is OTHER");
        "OTHER"
    });
    let state = us_states::code(record.get(STATE));
    if state.is_none() {
        report.warn(record.line, "state_key", "not a state: left out, and no area is proposed");
    }
    let coordinates = text::coordinates(record.get(LATITUDE), record.get(LONGITUDE));
    if coordinates.is_none() && !(record.get(LATITUDE).is_empty() && record.get(LONGITUDE).is_empty()) {
        report.warn(record.line, "icpsr_lat", "not coordinates: left out");
    }
    let county = record.get(COUNTY);
    let areas = agency_areas::proposed(counties, (ori, level, state.as_deref(), county), record.line, report);
    Some(Line { at: record.line, ori: ori.to_owned(), name, level, state, coordinates, areas })
}

/// The level of a type; "Unknown" is a type of the file.
fn level(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "City" => "CITY",
        "County" => "COUNTY",
        "State Police" | "Other State Agency" => "STATE",
        "University or College" => "UNIVERSITY",
        "Tribal" => "TRIBAL",
        "Federal" => "FEDERAL",
        "Other" | "Unknown" => "OTHER",
        _ => return None,
    })
}

fn groups(line: &Line) -> Vec<Group<Entity>> {
    let (latitude, longitude) = line.coordinates.unzip();
    vec![
        vec![(Column::Name, line.name.clone().into())],
        vec![(Column::Level, line.level.into())],
        vec![(Column::State, line.state.clone().into())],
        vec![(Column::Latitude, latitude.into()), (Column::Longitude, longitude.into())],
    ]
}

/// Brings the agencies of a batch up to the file. Whether any changed.
async fn bring(lines: Vec<Line>, work: &mut Work, report: &mut Report) -> Result<bool> {
    let oris = lines.iter().map(|line| line.ori.as_str());
    let stored = Entity::find().filter(Column::Ori.is_in(oris)).all(work.rows()).await?;
    let mut areas: HashMap<String, Vec<agency_area::Model>> = HashMap::new();
    if !stored.is_empty() {
        let of_these = agency_area::Column::AgencyId.is_in(stored.iter().map(|row| row.id.as_str()));
        for row in agency_area::Entity::find().filter(of_these).all(work.rows()).await? {
            areas.entry(row.agency_id.clone()).or_default().push(row);
        }
    }
    let mut stored: HashMap<String, Model> =
        stored.into_iter().filter_map(|row| Some((row.ori.clone()?, row))).collect();
    let (mut fresh, mut proposals) = (Vec::new(), Vec::new());
    let mut changed = false;
    for line in lines {
        let id = match stored.remove(&line.ori) {
            None => {
                let id = id::new(work.clock().now());
                let at = work.clock().now_text();
                let areas = line.areas.iter().flatten();
                proposals.extend(areas.map(|area| agency_areas::proposal(&id, area, &at).into_active_model()));
                fresh.push(create(&line, &id));
                report.summary.created += 1;
                id
            }
            Some(row) => {
                let id = row.id.clone();
                let areas = areas.remove(&id).unwrap_or_default();
                if !update(row, &areas, &line, work, report).await? {
                    report.summary.unchanged += 1;
                    continue;
                }
                report.summary.updated += 1;
                id
            }
        };
        changed = true;
        work.touch(Kind::Agency, id);
    }
    insert(work, fresh).await?;
    insert(work, proposals).await?;
    Ok(changed)
}

/// An agency that is listed: it cannot sign in, and may grant no role, until it is enrolled.
fn create(line: &Line, id: &str) -> ActiveModel {
    let mut imported = Imported::default();
    imported.note::<Entity>(&groups(line));
    imported.note_list(AREAS, line.areas.as_deref().unwrap_or_default());
    let mut fresh = ActiveModel {
        id: Set(id.to_owned()),
        ori: Set(Some(line.ori.clone())),
        kind: Set("LAW_ENFORCEMENT".to_owned()),
        state_wide: Set(false),
        algorithms: Set("[]".to_owned()),
        max_lifetime_s: Set(0),
        roles: Set("[]".to_owned()),
        made_by_demo: Set(false),
        imported: Set(Some(imported.text())),
        ..ActiveModel::new()
    };
    merge::set(&mut fresh, groups(line).into_iter().flatten().collect());
    fresh
}

async fn update(
    row: Model,
    stored: &[agency_area::Model],
    line: &Line,
    work: &Work,
    report: &mut Report,
) -> Result<bool> {
    let id = row.id.clone();
    let last = Imported::read(row.imported.as_deref())?;
    let mut now = last.clone();
    let mut groups = groups(line);
    // Of whom it opens concerns to, the registry knows what was registered.
    if row.issuer.is_some() && merge::withhold::<Entity>(&row, &last, &mut groups, Column::Level, true) {
        report.warn(line.at, "agency_type_name", "the agency is enrolled: its level stays as it was registered");
    }
    now.note::<Entity>(&groups);
    let mut moved = false;
    if let Some(areas) = &line.areas {
        now.note_list(AREAS, areas);
        agency_areas::report_kept(stored, areas, line.at, report);
        moved = agency_areas::bring(work, &id, stored, &last.list(AREAS), areas).await?;
    }
    let changed = merge::bring::<Entity>(work, row, Column::Imported, &last, &now, groups).await?;
    Ok(changed || moved)
}
