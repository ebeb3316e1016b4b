//! The table of tokens by HTTP: whoever is refused is told the same, whatever the reason.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use chancery::store::Engine;
use http_body_util::BodyExt as _;
use rstest::rstest;

use super::{support::app::App, table, world::World};

#[rstest]
#[tokio::test]
async fn every_refusal_is_one_answer(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let tokens: Vec<_> = table()
        .into_iter()
        .map(|case| {
            let mut draft = world.draft(0);
            (case.edit)(&mut draft);
            (case.name, draft.token(), case.refused.is_none())
        })
        .collect();
    let app = App::over(world.db).await;
    let (mut answers, mut unsaid, mut wrong) = (BTreeSet::new(), Vec::new(), Vec::new());
    // Spaces between the scheme and the token are the header's.
    for (name, token, is_accepted) in tokens.iter().filter(|(_, token, _)| !token.starts_with(' ')) {
        // Line ends and NUL cannot be said in a header.
        let Ok(line) = HeaderValue::from_bytes(format!("Bearer {token}").as_bytes()) else {
            unsaid.push(name);
            continue;
        };
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-request-id", "one")
            .header(header::AUTHORIZATION, line)
            .body(Body::from(r#"{"query":"{ __typename }"}"#))
            .unwrap();
        let (parts, body) = app.respond(request).await.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let expected = if *is_accepted { 200 } else { 401 };
        if parts.status != expected {
            wrong.push(format!("{name}: {} instead of {expected}: {body}", parts.status));
        }
        if !is_accepted {
            answers.insert(format!("{:?}\n{body}", parts.headers));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(answers.len(), 1, "{answers:#?}");
    let answer = answers.first().unwrap();
    assert!(answer.contains(r#""www-authenticate": "Bearer error=\"invalid_token\"""#), "{answer}");
    assert!(answer.contains("no valid token"), "{answer}");
    assert!(unsaid.len() < 8, "{unsaid:?}");
}
