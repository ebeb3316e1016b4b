//! Who comes along, and which weapons foreign officers bring.

use entity::{delegate, weapons_notice};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};

use super::{Visiting, renew};
use crate::{
    access::Kind,
    desk::{
        command::{Act, Input, refused},
        parts::{found, room},
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Members of a delegation, at most.
const MOST_DELEGATES: u64 = 500;
/// Weapons of a visit, at most.
const MOST_NOTICES: u64 = 200;

/// What nothing was decided on yet.
pub(super) const PENDING: &str = "PENDING";
/// What was denied.
pub(super) const DENIED: &str = "DENIED";

/// Names somebody.
pub async fn add_delegate(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visit = Visiting::on(act, input).await?.row;
    room(act, (delegate::Column::VisitId, &visit.id), MOST_DELEGATES).await?;
    let id = act.new_id();
    let row = delegate::ActiveModel {
        id: Set(id.clone()),
        visit_id: Set(visit.id.clone()),
        name: Set(input.must("name")),
        capacity: Set(input.maybe("capacity")),
        added_at: Set(act.at()),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::Delegate, &id);
    renew(act, &visit.id).await?;
    Ok(act.changed(&[("visit", &visit.id), ("delegate", &id)]))
}

/// Takes somebody from the delegation.
pub async fn remove_delegate(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "delegateId").await?;
    let row = found::<delegate::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    let id = row.id.clone();
    row.delete(act.rows()).await?;
    act.removed(Kind::Delegate, &id, (Kind::Visit, &visit.id));
    renew(act, &visit.id).await?;
    Ok(act.changed(&[("visit", &visit.id)]))
}

/// Gives notice of a weapon.
pub async fn file_weapons_notice(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visit = Visiting::on(act, input).await?.row;
    room(act, (weapons_notice::Column::VisitId, &visit.id), MOST_NOTICES).await?;
    let (make, serial) = (input.must("make"), input.must("serial"));
    let known = weapons_notice::Entity::find()
        .filter(weapons_notice::Column::VisitId.eq(&visit.id))
        .filter(weapons_notice::Column::Make.eq(&make))
        .filter(weapons_notice::Column::Serial.eq(&serial))
        .one(act.rows())
        .await?;
    if let Some(known) = known {
        let message = "input.serial: notice of this weapon was given for this visit";
        let notice = public_id(Kind::WeaponsNotice, &known.id);
        return Err(Error::new(Code::Conflict, message).with("weaponsNotice", notice.into()));
    }
    let id = act.new_id();
    let row = weapons_notice::ActiveModel {
        id: Set(id.clone()),
        visit_id: Set(visit.id.clone()),
        officer: Set(input.must("officer")),
        make: Set(make),
        serial: Set(serial),
        route: Set(input.must("route")),
        filed_by_id: Set(Some(act.principal().person().to_owned())),
        filed_at: Set(act.at()),
        decision: Set(PENDING.to_owned()),
        decided_by_id: Set(None),
        decided_at: Set(None),
        reason: Set(None),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::WeaponsNotice, &id);
    Ok(act.changed(&[("visit", &visit.id), ("weaponsNotice", &id)]))
}

/// Grants or denies it; a decision may be changed while the visit is not at an end.
pub async fn decide_weapons_notice(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "weaponsNoticeId").await?;
    let row = found::<weapons_notice::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    let decision = decided(input, (&row.decision, row.reason.as_ref()), "weaponsNoticeId")?;
    let id = row.id.clone();
    let mut set = row.into_active_model();
    set.decision = Set(decision);
    set.decided_by_id = Set(Some(act.principal().person().to_owned()));
    set.decided_at = Set(Some(act.at()));
    set.reason = Set(input.maybe("reason"));
    set.update(act.rows()).await?;
    act.touch(Kind::WeaponsNotice, &id);
    Ok(act.changed(&[("visit", &visit.id), ("weaponsNotice", &id)]))
}

/// What is decided: what is denied has a reason, and what is so already, on the same terms, is not decided again.
pub(super) fn decided(input: &Input, before: (&str, Option<&String>), field: &str) -> Result<String> {
    let decision = input.must("decision");
    if decision == DENIED && !input.has("reason") {
        return Err(refused("reason", "a reason, as it is denied"));
    }
    if (decision.as_str(), input.maybe("reason").as_ref()) == before {
        return Err(Error::new(Code::Conflict, format!("input.{field}: it is {decision}")));
    }
    Ok(decision)
}
