//! What the reading role may not do.

use super::*;
use support::small_world::analyst;

/// Planted writes are refused: on a lane because it is read-only, and in any case because the role may not.
#[tokio::test]
async fn the_role_writes_nothing() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let asker = asker(&app, &analyst()).await;
    let changing = "with gone as (delete from share returning id) select (select version from standing), (select json_agg(id) from gone)::text";
    let error = run(&reader, &asker, changing).await.expect_err("a lane changes nothing");
    let cause = error.cause.expect("a cause").to_string();
    // SQLSTATE read_only_sql_transaction.
    assert!(cause.contains("code 25006"), "{cause}");
    let mut connection = connection(&app, Some(READER)).await;
    let tables = tables(&app).await;
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        for sql in [
            format!("insert into {table} default values"),
            format!("delete from {table}"),
            format!("truncate {table}"),
            format!("drop table {table}"),
            format!("alter table {table} disable row level security"),
            format!("create policy hole on {table} using (true)"),
        ] {
            let code = refused(&mut connection, &sql).await;
            assert_eq!(code.as_deref(), Some(DENIED), "{sql}");
        }
    }
    for sql in [
        "update concern set title = 'x'",
        "update standing set version = 0",
        "create table mine (id text)",
        "create function mine() returns int language sql as 'select 1'",
        "alter role chancery_reader superuser",
    ] {
        assert_eq!(refused(&mut connection, sql).await.as_deref(), Some(DENIED), "{sql}");
    }
}

/// It is nobody: no login, no superuser, no owner, in no other role.
#[tokio::test]
async fn the_role_is_nobody() {
    let app = walled().await;
    let sql = format!(
        "select json_build_array(rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
           exists (select 1 from pg_auth_members where member = r.oid),
           exists (select 1 from pg_class where relowner = r.oid),
           exists (select 1 from pg_proc where proowner = r.oid))
         from pg_roles r where rolname = '{READER}'"
    );
    assert_eq!(column(&mut connection(&app, None).await, &sql).await, json!(vec![false; 8]));
}
