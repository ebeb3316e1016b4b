//! Providers that are down, and come back.

use chancery::{config::Keys, store::Engine};
use rstest::rstest;
use serde_json::json;

use super::{FRESH, Stage, bounds, enrol, forge::Signer, issuer::Answer, jwks, support::app::App};

#[rstest]
#[tokio::test]
async fn at_a_cold_start_nobody_is_let_in_until_the_keys_have_come(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let one = Signer::new("ES256", "k-1");
    let mut stage = Stage::new(engine, &[&one]).await;
    stage.issuer.die();
    for _ in 0..10 {
        assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    }
    stage.issuer.live().await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 401, "the budget is spent");
    assert_eq!(stage.issuer.asked("/jwks"), 0);
    stage.advance(15);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
}

/// While the provider is down, its keys are believed for as long as was configured, and then no longer: neither for new
/// tokens, nor for those that are remembered, nor for streams.
#[rstest]
#[tokio::test]
async fn old_keys_serve_a_bounded_time(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    const STALE: i64 = 1800;
    let one = Signer::new("ES256", "k-1");
    let keys = Keys { stale_seconds: 1800, ..bounds() };
    let mut stage = Stage::within(engine, &[&one], keys).await;
    let old = stage.token(&one);
    assert_eq!(stage.ask(&old).await, 200);
    stage.issuer.die();
    // Fresh, then out of date: whoever asks first finds out that the provider is down.
    let since = stage.app.db.clock.now();
    for age in [FRESH - 1, FRESH, FRESH + 1, FRESH + STALE / 2, FRESH + STALE - 1] {
        let present = (stage.app.db.clock.now() - since).whole_seconds();
        stage.advance(age - present);
        assert_eq!(stage.ask(&old).await, 200, "{age}");
        assert_eq!(stage.ask(&stage.token(&one)).await, 200, "{age}");
    }
    let query = json!({ "query": "subscription { concernChanged { change } }" });
    let mut listener = stage.app.listen_with(&old, &query).await;
    listener.told("RESYNC").await;
    stage.advance(1);
    assert_eq!(stage.ask(&old).await, 401);
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    assert_eq!(listener.end().await, "UNAUTHENTICATED");
    // It comes back, with another key.
    let new = Signer::new("ES256", "k-2");
    stage.issuer.live().await;
    stage.issuer.publish(&jwks(&[&new]));
    stage.advance(60);
    assert_eq!(stage.ask(&stage.token(&new)).await, 200);
    assert_eq!(stage.ask(&old).await, 401);
}

/// Out of date is not stale: where nothing has failed, old keys are not believed, they are fetched first.
#[rstest]
#[tokio::test]
async fn a_living_provider_is_asked_before_old_keys_are_believed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (one, other) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let stage = Stage::new(engine, &[&one]).await;
    let token = stage.token(&one);
    assert_eq!(stage.ask(&token).await, 200);
    // Just out of date, and as after a night in which nobody asked.
    for (seconds, before, after) in [(FRESH, &one, &other), (12 * 3600, &other, &one)] {
        let token = stage.token(before);
        assert_eq!(stage.ask(&token).await, 200);
        stage.issuer.publish(&jwks(&[after]));
        stage.advance(seconds);
        assert_eq!(stage.ask(&token).await, 401, "after {seconds} seconds");
        assert_eq!(stage.ask(&stage.token(after)).await, 200, "after {seconds} seconds");
    }
}

/// With no time beyond, a provider that is down takes its people with it as soon as its keys are out of date.
#[rstest]
#[tokio::test]
async fn without_patience_there_is_none(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let mut stage = Stage::within(engine, &[&one], Keys { stale_seconds: 0, ..bounds() }).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    stage.issuer.die();
    stage.advance(FRESH - 1);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    stage.advance(1);
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
}

/// A provider that answers nothing, or half, costs who needs it the configured time, and nobody else anything.
#[rstest]
#[case::nothing(Answer::Stall)]
#[case::half(Answer::Half)]
#[tokio::test]
async fn a_provider_that_hangs_is_given_up(#[case] answer: Answer) {
    let (one, two) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let stage = Stage::within(Engine::Sqlite, &[&one], Keys { fetch_seconds: 3, ..bounds() }).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    stage.issuer.answer("/jwks", answer);
    assert_eq!(stage.ask(&stage.token(&two)).await, 401);
    assert_eq!(stage.issuer.asked("/jwks"), 2);
    stage.advance(FRESH + 1);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200, "the old keys are believed meanwhile");
}

/// One agency's provider is no business of the others.
#[rstest]
#[tokio::test]
async fn a_dead_provider_hinders_no_other_agency(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let mut stage = Stage::new(engine, &[&one]).await;
    stage.issuer.die();
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    let reply = stage.app.ask(&super::small_world::french(), "{ viewer { role } }", json!({})).await;
    assert_eq!(reply.data()["viewer"]["role"], "MISSION_OFFICER");
}

/// As it is configured by default, nothing of this machine is ever asked.
#[rstest]
#[tokio::test]
async fn this_machine_is_not_asked_by_default(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let stage = Stage::within(engine, &[&one], Keys::default()).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    let host = stage.issuer.url.replace("127.0.0.1", "localhost").replace("http:", "https:");
    enrol(&stage.app.db, &stage.issuer.url, &format!("jwks_uri = '{host}/jwks'")).await;
    stage.advance(20);
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    assert_eq!(stage.issuer.asked_at_all(), 0);
}

/// Where hosts are listed, no other is asked.
#[rstest]
#[tokio::test]
async fn only_listed_hosts_are_asked(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let listing = |host: &str| Keys { hosts: vec![host.to_owned()], ..bounds() };
    let mut stage = Stage::within(engine, &[&one], listing("idp.example.gov")).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    assert_eq!(stage.issuer.asked_at_all(), 0);
    stage.app = App::fetching(stage.app.db.clone(), listing("127.0.0.1")).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
}
