//! The corpus: documents in files, one subject each, divided by lines of `---`.
//!
//! Comment lines at the head of a document say what else is sent and what is known:
//! `# name`, `# variables: {…}`, `# operation: NAME`, and where the library departs from the specification
//! `# library: REASON` followed by `# expect: {…}` (the data) or `# expect: refused`.

use serde_json::{Map, Value};

/// A document of the corpus.
#[derive(Debug)]
pub struct Document {
    /// File and name.
    pub name: String,
    /// Its text.
    pub query: String,
    /// The variables sent along.
    pub variables: Map<String, Value>,
    /// The operation asked for.
    pub operation: Option<String>,
    /// What is expected.
    pub verdict: Verdict,
}

/// What is expected of Chancery.
#[derive(Debug)]
pub enum Verdict {
    /// What the reference does.
    AsReference,
    /// This data.
    Data(String),
    /// A refusal.
    Refused,
}

const FILES: &[(&str, &str)] = &[
    ("selection", include_str!("corpus/selection.graphql")),
    ("fragments", include_str!("corpus/fragments.graphql")),
    ("merging", include_str!("corpus/merging.graphql")),
    ("directives", include_str!("corpus/directives.graphql")),
    ("variables", include_str!("corpus/variables.graphql")),
    ("coercion", include_str!("corpus/coercion.graphql")),
    ("nulls", include_str!("corpus/nulls.graphql")),
    ("operations", include_str!("corpus/operations.graphql")),
    ("lexical", include_str!("corpus/lexical.graphql")),
];

/// All documents.
pub fn corpus() -> Vec<Document> {
    let mut documents = Vec::new();
    for (file, text) in FILES {
        for (index, part) in text.split("\n---\n").enumerate() {
            documents.push(read(file, index, part));
        }
    }
    documents
}

fn read(file: &str, index: usize, text: &str) -> Document {
    let mut name = None;
    let (mut variables, mut operation, mut verdict) = (Map::new(), None, Verdict::AsReference);
    let mut departs = false;
    for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
        if let Some(json) = line.strip_prefix("variables: ") {
            variables = serde_json::from_str(json).unwrap_or_else(|error| panic!("{file} {index}: {error}: {json}"));
        } else if let Some(name) = line.strip_prefix("operation: ") {
            operation = Some(name.to_owned());
        } else if line.starts_with("library: ") {
            departs = true;
        } else if let Some(expected) = line.strip_prefix("expect: ") {
            verdict = if expected == "refused" { Verdict::Refused } else { Verdict::Data(expected.to_owned()) };
        } else {
            assert!(name.is_none(), "{file} {index}: a second name: {line}");
            name = Some(line.to_owned());
        }
    }
    assert_eq!(departs, !matches!(verdict, Verdict::AsReference), "{file} {index}: a reason and an expectation");
    let name = name.unwrap_or_else(|| panic!("{file} {index}: a name"));
    Document { name: format!("{file}: {name}"), query: text.to_owned(), variables, operation, verdict }
}
