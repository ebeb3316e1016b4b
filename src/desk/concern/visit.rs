//! With which visit a concern has to do.

use entity::visit;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::case::{Case, To, Words};
use crate::{
    access::Kind,
    desk::command::{Act, Input, refused},
    error::{Code, Error, Result},
};

/// Says so, or that it has to do with none.
pub async fn link_to_visit(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    if input.given("visitId").is_none() {
        return Err(refused("visitId", "the id of a visit, or null for none"));
    }
    let linked = if input.has("visitId") { Some(seen(act, input).await?) } else { None };
    let id = linked.as_ref().map(|visit| visit.id.clone());
    if id == case.row.visit_id {
        return Err(Error::new(Code::Conflict, "input.visitId: it is so already"));
    }
    let told = linked.map_or_else(|| "No visit".to_owned(), |visit| format!("Visit {}", visit.reference));
    case.has_to_do_with(act, id.as_deref()).await?;
    case.set.visit_id = Set(id);
    // Who else reads the concern need not know of the visit.
    case.write(act, Words::new("COMMENT", To::Dss, Some(&told)), None);
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern)]))
}

/// A visit that the principal sees: all else is refused alike.
pub(super) async fn seen(act: &Act<'_>, input: &Input) -> Result<visit::Model> {
    let row = input.row("visitId", Kind::Visit);
    let is_seen = act.sight(Kind::Visit, &row).await?.is_some();
    let visit = visit::Entity::find_by_id(&row).one(act.rows()).await?;
    visit.filter(|_| is_seen).ok_or_else(|| refused("visitId", "the id of a visit that you may see"))
}
