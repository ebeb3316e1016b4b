//! What a hostile body takes of memory, and that the server goes on. Its time is measured by `benches/hostile`: what
//! takes long on one machine does not on another.

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::store::Engine;
use http_body_util::BodyExt as _;

use crate::{
    ALONE, MEMORY,
    attacks::{self, Attack},
    support::{
        app::App,
        small_world::{self, analyst},
    },
};

/// Bytes above what there was before, at most.
const MOST: usize = 50 << 20;

/// Asks; the status, what is said, and the bytes that it took.
async fn asked(app: &App, token: &str, attack: &Attack, number: usize) -> (u16, String, usize) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(attack.body(number)))
        .expect("a request");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let response = app.respond(request).await;
    let status = response.status().as_u16();
    let told = response.into_body().collect().await.expect("a body").to_bytes();
    let bytes_taken = MEMORY.peak_usage().saturating_sub(before);
    (status, String::from_utf8_lossy(&told).into_owned(), bytes_taken)
}

#[tokio::test]
async fn no_body_takes_more_than_fifty_megabytes() {
    let _alone = ALONE.write().await;
    let app = small_world::app(Engine::Sqlite).await;
    let token = app.token(&analyst()).await;
    let mut faults = Vec::new();
    for attack in attacks::all() {
        for number in 0..3 {
            let (status, text, bytes) = asked(&app, &token, &attack, number).await;
            let (name, said): (_, String) = (attack.name, text.chars().take(300).collect());
            eprintln!("{name}: {status} {} kB {}", bytes >> 10, said.split("message").last().unwrap_or_default());
            if bytes > MOST || status >= 500 || text.contains("\"INTERNAL\"") {
                faults.push(format!("{name}: {} kB, {status}: {said}", bytes >> 10));
                break;
            }
        }
        let next = app.ask(&analyst(), "{ viewer { role } }", serde_json::Value::Null).await;
        assert_eq!(next.data()["viewer"]["role"], "ANALYST", "after {}", attack.name);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
