//! Who protects whom: two details that stand without a gap for a year, and those of twenty visits.

use entity::{assignment, detail_agency, person, protective_detail, shift, visit};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use time::{Duration, OffsetDateTime};

use super::{agencies::Enrolled, chance::Chance, insert, people};
use crate::{
    access::{AgencyKind, Kind, Role},
    clock::{instant, parse_instant},
    desk::{STANDING, Work},
    error::{Error, Result},
};

/// Details of visits.
const DETAILS: usize = 20;
/// Shifts of each.
const SHIFTS: i64 = 10;
/// Hours of a shift of a visit's detail.
const HOURS: i64 = 8;
/// Hours of a shift of a standing detail.
const HALF_A_DAY: i64 = 12;
/// Half days of a year.
const YEAR: i64 = 2 * 365;

/// What is written.
#[derive(Default)]
struct Rows {
    persons: Vec<person::ActiveModel>,
    details: Vec<protective_detail::ActiveModel>,
    agencies: Vec<detail_agency::ActiveModel>,
    assignments: Vec<assignment::ActiveModel>,
    shifts: Vec<shift::ActiveModel>,
    touched: Vec<(Kind, String)>,
}

/// Writes them.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance, agencies: &[Enrolled]) -> Result<()> {
    let Some(dss) = agencies.iter().find(|agency| agency.fact.kind == AgencyKind::DiplomaticSecurity) else {
        return Ok(());
    };
    let Some(first) = dss.people(Role::DetailAgent).first().map(|id| (*id).to_owned()) else { return Ok(()) };
    let now = work.clock().now();
    let today = now.date().midnight().assume_utc();
    let mut rows = Rows::default();
    for protectee in STANDING {
        let team: Vec<String> = (0..4).map(|_| agent(chance, &mut rows, &dss.id, now)).collect();
        let detail = detail(chance, &mut rows, (protectee, None), &first, today);
        for one in team.iter().chain([&first]) {
            assign(chance, &mut rows, (&detail, one), today, (today, None));
        }
        for (turn, one) in (0..YEAR).zip(team.iter().cycle()) {
            let from = today + Duration::hours(HALF_A_DAY * turn);
            on(chance, &mut rows, (&detail, one), (from, from + Duration::hours(HALF_A_DAY)));
        }
    }
    let police = agencies.iter().find(|agency| agency.fact.short_name == "NYPD");
    let detective = police.and_then(|police| police.people(Role::LawEnforcement).first().map(|id| (*id).to_owned()));
    let police = police.map(|agency| agency.id.clone());
    let visits = visit::Entity::find()
        .filter(visit::Column::AcceptedAt.is_not_null())
        .filter(visit::Column::Status.is_in(["ACTIVE", "ACCEPTED"]))
        .order_by_desc(visit::Column::ArrivesOn)
        .order_by_asc(visit::Column::Id)
        .all(work.rows())
        .await?;
    for (number, visit) in visits.into_iter().take(DETAILS).enumerate() {
        let day = |date: &str| {
            parse_instant(&format!("{date}T00:00:00Z")).ok_or_else(|| Error::internal("a visit without days"))
        };
        let (from, until) = (day(&visit.arrives_on)?, day(&visit.departs_on)? + Duration::DAY);
        let team: Vec<String> = (0..3).map(|_| agent(chance, &mut rows, &dss.id, now)).collect();
        // The demo's own agent leads the first, and its detective is on it.
        let leader = if number == 0 { &first } else { team.first().unwrap_or(&first) };
        let opened = from - Duration::days(10);
        let detail = detail(chance, &mut rows, ("VISITOR", Some(&visit.id)), leader, opened);
        for one in [Some(&first), detective.as_ref()].into_iter().flatten().filter(|_| number == 0) {
            assign(chance, &mut rows, (&detail, one), opened, (from, Some(until)));
        }
        for one in &team {
            assign(chance, &mut rows, (&detail, one), opened, (from, Some(until + Duration::DAY)));
        }
        for (turn, one) in (0..SHIFTS).zip(team.iter().cycle()) {
            let starts = from + Duration::hours(HOURS * turn);
            on(chance, &mut rows, (&detail, one), (starts, starts + Duration::hours(HOURS)));
        }
        let supporting = police.iter().map(|agency| {
            detail_agency::Model { detail_id: detail.clone(), agency_id: agency.clone() }.into_active_model()
        });
        rows.agencies.extend(supporting);
    }
    insert(work, rows.persons).await?;
    insert(work, rows.details).await?;
    insert(work, rows.agencies).await?;
    insert(work, rows.assignments).await?;
    insert(work, rows.shifts).await?;
    for (kind, id) in rows.touched {
        work.touch(kind, id);
    }
    Ok(())
}

/// Enrols an agent. The demo mints no token for them.
fn agent(chance: &mut Chance, rows: &mut Rows, agency: &str, now: OffsetDateTime) -> String {
    let id = chance.id(now);
    let row = person::Model {
        id: id.clone(),
        agency_id: agency.to_owned(),
        subject: format!("agent.{:03}", rows.persons.len() + 1),
        name: people::name(chance),
        unit: Some("Dignitary Protection".to_owned()),
        roles: r#"["DETAIL_AGENT"]"#.to_owned(),
        sworn: true,
        machine: false,
        cfr28_certified: false,
        desk_phone: None,
        mobile_phone: None,
        email: None,
        host_state_id: None,
        post_id: None,
        disabled_at: None,
    };
    rows.touched.push((Kind::Person, id.clone()));
    rows.persons.push(row.into_active_model());
    id
}

fn detail(
    chance: &mut Chance,
    rows: &mut Rows,
    (protectee, visit): (&str, Option<&str>),
    leader: &str,
    at: OffsetDateTime,
) -> String {
    let row = protective_detail::Model {
        id: chance.id(at),
        protectee: protectee.to_owned(),
        visit_id: visit.map(str::to_owned),
        status: "OPEN".to_owned(),
        agent_in_charge_id: leader.to_owned(),
        safe_haven: Some("The nearest field office".to_owned()),
        opened_at: instant(at),
        closed_at: None,
    };
    let id = row.id.clone();
    rows.touched.push((Kind::ProtectiveDetail, id.clone()));
    rows.details.push(row.into_active_model());
    id
}

fn assign(
    chance: &mut Chance,
    rows: &mut Rows,
    (detail, person): (&str, &str),
    opened: OffsetDateTime,
    (from, until): (OffsetDateTime, Option<OffsetDateTime>),
) {
    let row = assignment::Model {
        id: chance.id(opened),
        detail_id: detail.to_owned(),
        person_id: person.to_owned(),
        starts_at: instant(from),
        ends_at: until.map(instant),
        assigned_at: instant(opened),
    };
    rows.touched.push((Kind::Assignment, row.id.clone()));
    rows.assignments.push(row.into_active_model());
}

fn on(
    chance: &mut Chance,
    rows: &mut Rows,
    (detail, person): (&str, &str),
    (from, until): (OffsetDateTime, OffsetDateTime),
) {
    let row = shift::Model {
        id: chance.id(from),
        detail_id: detail.to_owned(),
        person_id: person.to_owned(),
        role: if rows.shifts.len().is_multiple_of(4) { "SHIFT_LEADER" } else { "CLOSE_PROTECTION" }.to_owned(),
        starts_at: instant(from),
        ends_at: instant(until),
        relieves_id: None,
    };
    rows.touched.push((Kind::Shift, row.id.clone()));
    rows.shifts.push(row.into_active_model());
}
