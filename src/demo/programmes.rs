//! What protects the people of the posts abroad: who serves there, programmes with reviews and findings, advice, incidents.

use entity::{advice, finding, incident, incident_entry, post, post_programme, programme_review, tour};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};
use time::{Duration, OffsetDateTime};

use super::{agencies::Enrolled, chance::Chance, insert, people};
use crate::{
    access::{AgencyKind, Kind, Role},
    clock::instant,
    desk::{Work, reference},
    error::Result,
};

/// What a programme is, and what a review may find wanting in it, with what was advised.
type Programme = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const PROGRAMMES: [Programme; 6] = [
    ("LOCAL_GUARD", "The night shift is two guards short.", "More guards at night", "Two more guards from sunset to sunrise, until the contract is renewed."),
    ("SURVEILLANCE_DETECTION", "The corner by the tram stop is not watched on Sundays.", "Watch the tram stop", "A second team on Sundays and holidays."),
    ("RESIDENTIAL_SECURITY", "Four residences have locks of the old kind.", "New locks for residences", "Change the locks before the summer's moves."),
    ("MARINE_SECURITY_GUARD", "The react drill took four minutes too long.", "Drill every month", "Drill each month until it takes six minutes."),
    ("EMERGENCY_ACTION_PLAN", "The list of assembly points is of last year.", "New assembly points", "Use the school's yard; the square is closed for works."),
    ("OSAC_COUNTRY_CHAPTER", "The chapter has not met since spring.", "A meeting of the chapter", "Invite the chapter before the holidays."),
];

/// Category, setting, severity, title, what happened.
#[rustfmt::skip]
const INCIDENTS: [(&str, &str, &str, &str, &str); 4] = [
    ("SURVEILLANCE", "AT_WORK", "MEDIUM", "Man films the vehicle gate", "A man filmed the gate from a parked van for ten minutes and left when a guard came near."),
    ("THEFT", "AT_HOME", "LOW", "Bicycle stolen from a residence", "A bicycle was taken from the yard of a residence between midnight and six."),
    ("SUSPICIOUS_MAIL", "AT_WORK", "LOW", "Letter with powder", "A letter with a white powder came to the mail room; it was sugar."),
    ("HARASSMENT", "AT_HOME", "HIGH", "Officer followed home", "The same car followed an officer home on three evenings of the week."),
];

#[derive(Default)]
struct Rows {
    tours: Vec<tour::ActiveModel>,
    programmes: Vec<post_programme::ActiveModel>,
    reviews: Vec<programme_review::ActiveModel>,
    findings: Vec<finding::ActiveModel>,
    advice: Vec<advice::ActiveModel>,
    incidents: Vec<incident::ActiveModel>,
    entries: Vec<incident_entry::ActiveModel>,
    touched: Vec<(Kind, String)>,
}

/// Writes them.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance, agencies: &[Enrolled]) -> Result<()> {
    let dss = agencies.iter().find(|agency| agency.fact.kind == AgencyKind::DiplomaticSecurity);
    let officer = dss.and_then(|dss| dss.people(Role::RegionalSecurityOfficer).first().map(|id| (*id).to_owned()));
    let Some(officer) = officer else { return Ok(()) };
    let now = work.clock().now();
    let mut rows = Rows::default();
    for post in post::Entity::find().order_by_asc(post::Column::Id).all(work.rows()).await? {
        let chief = tours(chance, &mut rows, &post.id, now);
        for programme in &PROGRAMMES {
            // Marines guard embassies; a small post keeps fewer.
            let is_kept = programme.0 != "MARINE_SECURITY_GUARD" || post.r#type == "EMBASSY";
            if is_kept && chance.percent(80) {
                self::programme(chance, &mut rows, (&post.id, &officer, &chief), *programme, now);
            }
        }
        for _ in 0..chance.below(4) {
            incident(chance, &mut rows, (&post.id, &officer), now);
        }
        work.touch(Kind::Post, post.id.clone());
        let plan = "Stay in; the duty officer calls. Then to the assembly points, by the north stair.";
        let set = post::ActiveModel { emergency_plan: Set(Some(plan.to_owned())), ..post.into_active_model() };
        set.update(work.rows()).await?;
    }
    for (kind, id) in rows.touched {
        work.touch(kind, id);
    }
    insert(work, rows.tours).await?;
    insert(work, rows.programmes).await?;
    insert(work, rows.reviews).await?;
    insert(work, rows.findings).await?;
    insert(work, rows.advice).await?;
    insert(work, rows.incidents).await?;
    insert(work, rows.entries).await
}

fn day(now: OffsetDateTime, days: i64) -> String {
    now.date().saturating_add(Duration::days(days)).to_string()
}

/// A few days more than so many.
fn about(chance: &mut Chance, days: usize, more: usize) -> i64 {
    i64::try_from(days + chance.below(more)).unwrap_or(0)
}

/// Who serves at a post, and who comes next; the name of its chief.
fn tours(chance: &mut Chance, rows: &mut Rows, post: &str, now: OffsetDateTime) -> String {
    let mut chief = String::new();
    for capacity in ["CHIEF_OF_MISSION", "REGIONAL_SECURITY_OFFICER", "DEPUTY_REGIONAL_SECURITY_OFFICER"] {
        let name = people::name(chance);
        let (since, until) = (about(chance, 200, 500), about(chance, 100, 600));
        let next = people::name(chance);
        let spans = [(name.clone(), day(now, -since), Some(day(now, until))), (next, day(now, until + 1), None)];
        for (name, starts_on, ends_on) in spans {
            let id = chance.id(now);
            rows.touched.push((Kind::Tour, id.clone()));
            let capacity = capacity.to_owned();
            let row = tour::Model { id, post_id: post.to_owned(), capacity, name, starts_on, ends_on };
            rows.tours.push(row.into_active_model());
        }
        if capacity == "CHIEF_OF_MISSION" {
            chief = name;
        }
    }
    chief
}

/// A programme that was reviewed, or is yet to be, with what was wanting and advised.
fn programme(
    chance: &mut Chance,
    rows: &mut Rows,
    (post, officer, chief): (&str, &str, &str),
    (kind, wanting, subject, advised): Programme,
    now: OffsetDateTime,
) {
    let (id, post_id) = (chance.id(now), post.to_owned());
    let is_reviewed = chance.percent(85);
    // One in ten is overdue.
    let next = if chance.percent(10) { -about(chance, 1, 40) } else { about(chance, 5, 350) };
    let reviewed = about(chance, 20, 300);
    let is_wanting = is_reviewed && chance.percent(50);
    let outcome = if is_wanting { "NEEDS_IMPROVEMENT" } else { "SATISFACTORY" };
    let row = post_programme::Model {
        id: id.clone(),
        post_id: post_id.clone(),
        kind: kind.to_owned(),
        reviewed_on: is_reviewed.then(|| day(now, -reviewed)),
        outcome: is_reviewed.then(|| outcome.to_owned()),
        next_review_on: day(now, next),
        ended_on: None,
    };
    rows.programmes.push(row.into_active_model());
    rows.touched.push((Kind::PostProgramme, id.clone()));
    if !is_reviewed {
        return;
    }
    let at = instant(now - Duration::days(reviewed));
    let review = programme_review::Model {
        id: chance.id(now - Duration::days(reviewed)),
        post_id: post_id.clone(),
        programme_id: id.clone(),
        reviewed_on: day(now, -reviewed),
        outcome: outcome.to_owned(),
        summary: if is_wanting { format!("In order but for one thing. {wanting}") } else { "In order.".to_owned() },
        next_review_on: day(now, next),
        recorded_by_id: Some(officer.to_owned()),
        recorded_at: at.clone(),
    };
    rows.touched.push((Kind::ProgrammeReview, review.id.clone()));
    if is_wanting {
        let is_resolved = chance.percent(40);
        let row = finding::Model {
            id: chance.id(now - Duration::days(reviewed)),
            post_id: post_id.clone(),
            programme_id: id,
            review_id: Some(review.id.clone()),
            severity: chance.word(&["LOW", "MEDIUM", "HIGH"]).to_owned(),
            body: wanting.to_owned(),
            found_by_id: Some(officer.to_owned()),
            found_at: at.clone(),
            due_on: day(now, about(chance, 0, 120) - 20),
            resolved_at: is_resolved.then(|| instant(now - Duration::days(2))),
            resolution: is_resolved.then(|| "It was put right.".to_owned()),
        };
        let decision = *chance.pick(&["PENDING", "ACCEPTED", "ACCEPTED", "DECLINED"]).unwrap_or(&"PENDING");
        let is_decided = decision != "PENDING";
        let advice = advice::Model {
            id: chance.id(now - Duration::days(reviewed)),
            post_id,
            finding_id: Some(row.id.clone()),
            subject: subject.to_owned(),
            body: advised.to_owned(),
            given_to: Some(chief.to_owned()),
            advised_by_id: officer.to_owned(),
            advised_at: at,
            decision: decision.to_owned(),
            decided_at: is_decided.then(|| instant(now - Duration::days(3))),
            reason: (decision == "DECLINED").then(|| "There is no money for it this year.".to_owned()),
        };
        rows.touched.extend([(Kind::Finding, row.id.clone()), (Kind::Advice, advice.id.clone())]);
        rows.findings.push(row.into_active_model());
        rows.advice.push(advice.into_active_model());
    }
    rows.reviews.push(review.into_active_model());
}

fn incident(chance: &mut Chance, rows: &mut Rows, (post, officer): (&str, &str), now: OffsetDateTime) {
    let (category, setting, severity, title, narrative) = *chance.pick(&INCIDENTS).unwrap_or(&INCIDENTS[0]);
    let opened = now - Duration::hours(about(chance, 3, 900));
    let is_resolved = chance.percent(60);
    let id = chance.id(opened);
    let bits = u32::try_from(chance.below(1 << 25)).unwrap_or(0);
    let resolved = opened + Duration::hours(2);
    let row = incident::Model {
        id: id.clone(),
        reference: reference::of_incident(opened.year(), bits),
        post_id: post.to_owned(),
        setting: setting.to_owned(),
        category: category.to_owned(),
        severity: severity.to_owned(),
        status: if is_resolved { "RESOLVED" } else { "REPORTED" }.to_owned(),
        tlp: "AMBER".to_owned(),
        title: title.to_owned(),
        narrative: narrative.to_owned(),
        occurred_at: Some(instant(opened - Duration::hours(1))),
        place: Some(if setting == "AT_HOME" { "A residence" } else { "The vehicle gate" }.to_owned()),
        reporter_id: officer.to_owned(),
        opened_at: instant(opened),
        resolved_at: is_resolved.then(|| instant(resolved)),
        closed_at: None,
    };
    rows.touched.push((Kind::Incident, id.clone()));
    let steps =
        [("REPORTED", opened, None), ("RESOLVED", resolved, Some("The police were told; it has not happened again."))];
    for (status, at, body) in steps.into_iter().take(1 + usize::from(is_resolved)) {
        let entry = incident_entry::Model {
            id: chance.id(at),
            incident_id: id.clone(),
            kind: "STATUS".to_owned(),
            author_id: officer.to_owned(),
            tlp: "AMBER".to_owned(),
            body: body.map(str::to_owned),
            at: instant(at),
            to_status: Some(status.to_owned()),
            to_severity: None,
        };
        rows.touched.push((Kind::IncidentEntry, entry.id.clone()));
        rows.entries.push(entry.into_active_model());
    }
    rows.incidents.push(row.into_active_model());
}
