//! What is written, on PostgreSQL each as one statement that inserts all that Chancery does: rows, lines, words, an event of
//! the chained trail, an event of change.

use aws_lc_rs::{digest, hmac};
use chancery::{
    access::{
        POLICY_EPOCH, Role,
        emit::{ALWAYS, FOREVER, Severity},
    },
    clock::{instant, parse_instant},
    desk::{
        reference,
        response::{Opening, Status, Step, What, targets},
    },
    id,
    model::words,
};
use chancery_bench::{Result, gate::Principal};
use serde_json::json;

/// The values of a concern that is raised: V1 the mission, V2 to V6 its kind, category, severity, title and narrative, as
/// they were asked; V7 and V8 the ids of concern and entry, V9 of the event, V10 the reference, V11 and V12 the words of what
/// is open in D and in DC, V13 the pseudonym, V14 and V15 the response clock, V16 to V19 who it is.
pub(super) fn raised(principal: &Principal, now: &str, mut values: Vec<String>, secret: &[u8]) -> Result<Vec<String>> {
    let [mission, kind, _, severity, title, narrative] = values.as_slice() else { return Err("six values".into()) };
    let at = parse_instant(now).ok_or("no instant")?;
    let reference = reference::new(at.year())?;
    let words_of = |texts: &[&str]| words::kept(texts.iter().copied());
    let words = [words_of(&[&reference]), words_of(&[&reference, title, narrative])];
    let tag =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), format!("{mission}/{}", principal.person).as_bytes());
    let pseudonym = data_encoding::HEXLOWER.encode(tag.as_ref().get(..16).unwrap_or_default());
    let opening = Opening { at, question: kind == "QUESTION", severity: Severity::of_row(severity) };
    let all = targets(&opening, &[Step { at, what: What::Status(Status::Submitted) }]).all().map(|(_, target)| target);
    let told = all.map(|target| [target.from, target.due, target.met, target.ended].map(|at| at.map(instant)));
    let next = all.iter().filter(|target| target.met.is_none() && target.ended.is_none()).filter_map(|t| t.due).min();
    let [one, two, three] = [id::new(at), id::new(at), id::new(at)];
    values.extend([one, two, three, reference]);
    values.extend(words);
    values.extend([pseudonym, json!(told).to_string(), next.map(instant).unwrap_or_default()]);
    values.extend(who(principal));
    Ok(values)
}

/// The values of a referral: V1 the concern, V2 the agency, V3 what is said; V4 its words, V5 to V7 the ids of referral, entry
/// and event, V8 to V11 who it is.
pub(super) fn referred(principal: &Principal, now: &str, mut values: Vec<String>) -> Result<Vec<String>> {
    let at = parse_instant(now).ok_or("no instant")?;
    let words = words::kept(values.get(2).map(String::as_str));
    values.extend([words, id::new(at), id::new(at), id::new(at)]);
    values.extend(who(principal));
    Ok(values)
}

fn who(principal: &Principal) -> [String; 4] {
    let (agency, person) = (principal.agency.clone(), principal.person.clone());
    [agency, person, principal.subject.clone(), principal.role.name().to_owned()]
}

/// The event of the trail and the event of change. `of` are the places of who it is; `object_ids` and `fact` are expressions.
fn told(event: &str, operation: &str, grounds: &str, of: [&str; 4], object_ids: &str, fact: [&str; 2]) -> String {
    let [agency, person, subject, role] = of;
    let epoch = POLICY_EPOCH;
    let [row, fact] = fact;
    let hashed: String = [
        "'chancery.audit.event.1'",
        event,
        "'desk'",
        "(p.sequence + 1)::text",
        "NOW",
        subject,
        agency,
        person,
        role,
        &format!("'{operation}'"),
        "p.object_ids",
        grounds,
        "'DONE'",
        "",
        &format!("'{epoch}'"),
        "p.hash",
    ]
    .iter()
    .map(|text| {
        if text.is_empty() {
            // There is no code.
            return r"'\x00'::bytea".to_owned();
        }
        format!(r"'\x01'::bytea || int8send(octet_length({text})) || convert_to({text}, 'UTF8')")
    })
    .collect::<Vec<_>>()
    .join(" || ");
    format!(
        "head as (update change_head set last = last + 1 where id = 1 returning last),
         change as (insert into change_event (sequence, at, kind, row_id, fact) select head.last, NOW, 8, {row}, ({fact})::text from head),
         previous as (select coalesce((select a.sequence from audit_event a where a.writer = 'desk' order by a.sequence desc limit 1), 0) as sequence,
           coalesce((select a.hash from audit_event a where a.writer = 'desk' order by a.sequence desc limit 1), repeat('0', 64)) as hash, {object_ids} as object_ids),
         trail as (insert into audit_event (id, writer, sequence, at, subject, agency_id, person_id, role, operation, object_ids, grounds, decision, policy_version, previous_hash, hash)
           select {event}, 'desk', p.sequence + 1, NOW, {subject}, {agency}, {person}, {role}, '{operation}', p.object_ids, {grounds}, 'DONE', {epoch}, p.hash, encode(sha256({hashed}), 'hex') from previous p),
         woken as (select pg_notify('chancery_change', ''))"
    )
}

/// Lines with their windows, from (`row_id`, `key`, `ground`, `cap`, `tlp_max`, `kind`, `at`, `under`, `owed`).
const LINES: &str = "insert into visibility (row_id, key, ground, cap, from_at, until_at, tlp_max, kind, at, under, owed) select l.row_id, l.key, l.ground, l.cap";

pub(super) fn raise(role: Role) -> Option<String> {
    let (ground, name) = match role {
        Role::MissionOfficer => (3, "OWN"),
        Role::LawEnforcement => (5, "JURISDICTION"),
        _ => return None,
    };
    let mission = role == Role::MissionOfficer;
    let (origin, pseudonym, audience) = if mission { ("m.id", "V13", "MISSION") } else { ("null", "null", "AGENCIES") };
    // Under AMBER, to which nobody's jurisdiction reaches.
    let of_mission = "union all select 'm:' || m.id, 3, 3 from m union all select 'o:' || m.sending_state_id, 4, 2 from m where m.sending_state_id is not null";
    let of_mission = if mission { of_mission } else { "" };
    let (reader, named) = if mission {
        ("'m:' || m.id", "")
    } else {
        ("'a:' || V16", "audience as (insert into entry_audience (entry_id, agency_id) select V8, V16 from m),")
    };
    let fact = "(select json_build_object('columns', null, 'was', null, 'before', json_build_array(), 'after', json_agg(json_build_array(o.key, o.ground, 31, 'ALWAYS', 'FOREVER', o.tlp_max)), 'keys', json_agg(o.key), 'children', json_build_object('Entry', json_build_array(V8)), 'marked', json_build_object('Entry', json_build_array(json_build_array(V8, 2)), 'Evidence', json_build_array())) from opened o)";
    let told = told(
        "V9",
        "raiseConcern",
        &format!("'[\"{name}\"]'"),
        ["V16", "V17", "V18", "V19"],
        "'[\"concern_' || V7 || '\",\"entry_' || V8 || '\"]'",
        ["V7", fact],
    );
    Some(format!(
        "with m as materialized (select m.id, m.sending_state_id from mission m where m.id = V1 and exists (select 1 from visibility v where v.row_id = m.id and v.key = KEYS and v.ground = {ground} and v.from_at <= NOW and v.until_at > NOW)),
         c as (insert into concern (id, reference, kind, category, severity, status, mission_id, title, narrative, origin_agency_id, origin_mission_id, reporter_id, reporter_pseudonym, subjects, tlp, opened_at, changes, handovers, clock, next_due_at)
           select V7, V10, V2, V3, V4, 'SUBMITTED', m.id, V5, V6, V16, {origin}, V17, {pseudonym}, '[]', 'AMBER', NOW, 0, 0, V14, nullif(V15, '') from m returning id, reference, status, opened_at),
         e as (insert into entry (id, concern_id, kind, author_id, audience, tlp, at, to_status) select V8, V7, 'STATUS', V17, '{audience}', 'AMBER', NOW, 'SUBMITTED' from m),
         {named}
         opened as materialized (select 'i:dss' as key, 2 as ground, 3 as tlp_max {of_mission} union all select 'pf:' || m.id, 12, 3 from m union all select 'p:' || V17, 8, 4 union all select 'd:watch', 10, 4),
         lines as ({LINES}, 'ALWAYS', 'FOREVER', l.tlp_max, l.kind, l.at, l.under, l.owed from (
           select V7 as row_id, o.key, o.ground, 31 as cap, o.tlp_max, 8 as kind, NOW as at, m.id as under, case when o.ground in (10, 12) then nullif(V15, '') end as owed from opened o, m
           union all select V8, {reader}, 18, 2, 4, 9, null, null, null from m
           union all select V8, 'i:dss', 18, 2, 4, 9, null, null, null from m) l),
         words as (insert into search (kind, row_id, tiers, at, terms) select 8, V7, w.tiers, NOW, w.terms from (values (1, V11), (3, V12)) w(tiers, terms), m),
         {told}
         select json_build_object('data', json_build_object('raiseConcern', json_build_object('concern', json_build_object('id', 'concern_' || c.id, 'reference', c.reference, 'status', c.status, 'openedAt', c.opened_at), 'notice', 'Where life is in danger, call 911 first, then the watch.')))::text from c, woken"
    ))
}

/// Of a concern that is referred to others already: its status stays.
pub(super) fn refer(role: Role) -> Option<String> {
    if role != Role::LiaisonOfficer {
        return None;
    }
    let fact = "(select json_build_object('columns', json_build_array(), 'was', json_build_object('severity', c.severity, 'status', c.status), 'before', json_agg(json_build_array(o.key, o.ground, o.cap, o.from_at, o.until_at, o.tlp_max)), 'after', json_agg(json_build_array(o.key, o.ground, o.cap, o.from_at, o.until_at, o.tlp_max))::jsonb || jsonb_build_array(jsonb_build_array('a:' || V2, 7, 31, 'ALWAYS', 'FOREVER', 3)), 'keys', json_agg(o.key), 'children', json_build_object('Entry', json_build_array(V6), 'Referral', json_build_array(V5)), 'marked', json_build_object('Entry', (select json_agg(json_build_array(e.id, e.tlp)) from entry e where e.concern_id = V1))) from visibility o, c where o.row_id = V1 group by c.severity, c.status)";
    let told = told(
        "V7",
        "referConcern",
        "'[\"PORTFOLIO\"]'",
        ["V8", "V9", "V10", "V11"],
        "'[\"concern_' || V1 || '\",\"entry_' || V6 || '\",\"referral_' || V5 || '\"]'",
        ["V1", fact],
    );
    Some(format!(
        "with c as materialized (select c.* from concern c where c.id = V1 and c.status = 'REFERRED' and c.tlp in ('CLEAR', 'GREEN', 'AMBER') and c.cui is null
           and exists (select 1 from visibility v where v.row_id = c.id and v.key = KEYS and v.ground in (9, 12) and v.from_at <= NOW and v.until_at > NOW)
           and exists (select 1 from agency a where a.id = V2 and a.kind = 'LAW_ENFORCEMENT' and a.issuer is not null and a.suspended_at is null)
           and not exists (select 1 from referral r where r.concern_id = c.id and r.agency_id = V2 and r.status in ('OFFERED', 'ACCEPTED'))),
         r as (insert into referral (id, concern_id, agency_id, status, offered_at) select V5, c.id, V2, 'OFFERED', NOW from c),
         e as (insert into entry (id, concern_id, kind, author_id, audience, tlp, body, at) select V6, c.id, 'REFERRAL', V9, 'AGENCIES', c.tlp, V3, greatest(NOW, (select max(e.at) from entry e where e.concern_id = c.id)) from c returning id, at),
         words as (insert into search (kind, row_id, tiers, at, terms) select 9, e.id, 2, e.at, V4 from e),
         named as (insert into entry_audience (entry_id, agency_id) select V6, V2 from c),
         lines as ({LINES}, 'ALWAYS', 'FOREVER', l.tlp_max, l.kind, l.at, l.under, l.owed from (
           select c.id as row_id, 'a:' || V2 as key, 7 as ground, 31 as cap, 3 as tlp_max, 8 as kind, c.opened_at as at, c.mission_id as under, null::text as owed from c
           union all select V5, k.key, 18, 8, 4, 10, null, null, null from c, (values ('a:' || V2), ('i:dss')) k(key)
           union all select V6, k.key, 18, 2, 4, 9, null, null, null from c, (values ('a:' || V2), ('i:dss')) k(key)
           union all select c.mission_id, 'a:' || V2, 16, 3, 3, 4, '', null, null from c
           union all select p.id, 'a:' || V2, 16, 3, 3, 5, '', null, null from c join premises p on p.mission_id = c.mission_id where p.kind in ('CHANCERY', 'ANNEX', 'CONSULAR', 'OTHER')
           union all select s.id, 'a:' || V2, 16, 3, 3, 6, '', null, null from c join security_contact s on s.mission_id = c.mission_id) l on conflict do nothing),
         {told}
         select json_build_object('data', json_build_object('referConcern', json_build_object('concern', json_build_object('id', 'concern_' || c.id, 'status', c.status))))::text from c, woken"
    ))
}

/// The hash of an event's texts, as the trail has it: each as a byte 1, its length in eight bytes and its UTF-8, or a byte 0.
pub(super) fn hash(texts: &[Option<&str>]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for text in texts {
        if let Some(text) = text {
            context.update(&[1]);
            context.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(text.as_bytes());
        } else {
            context.update(&[0]);
        }
    }
    data_encoding::HEXLOWER.encode(context.finish().as_ref())
}

/// The sentinels of windows, as the table has them.
pub(super) fn with_windows(sql: &str) -> String {
    sql.replace("ALWAYS", ALWAYS).replace("FOREVER", FOREVER)
}
