//! Followers who believe their streams, while others write.

use std::time::Duration;

use chancery::{config::Limits, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    attacks::nap,
    raised,
    support::{
        app::{App, Who},
        enrolled,
        small_world::{analyst, french, liaison_officer, police, public},
    },
};

/// What a client knows that reads afresh when it is told to, and else believes the stream, is what there is: however
/// often it is cut, on two servers, while others write.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_knows_is_what_there_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(1, 2, 3, 4)] seed: u64,
) {
    let app = enrolled(engine).await;
    let other = app.another(Limits::default()).await;
    let servers = [&app, &other];
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(raised(&app, "HIGH").await);
    }
    let done = std::sync::atomic::AtomicBool::new(false);
    let writers = async {
        futures_util::future::join_all(
            (0..3).map(|writer| write(servers[writer % 2], &ids, seed * 31 + writer as u64)),
        )
        .await;
        done.store(true, std::sync::atomic::Ordering::Release);
    };
    let whole = "id severity status version owner entries { totalCount }";
    let shared = "id severity status shares { totalCount }";
    let readers = futures_util::future::join_all(
        [
            (french(), whole, vec![]),
            (police(), whole, vec![]),
            (police(), "id severity", vec!["HIGH", "LOW"]),
            (liaison_officer(), "id status owner", vec!["CRITICAL", "HIGH"]),
            (liaison_officer(), shared, vec![]),
            (liaison_officer(), "id status nextDueAt clockState", vec![]),
            (analyst(), whole, vec!["MEDIUM", "HIGH"]),
        ]
        .into_iter()
        .enumerate()
        .map(|(number, (who, selection, severities))| {
            let (servers, done) = (&servers, &done);
            async move { follow(servers, &who, selection, &severities, done, seed * 77 + number as u64).await }
        }),
    );
    let ((), wrong) = futures_util::join!(writers, readers);
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    eprintln!("{:?}", TALLY.lock().expect("not poisoned"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn chance(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

fn pick(state: &mut u64, among: usize) -> usize {
    usize::try_from(chance(state, among as u64)).expect("small")
}

static TALLY: std::sync::Mutex<std::collections::BTreeMap<(&str, String), usize>> =
    std::sync::Mutex::new(std::collections::BTreeMap::new());

async fn write(app: &App, ids: &[String], seed: u64) {
    let mut state = seed;
    let (mut shares, mut referrals): (Vec<Value>, Vec<Value>) = Default::default();
    for _ in 0..70 {
        let id = &ids[pick(&mut state, ids.len())];
        let severity = ["LOW", "MEDIUM", "HIGH", "CRITICAL"][pick(&mut state, 4)];
        let (who, command, input) = match chance(&mut state, 12) {
            0 | 1 => {
                (liaison_officer(), "setSeverity", json!({ "concernId": id, "severity": severity, "reason": "x" }))
            }
            2 | 3 if chance(&mut state, 2) == 0 => (liaison_officer(), "startConcern", json!({ "concernId": id })),
            2 => (liaison_officer(), "acknowledgeConcern", json!({ "concernId": id })),
            3 => (liaison_officer(), "assignConcern", json!({ "concernId": id })),
            4 => (french(), "replyToConcern", json!({ "concernId": id, "body": "And?" })),
            5 => (
                liaison_officer(),
                "shareConcern",
                json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "reason": "x", "tiers": "DCP", "expiresAt": "2026-12-24T00:00:00Z" }),
            ),
            6 => {
                let tlp = ["GREEN", "AMBER", "AMBER_STRICT", "RED"][pick(&mut state, 4)];
                (
                    liaison_officer(),
                    "markConcern",
                    json!({ "concernId": id, "tlp": tlp, "reason": "x", "consent": "By word" }),
                )
            }
            7 => (
                liaison_officer(),
                "referConcern",
                json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "body": "x", "consent": "By word" }),
            ),
            8 => (
                liaison_officer(),
                "closeConcern",
                json!({ "concernId": id, "outcome": "NOT_ACTIONABLE", "reason": "x" }),
            ),
            9 => (liaison_officer(), "reopenConcern", json!({ "concernId": id, "reason": "x" })),
            10 => match referrals.pop() {
                Some(referral) => (police(), "declineReferral", json!({ "referralId": referral, "reason": "x" })),
                None => continue,
            },
            _ => match shares.pop() {
                Some(share) => (liaison_officer(), "revokeShare", json!({ "shareId": share, "reason": "x" })),
                None => continue,
            },
        };
        let ty = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
        let selection = match command {
            "shareConcern" => "share { id }",
            "referConcern" => "referral { id }",
            _ => "__typename",
        };
        let query = format!("mutation M($input: {ty}!) {{ {command}(input: $input) {{ {selection} }} }}");
        let reply = app.ask(&who, &query, json!({ "input": input })).await;
        *TALLY.lock().expect("not poisoned").entry((command, reply.code().to_owned())).or_insert(0) += 1;
        if let Some(referral) = reply.json["data"]["referConcern"]["referral"]["id"].as_str() {
            referrals.push(json!(referral));
        }
        if let Some(share) = reply.json["data"]["shareConcern"]["share"]["id"].as_str() {
            shares.push(json!(share));
        }
        nap(chance(&mut state, 30)).await;
    }
}

type Known = std::collections::BTreeMap<String, Value>;

fn is_board(selection: &str) -> bool {
    selection.contains("nextDueAt")
}

async fn afresh(app: &App, who: &Who, selection: &str, severities: &[&str]) -> Known {
    let field = if is_board(selection) { "deskBoard" } else { "concerns" };
    let query = format!("{{ {field}(first: 100) {{ nodes {{ at: severity {selection} }} }} }}");
    let mut known = Known::new();
    for node in app.ask(who, &query, json!({})).await.data()[field]["nodes"].as_array().expect("nodes") {
        let mut node = node.clone();
        let at = node["at"].as_str().expect("a severity").to_owned();
        node.as_object_mut().expect("an object").remove("at");
        if severities.is_empty() || severities.contains(&at.as_str()) {
            known.insert(node["id"].as_str().expect("an id").to_owned(), node);
        }
    }
    known
}

async fn follow(
    servers: &[&App; 2],
    who: &Who,
    selection: &str,
    severities: &[&str],
    done: &std::sync::atomic::AtomicBool,
    seed: u64,
) -> Option<String> {
    let mut state = seed;
    let mut known = Known::new();
    let mut after = Value::Null;
    let filter = if severities.is_empty() { Value::Null } else { json!({ "severity": severities }) };
    let mut query = format!(
        "subscription($after: String, $filter: ConcernStreamFilter) {{ concernChanged(after: $after, filter: $filter) {{ change id cursor concern {{ {selection} }} }} }}"
    );
    if is_board(selection) {
        query = format!(
            "subscription($after: String) {{ deskBoardChanged(after: $after) {{ change id cursor concern {{ {selection} }} }} }}"
        );
    }
    loop {
        let was_done = done.load(std::sync::atomic::Ordering::Acquire);
        let app = servers[pick(&mut state, 2)];
        let mut listener = app.listen(who, &query, json!({ "after": after, "filter": filter })).await;
        let most = if was_done { u64::MAX } else { 1 + chance(&mut state, 12) };
        let patience = if was_done { 2_000 } else { 50 + chance(&mut state, 400) };
        let mut count = 0;
        while count < most {
            let Ok(raw) = tokio::time::timeout(Duration::from_millis(patience), listener.raw()).await else { break };
            let (_, data) = raw.expect("it goes on");
            let response: Value = serde_json::from_str(&data).expect("a response");
            let data = response["data"].as_object().expect("data");
            let event = data.values().next().expect("a field");
            after = event["cursor"].clone();
            assert!(after.is_string(), "{response}");
            match event["change"].as_str() {
                Some("RESYNC") => known = afresh(app, who, selection, severities).await,
                Some("CHANGED") => {
                    known.insert(event["id"].as_str().expect("an id").to_owned(), event["concern"].clone());
                }
                _ => {
                    let id = event["id"].as_str().expect("an id");
                    if known.remove(id).is_none() {
                        eprintln!("removed, but not known: {}", who.subject);
                    }
                }
            }
            count += 1;
        }
        drop(listener);
        if was_done {
            break;
        }
    }
    let there = afresh(servers[0], who, selection, severities).await;
    let differing: Vec<_> = there
        .keys()
        .chain(known.keys())
        .filter(|id| there.get(*id) != known.get(*id))
        .map(|id| format!("{id}: there {:?}, known {:?}", there.get(id), known.get(id)))
        .collect();
    (!differing.is_empty()).then(|| format!("{:?} {selection} {severities:?}: {}", who.role, differing.join("; ")))
}
