//! The server is killed while a hundred write: nothing that was acknowledged is lost, nothing is done twice, and what
//! is derived, the audit trail among it, is whole.
//!
//! `CRASH_ROUNDS=20` kills so often; three times unless asked.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use chancery::store::{Address, Engine};
use rstest::rstest;
use serde_json::{Value, json};
use support::TestDb;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Who write at once.
const WRITERS: usize = 100;

/// The program over a database, with the demo in it.
fn program(db: &TestDb, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments).env("CHANCERY_DATA_DIR", db.directory()).env("CHANCERY_LOG__LEVEL", "error");
    if let Address::Postgres(options) = &db.store.address {
        let url = sqlx::ConnectOptions::to_url_lossy(options);
        command.env("DATABASE_URL", url.as_str());
    }
    command
}

struct Server {
    process: Child,
    address: SocketAddr,
    tokens: Value,
}

impl Server {
    /// Starts it; the first time it makes the demo's data.
    fn start(db: &TestDb, directory: &Path) -> Self {
        let tokens = directory.join("tokens.json");
        let arguments = ["demo", "--listen", "127.0.0.1:0", "--tokens", tokens.to_str().expect("a path")];
        let mut process = program(db, &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let mut address = None;
        for line in BufReader::new(process.stdout.take().expect("its output")).lines() {
            let line = line.expect("a line");
            if let Some(rest) = line.strip_prefix("GraphiQL: http://") {
                address = rest.split('/').next().and_then(|address| address.parse().ok());
                break;
            }
        }
        let tokens = std::fs::read_to_string(&tokens).expect("the tokens");
        let tokens = serde_json::from_str(&tokens).expect("JSON");
        Self { process, address: address.expect("it serves"), tokens }
    }

    fn token(&self) -> String {
        self.tokens["MISSION_OFFICER"].as_str().expect("a token").to_owned()
    }

    /// SIGKILL: nothing is told to it, nothing is drained.
    fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("gone");
    }
}

/// Asks; nothing if the server went away before it answered.
async fn ask(address: SocketAddr, token: &str, body: &Value) -> Option<Value> {
    let body = body.to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(address).await.ok()?;
    socket.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    Some(body)
}

fn raise(mission: &str, key: &str) -> Value {
    json!({
        "query": "mutation($i: RaiseConcernInput!) { raiseConcern(input: $i) { concern { id } } }",
        "variables": { "i": { "missionId": mission, "kind": "CONCERN", "category": "OTHER", "severity": "LOW",
            "title": key, "narrative": "Written while it is killed", "idempotencyKey": key } },
    })
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let rounds = std::env::var("CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    let db = TestDb::new(engine).await;
    let directory = db.directory().to_owned();
    let mut known: Vec<(String, String)> = Vec::new();
    let mut interrupted = 0;
    let mut server = Server::start(&db, &directory);
    let query = "{ missions(first: 1, filter: {name: {eq: \"Embassy of France\"}}) { nodes { id } } }";
    let found = ask(server.address, &server.token(), &json!({ "query": query })).await.expect("an answer");
    let mission = found["data"]["missions"]["nodes"][0]["id"].as_str().expect("an id").to_owned();
    for round in 0..rounds {
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (address, token, mission) = (server.address, server.token(), mission.clone());
            let key = format!("round {round}, writer {writer}");
            writers.spawn(async move {
                let answer = ask(address, &token, &raise(&mission, &key)).await;
                (
                    key,
                    answer
                        .and_then(|answer| answer["data"]["raiseConcern"]["concern"]["id"].as_str().map(str::to_owned)),
                )
            });
        }
        // Some are answered, some are under way, some wait.
        tokio::time::sleep(Duration::from_millis(150 + 130 * round)).await;
        server.kill();
        let mut unanswered = Vec::new();
        while let Some(done) = writers.join_next().await {
            match done.expect("a writer ends") {
                (key, Some(id)) => known.push((key, id)),
                (key, None) => unanswered.push(key),
            }
        }
        interrupted += unanswered.len();
        server = Server::start(&db, &directory);
        for ids in known.chunks(100) {
            let ids: Vec<&String> = ids.iter().map(|(_, id)| id).collect();
            let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Concern { title } } }";
            let body = json!({ "query": query, "variables": { "ids": ids } });
            let found = ask(server.address, &server.token(), &body).await.expect("an answer");
            let nodes = found["data"]["nodes"].as_array().expect("nodes").clone();
            assert!(nodes.iter().all(Value::is_object), "acknowledged and gone: {nodes:?}");
        }
        // Whoever was not answered asks again under the same key: then it is done, and once.
        for key in unanswered {
            let answer = ask(server.address, &server.token(), &raise(&mission, &key)).await.expect("an answer");
            let id = answer["data"]["raiseConcern"]["concern"]["id"].as_str().expect("an id").to_owned();
            known.push((key, id));
        }
        let count = "{ concerns(filter: {title: {startsWith: \"round \"}}) { totalCount } }";
        let found = ask(server.address, &server.token(), &json!({ "query": count })).await.expect("an answer");
        assert_eq!(found["data"]["concerns"]["totalCount"], known.len(), "each once");
    }
    server.kill();
    for arguments in [["access", "verify"], ["audit", "verify"]] {
        let output = program(&db, &arguments).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
    }
    eprintln!("{engine:?}: killed {rounds} times, {} written, {interrupted} of them interrupted", known.len());
    assert!(interrupted > 0, "nobody was interrupted: it was killed too late");
}
