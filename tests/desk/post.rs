//! Posts abroad: who serves at them, the programmes that protect their people, and what their chiefs are advised.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        programmes::{second_security_officer, security_officer},
        small_world::{analyst, french, liaison_officer, police, public},
    },
};

/// The sixth post, to which nobody is posted, and the first.
pub fn post(number: usize) -> String {
    public("post", 'T', number)
}

/// What somebody sees of a post.
async fn seen(app: &App, who: &Who, number: usize, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ post(id: $id) {{ {fields} }} }}");
    app.ask(who, &query, json!({ "id": post(number) })).await.data()["post"].clone()
}

/// A programme of a kind that the first post does not keep, due on a day.
async fn established(app: &App, next: &str) -> Value {
    let input = json!({ "postId": post(1), "kind": "OSAC_COUNTRY_CHAPTER", "nextReviewOn": next });
    done(app, &security_officer(), "establishProgramme", input, "programme { id nextReviewOn reviewedOn endedOn }")
        .await["programme"]["id"]
        .clone()
}

#[rstest]
#[tokio::test]
async fn a_post_has_one_chief_at_a_time(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let rso = security_officer();
    let tour = |capacity: &str, name: &str, first: &str, last: Option<&str>| json!({ "postId": post(1), "capacity": capacity, "name": name, "startsOn": first, "endsOn": last });
    // Those of the small world are of other capacities, or over.
    let fields = "chiefOfMission regionalSecurityOfficer deputies tours(first: 50) { nodes { id capacity name startsOn endsOn } }";
    for node in seen(&app, &rso, 1, fields).await["tours"]["nodes"].as_array().expect("a list") {
        done(&app, &rso, "removeTour", json!({ "tourId": node["id"] }), "post { id }").await;
    }
    assert_eq!(
        seen(&app, &rso, 1, fields).await,
        json!({ "chiefOfMission": null, "regionalSecurityOfficer": null, "deputies": [], "tours": { "nodes": [] } })
    );
    let first =
        done(&app, &rso, "recordTour", tour("CHIEF_OF_MISSION", "Ambassador One", "2024-01-01", None), "tour { id }")
            .await;
    let first = first["tour"]["id"].clone();
    // Nobody else while it lasts, whichever day they would come.
    let error = refused(&app, &rso, "recordTour", tour("CHIEF_OF_MISSION", "Ambassador Two", "2027-01-01", None)).await;
    assert_eq!((code(&error), &error["extensions"]["tour"]), ("CONFLICT", &first));
    done(&app, &rso, "changeTour", json!({ "tourId": first, "endsOn": "2026-12-31" }), "tour { endsOn }").await;
    let error = refused(&app, &rso, "recordTour", tour("CHIEF_OF_MISSION", "Ambassador Two", "2026-12-31", None)).await;
    assert_eq!(code(&error), "CONFLICT", "the last day is theirs");
    done(
        &app,
        &rso,
        "recordTour",
        tour("CHIEF_OF_MISSION", "Ambassador Two", "2027-01-01", Some("2029-12-31")),
        "tour { id }",
    )
    .await;
    // The first may not come back into the other's time, and no day is before another.
    let error = refused(&app, &rso, "changeTour", json!({ "tourId": first, "endsOn": null })).await;
    assert_eq!(code(&error), "CONFLICT");
    let error = refused(&app, &rso, "changeTour", json!({ "tourId": first, "endsOn": "2023-12-31" })).await;
    assert_eq!((code(&error), &error["extensions"]["input"]), ("BAD_USER_INPUT", &json!(["input", "endsOn"])));
    // Deputies there are as many as there are.
    for name in ["Deputy B", "Deputy A"] {
        done(
            &app,
            &rso,
            "recordTour",
            tour("DEPUTY_REGIONAL_SECURITY_OFFICER", name, "2026-01-01", None),
            "tour { id }",
        )
        .await;
    }
    done(
        &app,
        &rso,
        "recordTour",
        tour("ASSISTANT_REGIONAL_SECURITY_OFFICER", "Late", "2026-12-01", None),
        "tour { id }",
    )
    .await;
    let told = seen(&app, &rso, 1, "chiefOfMission regionalSecurityOfficer deputies").await;
    assert_eq!(
        told,
        json!({ "chiefOfMission": "Ambassador One", "regionalSecurityOfficer": null, "deputies": ["Deputy A", "Deputy B"] })
    );
    assert_eq!(
        seen(&app, &analyst(), 1, "chiefOfMission deputies").await["chiefOfMission"],
        "Ambassador One",
        "headquarters reads all posts"
    );
    // By the clock alone another is chief.
    crate::detail::until(&app, "2027-01-01T00:00:00Z");
    assert_eq!(
        seen(&app, &rso, 1, "chiefOfMission deputies").await,
        json!({ "chiefOfMission": "Ambassador Two", "deputies": ["Deputy A", "Deputy B", "Late"] })
    );
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_programme_is_reviewed_and_what_is_wanting_is_put_right(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    let rso = security_officer();
    let ready =
        "readiness { state open overdue dueSoon nextDueOn } findingsReadiness { state open overdue dueSoon nextDueOn }";
    let before = seen(&app, &rso, 1, ready).await;
    let programme = established(&app, "2026-12-01").await;
    let again = json!({ "postId": post(1), "kind": "OSAC_COUNTRY_CHAPTER", "nextReviewOn": "2026-12-01" });
    let error = refused(&app, &rso, "establishProgramme", again.clone()).await;
    assert_eq!((code(&error), &error["extensions"]["programme"]), ("CONFLICT", &programme));
    let after = seen(&app, &rso, 1, ready).await;
    let count = |told: &Value, of: &str, what: &str| told[of][what].as_i64().expect("a number");
    assert_eq!(count(&after, "readiness", "open"), count(&before, "readiness", "open") + 1);
    assert_eq!(count(&after, "readiness", "dueSoon"), count(&before, "readiness", "dueSoon") + 1);

    let review = |on: &str, next: &str| json!({ "programmeId": programme, "reviewedOn": on, "outcome": "NEEDS_IMPROVEMENT", "summary": "One gate stays open", "nextReviewOn": next });
    for (on, next, field) in [
        ("2026-12-24", "2027-12-24", "reviewedOn"),
        ("2026-11-20", "2026-11-20", "nextReviewOn"),
        ("2026-11-20", "2032-11-20", "nextReviewOn"),
    ] {
        let error = refused(&app, &rso, "recordReview", review(on, next)).await;
        assert_eq!(
            (code(&error), &error["extensions"]["input"]),
            ("BAD_USER_INPUT", &json!(["input", field])),
            "{on} {next}"
        );
    }
    let recorded = done(
        &app,
        &rso,
        "recordReview",
        review("2026-11-20", "2027-05-20"),
        "programme { reviewedOn outcome nextReviewOn } review { id summary }",
    )
    .await;
    assert_eq!(
        recorded["programme"],
        json!({ "reviewedOn": "2026-11-20", "outcome": "NEEDS_IMPROVEMENT", "nextReviewOn": "2027-05-20" })
    );
    let error = refused(&app, &rso, "recordReview", review("2026-11-19", "2027-05-20")).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "reviewedOn"]), "not before the one before");

    let finding = |review: &Value, due: &str| json!({ "programmeId": programme, "reviewId": review, "severity": "HIGH", "body": "The north gate stays open", "dueOn": due });
    let error = refused(&app, &rso, "addFinding", finding(&json!(public("review", '0', 502)), "2026-12-01")).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "reviewId"]), "of another programme");
    let error = refused(&app, &rso, "addFinding", finding(&recorded["review"]["id"], "2026-11-01")).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "dueOn"]), "past");
    let found = done(
        &app,
        &rso,
        "addFinding",
        finding(&recorded["review"]["id"], "2026-12-01"),
        "finding { id body review { summary } }",
    )
    .await;
    assert_eq!(found["finding"]["review"], json!({ "summary": "One gate stays open" }));
    let finding = found["finding"]["id"].clone();

    let error = refused(&app, &rso, "endProgramme", json!({ "programmeId": programme })).await;
    assert_eq!((code(&error), &error["extensions"]["finding"]), ("CONFLICT", &finding));
    let resolve = json!({ "findingId": finding, "resolution": "It has a spring" });
    done(&app, &rso, "resolveFinding", resolve.clone(), "finding { resolution }").await;
    assert_eq!(code(&refused(&app, &rso, "resolveFinding", resolve).await), "CONFLICT");
    let ended = done(&app, &rso, "endProgramme", json!({ "programmeId": programme }), "programme { endedOn }").await;
    assert_eq!(ended["programme"]["endedOn"], "2026-11-22");
    assert_eq!(
        code(&refused(&app, &rso, "recordReview", review("2026-11-21", "2027-05-20")).await),
        "CONFLICT",
        "kept no more"
    );
    done(&app, &rso, "establishProgramme", again, "programme { id }").await;
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_chief_of_mission_is_advised_and_decides(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let rso = security_officer();
    let advice = |finding: Option<String>| json!({ "postId": post(1), "subject": "The gate", "body": "Close it at night.", "findingId": finding });
    let error = refused(&app, &rso, "recordAdvice", advice(Some(public("finding", '1', 4)))).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "findingId"]), "at another post");
    let given = done(
        &app,
        &rso,
        "recordAdvice",
        advice(Some(public("finding", '1', 2))),
        "advice { id decision advisedBy finding { body } decidedAt }",
    )
    .await["advice"]
        .clone();
    assert_eq!(
        (&given["decision"], &given["advisedBy"], &given["decidedAt"]),
        (&json!("PENDING"), &json!("Person 4"), &Value::Null)
    );
    let decide = |decision: &str, reason: Option<&str>| json!({ "adviceId": given["id"], "decision": decision, "reason": reason });
    for decision in ["DECLINED", "DEFERRED"] {
        let error = refused(&app, &rso, "recordAdviceDecision", decide(decision, None)).await;
        assert_eq!(error["extensions"]["input"], json!(["input", "reason"]));
    }
    done(&app, &rso, "recordAdviceDecision", decide("DEFERRED", Some("After the summit")), "advice { id }").await;
    let decided =
        done(&app, &rso, "recordAdviceDecision", decide("ACCEPTED", None), "advice { decision decidedAt reason }")
            .await;
    assert_eq!(decided["advice"]["decision"], "ACCEPTED");
    let error = refused(&app, &rso, "recordAdviceDecision", decide("DECLINED", Some("No"))).await;
    assert_eq!((code(&error), &error["extensions"]["decision"]), ("CONFLICT", &json!("ACCEPTED")));
    // Headquarters sees that the post is ready, not what is wanting there.
    let query = "query($id: ID!) { post(id: $id) { advice { totalCount } } }";
    assert_eq!(
        app.ask(&analyst(), query, json!({ "id": post(1) })).await.json["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
}

#[rstest]
#[tokio::test]
async fn what_is_due_is_told_before_a_day(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let query = "query($d: Date!) { programmesDue(before: $d, first: 100) { totalCount nodes { id nextReviewOn endedOn post { id } } } }";
    let due =
        async |who: &Who, day: &str| app.ask(who, query, json!({ "d": day })).await.data()["programmesDue"].clone();
    let all = due(&analyst(), "2030-01-01").await;
    let nodes = all["nodes"].as_array().expect("a list");
    assert_eq!(all["totalCount"], nodes.len());
    assert!(nodes.iter().all(|node| node["endedOn"].is_null()));
    let days: Vec<&str> = nodes.iter().filter_map(|node| node["nextReviewOn"].as_str()).collect();
    assert!(days.is_sorted() && days.len() > 5, "{days:?}");
    let day = days[days.len() / 2];
    let some = due(&analyst(), day).await;
    assert_eq!(some["totalCount"], days.iter().filter(|one| **one < day).count(), "before, not on the day");
    // An officer is told of their own post alone; who may not read programmes has no such question.
    let own = due(&security_officer(), "2030-01-01").await;
    assert!(own["nodes"].as_array().expect("a list").iter().all(|node| node["post"]["id"] == json!(post(1))));
    assert_eq!(own["totalCount"], nodes.iter().filter(|node| node["post"]["id"] == json!(post(1))).count());
    for who in [french(), police(), liaison_officer()] {
        assert_eq!(
            app.ask(&who, query, json!({ "d": day })).await.json["errors"][0]["extensions"]["code"],
            "GRAPHQL_VALIDATION_FAILED"
        );
    }
}

#[rstest]
#[tokio::test]
async fn another_post_is_not_there(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let programme = established(&app, "2026-12-01").await;
    let stranger = second_security_officer();
    for (command, input, absent) in [
        (
            "recordAdvice",
            json!({ "postId": post(1), "subject": "A", "body": "B" }),
            json!({ "postId": post(99), "subject": "A", "body": "B" }),
        ),
        ("endProgramme", json!({ "programmeId": programme }), json!({ "programmeId": public("programme", '0', 999) })),
        ("removeTour", json!({ "tourId": public("tour", '9', 2) }), json!({ "tourId": public("tour", '9', 999) })),
        (
            "resolveFinding",
            json!({ "findingId": public("finding", '1', 2), "resolution": "x" }),
            json!({ "findingId": public("finding", '1', 999), "resolution": "x" }),
        ),
    ] {
        let (hidden, none) =
            (refused(&app, &stranger, command, input).await, refused(&app, &stranger, command, absent).await);
        assert_eq!((code(&hidden), &hidden), ("NOT_FOUND", &none), "{command}");
    }
    assert_eq!(seen(&app, &stranger, 1, "id").await, Value::Null);
}

#[rstest]
#[tokio::test]
async fn visitors_of_the_host_state_are_told_as_far_as_they_may(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    // Their host state is Germany by the registry, whatever the post's country.
    let query = "{ visits(first: 50) { nodes { principal sendingState { iso2 visits(first: 50) { totalCount } } } } missions(first: 50) { nodes { sendingState { iso2 } } } }";
    let told = app.ask(&security_officer(), query, json!({})).await.data().clone();
    let visits = told["visits"]["nodes"].as_array().expect("a list");
    assert!(!visits.is_empty());
    for visit in visits {
        assert_eq!(visit["sendingState"], json!({ "iso2": "DE", "visits": { "totalCount": visits.len() } }));
        assert_ne!(visit["principal"], Value::Null);
    }
}
