//! The stored table, read as it is.

use chancery::{access::Kind, desk::visibility::Line, store::Store};
use entity::visibility;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Every line, sorted.
pub async fn lines(store: &Store) -> Vec<Line> {
    let rows = visibility::Entity::find().all(&store.orm).await.expect("the table is read");
    let mut lines: Vec<Line> = rows.into_iter().map(Line::from).collect();
    lines.sort_unstable();
    lines
}

/// The lines of a row as `GROUND key cap`, sorted.
pub async fn of_row(store: &Store, kind: Kind, slot: u8) -> Vec<String> {
    let rows = visibility::Entity::find()
        .filter(visibility::Column::RowId.eq(crate::rows::id(kind, slot)))
        .all(&store.orm)
        .await
        .expect("the table is read");
    let mut lines: Vec<String> = rows.iter().map(readable).collect();
    lines.sort_unstable();
    lines
}

fn readable(row: &visibility::Model) -> String {
    use chancery::access::{Ground, Tiers};
    let ground = Ground::ALL.into_iter().find(|ground| ground.code() == row.ground).expect("a ground").name();
    let cap = Tiers::from_bits(u8::try_from(row.cap).expect("tiers"));
    let mut key = row.key.clone();
    for kind in Kind::ALL {
        for slot in 0..8 {
            key = key.replace(&crate::rows::id(kind, slot), &format!("{}{slot}", kind.name()));
        }
    }
    format!("{ground} {key} {cap}")
}

/// Empties every table that the tests write.
pub async fn wipe(store: &Store) {
    for table in [
        "visibility",
        "search",
        "mission_change",
        "acknowledgement",
        "advisory",
        "evidence",
        "share",
        "referral",
        "entry_audience",
        "entry",
        "concern",
        "advance_note",
        "shift",
        "assignment",
        "detail_agency",
        "protective_detail",
        "visit_conflict",
        "weapons_notice",
        "port_courtesy",
        "delegate",
        "leg",
        "venue",
        "visit",
        "liaison_mission",
        "liaison",
        "security_contact",
        "premises",
        "mission",
        "incident_entry",
        "incident",
        "advice",
        "finding",
        "programme_review",
        "post_programme",
        "tour",
        "person",
        "post",
        "agency",
        "sending_state",
    ] {
        store.orm.execute_unprepared(&format!("delete from {table}")).await.expect("the table is emptied");
    }
}
