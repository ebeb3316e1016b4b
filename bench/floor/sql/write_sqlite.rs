//! What is written on SQLite, which has no statement that inserts into several tables: one statement a table, in one
//! transaction. The values are those of `write`; behind them come, of the event of the
//! trail, V20 its place, V21 the hash of the one before it, V22 its own, which SQLite cannot make, and V23 its objects.

use chancery::access::{POLICY_EPOCH, Role};

use super::write::{hash, with_windows};

/// The statements of a command, and how its event is hashed.
pub struct Steps {
    /// The statement that answers, or finds nothing where the command is not allowed.
    pub allowed: String,
    /// The others, in their order.
    pub writes: Vec<String>,
    /// The name of the command and the ground that grants it.
    pub operation: [&'static str; 2],
    /// The places of the event's id and of who it is (agency, person, subject, role), among the values.
    pub event: [usize; 5],
    /// The kinds of the rows that the event names, and the places of their ids.
    pub rows: &'static [(&'static str, usize)],
}

/// The last event of the trail: its place and its hash.
pub const LAST: &str = "select sequence, hash from audit_event where writer = 'desk' order by sequence desc limit 1";

/// The steps of an operation for a role.
pub fn steps(operation: &str, role: Role) -> Option<Steps> {
    match (operation, role) {
        ("raise", Role::MissionOfficer) => Some(raise(true)),
        ("raise", Role::LawEnforcement) => Some(raise(false)),
        ("refer", Role::LiaisonOfficer) => Some(refer()),
        _ => None,
    }
}

impl Steps {
    /// The hash of the event behind another, from the command's values and the present.
    pub fn hashed(&self, now: &str, values: &[String], sequence: i64, previous: &str) -> (String, String) {
        let value = |place: usize| values.get(place.saturating_sub(1)).map_or("", String::as_str);
        let objects: Vec<String> = self.rows.iter().map(|(kind, place)| format!("{kind}_{}", value(*place))).collect();
        let objects = serde_json::json!(objects).to_string();
        let [id, agency, person, subject, role] = self.event.map(value);
        let [operation, ground] = self.operation;
        let (sequence, epoch) = (sequence.to_string(), POLICY_EPOCH.to_string());
        let grounds = format!("[\"{ground}\"]");
        let texts = [
            Some("chancery.audit.event.1"),
            Some(id),
            Some("desk"),
            Some(&sequence),
            Some(now),
            Some(subject),
            Some(agency),
            Some(person),
            Some(role),
            Some(operation),
            Some(&objects),
            Some(&grounds),
            Some("DONE"),
            None,
            Some(&epoch),
            Some(previous),
        ];
        let hash = hash(&texts);
        (objects, hash)
    }
}

fn text(sql: &str) -> String {
    with_windows(&super::dialect::of(sql, chancery::store::Engine::Sqlite))
}

/// The event of the trail, whose objects are V23, and the event of change.
fn told(operation: [&str; 2], event: [usize; 5], fact: &str) -> [String; 3] {
    let [id, agency, person, subject, role] = event.map(|place| format!("V{place}"));
    let [operation, ground] = operation;
    [
        "update change_head set last = last + 1 where id = 1".to_owned(),
        format!("insert into change_event (sequence, at, kind, row_id, fact) select last, NOW, 8, {fact} from change_head"),
        format!(
            "insert into audit_event (id, writer, sequence, at, subject, agency_id, person_id, role, operation, object_ids, grounds, decision, policy_version, previous_hash, hash)
             values ({id}, 'desk', cast(V20 as integer), NOW, {subject}, {agency}, {person}, {role}, '{operation}', V23, '[\"{ground}\"]', 'DONE', {POLICY_EPOCH}, V21, V22)"
        ),
    ]
}

const LINE: &str =
    "insert into visibility (row_id, key, ground, cap, from_at, until_at, tlp_max, kind, at, under, owed)";

fn raise(mission: bool) -> Steps {
    let (ground, name) = if mission { (3, "OWN") } else { (5, "JURISDICTION") };
    let operation = ["raiseConcern", name];
    let event = [9, 16, 17, 18, 19];
    let (origin, pseudonym, audience) = if mission { ("V1", "V13", "MISSION") } else { ("null", "null", "AGENCIES") };
    let reader = if mission { "'m:' || V1" } else { "'a:' || V16" };
    let of_mission = if mission {
        "union all select 'm:' || V1, 3, 3 union all select 'o:' || m.sending_state_id, 4, 2 from mission m where m.id = V1 and m.sending_state_id is not null"
    } else {
        ""
    };
    let opened = format!(
        "select 'i:dss' as key, 2 as ground, 3 as tlp_max {of_mission} union all select 'pf:' || V1, 12, 3 union all select 'p:' || V17, 8, 4 union all select 'd:watch', 10, 4"
    );
    let fact = format!(
        "V7, (select json_object('columns', null, 'was', null, 'before', json_array(), 'after', json_group_array(json_array(o.key, o.ground, 31, 'ALWAYS', 'FOREVER', o.tlp_max)), 'keys', json_group_array(o.key), 'children', json_object('Entry', json_array(V8)), 'marked', json_object('Entry', json_array(json_array(V8, 2)), 'Evidence', json_array())) from ({opened}) o)"
    );
    let mut writes = vec![
        format!(
            "insert into concern (id, reference, kind, category, severity, status, mission_id, title, narrative, origin_agency_id, origin_mission_id, reporter_id, reporter_pseudonym, subjects, tlp, opened_at, changes, handovers, clock, next_due_at)
             values (V7, V10, V2, V3, V4, 'SUBMITTED', V1, V5, V6, V16, {origin}, V17, {pseudonym}, '[]', 'AMBER', NOW, 0, 0, V14, nullif(V15, ''))"
        ),
        format!(
            "insert into entry (id, concern_id, kind, author_id, audience, tlp, at, to_status) values (V8, V7, 'STATUS', V17, '{audience}', 'AMBER', NOW, 'SUBMITTED')"
        ),
        format!(
            "{LINE} select V7, o.key, o.ground, 31, 'ALWAYS', 'FOREVER', o.tlp_max, 8, NOW, V1, case when o.ground in (10, 12) then nullif(V15, '') end from ({opened}) o
             union all select V8, k.key, 18, 2, 'ALWAYS', 'FOREVER', 4, 9, null, null, null from (select {reader} as key union all select 'i:dss') k"
        ),
        "insert into search (kind, row_id, tiers, at, terms) values (8, V7, 1, NOW, V11), (8, V7, 3, NOW, V12)".to_owned(),
    ];
    if !mission {
        writes.push("insert into entry_audience (entry_id, agency_id) values (V8, V16)".to_owned());
    }
    writes.extend(told(operation, event, &fact));
    Steps {
        allowed: text(&format!(
            "select json_object('data', json_object('raiseConcern', json_object('concern', json_object('id', 'concern_' || V7, 'reference', V10, 'status', 'SUBMITTED', 'openedAt', NOW), 'notice', 'Where life is in danger, call 911 first, then the watch.'))) from mission m where m.id = V1 and exists (select 1 from visibility v where v.row_id = m.id and v.key = KEYS and v.ground = {ground} and v.from_at <= NOW and v.until_at > NOW)"
        )),
        writes: writes.iter().map(|sql| text(sql)).collect(),
        operation,
        event,
        rows: &[("concern", 7), ("entry", 8)],
    }
}

fn refer() -> Steps {
    let operation = ["referConcern", "PORTFOLIO"];
    let event = [7, 8, 9, 10, 11];
    let fact = "V1, (select json_object('columns', json_array(), 'was', json_object('severity', c.severity, 'status', c.status), 'before', (select json_group_array(json_array(o.key, o.ground, o.cap, o.from_at, o.until_at, o.tlp_max)) from visibility o where o.row_id = V1 and not (o.key = 'a:' || V2 and o.ground = 7)), 'after', (select json_group_array(json_array(o.key, o.ground, o.cap, o.from_at, o.until_at, o.tlp_max)) from visibility o where o.row_id = V1), 'keys', (select json_group_array(distinct o.key) from visibility o where o.row_id = V1), 'children', json_object('Entry', json_array(V6), 'Referral', json_array(V5)), 'marked', json_object('Entry', (select json_group_array(json_array(e.id, e.tlp)) from entry e where e.concern_id = V1))) from concern c where c.id = V1)";
    let mut writes = vec![
        "insert into referral (id, concern_id, agency_id, status, offered_at) values (V5, V1, V2, 'OFFERED', NOW)".to_owned(),
        "insert into entry (id, concern_id, kind, author_id, audience, tlp, body, at) select V6, c.id, 'REFERRAL', V9, 'AGENCIES', c.tlp, V3, max(NOW, coalesce((select max(e.at) from entry e where e.concern_id = c.id), '')) from concern c where c.id = V1".to_owned(),
        "insert into search (kind, row_id, tiers, at, terms) select 9, e.id, 2, e.at, V4 from entry e where e.id = V6".to_owned(),
        "insert into entry_audience (entry_id, agency_id) values (V6, V2)".to_owned(),
        format!(
            "{LINE} select c.id, 'a:' || V2, 7, 31, 'ALWAYS', 'FOREVER', 3, 8, c.opened_at, c.mission_id, null from concern c where c.id = V1
             union all select V5, k.key, 18, 8, 'ALWAYS', 'FOREVER', 4, 10, null, null, null from (select 'a:' || V2 as key union all select 'i:dss') k
             union all select V6, k.key, 18, 2, 'ALWAYS', 'FOREVER', 4, 9, null, null, null from (select 'a:' || V2 as key union all select 'i:dss') k
             union all select r.id, 'a:' || V2, 16, 3, 'ALWAYS', 'FOREVER', 3, r.kind, '', null, null from concern c join (
               select m.id, m.id as mission_id, 4 as kind from mission m
               union all select p.id, p.mission_id, 5 from premises p where p.kind in ('CHANCERY', 'ANNEX', 'CONSULAR', 'OTHER')
               union all select s.id, s.mission_id, 6 from security_contact s) r on r.mission_id = c.mission_id where c.id = V1
             on conflict do nothing"
        ),
    ];
    writes.extend(told(operation, event, fact));
    Steps {
        allowed: text(
            "select json_object('data', json_object('referConcern', json_object('concern', json_object('id', 'concern_' || c.id, 'status', c.status)))) from concern c where c.id = V1 and c.status = 'REFERRED' and c.tlp in ('CLEAR', 'GREEN', 'AMBER') and c.cui is null
             and exists (select 1 from visibility v where v.row_id = c.id and v.key = KEYS and v.ground in (9, 12) and v.from_at <= NOW and v.until_at > NOW)
             and exists (select 1 from agency a where a.id = V2 and a.kind = 'LAW_ENFORCEMENT' and a.issuer is not null and a.suspended_at is null)
             and not exists (select 1 from referral r where r.concern_id = c.id and r.agency_id = V2 and r.status in ('OFFERED', 'ACCEPTED'))",
        ),
        writes: writes.iter().map(|sql| text(sql)).collect(),
        operation,
        event,
        rows: &[("concern", 1), ("entry", 6), ("referral", 5)],
    }
}
