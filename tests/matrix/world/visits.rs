//! Visits of dignitaries, and what hangs on them.

use chancery::access::Kind;
use entity::{delegate, leg, port_courtesy, venue, visit, visit_conflict, weapons_notice};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{THEN, put, some},
};
use crate::cast;

/// The one with which concerns have to do.
pub const OF_THE_EMBASSY: &str = "of the embassy, accepted, in New York County and in Washington";
/// The one on whose detail the agent is, and somebody of a federal agency.
pub const UNDER_THE_AGENT: &str = "of a stranger, announced, in Kings County, under the agent's detail";

/// Handle, whose, the state, whether it was accepted, the places of its legs, who sees what of it.
type VisitLine =
    (&'static str, &'static str, Option<&'static str>, bool, &'static [Option<&'static str>], &'static str);

/// Before a visit is accepted no law enforcement sees it; then whose areas certainly hold a leg: the directory and that leg.
/// A state's other missions see the directory, the officer in the sending state who it is.
#[rustfmt::skip]
const VISITS: &[VisitLine] = &[
    (OF_THE_EMBASSY, "embassy", Some("FR"), true, &[Some("36061"), Some("11001")],
     "embassy=DCP manhattan=DP newyork=DP statepolice=DP federal=DP national=DP analyst=DC officer=DCPS watch=D rso=DC"),
    ("of the embassy, announced, in New York County", "embassy", Some("FR"), false, &[Some("36061")],
     "embassy=DCP analyst=DC officer=DCPS watch=D rso=DC"),
    ("of the embassy, accepted, nobody knows where", "embassy", Some("FR"), true, &[None],
     "embassy=DCP analyst=DC officer=DCPS watch=D rso=DC"),
    ("of the consulate, accepted, in New York City", "consulate", Some("FR"), true, &[Some("NYC")],
     "embassy=D consulate=DCP newyork=DP statepolice=DP national=DP analyst=DC liaison=D rso=DC"),
    ("of the organisation, accepted, in Harris County, an area that is proposed only", "organisation", None, true, &[Some("48201")],
     "organisation=DCP national=DP analyst=DC liaison=D"),
    ("of a stranger, accepted, in New York State", "in Manhattan", Some("DE"), true, &[Some("US-NY")],
     "statepolice=DP national=DP analyst=DC liaison=D"),
    (UNDER_THE_AGENT, "in Brooklyn", Some("DE"), false, &[Some("36047")],
     "federal=DCPS agent=DCPS analyst=DC liaison=D"),
    ("of a stranger, announced, in New York County", "in Manhattan", Some("DE"), false, &[Some("36061")],
     "analyst=DC liaison=D"),
];

/// Whose areas certainly hold a place.
fn police_of(area: Option<&str>) -> &'static [&'static str] {
    match area {
        Some("36061") => &["manhattan", "newyork", "statepolice", "national"],
        Some("11001") => &["federal", "national"],
        Some("NYC" | "36047") => &["newyork", "statepolice", "national"],
        Some("US-NY") => &["statepolice", "national"],
        Some("48201") => &["national"],
        _ => &[],
    }
}

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (handle, mission, state, accepted, ..) in VISITS {
        let id = id_of(Kind::Visit, handle);
        let row = visit::Model {
            reference: format!("V-2026-{}", &id[id.len() - 8..]),
            mission_id: id_of(Kind::Mission, mission),
            // Every visit has one, so that null means unreadable.
            sending_state_id: some(id_of(Kind::SendingState, state.unwrap_or("DE"))),
            principal: "A Minister".to_owned(),
            rank: "FOREIGN_MINISTER".to_owned(),
            city: "City".to_owned(),
            arrives_on: "2026-12-01".to_owned(),
            departs_on: "2026-12-03".to_owned(),
            status: if *accepted { "ACCEPTED" } else { "ANNOUNCED" }.to_owned(),
            reason: some("A reason"),
            threat_assessment: some("Much"),
            announced_by_id: Some(id_of(Kind::Person, "third officer")),
            announced_at: THEN.to_owned(),
            accepted_at: accepted.then(|| THEN.to_owned()),
            id,
        };
        put(work, row).await;
    }
    for (handle, _, _, _, places, expect) in VISITS {
        let situation = Situation::new(Kind::Visit, *handle, expect);
        for (place, area) in places.iter().enumerate() {
            world.extend(stop(work, &situation, place, *area).await);
        }
        world.extend(parts(work, &situation).await);
        world.push(situation);
    }
    world
}

/// Who belongs to the visit's own or to the service, and reads a tier of it.
fn insiders(visit: &Situation, tier: char) -> Vec<&'static str> {
    let is_police = |asker: &cast::Asker| police_of(Some("36061")).contains(&asker.name) || asker.name == "federal";
    // A police reads what is sensitive as a guest on the detail only.
    let inside = |asker: &&cast::Asker| !is_police(asker) || visit.expected(asker.name).contains('S');
    let reads = |asker: &&cast::Asker| visit.expected(asker.name).contains(tier);
    cast::CAST.iter().filter(inside).filter(reads).map(|asker| asker.name).collect()
}

fn situation(kind: Kind, visit: &Situation, what: &str, who: &[&str]) -> Situation {
    // What is sensitive of a leg is for who reads that of the visit.
    let tiers = |name: &&str| match kind {
        Kind::Leg if visit.expected(name).contains('S') => "PS",
        Kind::VisitConflict => "S",
        _ => "P",
    };
    let expect: Vec<String> = who.iter().map(|name| format!("{name}={}", tiers(name))).collect();
    Situation::of(
        kind,
        &format!("{what}, of: {}", visit.name),
        format!("{what}, of: {}", visit.name),
        &expect.join(" "),
    )
}

/// A venue and the leg to it.
async fn stop(work: &DatabaseTransaction, visit: &Situation, place: usize, area: Option<&str>) -> [Situation; 2] {
    let inside = insiders(visit, 'P');
    let theirs = |name: &&str| visit.expected(name).contains('D') && !inside.contains(name);
    let who: Vec<&str> = inside.iter().copied().chain(police_of(area).iter().copied().filter(theirs)).collect();
    let at = format!("{}, {}", place + 1, area.unwrap_or("nobody knows where"));
    let venue = situation(Kind::Venue, visit, &at, &who);
    let row = venue::Model {
        id: venue.id.clone(),
        visit_id: visit.id.clone(),
        name: "A venue".to_owned(),
        kind: "PUBLIC".to_owned(),
        address: some("1 Street"),
        area: area.map(str::to_owned),
        latitude: Some(40.7),
        longitude: Some(-74.0),
    };
    put(work, row).await;
    let leg = situation(Kind::Leg, visit, &at, &who);
    let row = leg::Model {
        id: leg.id.clone(),
        visit_id: visit.id.clone(),
        kind: "VENUE".to_owned(),
        venue_id: some(venue.id.clone()),
        area: area.map(str::to_owned),
        starts_at: format!("2026-12-0{}T12:00:00.000000Z", place + 1),
        ends_at: format!("2026-12-0{}T13:00:00.000000Z", place + 1),
        note: some("A note"),
        route: some("By the river"),
    };
    put(work, row).await;
    [venue, leg]
}

/// One of everything else.
async fn parts(work: &DatabaseTransaction, visit: &Situation) -> Vec<Situation> {
    let own = insiders(visit, 'P');
    let by = || Some(id_of(Kind::Person, "third officer"));
    let of = |kind: Kind, what: &str| situation(kind, visit, what, &own);
    let (delegate, courtesy, notice) =
        (of(Kind::Delegate, "a delegate"), of(Kind::PortCourtesy, "a courtesy"), of(Kind::WeaponsNotice, "a weapon"));
    let conflict = situation(Kind::VisitConflict, visit, "a conflict", &insiders(visit, 'S'));
    let row = delegate::Model {
        id: delegate.id.clone(),
        visit_id: visit.id.clone(),
        name: "A Delegate".to_owned(),
        capacity: some("Interpreter"),
        added_at: THEN.to_owned(),
    };
    put(work, row).await;
    let row = port_courtesy::Model {
        id: courtesy.id.clone(),
        visit_id: visit.id.clone(),
        direction: "ARRIVAL".to_owned(),
        port: "JFK".to_owned(),
        carrier: some("A flight"),
        at: "2026-12-01T10:00:00.000000Z".to_owned(),
        late_reason: some("It was late"),
        requested_by_id: by(),
        requested_at: THEN.to_owned(),
        decision: "DENIED".to_owned(),
        decided_by_id: by(),
        decided_at: some(THEN),
        reason: some("Why"),
    };
    put(work, row).await;
    let row = weapons_notice::Model {
        id: notice.id.clone(),
        visit_id: visit.id.clone(),
        officer: "An Officer".to_owned(),
        make: "A make".to_owned(),
        serial: "1".to_owned(),
        route: "By air".to_owned(),
        filed_by_id: by(),
        filed_at: THEN.to_owned(),
        decision: "DENIED".to_owned(),
        decided_by_id: by(),
        decided_at: some(THEN),
        reason: some("Why"),
    };
    put(work, row).await;
    let (_, _, _, _, places, _) = VISITS.iter().find(|line| line.0 == visit.name).expect("a visit");
    let at = format!("1, {}", places[0].unwrap_or("nobody knows where"));
    let row = visit_conflict::Model {
        id: conflict.id.clone(),
        visit_id: visit.id.clone(),
        kind: "SAME_VENUE".to_owned(),
        leg_id: some(id_of(Kind::Leg, &format!("{at}, of: {}", visit.name))),
        other_visit_id: some(id_of(Kind::Visit, VISITS[3].0)),
        starts_at: "2026-12-01T12:00:00.000000Z".to_owned(),
        ends_at: "2026-12-01T13:00:00.000000Z".to_owned(),
        found_at: THEN.to_owned(),
    };
    put(work, row).await;
    vec![delegate, courtesy, notice, conflict]
}
