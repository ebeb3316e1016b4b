//! Shifts held against a look at every minute, over time zones and the turns of their clocks; and one agent never on two.

use std::collections::BTreeMap;

use chancery::{id, store::Engine};
use jiff::{ToSpan, civil::date, tz::TimeZoneDatabase};
use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    sample::select,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    desk,
    detail::agent,
    support::{
        app::App,
        small_world::{row, run},
    },
};

/// The zones of the shifts: their clocks turn on 25 October, on 1 November, never, and by half an hour elsewhere.
const ZONES: [&str; 5] =
    ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"];
/// Days from 24 October on.
const DAYS: i64 = 10;
/// Worlds an engine.
const CASES: u32 = 12;

/// A shift: whose, in which zone, on which day, at which hour and minute there, for how many minutes.
type Shift = (usize, &'static str, i64, i8, i8, i64);

fn shifts() -> impl Strategy<Value = Vec<Shift>> {
    vec((0..3_usize, select(ZONES.to_vec()), 0..DAYS, 0..24_i8, select(vec![0, 15, 30, 59]), 1..1_400_i64), 0..25)
}

/// Minutes since the first of them, in UTC.
fn minutes(shift: &Shift) -> (i64, i64) {
    let (_, zone, day, hour, minute, lasts) = *shift;
    let zone = TimeZoneDatabase::bundled().get(zone).expect("a zone");
    let local = date(2026, 10, 24).checked_add(day.days()).expect("a day").at(hour, minute, 0, 0);
    // An hour that is skipped, or comes twice, is one that the clocks show.
    let at = zone.to_ambiguous_zoned(local).compatible().expect("an instant").timestamp();
    let first = date(2026, 10, 23).at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("UTC").timestamp();
    let starts = (at.as_second() - first.as_second()) / 60;
    (starts, starts + lasts)
}

fn instant(minute: i64) -> String {
    let first = time::macros::datetime!(2026-10-23 00:00 UTC);
    chancery::clock::instant(first + time::Duration::minutes(minute))
}

/// A detail that stands, with nobody but the agent on it: its row.
async fn standing(app: &App) -> String {
    let detail = row('5', 90);
    let sql = format!(
        "insert into protective_detail (id, protectee, status, agent_in_charge_id, opened_at) values ('{detail}', 'UN_AMBASSADOR', 'OPEN', '{agent}', '2026-10-01T00:00:00.000000Z');
         insert into assignment (id, detail_id, person_id, starts_at, assigned_at) values ('{}', '{detail}', '{agent}', '2026-10-01T00:00:00.000000Z', '2026-10-01T00:00:00.000000Z');",
        row('6', 90),
        agent = row('P', 5)
    );
    run(&app.db, &sql).await;
    chancery::desk::visibility::rebuild(&app.db.store).await.expect("the lines are made");
    detail
}

async fn hold(
    app: &App,
    detail: &str,
    shifts: &[Shift],
    least: i64,
    hours: i64,
    seed: u64,
) -> Result<(), TestCaseError> {
    run(&app.db, &format!("delete from shift where detail_id = '{detail}'")).await;
    // Of those of one agent the schema takes what does not overlap.
    let mut on: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
    for shift in shifts {
        let (from, until) = minutes(shift);
        let its = on.entry(shift.0).or_default();
        if its.iter().all(|(begins, ends)| until <= *begins || *ends <= from) {
            its.push((from, until));
            let sql = format!(
                "insert into shift (id, detail_id, person_id, role, starts_at, ends_at) values ('{}', '{detail}', '{}', 'DRIVER', '{}', '{}')",
                id::new(time::OffsetDateTime::UNIX_EPOCH),
                row('P', 1 + shift.0),
                instant(from),
                instant(until),
            );
            run(&app.db, &sql).await;
        }
    }
    chancery::desk::visibility::rebuild(&app.db.store).await.expect("the lines are made");
    let (from, to) = (1_440 + i64::try_from(seed % 1_000).expect("small"), 1_440 * DAYS);
    let query = format!(
        "query($id: ID!) {{ protectiveDetail(id: $id) {{
            coverageGaps(from: {:?}, to: {:?}, minimumAgents: {least}) {{ startsAt endsAt agents }}
            restBreaches(from: {:?}, to: {:?}, minimumRestHours: {hours}) {{ agent startsAt restMinutes }} }} }}",
        instant(from),
        instant(to),
        instant(from),
        instant(to)
    );
    let reply = app.ask(&agent(), &query, json!({ "id": format!("detail_{detail}") })).await;
    let found = reply.data()["protectiveDetail"].clone();
    let count = |minute: i64| {
        let is_on = |its: &&Vec<(i64, i64)>| its.iter().any(|(begins, ends)| *begins <= minute && minute < *ends);
        i64::try_from(on.values().filter(is_on).count()).expect("small")
    };
    let mut gaps: Vec<(i64, i64, i64)> = Vec::new();
    for minute in from..to {
        let agents = count(minute);
        match gaps.last_mut() {
            _ if agents >= least => {}
            Some(gap) if gap.1 == minute => *gap = (gap.0, minute + 1, gap.2.min(agents)),
            _ => gaps.push((minute, minute + 1, agents)),
        }
    }
    let gaps: Vec<Value> = gaps
        .into_iter()
        .map(|(from, until, agents)| json!({ "startsAt": instant(from), "endsAt": instant(until), "agents": agents }))
        .collect();
    proptest::prop_assert_eq!(&found["coverageGaps"], &json!(gaps));
    let mut breaches = Vec::new();
    for (who, its) in &mut on {
        its.sort_unstable();
        for pair in its.windows(2) {
            let rest = pair[1].0 - pair[0].1;
            if (from..to).contains(&pair[1].0) && rest < hours * 60 {
                breaches.push((instant(pair[1].0), format!("Person {}", who + 1), rest));
            }
        }
    }
    breaches.sort();
    let mut told: Vec<(String, String, i64)> = found["restBreaches"]
        .as_array()
        .expect("breaches")
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().expect("text").to_owned();
            (text("startsAt"), text("agent"), one["restMinutes"].as_i64().expect("minutes"))
        })
        .collect();
    told.sort();
    proptest::prop_assert_eq!(told, breaches);
    Ok(())
}

#[rstest]
fn gaps_and_breaches_are_those_that_every_minute_shows(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let (app, detail) = runtime.block_on(async {
        let app = desk(engine).await;
        let detail = standing(&app).await;
        (app, detail)
    });
    let seed = std::process::id();
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: CASES, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let worlds = (shifts(), 1..4_i64, 1..14_i64, any::<u64>());
    let outcome = runner.run(&worlds, |(shifts, least, hours, seed)| {
        runtime.block_on(hold(&app, &detail, &shifts, least, hours, seed))
    });
    // What holds the database ends inside the runtime.
    let _entered = runtime.enter();
    if let Err(error) = outcome {
        panic!("seed {seed} {engine:?}\n{error}");
    }
}

/// The schema holds it, whoever writes, and however many at a time: of twenty shifts of one agent at one time one is there.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_agent_is_never_on_two_shifts(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let detail = standing(&app).await;
    let put = |number: usize, from: i64, until: i64| {
        let sql = format!(
            "insert into shift (id, detail_id, person_id, role, starts_at, ends_at) values ('{}', '{detail}', '{}', 'DRIVER', '{}', '{}')",
            row('7', 200 + number),
            row('P', 2),
            instant(from),
            instant(until)
        );
        let orm = app.db.store.orm.clone();
        async move { orm.execute_unprepared(&sql).await.map(|_| ()).map_err(|error| error.to_string()) }
    };
    let writers: Vec<_> =
        (0..20).map(|number| tokio::spawn(put(number, 100 + i64::try_from(number).expect("small"), 300))).collect();
    let mut there = 0;
    for writer in writers {
        match writer.await.expect("it ends") {
            Ok(()) => there += 1,
            Err(error) => assert!(error.contains("person_is_on_one_shift"), "{error}"),
        }
    }
    assert_eq!(there, 1);
    // The first instant after is another's; and what is moved is looked at, too.
    put(30, 300, 400).await.expect("one ends as the next begins");
    let moved = format!("update shift set starts_at = '{}' where id = '{}'", instant(299), row('7', 230));
    assert!(app.db.store.orm.execute_unprepared(&moved).await.is_err());
    put(31, 400, 400).await.expect_err("it has no minute");
}
