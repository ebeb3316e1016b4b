//! Visits, details, posts and incidents as they change: whatever is done, and as the clock goes on, everybody is told what
//! became another for them, and nothing else (law 4). What is expected is found by asking, before and after.

use std::{collections::BTreeMap, time::Duration};

use chancery::{access::Role, desk, store::Engine};
use futures_util::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    deeds::{begin as begin_visit, colleague_at_the_post, deed, listeners},
    dice::Dice,
    is_whole,
    support::{
        app::{App, Who},
        enrolled,
        listen::Listener,
        small_world::run,
    },
};

/// How long nothing must come for there to be nothing more.
const QUIET: Duration = Duration::from_millis(40);
/// How long what must come may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Lives of a run, and deeds of a life.
const LIVES: u64 = 4;
const DEEDS: usize = 40;

/// A stream, its list, the field with the row, and what is selected, by turns.
const STREAMS: [(&str, &str, &str, &[&str]); 4] = [
    (
        "visitChanged",
        "visits",
        "visit",
        &[
            "status city principal",
            "legs(first: 100) { totalCount nodes { id area startsAt } }",
            "venues(first: 100) { nodes { id name } }",
            "delegation(first: 100) { nodes { id name } }",
            "conflicts(first: 100) { nodes { id kind } }",
            "details(first: 100) { nodes { id status } }",
            "advanceNotes(first: 100) { totalCount }",
            "threatAssessment",
        ],
    ),
    (
        "protectiveDetailChanged",
        "protectiveDetails",
        "protectiveDetail",
        &[
            "status safeHaven",
            "shifts(first: 100) { nodes { id agent startsAt endsAt } }",
            "assignments(first: 100) { nodes { id agent startsAt endsAt } }",
            "agentInCharge",
        ],
    ),
    (
        "postChanged",
        "posts",
        "post",
        &[
            "emergencyPlan",
            "tours(first: 100) { nodes { id name } }",
            "programmes(first: 100) { nodes { id nextReviewOn outcome endedOn } }",
            "reviews(first: 100) { totalCount }",
            "findings(first: 100) { nodes { id resolvedAt } }",
            "advice(first: 100) { nodes { id decision } }",
            "incidents(first: 100) { nodes { id status severity } }",
        ],
    ),
    (
        "incidentChanged",
        "incidents",
        "incident",
        &["status severity tlp", "title", "entries(first: 100) { nodes { id kind body tlp } }", "reporter place"],
    ),
];

type Seen = BTreeMap<String, Value>;

struct Watcher {
    who: Who,
    stream: usize,
    selection: &'static str,
    /// The subscription.
    query: String,
    listener: Listener,
    before: Seen,
    /// After which event it goes on.
    cursor: Value,
}

/// Where somebody's schema has a selection of a stream: they begin to listen.
async fn begin(app: &App, who: &Who, stream: usize, turn: usize) -> Option<Watcher> {
    let (name, list, row, selections) = STREAMS[stream];
    for selection in selections.iter().cycle().skip(turn).take(selections.len()) {
        let query = format!("{{ {list}(first: 0) {{ nodes {{ id {selection} }} }} }}");
        if app.ask(who, &query, json!({})).await.json.get("errors").is_some() {
            continue;
        }
        let query = format!(
            "subscription($after: String) {{ {name}(after: $after) {{ change id cursor {row} {{ id {selection} }} }} }}"
        );
        let mut listener = app.listen(who, &query, json!({ "after": null })).await;
        let cursor = listener.told("RESYNC").await["cursor"].clone();
        let who = who.clone();
        let mut watcher = Watcher { who, stream, selection, query, listener, before: Seen::new(), cursor };
        watcher.before = watcher.seen(app).await;
        return Some(watcher);
    }
    None
}

impl Watcher {
    async fn seen(&self, app: &App) -> Seen {
        let list = STREAMS[self.stream].1;
        let query = format!("{{ {list}(first: 100) {{ totalCount nodes {{ id {} }} }} }}", self.selection);
        let reply = app.ask(&self.who, &query, json!({})).await;
        let list = &reply.data()[list];
        assert!(list["totalCount"].as_u64().is_some_and(|count| count <= 100), "one page holds all");
        let nodes = list["nodes"].as_array().expect("nodes").iter();
        nodes.map(|node| (node["id"].as_str().expect("an id").to_owned(), node.clone())).collect()
    }

    /// Goes on with a token of now: the one before may have ended.
    async fn go_on(&mut self, app: &App) {
        self.listener = app.listen(&self.who, &self.query, json!({ "after": self.cursor })).await;
    }

    /// Whether it was told what became another for it since it last looked.
    async fn compare(&mut self, app: &App, deepens: bool) -> Result<usize, String> {
        let row = STREAMS[self.stream].2;
        let after = self.seen(app).await;
        let mut expected = Vec::new();
        for (id, node) in &after {
            if self.before.get(id) != Some(node) {
                expected.push(json!({ "change": "CHANGED", "id": id, row: node }));
            }
        }
        for id in self.before.keys().filter(|id| !after.contains_key(*id)) {
            expected.push(json!({ "change": "REMOVED", "id": id, row: null }));
        }
        let mut told: Vec<Value> = Vec::new();
        while told.len() < expected.len() {
            let Some(event) = self.listener.event_within(PATIENCE).await else { break };
            told.push(event);
        }
        told.extend(self.listener.drain(QUIET).await);
        if let Some(last) = told.last() {
            self.cursor = last["cursor"].clone();
        }
        let before = std::mem::replace(&mut self.before, after);
        if told.iter().any(|event| event["change"] == "RESYNC") {
            return Ok(0);
        }
        for event in &mut told {
            event.as_object_mut().expect("an object").remove("cursor");
        }
        let name = format!("{} as {}: {} {}", self.who.subject, self.who.role, STREAMS[self.stream].0, self.selection);
        for event in &expected {
            let Some(place) = told.iter().position(|told| told == event) else {
                let was = before.get(event["id"].as_str().unwrap_or_default());
                return Err(format!("{name}: {event} (before: {was:?}) is missing among {told:?}"));
            };
            told.remove(place);
        }
        // How deep one sees a row is one's own business: that it is another may be told though no value is.
        if told.is_empty() || (deepens && matches!(self.who.role, Role::DetailAgent | Role::LawEnforcement)) {
            return Ok(expected.len());
        }
        Err(format!("{name}: {told:?} is no change"))
    }
}

/// What may make somebody see a row deeper, or less deep, than before.
const DEEPEN: [&str; 6] = ["the clock", "assignAgent", "endAssignment", "handOverDetail", "openDetail", "closeDetail"];

async fn compare(app: &App, watchers: &mut [Watcher], what: &str) -> usize {
    let deepens = DEEPEN.iter().any(|name| what.contains(name));
    let compared = join_all(watchers.iter_mut().map(|watcher| watcher.compare(app, deepens))).await;
    compared.into_iter().map(|result| result.unwrap_or_else(|why| panic!("{what}\n{why}"))).sum()
}

#[rstest]
#[tokio::test]
async fn everybody_is_told_what_became_another(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (mut done, mut events) = (0, 0);
    for life in 0..LIVES {
        let mut dice = Dice::new(life, 9);
        let app = enrolled(engine).await;
        run(&app.db, &colleague_at_the_post()).await;
        begin_visit(&app).await;
        let mut watchers = Vec::new();
        for (place, who) in listeners().iter().enumerate() {
            for stream in 0..STREAMS.len() {
                let turn = place + usize::try_from(life).expect("few");
                watchers.extend(begin(&app, who, stream, turn).await);
            }
        }
        for _ in 0..DEEDS {
            if dice.chance(30) {
                app.db.clock.advance(time::Duration::hours(1 + i64::try_from(dice.below(60)).expect("few")));
                desk::Desk::new(&app.db.store, &app.db.clock).by_clock().await.expect("it is told");
                join_all(watchers.iter_mut().map(|watcher| watcher.go_on(&app))).await;
                events += compare(&app, &mut watchers, &format!("life {life}, the clock went on")).await;
            }
            let (who, command, input) = deed(&app, &mut dice).await;
            let ty = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
            let query = format!("mutation M($input: {ty}!) {{ {command}(input: $input) {{ __typename }} }}");
            let reply = app.ask(&who, &query, json!({ "input": input })).await;
            done += usize::from(reply.json.get("errors").is_none());
            let what = format!("life {life}, {command} {input}: {}", reply.text);
            events += compare(&app, &mut watchers, &what).await;
        }
        is_whole(&app).await;
    }
    eprintln!("{engine:?}: {done} commands done, {events} events told");
    assert!(done > 40 && events > 30, "{done} commands done, {events} events told");
}
