//! Concerns in every state of life, with every marking, raised by missions, by law enforcement and by DSS.

use std::collections::BTreeMap;

use entity::{concern, premises, referral, share};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{
    agencies::Enrolled,
    chance::{Chance, text},
    insert, logs,
    missions::Mission,
    people, release,
    stories::{STORIES, SUBJECTS, Story, tell},
};
use crate::{
    access::{AgencyKind, Kind, Role},
    clock::instant,
    desk::{Work, pseudonym::Pseudonyms, reference},
    error::Result,
};

const COUNT: usize = 480;

/// The statuses with how many of a hundred concerns are in each.
const STATUSES: [(&str, usize); 12] = [
    ("SUBMITTED", 10),
    ("ACKNOWLEDGED", 8),
    ("ASSIGNED", 8),
    ("IN_PROGRESS", 14),
    ("AWAITING_MISSION", 6),
    ("REFERRED", 12),
    ("RESPONDED", 8),
    ("RESOLVED", 10),
    ("CLOSED", 16),
    ("WITHDRAWN", 3),
    ("DUPLICATE", 2),
    ("NOT_ACTIONABLE", 3),
];
const SEVERITIES: [(&str, usize); 4] = [("LOW", 35), ("MEDIUM", 35), ("HIGH", 21), ("CRITICAL", 9)];
const MARKINGS: [(&str, usize); 5] = [("CLEAR", 8), ("GREEN", 22), ("AMBER", 45), ("AMBER_STRICT", 15), ("RED", 10)];

/// A concern with what its log wants to know.
pub(super) struct Told<'a> {
    pub(super) row: concern::Model,
    pub(super) opened: OffsetDateTime,
    pub(super) origin: &'a Enrolled,
    pub(super) referrals: Vec<referral::Model>,
    pub(super) shares: Vec<share::Model>,
}

/// What a concern is made of.
struct Ground<'a> {
    agencies: &'a [Enrolled],
    missions: &'a [Mission],
    dss: &'a Enrolled,
    premises: BTreeMap<String, Vec<premises::Model>>,
    pseudonyms: Pseudonyms,
    now: OffsetDateTime,
}

pub(super) async fn seed(
    work: &mut Work,
    chance: &mut Chance,
    missions: &[Mission],
    agencies: &[Enrolled],
) -> Result<()> {
    let Some(dss) = agencies.iter().find(|agency| agency.fact.kind == AgencyKind::DiplomaticSecurity) else {
        return Ok(());
    };
    let mut of_mission: BTreeMap<String, Vec<premises::Model>> = BTreeMap::new();
    for row in premises::Entity::find().all(work.rows()).await? {
        of_mission.entry(row.mission_id.clone()).or_default().push(row);
    }
    for of_one in of_mission.values_mut() {
        of_one.sort_by(|a, b| (&a.kind, &a.address, &a.id).cmp(&(&b.kind, &b.address, &b.id)));
    }
    let pseudonyms = Pseudonyms::open(work.rows()).await?;
    let ground = Ground { agencies, missions, dss, premises: of_mission, pseudonyms, now: work.clock().now() };
    let mut told = Vec::new();
    let mut references = std::collections::BTreeSet::new();
    for number in 0..COUNT {
        let Some(mut one) = tell_one(chance, &ground, number) else { continue };
        while !references.insert(one.row.reference.clone()) {
            one.row.reference = new_reference(chance, one.opened);
        }
        told.push(one);
    }
    write(work, chance, told, dss).await
}

async fn write(work: &mut Work, chance: &mut Chance, told: Vec<Told<'_>>, dss: &Enrolled) -> Result<()> {
    let now = work.clock().now();
    let (mut rows, mut referrals, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    let mut log = logs::Log::default();
    for one in told {
        logs::keep(&mut log, chance, &one, dss, now);
        work.touch(Kind::Concern, one.row.id.clone());
        rows.push(one.row.into_active_model());
        referrals.extend(one.referrals);
        shares.extend(one.shares);
    }
    for row in &referrals {
        work.touch(Kind::Referral, row.id.clone());
    }
    for row in &shares {
        work.touch(Kind::Share, row.id.clone());
    }
    for row in &log.entries {
        work.touch(Kind::Entry, row.id.clone());
    }
    insert(work, rows).await?;
    insert(work, referrals.into_iter().map(IntoActiveModel::into_active_model)).await?;
    insert(work, shares.into_iter().map(IntoActiveModel::into_active_model)).await?;
    insert(work, log.entries.into_iter().map(IntoActiveModel::into_active_model)).await?;
    insert(work, log.audiences.into_iter().map(IntoActiveModel::into_active_model)).await
}

/// Who raises it and about which mission: a mission about itself or another of its state's, an agency about one in
/// its area, DSS about any.
fn origin<'a>(chance: &mut Chance, ground: &Ground<'a>) -> Option<(&'a Enrolled, Option<&'a Mission>, &'a Mission)> {
    let of_kind = |kind| {
        let has_people = |agency: &&Enrolled| agency.fact.kind == kind && !agency.persons.is_empty();
        ground.agencies.iter().filter(has_people).collect::<Vec<_>>()
    };
    match chance.below(100) {
        0..55 => {
            let agencies = of_kind(AgencyKind::Mission);
            // The first, with several missions, raises half of them.
            let agency = if chance.percent(50) { agencies.first() } else { chance.pick(&agencies) }.copied()?;
            let raised_by = chance.pick(&agency.missions)?;
            let of_state: Vec<&Mission> = ground
                .missions
                .iter()
                .filter(|mission| mission.state.is_some() && mission.state == raised_by.state)
                .collect();
            let about = if chance.percent(15) { chance.pick(&of_state).copied() } else { None };
            Some((agency, Some(raised_by), about.unwrap_or(raised_by)))
        }
        55..80 => {
            let agency = chance.pick(&of_kind(AgencyKind::LawEnforcement)).copied()?;
            let in_area: Vec<&Mission> = ground.missions.iter().filter(|mission| agency.holds(&mission.area)).collect();
            Some((agency, None, chance.pick(&in_area).copied()?))
        }
        _ => Some((ground.dss, None, chance.pick(ground.missions)?)),
    }
}

fn tell_one<'a>(chance: &mut Chance, ground: &Ground<'a>, number: usize) -> Option<Told<'a>> {
    let (origin, origin_mission, about) = origin(chance, ground)?;
    let status = weighed(&STATUSES, number * 37 % 100);
    let story = STORIES.get(number % STORIES.len())?;
    let is_over = matches!(status, "RESOLVED" | "CLOSED" | "WITHDRAWN" | "DUPLICATE" | "NOT_ACTIONABLE");
    let (oldest, youngest) = if is_over { (290, 8) } else { (20, 0) };
    let opened =
        chance.between(ground.now - Duration::days(oldest), ground.now - Duration::days(youngest) - Duration::hours(1));
    let id = chance.id(opened);
    let of_mission = ground.premises.get(&about.id);
    let at = of_mission.and_then(|premises| chance.pick(premises)).filter(|_| chance.percent(70));
    // A narrative is read by more than may know where somebody lives.
    let place = match at {
        Some(premises) if premises.kind.starts_with("RESIDENCE") => "the residence".to_owned(),
        Some(premises) => premises.address.clone().unwrap_or_else(|| "the premises".to_owned()),
        None => "the building".to_owned(),
    };
    let suspect = people::name(chance);
    let (title, narrative) = tell(chance, story, &about.name, &place, &suspect);
    let reporters: Vec<&str> = origin
        .persons
        .iter()
        .filter(|(_, member)| !member.plays(Role::Administrator) && !member.plays(Role::Auditor))
        .map(|(id, _)| id.as_str())
        .collect();
    let reporter = chance.pick(&reporters).map(|id| (*id).to_owned());
    let officers = ground.dss.people(Role::LiaisonOfficer);
    let is_assigned = !matches!(status, "SUBMITTED" | "ACKNOWLEDGED" | "WITHDRAWN");
    let tlp = weighed(&MARKINGS, chance.below(100));
    let mut subjects: Vec<String> = chance.percent(60).then(|| chance.word(SUBJECTS).to_owned()).into_iter().collect();
    subjects.extend(narrative.contains(&suspect).then(|| suspect.clone()));
    let raised_by = origin_mission.unwrap_or(about);
    let row = concern::Model {
        reference: new_reference(chance, opened),
        kind: story.kind.to_owned(),
        category: story.category.to_owned(),
        nibrs_code: story.nibrs.filter(|_| chance.percent(70)).map(str::to_owned),
        severity: severity(story, weighed(&SEVERITIES, chance.below(100))).to_owned(),
        status: status.to_owned(),
        mission_id: about.id.clone(),
        premises_id: at.map(|premises| premises.id.clone()),
        title,
        narrative,
        occurred_at: text(
            chance.percent(85).then(|| opened - Duration::minutes(20 + i64::try_from(chance.below(600)).unwrap_or(0))),
        ),
        latitude: None,
        longitude: None,
        origin_agency_id: origin.id.clone(),
        origin_mission_id: origin_mission.map(|mission| mission.id.clone()),
        reporter_pseudonym: reporter.as_ref().map(|person| ground.pseudonyms.of(&raised_by.id, person)),
        reporter_id: reporter,
        subjects: json!(subjects).to_string(),
        owner_id: is_assigned.then(|| chance.pick(&officers).map(|id| (*id).to_owned())).flatten(),
        incident_area: chance.percent(40).then(|| about.area.clone()),
        tlp: tlp.to_owned(),
        cui: release::control(chance, origin, about),
        opened_at: instant(opened),
        changes: 0,
        handovers: 0,
        duplicate_of_id: None,
        visit_id: None,
        clock: None,
        next_due_at: None,
        clock_rest: None,
        id,
    };
    let partners = release::partners(ground.agencies, about);
    let referrals = release::refer(chance, &row, &partners, opened, ground.now);
    let shares = release::share(chance, &row, &partners, ground.agencies, opened, ground.now);
    Some(Told { row, opened, origin, referrals, shares })
}

fn new_reference(chance: &mut Chance, at: OffsetDateTime) -> String {
    reference::of_bits(at.year(), u32::try_from(chance.next() >> 39).unwrap_or(0))
}

/// What a reader would believe: nobody files a bomb threat as LOW, or the question of a briefing as CRITICAL.
fn severity(story: &Story, drawn: &'static str) -> &'static str {
    match (story.category, story.kind, drawn) {
        ("BOMB_THREAT" | "WEAPONS", _, "LOW") => "HIGH",
        ("BOMB_THREAT" | "WEAPONS", _, "MEDIUM") => "CRITICAL",
        (_, "QUESTION", "HIGH" | "CRITICAL") => "MEDIUM",
        _ => drawn,
    }
}

/// The value in whose share of a hundred the number lies.
fn weighed(of: &[(&'static str, usize)], mut number: usize) -> &'static str {
    for (value, weight) in of {
        if number < *weight {
            return value;
        }
        number -= weight;
    }
    of.first().map_or("", |(value, _)| value)
}
