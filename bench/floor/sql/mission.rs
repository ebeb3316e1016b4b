//! Missions, their contacts and liaisons.

use chancery::store::Engine;

use super::part::Part;

const FUNCTIONS: &str = "case s.function when 'CHIEF_OF_SECURITY' then 0 when 'DUTY_OFFICER' then 1 when 'DEPUTY_CHIEF_OF_MISSION' then 2 when 'DEFENSE_ATTACHE' then 3 when 'POLICE_LIAISON' then 4 when 'FACILITIES' then 5 else 6 end";

/// The first five contacts of mission `m`.
fn contacts(part: &Part, fields: &str) -> String {
    let seen = part.contact_of("s.id");
    format!(
        "OBJECT('nodes', JSON((select LIST(OBJECT('id', 'contact_' || s.id, 'function', s.function, 'name', s.name, {fields}) order by s.f, s.id) from (select s.*, {FUNCTIONS} as f from security_contact s where s.mission_id = m.id and {seen} order by f, s.id limit 5) s)))"
    )
}

pub(super) fn point(part: &Part) -> String {
    let contacts = contacts(part, "'title', s.title, 'workPhone', s.work_phone");
    let (sees, contact) = (part.sees_mission("m.id"), part.contact_of("m.id"));
    format!(
        "select cast(OBJECT('data', OBJECT('mission', JSON((select OBJECT('id', 'mission_' || m.id, 'name', m.name, 'type', m.type, 'city', m.city, 'state', m.state, 'switchboard', case when m.c then m.switchboard end, 'dutyPhone', case when m.c then m.duty_phone end, 'securityContacts', {contacts}) from (select m.*, {contact} as c from mission m where m.id = V1 and {sees} FENCE) m)))) as text)"
    )
}

pub(super) fn nested(part: &Part) -> String {
    let contacts = contacts(part, "'workPhone', s.work_phone");
    let (with, sees, served) = (part.with_missions(), part.among_mine("m.id", 1), part.sees_liaison("l.id"));
    let concerns = if part.sees_all {
        format!(
            "select c.id, c.opened_at as at, c.reference, c.status, c.severity, {} as p from (select c.* from concern c where c.mission_id = m.id and {} order by c.opened_at desc, c.id desc limit 3) c",
            part.open("c.id"),
            part.sees("c.id"),
        )
    } else {
        format!(
            "select c.id, l.at, c.reference, c.status, c.severity, l.p from ({}) l join concern c on c.id = l.row_id",
            part.newest("", " and v.under = m.id", true, 3),
        )
    };
    let entries = format!(
        "OBJECT('nodes', JSON((select LIST(OBJECT('kind', e.kind, 'at', e.at) order by e.at, e.id) from (select e.id, e.kind, e.at from entry e where e.concern_id = c.id and (c.p & 2) <> 0 and {} order by e.at, e.id limit 2) e)))",
        part.sees_entry()
    );
    format!(
        "with {with} page as materialized (select m.id, m.name, m.type, m.city, m.sending_state_id from mission m where {sees} order by m.name, m.id limit 21)
         select cast(OBJECT('data', OBJECT('missions', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'mission_' || m.id, 'name', m.name, 'type', m.type, 'city', m.city,
           'sendingState', JSON((select OBJECT('name', t.name, 'iso2', t.iso2) from sending_state t where t.id = m.sending_state_id)),
           'securityContacts', {contacts},
           'liaisons', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'liaison_' || l.id, 'unit', l.unit, 'name', l.name, 'deskPhone', l.desk_phone) order by l.unit, l.id)
             from (select l.* from liaison_mission k join liaison l on l.id = k.liaison_id where k.mission_id = m.id and {served} order by l.unit, l.id limit 5) l))),
           'concerns', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'concern_' || c.id, 'reference', c.reference, 'severity', c.severity, 'status', c.status, 'entries', {entries}) order by c.at desc, c.id desc) from ({concerns}) c)))
           ) order by m.name, m.id) from (select * from page order by name, id limit 20) m)),
         'pageInfo', OBJECT('hasNextPage', TRUTH((select count(*) from page) > 20))))) as text)"
    )
}

/// Metres per degree around a latitude, north and east, as series in half the difference of latitudes: 47 CFR 73.208(c).
pub(super) fn metres(latitude: f64) -> [f64; 6] {
    let series = |terms: [(f64, f64); 3], power: u8| -> f64 {
        let (angle, degree) = (latitude.to_radians(), 1.0_f64.to_radians());
        let term = |(amplitude, multiple): (f64, f64)| {
            let (step, at) = (multiple * degree, multiple * angle);
            let part = match power {
                0 => at.cos(),
                1 => -step * at.sin(),
                _ => -step * step * at.cos() / 2.0,
            };
            1000.0 * amplitude * part
        };
        terms.into_iter().map(term).sum()
    };
    let north = [(111.132_09, 0.0), (-0.566_05, 2.0), (0.001_20, 4.0)];
    let east = [(111.415_13, 1.0), (-0.094_55, 3.0), (0.000_12, 5.0)];
    [series(north, 0), series(north, 1), series(north, 2), series(east, 0), series(east, 1), series(east, 2)]
}

/// V1, V2: the point. V3 to V8: metres per degree.
pub(super) fn near(part: &Part) -> String {
    // Who sees a mission sees where it is, but for the missions' own officers.
    let (with, seen) = (part.with_missions(), part.among_mine("m.id", 2));
    let length = |degrees: &str, [c0, c1, c2]: [&str; 3]| {
        format!("abs({degrees} * (FLOAT({c0}) + FLOAT({c1}) * (m.north / 2) + FLOAT({c2}) * (m.north * m.north / 4)))")
    };
    let (dy, dx) = (length("m.north", ["V3", "V4", "V5"]), length("m.east", ["V6", "V7", "V8"]));
    let placed = format!(
        "select m.*, {dy} as dy, {dx} as dx from (
           select m.id, m.name, m.city, m.latitude - FLOAT(V1) as north, m.longitude - FLOAT(V2) as east from mission m
           where m.latitude between FLOAT(V1) - 0.905 and FLOAT(V1) + 0.905 and m.longitude is not null and {seen}) m"
    );
    let (measured, whole) = if part.engine == Engine::Postgres {
        let measured = format!("select m.*, sqrt(m.dx * m.dx + m.dy * m.dy) as distance from ({placed}) m");
        (measured, "cast(floor(m.distance + 0.5) as bigint)")
    } else {
        // SQLite has no roots: two of Newton's steps, from the octagon around the circle.
        let guessed = format!(
            "select m.*, m.dx * m.dx + m.dy * m.dy as squared, 0.9604 * max(m.dx, m.dy) + 0.3978 * min(m.dx, m.dy) as guess from ({placed}) m"
        );
        let step = |from: &str, name: &str, of: &str| {
            format!(
                "select m.*, case when m.{from} > 0 then (m.{from} + m.squared / m.{from}) / 2 else 0 end as {name} from ({of}) m"
            )
        };
        (step("better", "distance", &step("guess", "better", &guessed)), "cast(m.distance + 0.5 as integer)")
    };
    format!(
        "with {with} near as materialized ({measured})
         select cast(OBJECT('data', OBJECT('missionsNear', OBJECT('totalCount', (select count(*) from near where distance <= 100000),
           'nearest', JSON((select LIST(OBJECT('distanceMeters', {whole}, 'node', OBJECT('id', 'mission_' || m.id, 'name', m.name, 'city', m.city)) order by m.distance, m.id)
             from (select * from near where distance <= 100000 order by distance, id limit 20) m))))) as text)"
    )
}
