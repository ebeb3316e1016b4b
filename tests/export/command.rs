//! `chancery export`.

use chancery::{
    cli::{self, Context},
    config::{Config, Secret},
    export::Format,
    store::{Address, Engine},
};
use rstest::rstest;

use crate::{
    percent,
    support::{
        TestDb,
        app::Who,
        small_world::{self, analyst, auditor, liaison_officer, police},
    },
    text,
};

fn context(db: &TestDb) -> Context {
    let database_url = match &db.store.address {
        Address::Sqlite(_) => None,
        Address::Postgres(options) => {
            use sqlx::ConnectOptions as _;
            Some(Secret::new(options.to_url_lossy().to_string()))
        }
    };
    Context::new(Config { data_dir: db.directory().to_owned(), database_url, ..Config::default() })
}

#[rstest]
#[tokio::test]
async fn the_command_writes_the_same_file(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let context = context(&app.db);
    let args = |who: Who| cli::export::Args {
        name: "concerns".to_owned(),
        role: who.role,
        agency: who.agency,
        subject: who.subject,
        format: Format::Csv,
        filter: Some(r#"{"severity": {"eq": "HIGH"}}"#.to_owned()),
        output: None,
    };
    let mut out = Vec::new();
    cli::export::run(&context, &args(analyst()), &mut out).await.expect("an export");
    let filter = percent(r#"{"severity": {"eq": "HIGH"}}"#);
    let by_http = text(app.fetch(&analyst(), &format!("/export/concerns?filter={filter}")).await).await;
    assert_eq!(String::from_utf8(out).expect("UTF-8"), by_http);

    let path = app.db.directory().join("concerns.csv");
    let to_file = cli::export::Args { output: Some(path.clone()), ..args(analyst()) };
    cli::export::run(&context, &to_file, &mut Vec::new()).await.expect("an export");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), by_http);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    #[cfg(unix)]
    what_bears_the_name_is_not_written_to(&context, &to_file, &by_http).await;
    let again = cli::export::run(&context, &to_file, &mut Vec::new()).await.expect_err("it is there");
    assert!(again.to_string().ends_with("is there already"), "{again}");

    for (who, sentence) in [
        (police(), "LAW_ENFORCEMENT may not export".to_owned()),
        (liaison_officer(), "LIAISON_OFFICER may not export".to_owned()),
        (auditor(), "AUDITOR may not export".to_owned()),
        (
            Who { subject: "nobody".into(), ..analyst() },
            format!("nobody of {} cannot ask as ANALYST", analyst().agency),
        ),
    ] {
        let mut out = Vec::new();
        let refused = cli::export::run(&context, &args(who), &mut out).await.expect_err("refused");
        assert_eq!(refused.to_string(), sentence);
        assert!(out.is_empty());
    }
    let wrong = cli::export::Args { filter: Some("[]".into()), ..args(analyst()) };
    let refused = cli::export::run(&context, &wrong, &mut Vec::new()).await.expect_err("refused");
    assert!(refused.to_string().contains("--filter: expected an object of JSON"), "{refused}");
}

/// Whatever lies under the name of the unfinished file, a link included, is neither written to nor believed.
#[cfg(unix)]
async fn what_bears_the_name_is_not_written_to(context: &Context, args: &cli::export::Args, whole: &str) {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let directory = args.output.as_ref().expect("a path").parent().expect("a directory");
    let victim = directory.join("victim");
    std::fs::write(&victim, "untouched").expect("a file");
    std::fs::set_permissions(&victim, std::fs::Permissions::from_mode(0o666)).expect("modes");
    for (name, is_link) in [("linked.csv", true), ("left.csv", false)] {
        let path = directory.join(name);
        let unfinished = path.with_added_extension("part");
        if is_link {
            symlink(&victim, &unfinished).expect("a link");
        } else {
            std::fs::copy(&victim, &unfinished).expect("a file");
        }
        let args = cli::export::Args {
            name: args.name.clone(),
            agency: args.agency.clone(),
            subject: args.subject.clone(),
            filter: args.filter.clone(),
            output: Some(path.clone()),
            ..*args
        };
        cli::export::run(context, &args, &mut Vec::new()).await.expect("an export");
        let written = std::fs::symlink_metadata(&path).expect("a file");
        assert!(written.is_file(), "{name}");
        assert_eq!(written.permissions().mode() & 0o777, 0o600, "{name}");
        assert_eq!(std::fs::read_to_string(&path).expect("text"), whole, "{name}");
    }
    assert_eq!(std::fs::read_to_string(&victim).expect("text"), "untouched");
}
