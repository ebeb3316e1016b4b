//! A visit is taken on or declined, begins, ends, and is called off.

use entity::visit;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::{Visiting, renew};
use crate::{
    desk::command::{Act, Input},
    error::Result,
};

/// Takes it on.
pub async fn accept(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let at = act.at();
    go(act, input, |set| {
        set.threat_assessment = Set(input.maybe("threatAssessment"));
        set.accepted_at = Set(Some(at));
    })
    .await
}

/// Declines it.
pub async fn decline(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    go(act, input, |set| set.reason = Set(input.maybe("reason"))).await
}

/// Says that it has begun, or that it is over.
pub async fn advance(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    go(act, input, |_| {}).await
}

/// Calls it off.
pub async fn cancel(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    go(act, input, |set| set.reason = Set(input.maybe("reason"))).await
}

/// Says what is to be feared.
pub async fn assess(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    go(act, input, |set| set.threat_assessment = Set(input.maybe("threatAssessment"))).await
}

/// Goes where the command leads.
async fn go(act: &mut Act<'_>, input: &Input, also: impl FnOnce(&mut visit::ActiveModel)) -> Result<Vec<String>> {
    let visiting = Visiting::on(act, input).await?;
    let id = visiting.row.id.clone();
    let mut set = visiting.row.into_active_model();
    set.status = Set(visiting.to.name().to_owned());
    also(&mut set);
    set.update(act.rows()).await?;
    // What is at an end is in nobody's way.
    renew(act, &id).await?;
    Ok(act.changed(&[("visit", &id)]))
}
