//! What `access::emit` wants to know of rows, read for many rows at once: a bounded number of statements a chunk.
//!
//! A stored value that cannot be read counts as the strictest there is: a broken row hides, it does not show.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Line, Place};
use crate::access::{
    Kind,
    emit::{self, Emission},
};

pub(super) mod advisory;
mod child;
pub(in crate::desk::visibility) mod concern;
pub(in crate::desk::visibility) mod detail;
mod directory;
mod mission;
mod post;
mod visit;

/// Ids with what each emits.
type Emitted = Vec<(String, Vec<Emission>)>;

/// All lines of the rows, at most [`super::CHUNK`] of them. A row that is not there has none.
pub(super) async fn lines(db: &impl ConnectionTrait, kind: Kind, ids: &[String]) -> Result<BTreeSet<Line>, DbErr> {
    let emitted: Emitted = match kind {
        // All its grounds always hold; of an event of the trail, its columns state them: see `access`.
        Kind::SendingState | Kind::AuditEvent => Vec::new(),
        Kind::Agency => directory::agencies(db, ids).await?,
        Kind::Person => directory::persons(db, ids).await?,
        Kind::Liaison => directory::liaisons(db, ids).await?,
        Kind::Mission => {
            mission::facts(db, ids).await?.into_iter().map(|(id, facts)| (id, emit::mission(&facts))).collect()
        }
        Kind::Premises => mission::premises(db, ids).await?,
        Kind::SecurityContact => mission::security_contacts(db, ids).await?,
        Kind::Concern => {
            let known = concern::facts(db, ids).await?.into_iter();
            return Ok(known
                .flat_map(|(id, known)| placed(kind, id, known.place(), emit::concern(&known.facts)))
                .collect());
        }
        Kind::Entry => child::entries(db, ids).await?,
        Kind::Referral => child::referrals(db, ids).await?,
        Kind::Share => child::shares(db, ids).await?,
        Kind::Evidence => child::evidence(db, ids).await?,
        Kind::Post => post::posts(db, ids).await?,
        Kind::Advisory => {
            let emitted = advisory::advisories(db, ids).await?.into_iter();
            return Ok(emitted.flat_map(|(id, place, emissions)| placed(kind, id, place, emissions)).collect());
        }
        Kind::Acknowledgement => advisory::acknowledgements(db, ids).await?,
        Kind::MissionChange => mission::changes(db, ids).await?,
        Kind::Visit => visit::visits(db, ids).await?,
        Kind::Venue => visit::venues(db, ids).await?,
        Kind::Leg => visit::legs(db, ids).await?,
        Kind::Delegate => visit::delegates(db, ids).await?,
        Kind::PortCourtesy => visit::port_courtesies(db, ids).await?,
        Kind::WeaponsNotice => visit::weapons_notices(db, ids).await?,
        Kind::VisitConflict => visit::conflicts(db, ids).await?,
        Kind::AdvanceNote => visit::advance_notes(db, ids).await?,
        Kind::ProtectiveDetail => detail::details(db, ids).await?,
        Kind::Assignment => detail::assignments(db, ids).await?,
        Kind::Shift => detail::shifts(db, ids).await?,
        Kind::Tour => post::children(db, kind, entity::tour::Column::Id, ids).await?,
        Kind::PostProgramme => post::children(db, kind, entity::post_programme::Column::Id, ids).await?,
        Kind::ProgrammeReview => post::children(db, kind, entity::programme_review::Column::Id, ids).await?,
        Kind::Finding => post::children(db, kind, entity::finding::Column::Id, ids).await?,
        Kind::Advice => post::children(db, kind, entity::advice::Column::Id, ids).await?,
        Kind::Incident => post::incidents(db, ids).await?,
        Kind::IncidentEntry => post::children(db, kind, entity::incident_entry::Column::Id, ids).await?,
    };
    Ok(emitted.into_iter().flat_map(|(id, emissions)| placed(kind, id, Place::undated(kind), emissions)).collect())
}

/// The lines of a row of a type that is not listed by an instant, of what it emits.
pub(in crate::desk) fn undated(kind: Kind, id: &str, emissions: Vec<Emission>) -> BTreeSet<Line> {
    placed(kind, id.to_owned(), Place::undated(kind), emissions).collect()
}

/// What a row emits, as lines that say where it stands in lists.
fn placed(kind: Kind, id: String, place: Place, emissions: Vec<Emission>) -> impl Iterator<Item = Line> {
    emissions.into_iter().map(move |emission| Line::of(kind, &id, &place, emission))
}

/// Those of the ids that there are: a row whose grounds follow from its id alone.
async fn present<C: ColumnTrait>(db: &impl ConnectionTrait, id: C, ids: &[String]) -> Result<Vec<String>, DbErr>
where
    C::EntityName: EntityTrait<Column = C>,
{
    C::EntityName::find().select_only().column(id).filter(id.is_in(ids)).into_tuple().all(db).await
}
