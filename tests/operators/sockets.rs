//! WebSockets, which outlive reloads, and of which each operation is told of.

use chancery::store::Engine;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use super::{
    collector::Collector,
    support::{
        TestDb,
        program::{Program, get},
    },
};

/// A socket that was let in.
pub struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    pub async fn open(program: &Program, role: &str) -> Self {
        let mut request = format!("ws://{}/graphql/ws", program.address).into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        headers.insert("authorization", format!("Bearer {}", program.token(role)).parse().expect("a header"));
        let mut socket = Self(connect_async(request).await.expect("a socket").0);
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
        socket
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::Text(message.to_string().into())).await.expect("sent");
    }

    async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await.expect("a message").expect("a message") {
                Message::Text(text) => return serde_json::from_str(text.as_str()).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Begins an operation; what it says first.
    pub async fn ask(&mut self, id: &str, payload: &Value) -> Value {
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
        let first = self.hear().await;
        assert_eq!(first["id"], id, "{first}");
        first
    }
}

fn config(depth: usize) -> String {
    format!("[log]\nlevel = \"info,chancery=info\"\n[admin]\nlisten = \"127.0.0.1:0\"\n[limits]\ndepth = {depth}\n")
}

/// What is begun after a reload is under the new configuration, also on a socket that was open before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_obeys_a_reload() {
    let db = TestDb::new(Engine::Sqlite).await;
    let program = Program::demo(&db, &config(12));
    let deep = json!({ "query": "{ missions(first: 1) { nodes { concerns { nodes { title } } } } }" });
    let mut socket = Socket::open(&program, "ANALYST").await;
    assert_eq!(socket.ask("1", &deep).await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
    for (depth, expected) in [(3, "error"), (12, "next")] {
        let from = program.log().len();
        program.configure(&config(depth));
        program.signal("HUP");
        program.logged(from, |line| line["message"] == "reloaded").await;
        let first = socket.ask("2", &deep).await;
        assert_eq!(first["type"], expected, "{first}");
    }
}

/// An operation on a socket is a trace; that it is asked now and then whether a socket may stay is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_on_a_socket_is_traced() {
    let db = TestDb::new(Engine::Sqlite).await;
    let collector = Collector::new().await;
    let traced = format!("keep_alive_seconds = 1\n[telemetry]\notlp_endpoint = \"{}\"\n", collector.url);
    let mut program = Program::demo(&db, &(config(12) + &traced));
    let mut socket = Socket::open(&program, "ANALYST").await;
    let query = json!({ "query": "query Asked { concerns(first: 1) { nodes { title } } }", "operationName": "Asked" });
    assert_eq!(socket.ask("1", &query).await["type"], "next");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    program.stop();
    collector.wait_for("Asked").await;
    let text = collector.text();
    assert!(text.contains("operation /graphql/ws") && text.contains("statement"), "{text}");
    // Of the socket, which is let in after its request was answered, and of each look at who it is.
    assert_eq!(text.matches("authenticate").count(), 0, "{text}");
}

/// Also an operation that its client ends is logged and counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_its_client_ends_is_told_of() {
    let db = TestDb::new(Engine::Sqlite).await;
    let program = Program::demo(&db, &config(12));
    let operators = program.operators().await;
    let mut socket = Socket::open(&program, "ANALYST").await;
    let query = "subscription Watching { concernChanged { change } }";
    let first = socket.ask("1", &json!({ "query": query, "operationName": "Watching" })).await;
    assert_eq!(first["type"], "next", "{first}");
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    let line = program.logged(0, |line| line["operation"] == "Watching").await;
    assert_eq!(
        (&line["message"], &line["outcome"], &line["role"]),
        (&json!("stream"), &json!("LEFT"), &json!("ANALYST"))
    );
    let page = get(operators, "/metrics").await.body;
    for told in ["chancery_stream_ends_total{role=\"ANALYST\"", "operation=\"Watching\",outcome=\"LEFT\"} 1"] {
        assert!(page.contains(told), "{told}: {page}");
    }
}
