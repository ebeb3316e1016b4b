//! Validation of a document against a role's schema, by async-graphql, without running it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_graphql::{
    Request, Response, ServerError, Value,
    dynamic::Schema,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use async_graphql_parser::{
    Positioned,
    types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
};

use super::merging::{conflict, same_field};
use crate::error::{Code, Error};

/// Set on a request that is to be validated and not run.
struct OnlyValidate;

/// Ends the library's execution after validation, for requests that say so.
pub(super) struct Validation;

impl ExtensionFactory for Validation {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Validation {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if ctx.data_opt::<OnlyValidate>().is_some() {
            return Response::new(Value::Null);
        }
        next.run(ctx, operation_name).await
    }
}

/// Errors told of one document, at most: a document of five thousand unknown fields is not worth an answer of its
/// own length many times over.
const MOST_ERRORS: usize = 20;

/// Validates with no variables, so that the result holds for every request with the same document.
pub async fn validate(schema: &Schema, document: &ExecutableDocument) -> Result<(), Vec<Error>> {
    conflicts(document).map_err(|error| vec![error])?;
    let mut request = Request::new("").data(OnlyValidate);
    // Every operation is validated whichever is named; the library wants a name when there are several.
    if let DocumentOperations::Multiple(operations) = &document.operations
        && let Some(name) = operations.keys().min()
    {
        request = request.operation_name(name.as_str());
    }
    request.set_parsed_query(document.clone());
    let response = schema.execute(request).await;
    if response.errors.is_empty() {
        Ok(())
    } else {
        Err(response.errors.into_iter().take(MOST_ERRORS).map(invalid).collect())
    }
}

/// Refuses at the first what the library's rule of overlapping fields refuses: it tells an error for each argument of
/// each field of a response key, which for a document of ten kilobytes are millions.
fn conflicts(document: &ExecutableDocument) -> Result<(), Error> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let mut sets: Vec<&SelectionSet> = operations.chain(fragments).collect();
    while let Some(set) = sets.pop() {
        Beside { document, first: HashMap::new(), spread: HashSet::new() }.compare(None, set)?;
        sets.extend(set.items.iter().filter_map(|item| match &item.node {
            Selection::Field(field) => Some(&field.node.selection_set.node),
            Selection::InlineFragment(fragment) => Some(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => None,
        }));
    }
    Ok(())
}

/// The fields of one selection set as the library's rule sees them: by the nearest type condition and response key.
struct Beside<'a> {
    document: &'a ExecutableDocument,
    first: HashMap<(Option<&'a str>, &'a str), &'a Positioned<Field>>,
    spread: HashSet<&'a str>,
}

impl<'a> Beside<'a> {
    fn compare(&mut self, on: Option<&'a str>, set: &'a SelectionSet) -> Result<(), Error> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    let first = *self.first.entry((on, key)).or_insert(field);
                    if !same_field(&first.node, &field.node) {
                        return Err(conflict(key, field));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.compare(on, &fragment.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if self.spread.insert(name) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.compare(Some(on), &fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// An error of the library's validation.
pub(super) fn invalid(error: ServerError) -> Error {
    let mut invalid = Error::new(Code::GraphqlValidationFailed, error.message);
    invalid.locations = error.locations.iter().map(|at| (at.line, at.column)).collect();
    invalid
}
