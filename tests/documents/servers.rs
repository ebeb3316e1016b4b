//! That a change of an agency's documents counts on every server of the database, for what is under way too.

use std::time::Duration;

use chancery::{
    config::Limits,
    graph::{GraphRequest, Outcome},
    store::Engine,
};
use rstest::rstest;
use serde_json::json;

use super::{
    CONCERNS, MISSIONS, STREAM, import, later, limit, run,
    support::{
        app::{App, Who},
        enrolled,
        small_world::{analyst, french, police},
    },
    trust,
};

/// Two servers of one database.
async fn pair(engine: Engine) -> [App; 2] {
    let first = enrolled(engine).await;
    let second = first.another(Limits::default()).await;
    [first, second]
}

async fn codes(apps: &[App; 2], who: &Who, body: &serde_json::Value) -> [String; 2] {
    let [first, second] = apps;
    let code = async |app: &App| {
        let reply = app.post(who, body).await;
        if reply.outcome == Outcome::Ran { "ran".to_owned() } else { reply.code().to_owned() }
    };
    [code(first).await, code(second).await]
}

#[rstest]
#[tokio::test]
async fn every_server_goes_by_the_present_documents(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let apps = pair(engine).await;
    let by_id = json!({ "documentId": "a" });
    let by_text = json!({ "query": CONCERNS });
    assert_eq!(codes(&apps, &french(), &by_id).await, ["NOT_FOUND", "NOT_FOUND"]);
    trust(&apps[0], &french(), json!({ "a": CONCERNS })).await;
    // What is there is found at once: nobody has to have heard of it.
    assert_eq!(codes(&apps, &french(), &by_id).await, ["ran", "ran"]);
    // Another text under the same id: whoever asks is not told by the text before, without anybody's clock moving.
    trust(&apps[1], &french(), json!({ "a": MISSIONS })).await;
    for app in &apps {
        assert!(app.post(&french(), &by_id).await.data()["missions"].is_object());
    }
    assert_eq!(codes(&apps, &french(), &by_text).await, ["ran", "ran"]);
    // A statement tells that standing is another: a limit counts from the next question on, without a clock.
    run(&apps[0], &format!("documents limit --agency={}", french().agency)).await.expect("limited");
    assert_eq!(codes(&apps, &french(), &by_text).await, ["FORBIDDEN", "FORBIDDEN"]);
    assert_eq!(codes(&apps, &french(), &by_id).await, ["ran", "ran"]);
    assert_eq!(codes(&apps, &police(), &by_text).await, ["ran", "ran"]);
    import(&apps[0], &french(), &json!({}), " --replace").await.expect("removed");
    // Its text may be remembered, but not under this standing.
    assert_eq!(codes(&apps, &french(), &by_id).await, ["NOT_FOUND", "NOT_FOUND"]);
    assert_eq!(codes(&apps, &french(), &json!({ "query": MISSIONS })).await, ["FORBIDDEN", "FORBIDDEN"]);
    run(&apps[1], &format!("documents free --agency={}", french().agency)).await.expect("freed");
    later(&apps[0]);
    assert_eq!(codes(&apps, &french(), &by_text).await, ["ran", "ran"]);
}

/// What was asked before and is answered after is thrown away.
#[rstest]
#[tokio::test]
async fn an_answer_to_whoever_was_not_yet_limited_is_thrown_away(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = enrolled(engine).await;
    let old = app.principal(&french()).await;
    let request = GraphRequest { query: CONCERNS.to_owned(), ..GraphRequest::default() };
    assert_eq!(app.gateway().execute(&old, &request).await.outcome, Outcome::Ran);
    run(&app, &format!("documents limit --agency={}", french().agency)).await.expect("limited");
    let answer = app.gateway().execute(&old, &request).await;
    assert!(matches!(answer.outcome, Outcome::Stale(_)), "{answer:?}");
    assert!(answer.body.is_empty());
}

/// On both servers somebody listens: whose document is none any more is told so and no more, the others go on.
#[rstest]
#[tokio::test]
async fn streams_end_with_their_document(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let apps = pair(engine).await;
    let other = "subscription Other { concernChanged { change } }";
    trust(&apps[0], &french(), json!({ "stream": STREAM })).await;
    later(&apps[0]);
    let mut kept = Vec::new();
    let mut ended = Vec::new();
    for app in &apps {
        let token = app.token(&french()).await;
        for body in [json!({ "documentId": "stream" }), json!({ "query": STREAM })] {
            kept.push(app.listen_with(&token, &body).await);
        }
        ended.push(app.listen_with(&token, &json!({ "query": other })).await);
    }
    let mut of_others = apps[1].listen(&analyst(), other, json!({})).await;
    for listener in kept.iter_mut().chain(&mut ended).chain([&mut of_others]) {
        listener.told("RESYNC").await;
    }
    limit(&apps[0], &french()).await;
    for listener in &mut ended {
        assert_eq!(listener.end().await, "FORBIDDEN");
    }
    for listener in kept.iter_mut().chain([&mut of_others]) {
        assert_eq!(listener.event_within(Duration::from_millis(1_500)).await, None, "it goes on, and nothing happened");
    }
    // The id stands for another text: what was begun by the text before is not a document any more.
    trust(&apps[1], &french(), json!({ "stream": other })).await;
    later(&apps[0]);
    for listener in &mut kept {
        assert_eq!(listener.end().await, "FORBIDDEN");
    }
    of_others.silence().await;
}

/// While many ask, the agency is limited and freed: in between, whoever asks after the command is done is refused.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_slips_through_while_many_ask(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let apps = pair(engine).await;
    trust(&apps[0], &french(), json!({ "a": MISSIONS })).await;
    let (free, by_text) = (format!("documents free --agency={}", french().agency), json!({ "query": CONCERNS }));
    let french = french();
    for round in 0..4 {
        limit(&apps[round % 2], &french).await;
        let asked = (0..12).map(|number| apps[number % 2].post(&french, &by_text));
        for reply in futures_util::future::join_all(asked).await {
            assert_eq!(reply.code(), "FORBIDDEN", "{}", reply.text);
        }
        assert_eq!(codes(&apps, &french, &json!({ "documentId": "a" })).await, ["ran", "ran"]);
        run(&apps[round % 2], &free).await.expect("freed");
        later(&apps[0]);
        assert_eq!(codes(&apps, &french, &by_text).await, ["ran", "ran"]);
    }
}
