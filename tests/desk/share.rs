//! Markings and shares: what opens, what closes, and whose consent it takes.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    code, desk, done, is_whole,
    life::{raised, seen},
    refused,
    support::small_world::{french, liaison_officer, police, public},
};

#[rstest]
#[tokio::test]
async fn a_share_opens_as_deep_as_it_says_and_ends(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    let to = public("agency", 'A', 2);
    let share = |more: Value| {
        let mut input = json!({ "concernId": id, "agencyId": to, "reason": "They patrol there." });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        input
    };
    for (more, field) in [
        (json!({ "tiers": "CD" }), "tiers"),
        (json!({ "tiers": "DCPSI" }), "tiers"),
        (json!({ "tiers": "CP" }), "tiers"),
        (json!({ "tlpCap": "GREEN" }), "tlpCap"),
        (json!({ "expiresAt": "2026-11-22T12:00:00Z" }), "expiresAt"),
        (json!({ "person": "nobody" }), "person"),
        (json!({ "agencyId": public("agency", 'A', 5) }), "agencyId"),
        (json!({ "agencyId": "agency_x" }), "agencyId"),
    ] {
        let error = refused(&app, &officer, "shareConcern", share(more)).await;
        assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!(field)), "{error}");
    }
    assert_eq!(seen(&app, &police(), &id, "id").await, Value::Null);
    let input = share(json!({ "expiresAt": "2026-11-22T14:00:00Z" }));
    let payload = done(&app, &officer, "shareConcern", input.clone(), "share { id tierCap tlpCap reason }").await;
    assert_eq!(payload["share"]["tierCap"], "DC");
    assert_eq!(payload["share"]["tlpCap"], "AMBER");
    assert_eq!(code(&refused(&app, &officer, "shareConcern", input.clone()).await), "CONFLICT", "it is shared");
    let theirs = seen(&app, &police(), &id, "title reporter shares { nodes { reason } }").await;
    assert_eq!(theirs["title"], "A parked van");
    assert_eq!(theirs["reporter"], Value::Null, "only DC");
    app.db.clock.advance(time::Duration::hours(2));
    assert_eq!(seen(&app, &police(), &id, "id").await, Value::Null, "half-open: it ends at its end");
    let reply = json!({ "concernId": id, "audience": "AGENCY", "agencyId": to, "body": "For whom?" });
    let error = refused(&app, &officer, "replyToConcern", reply).await;
    assert_eq!(error["extensions"]["input"][1], "agencyId", "it has the concern no more: {error}");
    let payload = done(&app, &officer, "shareConcern", share(json!({ "tiers": "DCP" })), "share { id }").await;
    assert_eq!(seen(&app, &police(), &id, "reporter").await["reporter"], "Person 1");
    let revoke = json!({ "shareId": payload["share"]["id"], "reason": "Done." });
    let error = refused(&app, &french(), "withdrawConcern", json!({ "concernId": "concern_x", "reason": "r" })).await;
    assert_eq!(code(&error), "NOT_FOUND");
    let payload = done(&app, &officer, "revokeShare", revoke.clone(), "share { revokedAt } concern { id }").await;
    assert_eq!(payload["share"]["revokedAt"], "2026-11-22T14:00:00.000000Z");
    assert_eq!(seen(&app, &police(), &id, "id").await, Value::Null);
    assert_eq!(code(&refused(&app, &officer, "revokeShare", revoke).await), "CONFLICT");
    // To one person, and nobody else of the agency.
    done(&app, &officer, "shareConcern", share(json!({ "person": "subject-3" })), "share { person }").await;
    assert_eq!(seen(&app, &police(), &id, "title").await["title"], "A parked van");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn a_marking_closes_at_once_and_loosening_takes_consent(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    let mark = |more: Value| {
        let mut input = json!({ "concernId": id, "reason": "As agreed." });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        input
    };
    let to = public("agency", 'A', 2);
    let input = json!({ "concernId": id, "agencyId": to, "reason": "r" });
    done(&app, &officer, "shareConcern", input, "__typename").await;
    assert_eq!(seen(&app, &police(), &id, "title").await["title"], "A parked van");
    done(&app, &officer, "markConcern", mark(json!({ "tlp": "AMBER_STRICT" })), "__typename").await;
    assert_eq!(seen(&app, &police(), &id, "id").await, Value::Null, "the share sleeps above its cap");
    let error = refused(&app, &officer, "markConcern", mark(json!({ "tlp": "AMBER_STRICT" }))).await;
    assert_eq!(code(&error), "CONFLICT");
    // Looser: not without consent.
    let error = refused(&app, &officer, "markConcern", mark(json!({ "tlp": "AMBER" }))).await;
    assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("consent")));
    // Strict leaves the service with consent only, be it by share or by referral.
    let other = json!({ "concernId": id, "agencyId": to, "person": "subject-3", "reason": "r" });
    let error = refused(&app, &officer, "shareConcern", other.clone()).await;
    assert_eq!(error["extensions"]["input"][1], "consent", "{error}");
    let mut with_consent = other;
    with_consent["consent"] = json!("The head of security, by telephone, 22 November.");
    done(&app, &officer, "shareConcern", with_consent, "__typename").await;
    assert_eq!(seen(&app, &police(), &id, "title").await["title"], "A parked van");
    let input = mark(json!({ "tlp": "AMBER", "consent": "The ambassador, in writing." }));
    done(&app, &officer, "markConcern", input, "concern { tlp }").await;
    // CUI.
    for banner in ["", "CUI//lei", "SECRET", "CUI//LEI//SOMEHOW"] {
        let error = refused(&app, &officer, "markConcern", mark(json!({ "cui": banner }))).await;
        assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("cui")), "{banner}");
    }
    done(&app, &officer, "markConcern", mark(json!({ "cui": "CUI//LEI//REL_TO FR" })), "__typename").await;
    let error = refused(&app, &officer, "markConcern", mark(json!({ "clearCui": true }))).await;
    assert_eq!(error["extensions"]["input"][1], "consent");
    let input = mark(json!({ "clearCui": true, "consent": "The ambassador." }));
    let payload = done(&app, &officer, "markConcern", input, "concern { cui tlp }").await;
    assert_eq!(payload["concern"], json!({ "cui": null, "tlp": "AMBER" }));
    // An entry is not looser than its concern.
    let input = json!({ "concernId": id, "body": "x", "tlp": "GREEN" });
    assert_eq!(refused(&app, &officer, "addInternalEntry", input).await["extensions"]["input"][1], "tlp");
    let log =
        seen(&app, &officer, &id, "entries(filter: {kind: {in: [MARKING, SHARE]}}) { nodes { audience body } }").await;
    let log = log["entries"]["nodes"].as_array().expect("nodes").clone();
    assert_eq!(log.len(), 6, "{log:?}");
    assert!(log.iter().all(|entry| entry["audience"] == "INTERNAL"));
    assert!(log.iter().any(|entry| entry["body"].as_str().is_some_and(|body| body.contains("by telephone"))));
    is_whole(&app.db).await;
}

/// A concern leads to its mission as long as its share holds; where it ends, another concern may lead there still.
#[rstest]
#[tokio::test]
async fn a_way_that_ends_leaves_another_concerns(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let concerns = [raised(&app).await, raised(&app).await];
    let mut shares = Vec::new();
    for (concern, until) in concerns.iter().zip(["2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z"]) {
        let input =
            json!({ "concernId": concern, "agencyId": public("agency", 'A', 2), "reason": "r", "expiresAt": until });
        let payload = done(&app, &officer, "shareConcern", input, "share { id }").await;
        shares.push(payload["share"]["id"].clone());
        is_whole(&app.db).await;
    }
    // The longer one: the shorter one's is left.
    let revoke = |share: &Value| json!({ "shareId": share, "reason": "Done." });
    done(&app, &officer, "revokeShare", revoke(&shares[1]), "__typename").await;
    is_whole(&app.db).await;
    // One that sleeps leads nowhere, until it wakes.
    for more in [json!({ "tlp": "AMBER_STRICT" }), json!({ "tlp": "AMBER", "consent": "The ambassador." })] {
        let mut input = json!({ "concernId": concerns[0], "reason": "r" });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        done(&app, &officer, "markConcern", input, "__typename").await;
        is_whole(&app.db).await;
    }
    done(&app, &officer, "revokeShare", revoke(&shares[0]), "__typename").await;
    is_whole(&app.db).await;
}
