//! GraphQL over HTTP, seen from outside.

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

use axum::http::{Method, StatusCode};
use chancery::store::Engine;
use front::{GRAPHQL, House, JSON, request};
use rstest::rstest;
use serde_json::json;

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

/// A body that is announced and never comes.
struct Never;

impl axum::body::HttpBody for Never {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<axum::body::Bytes>, std::convert::Infallible>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.post(axum::body::Body::new(Never), &[("content-type", JSON)]).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    answer.error();
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
async fn an_answer_that_standing_overtook_is_never_given() {
    let house = House::new(Engine::Sqlite).await;
    let answer = house.ask("{ stale }", GRAPHQL).await;
    assert_eq!((answer.status, &answer.json()["data"]["query"]), (StatusCode::OK, &json!("{ stale }")));
    let answer = house.ask("{ ever stale }", GRAPHQL).await;
    assert_eq!((answer.status, answer.error().0.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "INTERNAL"));
    let answer = house.ask("{ revoked }", GRAPHQL).await;
    assert_eq!((answer.status, answer.error().0.as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
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
