//! Attacks upon streams. Each test says what should hold.

use std::time::Duration;

use chancery::{
    access::{
        Ground, Kind, Tiers, Tlp,
        emit::{self, Emission},
    },
    change::{self, Directory, Fact},
    config::Limits,
    store::Engine,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    CONCERNS, raised,
    support::{
        app::{App, Who},
        enrolled,
        listen::Listener,
        small_world::{analyst, french, liaison_officer, row, run},
    },
};

const REPORTERS: &str = "subscription($after: String) { concernChanged(after: $after) {
  change cursor concern { id reporter } } }";

pub async fn listen(app: &App, who: &Who, query: &str, after: Option<&Value>) -> Listener {
    app.listen(who, query, json!({ "after": after })).await
}

/// Changes of rows that are there no more: told as gone to whoever saw them, or to nobody.
pub async fn gone(app: &App, count: usize, were_there: bool) {
    let fact = || {
        let line = Emission {
            key: "i:dss".to_owned(),
            ground: Ground::Internal,
            cap: Tiers::ALL,
            from: emit::ALWAYS.to_owned(),
            until: emit::FOREVER.to_owned(),
            tlp_max: Tlp::Red,
        };
        let mut fact = Fact::default().with_lines(&[line], &[]);
        fact.was = were_there.then(Directory::new);
        fact
    };
    let changes = (0..count).map(|number| (Kind::Concern, row('Z', number), fact())).collect();
    let transaction = app.db.store.begin().await.expect("begun");
    change::append(&transaction, &app.db.clock.now_text(), changes).await.expect("appended");
    transaction.commit().await.expect("committed");
}

/// Standing of somebody else changed.
pub async fn others(app: &App) {
    run(&app.db, "update standing set version = version + 1").await;
    app.db.clock.advance(time::Duration::SECOND);
}

pub async fn nap(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// A replay that is too long ends in RESYNC; it must not be lost because somebody else's standing changed meanwhile.
#[rstest]
#[tokio::test]
async fn a_replay_cut_short_says_so(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let after = listen(&app, &analyst(), CONCERNS, None).await.told("RESYNC").await["cursor"].clone();
    gone(&app, 1_200, true).await;
    for attempt in 0..3 {
        let mut listener = listen(&app, &analyst(), CONCERNS, Some(&after)).await;
        // 64 wait in the queue, one in the channel, one in the operation's hand; then comes the RESYNC.
        for number in 0..934 {
            let response = listener.response().await.expect("more");
            assert!(response.get("errors").is_none(), "attempt {attempt}, event {number}: {response}");
        }
        nap(300).await;
        others(&app).await;
        nap(1_200).await;
        let rest = listener.drain(Duration::from_millis(700)).await;
        // Or it was let go, and told so.
        let is_said = |event: &Value| event["change"] == "RESYNC" || event.get("errors").is_some();
        let told = rest.len() + 934;
        let all = told >= 1_200;
        assert!(
            all || rest.iter().any(is_said),
            "attempt {attempt}: {told} events: 200 changes were skipped without a word"
        );
    }
}

/// What was written under standing that is no more does not leave once that is known.
///
/// Without the change of somebody else's standing before, what waits is dropped, as it should be.
#[rstest]
#[tokio::test]
async fn what_waits_is_not_told_under_lesser_standing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(false, true)] renewed_before: bool,
) {
    let app = enrolled(engine).await;
    let officer = liaison_officer();
    let after = listen(&app, &officer, REPORTERS, None).await.told("RESYNC").await["cursor"].clone();
    for _ in 0..80 {
        raised(&app, "LOW").await;
    }
    let mut listener = listen(&app, &officer, REPORTERS, Some(&after)).await;
    listener.told("CHANGED").await;
    nap(1_000).await;
    if renewed_before {
        others(&app).await;
    }
    nap(1_200).await;
    for _ in 0..10 {
        listener.told("CHANGED").await;
        nap(100).await;
    }
    run(&app.db, &format!("delete from portfolio where person_id = '{}'", row('P', 4))).await;
    others(&app).await;
    nap(1_200).await;
    let mut told = 0;
    loop {
        let event = listener.event().await;
        if event["change"] == "RESYNC" {
            break;
        }
        told += usize::from(event["concern"]["reporter"].is_string());
    }
    // One in hand, one in the channel; then at each event it is by chance that the check is made.
    assert!(told < 20, "{told} reporters were told to somebody in whose portfolio the mission is not any more");
}

async fn on_watch(app: &App) {
    let sql = format!(
        "delete from portfolio where person_id = '{0}'; insert into watch_shift (id, person_id, starts_at, ends_at) values ('w', '{0}', '2026-11-22T11:30:00.000000Z', '2026-11-22T12:20:00.000000Z'); update standing set version = version + 1",
        row('P', 4)
    );
    run(&app.db, &sql).await;
    app.db.clock.advance(time::Duration::SECOND);
}

/// A turn on watch that ends while somebody goes on: from then on what only the watch sees is not told.
#[rstest]
#[tokio::test]
async fn who_goes_on_is_told_with_present_keys(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let officer = liaison_officer();
    on_watch(&app).await;
    let after = listen(&app, &officer, REPORTERS, None).await.told("RESYNC").await["cursor"].clone();
    for _ in 0..90 {
        raised(&app, "LOW").await;
    }
    let mut listener = listen(&app, &officer, REPORTERS, Some(&after)).await;
    assert_eq!(listener.told("CHANGED").await["concern"]["reporter"], "Person 1");
    nap(1_500).await;
    // 1 was read, 66 wait, and one is held by who goes on: it was looked at in time.
    app.db.clock.advance(time::Duration::minutes(30));
    nap(1_500).await;
    let mut number = 1;
    loop {
        let event = listener.event().await;
        if event["change"] == "RESYNC" {
            break;
        }
        number += 1;
        let is_told = event["concern"]["reporter"].is_string();
        assert!(number <= 70 || !is_told, "event {number} was looked at after the turn, as if it still went on");
    }
}

/// Likewise, that the turn is over is told, though a group is there that knows it already.
#[rstest]
#[tokio::test]
async fn who_goes_on_hears_of_other_keys(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let officer = liaison_officer();
    on_watch(&app).await;
    let after = listen(&app, &officer, REPORTERS, None).await.told("RESYNC").await["cursor"].clone();
    // Where `after` is given and where not are two plans, hence two groups.
    let mut live = listen(&app, &officer, REPORTERS, Some(&after)).await;
    for _ in 0..80 {
        raised(&app, "LOW").await;
        live.told("CHANGED").await;
    }
    let mut late = listen(&app, &officer, REPORTERS, Some(&after)).await;
    late.told("CHANGED").await;
    nap(1_500).await;
    app.db.clock.advance(time::Duration::minutes(30));
    live.told("RESYNC").await;
    let rest = late.drain(Duration::from_millis(1_700)).await;
    assert!(rest.iter().any(|event| event["change"] == "RESYNC"), "{} events and no RESYNC", rest.len());
}

/// A turn on watch begins, and in the same second somebody else's standing changes.
#[rstest]
#[tokio::test]
async fn a_turn_on_watch_is_heard_of_when_standing_changes(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let sql = format!(
        "insert into watch_shift (id, person_id, starts_at, ends_at) values ('w', '{}', '2026-11-22T12:20:00.000000Z', '2026-11-22T20:00:00.000000Z'); update standing set version = version + 1",
        row('P', 4)
    );
    run(&app.db, &sql).await;
    app.db.clock.advance(time::Duration::SECOND);
    let mut one = listen(&app, &liaison_officer(), CONCERNS, None).await;
    one.told("RESYNC").await;
    nap(500).await;
    let mut two = listen(&app, &liaison_officer(), CONCERNS, None).await;
    two.told("RESYNC").await;
    nap(1_750).await;
    run(&app.db, "update standing set version = version + 1").await;
    app.db.clock.advance(time::Duration::minutes(30));
    let told = two.drain(Duration::from_millis(2_500)).await;
    assert_eq!(told.len(), 1, "it sees more than before, and is not told to read afresh: {told:?}");
    assert_eq!(told[0]["change"], "RESYNC");
}

/// Whoever does not read at all is let go too: with its token, and when the server goes.
#[rstest]
#[case::token(false)]
#[case::shutdown(true)]
#[tokio::test]
async fn whoever_never_reads_is_let_go(#[case] shutdown: bool) {
    let app = enrolled(Engine::Sqlite).await.another(Limits { agency_streams: 1, ..Limits::default() }).await;
    let mut first = listen(&app, &analyst(), CONCERNS, None).await;
    let after = first.told("RESYNC").await["cursor"].clone();
    drop(first);
    gone(&app, 200, true).await;
    nap(300).await;
    let _never = listen(&app, &analyst(), CONCERNS, Some(&after)).await;
    nap(1_000).await;
    if shutdown {
        app.door.streams.close();
        nap(2_500).await;
        // The operation at least is at its end: its queue, its plan and its seat are free.
        assert!(app.door.streams.seat(&row('A', 3), 1).is_some(), "the operation goes on after the end of the server");
    } else {
        app.db.clock.advance(time::Duration::hours(2));
        nap(3_500).await;
        let mut next = listen(&app, &analyst(), CONCERNS, None).await;
        let event = next.response().await.expect("something");
        assert_eq!(
            event["data"]["concernChanged"]["change"], "RESYNC",
            "who does not read keeps the seat for ever, its token long expired: {event}"
        );
    }
}

/// A quiet stream does not end because standing that is none of its business changes again and again.
#[rstest]
#[tokio::test]
async fn standing_of_others_ends_no_stream(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = listen(&app, &french(), CONCERNS, None).await;
    listener.told("RESYNC").await;
    for _ in 0..20 {
        others(&app).await;
        nap(450).await;
    }
    listener.silence().await;
}
