//! Areas that wait for an administrator: which agencies have some, what they mean, and what is odd about them.

use std::collections::BTreeMap;

use entity::{agency, agency_area, county, us_state};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    access::area,
    error::{Code, Error, Result},
};

/// Proposals that an error names.
const NEAREST: usize = 5;

/// Which agencies, and how many.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// AgencyLevel.
    pub level: Option<String>,
    /// ISO 3166-2 of the seat.
    pub state: Option<String>,
    /// So many, by name.
    pub limit: u64,
}

/// An agency with its open proposals.
#[derive(Clone, Debug)]
pub struct Open {
    /// The agency.
    pub agency: agency::Model,
    /// Areas that nobody has confirmed, in order.
    pub areas: Vec<String>,
}

/// The agencies that have open proposals, by name, and how many there are beside the limit.
pub async fn open(rows: &impl ConnectionTrait, filter: &Filter) -> Result<(Vec<Open>, u64)> {
    let waiting = agency_area::Entity::find()
        .select_only()
        .column(agency_area::Column::AgencyId)
        .filter(agency_area::Column::ConfirmedAt.is_null())
        .filter(
            Expr::col((agency_area::Entity, agency_area::Column::AgencyId))
                .equals((agency::Entity, agency::Column::Id)),
        )
        .into_query();
    let mut query = agency::Entity::find().filter(Expr::exists(waiting));
    if let Some(level) = &filter.level {
        query = query.filter(agency::Column::Level.eq(level));
    }
    if let Some(state) = &filter.state {
        query = query.filter(agency::Column::State.eq(state));
    }
    let count = query.clone().count(rows).await?;
    let page = query.order_by_asc(agency::Column::Name).order_by_asc(agency::Column::Id).limit(filter.limit);
    let agencies = page.all(rows).await?;
    let mut areas: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let proposals = agency_area::Entity::find()
        .filter(agency_area::Column::AgencyId.is_in(agencies.iter().map(|agency| agency.id.as_str())))
        .filter(agency_area::Column::ConfirmedAt.is_null())
        .order_by_asc(agency_area::Column::Area);
    for proposal in proposals.all(rows).await? {
        areas.entry(proposal.agency_id).or_default().push(proposal.area);
    }
    let open: Vec<Open> = agencies
        .into_iter()
        .map(|agency| Open { areas: areas.remove(&agency.id).unwrap_or_default(), agency })
        .collect();
    let beside = count.saturating_sub(u64::try_from(open.len()).unwrap_or(u64::MAX));
    Ok((open, beside))
}

/// The open proposals of one agency, in order.
pub async fn of_agency(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<agency_area::Model>> {
    let open = agency_area::Entity::find()
        .filter(agency_area::Column::AgencyId.eq(agency))
        .filter(agency_area::Column::ConfirmedAt.is_null())
        .order_by_asc(agency_area::Column::Area);
    Ok(open.all(rows).await?)
}

/// What an area is, in words: `Harris County, US-TX`. One that the lists of states and counties lack is told as such.
pub async fn in_words(rows: &impl ConnectionTrait, area: &str) -> Result<String> {
    Ok(match area {
        area::NATIONAL => "the United States, all of it".to_owned(),
        area if area == area::NEW_YORK_CITY.0 => "New York City, five counties".to_owned(),
        state if state.starts_with("US-") => {
            let row = us_state::Entity::find_by_id(state).one(rows).await?;
            row.map_or_else(|| "a whole state".to_owned(), |row| format!("{}, the whole of it", row.name))
        }
        county => {
            let row = county::Entity::find_by_id(county).one(rows).await?;
            row.map_or_else(|| "a county".to_owned(), |row| format!("{}, {}", row.name, row.state))
        }
    })
}

/// Why somebody should look twice before an area is confirmed: it is wider than the level of the agency lets expect.
/// The District of Columbia is a county as well as a state.
pub fn oddity(level: &str, area: &str) -> Option<&'static str> {
    match area {
        area::NATIONAL if level != "FEDERAL" => Some("all of the country, for an agency that is not federal"),
        "US-DC" => None,
        state if state.starts_with("US-") && !matches!(level, "STATE" | "FEDERAL") => {
            Some("a whole state, for an agency that is not a state's")
        }
        _ => None,
    }
}

/// The error for an area that nobody proposed for the agency: what was expected, the nearest first.
pub(super) async fn none_such(rows: &impl ConnectionTrait, agency: &str, area: &str) -> Result<Error, DbErr> {
    let open = agency_area::Entity::find()
        .filter(agency_area::Column::AgencyId.eq(agency))
        .filter(agency_area::Column::ConfirmedAt.is_null());
    let mut open: Vec<String> = open.all(rows).await?.into_iter().map(|row| row.area).collect();
    open.sort_by_cached_key(|known| (distance(known, area), known.clone()));
    let more = if open.len() > NEAREST { ", …" } else { "" };
    open.truncate(NEAREST);
    let expected = if open.is_empty() {
        "it has no open proposal; `chancery agency areas add` makes one".to_owned()
    } else {
        format!("expected one of its proposals: {}{more}", open.join(", "))
    };
    let what = if area::is_area(area) {
        ""
    } else {
        ", which is none: an area is `US`, a state such as `US-NY`, a county's FIPS code or `NYC`"
    };
    Ok(Error::new(Code::NotFound, format!("nobody proposed `{area}` for the agency{what}; {expected}")))
}

/// How far two codes are from one another: edits of one character (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut before = place;
        let mut left = place + 1;
        let mut next = vec![left];
        for (above, known) in row.iter().skip(1).zip(&other) {
            left = (before + usize::from(letter != *known)).min(above + 1).min(left + 1);
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_differ_in_little_are_near() {
        for (one, other, expected) in [
            ("48201", "48201", 0),
            ("48201", "48202", 1),
            ("48201", "84201", 2),
            ("US-TX", "TX", 3),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn what_is_wider_than_the_level_is_odd() {
        for (level, area, odd) in [
            ("CITY", "US-NY", true),
            ("UNIVERSITY", "US-NY", true),
            ("STATE", "US-NY", false),
            ("FEDERAL", "US-NY", false),
            ("STATE", "US", true),
            ("FEDERAL", "US", false),
            ("CITY", "US-DC", false),
            ("CITY", "36061", false),
            ("CITY", "NYC", false),
        ] {
            assert_eq!(oddity(level, area).is_some(), odd, "{level} {area}");
        }
    }
}
