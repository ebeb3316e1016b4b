//! Details: whoever is on one, and what follows from it.

use chancery::{access::Kind, desk::Work};
use entity::{assignment, protective_detail, visit};
use sea_orm::EntityTrait;

use crate::rows::{THEN, id, put};

/// A detail of a visit that is there, under person 0.
pub async fn put_detail(work: &mut Work, slot: u8, visit: u8, open: bool) {
    let visit = id(Kind::Visit, visit);
    if visit::Entity::find_by_id(&visit).one(work.rows()).await.expect("read").is_none() {
        return;
    }
    let detail = id(Kind::ProtectiveDetail, slot);
    let known = protective_detail::Entity::find_by_id(&detail).one(work.rows()).await.expect("read");
    let row = protective_detail::Model {
        id: detail.clone(),
        protectee: "VISITOR".to_owned(),
        // Whose it is never changes.
        visit_id: known.map_or(Some(visit), |known| known.visit_id),
        status: if open { "OPEN" } else { "CLOSED" }.to_owned(),
        agent_in_charge_id: id(Kind::Person, 0),
        safe_haven: None,
        opened_at: THEN.to_owned(),
        closed_at: None,
    };
    put(work, row).await;
    work.touch(Kind::ProtectiveDetail, detail);
}

/// Somebody on a detail that is there.
pub async fn put_assignment(work: &mut Work, slot: u8, detail: u8, person: u8, ends: Option<&str>) {
    let detail = id(Kind::ProtectiveDetail, detail);
    if protective_detail::Entity::find_by_id(&detail).one(work.rows()).await.expect("read").is_none() {
        return;
    }
    let known = assignment::Entity::find_by_id(id(Kind::Assignment, slot)).one(work.rows()).await.expect("read");
    let row = assignment::Model {
        id: id(Kind::Assignment, slot),
        detail_id: known.map_or(detail, |known| known.detail_id),
        person_id: id(Kind::Person, person),
        starts_at: THEN.to_owned(),
        ends_at: ends.map(str::to_owned),
        assigned_at: THEN.to_owned(),
    };
    put(work, row).await;
    work.touch(Kind::Assignment, id(Kind::Assignment, slot));
}

/// Takes one away: its detail follows from who is on it.
pub async fn drop_assignment(work: &mut Work, slot: u8) {
    let slot = id(Kind::Assignment, slot);
    let Some(row) = assignment::Entity::find_by_id(&slot).one(work.rows()).await.expect("read") else { return };
    assignment::Entity::delete_by_id(&row.id).exec(work.rows()).await.expect("deleted");
    work.touch(Kind::Assignment, row.id);
    work.touch(Kind::ProtectiveDetail, row.detail_id);
}
