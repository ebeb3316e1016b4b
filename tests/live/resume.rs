//! A stream that was cut goes on: every event once, on whichever server, and what cannot be told is read afresh.

use std::collections::BTreeSet;

use chancery::{access::Role, change, config::Limits, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    CONCERNS, by_officer, done, raised,
    support::{
        app::{App, Who},
        enrolled,
        listen::Listener,
        small_world::{analyst, french, french_colleague, liaison_officer, police, public},
    },
};

async fn listen(app: &App, who: &Who, after: Option<&Value>) -> Listener {
    app.listen(who, CONCERNS, json!({ "after": after })).await
}

#[rstest]
#[tokio::test]
async fn every_event_once_wherever_it_is_cut(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut whole = listen(&app, &french(), None).await;
    whole.told("RESYNC").await;
    let mut cut = listen(&app, &french(), None).await;
    let mut after = cut.told("RESYNC").await["cursor"].clone();
    drop(cut);
    let (mut all, mut pieces) = (Vec::new(), Vec::new());
    for round in 0..4 {
        for _ in 0..2 {
            let id = raised(&app, "HIGH").await;
            // Not for the mission: it moves the log on, and is told to nobody there.
            done(&app, &analyst(), "addInternalEntry", json!({ "concernId": id, "body": "Us" }), "entry { id }").await;
            all.push(whole.told("CHANGED").await["id"].clone());
        }
        // Listens, takes some of what it missed, and is cut again.
        let mut piece = listen(&app, &french(), Some(&after)).await;
        for _ in 0..=round % 2 {
            let event = piece.told("CHANGED").await;
            after = event["cursor"].clone();
            pieces.push(event["id"].clone());
        }
    }
    let mut rest = listen(&app, &french(), Some(&after)).await;
    while pieces.len() < all.len() {
        pieces.push(rest.told("CHANGED").await["id"].clone());
    }
    rest.silence().await;
    whole.silence().await;
    assert_eq!(pieces, all);
}

/// Two servers of one database share their events, and a position of the one is a position of the other.
#[rstest]
#[tokio::test]
async fn two_servers_share_events(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let other = app.another(Limits::default()).await;
    let mut here = listen(&app, &french(), None).await;
    let mut there = listen(&other, &french(), None).await;
    here.told("RESYNC").await;
    let place = there.told("RESYNC").await["cursor"].clone();
    let id = raised(&app, "HIGH").await;
    assert_eq!(there.told("CHANGED").await["id"], id);
    by_officer(&other, "acknowledgeConcern", json!({ "concernId": id })).await;
    assert_eq!(here.told("CHANGED").await["id"], id);
    assert_eq!(here.told("CHANGED").await["concern"]["status"], "ACKNOWLEDGED");
    // A restarted server: nothing of the stream is in its memory.
    let restarted = app.another(Limits::default()).await;
    let mut again = listen(&restarted, &french(), Some(&place)).await;
    // As it is now, once.
    assert_eq!(again.told("CHANGED").await["concern"]["status"], "ACKNOWLEDGED");
    again.silence().await;
}

/// What was hidden meanwhile is gone, and of what never was there for one nothing is said.
#[rstest]
#[tokio::test]
async fn going_on_tells_by_present_sight(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let (seen, never) = (raised(&app, "HIGH").await, raised(&app, "HIGH").await);
    let share = json!({ "concernId": seen, "agencyId": public("agency", 'A', 2), "reason": "To look at",
        "tiers": "DC", "expiresAt": "2026-12-24T00:00:00Z" });
    let share = done(&app, &liaison_officer(), "shareConcern", share, "share { id }").await;
    let mut listener = listen(&app, &police(), None).await;
    let place = listener.told("RESYNC").await["cursor"].clone();
    drop(listener);
    for id in [&seen, &never] {
        by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    }
    let revoke = json!({ "shareId": share["share"]["id"], "reason": "Done" });
    done(&app, &liaison_officer(), "revokeShare", revoke, "__typename").await;
    let mut listener = listen(&app, &police(), Some(&place)).await;
    let first = listener.told("REMOVED").await;
    assert_eq!(first["id"], seen);
    listener.silence().await;
}

#[rstest]
#[tokio::test]
async fn a_position_is_of_one_person_and_one_stream(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let place = listen(&app, &french(), None).await.told("RESYNC").await["cursor"].clone();
    for (who, after) in [(french_colleague(), place.clone()), (french(), json!("AAAA")), (french(), json!(""))] {
        assert_eq!(listen(&app, &who, Some(&after)).await.end().await, "BAD_USER_INPUT");
    }
    let mut of_officer = listen(&app, &liaison_officer(), None).await;
    let place = of_officer.told("RESYNC").await["cursor"].clone();
    let board = "subscription($after: String) { deskBoardChanged(after: $after) { change } }";
    assert_eq!(app.listen(&liaison_officer(), board, json!({ "after": place })).await.end().await, "BAD_USER_INPUT");
    // No two tell that nothing happened between them.
    let places: BTreeSet<String> = {
        let mut places = BTreeSet::new();
        for _ in 0..3 {
            let first = listen(&app, &french(), None).await.told("RESYNC").await;
            places.insert(first["cursor"].as_str().expect("a cursor").to_owned());
        }
        places
    };
    assert_eq!(places.len(), 3);
}

/// Events are kept for a while; whoever comes later reads afresh, as after a change too large to be told.
#[rstest]
#[tokio::test]
async fn what_is_no_longer_kept_is_read_afresh(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = listen(&app, &french(), None).await;
    let place = listener.told("RESYNC").await["cursor"].clone();
    raised(&app, "HIGH").await;
    let later = listener.told("CHANGED").await["cursor"].clone();
    let before = chancery::clock::instant(app.db.clock.now() + time::Duration::HOUR);
    assert!(change::prune(&app.db.store.orm, &before).await.expect("pruned") > 0);
    assert_eq!(change::prune(&app.db.store.orm, &before).await.expect("pruned"), 0);
    // A server that has not told them itself.
    let other = app.another(Limits::default()).await;
    let mut late = listen(&other, &french(), Some(&place)).await;
    late.told("RESYNC").await;
    let mut in_time = listen(&other, &french(), Some(&later)).await;
    let id = raised(&app, "HIGH").await;
    for listener in [&mut listener, &mut late, &mut in_time] {
        assert_eq!(listener.told("CHANGED").await["id"], id);
    }
    let transaction = app.db.store.begin().await.expect("begun");
    change::restart(&transaction).await.expect("said");
    transaction.commit().await.expect("committed");
    for listener in [&mut listener, &mut late, &mut in_time] {
        listener.told("RESYNC").await;
    }
    raised(&app, "HIGH").await;
    listener.told("CHANGED").await;
}

/// A person whose standing is another than when the stream was cut reads afresh.
#[rstest]
#[tokio::test]
async fn other_standing_reads_afresh(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let officer = liaison_officer();
    let place = listen(&app, &officer, None).await.told("RESYNC").await["cursor"].clone();
    raised(&app, "HIGH").await;
    crate::ends::change_portfolio(&app, &officer).await;
    let mut listener = listen(&app, &officer, Some(&place)).await;
    listener.told("RESYNC").await;
    listener.silence().await;
    assert_eq!(officer.role, Role::LiaisonOfficer);
}
