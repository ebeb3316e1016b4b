//! A door before a graph that answers from memory, and a client that reads its answers.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use chancery::{
    access::Role,
    config::{Http, Limits},
    edge::{
        self, Caller, Door, Gate, Graph, GraphRequest, GraphResponse, Latest, Outcome, Readiness, Refusal, Said,
        Streams,
    },
    error::{Code, Error},
    store::Engine,
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support;

pub const JSON: &str = "application/json";
pub const GRAPHQL: &str = "application/graphql-response+json";

#[derive(Debug)]
struct Analyst {
    version: i64,
}

impl Caller for Analyst {
    fn role(&self) -> Role {
        Role::Analyst
    }

    fn agency(&self) -> &'static str {
        "01K0DSS"
    }

    fn standing_version(&self) -> i64 {
        self.version
    }
}

/// At this version of the registry, nobody is let in.
const REVOKED: i64 = 1_000;

/// Lets in the token `good`.
#[derive(Default)]
struct OneToken {
    version: AtomicI64,
}

impl Gate for OneToken {
    type Principal = Analyst;

    async fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Analyst>, Refusal> {
        match headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default()) {
            Some("Bearer good") if self.version.load(Ordering::SeqCst) < REVOKED => {
                Ok(Arc::new(Analyst { version: self.version.load(Ordering::SeqCst) }))
            }
            Some("Bearer database-down") => Err(Refusal::Failed(Error::internal("no route to db-7.internal"))),
            Some(other) => Err(Refusal::Token(format!("not good: {other}"))),
            None => Err(Refusal::Token("no token".to_owned())),
        }
    }

    fn stale(&self, version: i64) {
        self.version.store(version, Ordering::SeqCst);
    }
}

/// What a stream panics at.
const BROKEN: i64 = i64::MIN;

/// Echoes what it was asked; some documents are special.
struct Echo;

impl Graph<Analyst> for Echo {
    async fn execute(&self, principal: &Analyst, request: &GraphRequest) -> GraphResponse {
        let error =
            |code: Code| json!({"errors": [chancery::error::error_json(&Error::new(code, "no"), &request.request_id)]});
        let (outcome, body) = match request.query.as_str() {
            "{" => (Outcome::Refused(Code::GraphqlParseFailed), error(Code::GraphqlParseFailed)),
            "{ slow }" => (Outcome::Refused(Code::Timeout), error(Code::Timeout)),
            "{ panic }" => panic!("the narrative is secret"),
            // As if standing changed while the first answers were made.
            "{ stale }" if principal.version < 2 => (Outcome::Stale(principal.version + 1), json!({})),
            "{ ever stale }" => (Outcome::Stale(principal.version + 1), json!({})),
            "{ revoked }" => (Outcome::Stale(REVOKED), json!({})),
            "mutation { a }" if request.read_only => (Outcome::NotByGet, json!({})),
            query => {
                let asked =
                    json!({"query": query, "operationName": request.operation_name, "variables": request.variables});
                (Outcome::Ran, json!({"data": asked}))
            }
        };
        GraphResponse { body: body.to_string(), outcome }
    }

    /// What is left to say.
    type Stream = Vec<Said>;

    async fn is_subscription(&self, _: &Analyst, request: &GraphRequest) -> bool {
        request.query.starts_with("subscription")
    }

    async fn subscribe(&self, _: &Arc<Analyst>, request: &GraphRequest) -> Result<Vec<Said>, GraphResponse> {
        match request.query.as_str() {
            "subscription { panic }" => panic!("the narrative is secret"),
            "subscription { late panic }" => {
                return Ok(vec![Said::Stale(BROKEN), Said::Event("{\"data\":{\"a\":1}}".into())]);
            }
            _ => {}
        }
        Ok(vec![
            Said::Ended(json!({"message": "over", "extensions": {"requestId": request.request_id}})),
            Said::Event("{\"data\":{\"a\":1}}".into()),
        ])
    }

    async fn renew(&self, _: &mut Vec<Said>, _: &Arc<Analyst>, _: Option<Arc<str>>) -> Result<(), GraphResponse> {
        Ok(())
    }

    async fn next(stream: &mut Vec<Said>) -> Said {
        match stream.pop() {
            Some(Said::Stale(BROKEN)) => panic!("the narrative is secret"),
            Some(said) => said,
            None => std::future::pending().await,
        }
    }

    async fn turned_away(&self, _: &str, _: Option<(&str, &str)>) -> Result<(), Error> {
        Ok(())
    }

    fn sdl(&self, role: Role) -> String {
        format!("\"For {role}.\"\ntype Query {{ a: Int }}\n")
    }
}

pub struct House {
    pub db: support::TestDb,
    pub router: Router,
}

impl House {
    pub async fn new(engine: Engine) -> Self {
        Self::allowing(engine, Http::default()).await
    }

    /// What allows browsers this.
    pub async fn allowing(engine: Engine, http: Http) -> Self {
        let db = support::TestDb::new(engine).await;
        let readiness = Readiness::new(db.store.clone());
        let limits = Limits { body_bytes: 4096, request_seconds: 1, ..Limits::default() };
        let (clock, streams) = (db.clock.clone(), Streams::default());
        let door = Door {
            gate: OneToken::default(),
            graph: Echo,
            readiness,
            limits,
            http,
            clock,
            streams,
            latest: Latest::default(),
        };
        Self { db, router: edge::router(Arc::new(door)) }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.expect("an answer")).await
    }

    pub async fn post(&self, body: impl Into<Body>, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::POST, "/graphql", body, &[&[("authorization", "Bearer good")], headers].concat()))
            .await
    }

    pub async fn ask(&self, query: &str, accept: &str) -> Answer {
        self.post(json!({"query": query}).to_string(), &[("content-type", JSON), ("accept", accept)]).await
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, "", &[&[("authorization", "Bearer good")], headers].concat())).await
    }
}

pub fn request(method: Method, uri: &str, body: impl Into<Body>, headers: &[(&str, &str)]) -> Request<Body> {
    let builder =
        headers.iter().fold(Request::builder().method(method).uri(uri), |b, (name, value)| b.header(*name, *value));
    builder.body(body.into()).expect("a request")
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Self { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn media(&self) -> &str {
        self.header("content-type").split(';').next().unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The one error of a refusal, whose form is checked.
    #[track_caller]
    pub fn error(&self) -> (String, String) {
        let body = self.json();
        assert!(body.get("data").is_none(), "a refusal has no data: {}", self.text);
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{}", self.text);
        let error = &body["errors"][0];
        assert_eq!(error["extensions"]["requestId"], self.header("x-request-id"), "{}", self.text);
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }
}
