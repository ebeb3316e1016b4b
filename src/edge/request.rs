//! Reads one GraphQL request out of a JSON body or a query string, strictly: what two readers could understand
//! differently (a member twice, a wrong type) is refused, in words and not in a parser's.

use std::fmt;

use axum::http::StatusCode;
use serde::{
    Deserialize,
    de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use super::{body::Unfit, seam::GraphRequest};
use crate::error::{Code, Error};

/// The members of a request, each as it was written.
#[derive(Default)]
struct Members<'a> {
    query: Option<&'a RawValue>,
    document_id: Option<&'a RawValue>,
    operation_name: Option<&'a RawValue>,
    variables: Option<&'a RawValue>,
    extensions: Option<&'a RawValue>,
    twice: Option<&'static str>,
}

impl<'a> Deserialize<'a> for Members<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'a> Visitor<'a> for Reader {
            type Value = Members<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Members<'a>, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<String>()? {
                    let (slot, name) = match name.as_str() {
                        "query" => (&mut members.query, "query"),
                        "documentId" => (&mut members.document_id, "documentId"),
                        "operationName" => (&mut members.operation_name, "operationName"),
                        "variables" => (&mut members.variables, "variables"),
                        "extensions" => (&mut members.extensions, "extensions"),
                        _ => {
                            // The draft reserves other members; a client may send them.
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    if slot.replace(map.next_value()?).is_some() {
                        members.twice = Some(name);
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

fn bad(message: impl Into<String>) -> Unfit {
    Unfit::new(StatusCode::BAD_REQUEST, message)
}

/// A member that may be absent or null.
fn optional<T: DeserializeOwned>(raw: Option<&str>, name: &str, expected: &str) -> Result<Option<T>, Unfit> {
    raw.map_or(Ok(None), |raw| {
        serde_json::from_str(raw).map_err(|_| bad(format!("`{name}` must be {expected}, or null, or absent")))
    })
}

/// A request, by its document or by a name of it: one of them must be there, and not both the document and its id.
fn read(
    (query, document_id): (Option<String>, Option<String>),
    operation_name: Option<String>,
    variables: Option<&str>,
    extensions: Option<&str>,
) -> Result<GraphRequest, Unfit> {
    let variables = optional::<Map<String, Value>>(variables, "variables", "an object")?.unwrap_or_default();
    let extensions = optional::<Map<String, Value>>(extensions, "extensions", "an object")?.unwrap_or_default();
    let has_hash = extensions.get("persistedQuery").is_some_and(|given| !given.is_null());
    let query = match query {
        Some(_) if document_id.is_some() => return Err(bad("`query` and `documentId`: send one of them")),
        Some(query) => query,
        None if document_id.is_some() || has_hash => String::new(),
        None => return Err(bad(MISSING)),
    };
    Ok(GraphRequest { query, document_id, operation_name, variables, extensions, ..GraphRequest::default() })
}

const MISSING: &str =
    "`query` is missing: send a GraphQL document as a string, or the `documentId` of one that is trusted";

/// A POST body.
pub fn from_body(body: &[u8]) -> Result<GraphRequest, Unfit> {
    let text = std::str::from_utf8(body).map_err(|_| bad("the body is not UTF-8"))?;
    match text.trim_start().bytes().next() {
        Some(b'{') => {}
        Some(b'[') => return Err(bad("batches are not served: send one request object, not an array")),
        Some(_) => return Err(bad("the body must be a JSON object with the member `query`")),
        None => return Err(bad("the body is empty: send a JSON object with the member `query`")),
    }
    let members: Members<'_> = serde_json::from_str(text).map_err(|error| {
        bad(format!("the body is not well-formed JSON (at line {} column {})", error.line(), error.column()))
    })?;
    if let Some(name) = members.twice {
        return Err(bad(format!("`{name}` stands more than once in the body")));
    }
    let document_id: Option<String> = optional(members.document_id.map(RawValue::get), "documentId", "a string")?;
    let query = members
        .query
        // Beside a name of the document it may be null: clients that always send the member write it so.
        .filter(|raw| raw.get() != "null" || (document_id.is_none() && members.extensions.is_none()))
        .map(|raw| serde_json::from_str(raw.get()).map_err(|_| bad("`query` must be a string")))
        .transpose()?;
    let operation_name = optional(members.operation_name.map(RawValue::get), "operationName", "a string")?;
    read(
        (query, document_id),
        operation_name,
        members.variables.map(RawValue::get),
        members.extensions.map(RawValue::get),
    )
}

/// The requests of a POST body that is a batch, each as it may be; none where the body is no array.
pub fn batch(body: &[u8], most: usize) -> Result<Option<Vec<Result<GraphRequest, Unfit>>>, Unfit> {
    let is_array = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if most == 0 || !is_array {
        return Ok(None);
    }
    let requests: Vec<&RawValue> = serde_json::from_slice(body).map_err(|error| {
        bad(format!("the body is not well-formed JSON (at line {} column {})", error.line(), error.column()))
    })?;
    match requests.len() {
        0 => Err(bad("the batch is empty: send at least one request object")),
        many if many > most => {
            let message = format!("batch: at most {most} operations, not {many}");
            Err(Unfit(StatusCode::BAD_REQUEST, Error::new(Code::QueryTooComplex, message)))
        }
        _ => Ok(Some(requests.into_iter().map(|request| from_body(request.get().as_bytes())).collect())),
    }
}

/// The parameters of a GET.
pub fn from_query(pairs: Vec<(String, String)>) -> Result<GraphRequest, Unfit> {
    let (mut query, mut document_id) = (None, None);
    let (mut operation_name, mut variables, mut extensions) = (None, None, None);
    for (name, value) in pairs {
        let slot = match name.as_str() {
            "query" => &mut query,
            "documentId" => &mut document_id,
            "operationName" => &mut operation_name,
            "variables" => &mut variables,
            "extensions" => &mut extensions,
            _ => continue,
        };
        if slot.replace(value).is_some() {
            return Err(bad(format!("`{name}` stands more than once in the query string")));
        }
    }
    // An empty parameter is an absent one: HTML forms and many clients write them so.
    let given = |value: Option<String>| value.filter(|text| !text.is_empty());
    let named = (query, given(document_id));
    let request = read(named, given(operation_name), given(variables).as_deref(), given(extensions).as_deref())?;
    Ok(GraphRequest { read_only: true, ..request })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::empty("", "the body is empty")]
    #[case::batch("[{\"query\":\"{a}\"}]", "batches are not served")]
    #[case::text("\"{a}\"", "must be a JSON object")]
    #[case::cut("{\"query\":", "not well-formed JSON")]
    #[case::deep(&format!("{{\"query\":\"\",\"variables\":{}", "[".repeat(100_000)), "not well-formed JSON")]
    #[case::trailing("{\"query\":\"{a}\"} x", "not well-formed JSON")]
    #[case::no_query("{}", "`query` is missing")]
    #[case::null_query("{\"query\":null}", "`query` must be a string")]
    #[case::two("{\"query\":\"{a}\",\"documentId\":\"a\"}", "`query` and `documentId`: send one of them")]
    #[case::two_and_empty("{\"query\":\"\",\"documentId\":\"a\"}", "`query` and `documentId`: send one of them")]
    #[case::null_id("{\"documentId\":null}", "`query` is missing")]
    #[case::null_hash("{\"extensions\":{\"persistedQuery\":null}}", "`query` is missing")]
    #[case::id("{\"documentId\":1}", "`documentId` must be a string")]
    #[case::id_twice("{\"documentId\":\"a\",\"documentId\":\"b\"}", "`documentId` stands more than once")]
    #[case::number("{\"query\":1}", "`query` must be a string")]
    #[case::twice("{\"query\":\"{a}\",\"query\":\"{b}\"}", "`query` stands more than once")]
    #[case::escaped_twice("{\"query\":\"{a}\",\"quer\\u0079\":\"{b}\"}", "`query` stands more than once")]
    #[case::name("{\"query\":\"{a}\",\"operationName\":{}}", "`operationName` must be a string")]
    #[case::variables("{\"query\":\"{a}\",\"variables\":[]}", "`variables` must be an object")]
    #[case::variables_text("{\"query\":\"{a}\",\"variables\":\"{}\"}", "`variables` must be an object")]
    #[case::extensions("{\"query\":\"{a}\",\"extensions\":false}", "`extensions` must be an object")]
    fn what_is_wrong_is_said(#[case] body: &str, #[case] message: &str) {
        let Unfit(status, error) = from_body(body.as_bytes()).expect_err("refused");
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(error.message.contains(message), "{}", error.message);
    }

    #[test]
    fn nulls_and_unknown_members_are_no_harm() {
        let body = br#" {"query":"{a}","operationName":null,"variables":null,"extensions":null,"id":[1]}"#;
        let request = from_body(body).expect("taken");
        assert_eq!((request.query.as_str(), request.operation_name, request.read_only), ("{a}", None, false));
    }
}
