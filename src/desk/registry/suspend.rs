//! Suspending an agency: its tokens are refused, its keys and grants are void, its rows stay.

use entity::agency::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use crate::{access::Kind, desk::Work, error::Result};

/// Suspends; whether that changed anything.
pub async fn suspend(work: &mut Work, agency: Model) -> Result<bool> {
    let now = work.clock().now_text();
    set(work, agency, Some(now)).await
}

/// Ends a suspension; whether that changed anything.
pub async fn resume(work: &mut Work, agency: Model) -> Result<bool> {
    set(work, agency, None).await
}

async fn set(work: &mut Work, agency: Model, since: Option<String>) -> Result<bool> {
    if agency.suspended_at.is_some() == since.is_some() {
        return Ok(false);
    }
    let id = agency.id.clone();
    ActiveModel { suspended_at: Set(since), ..agency.into_active_model() }.update(work.rows()).await?;
    work.touch(Kind::Agency, id);
    work.standing_changed();
    Ok(true)
}
