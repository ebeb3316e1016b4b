//! Posts abroad: who serves at them, the programmes that protect their people, and what their chiefs are advised.

mod advice;
mod programmes;
mod tours;

use entity::post;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use time::Duration;

pub use self::{
    advice::{record_advice, record_decision},
    programmes::{add_finding, end_programme, establish_programme, record_review, resolve_finding},
    tours::{change_tour, record_tour, remove_tour},
};
use super::{
    command::{Act, Input, refused},
    parts::found,
};
use crate::{access::Kind, error::Result};

/// How far ahead something may be due: five years.
const LONGEST: Duration = Duration::days(5 * 366);
/// What is still today, or no longer, somewhere on earth: a day's slack.
const SLACK: Duration = Duration::DAY;

/// The post that the input names; see [`Act::on`].
async fn on(act: &mut Act<'_>, input: &Input) -> Result<post::Model> {
    let seen = act.on(input, "postId").await?;
    found::<post::Entity>(act, &seen).await
}

/// The day so far from the present one (UTC), as rows hold it.
fn day_from_now(act: &Act<'_>, by: Duration) -> String {
    act.now().date().saturating_add(by).to_string()
}

/// Says what is done in an emergency; null takes it away.
pub async fn set_emergency_plan(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = on(act, input).await?;
    if input.given("emergencyPlan").is_none() {
        return Err(refused("emergencyPlan", "what is done, or null for none"));
    }
    let id = row.id.clone();
    act.touch(Kind::Post, &id);
    let mut set = row.into_active_model();
    set.emergency_plan = Set(input.maybe("emergencyPlan"));
    set.update(act.rows()).await?;
    Ok(act.changed(&[("post", &id)]))
}
