//! The details that stand all the time, which an operator opens.

use entity::{agency, assignment, person, protective_detail};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::{OPEN, may_be_on_one};
use crate::{
    access::{AgencyKind, Kind, Role},
    clock::instant,
    desk::Work,
    error::{Code, Error, Result},
    id,
    store::Store,
};

/// Whom they protect.
pub const STANDING: [&str; 2] = ["SECRETARY_OF_STATE", "UN_AMBASSADOR"];

/// Opens one under an agent in charge, a detail agent of DSS by subject, who is on it from now on. Its id.
pub async fn open_standing(work: &mut Work, protectee: &str, leader: &str) -> Result<String> {
    let known = protective_detail::Entity::find()
        .filter(protective_detail::Column::Protectee.eq(protectee))
        .filter(protective_detail::Column::Status.eq(OPEN))
        .one(work.rows())
        .await?;
    if known.is_some() {
        return Err(Error::new(Code::Conflict, format!("a detail of {protectee} is open already")));
    }
    let agent = leader_of(work, leader).await?;
    let now = work.clock().now();
    let (id, assignment) = (id::new(now), id::new(now));
    let row = protective_detail::ActiveModel {
        id: Set(id.clone()),
        protectee: Set(protectee.to_owned()),
        visit_id: Set(None),
        status: Set(OPEN.to_owned()),
        agent_in_charge_id: Set(agent.id.clone()),
        safe_haven: Set(None),
        opened_at: Set(instant(now)),
        closed_at: Set(None),
    };
    row.insert(work.rows()).await?;
    let row = assignment::ActiveModel {
        id: Set(assignment.clone()),
        detail_id: Set(id.clone()),
        person_id: Set(agent.id),
        starts_at: Set(instant(now)),
        ends_at: Set(None),
        assigned_at: Set(instant(now)),
    };
    row.insert(work.rows()).await?;
    work.touch(Kind::ProtectiveDetail, id.clone());
    work.touch(Kind::Assignment, assignment);
    Ok(id)
}

/// Gives a detail another agent in charge, a detail agent of DSS by subject: what an operator does where nobody else can.
pub async fn hand_over_to(work: &mut Work, detail: &str, leader: &str) -> Result<()> {
    let row = protective_detail::Entity::find_by_id(detail).one(work.rows()).await?;
    let row =
        row.filter(|row| row.status == OPEN).ok_or_else(|| Error::input("detail: expected the id of an open one"))?;
    let agent = leader_of(work, leader).await?;
    let mut set = row.into_active_model();
    set.agent_in_charge_id = Set(agent.id);
    set.update(work.rows()).await?;
    work.touch(Kind::ProtectiveDetail, detail);
    Ok(())
}

/// A detail and who leads it, for an operator.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The detail.
    pub detail: protective_detail::Model,
    /// The subject of its agent in charge.
    pub leader: Option<String>,
}

/// All details, the first opened first.
pub async fn standing(store: &Store) -> Result<Vec<Standing>> {
    let rows = protective_detail::Entity::find()
        .order_by_asc(protective_detail::Column::OpenedAt)
        .order_by_asc(protective_detail::Column::Id)
        .all(&store.orm)
        .await?;
    let mut standing = Vec::with_capacity(rows.len());
    for detail in rows {
        let leader = person::Entity::find_by_id(&detail.agent_in_charge_id).one(&store.orm).await?;
        standing.push(Standing { detail, leader: leader.map(|leader| leader.subject) });
    }
    Ok(standing)
}

/// A detail agent of DSS by subject.
async fn leader_of(work: &Work, leader: &str) -> Result<person::Model> {
    let service = agency::Entity::find()
        .filter(agency::Column::Kind.eq(AgencyKind::DiplomaticSecurity.name()))
        .one(work.rows())
        .await?;
    let service = service.ok_or_else(|| Error::input("the Diplomatic Security Service is not enrolled"))?;
    let agent = person::Entity::find()
        .filter(person::Column::AgencyId.eq(&service.id))
        .filter(person::Column::Subject.eq(leader))
        .one(work.rows())
        .await?;
    agent
        .filter(|agent| may_be_on_one(agent, Role::DetailAgent))
        .ok_or_else(|| Error::input("agent in charge: expected the subject of a detail agent"))
}
