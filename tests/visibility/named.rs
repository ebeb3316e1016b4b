//! Situations by name: which lines a row has, read from the stored table.

use std::process::ExitCode;

use chancery::{
    access::Kind,
    cli::visibility::{self as command, Command},
    desk::{Work, visibility},
    store::Engine,
};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::{
    rows::{self, id},
    support::TestDb,
    table::{lines, of_row},
};

async fn begin(db: &TestDb) -> Work {
    Work::begin(&db.store, &db.clock).await.expect("begins")
}

/// Mission 0 of state 0 (FR) in New York with a chancery, a residence and a contact; concern 0 about it, raised by
/// it and reported by person 0; agencies 0 to 2, persons 0 to 2.
async fn world(engine: Engine) -> TestDb {
    let db = TestDb::new(engine).await;
    let mut work = begin(&db).await;
    rows::put_state(&mut work, 0, "FR").await;
    for slot in 0..3 {
        rows::put_agency(&mut work, slot, "An agency").await;
        rows::put_person(&mut work, slot, slot).await;
    }
    rows::put_mission(&mut work, 0, Some(0), Some("36061")).await;
    rows::put_premises(&mut work, 0, 0, "CHANCERY").await;
    rows::put_premises(&mut work, 1, 0, "RESIDENCE_HOM").await;
    rows::put_contact(&mut work, 0, 0).await;
    let mut concern = rows::concern(0, 0);
    concern.origin_mission_id = Some(id(Kind::Mission, 0));
    concern.reporter_id = Some(id(Kind::Person, 0));
    (concern.severity, concern.tlp) = ("CRITICAL".to_owned(), "GREEN".to_owned());
    rows::put_concern(&mut work, concern).await;
    work.commit().await.expect("commits");
    db
}

/// Marks concern 0 and gives its lines.
async fn marked(db: &TestDb, tlp: &str, cui: Option<&str>) -> Vec<String> {
    let mut work = begin(db).await;
    let mut concern = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
    concern.tlp = tlp.to_owned();
    concern.cui = cui.map(str::to_owned);
    rows::put_concern(&mut work, concern).await;
    work.commit().await.expect("commits");
    of_row(&db.store, Kind::Concern, 0).await
}

#[rstest]
#[tokio::test]
async fn markings_withhold_grounds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    let to_agency = rows::share(0, 0);
    let mut to_person = rows::share(1, 0);
    (to_person.agency_id, to_person.person_id) = (None, Some(id(Kind::Person, 2)));
    for mut share in [to_agency, to_person] {
        share.tlp_cap = "RED".to_owned();
        rows::put_share(&mut work, share).await;
    }
    rows::put_referral(&mut work, 0, 0, 2, "OFFERED").await;
    work.commit().await.expect("commits");

    let green = [
        "INTERNAL i:dss DCPSI",
        "JURISDICTION s:36061 DCPSI",
        "JURISDICTION s:NYC DCPSI",
        "JURISDICTION s:US DCPSI",
        "JURISDICTION s:US-NY DCPSI",
        "OWN m:Mission0 DCPSI",
        "PORTFOLIO pf:Mission0 DCPSI",
        "REFERRED a:Agency2 DCPSI",
        "REPORTER p:Person0 DCPSI",
        "SHARED a:Agency1 DCP",
        "SHARED p:Person2 DCP",
        "STATE o:SendingState0 DCPSI",
        "WATCH d:watch DCPSI",
    ];
    let without = |grounds: &[&str]| -> Vec<&str> {
        green.into_iter().filter(|line| !grounds.iter().any(|ground| line.starts_with(ground))).collect()
    };
    assert_eq!(marked(&db, "GREEN", None).await, green);
    assert_eq!(marked(&db, "AMBER", None).await, without(&["JURISDICTION"]));
    assert_eq!(marked(&db, "AMBER_STRICT", None).await, without(&["JURISDICTION", "STATE"]));
    let red = ["REPORTER p:Person0 DCPSI", "SHARED p:Person2 DCP", "WATCH d:watch DCPSI"];
    assert_eq!(marked(&db, "RED", None).await, red);
    assert_eq!(marked(&db, "what?", None).await, red, "a marking that cannot be read is RED");
}

#[rstest]
#[case("CUI//LEI//NOFORN", &["/us"])]
#[case("CUI//LEI//FED_ONLY", &["/fed"])]
#[case("CUI//LEI//REL_TO FR", &["/rel:FR", "/us"])]
#[case("scribble", &["/fed"])]
#[tokio::test]
async fn controls_close_circles(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[case] banner: &str,
    #[case] circles: &[&str],
) {
    let db = world(engine).await;
    let within: Vec<String> = marked(&db, "AMBER", Some(banner)).await;
    for key in ["INTERNAL i:dss", "OWN m:Mission0", "STATE o:SendingState0"] {
        let found: Vec<&String> = within.iter().filter(|line| line.starts_with(key)).collect();
        let expected: Vec<String> = circles.iter().map(|circle| format!("{key}{circle} DCPSI")).collect();
        assert_eq!(found, expected.iter().collect::<Vec<_>>());
    }
}

#[rstest]
#[tokio::test]
async fn a_share_sleeps_above_its_marking(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_share(&mut work, rows::share(0, 0)).await;
    work.commit().await.expect("commits");
    let shared = "SHARED a:Agency1 DCP".to_owned();
    assert!(marked(&db, "AMBER", None).await.contains(&shared));
    assert!(!marked(&db, "AMBER_STRICT", None).await.contains(&shared));
    assert!(marked(&db, "GREEN", None).await.contains(&shared), "it wakes");
    let via = "VIA_CONCERN a:Agency1 D".to_owned();
    assert!(of_row(&db.store, Kind::Mission, 0).await.contains(&via));
    marked(&db, "RED", None).await;
    assert!(!of_row(&db.store, Kind::Mission, 0).await.contains(&via), "the way to the mission sleeps with it");
}

#[rstest]
#[case("tier_cap", "DCQ")]
#[case("tlp_cap", "PURPLE")]
#[case("expires_at", "when hell freezes over")]
#[case("revoked_at", "2026-11-02T00:00:00.000000Z")]
#[tokio::test]
async fn a_share_that_cannot_be_read_opens_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[case] column: &str,
    #[case] value: &str,
) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_share(&mut work, rows::share(0, 0)).await;
    work.rows()
        .execute_unprepared(&format!("update share set {column} = '{value}'"))
        .await
        .expect("the share is garbled");
    work.commit().await.expect("commits");
    let concern = of_row(&db.store, Kind::Concern, 0).await;
    assert!(!concern.iter().any(|line| line.starts_with("SHARED")), "{concern:#?}");
}

#[rstest]
#[tokio::test]
async fn a_residence_is_open_to_its_mission_and_its_officer(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_referral(&mut work, 0, 0, 2, "ACCEPTED").await;
    work.commit().await.expect("commits");
    let own = ["OWN m:Mission0 DCPSI", "PORTFOLIO pf:Mission0 DCPSI"];
    assert_eq!(of_row(&db.store, Kind::Premises, 1).await, own);
    let chancery = of_row(&db.store, Kind::Premises, 0).await;
    assert!(chancery.contains(&"EVERYONE e DCPSI".to_owned()), "{chancery:#?}");
    let mut work = begin(&db).await;
    rows::put_premises(&mut work, 0, 0, "hideout").await;
    work.commit().await.expect("commits");
    assert_eq!(of_row(&db.store, Kind::Premises, 0).await, own, "a kind that cannot be read is a residence");
}

#[rstest]
#[tokio::test]
async fn a_referral_leads_to_the_mission_until_it_is_declined(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = world(engine).await;
    let way = "VIA_CONCERN a:Agency2 DC".to_owned();
    for (status, leads) in [("OFFERED", true), ("DECLINED", false), ("ACCEPTED", true)] {
        let mut work = begin(&db).await;
        rows::put_referral(&mut work, 0, 0, 2, status).await;
        work.commit().await.expect("commits");
        for (kind, slot) in [(Kind::Mission, 0), (Kind::Premises, 0), (Kind::SecurityContact, 0)] {
            assert_eq!(of_row(&db.store, kind, slot).await.contains(&way), leads, "{status} {kind:?}");
        }
        let concern = of_row(&db.store, Kind::Concern, 0).await;
        assert_eq!(concern.contains(&"REFERRED a:Agency2 DCPSI".to_owned()), leads, "{status}");
    }
}

#[rstest]
#[tokio::test]
async fn when_a_mission_moves_its_concerns_move_with_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 0, None, Some("11001")).await;
    work.commit().await.expect("commits");
    let concern = of_row(&db.store, Kind::Concern, 0).await;
    let places: Vec<&String> = concern.iter().filter(|line| line.starts_with("JURISDICTION")).collect();
    assert_eq!(places, ["JURISDICTION s:11001 DCPSI", "JURISDICTION s:US DCPSI", "JURISDICTION s:US-DC DCPSI"]);
    assert!(!concern.iter().any(|line| line.starts_with("STATE")), "{concern:#?}");

    let mut work = begin(&db).await;
    let mut row = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
    row.incident_area = Some("somewhere".to_owned());
    rows::put_concern(&mut work, row).await;
    work.commit().await.expect("commits");
    let concern = of_row(&db.store, Kind::Concern, 0).await;
    assert!(!concern.iter().any(|line| line.starts_with("JURISDICTION")), "an unreadable place is no place");
}

#[rstest]
#[tokio::test]
async fn an_entry_has_its_own_audience(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 1, None, None).await;
    rows::put_entry(&mut work, 0, 0, "INTERNAL", &[]).await;
    rows::put_entry(&mut work, 1, 0, "MISSION", &[]).await;
    rows::put_entry(&mut work, 2, 0, "AGENCIES", &[1, 2]).await;
    rows::put_entry(&mut work, 3, 0, "the world", &[1]).await;
    work.commit().await.expect("commits");
    let of = |slot| of_row(&db.store, Kind::Entry, slot);
    assert_eq!(of(0).await, ["AUDIENCE i:dss I"]);
    assert_eq!(of(1).await, ["AUDIENCE i:dss C", "AUDIENCE m:Mission0 C"]);
    assert_eq!(of(2).await, ["AUDIENCE a:Agency1 C", "AUDIENCE a:Agency2 C", "AUDIENCE i:dss C"]);
    assert_eq!(of(3).await, ["AUDIENCE i:dss I"], "an audience that cannot be read is internal");

    // One that a mission did not raise: "the mission" is the one it is about.
    let mut work = begin(&db).await;
    let mut row = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
    (row.origin_mission_id, row.mission_id) = (None, id(Kind::Mission, 1));
    rows::put_concern(&mut work, row).await;
    work.commit().await.expect("commits");
    assert_eq!(of(1).await, ["AUDIENCE i:dss C", "AUDIENCE m:Mission1 C"]);
}

#[rstest]
#[tokio::test]
async fn what_is_gone_has_no_lines(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_share(&mut work, rows::share(0, 0)).await;
    rows::put_entry(&mut work, 0, 0, "MISSION", &[]).await;
    work.commit().await.expect("commits");
    let mut work = begin(&db).await;
    rows::drop_concern(&mut work, 0).await;
    work.commit().await.expect("commits");
    for kind in [Kind::Concern, Kind::Share, Kind::Entry] {
        assert_eq!(of_row(&db.store, kind, 0).await, [""; 0]);
    }
    let mission = of_row(&db.store, Kind::Mission, 0).await;
    assert!(!mission.iter().any(|line| line.starts_with("VIA_CONCERN")), "{mission:#?}");
}

#[rstest]
#[tokio::test]
async fn a_work_that_fails_or_is_dropped_leaves_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let before = lines(&db.store).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 1, Some(0), Some("11001")).await;
    work.standing_changed();
    drop(work);
    assert_eq!(lines(&db.store).await, before);

    table_is_closed(&db, true).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 1, Some(0), Some("11001")).await;
    work.commit().await.expect_err("its lines cannot be written");
    table_is_closed(&db, false).await;
    assert_eq!(lines(&db.store).await, before);
    let work = begin(&db).await;
    assert_eq!(standing(&work).await, 1);
    let mission = entity::mission::Entity::find_by_id(id(Kind::Mission, 1));
    assert_eq!(mission.one(work.rows()).await.expect("reads"), None);
}

#[rstest]
#[tokio::test]
async fn an_unchanged_row_writes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    table_is_closed(&db, true).await;
    let mut work = begin(&db).await;
    let concern = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
    rows::put_concern(&mut work, concern).await;
    rows::put_mission(&mut work, 0, Some(0), Some("36061")).await;
    rows::put_agency(&mut work, 0, "Another name").await;
    work.commit().await.expect("it has nothing to write");
}

#[rstest]
#[tokio::test]
async fn standing_is_raised_when_it_changed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let work = begin(&db).await;
    let before = standing(&work).await;
    work.commit().await.expect("commits");
    let mut work = begin(&db).await;
    work.standing_changed();
    work.commit().await.expect("commits");
    let work = begin(&db).await;
    assert_eq!(standing(&work).await, before + 1);
}

async fn standing(work: &Work) -> i64 {
    let row = entity::standing::Entity::find().one(work.rows()).await.expect("reads");
    row.expect("the one row").version
}

/// A table that refuses every change, or takes them again.
async fn table_is_closed(db: &TestDb, closed: bool) {
    let statements: &[&str] = match (db.store.engine(), closed) {
        (Engine::Sqlite, true) => &[
            "create trigger closed_to_insert before insert on visibility begin select raise(abort, 'closed'); end",
            "create trigger closed_to_delete before delete on visibility begin select raise(abort, 'closed'); end",
        ],
        (Engine::Sqlite, false) => &["drop trigger closed_to_insert", "drop trigger closed_to_delete"],
        (Engine::Postgres, true) => &[
            "create function closed() returns trigger language plpgsql as $$ begin raise exception 'closed'; end $$",
            "create trigger closed before insert or delete or update on visibility for each row execute function closed()",
        ],
        (Engine::Postgres, false) => &["drop trigger closed on visibility", "drop function closed()"],
    };
    for statement in statements {
        db.store.orm.execute_unprepared(statement).await.expect("the trigger");
    }
}

/// One marks the concern RED while the other shares it with an agency: whichever commits last, the agency must not
/// see a RED concern.
#[rstest]
#[tokio::test]
async fn works_at_the_same_time_do_not_leave_half_a_view(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    for _ in 0..12 {
        let mut work = begin(&db).await;
        rows::drop_share(&mut work, 0).await;
        work.commit().await.expect("commits");
        marked(&db, "AMBER", None).await;
        // PostgreSQL: both have written before either commits. SQLite: one after the other.
        let both_wrote = tokio::sync::Barrier::new(if engine == Engine::Postgres { 2 } else { 1 });
        let marks = async {
            let mut work = begin(&db).await;
            let mut concern = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
            concern.tlp = "RED".to_owned();
            rows::put_concern(&mut work, concern).await;
            both_wrote.wait().await;
            work.commit().await.expect("commits");
        };
        let shares = async {
            let mut work = begin(&db).await;
            rows::put_share(&mut work, rows::share(0, 0)).await;
            both_wrote.wait().await;
            work.commit().await.expect("commits");
        };
        tokio::join!(marks, shares);
        let difference = visibility::verify(&db.store, 5).await.expect("verifies");
        assert!(difference.is_none(), "{difference:#?}");
    }
}

#[rstest]
#[tokio::test]
async fn the_command_says_what_differs_and_repairs_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let verify = Command::Verify { examples: 1 };
    let run = async |command| {
        let mut out = Vec::new();
        let code = command::run(command, &db.store, &mut out).await.expect("runs");
        (code, String::from_utf8(out).expect("text"))
    };
    let lines = lines(&db.store).await.len();
    assert_eq!(run(verify).await, (ExitCode::SUCCESS, format!("{lines} lines compared, 0 missing, 0 surplus\n")));
    let widened = "update visibility set key = 'e' where ground = 8";
    db.store.orm.execute_unprepared(widened).await.expect("the damage");
    let concern = id(Kind::Concern, 0);
    let (person, ends) = (id(Kind::Person, 0), "0001-01-01T00:00:00.000000Z to 9999-12-31T23:59:59.999999Z");
    let told = format!(
        "{} lines compared, 1 missing, 1 surplus\n\
         missing: Concern {concern} by REPORTER p:{person}, at most DCPSI, {ends}, survives TLP 4\n\
         surplus: Concern {concern} by REPORTER e, at most DCPSI, {ends}, survives TLP 4\n",
        lines + 1
    );
    assert_eq!(run(verify).await, (ExitCode::FAILURE, told));
    assert_eq!(run(Command::Rebuild).await, (ExitCode::SUCCESS, format!("{lines} lines\n")));
    assert_eq!(run(verify).await.0, ExitCode::SUCCESS);
}

#[rstest]
#[tokio::test]
async fn verify_counts_what_is_missing_and_what_is_surplus(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let right = lines(&db.store).await;
    let sound = visibility::verify(&db.store, 5).await.expect("verifies");
    assert!(sound.is_none());
    assert_eq!(sound.lines, right.len() as u64);
    for damage in [
        "delete from visibility where ground = 3",
        "update visibility set key = 'e' where ground = 8",
        "update visibility set kind = 99 where ground = 10",
        "insert into visibility values ('ghost', 'e', 1, 31, '0', '9', 4, 8)",
    ] {
        db.store.orm.execute_unprepared(damage).await.expect("the damage");
    }
    let difference = visibility::verify(&db.store, 2).await.expect("verifies");
    let own = right.iter().filter(|line| line.ground == 3).count() as u64;
    assert_eq!((difference.missing, difference.surplus), (own + 2, 3));
    assert_eq!((difference.missing_examples.len(), difference.surplus_examples.len()), (2, 2));
    assert_eq!(visibility::rebuild(&db.store).await.expect("rebuilds"), right.len() as u64);
    assert_eq!(lines(&db.store).await, right);
}
