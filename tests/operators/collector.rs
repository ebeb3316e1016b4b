//! A collector of traces that a test owns: it keeps every byte that it is sent.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State, http::Uri};
use chancery::{config::Limits, edge};
use tokio::{net::TcpListener, task::JoinHandle};

/// How long something may take that must come.
const PATIENCE: Duration = Duration::from_secs(30);

type Kept = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

pub struct Collector {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    kept: Kept,
    server: JoinHandle<()>,
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Collector {
    pub async fn new() -> Self {
        let kept = Kept::default();
        let keep = async |State(kept): State<Kept>, uri: Uri, body: Bytes| {
            kept.lock().unwrap().push((uri.path().to_owned(), body.to_vec()));
        };
        let router = Router::new().fallback(keep).with_state(kept.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let limits = Limits { request_seconds: 60, ..Limits::default() };
        let server = tokio::spawn(async move {
            edge::serve(listener, router, &limits, Duration::ZERO, std::future::pending()).await;
        });
        Self { url, kept, server }
    }

    /// Everything that was sent, as text in which names and ids can be looked for.
    pub fn text(&self) -> String {
        let kept = self.kept.lock().unwrap();
        kept.iter().map(|(path, body)| format!("{path} {}\n", String::from_utf8_lossy(body))).collect()
    }

    /// Whether these bytes were sent: ids are sent as bytes.
    pub fn has(&self, bytes: &[u8]) -> bool {
        self.kept.lock().unwrap().iter().any(|(_, body)| body.windows(bytes.len()).any(|window| window == bytes))
    }

    /// Waits until this was sent.
    pub async fn wait_for(&self, what: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.text().contains(what) {
            assert!(Instant::now() < until, "{what} was never sent: {}", self.text());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
