//! Concerns with their shares and referrals.

use std::collections::{BTreeMap, BTreeSet};

use entity::{concern, mission, referral, share};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use crate::{
    access::{
        Cui, Kind, Tiers, Tlp,
        emit::{self, Assigned, ConcernFacts, ReferralStatus, Referred, Severity, Shared, To},
    },
    clock::{instant, parse_instant},
    desk::visibility::{Line, Place, facts::detail},
};

/// The columns that decide; title and narrative stay where they are.
#[derive(FromQueryResult)]
pub(in crate::desk) struct Row {
    id: String,
    mission_id: String,
    origin_mission_id: Option<String>,
    reporter_id: Option<String>,
    owner_id: Option<String>,
    visit_id: Option<String>,
    incident_area: Option<String>,
    severity: String,
    tlp: String,
    cui: Option<String>,
    opened_at: String,
    next_due_at: Option<String>,
}

impl From<&concern::Model> for Row {
    fn from(row: &concern::Model) -> Self {
        Self {
            id: row.id.clone(),
            mission_id: row.mission_id.clone(),
            origin_mission_id: row.origin_mission_id.clone(),
            reporter_id: row.reporter_id.clone(),
            owner_id: row.owner_id.clone(),
            visit_id: row.visit_id.clone(),
            incident_area: row.incident_area.clone(),
            severity: row.severity.clone(),
            tlp: row.tlp.clone(),
            cui: row.cui.clone(),
            opened_at: row.opened_at.clone(),
            next_due_at: row.next_due_at.clone(),
        }
    }
}

/// What is known of a concern.
pub(super) struct Known {
    /// What decides who may see it.
    pub(super) facts: ConcernFacts,
    opened_at: String,
    owed: Option<String>,
}

impl Known {
    /// Where it stands in lists.
    pub(super) fn place(&self) -> Place {
        Place { at: Some(self.opened_at.clone()), under: Some(self.facts.mission.clone()), owed: self.owed.clone() }
    }
}

/// What decides who may see the concerns, and where they stand in lists.
pub(super) async fn facts(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, Known>, DbErr> {
    use concern::Column::{
        Cui as Banner, Id, IncidentArea, MissionId, OpenedAt, OriginMissionId, OwnerId, ReporterId, Tlp as Marking,
    };
    let columns = [
        Id,
        MissionId,
        OriginMissionId,
        ReporterId,
        OwnerId,
        concern::Column::VisitId,
        IncidentArea,
        concern::Column::Severity,
        Marking,
        Banner,
        OpenedAt,
        concern::Column::NextDueAt,
    ];
    let rows = concern::Entity::find().select_only().columns(columns).filter(Id.is_in(ids));
    let rows = rows.into_model::<Row>().all(db).await?;
    let missions = missions(db, &rows).await?;
    let mut shares = shares(db, ids).await?;
    let mut referrals = referrals(db, ids).await?;
    let visits: BTreeSet<String> = rows.iter().filter_map(|row| row.visit_id.clone()).collect();
    let visited = detail::on_visits(db, &Vec::from_iter(visits)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let id = row.id.clone();
            let shares = shares.remove(&id).unwrap_or_default();
            let referrals = referrals.remove(&id).unwrap_or_default();
            let visited = row.visit_id.as_ref().and_then(|visit| visited.get(visit)).cloned().unwrap_or_default();
            (id, facts_of(row, &missions, (shares, referrals, visited)))
        })
        .collect())
}

/// The lines of a concern, of its row and of what was read with it.
pub(in crate::desk) fn lines_of(row: Row, missions: &BTreeMap<String, Seat>, reaching: Reaching) -> BTreeSet<Line> {
    let id = row.id.clone();
    let known = facts_of(row, missions, reaching);
    super::placed(Kind::Concern, id, known.place(), emit::concern(&known.facts)).collect()
}

/// To whom a concern reaches beside those to whom it belongs: by shares, by referrals, and who is on the detail of its visit.
pub(in crate::desk) type Reaching = (Vec<Shared>, Vec<Referred>, Vec<Assigned>);

fn facts_of(row: Row, missions: &BTreeMap<String, Seat>, (shares, referrals, visited): Reaching) -> Known {
    let origin = row.origin_mission_id.as_ref().and_then(|id| missions.get(id));
    let seat = missions.get(&row.mission_id);
    let (opened_at, owed) = (row.opened_at, row.next_due_at);
    let facts = ConcernFacts {
        origin_state: origin.and_then(|mission| mission.sending_state.clone()),
        origin_mission: row.origin_mission_id,
        reporter: row.reporter_id,
        owner: row.owner_id,
        severity: Severity::of_row(&row.severity),
        tlp: Tlp::of_row(&row.tlp),
        cui: Cui::of_row(row.cui.as_deref()),
        // An incident area that names no area is still where it happened: it is never replaced by the seat.
        place: row.incident_area.or_else(|| seat.and_then(|mission| mission.area.clone())),
        shares,
        referrals,
        visited,
        mission: row.mission_id,
    };
    Known { facts, opened_at, owed }
}

/// What of a mission decides who may see concerns about it, or of it.
#[derive(Clone, Debug)]
pub(in crate::desk) struct Seat {
    /// Its sending state.
    pub(in crate::desk) sending_state: Option<String>,
    /// Where it is.
    pub(in crate::desk) area: Option<String>,
}

/// The missions that the concerns are about or come from. Two for each concern: within what a statement takes.
async fn missions(db: &impl ConnectionTrait, concerns: &[Row]) -> Result<BTreeMap<String, Seat>, DbErr> {
    let ids: BTreeSet<&String> =
        concerns.iter().flat_map(|row| std::iter::once(&row.mission_id).chain(&row.origin_mission_id)).collect();
    let rows: Vec<(String, Option<String>, Option<String>)> = mission::Entity::find()
        .select_only()
        .columns([mission::Column::Id, mission::Column::SendingStateId, mission::Column::Area])
        .filter(mission::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, sending_state, area)| (id, Seat { sending_state, area })).collect())
}

async fn shares(db: &impl ConnectionTrait, concerns: &[String]) -> Result<BTreeMap<String, Vec<Shared>>, DbErr> {
    let rows = share::Entity::find().filter(share::Column::ConcernId.is_in(concerns)).all(db).await?;
    let mut shares: BTreeMap<String, Vec<Shared>> = BTreeMap::new();
    for row in rows {
        let whom = (row.agency_id, row.person_id);
        let one = shared(whom, &row.tier_cap, &row.tlp_cap, row.expires_at, row.revoked_at.is_some());
        shares.entry(row.concern_id).or_default().extend(one);
    }
    Ok(shares)
}

/// A share, of its columns; none where it is for nobody.
pub(in crate::desk) fn shared(
    (agency, person): (Option<String>, Option<String>),
    tier_cap: &str,
    tlp_cap: &str,
    expires_at: Option<String>,
    is_revoked: bool,
) -> Option<Shared> {
    // An end that is not an instant cannot be compared with the present: such a share opens nothing.
    let expires_at = expires_at.map(|end| parse_instant(&end).map(instant));
    Some(Shared {
        to: whom(agency, person)?,
        tier_cap: Tiers::of_row(tier_cap),
        tlp_cap: Tlp::cap_of_row(tlp_cap),
        revoked: is_revoked || expires_at == Some(None),
        expires_at: expires_at.flatten(),
    })
}

/// Whom a share is for: one of the two (the schema holds it), else nobody.
pub(super) fn whom(agency: Option<String>, person: Option<String>) -> Option<To> {
    match (agency, person) {
        (Some(agency), None) => Some(To::Agency(agency)),
        (None, Some(person)) => Some(To::Person(person)),
        _ => None,
    }
}

async fn referrals(db: &impl ConnectionTrait, concerns: &[String]) -> Result<BTreeMap<String, Vec<Referred>>, DbErr> {
    use referral::Column::{AgencyId, ConcernId, Status};
    let rows: Vec<(String, String, String)> = referral::Entity::find()
        .select_only()
        .columns([ConcernId, AgencyId, Status])
        .filter(ConcernId.is_in(concerns))
        .into_tuple()
        .all(db)
        .await?;
    let mut referrals: BTreeMap<String, Vec<Referred>> = BTreeMap::new();
    for (concern, agency, status) in rows {
        let status = ReferralStatus::of_row(&status);
        referrals.entry(concern).or_default().push(Referred { agency, status });
    }
    Ok(referrals)
}
