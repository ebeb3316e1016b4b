//! What the door serves beside the graph: GraphiQL, the schema, health.

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

use axum::http::StatusCode;
use chancery::store::Engine;
use front::House;
use rstest::rstest;

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
        let style = asset.media() == "text/css";
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
