//! The same file again, and newer ones: what people did by hand stays.

use chancery::{
    cli::import::{Files, Import, run},
    import::Content,
};
use entity::{county, mission_accreditation, premises, visibility};
use rstest::rstest;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait, Set};

use super::*;

/// Everything that an import can write, and what is derived from it.
async fn everything(db: &TestDb) -> String {
    let at = &db.store.orm;
    let mut all = Vec::new();
    macro_rules! rows {
        ($($entity:ident),*) => {$(
            let mut rows: Vec<String> = entity::$entity::Entity::find().all(at).await.expect("a query")
                .iter().map(|row| format!("{row:?}")).collect();
            rows.sort();
            all.extend(rows);
        )*};
    }
    rows!(
        us_state,
        county,
        sending_state,
        agency,
        agency_area,
        mission,
        mission_accreditation,
        premises,
        post,
        visibility,
        search,
        standing
    );
    all.join("\n")
}

#[rstest]
#[tokio::test]
async fn the_same_file_twice_writes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let before = everything(&db).await;
    db.clock.advance(time::Duration::days(1));
    for (content, name, expected) in [
        (Content::Countries, "countries.csv", [0, 0, 8, 0]),
        (Content::Counties, "counties.txt", [0, 0, 6, 0]),
        (Content::Agencies, "agencies.csv", [0, 0, 10, 2]),
        (Content::Missions, "missions.csv", [0, 0, 7, 5]),
        (Content::Posts, "posts.csv", [0, 0, 9, 6]),
    ] {
        let summary = taken(&db, content, fixture(name)).await;
        assert_eq!((counts(&summary), summary.absent), (expected, None), "{name}");
    }
    assert_eq!(everything(&db).await, before);
}

#[rstest]
#[tokio::test]
async fn a_dry_run_counts_and_keeps_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let before = everything(&db).await;
    let source = Box::new(Cursor::new(fixture("missions.csv")));
    let dry = Options { dry_run: true, ..options(&db) };
    let summary = import::stream(Content::Missions, "FILE", source, &dry, &db.store, &db.clock).await.expect("taken");
    assert_eq!(counts(&summary), [7, 0, 0, 5]);
    assert!(summary.to_string().contains("dry run"));
    assert_eq!(everything(&db).await, before);
}

#[rstest]
#[tokio::test]
async fn a_newer_file_updates_what_nobody_changed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let old = mission(&db, "Q900001").await.expect("a mission");
    let mut hand = old.clone().into_active_model();
    hand.email = Set(Some("by-hand@albania.example".into()));
    hand.website = Set(None);
    hand.city = Set(Some("Washington".into()));
    hand.duty_phone = Set(Some("+12025550199".into()));
    hand.update(&db.store.orm).await.expect("an update");
    let newer = fixture("missions.csv")
        .replacen(
            "Washington, D.C.;http://www.wikidata.org/entity/Q61",
            "Houston;http://www.wikidata.org/entity/Q16555",
            1,
        )
        .replacen("38.9139;-77.047", "29.75;-95.36", 1)
        .replacen("202-555-01-00", "202-555-0111", 1)
        .replacen("embassy@albania.example", "new@albania.example", 1)
        .replacen("https://albania.example/usa", "https://albania.example/new", 1)
        .replacen("2100 Example Street", "1 Example Plaza", 1);
    assert_eq!(counts(&taken(&db, Content::Missions, newer).await), [0, 1, 6, 5]);
    let now = mission(&db, "Q900001").await.expect("a mission");
    assert_eq!(now.switchboard.as_deref(), Some("+12025550111"), "nobody had changed it");
    assert_eq!(now.email.as_deref(), Some("by-hand@albania.example"), "changed by hand");
    assert_eq!(now.website, None, "cleared by hand");
    assert_eq!(now.duty_phone.as_deref(), Some("+12025550199"), "filled by hand");
    assert_eq!(now.area.as_deref(), Some("11001"), "a place is kept whole");
    assert_eq!((now.id, now.city.as_deref()), (old.id, Some("Washington")));
    let premises = premises::Entity::find().all(&db.store.orm).await.expect("a query");
    assert_eq!(premises.iter().map(|row| row.address.as_deref()).collect::<Vec<_>>(), [Some("1 Example Plaza")]);
}

#[rstest]
#[tokio::test]
async fn a_row_that_a_newer_file_lacks_stays(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let header = fixture("missions.csv").lines().next().expect("a header").to_owned();
    let without_place = fixture("missions.csv").lines().nth(2).expect("a line").replace("38.9242;-77.0369", ";");
    let newer = format!("{header}\n{without_place}\n");
    let summary = taken(&db, Content::Missions, newer).await;
    assert_eq!(counts(&summary), [0, 1, 0, 0]);
    assert!(mission(&db, "Q900001").await.is_some());
    let namibia = mission(&db, "Q900002").await.expect("a mission");
    assert_eq!((namibia.area.as_deref(), namibia.latitude), (Some("11001"), None), "it stays where it was");
}

#[rstest]
#[tokio::test]
async fn links_made_and_removed_by_hand_stay(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let albania = mission(&db, "Q900001").await.expect("a mission").id;
    let (canada, sweden) = (state(&db, "Canada").await.id, state(&db, "Sweden").await.id);
    let link =
        |state: &str| mission_accreditation::Model { mission_id: albania.clone(), sending_state_id: state.into() };
    link(&sweden).into_active_model().insert(&db.store.orm).await.expect("an insert");
    link(&canada).delete(&db.store.orm).await.expect("a delete");
    assert_eq!(counts(&taken(&db, Content::Missions, fixture("missions.csv")).await), [0, 0, 7, 5]);
    let newer = fixture("missions.csv").replacen("|Canada|", "|United Kingdom|", 1).replacen("/Q16|", "/Q145|", 1);
    assert_eq!(counts(&taken(&db, Content::Missions, newer).await), [0, 1, 6, 5]);
    let links = mission_accreditation::Entity::find().all(&db.store.orm).await.expect("a query");
    let mut states: Vec<_> = links.into_iter().map(|row| row.sending_state_id).collect();
    let mut expected = vec![sweden, state(&db, "United Kingdom").await.id];
    states.sort();
    expected.sort();
    assert_eq!(states, expected);
}

#[rstest]
#[tokio::test]
async fn confirmed_areas_stay_and_removed_ones_stay_removed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = filled(engine).await;
    let confirm = areas(&db, "TX1010000").await.remove(0);
    let mut confirm = confirm.into_active_model();
    confirm.confirmed_at = Set(Some(db.clock.now_text()));
    confirm.update(&db.store.orm).await.expect("an update");
    areas(&db, "DCMPD0000").await.remove(0).delete(&db.store.orm).await.expect("a delete");
    let newer = fixture("agencies.csv").replace(",10,Harris", ",10,").replace(",10,Douglas", ",10,");
    assert_eq!(counts(&taken(&db, Content::Agencies, newer).await), [0, 1, 9, 2]);
    assert_eq!(area_names(&db, "TX1010000").await, ["48201"], "confirmed");
    assert_eq!(area_names(&db, "NB0280200").await, [""; 0], "a proposal that the file withdraws");
    assert_eq!(area_names(&db, "DCMPD0000").await, [""; 0], "removed by hand");
}

#[rstest]
#[tokio::test]
async fn agencies_before_their_counties_are_proposed_later(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let summary = taken(&db, Content::Agencies, fixture("agencies.csv")).await;
    assert_eq!(counts(&summary), [10, 0, 0, 2]);
    assert!(summary.to_string().contains("the counties are not imported yet"), "{summary}");
    assert_eq!(area_names(&db, "TX1010000").await, [""; 0]);
    taken(&db, Content::Counties, fixture("counties.txt")).await;
    assert_eq!(counts(&taken(&db, Content::Agencies, fixture("agencies.csv")).await), [0, 4, 6, 2]);
    assert_eq!(area_names(&db, "TX1010000").await, ["48201"]);
    county::Entity::delete_many().exec(&db.store.orm).await.expect("a delete");
    assert_eq!(counts(&taken(&db, Content::Agencies, fixture("agencies.csv")).await), [0, 0, 10, 2]);
    assert_eq!(area_names(&db, "TX1010000").await, ["48201"], "nothing is withdrawn for want of counties");
}

#[rstest]
#[tokio::test]
async fn missions_before_their_countries_find_them_later(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Missions, fixture("missions.csv")).await;
    let sweden = state(&db, "Sweden").await.id;
    assert_eq!(counts(&taken(&db, Content::Countries, fixture("countries.csv")).await), [4, 4, 0, 0]);
    let now = state(&db, "Sweden").await;
    assert_eq!((now.id, now.iso2.as_deref()), (sweden, Some("SE")));
    let namibia = state(&db, "Namibia").await;
    assert_eq!((namibia.iso2.as_deref(), namibia.wikidata_id.as_deref()), (Some("NA"), Some("Q1030")));
    let all = sending_state::Entity::find().all(&db.store.orm).await.expect("a query");
    assert_eq!(all.iter().filter(|row| row.name == "Namibia").count(), 1);
    assert!(visibility::Entity::find().all(&db.store.orm).await.is_ok());
}

#[rstest]
#[tokio::test]
async fn the_command_prints_summaries_and_puts_rejects_beside_the_file(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = TestDb::new(engine).await;
    let path = db.directory().join("missions.csv");
    fs::write(&path, fixture("missions.csv")).expect("a file");
    let files = Files { files: vec![path], dry_run: false, change_grounds: false, rejects: None };
    let mut printed = Vec::new();
    run(Import::Missions(files), &db.store, &db.clock, &mut printed).await.expect("imported");
    let path = db.directory().join("posts.csv");
    fs::write(&path, fixture("posts.csv")).expect("a file");
    let files = Files { files: vec![path], dry_run: true, change_grounds: false, rejects: Some(rejects(&db)) };
    run(Import::Posts(files), &db.store, &db.clock, &mut printed).await.expect("imported");
    let printed = String::from_utf8(printed).expect("text");
    assert!(printed.contains("posts.csv (dry run: nothing was kept)\n  9 created"), "{printed}");
    assert!(rejects(&db).exists() && !db.directory().join("posts.csv.rejects.csv").exists());
    assert!(printed.contains("7 created, 0 updated, 0 unchanged, 5 rejected"), "{printed}");
    assert!(db.directory().join("missions.csv.rejects.csv").exists());
    let missing = Files {
        files: vec![db.directory().join("no such file")],
        dry_run: false,
        change_grounds: false,
        rejects: None,
    };
    let error = run(Import::Missions(missing), &db.store, &db.clock, &mut Vec::new()).await.expect_err("refused");
    assert!(error.message.contains("cannot be read"), "{error}");
}
