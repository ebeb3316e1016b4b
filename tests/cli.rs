//! The command line: what it prints, where, and how it ends.

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
    path::Path,
    process::{Command, Output},
};

use chancery::{
    cli::{Context, serve},
    config::{Config, Secret},
    store::{Address, Engine},
};
use migration::MigratorTrait;
use rstest::rstest;
use tempfile::TempDir;

/// Runs the program in a directory with no environment but what is given.
fn chancery(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments).current_dir(directory).env_clear().envs(environment.iter().copied());
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn a_good_configuration_is_shown_without_its_secret() {
    let directory = TempDir::new().expect("a directory");
    let environment = [("DATABASE_URL", "postgres://u:hunter2@h/d"), ("CHANCERY_LIMITS__DEPTH", "9")];
    let output = chancery(directory.path(), &["config", "show"], &environment);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(shown.contains("limits.depth = 9") && shown.contains("(set, not shown)") && !shown.contains("hunter2"));
    assert!(chancery(directory.path(), &["config", "check"], &environment).status.success());
}

/// For a container's runtime: what the server on this machine says of itself is the exit code.
#[test]
fn health_is_what_the_server_says() {
    use std::io::{Read as _, Write as _};
    let directory = TempDir::new().expect("a directory");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // Who listens on all addresses is asked on the loopback one.
    let listen = format!("0.0.0.0:{port}");
    let server = std::thread::spawn(move || {
        for answer in ["200 OK", "503 Service Unavailable"] {
            let (mut socket, _) = listener.accept().expect("a question");
            let mut question = [0; 1024];
            let length = socket.read(&mut question).expect("it is read");
            assert!(question[..length].starts_with(b"GET /health/ready HTTP/1.1\r\n"));
            write!(socket, "HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").expect("it is answered");
        }
    });
    let health = || chancery(directory.path(), &["health"], &[("CHANCERY_LISTEN", &listen)]);
    assert!(health().status.success());
    let unready = health();
    assert!(unready.status.code() == Some(1) && text(&unready.stderr).contains("not ready"));
    server.join().expect("it answered");
    let nobody = health();
    assert!(nobody.status.code() == Some(1) && text(&nobody.stderr).contains("nobody answers"));
}

#[test]
fn a_bad_configuration_names_every_mistake_and_ends_with_1() {
    let directory = TempDir::new().expect("a directory");
    std::fs::write(directory.path().join("chancery.toml"), "lisen = 1\n[limits]\ndepth = \"x\"\n").expect("written");
    for command in [&["config", "check"][..], &["migrate"]] {
        let output = chancery(directory.path(), command, &[]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("chancery.toml: lisen:") && told.contains("chancery.toml: limits.depth:"), "{told}");
    }
    let output = chancery(directory.path(), &["--config", "absent.toml", "config", "check"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("absent.toml"));
}

/// A lone word is a target to `tracing`: `loud` would silence the log.
#[test]
fn a_level_that_there_is_not_is_a_mistake() {
    let directory = TempDir::new().expect("a directory");
    let check = |level| chancery(directory.path(), &["config", "check"], &[("CHANCERY_LOG__LEVEL", level)]);
    for level in ["loud", "infos,chancery=debug", "="] {
        let output = check(level);
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains("log.level"), "{level}: {told}");
    }
    for level in ["off", "WARN", "info,chancery=debug", "chancery::edge=trace, warn"] {
        assert!(check(level).status.success(), "{level}");
    }
}

#[test]
fn a_command_says_what_it_did_and_logs_when_asked() {
    let directory = TempDir::new().expect("a directory");
    let quiet = chancery(directory.path(), &["migrate"], &[]);
    assert!(quiet.status.success() && quiet.stderr.is_empty(), "{}", text(&quiet.stderr));
    let output =
        chancery(directory.path(), &["migrate", "down", "--steps", "1", "--yes"], &[("CHANCERY_LOG__LEVEL", "debug")]);
    assert!(text(&output.stderr).starts_with('{'), "{}", text(&output.stderr));
    let refused = text(&chancery(directory.path(), &["import", "counties", "absent.txt"], &[]).stderr);
    assert!(refused.starts_with("chancery: the database lacks 1 migration"), "{refused}");
    assert!(chancery(directory.path(), &["migrate"], &[]).status.success());
    let refused = text(&chancery(directory.path(), &["import", "counties", "absent.txt"], &[]).stderr);
    assert!(refused.starts_with("chancery: absent.txt cannot be read"), "{refused}");
}

#[test]
fn misuse_ends_with_2() {
    let directory = TempDir::new().expect("a directory");
    for arguments in [&[][..], &["nonsense"], &["serve", "--listen", "nowhere"], &["migrate", "down"]] {
        assert_eq!(chancery(directory.path(), arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn the_embedded_database_is_made_and_is_its_owners_alone() {
    let directory = TempDir::new().expect("a directory");
    let run = |arguments: &[&str]| chancery(directory.path(), arguments, &[]);
    let missing = migration::Migrator::migrations().len();
    let up = run(&["migrate", "--data-dir", "deep/data"]);
    assert!(up.status.success(), "{}", text(&up.stderr));
    assert!(text(&up.stdout).starts_with(&format!("{missing} migrations applied")), "{}", text(&up.stdout));
    let status = text(&run(&["migrate", "status", "--data-dir", "deep/data"]).stdout);
    assert_eq!(status.lines().filter(|line| line.starts_with("applied")).count(), missing, "{status}");

    let refused = run(&["migrate", "down", "--steps", "1", "--data-dir", "deep/data"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--yes") && text(&refused.stderr).lines().count() == 1);
    assert!(run(&["migrate", "down", "--steps", "1", "--yes", "--data-dir", "deep/data"]).status.success());
    let status = text(&run(&["migrate", "status", "--data-dir", "deep/data"]).stdout);
    assert_eq!(status.lines().filter(|line| line.starts_with("missing")).count(), 1, "{status}");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |path: &str| std::fs::metadata(directory.path().join(path)).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode("deep/data"), mode("deep/data/chancery.sqlite")), (0o700, 0o600));
    }
}

#[test]
fn an_unreachable_database_is_one_line_and_its_cause_comes_with_v() {
    let directory = TempDir::new().expect("a directory");
    let environment = [("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/d")];
    let brief = chancery(directory.path(), &["migrate"], &environment);
    assert_eq!((brief.status.code(), text(&brief.stderr).lines().count()), (Some(1), 1), "{}", text(&brief.stderr));
    let verbose = text(&chancery(directory.path(), &["migrate", "-v"], &environment).stderr);
    assert!(verbose.contains("because:") && !verbose.contains("hunter2"), "{verbose}");
}

#[rstest]
#[tokio::test]
async fn an_old_schema_is_served_only_after_it_was_asked_for_or_is_embedded(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(false, true)] migrate: bool,
) {
    let db = support::TestDb::new(engine).await;
    migration::Migrator::down(&db.store.orm, Some(1)).await.expect("a step down");
    let database_url = match &db.store.address {
        Address::Sqlite(_) => None,
        Address::Postgres(options) => {
            use sqlx::ConnectOptions;
            Some(Secret::new(options.to_url_lossy().to_string()))
        }
    };
    let config = Config { data_dir: db.directory().to_owned(), database_url, ..Config::default() };
    let context = Context::new(config);
    match serve::up_to_date(&context, migrate).await {
        Ok(store) => {
            assert!(migrate || engine == Engine::Sqlite);
            assert_eq!(store.pending_migrations().await.expect("status"), 0);
        }
        Err(failure) => {
            assert!(!migrate && engine == Engine::Postgres, "{failure}");
            assert!(failure.to_string().contains("chancery migrate"), "{failure}");
        }
    }
}
