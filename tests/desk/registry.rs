//! Agencies: who is trusted, how far, where; what was given is had on the next request, and so is what was taken.

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::{access::Role, identity::demo_keys, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{
            french, french_administrator, liaison_officer, mission, police, police_administrator, public, row, run,
        },
    },
};

/// Which fields an administrator reads of an agency.
pub const ALL: &str =
    "agency { id name kind level ori jurisdictions issuer audience tokenType algorithms keyIds jwksUri oidcDiscovery roleCeiling
    maxTokenLifetimeSeconds requestsPerSecond costPerMinute stateWide sendingState { id } missions { nodes { id } }
    suspendedAt }";

pub fn registrar() -> Who {
    Who { role: Role::Administrator, ..liaison_officer() }
}

pub fn sound() -> Value {
    json!({ "name": "Metro Police", "kind": "LAW_ENFORCEMENT", "level": "CITY", "ori": "DC0010000",
        "issuer": "https://idp.metro.example", "audience": "https://chancery.example", "algorithms": ["ES256"],
        "roles": ["LAW_ENFORCEMENT", "ADMINISTRATOR"], "areas": ["11001"], "quotaRequestsPerSecond": 20 })
}

/// A new key of an agency, which signs what the test asks with; its public part, as text.
fn key(app: &App, agency: &str) -> Value {
    demo_keys::generate_demo_key(&app.db.directory().join("keys"), agency).expect("a key")
}

/// How many missions somebody sees, or the code of the refusal.
async fn sees(app: &App, who: &Who) -> Result<u64, String> {
    let reply = app.ask(who, "{ missions { totalCount } }", json!({})).await;
    reply.json["data"]["missions"]["totalCount"].as_u64().ok_or_else(|| reply.code().to_owned())
}

/// What becomes of a request with a token that was made before.
pub async fn status(app: &App, token: &str) -> u16 {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(r#"{"query":"{ viewer { role } }"}"#))
        .expect("a request");
    app.respond(request).await.status().as_u16()
}

fn refusal() -> Result<u64, String> {
    Err("UNAUTHENTICATED".to_owned())
}

#[rstest]
#[tokio::test]
async fn an_agency_is_registered_and_let_in(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let mut input = sound();
    input["idempotencyKey"] = json!("once");
    let agency = done(&app, &registrar(), "registerAgency", input.clone(), ALL).await["agency"].clone();
    let id = agency["id"].clone();
    let expected = json!({ "id": id, "name": "Metro Police", "kind": "LAW_ENFORCEMENT", "level": "CITY",
        "ori": "DC0010000", "jurisdictions": [], "issuer": "https://idp.metro.example",
        "audience": "https://chancery.example", "tokenType": "at+jwt", "algorithms": ["ES256"], "keyIds": [], "jwksUri": null, "oidcDiscovery": false,
        "roleCeiling": ["LAW_ENFORCEMENT", "ADMINISTRATOR"], "maxTokenLifetimeSeconds": 3600, "requestsPerSecond": 20,
        "costPerMinute": null, "stateWide": false, "sendingState": null, "missions": { "nodes": [] },
        "suspendedAt": null });
    assert_eq!(agency, expected);
    let again = done(&app, &registrar(), "registerAgency", input, ALL).await;
    assert_eq!(again["agency"]["id"], id, "once under one key");
    assert_eq!(code(&refused(&app, &registrar(), "registerAgency", sound()).await), "CONFLICT");
    let agency = id.as_str().expect("an id").trim_start_matches("agency_").to_owned();
    let jwk = key(&app, &agency);
    let officer = Who { agency, subject: "m.metro".to_owned(), role: Role::LawEnforcement };
    let person = json!({ "agencyId": id, "subject": "m.metro", "name": "M. Metro", "roles": ["LAW_ENFORCEMENT"] });
    done(&app, &registrar(), "enrolPerson", person, "person { id }").await;
    assert_eq!(sees(&app, &officer).await, refusal(), "it has no key yet");
    let new = json!({ "agencyId": id, "jwk": jwk.to_string() });
    let payload = done(&app, &registrar(), "addAgencyKey", new.clone(), ALL).await;
    assert_eq!(payload["agency"]["keyIds"], json!([jwk["kid"]]));
    assert_eq!(code(&refused(&app, &registrar(), "addAgencyKey", new.clone()).await), "CONFLICT", "under its id");
    assert_eq!(sees(&app, &officer).await, Ok(0), "its area is a proposal");
    let area = json!({ "agencyId": id, "areas": ["11001"] });
    let payload = done(&app, &registrar(), "confirmAgencyAreas", area.clone(), ALL).await;
    assert_eq!(payload["agency"]["jurisdictions"], json!(["11001"]));
    let in_the_district = sees(&app, &police()).await;
    assert!(in_the_district.as_ref().is_ok_and(|count| *count > 0));
    assert_eq!(sees(&app, &officer).await, in_the_district, "from the next request on");
    let token = app.token(&officer).await;
    done(&app, &registrar(), "removeAgencyArea", json!({ "agencyId": id, "area": "11001" }), ALL).await;
    assert_eq!(sees(&app, &officer).await, Ok(0));
    let kid = json!({ "agencyId": id, "keyId": jwk["kid"] });
    done(&app, &registrar(), "removeAgencyKey", kid.clone(), ALL).await;
    assert_eq!((sees(&app, &officer).await, status(&app, &token).await), (refusal(), 401), "its key is gone");
    assert_eq!(code(&refused(&app, &registrar(), "removeAgencyKey", kid).await), "CONFLICT");
    done(&app, &registrar(), "addAgencyKey", new, ALL).await;
    assert_eq!((sees(&app, &officer).await, status(&app, &token).await), (Ok(0), 200));
    let on = json!({ "agencyId": id });
    let payload = done(&app, &registrar(), "suspendAgency", on.clone(), ALL).await;
    assert!(payload["agency"]["suspendedAt"].is_string());
    assert_eq!((sees(&app, &officer).await, status(&app, &token).await), (refusal(), 401), "suspended");
    assert_eq!(code(&refused(&app, &registrar(), "suspendAgency", on.clone()).await), "CONFLICT");
    done(&app, &registrar(), "reinstateAgency", on.clone(), ALL).await;
    assert_eq!((sees(&app, &officer).await, status(&app, &token).await), (Ok(0), 200));
    assert_eq!(code(&refused(&app, &registrar(), "reinstateAgency", on).await), "CONFLICT");
    is_whole(&app.db).await;
}

/// An agency that an import has listed is enrolled under its ORI, and keeps its id and its areas.
#[rstest]
#[tokio::test]
async fn what_is_listed_is_enrolled(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    run(&app.db, &format!("update agency set ori = 'DC0010000' where id = '{}'", row('A', 4))).await;
    let listed = public("agency", 'A', 4);
    for (command, more) in
        [("addAgencyKey", json!({ "jwk": "{}" })), ("setAgencyCeiling", json!({ "roles": ["ADMINISTRATOR"] }))]
    {
        let mut input = more;
        input["agencyId"] = json!(listed);
        assert_eq!(code(&refused(&app, &registrar(), command, input).await), "CONFLICT", "{command}: it is listed");
    }
    let payload = done(&app, &registrar(), "registerAgency", sound(), ALL).await;
    assert_eq!((&payload["agency"]["id"], &payload["agency"]["jurisdictions"]), (&json!(listed), &json!(["NYC"])));
    let mut other = sound();
    other["issuer"] = json!("https://other.example");
    assert_eq!(code(&refused(&app, &registrar(), "registerAgency", other).await), "CONFLICT", "its ORI is taken");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_ceiling_narrows_and_widens(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let of_french = |roles: Value| json!({ "agencyId": public("agency", 'A', 1), "roles": roles });
    let token = app.token(&french()).await;
    let payload = done(&app, &registrar(), "setAgencyCeiling", of_french(json!(["ADMINISTRATOR"])), ALL).await;
    assert_eq!(payload["agency"]["roleCeiling"], json!(["ADMINISTRATOR"]));
    assert_eq!(payload["agency"]["maxTokenLifetimeSeconds"], 3600, "what is not given stays");
    assert!(sees(&app, &french()).await.is_err(), "what is granted beyond it is void");
    assert_ne!(status(&app, &token).await, 200);
    assert!(sees(&app, &french_administrator()).await.is_ok());
    for roles in [json!([]), json!(["ANALYST"]), json!(["MISSION_OFFICER", "LAW_ENFORCEMENT"])] {
        let error = refused(&app, &registrar(), "setAgencyCeiling", of_french(roles)).await;
        assert_eq!((code(&error), &error["extensions"]["input"]), ("BAD_USER_INPUT", &json!(["input", "roles"])));
    }
    let both = of_french(json!(["MISSION_OFFICER", "ADMINISTRATOR"]));
    done(&app, &registrar(), "setAgencyCeiling", both.clone(), ALL).await;
    assert!(sees(&app, &french()).await.is_ok());
    assert_eq!(code(&refused(&app, &registrar(), "setAgencyCeiling", both).await), "CONFLICT", "that it is");
    assert_eq!(status(&app, &token).await, 200);
    let shorter = json!({ "agencyId": public("agency", 'A', 1), "maxLifetimeSeconds": 600 });
    done(&app, &registrar(), "setAgencyCeiling", shorter, ALL).await;
    assert_eq!(status(&app, &token).await, 401, "it lives too long");
    assert!(sees(&app, &french()).await.is_ok(), "one of ten minutes does not");
    for input in [
        json!({ "agencyId": public("agency", 'A', 1) }),
        json!({ "agencyId": public("agency", 'A', 1), "maxLifetimeSeconds": 0 }),
        json!({ "agencyId": public("agency", 'A', 1), "maxLifetimeSeconds": 86_401 }),
    ] {
        assert_eq!(code(&refused(&app, &registrar(), "setAgencyCeiling", input).await), "BAD_USER_INPUT");
    }
    is_whole(&app.db).await;
}

/// Whoever is left could let nobody in again.
#[rstest]
#[tokio::test]
async fn nobody_locks_the_own_agency_out(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let own = public("agency", 'A', 3);
    let token = app.token(&registrar()).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Agency { keyIds } } }";
    let kid = app.ask(&registrar(), query, json!({ "id": own })).await.data()["node"]["keyIds"][0].clone();
    for (command, input) in [
        ("suspendAgency", json!({ "agencyId": own })),
        ("setAgencyCeiling", json!({ "agencyId": own, "roles": ["ANALYST"] })),
        ("setAgencyCeiling", json!({ "agencyId": own, "maxLifetimeSeconds": 3599 })),
        ("removeAgencyKey", json!({ "agencyId": own, "keyId": kid })),
    ] {
        assert_eq!(code(&refused(&app, &registrar(), command, input).await), "CONFLICT", "{command}");
        assert_eq!(status(&app, &token).await, 200, "{command}");
    }
    // A key that no token can be verified with is none.
    run(
        &app.db,
        &format!(
            "insert into agency_key (agency_id, kid, jwk, added_at) values ('{}', 'old', '{{\"kty\":\"oct\"}}', '2026-11-01T00:00:00.000000Z')",
            row('A', 3)
        ),
    )
    .await;
    let last = json!({ "agencyId": own, "keyId": kid });
    assert_eq!(code(&refused(&app, &registrar(), "removeAgencyKey", last.clone()).await), "CONFLICT");
    let narrower =
        json!({ "agencyId": own, "roles": ["ADMINISTRATOR", "LIAISON_OFFICER"], "maxLifetimeSeconds": 7200 });
    done(&app, &registrar(), "setAgencyCeiling", narrower, ALL).await;
    let jwk = demo_keys::generate_demo_key(&app.db.directory().join("more"), "another").expect("a key");
    done(&app, &registrar(), "addAgencyKey", json!({ "agencyId": own, "jwk": jwk.to_string() }), ALL).await;
    // Now the token's own key may go: its answer comes, and no other.
    let reply = act(&app, &registrar(), "removeAgencyKey", last, "agency { id }").await;
    assert!(reply.json.get("errors").is_none() || reply.code() == "UNAUTHENTICATED", "{}", reply.text);
    assert_eq!(status(&app, &token).await, 401);
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn areas_are_confirmed_all_or_none(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let areas = |areas: Value| json!({ "agencyId": public("agency", 'A', 2), "areas": areas });
    let wide = format!(
        "insert into agency_area (agency_id, area, level, source, proposed_at) values ('{}', 'US-MD', 'STATE', 'test', '2026-11-01T00:00:00.000000Z')",
        row('A', 2)
    );
    run(&app.db, &wide).await;
    for (named, expected) in [
        (json!([]), "BAD_USER_INPUT"),
        (json!(["24031", "36061"]), "BAD_USER_INPUT"),
        (json!(["24031", "US-MD"]), "CONFLICT"),
        (json!(["11001"]), "CONFLICT"),
    ] {
        let error = refused(&app, &registrar(), "confirmAgencyAreas", areas(named)).await;
        assert_eq!(code(&error), expected, "{error}");
    }
    let error = refused(&app, &registrar(), "confirmAgencyAreas", areas(json!(["24032"]))).await;
    assert!(error["message"].as_str().is_some_and(|text| text.contains("24031")), "what was proposed: {error}");
    let payload = done(&app, &registrar(), "confirmAgencyAreas", areas(json!(["24031", "11001"])), ALL).await;
    assert_eq!(payload["agency"]["jurisdictions"], json!(["11001", "24031"]));
    let mut meant = areas(json!(["US-MD"]));
    meant["evenIfWide"] = json!(true);
    let payload = done(&app, &registrar(), "confirmAgencyAreas", meant, ALL).await;
    assert_eq!(payload["agency"]["jurisdictions"], json!(["11001", "24031", "US-MD"]));
    let gone = json!({ "agencyId": public("agency", 'A', 2), "area": "36061" });
    assert_eq!(code(&refused(&app, &registrar(), "removeAgencyArea", gone).await), "CONFLICT");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_mission_is_an_agencys_own_at_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    // Germany's: that it is another state's is the administrator's to judge.
    let own = |number: usize| json!({ "agencyId": public("agency", 'A', 1), "missionId": mission(number) });
    let deep = "query($id: ID!) { node(id: $id) { ... on Mission { guardPosture } } }";
    let posture =
        async || app.ask(&french(), deep, json!({ "id": mission(2) })).await.data()["node"]["guardPosture"].clone();
    assert_eq!(posture().await, Value::Null);
    let payload = done(&app, &registrar(), "addAgencyMission", own(2), ALL).await;
    assert_eq!(payload["agency"]["missions"]["nodes"].as_array().map(Vec::len), Some(2), "{payload}");
    assert_eq!(posture().await, "guarded");
    assert_eq!(code(&refused(&app, &registrar(), "addAgencyMission", own(2)).await), "CONFLICT");
    done(&app, &registrar(), "removeAgencyMission", own(2), ALL).await;
    assert_eq!(posture().await, Value::Null);
    assert_eq!(code(&refused(&app, &registrar(), "removeAgencyMission", own(2)).await), "CONFLICT");
    let of_police = json!({ "agencyId": public("agency", 'A', 2), "missionId": mission(2) });
    assert_eq!(code(&refused(&app, &registrar(), "addAgencyMission", of_police).await), "CONFLICT");
    for command in ["addAgencyMission", "removeAgencyMission"] {
        let error = refused(&app, &registrar(), command, own(99)).await;
        assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("missionId")));
    }
    is_whole(&app.db).await;
}

/// An agency's own administrator keeps its people, and widens nothing.
#[rstest]
#[tokio::test]
async fn no_agency_widens_itself(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let own = public("agency", 'A', 2);
    let jwk = demo_keys::generate_demo_key(&app.db.directory().join("more"), "good").expect("a key").to_string();
    for (command, input) in [
        ("registerAgency", sound()),
        ("setAgencyCeiling", json!({ "agencyId": own, "maxLifetimeSeconds": 86_400 })),
        ("addAgencyKey", json!({ "agencyId": own, "jwk": jwk })),
        ("confirmAgencyAreas", json!({ "agencyId": own, "areas": ["24031"] })),
        ("suspendAgency", json!({ "agencyId": own })),
    ] {
        assert_eq!(code(&refused(&app, &police_administrator(), command, input).await), "FORBIDDEN", "{command}");
    }
    // A liaison officer's schema has none of it.
    let reply = act(&app, &liaison_officer(), "suspendAgency", json!({ "agencyId": own }), "__typename").await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
}

/// Open streams are looked at once a second.
#[rstest]
#[tokio::test]
async fn a_suspended_agency_listens_no_more(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let concerns = "subscription { concernChanged { change id } }";
    let mut of_police = app.listen(&police(), concerns, json!({})).await;
    let mut of_france = app.listen(&french(), concerns, json!({})).await;
    of_police.told("RESYNC").await;
    of_france.told("RESYNC").await;
    let began = std::time::Instant::now();
    done(&app, &registrar(), "suspendAgency", json!({ "agencyId": public("agency", 'A', 2) }), ALL).await;
    assert_eq!(of_police.end().await, "UNAUTHENTICATED");
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "a second, and what a busy machine needs");
    // Another's registered missions are other standing for it alone.
    done(
        &app,
        &registrar(),
        "addAgencyMission",
        json!({ "agencyId": public("agency", 'A', 1), "missionId": mission(2) }),
        ALL,
    )
    .await;
    of_france.told("RESYNC").await;
}
