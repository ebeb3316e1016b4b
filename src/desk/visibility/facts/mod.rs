//! What `access::emit` wants to know of rows, read for many rows at once: a bounded number of statements a chunk.
//!
//! A stored value that cannot be read counts as the strictest there is: a broken row hides, it does not show.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr};

use super::Line;
use crate::access::{
    Kind,
    emit::{self, Emission},
};

pub(super) mod advisory;
mod child;
pub(in crate::desk::visibility) mod concern;
mod directory;
mod mission;

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
            concern::facts(db, ids).await?.into_iter().map(|(id, facts)| (id, emit::concern(&facts))).collect()
        }
        Kind::Entry => child::entries(db, ids).await?,
        Kind::Referral => child::referrals(db, ids).await?,
        Kind::Share => child::shares(db, ids).await?,
        Kind::Evidence => child::evidence(db, ids).await?,
        Kind::Post => directory::posts(db, ids).await?,
        Kind::Advisory => advisory::advisories(db, ids).await?,
        Kind::Acknowledgement => advisory::acknowledgements(db, ids).await?,
        Kind::MissionChange => mission::changes(db, ids).await?,
    };
    Ok(emitted
        .into_iter()
        .flat_map(|(id, emissions)| emissions.into_iter().map(move |emission| Line::of(kind, &id, emission)))
        .collect())
}
