//! `__schema` and `__type`: answered by async-graphql from the role's schema, beside data or alone.

use async_graphql::{Request, Value as Answer, dynamic::Schema};
use async_graphql_parser::{
    Positioned,
    types::{
        Directive, DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition, Selection,
        SelectionSet,
    },
};
use async_graphql_value::Value as Literal;

use super::validate::invalid;
use crate::{
    error::{Error, Result},
    read::{coerce::Variables, value::Value},
};

/// Answers the introspection fields of an operation, as (response key, JSON).
pub async fn answer(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<Vec<(String, String)>> {
    let writer = Writer { document, variables };
    let mut fields = Vec::new();
    writer.write(&operation.selection_set.node, true, &mut fields);
    let mut alone = operation.clone();
    alone.variable_definitions.clear();
    alone.directives.clear();
    alone.selection_set.node = SelectionSet { items: fields };
    let mut request = Request::new("");
    request.set_parsed_query(ExecutableDocument {
        operations: DocumentOperations::Single(Positioned::new(alone, operation.selection_set.pos)),
        fragments: std::collections::HashMap::new(),
    });
    let response = schema.execute(request).await;
    if let Some(error) = response.errors.into_iter().next() {
        return Err(invalid(error));
    }
    let Answer::Object(answers) = response.data else { return Ok(Vec::new()) };
    answers
        .into_iter()
        .map(|(key, value)| Ok((key.to_string(), serde_json::to_string(&value).map_err(Error::internal)?)))
        .collect()
}

/// Writes selections out: no fragments, no variables, at the root only introspection. What it writes is bounded
/// because the document is.
struct Writer<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
}

impl Writer<'_> {
    fn write(&self, set: &SelectionSet, at_root: bool, out: &mut Vec<Positioned<Selection>>) {
        for item in &set.items {
            let selection = match &item.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    if at_root && name != "__schema" && name != "__type" {
                        continue;
                    }
                    Selection::Field(Positioned::new(self.field(&field.node), field.pos))
                }
                Selection::InlineFragment(fragment) => Selection::InlineFragment(Positioned::new(
                    InlineFragment {
                        type_condition: fragment.node.type_condition.clone(),
                        directives: self.directives(&fragment.node.directives),
                        selection_set: self.below(&fragment.node.selection_set, at_root),
                    },
                    fragment.pos,
                )),
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else { continue };
                    Selection::InlineFragment(Positioned::new(
                        InlineFragment {
                            type_condition: Some(fragment.node.type_condition.clone()),
                            directives: self.directives(&spread.node.directives),
                            selection_set: self.below(&fragment.node.selection_set, at_root),
                        },
                        spread.pos,
                    ))
                }
            };
            // A fragment with nothing of introspection in it would be an empty selection.
            let empty = matches!(&selection, Selection::InlineFragment(fragment) if fragment.node.selection_set.node.items.is_empty());
            if !empty {
                out.push(Positioned::new(selection, item.pos));
            }
        }
    }

    fn below(&self, set: &Positioned<SelectionSet>, at_root: bool) -> Positioned<SelectionSet> {
        let mut items = Vec::new();
        self.write(&set.node, at_root, &mut items);
        Positioned::new(SelectionSet { items }, set.pos)
    }

    fn field(&self, field: &Field) -> Field {
        Field {
            alias: field.alias.clone(),
            name: field.name.clone(),
            arguments: self.arguments(&field.arguments),
            directives: self.directives(&field.directives),
            selection_set: self.below(&field.selection_set, false),
        }
    }

    fn arguments(
        &self,
        arguments: &[(Positioned<async_graphql::Name>, Positioned<Literal>)],
    ) -> Vec<(Positioned<async_graphql::Name>, Positioned<Literal>)> {
        arguments
            .iter()
            .filter_map(|(name, value)| {
                let written = match &value.node {
                    Literal::Variable(variable) => self.variables.get(variable.as_str()).map(literal)?,
                    other => other.clone(),
                };
                Some((name.clone(), Positioned::new(written, value.pos)))
            })
            .collect()
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Vec<Positioned<Directive>> {
        directives
            .iter()
            .map(|directive| {
                let written = Directive {
                    name: directive.node.name.clone(),
                    arguments: self.arguments(&directive.node.arguments),
                };
                Positioned::new(written, directive.pos)
            })
            .collect()
    }
}

/// Introspection takes names and booleans only.
fn literal(value: &Value) -> Literal {
    match value {
        Value::Bool(value) => Literal::Boolean(*value),
        Value::Text(text) => Literal::String(text.clone()),
        Value::Int(number) => Literal::Number((*number).into()),
        _ => Literal::Null,
    }
}
