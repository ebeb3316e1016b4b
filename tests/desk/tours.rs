//! Chiefs of mission by chance: recorded, changed and taken off, against a calendar in which each day is looked at by itself.
//!
//! A failure prints the seed; `CHANCERY_TEST_SEED` repeats it.

use chancery::store::Engine;
use proptest::{
    prelude::Rng as _,
    test_runner::{RngAlgorithm, TestRng},
};
use rstest::rstest;
use serde_json::{Value, json};
use time::{Date, Duration, Month};

use crate::{
    act, desk, done, is_whole,
    post::post,
    support::{
        app::App,
        programmes::security_officer,
        small_world::{analyst, public},
    },
};

/// Days that tours begin and end on.
const DAYS: i64 = 45;
/// Commands of a case.
const STEPS: usize = 120;
/// Tours of chiefs at a time, about.
const TOURS: usize = 7;

/// A tour of a chief of mission, as the calendar has it: numbers of days.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tour {
    id: String,
    name: String,
    first: i64,
    last: Option<i64>,
}

impl Tour {
    fn holds(&self, day: i64) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }
}

struct Dice(TestRng);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.next_u32()).expect("small") % bound
    }

    fn day(&mut self) -> i64 {
        i64::try_from(self.below(usize::try_from(DAYS).expect("small"))).expect("small")
    }

    /// The last day of a tour: mostly some days after the first, now and then before it, or not known.
    fn last(&mut self, first: i64) -> Option<i64> {
        match self.below(8) {
            0 => None,
            1 => Some(self.day()),
            _ => Some(first + self.day() / 5),
        }
    }
}

/// The date of a day of the calendar, over the turn of a year.
fn date(day: i64) -> Date {
    Date::from_calendar_date(2026, Month::December, 1).expect("a date") + Duration::days(day)
}

fn written(day: Option<i64>) -> Value {
    day.map_or(Value::Null, |day| json!(date(day).to_string()))
}

/// What should come of it that a tour is as it is: nothing wrong; `endsOn`; or that others serve on one of its days.
fn judged<'t>(tours: &'t [Tour], tour: &Tour) -> Result<(), Result<&'static str, Vec<&'t str>>> {
    if tour.last.is_some_and(|last| last < tour.first) {
        return Err(Ok("endsOn"));
    }
    // Days after the calendar are as the first after it.
    let days: Vec<i64> = (0..=2 * DAYS).filter(|day| tour.holds(*day)).collect();
    let is_in_the_way = |other: &&Tour| other.id != tour.id && days.iter().any(|day| other.holds(*day));
    let others: Vec<&str> = tours.iter().filter(is_in_the_way).map(|other| other.id.as_str()).collect();
    if others.is_empty() { Ok(()) } else { Err(Err(others)) }
}

/// Does a command that makes a tour what it should be, and holds what came of it against the calendar.
async fn attempt(app: &App, tours: &[Tour], tour: &Tour, (command, input): (&str, Value)) -> Option<String> {
    let reply = act(app, &security_officer(), command, input.clone(), "tour { id }").await;
    let error = &reply.json["errors"][0]["extensions"];
    let context = format!("{command} {input} where {tours:?}: {}", reply.text);
    match judged(tours, tour) {
        Ok(()) => {
            let id = reply.json["data"][command]["tour"]["id"].as_str();
            return Some(id.unwrap_or_else(|| panic!("{context}")).to_owned());
        }
        Err(Ok(field)) => {
            assert_eq!((&error["code"], &error["input"][1]), (&json!("BAD_USER_INPUT"), &json!(field)), "{context}");
        }
        Err(Err(others)) => {
            let named = error["tour"].as_str().unwrap_or_default();
            assert!(error["code"] == "CONFLICT" && others.contains(&named), "{context}");
        }
    }
    None
}

/// Whom the post has for a chief on a day, by the clock alone.
async fn is_chief(app: &App, tours: &[Tour], day: i64, minutes: usize) {
    let minutes = i64::try_from(minutes).expect("small");
    let at = date(day).midnight().assume_utc() + Duration::minutes(minutes);
    app.db.clock.advance(at - app.db.clock.now());
    let serving: Vec<&Tour> = tours.iter().filter(|tour| tour.holds(day)).collect();
    assert!(serving.len() <= 1, "the calendar let two serve on {}: {serving:?}", date(day));
    let right = serving.first().map_or(Value::Null, |tour| json!(tour.name));
    let query = "query($id: ID!) { post(id: $id) { chiefOfMission } }";
    for who in [security_officer(), analyst()] {
        let reply = app.ask(&who, query, json!({ "id": post(1) })).await;
        assert_eq!(reply.data()["post"]["chiefOfMission"], right, "{at} where {tours:?}");
    }
}

/// What the post lists: of chiefs, what the calendar has.
async fn is_listed(app: &App, tours: &[Tour]) {
    let query = "query($id: ID!) { post(id: $id) { tours(first: 100, filter: { capacity: { eq: CHIEF_OF_MISSION } }) { nodes { id name startsOn endsOn } } } }";
    let reply = app.ask(&security_officer(), query, json!({ "id": post(1) })).await;
    let found = reply.data()["post"]["tours"]["nodes"].as_array().expect("a list").clone();
    let mut right: Vec<&Tour> = tours.iter().collect();
    right.sort_by_key(|tour| (tour.first, tour.id.clone()));
    let right: Vec<Value> = right
        .iter()
        .map(|tour| json!({ "id": tour.id, "name": tour.name, "startsOn": written(Some(tour.first)), "endsOn": written(tour.last) }))
        .collect();
    assert_eq!(found, right);
}

#[rstest]
#[tokio::test]
async fn whatever_is_written_down_a_day_has_one_chief(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let given = std::env::var("CHANCERY_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| u64::from(std::process::id()));
    eprintln!("CHANCERY_TEST_SEED={seed}");
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::XorShift, &bytes));
    let app = desk(engine).await;
    let rso = security_officer();
    for slot in [2, 3] {
        done(&app, &rso, "removeTour", json!({ "tourId": public("tour", '9', slot) }), "post { id }").await;
    }
    // Somebody in another capacity is in nobody's way.
    let others = json!({ "postId": post(1), "capacity": "REGIONAL_SECURITY_OFFICER", "name": "Another", "startsOn": "2026-01-01" });
    done(&app, &rso, "recordTour", others, "tour { id }").await;
    let mut tours: Vec<Tour> = Vec::new();
    let mut counted = [0; 5];
    for step in 0..STEPS {
        let of = (!tours.is_empty()).then(|| dice.below(tours.len()));
        match (of, dice.below(2 + TOURS)) {
            (Some(place), 0) => {
                let id = tours.remove(place).id;
                done(&app, &rso, "removeTour", json!({ "tourId": id }), "post { id }").await;
                counted[0] += 1;
            }
            (Some(place), chance) if chance <= tours.len() => {
                let mut tour = tours[place].clone();
                let mut input = json!({ "tourId": tour.id });
                if dice.below(3) > 0 {
                    tour.first = dice.day();
                    input["startsOn"] = written(Some(tour.first));
                }
                if input.get("startsOn").is_none() || dice.below(2) == 0 {
                    tour.last = dice.last(tour.first);
                    input["endsOn"] = written(tour.last);
                }
                let is_done = attempt(&app, &tours, &tour, ("changeTour", input)).await.is_some();
                counted[1 + usize::from(is_done)] += 1;
                if is_done {
                    tours[place] = tour;
                }
            }
            _ => {
                let first = dice.day();
                let mut tour = Tour { id: String::new(), name: format!("Chief {step}"), first, last: dice.last(first) };
                let input = json!({ "postId": post(1), "capacity": "CHIEF_OF_MISSION", "name": tour.name,
                    "startsOn": written(Some(tour.first)), "endsOn": written(tour.last) });
                let recorded = attempt(&app, &tours, &tour, ("recordTour", input)).await;
                counted[3 + usize::from(recorded.is_some())] += 1;
                if let Some(id) = recorded {
                    tour.id = id;
                    tours.push(tour);
                }
            }
        }
        let (day, minutes) = (dice.day(), [0, 1, 720, 1_439][dice.below(4)]);
        is_chief(&app, &tours, day, minutes).await;
        if step % 10 == 9 {
            is_listed(&app, &tours).await;
        }
    }
    for day in -1..=DAYS + 1 {
        is_chief(&app, &tours, day, 0).await;
        is_chief(&app, &tours, day, 1_439).await;
    }
    assert!(counted.iter().all(|count| *count > 2), "removed, changed not and so, recorded not and so: {counted:?}");
    eprintln!("{engine:?}: {counted:?}");
    is_whole(&app.db).await;
}
