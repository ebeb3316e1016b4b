//! Incidents at posts, at work and at home: on the model of the concern.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    code, desk, done, is_whole,
    post::post,
    refused,
    support::{
        app::{App, Who},
        programmes::{second_security_officer, security_officer},
        small_world::{analyst, liaison_officer, row, run},
    },
};

async fn reported(app: &App, setting: &str, tlp: Option<&str>) -> Value {
    let input = json!({ "postId": post(1), "setting": setting, "category": "SURVEILLANCE", "severity": "LOW", "title": "A man with a camera", "narrative": "He took the gate.", "place": "The north gate", "tlp": tlp });
    done(app, &security_officer(), "reportIncident", input, "incident { id reference status tlp }").await["incident"]["id"].clone()
}

async fn seen(app: &App, who: &Who, id: &Value, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ incident(id: $id) {{ {fields} }} }}");
    app.ask(who, &query, json!({ "id": id })).await.data()["incident"].clone()
}

#[rstest]
#[tokio::test]
async fn an_incident_has_a_life(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let rso = security_officer();
    let id = reported(&app, "AT_WORK", None).await;
    let reference = seen(&app, &rso, &id, "reference").await["reference"].as_str().expect("a text").to_owned();
    assert!(chancery::desk::reference::is_valid(&reference) && reference.starts_with("I-"), "{reference}");
    let query = "query($r: String!) { incident(reference: $r) { id } }";
    assert_eq!(app.ask(&rso, query, json!({ "r": reference })).await.data()["incident"]["id"], id);

    let step = |body: Option<&str>| json!({ "incidentId": id, "body": body });
    let error = refused(&app, &rso, "closeIncident", step(None)).await;
    assert_eq!((code(&error), &error["extensions"]["status"]), ("CONFLICT", &json!("REPORTED")));
    assert_eq!(
        error["extensions"]["legal"],
        json!(["commentOnIncident", "markIncident", "resolveIncident", "setIncidentSeverity", "startIncident"])
    );
    let error =
        refused(&app, &rso, "setIncidentSeverity", json!({ "incidentId": id, "severity": "LOW", "body": "As it was" }))
            .await;
    assert_eq!(code(&error), "CONFLICT");
    let severe = json!({ "incidentId": id, "severity": "HIGH", "body": "He came back" });
    for (command, input) in [
        ("startIncident", step(None)),
        ("commentOnIncident", step(Some("He was seen again"))),
        ("setIncidentSeverity", severe),
        ("resolveIncident", step(Some("He is known"))),
        ("closeIncident", step(None)),
    ] {
        app.db.clock.advance(Duration::SECOND);
        done(&app, &rso, command, input, "incident { id }").await;
    }
    let told = seen(&app, &rso, &id, "status severity resolvedAt reporter place entries(first: 20) { nodes { kind status severity body author tlp } }").await;
    assert_eq!(
        (&told["status"], &told["severity"], &told["reporter"]),
        (&json!("CLOSED"), &json!("HIGH"), &json!("Person 4"))
    );
    let log: Vec<(&str, &Value)> = told["entries"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| (entry["kind"].as_str().expect("a kind"), &entry["status"]))
        .collect();
    let (reported, progress, resolved, closed) =
        (json!("REPORTED"), json!("IN_PROGRESS"), json!("RESOLVED"), json!("CLOSED"));
    assert_eq!(
        log,
        [
            ("STATUS", &reported),
            ("STATUS", &progress),
            ("COMMENT", &Value::Null),
            ("SEVERITY", &Value::Null),
            ("STATUS", &resolved),
            ("STATUS", &closed)
        ]
    );
    for (command, input) in [("commentOnIncident", step(Some("More"))), ("startIncident", step(None))] {
        assert_eq!(code(&refused(&app, &rso, command, input).await), "CONFLICT");
    }
    app.db.clock.advance(Duration::days(30));
    done(&app, &rso, "reopenIncident", step(Some("Again")), "incident { id }").await;
    assert_eq!(
        seen(&app, &rso, &id, "status resolvedAt").await,
        json!({ "status": "IN_PROGRESS", "resolvedAt": null })
    );
    done(&app, &rso, "resolveIncident", step(Some("He is gone")), "incident { id }").await;
    done(&app, &rso, "closeIncident", step(None), "incident { id }").await;
    app.db.clock.advance(Duration::days(30) + Duration::SECOND);
    assert_eq!(code(&refused(&app, &rso, "reopenIncident", step(Some("Too late"))).await), "CONFLICT");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn what_happens_at_home_is_for_the_post(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (work, home) = (reported(&app, "AT_WORK", None).await, reported(&app, "AT_HOME", None).await);
    let fields = "setting title narrative entries { totalCount }";
    let told = seen(&app, &analyst(), &work, fields).await;
    assert_eq!(
        told,
        json!({ "setting": "AT_WORK", "title": "A man with a camera", "narrative": "He took the gate.", "entries": { "totalCount": 1 } })
    );
    let told = seen(&app, &analyst(), &home, fields).await;
    assert_eq!(told, json!({ "setting": "AT_HOME", "title": null, "narrative": null, "entries": { "totalCount": 0 } }));
    let find = "{ search(text: \"camera\", types: [INCIDENT], first: 100) { nodes { ... on Incident { id } } } }";
    let found = async |who: &Who| {
        app.ask(who, find, json!({})).await.data()["search"]["nodes"].as_array().expect("a list").clone()
    };
    let theirs = found(&analyst()).await;
    assert!(theirs.contains(&json!({ "id": work })) && !theirs.contains(&json!({ "id": home })));
    assert!(found(&security_officer()).await.contains(&json!({ "id": home })));
    // Neither another post's officer, nor a liaison officer, whose schema has no incidents.
    assert_eq!(seen(&app, &second_security_officer(), &work, "id").await, Value::Null);
    let query = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(app.ask(&liaison_officer(), query, json!({ "id": work })).await.data()["node"], Value::Null);
}

#[rstest]
#[tokio::test]
async fn what_is_red_is_for_who_reported_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    // A colleague at the same post.
    run(
        &app.db,
        &format!(
            "update person set post_id = '{}' where id = '{}'; update standing set version = version + 1",
            row('T', 1),
            row('P', 5)
        ),
    )
    .await;
    let colleague = second_security_officer();
    let id = reported(&app, "AT_WORK", Some("AMBER")).await;
    assert_eq!(seen(&app, &colleague, &id, "title").await["title"], "A man with a camera");
    app.db.clock.advance(Duration::SECOND);
    done(&app, &security_officer(), "markIncident", json!({ "incidentId": id, "tlp": "RED" }), "incident { tlp }")
        .await;
    for who in [&colleague, &analyst()] {
        assert_eq!(seen(&app, who, &id, "id").await, Value::Null);
    }
    let comment = |body: &str| json!({ "incidentId": id, "body": body });
    app.db.clock.advance(Duration::SECOND);
    done(&app, &security_officer(), "commentOnIncident", comment("It is one of us"), "incident { id }").await;
    assert_eq!(code(&refused(&app, &colleague, "commentOnIncident", comment("?")).await), "NOT_FOUND");
    // Loosened by who reported it; what was said meanwhile stays theirs.
    app.db.clock.advance(Duration::SECOND);
    done(&app, &security_officer(), "markIncident", json!({ "incidentId": id, "tlp": "AMBER" }), "incident { tlp }")
        .await;
    let bodies = async |who: &Who| {
        let told = seen(&app, who, &id, "entries(first: 20) { nodes { kind body } }").await;
        told["entries"]["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry["kind"].as_str().expect("a kind").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(bodies(&security_officer()).await, ["STATUS", "MARKING", "COMMENT", "MARKING"]);
    assert_eq!(bodies(&colleague).await, ["STATUS"]);
    // A colleague tightens freely, and loosens with consent.
    done(&app, &colleague, "markIncident", json!({ "incidentId": id, "tlp": "AMBER_STRICT" }), "incident { tlp }")
        .await;
    let loosen = json!({ "incidentId": id, "tlp": "GREEN" });
    let error = refused(&app, &colleague, "markIncident", loosen).await;
    assert_eq!((code(&error), &error["extensions"]["input"]), ("BAD_USER_INPUT", &json!(["input", "consent"])));
    let loosen = json!({ "incidentId": id, "tlp": "GREEN", "consent": "By telephone, today" });
    done(&app, &colleague, "markIncident", loosen, "incident { tlp }").await;
    is_whole(&app.db).await;
}
