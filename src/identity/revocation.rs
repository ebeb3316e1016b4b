//! Tokens that are void before they expire.

use entity::revocation::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter};

use super::{
    Refusal,
    claims::{Claims, LEEWAY},
};
use crate::clock;

/// Whether the agency's token was revoked: it alone, or with all of its subject's or of its agency's that were issued
/// until then. Its `iat` is by the agency's clock, which may be ahead of ours by the leeway: what that clock calls later by
/// no more counts as issued before. So a token of the half minute after is refused too; none of before is accepted.
pub(super) async fn is_revoked(agency: &str, claims: &Claims, rows: &DatabaseConnection) -> Result<bool, Refusal> {
    let everybody = Condition::all().add(Column::Subject.is_null()).add(Column::Jti.is_null());
    let until_then = Condition::all()
        .add(Condition::any().add(Column::Subject.eq(&claims.subject)).add(everybody))
        .add(Column::At.gte(clock::instant(claims.issued_at.saturating_sub(LEEWAY))));
    let found = Entity::find()
        .filter(Column::AgencyId.eq(agency))
        .filter(Condition::any().add(Column::Jti.eq(&claims.id)).add(until_then))
        .one(rows)
        .await?;
    Ok(found.is_some())
}
