//! The areas that an import proposes for an agency. A proposal grants nothing until an administrator confirms it.

use entity::agency_area;
use sea_orm::{ActiveModelTrait, IntoActiveModel, ModelTrait};

use super::{
    Report,
    county_names::{CountyNames, Named},
};
use crate::{access::area, desk::Work, error::Result};

/// Where the proposals come from, in `agency_area.source`.
const SOURCE: &str = "IMPORT";

/// Agencies whose county the file leaves out although nobody doubts it, by ORI: the police of New York City, which
/// is five counties, and the Metropolitan Police of the District of Columbia.
const KNOWN: [(&str, &[&str]); 2] = [("NY0303000", &area::NEW_YORK_CITY.1), ("DCMPD0000", &["11001"])];

/// What an agency of this level may be proposed for; none if that cannot be said before the counties are imported.
/// State agencies are proposed for their state, county and city agencies for their county. Campus, tribal, federal
/// and other police get nothing: the file does not say where they have authority.
pub(super) fn proposed(
    counties: &CountyNames,
    (ori, level, state, county): (&str, &str, Option<&str>, &str),
    line: u64,
    report: &mut Report,
) -> Option<Vec<String>> {
    if let Some((_, areas)) = KNOWN.iter().find(|(known, _)| *known == ori) {
        return Some(areas.iter().map(ToString::to_string).collect());
    }
    let Some(state) = state else { return Some(Vec::new()) };
    let reason = match level {
        "STATE" => return Some(vec![state.to_owned()]),
        "COUNTY" | "CITY" if county.is_empty() => "there is no county: no area is proposed",
        "COUNTY" | "CITY" if counties.is_empty() => {
            report.warn(line, "primary_county", "the counties are not imported yet: no area is proposed");
            return None;
        }
        "COUNTY" | "CITY" => match counties.find(state, county) {
            Named::One(fips) => return Some(vec![fips]),
            Named::Several => "several counties of the state have this name: no area is proposed",
            Named::None => "no county of the state has this name: no area is proposed",
        },
        _ => return Some(Vec::new()),
    };
    report.warn(line, "primary_county", reason);
    Some(Vec::new())
}

/// A proposal.
pub(super) fn proposal(agency: &str, area: &str, at: &str) -> agency_area::Model {
    let level = if area.starts_with("US-") { "STATE" } else { "COUNTY" };
    agency_area::Model {
        agency_id: agency.to_owned(),
        area: area.to_owned(),
        level: level.to_owned(),
        source: SOURCE.to_owned(),
        proposed_at: at.to_owned(),
        confirmed_at: None,
    }
}

/// Says of a confirmed area that an import once proposed and the file no longer names that it stays: only an
/// administrator takes away what an administrator gave.
pub(super) fn report_kept(stored: &[agency_area::Model], file: &[String], line: u64, report: &mut Report) {
    let kept =
        |row: &&agency_area::Model| row.source == SOURCE && row.confirmed_at.is_some() && !file.contains(&row.area);
    for _ in stored.iter().filter(kept) {
        report.warn(line, "primary_county", "a confirmed area that the file no longer names: it stays confirmed");
    }
}

/// Proposes what the file newly says and withdraws what it no longer says. What was confirmed stays, what somebody
/// removed stays removed, and what somebody else proposed is not the import's. Whether anything changed.
pub(super) async fn bring(
    work: &Work,
    agency: &str,
    stored: &[agency_area::Model],
    last: &[String],
    file: &[String],
) -> Result<bool> {
    let mut changed = false;
    let at = work.clock().now_text();
    for area in file {
        if !last.contains(area) && !stored.iter().any(|row| row.area == *area) {
            proposal(agency, area, &at).into_active_model().insert(work.rows()).await?;
            changed = true;
        }
    }
    for row in stored {
        let ours = row.source == SOURCE && row.confirmed_at.is_none() && last.contains(&row.area);
        if ours && !file.contains(&row.area) {
            row.clone().delete(work.rows()).await?;
            changed = true;
        }
    }
    Ok(changed)
}
