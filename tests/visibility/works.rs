//! Units of work: all or nothing, only what differs, and not by half a view; the table verified and repaired.

use std::process::ExitCode;

use chancery::{
    access::Kind,
    cli::visibility::{self as command, Command},
    desk::{Work, visibility},
    store::Engine,
};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait as _};

use crate::{
    rows::{self, id},
    support::TestDb,
    table::lines,
    world::{begin, marked, world},
};

#[rstest]
#[tokio::test]
async fn a_work_that_fails_or_is_dropped_leaves_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let before = lines(&db.store).await;
    let version = standing(&begin(&db).await).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 1, Some(0), Some("11001")).await;
    work.standing_changed();
    drop(work);
    assert_eq!(lines(&db.store).await, before);

    table_is_closed(&db, true).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 1, Some(0), Some("11001")).await;
    work.commit().await.expect_err("its lines cannot be written");
    table_is_closed(&db, false).await;
    assert_eq!(lines(&db.store).await, before);
    let work = begin(&db).await;
    assert_eq!(standing(&work).await, version);
    let mission = entity::mission::Entity::find_by_id(id(Kind::Mission, 1));
    assert_eq!(mission.one(work.rows()).await.expect("reads"), None);
}

#[rstest]
#[tokio::test]
async fn an_unchanged_row_writes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    table_is_closed(&db, true).await;
    let mut work = begin(&db).await;
    let concern = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
    rows::put_concern(&mut work, concern).await;
    rows::put_mission(&mut work, 0, Some(0), Some("36061")).await;
    rows::put_agency(&mut work, 0, "Another name").await;
    work.commit().await.expect("it has nothing to write");
}

#[rstest]
#[tokio::test]
async fn standing_is_raised_when_it_changed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let work = begin(&db).await;
    let before = standing(&work).await;
    work.commit().await.expect("commits");
    let mut work = begin(&db).await;
    work.standing_changed();
    work.commit().await.expect("commits");
    let work = begin(&db).await;
    assert_eq!(standing(&work).await, before + 1);
}

async fn standing(work: &Work) -> i64 {
    let row = entity::standing::Entity::find().one(work.rows()).await.expect("reads");
    row.expect("the one row").version
}

/// A table that refuses every change, or takes them again.
async fn table_is_closed(db: &TestDb, closed: bool) {
    let statements: &[&str] = match (db.store.engine(), closed) {
        (Engine::Sqlite, true) => &[
            "create trigger closed_to_insert before insert on visibility begin select raise(abort, 'closed'); end",
            "create trigger closed_to_delete before delete on visibility begin select raise(abort, 'closed'); end",
        ],
        (Engine::Sqlite, false) => &["drop trigger closed_to_insert", "drop trigger closed_to_delete"],
        (Engine::Postgres, true) => &[
            "create function closed() returns trigger language plpgsql as $$ begin raise exception 'closed'; end $$",
            "create trigger closed before insert or delete or update on visibility for each row execute function closed()",
        ],
        (Engine::Postgres, false) => &["drop trigger closed on visibility", "drop function closed()"],
    };
    for statement in statements {
        db.store.orm.execute_unprepared(statement).await.expect("the trigger");
    }
}

/// One marks the concern RED while the other shares it with an agency: whichever commits last, the agency must not
/// see a RED concern.
#[rstest]
#[tokio::test]
async fn works_at_the_same_time_do_not_leave_half_a_view(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    for _ in 0..12 {
        let mut work = begin(&db).await;
        rows::drop_share(&mut work, 0).await;
        work.commit().await.expect("commits");
        marked(&db, "AMBER", None).await;
        // PostgreSQL: both have written before either commits. SQLite: one after the other.
        let both_wrote = tokio::sync::Barrier::new(if engine == Engine::Postgres { 2 } else { 1 });
        let marks = async {
            let mut work = begin(&db).await;
            let mut concern = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
            concern.tlp = "RED".to_owned();
            rows::put_concern(&mut work, concern).await;
            both_wrote.wait().await;
            work.commit().await.expect("commits");
        };
        let shares = async {
            let mut work = begin(&db).await;
            rows::put_share(&mut work, rows::share(0, 0)).await;
            both_wrote.wait().await;
            work.commit().await.expect("commits");
        };
        tokio::join!(marks, shares);
        let difference = visibility::verify(&db.store, 5).await.expect("verifies");
        assert!(difference.is_none(), "{difference:#?}");
    }
}

#[rstest]
#[tokio::test]
async fn the_command_says_what_differs_and_repairs_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let verify = Command::Verify { examples: 1 };
    let run = async |command| {
        let mut out = Vec::new();
        let code = command::run(command, &db.store, &mut out).await.expect("runs");
        (code, String::from_utf8(out).expect("text"))
    };
    let lines = lines(&db.store).await.len();
    let words = entity::search::Entity::find().count(&db.store.orm).await.expect("a count");
    let clocks = entity::concern::Entity::find().count(&db.store.orm).await.expect("a count");
    let sound =
        format!("{words} lines of words compared, 0 missing, 0 surplus\n{clocks} response clocks compared, 0 wrong\n");
    let told = format!("{lines} lines compared, 0 missing, 0 surplus\n{sound}");
    assert_eq!(run(verify).await, (ExitCode::SUCCESS, told));
    let widened = "update visibility set key = 'e' where ground = 8";
    db.store.orm.execute_unprepared(widened).await.expect("the damage");
    let concern = id(Kind::Concern, 0);
    let (person, ends) = (id(Kind::Person, 0), "always to ever");
    let listed = format!("listed at 2026-11-01T00:00:00.000000Z under {}", id(Kind::Mission, 0));
    let told = format!(
        "{} lines compared, 1 missing, 1 surplus\n\
         missing: Concern {concern} by REPORTER p:{person}, at most DCPSI, {ends}, survives TLP 4, {listed}\n\
         surplus: Concern {concern} by REPORTER e, at most DCPSI, {ends}, survives TLP 4, {listed}\n{sound}",
        lines + 1
    );
    assert_eq!(run(verify).await, (ExitCode::FAILURE, told));
    let rebuilt = format!("{lines} lines\n{words} lines of words\n{clocks} response clocks\n");
    assert_eq!(run(Command::Rebuild).await, (ExitCode::SUCCESS, rebuilt));
    assert_eq!(run(verify).await.0, ExitCode::SUCCESS);
    // A clock that somebody set by hand is found, and made again.
    let hastened = format!("update concern set next_due_at = null, clock_rest = 'MET' where id = '{concern}'");
    db.store.orm.execute_unprepared(&hastened).await.expect("the damage");
    let (code, told) = run(verify).await;
    assert!(code == ExitCode::FAILURE && told.contains(&format!("wrong clock: Concern {concern}\n")), "{told}");
    run(Command::Rebuild).await;
    assert_eq!(run(verify).await.0, ExitCode::SUCCESS);
}

#[rstest]
#[tokio::test]
async fn verify_counts_what_is_missing_and_what_is_surplus(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let right = lines(&db.store).await;
    let sound = visibility::verify(&db.store, 5).await.expect("verifies");
    assert!(sound.is_none());
    assert_eq!(sound.lines, right.len() as u64);
    for damage in [
        "delete from visibility where ground = 3",
        "update visibility set key = 'e' where ground = 8",
        "update visibility set kind = 99 where ground = 10",
        "update visibility set under = 'elsewhere' where ground = 12",
        "insert into visibility values ('ghost', 'e', 1, 31, '0', '9', 4, 8, '', null, null)",
    ] {
        db.store.orm.execute_unprepared(damage).await.expect("the damage");
    }
    let difference = visibility::verify(&db.store, 2).await.expect("verifies");
    let of = |ground: i16| right.iter().filter(|line| line.ground == ground).count() as u64;
    let (own, elsewhere) = (of(3), of(12));
    assert!(elsewhere > 0);
    assert_eq!((difference.missing, difference.surplus), (own + 2 + elsewhere, 3 + elsewhere));
    assert_eq!((difference.missing_examples.len(), difference.surplus_examples.len()), (2, 2));
    assert_eq!(visibility::rebuild(&db.store).await.expect("rebuilds"), right.len() as u64);
    assert_eq!(lines(&db.store).await, right);
}
