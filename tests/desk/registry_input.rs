//! What is refused of an agency before it is trusted: fields, and keys.

use chancery::{identity::demo_keys, store::Engine};
use data_encoding::BASE64URL_NOPAD;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole, refused,
    registry::{ALL, registrar, sound},
    support::small_world::{mission, public},
};

/// What registers says: one error for each field, each with its place.
#[rstest]
#[tokio::test]
async fn every_field_of_an_agency_is_judged(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let count = "{ agencies { totalCount } }";
    let before = app.ask(&registrar(), count, json!({})).await.text;
    for (field, value) in [
        ("name", json!(" ")),
        ("name", json!("hidden\u{202e}")),
        ("shortName", json!("two\nlines")),
        ("kind", json!("DIPLOMATIC_SECURITY")),
        ("issuer", json!("http://idp.metro.example")),
        ("issuer", json!("https://idp.metro.example/?a=b")),
        ("issuer", json!(format!("https://{}.example", "x".repeat(255)))),
        ("audience", json!("")),
        ("audience", json!("a\u{200b}")),
        ("typ", json!("JOSE")),
        ("algorithms", json!([])),
        ("algorithms", json!(["HS256"])),
        ("algorithms", json!(["none"])),
        ("roles", json!([])),
        ("roles", json!(["MISSION_OFFICER"])),
        ("roles", json!(["AUDITOR", "ADMINISTRATOR"])),
        ("maxLifetimeSeconds", json!(0)),
        ("maxLifetimeSeconds", json!(86_401)),
        ("ori", json!("dc0010000")),
        ("ori", json!("DC001000")),
        ("state", json!("DC")),
        ("state", json!("US")),
        ("latitude", json!(91)),
        ("longitude", json!(-77.0)),
        ("areas", json!(["nowhere"])),
        ("quotaRequestsPerSecond", json!(0)),
        ("quotaCostPerMinute", json!(-1)),
        ("missionIds", json!([mission(99)])),
        ("sendingStateId", json!(mission(1))),
        ("sendingStateId", json!(public("state", 'S', 9))),
    ] {
        // One coordinate lacks the other.
        let at = if field == "longitude" { "latitude" } else { field };
        let mut input = sound();
        input[field] = value.clone();
        let reply = act(&app, &registrar(), "registerAgency", input, "agency { id }").await;
        let errors = reply.json["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{field} {value}: {}", reply.text);
        assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{field} {value}: {}", reply.text);
        assert_eq!(errors[0]["extensions"]["input"], json!(["input", at]), "{value}: {}", reply.text);
        assert!(errors[0]["extensions"]["expected"].is_string(), "{}", reply.text);
    }
    let mut input = sound();
    (input["issuer"], input["ori"], input["watchPhone"]) = (json!("idp"), json!("x"), json!("+12025550100"));
    let reply = act(&app, &registrar(), "registerAgency", input, "agency { id }").await;
    let named: Vec<&Value> =
        reply.json["errors"].as_array().expect("errors").iter().map(|error| &error["extensions"]["input"][1]).collect();
    assert_eq!(named, ["issuer", "ori"], "all at once");
    // What does not go together.
    for (change, field) in [
        (json!({ "stateWide": true }), "kind"),
        (
            json!({ "kind": "MISSION", "roles": ["MISSION_OFFICER"], "ori": null, "areas": [], "stateWide": true }),
            "sendingStateId",
        ),
        (json!({ "kind": "MISSION", "roles": ["MISSION_OFFICER"], "ori": null }), "kind"),
    ] {
        let mut input = sound();
        input.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let error = refused(&app, &registrar(), "registerAgency", input).await;
        assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!(field)), "{error}");
    }
    assert_eq!(app.ask(&registrar(), count, json!({})).await.text, before, "nothing was written");
    is_whole(&app.db).await;
}

/// The public part of a key fit for signatures of a registered algorithm, and nothing else.
#[rstest]
#[tokio::test]
async fn what_is_no_public_key_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let good = demo_keys::generate_demo_key(&app.db.directory().join("more"), "good").expect("a key");
    let with = |member: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[member] = value;
        jwk.to_string()
    };
    let modulus: Vec<u8> = std::iter::once(0x80).chain(std::iter::repeat_n(1, 127)).collect();
    let short = json!({ "kty": "RSA", "kid": "1", "alg": "RS256", "e": "AQAB", "n": BASE64URL_NOPAD.encode(&modulus) });
    for jwk in [
        with("d", json!("AAAA")),
        with("k", json!("AAAA")),
        with("use", json!("enc")),
        with("alg", json!("ES384")),
        with("kid", json!("a\u{200b}")),
        with("kid", json!(null)),
        with("kty", json!("oct")),
        with("x", json!("AAAA")),
        short.to_string(),
        json!({ "keys": [] }).to_string(),
        json!({ "keys": [serde_json::from_str::<Value>(&with("d", json!("AAAA"))).expect("a key")] }).to_string(),
        r#"{"kty":"EC","kty":"EC"}"#.to_owned(),
        "[]".to_owned(),
        "a key".to_owned(),
        format!("{{\"x\":\"{}\"}}", "x".repeat(16_384)),
    ] {
        let input = json!({ "agencyId": public("agency", 'A', 2), "jwk": jwk });
        let error = refused(&app, &registrar(), "addAgencyKey", input).await;
        let at = (code(&error), &error["extensions"]["input"]);
        assert_eq!(at, ("BAD_USER_INPUT", &json!(["input", "jwk"])), "{jwk}: {error}");
        assert!(!error.to_string().contains("AAAA"), "no value of a key is told: {error}");
    }
    let input = json!({ "agencyId": public("agency", 'A', 2), "jwk": json!({ "keys": [good] }).to_string() });
    let payload = done(&app, &registrar(), "addAgencyKey", input, ALL).await;
    assert_eq!(payload["agency"]["keyIds"].as_array().map(Vec::len), Some(2), "a set of one is one more");
}
