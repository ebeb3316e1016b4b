//! What a role may read, as somebody knows it who has `docs/ACCESS.md` beside the editor.

use chancery::{access::Role, store::Engine};

/// A role's part of the table, and what it is written for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Who asks.
    pub(super) role: Role,
    /// On which engine.
    pub(super) engine: Engine,
    /// On SQLite: how many keys are held.
    keys: usize,
    /// Grounds that show a concern.
    pub(super) grounds: &'static str,
    /// What each opens.
    opens: &'static str,
    /// Grounds that show a mission and its contacts; nothing for who sees all missions.
    mission: Option<&'static str>,
    /// Grounds that show a mission's contact tier, where not every one does.
    contact: Option<&'static str>,
    /// Whether nearly all concerns are seen.
    pub(super) sees_all: bool,
}

/// Ranks of markings, of a row under an alias.
pub(super) fn rank(alias: &str) -> String {
    format!(
        "case {alias}.tlp when 'CLEAR' then 0 when 'GREEN' then 1 when 'AMBER' then 2 when 'AMBER_STRICT' then 3 else 4 end"
    )
}

impl Part {
    /// Of a role that is measured.
    pub(super) fn of(role: Role, engine: Engine, keys: usize) -> Option<Self> {
        let (grounds, opens, mission, contact, sees_all) = match role {
            Role::Analyst => ("2,6", "when 2 then 27 when 6 then 3", None, None, true),
            Role::LiaisonOfficer => (
                "2,6,9,10,12",
                "when 2 then 3 when 6 then 7 when 9 then 31 when 10 then 7 when 12 then 31",
                None,
                None,
                true,
            ),
            Role::LawEnforcement => (
                "5,6,7,8",
                "when 5 then 1 when 6 then 7 when 7 then 15 when 8 then 7",
                Some("5,16"),
                Some("5,16"),
                false,
            ),
            Role::MissionOfficer => {
                ("3,4,6,8", "when 3 then 7 when 4 then 1 when 6 then 3 when 8 then 7", None, Some("3,4"), false)
            }
            _ => return None,
        };
        Some(Self { role, engine, keys, grounds, opens, mission, contact, sees_all })
    }

    /// Lines of concerns that are held now, of one key.
    fn held(&self, key: &str) -> String {
        format!(
            "v.key = {key} and v.kind = 8 and v.ground in ({}) and (v.cap & 1) <> 0 and v.from_at <= NOW and v.until_at > NOW",
            self.grounds
        )
    }

    /// What a line opens, for each marking that a child may have: five bits a rank, as high as the line survives.
    pub(super) fn packed(&self) -> String {
        format!(
            "(case v.ground {} else 0 end & v.cap) * (case v.tlp_max when 0 then 1 when 1 then 33 when 2 then 1057 when 3 then 33825 else 1082401 end)",
            self.opens
        )
    }

    /// The newest concerns that are seen (`at`, `row_id`, `p`: what is open, packed), so many of them, each key's own in their
    /// order. `and` are further conditions on a line `v`, of which `join` may bring the concern `c`; `under` says that they
    /// are those of one mission.
    pub(super) fn newest(&self, join: &str, and: &str, under: bool, most: u32) -> String {
        let ordered = if under { "" } else { " and v.at is not null" };
        let arm = |key: &str| {
            format!(
                "select v.at, v.row_id, BITS({}) as p from visibility v{join} where {}{ordered}{and} group by v.at, v.row_id order by v.at desc, v.row_id desc limit {most}",
                self.packed(),
                self.held(key),
            )
        };
        let merged = self.each(&arm);
        format!(
            "select l.at, l.row_id, BITS(l.p) as p from {merged} group by l.at, l.row_id order by l.at desc, l.row_id desc limit {most}"
        )
    }

    /// The same for who sees nearly all and holds many keys: in the order of the concerns, each with what is open of it.
    pub(super) fn walked(&self, and: &str, most: u32) -> String {
        format!(
            "select c.opened_at as at, c.id as row_id, l.p from concern c cross join lateral {} l(p) where (l.p & 1) <> 0{and} order by c.opened_at desc, c.id desc limit {most}",
            self.open("c.id")
        )
    }

    /// Whether a list is walked.
    pub(super) fn walks(&self) -> bool {
        self.role == Role::LiaisonOfficer && self.engine == Engine::Postgres
    }

    /// The concerns for which the principal is responsible (`row_id`) and on which something is owed first, so many of them.
    pub(super) fn owed(&self, most: u32) -> String {
        let arm = |key: &str| {
            format!(
                "select v.row_id, v.owed from visibility v where v.key = {key} and v.kind = 8 and v.owed is not null and v.from_at <= NOW and v.until_at > NOW order by v.owed, v.row_id limit {most}"
            )
        };
        let merged = self.each(&arm);
        format!("select l.row_id from {merged} group by l.owed, l.row_id order by l.owed, l.row_id limit {most}")
    }

    /// What an arm finds for each key, as `l`.
    fn each(&self, arm: &dyn Fn(&str) -> String) -> String {
        if self.engine == Engine::Postgres {
            format!("unnest($1) k(key) cross join lateral ({}) l", arm("k.key"))
        } else {
            let arms: Vec<String> =
                (0..self.keys).map(|key| format!("select * from ({})", arm(&format!("(?1 ->> {key})")))).collect();
            format!("({}) l", arms.join(" union all "))
        }
    }

    /// What is open of a concern, packed; null where nothing is.
    pub(super) fn open(&self, row: &str) -> String {
        format!("(select BITS({}) from visibility v where v.row_id = {row} and {})", self.packed(), self.held("KEYS"))
    }

    /// Whether a concern is seen.
    pub(super) fn sees(&self, row: &str) -> String {
        format!("exists (select 1 from visibility v where v.row_id = {row} and {} FENCE)", self.held("KEYS"))
    }

    /// The ids of all concerns that are seen.
    pub(super) fn all(&self) -> String {
        format!("select distinct v.row_id from visibility v where {} and v.at is not null", self.held("KEYS"))
    }

    /// Whether a mission, or a row that is open as missions are, is seen.
    pub(super) fn sees_mission(&self, row: &str) -> String {
        self.mission.map_or_else(|| "1 = 1".to_owned(), |grounds| reached(self, row, grounds, 1))
    }

    /// Whether its contact tier is open; also, whether a security contact is seen: what shows one, shows all of it.
    pub(super) fn contact_of(&self, row: &str) -> String {
        self.contact.map_or_else(|| "1 = 1".to_owned(), |grounds| reached(self, row, grounds, 2))
    }

    /// For who sees few missions: all of them with what is open, read once, as a subquery `mine` of a statement.
    pub(super) fn with_missions(&self) -> String {
        self.mission.map_or_else(String::new, |grounds| {
            format!(
                "mine as materialized (select v.row_id, TIERS(v.cap) as open from visibility v where v.key = KEYS and v.kind = 4 and v.at is not null and v.ground in ({grounds}) and (v.cap & 1) <> 0 and v.from_at <= NOW and v.until_at > NOW group by v.row_id),"
            )
        })
    }

    /// Whether a mission is among those; `tier` is what must be open.
    pub(super) fn among_mine(&self, row: &str, tier: u32) -> String {
        if self.mission.is_none() {
            return if tier == 1 { "1 = 1".to_owned() } else { self.contact_of(row) };
        }
        format!("{row} in (select l.row_id from mine l where (l.open & {tier}) <> 0)")
    }

    /// Whether a liaison is seen.
    pub(super) fn sees_liaison(&self, row: &str) -> String {
        if self.role == Role::MissionOfficer { reached(self, row, "14", 1) } else { "1 = 1".to_owned() }
    }

    /// Whether an entry `e` of a concern `c` (`c.p`: what is open of it) was written for the principal. Of every entry
    /// DSS has a line.
    pub(super) fn sees_entry(&self) -> String {
        let key = if self.sees_all { "= 'i:dss'" } else { "= OWN" };
        format!(
            "exists (select 1 from visibility w where w.row_id = e.id and w.key {key} and w.ground = 18 and (w.cap & (c.p >> (5 * {}))) <> 0)",
            rank("e")
        )
    }
}

/// Whether lines of the row on these grounds are held now that show a tier. A mission that many agencies know has many lines:
/// each key is looked up for itself.
fn reached(part: &Part, row: &str, grounds: &str, tier: u32) -> String {
    let held = |key: &str| {
        format!(
            "v.row_id = {row} and v.key {key} and v.ground in ({grounds}) and (v.cap & {tier}) <> 0 and v.from_at <= NOW and v.until_at > NOW"
        )
    };
    if part.engine == Engine::Postgres {
        let line = format!("select 1 from visibility v where {} limit 1", held("= k.key"));
        // What is a mission's own is not marked: it has no circles.
        let keys = if part.role == Role::MissionOfficer { "$3" } else { "$1" };
        return format!("exists (select 1 from unnest({keys}) k(key), lateral ({line}) l)");
    }
    format!("exists (select 1 from visibility v where {})", held("= KEYS"))
}
