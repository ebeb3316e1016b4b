//! Keys that come and go.

use std::sync::{
    Arc, RwLock,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use chancery::{config::Keys, store::Engine};
use rstest::rstest;
use serde_json::json;

use super::{
    FRESH, Stage, bounds, enrol,
    forge::Signer,
    issuer::Answer,
    jwks, small_world,
    support::{TestDb, app::App, small_world::analyst},
};

#[rstest]
#[tokio::test]
async fn a_published_key_verifies_and_is_fetched_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (one, other) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-1"));
    let stage = Stage::new(engine, &[&one]).await;
    assert_eq!(stage.issuer.asked("/jwks"), 0, "nobody has asked yet");
    for _ in 0..3 {
        assert_eq!(stage.ask(&stage.token(&one)).await, 200);
        assert_eq!(stage.ask(&stage.token(&other)).await, 401, "another key of the same id");
    }
    assert_eq!(stage.issuer.asked("/jwks"), 1);
}

#[rstest]
#[tokio::test]
async fn discovery_says_where_the_keys_are(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let mut stage = Stage::new(engine, &[&one]).await;
    enrol(&stage.app.db, &stage.issuer.url, "jwks_uri = null, oidc_discovery = true").await;
    stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    assert_eq!(stage.issuer.asked("/.well-known/openid-configuration"), 1);
    assert_eq!(stage.issuer.asked("/jwks"), 1);
}

/// A change of where the keys are counts at once, and the old keys with it.
#[rstest]
#[tokio::test]
async fn another_place_is_another_set(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (old, new) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let stage = Stage::new(engine, &[&old]).await;
    let token = stage.token(&old);
    assert_eq!(stage.ask(&token).await, 200);
    stage.issuer.answer("/new", Answer::Json(json!({ "keys": jwks(&[&new]) }).to_string(), "max-age=600"));
    enrol(&stage.app.db, &stage.issuer.url, &format!("jwks_uri = '{}/new'", stage.issuer.url)).await;
    stage.advance(1);
    assert_eq!(stage.ask(&token).await, 401);
    assert_eq!(stage.ask(&stage.token(&new)).await, 200);
    // And back to the registry, which holds none.
    enrol(&stage.app.db, &stage.issuer.url, "jwks_uri = null").await;
    stage.advance(1);
    assert_eq!(stage.ask(&stage.token(&new)).await, 401);
}

/// What was verified with a key does not outlive it: neither what is remembered, nor a stream.
#[rstest]
#[tokio::test]
async fn a_key_that_is_gone_voids_what_it_signed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (gone, kept) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let stage = Stage::new(engine, &[&gone, &kept]).await;
    let (of_gone, of_kept) = (stage.token(&gone), stage.token(&kept));
    let query = json!({ "query": "subscription { concernChanged { change } }" });
    let mut listener = stage.app.listen_with(&of_gone, &query).await;
    listener.told("RESYNC").await;
    let mut of_another = stage.app.listen_with(&of_kept, &query).await;
    of_another.told("RESYNC").await;
    for token in [&of_gone, &of_kept] {
        assert_eq!(stage.ask(token).await, 200);
    }
    stage.issuer.publish(&jwks(&[&kept]));
    assert_eq!(stage.ask(&of_gone).await, 200, "nobody has looked");
    stage.advance(FRESH * 4 / 5);
    // It is due: whoever asks is answered with what is known, and the next with what was found.
    stage.ask(&of_kept).await;
    stage.issuer.until_asked("/jwks", 2).await;
    assert_eq!(listener.end().await, "UNAUTHENTICATED");
    assert_eq!(stage.ask(&of_gone).await, 401);
    assert_eq!(stage.ask(&of_kept).await, 200);
    of_another.silence().await;
}

/// Without anybody asking, keys are fetched before they are out of date.
#[tokio::test]
async fn keys_are_kept_fresh_though_nobody_asks() {
    let one = Signer::new("ES256", "k-1");
    let stage = Stage::new(Engine::Sqlite, &[&one]).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    for fetches in 2..4 {
        stage.advance(FRESH * 4 / 5);
        stage.issuer.until_asked("/jwks", fetches).await;
        // What came is settled before the clock is moved again.
        stage.ask(&stage.token(&one)).await;
    }
}

/// The provider rotates as providers do: a key is published, then signs, and stays for as long as what it signed lives.
/// Meanwhile many ask, and nobody is refused; nor is anybody let in with a key that was never published.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rotation_under_load(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    const ROTATIONS: usize = 12;
    const PUBLISHED: usize = 6;
    const ASKERS: usize = 8;
    let first = Arc::new(Signer::new("ES256", "k-0"));
    let keys = Keys { burst: 100, ..bounds() };
    let stage = Arc::new(Stage::within(engine, &[&first], keys).await);
    let present = Arc::new(RwLock::new(Arc::clone(&first)));
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new([const { AtomicUsize::new(0) }; ASKERS]));
    let askers: Vec<_> = (0..ASKERS)
        .map(|asker| {
            let (stage, present) = (Arc::clone(&stage), Arc::clone(&present));
            let (over, answered) = (Arc::clone(&over), Arc::clone(&answered));
            tokio::spawn(async move {
                let mut kept = Vec::new();
                while !over.load(Ordering::SeqCst) {
                    let signer = Arc::clone(&present.read().unwrap());
                    let token = stage.token(&signer);
                    assert_eq!(stage.ask(&token).await, 200, "asker {asker}, key {}", signer.kid());
                    // A thief with a key of that id.
                    let thief = Signer::new("ES256", signer.kid());
                    assert_eq!(stage.ask(&stage.token(&thief)).await, 401);
                    // What was signed before is good for as long as its key is published.
                    kept.push(token);
                    assert_eq!(stage.ask(&kept[kept.len().saturating_sub(2)]).await, 200, "asker {asker}");
                    answered[asker].fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let mut signers = vec![Arc::clone(&first)];
    for rotation in 1..=ROTATIONS {
        signers.push(Arc::new(Signer::new("ES256", &format!("k-{rotation}"))));
        let published: Vec<&Signer> = signers.iter().rev().take(PUBLISHED).map(Arc::as_ref).collect();
        stage.issuer.publish(&jwks(&published));
        *present.write().unwrap() = Arc::clone(&signers[rotation]);
        // The slowest has asked twice with the new key before the next comes: nobody holds on to a key that is retired.
        let seen: Vec<usize> = answered.iter().map(|count| count.load(Ordering::SeqCst)).collect();
        let all_have = || answered.iter().zip(&seen).all(|(count, seen)| count.load(Ordering::SeqCst) >= seen + 3);
        while !all_have() && !askers.iter().any(tokio::task::JoinHandle::is_finished) {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
    over.store(true, Ordering::SeqCst);
    for asker in askers {
        asker.await.expect("nobody was dropped or let in wrongly");
    }
    for (place, signer) in signers.iter().enumerate() {
        let expected = if place + PUBLISHED > ROTATIONS { 200 } else { 401 };
        assert_eq!(stage.ask(&stage.token(signer)).await, expected, "{}", signer.kid());
    }
    let asked = stage.issuer.asked("/jwks") - (ROTATIONS + 1 - PUBLISHED);
    // A fetch that began before a key was published is followed by one more.
    assert!((ROTATIONS..=1 + 2 * ROTATIONS).contains(&asked), "{asked} fetches for {ROTATIONS} rotations");
}

/// Each server has its own memory, and what is registered counts on all.
#[rstest]
#[tokio::test]
async fn two_servers_learn_of_a_key_each_by_itself(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (old, new) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let stage = Stage::new(engine, &[&old]).await;
    let second = App::fetching(stage.app.db.clone(), bounds()).await;
    assert_eq!(stage.ask(&stage.token(&old)).await, 200);
    assert_eq!(super::ask(&second, &stage.token(&old)).await, 200);
    stage.issuer.publish(&jwks(&[&old, &new]));
    assert_eq!(stage.ask(&stage.token(&new)).await, 200);
    assert_eq!(super::ask(&second, &stage.token(&new)).await, 200);
    assert_eq!(stage.issuer.asked("/jwks"), 4);
}

/// Keys that the registry holds are not used while the agency publishes its own.
#[rstest]
#[tokio::test]
async fn published_keys_stand_in_the_place_of_held_ones(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (held, published) = (Signer::new("ES256", "held"), Signer::new("ES256", "published"));
    let db = TestDb::new(engine).await;
    small_world::fill(&db).await;
    let issuer = super::Issuer::new(&jwks(&[&published])).await;
    let sql = format!(
        "insert into agency_key (agency_id, kid, jwk, added_at) values ('{}', 'held', '{}', '2026-11-01T00:00:00.000000Z')",
        analyst().agency,
        held.jwk
    );
    small_world::run(&db, &sql).await;
    enrol(&db, &issuer.url, "jwks_uri = null").await;
    let stage = Stage { app: App::fetching(db, bounds()).await, issuer };
    assert_eq!(stage.ask(&stage.token(&held)).await, 200);
    assert_eq!(stage.ask(&stage.token(&published)).await, 401);
    assert_eq!(stage.issuer.asked_at_all(), 0);
    enrol(&stage.app.db, &stage.issuer.url, &format!("jwks_uri = '{}'", stage.issuer.jwks_uri())).await;
    stage.advance(1);
    assert_eq!(stage.ask(&stage.token(&held)).await, 401);
    assert_eq!(stage.ask(&stage.token(&published)).await, 200);
}
