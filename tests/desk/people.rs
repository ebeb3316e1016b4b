//! Who is enrolled, whose mission it is, who is on watch, and liaisons.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    act, code, desk, done, is_whole,
    life::{raised, seen},
    refused,
    support::{
        app::Who,
        small_world::{french, french_administrator, liaison_officer, mission, police, public},
    },
};

fn registrar() -> Who {
    Who { role: Role::Administrator, ..liaison_officer() }
}

#[rstest]
#[tokio::test]
async fn an_administrator_enrols_colleagues_within_the_ceiling(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    let admin = french_administrator();
    let new = |subject: &str, roles: Value| json!({ "agencyId": public("agency", 'A', 1), "subject": subject, "name": "Zo\u{eb} Martin", "roles": roles });
    for (roles, wrong) in [(json!([]), true), (json!(["ANALYST"]), true), (json!(["MISSION_OFFICER", "AUDITOR"]), true)]
    {
        let error = refused(&app, &admin, "enrolPerson", new("z.martin", roles)).await;
        assert_eq!(code(&error) == "BAD_USER_INPUT", wrong, "{error}");
    }
    let payload = done(
        &app,
        &admin,
        "enrolPerson",
        new("z.martin", json!(["MISSION_OFFICER"])),
        "person { id subject disabledAt }",
    )
    .await;
    assert_eq!(payload["person"]["subject"], "z.martin");
    let error = refused(&app, &admin, "enrolPerson", new("z.martin", json!(["MISSION_OFFICER"]))).await;
    assert_eq!(code(&error), "CONFLICT");
    // From now on they ask.
    let colleague = Who { subject: "z.martin".to_owned(), ..french() };
    let id = raised(&app).await;
    assert_eq!(seen(&app, &colleague, &id, "title").await["title"], "A parked van");
    let person = payload["person"]["id"].clone();
    let other = new("intruder", json!(["LAW_ENFORCEMENT"]));
    let mut other = other;
    other["agencyId"] = json!(public("agency", 'A', 2));
    assert_eq!(code(&refused(&app, &admin, "enrolPerson", other).await), "NOT_FOUND", "another agency is not there");
    let payload = done(&app, &admin, "disablePerson", json!({ "personId": person }), "person { disabledAt }").await;
    assert!(payload["person"]["disabledAt"].is_string());
    let reply = app.ask(&colleague, "{ viewer { role } }", json!({})).await;
    assert_eq!(reply.code(), "UNAUTHENTICATED", "from the next request on");
    assert_eq!(code(&refused(&app, &admin, "disablePerson", json!({ "personId": person })).await), "CONFLICT");
    done(&app, &admin, "enablePerson", json!({ "personId": person }), "person { disabledAt }").await;
    app.ask(&colleague, "{ viewer { role } }", json!({})).await.data();
    let own = json!({ "personId": public("person", 'P', 1) });
    assert_eq!(code(&refused(&app, &admin, "disablePerson", own).await), "CONFLICT", "nobody locks themselves out");
    is_whole(&app.db).await;
}

/// A mission is given, never taken; who gives it away sees less at once, in the same answer.
#[rstest]
#[tokio::test]
async fn a_mission_is_given_to_a_colleague(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let colleague = Who { subject: "subject-5".to_owned(), ..officer.clone() };
    let id = raised(&app).await;
    let give = json!({ "missionId": mission(1), "officer": "subject-5" });
    assert_eq!(seen(&app, &colleague, &id, "reporter").await["reporter"], Value::Null);
    let error = refused(&app, &colleague, "addToPortfolio", give.clone()).await;
    assert_eq!(code(&error), "FORBIDDEN", "nobody takes one: {error}");
    done(&app, &officer, "addToPortfolio", give.clone(), "mission { id }").await;
    assert_eq!(code(&refused(&app, &officer, "addToPortfolio", give).await), "CONFLICT");
    assert_eq!(seen(&app, &colleague, &id, "reporter").await["reporter"], "Person 1");
    let own = json!({ "missionId": mission(1), "officer": "subject-4" });
    let payload =
        done(&app, &officer, "removeFromPortfolio", own.clone(), "mission { name guardPosture protectiveNeed }").await;
    assert_eq!(payload["mission"]["protectiveNeed"], Value::Null, "read with the standing after it: {payload}");
    assert_eq!(code(&refused(&app, &officer, "removeFromPortfolio", own.clone()).await), "FORBIDDEN");
    done(&app, &registrar(), "addToPortfolio", own, "mission { id }").await;
    assert_eq!(seen(&app, &officer, &id, "reporter").await["reporter"], "Person 1");
    for nobody in ["subject-1", "nobody", ""] {
        let reply =
            act(&app, &officer, "addToPortfolio", json!({ "missionId": mission(1), "officer": nobody }), "__typename")
                .await;
        assert_eq!(reply.json["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{}", reply.text);
    }
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_turn_on_watch_opens_what_nobody_has(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let colleague = Who { subject: "subject-5".to_owned(), ..liaison_officer() };
    let id = raised(&app).await;
    let turn =
        |starts: &str, ends: &str| json!({ "personId": public("person", 'P', 5), "startsAt": starts, "endsAt": ends });
    let now = turn("2026-11-22T12:00:00Z", "2026-11-22T20:00:00Z");
    let acknowledge = json!({ "concernId": id });
    assert_eq!(code(&refused(&app, &colleague, "acknowledgeConcern", acknowledge.clone()).await), "FORBIDDEN");
    done(&app, &registrar(), "addWatchShift", now.clone(), "person { id }").await;
    for overlapping in [
        now,
        turn("2026-11-22T19:59:00Z", "2026-11-23T00:00:00Z"),
        turn("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
    ] {
        assert_eq!(code(&refused(&app, &registrar(), "addWatchShift", overlapping).await), "CONFLICT");
    }
    done(&app, &registrar(), "addWatchShift", turn("2026-11-22T20:00:00Z", "2026-11-23T04:00:00Z"), "__typename").await;
    let mut of_police = turn("2026-11-22T12:00:00Z", "2026-11-22T20:00:00Z");
    of_police["personId"] = json!(public("person", 'P', 3));
    assert_eq!(code(&refused(&app, &registrar(), "addWatchShift", of_police).await), "BAD_USER_INPUT");
    done(&app, &colleague, "acknowledgeConcern", acknowledge, "concern { status }").await;
    app.db.clock.advance(Duration::hours(1));
    let over = json!({ "personId": public("person", 'P', 5), "startsAt": "2026-11-22T12:00:00Z" });
    done(&app, &registrar(), "removeWatchShift", over.clone(), "__typename").await;
    assert_eq!(code(&refused(&app, &colleague, "assignConcern", json!({ "concernId": id })).await), "FORBIDDEN");
    assert_eq!(code(&refused(&app, &registrar(), "removeWatchShift", over).await), "CONFLICT", "that turn is over");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn an_agency_keeps_its_liaisons(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    // DSS may say that an officer of the police serves a mission that the police itself does not see.
    let new = json!({ "agencyId": public("agency", 'A', 2), "name": "Lt. Ada Quist", "deskPhone": "+12025550188",
        "missionIds": [mission(1)] });
    let payload =
        done(&app, &liaison_officer(), "addLiaison", new.clone(), "liaison { id name missions { nodes { id } } }")
            .await;
    assert_eq!(payload["liaison"]["missions"]["nodes"], json!([{ "id": mission(1) }]));
    let error = refused(&app, &police(), "addLiaison", new).await;
    assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("missionIds")));
    let id = payload["liaison"]["id"].clone();
    let query = "query($id: ID!) { node(id: $id) { ... on Liaison { name deskPhone } } }";
    let read = app.ask(&french(), query, json!({ "id": id })).await;
    assert_eq!(read.data()["node"]["name"], "Lt. Ada Quist", "she serves the embassy");
    let error =
        refused(&app, &police(), "updateLiaison", json!({ "liaisonId": id, "missionIds": ["mission_x"] })).await;
    assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("missionIds")));
    let change = json!({ "liaisonId": id, "deskPhone": null, "missionIds": [mission(2)] });
    let payload =
        done(&app, &police(), "updateLiaison", change, "liaison { name deskPhone missions { nodes { id } } }").await;
    let expected =
        json!({ "name": "Lt. Ada Quist", "deskPhone": null, "missions": { "nodes": [{ "id": mission(2) }] } });
    assert_eq!(payload["liaison"], expected);
    // The link to a mission that the agency does not see was not the agency's to take away.
    assert_eq!(app.ask(&french(), query, json!({ "id": id })).await.data()["node"]["name"], "Lt. Ada Quist");
    let of_all = "query($id: ID!) { node(id: $id) { ... on Liaison { missions { totalCount } } } }";
    let read = app.ask(&liaison_officer(), of_all, json!({ "id": id })).await;
    assert_eq!(read.data()["node"]["missions"]["totalCount"], 2, "{}", read.text);
    done(&app, &police(), "removeLiaison", json!({ "liaisonId": id }), "agency { id }").await;
    assert_eq!(code(&refused(&app, &police(), "removeLiaison", json!({ "liaisonId": id })).await), "NOT_FOUND");
    is_whole(&app.db).await;
}
