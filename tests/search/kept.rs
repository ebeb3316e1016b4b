//! The table of words is kept with the rows, and what is wrong with it is told.

use std::process::ExitCode;

use chancery::{
    access::Kind,
    cli::visibility::{self as command, Command},
    desk::{Work, search},
    store::Engine,
};
use entity::{concern, mission};
use rstest::rstest;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, PaginatorTrait as _};

use crate::{
    find,
    support::small_world::{self, analyst, row},
};

#[rstest]
#[tokio::test]
async fn an_edited_row_is_found_by_its_new_words_and_a_deleted_one_by_none(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let id = row('N', 2);
    let write = async |work: &mut Work, narrative: &str| {
        let change =
            concern::ActiveModel { id: Set(row('N', 2)), narrative: Set(narrative.to_owned()), ..Default::default() };
        change.update(work.rows()).await.expect("written");
        work.touch(Kind::Concern, row('N', 2));
    };
    let concern = small_world::concern(2);
    for (before, after) in [("quoted", "zeppelin"), ("zeppelin", "albatross Zürich"), ("zurich", "marmot")] {
        assert!(find(&app, &analyst(), before).await.contains(&concern), "{before}");
        let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("begins");
        write(&mut work, after).await;
        drop(work);
        assert!(find(&app, &analyst(), before).await.contains(&concern), "a dropped work leaves nothing");
        let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("begins");
        write(&mut work, after).await;
        work.commit().await.expect("commits");
        assert!(!find(&app, &analyst(), before).await.contains(&concern), "{before} is no longer there");
        assert_eq!(find(&app, &analyst(), after).await, std::slice::from_ref(&concern));
        assert!(search::verify(&app.db.store, 1).await.expect("verifies").is_none());
    }
    let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("begins");
    for (table, column) in [("entry_audience", "entry_id"), ("evidence", "entry_id"), ("entry", "id")] {
        let sql = format!("delete from {table} where {column} in (select id from entry where concern_id = '{id}')");
        sea_orm::ConnectionTrait::execute_unprepared(work.rows(), &sql).await.expect("deleted");
    }
    for table in ["share", "referral"] {
        let sql = format!("delete from {table} where concern_id = '{id}'");
        sea_orm::ConnectionTrait::execute_unprepared(work.rows(), &sql).await.expect("deleted");
    }
    concern::Entity::delete_by_id(&id).exec(work.rows()).await.expect("deleted");
    work.touch(Kind::Concern, id.as_str());
    for slot in 6..9 {
        work.touch(Kind::Entry, row('E', slot));
        work.touch(Kind::Evidence, row('D', slot));
    }
    work.commit().await.expect("commits");
    assert!(find(&app, &analyst(), "marmot").await.is_empty());
    assert!(search::verify(&app.db.store, 1).await.expect("verifies").is_none());
}

#[rstest]
#[tokio::test]
async fn what_differs_is_told_without_its_words_and_mended(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let run = async |command| {
        let mut out = Vec::new();
        let code = command::run(command, &app.db.store, &mut out).await.expect("runs");
        (code, String::from_utf8(out).expect("text"))
    };
    let lines = entity::search::Entity::find().count(&app.db.store.orm).await.expect("a count");
    assert!(
        run(Command::Verify { examples: 1 })
            .await
            .1
            .contains(&format!("{lines} lines of words compared, 0 missing, 0 surplus\n"))
    );
    let (concern, kind) = (row('N', 2), Kind::Concern.code());
    for (damage, missing, surplus, told) in [
        (
            format!("update search set terms = 'sabotage' where row_id = '{concern}' and tiers = 1"),
            1,
            1,
            "surplus words: Concern",
        ),
        (
            format!("update search set at = '2030' where row_id = '{concern}' and tiers = 3"),
            1,
            1,
            "missing words: Concern",
        ),
        (format!("update search set tiers = 2 where row_id = '{concern}' and tiers = 3"), 1, 1, "of C"),
        (format!("delete from search where row_id = '{concern}'"), 2, 0, "missing words: Concern"),
        (
            format!("insert into search (kind, row_id, tiers, at, terms) values ({kind}, 'ghost', 1, '', 'sabotage')"),
            0,
            1,
            "Concern ghost, of D",
        ),
        (
            "insert into search (kind, row_id, tiers, at, terms) values (3, 'ghost', 1, '', 'sabotage')".to_owned(),
            0,
            1,
            "Person ghost",
        ),
        (
            "insert into search (kind, row_id, tiers, at, terms) values (99, 'ghost', 1, '', 'sabotage')".to_owned(),
            0,
            1,
            "type 99? ghost",
        ),
    ] {
        small_world::run(&app.db, &damage).await;
        let difference = search::verify(&app.db.store, 0).await.expect("verifies");
        assert_eq!((difference.missing, difference.surplus), (missing, surplus), "{damage}");
        let (code, text) = run(Command::Verify { examples: 3 }).await;
        assert_eq!(code, ExitCode::FAILURE, "{damage}");
        assert!(text.contains(told) && !text.contains("sabotage"), "{text}");
        assert_eq!(run(Command::Rebuild).await.0, ExitCode::SUCCESS);
        assert_eq!(run(Command::Verify { examples: 1 }).await.0, ExitCode::SUCCESS, "{damage}");
        assert!(find(&app, &analyst(), "sabotage").await.is_empty());
    }
}

/// A database that was filled before there was a table of words.
#[rstest]
#[tokio::test]
async fn an_older_database_gets_its_words(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let all = find(&app, &analyst(), "mission").await;
    small_world::run(&app.db, "delete from search").await;
    assert!(find(&app, &analyst(), "mission").await.is_empty());
    search::make_if_empty(&app.db.store).await.expect("made");
    assert_eq!(find(&app, &analyst(), "mission").await, all);
    // Once there is a line it is the works' to keep.
    small_world::run(&app.db, &format!("delete from search where row_id = '{}'", row('M', 2))).await;
    search::make_if_empty(&app.db.store).await.expect("looked at");
    assert!(!search::verify(&app.db.store, 0).await.expect("verifies").is_none());
    assert!(mission::Entity::find().count(&app.db.store.orm).await.expect("a count") > 0);
}
