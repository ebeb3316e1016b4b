//! Where rejects are listed: nothing of somebody else's is overwritten, and what was not kept leaves no list.

use chancery::{
    cli::import::{Files, Import, run},
    import::Content,
};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};

use super::*;

/// Imports the missions from a file of the test's directory.
async fn command(db: &TestDb, rejects: Option<PathBuf>) -> Result<String, Error> {
    let path = db.directory().join("missions.csv");
    fs::write(&path, fixture("missions.csv")).expect("a file");
    let files = Files { files: vec![path], dry_run: false, change_grounds: false, rejects };
    let mut printed = Vec::new();
    run(Import::Missions(files), &db.store, &db.clock, &mut printed).await?;
    Ok(String::from_utf8(printed).expect("text"))
}

async fn missions(db: &TestDb) -> u64 {
    mission::Entity::find().count(&db.store.orm).await.expect("a query")
}

#[rstest]
#[tokio::test]
async fn a_file_that_is_no_list_of_rejects_is_not_overwritten(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = TestDb::new(engine).await;
    let precious = db.directory().join("precious.txt");
    let database = db.directory().join("chancery.sqlite");
    let input = db.directory().join("missions.csv");
    let crooked = db.directory().join(".").join("missions.csv");
    let begun = db.directory().join("other.csv.part");
    let beside = db.directory().join("missions.csv.rejects.csv");
    for path in [&precious, &begun, &beside] {
        fs::write(path, "line,col: mine").expect("a file");
    }
    let kept: Vec<&PathBuf> =
        [&precious, &begun, &beside, &database].into_iter().filter(|path| path.exists()).collect();
    let before: Vec<Vec<u8>> = kept.iter().map(|path| fs::read(path).expect("bytes")).collect();
    let mut targets = vec![
        Some(precious.clone()),
        Some(input.clone()),
        Some(crooked),
        Some(db.directory().to_owned()),
        Some(db.directory().join("other.csv")),
        None,
    ];
    targets.extend((engine == Engine::Sqlite).then_some(Some(database.clone())));
    for target in targets {
        let error = command(&db, target.clone()).await.expect_err("refused");
        assert!(error.message.contains("--rejects"), "{target:?}: {error}");
        assert_eq!(error.code.name(), "BAD_USER_INPUT");
        assert_eq!(missions(&db).await, 0, "{target:?}");
        assert_eq!(fs::read_to_string(&input).expect("the input"), fixture("missions.csv"), "{target:?}");
    }
    let after: Vec<Vec<u8>> = kept.iter().map(|path| fs::read(path).expect("bytes")).collect();
    assert!(before == after, "every byte is as it was");
}

#[rstest]
#[tokio::test]
async fn an_earlier_list_is_replaced(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let earlier = format!("line,column,reason\n{}", "1,QID,\"an earlier reason\"\n".repeat(100));
    fs::write(rejects(&db), earlier).expect("a file");
    // What an interrupted import leaves behind.
    fs::write(db.directory().join("rejects.csv.part"), "line,col").expect("a file");
    command(&db, Some(rejects(&db))).await.expect("taken");
    let listed = fs::read_to_string(rejects(&db)).expect("the rejects");
    assert_eq!((listed.lines().count(), listed.contains("earlier reason")), (6, false), "{listed}");
    assert!(!db.directory().join("rejects.csv.part").exists());
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_kept_leaves_no_list(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    db.store.orm.execute_unprepared("alter table standing rename to elsewhere").await.expect("the SQL runs");
    let earlier = "line,column,reason\n1,QID,\"an earlier reason\"\n";
    fs::write(rejects(&db), earlier).expect("a file");
    import(&db, Content::Missions, fixture("missions.csv")).await.expect_err("the commit fails");
    assert_eq!(missions(&db).await, 0);
    assert_eq!(fs::read_to_string(rejects(&db)).expect("the rejects"), earlier, "the earlier list stays");
    assert!(!db.directory().join("rejects.csv.part").exists());
}
