//! Protective details: opened for a visit, open to who is on them for their window, and handed over without a gap.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{analyst, french, liaison_officer, mission, police, public},
    },
    visit::{accepted, announced, leg, seen},
};

/// A detail agent of the service, with no other standing than that.
pub fn agent() -> Who {
    Who { subject: "subject-5".to_owned(), role: Role::DetailAgent, ..liaison_officer() }
}

/// Another.
pub fn colleague() -> Who {
    Who { role: Role::DetailAgent, ..liaison_officer() }
}

/// What somebody sees of a detail.
pub async fn detail(app: &App, who: &Who, id: &Value, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on ProtectiveDetail {{ {fields} }} }} }}");
    app.ask(who, &query, json!({ "id": id })).await.data()["node"].clone()
}

/// A visit in January, accepted, with its detail: both ids. The agent leads it, for the three days of the visit.
pub async fn opened(app: &App) -> (Value, Value) {
    let visit = announced(app, "The Minister").await;
    leg(app, &visit, "A hall", Some("36061"), (10, 12)).await;
    let early = json!({ "visitId": visit, "agentInCharge": "subject-5" });
    assert_eq!(
        code(&refused(app, &liaison_officer(), "openDetail", early.clone()).await),
        "CONFLICT",
        "not accepted yet"
    );
    accepted(app, &visit).await;
    let opened = done(app, &liaison_officer(), "openDetail", early, "detail { id protectee status }").await;
    (visit, opened["detail"]["id"].clone())
}

/// Moves the clock to an instant.
pub fn until(app: &App, at: &str) {
    let at = chancery::clock::parse_instant(at).expect("an instant");
    app.db.clock.advance(at - app.db.clock.now());
}

#[rstest]
#[tokio::test]
async fn an_assignment_opens_and_closes_by_itself(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (visit, id) = opened(&app).await;
    let again = json!({ "visitId": visit, "agentInCharge": "subject-4" });
    let error = refused(&app, &liaison_officer(), "openDetail", again).await;
    assert_eq!((code(&error), &error["extensions"]["detail"]), ("CONFLICT", &id));
    // The mission is told who leads it, the service that there is one.
    let query = "query($v: ID!) { visit(id: $v) { details(first: 2) { nodes { id protectee agentInCharge } } } }";
    let theirs = app.ask(&french(), query, json!({ "v": visit })).await.data()["visit"]["details"]["nodes"].clone();
    assert_eq!(theirs, json!([{ "id": id, "protectee": "VISITOR", "agentInCharge": "Person 5" }]));
    let query = query.replace(" agentInCharge", "");
    let ours = app.ask(&analyst(), &query, json!({ "v": visit })).await.data()["visit"]["details"]["nodes"].clone();
    assert_eq!(ours, json!([{ "id": id, "protectee": "VISITOR" }]));
    // 168 hours before the first day begins anywhere, and until 72 hours after the last has ended everywhere, half-open.
    let is_open = async || seen(&app, &agent(), &visit, "principal threatAssessment").await != Value::Null;
    let to_mission = async || {
        let query =
            "query($id: ID!) { node(id: $id) { ... on Mission { switchboard securityContacts { totalCount } } } }";
        app.ask(&agent(), query, json!({ "id": mission(1) })).await.data()["node"] != Value::Null
    };
    for (at, open) in [
        ("2027-01-02T09:59:59.999999Z", false),
        ("2027-01-02T10:00:00Z", true),
        ("2027-01-16T13:59:59.999999Z", true),
        ("2027-01-16T14:00:00Z", false),
    ] {
        until(&app, at);
        assert_eq!(is_open().await, open, "{at}");
        assert_ne!(detail(&app, &agent(), &id, "status").await, Value::Null, "who leads it sees it while it stands");
        assert_eq!(to_mission().await, open, "{at}");
    }
    assert_eq!(detail(&app, &colleague(), &id, "status").await, Value::Null, "who is not on it");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_guest_sees_what_the_detail_protects(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (visit, id) = opened(&app).await;
    until(&app, "2027-01-09T00:00:00Z");
    let partner = public("agency", 'A', 2);
    let guest = json!({ "detailId": id, "agent": "subject-3", "agencyId": partner,
        "startsAt": "2027-01-10T00:00:00Z", "endsAt": "2027-01-11T00:00:00Z" });
    let error = refused(&app, &agent(), "assignAgent", guest.clone()).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "agent"]), "the agency does not support it yet");
    for (agency, field) in [(public("agency", 'A', 1), "agencyId"), ("agency_x".to_owned(), "agencyId")] {
        let error = refused(&app, &agent(), "addDetailAgency", json!({ "detailId": id, "agencyId": agency })).await;
        assert_eq!(error["extensions"]["input"], json!(["input", field]), "{agency}");
    }
    done(&app, &agent(), "addDetailAgency", json!({ "detailId": id, "agencyId": partner }), "detail { id }").await;
    assert_eq!(
        seen(&app, &police(), &visit, "status").await,
        Value::Null,
        "an agency that supports it sees nothing by it"
    );
    let assigned =
        done(&app, &agent(), "assignAgent", guest.clone(), "assignment { id agent }").await["assignment"].clone();
    assert_eq!(assigned["agent"], "Person 3");
    assert_eq!(code(&refused(&app, &agent(), "assignAgent", guest).await), "CONFLICT", "twice at one time");
    let fields = "principal threatAssessment legs(first: 9) { totalCount } venues(first: 9) { totalCount } delegation(first: 9) { totalCount }";
    let theirs = seen(&app, &police(), &visit, fields).await;
    let expected = json!({ "principal": "The Minister", "threatAssessment": "Demonstrations are announced.",
        "legs": { "totalCount": 1 }, "venues": { "totalCount": 1 }, "delegation": { "totalCount": 0 } });
    assert_eq!(theirs, expected);
    let shown = detail(&app, &police(), &id, "agentInCharge assignments(first: 9) { totalCount }").await;
    assert_eq!(shown, json!({ "agentInCharge": "Person 5", "assignments": { "totalCount": 2 } }));
    let remove = json!({ "detailId": id, "agencyId": partner });
    assert_eq!(code(&refused(&app, &agent(), "removeDetailAgency", remove.clone()).await), "CONFLICT");
    let end = json!({ "assignmentId": assigned["id"] });
    // It has not begun: it never was, and opens nothing any more.
    done(&app, &agent(), "endAssignment", end.clone(), "assignment { endsAt }").await;
    assert_eq!(code(&refused(&app, &agent(), "endAssignment", end).await), "NOT_FOUND");
    assert_eq!(seen(&app, &police(), &visit, "status").await, Value::Null);
    done(&app, &agent(), "removeDetailAgency", remove, "detail { id }").await;
    until(&app, "2027-01-10T12:00:00Z");
    assert_eq!(seen(&app, &police(), &visit, "status").await, Value::Null);
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_shift_is_handed_over_without_a_gap(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (_, id) = opened(&app).await;
    until(&app, "2027-01-10T00:00:00Z");
    let shift = |agent: &str, from: &str, to: &str| json!({ "detailId": id, "agent": agent, "role": "CLOSE_PROTECTION", "startsAt": from, "endsAt": to });
    let first = shift("subject-5", "2027-01-10T06:00:00Z", "2027-01-10T18:00:00Z");
    let first = done(&app, &agent(), "addShift", first, "shift { id agent }").await["shift"].clone();
    for (wrong, input) in [
        ("agent", shift("subject-4", "2027-01-10T06:00:00Z", "2027-01-10T18:00:00Z")),
        ("agent", shift("nobody", "2027-01-10T06:00:00Z", "2027-01-10T18:00:00Z")),
        ("agent", shift("subject-5", "2027-01-13T08:00:00Z", "2027-01-13T14:00:01Z")),
        ("startsAt", shift("subject-5", "2027-01-09T23:44:59Z", "2027-01-10T02:00:00Z")),
        ("endsAt", shift("subject-5", "2027-01-11T06:00:00Z", "2027-01-11T06:00:00Z")),
        ("endsAt", shift("subject-5", "2027-01-11T00:00:00Z", "2027-01-12T00:00:01Z")),
    ] {
        let error = refused(&app, &agent(), "addShift", input).await;
        assert_eq!(error["extensions"]["input"], json!(["input", wrong]), "{error}");
    }
    let error =
        refused(&app, &agent(), "addShift", shift("subject-5", "2027-01-10T17:59:59Z", "2027-01-10T20:00:00Z")).await;
    assert_eq!((code(&error), &error["extensions"]["shift"]), ("CONFLICT", &first["id"]));
    // One ends as the next begins.
    let next = shift("subject-5", "2027-01-10T18:00:00Z", "2027-01-10T20:00:00Z");
    done(&app, &agent(), "addShift", next, "shift { id }").await;
    let on = json!({ "detailId": id, "agent": "subject-4", "startsAt": "2027-01-10T00:00:00Z" });
    let error = refused(&app, &agent(), "assignAgent", on).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "endsAt"]), "a visit has an end");
    let on = json!({ "detailId": id, "agent": "subject-4", "startsAt": "2027-01-10T00:00:00Z", "endsAt": "2027-01-13T00:00:00Z" });
    done(&app, &agent(), "assignAgent", on, "assignment { id endsAt }").await;
    until(&app, "2027-01-10T09:30:00Z");
    let relieve = json!({ "shiftId": first["id"], "agent": "subject-4" });
    let relieved = done(
        &app,
        &agent(),
        "relieveShift",
        relieve.clone(),
        "shift { id agent startsAt endsAt relieves { id endsAt } }",
    )
    .await;
    let at = "2027-01-10T09:30:00.000000Z";
    let expected = json!({ "id": relieved["shift"]["id"], "agent": "Person 4", "startsAt": at, "endsAt": "2027-01-10T18:00:00.000000Z",
        "relieves": { "id": first["id"], "endsAt": at } });
    assert_eq!(relieved["shift"], expected);
    let error = refused(&app, &agent(), "relieveShift", relieve).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "at"]), "it is over");
    let took_over = json!({ "shiftId": relieved["shift"]["id"] });
    assert_eq!(code(&refused(&app, &agent(), "removeShift", took_over).await), "CONFLICT", "there would be a gap");
    // Who is on it without leading it plans shifts, and does not say who is on it.
    for (command, input) in [
        (
            "assignAgent",
            json!({ "detailId": id, "agent": "subject-4", "startsAt": "2027-01-14T00:00:00Z", "endsAt": "2027-01-15T00:00:00Z" }),
        ),
        ("closeDetail", json!({ "detailId": id })),
        ("handOverDetail", json!({ "detailId": id, "agentInCharge": "subject-4" })),
    ] {
        assert_eq!(code(&refused(&app, &colleague(), command, input).await), "FORBIDDEN", "{command}");
    }
    let gaps = "coverageGaps(from: \"2027-01-10T00:00:00Z\", to: \"2027-01-11T00:00:00Z\") { startsAt endsAt agents }
        restBreaches(from: \"2027-01-10T00:00:00Z\", to: \"2027-01-11T00:00:00Z\", minimumRestHours: 9) { agent endsAt startsAt restMinutes }";
    let found = detail(&app, &agent(), &id, gaps).await;
    let night = |from: &str, to: &str| json!({ "startsAt": format!("2027-01-1{from}:00:00.000000Z"), "endsAt": format!("2027-01-1{to}:00:00.000000Z"), "agents": 0 });
    assert_eq!(
        found["coverageGaps"],
        json!([night("0T00", "0T06"), night("0T20", "1T00")]),
        "none where one relieved the other"
    );
    let breach =
        json!([{ "agent": "Person 5", "endsAt": at, "startsAt": "2027-01-10T18:00:00.000000Z", "restMinutes": 510 }]);
    assert_eq!(found["restBreaches"], breach);
    // Who leads it, or is on a shift that is not over, stays on it.
    let assignments = detail(&app, &agent(), &id, "assignments(first: 9) { nodes { id agent } }").await;
    for assignment in assignments["assignments"]["nodes"].as_array().expect("assignments") {
        let error = refused(&app, &agent(), "endAssignment", json!({ "assignmentId": assignment["id"] })).await;
        assert_eq!(code(&error), "CONFLICT", "{assignment}");
    }
    assert_eq!(code(&refused(&app, &agent(), "closeDetail", json!({ "detailId": id })).await), "CONFLICT");
    let lead = |subject: &str| json!({ "detailId": id, "agentInCharge": subject });
    done(&app, &agent(), "handOverDetail", lead("subject-4"), "detail { agentInCharge }").await;
    assert_eq!(code(&refused(&app, &agent(), "handOverDetail", lead("subject-5")).await), "FORBIDDEN");
    assert_eq!(code(&refused(&app, &colleague(), "handOverDetail", lead("subject-4")).await), "CONFLICT");
    assert_eq!(code(&refused(&app, &colleague(), "handOverDetail", lead("subject-3")).await), "BAD_USER_INPUT");
    until(&app, "2027-01-10T20:00:00Z");
    done(&app, &colleague(), "closeDetail", json!({ "detailId": id }), "detail { status closedAt }").await;
    assert_eq!(
        code(&refused(&app, &agent(), "setSafeHaven", json!({ "detailId": id, "safeHaven": "A" })).await),
        "FORBIDDEN",
        "they are on it no more"
    );
    app.db.clock.advance(Duration::hours(72));
    assert_eq!(detail(&app, &agent(), &id, "status").await, Value::Null);
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn what_is_found_in_advance_is_for_who_protects(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (visit, id) = opened(&app).await;
    until(&app, "2027-01-09T00:00:00Z");
    let legs = seen(&app, &agent(), &visit, "legs(first: 9) { nodes { id } }").await["legs"]["nodes"].clone();
    let note = json!({ "legId": legs[0]["id"], "body": "Two exits, one to the river." });
    let note =
        done(&app, &agent(), "addAdvanceNote", note, "advanceNote { id author body leg { id } }").await["advanceNote"]
            .clone();
    assert_eq!((&note["author"], &note["leg"]["id"]), (&json!("Person 5"), &legs[0]["id"]));
    let query = "query($id: ID!) { node(id: $id) { id } }";
    for (who, sees) in
        [(agent(), true), (liaison_officer(), true), (french(), false), (analyst(), false), (police(), false)]
    {
        let node = app.ask(&who, query, json!({ "id": note["id"] })).await.data()["node"].clone();
        assert_eq!(!node.is_null(), sees, "{who:?}");
    }
    let haven = json!({ "detailId": id, "safeHaven": "The consulate" });
    done(&app, &agent(), "setSafeHaven", haven, "detail { safeHaven }").await;
    assert_eq!(code(&refused(&app, &agent(), "setSafeHaven", json!({ "detailId": id })).await), "BAD_USER_INPUT");
    // The mission takes the leg away, and not what others found.
    done(&app, &french(), "removeLeg", json!({ "legId": legs[0]["id"] }), "visit { id }").await;
    let query = "query($id: ID!) { node(id: $id) { ... on AdvanceNote { body leg { id } } } }";
    let kept = app.ask(&agent(), query, json!({ "id": note["id"] })).await.data()["node"].clone();
    assert_eq!(kept, json!({ "body": "Two exits, one to the river.", "leg": null }));
    // Once the visit is over nobody is put on its detail.
    done(&app, &french(), "cancelVisit", json!({ "visitId": visit, "reason": "Ill" }), "visit { id }").await;
    let assign = json!({ "detailId": id, "agent": "subject-4", "startsAt": "2027-01-10T00:00:00Z", "endsAt": "2027-01-11T00:00:00Z" });
    assert_eq!(code(&refused(&app, &agent(), "assignAgent", assign).await), "CONFLICT");
    is_whole(&app.db).await;
}
