//! The README is true: its questions have its answers, its commands are commands, its agency can be enrolled.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::process::Command;

use chancery::{
    access::Role,
    demo,
    desk::{
        Work,
        registry::{self, NewAgency, Origin, areas},
    },
    store::Engine,
};
use rstest::rstest;
use serde_json::{Value, json};
use support::{
    TestDb,
    app::{App, Who},
};

const README: &str = include_str!("../README.md");

/// The fenced blocks of a language, each with what follows it up to the next one.
fn blocks(language: &str) -> Vec<(&'static str, &'static str)> {
    let fence = format!("```{language}\n");
    let of_fence = README.split(fence.as_str()).skip(1);
    of_fence.map(|rest| rest.split_once("```").expect("a block ends")).collect()
}

fn cells(line: &'static str) -> Vec<&'static str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn inner(cell: &str) -> &str {
    cell.trim_matches('`')
}

/// A place in an answer, as the README writes it: texts as they are, the rest as JSON, `—` where there is no such place.
fn told(answer: &Value, place: &str) -> String {
    let root = if place.starts_with("errors") { answer } else { &answer["data"] };
    let step = |value: &Value, name: &str| match name.parse::<usize>() {
        Ok(index) => value.get(index).cloned(),
        Err(_) => value.get(name).cloned(),
    };
    match place.split('.').try_fold(root.clone(), |value, name| step(&value, name)) {
        None => "—".to_owned(),
        Some(Value::String(text)) => text,
        Some(Value::Array(items)) if !items.is_empty() => {
            items.iter().map(|item| item.as_str().expect("a text")).collect::<Vec<_>>().join(", ")
        }
        Some(other) => format!("`{other}`"),
    }
}

#[rstest]
#[tokio::test]
async fn its_questions_have_its_answers(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let keys = db.directory().join("demo-keys");
    let people = demo::seed(&db.store, &db.clock, &keys, |_| {}).await.expect("the demo is seeded");
    let app = App::over(db).await;
    let questions = blocks("graphql");
    assert!(questions.len() >= 5);
    let mut compared = 0;
    for (question, after) in questions {
        let mut table =
            after.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let roles: Vec<Role> = cells(table.next().expect("a table of answers"))[1..]
            .iter()
            .map(|cell| inner(cell).parse().expect("a role"))
            .collect();
        let mut answers = Vec::new();
        for role in roles {
            let person = people.0.iter().find(|person| person.role == role).expect("the demo has everyone");
            let agency = registry::agency(&app.db.store.orm, person.agency).await.expect("the agency");
            let who = Who { agency: agency.id, subject: person.subject.to_owned(), role };
            answers.push((role, app.ask(&who, question, json!({})).await.json));
        }
        for row in table.skip(1).map(cells) {
            for ((role, answer), cell) in answers.iter().zip(&row[1..]).filter(|(_, cell)| !cell.is_empty()) {
                assert_eq!(&told(answer, inner(row[0])), cell, "{role}: {} of {question}{answer}", row[0]);
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

/// A line of the life in curl.
struct Asked {
    /// What is kept of the answer: a name, and the way that jq goes.
    kept: Option<(&'static str, &'static str)>,
    role: Role,
    body: &'static str,
}

fn asked(line: &'static str) -> Option<Asked> {
    let (kept, rest) = match line.split_once("=$(ask ") {
        Some((name, rest)) => {
            let (rest, way) = rest.strip_suffix(')')?.rsplit_once(" | jq -r .")?;
            (Some((name, way)), rest)
        }
        None => (None, line.strip_prefix("ask ")?),
    };
    let (role, body) = rest.split_once(' ')?;
    Some(Asked { kept, role: role.parse().ok()?, body: body.strip_prefix('\'')?.strip_suffix('\'')? })
}

#[rstest]
#[tokio::test]
async fn its_life_can_be_lived(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let answers = lived(engine, blocks("bash")[0].0).await;
    assert!(answers.len() >= 10, "{}", answers.len());
    let last = &answers.last().expect("an answer")["data"]["concern"];
    assert_eq!(last["status"], "CLOSED");
    assert!(last["entries"]["nodes"].as_array().is_some_and(|entries| entries.len() >= 8), "{last}");
}

#[rstest]
#[tokio::test]
async fn its_visit_is_seen_from_four_sides(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let answers = lived(engine, blocks("bash")[2].0).await;
    let visits: Vec<&Value> =
        answers.iter().map(|answer| &answer["data"]).filter(|data| data.get("visit").is_some()).collect();
    let [before, embassy, police, abroad, after] = visits.as_slice() else { panic!("{visits:?}") };
    assert_eq!(before["visit"], Value::Null);
    assert_eq!(embassy["visit"]["legs"]["nodes"].as_array().map(Vec::len), Some(2));
    let notices = json!([{ "officer": "Cdt. Luc Morel", "decision": "GRANTED", "reason": "Unloaded on board." }]);
    assert_eq!(embassy["visit"]["weaponsNotices"]["nodes"], notices);
    let seen = &police["visit"];
    assert_eq!((&seen["status"], &seen["sendingState"]["name"]), (&json!("ACCEPTED"), &json!("France")));
    let venues: Vec<&Value> = seen["legs"]["nodes"].as_array().expect("legs").iter().map(|leg| &leg["venue"]).collect();
    assert_eq!(venues, [&json!({ "name": "French Institute", "address": "22 East 60th Street" })]);
    assert_eq!(seen["weaponsNotices"]["totalCount"], 0);
    assert_eq!(
        (&abroad["visit"]["principal"], &abroad["visit"]["rank"]),
        (&json!("Claire Delmas"), &json!("FOREIGN_MINISTER"))
    );
    let calendar = answers.iter().find_map(|answer| answer["data"].get("visitCalendar")).expect("a calendar");
    let ours = calendar["nodes"].as_array().expect("visits").iter().find(|visit| visit["principal"] == "Claire Delmas");
    assert_eq!(ours.expect("it is among them")["threatAssessment"], "A demonstration is announced at the Institute.");
    assert_eq!(after["visit"]["status"], "COMPLETED");
}

#[rstest]
#[tokio::test]
async fn its_detail_is_seen_from_four_sides(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let answers = lived(engine, blocks("bash")[3].0).await;
    let seen: Vec<&Value> = answers.iter().map(|answer| &answer["data"]["protectiveDetail"]).collect();
    let [.., leader, detective, embassy, analyst] = seen.as_slice() else { panic!("{seen:?}") };
    let shifts = leader["shifts"]["nodes"].as_array().expect("shifts");
    let [first, second] = shifts.as_slice() else { panic!("{shifts:?}") };
    assert_eq!((&first["agent"], &second["agent"]), (&json!("Cole Whitaker"), &json!("Det. Dana Castellano")));
    assert_eq!(first["endsAt"], second["startsAt"]);
    let gaps = leader["coverageGaps"].as_array().expect("gaps");
    assert_eq!((gaps.len(), &gaps[0]["startsAt"]), (1, &second["endsAt"]));
    assert_eq!(
        leader["visit"]["advanceNotes"]["nodes"],
        json!([{ "body": "Scaffolding on the east side of the street." }])
    );
    assert_eq!(detective["shifts"]["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(detective["visit"]["principal"], "Claire Delmas");
    assert_eq!((&embassy["status"], &embassy["agentInCharge"]), (&json!("OPEN"), &json!("Cole Whitaker")));
    assert_eq!(analyst["protectee"], "VISITOR");
}

#[rstest]
#[tokio::test]
async fn its_post_is_kept(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (block, _) = *blocks("bash").iter().find(|(block, _)| block.contains("recordReview")).expect("a post");
    let answers = lived(engine, block).await;
    let [.., officer, headquarters, liaison] = answers.as_slice() else { panic!("three sides") };
    let glance = &answers[1]["data"]["post"];
    assert_eq!(glance["name"], "Embassy of the United States in Paris");
    assert!(glance["chiefOfMission"].is_string() && glance["readiness"]["open"].as_u64() > Some(0), "{glance}");
    assert!(glance["country"]["visits"]["nodes"][0]["principal"].is_string(), "{glance}");
    assert_eq!(answers[6]["data"]["recordAdviceDecision"]["advice"]["decision"], "ACCEPTED");
    let told = officer["data"]["timeline"]["nodes"].as_array().expect("a list");
    let kinds: Vec<&str> = told.iter().take(3).filter_map(|node| node["__typename"].as_str()).collect();
    assert!(["Incident", "Finding", "Advice"].iter().all(|kind| kinds.contains(kind)), "{told:?}");
    let incident = told.iter().find(|node| node["title"] == "Break-in at a residence").expect("the incident");
    // Both steps were taken in one instant of the test's clock.
    let said = |entry: &Value| entry["body"] == "Nothing is missing; the lock was changed.";
    assert!(incident["entries"]["nodes"].as_array().expect("a log").iter().any(said), "{incident}");
    let headquarters = &headquarters["data"];
    assert_eq!(
        headquarters["incident"],
        json!({ "setting": "AT_HOME", "category": "CRIME", "status": "RESOLVED", "title": null })
    );
    assert!(headquarters["programmesDue"]["totalCount"].as_u64() > Some(0), "{headquarters}");
    assert!(headquarters["posts"]["nodes"][0]["readiness"]["state"].is_string(), "{headquarters}");
    assert_eq!(liaison["data"]["post"], json!({ "name": "Embassy of the United States in Paris", "city": "Paris" }));
}

/// The answers to the lines of a block of curl.
async fn lived(engine: Engine, block: &'static str) -> Vec<Value> {
    let db = TestDb::new(engine).await;
    let keys = db.directory().join("demo-keys");
    let people = demo::seed(&db.store, &db.clock, &keys, |_| {}).await.expect("the demo is seeded");
    let day = |days| (db.clock.now() + time::Duration::days(days)).date().to_string();
    let (mut kept, mut answers): (Vec<(&str, String)>, Vec<Value>) = (
        vec![
            ("FIRST", day(20)),
            ("LAST", day(21)),
            ("SOON", day(3)),
            ("NEXT", day(4)),
            ("TODAY", day(0)),
            ("YEAR", day(360)),
        ],
        Vec::new(),
    );
    let app = App::over(db).await;
    for line in block.lines().filter(|line| line.contains("ask ")) {
        let Asked { kept: keep, role, body } = asked(line).unwrap_or_else(|| panic!("not understood: {line}"));
        let body = kept.iter().fold(body.to_owned(), |body, (name, value)| body.replace(&format!("'${name}'"), value));
        let person = people.0.iter().find(|person| person.role == role).expect("the demo has everyone");
        let agency = registry::agency(&app.db.store.orm, person.agency).await.expect("the agency");
        let who = Who { agency: agency.id, subject: person.subject.to_owned(), role };
        let reply = app.post(&who, &serde_json::from_str(&body).expect(line)).await;
        reply.data();
        if let Some((name, way)) = keep {
            let place = format!("/{}", way.replace("[0]", ".0").replace('.', "/"));
            let value = reply.json.pointer(&place).and_then(Value::as_str).unwrap_or_else(|| panic!("{way}"));
            kept.push((name, value.to_owned()));
        }
        answers.push(reply.json);
    }
    answers
}

#[rstest]
#[tokio::test]
async fn its_stream_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let keys = db.directory().join("demo-keys");
    let people = demo::seed(&db.store, &db.clock, &keys, |_| {}).await.expect("the demo is seeded");
    let app = App::over(db).await;
    let (block, _) = blocks("bash")[1];
    let (_, body) = block.trim().rsplit_once(" -d '").expect("a body");
    let body: Value = serde_json::from_str(body.strip_suffix('\'').expect("its end")).expect("JSON");
    let role = Role::LiaisonOfficer;
    assert!(block.contains(role.name()));
    let person = people.0.iter().find(|person| person.role == role).expect("the demo has everyone");
    let agency = registry::agency(&app.db.store.orm, person.agency).await.expect("the agency");
    let who = Who { agency: agency.id, subject: person.subject.to_owned(), role };
    let mut listener = app.listen_with(&app.token(&who).await, &body).await;
    listener.told("RESYNC").await;
    let board = "{ deskBoard(first: 1, filter: { status: { eq: SUBMITTED } }) { nodes { id reference } } }";
    let found = app.ask(&who, board, json!({})).await.data()["deskBoard"]["nodes"][0].clone();
    let acknowledge = "mutation($id: ID!) { acknowledgeConcern(input: { concernId: $id }) { concern { id } } }";
    app.ask(&who, acknowledge, json!({ "id": found["id"] })).await.data();
    let event = listener.told("CHANGED").await;
    assert_eq!((&event["id"], &event["concern"]["reference"]), (&found["id"], &found["reference"]));
    assert_eq!(event["concern"]["status"], "ACKNOWLEDGED");
}

#[test]
fn its_commands_are_commands() {
    let mut tried = 0;
    for (block, _) in blocks("sh") {
        for line in block.lines().filter(|line| line.starts_with("chancery ")) {
            // Help is printed before anything is done, but only for commands and flags that there are.
            let quoted = line.replace("\"Sgt. Ines Duarte\"", "Duarte");
            let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
                .args(quoted.split(' ').skip(1))
                .arg("--help")
                .output()
                .expect("the program runs");
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            tried += 1;
        }
    }
    assert!(tried >= 20, "{tried}");
}

#[rstest]
#[tokio::test]
async fn its_agency_can_be_enrolled(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let (file, _) = blocks("json")[0];
    let new = NewAgency::from_json(file).expect("the file is read");
    let mut work = Work::begin(&db.store, &db.clock).await.expect("work begins");
    let added = registry::add_agency(&mut work, &new, Origin::Administrator).await.expect("it is enrolled");
    let areas = areas::list(work.rows(), added.id()).await.expect("its areas");
    assert!(areas.len() == 2 && areas.iter().all(|area| area.confirmed_at.is_none()));
    work.commit().await.expect("it is kept");
}

/// Every file and directory that it names is there.
#[test]
fn its_links_lead_somewhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let linked = README.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let mut local: Vec<&str> = linked.filter(|target| !target.starts_with("https://")).collect();
    let quoted = README.split('`').skip(1).step_by(2);
    let to_come = ["entity/src/motorcade.rs", "src/model/motorcade.rs", "src/access/emit/motorcade.rs"];
    local.extend(quoted.filter(|text| text.starts_with("src/") || text.starts_with("migration/")));
    assert!(local.len() > 15, "{local:?}");
    for path in local.into_iter().filter(|path| !to_come.contains(path)) {
        assert!(root.join(path).exists(), "{path}");
    }
}
