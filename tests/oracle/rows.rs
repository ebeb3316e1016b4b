//! All rows, as text, and who may ask.

use std::collections::BTreeMap;

use chancery::{access::Role, model::words};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::Value;

use crate::support::{TestDb, app::Who};

/// A row: its columns as text.
pub type Row = BTreeMap<String, Option<String>>;

/// All tables: rows in the order of their first column.
#[derive(Debug)]
pub struct Rows {
    tables: BTreeMap<&'static str, Vec<Row>>,
    /// The present, as the server's clock has it.
    pub now: String,
}

/// Somebody who is enrolled, in a role.
#[derive(Clone, Debug)]
pub struct Asker {
    /// As the tests ask.
    pub who: Who,
    /// The person's row.
    pub person: Row,
    /// The agency's row.
    pub agency: Row,
}

const TABLES: [&str; 43] = [
    "sending_state",
    "agency",
    "agency_area",
    "agency_mission",
    "agency_key",
    "post",
    "person",
    "portfolio",
    "watch_shift",
    "mission",
    "mission_accreditation",
    "premises",
    "security_contact",
    "liaison",
    "liaison_mission",
    "concern",
    "entry",
    "entry_audience",
    "referral",
    "share",
    "evidence",
    "advisory",
    "acknowledgement",
    "mission_change",
    "visit",
    "venue",
    "leg",
    "delegate",
    "port_courtesy",
    "weapons_notice",
    "visit_conflict",
    "protective_detail",
    "detail_agency",
    "assignment",
    "shift",
    "advance_note",
    "tour",
    "post_programme",
    "programme_review",
    "finding",
    "advice",
    "incident",
    "incident_entry",
];

/// A column of a row; nothing where it is null.
pub fn text<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
    row.get(column).unwrap_or_else(|| panic!("no column {column}")).as_deref()
}

/// A truth value, as either engine writes it.
pub fn truth(row: &Row, column: &str) -> bool {
    matches!(text(row, column), Some("1" | "true"))
}

impl Rows {
    /// Reads every table whole, but the audit trail.
    pub async fn read(db: &TestDb) -> Self {
        Self::of(db, &TABLES).await
    }

    /// Likewise, and the trail.
    #[allow(dead_code, reason = "the desk's tests read what is there again and again, and its trail grows")]
    pub async fn with_trail(db: &TestDb) -> Self {
        Self::of(db, &[&TABLES[..], &["audit_event"]].concat()).await
    }

    async fn of(db: &TestDb, names: &[&'static str]) -> Self {
        let orm = &db.store.orm;
        let backend = orm.get_database_backend();
        let mut tables = BTreeMap::new();
        for &table in names {
            let names = match backend {
                sea_orm::DbBackend::Postgres => format!(
                    "select column_name::text from information_schema.columns where table_schema = current_schema() and table_name = '{table}' order by ordinal_position"
                ),
                _ => format!("select name from pragma_table_info('{table}')"),
            };
            let names = orm.query_all_raw(Statement::from_string(backend, names)).await.expect("columns");
            let names: Vec<String> = names.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
            let columns: Vec<String> = names.iter().map(|name| format!("cast({name} as text)")).collect();
            let sql = format!("select {} from {table} order by 1", columns.join(", "));
            let found = orm.query_all_raw(Statement::from_string(backend, sql)).await.expect("rows");
            let row = |row: &sea_orm::QueryResult| -> Row {
                names
                    .iter()
                    .enumerate()
                    .map(|(at, name)| (name.clone(), row.try_get_by_index(at).expect("text")))
                    .collect()
            };
            tables.insert(table, found.iter().map(row).collect());
        }
        Self { tables, now: db.clock.now_text() }
    }

    /// All rows of a table.
    pub fn all(&self, table: &str) -> &[Row] {
        &self.tables[table]
    }

    /// A row by its id.
    pub fn one(&self, table: &str, id: &str) -> Option<&Row> {
        self.all(table).iter().find(|row| text(row, "id") == Some(id))
    }

    /// Whether a table of pairs has this one.
    pub fn pair(&self, table: &str, (a, x): (&str, &str), (b, y): (&str, &str)) -> bool {
        self.all(table).iter().any(|row| text(row, a) == Some(x) && text(row, b) == Some(y))
    }

    /// Everybody who may ask, in each role.
    pub fn askers(&self) -> Vec<Asker> {
        let mut askers = Vec::new();
        for person in self.all("person") {
            let agency = self.one("agency", text(person, "agency_id").expect("an agency")).expect("an agency");
            let roles: Vec<String> = serde_json::from_str(text(person, "roles").expect("roles")).expect("a list");
            let ceiling = text(agency, "roles").expect("roles");
            for role in roles.iter().filter(|role| ceiling.contains(&format!("\"{role}\""))) {
                let role: Role = role.parse().expect("a role");
                let subject = text(person, "subject").expect("a subject").to_owned();
                let who = Who { agency: text(agency, "id").expect("an id").to_owned(), subject, role };
                askers.push(Asker { who, person: person.clone(), agency: agency.clone() });
            }
        }
        askers
    }
}

/// The words of a text, as search has them; whether all of some are among them, the last as a beginning.
pub fn has_words(text: &str, asked: &[String]) -> bool {
    let have: Vec<String> = words::words(text);
    asked.iter().enumerate().all(|(place, word)| {
        have.iter().any(|have| have == word || (place + 1 == asked.len() && have.starts_with(word.as_str())))
    })
}

/// A JSON list of texts.
pub fn texts(json: &str) -> Value {
    serde_json::from_str(json).expect("a list")
}
