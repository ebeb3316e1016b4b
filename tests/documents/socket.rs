//! Documents named over a WebSocket.

use std::time::Duration;

use chancery::{edge, store::Engine};
use futures_util::{SinkExt as _, StreamExt as _};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use super::{
    CONCERNS, INTROSPECTION, MISSIONS, STREAM, by_hash, limit,
    support::{
        app::{App, Who},
        enrolled,
        small_world::french,
    },
    trust, with_hash,
};

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn new(app: &App, who: &Who) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (router, limits) = (app.router(), app.door.limits.clone());
        tokio::spawn(async move {
            edge::serve(listener, router, &limits, Duration::from_secs(1), std::future::pending()).await;
        });
        let mut request = format!("ws://{address}/graphql/ws").into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a value"));
        let token = app.token(who).await;
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().expect("a value"));
        let mut client = Self(connect_async(request).await.expect("a socket").0);
        client.say(json!({ "type": "connection_init" })).await;
        assert_eq!(client.hear().await, json!({ "type": "connection_ack" }));
        client
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::Text(message.to_string().into())).await.expect("sent");
    }

    async fn hear(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.expect("in time");
            match message.expect("a message").expect("a message") {
                Message::Text(text) => return serde_json::from_str(text.as_str()).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The first message of an operation.
    async fn ask(&mut self, id: &str, payload: &Value) -> Value {
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
        loop {
            let message = self.hear().await;
            if message["id"] == id {
                return message;
            }
        }
    }

    /// The code with which an operation is refused.
    async fn refused(&mut self, id: &str, payload: &Value) -> Value {
        let message = self.ask(id, payload).await;
        assert_eq!(message["type"], "error", "{payload}: {message}");
        message["payload"][0]["extensions"]["code"].clone()
    }
}

#[rstest]
#[tokio::test]
async fn documents_are_named_over_a_socket(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "concerns": CONCERNS, "stream": STREAM })).await;
    super::later(&app);
    let mut client = Client::new(&app, &french()).await;
    let answer = client.ask("1", &json!({ "documentId": "concerns" })).await;
    assert!(answer["payload"]["data"]["concerns"].is_object(), "{answer}");
    let first = client.ask("2", &json!({ "documentId": "stream" })).await;
    assert_eq!(first["payload"]["data"]["concernChanged"]["change"], "RESYNC", "{first}");
    assert_eq!(client.refused("3", &json!({ "documentId": "nowhere" })).await, "NOT_FOUND");
    assert_eq!(client.refused("5", &by_hash(MISSIONS)).await, "NOT_FOUND");
    let answer = client.ask("6", &with_hash(MISSIONS)).await;
    assert!(answer["payload"]["data"]["missions"].is_object(), "{answer}");
    let answer = client.ask("7", &by_hash(MISSIONS)).await;
    assert!(answer["payload"]["data"]["missions"].is_object(), "{answer}");
    // What says two documents is no request: the protocol closes at such a message.
    let both = json!({ "documentId": "stream", "query": STREAM });
    client.say(json!({ "id": "8", "type": "subscribe", "payload": both })).await;
    let closed = loop {
        match tokio::time::timeout(Duration::from_secs(10), client.0.next()).await.expect("in time") {
            Some(Ok(Message::Close(Some(frame)))) => break u16::from(frame.code),
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(closed, 4400);
}

#[rstest]
#[tokio::test]
async fn a_limited_agency_is_limited_over_a_socket(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "concerns": CONCERNS, "stream": STREAM })).await;
    super::later(&app);
    let mut client = Client::new(&app, &french()).await;
    let other = json!({ "query": "subscription { concernChanged { change } }" });
    let before = client.ask("before", &other).await;
    assert_eq!(before["payload"]["data"]["concernChanged"]["change"], "RESYNC", "{before}");
    limit(&app, &french()).await;
    // What is under way ends, the socket does not.
    let end = client.hear().await;
    assert_eq!(
        (&end["id"], &end["payload"][0]["extensions"]["code"]),
        (&json!("before"), &json!("FORBIDDEN")),
        "{end}"
    );
    for (number, body) in [
        other,
        json!({ "query": INTROSPECTION }),
        with_hash(MISSIONS),
        by_hash(MISSIONS),
        json!({ "query": "mutation { a: __typename }" }),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(client.refused(&format!("r{number}"), body).await, "FORBIDDEN", "{body}");
    }
    for (number, body) in
        [json!({ "documentId": "stream" }), by_hash(STREAM), json!({ "query": STREAM })].iter().enumerate()
    {
        let first = client.ask(&format!("s{number}"), body).await;
        assert_eq!(first["payload"]["data"]["concernChanged"]["change"], "RESYNC", "{first}");
    }
}
