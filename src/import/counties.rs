//! Counties of the Census Gazetteer, and the Census list of states; one command takes either, by its shape.
//!
//! Both are reference data that nobody edits: a file simply overwrites what differs.

use std::collections::{HashMap, HashSet};

use entity::{county, us_state};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::{Format, Record, Report, Table, batch, insert, text, us_states};
use crate::{access::area, desk::Work, error::Result};

/// `USPS|GEOID|ANSICODE|NAME|ALAND|AWATER|ALAND_SQMI|AWATER_SQMI|INTPTLAT|INTPTLONG`, or `FIPS|USPS|NAME|GNISID`;
/// neither has a header.
pub(super) const FORMAT: Format =
    Format { name: "a list of counties or states", delimiter: b'|', quoting: false, columns: &[] };

const WRONG_KIND: &str = "this is neither a Gazetteer of counties (USPS|GEOID|ANSICODE|NAME|…, ten columns) nor a \
                          list of states (FIPS|USPS|NAME|GNISID)";

pub(super) async fn import(table: &mut Table, work: &mut Work, report: &mut Report) -> Result<()> {
    let mut known = States::load(work).await?;
    match table.width() {
        10 => counties(table, work, report, &mut known).await,
        4 => states(table, work, report, &mut known).await,
        _ => Err(table.refuse(1, WRONG_KIND)),
    }
}

async fn counties(table: &mut Table, work: &Work, report: &mut Report, known: &mut States) -> Result<()> {
    let stored = county::Entity::find().all(work.rows()).await?;
    let mut stored: HashMap<String, county::Model> = stored.into_iter().map(|row| (row.fips.clone(), row)).collect();
    let mut seen = HashSet::new();
    let mut wrong_kind = false;
    loop {
        let rows = batch(table, report, |record, report| {
            wrong_kind |= record.line == 1 && !is_code(record.get(1), 5);
            parse_county(record, report, &mut seen)
        })?;
        if wrong_kind {
            return Err(table.refuse(1, WRONG_KIND));
        }
        if rows.is_empty() {
            report.absent("counties", stored.into_keys().collect(), &seen);
            return Ok(());
        }
        let mut fresh = Vec::new();
        for row in rows {
            known.ensure(work, report, &row.state, row.fips.get(..2).unwrap_or_default()).await?;
            match stored.remove(&row.fips) {
                None => {
                    report.summary.created += 1;
                    fresh.push(row.into_active_model());
                }
                Some(old) if old == row => report.summary.unchanged += 1,
                Some(_) => {
                    report.summary.updated += 1;
                    row.into_active_model().reset_all().update(work.rows()).await?;
                }
            }
        }
        insert(work, fresh).await?;
    }
}

fn parse_county(record: &Record, report: &mut Report, seen: &mut HashSet<String>) -> Option<county::Model> {
    let fips = record.get(1);
    let state = us_states::code(record.get(0));
    if !is_code(fips, 5) || state.is_none() || area::state_of_county(fips) != state {
        report.reject(record.line, "GEOID", "not the five digits of a county of the state");
        return None;
    }
    let (Some(state), Some(name)) = (state, text::clean(record.get(3))) else {
        report.reject(record.line, "NAME", "there is no name");
        return None;
    };
    if !seen.insert(fips.to_owned()) {
        report.reject(record.line, "GEOID", "duplicate of an earlier line");
        return None;
    }
    let point = text::coordinates(record.get(8), record.get(9));
    if point.is_none() {
        report.warn(record.line, "INTPTLAT", "not coordinates: left out");
    }
    let (latitude, longitude) = point.unzip();
    Some(county::Model { fips: fips.to_owned(), state, name, latitude, longitude })
}

async fn states(table: &mut Table, work: &Work, report: &mut Report, known: &mut States) -> Result<()> {
    let mut seen = HashSet::new();
    let mut wrong_kind = false;
    loop {
        let rows = batch(table, report, |record, report| {
            wrong_kind |= record.line == 1 && !is_code(record.get(0), 2);
            parse_state(record, report, &mut seen)
        })?;
        if wrong_kind {
            return Err(table.refuse(1, WRONG_KIND));
        }
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            match known.0.get(&row.code) {
                None => {
                    report.summary.created += 1;
                    insert(work, vec![row.into_active_model()]).await?;
                }
                Some(old) if *old == row => report.summary.unchanged += 1,
                Some(_) => {
                    report.summary.updated += 1;
                    row.into_active_model().reset_all().update(work.rows()).await?;
                }
            }
        }
    }
}

fn parse_state(record: &Record, report: &mut Report, seen: &mut HashSet<String>) -> Option<us_state::Model> {
    let fips = record.get(0);
    let code = us_states::code(record.get(1));
    let of_fips = is_code(fips, 2).then(|| area::state_of_county(&format!("{fips}000"))).flatten();
    let (Some(code), Some(name)) = (code.filter(|code| of_fips.as_ref() == Some(code)), text::clean(record.get(2)))
    else {
        report.reject(record.line, "FIPS", "not the FIPS and USPS codes of a state, with its name");
        return None;
    };
    if !seen.insert(code.clone()) {
        report.reject(record.line, "USPS", "duplicate of an earlier line");
        return None;
    }
    Some(us_state::Model { code, fips: fips.to_owned(), name })
}

/// The states that are stored, by code.
struct States(HashMap<String, us_state::Model>);

impl States {
    async fn load(work: &Work) -> Result<Self> {
        let rows = us_state::Entity::find().all(work.rows()).await?;
        Ok(Self(rows.into_iter().map(|row| (row.code.clone(), row)).collect()))
    }

    /// Makes the state of a county if it is not there.
    async fn ensure(&mut self, work: &Work, report: &mut Report, code: &str, fips: &str) -> Result<()> {
        if self.0.contains_key(code) {
            return Ok(());
        }
        let name = us_states::name(code).unwrap_or(code).to_owned();
        let row = us_state::Model { code: code.to_owned(), fips: fips.to_owned(), name };
        let fresh = us_state::ActiveModel {
            code: Set(code.to_owned()),
            fips: Set(row.fips.clone()),
            name: Set(row.name.clone()),
        };
        insert(work, vec![fresh]).await?;
        report.also("states made for their counties");
        self.0.insert(code.to_owned(), row);
        Ok(())
    }
}

fn is_code(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}
