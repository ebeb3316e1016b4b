//! A small world: two sending states and an organisation, a dozen missions, three kinds of agencies, two dozen
//! concerns, half a dozen posts abroad. Rows are written as SQL with ids that a reader can tell (`…M000003` is the third mission), and the
//! visibility table is rebuilt from them.

use std::fmt::Write as _;

use chancery::{
    access::Role,
    desk::{response, search, visibility},
    store::Engine,
};
use sea_orm::ConnectionTrait;

use super::{
    TestDb, abroad,
    app::{App, Who},
    details, papers, programmes, visits,
};

/// Missions.
pub const MISSIONS: usize = 12;
/// Concerns.
pub const CONCERNS: usize = 24;

/// A row's id: the letter of its type and its number.
pub fn row(letter: char, number: usize) -> String {
    format!("0000000000000000000{letter}{number:06}")
}

/// A public id.
pub fn public(prefix: &str, letter: char, number: usize) -> String {
    format!("{prefix}_{}", row(letter, number))
}

/// The public id of a mission.
pub fn mission(number: usize) -> String {
    public("mission", 'M', number)
}

/// The public id of a concern.
pub fn concern(number: usize) -> String {
    public("concern", 'N', number)
}

/// An instant of the world's November.
pub(super) fn instant(day: usize) -> String {
    format!("2026-11-{day:02}T08:00:00.000000Z")
}

pub(super) fn who(agency: usize, person: usize, role: Role) -> Who {
    Who { agency: row('A', agency), subject: format!("subject-{person}"), role }
}

/// Of the French missions: registered for the embassy (1), state-wide, hence with a lesser view of the consulate.
pub fn french() -> Who {
    who(1, 1, Role::MissionOfficer)
}

/// A colleague.
pub fn french_colleague() -> Who {
    who(1, 2, Role::MissionOfficer)
}

/// The French agency's administrator: the first officer in another role.
pub fn french_administrator() -> Who {
    who(1, 1, Role::Administrator)
}

/// An officer of the police of the District.
pub fn police() -> Who {
    who(2, 3, Role::LawEnforcement)
}

/// The administrator of the police of the District.
pub fn police_administrator() -> Who {
    who(2, 3, Role::Administrator)
}

/// An analyst of DSS.
pub fn analyst() -> Who {
    who(3, 4, Role::Analyst)
}

/// A liaison officer of DSS with missions 1 and 3 in the portfolio.
pub fn liaison_officer() -> Who {
    who(3, 4, Role::LiaisonOfficer)
}

/// An auditor of DSS: sees nothing of the graph.
pub fn auditor() -> Who {
    who(3, 4, Role::Auditor)
}

/// Everybody, by a name for messages.
pub fn everybody() -> Vec<Who> {
    let dss = [Role::DetailAgent, Role::RegionalSecurityOfficer, Role::Administrator];
    [french(), french_administrator(), police(), police_administrator(), analyst(), liaison_officer(), auditor()]
        .into_iter()
        .chain(dss.into_iter().map(|role| who(3, 4, role)))
        .collect()
}

/// An application over a new small world.
pub async fn app(engine: Engine) -> App {
    let db = TestDb::new(engine).await;
    fill(&db).await;
    App::over(db).await
}

/// Runs statements of SQL, then makes what is derived anew.
pub async fn change(db: &TestDb, sql: &str) {
    run(db, sql).await;
    visibility::rebuild(&db.store).await.expect("the visibility table is rebuilt");
    response::rebuild(&db.store).await.expect("the clocks are made");
    search::rebuild(&db.store).await.expect("the table of words is rebuilt");
}

/// Runs statements of SQL.
pub async fn run(db: &TestDb, sql: &str) {
    db.store.orm.execute_unprepared(sql).await.expect("the SQL runs");
}

/// Fills a database.
pub async fn fill(db: &TestDb) {
    let mut sql = String::new();
    registry(&mut sql);
    missions(&mut sql);
    concerns(&mut sql);
    papers::advisories(&mut sql);
    papers::mission_changes(&mut sql);
    visits::visits(&mut sql);
    details::details(&mut sql);
    programmes::programmes(&mut sql);
    change(db, &sql).await;
}

/// Inserts a row; values as SQL.
pub(super) fn insert(sql: &mut String, table: &str, columns: &str, values: &[String]) {
    writeln!(sql, "insert into {table} ({columns}) values ({});", values.join(", ")).expect("text");
}

pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

pub(super) fn maybe(value: Option<&str>) -> String {
    value.map_or_else(|| "null".to_owned(), text)
}

/// The value of every so many rows is missing.
pub(super) fn sparse(number: usize, every: usize, value: &str) -> String {
    maybe((!number.is_multiple_of(every)).then_some(value))
}

pub(super) fn pick<'a>(values: &[&'a str], number: usize) -> &'a str {
    values[number % values.len()]
}

fn registry(sql: &mut String) {
    for (number, iso2, name) in [(1, Some("FR"), "France"), (2, Some("DE"), "Germany"), (3, None, "Sovereign Order")] {
        let values = [text(&row('S', number)), maybe(iso2), text(name), text("recognised")];
        insert(sql, "sending_state", "id, iso2, name, recognition", &values);
    }
    abroad::posts(sql);
    let agencies = [
        (1, "French Missions", "MISSION", "OTHER", Some(1), r#"["MISSION_OFFICER","ADMINISTRATOR"]"#),
        (2, "Police of the District", "LAW_ENFORCEMENT", "CITY", None, r#"["LAW_ENFORCEMENT","ADMINISTRATOR"]"#),
        (
            3,
            "Diplomatic Security Service",
            "DIPLOMATIC_SECURITY",
            "FEDERAL",
            None,
            r#"["ANALYST","LIAISON_OFFICER","DETAIL_AGENT","REGIONAL_SECURITY_OFFICER","ADMINISTRATOR","AUDITOR"]"#,
        ),
        (4, "Police of New York", "LAW_ENFORCEMENT", "CITY", None, "[]"),
        (5, "Sheriff", "LAW_ENFORCEMENT", "COUNTY", None, "[]"),
    ];
    for (number, name, kind, level, state, roles) in agencies {
        let values = [
            text(&row('A', number)),
            text(name),
            text(kind),
            text(level),
            maybe(state.map(|state| row('S', state)).as_deref()),
            (number == 1).to_string(),
            maybe((number != 5).then(|| format!("+1202555010{number}")).as_deref()),
            text(roles),
        ];
        let columns = "id, name, kind, level, sending_state_id, state_wide, watch_phone, roles, algorithms, max_lifetime_s, made_by_demo";
        insert(sql, "agency", columns, &[&values[..], &["'[]'".into(), "3600".into(), "false".into()]].concat());
    }
    for (agency, area, confirmed) in [(2, "11001", true), (2, "24031", false), (4, "NYC", true)] {
        let at = instant(1);
        let values = [
            text(&row('A', agency)),
            text(area),
            text("COUNTY"),
            text("test"),
            text(&at),
            maybe(confirmed.then_some(at.as_str())),
        ];
        insert(sql, "agency_area", "agency_id, area, level, source, proposed_at, confirmed_at", &values);
    }
    let dss = r#"["ANALYST","LIAISON_OFFICER","DETAIL_AGENT","REGIONAL_SECURITY_OFFICER","ADMINISTRATOR","AUDITOR"]"#;
    let french = r#"["MISSION_OFFICER","ADMINISTRATOR"]"#;
    let police = r#"["LAW_ENFORCEMENT","ADMINISTRATOR"]"#;
    for (number, agency, roles) in [(1, 1, french), (2, 1, french), (3, 2, police), (4, 3, dss), (5, 3, dss)] {
        let values = [
            text(&row('P', number)),
            text(&row('A', agency)),
            text(&format!("subject-{number}")),
            text(&format!("Person {number}")),
            text(roles),
            sparse(number, 2, "Unit"),
        ];
        let columns =
            "id, agency_id, subject, name, roles, unit, sworn, machine, cfr28_certified, host_state_id, post_id";
        let posted = |to: String| maybe((agency == 3).then_some(to.as_str()));
        let rest = [
            "false".into(),
            "false".into(),
            "false".into(),
            posted(row('S', 2)),
            posted(row('T', number.saturating_sub(3))),
        ];
        insert(sql, "person", columns, &[&values[..], &rest].concat());
    }
}

fn missions(sql: &mut String) {
    let types = ["EMBASSY", "CONSULATE", "PERMANENT_MISSION_UN", "CONSULATE_GENERAL"];
    for number in 1..=MISSIONS {
        // 1, 4, 7, 10 are French; 3, 6, 9, 12 of the organisation without a state.
        let state = (!number.is_multiple_of(3)).then(|| row('S', number % 3));
        let parent = (number > 6).then(|| row('M', number - 6));
        let values = [
            text(&row('M', number)),
            text(pick(&types, number)),
            // Names tie in pairs, and the last holds what JSON must escape.
            text(&if number == MISSIONS {
                "L'\"Ü\\\n日本\u{1F1EB}".to_owned()
            } else {
                format!("Mission {}", number / 2)
            }),
            maybe(state.as_deref()),
            maybe(parent.as_deref()),
            sparse(number, 4, pick(&["Washington", "New York", ""], number)),
            sparse(number, 5, pick(&["US-DC", "US-NY"], number)),
            maybe(Some(pick(&["11001", "NYC", "11001", "US-CA"], number))),
            sparse(number, 2, "COUNTY"),
            if number.is_multiple_of(3) { "null".into() } else { format!("{}.5", 30 + number) },
            text(pick(&["OPEN", "CLOSED"], number)),
            sparse(number, 3, "+12025550111"),
            sparse(number, 2, &format!("19{:02}-05-06", 10 + number / 3)),
            sparse(number, 2, "HIGH"),
            sparse(number, 3, "guarded"),
            sparse(number, 4, "noted"),
            text(if number.is_multiple_of(2) { "[]" } else { r#"["wikidata:Q1","x"]"# }),
        ];
        let columns = "id, type, name, sending_state_id, parent_id, city, state, area, jurisdiction_precision, latitude, status, switchboard, opened_on, protective_need, guard_posture, analyst_note, source_ids";
        insert(sql, "mission", columns, &values);
        for (offset, kind) in ["CHANCERY", "RESIDENCE_HOM"].into_iter().enumerate() {
            let values = [
                text(&row('R', number * 2 + offset)),
                text(&row('M', number)),
                text(kind),
                sparse(number, 3, &format!("{number} Street")),
            ];
            insert(sql, "premises", "id, mission_id, kind, address", &values);
        }
        for offset in 0..2 {
            let slot = number * 2 + offset;
            let values = [
                text(&row('K', slot)),
                text(&row('M', number)),
                text(pick(&["CHIEF_OF_SECURITY", "DUTY_OFFICER", "FACILITIES"], slot)),
                text(&format!("Contact {}", slot % 5)),
                sparse(slot, 3, "+12025550122"),
                sparse(slot, 2, "+12025550133"),
                sparse(slot, 3, &format!("2027-01-{:02}", slot % 7 + 1)),
                (offset == 0).to_string(),
            ];
            let columns = "id, mission_id, function, name, work_phone, after_hours_phone, vetted_until, is_primary";
            insert(sql, "security_contact", columns, &values);
        }
    }
    for (mission, state) in [(1, 2), (1, 3), (2, 1)] {
        insert(
            sql,
            "mission_accreditation",
            "mission_id, sending_state_id",
            &[text(&row('M', mission)), text(&row('S', state))],
        );
    }
    insert(sql, "agency_mission", "agency_id, mission_id", &[text(&row('A', 1)), text(&row('M', 1))]);
    for mission in [1, 3] {
        insert(sql, "portfolio", "person_id, mission_id", &[text(&row('P', 4)), text(&row('M', mission))]);
    }
    for number in 1..=9 {
        let values = [
            text(&row('V', number)),
            text(&row('A', pick_number(&[2, 4, 5], number))),
            sparse(number, 3, pick(&["Embassy unit", "Patrol"], number)),
            text(&format!("Liaison {}", number / 2)),
            sparse(number, 2, "+12025550144"),
            number.is_multiple_of(2).to_string(),
        ];
        let columns = "id, agency_id, unit, name, mobile_phone, sworn, cfr28_certified";
        insert(sql, "liaison", columns, &[&values[..], &["false".into()]].concat());
        for mission in [number, number + 1] {
            insert(
                sql,
                "liaison_mission",
                "liaison_id, mission_id",
                &[text(&row('V', number)), text(&row('M', mission))],
            );
        }
    }
}

fn pick_number(values: &[usize], number: usize) -> usize {
    values[number % values.len()]
}

fn concerns(sql: &mut String) {
    for number in 1..=CONCERNS {
        let about = (number - 1) % MISSIONS + 1;
        // Two of three were raised by the mission they are about, the third by the police of New York.
        let by_mission = !number.is_multiple_of(3);
        let values = [
            text(&row('N', number)),
            text(&format!("C-2026-{number:06}")),
            text(pick(&["PROBLEM", "QUESTION", "CONCERN"], number)),
            text(pick(&["THREAT", "THEFT", "OTHER", "AVIATION"], number)),
            text(pick(&["LOW", "CRITICAL", "MEDIUM", "HIGH"], number)),
            text(pick(&["SUBMITTED", "ASSIGNED", "CLOSED"], number)),
            text(&row('M', about)),
            sparse(number, 2, &row('R', about * 2 + number % 2)),
            text(&format!("Title {}", number % 4)),
            text("A narrative, 100 % \"quoted\" \\ _"),
            sparse(number, 4, &instant(number % 5 + 1)),
            if number.is_multiple_of(3) { "null".into() } else { "38.25".into() },
            text(&row('A', if by_mission { 1 } else { 4 })),
            maybe(by_mission.then(|| row('M', about)).as_deref()),
            sparse(number, 2, &row('P', 2)),
            text(if number.is_multiple_of(2) { "[]" } else { r#"["a person"]"# }),
            sparse(number, 3, &row('P', 4)),
            sparse(number, 5, "11001"),
            text(pick(&["GREEN", "CLEAR", "AMBER", "AMBER_STRICT", "RED"], number)),
            maybe((number % 7 == 0).then_some("CUI//LEI//NOFORN")),
            text(&instant(number / 4 + 1)),
        ];
        let columns = "id, reference, kind, category, severity, status, mission_id, premises_id, title, narrative, occurred_at, latitude, origin_agency_id, origin_mission_id, reporter_id, subjects, owner_id, incident_area, tlp, cui, opened_at";
        insert(sql, "concern", columns, &values);
        for offset in 0..3 {
            let slot = number * 3 + offset;
            let values = [
                text(&row('E', slot)),
                text(&row('N', number)),
                text(pick(&["COMMENT", "ACKNOWLEDGED"], slot)),
                sparse(slot, 2, &row('P', 1)),
                text(pick(&["MISSION", "AGENCIES", "INTERNAL"], offset)),
                text(pick(&["AMBER", "RED"], number)),
                sparse(slot, 4, "An entry"),
                text(&instant(slot % 6 + 1)),
            ];
            insert(sql, "entry", "id, concern_id, kind, author_id, audience, tlp, body, at", &values);
            papers::evidence(sql, slot, number);
        }
        insert(sql, "entry_audience", "entry_id, agency_id", &[text(&row('E', number * 3 + 1)), text(&row('A', 2))]);
        if number.is_multiple_of(2) {
            let to_agency = number.is_multiple_of(4);
            let values = [
                text(&row('H', number)),
                text(&row('N', number)),
                maybe(to_agency.then(|| row('A', 2)).as_deref()),
                maybe((!to_agency).then(|| row('P', 3)).as_deref()),
                text(pick(&["DCP", "DC"], number / 2)),
                text("RED"),
                text("needs to know"),
                text(&instant(3)),
                // Four hours after the world's noon.
                maybe((number % 8 == 4).then_some("2026-11-22T16:00:00.000000Z")),
            ];
            let columns = "id, concern_id, agency_id, person_id, tier_cap, tlp_cap, reason, shared_at, expires_at";
            insert(sql, "share", columns, &values);
        }
        if number.is_multiple_of(5) {
            let values = [
                text(&row('F', number)),
                text(&row('N', number)),
                text(&row('A', 2)),
                text(pick(&["OFFERED", "DECLINED"], number / 5)),
                text(&instant(number % 3 + 1)),
            ];
            insert(sql, "referral", "id, concern_id, agency_id, status, offered_at", &values);
        }
    }
}
