//! Collection of fields (GraphQL specification, section 6.3.2): fragments, type conditions, `@skip` and
//! `@include`, and the merging of fields that share a response key.

use std::collections::HashSet;

use async_graphql_parser::{
    Positioned,
    types::{Directive, ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value as Literal;

use super::{
    coerce::{Declared, Variables, may_stand},
    value::Value,
};
use crate::{
    error::{Code, Error, Result},
    model::view::InputRef,
};

/// A response key with the fields that were merged under it.
#[derive(Debug)]
pub struct Picked<'a> {
    /// The response key.
    pub key: &'a str,
    /// The field's name.
    pub name: &'a str,
    /// Its occurrences: the arguments stand in the first, the selections in all.
    pub fields: Vec<&'a Positioned<Field>>,
}

impl<'a> Picked<'a> {
    /// The merged selection sets below it.
    pub fn selections(&self) -> Vec<&'a SelectionSet> {
        self.fields.iter().map(|field| &field.node.selection_set.node).collect()
    }

    /// The arguments as they were written.
    pub fn arguments(&self) -> Vec<(String, &'a Literal)> {
        self.fields.first().map_or_else(Vec::new, |field| {
            field.node.arguments.iter().map(|(name, value)| (name.node.to_string(), &value.node)).collect()
        })
    }

    /// Where it stands in the document.
    pub fn position(&self) -> (usize, usize) {
        self.fields.first().map_or((1, 1), |field| (field.pos.line, field.pos.column))
    }
}

/// Collects from one document with the variables of one request.
#[derive(Clone, Copy, Debug)]
pub struct Collector<'a> {
    /// The document; the bounds of `graph` have made sure that its fragments end.
    pub document: &'a ExecutableDocument,
    /// The variables.
    pub variables: &'a Variables,
    /// How they were declared.
    pub declared: &'a Declared,
}

impl<'a> Collector<'a> {
    /// The fields asked of an object of a type that is known, in the order in which they were first asked.
    /// `conditions` are the type conditions that the type fulfils: its own name and its interfaces'.
    pub fn collect(self, sets: &[&'a SelectionSet], conditions: &[&str]) -> Result<Vec<Picked<'a>>> {
        let mut picked = Vec::new();
        let mut visited = HashSet::new();
        for set in sets {
            self.walk(set, conditions, &mut picked, &mut visited)?;
        }
        Ok(picked)
    }

    fn walk(
        self,
        set: &'a SelectionSet,
        conditions: &[&str],
        picked: &mut Vec<Picked<'a>>,
        visited: &mut HashSet<&'a str>,
    ) -> Result<()> {
        for selection in &set.items {
            if !self.is_included(selection.node.directives())? {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => merge(field, picked)?,
                Selection::InlineFragment(fragment) => {
                    let applies = fragment
                        .node
                        .type_condition
                        .as_ref()
                        .is_none_or(|condition| conditions.contains(&condition.node.on.node.as_str()));
                    if applies {
                        self.walk(&fragment.node.selection_set.node, conditions, picked, visited)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if !visited.insert(name) {
                        continue;
                    }
                    let Some(fragment) = self.document.fragments.get(name) else {
                        return Err(Error::new(Code::GraphqlValidationFailed, format!("unknown fragment \"{name}\"")));
                    };
                    if conditions.contains(&fragment.node.type_condition.node.on.node.as_str()) {
                        self.walk(&fragment.node.selection_set.node, conditions, picked, visited)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// `@skip` wins over `@include`.
    fn is_included(self, directives: &[Positioned<Directive>]) -> Result<bool> {
        for directive in directives {
            let name = directive.node.name.node.as_str();
            if name != "skip" && name != "include" {
                continue;
            }
            let holds = match directive.node.get_argument("if").map(|argument| &argument.node) {
                Some(Literal::Boolean(value)) => *value,
                Some(Literal::Variable(variable)) => {
                    may_stand(self.declared, variable, &InputRef::NonNull(Box::new(InputRef::Scalar("Boolean"))))?;
                    match self.variables.get(variable.as_str()) {
                        Some(Value::Bool(value)) => *value,
                        _ => return Err(Error::input(format!("@{name}(if): expected a value for ${variable}"))),
                    }
                }
                _ => return Err(Error::new(Code::GraphqlValidationFailed, format!("@{name}(if): expected Boolean"))),
            };
            if holds == (name == "skip") {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn merge<'a>(field: &'a Positioned<Field>, picked: &mut Vec<Picked<'a>>) -> Result<()> {
    let key = field.node.response_key().node.as_str();
    let name = field.node.name.node.as_str();
    let Some(same) = picked.iter_mut().find(|have| have.key == key) else {
        picked.push(Picked { key, name, fields: vec![field] });
        return Ok(());
    };
    let first = same.fields.first().map(|first| &first.node);
    if same.name != name || !first.is_some_and(|first| same_arguments(first, &field.node)) {
        let conflict = format!("fields of the response key \"{key}\" conflict: give one of them another alias");
        return Err(Error::new(Code::GraphqlValidationFailed, conflict).at(field.pos.line, field.pos.column));
    }
    same.fields.push(field);
    Ok(())
}

fn same_arguments(a: &Field, b: &Field) -> bool {
    a.arguments.len() == b.arguments.len()
        && a.arguments
            .iter()
            .all(|(name, value)| b.get_argument(&name.node).is_some_and(|other| other.node == value.node))
}
