//! The handbook is true: its commands are commands, its keys are keys, and what it backs up is answered again once it is
//! put back, on both engines.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use chancery::{
    audit, cli,
    config::Config,
    store::{Address, Engine, Store},
};
use rstest::rstest;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use support::{
    TestDb,
    app::App,
    enrolled,
    small_world::{french, liaison_officer, mission},
};
use tempfile::TempDir;

const HANDBOOK: &str = include_str!("../docs/OPERATIONS.md");
/// The lines of shell that the handbook asks for, whatever they are indented by.
fn lines() -> Vec<&'static str> {
    let mut is_shell = false;
    let mut lines = Vec::new();
    for line in HANDBOOK.lines().map(str::trim) {
        match line.strip_prefix("```") {
            Some(language) => is_shell = language == "sh",
            None if is_shell && !line.is_empty() => lines.push(line),
            None => {}
        }
    }
    lines
}

/// The one line that begins with a command.
fn line(command: &str) -> &'static str {
    let found: Vec<_> = lines().into_iter().filter(|line| line.starts_with(command)).collect();
    assert_eq!(found.len(), 1, "{command}: {found:?}");
    found[0]
}

#[test]
fn its_commands_are_commands() {
    let mut tried = 0;
    let known = ["chancery", "export", "sqlite3", "pg_dump", "pg_restore", "rm", "install"];
    for line in lines() {
        let mut words = line.split(" > ").next().unwrap_or_default().split_whitespace();
        let command = words.next().expect("a command");
        assert!(known.contains(&command), "{line}: nobody tries this");
        if command == "chancery" {
            cli::understand(words).unwrap_or_else(|error| panic!("{line}: {error}"));
            tried += 1;
        }
    }
    assert!(tried >= 30, "{tried}");
}

#[test]
fn its_keys_are_keys_and_its_links_lead_somewhere() {
    let shown = Config::default().show();
    let keys: Vec<&str> = shown.lines().filter_map(|line| line.trim_start_matches("# ").split(' ').next()).collect();
    let tables: Vec<&str> = keys.iter().filter_map(|key| Some(key.split_once('.')?.0)).collect();
    let mut named = 0;
    for text in HANDBOOK.split('`').skip(1).step_by(2) {
        let key = text.split(' ').next().unwrap_or_default();
        let is_key = key.split_once('.').is_some_and(|(table, _)| tables.contains(&table));
        if is_key {
            assert!(keys.contains(&key), "{key}");
            named += 1;
        }
    }
    assert!(named >= 6, "{named}");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for link in HANDBOOK.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(docs.join(link).exists(), "{link}");
    }
}

/// The connections of a server, as they are reckoned there.
#[tokio::test]
async fn its_sum_of_connections_is_that_of_the_sources() {
    let number = |source: &str, before: &str| -> usize {
        let rest = source.split(before).nth(1).unwrap_or_else(|| panic!("{before}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    };
    let writers = number(include_str!("../src/store/transaction.rs"), "const MOST: usize = ");
    let beside = number(include_str!("../src/store.rs"), "const BESIDE: u32 = ");
    let registry = number(include_str!("../src/identity/registry.rs"), "CONNECTIONS: u32 = ");
    let changes = number(include_str!("../src/live/feed.rs"), "CONNECTIONS: u32 = ");
    let documents = number(include_str!("../src/desk/documents.rs"), "CONNECTIONS: u32 = ");
    // Whoever else opens connections of their own has a place in the sum.
    let mut apart: Vec<PathBuf> =
        sources().into_iter().filter(|(_, text)| text.contains(".apart(")).map(|(path, _)| path).collect();
    apart.sort();
    let known = ["src/desk/documents.rs", "src/identity/registry.rs", "src/live/feed.rs"];
    assert_eq!(apart.iter().map(|path| path.to_str().expect("a path")).collect::<Vec<_>>(), known);
    let lanes = Config::default().read.lanes;
    let told = format!(
        "up to {writers} that write and {beside} beside them, `read.lanes` ({lanes}) that answer, {registry} for the registry, {documents} for trusted documents and {changes} for changes"
    );
    let words: Vec<&str> = HANDBOOK.split_whitespace().collect();
    assert!(words.join(" ").contains(&told), "{told}");
    assert!(
        HANDBOOK
            .contains(&format!("So {} with the defaults", writers + beside + lanes + registry + documents + changes))
    );
}

/// Every source, by its path from the root.
fn sources() -> Vec<(PathBuf, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut waiting, mut found) = (vec![root.join("src")], Vec::new());
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap_or_default();
                found.push((path.strip_prefix(root).expect("under it").to_owned(), text));
            }
        }
    }
    found
}

/// PostgreSQL's programs: those in the path, else those of the newest version that lies where Debian puts them.
fn path_with_postgres() -> String {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let mut path = std::env::var("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.filter_map(|version| Some(version.ok()?.path().join("bin"))).collect())
        .unwrap_or_default();
    found.sort();
    for directory in found.iter().rev() {
        path.push_str(&format!(":{}", directory.display()));
    }
    path
}

/// A database as an operator has it in the environment.
fn environment(db: &TestDb, backup: &Path) -> Vec<(&'static str, String)> {
    let mut variables = vec![
        ("PATH", path_with_postgres()),
        ("BACKUP", backup.display().to_string()),
        ("CHANCERY_DATA_DIR", db.directory().display().to_string()),
    ];
    if let Address::Postgres(options) = &db.store.address {
        // What the driver adds, PostgreSQL's own programs do not know.
        let url = sqlx::ConnectOptions::to_url_lossy(options).to_string();
        variables.push(("DATABASE_URL", url.split('?').next().expect("a URL").to_owned()));
    }
    variables
}

/// Runs a line of the handbook.
fn shell(line: &str, variables: &[(&'static str, String)]) {
    let output = Command::new("sh").args(["-ec", line]).env_clear().envs(variables.iter().cloned()).output();
    let output = output.expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

fn chancery(arguments: &str, variables: &[(&'static str, String)], directory: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments.split(' ')).current_dir(directory).env_clear().envs(variables.iter().cloned());
    command.output().expect("the program runs")
}

async fn back_up(db: &TestDb, backup: &Path) {
    let variables = environment(db, backup);
    if db.store.engine() == Engine::Postgres {
        return shell(line("pg_dump"), &variables);
    }
    // What sqlite3 is given is a statement, and needs no program of its own.
    let statement = line("sqlite3").split('"').nth(3).expect("a statement");
    let statement = statement.replace("$BACKUP", &backup.display().to_string());
    db.store.orm.execute_unprepared(&statement).await.expect("backed up");
}

/// Puts a backup where a new, other database was.
async fn put_back(db: &mut TestDb, backup: &Path) {
    let variables = environment(db, backup);
    if db.store.engine() == Engine::Postgres {
        let empty = "drop schema public cascade; create schema public";
        db.store.orm.execute_unprepared(empty).await.expect("an empty database");
        shell(line("pg_restore"), &variables);
    }
    let address = db.store.address.clone();
    db.store.orm.clone().close().await.expect("closed");
    if db.store.engine() == Engine::Sqlite {
        shell(line("rm -f"), &variables);
        shell(line("install -m 0600"), &variables);
    }
    db.store = Store::open(address).await.expect("it opens");
}

const QUESTION: &str = "{ concerns(first: 50) { totalCount nodes { id reference status title narrative
  entries(first: 20) { nodes { kind body author } } clock { acknowledge { state due met } } } } }";

async fn raised(app: &App, title: &str) {
    let input = json!({ "missionId": mission(1), "kind": "CONCERN", "category": "SURVEILLANCE", "severity": "HIGH",
        "title": title, "narrative": "It stands there." });
    let raise = "mutation($input: RaiseConcernInput!) { raiseConcern(input: $input) { concern { id } } }";
    app.ask(&french(), raise, json!({ "input": input })).await.data();
}

/// The keys of the agencies' own providers, which no restore of ours brings.
fn keep_keys(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for file in fs::read_dir(from).expect("keys") {
        let file = file.expect("a key");
        fs::copy(file.path(), to.join(file.file_name())).expect("a copy");
    }
}

#[rstest]
#[tokio::test]
async fn what_was_backed_up_is_answered_again(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let backup = TempDir::new().expect("a directory");
    let keys = backup.path().join("keys");
    let app = enrolled(engine).await;
    raised(&app, "A parked van").await;
    // The trail holds what is read, too: what is compared is asked first.
    let answers =
        [app.ask(&french(), QUESTION, Value::Null).await, app.ask(&liaison_officer(), QUESTION, Value::Null).await];
    assert!(answers[0].text.contains("A parked van"), "{}", answers[0].text);
    let anchored = audit::anchor(&app.db.store, &app.db.clock).await.expect("anchored");
    back_up(&app.db, backup.path()).await;
    raised(&app, "What is lost").await;
    let lost = audit::anchor(&app.db.store, &app.db.clock).await.expect("anchored");
    keep_keys(&app.db.directory().join("keys"), &keys);
    drop(app);

    let mut db = TestDb::new(engine).await;
    keep_keys(&keys, &db.directory().join("keys"));
    put_back(&mut db, backup.path()).await;
    let variables = environment(&db, backup.path());
    for (command, is_well) in [
        ("migrate status".to_owned(), true),
        ("audit verify".to_owned(), true),
        ("access verify".to_owned(), true),
        (format!("audit verify --anchor {}", anchored.hash), true),
        // So it is known that the backup is older than that.
        (format!("audit verify --anchor {}", lost.hash), false),
    ] {
        let output = chancery(&command, &variables, backup.path());
        assert_eq!(output.status.success(), is_well, "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let app = App::over(db).await;
    for (who, before) in [french(), liaison_officer()].iter().zip(&answers) {
        assert_eq!(app.ask(who, QUESTION, Value::Null).await.text, before.text);
    }
    // It goes on: the chain, and what is derived.
    raised(&app, "Afterwards").await;
    assert_eq!(audit::verify(&app.db.store, Some(&anchored.hash)).await.expect("compared").fault, None);
}

/// Secrets that are thrown away are made anew by whoever serves next.
#[rstest]
#[tokio::test]
async fn secrets_are_made_anew(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let old = chancery::desk::secret(&db.store.orm, "stream").await.expect("made");
    let statement = HANDBOOK.lines().find(|line| line.starts_with("delete from secret")).expect("a statement");
    db.store.orm.execute_unprepared(statement).await.expect("thrown away");
    assert_ne!(chancery::desk::secret(&db.store.orm, "stream").await.expect("made"), old);
}
