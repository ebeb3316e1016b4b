//! Posts abroad, and what hangs on them.

use entity::{incident, post};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Emitted, present};
use crate::access::{
    Kind, Tlp,
    emit::{self, IncidentFacts},
};

pub(super) async fn posts(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let there = present(db, post::Column::Id, ids).await?;
    Ok(there.into_iter().map(|id| (id.clone(), emit::post(&id))).collect())
}

/// Of children of a type: all are for the same.
pub(super) async fn children<C: ColumnTrait>(
    db: &impl ConnectionTrait,
    kind: Kind,
    id: C,
    ids: &[String],
) -> Result<Emitted, DbErr>
where
    C::EntityName: EntityTrait<Column = C>,
{
    let there = present(db, id, ids).await?;
    Ok(there.into_iter().map(|id| (id, emit::of_post(kind))).collect())
}

pub(super) async fn incidents(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    use incident::Column::{Id, PostId, ReporterId, Setting, Tlp as Marking};
    let rows: Vec<(String, String, String, String, String)> = incident::Entity::find()
        .select_only()
        .columns([Id, PostId, Setting, ReporterId, Marking])
        .filter(Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let emitted = rows.into_iter().map(|(id, post, setting, reporter, tlp)| {
        // One that cannot be read counts as the strictest.
        let (at_home, tlp) = (setting != "AT_WORK", Tlp::of_row(&tlp));
        (id, emit::incident(&IncidentFacts { post, at_home, reporter, tlp }))
    });
    Ok(emitted.collect())
}
