//! Everybody listens while random commands are done: each is told what became another for them, and nothing else.
//!
//! What is expected is found by asking: everything that they see, before and after (law 4).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::future::join_all;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use crate::{
    rows::Asker,
    support::{
        app::{App, Who},
        listen::Listener,
    },
};

/// How long nothing must come for there to be nothing more.
const QUIET: Duration = Duration::from_millis(40);
/// How long what must come may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is selected, by turns: the first that is in the role's schema.
const SELECTIONS: [&str; 11] = [
    "status severity tlp",
    "version",
    "title narrative subjects",
    "owner reporter caseNumbers: referrals(first: 100) { nodes { id status caseNumber } }",
    "shares(first: 100) { totalCount nodes { id tierCap revokedAt } }",
    "entries(first: 100) { nodes { id kind status body author } }",
    "entries(first: 100) { totalCount }",
    "evidence(first: 100) { nodes { id name } }",
    "owner",
    "nextDueAt mission { id name }",
    "visit { id }",
];

/// The filter of a stream, and what it is in a question.
const FILTERS: [(&str, &str); 3] = [
    ("{}", "{}"),
    ("{ status: [SUBMITTED, ASSIGNED, REFERRED] }", "{ status: { in: [SUBMITTED, ASSIGNED, REFERRED] } }"),
    ("{ severity: [HIGH, LOW] }", "{ severity: { in: [HIGH, LOW] } }"),
];

/// Concerns by their ids, as they are seen, and how deep.
type Seen = BTreeMap<String, (Value, i64)>;

/// What is of the row itself.
fn own(node: &Value) -> Value {
    let mut node = node.clone();
    node.as_object_mut().expect("an object").remove("mission");
    node
}

fn depths(seen: &Seen) -> BTreeMap<String, i64> {
    seen.iter().map(|(id, (_, depth))| (id.clone(), *depth)).collect()
}

struct Watcher {
    who: Who,
    selection: String,
    filter: usize,
    /// None while it is cut.
    listener: Option<Listener>,
    /// After which event it goes on.
    cursor: Value,
    before: Seen,
    /// How deep each was seen after the last command: since then the clock has moved.
    earlier: BTreeMap<String, i64>,
    /// Concerns that the clock alone has opened or closed.
    turned: BTreeSet<String>,
}

/// Everybody who can listen, each to something else.
pub struct Watchers(Vec<Watcher>);

impl Watchers {
    /// They begin to listen. `turn` decides who selects what.
    pub async fn begin(app: &App, askers: &[Asker], turn: usize) -> Self {
        let mut watchers = Vec::new();
        for (place, asker) in askers.iter().enumerate() {
            let mut selections = SELECTIONS.iter().cycle().skip(place + turn).take(SELECTIONS.len());
            let selection = loop {
                let Some(selection) = selections.next() else { break None };
                let query = format!("{{ concerns(first: 0) {{ nodes {{ id {selection} }} }} }}");
                if app.ask(&asker.who, &query, json!({})).await.json.get("errors").is_none() {
                    break Some(selection);
                }
            };
            let Some(selection) = selection else { continue };
            let filter = (place + turn) % FILTERS.len();
            let who = asker.who.clone();
            let selection = (*selection).to_owned();
            let mut watcher = Watcher {
                who,
                selection,
                filter,
                listener: None,
                cursor: Value::Null,
                before: Seen::new(),
                earlier: BTreeMap::new(),
                turned: BTreeSet::new(),
            };
            watcher.earlier = depths(&watcher.seen(app).await);
            watcher.listen(app).await.told("RESYNC").await;
            watcher.listener = None;
            watchers.push(watcher);
        }
        Self(watchers)
    }

    /// They look at everything that they see. Every other one listens from here on, with a token of now, after the
    /// last event that it was told; the others go on when something has happened.
    pub async fn look(&mut self, app: &App) {
        for (place, watcher) in self.0.iter_mut().enumerate() {
            watcher.listener = None;
            if place % 2 == 0 {
                watcher.listen(app).await;
            }
            watcher.before = watcher.seen(app).await;
            let before = depths(&watcher.before);
            let ids = watcher.earlier.keys().chain(before.keys());
            watcher.turned.extend(ids.filter(|id| watcher.earlier.get(*id) != before.get(*id)).cloned());
        }
    }

    /// They compare what they were told with what became another.
    pub async fn compare(&mut self, app: &App, what: &str) -> Result<u32, TestCaseError> {
        let compared = join_all(self.0.iter_mut().map(|watcher| watcher.compare(app))).await;
        let mut told = 0;
        for result in compared {
            told += result.map_err(|why| TestCaseError::fail(format!("{why}\nafter {what}")))?;
        }
        Ok(told)
    }
}

impl Watcher {
    async fn seen(&self, app: &App) -> Seen {
        let query = format!(
            "{{ concerns(first: 100, filter: {}) {{ totalCount nodes {{ id {} }} }} all: concerns(first: 100) {{ nodes {{ id version }} }} }}",
            FILTERS[self.filter].1, self.selection
        );
        let reply = app.ask(&self.who, &query, json!({})).await;
        let data = reply.data();
        assert!(data["concerns"]["totalCount"].as_u64().is_some_and(|count| count <= 100), "one page holds all");
        let depths: BTreeMap<&str, i64> = data["all"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(|node| (node["id"].as_str().expect("an id"), node["version"].as_i64().expect("a version") % 32))
            .collect();
        let nodes = data["concerns"]["nodes"].as_array().expect("nodes").iter();
        nodes
            .map(|node| {
                let id = node["id"].as_str().expect("an id");
                (id.to_owned(), (node.clone(), depths[id]))
            })
            .collect()
    }

    async fn listen(&mut self, app: &App) -> &mut Listener {
        let query = format!(
            "subscription($after: String) {{ concernChanged(filter: {}, after: $after) {{ change id cursor concern {{ id {} }} }} }}",
            FILTERS[self.filter].0, self.selection
        );
        let listener = app.listen(&self.who, &query, json!({ "after": self.cursor })).await;
        self.listener.insert(listener)
    }

    async fn compare(&mut self, app: &App) -> Result<u32, String> {
        if self.listener.is_none() {
            self.listen(app).await;
        }
        let after = self.seen(app).await;
        self.earlier = depths(&after);
        let mut expected: Vec<Value> = Vec::new();
        for (id, (node, _)) in &after {
            // What an edge leads to is not followed: that it was opened or closed is nothing of this row.
            if self.before.get(id).map(|(node, _)| own(node)) != Some(own(node)) {
                expected.push(json!({ "change": "CHANGED", "id": id, "concern": node }));
            }
        }
        for id in self.before.keys().filter(|id| !after.contains_key(*id)) {
            expected.push(json!({ "change": "REMOVED", "id": id, "concern": null }));
        }
        let mut told: Vec<Value> = Vec::new();
        let listener = self.listener.as_mut().expect("it listens");
        while told.len() < expected.len() {
            let Some(event) = listener.event_within(PATIENCE).await else { break };
            let is_all = event["change"] == "RESYNC";
            told.push(event);
            if is_all {
                break;
            }
        }
        told.extend(listener.drain(QUIET).await);
        if let Some(last) = told.last() {
            self.cursor = last["cursor"].clone();
        }
        // Other keys are held: by the clock. Everything is read afresh, and that is all that need be told.
        if told.iter().any(|event| event["change"] == "RESYNC") {
            return Ok(0);
        }
        for event in &mut told {
            event.as_object_mut().expect("an object").remove("cursor");
        }
        for event in &expected {
            let Some(place) = told.iter().position(|told| told == event) else {
                let before = self.before.get(event["id"].as_str().unwrap_or_default());
                return Err(format!("{}: {event} (before: {before:?}) is missing among {told:?}", self.name()));
            };
            told.remove(place);
        }
        // How deep one sees a row is one's own business: that it is another may be told though no value is.
        // So may what the clock alone has changed, within a second.
        told.retain(|event| !self.turned.contains(event["id"].as_str().unwrap_or_default()));
        let other_depth =
            |id: &str| self.before.get(id).map(|(_, depth)| depth) != after.get(id).map(|(_, depth)| depth);
        told.retain(|event| !other_depth(event["id"].as_str().unwrap_or_default()));
        if told.is_empty() {
            return Ok(u32::try_from(expected.len()).unwrap_or(u32::MAX));
        }
        Err(format!("{}: {told:?} is no change", self.name()))
    }

    fn name(&self) -> String {
        format!("{} as {}, {} of {}", self.who.subject, self.who.role, self.selection, FILTERS[self.filter].0)
    }
}
