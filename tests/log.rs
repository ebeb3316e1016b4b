//! The log line: enough to find a request again, nothing of what was asked or answered.

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

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::Method;
use chancery::store::Engine;
use front::{House, JSON, request};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the paper").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Paper {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Paper {
    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().expect("the paper").clone()).expect("UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON object")).collect()
    }
}

#[tokio::test]
async fn a_request_leaves_one_line_without_a_secret() {
    let house = House::new(Engine::Sqlite).await;
    let paper = Paper::default();
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(paper.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let trace = "0af7651916cd43dd8448eb211c80319c";
    let body =
        json!({"query": "query Watch { hunter2 }", "operationName": "Watch", "variables": {"n": "+12025550100"}});
    let traceparent = format!("00-{trace}-b7ad6b7169203331-01");
    let headers = [("content-type", JSON), ("x-request-id", "r-1"), ("traceparent", traceparent.as_str())];
    house.post(body.to_string(), &headers).await;
    let sly = json!({"query": "{ a }", "operationName": "a narrative in a name"});
    house.post(sly.to_string(), &headers).await;
    house
        .send(request(Method::GET, "/schema.graphql?access_token=eyJhbGciOi", "", &[("authorization", "Bearer x")]))
        .await;
    house.get("/nothing/called/hunter2", &[]).await;
    house.ask("{ panic }", JSON).await;

    let lines: Vec<Value> = paper.lines().into_iter().filter(|line| line["message"] == "request").collect();
    assert_eq!(lines.len(), 5, "{lines:#?}");
    let line = &lines[0];
    for (field, value) in [
        ("method", json!("POST")),
        ("path", json!("/graphql")),
        ("status", json!(200)),
        ("request_id", json!("r-1")),
        ("trace_id", json!(trace)),
        ("role", json!("ANALYST")),
        ("agency", json!("01K0DSS")),
        ("operation", json!("Watch")),
    ] {
        assert_eq!(line[field], value, "{field} in {line}");
    }
    assert!(line["duration_us"].is_u64());
    assert!(lines[1].get("operation").is_none(), "{}", lines[1]);
    assert_eq!(lines[2]["refusal"], "a token in the query string");
    assert_eq!((&lines[3]["path"], &lines[3]["status"]), (&json!("-"), &json!(404)));
    assert_eq!((&lines[4]["path"], &lines[4]["status"]), (&json!("/graphql"), &json!(500)));

    let all = paper.lines().iter().map(Value::to_string).collect::<String>();
    for secret in ["hunter2", "+1202", "eyJhbGciOi", "Bearer", "good", "narrative"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}
