//! A server that says the same text to every WebSocket there is, and knows nothing: what telling costs at least.

use std::sync::Arc;

use axum::{
    Router,
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::{get, post},
};
use tokio::sync::broadcast;

/// Texts that wait for a socket.
const WAITING: usize = 64;

type Texts = broadcast::Sender<Arc<str>>;

/// Sockets at `/ws`, what they are told at `/tell`.
pub fn router() -> Router {
    let texts: Texts = broadcast::Sender::new(WAITING);
    Router::new().route("/ws", get(socket)).route("/tell", post(tell)).with_state(texts)
}

async fn tell(State(texts): State<Texts>, body: String) -> String {
    // Nobody listens yet where nobody does.
    let told = texts.send(body.into()).unwrap_or(0);
    told.to_string()
}

async fn socket(State(texts): State<Texts>, upgrade: WebSocketUpgrade) -> Response {
    let texts = texts.subscribe();
    upgrade.on_upgrade(move |socket| listen(socket, texts))
}

async fn listen(mut socket: WebSocket, mut texts: broadcast::Receiver<Arc<str>>) {
    loop {
        tokio::select! {
            text = texts.recv() => {
                let Ok(text) = text else { return };
                if socket.send(Message::Text(text.as_ref().into())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => {
                if !matches!(message, Some(Ok(_))) {
                    return;
                }
            }
        }
    }
}
