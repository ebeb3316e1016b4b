//! Which rows' lines follow from a row that was touched.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    advance_note, assignment, concern, delegate, entry, evidence, leg, liaison_mission, port_courtesy, premises,
    protective_detail, referral, security_contact, share, shift, venue, visit, visit_conflict, weapons_notice,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::access::Kind;

use super::{CHUNK, facts};

type Ids = BTreeSet<String>;

/// The rows to emit again, by type:
///
/// - a mission: itself, its premises and contacts, and the concerns about it (by its place) or raised by it (by its
///   sending state), and the advisories that mean it, or meant it, by its place, state or type;
/// - a concern, and so a share or a referral of it: itself, its entries (by whose mission reads them), and the
///   mission it is about with its premises and contacts (which it leads to);
/// - an entry: itself, and the evidence that was added by it (it is for the same);
/// - a mission: the visits that it announced, too (by its sending state);
/// - a leg: its visit and its venue (by its place);
/// - a detail: itself, and all that its visit leads to; an assignment: its detail, with all that hangs on it and on its visit,
///   the mission that announced that, the liaisons who serve the mission, and the concerns that
///   have to do with it;
/// - anything else: itself.
pub(super) async fn follow(
    db: &impl ConnectionTrait,
    touched: BTreeSet<(Kind, String)>,
) -> Result<BTreeMap<Kind, Ids>, DbErr> {
    let mut rows: BTreeMap<Kind, Ids> = BTreeMap::new();
    for (kind, id) in touched {
        rows.entry(kind).or_default().insert(id);
    }
    let touched = |kind: Kind| rows.get(&kind).cloned().unwrap_or_default();

    let mut details = of(db, assignment::Column::DetailId, assignment::Column::Id, &touched(Kind::Assignment)).await?;
    details.extend(touched(Kind::ProtectiveDetail));
    let opened = of(db, protective_detail::Column::VisitId, protective_detail::Column::Id, &details).await?;

    let mut concerns = touched(Kind::Concern);
    let of_visits = of(db, concern::Column::Id, concern::Column::VisitId, &opened).await?;
    concerns.extend(of_visits);
    concerns.extend(of(db, share::Column::ConcernId, share::Column::Id, &touched(Kind::Share)).await?);
    concerns.extend(of(db, referral::Column::ConcernId, referral::Column::Id, &touched(Kind::Referral)).await?);
    let entries = of(db, entry::Column::Id, entry::Column::ConcernId, &concerns).await?;
    let written: Ids = entries.union(&touched(Kind::Entry)).cloned().collect();
    let pieces = of(db, evidence::Column::Id, evidence::Column::EntryId, &written).await?;

    let changed = touched(Kind::Mission);
    let mut missions = of(db, concern::Column::MissionId, concern::Column::Id, &concerns).await?;
    missions.extend(changed.iter().cloned());
    let visited = of(db, visit::Column::MissionId, visit::Column::Id, &opened).await?;
    missions.extend(visited.iter().cloned());
    let premises = of(db, premises::Column::Id, premises::Column::MissionId, &missions).await?;
    let contacts = of(db, security_contact::Column::Id, security_contact::Column::MissionId, &missions).await?;

    // Not before: a concern whose own shares and referrals are as they were leads to nothing new.
    concerns.extend(of(db, concern::Column::Id, concern::Column::MissionId, &changed).await?);
    concerns.extend(of(db, concern::Column::Id, concern::Column::OriginMissionId, &changed).await?);

    let mut visits = of(db, visit::Column::Id, visit::Column::MissionId, &changed).await?;
    visits.extend(of(db, leg::Column::VisitId, leg::Column::Id, &touched(Kind::Leg)).await?);

    visits.extend(opened.iter().cloned());
    let mut venues = of(db, leg::Column::VenueId, leg::Column::Id, &touched(Kind::Leg)).await?;

    venues.extend(of(db, venue::Column::Id, venue::Column::VisitId, &opened).await?);
    let liaisons = of(db, liaison_mission::Column::LiaisonId, liaison_mission::Column::MissionId, &visited).await?;

    let advisories = facts::advisory::following(db, &changed).await?;
    let following = [
        (Kind::Mission, missions),
        (Kind::Premises, premises),
        (Kind::SecurityContact, contacts),
        (Kind::Concern, concerns),
        (Kind::Entry, entries),
        (Kind::Evidence, pieces),
        (Kind::Visit, visits),
        (Kind::Venue, venues),
        (Kind::Leg, of(db, leg::Column::Id, leg::Column::VisitId, &opened).await?),
        (Kind::Delegate, of(db, delegate::Column::Id, delegate::Column::VisitId, &opened).await?),
        (Kind::PortCourtesy, of(db, port_courtesy::Column::Id, port_courtesy::Column::VisitId, &opened).await?),
        (Kind::WeaponsNotice, of(db, weapons_notice::Column::Id, weapons_notice::Column::VisitId, &opened).await?),
        (Kind::VisitConflict, of(db, visit_conflict::Column::Id, visit_conflict::Column::VisitId, &opened).await?),
        (Kind::AdvanceNote, of(db, advance_note::Column::Id, advance_note::Column::VisitId, &opened).await?),
        (Kind::Assignment, of(db, assignment::Column::Id, assignment::Column::DetailId, &details).await?),
        (Kind::Shift, of(db, shift::Column::Id, shift::Column::DetailId, &details).await?),
        (Kind::Liaison, liaisons),
        (Kind::ProtectiveDetail, details),
        (Kind::Advisory, advisories),
    ];
    for (kind, ids) in following {
        rows.entry(kind).or_default().extend(ids);
    }
    Ok(rows)
}

/// `select wanted from … where by in (ids)`.
async fn of<C: ColumnTrait>(db: &impl ConnectionTrait, wanted: C, by: C, ids: &Ids) -> Result<Ids, DbErr>
where
    C::EntityName: EntityTrait<Column = C>,
{
    let ids: Vec<&String> = ids.iter().collect();
    let mut found = Ids::new();
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<String> = C::EntityName::find()
            .select_only()
            .column(wanted)
            .distinct()
            .filter(by.is_in(ids.iter().copied()))
            .filter(wanted.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}
