//! Revocations: tokens that are void before they expire, whoever holds them.
//!
//! A revocation is for what was issued until now; what lasts is that a person is disabled or an agency suspended. It is
//! written once and never taken back; when nothing that it voids could be valid any more, it may be thrown away.

use entity::revocation::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Duration;

use super::{
    agency_file::{LONGEST_LIFETIME, is_claim},
    form::expected,
    person,
};
use crate::{access::Kind, clock, desk::Work, error::Result, id};

/// Both clocks may be wrong by the leeway of tokens: when it is issued, and when it expires.
const LEEWAYS: i64 = 60;
/// The longest reason, in bytes.
const MAX_REASON: usize = 1000;

/// Which of an agency's tokens are void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The one of that `jti`, whenever it was issued.
    Token(String),
    /// Those of the person of that `sub`, issued until now.
    Subject(String),
    /// All of them, issued until now.
    Agency,
}

/// Why, and who says so: for the trail of the registry. Both are an operator's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// Why.
    pub reason: String,
    /// Who revokes.
    pub by: String,
}

/// Revokes tokens of an agency, on every server from the next request on. A subject must be enrolled, so that a typing
/// mistake is no revocation of nobody.
pub async fn revoke(work: &mut Work, agency: &str, revoked: Revoked, grounds: &Grounds) -> Result<()> {
    for (field, text) in [("reason", &grounds.reason), ("by", &grounds.by)] {
        let is_text = !text.trim().is_empty() && text.len() <= MAX_REASON && !text.chars().any(char::is_control);
        if !is_text {
            return Err(expected(field, &format!("a text of at most {MAX_REASON} bytes without control characters")));
        }
    }
    let (subject, jti) = match revoked {
        Revoked::Token(jti) if !is_claim(&jti) => {
            return Err(expected("jti", "a text of at most 255 bytes without invisible or control characters"));
        }
        Revoked::Token(jti) => (None, Some(jti)),
        Revoked::Subject(subject) => {
            let person = person::enrolled(work.rows(), agency, &subject).await?;
            work.touch(Kind::Person, person.id);
            (Some(subject), None)
        }
        Revoked::Agency => (None, None),
    };
    let now = work.clock().now();
    let lapses = now.saturating_add(Duration::seconds(LONGEST_LIFETIME + LEEWAYS));
    let row = ActiveModel {
        id: Set(id::new(now)),
        agency_id: Set(agency.to_owned()),
        subject: Set(subject),
        jti: Set(jti),
        at: Set(clock::instant(now)),
        expires_at: Set(clock::instant(lapses)),
        reason: Set(grounds.reason.trim().to_owned()),
        revoked_by: Set(grounds.by.trim().to_owned()),
    };
    row.insert(work.rows()).await?;
    work.touch(Kind::Agency, agency);
    work.standing_changed();
    Ok(())
}

/// What was revoked of an agency and is still kept, latest first.
pub async fn list(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<Model>> {
    let of_agency = Entity::find().filter(Column::AgencyId.eq(agency));
    Ok(of_agency.order_by_desc(Column::At).order_by_desc(Column::Id).all(rows).await?)
}

/// Throws away revocations of which nothing could be valid any more; how many there were. `now` is a canonical instant.
pub async fn prune(rows: &impl ConnectionTrait, now: &str) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(rows).await?.rows_affected)
}
