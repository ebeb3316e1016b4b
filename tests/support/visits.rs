//! The visits of the small world: announced, accepted and at an end; in the District, in New York, and nobody knows where.

use super::small_world::{insert, instant, maybe, pick, row, sparse, text};

/// Visits.
pub const VISITS: usize = 8;

/// An instant of December.
fn december(day: usize, hour: usize) -> String {
    format!("2026-12-{day:02}T{hour:02}:00:00.000000Z")
}

pub(super) fn visits(sql: &mut String) {
    for number in 1..=VISITS {
        let accepted = !number.is_multiple_of(3);
        // Of missions 1, 2 and 3, and once more of the first and its state's consulate.
        let mission = [1, 2, 3, 4][number % 4];
        let state = (mission != 3).then(|| row('S', mission % 3));
        let values = [
            text(&row('W', number)),
            text(&format!("V-2026-{number:06}")),
            text(&row('M', mission)),
            maybe(state.as_deref()),
            text(&format!("Guest {}", number / 2)),
            text(pick(&["FOREIGN_MINISTER", "ROYAL", "OTHER"], number)),
            text(pick(&["Washington", "New York"], number)),
            text(&format!("2026-12-{number:02}")),
            text(&format!("2026-12-{:02}", number + 3)),
            text(if accepted { pick(&["ACCEPTED", "ACTIVE", "COMPLETED"], number) } else { "ANNOUNCED" }),
            sparse(number, 3, "A reason"),
            maybe(accepted.then_some("What is feared")),
            sparse(number, 5, &row('P', 1)),
            text(&instant(number)),
            maybe(accepted.then(|| instant(number + 2)).as_deref()),
        ];
        let columns = "id, reference, mission_id, sending_state_id, principal, rank, city, arrives_on, departs_on, status, reason, threat_assessment, announced_by_id, announced_at, accepted_at";
        insert(sql, "visit", columns, &values);
        for slot in [number * 2, number * 2 + 1] {
            stop(sql, number, slot);
        }
        parts(sql, number);
    }
    // The concerns of the first mission have to do with its visits.
    for number in 1..=VISITS {
        sql.push_str(&format!(
            "update concern set visit_id = '{}' where id = '{}';\n",
            row('W', number),
            row('N', number * 3)
        ));
    }
}

fn stop(sql: &mut String, visit: usize, slot: usize) {
    let area = [Some("11001"), Some("36061"), Some("NYC"), None, Some("11001")][slot % 5];
    let values = [
        text(&row('X', slot)),
        text(&row('W', visit)),
        text(&format!("Hall {}", slot % 3)),
        text(pick(&["PUBLIC", "HOTEL"], slot)),
        sparse(slot, 3, &format!("{slot} Street")),
        maybe(area),
        if slot.is_multiple_of(4) { "null".to_owned() } else { "38.9".to_owned() },
    ];
    insert(sql, "venue", "id, visit_id, name, kind, address, area, latitude", &values);
    let values = [
        text(&row('Y', slot)),
        text(&row('W', visit)),
        text(pick(&["VENUE", "MOTORCADE"], slot)),
        sparse(slot, 5, &row('X', slot)),
        maybe(area),
        text(&december(visit, slot % 5 + 8)),
        text(&december(visit, slot % 5 + 10)),
        sparse(slot, 4, "A note"),
        sparse(slot, 3, "A route"),
    ];
    insert(sql, "leg", "id, visit_id, kind, venue_id, area, starts_at, ends_at, note, route", &values);
}

fn parts(sql: &mut String, number: usize) {
    let visit = text(&row('W', number));
    let values = [
        text(&row('G', number)),
        visit.clone(),
        text(&format!("Delegate {}", number % 3)),
        sparse(number, 2, "Interpreter"),
        text(&instant(number)),
    ];
    insert(sql, "delegate", "id, visit_id, name, capacity, added_at", &values);
    let decided = number.is_multiple_of(2);
    let decision = [
        text(if decided { "GRANTED" } else { "PENDING" }),
        maybe(decided.then(|| row('P', 4)).as_deref()),
        maybe(decided.then(|| instant(number + 1)).as_deref()),
        sparse(number, 3, "Why"),
    ];
    let values = [
        text(&row('2', number)),
        visit.clone(),
        text(pick(&["ARRIVAL", "DEPARTURE"], number)),
        text("JFK"),
        sparse(number, 3, "A flight"),
        text(&december(number, 7)),
        sparse(number, 2, "It was late"),
        text(&row('P', 1)),
        text(&instant(number)),
    ];
    let columns = "id, visit_id, direction, port, carrier, at, late_reason, requested_by_id, requested_at, decision, decided_by_id, decided_at, reason";
    insert(sql, "port_courtesy", columns, &[&values[..], &decision].concat());
    let values = [
        text(&row('3', number)),
        visit.clone(),
        text(&format!("Officer {}", number % 3)),
        text("A make"),
        text(&format!("Serial {number}")),
        text("By air"),
        sparse(number, 4, &row('P', 2)),
        text(&instant(number)),
    ];
    let columns = "id, visit_id, officer, make, serial, route, filed_by_id, filed_at, decision, decided_by_id, decided_at, reason";
    insert(sql, "weapons_notice", columns, &[&values[..], &decision].concat());
    let values = [
        text(&row('4', number)),
        visit,
        text(pick(&["SAME_VENUE", "SAME_MOTORCADE_WINDOW"], number)),
        sparse(number, 3, &row('Y', number * 2)),
        maybe((number > 1).then(|| row('W', number - 1)).as_deref()),
        text(&december(number, 9)),
        text(&december(number, 10)),
        text(&instant(number)),
    ];
    insert(sql, "visit_conflict", "id, visit_id, kind, leg_id, other_visit_id, starts_at, ends_at, found_at", &values);
}
