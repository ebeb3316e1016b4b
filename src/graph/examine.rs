//! Documents that nobody asks yet, held against the schemas of roles as requests are.

use async_graphql_parser::types::DocumentOperations;

use super::{RoleGraph, document::Document};
use crate::{
    access::Role,
    config::Limits,
    error::{Error, Result},
};

/// Holds documents against the schemas of some roles.
#[derive(Debug)]
pub struct Examiner {
    graphs: Vec<(Role, RoleGraph, Limits)>,
}

/// What became of a document.
#[derive(Debug)]
pub struct Examined {
    /// The name of its operation, if it has one operation and that a name.
    pub name: Option<String>,
    /// The roles that it does not fit, each with what is wrong.
    pub unfit: Vec<(Role, Vec<Error>)>,
    /// How many roles it fits.
    pub fits: usize,
}

impl Examiner {
    /// For these roles, within these bounds.
    pub fn new(roles: &[Role], limits: &Limits) -> Result<Self> {
        let graph = |role: &Role| Ok((*role, RoleGraph::of(*role)?, limits.of_role(role.name())));
        Ok(Self { graphs: roles.iter().map(graph).collect::<Result<_>>()? })
    }

    /// Holds a document against each.
    pub async fn examine(&self, text: &str) -> Examined {
        let mut examined = Examined { name: None, unfit: Vec::new(), fits: 0 };
        for (role, graph, limits) in &self.graphs {
            match Document::read(text, &graph.schema, &graph.shapes, limits).await {
                Ok(document) => {
                    examined.fits += 1;
                    examined.name = only_name(&document);
                }
                Err(errors) => examined.unfit.push((*role, errors)),
            }
        }
        examined
    }
}

fn only_name(document: &Document) -> Option<String> {
    match &document.ast.operations {
        // A lone operation with a name is one of several to the parser.
        DocumentOperations::Multiple(operations) if operations.len() == 1 => {
            operations.keys().next().map(ToString::to_string)
        }
        _ => None,
    }
}
