//! Two worlds: databases that differ only in rows and values hidden from a principal give it the same bytes.
//!
//! For each principal a second world is made of the first: of the rows that it does not see some are deleted, some
//! changed, some doubled, and of the rows that it sees every value that it does not read is another. Then a transcript
//! of some hundred requests (pages, counts, cursors, points, filters that name what is hidden, statistics, distances,
//! exports, refusals, random questions) is sent to both, and status, headers and body are compared byte by byte.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod difference;
mod tables;
mod transcript;

use chancery::store::Engine;
use rstest::rstest;

use difference::Difference;
use support::{TestDb, app::App, papers, small_world::everybody};
use transcript::Transcript;

/// Requests a principal, at least.
const ENOUGH: usize = 60;

#[rstest]
#[tokio::test]
async fn what_is_hidden_changes_no_byte(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (mut requests, mut rows, mut values) = (0, 0, 0);
    for who in everybody() {
        let one = papers::app_with_trail(engine).await;
        let difference = Difference::of(&one, &who).await;
        assert!(difference.rows > 0, "{:?}: nothing is hidden", who.role);
        let db = TestDb::new(engine).await;
        papers::fill_with_trail(&db).await;
        difference.make(&db).await;
        let other = App::apart(db).await;
        let (seen, still) = (difference::visible(&one, &who).await, difference::visible(&other, &who).await);
        for id in seen.keys().chain(still.keys()) {
            let (one, other) = (seen.get(id), still.get(id));
            assert_eq!(one, other, "{:?}, {id}: the difference is not a hidden one, or hiding is wrong", who.role);
        }
        let transcript = Transcript::of(&who, &difference);
        let asked = transcript.compare(&one, &other).await;
        assert!(asked >= ENOUGH, "{:?}: {asked} requests", who.role);
        requests += asked;
        rows += difference.rows;
        values += difference.values;
    }
    eprintln!(
        "{engine:?}: {} principals, {requests} requests to each of two worlds that differ in {rows} hidden rows and {values} hidden values",
        everybody().len()
    );
}

/// The second wall takes nothing away: behind it the same bytes, by as many statements.
#[tokio::test]
async fn the_wall_changes_no_byte() {
    let one = papers::app_with_trail(Engine::Postgres).await;
    let db = TestDb::new(Engine::Postgres).await;
    papers::fill_with_trail(&db).await;
    let walled = App::walled_apart(db).await;
    let mut requests = 0;
    for who in everybody() {
        let difference = Difference::of(&one, &who).await;
        requests += Transcript::of(&who, &difference).compare(&one, &walled).await;
    }
    assert!(requests >= ENOUGH * everybody().len(), "{requests} requests");
    eprintln!("{} principals, {requests} requests, each with the wall and without", everybody().len());
}
