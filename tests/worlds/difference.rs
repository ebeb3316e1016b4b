//! What a principal does not see, made different.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use chancery::{
    access::Kind,
    model::{
        definition,
        kit::{Scalar, Shape},
        view::View,
    },
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::{
    support::{
        TestDb,
        app::{App, Who},
        small_world,
    },
    tables::{all_columns, before_deletion},
};

/// Statements that make another world, and what they are about.
#[derive(Debug, Default)]
pub struct Difference {
    sql: String,
    /// Public ids of hidden rows, in either world.
    pub hidden: Vec<String>,
    /// Texts that stand in hidden values of either world.
    pub texts: Vec<String>,
    /// Rows deleted, changed or added.
    pub rows: usize,
    /// Values changed on rows that are seen.
    pub values: usize,
}

/// Columns that decide who sees a row, beside keys: they are left alone.
const DECIDING: [&str; 19] = [
    // Of an assignment; of a leg it decides nothing, and is left alone all the same.
    "starts_at",
    "ends_at",
    "accepted_at",
    "expires_at",
    "revoked_at",
    "severity",
    "tlp",
    "cui",
    "status",
    "kind",
    "type",
    "audience",
    "area",
    "incident_area",
    "level",
    "state_wide",
    "tier_cap",
    "tlp_cap",
    "roles",
];

/// Row ids of a type.
async fn ids(db: &TestDb, kind: Kind) -> Vec<String> {
    let orm = &db.store.orm;
    let sql = format!("select id from {} order by id", definition(kind).table);
    let rows = orm.query_all_raw(Statement::from_string(orm.get_database_backend(), sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect()
}

async fn text_of(db: &TestDb, kind: Kind, column: &str, id: &str) -> Option<String> {
    let orm = &db.store.orm;
    let sql = format!("select cast({column} as text) from {} where id = '{id}'", definition(kind).table);
    let row = orm.query_one_raw(Statement::from_string(orm.get_database_backend(), sql)).await.expect("rows");
    row.expect("a row").try_get_by_index(0).expect("text")
}

fn public(kind: Kind, id: &str) -> String {
    format!("{}_{id}", definition(kind).prefix)
}

/// The rows that a principal sees, by their public ids, each with the values it reads.
pub async fn visible(app: &App, who: &Who) -> BTreeMap<String, Value> {
    let view = View::of(who.role);
    let mut seen = BTreeMap::new();
    for kind in view.types.keys().copied() {
        let fields: String = columns(kind)
            .filter(|(field, _, _)| view.reads(kind, &[field]))
            .map(|(field, _, _)| format!("{field} "))
            .collect();
        let query = format!(
            "query Q($ids: [ID!]!) {{ nodes(ids: $ids) {{ id ... on {} {{ {fields} __typename }} }} }}",
            kind.name()
        );
        let all: Vec<String> = ids(&app.db, kind).await.iter().map(|id| public(kind, id)).collect();
        for some in all.chunks(100) {
            let reply = app.ask(who, &query, json!({ "ids": some })).await;
            for node in reply.data()["nodes"].as_array().expect("nodes").iter().filter(|node| !node.is_null()) {
                seen.insert(node["id"].as_str().expect("an id").to_owned(), node.clone());
            }
        }
    }
    seen
}

/// Fields that are columns and decide nothing: name, column, what they hold. A person's name is told elsewhere too: of
/// oneself, of a concern's owner and reporter.
fn columns(kind: Kind) -> impl Iterator<Item = (&'static str, &'static str, Scalar)> {
    definition(kind).fields.iter().filter_map(move |field| match field.shape {
        Shape::Column { column: "name", .. } if kind == Kind::Person => None,
        Shape::Column { column, scalar, .. } if !DECIDING.contains(&column) => Some((field.name, column, scalar)),
        _ => None,
    })
}

/// Another value than any in the small world.
fn another(scalar: Scalar, id: &str) -> Option<String> {
    Some(match scalar {
        Scalar::String | Scalar::PhoneNumber | Scalar::EmailAddress | Scalar::Url => format!("'hidden {id}'"),
        Scalar::Float => "12.5".to_owned(),
        Scalar::DateTime => "'2001-02-03T04:05:06.000000Z'".to_owned(),
        Scalar::Date => "'2001-02-03'".to_owned(),
        _ => return None,
    })
}

impl Difference {
    /// What can be different for a principal in the world of an application.
    pub async fn of(app: &App, who: &Who) -> Self {
        let view = View::of(who.role);
        let seen = visible(app, who).await;
        let mut difference = Self::default();
        // Children first: a row is deleted after what points to it.
        let kinds = [
            Kind::AuditEvent,
            Kind::MissionChange,
            Kind::Acknowledgement,
            Kind::Advisory,
            Kind::Evidence,
            Kind::Entry,
            Kind::Share,
            Kind::Referral,
            Kind::Concern,
            Kind::IncidentEntry,
            Kind::Incident,
            Kind::Advice,
            Kind::Finding,
            Kind::ProgrammeReview,
            Kind::PostProgramme,
            Kind::Tour,
            Kind::AdvanceNote,
            Kind::Shift,
            Kind::Assignment,
            Kind::ProtectiveDetail,
            Kind::VisitConflict,
            Kind::WeaponsNotice,
            Kind::PortCourtesy,
            Kind::Delegate,
            Kind::Leg,
            Kind::Venue,
            Kind::Visit,
            Kind::SecurityContact,
            Kind::Premises,
            Kind::Liaison,
            Kind::Mission,
            Kind::Post,
            Kind::Person,
            Kind::Agency,
            Kind::SendingState,
        ];
        assert_eq!(BTreeSet::from(kinds), BTreeSet::from(Kind::ALL), "a new type belongs into the worlds too");
        for kind in kinds {
            for (place, id) in ids(&app.db, kind).await.iter().enumerate() {
                match seen.get(&public(kind, id)) {
                    Some(row) => difference.values_of(app, &view, kind, id, row).await,
                    None if is_grant(app, who, kind, id).await => {}
                    // What is seen and hangs on it would go with it.
                    None if bears(app, &seen, kind, id).await => difference.row(app, kind, id, 1).await,
                    None => difference.row(app, kind, id, place).await,
                }
            }
        }
        difference
    }

    /// Makes the other world of one that is as the first.
    pub async fn make(&self, db: &TestDb) {
        small_world::change(db, &self.sql).await;
    }

    /// Every value of a row that is not read is another.
    async fn values_of(&mut self, app: &App, view: &View, kind: Kind, id: &str, row: &Value) {
        if kind == Kind::AuditEvent {
            // It is never another.
            return;
        }
        for (field, column, scalar) in columns(kind) {
            let is_read = view.reads(kind, &[field]) && !row[field].is_null();
            let (false, Some(value)) = (is_read, another(scalar, id)) else { continue };
            let Some(stored) = text_of(&app.db, kind, column, id).await else { continue };
            self.texts.extend([stored, value.trim_matches('\'').to_owned()]);
            self.values += 1;
            writeln!(self.sql, "update {} set {column} = {value} where id = '{id}';", definition(kind).table)
                .expect("text");
        }
    }

    /// A row that is not seen is gone, or another, or there twice.
    async fn row(&mut self, app: &App, kind: Kind, id: &str, place: usize) {
        let table = definition(kind).table;
        self.hidden.push(public(kind, id));
        self.rows += 1;
        // Before all others in the order of ids, or behind them.
        let end = ["0", "Z"][place / 3 % 2];
        // What has no letter but a zero would be itself, or a row of the last letter.
        let copy = if id.as_bytes()[19] == b'0' {
            format!("{}{}{}", &id[..21], ["9", "Z"][place / 3 % 2], &id[22..])
        } else {
            format!("{}{end}{}{}", &id[..19], &id[19..20], &id[21..])
        };
        self.hidden.push(public(kind, &copy));
        // The trail only grows.
        let place = if kind == Kind::AuditEvent { 2 } else { place };
        match (place % 3, kind) {
            // One of each agency, one agent on one shift: no copy goes beside it.
            (2, Kind::Acknowledgement | Kind::Shift) => {
                writeln!(self.sql, "delete from {table} where id = '{id}';").expect("text");
            }
            // What much else points to is never deleted.
            (0, kind) if !matches!(kind, Kind::Mission | Kind::Person | Kind::Agency | Kind::SendingState) => {
                for before in before_deletion(kind) {
                    writeln!(self.sql, "{};", before.replace("{id}", id)).expect("text");
                }
                writeln!(self.sql, "delete from {table} where id = '{id}';").expect("text");
            }
            // A person's name and a state's codes are told elsewhere too.
            (1, kind) if !matches!(kind, Kind::Person | Kind::SendingState | Kind::Agency) => {
                for (_, column, scalar) in columns(kind) {
                    let Some(value) = another(scalar, id) else { continue };
                    self.texts.extend(text_of(&app.db, kind, column, id).await);
                    writeln!(self.sql, "update {table} set {column} = {value} where id = '{id}';").expect("text");
                }
                if kind == Kind::Concern {
                    writeln!(self.sql, "update concern set severity = 'LOW', tlp = 'RED' where id = '{id}';")
                        .expect("text");
                }
            }
            _ => {
                let columns = all_columns(kind);
                let values: Vec<String> = columns
                    .iter()
                    .map(|column| match column.as_str() {
                        "id" => format!("'{copy}'"),
                        // Unique.
                        "reference" | "subject" | "writer" | "serial" => format!("'copy {copy}'"),
                        // Unique too, or (who is posted to it) told by the post.
                        "iso2" | "iso3" | "ori" | "issuer" | "wikidata_id" | "supersedes_id" => "null".to_owned(),
                        "post_id" if kind == Kind::Person => "null".to_owned(),
                        // A post keeps one of a kind.
                        "ended_on" => "'2026-01-01'".to_owned(),
                        other => other.to_owned(),
                    })
                    .collect();
                writeln!(
                    self.sql,
                    "insert into {table} ({}) select {} from {table} where id = '{id}';",
                    columns.join(", "),
                    values.join(", ")
                )
                .expect("text");
            }
        }
    }
}

/// A share with the principal, or a referral to it, decides what it sees even where it does not read the share.
async fn is_grant(app: &App, who: &Who, kind: Kind, id: &str) -> bool {
    let to: &[&str] = match kind {
        Kind::Share => &["agency_id", "person_id"],
        Kind::Referral => &["agency_id"],
        _ => &[],
    };
    let person = app.principal(who).await.person().to_owned();
    for column in to {
        let addressee = text_of(&app.db, kind, column, id).await;
        if addressee.is_some_and(|addressee| addressee == who.agency || addressee == person) {
            return true;
        }
    }
    false
}

/// Whether something that is seen hangs on a row that is not: an incident on its post, for who reported it.
async fn bears(app: &App, seen: &BTreeMap<String, Value>, kind: Kind, id: &str) -> bool {
    let incidents = if kind == Kind::Post { ids(&app.db, Kind::Incident).await } else { Vec::new() };
    for incident in incidents.iter().filter(|incident| seen.contains_key(&public(Kind::Incident, incident))) {
        if text_of(&app.db, Kind::Incident, "post_id", incident).await.as_deref() == Some(id) {
            return true;
        }
    }
    false
}
