//! Five questions, each as a GraphQL document and as SQL by hand for each role.
//!
//! The SQL is written once for both engines with a few names in capitals that [`Dialect::of`] replaces; the roles
//! differ in the grounds and tiers that they read off the visibility table, as `docs/ACCESS.md` has them.

use chancery::{access::Role, store::Engine};

use crate::floor::Statement;

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// Who asks it.
    pub roles: &'static [Role],
    /// As a client of Chancery asks it.
    pub document: &'static str,
    /// As the floor answers it: the text for a role.
    pub sql: fn(&Part) -> String,
    /// Parameters of the floor's statement before keys and present.
    pub values: usize,
}

/// What a role may read, as the hand-written SQL knows it: grounds (by code) and what they open.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Who asks.
    pub role: Role,
    /// Conditions on a line `v` of a mission to see it and its contact tier; nothing if every mission is open.
    mission: Option<(&'static str, &'static str)>,
    /// Grounds that show a concern.
    concern: &'static str,
    /// Grounds that show its contact tier.
    contact: &'static str,
    /// What each ground opens of a concern.
    opens: &'static str,
    /// Whether the concerns that are seen are few: the list starts from them.
    few: bool,
}

/// Both roles of the lab.
const BOTH: &[Role] = &[Role::Analyst, Role::LawEnforcement];
/// With a mission's officer.
const ALL: &[Role] = &[Role::Analyst, Role::LawEnforcement, Role::MissionOfficer];

/// The questions.
pub const QUESTIONS: [Question; 5] = [
    Question {
        name: "point",
        roles: BOTH,
        document: "query($id: ID!) { mission(id: $id) { id name type city state switchboard dutyPhone securityContacts(first: 5) { nodes { id function name title workPhone } } } }",
        sql: point,
        values: 1,
    },
    Question {
        name: "nested",
        roles: BOTH,
        document: "{ missions(first: 20) { nodes { id name type city sendingState { name iso2 } securityContacts(first: 5) { nodes { id function name workPhone } } liaisons(first: 5) { nodes { id unit name deskPhone } } } pageInfo { hasNextPage } } }",
        sql: nested,
        values: 0,
    },
    Question {
        name: "list",
        roles: ALL,
        document: "{ concerns(first: 50) { nodes { id reference title severity status openedAt mission { name } entries(first: 5) { nodes { kind body at } } } pageInfo { hasNextPage endCursor } } }",
        sql: list,
        values: 0,
    },
    Question {
        name: "deep",
        roles: BOTH,
        document: "query($after: String) { concerns(first: 50, after: $after) { nodes { id reference title severity status openedAt } pageInfo { hasNextPage endCursor } } }",
        sql: deep,
        values: 2,
    },
    Question {
        name: "count",
        roles: BOTH,
        document: "{ concerns(filter: { severity: { in: [HIGH, CRITICAL] } }) { totalCount } }",
        sql: count,
        values: 0,
    },
];

impl Part {
    /// The part of a role that is measured.
    pub fn of(role: Role) -> Option<Self> {
        Some(match role {
            Role::Analyst => Self {
                role,
                mission: None,
                concern: "2,6",
                contact: "2,6",
                opens: "when 2 then 27 when 6 then 3",
                few: false,
            },
            Role::LawEnforcement => Self {
                role,
                mission: Some(("v.ground in (5,16) and (v.cap & 1) <> 0", "v.ground in (5,16) and (v.cap & 2) <> 0")),
                concern: "5,6,7,8",
                contact: "6,7,8",
                opens: "when 5 then 1 when 6 then 7 when 7 then 15 when 8 then 7",
                few: true,
            },
            Role::MissionOfficer => Self {
                role,
                mission: None,
                concern: "3,4,6,8",
                contact: "3,6,8",
                opens: "when 3 then 7 when 4 then 1 when 6 then 3 when 8 then 7",
                few: true,
            },
            _ => return None,
        })
    }

    /// Lines of a row that the principal holds now and a condition finds.
    fn line(row: &str, condition: &str) -> String {
        format!(
            "exists (select 1 from visibility v where v.row_id = {row} and v.key = KEYS and {condition} and v.from_at <= NOW and v.until_at > NOW)"
        )
    }

    /// A mission's visibility, as a conjunct.
    fn sees_mission(&self, alias: &str) -> String {
        self.mission.map_or_else(|| "1 = 1".to_owned(), |(sees, _)| Self::line(&format!("{alias}.id"), sees))
    }

    /// Whether a row that is open as a mission is shows its contact tier.
    fn contact_of(&self, alias: &str) -> String {
        self.mission.map_or_else(|| "1 = 1".to_owned(), |(_, contact)| Self::line(&format!("{alias}.id"), contact))
    }

    /// A concern's visibility, as a conjunct.
    fn sees_concern(&self) -> String {
        let condition = format!("v.ground in ({}) and (v.cap & 1) <> 0", self.concern);
        if self.few {
            format!(
                "c.id in (select v.row_id from visibility v where v.key = KEYS and v.kind = 8 and {condition} and v.from_at <= NOW and v.until_at > NOW)"
            )
        } else {
            // Whoever sees nearly all walks the order and looks at each: the fence keeps it so.
            Self::line("c.id", &condition).replace(" > NOW)", " > NOW FENCE)")
        }
    }

    fn contact_of_concern(&self) -> String {
        Self::line("c.id", &format!("v.ground in ({}) and (v.cap & 2) <> 0", self.contact))
    }
}

const FUNCTIONS: &str = "case s.function when 'CHIEF_OF_SECURITY' then 0 when 'DUTY_OFFICER' then 1 when 'DEPUTY_CHIEF_OF_MISSION' then 2 when 'DEFENSE_ATTACHE' then 3 when 'POLICE_LIAISON' then 4 when 'FACILITIES' then 5 else 6 end";

/// The first five contacts of mission `m`.
fn contacts(part: &Part, fields: &str) -> String {
    let (sees, contact) = (part.sees_mission("s"), part.contact_of("s"));
    format!(
        "OBJECT('nodes', JSON((select LIST(OBJECT('id', 'contact_' || s.id, 'function', s.function, 'name', case when s.c then s.name end, {fields}) order by s.f, s.id) from (select s.*, {FUNCTIONS} as f, {contact} as c from security_contact s where s.mission_id = m.id and {sees} order by f, s.id limit 5) s)))"
    )
}

fn point(part: &Part) -> String {
    let contacts =
        contacts(part, "'title', case when s.c then s.title end, 'workPhone', case when s.c then s.work_phone end");
    let (sees, contact) = (part.sees_mission("m"), part.contact_of("m"));
    format!(
        "select cast(OBJECT('mission', JSON((select OBJECT('id', 'mission_' || m.id, 'name', m.name, 'type', m.type, 'city', m.city, 'state', m.state, 'switchboard', case when m.c then m.switchboard end, 'dutyPhone', case when m.c then m.duty_phone end, 'securityContacts', {contacts}) from (select m.*, {contact} as c from mission m where m.id = $1 and {sees} FENCE) m))) as text)"
    )
}

fn nested(part: &Part) -> String {
    let contacts = contacts(part, "'workPhone', case when s.c then s.work_phone end");
    let sees = part.sees_mission("m");
    format!(
        "with page as materialized (select m.* from mission m where {sees} order by m.name, m.id limit 21)
         select cast(OBJECT('missions', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'mission_' || m.id, 'name', m.name, 'type', m.type, 'city', m.city,
           'sendingState', JSON((select OBJECT('name', t.name, 'iso2', t.iso2) from sending_state t where t.id = m.sending_state_id)),
           'securityContacts', {contacts},
           'liaisons', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'liaison_' || l.id, 'unit', l.unit, 'name', l.name, 'deskPhone', l.desk_phone) order by l.u, l.id)
             from (select l.*, coalesce(l.unit, '~') as u from liaison_mission k join liaison l on l.id = k.liaison_id where k.mission_id = m.id order by u, l.id limit 5) l)))
           ) order by m.name, m.id) from (select * from page order by name, id limit 20) m)),
         'pageInfo', OBJECT('hasNextPage', TRUTH((select count(*) from page) > 20)))) as text)"
    )
}

/// A page of concerns, newest first; `nodes` are further fields.
fn page(part: &Part, after: &str, nodes: &str) -> String {
    let (sees, contact) = (part.sees_concern(), part.contact_of_concern());
    format!(
        "with page as materialized (select c.*, {contact} as c from (select c.* from concern c where {sees}{after} order by c.opened_at desc, c.id desc limit 51) c)
         select cast(OBJECT('concerns', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'concern_' || c.id, 'reference', c.reference, 'title', case when c.c then c.title end,
           'severity', c.severity, 'status', c.status, 'openedAt', c.opened_at{nodes}) order by c.opened_at desc, c.id desc)
           from (select * from page order by opened_at desc, id desc limit 50) c)),
         'pageInfo', OBJECT('hasNextPage', TRUTH((select count(*) from page) > 50),
           'endCursor', (select opened_at || '|' || id from page order by opened_at desc, id desc limit 1 offset 49)))) as text)"
    )
}

fn list(part: &Part) -> String {
    let mission = part.sees_mission("m");
    let opens = part.opens;
    let ranks =
        "case e.tlp when 'CLEAR' then 0 when 'GREEN' then 1 when 'AMBER' then 2 when 'AMBER_STRICT' then 3 else 4 end";
    // An entry is read at the depth of its concern under the entry's own marking, by whom it was written for.
    let tiers = format!(
        "(select BITS((case v.ground {opens} else 0 end) & v.cap) from visibility v where v.row_id = c.id and v.key = KEYS and v.from_at <= NOW and v.until_at > NOW and v.tlp_max >= {ranks})"
    );
    let nodes = format!(
        ", 'mission', JSON((select OBJECT('name', m.name) from mission m where m.id = c.mission_id and {mission})),
         'entries', OBJECT('nodes', JSON((select LIST(OBJECT('kind', case when e.c then e.kind end, 'body', case when e.c then e.body end, 'at', case when e.c then e.at end) order by e.a, e.at, e.id)
           from (select e.*, (e.t & 2) <> 0 as c, case when (e.t & 2) <> 0 then 0 else 1 end as a
             from (select e.*, {tiers} as t from entry e where c.c and e.concern_id = c.id FENCE) e
             where exists (select 1 from visibility w where w.row_id = e.id and w.key = KEYS and w.ground = 18 and w.from_at <= NOW and w.until_at > NOW and (w.cap & e.t) <> 0)
             order by a, e.at, e.id limit 5) e)))"
    );
    page(part, "", &nodes)
}

fn deep(part: &Part) -> String {
    page(part, " and (c.opened_at, c.id) < ($1, $2)", "")
}

fn count(part: &Part) -> String {
    let sees = part.sees_concern();
    let sees = if part.few { sees } else { sees.replace(" FENCE", "") };
    format!(
        "select cast(OBJECT('concerns', OBJECT('totalCount', (select count(*) from concern c where c.severity in ('HIGH', 'CRITICAL') and {sees}))) as text)"
    )
}

impl Question {
    /// The floor's statement for a role on an engine.
    pub fn statement(&self, part: &Part, engine: Engine) -> Statement {
        let sql = (self.sql)(part);
        let scoped = sql.contains("KEYS");
        let (keys, now) = (format!("${}", self.values + 1), format!("${}", self.values + 2));
        let postgres = engine == Engine::Postgres;
        let (object, held, fence) = if postgres {
            ("json_build_object", format!("= any({keys})"), "offset 0")
        } else {
            ("json_object", format!("in (select value from json_each({keys}))"), "limit -1")
        };
        let sql = sql.replace("OBJECT", object).replace("= KEYS", &held).replace("NOW", &now).replace("FENCE", fence);
        let sql = call(&sql, "JSON", |of| if postgres { format!("({of})") } else { format!("json({of})") });
        let sql = call(&sql, "LIST", |of| {
            if postgres { format!("coalesce(json_agg({of}), '[]')") } else { format!("json_group_array({of})") }
        });
        let sql =
            call(
                &sql,
                "TRUTH",
                |of| {
                    if postgres { format!("({of})") } else { format!("json(iif({of}, 'true', 'false'))") }
                },
            );
        let sql = call(&sql, "BITS", |of| {
            let each = || [1, 2, 4, 8, 16].map(|bit| format!("max(({of}) & {bit})")).join(" | ");
            if postgres { format!("coalesce(bit_or({of}), 0)") } else { format!("coalesce({}, 0)", each()) }
        });
        Statement { sql: sql.into(), scoped }
    }
}

/// Replaces calls of a name in capitals by what is written for their argument.
fn call(sql: &str, name: &str, write: impl Fn(&str) -> String + Copy) -> String {
    let Some((before, rest)) = sql.split_once(&format!("{name}(")) else { return sql.to_owned() };
    let mut depth = 1_u32;
    let end = rest.char_indices().find(|(_, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let (of, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
    format!(
        "{before}{}{}",
        write(&call(of, name, write)),
        call(after.strip_prefix(')').unwrap_or_default(), name, write)
    )
}
