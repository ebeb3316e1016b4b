//! On PostgreSQL the service's login may insert and select in the trail, and nothing else; and the command line.

use std::process::{Command, Output};

use chancery::{
    audit::{self, Decision, Event},
    read::wall,
    store::{Address, Engine, Store},
};
use rstest::rstest;
use sea_orm::ConnectionTrait as _;

use crate::{
    chain, disarm, run,
    support::{TestDb, app::READER},
};

/// A login of the tests' own; databases are many, roles are one for all.
const LOGIN: &str = "chancery_test_service";

#[tokio::test]
async fn the_login_may_insert_and_select_and_nothing_else() {
    let db = TestDb::new(Engine::Postgres).await;
    // Two test runs at once may both make it.
    let _ = db.store.orm.execute_unprepared(&format!("create role {LOGIN} login")).await;
    // The service owns the rest; without this it would own the trail too.
    run(&db, &format!("grant all on all tables in schema public to {LOGIN}")).await;
    run(&db, &format!("alter table audit_event owner to {LOGIN}")).await;
    for _ in 0..2 {
        run(&db, &migration::audit_grants(LOGIN)).await;
    }
    assert!(audit::may_be_changed(&db.store).await.expect("asked"), "a superuser may");
    let Address::Postgres(options) = db.store.address.clone() else { panic!("PostgreSQL") };
    let service = Store::open(Address::Postgres(options.username(LOGIN))).await.expect("it logs in");
    assert!(!audit::may_be_changed(&service).await.expect("asked"));
    let transaction = service.begin().await.expect("begins");
    let event = Event::by_nobody(db.clock.now_text(), "x", Decision::Done);
    audit::append(&transaction, "desk", &[event]).await.expect("it may insert and select");
    transaction.commit().await.expect("committed");
    audit::anchor(&service, &db.clock).await.expect("it may anchor");
    for sql in [
        "update audit_event set subject = 'x'",
        "delete from audit_event",
        "truncate audit_event",
        "update audit_anchor set at = 'x'",
        "delete from audit_anchor",
        "alter table audit_event disable trigger all",
        "drop trigger audit_event_only_grows on audit_event",
        "drop table audit_event",
        "drop function audit_only_grows() cascade",
        "create or replace function audit_only_grows() returns trigger language plpgsql as 'begin return new; end'",
        "set role chancery_trail",
    ] {
        let refused = service.orm.execute_unprepared(sql).await.expect_err(sql).to_string();
        assert!(["permission denied", "must be owner"].iter().any(|why| refused.contains(why)), "{sql}: {refused}");
    }
    assert_eq!(audit::verify(&service, None).await.expect("compared").fault, None);
}

/// Under the wall's row security the login would be shut out of a trail that it does not own, and nothing could be
/// written: of the two, the second is refused, and leaves everything as it was.
#[tokio::test]
async fn the_trail_is_not_given_away_under_the_wall() {
    let db = TestDb::new(Engine::Postgres).await;
    wall::up(&db.store, READER).await.expect("it is put up");
    let grants = migration::audit_grants(LOGIN);
    let administrator = Store::open(db.store.address.clone()).await.expect("it connects");
    let refused = administrator.orm.execute_unprepared(&grants).await.expect_err("refused").to_string();
    assert!(refused.contains("chancery access wall down"), "{refused}");
    administrator.orm.close().await.expect("closes");
    assert_eq!(wall::faults(&db.store, READER).await.expect("looked at"), [""; 0]);
    wall::down(&db.store, READER).await.expect("it is taken down");
    let _ = db.store.orm.execute_unprepared(&format!("create role {LOGIN} login")).await;
    run(&db, &grants).await;
}

fn chancery(db: &TestDb, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments).current_dir(db.directory()).env_clear();
    match &db.store.address {
        Address::Sqlite(_) => command.args(["--data-dir", "."]),
        Address::Postgres(options) => {
            let (host, port, user) = (options.get_host(), options.get_port(), options.get_username());
            let name = options.get_database().expect("a database");
            command.env("DATABASE_URL", format!("postgres://{user}@{host}:{port}/{name}"))
        }
    };
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[rstest]
#[tokio::test]
async fn the_command_verifies_and_anchors(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let transaction = db.store.begin().await.expect("begins");
    let events = ["one", "two", "three"].map(|name| Event::by_nobody(db.clock.now_text(), name, Decision::Done));
    audit::append(&transaction, "desk", &events).await.expect("appended");
    transaction.commit().await.expect("committed");
    let verified = chancery(&db, &["audit", "verify"]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
    assert_eq!(text(&verified.stdout), "3 events in 1 chains and 0 anchors compared\n");
    let anchored = chancery(&db, &["audit", "anchor"]);
    let told = text(&anchored.stdout);
    assert!(
        anchored.status.success() && told.starts_with("anchor 1 at 2") && told.contains("over 1 chains: "),
        "{told}"
    );
    let kept = told.trim_end().rsplit(' ').next().expect("a hash");
    assert!(chancery(&db, &["audit", "verify", "--anchor", kept]).status.success());
    assert!(!chancery(&db, &["audit", "verify", "--anchor", &kept.replace(&kept[..1], "x")]).status.success());

    disarm(&db).await;
    run(&db, "update audit_event set operation = 'twice' where sequence = 2").await;
    let verified = chancery(&db, &["audit", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(text(&verified.stderr).contains("event 2 of the writer desk: altered"), "{}", text(&verified.stderr));
    assert_eq!(chain(&db, "desk").await.len(), 3);

    let granted = chancery(&db, &["audit", "grants", "service"]);
    assert_eq!(granted.status.success(), engine == Engine::Postgres, "{}", text(&granted.stderr));
    assert_eq!(
        text(&granted.stdout).contains("grant select, insert on audit_event to \"service\""),
        engine == Engine::Postgres
    );
}
