//! What missions say of themselves: for the mission, and for the service where it reads what is protected.

use chancery::{access::Kind, desk::Work, store::Engine};
use entity::mission_change;
use rstest::rstest;

use crate::{
    rows::{self, THEN, id, put},
    table::of_row,
    world::{begin, world},
};

/// What a mission says of itself.
pub async fn put_change(work: &mut Work, slot: u8, mission: u8) {
    let row = mission_change::Model {
        id: id(Kind::MissionChange, slot),
        mission_id: id(Kind::Mission, mission),
        status: "PROPOSED".to_owned(),
        proposes: "[]".to_owned(),
        switchboard: None,
        duty_phone: None,
        email: None,
        website: None,
        switchboard_before: None,
        duty_phone_before: None,
        email_before: None,
        website_before: None,
        proposed_by_id: id(Kind::Person, 0),
        proposed_at: THEN.to_owned(),
        decided_by_id: None,
        decided_at: None,
        reason: None,
    };
    put(work, row).await;
    work.touch(Kind::MissionChange, id(Kind::MissionChange, slot));
}

#[rstest]
#[tokio::test]
async fn a_change_is_for_its_mission(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    for slot in 1..3 {
        rows::put_mission(&mut work, slot, None, None).await;
    }
    put_change(&mut work, 0, 1).await;
    work.commit().await.expect("commits");
    assert_eq!(of_row(&db.store, Kind::MissionChange, 0).await, ["AUDIENCE i:dss P", "AUDIENCE m:Mission1 P"]);
    let mut work = begin(&db).await;
    put_change(&mut work, 0, 2).await;
    work.commit().await.expect("commits");
    assert_eq!(of_row(&db.store, Kind::MissionChange, 0).await, ["AUDIENCE i:dss P", "AUDIENCE m:Mission2 P"]);
}
