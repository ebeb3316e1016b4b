//! Documents: scanned, parsed, bounded and validated once per role, then remembered with their plans.

use std::sync::Arc;

use async_graphql::dynamic::Schema;
use async_graphql_parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};

use super::{bounds, merging::Shapes, scan, validate};
use crate::{
    config::Limits,
    error::{Code, Error, Result},
};

/// A document that may be run.
#[derive(Debug)]
pub struct Document {
    /// As parsed.
    pub ast: ExecutableDocument,
    /// What it takes of memory, about: a cache is filled by this, not by the text, which is a hundredth of it.
    pub bytes: usize,
}

/// What the tree of a document takes for each lexical token, about: a node with its name, position and vectors; an estimate, meant to be too high.
const BYTES_A_TOKEN: usize = 300;

impl Document {
    /// From its text; every check in the order of its cost.
    pub async fn read(text: &str, schema: &Schema, shapes: &Shapes, limits: &Limits) -> Result<Arc<Self>, Vec<Error>> {
        let one = |error| vec![error];
        if text.len() > limits.body_bytes {
            return Err(vec![scan::too_complex(format!(
                "document: at most {} bytes, not {}",
                limits.body_bytes,
                text.len()
            ))]);
        }
        let tokens = scan::scan(text, limits.tokens).map_err(one)?;
        let ast = async_graphql_parser::parse_query(text).map_err(|error| one(unparsable(&error)))?;
        bounds::check(&ast, limits).map_err(one)?;
        validate::validate(schema, &ast).await?;
        shapes.check(&ast).map_err(one)?;
        Ok(Arc::new(Self { ast, bytes: text.len() + tokens * BYTES_A_TOKEN }))
    }

    /// The name of the operation that a request names, or of the only one.
    pub fn name<'a>(&'a self, name: Option<&'a str>) -> Option<&'a str> {
        match (&self.ast.operations, name) {
            (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
                operations.keys().next().map(async_graphql::Name::as_str)
            }
            _ => name,
        }
    }

    /// The operation that a request names; the only one when it names none.
    pub fn operation(&self, name: Option<&str>) -> Result<&OperationDefinition> {
        let unknown = || Error::input("operationName: expected the name of an operation of the document");
        match (&self.ast.operations, name) {
            (DocumentOperations::Single(operation), None) => Ok(&operation.node),
            (DocumentOperations::Single(_), Some(_)) => Err(unknown()),
            (DocumentOperations::Multiple(operations), Some(name)) => {
                operations.get(name).map(|operation| &operation.node).ok_or_else(unknown)
            }
            (DocumentOperations::Multiple(operations), None) => match operations.values().next() {
                Some(only) if operations.len() == 1 => Ok(&only.node),
                _ => Err(Error::input("operationName: expected a name, as the document has several operations")),
            },
        }
    }
}

/// Whether a document that was refused asks for something else than a query: by GET that is answered as such,
/// whatever else is wrong with it.
pub fn is_no_query(text: &str, name: Option<&str>, limits: &Limits) -> bool {
    if scan::scan(text, limits.tokens).is_err() {
        return false;
    }
    let Ok(ast) = async_graphql_parser::parse_query(text) else { return false };
    ast.operations
        .iter()
        .filter(|(known, _)| name.is_none() || known.map(async_graphql::Name::as_str) == name)
        .any(|(_, operation)| operation.node.ty != OperationType::Query)
}

/// The parser's message draws a picture of the text; what a client needs is where.
fn unparsable(error: &async_graphql_parser::Error) -> Error {
    if matches!(error, async_graphql_parser::Error::RecursionLimitExceeded) {
        return scan::too_complex("nesting: the document is nested too deeply".to_owned());
    }
    let mut refused = Error::new(Code::GraphqlParseFailed, "the document does not parse");
    refused.locations = error.positions().map(|at| (at.line, at.column)).collect();
    refused
}
