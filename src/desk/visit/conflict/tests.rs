//! Conflicts, held against a look at every minute.

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{clock::instant, desk::visit::schedule::Place};

const MINUTES: i64 = 40;

fn at(minute: i64) -> String {
    let noon = time::macros::datetime!(2026-09-22 12:00 UTC);
    instant(noon + time::Duration::minutes(minute))
}

fn stops() -> impl Strategy<Value = Stop> {
    let areas = || select(vec![None, Some("36061"), Some("NYC"), Some("US-NY"), Some("11001"), Some("36047")]);
    let venue = prop_oneof![
        Just(None),
        (select(vec!["hall", "hotel", ""]), areas(), select(vec![None, Some(0.0), Some(0.001), Some(0.002)])).prop_map(
            |(name, area, north)| {
                let name = name.split_whitespace().map(str::to_owned).collect();
                Some(Place { name, area: area.map(str::to_owned), at: north.map(|north| (40.75 + north, -73.97)) })
            }
        ),
    ];
    (0..MINUTES, 1..10_i64, select(vec!["MOTORCADE", "VENUE"]), areas(), venue).prop_map(
        |(from, length, kind, area, venue)| Stop {
            leg: String::new(),
            kind: kind.to_owned(),
            area: area.map(str::to_owned),
            from: at(from),
            until: at(from + length),
            venue,
        },
    )
}

fn schedules() -> impl Strategy<Value = Vec<Schedule>> {
    let names = |names: Vec<&str>| names.into_iter().map(|name| vec![name.to_owned()]).collect();
    let one = (
        select(vec![Some("fr"), Some("de"), None]),
        select(vec!["a", "b", "c"]),
        vec(stops(), 0..5),
        vec(select(vec!["x", "y", "z"]), 0..3).prop_map(names),
    );
    let one = one.prop_map(|(state, principal, stops, delegates)| Schedule {
        visit: String::new(),
        state: state.map(str::to_owned),
        principal: vec![principal.to_owned()],
        days: (at(0), at(MINUTES * 2)),
        stops,
        delegates,
    });
    vec(one, 1..4).prop_map(|mut schedules| {
        for (number, schedule) in schedules.iter_mut().enumerate() {
            schedule.visit = number.to_string();
            for (place, stop) in schedule.stops.iter_mut().enumerate() {
                stop.leg = format!("{number}/{place}");
            }
        }
        schedules
    })
}

/// Counties that a place may lie in; all of these where nothing is known.
fn counties(area: Option<&str>) -> &'static [&'static str] {
    match area {
        Some("36061") => &["36061"],
        Some("36047") => &["36047"],
        Some("11001") => &["11001"],
        Some("NYC") => &["36061", "36047"],
        Some("US-NY") => &["36061", "36047", "36001"],
        _ => &["36061", "36047", "36001", "11001"],
    }
}

fn share(a: Option<&str>, b: Option<&str>) -> bool {
    counties(a).iter().any(|county| counties(b).contains(county))
}

/// The same principal: of a state, and by name.
fn is_same(a: &Schedule, b: &Schedule) -> bool {
    a.state.as_ref().zip(b.state.as_ref()).is_some_and(|(one, other)| one == other) && a.principal == b.principal
}

/// Kind, leg and the other visit of each minute at which two legs collide.
fn minute_by_minute(schedules: &[Schedule]) -> BTreeSet<(String, &'static str, String, String)> {
    let mut found = BTreeSet::new();
    for minute in 0..MINUTES * 2 {
        let now = at(minute);
        let on = |stop: &&Stop| stop.from <= now && now < stop.until;
        for (mine, theirs) in schedules.iter().flat_map(|mine| schedules.iter().map(move |theirs| (mine, theirs))) {
            if mine.visit == theirs.visit || is_same(mine, theirs) {
                continue;
            }
            for a in mine.stops.iter().filter(on) {
                for b in theirs.stops.iter().filter(on) {
                    let drive = a.kind == "MOTORCADE" && b.kind == "MOTORCADE" && a.area.is_some() && b.area.is_some();
                    if drive && share(a.area.as_deref(), b.area.as_deref()) {
                        found.insert((now.clone(), "SAME_MOTORCADE_WINDOW", a.leg.clone(), theirs.visit.clone()));
                    }
                    let (Some(v), Some(w)) = (&a.venue, &b.venue) else { continue };
                    // A thousandth of a degree of latitude is 111 metres.
                    let near = v.at.zip(w.at).is_some_and(|(v, w)| (v.0 - w.0).abs() < 0.0015);
                    let named = !v.name.is_empty() && v.name == w.name;
                    if near || (named && share(v.area.as_deref(), w.area.as_deref())) {
                        found.insert((now.clone(), "SAME_VENUE", a.leg.clone(), theirs.visit.clone()));
                    }
                }
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn what_is_found_is_what_every_minute_shows(schedules in schedules()) {
        let mut all = BTreeSet::new();
        for plan in &schedules {
            let its = found(&schedules, &plan.visit);
            // What one visit finds of the other is what the other finds of itself.
            for conflict in its.iter().filter(|conflict| conflict.visit != plan.visit) {
                prop_assert!(found(&schedules, &conflict.visit).contains(conflict));
            }
            all.extend(its);
        }
        // From the first minute to the last of each leg with each other visit.
        let mut spans: BTreeMap<(&'static str, String, String), (String, String)> = BTreeMap::new();
        for (now, kind, leg, other) in minute_by_minute(&schedules) {
            let span = spans.entry((kind, leg, other)).or_insert_with(|| (now.clone(), now.clone()));
            span.1 = now;
        }
        let told: BTreeMap<(&'static str, String, String), (String, String)> = all
            .iter()
            .filter_map(|c| Some(((c.kind, c.leg.clone()?, c.other.clone()?), (c.from.clone(), c.until.clone()))))
            .collect();
        let last = |until: &String| (0..MINUTES * 2).map(at).rfind(|minute| minute < until).unwrap();
        let told: BTreeMap<_, _> = told.into_iter().map(|(of, (from, until))| (of, (from, last(&until)))).collect();
        prop_assert_eq!(told, spans);
        let placeless = schedules.iter().flat_map(|plan| &plan.stops).filter(|stop| stop.area.is_none()).count();
        prop_assert_eq!(all.iter().filter(|conflict| conflict.kind == "LEG_WITHOUT_AREA").count(), placeless);
        for (a, b) in schedules.iter().flat_map(|a| schedules.iter().map(move |b| (a, b))).filter(|(a, b)| a.visit != b.visit) {
            let both = !is_same(a, b) && a.state.is_some() && a.state == b.state && a.delegates.iter().any(|name| b.delegates.contains(name));
            let told = all.iter().any(|c| c.kind == "SAME_DELEGATE" && c.visit == a.visit && c.other.as_ref() == Some(&b.visit));
            prop_assert_eq!(told, both);
        }
    }
}
