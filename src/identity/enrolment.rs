//! What the registry says of an agency's person at this moment.

use std::sync::{Arc, OnceLock};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use super::{Refusal, trust::Trust, trust::names};
use crate::access::{AgencyKind, Role, Standing};

/// What an agency, or one of its people, may ask for of one server; no bound where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Requests a second.
    pub requests_per_second: Option<u32>,
    /// Cost a minute: rows that answers may hold.
    pub cost_per_minute: Option<u32>,
}

impl Quota {
    fn of(agency: &entity::agency::Model) -> Self {
        // What is no quota is the least: an agency is not let do more by a number that cannot be read.
        let bound = |number: Option<i64>| number.map(|number| u32::try_from(number.max(1)).unwrap_or(u32::MAX));
        Self { requests_per_second: bound(agency.quota_rps), cost_per_minute: bound(agency.quota_cost_per_minute) }
    }
}

/// A person of an agency, with the standing of both.
#[derive(Debug)]
pub(super) struct Enrolment {
    pub(super) standing: Standing,
    pub(super) agency_name: String,
    pub(super) agency_short_name: Option<String>,
    pub(super) subject: String,
    pub(super) person_name: String,
    pub(super) quota: Quota,
    /// Whether the agency is limited to its trusted documents.
    pub(super) documents_only: bool,
    disabled: bool,
    roles: Vec<Role>,
    /// The keys that follow from the standing, off the watch and on it, once they were asked for.
    pub(super) keys: [OnceLock<Arc<[String]>>; 2],
}

impl Enrolment {
    /// A standing that no registry holds.
    pub(super) const fn assumed(standing: Standing) -> Self {
        Self {
            standing,
            agency_name: String::new(),
            agency_short_name: None,
            subject: String::new(),
            person_name: String::new(),
            quota: Quota { requests_per_second: None, cost_per_minute: None },
            documents_only: false,
            disabled: false,
            roles: Vec::new(),
            keys: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// Reads it; none if the agency has no such person. `now` is a canonical instant: turns on the watch that are
    /// over by then are left out, those to come are not.
    pub(super) async fn read(
        trust: &Trust,
        subject: &str,
        now: &str,
        rows: &DatabaseConnection,
    ) -> Result<Option<Self>, Refusal> {
        let person = entity::person::Entity::find()
            .filter(entity::person::Column::AgencyId.eq(&trust.agency.id))
            .filter(entity::person::Column::Subject.eq(subject))
            .one(rows)
            .await?;
        let Some(person) = person.filter(|person| person.subject == subject) else { return Ok(None) };
        let standing = standing(trust, &person, now, rows).await?;
        Ok(Some(Self {
            standing,
            agency_name: trust.agency.name.clone(),
            agency_short_name: trust.agency.short_name.clone(),
            subject: person.subject,
            person_name: person.name,
            quota: Quota::of(&trust.agency),
            documents_only: trust.agency.documents_only,
            disabled: person.disabled_at.is_some(),
            roles: names(&person.roles),
            keys: [OnceLock::new(), OnceLock::new()],
        }))
    }

    /// Whether the person may act in the role, and why not. The agency's ceiling is asked for elsewhere.
    pub(super) fn allows(&self, role: Role) -> Result<(), Refusal> {
        if self.disabled {
            return Err(Refusal::Disabled);
        }
        if !self.roles.contains(&role) {
            return Err(Refusal::RoleOfPerson);
        }
        Ok(())
    }
}

async fn standing(
    trust: &Trust,
    person: &entity::person::Model,
    now: &str,
    rows: &DatabaseConnection,
) -> Result<Standing, Refusal> {
    let agency = &trust.agency;
    let missions = entity::agency_mission::Entity::find()
        .filter(entity::agency_mission::Column::AgencyId.eq(&agency.id))
        .all(rows)
        .await?;
    let areas = entity::agency_area::Entity::find()
        .filter(entity::agency_area::Column::AgencyId.eq(&agency.id))
        .filter(entity::agency_area::Column::ConfirmedAt.is_not_null())
        .all(rows)
        .await?;
    let portfolio =
        entity::portfolio::Entity::find().filter(entity::portfolio::Column::PersonId.eq(&person.id)).all(rows).await?;
    let watch = entity::watch_shift::Entity::find()
        .filter(entity::watch_shift::Column::PersonId.eq(&person.id))
        .filter(entity::watch_shift::Column::EndsAt.gt(now))
        .all(rows)
        .await?;
    let state = match &agency.sending_state_id {
        Some(id) => entity::sending_state::Entity::find_by_id(id).one(rows).await?,
        None => None,
    };
    Ok(Standing {
        agency: agency.id.clone(),
        agency_kind: trust.kind,
        federal: match trust.kind {
            AgencyKind::DiplomaticSecurity => true,
            AgencyKind::LawEnforcement => agency.level == "FEDERAL",
            AgencyKind::Mission => false,
        },
        sending_state: agency.sending_state_id.clone(),
        sending_state_codes: state.into_iter().flat_map(|state| [state.iso2, state.iso3]).flatten().collect(),
        state_wide: agency.state_wide,
        missions: missions.into_iter().map(|row| row.mission_id).collect(),
        areas: areas.into_iter().map(|row| row.area).collect(),
        person: person.id.clone(),
        portfolio: portfolio.into_iter().map(|row| row.mission_id).collect(),
        watch: watch.into_iter().map(|row| (row.starts_at, row.ends_at)).collect(),
        host_state: person.host_state_id.clone(),
        post: person.post_id.clone(),
    })
}
