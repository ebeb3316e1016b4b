//! Real files: dirt is met, people's work is kept, a file is taken as a whole or not at all.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot go on fails; clippy sees only functions marked as tests"
)]

mod support;

#[path = "import/broken_files.rs"]
mod broken_files;
#[path = "import/first_import.rs"]
mod first_import;
#[path = "import/grounds.rs"]
mod grounds;
#[path = "import/later_imports.rs"]
mod later_imports;
#[path = "import/newer_files.rs"]
mod newer_files;
#[path = "import/posts.rs"]
mod posts;
#[path = "import/rejects.rs"]
mod rejects_list;

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use chancery::{
    desk::{search, visibility},
    error::Error,
    import::{self, Content, LONGEST_LINE, Options, Summary},
    store::Engine,
};
use entity::{agency, agency_area, mission, post, sending_state};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use support::TestDb;

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/fixtures").join(name);
    fs::read_to_string(path).expect("a fixture")
}

fn rejects(db: &TestDb) -> PathBuf {
    db.directory().join("rejects.csv")
}

fn options(db: &TestDb) -> Options {
    Options { dry_run: false, rejects: rejects(db), change_grounds: false, longest_line: LONGEST_LINE }
}

async fn import(db: &TestDb, content: Content, bytes: impl AsRef<[u8]>) -> Result<Summary, Error> {
    let source = Box::new(Cursor::new(bytes.as_ref().to_vec()));
    import::stream(content, "FILE", source, &options(db), &db.store, &db.clock).await
}

async fn taken(db: &TestDb, content: Content, bytes: impl AsRef<[u8]>) -> Summary {
    let summary = import(db, content, bytes).await.expect("the file is taken");
    let words = search::verify(&db.store, 3).await.expect("verifies");
    assert!(words.is_none(), "what was imported is found by its words: {words:?}");
    let lines = visibility::verify(&db.store, 3).await.expect("verifies");
    assert!(lines.is_none(), "who sees what follows: {lines:?}");
    summary
}

/// A database with every fixture imported.
async fn filled(engine: Engine) -> TestDb {
    let db = TestDb::new(engine).await;
    for (content, name) in [
        (Content::Countries, "countries.csv"),
        (Content::Counties, "counties.txt"),
        (Content::Agencies, "agencies.csv"),
        (Content::Missions, "missions.csv"),
        (Content::Posts, "posts.csv"),
    ] {
        taken(&db, content, fixture(name)).await;
    }
    db
}

/// created, updated, unchanged, rejected
fn counts(summary: &Summary) -> [u64; 4] {
    [summary.created, summary.updated, summary.unchanged, summary.rejected]
}

async fn mission(db: &TestDb, qid: &str) -> Option<mission::Model> {
    let found = mission::Entity::find().filter(mission::Column::WikidataId.eq(qid));
    found.one(&db.store.orm).await.expect("a query")
}

async fn post(db: &TestDb, qid: &str) -> post::Model {
    let found = post::Entity::find().filter(post::Column::WikidataId.eq(qid)).one(&db.store.orm);
    found.await.expect("a query").expect("a post")
}

async fn agency(db: &TestDb, ori: &str) -> agency::Model {
    let found = agency::Entity::find().filter(agency::Column::Ori.eq(ori)).one(&db.store.orm);
    found.await.expect("a query").expect("an agency")
}

async fn state(db: &TestDb, name: &str) -> sending_state::Model {
    let found = sending_state::Entity::find().filter(sending_state::Column::Name.eq(name)).one(&db.store.orm);
    found.await.expect("a query").expect("a sending state")
}

async fn areas(db: &TestDb, ori: &str) -> Vec<agency_area::Model> {
    let of_agency = agency_area::Column::AgencyId.eq(agency(db, ori).await.id);
    let found = agency_area::Entity::find().filter(of_agency).order_by_asc(agency_area::Column::Area);
    found.all(&db.store.orm).await.expect("a query")
}

async fn area_names(db: &TestDb, ori: &str) -> Vec<String> {
    areas(db, ori).await.into_iter().map(|row| row.area).collect()
}
