//! A client of streams: server-sent events, read from the body as they come.

use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::{Request, StatusCode, header},
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::app::{App, Who};

/// How long an event may take that must come.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long nothing must come for there to be nothing.
const QUIET: Duration = Duration::from_millis(150);

/// A stream that is listened to.
pub struct Listener {
    body: BodyDataStream,
    text: String,
}

impl App {
    /// Begins to listen, as a client does.
    pub async fn listen(&self, who: &Who, query: &str, variables: Value) -> Listener {
        let token = self.token(who).await;
        self.listen_with(&token, &json!({ "query": query, "variables": variables })).await
    }

    /// Likewise, with a token at hand.
    pub async fn listen_with(&self, token: &str, body: &Value) -> Listener {
        let request = Request::post("/graphql/stream")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream")
            .header("x-request-id", "a-test")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body.to_string()))
            .expect("a request");
        let response = self.respond(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        Listener { body: response.into_body().into_data_stream(), text: String::new() }
    }
}

impl Listener {
    /// The next event as it came: its name, and its data. None at the end.
    pub async fn raw(&mut self) -> Option<(String, String)> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
                };
                if event.lines().any(|line| line.starts_with("event:")) {
                    // A name and one line of data, which must be there for a browser to tell its page of the event.
                    let names: Vec<_> = event.trim_end().lines().filter_map(|line| line.split(':').next()).collect();
                    assert_eq!(names, ["event", "data"], "{event}");
                    return Some((field("event"), field("data")));
                }
                // A comment that keeps the connection alive.
                continue;
            }
            let bytes = self.body.next().await?.expect("a chunk");
            self.text.push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }

    /// The next response; none when the stream is complete.
    pub async fn response(&mut self) -> Option<Value> {
        let raw = tokio::time::timeout(PATIENCE, self.raw()).await.expect("an event in time");
        response(raw?)
    }

    /// The next event of a stream: the one field of its data.
    pub async fn event(&mut self) -> Value {
        event(&self.response().await.expect("it goes on"))
    }

    /// The next event if it comes in time.
    pub async fn event_within(&mut self, patience: Duration) -> Option<Value> {
        let raw = tokio::time::timeout(patience, self.raw()).await.ok()?;
        Some(event(&raw.and_then(response).expect("it goes on")))
    }

    /// The next event, which must be of that sort.
    pub async fn told(&mut self, change: &str) -> Value {
        let event = self.event().await;
        assert_eq!(event["change"], change, "{event}");
        event
    }

    /// That nothing more comes.
    pub async fn silence(&mut self) {
        if let Ok(event) = tokio::time::timeout(QUIET, self.raw()).await {
            panic!("{event:?}");
        }
    }

    /// The code of the error with which it ends.
    pub async fn end(&mut self) -> String {
        let response = self.response().await.expect("a last response");
        let code = response["errors"][0]["extensions"]["code"].as_str().expect("a code").to_owned();
        assert!(self.response().await.is_none(), "complete");
        assert!(self.raw().await.is_none(), "and closed");
        code
    }

    /// What comes until nothing more does.
    pub async fn drain(&mut self, quiet: Duration) -> Vec<Value> {
        let mut events = Vec::new();
        while let Ok(Some((_, data))) = tokio::time::timeout(quiet, self.raw()).await {
            let response: Value = serde_json::from_str(&data).unwrap_or_default();
            // An error, or that it is complete, is told as it is.
            let event = response["data"].as_object().and_then(|data| data.values().next());
            events.push(event.unwrap_or(&response).clone());
        }
        events
    }
}

fn response((name, data): (String, String)) -> Option<Value> {
    if name == "next" {
        return Some(serde_json::from_str(&data).expect("a response"));
    }
    assert_eq!(name, "complete");
    None
}

fn event(response: &Value) -> Value {
    let data = response["data"].as_object().unwrap_or_else(|| panic!("no data: {response}"));
    data.values().next().expect("a field").clone()
}
