//! A small world to begin from.

use chancery::{access::Kind, desk::Work, store::Engine};

use crate::{
    rows::{self, id},
    support::TestDb,
    table::of_row,
};

/// Begins a work.
pub async fn begin(db: &TestDb) -> Work {
    Work::begin(&db.store, &db.clock).await.expect("begins")
}

/// Mission 0 of state 0 (FR) in New York with a chancery, a residence and a contact; concern 0 about it, raised by
/// it and reported by person 0; agencies 0 to 2, persons 0 to 2.
pub async fn world(engine: Engine) -> TestDb {
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
pub async fn marked(db: &TestDb, tlp: &str, cui: Option<&str>) -> Vec<String> {
    let mut work = begin(db).await;
    let mut concern = rows::stored_concern(&work, &id(Kind::Concern, 0)).await.expect("the concern");
    concern.tlp = tlp.to_owned();
    concern.cui = cui.map(str::to_owned);
    rows::put_concern(&mut work, concern).await;
    work.commit().await.expect("commits");
    of_row(&db.store, Kind::Concern, 0).await
}
