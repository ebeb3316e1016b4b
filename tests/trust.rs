//! Who asks: tokens through the front door of the registry, on both engines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole binary is tests; the exemption of clippy.toml does not reach what the tests call"
)]

#[path = "trust/cases.rs"]
mod cases;
#[path = "trust/command_line.rs"]
mod command_line;
#[path = "trust/confirm_areas.rs"]
mod confirm_areas;
#[path = "trust/forge.rs"]
mod forge;
#[path = "trust/front_door.rs"]
mod front_door;
#[path = "trust/hostile.rs"]
mod hostile;
#[path = "trust/late.rs"]
mod late;
#[path = "trust/postings.rs"]
mod postings;
#[path = "trust/registry_file.rs"]
mod registry_file;
#[path = "trust/shapes.rs"]
mod shapes;
mod support;
#[path = "trust/world.rs"]
mod world;

use chancery::{
    access::Role,
    desk::registry::{self, areas, keys, person},
    identity::Refusal,
    store::Engine,
};
use forge::{Draft, SIGNERS};
use rstest::rstest;
use serde_json::json;
use time::Duration;
use world::World;

/// What is done to a right token, and what comes of it.
fn table() -> Vec<cases::Case> {
    cases::all().into_iter().chain(hostile::rows()).chain(shapes::all()).collect()
}

#[rstest]
#[tokio::test]
async fn what_is_done_to_a_token(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let cases = table();
    let mut wrong = Vec::new();
    for case in &cases {
        let mut draft = world.draft(0);
        (case.edit)(&mut draft);
        let token = draft.token();
        // The second time it is, or is not, remembered.
        for time in ["first", "second"] {
            let answer = world.ask(&token).await.map(|principal| principal.role());
            let expected = case.refused.map_or(Ok(Role::Analyst), |why| Err(why.to_owned()));
            if answer != expected {
                wrong.push(format!("{} ({time} time): {answer:?} instead of {expected:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    // What is refused is told apart by its name.
    let names: std::collections::BTreeSet<_> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases are called the same");
    let hostile = cases.iter().filter(|case| case.refused.is_some()).count();
    assert!(hostile >= 350, "{hostile}");
}

#[rstest]
#[tokio::test]
async fn every_key_against_every_issuer(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    for name in 0..SIGNERS.len() {
        for (key, signer) in SIGNERS.iter().enumerate() {
            let own = name == key;
            // As the thief would: his key and its algorithm, under the other's name; with his kid, the other's, none.
            for kid in [Some(signer.kid()), Some(SIGNERS[name].kid()), None] {
                let mut draft = Draft { signer, ..world.draft(name) };
                draft.header["alg"] = json!(signer.alg);
                match kid {
                    Some(kid) => draft.header["kid"] = json!(kid),
                    None => drop(draft.header.as_object_mut().unwrap().remove("kid")),
                }
                let answer = world.ask(&draft.token()).await;
                assert_eq!(answer.is_ok(), own, "key {key} as issuer {name}, kid {kid:?}: {answer:?}");
                // And with the other's algorithm written in the header.
                draft.header["alg"] = json!(SIGNERS[name].alg);
                let answer = world.ask(&draft.token()).await;
                assert_eq!(answer.is_ok(), own, "key {key} as issuer {name}, kid {kid:?}: {answer:?}");
            }
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_principal_is_what_the_registry_says(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "A2").await.unwrap();
            for area in ["US-NY", "11001", "US-CA"] {
                assert!(areas::propose(work, &agency, area, "IMPORT").await.unwrap());
            }
            assert!(areas::confirm(work, &agency.id, "US-NY").await.unwrap());
            assert!(!areas::confirm(work, &agency.id, "US-NY").await.unwrap());
        })
        .await;
    let draft = world.draft(2);
    let principal = world.ask(&draft.token()).await.unwrap();
    assert_eq!(principal.standing().areas, ["US-NY"], "a proposal grants nothing");
    assert_eq!(principal.agency_short_name(), Some("A2"));
    assert_eq!(principal.role(), Role::LawEnforcement);
    assert_eq!(principal.expires_at(), world.db.clock.now() + Duration::seconds(600));
    assert!(principal.standing().federal && principal.standing().missions.is_empty());
    let same = world.registry.principal_of(principal.agency(), "ada", Role::LawEnforcement).await.unwrap();
    assert_eq!(same.standing(), principal.standing());
    for (subject, role) in [("eve", Role::LawEnforcement), ("ada", Role::Analyst), ("ada", Role::Administrator)] {
        assert!(world.registry.principal_of(principal.agency(), subject, role).await.is_err(), "{subject} {role}");
    }
}

#[rstest]
#[tokio::test]
async fn suspension_wins_over_a_remembered_token(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let token = world.draft(0).token();
    let before = world.ask(&token).await.unwrap();
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "A0").await.unwrap();
            assert!(registry::suspend(work, agency).await.unwrap());
        })
        .await;
    assert!(world.ask(&token).await.is_ok(), "nobody has noticed within half a second");
    world.notice();
    assert_eq!(world.ask(&token).await.unwrap_err(), "agency suspended");
    assert!(world.registry.version().unwrap() > before.standing_version());
    assert!(world.ask(&world.draft(1).token()).await.is_ok(), "the others are not");
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "A0").await.unwrap();
            assert!(registry::resume(work, agency).await.unwrap());
        })
        .await;
    world.notice();
    assert!(world.ask(&token).await.is_ok());
}

#[rstest]
#[tokio::test]
async fn a_change_is_noticed_in_half_a_second_unasked(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let token = world.draft(0).token();
    assert!(world.ask(&token).await.is_ok());
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "A0").await.unwrap();
            assert!(person::disable(work, &agency.id, "ada").await.unwrap());
        })
        .await;
    world.db.clock.advance(Duration::milliseconds(499));
    assert!(world.ask(&token).await.is_ok());
    world.db.clock.advance(Duration::milliseconds(1));
    assert_eq!(world.ask(&token).await.unwrap_err(), "person disabled");
}

#[rstest]
#[tokio::test]
async fn a_removed_key_voids_the_tokens_it_signed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let token = world.draft(3).token();
    assert!(world.ask(&token).await.is_ok());
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "A3").await.unwrap();
            keys::remove(work, &agency.id, "k-3").await.unwrap();
        })
        .await;
    world.notice();
    assert_eq!(world.ask(&token).await.unwrap_err(), "no such key of the issuer");
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "A3").await.unwrap();
            keys::add(work, &agency, &SIGNERS[3].jwk.to_string()).await.unwrap();
        })
        .await;
    world.notice();
    assert!(world.ask(&token).await.is_ok());
}

#[rstest]
#[tokio::test]
async fn a_remembered_token_expires(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let token = world.draft(4).token();
    assert!(world.ask(&token).await.is_ok());
    world.db.clock.advance(Duration::seconds(629));
    assert!(world.ask(&token).await.is_ok(), "within the leeway");
    world.db.clock.advance(Duration::seconds(1));
    assert_eq!(world.ask(&token).await.unwrap_err(), "claim exp: past");
}

#[rstest]
#[tokio::test]
async fn narrowed_grants_are_applied_to_a_remembered_token(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values("agency", "person", "kind")] level: &str,
) {
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
    let world = World::new(engine).await;
    let token = world.draft(0).token();
    let principal = world.ask(&token).await.unwrap();
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), principal.agency()).await.unwrap();
            let narrowed = "[\"LIAISON_OFFICER\"]".to_owned();
            if level == "person" {
                let people = entity::person::Entity::find()
                    .filter(entity::person::Column::AgencyId.eq(&agency.id))
                    .one(work.rows());
                let mut row = people.await.unwrap().unwrap().into_active_model();
                row.roles = Set(narrowed);
                row.update(work.rows()).await.unwrap();
            } else {
                let mut row = agency.into_active_model();
                if level == "kind" {
                    // The ceiling still says ANALYST; an agency of this kind may never grant it.
                    row.kind = Set("LAW_ENFORCEMENT".to_owned());
                } else {
                    row.roles = Set(narrowed);
                }
                row.update(work.rows()).await.unwrap();
            }
            work.standing_changed();
        })
        .await;
    world.notice();
    let why = match level {
        "agency" => "role beyond the agency's ceiling",
        "person" => "role not granted to the person",
        _ => "role not of this kind of agency",
    };
    assert_eq!(world.ask(&token).await.unwrap_err(), why);
}

#[rstest]
#[tokio::test]
async fn header_lines(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let token = world.draft(0).token();
    let ask =
        async |lines: &[String]| world.registry.authenticate_header(lines.iter().map(String::as_bytes)).await.map(drop);
    assert!(ask(&[format!("Bearer {token}")]).await.is_ok());
    assert!(ask(&[format!("bEARER {token}")]).await.is_ok());
    let nothing = ask(&[]).await.unwrap_err();
    assert_eq!((nothing.status(), nothing.challenge()), (401, Some("Bearer")));
    for lines in [
        vec![format!("Bearer {token}"), format!("Bearer {token}")],
        vec![format!("Bearer {token}"), String::new()],
        vec![token.clone()],
        vec![format!("DPoP {token}")],
        vec![format!("Bearer {token}, Bearer {token}")],
        vec!["Bearer ".to_owned()],
    ] {
        world::reason(&ask(&lines).await.unwrap_err());
    }
}

#[rstest]
#[tokio::test]
async fn an_unread_registry_is_our_fault(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    world
        .change(async |work| {
            use sea_orm::ConnectionTrait as _;
            work.rows().execute_unprepared("drop table standing").await.unwrap();
        })
        .await;
    let refusal = world.registry.authenticate(&world.draft(0).token()).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Unavailable(_)));
    assert_eq!((refusal.status(), refusal.challenge()), (500, None));
}
