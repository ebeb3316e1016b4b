//! Sockets that lie, dawdle or never end, while somebody else is answered all the time.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use chancery::{config::Limits, store::Engine};
use futures_util::stream;
use http_body_util::BodyExt as _;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    ALONE,
    support::{
        app::App,
        small_world::{self, analyst},
    },
    wire::{Line, Server},
};

/// An application with sockets, which lets nobody dawdle for more than a second.
async fn serve() -> (App, Server, String) {
    let limits = Limits { request_seconds: 1, ..Limits::default() };
    let app = small_world::app(Engine::Sqlite).await.another(limits.clone()).await;
    let token = app.token(&analyst()).await;
    let server = Server::of(app.router(), limits, ()).await;
    (app, server, token)
}

fn head(token: &str) -> String {
    format!("POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n")
}

fn request(token: &str, query: &str) -> String {
    let body = json!({ "query": query }).to_string();
    format!("{}content-length: {}\r\n\r\n{body}", head(token), body.len())
}

/// That an honest client is answered.
async fn is_answered(line: &mut Line, token: &str) {
    line.send(&request(token, "{ viewer { role } }")).await;
    let (head, body) = line.answer().await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}{body}");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(body["data"]["viewer"]["role"], "ANALYST");
}

#[rstest]
#[case::longer_than_said("content-length: 5\r\n\r\n{\"query\":\"{viewer{role}}\"}", &[400, 413])]
#[case::said_too_long("content-length: 262145\r\n\r\n{}", &[413])]
#[case::said_huge("content-length: 18446744073709551615\r\n\r\n{}", &[400, 413, 431])]
#[case::said_beyond_all("content-length: 99999999999999999999999999\r\n\r\n{}", &[400])]
#[case::negative("content-length: -1\r\n\r\n{}", &[400])]
#[case::signed("content-length: +2\r\n\r\n{}", &[400])]
#[case::two_lengths("content-length: 2\r\ncontent-length: 3\r\n\r\n{}", &[400])]
#[case::two_framings("content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", &[400])]
#[case::no_chunk("transfer-encoding: chunked\r\n\r\nxyz\r\n", &[400])]
#[case::a_chunk_beyond_all("transfer-encoding: chunked\r\n\r\nfffffffffffffffffff\r\n", &[400])]
#[case::another_coding("transfer-encoding: gzip\r\n\r\n{}", &[400, 501])]
#[case::never_sent("content-length: 100\r\n\r\n{\"query\":", &[408])]
#[case::half_a_chunk("transfer-encoding: chunked\r\n\r\n64\r\n{\"query\":", &[408])]
#[tokio::test]
async fn a_request_that_lies_is_refused(#[case] rest: &str, #[case] statuses: &[u16]) {
    let _shared = ALONE.read().await;
    let (_app, server, token) = serve().await;
    let mut line = Line::to(server.address).await;
    line.send(&format!("{}{rest}", head(&token))).await;
    let (head, body) = line.answer().await;
    let status = head.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
    assert!(status.is_some_and(|status| statuses.contains(&status)), "{head}{body}");
    is_answered(&mut Line::to(server.address).await, &token).await;
}

#[rstest]
#[case::many_headers("a: b\r\n".repeat(50_000))]
#[case::a_huge_header(format!("a: {}\r\n", "b".repeat(10 << 20)))]
#[case::a_huge_name(format!("{}: b\r\n", "a".repeat(10 << 20)))]
#[case::a_huge_path(String::new())]
#[tokio::test]
async fn a_head_without_end_is_refused(#[case] headers: String) {
    let _shared = ALONE.read().await;
    let (_app, server, token) = serve().await;
    let path = if headers.is_empty() { "a".repeat(10 << 20) } else { String::new() };
    let mut line = Line::to(server.address).await;
    let (mut read, mut write) = line.socket.split();
    // Whoever refuses does not read all of it.
    let text = format!("GET /{path} HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
    let mut answer = vec![0; 1 << 12];
    let (_, read) = tokio::join!(
        tokio::io::AsyncWriteExt::write_all(&mut write, text.as_bytes()),
        tokio::io::AsyncReadExt::read(&mut read, &mut answer),
    );
    let answer = String::from_utf8_lossy(&answer[..read.unwrap_or_default()]).into_owned();
    assert!(!answer.contains(" 200 ") && !answer.contains(" 500 "), "{answer}");
    is_answered(&mut Line::to(server.address).await, &token).await;
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_its_bound() {
    let _shared = ALONE.read().await;
    let (_app, server, token) = serve().await;
    let mut line = Line::to(server.address).await;
    line.send(&format!("{}transfer-encoding: chunked\r\n\r\n", head(&token))).await;
    let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
    for _ in 0..64 {
        line.send(&chunk).await;
    }
    let (head, body) = line.answer().await;
    assert!(head.starts_with("HTTP/1.1 413"), "{head}{body}");
    is_answered(&mut Line::to(server.address).await, &token).await;
}

/// What is compressed is not looked into: a bomb is as dear as a word.
#[rstest]
#[tokio::test]
async fn a_compressed_body_is_refused_unread(
    #[values("gzip", "br", "deflate", "zstd", "identity, gzip", "GZIP")] coding: &str,
) {
    let _shared = ALONE.read().await;
    let app = small_world::app(Engine::Sqlite).await;
    let token = app.token(&analyst()).await;
    let unread =
        stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> { panic!("the body was read") });
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_ENCODING, coding)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from_stream(unread))
        .expect("a request");
    let response = app.respond(request).await;
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("content-encoding"));
}

/// Slow heads, slow bodies and slow readers, two hundred of them: all are let go, and nobody else waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_slow_sockets_hinder_nobody() {
    let _shared = ALONE.read().await;
    let (_app, server, token) = serve().await;
    let large = request(&token, "{ __schema { types { name description fields { name description } } } }");
    let mut slow = Vec::new();
    for number in 0..200 {
        let mut line = Line::to(server.address).await;
        let (token, large) = (token.clone(), large.clone());
        slow.push(tokio::spawn(async move {
            match number % 6 {
                0..=2 => {
                    for letter in "GET /graphql HTTP/1.1\r\nhost: x\r\nx-y".chars() {
                        line.send(letter.to_string()).await;
                        sleep(Duration::from_millis(100)).await;
                    }
                }
                3 | 4 => {
                    line.send(&format!("{}content-length: 100\r\n\r\n", head(&token))).await;
                    for _ in 0..30 {
                        line.send("{").await;
                        sleep(Duration::from_millis(100)).await;
                    }
                }
                _ => {
                    // Asks again and again, and reads nothing until the other side has had enough.
                    let asks = async {
                        for _ in 0..200 {
                            line.send(&large).await;
                        }
                    };
                    let _ = tokio::time::timeout(Duration::from_secs(3), asks).await;
                }
            }
            line.closed().await;
        }));
    }
    let mut honest = Line::to(server.address).await;
    for number in 0..30 {
        is_answered(&mut honest, &token).await;
        if number % 10 == 0 {
            is_answered(&mut Line::to(server.address).await, &token).await;
        }
        sleep(Duration::from_millis(100)).await;
    }
    for line in slow {
        line.await.expect("it was let go");
    }
    is_answered(&mut Line::to(server.address).await, &token).await;
}
