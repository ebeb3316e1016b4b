//! `documentId`: what it runs, for whom, and what is said where there is none.

use axum::http::StatusCode;
use chancery::{
    config::Limits,
    digest::sha256_hex,
    graph::{GraphRequest, Outcome},
    store::Engine,
};
use rstest::rstest;
use serde_json::json;

use super::{
    CONCERNS, DISABLE, MISSIONS, by_hash, get, import, later, message,
    support::{
        app::Who,
        enrolled,
        small_world::{french, french_administrator, mission, police, public},
    },
    trust,
};

#[rstest]
#[tokio::test]
async fn a_document_is_asked_by_its_id(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "missions": MISSIONS, "concerns": CONCERNS, "disable": DISABLE })).await;
    later(&app);
    let asked = json!({ "documentId": "missions", "variables": { "first": 1 }, "operationName": "Missions" });
    let text = app.ask(&french(), MISSIONS, json!({ "first": 1 })).await;
    for reply in [app.post(&french(), &asked).await, get(&app, &french(), &asked).await] {
        assert_eq!((reply.status, &reply.text), (StatusCode::OK, &text.text));
    }
    // Relay's clients send the other member too, as null.
    let reply = app.post(&french(), &json!({ "documentId": "concerns", "query": null })).await;
    assert_eq!(reply.data()["concerns"]["nodes"].as_array().map(Vec::len), Some(2));
    let reply = app.post(&french(), &json!({ "documentId": "missions", "operationName": "Other" })).await;
    assert_eq!(reply.code(), "BAD_USER_INPUT");
    assert!(message(&reply).starts_with("operationName"), "{}", reply.text);
    // Its hash does as well, as clients with an Apollo manifest ask.
    assert_eq!(app.post(&french(), &by_hash(CONCERNS)).await.outcome, Outcome::Ran);
    let cost = json!({ "documentId": "missions", "extensions": { "cost": true } });
    assert_eq!(app.post(&french(), &cost).await.json["extensions"]["cost"]["rows"], 20);
}

/// Nor is it told by limits that were lowered after the import, which are looked at before the role's schema is.
#[rstest]
#[tokio::test]
async fn what_is_too_much_now_is_not_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "concerns": CONCERNS })).await;
    later(&app);
    let lower = app.another(Limits { depth: 1, ..Limits::default() }).await;
    let answer = async |who: &Who, id: &str| lower.post(who, &json!({ "documentId": id })).await.text.replace(id, "…");
    for who in [french(), french_administrator()] {
        assert_eq!(answer(&who, "concerns").await, answer(&who, "nowhere").await);
        let reply = lower.post(&who, &by_hash(CONCERNS)).await;
        assert_eq!(message(&reply), "PersistedQueryNotFound");
    }
    assert_eq!(
        lower.post(&french(), &json!({ "query": CONCERNS })).await.code(),
        "QUERY_TOO_COMPLEX",
        "one's own text"
    );
}

/// Of another agency, of another role, and of nobody: one answer.
#[rstest]
#[tokio::test]
async fn what_is_not_there_is_not_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "concerns": CONCERNS, "disable": DISABLE })).await;
    later(&app);
    let say = |id: &str| format!("documentId: there is no trusted document \"{id}\" of your agency and role");
    for (who, id) in [
        (police(), "concerns"),
        (french_administrator(), "concerns"),
        (french(), "disable"),
        (french(), "nowhere"),
        (french(), "Concerns"),
        (french(), "concerns "),
        (french(), "a\u{0}b"),
        (french(), ""),
    ] {
        for reply in [
            app.post(&who, &json!({ "documentId": id })).await,
            get(&app, &who, &json!({ "documentId": id, "operationName": "x" })).await,
        ] {
            // An empty parameter is none.
            let (code, told) = if id.is_empty() && message(&reply).starts_with("`query` is missing") {
                ("BAD_USER_INPUT", message(&reply).to_owned())
            } else {
                ("NOT_FOUND", say(id))
            };
            assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, code), "{id}: {}", reply.text);
            assert_eq!(message(&reply), told);
            assert!(reply.json.get("data").is_none());
        }
    }
    let long = app.post(&french(), &json!({ "documentId": "é".repeat(5_000) })).await;
    assert_eq!(message(&long), say(&format!("{}…", "é".repeat(64))));
    // A hash tells no more.
    for who in [police(), french_administrator()] {
        let reply = app.post(&who, &by_hash(CONCERNS)).await;
        assert_eq!((reply.code(), message(&reply)), ("NOT_FOUND", "PersistedQueryNotFound"));
    }
}

#[rstest]
#[tokio::test]
async fn one_document_is_named_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "concerns": CONCERNS })).await;
    later(&app);
    let hash = by_hash(CONCERNS)["extensions"].clone();
    for body in [
        json!({ "documentId": "concerns", "query": CONCERNS }),
        json!({ "documentId": "concerns", "query": "" }),
        json!({ "documentId": "concerns", "extensions": hash }),
        json!({ "documentId": "concerns", "query": CONCERNS, "extensions": hash }),
        json!({ "documentId": 1 }),
        json!({ "documentId": ["concerns"] }),
        json!({ "documentId": null }),
        json!({}),
    ] {
        let reply = app.post(&french(), &body).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{body}: {}", reply.text);
        assert!(reply.json.get("data").is_none());
    }
    let reply = get(&app, &french(), &json!({ "documentId": "concerns", "query": CONCERNS })).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"));
}

#[rstest]
#[tokio::test]
async fn a_mutation_is_done_by_its_id_and_not_by_get(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "disable": DISABLE })).await;
    later(&app);
    let input = json!({ "personId": public("person", 'P', 2) });
    let asked = json!({ "documentId": "disable", "variables": { "input": input } });
    let refused = get(&app, &french_administrator(), &asked).await;
    assert_eq!(
        (refused.status, &refused.headers["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().expect("a value"))
    );
    // Whose role has it not does not learn that it is a mutation.
    let refused = get(&app, &french(), &asked).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "NOT_FOUND"));
    let done = app.post(&french_administrator(), &asked).await;
    let person = &done.data()["disablePerson"]["person"];
    assert_eq!(person["id"], input["personId"]);
    assert!(person["disabledAt"].is_string(), "{}", done.text);
    let hash = sha256_hex(DISABLE);
    let again = json!({ "extensions": super::persisted(&hash), "variables": { "input": input } });
    assert_eq!(app.post(&french_administrator(), &again).await.code(), "CONFLICT");
}

/// The trail names the text that was run, whatever it was asked by.
#[rstest]
#[tokio::test]
async fn the_trail_has_the_hash_of_the_text(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let app = enrolled(engine).await;
    let deep = format!("query Deep {{ mission(id: \"{}\") {{ guardPosture }} }}", mission(1));
    trust(&app, &french(), json!({ "deep": deep })).await;
    later(&app);
    app.post(&french(), &json!({ "documentId": "deep" })).await.data();
    app.post(&french(), &json!({ "documentId": "deep", "operationName": "Deep" })).await.data();
    let read = entity::audit_event::Column::Decision.eq("READ");
    let events = entity::audit_event::Entity::find().filter(read).all(&app.db.store.orm).await.expect("events");
    let mut operations: Vec<&str> = events.iter().map(|event| event.operation.as_str()).collect();
    operations.sort_unstable();
    assert_eq!(operations, ["Deep", &format!("sha256:{}", sha256_hex(&deep))]);
}

/// Standing changes at each step of some mutations: what was begun is gone on with, though its id has become another text.
#[rstest]
#[tokio::test]
async fn a_mutation_goes_on_as_it_began(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let both = "mutation { a: disablePerson(input: {personId: \"P2\"}) { person { disabledAt } } b: enablePerson(input: {personId: \"P2\"}) { person { disabledAt } } }"
        .replace("P2", &public("person", 'P', 2));
    let other = "{ a: missions { totalCount } }";
    trust(&app, &french(), json!({ "both": both })).await;
    let request = GraphRequest { document_id: Some("both".to_owned()), ..GraphRequest::default() };
    let mut attempts = 0;
    let body = loop {
        attempts += 1;
        later(&app);
        let principal = app.principal(&french_administrator()).await;
        let answer = app.gateway().execute(&principal, &request).await;
        match answer.outcome {
            Outcome::Stale(_) if request.progress.done() == 1 => {
                import(&app, &french(), &json!({ "both": other }), "").await.expect("another text");
            }
            Outcome::Stale(_) => {}
            outcome => {
                assert_eq!(outcome, Outcome::Ran, "{}", answer.body);
                break answer.body;
            }
        }
        assert!(attempts < 10, "it never ends");
    };
    assert!(attempts > 1, "standing never changed under it");
    let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(body["data"]["b"]["person"]["disabledAt"], json!(null), "{body}");
    assert!(body["data"]["a"]["person"].is_object(), "{body}");
    assert!(
        app.post(&french_administrator(), &json!({ "documentId": "both" })).await.data()["a"]["totalCount"].is_u64()
    );
}
