//! Courtesies of the port: the principal is received at a port of entry, or seen off.

use entity::{port_courtesy, visit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use time::{Duration, OffsetDateTime};

use super::{
    Visiting,
    party::{DENIED, PENDING, decided},
};
use crate::{
    access::Kind,
    clock::parse_instant,
    desk::{
        command::{Act, Input, refused},
        parts::{day, found, room},
        response,
    },
    error::{Code, Error, Result},
    model::public_id,
};

/// Courtesies of a visit, at most.
const MOST: u64 = 50;
/// Business days ahead by which a courtesy is asked for, or else with a reason.
const NOTICE: i64 = 3;
/// By how much a principal may pass a port before the visit's first day, or after its last: they may come from afar.
const TRAVEL: Duration = Duration::days(2);

/// Asks for one.
pub async fn request_port_courtesy(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let visit = Visiting::on(act, input).await?.row;
    room(act, (port_courtesy::Column::VisitId, &visit.id), MOST).await?;
    let id = ask(act, input, &visit, "at").await?;
    Ok(act.changed(&[("visit", &visit.id), ("portCourtesy", &id)]))
}

/// Writes what is asked for; `at` names the field of the instant.
pub(super) async fn ask(act: &mut Act<'_>, input: &Input, visit: &visit::Model, at: &str) -> Result<String> {
    let passes_at = input.must(at);
    let passes = parse_instant(&passes_at).ok_or_else(|| refused(at, "an instant"))?;
    if !is_near(passes, (&visit.arrives_on, &visit.departs_on))? {
        return Err(refused(at, "an instant within two days of the days of the visit"));
    }
    let is_late = passes < response::after_business_days(act.now(), NOTICE);
    if is_late && !input.has("lateReason") {
        return Err(refused("lateReason", "a reason, as it is less than three business days ahead"));
    }
    let id = act.new_id();
    let row = port_courtesy::ActiveModel {
        id: Set(id.clone()),
        visit_id: Set(visit.id.clone()),
        direction: Set(input.maybe("direction").unwrap_or_else(|| "ARRIVAL".to_owned())),
        port: Set(input.must("port")),
        carrier: Set(input.maybe("carrier")),
        at: Set(passes_at),
        late_reason: Set(input.maybe("lateReason")),
        requested_by_id: Set(Some(act.principal().person().to_owned())),
        requested_at: Set(act.at()),
        decision: Set(PENDING.to_owned()),
        decided_by_id: Set(None),
        decided_at: Set(None),
        reason: Set(None),
    };
    row.insert(act.rows()).await?;
    act.touch(Kind::PortCourtesy, &id);
    Ok(id)
}

/// Whether somebody who passes a port then comes for a visit of these days.
fn is_near(passes: OffsetDateTime, (first, last): (&str, &str)) -> Result<bool> {
    let from = day(first)?.midnight().assume_utc().saturating_sub(TRAVEL);
    let until = day(last)?.midnight().assume_utc().saturating_add(Duration::DAY + TRAVEL);
    Ok((from..=until).contains(&passes))
}

/// Whether all courtesies that were asked for are for these days.
pub(super) async fn all_are_near(act: &Act<'_>, visit: &str, days: (&str, &str)) -> Result<()> {
    let asked = port_courtesy::Entity::find().filter(port_courtesy::Column::VisitId.eq(visit)).all(act.rows()).await?;
    for courtesy in asked.iter().filter(|courtesy| courtesy.decision != DENIED) {
        if !parse_instant(&courtesy.at).map_or(Ok(false), |at| is_near(at, days))? {
            let message = "changeVisit: a courtesy of the port lies more than two days from these days: the officer responsible must deny it first";
            let courtesy = public_id(Kind::PortCourtesy, &courtesy.id);
            return Err(Error::new(Code::Conflict, message).with("portCourtesy", courtesy.into()));
        }
    }
    Ok(())
}

/// Grants or denies it; a decision may be changed while the visit is not at an end.
pub async fn decide_port_courtesy(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "portCourtesyId").await?;
    let row = found::<port_courtesy::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    let decision = decided(input, (&row.decision, row.reason.as_ref()), "portCourtesyId")?;
    let id = row.id.clone();
    let mut set = row.into_active_model();
    set.decision = Set(decision);
    set.decided_by_id = Set(Some(act.principal().person().to_owned()));
    set.decided_at = Set(Some(act.at()));
    set.reason = Set(input.maybe("reason"));
    set.update(act.rows()).await?;
    act.touch(Kind::PortCourtesy, &id);
    Ok(act.changed(&[("visit", &visit.id), ("portCourtesy", &id)]))
}
