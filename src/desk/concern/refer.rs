//! A concern is offered to an agency, which takes it on, turns it down, or is done with it.

use entity::referral;
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};

use super::{
    case::{Case, To, Words},
    mark::said,
    share::agency_of,
};
use crate::{
    access::{AgencyKind, Command, consent},
    desk::{
        command::{Act, Input, refused},
        workflow::Status,
    },
    error::{Code, Error, Result},
};

/// A referral that waits for the agency, or is with it.
const OPEN: [&str; 2] = ["OFFERED", "ACCEPTED"];

/// Offers it to an agency of law enforcement.
pub async fn refer(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let to = case.step(act, None)?;
    if consent::is_for_persons_only(case.tlp()) {
        return Err(Error::new(Code::Conflict, "what is RED is for named persons only: it cannot be referred"));
    }
    let agency = agency_of(act, input, &case, case.tlp()).await?;
    if agency.kind != AgencyKind::LawEnforcement.name() {
        return Err(refused("agencyId", "the id of a law enforcement agency that is enrolled"));
    }
    if case.aggregate().is_referred(&agency.id, &OPEN) {
        return Err(Error::new(Code::Conflict, "input.agencyId: it is referred there, and not answered yet"));
    }
    let id = act.new_id();
    let row = referral::Model {
        id: id.clone(),
        concern_id: case.row.id.clone(),
        agency_id: agency.id.clone(),
        status: "OFFERED".to_owned(),
        case_number: None,
        due_at: input.maybe("dueAt"),
        offered_at: act.at(),
    };
    case.add_referral(act, row);
    let moved = case.go(to);
    let asked = Words::new("REFERRAL", To::Agency(agency.id), input.text("body"));
    case.write(act, asked, moved.then_some(to));
    if let Some(consent) = input.text("consent") {
        let told = format!("Referred to {}\nConsent: {consent}", agency.name);
        case.write(act, Words::new("REFERRAL", To::Dss, Some(&told)), None);
    }
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("referral", &id)]))
}

/// Takes it on.
pub async fn accept(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    answer(act, input, &["OFFERED"], "ACCEPTED").await
}

/// Turns it down.
pub async fn decline(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    answer(act, input, &OPEN, "DECLINED").await
}

/// Is done with it.
pub async fn complete(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    answer(act, input, &["ACCEPTED"], "DONE").await
}

/// Sets the agency's own number of the case.
pub async fn set_case_number(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    answer(act, input, &["OFFERED", "ACCEPTED", "DONE"], "").await
}

/// From one of the statuses to another; to none, it stays. When the last agency has answered, the concern is back with
/// its officer.
async fn answer(act: &mut Act<'_>, input: &Input, from: &[&str], to: &str) -> Result<Vec<String>> {
    let seen = act.on(input, "referralId").await?;
    let row = referral::Entity::find_by_id(&seen.row).one(act.rows()).await?;
    let row = row.ok_or_else(|| Error::internal("a referral that was seen is gone"))?;
    if !from.contains(&row.status.as_str()) {
        let legal: Vec<&str> =
            LEGAL.iter().filter(|(_, of)| of.contains(&row.status.as_str())).map(|l| l.0.name()).collect();
        let message = format!(
            "{}: the referral is {}; legal for you now: {}",
            act.command().name(),
            row.status,
            legal.join(", ")
        );
        return Err(Error::new(Code::Conflict, message).with("status", row.status.into()).with("legal", legal.into()));
    }
    let (id, agency) = (row.id.clone(), row.agency_id.clone());
    let acts = matches!(act.command(), Command::AcceptReferral | Command::CompleteReferral);
    let mut case = Case::of(act, &row.concern_id.clone(), seen).await?;
    if acts && case.status()?.is_end() {
        let message = format!("{}: the concern is {}", act.command().name(), case.row.status);
        return Err(Error::new(Code::Conflict, message).with("status", case.row.status.clone().into()));
    }
    let status = if to.is_empty() { row.status.clone() } else { to.to_owned() };
    let told = said(&[
        (!to.is_empty()).then(|| format!("Referral {}", to.to_lowercase())),
        // Not the number: an entry is read by more than the referral, which holds it.
        input.has("caseNumber").then(|| "Case number set".to_owned()),
        input.maybe("body").or_else(|| input.maybe("reason")),
    ]);
    let mut set = referral::ActiveModel { status: Set(status), ..row.into_active_model() };
    if let Some(number) = input.maybe("caseNumber") {
        set.case_number = Set(Some(number));
    }
    let waiting = case.change_referral(act, &set, &OPEN);
    let back = waiting == 0 && case.status()? == Status::Referred && case.go(Status::InProgress);
    let words = Words::new("REFERRAL", To::Agency(agency), Some(&told));
    case.write(act, words, back.then_some(Status::InProgress));
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("referral", &id)]))
}

/// What is legal in which status of a referral.
const LEGAL: &[(Command, &[&str])] = &[
    (Command::AcceptReferral, &["OFFERED"]),
    (Command::DeclineReferral, &OPEN),
    (Command::CompleteReferral, &["ACCEPTED"]),
    (Command::SetCaseNumber, &["OFFERED", "ACCEPTED", "DONE"]),
];
