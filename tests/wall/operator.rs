//! What an operator meets.

use std::process::{Command, Output};

use chancery::{
    read::wall,
    store::{Address, Store},
};
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

use super::*;

/// Runs the program against a database, with nothing in its environment but what is said.
fn chancery(app: &App, arguments: &[&str]) -> Output {
    let Address::Postgres(options) = &app.db.store.address else { panic!("PostgreSQL") };
    let directory = TempDir::new().expect("a directory");
    let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
    let url = format!("postgres://{user}@{host}:{port}/{}", options.get_database().expect("a database"));
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .current_dir(directory.path())
        .env_clear()
        .env("DATABASE_URL", url)
        .env("CHANCERY_READ__ROW_SECURITY", "true")
        .output()
        .expect("the program runs")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn the_wall_is_put_up_looked_at_and_taken_down_by_commands() {
    let app = small_world::app(Engine::Postgres).await;
    let run = |action| chancery(&app, &["access", "wall", action]);
    let says = |output: &Output, words: &str, code| {
        assert!(told(output).contains(words) && output.status.code() == Some(code), "{}", told(output));
    };
    says(&run("status"), "chancery access wall up", 1);
    // Configured and not there: no server starts, and the command that mends it is named.
    says(&chancery(&app, &["serve", "--listen", "127.0.0.1:0"]), "chancery access wall up", 1);
    says(&run("up"), "the wall stands: readers work as chancery_reader", 0);
    says(&run("up"), "the wall stands", 0);
    says(&run("status"), "the wall stands", 0);
    app.db.store.orm.execute_unprepared("drop policy wall on entry").await.expect("a hole");
    says(&run("status"), "entry: the policy is missing", 1);
    says(&chancery(&app, &["serve", "--listen", "127.0.0.1:0"]), "entry: the policy is missing", 1);
    says(&run("down"), "the wall is down", 0);
    says(&run("down"), "the wall is down", 0);
    let left = "select json_build_array(
      (select count(*) from pg_policy),
      (select count(*) from pg_class where relrowsecurity),
      (select count(*) from pg_proc where proname like 'wall%'),
      (select count(*) from pg_class where relacl::text like '%chancery_reader%'),
      (select count(*) from pg_attribute where attacl::text like '%chancery_reader%'),
      (select count(*) from pg_namespace where nspacl::text like '%chancery_reader%'))";
    assert_eq!(column(&mut connection(&app, None).await, left).await, json!(vec![0; 6]));
    // What is printed is what is run.
    let printed = told(&run("print"));
    let mut owner = connection(&app, None).await;
    sqlx::raw_sql(AssertSqlSafe(printed)).execute(&mut owner).await.expect("the printed script runs");
    let policies = column(&mut owner, "select count(*) from pg_policy where polname = 'wall'").await;
    assert!(policies.as_u64() > Some(Kind::ALL.len() as u64), "{policies}");
}

#[tokio::test]
async fn sqlite_has_no_wall() {
    let directory = TempDir::new().expect("a directory");
    let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(["config", "check"])
        .current_dir(directory.path())
        .env_clear()
        .env("CHANCERY_READ__ROW_SECURITY", "true")
        .output()
        .expect("the program runs");
    assert!(output.status.code() == Some(1) && told(&output).contains("read.row_security"), "{}", told(&output));
    let db = TestDb::new(Engine::Sqlite).await;
    let error = wall::up(&db.store, READER).await.expect_err("SQLite");
    assert!(error.message.contains("SQLite"), "{}", error.message);
}

/// A login that may not make roles is told what an administrator must run; one that does not own the tables, who may.
#[tokio::test]
async fn a_login_that_may_not_is_told_who_may() {
    let app = small_world::app(Engine::Postgres).await;
    let Address::Postgres(options) = &app.db.store.address else { panic!("PostgreSQL") };
    let database = options.get_database().expect("a database").to_owned();
    let (login, reader) = (format!("login_{database}"), format!("reader_{database}"));
    let admin = &app.db.store.orm;
    admin.execute_unprepared(&format!("create role {login} login")).await.expect("a login");
    let store = Store::open(Address::Postgres(options.clone().username(&login))).await.expect("it connects");
    let refused = wall::up(&store, &reader).await.expect_err("it may not make roles").message;
    for words in [format!("create role \"{reader}\" nologin;"), format!("grant \"{reader}\" to \"{login}\";")] {
        assert!(refused.contains(&words), "{refused}");
    }
    admin.execute_unprepared(&format!("create role {reader} nologin")).await.expect("an administrator");
    let refused = wall::up(&store, &reader).await.expect_err("it may not work as the role").message;
    assert!(
        refused.contains(&format!("grant \"{reader}\" to \"{login}\";")) && !refused.contains("create"),
        "{refused}"
    );
    admin.execute_unprepared(&format!("grant {reader} to {login}")).await.expect("an administrator");
    let refused = wall::up(&store, &reader).await.expect_err("it does not own the tables").message;
    assert!(refused.contains("owns the tables"), "{refused}");
    // As the owner it may, and its own writers are not shut out.
    let give = format!(
        "do $$ declare it record; begin for it in select c.oid::regclass as named from pg_class c
           where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace loop
           execute format('alter table %s owner to {login}', it.named); end loop; end $$;
         grant create on schema public to {login}; grant usage on schema public to {login} with grant option"
    );
    admin.execute_unprepared(&give).await.expect("the tables are given");
    wall::up(&store, &reader).await.expect("it is put up");
    assert_eq!(wall::faults(&store, &reader).await.expect("it is looked at"), [""; 0]);
    // Whoever is not the owner would be shut out, and is told.
    let other = format!("other_{database}");
    admin
        .execute_unprepared(&format!("create role {other} login; grant {reader} to {other}"))
        .await
        .expect("another login");
    let stranger = Store::open(Address::Postgres(options.clone().username(&other))).await.expect("it connects");
    let faults = wall::faults(&stranger, &reader).await.expect("it is looked at").join("\n");
    assert!(faults.contains("shuts out the writers"), "{faults}");
    wall::down(&store, &reader).await.expect("it is taken down");
    store.orm.close().await.expect("closes");
    stranger.orm.close().await.expect("closes");
    let gone = format!(
        "reassign owned by {login} to current_user; drop owned by {login}; drop owned by {reader}; drop owned by {other};
         drop role {other}; drop role {login}; drop role {reader}"
    );
    admin.execute_unprepared(&gone).await.expect("they are gone");
}
