//! What is told, to whom, and what is not.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    CONCERNS, by_officer, done, is_whole, raised,
    support::{
        app::Who,
        enrolled,
        small_world::{analyst, french, liaison_officer, mission, police, public},
    },
};

#[rstest]
#[tokio::test]
async fn a_concern_is_told_to_those_who_see_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut mission = app.listen(&french(), CONCERNS, json!({})).await;
    let mut officer = app.listen(&liaison_officer(), CONCERNS, json!({})).await;
    let mut police = app.listen(&police(), CONCERNS, json!({})).await;
    for listener in [&mut mission, &mut officer, &mut police] {
        let first = listener.told("RESYNC").await;
        assert_eq!((&first["id"], &first["concern"]), (&Value::Null, &Value::Null));
        assert!(first["cursor"].is_string());
    }
    let id = raised(&app, "HIGH").await;
    for listener in [&mut mission, &mut officer] {
        let event = listener.told("CHANGED").await;
        assert_eq!(event["id"], id);
        assert_eq!(event["concern"], json!({ "id": id, "status": "SUBMITTED" }));
    }
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    for listener in [&mut mission, &mut officer] {
        assert_eq!(listener.told("CHANGED").await["concern"]["status"], "ACKNOWLEDGED");
    }
    // Nothing that was selected is another: neither for whom it was written nor for others.
    done(&app, &analyst(), "addInternalEntry", json!({ "concernId": id, "body": "Seen before." }), "entry { id }")
        .await;
    mission.silence().await;
    officer.silence().await;
    police.silence().await;
    is_whole(&app).await;
}

/// What hangs on a row is told under its own marking: an entry is AMBER as its concern is.
#[rstest]
#[tokio::test]
async fn a_marked_log_is_told_whole(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "HIGH").await;
    let log = "subscription { concernChanged { change concern { entries { totalCount nodes { tlp } } } } }";
    let mut listener = app.listen(&french(), log, json!({})).await;
    listener.told("RESYNC").await;
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id, "body": "We have it." })).await;
    let entries = listener.told("CHANGED").await["concern"]["entries"].take();
    let told = entries["nodes"].as_array().expect("a list");
    assert!(told.len() > 1 && told.iter().all(|entry| entry["tlp"] == "AMBER"), "{entries}");
    assert_eq!(entries["totalCount"], told.len());
}

/// A selection is told of when something in it changed, and of nothing else.
#[rstest]
#[tokio::test]
async fn only_what_was_selected_counts(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "HIGH").await;
    let of = |selection: &str| format!("subscription {{ concernChanged {{ change concern {{ {selection} }} }} }}");
    let listen = async |who: &Who, selection: &str| {
        let mut listener = app.listen(who, &of(selection), json!({})).await;
        listener.told("RESYNC").await;
        listener
    };
    let mut version = listen(&french(), "version").await;
    let mut log = listen(&french(), "entries { nodes { body } }").await;
    let mut owner = listen(&french(), "owner").await;
    let mut internal = listen(&analyst(), "entries { totalCount }").await;
    let say = async |body: &str| {
        done(&app, &analyst(), "addInternalEntry", json!({ "concernId": id, "body": body }), "entry { id }").await;
    };
    say("Between us.").await;
    internal.told("CHANGED").await;
    for listener in [&mut version, &mut log, &mut owner] {
        listener.silence().await;
    }
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    internal.told("CHANGED").await;
    version.told("CHANGED").await;
    log.told("CHANGED").await;
    by_officer(&app, "assignConcern", json!({ "concernId": id })).await;
    assert_eq!(owner.told("CHANGED").await["concern"]["owner"], "Person 4");
    version.told("CHANGED").await;
    log.silence().await;
}

/// Law 4: gone is gone, whether hidden, closed to the filter, or marked away.
#[rstest]
#[tokio::test]
async fn what_goes_is_removed_alike(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = raised(&app, "HIGH").await;
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "reason": "To look at",
        "tiers": "DC", "expiresAt": "2026-12-24T00:00:00Z" });
    let share = done(&app, &liaison_officer(), "shareConcern", input, "share { id }").await;
    let open = json!({ "filter": { "status": ["SUBMITTED"] } });
    let mut hidden = app.listen(&police(), CONCERNS, json!({})).await;
    let mut filtered = app.listen(&french(), CONCERNS, open).await;
    hidden.told("RESYNC").await;
    filtered.told("RESYNC").await;
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    let by_filter = filtered.told("REMOVED").await;
    assert_eq!(hidden.told("CHANGED").await["concern"]["status"], "ACKNOWLEDGED");
    done(
        &app,
        &liaison_officer(),
        "revokeShare",
        json!({ "shareId": share["share"]["id"], "reason": "Done" }),
        "__typename",
    )
    .await;
    let by_sight = hidden.told("REMOVED").await;
    let without_cursor = |mut event: Value| {
        event["cursor"].take();
        event
    };
    assert_eq!(without_cursor(by_filter), without_cursor(by_sight));
    // What was gone before is not removed again.
    by_officer(&app, "assignConcern", json!({ "concernId": id })).await;
    hidden.silence().await;
    filtered.silence().await;
}

#[rstest]
#[tokio::test]
async fn a_filter_names_values_of_the_directory(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let listen = async |filter: Value| {
        let mut listener = app.listen(&analyst(), CONCERNS, json!({ "filter": filter })).await;
        listener.told("RESYNC").await;
        listener
    };
    let mut high = listen(json!({ "severity": ["HIGH", "CRITICAL"], "category": null })).await;
    let mut nowhere = listen(json!({ "mission": [] })).await;
    let mut elsewhere = listen(json!({ "mission": [mission(2), "no id", public("agency", 'A', 2)] })).await;
    let mut here = listen(json!({ "mission": [mission(1)], "kind": ["CONCERN"], "category": ["SURVEILLANCE"] })).await;
    let low = raised(&app, "LOW").await;
    assert_eq!(here.told("CHANGED").await["id"], low);
    let id = raised(&app, "HIGH").await;
    assert_eq!(here.told("CHANGED").await["id"], id);
    assert_eq!(high.told("CHANGED").await["id"], id);
    by_officer(&app, "setSeverity", json!({ "concernId": low, "severity": "CRITICAL", "reason": "Armed" })).await;
    assert_eq!(high.told("CHANGED").await["id"], low);
    nowhere.silence().await;
    elsewhere.silence().await;
}

/// The board is what is yours to do: what comes onto it, what leaves it.
#[rstest]
#[tokio::test]
async fn the_board_is_told_as_it_changes(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let board = "subscription { deskBoardChanged { __typename change id concern { nextDueAt } } }";
    let mut officer = app.listen(&liaison_officer(), board, json!({})).await;
    assert_eq!(officer.told("RESYNC").await["__typename"], "ConcernEvent");
    let id = raised(&app, "HIGH").await;
    let due = officer.told("CHANGED").await;
    assert_eq!((&due["id"], &due["concern"]["nextDueAt"]), (&json!(id), &json!("2026-11-22T12:15:00.000000Z")));
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    assert_eq!(officer.told("CHANGED").await["concern"]["nextDueAt"], "2026-11-22T13:00:00.000000Z");
    done(&app, &french(), "withdrawConcern", json!({ "concernId": id, "reason": "It left" }), "__typename").await;
    assert_eq!(officer.told("REMOVED").await["id"], id);
    officer.silence().await;
    let absent = app.listen(&analyst(), board, json!({})).await.end().await;
    assert_eq!(absent, "GRAPHQL_VALIDATION_FAILED");
}

/// Law 10: what a stream discloses at P, S or I is in the trail before it leaves.
#[rstest]
#[tokio::test]
async fn what_is_told_is_in_the_trail(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let app = enrolled(engine).await;
    let query = "subscription Reporters { concernChanged { change concern { reporter } } }";
    let mut listener = app.listen(&french(), query, json!({})).await;
    listener.told("RESYNC").await;
    let id = raised(&app, "HIGH").await;
    assert_eq!(listener.told("CHANGED").await["concern"], json!({ "reporter": "Person 1" }));
    let events = entity::audit_event::Entity::find()
        .filter(entity::audit_event::Column::Decision.eq("READ"))
        .all(&app.db.store.orm)
        .await
        .expect("rows");
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].object_ids, format!("[\"{id}/P\"]"));
    assert_eq!(events[0].subject.as_deref(), Some(french().subject.as_str()));
}

/// One change is looked at once for each standing and selection, however many listen.
#[rstest]
#[tokio::test]
async fn a_subscriber_costs_no_statement(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listeners = Vec::new();
    for _ in 0..20 {
        for who in [french(), liaison_officer()] {
            listeners.push(app.listen(&who, CONCERNS, json!({})).await);
        }
    }
    for listener in &mut listeners {
        listener.told("RESYNC").await;
    }
    let id = raised(&app, "HIGH").await;
    let mut events = Vec::new();
    for listener in &mut listeners {
        events.push(listener.told("CHANGED").await);
    }
    // Those who began to listen while it was told caught up by themselves; now all are in their groups.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let before = app.gateway().statements();
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    for listener in &mut listeners {
        assert_eq!(listener.told("CHANGED").await["id"], id);
    }
    // The payload's one, and one for each of the two groups.
    assert_eq!(app.gateway().statements() - before, 3);
}

/// An advisory is told to whom it is addressed, that it was superseded and acknowledged to whom that is shown.
#[rstest]
#[tokio::test]
async fn an_advisory_is_told_to_whom_it_is_addressed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let stream = "subscription { advisoryIssued { change id advisory { headline acknowledgements { totalCount } supersededBy { totalCount } } } }";
    let mut mission = app.listen(&french(), stream, json!({})).await;
    let mut officer = app.listen(&liaison_officer(), stream, json!({})).await;
    let mut police = app.listen(&police(), stream, json!({})).await;
    for listener in [&mut mission, &mut officer, &mut police] {
        listener.told("RESYNC").await;
    }
    let advisory = |more: Value| {
        let mut input = json!({ "urgency": "IMMEDIATE", "severity": "SEVERE", "certainty": "LIKELY",
            "headline": "A march on Embassy Row", "body": "Keep the gates shut." });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    let input = advisory(json!({ "allMissions": true }));
    let issued = done(&app, &liaison_officer(), "issueAdvisory", input, "advisory { id }").await;
    let id = issued["advisory"]["id"].clone();
    for listener in [&mut mission, &mut officer] {
        let event = listener.told("CHANGED").await;
        assert_eq!((&event["id"], &event["advisory"]["headline"]), (&id, &json!("A march on Embassy Row")));
    }
    done(&app, &french(), "acknowledgeAdvisory", json!({ "advisoryId": id }), "__typename").await;
    for listener in [&mut mission, &mut officer] {
        assert_eq!(listener.told("CHANGED").await["advisory"]["acknowledgements"]["totalCount"], 1);
    }
    let update = advisory(json!({ "advisoryId": id, "msgType": "UPDATE" }));
    done(&app, &liaison_officer(), "supersedeAdvisory", update, "__typename").await;
    for listener in [&mut mission, &mut officer] {
        let mut events = [listener.told("CHANGED").await, listener.told("CHANGED").await];
        events.sort_by_key(|event| event["id"] != id);
        assert_eq!(events[0]["advisory"]["supersededBy"]["totalCount"], 1);
        assert_ne!(events[1]["id"], id);
        listener.silence().await;
    }
    police.silence().await;
}
