//! `chancery doctor`: what is sound is said to be, what is not is named with what to do.

use chancery::store::Engine;
use rstest::rstest;
use sea_orm::ConnectionTrait as _;
use serde_json::Value;

use super::support::{TestDb, program::Program};

/// What the doctor finds, by check: the results and the findings; and whether it ended well.
fn findings(program: &Program, db: &TestDb, arguments: &[&str]) -> (bool, Vec<(String, String, String)>) {
    let output = program.run(db, &[&["doctor", "--json"], arguments].concat());
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("a list");
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let found = found.iter().map(|one| (text(one, "check"), text(one, "result"), text(one, "finding"))).collect();
    (output.status.success(), found)
}

fn has(found: &[(String, String, String)], check: &str, result: &str, says: &str) -> bool {
    found.iter().any(|(name, grade, finding)| name == check && grade == result && finding.contains(says))
}

/// The database of a test is made by the test, as files are made.
fn private(db: &TestDb) {
    use std::os::unix::fs::PermissionsExt as _;
    for entry in std::fs::read_dir(db.directory()).expect("read") {
        let path = entry.expect("an entry").path();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("set");
    }
}

#[rstest]
#[tokio::test]
async fn it_finds_what_is_wrong(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    private(&db);
    let program = Program::demo(&db, "");
    let (is_well, found) = findings(&program, &db, &[]);
    assert!(is_well, "{found:#?}");
    for check in [
        "configuration",
        "database",
        "migrations",
        "clock",
        "key sets",
        "visibility",
        "words",
        "response clocks",
        "audit trail",
    ] {
        assert!(has(&found, check, "ok", ""), "{check} in {found:#?}");
    }
    assert!(has(&found, "registry", "warning", "demo"), "{found:#?}");
    let table = program.run(&db, &["doctor", "--quick"]);
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    assert!(
        table.starts_with("CHECK") && table.contains("never serve this") && !table.contains("visibility"),
        "{table}"
    );

    // Each of these, and nothing else, is found.
    let spoil = async |statement: &str| {
        db.store.orm.execute_unprepared(statement).await.expect("the statement runs");
        findings(&program, &db, &[])
    };
    let (_, before) = findings(&program, &db, &[]);
    let faults = |found: &[(String, String, String)]| {
        found.iter().filter(|(_, grade, _)| grade == "FAILED").map(|(check, _, _)| check.clone()).collect::<Vec<_>>()
    };
    assert_eq!(faults(&before), Vec::<String>::new());
    let (is_well, found) =
        spoil("update agency_key set jwk = '{}' where agency_id in (select id from agency where short_name = 'NYPD')")
            .await;
    assert!(!is_well && has(&found, "key sets", "FAILED", "NYPD has no key that is fit (1 are not)"), "{found:#?}");
    let (_, found) = spoil("delete from visibility where row_id in (select min(row_id) from visibility)").await;
    assert_eq!(faults(&found), ["key sets", "visibility"], "{found:#?}");
    // Whoever owns the table can take away what keeps it from being changed.
    for statement in match engine {
        Engine::Sqlite => ["drop trigger audit_event_no_update"].as_slice(),
        Engine::Postgres => &["alter table audit_event disable trigger user"],
    } {
        db.store.orm.execute_unprepared(statement).await.expect("the statement runs");
    }
    let latest =
        "update audit_event set at = '2100-01-01T00:00:00.000000Z' where id = (select max(id) from audit_event)";
    let (_, found) = spoil(latest).await;
    assert!(
        has(&found, "clock", "FAILED", "ahead of it") && has(&found, "audit trail", "FAILED", "altered"),
        "{found:#?}"
    );
    let (_, found) = findings(&program, &db, &["--quick"]);
    assert_eq!(faults(&found), ["clock", "key sets"], "{found:#?}");
    // A schema of another program.
    let (_, found) =
        spoil("delete from seaql_migrations where version = (select max(version) from seaql_migrations)").await;
    assert!(has(&found, "migrations", "FAILED", "1 are missing"), "{found:#?}");

    program.configure("lisen = 1\n");
    let (is_well, found) = findings(&program, &db, &[]);
    assert!(!is_well && has(&found, "configuration", "FAILED", "lisen"), "{found:#?}");
}

/// Why, and not the password.
#[tokio::test]
async fn it_says_why_a_database_cannot_be_opened() {
    let db = TestDb::new(Engine::Sqlite).await;
    let program = Program::demo(&db, "");
    program.configure("database_url = \"postgres://nobody:hunter2@127.0.0.1:1/none\"\n");
    let (is_well, found) = findings(&program, &db, &[]);
    assert!(!is_well && has(&found, "database", "FAILED", "the database cannot be reached"), "{found:#?}");
    assert!(!format!("{found:?}").contains("hunter2"), "{found:#?}");
}

#[tokio::test]
async fn it_makes_no_database() {
    let db = TestDb::new(Engine::Sqlite).await;
    let program = Program::demo(&db, "");
    let directory = db.directory().join("nothing");
    std::fs::create_dir(&directory).expect("made");
    let output = program.run(&db, &["--data-dir", directory.to_str().expect("a path"), "doctor", "--json"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success() && told.contains("is not there") && told.contains("chancery migrate"), "{told}");
    assert_eq!(std::fs::read_dir(&directory).expect("read").count(), 0);
    #[cfg(unix)]
    assert!(told.contains("others may enter the data directory"), "{told}");
}
