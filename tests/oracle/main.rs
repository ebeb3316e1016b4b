//! The oracle: loops over a dump of all rows, written from the policy's prose, agree with the server.
//!
//! A random world is written through the desk's unit of work; random principals ask random questions by HTTP; what
//! should come back is computed from plain rows, without SQL, without `emit` and without the table. Every third list
//! asked for is walked to its end, forwards and backwards, by pages of 1, 2, 7 and the largest.
//!
//! `ORACLE_CASES` says how many worlds, `ORACLE_SEED` with which seed; a failure prints the seed and shrinks to the
//! smallest world and the fewest questions that still show it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod answer;
mod dice;
#[allow(dead_code, reason = "the matrix asks more of it")]
#[path = "../matrix/prose.rs"]
mod fields;
mod grounds;
mod policy;
mod question;
mod rows;
mod today;
mod walk;
mod world;
mod writer;

use std::sync::atomic::{AtomicUsize, Ordering};

use chancery::store::Engine;
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use rstest::rstest;

use answer::Oracle;
use question::Question;
use rows::Rows;
use support::{TestDb, app::App};
use world::Size;

/// Worlds an engine unless the environment says otherwise.
const CASES: u32 = 10;
/// Questions a world.
const QUESTIONS: usize = 60;
/// One question of so many is walked.
const WALKED: usize = 3;

#[derive(Debug, Default)]
struct Counts {
    worlds: AtomicUsize,
    questions: AtomicUsize,
    answers: AtomicUsize,
    rows: AtomicUsize,
    pages: AtomicUsize,
}

#[rstest]
fn loops_over_all_rows_agree_with_the_server(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let cases = environment("ORACLE_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(CASES);
    let seed = environment("ORACLE_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let counts = Counts::default();
    let config = Config { cases, max_shrink_iters: 120, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let worlds = (any::<u64>(), world::sizes(), vec(any::<u64>(), 1..=2 * QUESTIONS));
    let outcome = runner.run(&worlds, |(world, size, questions)| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(case(engine, world, size, &questions, &counts)).map_err(TestCaseError::fail)
    });
    if let Err(error) = outcome {
        panic!("ORACLE_SEED={seed} {engine:?}\n{error}");
    }
    let [worlds, questions, answers, rows, pages] =
        [&counts.worlds, &counts.questions, &counts.answers, &counts.rows, &counts.pages]
            .map(|count| count.load(Ordering::Relaxed));
    eprintln!(
        "{engine:?}, ORACLE_SEED={seed}: {worlds} worlds, {questions} questions, {answers} answers with {rows} rows, {pages} pages walked"
    );
    assert!(answers * 20 > questions * 19, "too many met a bound");
    assert!(rows > questions, "the answers are too empty to tell anything");
}

async fn case(engine: Engine, seed: u64, size: Size, questions: &[u64], counts: &Counts) -> Result<(), String> {
    let db = TestDb::new(engine).await;
    world::build(&db, seed, size).await;
    let app = App::apart(db).await;
    // Enrolled first: an agency's row changes by it.
    for asker in Rows::read(&app.db).await.askers() {
        app.principal(&asker.who).await;
    }
    let rows = Rows::with_trail(&app.db).await;
    let askers = rows.askers();
    counts.worlds.fetch_add(1, Ordering::Relaxed);
    for (place, number) in questions.iter().enumerate() {
        let asker = &askers[usize::try_from(number % askers.len() as u64).expect("small")];
        let oracle = Oracle::new(&rows, asker);
        let question = Question::random(&oracle, *number);
        counts.questions.fetch_add(1, Ordering::Relaxed);
        let Some(rows) = question.ask(&app, &oracle).await? else { continue };
        counts.answers.fetch_add(1, Ordering::Relaxed);
        counts.rows.fetch_add(rows, Ordering::Relaxed);
        if place % WALKED == 0 {
            let pages = walk::to_both_ends(&app, &oracle, &question).await?;
            counts.pages.fetch_add(pages, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// A new field must be known to the oracle before it is served.
#[test]
fn the_prose_names_every_field() {
    for kind in chancery::access::Kind::ALL {
        for field in chancery::model::definition(kind).fields {
            assert_ne!(
                fields::tier(kind, field.name),
                '-',
                "tests/matrix/prose.rs lacks {}.{}",
                kind.name(),
                field.name
            );
        }
    }
}

fn environment(name: &str) -> Option<u64> {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    std::env::var(name).ok()?.parse().ok()
}
