//! Attacks upon streams, of what is counted, cut, expired and hidden. Each test says what should hold.

use std::time::Duration;

use chancery::{access::Kind, config::Limits, desk, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest as _};

use crate::{
    CONCERNS,
    attacks::{gone, listen, nap, others},
    by_officer, done, raised,
    support::{
        app::App,
        enrolled,
        small_world::{self, analyst, french, liaison_officer, police, public, row, run},
    },
    websocket::start,
};

/// The limit on sockets holds for those that are WebSockets by now.
#[tokio::test]
async fn web_sockets_are_counted() {
    let server = start(Engine::Sqlite, Limits { connections: 2, ..Limits::default() }).await;
    let mut clients = Vec::new();
    for number in 1..=5 {
        let client = tokio::time::timeout(Duration::from_secs(3), server.let_in(&french())).await;
        let Ok(client) = client else {
            assert_eq!(number, 3);
            return;
        };
        clients.push(client);
    }
    panic!("{} WebSockets are open at once where there may be 2 connections", clients.len());
}

/// A token in the query string is refused.
#[tokio::test]
async fn a_token_in_the_address_is_refused() {
    let server = start(Engine::Sqlite, Limits::default()).await;
    let token = server.app.token(&french()).await;
    let mut request =
        format!("ws://{}/graphql/ws?access_token={token}", server.address).into_client_request().expect("a request");
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a value"));
    headers.insert("authorization", format!("Bearer {token}").parse().expect("a value"));
    let refused = connect_async(request).await.expect_err("refused");
    assert!(refused.to_string().contains("401"), "{refused}");
}

/// Who has gone costs nothing any more.
#[rstest]
#[tokio::test]
async fn who_has_gone_is_not_caught_up(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let after = listen(&app, &analyst(), CONCERNS, None).await.told("RESYNC").await["cursor"].clone();
    gone(&app, 990, false).await;
    nap(1_200).await;
    let listener = listen(&app, &analyst(), CONCERNS, Some(&after)).await;
    nap(10).await;
    drop(listener);
    nap(50).await;
    let before = app.gateway().statements();
    nap(1_000).await;
    let ran = app.gateway().statements() - before;
    assert!(ran < 10, "{ran} statements for somebody who is not there");
}

/// A share that is over by the clock: the row is gone for whom it was shared with.
#[rstest]
#[tokio::test]
async fn what_expires_is_removed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "LOW").await;
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "reason": "To look at",
        "tiers": "DC", "expiresAt": "2026-11-22T12:10:00Z" });
    done(&app, &liaison_officer(), "shareConcern", input, "share { id }").await;
    let mut listener = listen(&app, &police(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    listener.told("CHANGED").await;
    app.db.clock.advance(time::Duration::minutes(11));
    let seen = app.ask(&police(), "query($id: ID!) { concern(id: $id) { id } }", json!({ "id": id })).await;
    assert_eq!(seen.data()["concern"], Value::Null);
    let told = listener.drain(Duration::from_millis(2_500)).await;
    by_officer(&app, "assignConcern", json!({ "concernId": id })).await;
    let later = listener.drain(Duration::from_secs(1)).await;
    assert!(!told.is_empty() || !later.is_empty(), "the row is gone, and neither then nor later is it told");
}

/// A share that is over by the clock, and a command in the same breath, before anybody has told what the clock did: it tells it.
#[rstest]
#[tokio::test]
async fn what_expires_is_removed_by_whatever_comes_first(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values("assignConcern", "nothing")] command: &str,
) {
    let app = enrolled(engine).await;
    let id = raised(&app, "LOW").await;
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "reason": "To look at",
        "tiers": "DC", "expiresAt": "2026-11-22T12:10:00Z" });
    done(&app, &liaison_officer(), "shareConcern", input, "share { id }").await;
    let mut listener = listen(&app, &police(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    listener.drain(Duration::from_millis(1_200)).await;
    app.db.clock.advance(time::Duration::minutes(11));
    if command != "nothing" {
        by_officer(&app, command, json!({ "concernId": id })).await;
    }
    let told = listener.drain(Duration::from_millis(2_500)).await;
    let told: Vec<&Value> = told.iter().map(|event| &event["change"]).collect();
    assert_eq!(told, ["REMOVED"], "once");
}

/// Cut while it saw the row; while it was away the row changed, and the share ended by time.
#[rstest]
#[tokio::test]
async fn what_expired_meanwhile_is_removed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "LOW").await;
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "reason": "To look at",
        "tiers": "DC", "expiresAt": "2026-11-22T12:10:00Z" });
    done(&app, &liaison_officer(), "shareConcern", input, "share { id }").await;
    let after = listen(&app, &police(), CONCERNS, None).await.told("RESYNC").await["cursor"].clone();
    // The share holds: the row was visible before this change, and it is not when that is told.
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    app.db.clock.advance(time::Duration::minutes(11));
    let mut listener = listen(&app, &police(), CONCERNS, Some(&after)).await;
    let told = listener.drain(Duration::from_millis(1_500)).await;
    assert!(!told.is_empty(), "nothing was told of a row that is gone");
}

/// A database put back to an earlier state, or a replica promoted that was behind: the log ends before the cursor.
#[rstest]
#[tokio::test]
async fn a_cursor_beyond_the_log_is_read_afresh(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = listen(&app, &french(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    let mut after = Value::Null;
    for _ in 0..5 {
        raised(&app, "LOW").await;
        after = listener.told("CHANGED").await["cursor"].clone();
    }
    run(&app.db, "delete from change_event; update change_head set last = 0, pruned = 0").await;
    let other = app.another(Limits::default()).await;
    let mut again = listen(&other, &french(), CONCERNS, Some(&after)).await;
    nap(300).await;
    raised(&other, "HIGH").await;
    let told = again.drain(Duration::from_secs(2)).await;
    assert!(!told.is_empty(), "neither RESYNC nor the concern that was raised");
}

/// Law 4: whoever sees nothing of it hears nothing, however much it was.
#[rstest]
#[tokio::test]
async fn much_that_is_hidden_is_not_heard_of(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let values: Vec<String> = (0..2_001)
        .map(|number| {
            format!(
                "('{}', 'C-X-{number}', 'CONCERN', 'THEFT', 'LOW', 'SUBMITTED', '{}', 't', 'n', '{}', '[]', 'AMBER', '2026-11-01T08:00:00.000000Z')",
                row('Y', number),
                row('M', 2),
                row('A', 4)
            )
        })
        .collect();
    let columns = "id, reference, kind, category, severity, status, mission_id, title, narrative, origin_agency_id, subjects, tlp, opened_at";
    small_world::change(&app.db, &format!("insert into concern ({columns}) values {}", values.join(", "))).await;
    let mut listener = listen(&app, &french(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    // Nothing is changed at all.
    let mut work = desk::Work::begin(&app.db.store, &app.db.clock).await.expect("begun");
    work.touch(Kind::Mission, row('M', 2));
    work.commit().await.expect("committed");
    let told = listener.drain(Duration::from_millis(2_500)).await;
    assert!(told.is_empty(), "{told:?}");
}

/// A cursor of one filter skips what was told ahead under that filter; under another, that was not told.
#[rstest]
#[tokio::test]
async fn a_cursor_is_of_one_filter(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "HIGH").await;
    let high = json!({ "severity": ["HIGH"] });
    let mut of_high = app.listen(&french(), CONCERNS, json!({ "filter": high })).await;
    let after = of_high.told("RESYNC").await["cursor"].clone();
    drop(of_high);
    by_officer(&app, "setSeverity", json!({ "concernId": id, "severity": "LOW", "reason": "No" })).await;
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    let mut of_high = app.listen(&french(), CONCERNS, json!({ "filter": high, "after": after })).await;
    let after = of_high.told("REMOVED").await["cursor"].clone();
    let mut of_all = app.listen(&french(), CONCERNS, json!({ "after": after })).await;
    // Refused, read afresh, or told that it is acknowledged: anything but silence.
    let said = tokio::time::timeout(Duration::from_secs(2), of_all.raw()).await;
    assert!(said.is_ok(), "that it was acknowledged is lost");
}

/// Events that wait are bounded, whatever happens to the standing of others.
#[rstest]
#[tokio::test]
async fn what_waits_is_bounded(#[values(Engine::Sqlite)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = listen(&app, &analyst(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    nap(500).await;
    let mut told = 0;
    // More is changed than is read; each second standing of somebody else changes.
    for _ in 0..6 {
        gone(&app, 50, true).await;
        nap(1_100).await;
        others(&app).await;
        nap(600).await;
        for _ in 0..8 {
            // Nothing more where all of it is to be read afresh.
            let next = tokio::time::timeout(Duration::from_millis(300), listener.response());
            let Ok(response) = next.await else { break };
            if response.expect("more").get("errors").is_some() {
                return;
            }
            told += 1;
        }
    }
    let waiting = listener.drain(Duration::from_millis(700)).await.len();
    assert!(waiting <= 3 * 64 + 2 + 2, "{waiting} events wait for somebody who read {told}");
}

/// Connections that the database cuts are made anew.
#[tokio::test]
async fn a_feed_outlives_its_connections() {
    let app = enrolled(Engine::Postgres).await;
    let mut listener = listen(&app, &french(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    raised(&app, "LOW").await;
    listener.told("CHANGED").await;
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    run(&app.db, cut).await;
    nap(2_500).await;
    let query = "{ viewer { role } }";
    for _ in 0..5 {
        let _ = app.ask(&french(), query, json!({})).await;
    }
    let other = app.another(Limits::default()).await;
    for _ in 0..3 {
        raised(&other, "LOW").await;
    }
    for _ in 0..3 {
        listener.told("CHANGED").await;
    }
}

/// A share that reaches further opens entries that one did not see: the log that was selected is another.
#[rstest]
#[tokio::test]
async fn entries_that_open_are_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "LOW").await;
    let agency = public("agency", 'A', 2);
    let to_agency = json!({ "concernId": id, "agencyId": agency, "reason": "To look at", "tiers": "DC",
        "expiresAt": "2026-12-24T00:00:00Z" });
    done(&app, &liaison_officer(), "shareConcern", to_agency, "share { id }").await;
    let concern = row_of(&app, "concern").await;
    let sql = format!(
        "insert into entry (id, concern_id, kind, audience, tlp, body, at) values ('{0}', '{concern}', 'COMMENT', 'AGENCIES', 'RED', 'Only you', '2026-11-22T11:00:00.000000Z'); insert into entry_audience (entry_id, agency_id) values ('{0}', '{1}')",
        row('Q', 1),
        row('A', 2)
    );
    small_world::change(&app.db, &sql).await;
    let log = "subscription { concernChanged { change concern { entries { nodes { body } } } } }";
    let mut listener = listen(&app, &police(), log, None).await;
    listener.told("RESYNC").await;
    let query = "query($id: ID!) { concern(id: $id) { entries { totalCount } } }";
    let before = app.ask(&police(), query, json!({ "id": id })).await.data().clone();
    let to_person = json!({ "concernId": id, "agencyId": agency, "person": "subject-3", "reason": "You alone",
        "tiers": "DC", "tlpCap": "RED", "consent": "By word", "expiresAt": "2026-12-24T00:00:00Z" });
    done(&app, &liaison_officer(), "shareConcern", to_person, "share { id }").await;
    let after = app.ask(&police(), query, json!({ "id": id })).await.data().clone();
    assert_ne!(before, after, "the scene is not set: {before}");
    let told = listener.drain(Duration::from_millis(1_500)).await;
    assert!(!told.is_empty(), "{before} became {after}, and nothing was told");
}

/// The last row of a table that was raised.
async fn row_of(app: &App, table: &str) -> String {
    use sea_orm::{ConnectionTrait as _, Statement};
    let orm = &app.db.store.orm;
    let sql = format!("select id from {table} where title = 'A parked van' order by id desc limit 1");
    let found = orm.query_one_raw(Statement::from_string(orm.get_database_backend(), sql)).await.expect("read");
    found.expect("a row").try_get::<String>("", "id").expect("an id")
}

/// Thousands of operations, begun and ended at once, leave nothing behind.
#[tokio::test]
async fn many_operations_leave_nothing() {
    let server = start(Engine::Sqlite, Limits::default()).await;
    let mut client = server.let_in(&french()).await;
    for number in 0..3_000 {
        let id = format!("{}", number % 7);
        client.subscribe(&id, CONCERNS, json!({})).await;
        client.say(json!({ "id": id, "type": "complete" })).await;
    }
    client.say(json!({ "type": "ping" })).await;
    while client.message().await["type"] != "pong" {}
    nap(1_500).await;
    // The socket's own one is.
    assert!(server.app.door.streams.seat(&row('A', 1), 2).is_some(), "seats are taken");
    client.subscribe("last", CONCERNS, json!({})).await;
    while client.message().await["id"] != "last" {}
    raised(&server.app, "LOW").await;
    assert_eq!(client.message().await["payload"]["data"]["concernChanged"]["change"], "CHANGED");
}

/// A cursor tells nothing of changes that are none of one's business: not by its length either.
#[rstest]
#[tokio::test]
async fn a_cursor_tells_nothing_by_its_length(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let after = listen(&app, &french(), CONCERNS, None).await.told("RESYNC").await["cursor"].clone();
    raised(&app, "LOW").await;
    let length = |event: Value| event["cursor"].as_str().expect("a cursor").len();
    let quiet = length(listen(&app, &french(), CONCERNS, Some(&after)).await.told("CHANGED").await);
    // Of DSS alone.
    gone(&app, 1, true).await;
    let busy = length(listen(&app, &french(), CONCERNS, Some(&after)).await.told("CHANGED").await);
    assert_eq!(quiet, busy, "the length says that something that is hidden changed afterwards");
}
