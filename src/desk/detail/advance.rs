//! What is found in advance of a leg.

use entity::{advance_note, leg};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use crate::{
    access::Kind,
    desk::{
        command::{Act, Input},
        parts::{found, room},
        visit::Visiting,
    },
    error::Result,
};

/// Notes of a visit, at most.
const MOST: u64 = 1_000;

/// Writes it down.
pub async fn add_advance_note(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "legId").await?;
    let row = found::<leg::Entity>(act, &seen).await?;
    let visit = Visiting::of(act, &row.visit_id, &seen.sight).await?.row;
    room(act, (advance_note::Column::VisitId, &visit.id), MOST).await?;
    let id = act.new_id();
    let note = advance_note::ActiveModel {
        id: Set(id.clone()),
        visit_id: Set(visit.id.clone()),
        leg_id: Set(Some(row.id.clone())),
        author_id: Set(Some(act.principal().person().to_owned())),
        body: Set(input.must("body")),
        at: Set(act.at()),
    };
    note.insert(act.rows()).await?;
    act.touch(Kind::AdvanceNote, &id);
    Ok(act.changed(&[("visit", &visit.id), ("leg", &row.id), ("advanceNote", &id)]))
}
