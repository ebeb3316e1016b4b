//! The executor we wrote beside the reference: a corpus of documents (`corpus/*.graphql`) is asked of Chancery by HTTP,
//! on both engines, and of async-graphql's own executor over plain values with the same schema and the same data.
//! Both refuse, or both answer with the same bytes; the words of an error are left open by the specification.
//!
//! Where the library departs from the specification, the document says so in its `# library:` line, with what the
//! specification asks for, and Chancery is held to that.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod document;
mod reference;
mod rows;

use async_graphql::dynamic::Schema;
use chancery::{access::Role, graph, graph::GraphRequest, store::Engine};
use rstest::rstest;
use serde_json::{Map, Value};

use document::{Document, Verdict};
use support::{
    app::App,
    small_world::{self, analyst},
};

/// What an executor made of a document.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The `data`, as text without insignificant white space.
    Answered(String),
    /// Errors and no data; the words are for people.
    Refused,
}

#[rstest]
#[tokio::test]
async fn the_executor_is_as_the_reference(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let sdl = graph::sdl(Some(Role::Analyst)).expect("the analyst's schema");
    let reference = reference::schema(&sdl, &rows::read(&app.db).await);
    let corpus = document::corpus();
    assert!(corpus.len() >= 150, "{} documents", corpus.len());
    let (mut answered, mut refused, mut departures) = (0, 0, 0);
    let mut faults = Vec::new();
    for document in &corpus {
        let ours = chancery(&app, document).await;
        let theirs = library(&reference, document).await;
        match &ours {
            Outcome::Answered(_) => answered += 1,
            Outcome::Refused => refused += 1,
        }
        let expected = match &document.verdict {
            Verdict::AsReference => theirs,
            verdict => {
                departures += 1;
                let expected = match verdict {
                    Verdict::Data(text) => Outcome::Answered(text.clone()),
                    _ => Outcome::Refused,
                };
                // A note that has become untrue would hide what it was written about.
                if theirs == expected {
                    faults
                        .push(format!("{}: the library does as the specification asks; drop the note", document.name));
                }
                expected
            }
        };
        if ours != expected {
            faults.push(format!("{}: expected {expected:?}\n     found {ours:?}\n{}", document.name, document.query));
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), corpus.len(), faults.join("\n\n"));
    eprintln!(
        "{engine:?}: {} documents, {answered} answered, {refused} refused; {departures} where the library departs",
        corpus.len()
    );
}

async fn chancery(app: &App, document: &Document) -> Outcome {
    let request = GraphRequest {
        query: document.query.clone(),
        operation_name: document.operation.clone(),
        variables: document.variables.clone(),
        ..GraphRequest::default()
    };
    let reply = app.ask_for(&analyst(), &request).await;
    if reply.json.get("errors").is_some() {
        assert!(reply.json.get("data").is_none_or(Value::is_null), "{}: partial data: {}", document.name, reply.text);
        return Outcome::Refused;
    }
    let text = squeezed(&reply.text);
    let data = text.strip_prefix("{\"data\":").and_then(|rest| rest.strip_suffix('}'));
    Outcome::Answered(data.expect("a response").to_owned())
}

async fn library(schema: &Schema, document: &Document) -> Outcome {
    let variables: Map<String, Value> = document.variables.clone();
    let mut request = async_graphql::Request::new(document.query.as_str())
        .variables(async_graphql::Variables::from_json(Value::Object(variables)));
    if let Some(name) = &document.operation {
        request = request.operation_name(name);
    }
    let response = schema.execute(request).await;
    if response.errors.is_empty() {
        Outcome::Answered(serde_json::to_string(&response.data).expect("data"))
    } else {
        Outcome::Refused
    }
}

/// JSON without the white space between its tokens: PostgreSQL writes some.
fn squeezed(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut inside, mut escaped) = (false, false);
    for letter in json.chars() {
        if inside {
            inside = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else if letter.is_ascii_whitespace() {
            continue;
        } else {
            inside = letter == '"';
        }
        out.push(letter);
    }
    out
}
