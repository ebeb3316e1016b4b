//! A concern is shown to an agency or to one person, and hidden again.

use entity::{person, share};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter};

use super::{
    case::{Case, To as For, Words},
    mark::said,
};
use crate::{
    access::{AgencyKind, Cui, Kind, Tlp, consent, emit::To},
    desk::command::{Act, Beside, Input, refused},
    error::{Code, Error, Result},
};

/// Shows it.
pub async fn share(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let tlp_cap: Tlp = input.text("tlpCap").and_then(|name| name.parse().ok()).unwrap_or_else(|| case.tlp());
    if tlp_cap < case.tlp() {
        return Err(refused("tlpCap", &format!("a marking not below the concern's, {}", case.tlp().name())));
    }
    // Up to the cap it will be open whatever it is marked later: consent is for that.
    let agency = agency_of(act, input, &case, tlp_cap).await?;
    let person = match input.text("person") {
        Some(subject) => Some(person_of(act, &agency.id, subject).await?),
        None => None,
    };
    if consent::is_for_persons_only(case.tlp()) && person.is_none() {
        return Err(refused("person", "one person, as what is RED is for named persons only"));
    }
    let to_agency = person.is_none();
    let whom = person.clone().map_or_else(|| To::Agency(agency.id.clone()), To::Person);
    if case.aggregate().is_shown(&whom, &act.at()) {
        let field = if to_agency { "agencyId" } else { "person" };
        return Err(Error::new(
            Code::Conflict,
            format!("input.{field}: it is shared there already: revoke that first"),
        ));
    }
    let id = act.new_id();
    let row = share::Model {
        id: id.clone(),
        concern_id: case.row.id.clone(),
        agency_id: to_agency.then(|| agency.id.clone()),
        person_id: person,
        tier_cap: input.maybe("tiers").unwrap_or_else(|| "DC".to_owned()),
        tlp_cap: tlp_cap.name().to_owned(),
        reason: input.must("reason"),
        shared_at: act.at(),
        expires_at: input.maybe("expiresAt"),
        revoked_at: None,
    };
    let whom = if to_agency { agency.name.clone() } else { format!("one person of {}", agency.name) };
    let told = said(&[
        Some(format!("Shared with {whom}: {} up to {}", row.tier_cap, row.tlp_cap)),
        input.maybe("reason"),
        input.maybe("consent").map(|consent| format!("Consent: {consent}")),
    ]);
    case.add_share(act, row);
    case.write(act, Words::new("SHARE", For::Dss, Some(&told)), None);
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("share", &id)]))
}

/// Ends a share.
pub async fn revoke(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "shareId").await?;
    let row = share::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    let row = row.ok_or_else(|| Error::internal("a share that was seen is gone"))?;
    if row.revoked_at.is_some() {
        return Err(Error::new(Code::Conflict, "input.shareId: it is revoked"));
    }
    let (id, concern) = (row.id.clone(), row.concern_id.clone());
    let mut case = Case::of(act, &concern, seen).await?;
    case.revoke_share(act, &id);
    let told = format!("Share revoked\n{}", input.must("reason"));
    case.write(act, Words::new("SHARE", For::Dss, Some(&told)), None);
    case.save(act).await?;
    Ok(act.changed(&[("concern", &concern), ("share", &id)]))
}

/// The agency that the input names, if it is enrolled, with the originator's consent where that is needed.
pub(super) async fn agency_of(act: &Act<'_>, input: &Input, case: &Case, up_to: Tlp) -> Result<entity::agency::Model> {
    let row = input.row("agencyId", Kind::Agency);
    let (seen, read) = act.sight_with(Kind::Agency, &row, Beside::row("agency", "c.*".to_owned())).await?;
    let agency = seen.map(|_| entity::agency::Model::from_query_result(&read, "")).transpose()?;
    // Who only stands in the directory has nobody who could sign in.
    let enrolled = agency.filter(|agency| agency.issuer.is_some() && agency.suspended_at.is_none());
    let agency = enrolled.ok_or_else(|| refused("agencyId", "the id of an agency that is enrolled"))?;
    let kind = kind_of(&agency)?;
    let cui = Cui::of_row(case.row.cui.as_deref());
    if !lets_go_to(act, &cui, &agency).await? {
        return Err(refused("agencyId", "the id of an agency to which its CUI marking lets it go"));
    }
    if consent::is_needed_to_show(up_to, kind) && !input.has("consent") {
        let expected = format!("the originator's consent, as it is shown up to {} outside the service", up_to.name());
        return Err(refused("consent", &expected));
    }
    Ok(agency)
}

fn kind_of(agency: &entity::agency::Model) -> Result<AgencyKind> {
    agency.kind.parse().map_err(|()| Error::internal("an agency of an unknown kind"))
}

/// Whether CUI controls let a concern go to an agency.
pub(super) async fn lets_go_to(act: &Act<'_>, cui: &Cui, agency: &entity::agency::Model) -> Result<bool> {
    let state = match &agency.sending_state_id {
        Some(id) => entity::sending_state::Entity::find_by_id(id).one(act.rows()).await?,
        None => None,
    };
    let codes: Vec<String> = state.into_iter().flat_map(|state| state.iso2.into_iter().chain(state.iso3)).collect();
    Ok(cui.is_open_to(kind_of(agency)?, agency.level == "FEDERAL", &codes))
}

async fn person_of(act: &Act<'_>, agency: &str, subject: &str) -> Result<String> {
    let found = person::Entity::find()
        .filter(person::Column::AgencyId.eq(agency))
        .filter(person::Column::Subject.eq(subject))
        .filter(person::Column::DisabledAt.is_null())
        .one(act.rows())
        .await?;
    found.map(|person| person.id).ok_or_else(|| refused("person", "the subject of a person enrolled by the agency"))
}

/// The shares of a concern that hold now: neither revoked nor over.
pub(super) fn holding(act: &Act<'_>, concern: &str) -> Condition {
    let not_over = Condition::any().add(share::Column::ExpiresAt.is_null()).add(share::Column::ExpiresAt.gt(act.at()));
    Condition::all().add(share::Column::ConcernId.eq(concern)).add(share::Column::RevokedAt.is_null()).add(not_over)
}
