//! Concerns: lists in their orders, counts, one by its id.

use super::part::Part;

/// The name of the mission that `c` is about, if it is seen.
fn mission(seen: &str) -> String {
    format!("JSON((select OBJECT('name', m.name) from mission m where m.id = c.mission_id and {seen}))")
}

/// The first so many entries of `c`.
fn entries(part: &Part, most: u32) -> String {
    format!(
        "OBJECT('nodes', JSON((select LIST(OBJECT('kind', e.kind, 'body', e.body, 'at', e.at) order by e.at, e.id) from (select e.* from entry e where e.concern_id = c.id and (c.p & 2) <> 0 and {} order by e.at, e.id limit {most}) e)))",
        part.sees_entry()
    )
}

const FIELDS: &str = "'id', 'concern_' || c.id, 'reference', c.reference, 'title', case when (c.p & 2) <> 0 then c.title end, 'severity', c.severity, 'status', c.status, 'openedAt', c.opened_at";

/// 50 of `seen` (`at`, `row_id`, `p`; 51 of them), newest first; `with` are further subqueries and `more` further fields.
fn page(with: &str, seen: &str, more: &str) -> String {
    format!(
        "with {with} seen as materialized ({seen})
         select cast(OBJECT('data', OBJECT('concerns', OBJECT('nodes', JSON((select LIST(OBJECT({FIELDS}{more}) order by c.at desc, c.id desc)
           from (select c.*, l.at, l.p from (select * from seen order by at desc, row_id desc limit 50) l join concern c on c.id = l.row_id) c)),
         'pageInfo', OBJECT('hasNextPage', TRUTH((select count(*) from seen) > 50),
           'endCursor', (select at || '|' || row_id from seen order by at desc, row_id desc limit 1 offset 49))))) as text)"
    )
}

pub(super) fn list(part: &Part) -> String {
    let mission = mission(&part.among_mine("m.id", 1));
    let more = format!(", 'mission', {mission}, 'entries', {}", entries(part, 5));
    let seen = if part.walks() { part.walked("", 51) } else { part.newest("", "", false, 51) };
    page(&part.with_missions(), &seen, &more)
}

/// V1, V2: behind which concern.
pub(super) fn deep(part: &Part) -> String {
    let seen = if part.walks() {
        part.walked(" and (c.opened_at, c.id) < (V1, V2)", 51)
    } else {
        part.newest("", " and (v.at, v.row_id) < (V1, V2)", false, 51)
    };
    page("", &seen, "")
}

/// What is carried of a concern through a page.
const CARRIED: &str = "c.id, c.reference, c.severity, c.status, c.opened_at, c.next_due_at, c.mission_id";

/// Twenty of `seen` (rows of the concern, 21 of them) in an order; `with` are further subqueries.
fn twenty(field: &str, with: &str, seen: &str, order: &str, fields: &str) -> String {
    format!(
        "with {with} seen as materialized ({seen})
         select cast(OBJECT('data', OBJECT('{field}', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'concern_' || c.id, 'reference', c.reference, 'severity', c.severity, 'status', c.status, {fields}) order by {order})
           from (select * from seen c order by {order} limit 20) c)),
         'pageInfo', OBJECT('hasNextPage', TRUTH((select count(*) from seen) > 20))))) as text)"
    )
}

pub(super) fn filtered(part: &Part) -> String {
    const WANTED: &str = "c.status = 'IN_PROGRESS' and c.severity in ('HIGH', 'CRITICAL')";
    let fields = format!("'openedAt', c.opened_at, 'mission', {}", mission(&part.among_mine("m.id", 1)));
    let seen = if part.sees_all {
        format!(
            "select {CARRIED} from concern c where {WANTED} and {} order by c.opened_at desc, c.id desc limit 21",
            part.sees("c.id")
        )
    } else {
        let join = " join concern c on c.id = v.row_id";
        let newest = part.newest(join, &format!(" and {WANTED}"), false, 21);
        format!("select {CARRIED} from ({newest}) l join concern c on c.id = l.row_id")
    };
    twenty("concerns", &part.with_missions(), &seen, "c.opened_at desc, c.id desc", &fields)
}

/// What is due next comes first, what is not due last: as the index has it.
const DUE: &str = "(case when (c.next_due_at) is null then 1 else 0 end), (coalesce(c.next_due_at, '')), c.id";

pub(super) fn ordered(part: &Part) -> String {
    let seen = if part.sees_all {
        format!("select {CARRIED} from concern c where {} order by {DUE} limit 21", part.sees("c.id"))
    } else {
        format!("select {CARRIED} from ({}) l join concern c on c.id = l.row_id order by {DUE} limit 21", part.all())
    };
    twenty("concerns", "", &seen, DUE, "'nextDueAt', c.next_due_at")
}

/// What is the officer's to do: lines by which somebody is responsible for a concern say when something is owed on it.
pub(super) fn board(part: &Part) -> String {
    let seen = format!("select {CARRIED} from ({}) l join concern c on c.id = l.row_id", part.owed(21));
    let fields = format!("'nextDueAt', c.next_due_at, 'mission', {}", mission("1 = 1"));
    twenty("deskBoard", "", &seen, "c.next_due_at, c.id", &fields)
}

pub(super) fn count(part: &Part) -> String {
    format!(
        "select cast(OBJECT('data', OBJECT('concerns', OBJECT('totalCount', (select count(*) from ({}) l join concern c on c.id = l.row_id where c.severity in ('HIGH', 'CRITICAL'))))) as text)",
        part.all()
    )
}

pub(super) fn stats(part: &Part) -> String {
    format!(
        "with seen as materialized ({}),
         counted as materialized (select c.severity, c.status, count(*) as size from (select * from seen order by at desc, row_id desc limit 10000) l join concern c on c.id = l.row_id group by c.severity, c.status)
         select cast(OBJECT('data', OBJECT('concernStats', OBJECT('count', (select cast(coalesce(sum(size), 0) as bigint) from counted), 'capped', TRUTH((select count(*) from seen) > 10000),
           'groupCount', (select count(*) from counted),
           'groups', JSON((select LIST(OBJECT('keys', LISTED(OBJECT('value', c.severity), OBJECT('value', c.status)), 'count', c.size) order by c.size desc, c.severity, c.status) from counted c))))) as text)",
        part.newest("", "", false, 10_001)
    )
}

/// V1: the concern.
pub(super) fn node(part: &Part) -> String {
    format!(
        "select cast(OBJECT('data', OBJECT('node', JSON((select OBJECT({FIELDS}, 'mission', {}, 'entries', {}) from (select c.*, {} as p from concern c where c.id = V1 FENCE) c where (c.p & 1) <> 0)))) as text)",
        mission(&part.sees_mission("m.id")),
        entries(part, 10),
        part.open("c.id"),
    )
}
