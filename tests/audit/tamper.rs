//! What is changed all the same is found, by its place.

use chancery::{
    audit::{self, Decision, Event, Fault, What},
    clock::instant,
    store::Engine,
};
use rstest::rstest;
use sea_orm::ConnectionTrait as _;

use crate::{at, chain, disarm, fault, run, support::TestDb};

/// A chain of so many events, one after the other.
async fn events(db: &TestDb, writer: &str, count: usize) {
    let transaction = db.store.begin().await.expect("begins");
    for number in 0..count {
        let event = Event::by_nobody(instant(db.clock.now()), format!("operation {number}"), Decision::Done);
        let event = Event { subject: Some("somebody".to_owned()), ..event };
        audit::append(&transaction, writer, &[event]).await.expect("appended");
    }
    transaction.commit().await.expect("committed");
}

#[rstest]
#[tokio::test]
async fn the_tables_only_grow(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    events(&db, "desk", 3).await;
    audit::anchor(&db.store, &db.clock).await.expect("anchored");
    let mut changes = vec![
        "update audit_event set subject = 'nobody' where sequence = 2",
        "delete from audit_event where sequence = 2",
        "update audit_anchor set heads = '[]'",
        "delete from audit_anchor",
    ];
    changes.extend(match engine {
        Engine::Sqlite => [
            "insert or replace into audit_event select id, 'other', 1, at, 'nobody', agency_id, person_id, role, operation, object_ids, grounds, decision, code, policy_version, previous_hash, hash from audit_event where sequence = 2",
            "insert or replace into audit_event select 'new', writer, sequence, at, 'nobody', agency_id, person_id, role, operation, object_ids, grounds, decision, code, policy_version, previous_hash, hash from audit_event where sequence = 2",
            "insert or replace into audit_anchor select sequence, at, '[]', previous_hash, hash from audit_anchor",
        ],
        Engine::Postgres => [
            "truncate audit_event",
            "truncate audit_anchor",
            "insert into audit_event select * from audit_event where sequence = 2 on conflict (id) do update set subject = 'nobody'",
        ],
    });
    for sql in changes {
        let refused = db.store.orm.execute_unprepared(sql).await.expect_err(sql);
        assert!(refused.to_string().contains("the audit trail only grows"), "{sql}: {refused}");
    }
    let report = audit::verify(&db.store, None).await.expect("compared");
    assert_eq!((report.events, report.chains, report.anchors, report.fault), (3, 1, 1, None));
}

#[rstest]
#[tokio::test]
async fn whatever_is_altered_is_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    events(&db, "desk", 5).await;
    events(&db, "other", 2).await;
    audit::anchor(&db.store, &db.clock).await.expect("anchored");
    assert_eq!(fault(&db).await, None);
    disarm(&db).await;
    let before = chain(&db, "desk").await;
    let third = &before[2];
    // `writer` and `sequence` move it away: then it is missing where it was.
    let columns = [
        ("id", What::Altered),
        ("at", What::Altered),
        ("subject", What::Altered),
        ("agency_id", What::Altered),
        ("person_id", What::Altered),
        ("role", What::Altered),
        ("operation", What::Altered),
        ("object_ids", What::Altered),
        ("grounds", What::Altered),
        ("decision", What::Altered),
        ("code", What::Altered),
        ("policy_version", What::Altered),
        ("previous_hash", What::Altered),
        ("hash", What::Altered),
        ("writer", What::Missing),
        ("sequence", What::Missing),
    ];
    for (column, what) in columns {
        for change in [format!("coalesce({column}, '') || 'x'"), "null".to_owned()] {
            if change == "null" && column != "subject" {
                continue;
            }
            let is_number = matches!(column, "policy_version" | "sequence");
            let change = if is_number { format!("{column} + 1000") } else { change };
            // Named by what is not changed.
            let which =
                if column == "hash" { format!("id = '{}'", third.id) } else { format!("hash = '{}'", third.hash) };
            run(&db, &format!("create table kept as select * from audit_event where {which}")).await;
            run(&db, &format!("update audit_event set {column} = {change} where {which}")).await;
            assert_eq!(fault(&db).await, Some(at("desk", 3, what)), "{column} = {change}");
            run(&db, &format!("delete from audit_event where {which}")).await;
            run(&db, "insert into audit_event select * from kept").await;
            run(&db, "drop table kept").await;
            assert_eq!(fault(&db).await, None, "as it was");
        }
    }
    // A number by one, not only by many.
    run(&db, "update audit_event set policy_version = policy_version - 1 where writer = 'other' and sequence = 2")
        .await;
    assert_eq!(fault(&db).await, Some(at("other", 2, What::Altered)));
}

#[rstest]
#[tokio::test]
async fn what_is_taken_away_is_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    for (sql, expected) in [
        ("delete from audit_event where writer = 'desk' and sequence = 1", Some(at("desk", 1, What::Missing))),
        ("delete from audit_event where writer = 'desk' and sequence = 3", Some(at("desk", 3, What::Missing))),
        ("delete from audit_event where writer = 'desk' and sequence >= 4", Some(at("desk", 4, What::Missing))),
        ("delete from audit_event where writer = 'other'", Some(at("other", 1, What::Missing))),
        ("delete from audit_event", Some(at("desk", 1, What::Missing))),
        ("delete from audit_anchor where sequence = 1", Some(Fault { writer: None, sequence: 1, what: What::Missing })),
        (
            "update audit_anchor set heads = '[]' where sequence = 2",
            Some(Fault { writer: None, sequence: 2, what: What::Altered }),
        ),
        (
            "update audit_anchor set at = at || ' ' where sequence = 2",
            Some(Fault { writer: None, sequence: 2, what: What::Altered }),
        ),
    ] {
        let db = TestDb::new(engine).await;
        events(&db, "desk", 5).await;
        events(&db, "other", 2).await;
        audit::anchor(&db.store, &db.clock).await.expect("anchored");
        audit::anchor(&db.store, &db.clock).await.expect("anchored");
        disarm(&db).await;
        run(&db, sql).await;
        assert_eq!(fault(&db).await, expected, "{sql}");
    }
}

/// After the last anchor nothing is said of the end of a chain; an anchor's hash that was kept says which anchors were.
#[rstest]
#[tokio::test]
async fn a_kept_hash_finds_what_was_cut_off_with_its_anchor(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = TestDb::new(engine).await;
    events(&db, "desk", 3).await;
    audit::anchor(&db.store, &db.clock).await.expect("anchored");
    events(&db, "desk", 2).await;
    let kept = audit::anchor(&db.store, &db.clock).await.expect("anchored").hash;
    disarm(&db).await;
    assert_eq!(audit::verify(&db.store, Some(&kept)).await.expect("compared").fault, None);
    run(&db, "delete from audit_event where sequence > 3").await;
    assert_eq!(fault(&db).await, Some(at("desk", 4, What::Missing)));
    run(&db, "delete from audit_anchor where sequence = 2").await;
    assert_eq!(fault(&db).await, None, "nothing here knows of it");
    let missing = Fault { writer: None, sequence: 2, what: What::Missing };
    assert_eq!(audit::verify(&db.store, Some(&kept)).await.expect("compared").fault, Some(missing));
}

#[rstest]
#[tokio::test]
async fn what_is_put_elsewhere_is_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    for (one, other, first) in [(2, 3, 2), (1, 2, 1), (1, 5, 1), (3, 5, 3)] {
        let db = TestDb::new(engine).await;
        events(&db, "desk", 5).await;
        disarm(&db).await;
        for (from, to) in [(one, 100), (other, one), (100, other)] {
            run(&db, &format!("update audit_event set sequence = {to} where sequence = {from}")).await;
        }
        assert_eq!(fault(&db).await, Some(at("desk", first, What::Reordered)), "{one} and {other}");
    }
    let db = TestDb::new(engine).await;
    events(&db, "desk", 2).await;
    disarm(&db).await;
    run(&db, "update audit_event set sequence = 0 where sequence = 1").await;
    assert_eq!(fault(&db).await, Some(at("desk", 0, What::Altered)), "no place below the first is overlooked");
}

/// Whoever forges hashes too is found by the anchor alone.
#[rstest]
#[tokio::test]
async fn a_chain_that_was_made_anew_is_not_the_anchored_one(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = TestDb::new(engine).await;
    events(&db, "desk", 3).await;
    audit::anchor(&db.store, &db.clock).await.expect("anchored");
    disarm(&db).await;
    run(&db, "delete from audit_event").await;
    events(&db, "desk", 3).await;
    assert_eq!(fault(&db).await, Some(at("desk", 3, What::Altered)));
}

#[rstest]
#[tokio::test]
async fn one_anchor_a_day_is_made_by_itself(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    events(&db, "desk", 1).await;
    let daily =
        || async { audit::anchor_daily(&db.store, &db.clock).await.expect("anchored").map(|made| made.sequence) };
    let (first, second) = tokio::join!(daily(), daily());
    assert_eq!(first.or(second), Some(1));
    assert!(first.is_none() || second.is_none(), "of two servers one does it");
    db.clock.advance(time::Duration::hours(11));
    assert_eq!(daily().await, None);
    db.clock.advance(time::Duration::hours(1));
    assert_eq!(daily().await, Some(2), "another day");
    assert_eq!(fault(&db).await, None);
}

/// Of many who append at once none is lost, and each has a place.
#[rstest]
#[tokio::test]
async fn many_at_once_make_one_chain(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    futures_util::future::join_all((0..8).map(|_| events(&db, "desk", 3))).await;
    let sequences: Vec<i64> = chain(&db, "desk").await.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=24).collect::<Vec<_>>());
    assert_eq!(fault(&db).await, None);
}
