//! What protects the people of the posts of the small world: tours, programmes, findings, advice, incidents.

use chancery::access::Role;

use super::{
    abroad::POSTS,
    app::Who,
    small_world::{insert, instant, maybe, pick, row, sparse, text, who},
};

/// Programmes at each post; of what hangs on them there are as many.
const EACH: usize = 2;

/// A regional security officer of DSS, posted to the first post, in France; their host state is Germany.
pub fn security_officer() -> Who {
    who(3, 4, Role::RegionalSecurityOfficer)
}

/// Another, posted to the second post, in France.
pub fn second_security_officer() -> Who {
    who(3, 5, Role::RegionalSecurityOfficer)
}

/// A day of November or December.
fn day(number: usize) -> String {
    format!("2026-{}-{:02}", pick(&["11", "12"], number), 10 + number)
}

pub(super) fn programmes(sql: &mut String) {
    for post in 1..=POSTS {
        for slot in [post * EACH, post * EACH + 1] {
            tour(sql, post, slot);
            programme(sql, post, slot);
            advice(sql, post, slot);
            incident(sql, post, slot);
        }
    }
}

fn tour(sql: &mut String, post: usize, slot: usize) {
    let values = [
        text(&row('9', slot)),
        text(&row('T', post)),
        text(pick(&["CHIEF_OF_MISSION", "REGIONAL_SECURITY_OFFICER", "DEPUTY_REGIONAL_SECURITY_OFFICER"], slot)),
        text(&format!("Officer {slot}")),
        text(&format!("2026-{:02}-01", 1 + slot % 12)),
        sparse(slot, 2, "2026-11-30"),
    ];
    // The first day of some is after the last: those have none.
    let values = if slot % 12 == 11 { values.map(|value| value.replace("'2026-11-30'", "null")) } else { values };
    insert(sql, "tour", "id, post_id, capacity, name, starts_on, ends_on", &values);
}

fn programme(sql: &mut String, post: usize, slot: usize) {
    let is_reviewed = !slot.is_multiple_of(3);
    let outcome = pick(&["SATISFACTORY", "UNSATISFACTORY"], slot);
    let values = [
        text(&row('0', slot)),
        text(&row('T', post)),
        text(pick(&["LOCAL_GUARD", "RESIDENTIAL_SECURITY", "EMERGENCY_ACTION_PLAN"], slot)),
        maybe(is_reviewed.then_some("2026-05-04")),
        maybe(is_reviewed.then_some(outcome)),
        text(&day(slot)),
        maybe((slot % 5 == 4).then_some("2026-11-01")),
    ];
    let columns = "id, post_id, kind, reviewed_on, outcome, next_review_on, ended_on";
    insert(sql, "post_programme", columns, &values);
    if is_reviewed {
        let values = [
            text(&row('0', 500 + slot)),
            text(&row('T', post)),
            text(&row('0', slot)),
            text("2026-05-04"),
            text(outcome),
            text("The guards are at their posts"),
            text(&day(slot)),
            text(&instant(slot)),
        ];
        let columns = "id, post_id, programme_id, reviewed_on, outcome, summary, next_review_on, recorded_at";
        insert(sql, "programme_review", columns, &values);
    }
    let values = [
        text(&row('1', slot)),
        text(&row('T', post)),
        text(&row('0', slot)),
        maybe(is_reviewed.then(|| row('0', 500 + slot)).as_deref()),
        text(pick(&["CRITICAL", "HIGH", "MEDIUM", "LOW"], slot)),
        text("A gate that does not close"),
        text(&instant(slot)),
        text(&day(slot + 1)),
        maybe((slot % 4 == 3).then(|| instant(20)).as_deref()),
        maybe((slot % 4 == 3).then_some("It closes")),
    ];
    let columns = "id, post_id, programme_id, review_id, severity, body, found_at, due_on, resolved_at, resolution";
    insert(sql, "finding", columns, &values);
}

fn advice(sql: &mut String, post: usize, slot: usize) {
    let is_decided = slot.is_multiple_of(2);
    let values = [
        text(&row('1', 500 + slot)),
        text(&row('T', post)),
        sparse(slot, 3, &row('1', slot)),
        text("The gate"),
        text("Close it at night"),
        sparse(slot, 4, "Officer 3"),
        text(&row('P', 4)),
        text(&instant(slot)),
        text(if is_decided { "ACCEPTED" } else { "PENDING" }),
        maybe(is_decided.then(|| instant(slot + 1)).as_deref()),
        maybe(is_decided.then_some("It is right")),
    ];
    let columns =
        "id, post_id, finding_id, subject, body, given_to, advised_by_id, advised_at, decision, decided_at, reason";
    insert(sql, "advice", columns, &values);
}

fn incident(sql: &mut String, post: usize, slot: usize) {
    let is_resolved = slot.is_multiple_of(3);
    let values = [
        text(&row('Z', slot)),
        text(&format!("I-2026-{slot:06}")),
        text(&row('T', post)),
        text(pick(&["AT_WORK", "AT_HOME"], slot / 2)),
        text(pick(&["THEFT", "SURVEILLANCE"], slot)),
        text(pick(&["HIGH", "LOW"], slot)),
        text(if is_resolved { "RESOLVED" } else { "REPORTED" }),
        text(pick(&["AMBER", "AMBER", "RED", "GREEN"], slot)),
        text("A man with a camera"),
        text("He took the gate"),
        sparse(slot, 4, &instant(slot)),
        sparse(slot, 3, "The gate"),
        text(&row('P', 4 + slot % 2)),
        text(&instant(slot)),
        maybe(is_resolved.then(|| instant(slot + 1)).as_deref()),
    ];
    let columns = "id, reference, post_id, setting, category, severity, status, tlp, title, narrative, occurred_at, place, reporter_id, opened_at, resolved_at";
    insert(sql, "incident", columns, &values);
    for (entry, tlp) in [(500 + 2 * slot, "AMBER"), (501 + 2 * slot, "RED")] {
        let values = [
            text(&row('Z', entry)),
            text(&row('Z', slot)),
            text(pick(&["STATUS", "COMMENT"], entry)),
            text(&row('P', 4)),
            text(tlp),
            sparse(entry, 3, "It was seen again"),
            text(&instant(slot)),
            maybe((entry % 2 == 0).then_some("REPORTED")),
        ];
        insert(sql, "incident_entry", "id, incident_id, kind, author_id, tlp, body, at, to_status", &values);
    }
}
