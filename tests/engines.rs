//! The two engines as each other's oracle: random questions of every role get the same answer from both.
//!
//! `QUESTIONS` says how many are asked of each role, `SEED` with which seed; a failure prints the seed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use chancery::{access::Role, graph::Outcome, model::view::View, store::Engine};
use serde_json::{Map, Value, json};

use support::{papers, small_world::everybody, writer::Writer};

/// Questions asked of each role unless the environment says otherwise.
const QUESTIONS: u64 = 40;

#[tokio::test]
async fn both_engines_answer_random_questions_alike() {
    let questions = environment("QUESTIONS").unwrap_or(QUESTIONS);
    let seed = environment("SEED").unwrap_or_else(rand_seed);
    let left = papers::app_with_trail(Engine::Sqlite).await;
    let right = papers::app_with_trail(Engine::Postgres).await;
    let mut ran = 0;
    for (index, who) in everybody().into_iter().enumerate() {
        let view = View::of(who.role);
        for question in 0..questions {
            let number = seed.wrapping_add(question).wrapping_mul(31).wrapping_add(index as u64);
            let mut writer = Writer::new(&view, number);
            let (query, variables) = writer.question();
            let first = left.ask(&who, &query, variables.clone()).await;
            let second = right.ask(&who, &query, variables.clone()).await;
            let shown = format!("SEED={seed} question {question} of {}\n{query}\n{variables}", who.role);
            assert_eq!(first.outcome, second.outcome, "{shown}\n{}\n{}", first.text, second.text);
            if matches!(first.outcome, Outcome::Refused(_)) {
                // A bound may be met; nothing else may be wrong with what follows the schema.
                assert_eq!(first.code(), "QUERY_TOO_COMPLEX", "{shown}\n{}", first.text);
                assert_eq!(first.code(), second.code(), "{shown}\n{}", second.text);
                continue;
            }
            ran += 1;
            let (first, second) = (by_value(first.data()), by_value(second.data()));
            assert!(first == second, "{shown}\n{first:#}\n{second:#}");
        }
    }
    assert!(ran * 2 > questions * everybody().len() as u64, "most questions are within the bounds: {ran}");
}

fn environment(name: &str) -> Option<u64> {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    std::env::var(name).ok()?.parse().ok()
}

fn rand_seed() -> u64 {
    u64::from(std::process::id())
}

/// Numbers as doubles: `40` and `40.0` are one value.
fn by_value(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(by_value).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), by_value(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[test]
fn every_role_that_sees_something_can_be_asked() {
    for role in Role::ALL {
        assert!(!View::of(role).roots.is_empty(), "{role}");
    }
}
