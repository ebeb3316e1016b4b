//! Advisories: to whom they are addressed, and how that follows the missions.

use chancery::{
    access::Kind,
    desk::{Work, visibility},
    store::Engine,
};
use entity::{acknowledgement, advisory};
use rstest::rstest;

use crate::{
    rows::{self, THEN, id, put},
    table::of_row,
    world::{begin, world},
};

/// Addressed to those; `SENDING_STATE:` is followed by a slot.
pub async fn put_advisory(work: &mut Work, slot: u8, audience: &[&str]) {
    let stored = audience.iter().map(|to| match to.strip_prefix("SENDING_STATE:").and_then(|slot| slot.parse().ok()) {
        Some(slot) => format!("SENDING_STATE:{}", id(Kind::SendingState, slot)),
        None => (*to).to_owned(),
    });
    let row = advisory::Model {
        id: id(Kind::Advisory, slot),
        msg_type: "ALERT".to_owned(),
        urgency: "EXPECTED".to_owned(),
        severity: "MINOR".to_owned(),
        certainty: "LIKELY".to_owned(),
        headline: "A headline".to_owned(),
        body: "A body".to_owned(),
        audience: serde_json::json!(stored.collect::<Vec<_>>()).to_string(),
        sent_at: THEN.to_owned(),
        expires_at: Some(THEN.to_owned()),
        supersedes_id: None,
        issued_by_id: None,
    };
    put(work, row).await;
    work.touch(Kind::Advisory, id(Kind::Advisory, slot));
}

/// Of an agency, whose slot it has.
pub async fn put_acknowledgement(work: &mut Work, advisory: u8, agency: u8) {
    let row = acknowledgement::Model {
        id: id(Kind::Acknowledgement, advisory * 8 + agency),
        advisory_id: id(Kind::Advisory, advisory),
        agency_id: id(Kind::Agency, agency),
        person_id: id(Kind::Person, 0),
        acknowledged_at: THEN.to_owned(),
    };
    work.touch(Kind::Acknowledgement, row.id.clone());
    put(work, row).await;
}

#[rstest]
#[tokio::test]
async fn an_advisory_is_for_whom_it_names(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_mission(&mut work, 1, None, Some("11001")).await;
    let around = ["s:36061", "s:NYC", "s:US", "s:US-NY"].map(|key| format!("AUDIENCE {key} DCPSI"));
    let [county, city, nation, state] = &around;
    let own = |key: &str| format!("AUDIENCE {key} DCPSI");
    let of_missions = [own("m:Mission0"), own("m:Mission1")];
    let cases: Vec<(&[&str], Vec<String>)> = vec![
        (&[], vec![]),
        (&["MISSIONS"], vec![own("k:MISSION")]),
        (&["LAW_ENFORCEMENT"], vec![own("k:LAW_ENFORCEMENT")]),
        (&["SENDING_STATE:0"], vec![own("m:Mission0"), own("o:SendingState0")]),
        (&["MISSION_TYPE:EMBASSY"], of_missions.to_vec()),
        (&["MISSION_TYPE:CONSULATE"], vec![]),
        (
            &["AREA:36061"],
            vec![own("m:Mission0"), county.clone(), city.clone(), nation.clone(), state.clone(), own("w:36061")],
        ),
        (&["AREA:NYC"], vec![own("m:Mission0"), city.clone(), nation.clone(), state.clone(), own("w:NYC")]),
        (&["AREA:US"], [&of_missions[..], &[nation.clone(), own("w:US")]].concat()),
        (&["AREA:nowhere", "AREA:", "EVERYONE", "MISSIONS:", "e"], vec![]),
    ];
    for (slot, (audience, _)) in (0..).zip(&cases) {
        put_advisory(&mut work, slot, audience).await;
    }
    put_acknowledgement(&mut work, 0, 1).await;
    work.commit().await.expect("commits");
    for (slot, (audience, mut lines)) in (0..).zip(cases) {
        lines.sort_unstable();
        assert_eq!(
            of_row(&db.store, Kind::Advisory, slot).await,
            lines,
            "{audience:?}; it has expired, and stays open"
        );
    }
    // To its own agency, and to who reads what is internal.
    assert_eq!(of_row(&db.store, Kind::Acknowledgement, 1).await, ["AUDIENCE a:Agency1 C", "AUDIENCE i:dss I"]);
}

/// A mission that moves, or is another state's, is meant by other advisories, and by nothing of what it was before.
#[rstest]
#[tokio::test]
async fn the_audience_follows_the_missions(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    rows::put_state(&mut work, 1, "DE").await;
    for (slot, to) in
        (0..).zip(["SENDING_STATE:0", "SENDING_STATE:1", "AREA:36061", "AREA:US-DC", "MISSION_TYPE:EMBASSY"])
    {
        put_advisory(&mut work, slot, &[to]).await;
    }
    work.commit().await.expect("commits");
    let meant = async || {
        let mut meant = Vec::new();
        for slot in 0..5 {
            let lines = of_row(&db.store, Kind::Advisory, slot).await;
            meant.extend(lines.contains(&"AUDIENCE m:Mission0 DCPSI".to_owned()).then_some(slot));
        }
        meant
    };
    assert_eq!(meant().await, [0, 2, 4]);
    for (state, area, expected) in [
        (Some(1), Some("36061"), &[1, 2, 4][..]),
        (Some(1), Some("11001"), &[1, 3, 4]),
        (None, None, &[4]),
        (Some(0), Some("36061"), &[0, 2, 4]),
    ] {
        let mut work = begin(&db).await;
        rows::put_mission(&mut work, 0, state, area).await;
        work.commit().await.expect("commits");
        assert_eq!(meant().await, expected, "{state:?} {area:?}");
        assert!(visibility::verify(&db.store, 3).await.expect("verifies").is_none());
    }
}
