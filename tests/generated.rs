//! What is generated and committed is current. `BLESS=1 cargo test --test generated` (or `just bless`) writes it.

#![allow(clippy::expect_used, reason = "a test fails by it")]

use std::{fs, path::Path};

use chancery::{access::page, graph};

fn current(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    if std::env::var("BLESS").is_ok() {
        fs::write(&path, made).expect("the file can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == made, "{file} is not what the program makes: read the change, then run `just bless`");
}

#[test]
fn the_schema_is_current() {
    current("schema.graphql", &graph::sdl(None).expect("the union schema builds"));
}

#[test]
fn the_access_pages_are_current() {
    current("docs/ACCESS.md", &page::document());
}
