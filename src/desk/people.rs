//! People: who is enrolled, whose portfolio a mission is in, who is on watch.
//!
//! Each changes somebody's standing, so the next request of everybody is authenticated anew.

use entity::{person, portfolio, watch_shift};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};

use super::{
    agency,
    command::{Act, Input, refused},
    registry::{
        person::{NewPerson, add as enrolled, disable as disabled, enable as enabled},
        revocation::Revoked,
    },
};
use crate::{
    access::{Kind, Role},
    clock::parse_instant,
    error::{Code, Error, Result},
    identity::names,
};

/// Enrols a person or a machine of an agency.
pub async fn enrol(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let agency = agency::on(act, input).await?;
    let roles: Vec<Role> = input.texts("roles").into_iter().filter_map(|name| name.parse().ok()).collect();
    let new = NewPerson {
        subject: input.must("subject"),
        name: input.must("name"),
        unit: input.maybe("unit"),
        roles,
        sworn: input.says("sworn"),
        machine: input.says("machine"),
        cfr28_certified: input.says("cfr28Certified"),
        desk_phone: input.maybe("deskPhone"),
        mobile_phone: input.maybe("mobilePhone"),
        email: input.maybe("email"),
        // Which post and which host state an officer has is DSS's to say, by the command line.
        host_state: None,
        post: None,
    };
    let id = enrolled(act.work(), &agency, &new).await?;
    Ok(act.changed(&[("person", &id)]))
}

/// Refuses a person's tokens.
pub async fn disable(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    if row.id == act.principal().person() {
        return Err(Error::new(Code::Conflict, "input.personId: that is you: ask another administrator"));
    }
    if !disabled(act.work(), &row.agency_id, &row.subject).await? {
        return Err(Error::new(Code::Conflict, "input.personId: it is disabled"));
    }
    Ok(act.changed(&[("person", &row.id)]))
}

/// Accepts them again.
pub async fn enable(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    if !enabled(act.work(), &row.agency_id, &row.subject).await? {
        return Err(Error::new(Code::Conflict, "input.personId: it is not disabled"));
    }
    Ok(act.changed(&[("person", &row.id)]))
}

/// Voids the tokens that a person holds; one's own too: whoever signs in anew is let in.
pub async fn revoke_tokens(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    agency::revoked(act, &row.agency_id, Revoked::Subject(row.subject.clone()), input).await?;
    Ok(act.changed(&[("person", &row.id)]))
}

/// Puts a mission into an officer's portfolio.
pub async fn add_to_portfolio(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mission = act.on(input, "missionId").await?.row;
    let person = officer(act, &input.must("officer")).await?;
    let key = (person.clone(), mission.clone());
    if portfolio::Entity::find_by_id(key).one(act.rows()).await?.is_some() {
        return Err(Error::new(Code::Conflict, "input.officer: the mission is in that officer's portfolio"));
    }
    let row = portfolio::ActiveModel { person_id: Set(person.clone()), mission_id: Set(mission.clone()) };
    portfolio::Entity::insert(row).exec_without_returning(act.rows()).await?;
    portfolio_changed(act, &person, &mission);
    Ok(act.changed(&[("mission", &mission)]))
}

/// Takes it out again.
pub async fn remove_from_portfolio(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mission = act.on(input, "missionId").await?.row;
    let person = officer(act, &input.must("officer")).await?;
    let row = portfolio::Entity::find_by_id((person.clone(), mission.clone())).one(act.rows()).await?;
    let Some(row) = row else {
        return Err(Error::new(Code::Conflict, "input.officer: the mission is not in that officer's portfolio"));
    };
    row.delete(act.rows()).await?;
    portfolio_changed(act, &person, &mission);
    Ok(act.changed(&[("mission", &mission)]))
}

/// Puts an officer on watch.
pub async fn add_watch_shift(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    if !is_officer(&row) {
        return Err(refused("personId", "the id of a liaison officer"));
    }
    let (starts, ends) = (input.must("startsAt"), input.must("endsAt"));
    if starts >= ends {
        return Err(refused("endsAt", "an instant after startsAt"));
    }
    let overlapping = watch_shift::Entity::find()
        .filter(watch_shift::Column::PersonId.eq(&row.id))
        .filter(watch_shift::Column::StartsAt.lt(&ends))
        .filter(watch_shift::Column::EndsAt.gt(&starts))
        .one(act.rows())
        .await?;
    if overlapping.is_some() {
        return Err(Error::new(Code::Conflict, "input.startsAt: the person is on watch in that time already"));
    }
    let shift = watch_shift::ActiveModel {
        id: Set(act.new_id()),
        person_id: Set(row.id.clone()),
        starts_at: Set(starts),
        ends_at: Set(ends),
    };
    shift.insert(act.rows()).await?;
    act.standing_changed();
    Ok(act.changed(&[("person", &row.id)]))
}

/// Takes a turn off the roster. One that runs ends now: what was done on it was done on watch.
pub async fn remove_watch_shift(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let row = found(act, input).await?;
    let shift = watch_shift::Entity::find()
        .filter(watch_shift::Column::PersonId.eq(&row.id))
        .filter(watch_shift::Column::StartsAt.eq(input.must("startsAt")))
        .one(act.rows())
        .await?;
    let Some(shift) = shift else {
        return Err(refused("startsAt", "the first instant of a turn of this person"));
    };
    let ended = parse_instant(&shift.ends_at).is_some_and(|ends| ends <= act.now());
    if ended {
        return Err(Error::new(Code::Conflict, "input.startsAt: that turn is over"));
    }
    if shift.starts_at < act.at() {
        watch_shift::ActiveModel { ends_at: Set(act.at()), ..shift.into_active_model() }.update(act.rows()).await?;
    } else {
        shift.delete(act.rows()).await?;
    }
    act.standing_changed();
    Ok(act.changed(&[("person", &row.id)]))
}

/// A liaison officer of the principal's agency, by subject. Whoever is not one is refused alike.
pub(super) async fn officer(act: &Act<'_>, subject: &str) -> Result<String> {
    let found = person::Entity::find()
        .filter(person::Column::AgencyId.eq(act.principal().agency()))
        .filter(person::Column::Subject.eq(subject))
        .one(act.rows())
        .await?;
    found
        .filter(is_officer)
        .map(|person| person.id)
        .ok_or_else(|| refused("officer", "the subject of a liaison officer of your agency"))
}

/// Whether a person can be given a concern.
pub(super) fn is_officer(person: &person::Model) -> bool {
    person.disabled_at.is_none() && !person.machine && names::<Role>(&person.roles).contains(&Role::LiaisonOfficer)
}

fn portfolio_changed(act: &mut Act<'_>, person: &str, mission: &str) {
    act.touch(Kind::Person, person);
    act.touch(Kind::Mission, mission);
    act.standing_changed();
}

async fn found(act: &Act<'_>, input: &Input) -> Result<person::Model> {
    let seen = act.on(input, "personId").await?;
    let row = person::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("a person who was seen is gone"))
}
