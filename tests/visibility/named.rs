//! Situations by name: which lines a row has, read from the stored table.

use chancery::{access::Kind, store::Engine};
use rstest::rstest;
use sea_orm::ConnectionTrait;

use crate::{
    posts,
    rows::{self, id},
    table::of_row,
    world::{begin, marked, world},
};

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
    for slot in 0..4 {
        rows::put_evidence(&mut work, slot).await;
    }
    work.commit().await.expect("commits");
    let of = |slot| of_row(&db.store, Kind::Entry, slot);
    let by = |slot| of_row(&db.store, Kind::Evidence, slot);
    assert_eq!(by(0).await, ["AUDIENCE i:dss I"]);
    assert_eq!(by(1).await, ["AUDIENCE i:dss P", "AUDIENCE m:Mission0 P"], "deeper than its entry, for the same");
    assert_eq!(by(2).await, ["AUDIENCE a:Agency1 P", "AUDIENCE a:Agency2 P", "AUDIENCE i:dss P"]);
    assert_eq!(by(3).await, ["AUDIENCE i:dss I"]);
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
    assert_eq!(by(1).await, ["AUDIENCE i:dss P", "AUDIENCE m:Mission1 P"], "it follows its entry");
}

#[rstest]
#[tokio::test]
async fn what_is_gone_has_no_lines(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_share(&mut work, rows::share(0, 0)).await;
    rows::put_entry(&mut work, 0, 0, "MISSION", &[]).await;
    rows::put_evidence(&mut work, 0).await;
    work.commit().await.expect("commits");
    let mut work = begin(&db).await;
    rows::drop_concern(&mut work, 0).await;
    work.commit().await.expect("commits");
    for kind in [Kind::Concern, Kind::Share, Kind::Entry, Kind::Evidence] {
        assert_eq!(of_row(&db.store, kind, 0).await, [""; 0]);
    }
    let mission = of_row(&db.store, Kind::Mission, 0).await;
    assert!(!mission.iter().any(|line| line.starts_with("VIA_CONCERN")), "{mission:#?}");
}

/// A post is its own officers': neither its country nor the post that it belongs to opens it.
#[rstest]
#[tokio::test]
async fn a_post_is_open_to_who_is_posted_to_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    posts::put_post(&mut work, 0, 0, None).await;
    posts::put_post(&mut work, 1, 0, Some(0)).await;
    work.commit().await.expect("commits");
    assert_eq!(of_row(&db.store, Kind::Post, 0).await, ["POST post:Post0 DCPSI"]);
    assert_eq!(of_row(&db.store, Kind::Post, 1).await, ["POST post:Post1 DCPSI"]);
    let mut work = begin(&db).await;
    posts::drop_post(&mut work, 0).await;
    work.commit().await.expect("commits");
    assert_eq!(of_row(&db.store, Kind::Post, 0).await, [""; 0]);
}
