//! `graphql-transport-ws`, as a client speaks it: over a socket.

use std::{net::SocketAddr, time::Duration};

use chancery::{config::Limits, edge, store::Engine};
use futures_util::{SinkExt as _, StreamExt as _};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::oneshot, task::JoinHandle};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _, http::StatusCode},
};

use crate::{
    CONCERNS, raised,
    support::{
        app::{App, Who},
        enrolled,
        small_world::{analyst, french},
    },
};

pub struct Server {
    pub app: App,
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

pub async fn start(engine: Engine, limits: Limits) -> Server {
    let app = enrolled(engine).await.another(limits).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let (router, limits, streams) = (app.router(), app.door.limits.clone(), app.door.streams.clone());
    let running = tokio::spawn(async move {
        let stop = async {
            stopped.await.unwrap_or_default();
            streams.close();
        };
        edge::serve(listener, router, &limits, Duration::from_secs(5), stop).await;
        streams.ended().await;
    });
    Server { app, address, stop: Some(stop), running }
}

pub struct Client(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A message, or the code with which the other side closed.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Message(Value),
    Closed(u16),
}

impl Server {
    pub async fn connect(&self, protocol: Option<&str>, token: Option<&str>) -> Client {
        let mut request = format!("ws://{}/graphql/ws", self.address).into_client_request().expect("a request");
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a value"));
        }
        if let Some(token) = token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().expect("a value"));
        }
        Client(connect_async(request).await.expect("a socket").0)
    }

    pub async fn client(&self) -> Client {
        self.connect(Some("graphql-transport-ws"), None).await
    }

    pub async fn let_in(&self, who: &Who) -> Client {
        let mut client = self.client().await;
        let token = self.app.token(who).await;
        client
            .say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } }))
            .await;
        assert_eq!(client.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        client
    }
}

impl Client {
    pub async fn say(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    async fn text(&mut self, text: String) {
        self.0.send(Message::Text(text.into())).await.expect("sent");
    }

    pub async fn hear(&mut self) -> Heard {
        loop {
            let message =
                tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.expect("a message in time");
            match message.expect("a message").expect("a message") {
                Message::Text(text) => return Heard::Message(serde_json::from_str(text.as_str()).expect("JSON")),
                Message::Close(Some(frame)) => return Heard::Closed(frame.code.into()),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub async fn message(&mut self) -> Value {
        match self.hear().await {
            Heard::Message(message) => message,
            Heard::Closed(code) => panic!("closed with {code}"),
        }
    }

    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }
}

#[rstest]
#[tokio::test]
async fn concerns_are_told_over_a_socket(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let server = start(engine, Limits::default()).await;
    let mut client = server.let_in(&french()).await;
    client.subscribe("one", CONCERNS, json!({})).await;
    client.subscribe("\"two\"", CONCERNS, json!({ "filter": { "severity": ["LOW"] } })).await;
    for _ in 0..2 {
        let first = client.message().await;
        assert_eq!(
            (&first["type"], &first["payload"]["data"]["concernChanged"]["change"]),
            (&json!("next"), &json!("RESYNC"))
        );
    }
    let id = raised(&server.app, "HIGH").await;
    let told = client.message().await;
    assert_eq!((&told["id"], &told["payload"]["data"]["concernChanged"]["id"]), (&json!("one"), &json!(id)));
    client.say(json!({ "id": "one", "type": "complete" })).await;
    client.subscribe("ask", "{ viewer { role } }", json!({})).await;
    let answer = json!({ "data": { "viewer": { "role": "MISSION_OFFICER" } } });
    assert_eq!(client.message().await, json!({ "id": "ask", "type": "next", "payload": answer }));
    assert_eq!(client.message().await, json!({ "id": "ask", "type": "complete" }));
    let low = raised(&server.app, "LOW").await;
    let told = client.message().await;
    assert_eq!((&told["id"], &told["payload"]["data"]["concernChanged"]["id"]), (&json!("\"two\""), &json!(low)));
    // The id is free again.
    client.subscribe("one", CONCERNS, json!({})).await;
    assert_eq!(client.message().await["payload"]["data"]["concernChanged"]["change"], "RESYNC");
    client.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(client.message().await, json!({ "type": "pong" }));
    client.subscribe("wrong", "subscription { nothing }", json!({})).await;
    let error = client.message().await;
    assert_eq!((&error["id"], &error["type"]), (&json!("wrong"), &json!("error")), "{error}");
    assert_eq!(error["payload"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
}

/// The close codes of the protocol.
#[tokio::test]
async fn whoever_breaks_the_protocol_is_told_how() {
    let server = start(Engine::Sqlite, Limits { init_seconds: 1, ..Limits::default() }).await;
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ viewer { role } }" } });
    for (first, code) in [
        ("not json".to_owned(), 4400),
        ("[]".to_owned(), 4400),
        (json!({ "type": "hello" }).to_string(), 4400),
        (json!({ "type": "complete" }).to_string(), 4400),
        (json!({ "type": "connection_init", "payload": 1 }).to_string(), 4400),
        (json!({ "type": "connection_init", "payload": { "authorization": 1 } }).to_string(), 4400),
        (
            json!({ "type": "connection_init", "payload": { "authorization": "a", "Authorization": "b" } }).to_string(),
            4400,
        ),
        (json!({ "type": "ping", "payload": "here" }).to_string(), 4400),
        (json!({ "type": "pong", "payload": [] }).to_string(), 4400),
        (subscribe.to_string(), 4401),
        (json!({ "type": "connection_init" }).to_string(), 4403),
        (
            json!({ "type": "connection_init", "payload": { "authorization": "Bearer no.token.here" } }).to_string(),
            4403,
        ),
        (json!({ "type": "connection_init", "payload": { "authorization": "line\nbreak" } }).to_string(), 4403),
        ("x".repeat(300_000), 1009),
    ] {
        let mut client = server.client().await;
        client.text(first.clone()).await;
        let heard = loop {
            match tokio::time::timeout(Duration::from_secs(5), client.0.next()).await.expect("in time") {
                Some(Ok(Message::Ping(_))) => {}
                heard => break heard,
            }
        };
        match heard {
            Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), code, "{first:.80}"),
            // What is too large is not read: the connection may be gone before the frame arrives.
            other => assert!(code == 1009, "{first:.80}: {other:?}"),
        }
    }
    assert_eq!(server.connect(None, None).await.hear().await, Heard::Closed(4406));
    assert_eq!(server.client().await.hear().await, Heard::Closed(4408), "nobody said who they are");
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", server.app.token(&french()).await) } });
    let mut twice = server.let_in(&french()).await;
    twice.say(init.clone()).await;
    assert_eq!(twice.hear().await, Heard::Closed(4429));
    let mut same = server.let_in(&french()).await;
    for _ in 0..2 {
        same.subscribe("1", CONCERNS, json!({})).await;
    }
    let closed = loop {
        if let Heard::Closed(code) = same.hear().await {
            break code;
        }
    };
    assert_eq!(closed, 4409);
    // Said in the header and again in the message, it is said twice.
    let token = server.app.token(&french()).await;
    let mut both = server.connect(Some("graphql-transport-ws"), Some(&token)).await;
    both.say(init).await;
    assert_eq!(both.hear().await, Heard::Closed(4403));
    let mut header = server.connect(Some("graphql-transport-ws"), Some(&token)).await;
    header.say(json!({ "type": "connection_init" })).await;
    assert_eq!(header.message().await, json!({ "type": "connection_ack" }));
}

/// What is subscribed to has the form of a request, or the message is none of the protocol's; a document that is
/// wrong ends its own operation alone.
#[tokio::test]
async fn a_subscription_that_is_no_request_closes_the_socket() {
    let server = start(Engine::Sqlite, Limits::default()).await;
    let nested =
        format!("{{\"query\":\"{{a}}\",\"variables\":{{\"a\":{}1{}}}}}", "[".repeat(50_000), "]".repeat(50_000));
    for payload in [
        "{}",
        r#"{"query":1}"#,
        r#"{"query":"{ viewer { role } }","variables":[1]}"#,
        r#"{"query":"{ viewer { role } }","operationName":{}}"#,
        r#"{"query":"{ viewer { role } }","extensions":""}"#,
        r#"["{ viewer { role } }"]"#,
        r#"{"query":"{ viewer { role } }","query":"{ viewer { name } }"}"#,
        &nested,
    ] {
        let mut client = server.let_in(&french()).await;
        client.text(format!(r#"{{"id":"1","type":"subscribe","payload":{payload}}}"#)).await;
        assert_eq!(client.hear().await, Heard::Closed(4400), "{payload:.80}");
    }
    let mut client = server.let_in(&french()).await;
    client.subscribe("1", "{", json!({})).await;
    assert_eq!(client.message().await["type"], "error");
    client.say(json!({ "type": "ping", "payload": null })).await;
    assert_eq!(client.message().await, json!({ "type": "pong" }));
}

/// A page of another host cannot make its visitor's browser open a socket.
#[tokio::test]
async fn a_page_of_another_origin_opens_no_socket() {
    let server = start(Engine::Sqlite, Limits::default()).await;
    let own = format!("http://{}", server.address);
    for (origin, is_let_in) in [(own.as_str(), true), ("http://evil.example", false), ("null", false)] {
        let mut request = format!("ws://{}/graphql/ws", server.address).into_client_request().expect("a request");
        for (name, value) in [("origin", origin), ("sec-websocket-protocol", "graphql-transport-ws")] {
            request.headers_mut().insert(name, value.parse().expect("a value"));
        }
        match connect_async(request).await {
            Ok(_) => assert!(is_let_in, "{origin}"),
            Err(Error::Http(response)) => {
                assert!(!is_let_in && response.status() == StatusCode::FORBIDDEN, "{origin}: {response:?}");
            }
            Err(other) => panic!("{origin}: {other}"),
        }
    }
}

#[tokio::test]
async fn a_request_that_is_none_for_a_socket_is_refused() {
    let server = start(Engine::Sqlite, Limits::default()).await;
    let response = server.app.fetch(&french(), "/graphql/ws").await;
    assert_eq!(response.status(), StatusCode::UPGRADE_REQUIRED);
}

#[rstest]
#[tokio::test]
async fn a_socket_ends_with_its_token(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let server = start(engine, Limits::default()).await;
    let mut client = server.let_in(&french()).await;
    client.subscribe("1", CONCERNS, json!({})).await;
    client.message().await;
    server.app.db.clock.advance(time::Duration::hours(2));
    let last = client.message().await;
    assert_eq!(
        (&last["type"], &last["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("UNAUTHENTICATED"))
    );
    assert_eq!(client.hear().await, Heard::Closed(4401));
    let mut idle = server.let_in(&analyst()).await;
    server.app.db.clock.advance(time::Duration::hours(2));
    idle.subscribe("1", CONCERNS, json!({})).await;
    assert_eq!(idle.hear().await, Heard::Closed(4401));
}

#[tokio::test]
async fn a_socket_has_so_many_operations() {
    let server = start(Engine::Sqlite, Limits { socket_streams: 2, ..Limits::default() }).await;
    let mut client = server.let_in(&french()).await;
    for id in ["1", "2"] {
        client.subscribe(id, CONCERNS, json!({})).await;
        client.message().await;
    }
    client.subscribe("3", CONCERNS, json!({})).await;
    let refused = client.message().await;
    assert_eq!((&refused["id"], &refused["payload"][0]["extensions"]["code"]), (&json!("3"), &json!("RATE_LIMITED")));
}

/// Shutdown drains: each stream says why it ends, and the socket is closed.
#[tokio::test]
async fn a_server_that_stops_closes_its_sockets() {
    let mut server = start(Engine::Sqlite, Limits::default()).await;
    let mut client = server.let_in(&french()).await;
    let mut idle = server.let_in(&analyst()).await;
    client.subscribe("1", CONCERNS, json!({})).await;
    client.message().await;
    server.stop.take().expect("not stopped yet").send(()).expect("it runs");
    let last = client.message().await;
    assert_eq!((&last["id"], &last["payload"][0]["extensions"]["code"]), (&json!("1"), &json!("TIMEOUT")));
    assert_eq!(client.hear().await, Heard::Closed(1001));
    assert_eq!(idle.hear().await, Heard::Closed(1001));
    drop((client, idle));
    tokio::time::timeout(Duration::from_secs(10), server.running).await.expect("it ends").expect("well");
}

/// A socket on which nobody answers is closed.
#[tokio::test]
async fn a_socket_that_is_silent_is_closed() {
    let server = start(Engine::Sqlite, Limits { keep_alive_seconds: 1, ..Limits::default() }).await;
    let client = server.let_in(&french()).await;
    // Not read, it answers no ping.
    tokio::time::sleep(Duration::from_millis(4_500)).await;
    let mut client = client;
    // The pings that waited are answered now, into a socket that is closed: it ends by its frame, or by that.
    let end = async { while let Some(Ok(_)) = client.0.next().await {} };
    tokio::time::timeout(Duration::from_millis(500), end).await.expect("it is closed");
}
