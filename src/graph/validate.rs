//! Validation of a document against a role's schema, by async-graphql, without running it.

use std::sync::Arc;

use async_graphql::{
    Request, Response, ServerError, Value,
    dynamic::Schema,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use async_graphql_parser::types::{DocumentOperations, ExecutableDocument};

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

/// An error of the library's validation.
pub(super) fn invalid(error: ServerError) -> Error {
    let mut invalid = Error::new(Code::GraphqlValidationFailed, error.message);
    invalid.locations = error.locations.iter().map(|at| (at.line, at.column)).collect();
    invalid
}
