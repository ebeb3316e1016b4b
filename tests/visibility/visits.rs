//! Visits: whose they are, and where their legs go.

use chancery::{access::Kind, desk::Work, store::Engine};
use entity::{delegate, leg, visit};
use rstest::rstest;
use sea_orm::EntityTrait;

use crate::{
    rows::{THEN, id, put},
    table::of_row,
    world::{begin, world},
};

/// A visit of a mission, with somebody who comes along.
pub async fn put_visit(work: &mut Work, slot: u8, mission: u8, accepted: bool) {
    let visit = id(Kind::Visit, slot);
    // Whose it is never changes.
    let known = visit::Entity::find_by_id(&visit).one(work.rows()).await.expect("read");
    let row = visit::Model {
        id: visit.clone(),
        reference: format!("V-2026-{slot}"),
        mission_id: known.map_or_else(|| id(Kind::Mission, mission), |known| known.mission_id),
        sending_state_id: None,
        principal: "A Minister".to_owned(),
        rank: "OTHER".to_owned(),
        city: "A city".to_owned(),
        arrives_on: "2026-12-01".to_owned(),
        departs_on: "2026-12-02".to_owned(),
        status: "ANNOUNCED".to_owned(),
        reason: None,
        threat_assessment: None,
        announced_by_id: None,
        announced_at: THEN.to_owned(),
        accepted_at: accepted.then(|| THEN.to_owned()),
    };
    put(work, row).await;
    work.touch(Kind::Visit, visit.clone());
    let row = delegate::Model {
        id: id(Kind::Delegate, slot),
        visit_id: visit,
        name: "A Delegate".to_owned(),
        capacity: None,
        added_at: THEN.to_owned(),
    };
    put(work, row).await;
    work.touch(Kind::Delegate, id(Kind::Delegate, slot));
}

/// A leg of a visit that is there.
pub async fn put_leg(work: &mut Work, slot: u8, visit: u8, area: Option<&str>) {
    let visit = id(Kind::Visit, visit);
    if visit::Entity::find_by_id(&visit).one(work.rows()).await.expect("read").is_none() {
        return;
    }
    let known = leg::Entity::find_by_id(id(Kind::Leg, slot)).one(work.rows()).await.expect("read");
    let row = leg::Model {
        id: id(Kind::Leg, slot),
        // Nor does a leg go over to another visit.
        visit_id: known.map_or(visit, |known| known.visit_id),
        kind: "VENUE".to_owned(),
        venue_id: None,
        area: area.map(str::to_owned),
        starts_at: THEN.to_owned(),
        ends_at: THEN.to_owned(),
        note: None,
        route: None,
    };
    put(work, row).await;
    work.touch(Kind::Leg, id(Kind::Leg, slot));
}

/// Takes a leg away; its visit follows from where its legs go.
pub async fn drop_leg(work: &mut Work, slot: u8) {
    let Some(row) = leg::Entity::find_by_id(id(Kind::Leg, slot)).one(work.rows()).await.expect("read") else { return };
    leg::Entity::delete_by_id(&row.id).exec(work.rows()).await.expect("deleted");
    work.touch(Kind::Leg, row.id);
    work.touch(Kind::Visit, row.visit_id);
}

#[rstest]
#[tokio::test]
async fn a_visit_is_open_where_its_legs_go_once_it_was_accepted(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = world(engine).await;
    let keys = async || -> String {
        let lines = of_row(&db.store, Kind::Visit, 0).await;
        lines.iter().filter(|line| line.starts_with("VENUE")).cloned().collect::<Vec<_>>().join(", ")
    };
    let mut work = begin(&db).await;
    put_visit(&mut work, 0, 0, false).await;
    put_leg(&mut work, 0, 0, Some("36061")).await;
    work.commit().await.expect("commits");
    assert_eq!(keys().await, "");
    let mut work = begin(&db).await;
    put_visit(&mut work, 0, 0, true).await;
    work.commit().await.expect("commits");
    assert_eq!(keys().await, "VENUE s:36061 DCPSI, VENUE s:NYC DCPSI, VENUE s:US DCPSI, VENUE s:US-NY DCPSI");
    let mut work = begin(&db).await;
    put_leg(&mut work, 0, 0, Some("US-NY")).await;
    work.commit().await.expect("commits");
    assert_eq!(keys().await, "VENUE s:US DCPSI, VENUE s:US-NY DCPSI");
    let mut work = begin(&db).await;
    drop_leg(&mut work, 0).await;
    work.commit().await.expect("commits");
    assert_eq!(keys().await, "");
    assert_eq!(of_row(&db.store, Kind::Leg, 0).await, [""; 0]);
}
