//! From what a request says to the text that is run for it: the text itself, the id of a trusted document (GraphQL over
//! HTTP, appendix on persisted documents), or a hash (automatic persisted queries).
//!
//! A role's manifest are those of its agency's trusted documents that fit the role's schema, within the limits. What is
//! not in it is answered as if it were nowhere, so that nobody learns what another role asks. An agency that is limited to
//! its documents is refused any other text before anything looks at it.

use std::{borrow::Cow, sync::Arc};

use moka::sync::Cache;
use serde_json::Value;

use super::{Gateway, GraphRequest, RoleGraph, document::Document, persisted::Persisted};
use crate::{
    config,
    desk::DocumentName,
    digest::sha256_hex,
    error::{Code, Error, Result},
    identity::Principal,
};

/// The member of `extensions` that names a document by its hash.
const PERSISTED_QUERY: &str = "persistedQuery";
/// Bytes of trusted documents that are remembered, of all agencies: a look at the database brings back what is forgotten.
const STORED_BYTES: u64 = 16 << 20;
/// Characters of an id that an error repeats.
const TOLD: usize = 64;

/// What is remembered of documents that requests name.
#[derive(Debug)]
pub(super) struct Trusted {
    /// (version of standing, agency, name) → the text: a change of the registry voids it.
    stored: Cache<(i64, String, DocumentName), Arc<str>>,
    persisted: Persisted,
}

impl Trusted {
    pub(super) fn new(cache: &config::Cache) -> Self {
        let stored = Cache::builder()
            .max_capacity(STORED_BYTES)
            .weigher(|(_, agency, name): &(i64, String, DocumentName), text: &Arc<str>| {
                let (DocumentName::Id(name) | DocumentName::Hash(name)) = name;
                u32::try_from(agency.len() + name.len() + text.len()).unwrap_or(u32::MAX)
            })
            .build();
        Self { stored, persisted: Persisted::new(cache.persisted_bytes) }
    }

    /// The same, or an empty one where other bounds are set: a text is validated by whoever asks it next.
    pub(super) fn within(present: &Arc<Self>, cache: &config::Cache) -> Arc<Self> {
        if present.persisted.bytes() == cache.persisted_bytes {
            Arc::clone(present)
        } else {
            Arc::new(Self::new(cache))
        }
    }
}

/// What is said where the role's manifest, or what its clients have said, has not what was asked.
#[derive(Debug)]
enum Missing {
    /// No document of that id.
    Id(String),
    /// No text of that hash: a client then sends both.
    Hash,
    /// No text of that hash, and none is remembered here.
    NoHashes,
    /// The agency is limited, and the text is not one of its documents.
    Untrusted,
}

impl Missing {
    fn error(&self) -> Error {
        match self {
            Self::Id(id) => {
                let told: String = id.chars().take(TOLD).collect();
                let more = if told.len() < id.len() { "…" } else { "" };
                let message =
                    format!("documentId: there is no trusted document \"{told}{more}\" of your agency and role");
                Error::new(Code::NotFound, message)
            }
            // Apollo's clients know these two by their messages.
            Self::Hash => Error::new(Code::NotFound, "PersistedQueryNotFound"),
            Self::NoHashes => Error::input("PersistedQueryNotSupported"),
            Self::Untrusted => Error::new(Code::Forbidden, "this agency asks by its trusted documents only"),
        }
    }
}

/// A request whose text is known.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    request: Cow<'a, GraphRequest>,
    /// What is said where the document does not fit the role; nothing where the client may know why.
    missing: Option<Missing>,
    /// The hash under which the text is to be remembered.
    hash: Option<String>,
}

impl<'a> Asked<'a> {
    /// The text is the client's own.
    const fn as_sent(request: &'a GraphRequest) -> Self {
        Self { request: Cow::Borrowed(request), missing: None, hash: None }
    }

    /// The text was found by its name.
    fn found(request: &GraphRequest, text: &str, missing: Missing) -> Self {
        let mut request = GraphRequest { query: text.to_owned(), document_id: None, ..request.clone() };
        request.extensions.remove(PERSISTED_QUERY);
        Self { request: Cow::Owned(request), missing: Some(missing), hash: None }
    }

    /// The request, with its text.
    pub(super) fn request(&self) -> &GraphRequest {
        &self.request
    }

    /// The request by its text alone, for whoever asks it again.
    pub(super) fn into_request(self) -> GraphRequest {
        let mut request = self.request.into_owned();
        request.extensions.remove(PERSISTED_QUERY);
        request
    }

    /// Whether the client may be told what is wrong with the document.
    pub(super) const fn is_open(&self) -> bool {
        self.missing.is_none()
    }

    /// What is told of a document that was refused. What is too much under limits that were lowered is not there either:
    /// for whom it would be is found out after that.
    fn refusal(&self, errors: Vec<Error>) -> Vec<Error> {
        let of_text = [Code::GraphqlValidationFailed, Code::QueryTooComplex, Code::GraphqlParseFailed];
        match &self.missing {
            Some(missing) if errors.iter().any(|error| of_text.contains(&error.code)) => vec![missing.error()],
            _ => errors,
        }
    }
}

impl Gateway {
    /// The request with the text that is to be run for it, if there is one that may be.
    pub(super) async fn asked<'a>(&self, principal: &Principal, request: &'a GraphRequest) -> Result<Asked<'a>> {
        let hash = named_hash(request)?;
        let is_limited = principal.documents_only();
        // A text of no bytes is never a document.
        let has_text = !request.query.is_empty();
        if let Some(begun) = request.progress.text().filter(|_| !has_text) {
            if is_limited {
                let name = DocumentName::Hash(sha256_hex(begun.as_bytes()));
                self.stored(principal, name).await?.ok_or_else(|| Missing::Untrusted.error())?;
            }
            return Ok(Asked::found(request, &begun, Missing::Untrusted));
        }
        match (&request.document_id, hash) {
            (Some(id), None) if !has_text => {
                let missing = Missing::Id(id.clone());
                let text = self.stored(principal, DocumentName::Id(id.clone())).await?;
                let text = text.ok_or_else(|| missing.error())?;
                Ok(Asked::found(request, &text, missing))
            }
            (Some(_), _) => {
                Err(Error::input("documentId: expected alone, without `query` and without `extensions.persistedQuery`"))
            }
            (None, None) if is_limited => self.within_manifest(principal, request, sha256_hex(&request.query)).await,
            (None, None) => Ok(Asked::as_sent(request)),
            (None, Some(hash)) if has_text => {
                if sha256_hex(&request.query) != hash {
                    let message = "extensions.persistedQuery.sha256Hash: expected the SHA-256 of `query`";
                    return Err(Error::input(message));
                }
                if is_limited {
                    return self.within_manifest(principal, request, hash).await;
                }
                Ok(Asked { hash: Some(hash), ..Asked::as_sent(request) })
            }
            (None, Some(hash)) => {
                let (agency, role) = (principal.agency(), principal.role());
                // What a limited agency said before it was limited is no document of it.
                let persisted = &self.trusted.persisted;
                let said = if is_limited { None } else { persisted.get(agency, role, &hash) };
                let missing = match (is_limited, persisted.is_on()) {
                    (true, _) => Missing::Untrusted,
                    (false, true) => Missing::Hash,
                    (false, false) => Missing::NoHashes,
                };
                let text = match said {
                    Some(text) => text,
                    None => self.stored(principal, DocumentName::Hash(hash)).await?.ok_or_else(|| missing.error())?,
                };
                Ok(Asked::found(request, &text, missing))
            }
        }
    }

    /// A request of a limited agency by a text of that hash.
    async fn within_manifest<'a>(
        &self,
        principal: &Principal,
        request: &'a GraphRequest,
        hash: String,
    ) -> Result<Asked<'a>> {
        let missing = Missing::Untrusted;
        match self.stored(principal, DocumentName::Hash(hash)).await? {
            Some(_) => Ok(Asked { missing: Some(missing), ..Asked::as_sent(request) }),
            None => Err(missing.error()),
        }
    }

    /// The text of a trusted document of the principal's agency.
    async fn stored(&self, principal: &Principal, name: DocumentName) -> Result<Option<Arc<str>>> {
        let key = (principal.standing_version(), principal.agency().to_owned(), name);
        if let Some(known) = self.trusted.stored.get(&key) {
            return Ok(Some(known));
        }
        let limit = self.limits.operation_time();
        let found = tokio::time::timeout(limit, self.desk.trusted(&key.1, &key.2)).await;
        let late = |_| Error::new(Code::Timeout, "the trusted documents could not be looked at in time");
        let text: Option<Arc<str>> = found.map_err(late)??.map(Into::into);
        if let Some(text) = &text {
            self.trusted.stored.insert(key, text.clone());
        }
        Ok(text)
    }

    /// The document of a request, if the role may ask it; its text is then remembered under the hash that came with it.
    pub(super) async fn accepted(
        &self,
        principal: &Principal,
        graph: &RoleGraph,
        asked: &Asked<'_>,
        text: &Arc<str>,
    ) -> Result<Arc<Document>, Vec<Error>> {
        let role = principal.role();
        let document = self.document(role, graph, text).await.map_err(|errors| asked.refusal(errors))?;
        if let Some(hash) = &asked.hash {
            self.trusted.persisted.keep(principal.agency(), role, hash, text);
        }
        Ok(document)
    }
}

/// The hash by which a request names its document, in lower case.
fn named_hash(request: &GraphRequest) -> Result<Option<String>> {
    let Some(given) = request.extensions.get(PERSISTED_QUERY).filter(|given| !given.is_null()) else {
        return Ok(None);
    };
    if given.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(Error::input("extensions.persistedQuery.version: expected 1"));
    }
    let hash = given.get("sha256Hash").and_then(Value::as_str);
    match hash.filter(|hash| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(hash) => Ok(Some(hash.to_ascii_lowercase())),
        None => Err(Error::input("extensions.persistedQuery.sha256Hash: expected 64 hexadecimal digits")),
    }
}
