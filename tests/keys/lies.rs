//! What a provider may answer with, and what is believed of it: each lie before any key is known, and after.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    FRESH, Stage, bounds, enrol,
    forge::{SIGNERS, Signer},
    issuer::{Answer, Issuer},
    jwks,
    support::app::App,
};

/// What is wrong, and the answer of a provider that would publish `keys` if it did not lie. A place to redirect to is
/// another provider's, which does publish them.
fn lies(keys: &[Value], elsewhere: &str) -> Vec<(&'static str, Answer)> {
    let set = json!({ "keys": keys }).to_string();
    let plain = |status, media, body: &str| Answer::Plain(status, media, body.to_owned());
    let json = |body: String| Answer::Json(body, "max-age=600");
    let redirect = |status| Answer::Redirect(status, elsewhere.to_owned());
    vec![
        ("no content", plain(204, "application/json", "")),
        ("not modified", plain(304, "application/json", &set)),
        ("moved for ever", redirect(301)),
        ("found elsewhere", redirect(302)),
        ("see other", redirect(303)),
        ("moved for now", redirect(307)),
        ("moved for good", redirect(308)),
        ("forbidden", plain(403, "application/json", &set)),
        ("not there", plain(404, "application/json", &set)),
        ("broken", plain(500, "application/json", &set)),
        ("overloaded", plain(503, "application/json", &set)),
        ("created", plain(201, "application/json", &set)),
        ("a page", plain(200, "text/html", "<html>Sign in</html>")),
        ("keys that say that they are a page", plain(200, "text/html", &set)),
        ("keys that say that they are text", plain(200, "text/plain", &set)),
        ("keys that say nothing", plain(200, "", &set)),
        ("nothing", json(String::new())),
        ("half a set", json(set[..set.len() - 2].to_owned())),
        ("two sets", json(format!("{set}{set}"))),
        ("a list", json(json!(keys).to_string())),
        ("a key, not a set", json(keys[0].to_string())),
        ("a set of another name", json(json!({ "Keys": keys }).to_string())),
        ("keys that are no list", json(json!({ "keys": keys[0] }).to_string())),
        ("keys that are null", json(json!({ "keys": null }).to_string())),
        ("keys that are given twice", json(format!("{{\"keys\":[],{}", &set[1..]))),
        ("a byte order mark", json(format!("\u{feff}{set}"))),
        (
            "text that is no UTF-8",
            Answer::Raw(set.replace("sig", "\u{1}").bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect()),
        ),
        ("too large", json(format!("{}{}", " ".repeat(200_000), set))),
        ("without an end", Answer::Endless),
        ("too many keys", json(json!({ "keys": vec![&keys[0]; 101] }).to_string())),
    ]
}

#[rstest]
#[tokio::test]
async fn a_lie_is_no_key_set_and_old_keys_outlive_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (one, new) = (Signer::new("ES256", "k-1"), Signer::new("ES256", "k-2"));
    let mut stage = Stage::new(engine, &[&one]).await;
    let other = Issuer::new(&jwks(&[&one, &new])).await;
    for (name, lie) in lies(&jwks(&[&one, &new]), &other.jwks_uri()) {
        // Before any key is known.
        stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
        stage.issuer.answer("/jwks", lie.clone());
        assert_eq!(stage.ask(&stage.token(&one)).await, 401, "{name}, cold");
        // After: nothing new is learned, and what was known is believed.
        stage.issuer.publish(&jwks(&[&one]));
        assert_eq!(stage.ask(&stage.token(&one)).await, 200, "{name}: it ceases to lie");
        stage.issuer.answer("/jwks", lie);
        assert_eq!(stage.ask(&stage.token(&new)).await, 401, "{name}, warm");
        stage.advance(FRESH + 1);
        assert_eq!(stage.ask(&stage.token(&one)).await, 200, "{name}, out of date");
    }
    assert_eq!(other.asked_at_all(), 0, "a redirect was followed");
    // Sockets hold some hundred kilobytes; what is read beyond the bound is thrown away with the connection.
    assert!(stage.issuer.sent() < 64 << 20, "{} bytes were taken", stage.issuer.sent());
}

/// Of a set of good and bad keys the good ones verify, and no token is verified with a bad one.
#[rstest]
#[tokio::test]
async fn one_bad_key_does_not_spoil_a_set(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (good, bad) = (Signer::new("ES256", "good"), Signer::new("ES256", "bad"));
    let with = |name: &str, value: Value| {
        let mut jwk = bad.jwk.clone();
        jwk[name] = value;
        jwk.to_string()
    };
    let doubled = bad.jwk.to_string().replacen('{', "{\"use\":\"sig\",", 1);
    let mut stage = Stage::new(engine, &[]).await;
    for jwk in [
        with("use", json!("enc")),
        with("key_ops", json!(["sign"])),
        with("alg", json!("ES384")),
        with("alg", json!("none")),
        with("alg", json!("HS256")),
        with("kty", json!("oct")),
        with("kty", json!("RSA")),
        with("crv", json!("P-521")),
        with("x", json!("AAAA")),
        with("x", bad.jwk["y"].clone()),
        with("y", json!(7)),
        with("d", json!("AAAA")),
        with("k", json!("AAAA")),
        with("kid", json!(7)),
        SIGNERS[2].jwk.to_string(),
        SIGNERS[3].jwk.to_string(),
        "null".to_owned(),
        "7".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "\"key\"".to_owned(),
        format!("{}{}", "[".repeat(9_000), "]".repeat(9_000)),
        doubled,
        format!("{},{}", bad.jwk, Signer::new("ES256", "bad").jwk),
    ] {
        let body = format!("{{\"issuer\":7,\"keys\":[{jwk},{}]}}", good.jwk);
        stage.issuer.answer("/jwks", Answer::Json(body, "max-age=600"));
        stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
        assert_eq!(stage.ask(&stage.token(&good)).await, 200, "beside {jwk}");
        assert_eq!(stage.ask(&stage.token(&bad)).await, 401, "{jwk}");
    }
    // A set in which nothing is good is a set: whoever withdraws all keys at once means it.
    stage.issuer.publish(&jwks(&[&good]));
    stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
    let token = stage.token(&good);
    assert_eq!(stage.ask(&token).await, 200);
    stage.issuer.publish(&[]);
    stage.advance(FRESH);
    assert_eq!(stage.ask(&token).await, 401);
}

/// A discovery document is believed of the issuer that was registered, and of places on its own host.
#[rstest]
#[tokio::test]
async fn discovery_that_lies_leads_nowhere(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let one = Signer::new("ES256", "k-1");
    let mut stage = Stage::new(engine, &[&one]).await;
    let other = Issuer::new(&jwks(&[&one])).await;
    let (url, place) = (stage.issuer.url.clone(), stage.issuer.jwks_uri());
    enrol(&stage.app.db, &url, "jwks_uri = null, oidc_discovery = true").await;
    let path = "/.well-known/openid-configuration";
    let document = |issuer: Value, jwks_uri: Value| json!({ "issuer": issuer, "jwks_uri": jwks_uri }).to_string();
    let (is, at) = (json!(url), json!(place));
    let on = |host: &str| json!(place.replace("127.0.0.1", host));
    for (name, body) in [
        ("another issuer", document(json!("https://idp.example.org"), at.clone())),
        ("another provider's issuer", document(json!(other.url), at.clone())),
        ("an issuer with a slash", document(json!(format!("{url}/")), at.clone())),
        ("an issuer in other letters", document(json!(url.to_uppercase()), at.clone())),
        ("issuers", document(json!([url]), at.clone())),
        ("no issuer", json!({ "jwks_uri": place }).to_string()),
        ("an issuer given twice", format!("{{\"issuer\":\"{url}\",{}", &document(is.clone(), at.clone())[1..])),
        ("no place", json!({ "issuer": url }).to_string()),
        ("places", document(is.clone(), json!([place]))),
        ("a place without a host", document(is.clone(), json!("/jwks"))),
        ("a file", document(is.clone(), json!("file:///etc/passwd"))),
        ("another host", document(is.clone(), on("localhost"))),
        ("another host of this machine", document(is.clone(), on("127.0.0.2"))),
        ("a host in the private network", document(is.clone(), json!("https://10.0.0.1/jwks"))),
        ("where clouds keep secrets", document(is.clone(), json!("http://169.254.169.254/latest"))),
        ("a user", document(is.clone(), json!(place.replace("http://", "http://user@")))),
        ("no JSON", "<html>".to_owned()),
    ] {
        stage.issuer.answer(path, Answer::Json(body, "max-age=600"));
        stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
        assert_eq!(stage.ask(&stage.token(&one)).await, 401, "{name}");
    }
    assert_eq!((stage.issuer.asked("/jwks"), other.asked_at_all()), (0, 0));
    stage.issuer.answer(path, Answer::Redirect(302, format!("{}{path}", other.url)));
    stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 401);
    assert_eq!(other.asked_at_all(), 0);
    stage.issuer.answer(path, Answer::Json(document(is, at), "max-age=600"));
    stage.app = App::fetching(stage.app.db.clone(), bounds()).await;
    assert_eq!(stage.ask(&stage.token(&one)).await, 200);
}
