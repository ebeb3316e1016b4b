//! The documents that an agency's clients ask by (its manifest), and whether it is limited to them.
//!
//! Whether a text is a document that may be asked is for who imports it to find out: that knows the schemas.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    agency,
    trusted_document::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{agency_file::is_claim, form::expected};
use crate::{
    access::Kind,
    desk::Work,
    digest::sha256_hex,
    error::{Code, Error, Result},
};

/// Documents of one agency, at most.
pub const MOST: usize = 10_000;
/// The prefix of an id that is a hash (GraphQL over HTTP, appendix on persisted documents).
const OF_HASH: &str = "sha256:";

/// A document to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// As the agency's clients name it.
    pub id: String,
    /// The name of its operation.
    pub name: Option<String>,
    /// The document.
    pub text: String,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Documents that the agency did not have.
    pub new: usize,
    /// Those that have become another text.
    pub changed: usize,
    /// Those that it had.
    pub same: usize,
    /// Those that are gone.
    pub removed: usize,
}

/// A document as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// As the agency's clients name it.
    pub id: String,
    /// The name of its operation.
    pub name: Option<String>,
    /// SHA-256 of its text.
    pub sha256: String,
    /// When it was imported.
    pub imported_at: String,
}

/// Whether a text can name a document.
pub fn is_document_id(text: &str) -> bool {
    is_claim(text)
}

/// Whether an id may stand for a text: one that looks like a SHA-256 must be the text's.
pub fn check_id(id: &str, text: &str) -> Result<()> {
    if !is_document_id(id) {
        return Err(expected("id", "1 to 255 bytes without invisible or control characters"));
    }
    let hash = id.strip_prefix(OF_HASH);
    let digits = hash.unwrap_or(id);
    let is_hash = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match hash {
        Some(_) if !is_hash => Err(expected("id", "64 hexadecimal digits behind sha256:")),
        _ if is_hash && !digits.eq_ignore_ascii_case(&sha256_hex(text)) => {
            Err(expected("id", &format!("the SHA-256 of the text, {}", sha256_hex(text))))
        }
        _ => Ok(()),
    }
}

/// Adds documents, and exchanges the text of those that the agency has under the same id; with `replace`, those that are
/// not among them go.
pub async fn import(
    work: &mut Work,
    agency: &agency::Model,
    documents: &[NewDocument],
    replace: bool,
) -> Result<Imported> {
    let before: Vec<(String, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Sha256])
        .filter(Column::AgencyId.eq(&agency.id))
        .into_tuple()
        .all(work.rows())
        .await?;
    let before: BTreeMap<String, String> = before.into_iter().collect();
    let given: BTreeSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
    let now = work.clock().now_text();
    let mut done = Imported::default();
    for document in documents {
        check_id(&document.id, &document.text)?;
        let hash = sha256_hex(&document.text);
        let row = ActiveModel {
            agency_id: Set(agency.id.clone()),
            id: Set(document.id.clone()),
            sha256: Set(hash.clone()),
            name: Set(document.name.clone()),
            text: Set(document.text.clone()),
            imported_at: Set(now.clone()),
        };
        match before.get(&document.id) {
            None => {
                row.insert(work.rows()).await?;
                done.new += 1;
            }
            Some(known) if *known == hash => done.same += 1,
            Some(_) => {
                row.update(work.rows()).await?;
                done.changed += 1;
            }
        }
    }
    if replace {
        for id in before.keys().filter(|id| !given.contains(id.as_str())) {
            Entity::delete_by_id((agency.id.clone(), id.clone())).exec(work.rows()).await?;
            done.removed += 1;
        }
    }
    let count = count(work.rows(), &agency.id).await?;
    if count > MOST {
        let message = format!("an agency has at most {MOST} documents, this would be {count}: import with --replace");
        return Err(Error::new(Code::Conflict, message));
    }
    if (Imported { same: 0, ..done }) != Imported::default() {
        work.touch(Kind::Agency, agency.id.clone());
        work.standing_changed();
    }
    Ok(done)
}

/// How many documents an agency has.
pub async fn count(rows: &impl ConnectionTrait, agency: &str) -> Result<usize> {
    let count = Entity::find().filter(Column::AgencyId.eq(agency)).count(rows).await?;
    usize::try_from(count).map_err(Error::internal)
}

/// The documents of an agency by id, without their texts.
pub async fn list(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<Listed>> {
    let found: Vec<(String, Option<String>, String, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name, Column::Sha256, Column::ImportedAt])
        .filter(Column::AgencyId.eq(agency))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(rows)
        .await?;
    Ok(found.into_iter().map(|(id, name, sha256, imported_at)| Listed { id, name, sha256, imported_at }).collect())
}

/// Limits an agency to its documents, or frees it of that; whether that changed anything.
pub async fn limit(work: &mut Work, agency: agency::Model, only: bool) -> Result<bool> {
    if agency.documents_only == only {
        return Ok(false);
    }
    let id = agency.id.clone();
    agency::ActiveModel { documents_only: Set(only), ..agency.into_active_model() }.update(work.rows()).await?;
    work.touch(Kind::Agency, id);
    work.standing_changed();
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_looks_like_a_hash_is_one() {
        let text = "{ viewer { role } }";
        let hash = sha256_hex(text);
        let good = [hash.clone(), format!("sha256:{hash}"), hash.to_uppercase(), "Board".into(), "a".repeat(63)];
        for id in good {
            assert!(check_id(&id, text).is_ok(), "{id}");
        }
        let other = sha256_hex("{ a }");
        let bad = [other.clone(), format!("sha256:{other}"), "sha256:1".into(), String::new(), "a\nb".into()];
        for id in bad.into_iter().chain(["x".repeat(256)]) {
            assert!(check_id(&id, text).is_err(), "{id}");
        }
    }
}
