//! SIGHUP: what is under way ends, what comes later is under the new configuration, what is wrong changes nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    sockets::Socket,
    support::{
        TestDb,
        program::{Program, Starting, get, post},
    },
};

const DEEP: &str = "{ missions(first: 1) { nodes { concerns { nodes { title } } } } }";

fn config(depth: usize, more: &str) -> String {
    format!(
        "{more}\n[log]\nlevel = \"info,chancery=info\"\n[admin]\nlisten = \"127.0.0.1:0\"\n[limits]\ndepth = {depth}\n"
    )
}

/// Asks without end; how often it was answered, and what was answered wrong.
async fn ask_on(
    address: std::net::SocketAddr,
    token: String,
    is_over: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
) -> Vec<String> {
    let body = json!({ "query": "{ concerns(first: 3) { nodes { title } } }" }).to_string();
    let mut wrong = Vec::new();
    while !is_over.load(Ordering::SeqCst) {
        match post(address, &token, &body).await {
            Some(answer) if answer.status == 200 && answer.json().get("errors").is_none() => {}
            other => wrong.push(format!("{other:?}")),
        }
        asked.fetch_add(1, Ordering::SeqCst);
    }
    wrong
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_change_without_a_dropped_request(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let program = Program::demo(&db, &config(12, ""));
    let operators = program.operators().await;
    let deep = || async { program.ask("ANALYST", &json!({ "query": DEEP })).await.json() };
    assert!(deep().await["data"].is_object());

    let (is_over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let askers: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(ask_on(program.address, program.token("ANALYST").to_owned(), is_over.clone(), asked.clone()))
        })
        .collect();
    for round in 0..4 {
        let (depth, from) = (if round % 2 == 0 { 3 } else { 12 }, program.log().len());
        program.configure(&config(depth, ""));
        program.signal("HUP");
        let line = program.logged(from, |line| line["message"] == "reloaded").await;
        assert_eq!(line["changed"], "limits.depth", "{line}");
        let answer = deep().await;
        assert_eq!(answer.get("data").is_some(), depth == 12, "{answer}");
    }
    // A round may be over before anybody was answered.
    while asked.load(Ordering::SeqCst) < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    is_over.store(true, Ordering::SeqCst);
    for asker in askers {
        assert_eq!(asker.await.expect("it ends"), Vec::<String>::new());
    }

    // What is wrong changes nothing, and says so.
    let from = program.log().len();
    program.configure("lisen = 1\n[limits]\ndepth = \"deep\"\n");
    program.signal("HUP");
    let line = program.logged(from, |line| line["level"] == "ERROR").await;
    let reason = line["reason"].as_str().expect("a reason");
    assert!(reason.contains("lisen") && reason.contains("limits.depth"), "{line}");
    assert!(deep().await["data"].is_object(), "the one before holds");
    let page = get(operators, "/metrics").await.body;
    assert!(page.contains("chancery_reloads_total{outcome=\"reloaded\"} 4"), "{page}");
    assert!(page.contains("chancery_reloads_total{outcome=\"refused\"} 1"), "{page}");

    // What only a start reads is named, and the rest is taken over.
    let from = program.log().len();
    program.configure(&config(3, "listen = \"127.0.0.1:1\"\nwatch_phone = \"+12025550199\""));
    program.signal("HUP");
    let line = program.logged(from, |line| line["level"] == "WARN").await;
    assert_eq!(line["key"], "listen", "{line}");
    program.logged(from, |line| line["message"] == "reloaded").await;
    assert!(deep().await.get("data").is_none());
    let viewer = program.ask("ANALYST", &json!({ "query": "{ viewer { watchPhone } }" })).await.json();
    assert_eq!(viewer["data"]["viewer"]["watchPhone"], "+12025550199", "{viewer}");
}

/// What a reload does not change it does not say that it changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_a_start_reads_is_named() {
    let db = TestDb::new(Engine::Sqlite).await;
    let program = Program::demo(&db, &config(12, ""));
    let from = program.log().len();
    program.configure(&(config(11, "shutdown_seconds = 3") + "replay_hours = 5\nconnections = 77\n"));
    program.signal("HUP");
    let line = program.logged(from, |line| line["message"] == "reloaded").await;
    assert_eq!(line["changed"], "limits.depth", "{line}");
    for key in ["limits.connections", "limits.replay_hours", "shutdown_seconds"] {
        program.logged(from, |line| line["key"] == key).await;
    }
}

/// Streams keep what was served when they began; they do not keep its connections.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reloads_leave_no_connections_behind() {
    let db = TestDb::new(Engine::Postgres).await;
    let of = |seconds: usize| config(12, "") + &format!("operation_seconds = {seconds}\n[read]\nlanes = 4\n");
    let program = Program::demo(&db, &of(10));
    let count = "select count(*) as found from pg_stat_activity where datname = current_database()";
    let query =
        json!({ "query": "{ concerns(first: 100) { nodes { title entries { nodes { body } } } } }" }).to_string();
    let (mut sockets, mut counts) = (Vec::new(), Vec::new());
    for round in 0..6 {
        let mut socket = Socket::open(&program, "ANALYST").await;
        socket.ask("1", &json!({ "query": "subscription { concernChanged { change } }" })).await;
        sockets.push(socket);
        let asked = (0..20).map(|_| post(program.address, program.token("ANALYST"), &query));
        for answer in futures_util::future::join_all(asked).await {
            assert_eq!(answer.expect("an answer").status, 200);
        }
        counts.push(number(&db, count).await);
        let from = program.log().len();
        // Another reader, or the same.
        program.configure(&of(10 + round / 2));
        program.signal("HUP");
        program.logged(from, |line| line["message"] == "reloaded").await;
    }
    // Those of the writers are opened as they are needed, once.
    assert!(counts[5] - counts[1] < 4, "{counts:?}");
}

async fn number(db: &TestDb, sql: &str) -> i64 {
    use sea_orm::{ConnectionTrait as _, Statement};
    let statement = Statement::from_string(db.store.orm.get_database_backend(), sql);
    let row = db.store.orm.query_one_raw(statement).await.expect("rows").expect("a row");
    row.try_get("", "found").expect("a number")
}

/// The signal neither ends a server that starts nor is it lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_while_it_starts_is_heeded() {
    use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
    let db = TestDb::new(Engine::Postgres).await;
    let lock = db.store.orm.begin().await.expect("begun");
    lock.execute_unprepared("lock table seaql_migrations in access exclusive mode").await.expect("locked");
    let mut starting = Starting::serve(&db, &config(12, ""));
    let waiting = "select count(*) as found from pg_stat_activity \
                   where datname = current_database() and wait_event_type = 'Lock'";
    while number(&db, waiting).await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    starting.hang_up();
    lock.rollback().await.expect("given back");
    let log = starting.logged("\"reloaded\"").await;
    assert!(log.contains("\"serving\""), "{log}");
}

/// What was begun before a reload is told on, and what a person has used of a quota stays used.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_goes_on_and_a_quota_is_not_forgotten() {
    let db = TestDb::new(Engine::Sqlite).await;
    let quota = "[log]\nlevel = \"info,chancery=info\"\n[limits]\nperson_cost_per_minute = 500\n";
    let program = Program::demo(&db, quota);
    let mission = "{ missions(first: 1, filter: {name: {eq: \"Embassy of France\"}}) { nodes { id } } }";
    let found = program.ask("MISSION_OFFICER", &json!({ "query": mission })).await.json();
    let mission = found["data"]["missions"]["nodes"][0]["id"].as_str().expect("an id").to_owned();

    let stream = "subscription { concernChanged { concern { title } } }";
    let mut listener = listen(&program, "MISSION_OFFICER", stream).await;
    let spent =
        json!({ "query": "{ concerns(first: 100) { nodes { title } } missions(first: 100) { nodes { name } } }" });
    assert!(program.ask("ANALYST", &spent).await.json()["data"].is_object());
    assert!(program.ask("ANALYST", &spent).await.json()["data"].is_object());

    let from = program.log().len();
    program.configure(&format!("{quota}depth = 5\n"));
    program.signal("HUP");
    program.logged(from, |line| line["message"] == "reloaded").await;
    let refused = program.ask("ANALYST", &spent).await;
    assert_eq!(refused.status, 429, "{refused:?}");

    let raise = json!({
        "query": "mutation($i: RaiseConcernInput!) { raiseConcern(input: $i) { concern { id } } }",
        "variables": { "i": { "missionId": mission, "kind": "CONCERN", "category": "OTHER", "severity": "LOW",
            "title": "Raised after a reload", "narrative": "x", "idempotencyKey": "one" } },
    });
    let raised = program.ask("MISSION_OFFICER", &raise).await.json();
    assert!(raised["data"]["raiseConcern"].is_object(), "{raised}");
    let told = tokio::time::timeout(Duration::from_secs(20), listener.until("Raised after a reload")).await;
    told.expect("the stream tells what came after");
}

struct Listener(tokio::net::TcpStream);

impl Listener {
    async fn until(&mut self, what: &str) {
        use tokio::io::AsyncReadExt as _;
        let (mut text, mut bytes) = (String::new(), [0; 4096]);
        while !text.contains(what) {
            let read = self.0.read(&mut bytes).await.expect("bytes");
            assert!(read > 0, "the stream ended: {text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    }
}

async fn listen(program: &Program, role: &str, query: &str) -> Listener {
    use tokio::io::AsyncWriteExt as _;
    let body: Value = json!({ "query": query });
    let body = body.to_string();
    let request = format!(
        "POST /graphql/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        program.token(role),
        body.len()
    );
    let mut socket = tokio::net::TcpStream::connect(program.address).await.expect("a socket");
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut listener = Listener(socket);
    listener.until("text/event-stream").await;
    listener
}
