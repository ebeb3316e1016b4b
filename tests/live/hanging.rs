//! What hangs on a row that a stream follows: told where it was selected and became another, whichever way that was asked for,
//! and to nobody who does not read it.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    deeds::{agents, begin as begin_visit},
    done,
    support::{
        app::{App, Who},
        enrolled,
        listen::Listener,
        programmes::security_officer,
        small_world::{analyst, french, liaison_officer, mission, police, public, row, run},
    },
};

/// Somebody who listens to posts, having been told that they begin.
async fn posts(app: &App, who: &Who, selection: &str) -> Listener {
    let query = format!("subscription {{ postChanged {{ change id post {{ id {selection} }} }} }}");
    let mut listener = app.listen(who, &query, json!({})).await;
    listener.told("RESYNC").await;
    listener
}

/// Where the police have a leg of the visit, and what they do not read of it is another, they are told nothing; that it is gone
/// they are told.
#[rstest]
#[tokio::test]
async fn a_hidden_value_of_what_hangs_on_a_row_is_told_to_nobody_who_does_not_read_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = enrolled(engine).await;
    begin_visit(&app).await;
    let query = "{ visits(first: 100) { nodes { id principal legs(first: 100) { nodes { id area } } } } }";
    let visits = app.ask(&liaison_officer(), query, json!({})).await.data()["visits"]["nodes"].clone();
    let visit = visits.as_array().expect("a list").iter().find(|visit| visit["principal"] == "Guest 9").expect("it");
    let legs = visit["legs"]["nodes"].as_array().expect("a list");
    let leg = legs.iter().find(|leg| leg["area"] == "11001").expect("one in the District")["id"].clone();
    let stream = "subscription { visitChanged { change id visit { legs(first: 9) { nodes { id note } } } } }";
    let deep = "subscription { visitChanged { change id visit { legs(first: 9) { nodes { id route } } } } }";
    let mut shallow = [app.listen(&police(), stream, json!({})).await, app.listen(&french(), stream, json!({})).await];
    let mut officer = app.listen(&liaison_officer(), deep, json!({})).await;
    for listener in shallow.iter_mut().chain([&mut officer]) {
        listener.told("RESYNC").await;
    }
    let route = json!({ "legId": leg, "route": "By the river" });
    crate::done(&app, &liaison_officer(), "setLegRoute", route, "leg { id }").await;
    assert_eq!(officer.told("CHANGED").await["id"], visit["id"]);
    for listener in &mut shallow {
        listener.silence().await;
    }
    let note = json!({ "legId": leg, "note": "Two cars" });
    crate::done(&app, &french(), "changeLeg", note, "leg { id }").await;
    for listener in &mut shallow {
        let told = listener.told("CHANGED").await;
        let legs = told["visit"]["legs"]["nodes"].as_array().expect("a list").clone();
        assert!(legs.contains(&json!({ "id": leg, "note": "Two cars" })), "{told}");
    }
    officer.silence().await;
    crate::done(&app, &french(), "removeLeg", json!({ "legId": leg }), "visit { id }").await;
    let [police, french] = &mut shallow;
    // It was their only one.
    assert_eq!(police.told("REMOVED").await["id"], visit["id"]);
    assert_eq!(french.told("CHANGED").await["visit"]["legs"]["nodes"].as_array().map(Vec::len), Some(legs.len() - 1));
    assert_eq!(officer.told("CHANGED").await["id"], visit["id"]);
}

/// A filter, an order or a page in a selection changes with what it goes by.
#[rstest]
#[tokio::test]
async fn a_list_is_told_by_what_it_goes_by(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let rso = security_officer();
    let mut open = posts(&app, &rso, "findings(filter: { resolvedAt: { isNull: true } }) { totalCount }").await;
    let mut first = posts(&app, &rso, "programmes(first: 1) { nodes { kind } }").await;
    let mut ordered = posts(&app, &rso, "programmes(orderBy: [OUTCOME_DESC]) { nodes { kind } }").await;
    let mut nested = posts(&app, &rso, "programmes { nodes { kind reviews { totalCount } } }").await;
    let mut kinds = posts(&app, &rso, "programmes(orderBy: [KIND_ASC]) { nodes { kind } }").await;
    let resolve = json!({ "findingId": public("finding", '1', 2), "resolution": "It closes" });
    done(&app, &rso, "resolveFinding", resolve, "finding { id }").await;
    open.told("CHANGED").await;
    let review = json!({ "programmeId": public("programme", '0', 2), "reviewedOn": "2026-11-22", "outcome": "UNSATISFACTORY",
        "summary": "Not well", "nextReviewOn": "2027-11-22" });
    done(&app, &rso, "recordReview", review, "review { id }").await;
    for listener in [&mut first, &mut ordered, &mut nested] {
        listener.told("CHANGED").await;
    }
    kinds.silence().await;
}

/// Which agencies support a detail, and which officers are posted to a post.
#[rstest]
#[tokio::test]
async fn links_are_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    begin_visit(&app).await;
    let [agent, _] = agents();
    let query = "subscription { protectiveDetailChanged { change id protectiveDetail { agencies { totalCount } } } }";
    let mut listener = app.listen(&agent, query, json!({})).await;
    listener.told("RESYNC").await;
    let details =
        "{ protectiveDetails(first: 9, filter: { status: { eq: OPEN } }) { nodes { id visit { principal } } } }";
    let details = app.ask(&agent, details, json!({})).await.data()["protectiveDetails"]["nodes"].clone();
    let its = |detail: &&Value| detail["visit"]["principal"] == "Guest 9";
    let detail = details.as_array().expect("a list").iter().find(its).expect("its detail")["id"].clone();
    let partner = json!({ "detailId": detail, "agencyId": public("agency", 'A', 4) });
    done(&app, &agent, "addDetailAgency", partner, "detail { id }").await;
    assert_eq!(listener.told("CHANGED").await["protectiveDetail"], json!({ "agencies": { "totalCount": 2 } }));

    let mut officers = posts(&app, &analyst(), "regionalSecurityOfficers").await;
    crate::support::line::chancery(&app.db, &format!("person post {} subject-5 --none", row('A', 3)))
        .await
        .expect("left");
    let told = officers.event().await;
    let told = if told["change"] == "RESYNC" { officers.event().await } else { told };
    assert_eq!(told["post"], json!({ "id": public("post", 'T', 2), "regionalSecurityOfficers": [] }));
}

/// A post hangs on another, and an edge leads to it: what is hidden of either tells nothing.
#[rstest]
#[tokio::test]
async fn an_edge_is_told_by_where_it_leads_alone(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    // The second officer's post belongs to the first officer's.
    run(&app.db, &format!("update post set constituent_of_id = '{}' where id = '{}'", row('T', 1), row('T', 2))).await;
    let mut both = posts(&app, &liaison_officer(), "constituentOf { name } constituents { nodes { name } }").await;
    let plan = json!({ "postId": public("post", 'T', 2), "emergencyPlan": "Go" });
    done(&app, &crate::support::programmes::second_security_officer(), "setEmergencyPlan", plan, "post { id }").await;
    both.silence().await;
}

/// A filter by an edge does not find what the edge leads to where that is hidden.
#[rstest]
#[tokio::test]
async fn a_filter_does_not_see_a_hidden_row(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    begin_visit(&app).await;
    let ask = "query($m: ID!) { visits(filter: { mission: { id: { eq: $m } } }) { totalCount } }";
    let query = "subscription($m: [ID!]) { visitChanged(filter: { mission: $m }) { change id visit { mission { id } legs { totalCount } } } }";
    // Of the embassy in the District; and moved to where the police have no area.
    for (place, is_told) in [("11001", true), ("36061", false)] {
        run(&app.db, &format!("update mission set area = '{place}' where id = '{}'", row('M', 1))).await;
        chancery::desk::visibility::rebuild(&app.db.store).await.expect("made anew");
        let found = app.ask(&police(), ask, json!({ "m": mission(1) })).await.data()["visits"]["totalCount"].clone();
        assert_eq!(found != json!(0), is_told, "{found}");
        let mut listener = app.listen(&police(), query, json!({ "m": [mission(1)] })).await;
        // What was made anew is told as well.
        listener.told("RESYNC").await;
        listener.drain(std::time::Duration::from_millis(1_500)).await;
        let visits = "{ visits(first: 100) { nodes { id principal } } }";
        let visits = app.ask(&liaison_officer(), visits, json!({})).await.data()["visits"]["nodes"].clone();
        let its = |visit: &&Value| visit["principal"] == "Guest 9";
        let visit = visits.as_array().expect("a list").iter().find(its).expect("it")["id"].clone();
        let leg = json!({ "visitId": visit, "kind": "MOTORCADE", "area": "11001",
            "startsAt": "2026-12-06T10:00:00Z", "endsAt": "2026-12-06T11:00:00Z" });
        done(&app, &french(), "addLeg", leg, "leg { id }").await;
        if is_told {
            assert_eq!(listener.told("CHANGED").await["id"], visit);
        } else {
            listener.silence().await;
        }
    }
}

/// An edge that leads elsewhere than before is told where that is visible.
#[rstest]
#[tokio::test]
async fn an_edge_that_leads_elsewhere_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let id = crate::raised(&app, "LOW").await;
    let query = "subscription { concernChanged { change id concern { visit { id } } } }";
    let mut listener = app.listen(&liaison_officer(), query, json!({})).await;
    listener.told("RESYNC").await;
    let visit = public("visit", 'W', 1);
    crate::by_officer(&app, "linkConcernToVisit", json!({ "concernId": id, "visitId": visit })).await;
    assert_eq!(listener.told("CHANGED").await["concern"], json!({ "visit": { "id": visit } }));
}
