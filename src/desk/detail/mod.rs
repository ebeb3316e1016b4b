//! Protective details: who is on them, who is on when, and what they find in advance.

mod advance;
mod agents;
mod open;
mod shifts;
mod standing;

use entity::{agency, person, protective_detail, visit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub(super) use self::open::follow_days;
pub use self::{
    advance::add_advance_note,
    agents::{add_agency, assign, end_assignment, hand_over, remove_agency},
    open::{close, open, set_safe_haven},
    shifts::{add_shift, relieve_shift, remove_shift},
    standing::{STANDING, Standing, hand_over_to, open_standing, standing},
};
use super::{
    command::{Act, Input, refused},
    visit::is_alive,
};
use crate::{
    access::{AgencyKind, Kind, Role},
    error::{Code, Error, Result},
    identity::names,
    model::parse_id,
};

/// A detail that stands.
pub(super) const OPEN: &str = "OPEN";
/// A detail that was closed.
const CLOSED: &str = "CLOSED";

/// The open detail that the input names; see [`Act::on`].
async fn on(act: &mut Act<'_>, input: &Input) -> Result<protective_detail::Model> {
    let seen = act.on(input, "detailId").await?;
    of(act, &seen.row).await
}

/// The open detail on which hangs what the command is done on.
async fn of(act: &mut Act<'_>, id: &str) -> Result<protective_detail::Model> {
    act.remember(Kind::ProtectiveDetail, id).await?;
    let row = protective_detail::Entity::find_by_id(id).one(act.rows()).await?;
    let row = row.ok_or_else(|| Error::internal("a detail that was seen is gone"))?;
    if row.status != OPEN {
        let message = format!("{}: the detail is {}", act.command().name(), row.status);
        return Err(Error::new(Code::Conflict, message).with("status", row.status.into()));
    }
    Ok(row)
}

/// The visit that a detail protects, if it is one's.
async fn visit_of(act: &Act<'_>, detail: &protective_detail::Model) -> Result<Option<visit::Model>> {
    let Some(id) = &detail.visit_id else { return Ok(None) };
    let visit = visit::Entity::find_by_id(id).one(act.rows()).await?;
    Ok(Some(visit.ok_or_else(|| Error::internal("a detail of a visit that is gone"))?))
}

/// Likewise; a CONFLICT when that is at an end: nobody is put on such a detail any more.
async fn live_visit_of(act: &Act<'_>, detail: &protective_detail::Model) -> Result<Option<visit::Model>> {
    let visit = visit_of(act, detail).await?;
    if let Some(over) = visit.as_ref().filter(|visit| !is_alive(visit)) {
        let message = format!("{}: the visit is {}", act.command().name(), over.status);
        return Err(Error::new(Code::Conflict, message).with("status", over.status.as_str().into()));
    }
    Ok(visit)
}

/// Who the input names by subject: an agent of one's own agency, or somebody of the agency that it names beside, if that
/// supports the detail. Whoever is not one is refused alike.
async fn agent(act: &Act<'_>, input: &Input, detail: &str) -> Result<person::Model> {
    let (agency_id, role) = if input.has("agencyId") {
        let named = input.text("agencyId").and_then(parse_id).filter(|(kind, _)| *kind == Kind::Agency);
        let named = named.map(|(_, row)| row.to_owned()).unwrap_or_default();
        let key = (detail.to_owned(), named.clone());
        let supports = entity::detail_agency::Entity::find_by_id(key).one(act.rows()).await?.is_some();
        (if supports { named } else { String::new() }, Role::LawEnforcement)
    } else {
        (act.principal().agency().to_owned(), Role::DetailAgent)
    };
    person_of(act, &agency_id, &input.must("agent"), role).await?.ok_or_else(|| {
        refused("agent", "the subject of a detail agent, or of somebody of a supporting agency with its agencyId")
    })
}

/// Somebody who may be on a detail: enrolled, no machine, in the role.
async fn person_of(act: &Act<'_>, agency: &str, subject: &str, role: Role) -> Result<Option<person::Model>> {
    let found = person::Entity::find()
        .filter(person::Column::AgencyId.eq(agency))
        .filter(person::Column::Subject.eq(subject))
        .one(act.rows())
        .await?;
    Ok(found.filter(|person| may_be_on_one(person, role)))
}

/// Whether a person may be on a detail in a role.
fn may_be_on_one(person: &person::Model, role: Role) -> bool {
    person.disabled_at.is_none() && !person.machine && names::<Role>(&person.roles).contains(&role)
}

/// An agency of law enforcement that the principal sees: all else is refused alike.
async fn partner(act: &Act<'_>, input: &Input) -> Result<agency::Model> {
    let row = input.row("agencyId", Kind::Agency);
    let is_seen = act.sight(Kind::Agency, &row).await?.is_some();
    let agency = agency::Entity::find_by_id(&row).one(act.rows()).await?;
    let is_partner = |agency: &agency::Model| is_seen && agency.kind == AgencyKind::LawEnforcement.name();
    agency.filter(is_partner).ok_or_else(|| refused("agencyId", "the id of an agency of law enforcement"))
}
