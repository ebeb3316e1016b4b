//! The door, seen from outside, before a graph that answers from memory.

mod support;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use chancery::{
    access::Role,
    config::Limits,
    edge::{self, Caller, Door, Gate, Graph, GraphRequest, GraphResponse, Outcome, Readiness, Refusal},
    error::{Code, Error},
    store::Engine,
};
use http_body_util::BodyExt;
use rstest::rstest;
use serde_json::{Value, json};
use tower::ServiceExt;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

#[derive(Debug)]
struct Analyst;

impl Caller for Analyst {
    fn role(&self) -> Role {
        Role::Analyst
    }

    fn agency(&self) -> &'static str {
        "01K0DSS"
    }
}

/// Lets in the token `good`.
struct OneToken;

impl Gate for OneToken {
    type Principal = Analyst;

    async fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Analyst>, Refusal> {
        match headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default()) {
            Some("Bearer good") => Ok(Arc::new(Analyst)),
            Some("Bearer database-down") => Err(Refusal::Failed(Error::internal("no route to db-7.internal"))),
            Some(other) => Err(Refusal::Token(format!("not good: {other}"))),
            None => Err(Refusal::Token("no token".to_owned())),
        }
    }
}

/// Echoes what it was asked; some documents are special.
struct Echo;

impl Graph<Analyst> for Echo {
    async fn execute(&self, _: &Arc<Analyst>, request: GraphRequest) -> GraphResponse {
        let error =
            |code: Code| json!({"errors": [chancery::error::error_json(&Error::new(code, "no"), &request.request_id)]});
        let (outcome, body) = match request.query.as_str() {
            "{" => (Outcome::Refused(Code::GraphqlParseFailed), error(Code::GraphqlParseFailed)),
            "{ slow }" => (Outcome::Refused(Code::Timeout), error(Code::Timeout)),
            "{ panic }" => panic!("the narrative is secret"),
            "mutation { a }" if request.read_only => (Outcome::NotByGet, json!({})),
            query => {
                let asked =
                    json!({"query": query, "operationName": request.operation_name, "variables": request.variables});
                (Outcome::Ran, json!({"data": asked}))
            }
        };
        GraphResponse { body: Bytes::from(body.to_string()), outcome }
    }

    fn sdl(&self, role: Role) -> String {
        format!("\"For {role}.\"\ntype Query {{ a: Int }}\n")
    }
}

struct House {
    db: support::TestDb,
    router: Router,
}

impl House {
    async fn new(engine: Engine) -> Self {
        let db = support::TestDb::new(engine).await;
        let readiness = Readiness::new(db.store.clone());
        let limits = Limits { body_bytes: 4096, request_seconds: 1, ..Limits::default() };
        let door = Door { gate: OneToken, graph: Echo, readiness, limits, clock: db.clock.clone() };
        Self { db, router: edge::router(Arc::new(door)) }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.expect("an answer")).await
    }

    async fn post(&self, body: impl Into<Body>, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::POST, "/graphql", body, &[&[("authorization", "Bearer good")], headers].concat()))
            .await
    }

    async fn ask(&self, query: &str, accept: &str) -> Answer {
        self.post(json!({"query": query}).to_string(), &[("content-type", JSON), ("accept", accept)]).await
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, "", &[&[("authorization", "Bearer good")], headers].concat())).await
    }
}

fn request(method: Method, uri: &str, body: impl Into<Body>, headers: &[(&str, &str)]) -> Request<Body> {
    let builder =
        headers.iter().fold(Request::builder().method(method).uri(uri), |b, (name, value)| b.header(*name, *value));
    builder.body(body.into()).expect("a request")
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Self { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    fn media(&self) -> &str {
        self.header("content-type").split(';').next().unwrap_or_default()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The one error of a refusal, whose form is checked.
    #[track_caller]
    fn error(&self) -> (String, String) {
        let body = self.json();
        assert!(body.get("data").is_none(), "a refusal has no data: {}", self.text);
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{}", self.text);
        let error = &body["errors"][0];
        assert_eq!(error["extensions"]["requestId"], self.header("x-request-id"), "{}", self.text);
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }
}

#[rstest]
#[case(GRAPHQL, GRAPHQL)]
#[case(JSON, JSON)]
#[case("*/*", JSON)]
#[case("application/graphql-response+json;q=0.1, application/json;q=0.9", JSON)]
#[tokio::test]
async fn an_answer_comes_in_the_form_that_is_wanted(#[case] accept: &str, #[case] media: &str) {
    let answer = House::new(Engine::Sqlite).await.ask("{ a }", accept).await;
    assert_eq!((answer.status, answer.media()), (StatusCode::OK, media));
    assert_eq!(answer.json()["data"]["query"], "{ a }");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("vary"), "Authorization, Accept");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_request_error_is_told_by_status_in_the_newer_form_only() {
    let house = House::new(Engine::Sqlite).await;
    for (query, accept, status) in [
        ("{", GRAPHQL, StatusCode::BAD_REQUEST),
        ("{", JSON, StatusCode::OK),
        ("{ slow }", GRAPHQL, StatusCode::GATEWAY_TIMEOUT),
        ("{ slow }", JSON, StatusCode::OK),
    ] {
        let answer = house.ask(query, accept).await;
        assert_eq!(answer.status, status, "{query} {accept}");
        answer.error();
    }
}

#[tokio::test]
async fn what_is_not_acceptable_is_406() {
    let answer = House::new(Engine::Sqlite).await.ask("{ a }", "image/png").await;
    assert_eq!((answer.status, answer.media()), (StatusCode::NOT_ACCEPTABLE, JSON));
    answer.error();
}

#[rstest]
#[case::none(&[])]
#[case::text(&[("content-type", "text/plain")])]
#[case::form(&[("content-type", "application/x-www-form-urlencoded")])]
#[case::multipart(&[("content-type", "multipart/form-data; boundary=x")])]
#[case::latin(&[("content-type", "application/json; charset=iso-8859-1")])]
#[case::near(&[("content-type", "application/jsonp")])]
#[case::two(&[("content-type", JSON), ("content-type", "text/plain")])]
#[case::gzip(&[("content-type", JSON), ("content-encoding", "gzip")])]
#[tokio::test]
async fn only_json_is_taken(#[case] headers: &[(&str, &str)]) {
    let answer = House::new(Engine::Sqlite).await.post("{\"query\":\"{a}\"}", headers).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.error().0, "BAD_USER_INPUT");
}

#[tokio::test]
async fn json_may_name_its_charset() {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.post("{\"query\":\"{ä}\"}", &[("content-type", "Application/JSON; charset=\"UTF-8\"")]).await;
    assert_eq!((answer.status, &answer.json()["data"]["query"]), (StatusCode::OK, &json!("{ä}")));
}

#[rstest]
#[case("", "empty")]
#[case("{\"query\":", "well-formed")]
#[case("[{\"query\":\"{a}\"}]", "batches")]
#[case("{\"query\":1}", "`query`")]
#[case("{\"query\":\"{a}\",\"variables\":\"x\"}", "`variables`")]
#[case("{\"query\":\"{a}\",\"query\":\"{b}\"}", "more than once")]
#[tokio::test]
async fn a_malformed_body_is_400_in_our_words(#[case] body: &'static str, #[case] words: &str) {
    let house = House::new(Engine::Sqlite).await;
    for accept in [JSON, GRAPHQL] {
        let answer = house.post(body, &[("content-type", JSON), ("accept", accept)]).await;
        assert_eq!((answer.status, answer.media()), (StatusCode::BAD_REQUEST, accept));
        let (code, message) = answer.error();
        assert!(code == "BAD_USER_INPUT" && message.contains(words), "{message}");
        for inner in ["Error(", "serde", "expected value", "::"] {
            assert!(!answer.text.contains(inner), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_400() {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.post(&b"{\"query\":\"\xff\"}"[..], &[("content-type", JSON)]).await;
    assert_eq!((answer.status, answer.error().1.as_str()), (StatusCode::BAD_REQUEST, "the body is not UTF-8"));
}

#[tokio::test]
async fn the_body_has_a_bound_whether_it_is_declared_or_not() {
    let house = House::new(Engine::Sqlite).await;
    let fits = format!("{{\"query\":\"{}\"}}", "a".repeat(4096 - 12));
    assert_eq!(fits.len(), 4096);
    assert_eq!(house.post(fits.clone(), &[("content-type", JSON)]).await.status, StatusCode::OK);
    let long = format!("{fits} ");
    for headers in [vec![("content-type", JSON)], vec![("content-type", JSON), ("content-length", "4097")]] {
        let answer = house.post(long.clone(), &headers).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        answer.error();
    }
}

#[tokio::test]
async fn get_answers_queries_and_nothing_else() {
    let house = House::new(Engine::Sqlite).await;
    let asked = "/graphql?query=%7B%20a%20%7D&variables=%7B%22n%22%3A1%7D&operationName=";
    for proof in [("content-type", JSON), ("graphql-preflight", "1"), ("x-apollo-operation-name", "A")] {
        let answer = house.get(asked, &[proof]).await;
        assert_eq!(answer.status, StatusCode::OK, "{proof:?}: {}", answer.text);
        assert_eq!(answer.json()["data"], json!({"query": "{ a }", "operationName": null, "variables": {"n": 1}}));
    }
    let unproven = house.get(asked, &[]).await;
    assert_eq!((unproven.status, unproven.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));

    let proof = [("graphql-preflight", "1")];
    let mutation = house.get("/graphql?query=mutation%20%7B%20a%20%7D", &proof).await;
    assert_eq!((mutation.status, mutation.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    mutation.error();
    for (path, status) in [
        ("/graphql".to_owned(), StatusCode::BAD_REQUEST),
        ("/graphql?query=a&query=b".to_owned(), StatusCode::BAD_REQUEST),
        ("/graphql?query=a&variables=%5B%5D".to_owned(), StatusCode::BAD_REQUEST),
        (format!("/graphql?query={}", "a".repeat(5000)), StatusCode::URI_TOO_LONG),
    ] {
        let answer = house.get(&path, &proof).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        answer.error();
    }
}

#[rstest]
#[case(Method::PUT)]
#[case(Method::DELETE)]
#[case(Method::PATCH)]
#[case(Method::OPTIONS)]
#[case(Method::HEAD)]
#[tokio::test]
async fn other_methods_are_405_and_no_other_site_is_welcomed(#[case] method: Method) {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.send(request(method, "/graphql", "", &[("origin", "http://evil.test")])).await;
    assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, POST"));
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
}

#[tokio::test]
async fn every_refusal_of_a_token_looks_the_same() {
    let house = House::new(Engine::Sqlite).await;
    let body = "{\"query\":\"{a}\"}";
    let sound = [("content-type", JSON), ("x-request-id", "r-1")];
    let none = request(Method::POST, "/graphql", body, &sound);
    let wrong = request(Method::POST, "/graphql", body, &[&sound[..], &[("authorization", "Bearer bad")]].concat());
    let good = ("authorization", "Bearer good");
    let twice = request(Method::POST, "/graphql", body, &[&sound[..], &[good, good]].concat());
    let in_url = request(Method::POST, "/graphql?access_token=good", body, &[&sound[..], &[good]].concat());
    let mut told = Vec::new();
    for request in [none, wrong, twice, in_url] {
        let answer = house.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
        assert_eq!((answer.header("cache-control"), answer.header("vary")), ("no-store", "Authorization, Accept"));
        assert_eq!(answer.error().0, "UNAUTHENTICATED");
        told.push((answer.headers.clone(), answer.text));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:#?}");

    let sdl = house.send(request(Method::GET, "/schema.graphql", "", &[("x-request-id", "r-1")])).await;
    assert_eq!((sdl.status, &sdl.text), (StatusCode::UNAUTHORIZED, &told[0].1));
}

#[tokio::test]
async fn a_registry_that_does_not_answer_is_our_fault_and_tells_nothing() {
    let house = House::new(Engine::Sqlite).await;
    let headers = [("content-type", JSON), ("authorization", "Bearer database-down")];
    let answer = house.send(request(Method::POST, "/graphql", "{\"query\":\"{a}\"}", &headers)).await;
    assert_eq!((answer.status, answer.error().0.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
    assert!(!answer.text.contains("db-7"), "{}", answer.text);
}

#[tokio::test]
async fn a_panic_is_a_500_in_our_form() {
    let answer = House::new(Engine::Sqlite).await.ask("{ panic }", JSON).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.error(), ("INTERNAL".to_owned(), "internal error".to_owned()));
    assert!(!answer.text.contains("secret"));
}

#[tokio::test]
async fn a_request_id_is_kept_if_it_is_sound_and_replaced_if_not() {
    let house = House::new(Engine::Sqlite).await;
    let longest = "x".repeat(128);
    for sound in ["r-1", "{6ba7b810-9dad}", longest.as_str()] {
        assert_eq!(house.get("/health/live", &[("x-request-id", sound)]).await.header("x-request-id"), sound);
    }
    let too_long = "x".repeat(129);
    for unsound in ["", "two words", "tab\there", too_long.as_str()] {
        let answer = house.get("/health/live", &[("x-request-id", unsound)]).await;
        assert!(chancery::id::is_valid(answer.header("x-request-id")), "{unsound:?}");
    }
    let twice = house.get("/health/live", &[("x-request-id", "a"), ("x-request-id", "b")]).await;
    assert!(chancery::id::is_valid(twice.header("x-request-id")));
}

#[tokio::test]
async fn the_schema_is_that_of_ones_role() {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.get("/schema.graphql", &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("For ANALYST."), "{}", answer.text);
    assert_eq!((answer.header("cache-control"), answer.header("vary")), ("no-store", "Authorization"));
}

#[rstest]
#[tokio::test]
async fn ready_means_that_the_schema_is_there(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    use migration::MigratorTrait;

    let house = House::new(engine).await;
    assert_eq!(house.get("/health/ready", &[]).await.status, StatusCode::OK);
    migration::Migrator::down(&house.db.store.orm, Some(1)).await.expect("a step down");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(house.get("/health/ready", &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(house.get("/health/live", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn graphiql_comes_from_the_binary_and_from_nowhere_else() {
    let house = House::new(Engine::Sqlite).await;
    let page = house.get("/graphiql", &[]).await;
    assert_eq!((page.status, page.media()), (StatusCode::OK, "text/html"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    assert_eq!((page.header("x-frame-options"), page.header("x-content-type-options")), ("DENY", "nosniff"));
    assert!(!page.text.contains("//") || !page.text.contains("http"), "no other host: {}", page.text);
    assert!(!page.text.contains("<script>") && !page.text.contains("onclick"), "no inline script");
    let loaded: Vec<&str> = page.text.split('"').filter(|part| part.starts_with("/graphiql/assets/")).collect();
    assert_eq!(loaded.len(), 6, "{loaded:?}");
    for path in loaded {
        let asset = house.get(path, &[]).await;
        assert_eq!(asset.status, StatusCode::OK, "{path}");
        assert!(!asset.text.is_empty() && !asset.header("content-security-policy").contains("http"), "{path}");
        let style = path.ends_with(".css");
        assert!(!style || !asset.text.contains("url(http") && !asset.text.contains("@import"), "{path}");
    }
    assert_eq!(house.get("/graphiql/assets/other.js", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/graphiql/assets/..%2FREADME.md", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unknown_path_is_a_404_in_our_form() {
    let answer = House::new(Engine::Sqlite).await.get("/nothing", &[]).await;
    assert_eq!((answer.status, answer.error().0.as_str()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
}
