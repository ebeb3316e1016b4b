//! `chancery documents import` and `list`: what is taken, what is rejected, and that it is all or nothing.

use chancery::{config::Limits, digest::sha256_hex, store::Engine};
use rstest::rstest;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use super::{
    CONCERNS, DISABLE, MISSIONS, file, import, run,
    support::{
        app::{App, Who},
        enrolled,
        small_world::{french, police},
    },
    trust,
};

async fn ids(app: &App, who: &Who) -> Vec<String> {
    let listed = run(app, &format!("documents list --json --agency={}", who.agency)).await.expect("listed");
    let listed: Vec<Value> = serde_json::from_str(&listed).expect("JSON");
    listed.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

fn apollo(operations: &Value) -> Value {
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": operations })
}

#[rstest]
#[tokio::test]
async fn both_forms_are_taken(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let told = trust(&app, &french(), json!({ "missions": MISSIONS, "concerns": CONCERNS })).await;
    assert!(told.starts_with("new 2, changed 0, as before 0, removed 0; the agency has 2\n"), "{told}");
    assert!(told.contains("concerns: not for ADMINISTRATOR: ") && !told.contains("missions: "), "{told}");
    let hash = sha256_hex(DISABLE);
    let operations = json!([
        { "id": hash, "name": "Disable", "type": "mutation", "body": DISABLE },
        { "id": "missions", "name": "Missions", "type": "query", "body": format!("{MISSIONS} ") },
    ]);
    let told = trust(&app, &french(), apollo(&operations)).await;
    assert!(told.starts_with("new 1, changed 1, as before 0, removed 0; the agency has 3\n"), "{told}");
    assert_eq!(ids(&app, &french()).await, [hash.as_str(), "concerns", "missions"]);
    assert!(ids(&app, &police()).await.is_empty());
    let list = run(&app, &format!("documents list --agency={}", french().agency)).await.expect("listed");
    let line = list.lines().find(|line| line.starts_with("concerns")).expect("a line");
    assert!(line.contains("Concerns") && line.contains(&sha256_hex(CONCERNS)), "{line}");
    // The same again is no change: nobody's standing becomes another by it.
    let before = version(&app).await;
    let told = trust(&app, &french(), apollo(&operations)).await;
    assert!(told.starts_with("new 0, changed 0, as before 2, removed 0; the agency has 3\n"), "{told}");
    assert_eq!(version(&app).await, before);
    let told = import(&app, &french(), &json!({ "missions": MISSIONS }), " --replace").await.expect("taken");
    assert!(told.starts_with("new 0, changed 1, as before 0, removed 2; the agency has 1\n"), "{told}");
    assert!(version(&app).await > before);
    assert_eq!(ids(&app, &french()).await, ["missions"]);
    let told = import(&app, &french(), &json!({}), " --replace").await.expect("taken");
    assert_eq!(told, "new 0, changed 0, as before 0, removed 1; the agency has 0\n");
}

async fn version(app: &App) -> i64 {
    entity::standing::Entity::find().one(&app.db.store.orm).await.expect("rows").expect("standing").version
}

#[rstest]
#[tokio::test]
async fn one_rejected_document_keeps_all_of_the_file_out(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "kept": MISSIONS })).await;
    let hash = sha256_hex(MISSIONS);
    let deep = format!("{{ {} }}", "a { ".repeat(40) + "b" + &" }".repeat(40));
    let bad = json!({
        "kept": CONCERNS,
        "good": CONCERNS,
        "unparsable": "query {",
        "unknown": "{ advisoryOfNobody { id } }",
        "partner": "mutation { acceptReferral(input: {concernId: \"x\"}) { concern { id } } }",
        "deep": deep,
        "long": format!("# {}\n{MISSIONS}", "x".repeat(Limits::default().body_bytes)),
        "nul": format!("# \u{0}\n{MISSIONS}"),
        "number": 7,
        "": MISSIONS,
        "x".repeat(256): MISSIONS,
        "line\nbreak": MISSIONS,
        sha256_hex("{ a }"): MISSIONS,
        "sha256:short": MISSIONS,
        format!("sha256:{hash}"): MISSIONS,
    });
    let error = import(&app, &french(), &bad, " --replace").await.expect_err("rejected");
    let lines: Vec<&str> = error.message.lines().collect();
    assert!(lines[0].ends_with("nothing was imported; rejected: 12"), "{}", lines[0]);
    assert_eq!(lines.len(), 13, "{}", error.message);
    for (id, why) in [
        ("unparsable", "the document does not parse"),
        ("unknown", "advisoryOfNobody"),
        ("partner", "acceptReferral"),
        ("deep", "depth"),
        ("long", "document: at most 262144 bytes"),
        ("nul", "U+0000"),
        ("number", "expected the document as a text"),
        ("", "1 to 255 bytes"),
        ("line\u{fffd}break", "1 to 255 bytes"),
        (&sha256_hex("{ a }"), &hash),
        ("sha256:short", "64 hexadecimal digits"),
    ] {
        let found = lines.iter().any(|line| line.starts_with(&format!("{id}: ")) && line.contains(why));
        assert!(found, "{id}: {why}\n{}", error.message);
    }
    for good in ["good", "kept", &format!("sha256:{hash}")] {
        assert!(!lines.iter().any(|line| line.starts_with(&format!("{good}: "))), "{good}: {}", error.message);
    }
    let listed = run(&app, &format!("documents list --json --agency={}", french().agency)).await.expect("listed");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["sha256"]), (Some(1), &json!(hash)));
}

#[rstest]
#[tokio::test]
async fn files_that_are_no_manifest_are_refused(#[values(Engine::Sqlite)] engine: Engine) {
    let app = enrolled(engine).await;
    let operation = json!([{ "id": "a", "body": MISSIONS }]);
    for (text, why) in [
        (String::new(), "EOF"),
        ("[]".to_owned(), "expected a JSON object"),
        (format!("{{\"a\": {MISSIONS:?}, \"a\": {CONCERNS:?}}}"), "twice"),
        (json!({ "format": "another", "version": 1, "operations": operation }).to_string(), "`format`: expected"),
        (
            json!({ "format": "apollo-persisted-query-manifest", "version": 2, "operations": operation }).to_string(),
            "`version`: expected 1",
        ),
        (json!({ "format": "apollo-persisted-query-manifest", "version": 1 }).to_string(), "`operations`: expected"),
        (
            apollo(&json!([{ "id": "a", "body": MISSIONS }, { "id": "a", "body": CONCERNS }])).to_string(),
            "a: expected once",
        ),
        (apollo(&json!([{ "id": 1, "body": MISSIONS }])).to_string(), "operations[0]: expected a text as `id`"),
        (apollo(&json!([{ "id": "b" }, 7])).to_string(), "b: expected the document as a text"),
    ] {
        let path = app.db.directory().join("broken.json");
        std::fs::write(&path, &text).expect("written");
        let line = format!("documents import {} --agency={}", path.display(), french().agency);
        let error = run(&app, &line).await.expect_err(&text);
        assert!(error.message.contains(why) && error.message.contains("broken.json"), "{why}: {}", error.message);
    }
    let many: Value =
        (0..10_001).map(|number| (format!("d{number}"), json!(MISSIONS))).collect::<serde_json::Map<_, _>>().into();
    let error = import(&app, &french(), &many, "").await.expect_err("too many");
    assert!(error.message.contains("10001 documents are too many, expected at most 10000"), "{}", error.message);
    let path = app.db.directory().join("large.json");
    std::fs::File::create(&path).and_then(|file| file.set_len(33 << 20)).expect("a large file");
    let error = run(&app, &format!("documents import {} --agency={}", path.display(), french().agency)).await;
    assert!(error.expect_err("too large").message.contains("too long, expected at most"));
    assert!(run(&app, &format!("documents import nowhere.json --agency={}", french().agency)).await.is_err());
    let path = file(&app, "good.json", &json!({ "a": MISSIONS }));
    for (agency, why) in [("nobody", "no agency has"), (&super::support::small_world::row('A', 4), "no role")] {
        let error = run(&app, &format!("documents import {} --agency={agency}", path.display())).await;
        let error = error.expect_err(agency);
        assert!(error.message.contains(why), "{}", error.message);
    }
    assert!(ids(&app, &french()).await.is_empty());
}

/// An agency's documents are bounded over all its imports.
#[tokio::test]
async fn an_agency_has_so_many_documents() {
    let app = enrolled(Engine::Sqlite).await;
    let mut sql = String::new();
    for number in 0..10_000 {
        let agency = french().agency;
        let row =
            format!("('{agency}', 'd{number:05}', '{number:064x}', null, '{{ a }}', '2026-11-01T00:00:00.000000Z')");
        sql.push_str(if number == 0 { "insert into trusted_document values " } else { ", " });
        sql.push_str(&row);
    }
    super::support::small_world::run(&app.db, &sql).await;
    let error = import(&app, &french(), &json!({ "one more": MISSIONS }), "").await.expect_err("too many");
    assert!(error.message.contains("at most 10000 documents, this would be 10001"), "{}", error.message);
    assert_eq!(ids(&app, &french()).await.len(), 10_000);
    trust(&app, &french(), json!({ "d00001": MISSIONS })).await;
    import(&app, &french(), &json!({ "one more": MISSIONS }), " --replace").await.expect("taken");
    assert_eq!(ids(&app, &french()).await, ["one more"]);
}

#[rstest]
#[tokio::test]
async fn whoever_is_limited_without_documents_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let agency = french().agency;
    let warning = "warning: it has no trusted documents: nobody of it can ask anything\n";
    let told = run(&app, &format!("documents limit --agency={agency}")).await.expect("limited");
    assert_eq!(told, format!("limited: it asks by its trusted documents only\n{warning}"));
    let told = run(&app, &format!("documents limit --agency={agency}")).await.expect("limited");
    assert_eq!(told, format!("was limited already\n{warning}"));
    let shown = run(&app, &format!("agency show {agency} --json")).await.expect("shown");
    assert_eq!(serde_json::from_str::<Value>(&shown).expect("JSON")["documentsOnly"], json!(true));
    assert!(!trust(&app, &french(), json!({ "a": MISSIONS })).await.contains("warning"));
    assert!(import(&app, &french(), &json!({}), " --replace").await.expect("taken").ends_with(warning));
    let free = format!("documents free --agency={agency}");
    assert_eq!(run(&app, &free).await.expect("freed"), "freed: it asks whatever its roles may\n");
    assert_eq!(run(&app, &free).await.expect("freed"), "was not limited\n");
    // Who did it stands in the trail.
    let events = entity::audit_event::Entity::find()
        .order_by_asc(entity::audit_event::Column::At)
        .order_by_asc(entity::audit_event::Column::Sequence)
        .all(&app.db.store.orm)
        .await
        .expect("events");
    let operations: Vec<&str> = events.iter().map(|event| event.operation.as_str()).collect();
    for operation in ["documents limit", "documents import", "documents free"] {
        assert!(operations.contains(&operation), "{operation}: {operations:?}");
    }
}
