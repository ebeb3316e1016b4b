//! Enrolling, posting and disabling an agency's people and machines.

use entity::person::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::{
    add::sending_state,
    agency_file::{is_claim, is_e164},
    form::{check_visible, expected},
};
use crate::{
    access::{AgencyKind, Kind, Role},
    desk::Work,
    error::{Code, Error, Result},
    id,
    identity::names,
};

/// A person or a machine to be enrolled.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// The exact `sub` of the tokens.
    pub subject: String,
    /// Name as written.
    pub name: String,
    /// Unit within the agency.
    pub unit: Option<String>,
    /// The roles granted, within the agency's ceiling.
    pub roles: Vec<Role>,
    /// A sworn officer; never a machine.
    pub sworn: bool,
    /// A system account.
    pub machine: bool,
    /// Certified for 28 CFR part 23 criminal intelligence systems.
    pub cfr28_certified: bool,
    /// E.164.
    pub desk_phone: Option<String>,
    /// E.164.
    pub mobile_phone: Option<String>,
    /// RFC 5322 addr-spec.
    pub email: Option<String>,
    /// For a regional security officer: the host state of the post, by ISO 3166-1 code or id.
    pub host_state: Option<String>,
    /// For a regional security officer: the post abroad, by Wikidata QID or id. It does not decide the host state.
    pub post: Option<String>,
}

/// Enrols a person of the agency. Gives the id.
pub async fn add(work: &mut Work, agency: &entity::agency::Model, new: &NewPerson) -> Result<String> {
    check(agency, new)?;
    if find(work.rows(), &agency.id, &new.subject).await?.is_some() {
        return Err(Error::new(Code::Conflict, format!("`subject`: the agency has a person `{}`", new.subject)));
    }
    let host_state_id = match &new.host_state {
        Some(name) => Some(sending_state(work.rows(), name).await?),
        None => None,
    };
    let post_id = match &new.post {
        Some(name) => Some(post(work.rows(), name).await?),
        None => None,
    };
    let roles: Vec<&str> = new.roles.iter().map(|role| role.name()).collect();
    let id = id::new(work.clock().now());
    let row = ActiveModel {
        id: Set(id.clone()),
        agency_id: Set(agency.id.clone()),
        subject: Set(new.subject.clone()),
        name: Set(new.name.clone()),
        unit: Set(new.unit.clone()),
        roles: Set(serde_json::json!(roles).to_string()),
        sworn: Set(new.sworn),
        machine: Set(new.machine),
        cfr28_certified: Set(new.cfr28_certified),
        desk_phone: Set(new.desk_phone.clone()),
        mobile_phone: Set(new.mobile_phone.clone()),
        email: Set(new.email.clone()),
        host_state_id: Set(host_state_id),
        post_id: Set(post_id),
        disabled_at: Set(None),
    };
    row.insert(work.rows()).await?;
    changed(work, &id);
    Ok(id)
}

/// The people of an agency, disabled ones too, by subject.
pub async fn list(rows: &impl ConnectionTrait, agency: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AgencyId.eq(agency)).order_by_asc(Column::Subject).all(rows).await?)
}

/// Posts a regional security officer to a post abroad, by Wikidata QID or id, or to none; whether that changed
/// anything. From the next request on the officer sees the one and no longer the other. The host state stays.
pub async fn assign(work: &mut Work, agency: &str, subject: &str, to: Option<&str>) -> Result<bool> {
    let person = find(work.rows(), agency, subject).await?.ok_or_else(|| absent(subject))?;
    let post_id = match to {
        Some(name) => {
            check_posted(&names(&person.roles))?;
            Some(post(work.rows(), name).await?)
        }
        None => None,
    };
    if person.post_id == post_id {
        return Ok(false);
    }
    let id = person.id.clone();
    if let Some(left) = &person.post_id {
        work.hung_on((Kind::Person, &person.id), (Kind::Post, left));
    }
    ActiveModel { post_id: Set(post_id), ..person.into_active_model() }.update(work.rows()).await?;
    changed(work, &id);
    Ok(true)
}

/// The person of that subject.
pub(super) async fn enrolled(rows: &impl ConnectionTrait, agency: &str, subject: &str) -> Result<Model> {
    find(rows, agency, subject).await?.ok_or_else(|| absent(subject))
}

/// Refuses a person's tokens from now on; whether that changed anything.
pub async fn disable(work: &mut Work, agency: &str, subject: &str) -> Result<bool> {
    let now = work.clock().now_text();
    set(work, agency, subject, Some(now)).await
}

/// Accepts a person's tokens again; whether that changed anything.
pub async fn enable(work: &mut Work, agency: &str, subject: &str) -> Result<bool> {
    set(work, agency, subject, None).await
}

async fn set(work: &mut Work, agency: &str, subject: &str, since: Option<String>) -> Result<bool> {
    let person = find(work.rows(), agency, subject).await?.ok_or_else(|| absent(subject))?;
    if person.disabled_at.is_some() == since.is_some() {
        return Ok(false);
    }
    let id = person.id.clone();
    ActiveModel { disabled_at: Set(since), ..person.into_active_model() }.update(work.rows()).await?;
    changed(work, &id);
    Ok(true)
}

fn check(agency: &entity::agency::Model, new: &NewPerson) -> Result<()> {
    if !is_claim(&new.subject) {
        return Err(expected("subject", "a text of at most 255 bytes without invisible or control characters"));
    }
    if new.name.trim().is_empty() {
        return Err(expected("name", "a text that is not empty"));
    }
    for (field, text) in [("name", Some(&new.name)), ("unit", new.unit.as_ref()), ("email", new.email.as_ref())] {
        check_visible(field, text.map(String::as_str))?;
    }
    let phones = [("deskPhone", &new.desk_phone), ("mobilePhone", &new.mobile_phone)];
    if let Some((field, _)) = phones.iter().find(|(_, phone)| phone.as_deref().is_some_and(|phone| !is_e164(phone))) {
        return Err(expected(field, "an E.164 number such as +12025550100"));
    }
    if new.machine && new.sworn {
        return Err(expected("sworn", "false: a machine is never sworn"));
    }
    let kind: Option<AgencyKind> = agency.kind.parse().ok();
    let possible = kind.map_or(&[][..], AgencyKind::roles);
    let ceiling: Vec<Role> = names(&agency.roles);
    let granted: Vec<&str> = ceiling.iter().filter(|role| possible.contains(role)).map(|role| role.name()).collect();
    if granted.is_empty() {
        return Err(Error::new(Code::Conflict, "the agency is listed, not enrolled: it has no roles to grant"));
    }
    if new.roles.is_empty() || !new.roles.iter().all(|role| granted.contains(&role.name())) {
        let what = format!("at least one and only of what the agency may grant ({})", granted.join(", "));
        return Err(expected("roles", &what));
    }
    if new.post.is_some() {
        check_posted(&new.roles)?;
    }
    Ok(())
}

/// Only who answers for the security of a post is posted to one here: to others the post would mean nothing.
fn check_posted(roles: &[Role]) -> Result<()> {
    let role = Role::RegionalSecurityOfficer;
    if roles.contains(&role) { Ok(()) } else { Err(expected("post", &format!("none: only a {role} has one"))) }
}

async fn post(rows: &impl ConnectionTrait, name: &str) -> Result<String> {
    use entity::post::{Column, Entity};
    let called = Condition::any().add(Column::Id.eq(name)).add(Column::WikidataId.eq(name));
    let found = Entity::find().filter(called).one(rows).await?;
    found
        .map(|post| post.id)
        .ok_or_else(|| expected("post", &format!("the Wikidata QID or id of a known post, not `{name}`")))
}

fn absent(subject: &str) -> Error {
    Error::new(Code::NotFound, format!("the agency has no person `{subject}`"))
}

async fn find(rows: &impl ConnectionTrait, agency: &str, subject: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::AgencyId.eq(agency)).filter(Column::Subject.eq(subject)).one(rows).await?)
}

fn changed(work: &mut Work, id: &str) {
    work.touch(Kind::Person, id);
    work.standing_changed();
}
