//! Random worlds: every column that decides something takes every value that it can, and rows are changed after they
//! were written, so that what is derived has to follow.

mod content;
mod details;
mod incidents;
mod programmes;
mod registry;
mod visits;

use std::fmt::Write as _;

use chancery::{access::Kind, desk::Work};
use proptest::prelude::Strategy;
use sea_orm::ConnectionTrait as _;

use crate::{
    dice::Dice,
    support::{TestDb, small_world::row},
};

/// How large a world is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Missions.
    pub missions: usize,
    /// Concerns.
    pub concerns: usize,
    /// Agencies of law enforcement.
    pub partners: usize,
    /// Changes after all was written.
    pub changes: usize,
}

/// Sizes, which shrink.
pub fn sizes() -> impl Strategy<Value = Size> {
    (1..=8_usize, 0..=12_usize, 1..=3_usize, 0..=20_usize).prop_map(|(missions, concerns, partners, changes)| Size {
        missions,
        concerns,
        partners,
        changes,
    })
}

/// A value of SQL; `None` is null.
type Sql = Option<String>;

#[allow(clippy::unnecessary_wraps, reason = "a column is a value or null")]
fn text(value: impl AsRef<str>) -> Sql {
    Some(format!("'{}'", value.as_ref().replace('\'', "''")))
}

#[allow(clippy::unnecessary_wraps, reason = "a column is a value or null")]
fn flag(value: bool) -> Sql {
    Some(value.to_string())
}

const TLP: [&str; 5] = ["CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"];
const PLACES: [&str; 9] = ["36005", "36061", "36001", "06037", "11001", "US-DC", "NYC", "US-NY", "US-CA"];
const AREAS: [&str; 9] = ["US", "US-NY", "NYC", "36005", "36061", "11001", "US-DC", "US-CA", "06037"];
const BANNERS: [&str; 8] = [
    "CUI",
    "CUI//LEI",
    "CUI//LEI//NOFORN",
    "CUI//LEI//FED_ONLY",
    "CUI//LEI//REL_TO FR,DEU",
    "CUI//LEI//REL_TO DE/NOFORN",
    "CUI//LEI//REL_TO NA",
    "?",
];
const WORDS: [&str; 9] =
    ["Émbassy", "embassy", "L'\"Ü\\\n日本", "gate", "Gate 2", "a threat", "", "Zürich", "\u{1F1EB}"];
const SEVERITIES: [&str; 4] = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];
const PREMISES: [&str; 5] = ["CHANCERY", "CONSULAR", "RESIDENCE_HOM", "RESIDENCE_STAFF", "OTHER"];
const CAPS: [&str; 5] = ["D", "DC", "DCP", "DCPS", "DCPSI"];
const REFERRALS: [&str; 4] = ["OFFERED", "ACCEPTED", "DECLINED", "DONE"];
const DSS_ROLES: &str =
    r#"["ANALYST","LIAISON_OFFICER","DETAIL_AGENT","REGIONAL_SECURITY_OFFICER","ADMINISTRATOR","AUDITOR"]"#;

/// Agencies of missions before those of law enforcement; DSS is the last.
const MISSION_AGENCIES: usize = 3;

/// Posts abroad.
const POSTS: usize = 4;

struct Writer {
    dice: Dice,
    size: Size,
    sql: String,
    touched: Vec<(Kind, String)>,
}

/// Writes a world.
pub async fn build(db: &TestDb, seed: u64, size: Size) {
    let mut writer = Writer { dice: Dice::new(seed, 1), size, sql: String::new(), touched: Vec::new() };
    writer.registry();
    writer.missions();
    writer.links();
    writer.liaisons();
    writer.visits();
    writer.details();
    writer.programmes();
    writer.incidents();
    writer.concerns();
    writer.advisories();
    writer.mission_changes();
    writer.events();
    writer.keep(db).await;
    for _ in 0..size.changes {
        writer.change();
        // Some changes go together, as those of one command do.
        if writer.dice.chance(60) {
            writer.keep(db).await;
        }
    }
    writer.keep(db).await;
}

impl Writer {
    /// One transaction of the desk's.
    async fn keep(&mut self, db: &TestDb) {
        let mut work = Work::begin(&db.store, &db.clock).await.expect("begins");
        work.rows().execute_unprepared(&std::mem::take(&mut self.sql)).await.expect("the SQL runs");
        work.standing_changed();
        for (kind, id) in self.touched.drain(..) {
            work.touch(kind, id);
        }
        work.commit().await.expect("commits");
    }

    fn insert(&mut self, table: &str, columns: &[(&str, Sql)]) {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_deref().unwrap_or("null")).collect();
        writeln!(self.sql, "insert into {table} ({}) values ({});", names.join(", "), values.join(", ")).expect("text");
    }

    /// A pair of a table of links, which may be there already.
    fn link(&mut self, table: &str, (a, x): (&str, String), (b, y): (&str, String)) {
        writeln!(self.sql, "insert into {table} ({a}, {b}) values ('{x}', '{y}') on conflict do nothing;")
            .expect("text");
    }

    /// Seven of ten times the value.
    fn maybe(&mut self, value: impl AsRef<str>) -> Sql {
        if self.dice.chance(70) { text(value) } else { None }
    }

    fn word(&mut self) -> String {
        (*self.dice.of(&WORDS)).to_owned()
    }

    fn instant(&mut self) -> String {
        format!("2026-11-{:02}T{:02}:00:00.000000Z", 1 + self.dice.below(21), self.dice.below(3) + 8)
    }

    /// Around the world's noon, 22 November.
    fn end(&mut self) -> Sql {
        let ends = ["2026-11-20T00:00:00.000000Z", "2026-11-22T12:00:00.000000Z", "2026-11-22T12:00:00.000001Z"];
        let end = *self.dice.of(&ends);
        if self.dice.chance(40) { text(end) } else { None }
    }

    fn number(&mut self, around: usize) -> Sql {
        let number = format!("{}.{}5", around + self.dice.below(3), self.dice.below(9));
        if self.dice.chance(75) { Some(number) } else { None }
    }

    fn agencies(&self) -> usize {
        MISSION_AGENCIES + self.size.partners + 1
    }

    fn persons(&self) -> usize {
        self.agencies() * 2 + 2
    }

    fn some(&mut self, letter: char, most: usize) -> String {
        row(letter, 1 + self.dice.below(most))
    }

    fn mission(&mut self) -> String {
        self.some('M', self.size.missions)
    }

    fn links(&mut self) {
        for _ in 0..self.dice.below(4) {
            let (mission, state) = (self.mission(), self.some('S', 4));
            self.link("mission_accreditation", ("mission_id", mission), ("sending_state_id", state));
        }
        for _ in 0..self.dice.below(5) {
            let (agency, mission) = (self.some('A', MISSION_AGENCIES), self.mission());
            self.link("agency_mission", ("agency_id", agency), ("mission_id", mission));
        }
        // A police that is registered for a mission gains nothing by it.
        let (agency, mission) = (row('A', MISSION_AGENCIES + 1), self.mission());
        self.link("agency_mission", ("agency_id", agency), ("mission_id", mission));
        for _ in 0..self.dice.below(6) {
            let (person, mission) = (self.some('P', self.persons()), self.mission());
            self.link("portfolio", ("person_id", person), ("mission_id", mission));
        }
    }

    /// One change of a row that decides who sees what.
    fn change(&mut self) {
        let (mission, concern) = (self.mission(), self.dice.below(self.size.concerns) + 1);
        let slot = concern * 4 + self.dice.below(3);
        let (person, tlp, place) = (self.some('P', self.persons()), *self.dice.of(&TLP), *self.dice.of(&PLACES));
        let (severity, banner) = (*self.dice.of(&SEVERITIES), *self.dice.of(&BANNERS));
        let state = self.some('S', 4);
        let concern = row('N', concern);
        let post = self.some('T', POSTS);
        let (advisory, audience) = (self.some('B', self.size.missions), self.audience());
        let leg = self.leg();
        let assignment = self.some('6', self.size.missions * 3);
        let incident = self.incident();
        let (table, set, kind, id) = match self.dice.below(25) {
            21 => ("incident", format!("tlp = '{tlp}'"), Kind::Incident, incident),
            22 => ("incident", format!("post_id = '{post}'"), Kind::Incident, incident),
            23 => ("incident", format!("reporter_id = '{person}'"), Kind::Incident, incident),
            24 => {
                let setting = *self.dice.of(&incidents::SETTINGS);
                ("incident", format!("setting = '{setting}'"), Kind::Incident, incident)
            }
            19 => ("assignment", "ends_at = '2026-11-19T12:00:00.000000Z'".to_owned(), Kind::Assignment, assignment),
            20 => ("assignment", "ends_at = null".to_owned(), Kind::Assignment, assignment),
            16 => ("leg", format!("area = '{place}'"), Kind::Leg, leg),
            17 => ("visit", "accepted_at = null".to_owned(), Kind::Visit, self.visit()),
            18 => ("visit", "accepted_at = '2026-11-10T00:00:00.000000Z'".to_owned(), Kind::Visit, self.visit()),
            0 => ("concern", format!("tlp = '{tlp}'"), Kind::Concern, concern),
            1 => ("concern", format!("cui = '{banner}'"), Kind::Concern, concern),
            2 => ("concern", "cui = null".to_owned(), Kind::Concern, concern),
            3 => ("concern", format!("severity = '{severity}', incident_area = '{place}'"), Kind::Concern, concern),
            4 => ("concern", format!("owner_id = '{person}'"), Kind::Concern, concern),
            5 => ("concern", format!("origin_mission_id = '{mission}', owner_id = null"), Kind::Concern, concern),
            6 => ("mission", format!("area = '{place}'"), Kind::Mission, mission),
            7 => ("mission", format!("sending_state_id = '{state}'"), Kind::Mission, mission),
            8 => ("share", format!("revoked_at = null, tlp_cap = '{tlp}'"), Kind::Share, row('H', slot)),
            9 => ("share", "expires_at = '2026-11-22T12:00:00.000000Z'".to_owned(), Kind::Share, row('H', slot)),
            10 => {
                let status = *self.dice.of(&REFERRALS);
                ("referral", format!("status = '{status}'"), Kind::Referral, row('F', slot))
            }
            11 => ("person", format!("post_id = '{post}'"), Kind::Person, person),
            13 => ("advisory", format!("audience = '{audience}'"), Kind::Advisory, advisory),
            14 => ("mission", format!("type = '{}'", self.dice.of(&["EMBASSY", "CONSULATE"])), Kind::Mission, mission),
            12 => ("post", format!("country_id = '{state}'"), Kind::Post, post),
            _ => {
                let kind = *self.dice.of(&PREMISES);
                let slot = row('R', 4 + self.dice.below(self.size.missions * 4));
                ("premises", format!("kind = '{kind}'"), Kind::Premises, slot)
            }
        };
        writeln!(self.sql, "update {table} set {set} where id = '{id}';").expect("text");
        self.touched.push((kind, id));
    }
}
