//! A panic ends what it happened in, says so, and nothing else ends with it.

use std::time::Duration;

use chancery::{config::Limits, store::Engine};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{
    ALONE,
    front::{GRAPHQL, House, JSON},
    wire::{Line, Server},
};

const SECRET: &str = "secret";

async fn serve() -> Server {
    let house = House::new(Engine::Sqlite).await;
    Server::of(house.router.clone(), Limits::default(), house).await
}

fn post(path: &str, query: &str) -> String {
    let body = json!({ "query": query }).to_string();
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\ncontent-type: {JSON}\r\naccept: {GRAPHQL}, text/event-stream\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn the_connection_of_a_request_that_panicked_lives() {
    let _shared = ALONE.read().await;
    let server = serve().await;
    let mut line = Line::to(server.address).await;
    for _ in 0..3 {
        line.send(&post("/graphql", "{ panic }")).await;
        let (head, body) = line.answer().await;
        assert!(head.starts_with("HTTP/1.1 500"), "{head}");
        assert!(head.contains("x-request-id: "), "{head}");
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        assert!(answer["errors"][0]["extensions"]["requestId"].is_string() && !body.contains(SECRET), "{body}");
        line.send(&post("/graphql", "{ a }")).await;
        let (head, body) = line.answer().await;
        assert!(head.starts_with("HTTP/1.1 200") && body.contains("{ a }"), "{head}{body}");
    }
}

#[tokio::test]
async fn an_operation_that_panicked_ends_with_an_error_and_its_socket_lives() {
    let _shared = ALONE.read().await;
    let server = serve().await;
    let mut request = format!("ws://{}/graphql/ws", server.address).into_client_request().expect("a request");
    for (name, value) in [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer good")] {
        request.headers_mut().insert(name, value.parse().expect("a value"));
    }
    let mut socket = connect_async(request).await.expect("a socket").0;
    let say = |message: Value| Message::Text(message.to_string().into());
    socket.send(say(json!({"type": "connection_init"}))).await.expect("sent");
    let mut heard = Vec::new();
    for (id, query) in [
        ("1", "{ panic }"),
        ("2", "subscription { panic }"),
        ("3", "subscription { late panic }"),
        ("4", "{ a }"),
        // The id of an operation that panicked is free again.
        ("1", "{ b }"),
    ] {
        let subscribe = json!({"id": id, "type": "subscribe", "payload": {"query": query}});
        socket.send(say(subscribe)).await.expect("sent");
        loop {
            let message = tokio::time::timeout(Duration::from_secs(10), socket.next()).await.expect("in time");
            let Message::Text(text) = message.expect("it lives").expect("a message") else { continue };
            assert!(!text.as_str().contains(SECRET), "{text}");
            let message: Value = serde_json::from_str(text.as_str()).expect("JSON");
            let kind = message["type"].as_str().expect("a type").to_owned();
            let code = message["payload"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
            if kind != "connection_ack" {
                heard.push(
                    format!("{} {kind} {code}", message["id"].as_str().unwrap_or_default()).trim_end().to_owned(),
                );
            }
            if ["error", "complete"].contains(&kind.as_str()) {
                break;
            }
        }
    }
    let expected = [
        "1 error INTERNAL",
        "2 error INTERNAL",
        "3 next",
        "3 error INTERNAL",
        "4 next",
        "4 complete",
        "1 next",
        "1 complete",
    ];
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn a_stream_that_panicked_ends_with_an_error() {
    let _shared = ALONE.read().await;
    let server = serve().await;
    for (query, events) in [("{ panic }", 0), ("subscription { panic }", 0), ("subscription { late panic }", 1)] {
        let mut line = Line::to(server.address).await;
        line.send(&post("/graphql/stream", query)).await;
        let (head, body) = line.answer().await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert_eq!(body.matches("event: next").count(), events + 1, "{body}");
        assert!(body.contains("\"code\":\"INTERNAL\"") && body.contains("\"requestId\":"), "{body}");
        assert!(body.trim_end().ends_with("event: complete\ndata:") && !body.contains(SECRET), "{body}");
    }
}
