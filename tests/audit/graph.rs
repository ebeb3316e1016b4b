//! The trail in the graph: whose acts one reads, how it is found, and that a reader can check it.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use chancery::{access::Role, audit, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, chain, run,
    support::{
        app::{App, Who},
        papers,
        plan::explained,
        small_world::{
            analyst, concern, french, french_administrator, french_colleague, liaison_officer, mission, police, row,
        },
    },
    world,
};

/// Everything that an event says, in the order in which it is hashed.
const WHOLE: &str = "id writer sequence at subject agency person role operation rows grounds decision code policyVersion previousHash hash";

async fn trail(app: &App, who: &Who, arguments: &str, fields: &str) -> Vec<Value> {
    let query = format!("{{ auditEvents(first: 100{arguments}) {{ nodes {{ {fields} }} }} }}");
    let reply = app.ask(who, &query, json!({})).await;
    reply.data()["auditEvents"]["nodes"].as_array().expect("nodes").clone()
}

fn auditor() -> Who {
    crate::support::small_world::auditor()
}

/// One of each: what a mission does, what it is refused, what the police and an officer do.
async fn lived(engine: Engine) -> App {
    let app = world(engine).await;
    let question = json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER", "severity": "LOW",
        "title": "A secret title", "narrative": "Whom do we call?" });
    act(&app, &french(), "raiseConcern", question).await.data();
    let hidden = json!({ "concernId": "concern_0000000000000000000X000001", "reason": "Why" });
    assert_eq!(act(&app, &french_colleague(), "withdrawConcern", hidden).await.code(), "NOT_FOUND");
    let officer = liaison_officer();
    act(&app, &officer, "addInternalEntry", json!({ "concernId": concern(1), "body": "Words" })).await.data();
    app.ask(&police(), "{ concerns(first: 100) { nodes { reporter } } }", json!({})).await.data();
    app
}

#[rstest]
#[tokio::test]
async fn one_reads_ones_own_acts(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = lived(engine).await;
    // All at one instant: in no order.
    let told = |events: &[Value]| -> BTreeSet<String> {
        let of = |event: &Value| {
            format!(
                "{} {} {}",
                event["subject"].as_str().unwrap_or("-"),
                event["operation"].as_str().expect("text"),
                event["decision"].as_str().expect("text")
            )
        };
        events.iter().map(of).collect()
    };
    let fields = "subject operation decision code rows agency";
    let of_mission = trail(&app, &french(), "", fields).await;
    assert_eq!(told(&of_mission), BTreeSet::from(["subject-1 raiseConcern DONE".to_owned()]));
    assert_eq!(of_mission[0]["agency"], format!("agency_{}", french().agency));
    let of_colleague = trail(&app, &french_colleague(), "", fields).await;
    assert_eq!(told(&of_colleague), BTreeSet::from(["subject-2 withdrawConcern REFUSED".to_owned()]));
    assert_eq!(of_colleague[0]["code"], "NOT_FOUND");
    // The same person in another role: what was done in the one is not of the other.
    let as_agent = Who { role: Role::DetailAgent, ..liaison_officer() };
    assert_eq!(trail(&app, &as_agent, "", fields).await, [] as [Value; 0]);
    // Who keeps the agency's registry reads nobody's acts; nor does an analyst.
    for who in [french_administrator(), analyst()] {
        let reply = app.ask(&who, "{ auditEvents { totalCount } }", json!({})).await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{who:?}");
    }
    let of_officer = trail(&app, &liaison_officer(), "", fields).await;
    assert_eq!(told(&of_officer), BTreeSet::from(["subject-4 addInternalEntry DONE".to_owned()]));
    let of_police = trail(&app, &police(), "", fields).await;
    assert!(told(&of_police).iter().all(|told| told.starts_with("subject-3 sha256:")), "{of_police:?}");
    assert_eq!((of_police.len(), &of_police[0]["decision"]), (1, &json!("READ")));
    // What one has read of the trail is in it: the names and rows are protected values.
    let again = trail(&app, &police(), ", filter: { decision: { eq: READ } }", "rows").await;
    assert!(
        again
            .iter()
            .any(|event| event["rows"][0].as_str().is_some_and(|row| row.starts_with("audit_") && row.ends_with("/P"))),
        "{again:?}"
    );
    let all = trail(&app, &auditor(), "", fields).await;
    assert!(all.len() > of_mission.len() + of_officer.len() + of_police.len(), "{all:?}");
    assert!(all.iter().all(|event| !event.to_string().contains("A secret title")), "ids and names of ours alone");
}

#[rstest]
#[tokio::test]
async fn an_event_is_found_by_what_it_says(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = lived(engine).await;
    let who = auditor();
    let refused =
        trail(&app, &who, ", filter: { decision: { eq: REFUSED }, code: { eq: \"NOT_FOUND\" } }", "operation").await;
    assert_eq!(refused, [json!({ "operation": "withdrawConcern" })]);
    let agency = format!(", filter: {{ agency: {{ eq: \"agency_{}\" }} }}", french().agency);
    assert_eq!(trail(&app, &who, &agency, "subject").await.len(), 2);
    let of_nobody = trail(&app, &who, ", filter: { agency: { isNull: true } }", "subject").await;
    assert!(of_nobody.iter().all(|event| event["subject"].is_null()));
    let none =
        trail(&app, &who, ", filter: { agency: { eq: \"concern_0000000000000000000N000001\" } }", "subject").await;
    assert_eq!(none, [] as [Value; 0], "the id of another type is nobody's");
    // From an event to it: by its id, by `node`, and not by who may not see it.
    let event = trail(&app, &who, ", filter: { operation: { eq: \"addInternalEntry\" } }", "id").await[0]["id"].clone();
    let query = "query($id: ID!) { auditEvent(id: $id) { operation } node(id: $id) { __typename } }";
    let found = app.ask(&who, query, json!({ "id": event })).await;
    assert_eq!(
        found.data(),
        &json!({ "auditEvent": { "operation": "addInternalEntry" }, "node": { "__typename": "AuditEvent" } })
    );
    let hidden = app.ask(&french(), query, json!({ "id": event })).await;
    assert_eq!(hidden.data(), &json!({ "auditEvent": null, "node": null }));
    // What one cannot read one cannot find by either: places in a chain count what everybody does.
    let reply = app.ask(&french(), "{ auditEvents(filter: { sequence: { gt: 1 } }) { totalCount } }", json!({})).await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
}

/// The hash of an event as the documentation says it is made, from what an auditor reads.
fn hashed(event: &Value) -> String {
    let mut bytes = Vec::new();
    let mut take = |value: Option<String>| match value {
        None => bytes.push(0),
        Some(value) => {
            bytes.push(1);
            bytes.extend((value.len() as u64).to_be_bytes());
            bytes.extend(value.as_bytes());
        }
    };
    take(Some("chancery.audit.event.1".to_owned()));
    for field in WHOLE.split(' ').filter(|field| *field != "hash") {
        let value = &event[field];
        let row = |id: &str| id.rsplit_once('_').expect("a prefix").1.to_owned();
        take(match field {
            _ if value.is_null() => None,
            "id" | "agency" | "person" => Some(row(value.as_str().expect("an id"))),
            _ => Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        });
    }
    data_encoding::HEXLOWER.encode(digest(&SHA256, &bytes).as_ref())
}

#[rstest]
#[tokio::test]
async fn who_reads_a_chain_can_check_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = lived(engine).await;
    let desk = ", filter: { writer: { eq: \"desk\" } }, orderBy: [AT_ASC]";
    let mut events = trail(&app, &auditor(), desk, WHOLE).await;
    events.sort_by_key(|event| event["sequence"].as_i64());
    assert_eq!(events.len(), chain(&app.db, audit::DESK).await.len());
    let mut last = "0".repeat(64);
    for (place, event) in (1..).zip(&events) {
        assert_eq!(event["sequence"], place);
        assert_eq!(event["previousHash"], last.as_str());
        last = hashed(event);
        assert_eq!(event["hash"], last.as_str(), "{event}");
    }
}

/// However much others do, what is one's own is a range of an index, and the newest of all are the end of one.
#[rstest]
#[tokio::test]
async fn the_trail_is_not_read_whole(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    if engine == Engine::Postgres {
        run(&app.db, "analyze").await;
    }
    for (role, index) in [
        (Role::MissionOfficer, "audit_event_by_person"),
        (Role::LawEnforcement, "audit_event_by_person"),
        (Role::DetailAgent, "audit_event_by_person"),
        (Role::Auditor, "audit_event_by_at"),
    ] {
        let question = "{ auditEvents(first: 20) { nodes { at operation subject } } }";
        let settings = [("enable_sort", "off"), ("enable_bitmapscan", "off")];
        let text = explained(&app, role, question, ("e", &row('A', 1)), &settings).await;
        assert!(text.contains(index), "{role}\n{text}");
        assert!(!text.contains("Sort") && !text.contains("TEMP B-TREE FOR ORDER BY"), "{role}\n{text}");
        if role == Role::Auditor {
            continue;
        }
        // Law 7: nor does what a client names drive the plan, an agency that does much or an instant.
        for filter in [
            "agency: { eq: \"agency_0000000000000000000A000004\" }",
            "at: { gt: \"2026-11-01T00:00:00Z\" }",
            "at: { gt: \"2026-11-01T00:00:00Z\" }, decision: { eq: READ }",
        ] {
            let question = format!("{{ auditEvents(filter: {{ {filter} }}) {{ totalCount nodes {{ at subject }} }} }}");
            let text = explained(&app, role, &question, ("e", &row('A', 1)), &[]).await;
            assert!(text.contains(index), "{role}\n{text}");
            assert!(!text.contains("by_at") && !text.contains("by_agency"), "{role} {filter}\n{text}");
        }
    }
}

fn report(tlp: &str) -> Value {
    json!({ "missionId": mission(1), "kind": "PROBLEM", "category": "OTHER", "severity": "HIGH", "title": "An insider",
        "narrative": "A colleague", "tlp": tlp })
}

/// RED is for who reported and for named persons: not that there is a report, nor who made it, is for a colleague; nor
/// whether there is one by the code of a refusal, nor that somebody was shown one.
#[rstest]
#[tokio::test]
async fn a_colleague_learns_of_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let counted = "{ auditEvents { totalCount nodes { rows subject } } }";
    let before = app.ask(&french_colleague(), counted, json!({})).await.text;
    act(&app, &french(), "raiseConcern", report("RED")).await.data();
    app.ask(&french(), "{ concerns(first: 100) { nodes { reporter subjects } } }", json!({})).await.data();
    let withdrawn = json!({ "concernId": concern(2), "reason": "Why" });
    act(&app, &french(), "withdrawConcern", withdrawn).await;
    assert_eq!(app.ask(&french_colleague(), counted, json!({})).await.text, before);
    assert!(trail(&app, &french(), "", "rows").await.len() > 2, "and who did it does");
}

/// What an event names is read by who did it: of an end of a link that the actor does not see it does not speak.
#[rstest]
#[tokio::test]
async fn a_row_that_the_actor_does_not_see_is_not_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    // The third liaison is of the police of the District and serves missions 3 (California) and 4 (the District).
    let liaison = format!("liaison_{}", row('V', 3));
    act(&app, &police(), "removeLiaison", json!({ "liaisonId": liaison })).await.data();
    let events = trail(&app, &police(), "", "rows").await;
    let rows = events[0]["rows"].to_string();
    assert!(rows.contains(&liaison) && rows.contains(&mission(4)), "{rows}");
    assert!(!rows.contains(&mission(3)), "{rows}");
}

/// Places are counted in 64 bits: beyond an `Int` they are told and found all the same.
#[rstest]
#[tokio::test]
async fn a_place_may_be_beyond_an_int(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let sql = "insert into audit_event (id, writer, sequence, at, operation, object_ids, grounds, decision, policy_version, previous_hash, hash) values ('0000000000000000000J000099', 'far', 3000000000, '2026-11-01T00:00:00.000000Z', 'Q', '[]', '[]', 'READ', 8, 'x', 'y')";
    run(&app.db, sql).await;
    let found = trail(&app, &auditor(), ", filter: { sequence: { gt: 2999999999, lte: 3e9 } }", "sequence").await;
    assert_eq!(found[0]["sequence"].as_f64(), Some(3e9));
}
