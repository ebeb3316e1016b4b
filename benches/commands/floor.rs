//! The floor: what somebody would write who has one command to do and no other: a mission officer raises a concern.
//!
//! The same sockets and router library, the same token check, the same driver with a leased connection and prepared
//! statements. The same rows come of it: concern, entry, lines of visibility and of words, the clock, an event of change,
//! an event on the chain of the trail; under the same lock and the same look at standing; and it is read again as the
//! officer sees it. What a row emits, which words it has and when it is due are functions without a database: they are
//! Chancery's own.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use chancery::{
    access::{
        Cui, Kind, POLICY_EPOCH, Tlp,
        emit::{self, ConcernFacts, Emission, EntryAudience, EntryFacts},
        table,
    },
    change::Fact,
    clock::{Clock, instant},
    desk::{
        pseudonym::Pseudonyms,
        reference,
        response::{Opening, Severity, Step, What, targets},
    },
    identity::{Principal, Registry},
    model::{definition, public_id, words},
    store::{Address, Store},
};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tokio::sync::Mutex;

use crate::Result;

#[path = "floor_postgres.rs"]
mod postgres;
#[path = "floor_sqlite.rs"]
mod sqlite;

/// The code of the ground OWN, on which an officer of the mission raises a concern.
const OWN: i16 = chancery::access::Ground::Own.code();

enum Lane {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

struct Floor {
    gate: Registry,
    clock: Clock,
    pseudonyms: Pseudonyms,
    lane: Mutex<Lane>,
}

/// What is found before anything is written.
pub struct Found {
    standing: i64,
    allowed: bool,
    state: Option<String>,
    area: Option<String>,
    taken: bool,
    head: Option<(i64, String)>,
}

/// The same, as either driver reads it.
pub type FoundRow = (i64, bool, Option<String>, Option<String>, bool, Option<i64>, Option<String>);

impl From<FoundRow> for Found {
    fn from((standing, allowed, state, area, taken, sequence, hash): FoundRow) -> Self {
        Self { standing, allowed, state, area, taken, head: sequence.zip(hash) }
    }
}

/// A line of visibility: of a row and its type, what it emits, and where the row stands in lists.
pub struct Line {
    row: String,
    kind: i16,
    emission: Emission,
    at: Option<String>,
    under: Option<String>,
    owed: Option<String>,
}

/// Everything that is written.
pub struct Rows {
    concern: Vec<(&'static str, Option<String>)>,
    entry: Vec<(&'static str, Option<String>)>,
    lines: Vec<Line>,
    /// Tiers and terms.
    words: Vec<(i16, String)>,
    event: Vec<(&'static str, Option<String>)>,
    sequence: i64,
    policy: i64,
    fact: String,
    id: String,
    at: String,
}

/// The router of the floor.
pub async fn router(gate: Registry, clock: Clock, store: &Store, address: Address) -> Result<Router> {
    let lane = match address {
        Address::Sqlite(options) => Lane::Sqlite(SqliteConnection::connect_with(&options).await?),
        Address::Postgres(options) => {
            Lane::Postgres(PgConnection::connect_with(&options.options([("jit", "off")])).await?)
        }
    };
    let pseudonyms = Pseudonyms::open(&store.orm).await?;
    let floor = Floor { gate, clock, pseudonyms, lane: Mutex::new(lane) };
    Ok(Router::new().route("/raise", post(handle)).with_state(Arc::new(floor)))
}

async fn handle(State(floor): State<Arc<Floor>>, headers: HeaderMap, body: Bytes) -> Response {
    let lines = headers.get_all(header::AUTHORIZATION).iter().map(header::HeaderValue::as_bytes);
    let Ok(principal) = floor.gate.authenticate_header(lines).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(input) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    match floor.raise(&principal, &input).await {
        Ok(concern) => {
            let body = format!("{{\"data\":{{\"raiseConcern\":{{\"concern\":{concern}}}}}}}");
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

impl Floor {
    async fn raise(&self, principal: &Principal, input: &Value) -> Result<String> {
        let now = self.clock.now();
        let keys = principal.standing().keys(&instant(now));
        let mission = input["missionId"].as_str().ok_or("no mission")?;
        let reference = reference::new(now.year())?;
        let mut lane = self.lane.lock().await;
        let found = match &mut *lane {
            Lane::Postgres(connection) => postgres::begin(connection, mission, &keys, &reference).await?,
            Lane::Sqlite(connection) => sqlite::begin(connection, mission, &keys, &reference).await?,
        };
        let may = found.allowed && !found.taken && found.standing == principal.standing_version();
        if !may {
            return Err("refused".into());
        }
        let rows = self.rows(principal, input, (mission, &reference), &found, now)?;
        Ok(match &mut *lane {
            Lane::Postgres(connection) => postgres::write(connection, &rows, &keys).await?,
            Lane::Sqlite(connection) => sqlite::write(connection, &rows, &keys).await?,
        })
    }

    fn rows(
        &self,
        principal: &Principal,
        input: &Value,
        (mission, reference): (&str, &str),
        found: &Found,
        now: time::OffsetDateTime,
    ) -> Result<Rows> {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        let some = |name: &str| Some(text(name));
        let (id, entry, at) = (chancery::id::new(now), chancery::id::new(now), instant(now));
        let person = principal.person().to_owned();
        let severity = Severity::of_row(&text("severity"));
        let lines_of_concern = emit::concern(&ConcernFacts {
            mission: mission.to_owned(),
            origin_mission: Some(mission.to_owned()),
            origin_state: found.state.clone(),
            reporter: Some(person.clone()),
            owner: None,
            severity,
            tlp: Tlp::Amber,
            cui: Cui::of_row(None),
            place: found.area.clone(),
            shares: Vec::new(),
            referrals: Vec::new(),
            visited: Vec::new(),
        });
        let lines_of_entry = emit::entry(&EntryFacts { audience: EntryAudience::Mission(mission.to_owned()) });
        let mut fact = Fact::default().with_lines(&[], &lines_of_concern);
        let name = |kind: Kind| kind.name().to_owned();
        fact.children = [(name(Kind::Entry), vec![entry.clone()])].into();
        let marked = (name(Kind::Entry), vec![(entry.clone(), Tlp::Amber.rank())]);
        fact.marked = [marked, (name(Kind::Evidence), vec![])].into();
        let texts = [reference.to_owned(), text("title"), text("narrative")];
        let ty = definition(Kind::Concern);
        let words = ty.searched_sets().into_iter().map(|set| {
            let open = ty.searched().zip(&texts).filter(|((_, _, tier), _)| set.has(*tier));
            (i16::from(set.bits()), words::kept(open.map(|(_, text)| text.as_str())))
        });
        let submitted = Step { at: now, what: What::Status(chancery::desk::response::Status::Submitted) };
        let opening = Opening { at: now, question: text("kind") == "QUESTION", severity };
        let owed = targets(&opening, &[submitted]).all().map(|(_, target)| target);
        let next_due_at = owed.iter().filter(|t| t.met.is_none()).filter_map(|t| t.due).min().map(instant);
        let clock = owed.map(|target| [target.from, target.due, target.met, target.ended].map(|at| at.map(instant)));
        let (sequence, previous) = found.head.clone().unwrap_or_else(|| (0, "0".repeat(64)));
        let sequence = sequence + 1;
        let objects = [public_id(Kind::Concern, &id), public_id(Kind::Entry, &entry)];
        let event = event(principal, (&at, now), sequence, &json!(objects).to_string(), &previous);
        let mut lines: Vec<Line> = Vec::new();
        lines.extend(lines_of_concern.into_iter().map(|emission| {
            let owed = next_due_at.clone().filter(|_| table::is_responsible(emission.ground));
            let (at, under) = (Some(at.clone()), Some(mission.to_owned()));
            Line { row: id.clone(), kind: Kind::Concern.code(), emission, at, under, owed }
        }));
        lines.extend(lines_of_entry.into_iter().map(|emission| Line {
            row: entry.clone(),
            kind: Kind::Entry.code(),
            emission,
            at: None,
            under: None,
            owed: None,
        }));
        Ok(Rows {
            concern: vec![
                ("id", Some(id.clone())),
                ("reference", Some(reference.to_owned())),
                ("kind", some("kind")),
                ("category", some("category")),
                ("severity", some("severity")),
                ("status", Some("SUBMITTED".to_owned())),
                ("mission_id", Some(mission.to_owned())),
                ("title", some("title")),
                ("narrative", some("narrative")),
                ("origin_agency_id", Some(principal.agency().to_owned())),
                ("origin_mission_id", Some(mission.to_owned())),
                ("reporter_id", Some(person.clone())),
                ("reporter_pseudonym", Some(self.pseudonyms.of(mission, &person))),
                ("subjects", Some("[]".to_owned())),
                ("tlp", Some("AMBER".to_owned())),
                ("opened_at", Some(at.clone())),
                ("clock", Some(json!(clock).to_string())),
                ("next_due_at", next_due_at),
            ],
            entry: vec![
                ("id", Some(entry)),
                ("concern_id", Some(id.clone())),
                ("kind", Some("STATUS".to_owned())),
                ("author_id", Some(person)),
                ("audience", Some("MISSION".to_owned())),
                ("tlp", Some("AMBER".to_owned())),
                ("at", Some(at.clone())),
                ("to_status", Some("SUBMITTED".to_owned())),
            ],
            lines,
            words: words.collect(),
            event,
            sequence,
            policy: i64::from(POLICY_EPOCH),
            fact: serde_json::to_string(&fact)?,
            id,
            at,
        })
    }
}

/// An event of the trail, hashed as docs/ARCHITECTURE.md says; its two numbers are written apart.
fn event(
    principal: &Principal,
    (at, now): (&str, time::OffsetDateTime),
    sequence: i64,
    objects: &str,
    previous: &str,
) -> Vec<(&'static str, Option<String>)> {
    let id = chancery::id::new(now);
    let hashed = [
        Some("chancery.audit.event.1".to_owned()),
        Some(id.clone()),
        Some("desk".to_owned()),
        Some(sequence.to_string()),
        Some(at.to_owned()),
        Some(principal.subject().to_owned()),
        Some(principal.agency().to_owned()),
        Some(principal.person().to_owned()),
        Some(principal.role().name().to_owned()),
        Some("raiseConcern".to_owned()),
        Some(objects.to_owned()),
        Some("[\"OWN\"]".to_owned()),
        Some("DONE".to_owned()),
        None,
        Some(POLICY_EPOCH.to_string()),
        Some(previous.to_owned()),
    ];
    let mut bytes = Vec::with_capacity(512);
    for value in &hashed {
        match value {
            None => bytes.push(0),
            Some(value) => {
                bytes.push(1);
                bytes.extend((value.len() as u64).to_be_bytes());
                bytes.extend(value.as_bytes());
            }
        }
    }
    let names = [
        "id",
        "writer",
        "",
        "at",
        "subject",
        "agency_id",
        "person_id",
        "role",
        "operation",
        "object_ids",
        "grounds",
        "decision",
        "code",
        "",
        "previous_hash",
    ];
    let values = hashed.into_iter().skip(1);
    let mut event: Vec<(&'static str, Option<String>)> =
        names.into_iter().zip(values).filter(|(name, _)| !name.is_empty()).collect();
    event.push(("hash", Some(chancery::digest::sha256_hex(&bytes))));
    event
}

/// Names, and placeholders from a number on.
fn inserted(values: &[(&'static str, Option<String>)], from: usize, sign: char) -> (String, String) {
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (0..values.len()).map(|place| format!("{sign}{}", from + place)).collect();
    (names.join(", "), places.join(", "))
}

/// The payload, as the officer sees it; all keys and one ground's tiers, as whoever knows the role writes it.
fn payload(row: &str, held: &str, own: &str, object: &str) -> String {
    format!(
        "select (select version from standing), (select cast({object} as text) from concern c where c.id = {row} and exists (select 1 from visibility v where v.row_id = c.id and v.key {held} and v.ground = {own} and v.cap & 1 = 1))"
    )
}
