//! A file that is not what it should be is refused whole: named, with its line, and nothing changed.

use std::io::Read;

use chancery::import::Content;
use entity::{agency, mission, sending_state};
use rstest::rstest;
use sea_orm::{EntityTrait, PaginatorTrait as _};

use super::*;

async fn refused(db: &TestDb, content: Content, bytes: impl AsRef<[u8]>, expected: &str) {
    let error = import(db, content, bytes).await.expect_err(expected);
    assert!(error.message.starts_with("FILE, line "), "{error}");
    assert!(error.message.contains(expected), "{error}\nexpected {expected}");
    assert_eq!(error.code.name(), "BAD_USER_INPUT");
    let at = &db.store.orm;
    let rows = [
        mission::Entity::find().count(at).await.expect("a query"),
        agency::Entity::find().count(at).await.expect("a query"),
        sending_state::Entity::find().count(at).await.expect("a query"),
    ];
    assert_eq!(rows, [0, 0, 0], "{expected}");
    let left: Vec<_> = fs::read_dir(db.directory()).expect("a directory").filter_map(Result::ok).collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().contains("rejects")), "{expected}");
}

#[rstest]
#[tokio::test]
async fn the_wrong_kind_of_file_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let agencies = fixture("agencies.csv");
    refused(&db, Content::Missions, &agencies, "line 1: this is not a list of foreign missions: a column `operator`")
        .await;
    refused(&db, Content::Agencies, fixture("missions.csv"), "this is not a list of law-enforcement agencies").await;
    refused(&db, Content::Countries, &agencies, "this is not a list of ISO 3166-1 country codes").await;
    refused(&db, Content::Counties, &agencies, "this is neither a Gazetteer of counties").await;
    refused(&db, Content::Counties, "a|b|c|d\n", "this is neither a Gazetteer of counties").await;
    refused(&db, Content::Counties, "a|b|c|d|e|f|g|h|i|j\n", "this is neither a Gazetteer of counties").await;
    for content in [Content::Countries, Content::Counties, Content::Agencies, Content::Missions] {
        refused(&db, content, "", "the file is empty").await;
        refused(&db, content, "\n\n", "the file is empty").await;
    }
}

#[rstest]
#[tokio::test]
async fn a_header_that_names_a_column_twice_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let twice = fixture("agencies.csv").replacen(",months_reported,", ", agency_type_name ,", 1);
    refused(&db, Content::Agencies, twice, "line 1: the column `agency_type_name` is there twice").await;
    let twice = fixture("agencies.csv").replacen(",months_reported,", ",secret,", 1);
    let twice = twice.replacen(",past_10_years_reported,", ",secret,", 1);
    let error = import(&db, Content::Agencies, twice).await.expect_err("refused");
    assert!(error.message.contains("line 1: the columns 7 and 9 have one name"), "{error}");
    assert!(!error.message.contains("secret"), "{error}");
}

#[rstest]
#[tokio::test]
async fn a_cut_off_file_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let whole = fixture("missions.csv");
    refused(&db, Content::Missions, whole.trim_end(), "line 13: the file is cut off: a newline").await;
    let header = whole.lines().next().expect("a header");
    let line = whole.lines().nth(1).expect("a line");
    refused(
        &db,
        Content::Missions,
        format!("{header}\n{line}\nAlbania;http\n"),
        "line 3: the file is cut off: 26 columns",
    )
    .await;
    let ragged = format!("{header}\nAlbania;http\n{line}\n");
    let summary = taken(&db, Content::Missions, ragged).await;
    assert_eq!(counts(&summary), [1, 0, 0, 1], "a short line in the middle is dirt");
}

#[rstest]
#[tokio::test]
async fn the_wrong_encoding_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let whole = fixture("missions.csv");
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(whole.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    refused(&db, Content::Missions, utf16, "line 1: the file is in UTF-16").await;
    let latin1: Vec<u8> =
        whole.replace("Kosovo", "Kos\u{f4}vo").chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    refused(&db, Content::Missions, latin1, "line 7: the bytes are not UTF-8").await;
    refused(&db, Content::Missions, whole.replace("Kosovo", "Kos\0vo"), "line 7: there is a NUL byte").await;
    let marked = format!("\u{feff}{whole}");
    assert_eq!(taken(&db, Content::Missions, marked).await.created, 7, "a mark of UTF-8 is harmless");
}

/// A header, then one line without an end. Counts what was read of it.
struct Endless {
    header: Cursor<String>,
    given: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.header.read(into)?;
        if count > 0 {
            return Ok(count);
        }
        into.fill(b'x');
        self.given.fetch_add(into.len(), std::sync::atomic::Ordering::Relaxed);
        Ok(into.len())
    }
}

#[rstest]
#[tokio::test]
async fn a_line_without_an_end_is_refused_after_a_mebibyte(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let header = format!("{}\n", fixture("missions.csv").lines().next().expect("a header"));
    let given = std::sync::Arc::default();
    let source = Endless { header: Cursor::new(header), given: std::sync::Arc::clone(&given) };
    let outcome =
        import::stream(Content::Missions, "FILE", Box::new(source), &options(&db), &db.store, &db.clock).await;
    let error = outcome.expect_err("refused");
    assert!(error.message.contains("line 2: the line is too long"), "{error}");
    assert!(given.load(std::sync::atomic::Ordering::Relaxed) < 2 * LONGEST_LINE, "the rest is not read");
}

#[rstest]
#[tokio::test]
async fn a_quote_that_is_never_closed_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let open = fixture("agencies.csv").replacen("Harris  County", "\"Harris  County", 1);
    refused(&db, Content::Agencies, &open, "line 2: a quoted value goes on in the next line").await;
    let endless = format!(
        "{}{}",
        open.replace("\"Baltimore, City of\"", "Baltimore"),
        "TX,TX1010001,A,City,,,,,,Harris\r\n".repeat(100)
    );
    let short = Options { longest_line: 1024, ..options(&db) };
    let source = Box::new(Cursor::new(endless));
    let outcome = import::stream(Content::Agencies, "FILE", source, &short, &db.store, &db.clock).await;
    let error = outcome.expect_err("refused");
    assert!(error.message.contains("a record does not end"), "{error}");
    assert_eq!(agency::Entity::find().count(&db.store.orm).await.expect("a query"), 0);
}
