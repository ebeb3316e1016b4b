//! Key ids that nobody has, and who waits for them.

use std::sync::Arc;

use chancery::{config::Keys, store::Engine};
use rstest::rstest;
use serde_json::json;

use super::{FRESH, Stage, bounds, forge::Signer, issuer::Answer, jwks, small_world, token};

fn stranger(stage: &Stage, signer: &Signer, kid: &str) -> String {
    token(&stage.app, &stage.issuer.url, signer, kid)
}

/// Whoever makes up key ids causes as many fetches as there is budget for, and hinders nobody.
#[rstest]
#[tokio::test]
async fn a_storm_of_unknown_key_ids_costs_few_fetches(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let stage = Arc::new(Stage::new(engine, &[&one]).await);
    let right = stage.token(&one);
    assert_eq!(stage.ask(&right).await, 200);
    let storm = async |from: usize| {
        let askers: Vec<_> = (from..from + 300)
            .map(|number| {
                let (stage, token) = (Arc::clone(&stage), stranger(&stage, &one, &format!("none-{number}")));
                tokio::spawn(async move { stage.ask(&token).await })
            })
            .collect();
        for asker in askers {
            assert_eq!(asker.await.unwrap(), 401);
            assert_eq!(stage.ask(&right).await, 200, "whoever is known is let in meanwhile");
        }
    };
    storm(0).await;
    assert!(stage.issuer.asked("/jwks") <= 3, "who comes while it is fetched waits for one more at most");
    for number in 0..20 {
        assert_eq!(stage.ask(&stranger(&stage, &one, &format!("one-by-one-{number}"))).await, 401);
    }
    // The first fetch was a request's too: four at once, and no more.
    assert_eq!(stage.issuer.asked("/jwks"), 4);
    storm(1000).await;
    assert_eq!(stage.issuer.asked("/jwks"), 4);
    stage.advance(15);
    storm(2000).await;
    assert_eq!(stage.issuer.asked("/jwks"), 5, "one more in a quarter of a minute");
    // A key that is published in the storm is found with the next fetch there is.
    let new = Signer::new("ES256", "k-2");
    stage.issuer.publish(&jwks(&[&one, &new]));
    assert_eq!(stage.ask(&stage.token(&new)).await, 401);
    stage.advance(15);
    assert_eq!(stage.ask(&stage.token(&new)).await, 200);
}

#[rstest]
#[tokio::test]
async fn a_key_id_that_is_not_there_is_asked_for_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (one, late) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "late"));
    let stage = Stage::new(engine, &[&one]).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    for _ in 0..5 {
        assert_eq!(stage.ask(&stage.token(&late)).await, 401);
    }
    assert_eq!(stage.issuer.asked("/jwks"), 2, "there was budget for more");
    stage.issuer.publish(&jwks(&[&one, &late]));
    stage.advance(29);
    assert_eq!(stage.ask(&stage.token(&late)).await, 401);
    stage.advance(1);
    assert_eq!(stage.ask(&stage.token(&late)).await, 200);
    assert_eq!(stage.issuer.asked("/jwks"), 3);
}

/// A key that was learned meanwhile is not hidden by the memory of its not being there.
#[tokio::test]
async fn what_was_not_there_may_come_by_itself() {
    let (one, late) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "late"));
    let keys = Keys { unknown_seconds: 3600, ..bounds() };
    let stage = Stage::within(Engine::Sqlite, &[&one], keys).await;
    assert_eq!(stage.ask(&stage.token(&late)).await, 401);
    stage.issuer.publish(&jwks(&[&one, &late]));
    stage.advance(FRESH * 4 / 5);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    stage.issuer.until_asked("/jwks", 2).await;
    // The answer may be on its way; when it is there, the key is.
    while stage.ask(&stage.token(&late)).await != 200 {
        tokio::task::yield_now().await;
    }
}

/// While a fetch hangs, whoever has a known key is answered, whether the fetch is for a stranger or because it is due.
#[rstest]
#[tokio::test]
async fn nobody_with_a_known_key_waits(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let stage = Arc::new(Stage::within(engine, &[&one], bounds()).await);
    let right = stage.token(&one);
    assert_eq!(stage.ask(&right).await, 200);
    stage.issuer.answer("/jwks", Answer::Stall);
    let waiting = {
        let (stage, token) = (Arc::clone(&stage), stranger(&stage, &one, "none"));
        tokio::spawn(async move { stage.ask(&token).await })
    };
    stage.issuer.until_asked("/jwks", 2).await;
    assert_eq!(stage.ask(&right).await, 200);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200, "one that nobody remembers");
    assert!(!waiting.is_finished(), "the stranger's waits");
    stage.issuer.publish(&jwks(&[&one]));
    stage.issuer.let_go(1);
    assert_eq!(waiting.await.unwrap(), 401);

    stage.issuer.answer("/jwks", Answer::Stall);
    stage.advance(FRESH * 4 / 5);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    stage.issuer.until_asked("/jwks", 3).await;
    for _ in 0..20 {
        assert_eq!(stage.ask(&stage.token(&one)).await, 200, "it is fetched in the background");
    }
    assert_eq!(stage.issuer.asked("/jwks"), 3, "by one");
}

/// What is fetched for one is fetched for all, though that one hangs up.
#[rstest]
#[tokio::test]
async fn a_fetch_outlives_whoever_caused_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let stage = Arc::new(Stage::within(engine, &[&one], bounds()).await);
    stage.issuer.answer("/jwks", Answer::Stall);
    let asker = |token: String| {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move { stage.ask(&token).await })
    };
    let first = asker(stage.token(&one));
    stage.issuer.until_asked("/jwks", 1).await;
    let second = asker(stage.token(&one));
    let others = async || {
        for _ in 0..10 {
            stage.app.ask(&small_world::french(), "{ viewer { role } }", json!({})).await.data();
        }
    };
    others().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    others().await;
    assert_eq!(stage.issuer.asked("/jwks"), 1, "the second waits for what the first has caused");
    assert!(!second.is_finished());
    stage.issuer.publish(&jwks(&[&one]));
    stage.issuer.let_go(1);
    assert_eq!(second.await.unwrap(), 200);
    assert_eq!(stage.issuer.asked("/jwks"), 1, "it had the second's key");
}

/// A key that was published after a fetch began is found by the next one, which whoever waited for the first begins.
#[rstest]
#[tokio::test]
async fn a_fetch_that_began_too_early_is_not_relied_upon(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (one, new) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let stage = Arc::new(Stage::within(engine, &[&one], bounds()).await);
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    // The fetch for a stranger will end with the old set, whatever is published meanwhile.
    stage.issuer.answer("/jwks", Answer::Late(json!({ "keys": jwks(&[&one]) }).to_string()));
    let asker = |token: String| {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move { stage.ask(&token).await })
    };
    let strange = asker(stranger(&stage, &one, "none"));
    stage.issuer.until_asked("/jwks", 2).await;
    stage.issuer.publish(&jwks(&[&one, &new]));
    let late = asker(stage.token(&new));
    // Meanwhile the late one comes to where it waits.
    for _ in 0..5 {
        assert_eq!(stage.ask(&stage.token(&one)).await, 200);
    }
    assert!(!late.is_finished());
    stage.issuer.let_go(1);
    assert_eq!(strange.await.unwrap(), 401);
    assert_eq!(late.await.unwrap(), 200);
    assert_eq!(stage.issuer.asked("/jwks"), 3);
}
