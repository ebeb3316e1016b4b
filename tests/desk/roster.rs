//! Who is on a detail, and when: what was planned is undone, and nobody is left on what is over.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    code, desk,
    detail::{agent, colleague, detail, opened, until},
    done, is_whole, refused,
    support::{app::App, small_world::liaison_officer},
    visit::seen,
};

const ROSTER: &str = "shifts(first: 9) { totalCount nodes { agent startsAt endsAt relieves { agent } } }
    assignments(first: 9) { nodes { id agent startsAt endsAt } }";

fn at(hour: u32) -> String {
    format!("2027-01-10T{hour:02}:00:00.000000Z")
}

/// A detail on the morning of the visit's first day, with two agents on it; one is on a shift from six until six.
async fn planned(app: &App) -> (Value, Value, Value) {
    let (visit, id) = opened(app).await;
    until(app, "2027-01-10T00:00:00Z");
    let on = json!({ "detailId": id, "agent": "subject-4", "startsAt": at(0), "endsAt": "2027-01-13T00:00:00Z" });
    done(app, &agent(), "assignAgent", on, "assignment { id }").await;
    let shift = json!({ "detailId": id, "agent": "subject-5", "role": "DRIVER", "startsAt": at(6), "endsAt": at(18) });
    let shift = done(app, &agent(), "addShift", shift, "shift { id }").await["shift"]["id"].clone();
    (visit, id, shift)
}

async fn relieved(app: &App, shift: &Value, hour: u32) -> Value {
    let relieve = json!({ "shiftId": shift, "agent": "subject-4", "at": at(hour) });
    done(app, &agent(), "relieveShift", relieve, "shift { id }").await["shift"]["id"].clone()
}

async fn shifts(app: &App, id: &Value) -> Vec<(String, String, Value)> {
    let roster = detail(app, &agent(), id, ROSTER).await;
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let shifts = roster["shifts"]["nodes"].as_array().expect("shifts").clone();
    shifts
        .iter()
        .map(|shift| (text(&shift["startsAt"]), text(&shift["endsAt"]), shift["relieves"]["agent"].clone()))
        .collect()
}

#[rstest]
#[tokio::test]
async fn a_relief_that_was_planned_is_undone(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (_, id, first) = planned(&app).await;
    let last = relieved(&app, &first, 12).await;
    // Somebody between: whoever takes over, takes over from them.
    let between = relieved(&app, &first, 9).await;
    let one = "Person 5";
    assert_eq!(
        shifts(&app, &id).await,
        [(at(6), at(9), Value::Null), (at(9), at(12), json!(one)), (at(12), at(18), json!("Person 4"))]
    );
    for taken_over in [&first, &between] {
        let error = refused(&app, &agent(), "removeShift", json!({ "shiftId": taken_over })).await;
        assert_eq!(code(&error), "CONFLICT", "{error}");
    }
    done(&app, &agent(), "removeShift", json!({ "shiftId": last }), "detail { id }").await;
    assert_eq!(shifts(&app, &id).await, [(at(6), at(9), Value::Null), (at(9), at(18), json!(one))]);
    // Who was to be relieved may have other plans by then.
    let other =
        json!({ "detailId": id, "agent": "subject-5", "role": "ADVANCE", "startsAt": at(14), "endsAt": at(15) });
    let other = done(&app, &agent(), "addShift", other, "shift { id }").await["shift"]["id"].clone();
    let remove = json!({ "shiftId": between });
    assert_eq!(code(&refused(&app, &agent(), "removeShift", remove.clone()).await), "CONFLICT");
    done(&app, &agent(), "removeShift", json!({ "shiftId": other }), "detail { id }").await;
    done(&app, &agent(), "removeShift", remove, "detail { id }").await;
    assert_eq!(shifts(&app, &id).await, [(at(6), at(18), Value::Null)]);
    is_whole(&app.db).await;
}

/// Nobody is kept on the shifts of a visit that is called off.
#[rstest]
#[tokio::test]
async fn what_is_over_is_closed_with_its_shifts(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (visit, id, first) = planned(&app).await;
    relieved(&app, &first, 12).await;
    until(&app, "2027-01-10T07:00:00Z");
    let close = json!({ "detailId": id });
    assert_eq!(code(&refused(&app, &agent(), "closeDetail", close.clone()).await), "CONFLICT");
    let off = json!({ "visitId": visit, "reason": "Ill" });
    done(&app, &liaison_officer(), "cancelVisit", off, "visit { status }").await;
    done(&app, &agent(), "closeDetail", close, "detail { status }").await;
    assert_eq!(shifts(&app, &id).await, [(at(6), at(7), Value::Null)]);
    let assignments = detail(&app, &agent(), &id, ROSTER).await["assignments"]["nodes"].clone();
    for assignment in assignments.as_array().expect("assignments") {
        assert_eq!(assignment["endsAt"], at(7));
    }
    is_whole(&app.db).await;
}

/// ON_DETAIL: whoever was taken off a detail reads it for three days more, and changes nothing.
#[rstest]
#[tokio::test]
async fn whoever_was_on_it_changes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (visit, id, first) = planned(&app).await;
    let leg =
        seen(&app, &colleague(), &visit, "legs(first: 1) { nodes { id } }").await["legs"]["nodes"][0]["id"].clone();
    let venue = json!({ "visitId": visit, "name": "A side room", "kind": "PRIVATE" });
    let venue = done(&app, &colleague(), "addVenue", venue, "venue { id }").await["venue"]["id"].clone();
    done(&app, &colleague(), "removeVenue", json!({ "venueId": venue }), "visit { id }").await;
    until(&app, "2027-01-10T01:00:00Z");
    let roster = detail(&app, &agent(), &id, ROSTER).await;
    let theirs = roster["assignments"]["nodes"].as_array().expect("assignments").iter();
    let theirs = theirs.filter(|one| one["agent"] == "Person 4").map(|one| one["id"].clone()).next();
    done(&app, &agent(), "endAssignment", json!({ "assignmentId": theirs }), "detail { id }").await;
    for (command, input) in [
        ("removeShift", json!({ "shiftId": first })),
        ("setSafeHaven", json!({ "detailId": id, "safeHaven": "Elsewhere" })),
        ("removeLeg", json!({ "legId": leg })),
        ("setLegRoute", json!({ "legId": leg, "route": "Elsewhere" })),
        ("addAdvanceNote", json!({ "legId": leg, "body": "Nothing" })),
        ("addVenue", json!({ "visitId": visit, "name": "A hall", "kind": "PRIVATE" })),
    ] {
        let error = refused(&app, &colleague(), command, input).await;
        assert_eq!(code(&error), "FORBIDDEN", "{command}: {error}");
    }
    assert_ne!(seen(&app, &colleague(), &visit, "threatAssessment").await, Value::Null, "it is read");
    is_whole(&app.db).await;
}

/// One of two assignments is ended where the other is for that time, too.
#[rstest]
#[tokio::test]
async fn an_assignment_that_nobody_needs_is_ended(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (_, id, _) = planned(&app).await;
    let later = json!({ "detailId": id, "agent": "subject-4", "startsAt": "2027-01-13T00:00:00Z", "endsAt": "2027-01-15T00:00:00Z" });
    let later = done(&app, &agent(), "assignAgent", later, "assignment { id }").await["assignment"]["id"].clone();
    let shift = json!({ "detailId": id, "agent": "subject-4", "role": "DRIVER", "startsAt": at(6), "endsAt": at(18) });
    done(&app, &agent(), "addShift", shift, "shift { id }").await;
    let roster = detail(&app, &agent(), &id, ROSTER).await;
    let theirs = roster["assignments"]["nodes"].as_array().expect("assignments").iter();
    let first =
        theirs.filter(|one| one["agent"] == "Person 4" && one["id"] != later).map(|one| one["id"].clone()).next();
    let error = refused(&app, &agent(), "endAssignment", json!({ "assignmentId": first })).await;
    assert_eq!(code(&error), "CONFLICT", "they are on a shift then");
    done(&app, &agent(), "endAssignment", json!({ "assignmentId": later }), "detail { id }").await;
    is_whole(&app.db).await;
}

/// Whoever is on the detail for all of a visit is so when it is moved.
#[rstest]
#[tokio::test]
async fn the_agent_in_charge_goes_with_the_visit(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (visit, id, _) = planned(&app).await;
    let later = json!({ "visitId": visit, "departsOn": "2027-01-20" });
    done(&app, &liaison_officer(), "changeVisit", later, "visit { departsOn }").await;
    let roster = detail(&app, &agent(), &id, ROSTER).await;
    let assignments = roster["assignments"]["nodes"].as_array().expect("assignments").iter();
    let mut ends: Vec<(&str, &str)> = assignments
        .map(|one| (one["agent"].as_str().expect("a name"), one["endsAt"].as_str().expect("an end")))
        .collect();
    ends.sort_unstable();
    assert_eq!(ends, [("Person 4", "2027-01-13T00:00:00.000000Z"), ("Person 5", "2027-01-21T14:00:00.000000Z")]);
    until(&app, "2027-01-20T12:00:00Z");
    assert_ne!(seen(&app, &agent(), &visit, "threatAssessment").await, Value::Null);
    assert_eq!(seen(&app, &colleague(), &visit, "threatAssessment").await, Value::Null);
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_window_is_no_longer_than_a_quarter(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (_, id, _) = planned(&app).await;
    for field in ["coverageGaps", "restBreaches"] {
        for (to, message) in [
            ("2027-04-02T00:00:00Z", Value::Null),
            (
                "2027-04-02T00:00:01Z",
                json!("to: expected an instant at most 92 days after the beginning of the window"),
            ),
        ] {
            let query = format!(
                "query($id: ID!, $to: DateTime!) {{ node(id: $id) {{ ... on ProtectiveDetail {{ {field}(from: \"2026-12-31T00:00:00Z\", to: $to) {{ startsAt }} }} }} }}"
            );
            let reply = app.ask(&agent(), &query, json!({ "id": id, "to": to })).await;
            assert_eq!(reply.json["errors"][0]["message"], message, "{field} {}", reply.text);
        }
    }
}
