//! Advisories and who has acknowledged them; and which advisories a mission's change concerns.

use std::collections::BTreeSet;

use entity::{acknowledgement as acknowledgement_row, advisory as advisory_row, mission, visibility};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::Emitted;
use crate::{
    access::{
        Kind,
        emit::{self, AcknowledgementFacts, Addressee, AdvisoryFacts, Emission, Seat},
    },
    desk::visibility::{CHUNK, Place},
};

/// Ids with where they stand in lists and what each emits.
pub(super) async fn advisories(
    db: &impl ConnectionTrait,
    ids: &[String],
) -> Result<Vec<(String, Place, Vec<Emission>)>, DbErr> {
    let addressed = addressed(db, Some(ids)).await?;
    let by_seat = |addressed: &Addressed| addressed.to.iter().any(is_by_seat);
    let seats = if addressed.iter().any(by_seat) { seats(db, None).await? } else { Vec::new() };
    let emitted = addressed.into_iter().map(|Addressed { id, sent_at, to: addressees }| {
        let meant = seats.iter().filter(|seat| addressees.iter().any(|addressee| addressee.means(seat)));
        let missions = meant.map(|seat| seat.mission.clone()).collect();
        let place = Place { at: Some(sent_at), ..Place::default() };
        (id, place, emit::advisory(&AdvisoryFacts { addressees, missions }))
    });
    Ok(emitted.collect())
}

pub(super) async fn acknowledgements(db: &impl ConnectionTrait, ids: &[String]) -> Result<Emitted, DbErr> {
    let rows: Vec<(String, String)> = acknowledgement_row::Entity::find()
        .select_only()
        .columns([acknowledgement_row::Column::Id, acknowledgement_row::Column::AgencyId])
        .filter(acknowledgement_row::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, agency)| (id, emit::acknowledgement(&AcknowledgementFacts { agency }))).collect())
}

/// The advisories of whose lines those for these missions are not what they should be: a mission that was touched and
/// is what it was concerns none. An advisory to a type has a line for each of some hundred missions; to make all of
/// them anew for each change of a mission's telephone would cost more than to ask.
pub(in crate::desk::visibility) async fn following(
    db: &impl ConnectionTrait,
    missions: &BTreeSet<String>,
) -> Result<BTreeSet<String>, DbErr> {
    if missions.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut addressed = addressed(db, None).await?;
    addressed.retain(|advisory| advisory.to.iter().any(is_by_seat));
    let missions: Vec<&String> = missions.iter().collect();
    let mut following = BTreeSet::new();
    for chunk in missions.chunks(CHUNK) {
        let key = |id: &str| format!("m:{id}");
        let mut right = BTreeSet::new();
        for seat in seats(db, Some(chunk)).await? {
            let meant = addressed.iter().filter(|advisory| advisory.to.iter().any(|addressee| addressee.means(&seat)));
            right.extend(meant.map(|advisory| (advisory.id.clone(), key(&seat.mission))));
        }
        let stored: Vec<(String, String)> = visibility::Entity::find()
            .select_only()
            .columns([visibility::Column::RowId, visibility::Column::Key])
            .filter(visibility::Column::Key.is_in(chunk.iter().map(|id| key(id))))
            .filter(visibility::Column::Kind.eq(Kind::Advisory.code()))
            // As the index is written.
            .filter(visibility::Column::At.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        let stored = BTreeSet::from_iter(stored);
        following.extend(right.symmetric_difference(&stored).map(|(id, _)| id.clone()));
    }
    Ok(following)
}

/// Whether it means missions for what they are.
const fn is_by_seat(addressee: &Addressee) -> bool {
    matches!(addressee, Addressee::Area(_) | Addressee::MissionType(_) | Addressee::SendingState(_))
}

/// An advisory and to whom it is addressed.
struct Addressed {
    id: String,
    sent_at: String,
    to: Vec<Addressee>,
}

/// To whom the advisories are addressed. An audience that cannot be read is nobody.
async fn addressed(db: &impl ConnectionTrait, ids: Option<&[String]>) -> Result<Vec<Addressed>, DbErr> {
    use advisory_row::Column::{Audience, Id, SentAt};
    let mut rows = advisory_row::Entity::find().select_only().columns([Id, SentAt, Audience]);
    if let Some(ids) = ids {
        rows = rows.filter(advisory_row::Column::Id.is_in(ids));
    }
    let rows: Vec<(String, String, String)> = rows.into_tuple().all(db).await?;
    let read = |stored: String| -> Vec<Addressee> {
        let listed: Vec<String> = serde_json::from_str(&stored).unwrap_or_default();
        listed.iter().filter_map(|addressee| Addressee::of_row(addressee)).collect()
    };
    Ok(rows.into_iter().map(|(id, sent_at, stored)| Addressed { id, sent_at, to: read(stored) }).collect())
}

async fn seats(db: &impl ConnectionTrait, ids: Option<&[&String]>) -> Result<Vec<Seat>, DbErr> {
    use mission::Column::{Area, Id, SendingStateId, Type};
    let mut rows = mission::Entity::find().select_only().columns([Id, Type, SendingStateId, Area]);
    if let Some(ids) = ids {
        rows = rows.filter(Id.is_in(ids.iter().copied()));
    }
    let rows: Vec<(String, String, Option<String>, Option<String>)> = rows.into_tuple().all(db).await?;
    let seat = |(mission, kind, sending_state, place)| Seat { mission, kind, sending_state, place };
    Ok(rows.into_iter().map(seat).collect())
}
