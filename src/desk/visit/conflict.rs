//! Where visits are in each other's way: found anew for a visit with every change of it, and kept while it holds.

use std::collections::{BTreeMap, BTreeSet};

use entity::visit_conflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use time::OffsetDateTime;

use super::schedule::{self, Schedule, Stop};
use crate::{
    access::{Kind, area},
    clock::instant,
    desk::{Work, visibility::CHUNK},
    error::Result,
    id,
    read::geodesy::distance,
};

/// Metres within which two places are one.
const SAME_PLACE: f64 = 150.0;

/// Where a visit is in the way of another, or cannot be placed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Conflict {
    pub(super) visit: String,
    pub(super) kind: &'static str,
    pub(super) leg: Option<String>,
    pub(super) other: Option<String>,
    pub(super) from: String,
    pub(super) until: String,
}

impl From<visit_conflict::Model> for Conflict {
    fn from(row: visit_conflict::Model) -> Self {
        Self {
            visit: row.visit_id,
            kind: Self::KINDS.into_iter().find(|kind| *kind == row.kind).unwrap_or_default(),
            leg: row.leg_id,
            other: row.other_visit_id,
            from: row.starts_at,
            until: row.ends_at,
        }
    }
}

impl Conflict {
    const KINDS: [&'static str; 4] = ["LEG_WITHOUT_AREA", "SAME_VENUE", "SAME_MOTORCADE_WINDOW", "SAME_DELEGATE"];
}

/// Finds the conflicts of a visit anew, and those of others with it; writes what differs.
///
/// They follow from rows that whoever changes the visit may not see: the trail does not name them.
pub async fn renew(work: &mut Work, visit: &str, at: OffsetDateTime) -> Result<()> {
    let right = found(&schedule::around(work.rows(), visit).await?, visit);
    let of_it = Condition::any()
        .add(visit_conflict::Column::VisitId.eq(visit))
        .add(visit_conflict::Column::OtherVisitId.eq(visit));
    let stored = visit_conflict::Entity::find().filter(of_it).all(work.rows()).await?;
    let stored: BTreeMap<Conflict, String> = stored.into_iter().map(|row| (row.clone().into(), row.id)).collect();
    let passed: Vec<(&String, &String)> = stored
        .iter()
        .filter(|(conflict, _)| !right.contains(conflict))
        .map(|(conflict, id)| (id, &conflict.visit))
        .collect();
    for passed in passed.chunks(CHUNK) {
        let of_these = visit_conflict::Column::Id.is_in(passed.iter().map(|(id, _)| *id));
        visit_conflict::Entity::delete_many().filter(of_these).exec(work.rows()).await?;
        for (id, visit) in passed {
            work.derive(Kind::VisitConflict, (*id).clone());
            work.hung_on((Kind::VisitConflict, id), (Kind::Visit, visit));
        }
    }
    let anew: Vec<Conflict> = right.into_iter().filter(|conflict| !stored.contains_key(conflict)).collect();
    for anew in anew.chunks(CHUNK) {
        let rows = anew.iter().map(|conflict| visit_conflict::ActiveModel {
            id: Set(id::new(at)),
            visit_id: Set(conflict.visit.clone()),
            kind: Set(conflict.kind.to_owned()),
            leg_id: Set(conflict.leg.clone()),
            other_visit_id: Set(conflict.other.clone()),
            starts_at: Set(conflict.from.clone()),
            ends_at: Set(conflict.until.clone()),
            found_at: Set(instant(at)),
        });
        let rows: Vec<visit_conflict::ActiveModel> = rows.collect();
        for row in &rows {
            work.derive(Kind::VisitConflict, row.id.clone().take().unwrap_or_default());
        }
        visit_conflict::Entity::insert_many(rows).exec_without_returning(work.rows()).await?;
    }
    Ok(())
}

/// The conflicts of one of some schedules, and those of the others with it.
pub(super) fn found(schedules: &[Schedule], visit: &str) -> BTreeSet<Conflict> {
    let mut found = BTreeSet::new();
    let Some(its) = schedules.iter().find(|one| one.visit == visit) else { return found };
    for stop in its.stops.iter().filter(|stop| stop.area.is_none()) {
        found.insert(Conflict {
            visit: its.visit.clone(),
            kind: "LEG_WITHOUT_AREA",
            leg: Some(stop.leg.clone()),
            other: None,
            from: stop.from.clone(),
            until: stop.until.clone(),
        });
    }
    for other in schedules.iter().filter(|other| other.visit != visit && !is_one_principal(its, other)) {
        let of = |one: &Schedule, kind, leg: Option<&str>, other: &Schedule, (from, until): (&str, &str)| Conflict {
            visit: one.visit.clone(),
            kind,
            leg: leg.map(str::to_owned),
            other: Some(other.visit.clone()),
            from: from.to_owned(),
            until: until.to_owned(),
        };
        // By kind and leg: from the first instant at which it is in the other's way to the last.
        let mut windows: BTreeMap<(bool, &str, &str), (&str, &str)> = BTreeMap::new();
        for (mine, theirs) in its.stops.iter().flat_map(|mine| other.stops.iter().map(move |theirs| (mine, theirs))) {
            let (from, until) = (mine.from.as_str().max(&theirs.from), mine.until.as_str().min(&theirs.until));
            if from >= until {
                continue;
            }
            for kind in [are_at_one_venue(mine, theirs), are_in_one_window(mine, theirs)].into_iter().flatten() {
                for of_leg in [(true, kind, mine.leg.as_str()), (false, kind, theirs.leg.as_str())] {
                    let window = windows.entry(of_leg).or_insert((from, until));
                    *window = (window.0.min(from), window.1.max(until));
                }
            }
        }
        found.extend(windows.into_iter().map(|((is_mine, kind, leg), window)| {
            let (one, another) = if is_mine { (its, other) } else { (other, its) };
            of(one, kind, Some(leg), another, window)
        }));
        let of_one_state = its.state.is_some() && its.state == other.state;
        let window = (its.days.0.as_str().max(&other.days.0), its.days.1.as_str().min(&other.days.1));
        if of_one_state && !its.delegates.is_disjoint(&other.delegates) && window.0 < window.1 {
            let kind = "SAME_DELEGATE";
            found.extend([of(its, kind, None, other, window), of(other, kind, None, its, window)]);
        }
    }
    found
}

/// Two visits of one principal are not in each other's way: of one state, under one name that has words.
fn is_one_principal(a: &Schedule, b: &Schedule) -> bool {
    a.state.is_some() && a.state == b.state && !a.principal.is_empty() && a.principal == b.principal
}

/// By their names in areas that may be one, or by their coordinates.
fn are_at_one_venue(a: &Stop, b: &Stop) -> Option<&'static str> {
    let (a, b) = (a.venue.as_ref()?, b.venue.as_ref()?);
    let named = a.name == b.name && !a.name.is_empty() && may_be_one(a.area.as_deref(), b.area.as_deref());
    let near = a.at.zip(b.at).is_some_and(|(a, b)| distance(a, b) <= SAME_PLACE);
    (named || near).then_some("SAME_VENUE")
}

fn are_in_one_window(a: &Stop, b: &Stop) -> Option<&'static str> {
    let motorcades = a.kind == "MOTORCADE" && b.kind == "MOTORCADE";
    let placed = a.area.is_some() && b.area.is_some();
    (motorcades && placed && may_be_one(a.area.as_deref(), b.area.as_deref())).then_some("SAME_MOTORCADE_WINDOW")
}

/// Whether one area lies within the other; what is not known may be anywhere.
fn may_be_one(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let within = |a: &str, b: &str| area::areas_containing(a).iter().any(|area| area == b);
    within(a, b) || within(b, a)
}

#[cfg(test)]
mod tests;
