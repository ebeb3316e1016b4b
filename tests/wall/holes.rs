//! A wall with a hole is noticed, whatever the hole.

use chancery::read::wall;
use sea_orm::ConnectionTrait as _;

use super::*;

/// Each hole is made, noticed by name, and mended by putting the wall up again.
#[tokio::test]
async fn every_hole_is_noticed() {
    let app = walled().await;
    let store = &app.db.store;
    for (hole, noticed, filled) in [
        ("drop policy wall on entry", "entry: the policy is missing", ""),
        ("drop policy wall on visibility", "there is no wall", ""),
        ("alter policy wall on concern using (true)", "not as they were put up", ""),
        ("alter policy wall on visibility using (true)", "not as they were put up", ""),
        ("alter policy wall on share to public", "not as they were put up", ""),
        ("create policy hole on mission using (true)", "mission: the policy hole", "drop policy hole on mission"),
        ("alter table premises disable row level security", "premises: row security is off", ""),
        (
            "alter table premises force row level security",
            "not as they were put up|premises: row security shuts out",
            "alter table premises no force row level security",
        ),
        ("grant select on secret to chancery_reader", "secret: chancery_reader may do other", ""),
        (
            "grant select on portfolio to public",
            "portfolio: chancery_reader may do other",
            "revoke select on portfolio from public",
        ),
        ("grant update (title) on concern to chancery_reader", "concern: chancery_reader may do other", ""),
        ("grant insert on entry to chancery_reader", "entry: chancery_reader may do other", ""),
        ("grant select (jwk) on agency_key to chancery_reader", "agency_key: chancery_reader may do other", ""),
        ("revoke select on mission from chancery_reader", "mission: chancery_reader may do other", ""),
        (
            "create view names as select name from person; grant select on names to chancery_reader",
            "names: chancery_reader may do other",
            "drop view names",
        ),
        (
            "create function peep() returns setof person language sql security definer as 'select * from person'",
            "not as they were put up",
            "drop function peep()",
        ),
        (
            "create or replace function wall_person_name(there text) returns text language sql security definer
             as 'select name from person where id = there'",
            "not as they were put up",
            "",
        ),
    ] {
        store.orm.execute_unprepared(hole).await.expect("a hole");
        let faults = wall::faults(store, READER).await.expect("it is looked at").join("\n");
        assert!(noticed.split('|').any(|noticed| faults.contains(noticed)), "{hole}\n{faults}");
        let refused = Wall::of(store, READER).await.expect_err("it does not stand");
        assert!(refused.message.contains("chancery access wall up"), "{}", refused.message);
        store.orm.execute_unprepared(filled).await.expect("it is filled");
        wall::up(store, READER).await.expect("it is put up");
        let faults = wall::faults(store, READER).await.expect("it is looked at");
        assert!(faults.is_empty(), "{hole}: {faults:?}");
    }
}

/// A hole shows in what planted statements see, too: the test of them can fail.
#[tokio::test]
async fn a_hole_shows() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let who = small_world::police();
    let asker = asker(&app, &who).await;
    let hole = "create policy hole on concern using (true)";
    app.db.store.orm.execute_unprepared(hole).await.expect("a hole");
    let shown = texts(&plant(&reader, &asker, &all_ids("concern")).await.expect("it runs"));
    assert_eq!(shown.len(), small_world::CONCERNS);
    assert_ne!(shown, seen(&app, &who, Kind::Concern).await);
}

/// Every type has a policy: the list is the types', so a new one that is left out is a failing test.
#[tokio::test]
async fn every_type_has_its_policy() {
    let app = walled().await;
    let sql = "select json_agg(c.relname) from pg_policy p join pg_class c on c.oid = p.polrelid
      where p.polname = 'wall' and p.polpermissive and p.polcmd = 'r' and c.relrowsecurity
        and p.polroles = array['chancery_reader'::regrole::oid] and pg_get_expr(p.polqual, p.polrelid) <> 'true'";
    let guarded = texts(&column(&mut connection(&app, None).await, sql).await);
    for kind in Kind::ALL {
        assert!(guarded.contains(definition(kind).table), "{} has no policy", kind.name());
    }
    // A table that is not of the wall is not the readers'.
    let new = "create table motorcade (id text); grant select on motorcade to chancery_reader";
    app.db.store.orm.execute_unprepared(new).await.expect("a table");
    let faults = wall::faults(&app.db.store, READER).await.expect("it is looked at");
    assert_eq!(faults, ["motorcade: chancery_reader may do other than it should: SELECT"]);
}

/// A wall of another policy is not ours.
#[tokio::test]
async fn a_wall_of_another_epoch_is_refused() {
    let app = walled().await;
    let other = "comment on policy wall on visibility is 'epoch 1, fingerprint 00, text 00'";
    app.db.store.orm.execute_unprepared(other).await.expect("a comment");
    let faults = wall::faults(&app.db.store, READER).await.expect("it is looked at");
    assert!(faults.len() == 1 && faults[0].starts_with("it was put up by another version: epoch 1"), "{faults:?}");
}
