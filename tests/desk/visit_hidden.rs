//! What a command on a visit must not tell: of other visits, of venues where nobody goes, of a link that is hidden.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{concern, french, liaison_officer, police, row, run},
    },
    visit::{accepted, announced, conflicts, leg, seen},
};

/// What the trail names of what somebody did last.
async fn named(app: &App, who: &Who, operation: &str) -> Vec<String> {
    let query = "query($o: String!) { auditEvents(first: 1, filter: { operation: { eq: $o } }) { nodes { rows } } }";
    let reply = app.ask(who, query, json!({ "o": operation })).await;
    let rows = reply.data()["auditEvents"]["nodes"][0]["rows"].clone();
    serde_json::from_value(rows).expect("rows")
}

/// A visit of another state's mission, which the small world has nobody to announce.
async fn of_another_state(app: &App, principal: &str) -> Value {
    let visit = announced(app, principal).await;
    let id = visit.as_str().and_then(|id| id.split_once('_')).expect("an id").1.to_owned();
    let sql = format!(
        "update visit set mission_id = '{}', sending_state_id = '{}' where id = '{id}'",
        row('M', 2),
        row('S', 2)
    );
    run(&app.db, &sql).await;
    chancery::desk::visibility::rebuild(&app.db.store).await.expect("the lines are made");
    visit
}

#[rstest]
#[tokio::test]
async fn who_plans_a_visit_is_not_told_of_others(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let hidden = announced(&app, "The Prince").await;
    leg(&app, &hidden, "Grand Hotel", Some("36061"), (10, 14)).await;
    let id = hidden.as_str().and_then(|id| id.split_once('_')).expect("an id").1.to_owned();
    run(
        &app.db,
        &format!(
            "update visit set mission_id = '{}', sending_state_id = '{}' where id = '{id}'",
            row('M', 2),
            row('S', 2)
        ),
    )
    .await;
    chancery::desk::visibility::rebuild(&app.db.store).await.expect("the lines are made");
    assert_eq!(seen(&app, &french(), &hidden, "status").await, Value::Null);
    let visit = announced(&app, "The Minister").await;
    app.db.clock.advance(time::Duration::SECOND);
    let theirs = leg(&app, &visit, "Grand Hotel", Some("36061"), (12, 13)).await;
    assert_eq!(conflicts(&app, &visit).await.len(), 1, "it is found");
    let rows = named(&app, &french(), "addLeg").await;
    let of = |id: &Value| id.as_str().expect("an id").to_owned();
    assert!(
        rows.iter()
            .all(|row| row.starts_with(&of(&visit)) || row.starts_with(&of(&theirs)) || row.starts_with("venue")),
        "{rows:?}"
    );
    done(&app, &french(), "removeLeg", json!({ "legId": theirs }), "visit { id }").await;
    let rows = named(&app, &french(), "removeLeg").await;
    assert!(
        !rows.is_empty() && !rows.iter().any(|row| row.starts_with("conflict") || row.starts_with(&of(&hidden))),
        "{rows:?}"
    );
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_venue_is_seen_where_a_leg_goes_there(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let visit = announced(&app, "The Minister").await;
    let here = leg(&app, &visit, "Department of State", Some("11001"), (14, 16)).await;
    let safe = json!({ "visitId": visit, "name": "A safe flat", "kind": "PRIVATE", "area": "11001" });
    let safe = done(&app, &french(), "addVenue", safe, "venue { id }").await["venue"]["id"].clone();
    accepted(&app, &visit).await;
    let venues =
        async || seen(&app, &police(), &visit, "venues(first: 9) { nodes { name } }").await["venues"]["nodes"].clone();
    assert_eq!(venues().await, json!([{ "name": "Department of State" }]));
    let query = "query($id: ID!) { node(id: $id) { id } }";
    assert!(app.ask(&police(), query, json!({ "id": safe })).await.data()["node"].is_null());
    let search = "{ search(text: \"safe flat\", first: 3) { totalCount } }";
    assert_eq!(app.ask(&police(), search, json!({})).await.data()["search"]["totalCount"], 0);
    assert_eq!(app.ask(&french(), search, json!({})).await.data()["search"]["totalCount"], 1);
    // The leg goes there, and the other venue is left.
    done(&app, &french(), "changeLeg", json!({ "legId": here, "venueId": safe }), "leg { id }").await;
    assert_eq!(venues().await, json!([{ "name": "A safe flat" }]));
    // What was said of a leg's area stays while its venue does.
    done(&app, &french(), "changeLeg", json!({ "legId": here, "area": null }), "leg { id }").await;
    let again = json!({ "legId": here, "venueId": safe, "note": "By car" });
    assert_eq!(done(&app, &french(), "changeLeg", again, "leg { area }").await["leg"]["area"], Value::Null);
    assert_eq!(seen(&app, &police(), &visit, "status").await, Value::Null);
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn only_one_principal_is_in_nobodys_way(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let visits = [announced(&app, "The Minister").await, announced(&app, "the minister").await];
    let other = of_another_state(&app, "The Minister").await;
    for visit in &visits {
        leg(&app, visit, "A hall", Some("36061"), (10, 12)).await;
    }
    assert_eq!(conflicts(&app, &visits[0]).await, [json!(null); 0], "the same principal, twice announced");
    // Another state's has a venue and a leg by the same name.
    let id = other.as_str().and_then(|id| id.split_once('_')).expect("an id").1.to_owned();
    let sql = format!(
        "insert into leg (id, visit_id, kind, area, starts_at, ends_at) values ('{}', '{id}', 'MOTORCADE', '36061', '2027-01-11T08:00:00.000000Z', '2027-01-11T09:00:00.000000Z')",
        row('Y', 900)
    );
    run(&app.db, &sql).await;
    let drive = json!({ "visitId": visits[0], "kind": "MOTORCADE", "area": "36061", "startsAt": "2027-01-11T08:30:00Z", "endsAt": "2027-01-11T09:30:00Z" });
    done(&app, &french(), "addLeg", drive.clone(), "leg { id }").await;
    let found = conflicts(&app, &visits[0]).await;
    assert_eq!((found.len(), &found[0][0]), (1, &json!("SAME_MOTORCADE_WINDOW")));
    let mut long = drive;
    long["endsAt"] = json!("2027-01-11T14:30:01Z");
    let error = refused(&app, &french(), "addLeg", long).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "endsAt"]), "six hours, not a day");
}

#[rstest]
#[tokio::test]
async fn a_link_to_a_hidden_visit_is_not_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    // Shared with the police, and hidden from them the visit.
    let (shared, hidden) = (concern(8), announced(&app, "The Minister").await);
    let question = "query($id: ID!) { node(id: $id) { ... on Concern { title version visit { id } } } }";
    let before = app.ask(&police(), question, json!({ "id": shared })).await.data()["node"].clone();
    assert!(before["title"].is_string(), "{before}");
    let stream = json!({ "query": "subscription { concernChanged { change concern { visit { id } } } }" });
    let mut told = app.listen_with(&app.token(&police()).await, &stream).await;
    told.told("RESYNC").await;
    let officer = liaison_officer();
    let link = |visit: &Value| json!({ "concernId": shared, "visitId": visit });
    let before = app.ask(&police(), question, json!({ "id": shared })).await.data()["node"].clone();
    done(&app, &officer, "linkConcernToVisit", link(&hidden), "concern { id }").await;
    let after = app.ask(&police(), question, json!({ "id": shared })).await.data()["node"].clone();
    assert_eq!(before, after, "neither the visit nor the version");
    // One that they see is told, and nothing was told before it.
    leg(&app, &hidden, "Department of State", Some("11001"), (14, 16)).await;
    accepted(&app, &hidden).await;
    done(&app, &officer, "linkConcernToVisit", link(&Value::Null), "concern { id }").await;
    let event = told.told("CHANGED").await;
    assert_eq!(event["concern"]["visit"], Value::Null);
    done(&app, &officer, "linkConcernToVisit", link(&hidden), "concern { id }").await;
    assert_eq!(told.told("CHANGED").await["concern"]["visit"]["id"], hidden);
    let left_out = json!({ "concernId": shared });
    assert_eq!(code(&refused(&app, &officer, "linkConcernToVisit", left_out).await), "BAD_USER_INPUT");
}
