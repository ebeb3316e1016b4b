//! What browsers are allowed, and answers in fewer bytes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod front;
mod support;

use std::io::Read as _;

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use chancery::{config::Http, store::Engine};
use front::{House, JSON, request};
use http_body_util::BodyExt as _;
use rstest::rstest;
use serde_json::json;
use tower::ServiceExt as _;

const PORTAL: &str = "https://portal.example";

async fn house(origins: &[&str]) -> House {
    let http = Http { cors_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(), ..Http::default() };
    House::allowing(Engine::Sqlite, http).await
}

/// What a browser asks before its page may.
fn preflight(origin: &str) -> Request<Body> {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    request(Method::OPTIONS, "/graphql", "", &headers)
}

fn allowed(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|value| value.to_str().expect("text"))
}

#[tokio::test]
async fn only_pages_of_named_origins_may_ask() {
    let house = house(&[PORTAL, "https://other.example:8443"]).await;
    for origin in [PORTAL, "https://other.example:8443"] {
        let answer = house.send(preflight(origin)).await;
        assert_eq!((answer.status, allowed(&answer.headers)), (StatusCode::OK, Some(origin)));
        assert!(answer.headers.get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS).is_none());
        let methods = answer.header("access-control-allow-methods");
        assert_eq!(methods, "GET,POST", "{:?}", answer.headers);
        assert!(answer.header("access-control-allow-headers").contains("authorization"));
    }
    for origin in ["https://evil.example", "http://portal.example", "https://portal.example.evil.example", "null"] {
        let answer = house.send(preflight(origin)).await;
        assert_eq!(allowed(&answer.headers), None, "{origin}");
    }
    let body = json!({ "query": "{ a }" }).to_string();
    let asked = |origin| [("content-type", JSON), ("origin", origin)];
    let answer = house.post(body.clone(), &asked(PORTAL)).await;
    assert_eq!((answer.status, allowed(&answer.headers)), (StatusCode::OK, Some(PORTAL)));
    assert!(answer.header("access-control-expose-headers").contains("x-request-id"));
    let vary: Vec<&str> =
        answer.headers.get_all(header::VARY).iter().map(|value| value.to_str().expect("text")).collect();
    assert!(vary.join(",").to_ascii_lowercase().contains("origin"), "{vary:?}");
    assert_eq!(allowed(&house.post(body, &asked("https://evil.example")).await.headers), None);
}

#[tokio::test]
async fn no_page_may_unless_it_is_named() {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.send(preflight(PORTAL)).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
}

/// What is answered to a question of so many bytes, by a client that takes these codings.
async fn answered(house: &House, path: &str, bytes: usize, takes: &str) -> (HeaderMap, Vec<u8>) {
    let body = json!({ "query": format!("{{ a }} # {}", "x".repeat(bytes)) }).to_string();
    let headers = [("authorization", "Bearer good"), ("content-type", JSON), ("accept-encoding", takes)];
    let response = house.router.clone().oneshot(request(Method::POST, path, body, &headers)).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let (parts, body) = response.into_parts();
    (parts.headers, body.collect().await.expect("a body").to_bytes().to_vec())
}

#[rstest]
#[case::none("", 3_000, None)]
#[case::small("gzip", 100, None)]
#[case::gzip("gzip", 3_000, Some("gzip"))]
#[case::brotli("br;q=1, gzip;q=0.5", 3_000, Some("br"))]
#[case::refused("gzip;q=0", 3_000, None)]
#[case::unknown("zstd, deflate", 3_000, None)]
#[tokio::test]
async fn long_answers_are_short_for_who_takes_them_so(
    #[case] takes: &str,
    #[case] bytes: usize,
    #[case] coding: Option<&str>,
) {
    let house = House::new(Engine::Sqlite).await;
    let (headers, body) = answered(&house, "/graphql", bytes, takes).await;
    let said = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().expect("text"));
    assert_eq!(said, coding, "{headers:?}");
    let (_, plain) = answered(&house, "/graphql", bytes, "").await;
    if coding.is_none() {
        assert_eq!(body, plain);
    } else {
        assert!(body.len() < plain.len() / 4, "{} of {}", body.len(), plain.len());
        let vary: Vec<_> = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok()).collect();
        assert!(vary.join(",").to_ascii_lowercase().contains("accept-encoding"), "{vary:?}");
    }
    if coding == Some("gzip") {
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(body.as_slice()).read_to_end(&mut read).expect("gzip");
        assert_eq!(read, plain);
    }
}

/// An event is told when it happens: nothing gathers events to make them short.
#[tokio::test]
async fn events_are_never_compressed() {
    let house = House::new(Engine::Sqlite).await;
    let body = json!({ "query": "subscription { a }" }).to_string();
    let headers = [("authorization", "Bearer good"), ("content-type", JSON), ("accept-encoding", "gzip, br")];
    let asked = request(Method::POST, "/graphql/stream", body, &headers);
    let response = house.router.clone().oneshot(asked).await.expect("an answer");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert!(response.headers().get(header::CONTENT_ENCODING).is_none());
}

#[tokio::test]
async fn nothing_is_compressed_where_that_is_not_wanted() {
    let house = House::allowing(Engine::Sqlite, Http { compress_bytes: 0, ..Http::default() }).await;
    let (headers, _) = answered(&house, "/graphql", 3_000, "gzip, br").await;
    assert!(headers.get(header::CONTENT_ENCODING).is_none());
}
