//! Visits of dignitaries: announced by their mission, decided by the officer responsible, seen where their legs go.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    act, code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{analyst, french, liaison_officer, mission, police, public, run},
    },
};

/// Announces one in January, of a principal; its id.
pub async fn announced(app: &App, principal: &str) -> Value {
    let input = json!({ "missionId": mission(1), "principal": principal, "rank": "FOREIGN_MINISTER",
        "city": "Washington", "arrivesOn": "2027-01-10", "departsOn": "2027-01-12" });
    done(app, &french(), "announceVisit", input, "visit { id }").await["visit"]["id"].clone()
}

pub async fn accepted(app: &App, visit: &Value) {
    let input = json!({ "visitId": visit, "threatAssessment": "Demonstrations are announced." });
    done(app, &liaison_officer(), "acceptVisit", input, "visit { id }").await;
}

/// Adds a venue and a leg there, from one hour of the first day to another; the leg's id.
pub async fn leg(app: &App, visit: &Value, name: &str, area: Option<&str>, hours: (u8, u8)) -> Value {
    let venue = json!({ "visitId": visit, "name": name, "kind": "PUBLIC", "area": area });
    let venue = done(app, &french(), "addVenue", venue, "venue { id }").await["venue"]["id"].clone();
    let at = |hour: u8| format!("2027-01-10T{hour:02}:00:00Z");
    let input =
        json!({ "visitId": visit, "kind": "VENUE", "venueId": venue, "startsAt": at(hours.0), "endsAt": at(hours.1) });
    done(app, &french(), "addLeg", input, "leg { id area }").await["leg"]["id"].clone()
}

/// What somebody sees of a visit.
pub async fn seen(app: &App, who: &Who, visit: &Value, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Visit {{ {fields} }} }} }}");
    app.ask(who, &query, json!({ "id": visit })).await.data()["node"].clone()
}

/// The conflicts of a visit as the officer responsible sees them: kind, leg, the other visit.
pub async fn conflicts(app: &App, visit: &Value) -> Vec<Value> {
    let fields = "conflicts(first: 100) { nodes { kind leg { id } otherVisit { id } startsAt endsAt } }";
    let mut found = seen(app, &liaison_officer(), visit, fields).await["conflicts"]["nodes"]
        .as_array()
        .expect("conflicts")
        .iter()
        .map(|found| {
            json!([found["kind"], found["leg"]["id"], found["otherVisit"]["id"], found["startsAt"], found["endsAt"]])
        })
        .collect::<Vec<_>>();
    found.sort_by_key(ToString::to_string);
    found
}

#[rstest]
#[tokio::test]
async fn a_visit_from_announcement_to_departure(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let visit = announced(&app, "The Minister").await;
    let here = leg(&app, &visit, "Department of State", Some("11001"), (14, 16)).await;
    let elsewhere = leg(&app, &visit, "United Nations", Some("36061"), (20, 22)).await;
    let all = "status principal legs(first: 9) { nodes { id startsAt venue { name } route } } venues(first: 9) { totalCount }";
    assert_eq!(seen(&app, &police(), &visit, "status").await, Value::Null, "nobody outside before it is accepted");
    accepted(&app, &visit).await;
    let theirs = seen(&app, &french(), &visit, "status legs(first: 9) { totalCount } reason").await;
    assert_eq!(theirs, json!({ "status": "ACCEPTED", "legs": { "totalCount": 2 }, "reason": null }));
    // The police of the District: the directory, and the leg there with its venue.
    let fields = "status city arrivesOn sendingState { name } mission { id } legs(first: 9) { nodes { id startsAt venue { name } } } venues(first: 9) { totalCount } delegation(first: 9) { totalCount }";
    let expected = json!({ "status": "ACCEPTED", "city": "Washington", "arrivesOn": "2027-01-10",
        "sendingState": { "name": "France" }, "mission": null,
        "legs": { "nodes": [{ "id": here, "startsAt": "2027-01-10T14:00:00.000000Z", "venue": { "name": "Department of State" } }] },
        "venues": { "totalCount": 1 }, "delegation": { "totalCount": 0 } });
    assert_eq!(seen(&app, &police(), &visit, fields).await, expected);
    let query = "query($id: ID!) { node(id: $id) { id } }";
    assert!(app.ask(&police(), query, json!({ "id": elsewhere })).await.data()["node"].is_null());
    assert_eq!(
        seen(&app, &police(), &visit, "principal threatAssessment").await,
        json!({ "principal": null, "threatAssessment": null })
    );
    // Once the leg is elsewhere the visit is closed to them.
    done(&app, &french(), "changeLeg", json!({ "legId": here, "area": "36061" }), "leg { area }").await;
    assert_eq!(seen(&app, &police(), &visit, "status").await, Value::Null);
    done(&app, &french(), "changeLeg", json!({ "legId": here, "area": "11001" }), "leg { area }").await;
    // What is sensitive is for the officer responsible.
    let route = json!({ "legId": here, "route": "23rd Street, C Street" });
    done(&app, &liaison_officer(), "setLegRoute", route, "leg { route }").await;
    let officers = seen(&app, &liaison_officer(), &visit, &format!("{all} threatAssessment")).await;
    assert_eq!(officers["threatAssessment"], "Demonstrations are announced.");
    assert_eq!(officers["legs"]["nodes"][0]["route"], "23rd Street, C Street");
    let colleague = Who { subject: "subject-5".to_owned(), ..liaison_officer() };
    let directory =
        seen(&app, &colleague, &visit, "status principal threatAssessment legs(first: 9) { totalCount }").await;
    assert_eq!(
        directory,
        json!({ "status": "ACCEPTED", "principal": null, "threatAssessment": null, "legs": { "totalCount": 0 } })
    );
    assert_eq!(seen(&app, &analyst(), &visit, "principal").await["principal"], "The Minister");
    let on = json!({ "visitId": visit });
    assert_eq!(code(&refused(&app, &colleague, "startVisit", on.clone()).await), "FORBIDDEN");
    let error = refused(&app, &liaison_officer(), "completeVisit", on.clone()).await;
    assert_eq!((code(&error), &error["extensions"]["status"]), ("CONFLICT", &json!("ACCEPTED")));
    let legal = json!([
        "addDelegate",
        "addLeg",
        "addVenue",
        "assessVisit",
        "cancelVisit",
        "changeVisit",
        "fileWeaponsNotice",
        "openDetail",
        "requestPortCourtesy",
        "startVisit"
    ]);
    assert_eq!(error["extensions"]["legal"], legal);
    done(&app, &liaison_officer(), "startVisit", on.clone(), "visit { status }").await;
    done(&app, &liaison_officer(), "completeVisit", on.clone(), "visit { status }").await;
    let cancel = json!({ "visitId": visit, "reason": "Ill" });
    let error = refused(&app, &french(), "cancelVisit", cancel.clone()).await;
    assert_eq!((code(&error), &error["extensions"]["legal"]), ("CONFLICT", &json!([])));
    for (command, input) in
        [("addDelegate", json!({ "visitId": visit, "name": "A" })), ("removeLeg", json!({ "legId": here }))]
    {
        assert_eq!(code(&refused(&app, &french(), command, input).await), "CONFLICT", "{command} at an end");
    }
    // What is called off stays to be seen, so that nobody waits for it.
    let other = announced(&app, "Another").await;
    leg(&app, &other, "A hall", Some("11001"), (8, 9)).await;
    accepted(&app, &other).await;
    done(&app, &french(), "cancelVisit", json!({ "visitId": other, "reason": "Ill" }), "visit { status }").await;
    assert_eq!(seen(&app, &police(), &other, "status").await["status"], "CANCELLED");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_courtesy_of_the_port_is_asked_for_in_time_or_with_a_reason(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    let input = |at: &str| {
        json!({ "missionId": mission(1), "principal": "The Minister", "rank": "ROYAL", "city": "New York",
            "arrivesOn": "2026-11-24", "departsOn": "2026-11-28", "port": "JFK", "portAt": at, "carrier": "AF 6" })
    };
    // It is a Sunday: Monday, Tuesday and Wednesday are three business days, to five o'clock in Washington.
    let error = refused(&app, &french(), "announceVisit", input("2026-11-25T21:59:59.999999Z")).await;
    assert_eq!((code(&error), &error["extensions"]["input"]), ("BAD_USER_INPUT", &json!(["input", "lateReason"])));
    let selection = "visit { id portCourtesies(first: 2) { nodes { id } } } portCourtesy { id direction port carrier lateReason decision requestedBy }";
    let in_time = done(&app, &french(), "announceVisit", input("2026-11-25T22:00:00Z"), selection).await;
    let expected = json!({ "id": in_time["portCourtesy"]["id"], "direction": "ARRIVAL", "port": "JFK", "carrier": "AF 6",
        "lateReason": null, "decision": "PENDING", "requestedBy": "Person 1" });
    assert_eq!(in_time["portCourtesy"], expected);
    assert_eq!(in_time["visit"]["portCourtesies"]["nodes"], json!([{ "id": in_time["portCourtesy"]["id"] }]));
    let mut late = input("2026-11-24T09:00:00Z");
    late["lateReason"] = json!("He was invited this morning.");
    let late = done(&app, &french(), "announceVisit", late, selection).await;
    assert_eq!(late["portCourtesy"]["lateReason"], "He was invited this morning.");
    // Half of a request is none, and one that is far from the visit neither.
    for (field, wrong) in [("portAt", "portAt"), ("port", "port")] {
        let mut half = input("2026-11-25T22:00:00Z");
        half[field] = Value::Null;
        let error = refused(&app, &french(), "announceVisit", half).await;
        assert_eq!(error["extensions"]["input"], json!(["input", wrong]), "{error}");
    }
    let error = refused(&app, &french(), "announceVisit", input("2026-12-02T00:00:00Z")).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "portAt"]));
    let visit = &in_time["visit"]["id"];
    let leaves = json!({ "visitId": visit, "direction": "DEPARTURE", "port": "IAD", "at": "2026-11-28T20:00:00Z" });
    let courtesy =
        done(&app, &french(), "requestPortCourtesy", leaves, "portCourtesy { id }").await["portCourtesy"]["id"].clone();
    let deny = json!({ "portCourtesyId": courtesy, "decision": "DENIED" });
    let error = refused(&app, &liaison_officer(), "decidePortCourtesy", deny.clone()).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "reason"]));
    let reply = act(&app, &french(), "decidePortCourtesy", deny, "__typename").await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
    let grant = json!({ "portCourtesyId": courtesy, "decision": "GRANTED" });
    let decided = done(
        &app,
        &liaison_officer(),
        "decidePortCourtesy",
        grant.clone(),
        "portCourtesy { decision decidedBy decidedAt }",
    )
    .await;
    let expected =
        json!({ "decision": "GRANTED", "decidedBy": "Person 4", "decidedAt": "2026-11-22T12:00:00.000000Z" });
    assert_eq!(decided["portCourtesy"], expected);
    assert_eq!(code(&refused(&app, &liaison_officer(), "decidePortCourtesy", grant).await), "CONFLICT");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn days_and_places_are_sound(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    for (from, to) in [("2027-01-02", "2027-01-01"), ("2026-11-01", "2026-11-20"), ("2027-01-01", "2028-02-01")] {
        let input = json!({ "missionId": mission(1), "principal": "A", "rank": "OTHER", "city": "B", "arrivesOn": from, "departsOn": to });
        let error = refused(&app, &french(), "announceVisit", input).await;
        assert_eq!(error["extensions"]["input"], json!(["input", "departsOn"]), "{from} {to}: {error}");
    }
    let visit = announced(&app, "The Minister").await;
    let other = announced(&app, "Another").await;
    let venue = json!({ "visitId": other, "name": "A hall", "kind": "PUBLIC" });
    let others = done(&app, &french(), "addVenue", venue, "venue { id }").await["venue"]["id"].clone();
    let of_small_world = public("venue", 'X', 5);
    let add = |start: &str, end: &str, more: Value| {
        let mut input = json!({ "visitId": visit, "kind": "MOTORCADE", "startsAt": start, "endsAt": end });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    for (input, wrong) in [
        (add("2027-01-10T12:00:00Z", "2027-01-10T12:00:00Z", json!({})), "endsAt"),
        (add("2027-01-09T09:59:59Z", "2027-01-10T12:00:00Z", json!({})), "startsAt"),
        (add("2027-01-12T12:00:00Z", "2027-01-13T14:00:01Z", json!({})), "endsAt"),
        (add("2027-01-10T10:00:00Z", "2027-01-10T12:00:00Z", json!({ "area": "US" })), "area"),
        (add("2027-01-10T10:00:00Z", "2027-01-10T12:00:00Z", json!({ "area": "nowhere" })), "area"),
        (add("2027-01-10T10:00:00Z", "2027-01-10T12:00:00Z", json!({ "venueId": others })), "venueId"),
        (add("2027-01-10T10:00:00Z", "2027-01-10T12:00:00Z", json!({ "venueId": of_small_world })), "venueId"),
        (add("2027-01-10T10:00:00Z", "2027-01-10T12:00:00Z", json!({ "venueId": "venue_x" })), "venueId"),
    ] {
        let error = refused(&app, &french(), "addLeg", input).await;
        assert_eq!(error["extensions"]["input"], json!(["input", wrong]), "{error}");
    }
    let input = json!({ "visitId": visit, "name": "A", "kind": "PUBLIC", "latitude": 38.9 });
    let error = refused(&app, &french(), "addVenue", input).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "longitude"]));
    // Fourteen hours before the first day is still that day somewhere.
    let first = add("2027-01-09T10:00:00Z", "2027-01-09T12:00:00Z", json!({}));
    let first = done(&app, &french(), "addLeg", first, "leg { id area }").await["leg"].clone();
    assert_eq!(first["area"], Value::Null);
    let there = leg(&app, &visit, "A hall", Some("NYC"), (15, 16)).await;
    let venue =
        seen(&app, &french(), &visit, "venues(first: 2) { nodes { id } }").await["venues"]["nodes"][0]["id"].clone();
    assert_eq!(code(&refused(&app, &french(), "removeVenue", json!({ "venueId": venue })).await), "CONFLICT");
    let moved = json!({ "visitId": visit, "arrivesOn": "2027-01-11" });
    let error = refused(&app, &french(), "changeVisit", moved).await;
    assert_eq!(code(&error), "CONFLICT");
    for (command, input) in [
        ("changeVisit", json!({ "visitId": visit })),
        ("changeVisit", json!({ "visitId": visit, "city": null })),
        ("changeLeg", json!({ "legId": there, "startsAt": null })),
    ] {
        assert_eq!(code(&refused(&app, &french(), command, input).await), "BAD_USER_INPUT", "{command}");
    }
    done(&app, &french(), "changeLeg", json!({ "legId": there, "venueId": null }), "leg { area }").await;
    done(&app, &french(), "removeVenue", json!({ "venueId": venue }), "visit { id }").await;
    for id in [&first["id"], &there] {
        done(&app, &french(), "removeLeg", json!({ "legId": id }), "visit { id }").await;
    }
    let changed = json!({ "visitId": visit, "arrivesOn": "2027-01-11", "city": "New York" });
    let changed = done(&app, &french(), "changeVisit", changed, "visit { arrivesOn departsOn city }").await;
    assert_eq!(changed["visit"], json!({ "arrivesOn": "2027-01-11", "departsOn": "2027-01-12", "city": "New York" }));
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn conflicts_are_found_and_pass(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (one, two) = (announced(&app, "The Minister").await, announced(&app, "The Prince").await);
    let a = leg(&app, &one, "Grand Hôtel", Some("36061"), (10, 14)).await;
    let b = leg(&app, &two, "grand hotel", Some("NYC"), (12, 16)).await;
    let window = (json!("2027-01-10T12:00:00.000000Z"), json!("2027-01-10T14:00:00.000000Z"));
    assert_eq!(conflicts(&app, &one).await, [json!(["SAME_VENUE", a, two, window.0, window.1])]);
    assert_eq!(conflicts(&app, &two).await, [json!(["SAME_VENUE", b, one, window.0, window.1])]);
    let reply = app
        .ask(&french(), "query($id: ID!) { visit(id: $id) { conflicts { totalCount } } }", json!({ "id": one }))
        .await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "not for the mission");
    let later = json!({ "legId": b, "startsAt": "2027-01-10T14:00:00Z" });
    done(&app, &french(), "changeLeg", later, "leg { id }").await;
    assert_eq!(
        (conflicts(&app, &one).await, conflicts(&app, &two).await),
        (vec![], vec![]),
        "one ends as the other begins"
    );
    let drive = |visit: &Value, area: Value| json!({ "visitId": visit, "kind": "MOTORCADE", "startsAt": "2027-01-11T08:00:00Z", "endsAt": "2027-01-11T09:00:00Z", "area": area });
    done(&app, &french(), "addLeg", drive(&one, json!("36061")), "leg { id }").await;
    let placeless = done(&app, &french(), "addLeg", drive(&two, Value::Null), "leg { id }").await["leg"]["id"].clone();
    let hour = (json!("2027-01-11T08:00:00.000000Z"), json!("2027-01-11T09:00:00.000000Z"));
    assert_eq!(conflicts(&app, &two).await, [json!(["LEG_WITHOUT_AREA", placeless, null, hour.0, hour.1])]);
    done(&app, &french(), "changeLeg", json!({ "legId": placeless, "area": "36061" }), "leg { id }").await;
    assert_eq!(conflicts(&app, &two).await, [json!(["SAME_MOTORCADE_WINDOW", placeless, one, hour.0, hour.1])]);
    assert_eq!(conflicts(&app, &one).await.len(), 1);
    done(&app, &french(), "removeLeg", json!({ "legId": placeless }), "visit { id }").await;
    assert_eq!(conflicts(&app, &one).await.len(), 0);
    for (visit, name) in [(&one, "Zoé Martin"), (&two, "Zoe MARTIN")] {
        done(&app, &french(), "addDelegate", json!({ "visitId": visit, "name": name }), "delegate { id }").await;
    }
    let days = (json!("2027-01-10T00:00:00.000000Z"), json!("2027-01-13T00:00:00.000000Z"));
    assert_eq!(conflicts(&app, &one).await, [json!(["SAME_DELEGATE", null, two, days.0, days.1])]);
    done(&app, &french(), "cancelVisit", json!({ "visitId": two, "reason": "Ill" }), "visit { id }").await;
    assert_eq!((conflicts(&app, &one).await, conflicts(&app, &two).await), (vec![], vec![]));
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_weapon_is_notified_once_and_decided(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let visit = announced(&app, "The Minister").await;
    let input = json!({ "visitId": visit, "officer": "Cdt. Morel", "make": "Glock 17", "serial": "ABC 123", "route": "AF 6, JFK" });
    let selection = "weaponsNotice { id officer make serial route decision filedBy decidedBy reason }";
    let notice = done(&app, &french(), "fileWeaponsNotice", input.clone(), selection).await["weaponsNotice"].clone();
    let error = refused(&app, &french(), "fileWeaponsNotice", input).await;
    assert_eq!((code(&error), &error["extensions"]["weaponsNotice"]), ("CONFLICT", &notice["id"]));
    let deny =
        json!({ "weaponsNoticeId": notice["id"], "decision": "DENIED", "reason": "No agreement with this service." });
    let denied = done(&app, &liaison_officer(), "decideWeaponsNotice", deny, selection).await["weaponsNotice"].clone();
    let expected = json!({ "id": notice["id"], "officer": "Cdt. Morel", "make": "Glock 17", "serial": "ABC 123",
        "route": "AF 6, JFK", "decision": "DENIED", "filedBy": "Person 1", "decidedBy": "Person 4",
        "reason": "No agreement with this service." });
    assert_eq!(denied, expected);
    let query = "query($id: ID!) { node(id: $id) { ... on WeaponsNotice { decision reason } } }";
    let theirs = app.ask(&french(), query, json!({ "id": notice["id"] })).await.data()["node"].clone();
    assert_eq!(theirs["decision"], "DENIED", "the mission reads it");
    assert!(app.ask(&police(), query, json!({ "id": notice["id"] })).await.data()["node"].is_null());
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_concern_has_to_do_with_a_visit(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let visit = announced(&app, "The Minister").await;
    let raise = |visit: &Value| {
        json!({ "missionId": mission(1), "kind": "CONCERN", "category": "DEMONSTRATION", "severity": "HIGH",
            "title": "A crowd", "narrative": "At the gate", "visitId": visit })
    };
    let error = refused(&app, &french(), "raiseConcern", raise(&json!(public("visit", 'W', 1)))).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "visitId"]), "one that is hidden is none");
    let concern = done(&app, &french(), "raiseConcern", raise(&visit), "concern { id version visit { reference } }")
        .await["concern"]
        .clone();
    assert!(concern["visit"]["reference"].as_str().is_some_and(chancery::desk::reference::is_valid));
    let list = "query($visit: ID!) { concerns(filter: { visit: { id: { eq: $visit } } }) { nodes { id } } }";
    let about =
        async |who: &Who| app.ask(who, list, json!({ "visit": visit })).await.data()["concerns"]["nodes"].clone();
    assert_eq!(about(&french()).await, json!([{ "id": concern["id"] }]));
    assert_eq!(about(&liaison_officer()).await, json!([{ "id": concern["id"] }]));
    // Who reads but the directory of the concern does not learn of the visit.
    let id = concern["id"].as_str().and_then(|id| id.split_once('_')).expect("an id").1;
    run(&app.db, &format!("update concern set tlp = 'GREEN' where id = '{id}'")).await;
    assert_eq!(about(&police()).await, json!([]));
    let link = json!({ "concernId": concern["id"], "visitId": null });
    let reply = act(&app, &french(), "linkConcernToVisit", link.clone(), "__typename").await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
    let unlinked =
        done(&app, &liaison_officer(), "linkConcernToVisit", link.clone(), "concern { version visit { id } }").await;
    assert!(unlinked["concern"]["visit"].is_null());
    let query = "query($id: ID!) { node(id: $id) { ... on Concern { version } } }";
    let now = app.ask(&french(), query, json!({ "id": concern["id"] })).await.data()["node"]["version"].clone();
    assert_eq!(now, concern["version"], "which visit it is counts in no version: it may be hidden");
    assert_eq!(code(&refused(&app, &liaison_officer(), "linkConcernToVisit", link).await), "CONFLICT");
    let hidden = json!({ "concernId": concern["id"], "visitId": "visit_x" });
    assert_eq!(code(&refused(&app, &liaison_officer(), "linkConcernToVisit", hidden).await), "BAD_USER_INPUT");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_calendar_holds_what_is_going_on(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let visit = announced(&app, "The Minister").await;
    let list = async |from: &str, to: &str| {
        let query = "query($from: Date!, $to: Date!) { visitCalendar(from: $from, to: $to, first: 50) { totalCount nodes { id arrivesOn } } }";
        app.ask(&liaison_officer(), query, json!({ "from": from, "to": to })).await.data()["visitCalendar"].clone()
    };
    let only = json!({ "totalCount": 1, "nodes": [{ "id": visit, "arrivesOn": "2027-01-10" }] });
    for (from, to) in [
        ("2027-01-01", "2027-01-31"),
        ("2027-01-11", "2027-01-11"),
        ("2027-01-01", "2027-01-10"),
        ("2027-01-12", "2027-02-01"),
    ] {
        assert_eq!(list(from, to).await, only, "{from} {to}");
    }
    for (from, to) in [("2027-01-01", "2027-01-09"), ("2027-01-13", "2027-02-01"), ("2027-01-31", "2027-01-01")] {
        assert_eq!(list(from, to).await["totalCount"], 0, "{from} {to}");
    }
    let december = list("2026-12-03", "2026-12-04").await;
    let days: Vec<&str> =
        december["nodes"].as_array().expect("visits").iter().filter_map(|visit| visit["arrivesOn"].as_str()).collect();
    assert_eq!(days, ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"]);
    app.db.clock.advance(Duration::days(60));
    assert_eq!(list("2027-01-10", "2027-01-10").await, only, "what is past is told too");
    let reply = app
        .ask(&liaison_officer(), "{ visitCalendar(from: \"tomorrow\", to: \"2027-01-01\") { totalCount } }", json!({}))
        .await;
    assert_eq!(reply.code(), "BAD_USER_INPUT");
}
