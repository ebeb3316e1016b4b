//! The details of the small world: of visits, and one that stands; who is on them now, and who was or will be.

use super::small_world::{insert, instant, maybe, row, sparse, text};

/// Detail, protectee, visit; who is on it from which day of November until which.
type Line = (usize, &'static str, Option<usize>, &'static [(usize, usize, Option<usize>)]);

const DETAILS: [Line; 4] = [
    // Of the first mission's visit, with a guest of the police.
    (1, "VISITOR", Some(4), &[(4, 20, Some(28)), (3, 21, Some(25))]),
    // Of another's; the agent has gone.
    (2, "VISITOR", Some(1), &[(4, 1, Some(5)), (5, 20, None), (3, 1, Some(2))]),
    (3, "SECRETARY_OF_STATE", None, &[(5, 1, None)]),
    // Of an organisation's; the agent is yet to come.
    (4, "VISITOR", Some(2), &[(4, 30, None), (5, 10, Some(21))]),
];

pub(super) fn details(sql: &mut String) {
    let mut slot = 0;
    for (number, protectee, visit, assigned) in DETAILS {
        let detail = text(&row('5', number));
        let values = [
            detail.clone(),
            text(protectee),
            maybe(visit.map(|visit| row('W', visit)).as_deref()),
            text("OPEN"),
            text(&row('P', 4)),
            sparse(number, 3, "A safe place"),
            text(&instant(number)),
        ];
        let columns = "id, protectee, visit_id, status, agent_in_charge_id, safe_haven, opened_at";
        insert(sql, "protective_detail", columns, &values);
        insert(sql, "detail_agency", "detail_id, agency_id", &[detail.clone(), text(&row('A', [2, 4][number % 2]))]);
        for (person, from, until) in assigned {
            slot += 1;
            let values = [
                text(&row('6', slot)),
                detail.clone(),
                text(&row('P', *person)),
                text(&instant(*from)),
                maybe(until.map(instant).as_deref()),
                text(&instant(1)),
            ];
            let columns = "id, detail_id, person_id, starts_at, ends_at, assigned_at";
            insert(sql, "assignment", columns, &values);
            // Nobody is on two at a time: each shift has a day of its own.
            let values = [
                text(&row('7', slot)),
                detail.clone(),
                text(&row('P', *person)),
                text(["DRIVER", "ADVANCE"][slot % 2]),
                text(&instant(10 + slot)),
                text(&instant(11 + slot)),
                maybe((slot > 1).then(|| row('7', slot - 1)).as_deref()),
            ];
            let columns = "id, detail_id, person_id, role, starts_at, ends_at, relieves_id";
            insert(sql, "shift", columns, &values);
        }
    }
    for number in 1..=8 {
        let values = [
            text(&row('8', number)),
            text(&row('W', number)),
            text(&row('Y', number * 2)),
            sparse(number, 3, &row('P', 4)),
            text("Two exits"),
            text(&instant(number)),
        ];
        insert(sql, "advance_note", "id, visit_id, leg_id, author_id, body, at", &values);
    }
}
