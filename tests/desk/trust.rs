//! Where an agency's keys are, and tokens that are void before they expire, as administrators say it through the graph.

use chancery::store::Engine;
use rstest::rstest;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole, refused,
    registry::{registrar, status},
    support::{
        app::Who,
        small_world::{french, french_administrator, french_colleague, police, row},
    },
};

const PLACE: &str = "agency { jwksUri oidcDiscovery keyIds }";

fn agency_of(who: &Who) -> String {
    format!("agency_{}", who.agency)
}

/// The `jti` that a token carries.
fn jti(token: &str) -> Value {
    let claims = token.split('.').nth(1).expect("claims");
    let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).expect("base64url");
    serde_json::from_slice::<Value>(&claims).expect("JSON")["jti"].clone()
}

#[rstest]
#[tokio::test]
async fn keys_are_where_it_is_said(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let token = app.token(&police()).await;
    assert_eq!(status(&app, &token).await, 200);
    let id = agency_of(&police());
    let at = |more: Value| {
        let mut input = json!({ "agencyId": id });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    let set =
        async |more: Value| done(&app, &registrar(), "setAgencyKeySource", at(more), PLACE).await["agency"].clone();
    let refuse = async |who: &Who, more: Value| refused(&app, who, "setAgencyKeySource", at(more)).await;

    let uri = json!({ "jwksUri": "https://keys.metro.example/jwks" });
    let agency = set(uri.clone()).await;
    assert_eq!((&agency["jwksUri"], &agency["oidcDiscovery"]), (&uri["jwksUri"], &json!(false)), "{agency}");
    assert_eq!(status(&app, &token).await, 401, "keys that the registry holds do not count any more");
    assert_eq!(code(&refuse(&registrar(), uri.clone()).await), "CONFLICT", "so already");
    let kid = agency["keyIds"][0].clone();
    let error = refused(&app, &registrar(), "removeAgencyKey", json!({ "agencyId": id, "keyId": kid })).await;
    assert_eq!(code(&error), "CONFLICT", "what it says would not be so: {error}");
    let agency = set(json!({ "oidcDiscovery": true })).await;
    assert_eq!((&agency["jwksUri"], &agency["oidcDiscovery"]), (&Value::Null, &json!(true)));
    set(json!({ "oidcDiscovery": false })).await;
    assert_eq!(status(&app, &token).await, 200, "the registry's count again");

    for (more, field) in [
        (json!({ "jwksUri": "http://keys.metro.example/jwks" }), "jwksUri"),
        (json!({ "jwksUri": "https://10.0.0.1/jwks" }), "jwksUri"),
        (json!({ "jwksUri": "https://127.1/jwks" }), "jwksUri"),
        (json!({ "jwksUri": "http://localhost:1/jwks" }), "jwksUri"),
        (json!({ "jwksUri": " https://keys.metro.example/jwks " }), "jwksUri"),
        (json!({ "jwksUri": "https://u:p@keys.metro.example/jwks" }), "jwksUri"),
        (json!({ "jwksUri": "https://keys.metro.example/jwks", "oidcDiscovery": true }), "oidcDiscovery"),
    ] {
        let error = refuse(&registrar(), more.clone()).await;
        assert_eq!(
            (code(&error), &error["extensions"]["input"][1]),
            ("BAD_USER_INPUT", &json!(field)),
            "{more}: {error}"
        );
    }
    // Its own agency could be locked out by a typing mistake.
    let own = json!({ "agencyId": agency_of(&registrar()), "oidcDiscovery": true });
    let error = refused(&app, &registrar(), "setAgencyKeySource", own).await;
    assert_eq!(code(&error), "CONFLICT", "{error}");
    // Without a key that the registry holds, nobody could sign in.
    set(json!({ "oidcDiscovery": true })).await;
    let none = format!("delete from agency_key where agency_id = '{}'", police().agency);
    crate::support::small_world::run(&app.db, &none).await;
    assert_eq!(code(&refuse(&registrar(), json!({})).await), "CONFLICT");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn tokens_are_revoked(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let french_agency = agency_of(&french());
    let (one, other) = (app.token(&french()).await, app.token(&french()).await);
    let colleague = app.token(&french_colleague()).await;
    let police_token = app.token(&police()).await;
    let all = async || {
        let mut found = Vec::new();
        for token in [&one, &other, &colleague, &police_token] {
            found.push(status(&app, token).await);
        }
        found
    };
    assert_eq!(all().await, [200; 4]);
    let because = |mut input: Value| {
        input["reason"] = json!("Left in a taxi");
        input
    };
    // An agency's own administrator voids what is its own, and nothing else.
    let token = because(json!({ "agencyId": french_agency, "tokenId": jti(&one) }));
    done(&app, &french_administrator(), "revokeToken", token, "agency { id }").await;
    assert_eq!(all().await, [401, 200, 200, 200]);
    let person = because(json!({ "personId": format!("person_{}", row('P', 1)) }));
    let reply = act(&app, &french_administrator(), "revokePersonTokens", person, "person { id }").await;
    assert_eq!(reply.code(), "UNAUTHENTICATED", "it is their own token that is void: {}", reply.text);
    assert_eq!(all().await, [401, 401, 200, 200]);
    // It was the administrator's own person: they sign in anew, past the clocks' leeway.
    app.db.clock.advance(time::Duration::seconds(61));
    let police_id = agency_of(&police());
    let foreign = because(json!({ "agencyId": police_id, "tokenId": jti(&police_token) }));
    let error = refused(&app, &french_administrator(), "revokeToken", foreign.clone()).await;
    assert!(["NOT_FOUND", "FORBIDDEN"].contains(&code(&error)), "{error}");
    let reply =
        app.ask(&french_administrator(), "mutation { revokeAgencyTokens(input: {}) { __typename } }", json!({})).await;
    assert_ne!(reply.status, 200, "another role's agency may: {}", reply.text);
    assert_eq!(all().await, [401, 401, 200, 200]);

    // DSS's of any.
    done(&app, &registrar(), "revokeAgencyTokens", because(json!({ "agencyId": french_agency })), "agency { id }")
        .await;
    assert_eq!(all().await, [401, 401, 401, 200]);
    done(&app, &registrar(), "revokeToken", foreign, "agency { id }").await;
    assert_eq!(all().await, [401; 4]);
    for reason in ["", " ", "a\nb"] {
        let input = json!({ "agencyId": french_agency, "reason": reason });
        let error = refused(&app, &registrar(), "revokeAgencyTokens", input).await;
        assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("reason")), "{error}");
    }
    // Who said so, and why, is kept where operators read it.
    let list = entity::revocation::Entity::find().all(&app.db.store.orm).await.expect("rows");
    assert_eq!(list.len(), 4);
    assert!(list.iter().all(|row| row.reason == "Left in a taxi"), "{list:?}");
    assert!(list.iter().any(|row| row.revoked_by.starts_with(&registrar().subject)), "{list:?}");
    is_whole(&app.db).await;
}
