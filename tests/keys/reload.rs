//! Other bounds on fetches, put into effect while the server runs.

use chancery::{config::Keys, store::Engine};
use rstest::rstest;
use serde_json::json;

use super::{Stage, bounds, enrol, forge::Signer, issuer::Answer, jwks};

/// With nothing changed, the set is fetched anew, and nobody waits for it.
#[rstest]
#[tokio::test]
async fn a_reload_fetches_and_drops_nobody(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (one, two) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let mut stage = Stage::new(engine, &[&one]).await;
    let token = stage.token(&one);
    assert_eq!(stage.ask(&token).await, 200);
    assert_eq!(stage.issuer.asked("/jwks"), 1);
    stage.issuer.publish(&jwks(&[&one, &two]));
    stage.app.door.gate.reload(bounds());
    assert_eq!(stage.ask(&token).await, 200);
    stage.issuer.until_asked("/jwks", 2).await;
    // A provider that is down when it is asked: what is believed is believed on.
    stage.issuer.die();
    stage.app.door.gate.reload(bounds());
    for _ in 0..20 {
        assert_eq!(stage.ask(&token).await, 200);
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// A host that may not be asked any more vouches for nobody from then on: not by what is held, not by what is on its way.
#[rstest]
#[tokio::test]
async fn a_host_that_is_forbidden_is_forbidden_at_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let stage = Stage::new(engine, &[&one]).await;
    let token = stage.token(&one);
    assert_eq!(stage.ask(&token).await, 200);
    let mut listener =
        stage.app.listen_with(&token, &json!({ "query": "subscription { concernChanged { change } }" })).await;
    listener.told("RESYNC").await;
    // A fetch is under way when the host is forbidden.
    stage.issuer.answer("/jwks", Answer::Stall);
    stage.app.door.gate.reload(bounds());
    stage.issuer.until_asked("/jwks", 2).await;
    let forbidden = Keys { hosts: vec!["keys.elsewhere.example".to_owned()], ..bounds() };
    stage.app.door.gate.reload(forbidden);
    assert_eq!(stage.ask(&token).await, 401);
    assert_eq!(listener.end().await, "UNAUTHENTICATED");
    stage.issuer.publish(&jwks(&[&one]));
    stage.issuer.let_go(1);
    for _ in 0..20 {
        assert_eq!(stage.ask(&token).await, 401);
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(stage.issuer.asked("/jwks"), 2, "nobody asks it any more");
    // Allowed again, it is believed after it was asked again.
    stage.app.door.gate.reload(bounds());
    stage.advance(60);
    assert_eq!(stage.ask(&token).await, 200);
    stage.issuer.until_asked("/jwks", 3).await;
}

/// A discovery document may name another host than its own, if that is allowed: when it is not any more, what came from
/// there does not count any more either.
#[rstest]
#[tokio::test]
async fn a_host_that_a_document_named_is_forbidden_at_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let allowing = |hosts: &[&str]| Keys { hosts: hosts.iter().map(ToString::to_string).collect(), ..bounds() };
    let stage = Stage::within(engine, &[&one], allowing(&["127.0.0.1", "localhost"])).await;
    let elsewhere = stage.issuer.jwks_uri().replace("127.0.0.1", "localhost");
    let document = json!({ "issuer": stage.issuer.url, "jwks_uri": elsewhere });
    stage.issuer.answer("/.well-known/openid-configuration", Answer::Json(document.to_string(), "max-age=600"));
    enrol(&stage.app.db, &stage.issuer.url, "jwks_uri = null, oidc_discovery = true").await;
    let token = stage.token(&one);
    assert_eq!(stage.ask(&token).await, 200);
    stage.app.door.gate.reload(allowing(&["127.0.0.1", "localhost"]));
    assert_eq!(stage.ask(&token).await, 200, "nothing has changed");
    for hosts in [&["127.0.0.1"][..], &[]] {
        stage.app.door.gate.reload(allowing(hosts));
        assert_eq!(stage.ask(&token).await, 401, "{hosts:?}");
    }
    stage.app.door.gate.reload(allowing(&["127.0.0.1", "localhost"]));
    assert_eq!(stage.ask(&token).await, 200);
}
