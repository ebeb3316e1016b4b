//! What is read at P, S and I is in the trail before the answer leaves, and nothing of how that is known is in the answer.

use std::time::Duration;

use chancery::{desk::Work, graph::GraphRequest, store::Engine};
use entity::audit_event::{Column, Entity, Model};
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::{
    fault, run,
    support::{
        TestDb,
        app::{App, Who},
        programmes::security_officer,
        small_world::{analyst, auditor, concern, french, liaison_officer, mission, police, public, row},
    },
    world,
};

/// The events of the server's own chain.
async fn reads(db: &TestDb) -> Vec<Model> {
    let found = Entity::find().filter(Column::Writer.starts_with("reads-")).order_by_asc(Column::Sequence);
    found.all(&db.store.orm).await.expect("events")
}

/// What a question adds to the trail: of each event, the rows with their tiers.
async fn disclosed(app: &App, who: &Who, query: &str) -> Vec<Vec<String>> {
    let before = reads(&app.db).await.len();
    app.ask(who, query, json!({})).await.data();
    let events = reads(&app.db).await.split_off(before);
    events.iter().map(|event| serde_json::from_str(&event.object_ids).expect("a list")).collect()
}

#[rstest]
#[tokio::test]
async fn rows_are_named_with_the_tiers_that_were_open(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let (one, two) = (mission(1), mission(2));
    let none: Vec<Vec<String>> = vec![];
    // Nothing of P, S or I is selected.
    let shallow = "{ missions(first: 100) { totalCount edges { cursor node { id name switchboard concerns { nodes { title } } } } } viewer { role } }";
    for who in [french(), analyst(), police()] {
        assert_eq!(disclosed(&app, &who, shallow).await, none);
    }
    // The tier is selected everywhere and open in one row.
    let guards = "{ missions(first: 100) { totalCount edges { cursor node { guardPosture name } } } }";
    assert_eq!(disclosed(&app, &french(), guards).await, [vec![format!("{one}/P")]]);
    let one_of = |id: &str, fields: &str| format!("{{ mission(id: \"{id}\") {{ {fields} }} }}");
    assert_eq!(disclosed(&app, &french(), &one_of(&two, "name guardPosture")).await, none, "it was not open");
    assert_eq!(disclosed(&app, &french(), &one_of(&one, "guardPosture")).await, [vec![format!("{one}/P")]]);
    assert_eq!(disclosed(&app, &french(), "{ mission(id: \"nothing\") { guardPosture } }").await, none);
    // Several tiers of one row, reached on several ways, are one line.
    let officer = liaison_officer();
    let deep = format!(
        "{{ a: mission(id: \"{one}\") {{ protectiveNeed }} b: mission(id: \"{one}\") {{ sourceIds x: guardPosture }} }}"
    );
    assert_eq!(disclosed(&app, &officer, &deep).await, [vec![format!("{one}/PSI")]]);
    // What every row of the type opens to the role.
    let noted = disclosed(&app, &analyst(), &one_of(&two, "analystNote")).await;
    assert_eq!(noted, [vec![format!("{two}/I")]]);
    // Through edges, and of a child as of its parent.
    let concerns = "{ concerns(first: 100) { nodes { reporter entries { nodes { author } } } } }";
    let seen = disclosed(&app, &officer, concerns).await;
    assert!(
        seen.len() == 1 && seen[0].iter().any(|line| line.starts_with("concern_") && line.ends_with("/P")),
        "{seen:?}"
    );
    assert!(seen[0].iter().any(|line| line.starts_with("entry_")), "{seen:?}");
    // A connection of a deep tier is of its row, whatever hangs on it.
    let referrals = format!("{{ concern(id: \"{}\") {{ referrals {{ totalCount }} }} }}", concern(1));
    let seen = disclosed(&app, &officer, &referrals).await;
    assert_eq!(seen, [vec![format!("{}/S", concern(1))]]);
    let node = format!("{{ nodes(ids: [\"{one}\", \"{two}\"]) {{ ... on Mission {{ protectiveNeed }} id }} }}");
    assert_eq!(disclosed(&app, &officer, &node).await, [vec![format!("{one}/S")]]);
    assert_eq!(fault(&app.db).await, None);
}

#[rstest]
#[tokio::test]
async fn statistics_are_noted_without_rows(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let by = |key: &str| format!("{{ concernStats(groupBy: [{key}]) {{ groups {{ count keys {{ value }} }} }} }}");
    let none: Vec<Vec<String>> = vec![];
    assert_eq!(disclosed(&app, &analyst(), &by("SEVERITY")).await, none);
    assert_eq!(disclosed(&app, &analyst(), &by("NIBRS_CODE")).await, [["concern_*/S"]]);
}

/// Where rows that are seen no less deep stand, or that they are there, is told without their objects, too: as of the types.
#[rstest]
#[tokio::test]
async fn what_a_cursor_or_a_count_tells_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let rso = security_officer();
    let timeline = |types: &str| {
        format!("{{ timeline(post: \"{}\", types: [{types}]) {{ edges {{ cursor }} }} }}", public("post", 'T', 1))
    };
    assert_eq!(
        disclosed(&app, &rso, &timeline("FINDING, INCIDENT, PROGRAMME_REVIEW")).await,
        [["finding_*/S", "review_*/P"]]
    );
    assert!(disclosed(&app, &rso, &timeline("INCIDENT, TOUR")).await.is_empty());
    let due = "{ programmesDue(before: \"2030-01-01\") { totalCount } }";
    assert_eq!(disclosed(&app, &analyst(), due).await, [["programme_*/P"]]);
}

#[rstest]
#[tokio::test]
async fn an_event_says_who_asked_what(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let who = french();
    let query = format!("query Guards {{ mission(id: \"{}\") {{ guardPosture }} }}", mission(1));
    let request = |name: Option<&str>, query: &str| GraphRequest {
        query: query.to_owned(),
        operation_name: name.map(str::to_owned),
        ..GraphRequest::default()
    };
    app.ask_for(&who, &request(Some("Guards"), &query)).await.data();
    app.ask_for(&who, &request(None, &query)).await.data();
    let long = "A".repeat(65);
    app.ask_for(&who, &request(Some(&long), &query.replace("Guards", &long))).await.data();
    let events = reads(&app.db).await;
    assert_eq!(events.len(), 3);
    for event in &events {
        assert_eq!((event.decision.as_str(), event.code.as_deref(), event.grounds.as_str()), ("READ", None, "[]"));
        assert_eq!(event.subject.as_deref(), Some("subject-1"));
        assert_eq!(event.agency_id.as_deref(), Some(who.agency.as_str()));
        assert_eq!(event.role.as_deref(), Some("MISSION_OFFICER"));
        assert_eq!(event.at, "2026-11-22T12:00:00.000000Z");
    }
    assert_eq!(events[0].operation, "Guards");
    assert!(events[1].operation.starts_with("sha256:") && events[1].operation.len() == 71, "{:?}", events[1]);
    assert_ne!(events[1].operation, events[2].operation);
    assert!(events[2].operation.starts_with("sha256:"));
    // What a command's payload shows is read too.
    let input = json!({ "missionId": mission(1), "function": "OTHER", "name": "N", "afterHoursPhone": "+12025550123" });
    let query = "mutation M($input: AddSecurityContactInput!) { addSecurityContact(input: $input) { mission { guardPosture } } }";
    app.ask(&who, query, json!({ "input": input })).await.data();
    let events = reads(&app.db).await;
    assert_eq!(events.len(), 4);
    assert_eq!(events[3].object_ids, json!([format!("{}/P", mission(1))]).to_string());
}

/// The answer's text is what it would be without a mark in it.
#[rstest]
#[tokio::test]
async fn no_answer_shows_a_mark(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    // Fifty fields and more: an object of several calls.
    let many: String = (0..48).map(|number| format!("f{number}: name ")).collect();
    for fields in ["guardPosture", "guardPosture id", "name guardPosture", &format!("{many} guardPosture")] {
        for query in [
            format!("{{ mission(id: \"{}\") {{ {fields} }} }}", mission(1)),
            format!(
                "{{ missions(first: 3) {{ edges {{ cursor node {{ {fields} }} }} nodes {{ guardPosture id }} pageInfo {{ endCursor }} }} }}"
            ),
            format!("{{ node(id: \"{}\") {{ ... on Mission {{ {fields} }} }} }}", mission(1)),
        ] {
            for who in [french(), liaison_officer()] {
                let reply = app.ask(&who, &query, json!({})).await;
                reply.data();
                assert!(!reply.text.contains('!'), "{}", reply.text);
                // As an engine writes an object: a comma too many or too few would not be JSON, a blank would show.
                let plain = app.ask(&who, &query.replace("guardPosture", "g: city"), json!({})).await.text;
                let blanks = |text: &str| text.matches("{ ").count() + text.matches(",  ").count();
                assert_eq!((blanks(&plain), blanks(&reply.text)), (0, 0), "{}", reply.text);
            }
        }
    }
}

/// Alike, whether something deep is hidden or not there.
#[rstest]
#[tokio::test]
async fn what_is_closed_and_what_is_empty_look_alike(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let query = "{ missions(first: 100) { nodes { id guardPosture } } }";
    run(&app.db, &format!("update mission set guard_posture = null where id <> '{}'", row('M', 1))).await;
    let closed = app.ask(&french(), query, json!({})).await.text;
    run(&app.db, "update mission set guard_posture = 'guarded' where guard_posture is null").await;
    assert_eq!(app.ask(&french(), query, json!({})).await.text, closed);
}

#[rstest]
#[tokio::test]
async fn whoever_is_not_let_in_is_in_the_trail(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let stranger = Who { subject: "nobody".to_owned(), ..french() };
    assert_eq!(app.ask(&stranger, "{ __typename }", json!({})).await.code(), "UNAUTHENTICATED");
    let event = reads(&app.db).await.pop().expect("an event");
    assert_eq!((event.decision.as_str(), event.code.as_deref()), ("REFUSED", Some("UNAUTHENTICATED")));
    assert_eq!(
        (event.subject.as_deref(), event.agency_id.as_deref()),
        (Some("nobody"), Some(french().agency.as_str()))
    );
    assert_eq!(event.operation, "authenticate: subject not enrolled", "why is for the trail, not for who asked");
    assert_eq!((event.object_ids.as_str(), event.person_id), ("[]", None));
    // With a key that is not the agency's, nobody is known.
    run(&app.db, "delete from agency_key").await;
    run(&app.db, "update standing set version = version + 1").await;
    app.db.clock.advance(time::Duration::minutes(1));
    assert_eq!(app.ask(&auditor(), "{ __typename }", json!({})).await.code(), "UNAUTHENTICATED");
    let event = reads(&app.db).await.pop().expect("an event");
    assert_eq!((event.subject, event.agency_id), (None, None));
    assert_eq!(fault(&app.db).await, None);
}

/// While the trail takes nothing, what is deep waits, what is not does not, and nothing is lost.
#[rstest]
#[tokio::test]
async fn an_answer_waits_for_the_trail(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let (shallow, deep) = ("{ missions { nodes { name } } }", "{ missions { nodes { guardPosture } } }");
    let principal = app.principal(&french()).await;
    let ask = |query: &str| {
        let request = GraphRequest { query: query.to_owned(), ..GraphRequest::default() };
        let (door, principal) = (app.door.clone(), principal.clone());
        async move { door.graph.execute(&principal, &request).await.body }
    };
    let held = Work::begin(&app.db.store, &app.db.clock).await.expect("begins");
    if engine == Engine::Postgres {
        use sea_orm::ConnectionTrait as _;
        held.rows().execute_unprepared("lock table audit_event in exclusive mode").await.expect("locked");
    }
    let asked: Vec<_> = (0..20).map(|_| tokio::spawn(ask(deep))).collect();
    let answer = tokio::time::timeout(Duration::from_secs(5), ask(shallow)).await.expect("it waits for nothing");
    assert!(answer.contains("\"data\""), "{answer}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(asked.iter().all(|asked| !asked.is_finished()), "an answer left before it was in the trail");
    drop(held);
    for asked in asked {
        let answer = tokio::time::timeout(Duration::from_secs(10), asked).await.expect("in time").expect("it ran");
        assert!(answer.contains("\"data\""), "{answer}");
    }
    assert_eq!(reads(&app.db).await.len(), 20);
    assert_eq!(fault(&app.db).await, None);
}

/// A trail that cannot be written lets nothing deep out; what was refused is written as soon as it can be.
#[rstest]
#[tokio::test]
async fn without_the_trail_nothing_deep_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    crate::support::small_world::fill(&db).await;
    let limits = chancery::config::Limits { operation_seconds: 1, ..chancery::config::Limits::default() };
    let app = App::with(db, limits).await;
    app.token(&french()).await;
    run(&app.db, "alter table audit_event rename to gone").await;
    let reply = app.ask(&french(), "{ missions { nodes { guardPosture } } }", json!({})).await;
    assert_eq!((reply.code(), reply.json.get("data")), ("TIMEOUT", None), "{}", reply.text);
    assert!(app.ask(&french(), "{ missions { nodes { name } } }", json!({})).await.json["data"].is_object());
    let stranger = Who { subject: "nobody".to_owned(), ..french() };
    let turned = app.ask(&stranger, "{ __typename }", json!({})).await;
    assert_eq!((turned.code(), turned.json.get("data")), ("TIMEOUT", None::<&Value>));
    run(&app.db, "alter table gone rename to audit_event").await;
    app.ask(&french(), "{ missions { nodes { guardPosture } } }", json!({})).await.data();
    let decisions: Vec<String> = reads(&app.db).await.into_iter().map(|event| event.decision).collect();
    assert_eq!(decisions, ["READ", "REFUSED", "READ"]);
    assert_eq!(fault(&app.db).await, None);
}
