//! Questions by chance, written from a role's own schema, with values that fit and values that do not: whatever is
//! asked, the server knows what to say, and an answer has the keys that were asked for, in their order.

use chancery::{graph, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    ALONE,
    chance::begun,
    ordered::Ordered,
    question::{Schema, Selected},
    support::small_world,
};

/// Questions of each person unless the environment says otherwise.
const CASES: usize = 25;

/// That an object has the keys that were asked for, in their order, down to its leaves.
fn agrees(answer: &Ordered, asked: &[Selected]) -> Result<(), String> {
    match answer {
        Ordered::List(items) => items.iter().try_for_each(|item| agrees(item, asked)),
        Ordered::Object(members) => {
            // Where a type is open, its name was asked for first.
            let name = members.iter().find(|(key, _)| key == "__typename").and_then(|(_, value)| value.text());
            let expected: Vec<&Selected> =
                asked.iter().filter(|one| one.on.is_none() || one.on.as_deref() == name).collect();
            let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
            let right: Vec<&str> = expected.iter().map(|one| one.key.as_str()).collect();
            if keys != right {
                return Err(format!("{keys:?} instead of {right:?}"));
            }
            members.iter().zip(expected).try_for_each(|((_, value), one)| agrees(value, &one.inner))
        }
        // A leaf, or nothing.
        Ordered::Leaf(_) => Ok(()),
    }
}

#[rstest]
#[tokio::test]
async fn whatever_a_role_asks_is_answered_or_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let _shared = ALONE.read().await;
    let app = small_world::app(engine).await;
    let (mut dice, seed, cases) = begun(CASES);
    let (mut ran, mut all) = (0, 0);
    for who in small_world::everybody() {
        let schema = Schema::of(&graph::sdl(Some(who.role)).expect("a schema"));
        for number in 0..cases {
            let question = schema.question(&mut dice);
            let body = json!({ "query": question.text, "variables": question.variables });
            let reply = app.post(&who, &body).await;
            let whose = format!("HOSTILE_SEED={seed} {} {number}: {body}\n{:.2000}", who.role, reply.text);
            assert!(reply.status.as_u16() < 500 && !reply.text.contains("\"INTERNAL\""), "{whose}");
            all += 1;
            if reply.json.get("data").is_none_or(Value::is_null) {
                let known = ["BAD_USER_INPUT", "QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED"];
                assert!(known.contains(&reply.code()), "{whose}");
                continue;
            }
            ran += 1;
            let answer: Ordered = serde_json::from_str(&reply.text).expect("JSON");
            let data = answer.member("data").expect("data");
            if let Err(fault) = agrees(data, &question.selected) {
                panic!("{fault}\n{whose}");
            }
        }
    }
    eprintln!("{engine:?}: {ran} of {all} questions ran");
    assert!(ran * 4 > all, "{ran} of {all} ran: too few to tell anything");
}
