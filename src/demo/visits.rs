//! A week of the General Assembly, around the clock's present: forty visits with three hundred legs in New York.

use entity::{delegate, leg, port_courtesy, venue, visit, weapons_notice};
use sea_orm::IntoActiveModel;
use time::{Date, Duration, OffsetDateTime, Time};

use super::{agencies::Enrolled, chance::Chance, insert, missions::Mission, people};
use crate::{
    access::{AgencyKind, Kind, Role},
    clock::instant,
    desk::{Work, reference, renew_conflicts},
    error::Result,
};

/// Visits.
const COUNT: usize = 40;
/// Every other visit has one leg more: three hundred in all.
const LEGS: usize = 7;

/// Hotels near the United Nations. Invented.
const HOTELS: &[&str] = &[
    "Hotel Turtle Bay",
    "The Alderton",
    "Beekman Court",
    "The Kips House",
    "Hotel Lexington Square",
    "Murray Tower",
    "The Tudor Arms",
    "Sutton Park Hotel",
    "Hotel Cavendish",
    "The Dag House",
    "East River Suites",
    "The Marlowe",
];

/// A venue: name, kind, street, area, degrees north and east.
type Place = (&'static str, &'static str, &'static str, &'static str, f64, f64);

const AIRPORT: Place =
    ("John F. Kennedy International Airport", "AIRPORT", "Queens, New York", "36081", 40.6413, -73.7781);
const ASSEMBLY: Place = (
    "United Nations Headquarters",
    "INTERNATIONAL_ORGANIZATION",
    "First Avenue at 46th Street",
    "36061",
    40.7489,
    -73.968,
);
const DEPARTMENT: Place = ("Department of State", "GOVERNMENT", "2201 C Street NW", "11001", 38.8945, -77.0484);

/// A leg: kind, venue, area, from when, until when, what is done.
type Planned<'a> = (&'a str, Option<&'a String>, Option<&'a str>, OffsetDateTime, OffsetDateTime, &'a str);

/// What is written of all visits.
#[derive(Default)]
struct Rows {
    visits: Vec<visit::ActiveModel>,
    venues: Vec<venue::ActiveModel>,
    legs: Vec<leg::ActiveModel>,
    delegates: Vec<delegate::ActiveModel>,
    courtesies: Vec<port_courtesy::ActiveModel>,
    notices: Vec<weapons_notice::ActiveModel>,
    touched: Vec<(Kind, String)>,
}

/// Writes them.
pub(super) async fn seed(
    work: &mut Work,
    chance: &mut Chance,
    missions: &[Mission],
    agencies: &[Enrolled],
) -> Result<()> {
    let now = work.clock().now();
    let officer = agencies.iter().find_map(|agency| agency.people(Role::LiaisonOfficer).first().copied());
    let mut rows = Rows::default();
    let mut ids = Vec::new();
    for (number, mission) in visiting(missions).into_iter().take(COUNT).enumerate() {
        let by = agencies
            .iter()
            .filter(|agency| agency.fact.kind == AgencyKind::Mission)
            .find(|agency| agency.missions.iter().any(|of| of.id == mission.id))
            .and_then(|agency| agency.people(Role::MissionOfficer).first().copied());
        ids.push(one(chance, &mut rows, number, mission, (by, officer), now));
    }
    link_states(work, &mut rows).await?;
    insert(work, rows.visits).await?;
    insert(work, rows.venues).await?;
    insert(work, rows.legs).await?;
    insert(work, rows.delegates).await?;
    insert(work, rows.courtesies).await?;
    insert(work, rows.notices).await?;
    for (kind, id) in rows.touched {
        work.touch(kind, id);
    }
    for id in ids {
        renew_conflicts(work, &id, now).await?;
    }
    Ok(())
}

/// The missions whose dignitaries come: the demo's own embassies first, then those at the United Nations and others.
fn visiting(missions: &[Mission]) -> Vec<&Mission> {
    let of =
        |kind: &'static str| missions.iter().filter(move |mission| mission.r#type == kind && mission.state.is_some());
    let first = ["Embassy of France", "Embassy of Germany"];
    let mut visiting: Vec<&Mission> =
        first.iter().filter_map(|name| missions.iter().find(|mission| mission.name == *name)).collect();
    let states: Vec<&Option<String>> = visiting.iter().map(|mission| &mission.state).collect();
    let others: Vec<&Mission> =
        of("PERMANENT_MISSION_UN").chain(of("EMBASSY")).filter(|mission| !states.contains(&&mission.state)).collect();
    visiting.extend(others);
    visiting
}

/// The state of each mission, as it is.
async fn link_states(work: &Work, rows: &mut Rows) -> Result<()> {
    use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
    let states: Vec<(String, Option<String>)> = entity::mission::Entity::find()
        .select_only()
        .columns([entity::mission::Column::Id, entity::mission::Column::SendingStateId])
        .into_tuple()
        .all(work.rows())
        .await?;
    let states: std::collections::BTreeMap<String, Option<String>> = states.into_iter().collect();
    for row in &mut rows.visits {
        let mission = row.mission_id.clone().take().unwrap_or_default();
        row.sending_state_id = Set(states.get(&mission).cloned().flatten());
    }
    Ok(())
}

/// Where a visit stands by its days, and a few by what was decided.
fn status(number: usize, first: Date, last: Date, today: Date) -> &'static str {
    match number % 20 {
        17 => "DECLINED",
        18 => "CANCELLED",
        4 | 11 if first > today => "ANNOUNCED",
        _ if last < today => "COMPLETED",
        _ if first <= today => "ACTIVE",
        _ => "ACCEPTED",
    }
}

fn one(
    chance: &mut Chance,
    rows: &mut Rows,
    number: usize,
    mission: &Mission,
    (by, officer): (Option<&str>, Option<&str>),
    now: OffsetDateTime,
) -> String {
    let today = now.date();
    let first = today + Duration::days(i64::try_from(number % 6).unwrap_or(0) - 3);
    let last = first + Duration::days(2 + i64::try_from(number % 2).unwrap_or(0));
    let announced = now - Duration::days(20 + i64::try_from(chance.below(20)).unwrap_or(0));
    let status = status(number, first, last, today);
    let accepted = !matches!(status, "ANNOUNCED" | "DECLINED");
    let ranks =
        ["FOREIGN_MINISTER", "FOREIGN_MINISTER", "FOREIGN_MINISTER", "ROYAL", "FORMER_HEAD_OF_STATE", "MINISTER"];
    let row = visit::Model {
        id: chance.id(announced),
        reference: reference::of_visit(announced.year(), u32::try_from(chance.next() >> 39).unwrap_or(0)),
        mission_id: mission.id.clone(),
        sending_state_id: None,
        principal: people::name(chance),
        rank: chance.word(&ranks).to_owned(),
        city: "New York".to_owned(),
        arrives_on: first.to_string(),
        departs_on: last.to_string(),
        status: status.to_owned(),
        reason: match status {
            "DECLINED" => Some("Protected by another service.".to_owned()),
            "CANCELLED" => Some("The principal stays at home.".to_owned()),
            _ => None,
        },
        threat_assessment: accepted.then(|| {
            let feared = [
                "No specific threat is known.",
                "Demonstrations before the hotel are announced.",
                "A hostile person was seen at the last visit.",
            ];
            chance.word(&feared).to_owned()
        }),
        announced_by_id: by.map(str::to_owned),
        announced_at: instant(announced),
        accepted_at: accepted.then(|| instant(announced + Duration::days(2))),
    };
    let id = row.id.clone();
    rows.touched.push((Kind::Visit, id.clone()));
    rows.visits.push(row.into_active_model());
    legs(chance, rows, number, &id, (first, last));
    party(chance, rows, &id, (announced, first), (by, officer.filter(|_| accepted)));
    id
}

/// From the airport to the hotel, to the Assembly, to talks, and back.
fn legs(chance: &mut Chance, rows: &mut Rows, number: usize, visit: &str, (first, last): (Date, Date)) {
    // New York is four or five hours behind: midday there is early evening here.
    let at = |date: Date, hour: i64, minute: i64| {
        date.with_time(Time::MIDNIGHT).assume_utc() + Duration::hours(hour) + Duration::minutes(minute)
    };
    let hotel = *chance.pick(HOTELS).unwrap_or(&"Hotel Turtle Bay");
    let hotel: Place = (
        hotel,
        "HOTEL",
        "Manhattan, New York",
        "36061",
        40.75 + f64::from(u8::try_from(hotel.len()).unwrap_or(0)) / 2_000.0,
        -73.97,
    );
    let place = |rows: &mut Rows, chance: &mut Chance, place: &Place| {
        let (name, kind, address, area, latitude, longitude) = *place;
        let row = venue::Model {
            id: chance.id(at(first, 0, 0)),
            visit_id: visit.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            address: Some(address.to_owned()),
            area: Some(area.to_owned()),
            latitude: Some(latitude),
            longitude: Some(longitude),
        };
        let id = row.id.clone();
        rows.touched.push((Kind::Venue, id.clone()));
        rows.venues.push(row.into_active_model());
        id
    };
    let (airport, hotel, assembly) =
        (place(rows, chance, &AIRPORT), place(rows, chance, &hotel), place(rows, chance, &ASSEMBLY));
    // One of ten goes to Washington, too.
    let talks = if number.is_multiple_of(10) { Some(place(rows, chance, &DEPARTMENT)) } else { None };
    let (slot, second) = (i64::try_from(number / 6).unwrap_or(0), first + Duration::DAY);
    let nowhere = number % 13 == 5;
    let talks_area = if talks.is_some() { Some("11001") } else { Some("36061").filter(|_| !nowhere) };
    let mut plan: Vec<Planned<'_>> = vec![
        ("AIRPORT", Some(&airport), Some("36081"), at(first, 14, slot * 20), at(first, 15, slot * 20), "Arrival"),
        ("MOTORCADE", None, Some("NYC"), at(first, 15, slot * 20), at(first, 16, slot * 20), "Airport to hotel"),
        ("HOTEL", Some(&hotel), Some("36061"), at(first, 23, 0), at(second, 12, 0), "Night"),
        (
            "MOTORCADE",
            None,
            Some("36061"),
            at(second, 13, slot * 15),
            at(second, 13, slot * 15 + 15),
            "Hotel to First Avenue",
        ),
        (
            "VENUE",
            Some(&assembly),
            Some("36061"),
            at(second, 14, slot * 30),
            at(second, 14, slot * 30 + 45),
            "Address to the General Assembly",
        ),
        ("VENUE", talks.as_ref(), talks_area, at(second, 19, slot * 10), at(second, 20, slot * 10), "Talks"),
        ("AIRPORT", Some(&airport), Some("36081"), at(last, 20, slot * 20), at(last, 21, slot * 20), "Departure"),
    ];
    if number % 2 == 1 {
        plan.insert(
            LEGS - 1,
            ("MOTORCADE", None, Some("NYC"), at(last, 18, slot * 20), at(last, 19, slot * 20), "Hotel to airport"),
        );
    }
    for (kind, venue, area, starts, ends, note) in plan {
        let row = leg::Model {
            id: chance.id(at(first, 0, 0)),
            visit_id: visit.to_owned(),
            kind: kind.to_owned(),
            venue_id: venue.cloned(),
            area: area.map(str::to_owned),
            starts_at: instant(starts),
            ends_at: instant(ends),
            note: Some(note.to_owned()),
            route: (kind == "MOTORCADE").then(|| "Van Wyck Expressway, Midtown Tunnel".to_owned()),
        };
        rows.touched.push((Kind::Leg, row.id.clone()));
        rows.legs.push(row.into_active_model());
    }
}

/// Who comes along, and what was asked for.
fn party(
    chance: &mut Chance,
    rows: &mut Rows,
    visit: &str,
    (announced, first): (OffsetDateTime, Date),
    (by, officer): (Option<&str>, Option<&str>),
) {
    for capacity in ["Ambassador", "Adviser", "Interpreter"] {
        let row = delegate::Model {
            id: chance.id(announced),
            visit_id: visit.to_owned(),
            name: people::name(chance),
            capacity: Some(capacity.to_owned()),
            added_at: instant(announced),
        };
        rows.touched.push((Kind::Delegate, row.id.clone()));
        rows.delegates.push(row.into_active_model());
    }
    let decided = officer.map(|officer| (officer.to_owned(), instant(announced + Duration::days(3))));
    let decision = if decided.is_some() { "GRANTED" } else { "PENDING" };
    let row = port_courtesy::Model {
        id: chance.id(announced),
        visit_id: visit.to_owned(),
        direction: "ARRIVAL".to_owned(),
        port: "JFK".to_owned(),
        carrier: None,
        at: instant(first.with_time(Time::MIDNIGHT).assume_utc() + Duration::hours(14)),
        late_reason: None,
        requested_by_id: by.map(str::to_owned),
        requested_at: instant(announced),
        decision: decision.to_owned(),
        decided_by_id: decided.as_ref().map(|(officer, _)| officer.clone()),
        decided_at: decided.as_ref().map(|(_, at)| at.clone()),
        reason: None,
    };
    rows.touched.push((Kind::PortCourtesy, row.id.clone()));
    rows.courtesies.push(row.into_active_model());
    for make in ["Glock 17", "SIG Sauer P229"] {
        let row = weapons_notice::Model {
            id: chance.id(announced),
            visit_id: visit.to_owned(),
            officer: people::name(chance),
            make: make.to_owned(),
            serial: format!("{:06}", chance.below(1_000_000)),
            route: "JFK, both ways".to_owned(),
            filed_by_id: by.map(str::to_owned),
            filed_at: instant(announced),
            decision: decision.to_owned(),
            decided_by_id: decided.as_ref().map(|(officer, _)| officer.clone()),
            decided_at: decided.as_ref().map(|(_, at)| at.clone()),
            reason: None,
        };
        rows.touched.push((Kind::WeaponsNotice, row.id.clone()));
        rows.notices.push(row.into_active_model());
    }
}
