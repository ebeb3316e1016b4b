//! Bounds of what is written down at posts: how many, how long, how far ahead.

use chancery::store::Engine;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::{
    act, code, desk, done,
    post::post,
    refused,
    support::{
        app::App,
        programmes::security_officer,
        small_world::{public, row, run},
    },
};

/// What hangs on a row: the table and its column, what is copied with which columns made, how many there may be, and what adds
/// one.
struct Bound {
    table: &'static str,
    by: (&'static str, String),
    columns: &'static str,
    values: String,
    most: usize,
    command: &'static str,
    inputs: [Value; 2],
}

async fn count(app: &App, bound: &Bound) -> usize {
    let orm = &app.db.store.orm;
    let sql = format!("select count(*) from {} where {} = '{}'", bound.table, bound.by.0, bound.by.1);
    let found = orm.query_one_raw(Statement::from_string(orm.get_database_backend(), sql)).await.expect("a count");
    let count: i64 = found.expect("a row").try_get_by_index(0).expect("a number");
    usize::try_from(count).expect("small")
}

/// As many as there may be, and one more.
#[rstest]
#[tokio::test]
async fn lists_are_bounded(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (post_id, programme, incident) = (row('T', 1), row('0', 2), row('Z', 2));
    let tour = json!({ "postId": post(1), "capacity": "ASSISTANT_REGIONAL_SECURITY_OFFICER", "name": "A name", "startsOn": "2026-11-01" });
    let programme_of = |kind: &str| json!({ "postId": post(1), "kind": kind, "nextReviewOn": "2027-01-01" });
    let of = json!(public("programme", '0', 2));
    let review = json!({ "programmeId": of, "reviewedOn": "2026-11-21", "outcome": "SATISFACTORY", "summary": "Well", "nextReviewOn": "2027-01-01" });
    let finding = json!({ "programmeId": of, "severity": "LOW", "body": "A gate", "dueOn": "2027-01-01" });
    let advice = json!({ "postId": post(1), "subject": "A gate", "body": "Close it" });
    let comment = json!({ "incidentId": public("incident", 'Z', 2), "body": "More" });
    let bounds = [
        Bound {
            table: "tour",
            by: ("post_id", post_id.clone()),
            columns: "post_id, capacity, name, starts_on",
            values: format!("'{post_id}', 'ASSISTANT_REGIONAL_SECURITY_OFFICER', 'A name', '2020-01-01'"),
            most: 1_000,
            command: "recordTour",
            inputs: [tour.clone(), tour],
        },
        Bound {
            table: "post_programme",
            by: ("post_id", post_id.clone()),
            columns: "post_id, kind, next_review_on, ended_on",
            values: format!("'{post_id}', 'LOCAL_GUARD', '2020-01-01', '2020-01-01'"),
            most: 500,
            command: "establishProgramme",
            inputs: [programme_of("OSAC_COUNTRY_CHAPTER"), programme_of("MARINE_SECURITY_GUARD")],
        },
        Bound {
            table: "programme_review",
            by: ("programme_id", programme.clone()),
            columns: "post_id, programme_id, reviewed_on, outcome, summary, next_review_on, recorded_at",
            values: format!(
                "'{post_id}', '{programme}', '2020-01-01', 'SATISFACTORY', 'x', '2021-01-01', '2020-01-01T00:00:00.000000Z'"
            ),
            most: 1_000,
            command: "recordReview",
            inputs: [review.clone(), review],
        },
        Bound {
            table: "finding",
            by: ("programme_id", programme.clone()),
            columns: "post_id, programme_id, severity, body, found_at, due_on",
            values: format!("'{post_id}', '{programme}', 'LOW', 'x', '2020-01-01T00:00:00.000000Z', '2021-01-01'"),
            most: 1_000,
            command: "addFinding",
            inputs: [finding.clone(), finding],
        },
        Bound {
            table: "advice",
            by: ("post_id", post_id.clone()),
            columns: "post_id, subject, body, advised_by_id, advised_at, decision",
            values: format!("'{post_id}', 'x', 'x', '{}', '2020-01-01T00:00:00.000000Z', 'PENDING'", row('P', 4)),
            most: 10_000,
            command: "recordAdvice",
            inputs: [advice.clone(), advice],
        },
        Bound {
            table: "incident_entry",
            by: ("incident_id", incident.clone()),
            columns: "incident_id, kind, author_id, tlp, at",
            values: format!("'{incident}', 'COMMENT', '{}', 'AMBER', '2020-01-01T00:00:00.000000Z'", row('P', 4)),
            most: 10_000,
            command: "commentOnIncident",
            inputs: [comment.clone(), comment],
        },
    ];
    for bound in bounds {
        let wanting = bound.most - 1 - count(&app, &bound).await;
        let more = format!(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < {wanting})
             insert into {} (id, {}) select '0000000000000000000X' || substr(cast(8000000 + i as text), 2), {} from n",
            bound.table, bound.columns, bound.values
        );
        run(&app.db, &more).await;
        let [last, beyond] = bound.inputs.clone();
        done(&app, &security_officer(), bound.command, last, "__typename").await;
        let error = refused(&app, &security_officer(), bound.command, beyond).await;
        assert_eq!(code(&error), "CONFLICT", "{error}");
        let right = format!("{}: there are {}, which is as many as there may be", bound.command, bound.most);
        assert_eq!(error["message"], right);
        assert_eq!(count(&app, &bound).await, bound.most, "nothing is left of what was refused");
    }
}

/// Texts are as long as they may be, and no longer.
#[rstest]
#[tokio::test]
async fn texts_are_bounded(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let rso = security_officer();
    let incident = json!({ "postId": post(1), "setting": "AT_WORK", "category": "THEFT", "severity": "LOW", "title": "A", "narrative": "B" });
    for (command, field, most, input) in [
        (
            "recordTour",
            "name",
            200,
            json!({ "postId": post(1), "capacity": "ASSISTANT_REGIONAL_SECURITY_OFFICER", "startsOn": "2026-11-01" }),
        ),
        ("recordAdvice", "subject", 200, json!({ "postId": post(1), "body": "Close it" })),
        ("recordAdvice", "body", 20_000, json!({ "postId": post(1), "subject": "A gate" })),
        ("reportIncident", "title", 200, incident.clone()),
        ("reportIncident", "narrative", 20_000, incident.clone()),
        ("reportIncident", "place", 2_000, incident),
        ("setEmergencyPlan", "emergencyPlan", 100_000, json!({ "postId": post(1) })),
        ("commentOnIncident", "body", 20_000, json!({ "incidentId": public("incident", 'Z', 2) })),
    ] {
        for (length, is_done) in [(most, true), (most + 1, false)] {
            let mut input = input.clone();
            // Characters are counted, not bytes.
            input[field] = json!("é".repeat(length));
            let reply = act(&app, &rso, command, input, "__typename").await;
            assert_eq!(reply.json.get("errors").is_none(), is_done, "{command} {field} {length}: {}", reply.text);
            if !is_done {
                let error = &reply.json["errors"][0]["extensions"];
                assert_eq!((&error["code"], &error["input"]), (&json!("BAD_USER_INPUT"), &json!(["input", field])));
            }
        }
    }
}

/// What is due is today or ahead, by five years at most; what was reviewed is not ahead: a day more where it is another day.
#[rstest]
#[tokio::test]
async fn days_are_bounded(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let rso = security_officer();
    let programme = json!({ "postId": post(1), "kind": "OSAC_COUNTRY_CHAPTER", "nextReviewOn": "2027-01-01" });
    let programme =
        done(&app, &rso, "establishProgramme", programme, "programme { id }").await["programme"]["id"].clone();
    let due = |day: &str| {
        ("addFinding", "dueOn", json!({ "programmeId": programme, "severity": "LOW", "body": "A gate", "dueOn": day }))
    };
    let established = |day: &str| {
        (
            "establishProgramme",
            "nextReviewOn",
            json!({ "postId": post(1), "kind": "MARINE_SECURITY_GUARD", "nextReviewOn": day }),
        )
    };
    let reviewed = |field: &'static str, on: &str, next: &str| {
        (
            "recordReview",
            field,
            json!({ "programmeId": programme, "reviewedOn": on, "outcome": "SATISFACTORY", "summary": "Well", "nextReviewOn": next }),
        )
    };
    for ((command, field, input), is_done) in [
        (due("2026-11-20"), false),
        (due("2026-11-21"), true),
        (due("2031-11-26"), true),
        (due("2031-11-27"), false),
        (established("2026-11-20"), false),
        (established("2031-11-27"), false),
        (established("2031-11-26"), true),
        (reviewed("reviewedOn", "2026-11-24", "2027-11-24"), false),
        (reviewed("nextReviewOn", "2026-11-23", "2026-11-23"), false),
        (reviewed("nextReviewOn", "2026-11-23", "2031-11-28"), false),
        (reviewed("nextReviewOn", "2026-11-23", "2031-11-27"), true),
        (reviewed("reviewedOn", "2026-11-22", "2027-11-22"), false),
    ] {
        let reply = act(&app, &rso, command, input.clone(), "__typename").await;
        assert_eq!(reply.json.get("errors").is_none(), is_done, "{command} {input}: {}", reply.text);
        if !is_done {
            let error = &reply.json["errors"][0]["extensions"];
            assert_eq!(
                (&error["code"], &error["input"]),
                (&json!("BAD_USER_INPUT"), &json!(["input", field])),
                "{input}"
            );
        }
    }
    let incident = |at: &str| json!({ "postId": post(1), "setting": "AT_WORK", "category": "THEFT", "severity": "LOW", "title": "A", "narrative": "B", "occurredAt": at });
    done(&app, &rso, "reportIncident", incident("2026-11-22T12:00:00Z"), "__typename").await;
    let error = refused(&app, &rso, "reportIncident", incident("2026-11-23T12:00:01Z")).await;
    assert_eq!((code(&error), &error["extensions"]["input"]), ("BAD_USER_INPUT", &json!(["input", "occurredAt"])));
}
