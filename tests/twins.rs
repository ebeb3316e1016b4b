//! Twins: an id that is hidden and one that was never used cannot be told apart, by the answer or by what is run.
//!
//! The statements are those that reach the database, as the driver logs them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use chancery::{
    access::Kind,
    model::{definition, query::RootShape, view::View},
    store::Engine,
};
use serde_json::json;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use support::{
    app::{App, Reply, Who},
    papers,
    small_world::{self, everybody},
};

/// What the driver said it ran.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no other test"))
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqlx::query")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut statement = Statement(String::new());
        event.record(&mut statement);
        self.0.lock().expect("no other test").push(statement.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The statement of an event, not its time.
struct Statement(String);

impl Visit for Statement {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if matches!(field.name(), "summary" | "db.statement" | "rows_returned") {
            write!(self.0, "{}={value:?} ", field.name()).expect("text");
        }
    }
}

fn public(kind: Kind, row: &str) -> String {
    format!("{}_{row}", definition(kind).prefix)
}

/// The ids of a type that a principal does not see, of those that the small world has.
async fn hidden(app: &App, who: &Who, kind: Kind) -> Vec<String> {
    let (letter, from) = match kind {
        Kind::SendingState => ('S', 0),
        Kind::Agency => ('A', 0),
        Kind::Person => ('P', 0),
        Kind::Mission => ('M', 0),
        Kind::Premises => ('R', 0),
        Kind::SecurityContact => ('K', 0),
        Kind::Liaison => ('V', 0),
        Kind::Concern => ('N', 0),
        Kind::Entry => ('E', 0),
        Kind::Referral => ('F', 0),
        Kind::Share => ('H', 0),
        Kind::Post => ('T', 0),
        Kind::Evidence => ('D', 0),
        Kind::Advisory => ('B', 0),
        Kind::Acknowledgement => ('Q', 0),
        Kind::MissionChange => ('C', 0),
        Kind::Visit => ('W', 0),
        Kind::Venue => ('X', 0),
        Kind::Leg => ('Y', 0),
        Kind::Delegate => ('G', 0),
        Kind::PortCourtesy => ('2', 0),
        Kind::WeaponsNotice => ('3', 0),
        Kind::VisitConflict => ('4', 0),
        Kind::ProtectiveDetail => ('5', 0),
        Kind::Assignment => ('6', 0),
        Kind::Shift => ('7', 0),
        Kind::AdvanceNote => ('8', 0),
        Kind::Tour => ('9', 0),
        Kind::PostProgramme => ('0', 0),
        Kind::ProgrammeReview => ('0', 500),
        Kind::Finding => ('1', 0),
        Kind::Advice => ('1', 500),
        Kind::Incident => ('Z', 0),
        Kind::IncidentEntry => ('Z', 500),
        Kind::AuditEvent => ('J', 0),
    };
    let all: Vec<String> = (1..=60).map(|number| public(kind, &small_world::row(letter, from + number))).collect();
    if View::of(who.role).types.is_empty() {
        return all;
    }
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let reply = app.ask(who, query, json!({ "ids": all })).await;
    let seen: BTreeSet<&str> =
        reply.data()["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["id"].as_str()).collect();
    all.iter().filter(|id| !seen.contains(id.as_str())).cloned().collect()
}

/// Every way to name an id that the role's schema has.
fn ways(view: &View, kind: Kind) -> Vec<String> {
    let mut ways = Vec::new();
    if view.types.is_empty() {
        return ways;
    }
    ways.push("query($id: ID!) { node(id: $id) { __typename id } }".to_owned());
    ways.push("query($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }".to_owned());
    for root in &view.roots {
        match root.shape {
            RootShape::One { kind: of, .. } if of == kind => {
                ways.push(format!("query($id: ID!) {{ {}(id: $id) {{ __typename id }} }}", root.name));
            }
            RootShape::Many { kind: of } => {
                let all = "{ totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } }";
                if of == kind {
                    ways.push(format!("query($id: ID!) {{ {}(filter: {{id: {{eq: $id}}}}) {all} }}", root.name));
                    ways.push(format!(
                        "query($id: ID!) {{ {}(filter: {{not: {{id: {{in: [$id]}}}}}}) {all} }}",
                        root.name
                    ));
                }
                for field in
                    view.types[&of].fields.iter().filter(|field| field.filter && field.shape.target() == Some(kind))
                {
                    let by =
                        view.inputs[&format!("{}Filter", of.name())].fields.iter().find(|by| by.name == field.name);
                    let is_list = format!("{:?}", by.expect("a filter").ty).contains("ListFilter");
                    let by = if is_list { "{some: {id: {eq: $id}}}" } else { "{id: {eq: $id}}" };
                    ways.push(format!("query($id: ID!) {{ {}(filter: {{{}: {by}}}) {all} }}", root.name, field.name));
                }
            }
            RootShape::Timeline => {
                for timeline in view.timelines().filter(|timeline| timeline.of == kind) {
                    let all = "{ totalCount edges { cursor node { __typename } } pageInfo { hasNextPage endCursor } }";
                    ways.push(format!("query($id: ID!) {{ {}({}: $id) {all} }}", root.name, timeline.argument));
                }
            }
            _ => {}
        }
    }
    ways
}

struct Answer {
    reply: Reply,
    ran: Vec<String>,
}

async fn ask(app: &App, log: &Log, who: &Who, query: &str, id: &str) -> Answer {
    log.take();
    let reply = app.ask(who, query, json!({ "id": id })).await;
    // What a token costs is asked of the registry, not of the graph; the reading statements name their keys.
    Answer { reply, ran: log.take() }
}

/// One test, as the log belongs to the whole process.
#[tokio::test]
async fn hidden_and_never_used_are_twins() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).expect("the only log");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = papers::app_with_trail(engine).await;
        let mut pairs = 0;
        for who in everybody() {
            let view = View::of(who.role);
            for kind in Kind::ALL {
                let hidden = hidden(&app, &who, kind).await;
                let never = public(kind, &small_world::row('X', 999_999));
                for query in ways(&view, kind) {
                    // The first answer that is in the trail begins a chain there, whatever it is of.
                    ask(&app, &log, &who, &query, &never).await;
                    let twin = ask(&app, &log, &who, &query, &never).await;
                    for id in hidden.iter().step_by(hidden.len() / 3 + 1) {
                        let found = ask(&app, &log, &who, &query, id).await;
                        let shown = format!("{engine:?} {:?} {query} {id}", who.role);
                        assert_eq!(found.reply.text, twin.reply.text, "{shown}");
                        assert_eq!(found.reply.status, twin.reply.status, "{shown}");
                        assert_eq!(found.reply.headers, twin.reply.headers, "{shown}");
                        assert!(!twin.ran.is_empty(), "{shown}: the driver logs nothing");
                        assert_eq!(found.ran, twin.ran, "{shown}");
                        pairs += 1;
                    }
                }
            }
        }
        eprintln!("{engine:?}: {pairs} pairs of twins");
        assert!(pairs > 400, "{pairs}");
        what_is_no_id_is_a_twin_too(&app).await;
    }
}

/// What is no id at all answers like an id that is hidden; which table is read follows from the id's own prefix.
async fn what_is_no_id_is_a_twin_too(app: &App) {
    for who in everybody().iter().filter(|who| !View::of(who.role).types.is_empty()) {
        let query = "query($id: ID!) { node(id: $id) { __typename id } }";
        let never = app.ask(who, query, json!({ "id": public(Kind::Concern, &small_world::row('X', 1)) })).await;
        assert_eq!(never.data(), &json!({ "node": null }));
        for id in
            ["", "x", "concern_", "shoe_0000000000000000000N000001", "concern_0000000000000000000N00000l", "\u{0}"]
        {
            let reply = app.ask(who, query, json!({ "id": id })).await;
            assert_eq!(
                (&reply.text, reply.status, &reply.headers),
                (&never.text, never.status, &never.headers),
                "{:?} {id:?}",
                who.role
            );
        }
    }
}
