//! The papers of the small world: what was handed in about its concerns, what was sent to its missions and agencies, and what
//! missions say of themselves.

use chancery::store::Engine;

use super::{
    TestDb,
    app::App,
    small_world::{fill, insert, instant, maybe, pick, row, run, sparse, text},
};

/// Of every other entry one piece.
pub(super) fn evidence(sql: &mut String, entry: usize, concern: usize) {
    if entry.is_multiple_of(2) {
        return;
    }
    let values = [
        text(&row('D', entry)),
        text(&row('N', concern)),
        text(&row('E', entry)),
        text(&format!("A photograph {}", entry % 4)),
        text(&format!("{entry:064x}")),
        text("https://holder.example/1"),
        text(pick(&["AMBER", "RED"], concern)),
        text(&instant(entry % 6 + 1)),
        sparse(entry, 3, &row('P', 1)),
    ];
    insert(sql, "evidence", "id, concern_id, entry_id, name, sha256, pointer, tlp, added_at, added_by_id", &values);
}

/// What missions have said of how to reach them, proposed and decided; of missions that are in a portfolio, of those of an
/// agency, and of others.
pub(super) fn mission_changes(sql: &mut String) {
    for number in 1..=12_usize {
        let decided = !number.is_multiple_of(3);
        let values = [
            text(&row('C', number)),
            text(&row('M', number.div_ceil(2))),
            text(pick(&["PROPOSED", "ACCEPTED", "DECLINED"], number)),
            text(pick(&[r#"["dutyPhone"]"#, r#"["email","website"]"#], number)),
            sparse(number, 4, "+12025550171"),
            sparse(number, 3, &format!("desk{number}@mission.example")),
            sparse(number, 5, "https://mission.example/1"),
            sparse(number, 2, "old@mission.example"),
            text(&row('P', 1)),
            text(&instant(number / 2 + 1)),
            maybe(decided.then(|| row('P', 4)).as_deref()),
            maybe(decided.then(|| instant(number / 2 + 2)).as_deref()),
            maybe((number % 3 == 2).then_some("Why")),
        ];
        let columns = "id, mission_id, status, proposes, duty_phone, email, website, email_before, proposed_by_id, proposed_at, decided_by_id, decided_at, reason";
        insert(sql, "mission_change", columns, &values);
    }
}

/// Events of the audit trail.
const EVENTS: usize = 24;

/// By everybody of the small world for their own agency and for others', by an agency of which nobody is known, by nobody.
/// They hang in no chain: this is for tests of who sees them.
fn events(sql: &mut String) {
    for number in 1..=EVENTS {
        let values = [
            text(&row('J', number)),
            text(pick(&["desk", "reads-1", "operator"], number)),
            number.to_string(),
            text(&instant(number / 3 + 1)),
            sparse(number, 6, &format!("subject-{}", number % 6)),
            sparse(number, 7, &row('A', [1, 2, 3, 1, 3, 4][number % 6])),
            sparse(number, 6, &row('P', [1, 3, 4, 2, 5, 1][number % 6])),
            sparse(number, 6, pick(&["MISSION_OFFICER", "LAW_ENFORCEMENT", "ADMINISTRATOR"], number)),
            text(pick(&["raiseConcern", "Q"], number)),
            text(&format!(r#"["concern_{}/P"]"#, row('N', number))),
            text(pick(&["[]", r#"["OWN"]"#], number)),
            text(pick(&["DONE", "READ", "REFUSED", "REPLAYED"], number)),
            maybe((number % 4 == 2).then_some("NOT_FOUND")),
            "8".to_owned(),
            text(&format!("{number:064x}")),
            text(&format!("{:064x}", number + 1)),
        ];
        let columns = "id, writer, sequence, at, subject, agency_id, person_id, role, operation, object_ids, grounds, decision, code, policy_version, previous_hash, hash";
        insert(sql, "audit_event", columns, &values);
    }
}

/// Advisories.
pub const ADVISORIES: usize = 9;

/// To nobody, to whom the small world has, and to others; of every third the agencies 1 and 2 have one of each.
pub(super) fn advisories(sql: &mut String) {
    for number in 1..=ADVISORIES {
        let to = [
            "[]".to_owned(),
            r#"["MISSIONS"]"#.to_owned(),
            r#"["LAW_ENFORCEMENT"]"#.to_owned(),
            format!(r#"["SENDING_STATE:{}"]"#, row('S', 1)),
            r#"["AREA:11001"]"#.to_owned(),
            r#"["MISSION_TYPE:CONSULATE","AREA:US-CA"]"#.to_owned(),
        ];
        let values = [
            text(&row('B', number)),
            text(pick(&["ALERT", "UPDATE"], number)),
            text(pick(&["EXPECTED", "PAST"], number)),
            text(pick(&["MINOR", "SEVERE", "EXTREME"], number)),
            text(pick(&["LIKELY", "OBSERVED"], number)),
            text(&format!("Headline {}", number % 4)),
            text("A body, 100 % \"quoted\" \\ _"),
            text(&to[number % to.len()]),
            text(&instant(number / 2 + 1)),
            sparse(number, 2, &instant(number % 3 + 20)),
            maybe((number > 7).then(|| row('B', number - 7)).as_deref()),
            sparse(number, 3, &row('P', 4)),
        ];
        let columns = "id, msg_type, urgency, severity, certainty, headline, body, audience, sent_at, expires_at, supersedes_id, issued_by_id";
        insert(sql, "advisory", columns, &values);
        for (agency, person) in [(1, 2), (2, 3)] {
            if number.is_multiple_of(3) {
                continue;
            }
            let values = [
                text(&row('Q', number * 2 + agency)),
                text(&row('B', number)),
                text(&row('A', agency)),
                text(&row('P', person)),
                text(&instant(number + 1)),
            ];
            insert(sql, "acknowledgement", "id, advisory_id, agency_id, person_id, acknowledged_at", &values);
        }
    }
}

/// Fills a database, with events in its trail.
pub async fn fill_with_trail(db: &TestDb) {
    fill(db).await;
    let mut sql = String::new();
    events(&mut sql);
    run(db, &sql).await;
}

/// An application over a new small world with a trail, to which what is read adds nothing.
pub async fn app_with_trail(engine: Engine) -> App {
    let db = TestDb::new(engine).await;
    fill_with_trail(&db).await;
    App::apart(db).await
}
