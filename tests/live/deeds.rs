//! Random commands on visits, details, posts and incidents, by whoever may do such a thing.

use chancery::{access::Role, clock::instant};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    dice::Dice,
    done,
    support::{
        app::{App, Who},
        programmes::{second_security_officer, security_officer},
        small_world::{french, liaison_officer, mission, police, public, row},
    },
};

/// The two detail agents of the small world.
pub fn agents() -> [Who; 2] {
    let agent = Who { role: Role::DetailAgent, ..liaison_officer() };
    [Who { subject: "subject-5".to_owned(), ..agent.clone() }, agent]
}

/// Of a table the rows on which something may be done, mostly.
fn likely(table: &str) -> &'static str {
    const VISITS: &str =
        "select id from visit where status in ('ANNOUNCED', 'ACCEPTED', 'ACTIVE') and principal = 'Guest 9'";
    const DETAILS: &str = "select id from protective_detail where status = 'OPEN' and visit_id in (select id from visit where principal = 'Guest 9')";
    const POSTS: &str = "select id from post where id like '%T00000_' and id < '0000000000000000000T000003'";
    match table {
        "visit" => VISITS,
        "leg" | "venue" | "delegate" => {
            "select id from {table} where visit_id in (select id from visit where principal = 'Guest 9')"
        }
        "protective_detail" => DETAILS,
        "assignment" | "shift" => {
            "select id from {table} where detail_id in (select id from protective_detail where status = 'OPEN' and visit_id is not null)"
        }
        "post" => POSTS,
        _ => "select id from {table} where post_id in (select id from post where id < '0000000000000000000T000003')",
    }
}

/// Public ids of a table's rows, by their SQL.
async fn ids(app: &App, sql: &str, prefix: &str) -> Vec<String> {
    let orm = &app.db.store.orm;
    let sql = format!("{sql} order by id");
    let rows = orm.query_all_raw(Statement::from_string(orm.get_database_backend(), sql)).await.expect("rows");
    rows.iter().map(|row| format!("{prefix}_{}", row.try_get_by_index::<String>(0).expect("an id"))).collect()
}

/// A visit with its legs, and its detail with a guest of the police: of this most deeds are done.
pub async fn begin(app: &App) {
    let visit = json!({ "missionId": mission(1), "principal": "Guest 9", "rank": "ROYAL", "city": "New York",
        "arrivesOn": "2026-12-05", "departsOn": "2026-12-08" });
    let visit = done(app, &french(), "announceVisit", visit, "visit { id }").await["visit"]["id"].clone();
    for area in ["11001", "36061"] {
        let leg = json!({ "visitId": visit, "kind": "MOTORCADE", "area": area,
            "startsAt": december(5, 10), "endsAt": december(5, 11) });
        done(app, &french(), "addLeg", leg, "leg { id }").await;
    }
    let assessed = json!({ "visitId": visit, "threatAssessment": "None" });
    done(app, &liaison_officer(), "acceptVisit", assessed, "visit { id }").await;
    let opened = json!({ "visitId": visit, "agentInCharge": "subject-5" });
    let detail = done(app, &liaison_officer(), "openDetail", opened, "detail { id }").await["detail"]["id"].clone();
    let [agent, _] = agents();
    // The agent in charge is on it from a week before.
    app.db.clock.advance(Duration::days(7));
    let partner = json!({ "detailId": detail, "agencyId": public("agency", 'A', 2) });
    done(app, &agent, "addDetailAgency", partner, "detail { id }").await;
}

/// A random command: by whom, its name, its input.
pub async fn deed(app: &App, dice: &mut Dice) -> (Who, &'static str, Value) {
    match dice.below(10) {
        0..=3 => of_visit(app, dice).await,
        4..=6 => of_detail(app, dice).await,
        7 | 8 => of_post(app, dice).await,
        _ => of_incident(app, dice).await,
    }
}

async fn one(app: &App, dice: &mut Dice, table: &str, prefix: &str) -> Value {
    let all = "select id from {table}";
    let sql = if dice.chance(85) { likely(table) } else { all }.replace("{table}", table);
    let ids = ids(app, &sql, prefix).await;
    json!(ids.get(dice.below(ids.len().max(1))).cloned().unwrap_or_else(|| public(prefix, 'U', 1)))
}

/// A day of December, as legs and shifts have it.
fn december(day: usize, hour: usize) -> String {
    format!("2026-12-{day:02}T{hour:02}:00:00Z")
}

async fn of_visit(app: &App, dice: &mut Dice) -> (Who, &'static str, Value) {
    let (visit, leg) = (one(app, dice, "visit", "visit").await, one(app, dice, "leg", "leg").await);
    let planner = if dice.chance(50) { french() } else { liaison_officer() };
    let day = 5 + dice.below(3);
    match dice.below(14) {
        0 => {
            let input = json!({ "missionId": mission(1), "principal": "Guest 9", "rank": "ROYAL", "city": "New York",
                "arrivesOn": "2026-12-05", "departsOn": "2026-12-08" });
            (french(), "announceVisit", input)
        }
        1 => (liaison_officer(), "acceptVisit", json!({ "visitId": visit, "threatAssessment": "None" })),
        2 => (liaison_officer(), "startVisit", json!({ "visitId": visit })),
        3 if dice.chance(30) => (planner, "cancelVisit", json!({ "visitId": visit, "reason": "It rains" })),
        3 | 4 => (planner, "changeVisit", json!({ "visitId": visit, "city": *dice.of(&["Washington", "New York"]) })),
        5 => (planner, "addVenue", json!({ "visitId": visit, "name": "Hall 1", "kind": "PUBLIC", "area": "11001" })),
        6 => (planner, "removeVenue", json!({ "venueId": one(app, dice, "venue", "venue").await })),
        7 | 8 => {
            let area = dice.of(&[Some("11001"), Some("36061"), None]);
            let input = json!({ "visitId": visit, "kind": "MOTORCADE", "area": area,
                "startsAt": december(day, 8), "endsAt": december(day, 9) });
            (planner, "addLeg", input)
        }
        9 => (
            planner,
            "changeLeg",
            json!({ "legId": leg, "area": dice.of(&[json!("11001"), json!("36061"), Value::Null]) }),
        ),
        10 => (planner, "removeLeg", json!({ "legId": leg })),
        11 => (planner, "addDelegate", json!({ "visitId": visit, "name": *dice.of(&["Delegate 1", "Delegate 2"]) })),
        12 => (planner, "removeDelegate", json!({ "delegateId": one(app, dice, "delegate", "delegate").await })),
        _ => (dice.of(&agents()).clone(), "addAdvanceNote", json!({ "legId": leg, "body": "Two exits" })),
    }
}

async fn of_detail(app: &App, dice: &mut Dice) -> (Who, &'static str, Value) {
    let detail = one(app, dice, "protective_detail", "detail").await;
    let agent = dice.of(&agents()).clone();
    let subject = *dice.of(&["subject-4", "subject-5", "subject-3"]);
    let of = if subject == "subject-3" { json!(public("agency", 'A', 2)) } else { Value::Null };
    let now = app.db.clock.now();
    let at = |hours: usize| instant(now + Duration::hours(i64::try_from(hours).expect("few")));
    let (from, hours) = (dice.below(200), 1 + dice.below(20));
    match dice.below(11) {
        0 => {
            let visit = one(app, dice, "visit", "visit").await;
            (liaison_officer(), "openDetail", json!({ "visitId": visit, "agentInCharge": "subject-5" }))
        }
        1 | 2 => {
            let ends = if dice.chance(70) { json!(at(from + hours * 10)) } else { Value::Null };
            let input =
                json!({ "detailId": detail, "agent": subject, "agencyId": of, "startsAt": at(from), "endsAt": ends });
            (agent, "assignAgent", input)
        }
        3 | 4 => (agent, "endAssignment", json!({ "assignmentId": one(app, dice, "assignment", "assignment").await })),
        5 => (agent, "addDetailAgency", json!({ "detailId": detail, "agencyId": public("agency", 'A', 2) })),
        6 | 7 => {
            let input = json!({ "detailId": detail, "agent": subject, "agencyId": of, "role": "DRIVER",
                "startsAt": at(from), "endsAt": at(from + hours) });
            (agent, "addShift", input)
        }
        8 => (agent, "removeShift", json!({ "shiftId": one(app, dice, "shift", "shift").await })),
        9 => (agent, "setSafeHaven", json!({ "detailId": detail, "safeHaven": *dice.of(&["A house", "A church"]) })),
        _ if dice.chance(40) => (agent, "closeDetail", json!({ "detailId": detail })),
        _ => (
            agent,
            "handOverDetail",
            json!({ "detailId": detail, "agentInCharge": *dice.of(&["subject-4", "subject-5"]) }),
        ),
    }
}

async fn of_post(app: &App, dice: &mut Dice) -> (Who, &'static str, Value) {
    let officer = if dice.chance(70) { security_officer() } else { second_security_officer() };
    let post = public("post", 'T', if officer.subject == security_officer().subject { 1 } else { 2 });
    let programme = one(app, dice, "post_programme", "programme").await;
    let input = match dice.below(9) {
        0 => (
            "recordTour",
            json!({ "postId": post, "capacity": "ASSISTANT_REGIONAL_SECURITY_OFFICER", "name": "One", "startsOn": "2026-12-01" }),
        ),
        1 => ("removeTour", json!({ "tourId": one(app, dice, "tour", "tour").await })),
        2 => (
            "establishProgramme",
            json!({ "postId": post, "kind": *dice.of(&["OSAC_COUNTRY_CHAPTER", "SURVEILLANCE_DETECTION"]), "nextReviewOn": "2027-12-01" }),
        ),
        3 => (
            "recordReview",
            json!({ "programmeId": programme, "reviewedOn": "2026-11-22", "outcome": "SATISFACTORY", "summary": "Well", "nextReviewOn": "2027-11-22" }),
        ),
        4 => (
            "addFinding",
            json!({ "programmeId": programme, "severity": "LOW", "body": "A lamp is out", "dueOn": "2027-12-01" }),
        ),
        5 => (
            "resolveFinding",
            json!({ "findingId": one(app, dice, "finding", "finding").await, "resolution": "It is lit" }),
        ),
        6 => ("recordAdvice", json!({ "postId": post, "subject": "The lamp", "body": "Light it" })),
        7 => (
            "recordAdviceDecision",
            json!({ "adviceId": one(app, dice, "advice", "advice").await, "decision": "ACCEPTED" }),
        ),
        _ => ("setEmergencyPlan", json!({ "postId": post, "emergencyPlan": *dice.of(&["Go", "Stay"]) })),
    };
    (officer, input.0, input.1)
}

async fn of_incident(app: &App, dice: &mut Dice) -> (Who, &'static str, Value) {
    let officer = if dice.chance(50) { security_officer() } else { second_security_officer() };
    let post = public("post", 'T', if officer.subject == security_officer().subject { 1 } else { 2 });
    let incident = one(app, dice, "incident", "incident").await;
    let said = json!({ "incidentId": incident, "body": "So it is" });
    let input = match dice.below(7) {
        0 => {
            let input = json!({ "postId": post, "setting": *dice.of(&["AT_HOME", "AT_WORK"]), "category": "THEFT",
                "severity": "LOW", "title": "A lamp is gone", "narrative": "It was there", "tlp": *dice.of(&["AMBER", "RED"]) });
            ("reportIncident", input)
        }
        1 => ("startIncident", said),
        2 => ("resolveIncident", said),
        3 => ("commentOnIncident", said),
        4 => (
            "setIncidentSeverity",
            json!({ "incidentId": incident, "severity": *dice.of(&["LOW", "HIGH"]), "body": "Why" }),
        ),
        _ => (
            "markIncident",
            json!({ "incidentId": incident, "tlp": *dice.of(&["GREEN", "AMBER", "RED"]), "consent": "Given" }),
        ),
    };
    (officer, input.0, input.1)
}

/// Everybody who listens.
pub fn listeners() -> Vec<Who> {
    let [agent, colleague] = agents();
    let analyst = Who { role: Role::Analyst, ..liaison_officer() };
    vec![
        french(),
        police(),
        liaison_officer(),
        analyst,
        agent,
        colleague,
        security_officer(),
        second_security_officer(),
    ]
}

/// What makes the small world livelier: a second officer at the first post, who is shown what of it is not RED.
pub fn colleague_at_the_post() -> String {
    format!(
        "update person set post_id = '{}' where id = '{}'; update standing set version = version + 1",
        row('T', 1),
        row('P', 5)
    )
}
