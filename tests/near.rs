//! Missions and premises around a point: the distances, who takes part, what is refused.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use chancery::store::Engine;
use proptest::{
    prelude::Rng as _,
    test_runner::{RngAlgorithm, TestRng},
};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, TransactionTrait as _};
use serde_json::{Value, json};

use support::{
    app::{App, Who},
    small_world::{self, MISSIONS, analyst, auditor, french, police, row},
};

/// How many points are asked around.
const POINTS: usize = 40;

const QUESTION: &str = "query Q($lat: Float!, $lon: Float!, $m: Float!, $first: Int) {
  missionsNear(latitude: $lat, longitude: $lon, radiusMeters: $m, first: $first) {
    totalCount nearest { distanceMeters node { id name } }
  }
}";

/// Chance, the same every time.
struct Dice(TestRng);

impl Dice {
    fn new(seed: u8) -> Self {
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.0.next_u32()) / f64::from(u32::MAX)
    }
}

/// The small world with every mission somewhere in the District and around; the last two beyond the antimeridian.
async fn app(engine: Engine) -> (App, Vec<(f64, f64)>) {
    let app = small_world::app(engine).await;
    let mut rng = Dice::new(1);
    let mut places = Vec::new();
    let mut sql = String::new();
    for number in 1..=MISSIONS {
        let place = if number + 1 < MISSIONS {
            (38.9 + rng.between(-0.6, 0.6), -77.0 + rng.between(-0.6, 0.6))
        } else {
            (13.5 + rng.between(-0.2, 0.2), if number == MISSIONS { 179.9 } else { -179.95 })
        };
        let (latitude, longitude) = place;
        let id = row('M', number);
        sql.push_str(&format!("update mission set latitude = {latitude}, longitude = {longitude} where id = '{id}';"));
        places.push(place);
    }
    small_world::change(&app.db, &sql).await;
    (app, places)
}

/// Great circle on a sphere: another formula than the server's, and within half a percent of the ellipsoid.
fn haversine(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (north, east) = ((b.0 - a.0).to_radians() / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = north.sin().powi(2) + a.0.to_radians().cos() * b.0.to_radians().cos() * east.sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().asin()
}

async fn ask(app: &App, who: &Who, at: (f64, f64), metres: f64, first: Option<i64>) -> Value {
    let variables = json!({ "lat": at.0, "lon": at.1, "m": metres, "first": first });
    app.ask(who, QUESTION, variables).await.data()["missionsNear"].clone()
}

fn names(found: &Value) -> Vec<String> {
    let nearest = found["nearest"].as_array().expect("a list");
    nearest.iter().map(|item| item["node"]["id"].as_str().expect("an id").to_owned()).collect()
}

#[rstest]
#[tokio::test]
async fn all_that_is_within_the_radius_and_nothing_else_nearest_first(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (app, places) = app(engine).await;
    let mut rng = Dice::new(7);
    let mut seen = 0;
    for point in 0..POINTS {
        let around = places[point % places.len()];
        let at = (around.0 + rng.between(-0.2, 0.2), around.1 + rng.between(-0.04, 0.04));
        let metres = rng.between(0.0, 120_000.0);
        let before = app.gateway().statements();
        let found = ask(&app, &analyst(), at, metres, Some(100)).await;
        assert_eq!(app.gateway().statements() - before, 1, "one question, one statement");
        let mut last = 0;
        for item in found["nearest"].as_array().expect("a list") {
            let id = item["node"]["id"].as_str().expect("an id");
            let number: usize = id[id.len() - 6..].parse().expect("a number");
            let distance = item["distanceMeters"].as_i64().expect("metres");
            let expected = haversine(at, places[number - 1]);
            #[allow(clippy::cast_precision_loss, reason = "less than 200,000")]
            let off = (distance as f64 - expected).abs();
            assert!(off <= 2.0 + expected * 0.006, "point {point}: {id} at {distance} m instead of {expected} m");
            assert!(distance >= last, "nearest first");
            last = distance;
        }
        let listed = names(&found);
        for (index, place) in places.iter().enumerate() {
            let distance = haversine(at, *place);
            let id = small_world::mission(index + 1);
            if distance < metres * 0.993 {
                assert!(listed.contains(&id), "point {point}: {id} at {distance} m of {metres} m is missing");
            } else if distance > metres * 1.007 + 2.0 {
                assert!(!listed.contains(&id), "point {point}: {id} at {distance} m of {metres} m is too far");
            }
        }
        assert_eq!(found["totalCount"], listed.len());
        seen += listed.len();
        let cut = ask(&app, &analyst(), at, metres, Some(2)).await;
        assert_eq!(names(&cut), listed.iter().take(2).cloned().collect::<Vec<_>>());
        assert_eq!(cut["totalCount"], found["totalCount"], "the count is of all, whatever the page");
    }
    assert!(seen > POINTS, "{seen} rows in {POINTS} answers: the points are too far off");
    eprintln!("{POINTS} points, {seen} distances");
}

/// A distance says where a row is: who cannot read the coordinates does not meet the row, however near it asks.
#[rstest]
#[tokio::test]
async fn only_rows_whose_coordinates_are_readable_take_part(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (app, places) = app(engine).await;
    for who in [french(), police(), analyst()] {
        let readable = app
            .ask(&who, "{ missions(first: 100) { nodes { id latitude } } }", json!({}))
            .await
            .data()["missions"]["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|node| !node["latitude"].is_null())
            .map(|node| node["id"].as_str().expect("an id").to_owned())
            .collect::<Vec<_>>();
        for (index, place) in places.iter().enumerate() {
            let found = ask(&app, &who, *place, 1.0, None).await;
            let id = small_world::mission(index + 1);
            assert_eq!(names(&found).contains(&id), readable.contains(&id), "{who:?}: {id}");
            assert_eq!(found["totalCount"], names(&found).len());
        }
    }
    let refused = app
        .ask(&auditor(), "{ missionsNear(latitude: 1, longitude: 1, radiusMeters: 1) { totalCount } }", json!({}))
        .await;
    assert_eq!(refused.code(), "GRAPHQL_VALIDATION_FAILED");
}

#[rstest]
#[tokio::test]
async fn premises_and_filters(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (app, _) = app(engine).await;
    small_world::change(&app.db, "update premises set latitude = 38.92, longitude = -77.05").await;
    let all = "{ premises(first: 100) { nodes { id latitude kind } } }";
    let listed = app.ask(&analyst(), all, json!({})).await;
    let readable = listed.data()["premises"]["nodes"].as_array().expect("a list");
    let readable = readable.iter().filter(|node| !node["latitude"].is_null()).count();
    assert!(readable > 0, "the world has premises");
    let near = "premisesNear(latitude: 38.92, longitude: -77.05, radiusMeters: 0, first: 100";
    let question = format!(
        "{{ all: {near}) {{ totalCount nearest {{ distanceMeters node {{ address mission {{ name }} }} }} }} none: {near}, filter: {{address: {{eq: \"nowhere\"}}}}) {{ totalCount nearest {{ distanceMeters }} __typename }} }}"
    );
    let found = app.ask(&analyst(), &question, json!({})).await;
    assert_eq!(found.data()["all"]["totalCount"], readable, "even without any radius");
    assert_eq!(found.data()["all"]["nearest"][0]["distanceMeters"], 0);
    assert_eq!(found.data()["none"], json!({ "totalCount": 0, "nearest": [], "__typename": "PremisesVicinity" }));
}

#[rstest]
#[case(json!({ "lat": 90.5, "lon": 0, "m": 5 }), "latitude: expected a number from -90 to 90")]
#[case(json!({ "lat": 1, "lon": -181, "m": 5 }), "longitude: expected a number from -180 to 180")]
#[case(json!({ "lat": 1, "lon": 1, "m": -5 }), "radiusMeters: expected a number from 0 to 200000")]
#[case(json!({ "lat": 1, "lon": 1, "m": 1e300 }), "radiusMeters: expected a number from 0 to 200000")]
#[case(json!({ "lat": 1, "lon": 1, "m": 5, "first": 101 }), "first: expected 0 to 100")]
#[tokio::test]
async fn what_is_no_point_is_refused(#[case] variables: Value, #[case] message: &str) {
    let app = small_world::app(Engine::Sqlite).await;
    let refused = app.ask(&analyst(), QUESTION, variables).await;
    assert_eq!(refused.code(), "BAD_USER_INPUT");
    assert_eq!(refused.json["errors"][0]["message"], message);
}

#[rstest]
#[tokio::test]
async fn the_band_of_latitudes_is_an_index_range(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // One connection: the setting below is the connection's.
    let rows = app.db.store.orm.begin().await.expect("a transaction");
    let (explain, backend) = match engine {
        Engine::Sqlite => ("explain query plan", DbBackend::Sqlite),
        Engine::Postgres => ("set enable_seqscan = off; explain", DbBackend::Postgres),
    };
    for table in ["mission", "premises"] {
        let band = format!("select a.id from {table} a where a.latitude >= 38.0 - 5.0 and a.latitude <= 38.0 + 5.0");
        let sql = match explain.split_once("; ") {
            // A table of twelve rows is read whole unless that is forbidden.
            Some((set, explain)) => {
                rows.execute_unprepared(set).await.expect("the setting");
                format!("{explain} {band}")
            }
            None => format!("{explain} {band}"),
        };
        let plan = rows.query_all_raw(Statement::from_string(backend, sql)).await.expect("a plan");
        let column = if engine == Engine::Sqlite { "detail" } else { "QUERY PLAN" };
        let text: String = plan.iter().map(|row| row.try_get::<String>("", column).expect("text")).collect();
        assert!(text.contains(&format!("{table}_by_coordinates")), "{text}");
    }
}
