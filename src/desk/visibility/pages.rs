//! All rows of a type, by pages of ids.

use entity::{
    acknowledgement, advance_note, advice, advisory, agency, assignment, concern, delegate, entry, evidence, finding,
    incident, incident_entry, leg, liaison, mission, mission_change, person, port_courtesy, post, post_programme,
    premises, programme_review, protective_detail, referral, security_contact, sending_state, share, shift, tour,
    venue, visibility, visit, visit_conflict, weapons_notice,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::CHUNK;
use crate::access::Kind;

/// The next ids of a type in order, at most [`CHUNK`]; all that come after `after`.
pub(in crate::desk) async fn of_rows(db: &impl ConnectionTrait, kind: Kind, after: &str) -> Result<Vec<String>, DbErr> {
    match kind {
        Kind::SendingState => page::<sending_state::Entity>(db, after).await,
        Kind::Agency => page::<agency::Entity>(db, after).await,
        Kind::Person => page::<person::Entity>(db, after).await,
        Kind::Mission => page::<mission::Entity>(db, after).await,
        Kind::Premises => page::<premises::Entity>(db, after).await,
        Kind::SecurityContact => page::<security_contact::Entity>(db, after).await,
        Kind::Liaison => page::<liaison::Entity>(db, after).await,
        Kind::Concern => page::<concern::Entity>(db, after).await,
        Kind::Entry => page::<entry::Entity>(db, after).await,
        Kind::Referral => page::<referral::Entity>(db, after).await,
        Kind::Share => page::<share::Entity>(db, after).await,
        Kind::Evidence => page::<evidence::Entity>(db, after).await,
        Kind::Post => page::<post::Entity>(db, after).await,
        Kind::Advisory => page::<advisory::Entity>(db, after).await,
        Kind::Acknowledgement => page::<acknowledgement::Entity>(db, after).await,
        Kind::MissionChange => page::<mission_change::Entity>(db, after).await,
        Kind::Visit => page::<visit::Entity>(db, after).await,
        Kind::Venue => page::<venue::Entity>(db, after).await,
        Kind::Leg => page::<leg::Entity>(db, after).await,
        Kind::Delegate => page::<delegate::Entity>(db, after).await,
        Kind::PortCourtesy => page::<port_courtesy::Entity>(db, after).await,
        Kind::WeaponsNotice => page::<weapons_notice::Entity>(db, after).await,
        Kind::VisitConflict => page::<visit_conflict::Entity>(db, after).await,
        Kind::ProtectiveDetail => page::<protective_detail::Entity>(db, after).await,
        Kind::Assignment => page::<assignment::Entity>(db, after).await,
        Kind::Shift => page::<shift::Entity>(db, after).await,
        Kind::AdvanceNote => page::<advance_note::Entity>(db, after).await,
        Kind::Tour => page::<tour::Entity>(db, after).await,
        Kind::PostProgramme => page::<post_programme::Entity>(db, after).await,
        Kind::ProgrammeReview => page::<programme_review::Entity>(db, after).await,
        Kind::Finding => page::<finding::Entity>(db, after).await,
        Kind::Advice => page::<advice::Entity>(db, after).await,
        Kind::Incident => page::<incident::Entity>(db, after).await,
        Kind::IncidentEntry => page::<incident_entry::Entity>(db, after).await,
        // Nothing is derived from its rows, of which there are more than of all others.
        Kind::AuditEvent => Ok(Vec::new()),
    }
}

/// The next ids of a type that have a row, or lines, or both.
pub(super) async fn of_rows_and_lines(
    db: &impl ConnectionTrait,
    kind: Kind,
    after: &str,
) -> Result<Vec<String>, DbErr> {
    let mut ids = of_rows(db, kind, after).await?;
    let lines: Vec<String> = visibility::Entity::find()
        .select_only()
        .column(visibility::Column::RowId)
        .distinct()
        .filter(visibility::Column::Kind.eq(kind.code()))
        .filter(visibility::Column::RowId.gt(after))
        .order_by_asc(visibility::Column::RowId)
        .limit(Some(CHUNK as u64))
        .into_tuple()
        .all(db)
        .await?;
    ids.extend(lines);
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(CHUNK);
    Ok(ids)
}

async fn page<E: EntityTrait>(db: &impl ConnectionTrait, after: &str) -> Result<Vec<String>, DbErr> {
    let mut rows = E::find().select_only().limit(Some(CHUNK as u64));
    for id in E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column) {
        rows = rows.column(id).filter(id.gt(after)).order_by_asc(id);
    }
    rows.into_tuple().all(db).await
}
