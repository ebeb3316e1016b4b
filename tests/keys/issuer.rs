//! An identity provider that a test owns: it publishes keys over HTTP, and does whatever else it is told to.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Response, Uri},
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
    task::JoinHandle,
};

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is answered on a path.
#[derive(Clone, Debug)]
pub enum Answer {
    /// JSON, with a `Cache-Control`.
    Json(String, &'static str),
    /// A status and a content type with a body.
    Plain(u16, &'static str, String),
    /// Bytes that say that they are JSON.
    Raw(Vec<u8>),
    /// A redirect to a place.
    Redirect(u16, String),
    /// A body of JSON that never ends.
    Endless,
    /// Headers, and then nothing.
    Half,
    /// Nothing, until it is let go; then JSON as it is published at that time.
    Stall,
    /// Nothing, until it is let go; then this JSON.
    Late(String),
}

#[derive(Default)]
struct Shared {
    answers: Mutex<HashMap<String, Answer>>,
    asked: Mutex<HashMap<String, usize>>,
    all: AtomicUsize,
    sent: AtomicU64,
    changed: Notify,
    let_go: Semaphore0,
}

/// A semaphore without permits, by default.
struct Semaphore0(Semaphore);

impl Default for Semaphore0 {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

/// The provider. It dies with the value.
pub struct Issuer {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    port: u16,
    shared: Arc<Shared>,
    server: Option<JoinHandle<()>>,
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.die();
    }
}

impl Issuer {
    /// One that publishes these keys at `/jwks`, for ten minutes, and says so by discovery.
    pub async fn new(keys: &[Value]) -> Self {
        let mut issuer = Self { url: String::new(), port: 0, shared: Arc::default(), server: None };
        issuer.live().await;
        issuer.publish(keys);
        let document = json!({ "issuer": issuer.url, "jwks_uri": issuer.jwks_uri() });
        issuer.answer("/.well-known/openid-configuration", Answer::Json(document.to_string(), "max-age=600"));
        issuer
    }

    pub fn jwks_uri(&self) -> String {
        format!("{}/jwks", self.url)
    }

    /// Publishes these keys.
    pub fn publish(&self, keys: &[Value]) {
        self.answer("/jwks", Answer::Json(json!({ "keys": keys }).to_string(), "max-age=600"));
    }

    pub fn answer(&self, path: &str, answer: Answer) {
        self.shared.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.shared.asked.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    /// How often anything was.
    pub fn asked_at_all(&self) -> usize {
        self.shared.all.load(Ordering::SeqCst)
    }

    /// Bytes of endless bodies that were taken.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::SeqCst)
    }

    /// Waits until a path has been asked for that often.
    pub async fn until_asked(&self, path: &str, times: usize) {
        let wait = async {
            loop {
                let changed = self.shared.changed.notified();
                if self.asked(path) >= times {
                    return;
                }
                let _ = tokio::time::timeout(Duration::from_millis(50), changed).await;
            }
        };
        assert!(
            tokio::time::timeout(PATIENCE, wait).await.is_ok(),
            "{path} was asked for {} times instead of {times}",
            self.asked(path)
        );
    }

    /// Lets those go on that stall.
    pub fn let_go(&self, many: usize) {
        self.shared.let_go.0.add_permits(many);
    }

    /// Answers nobody any more.
    pub fn die(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
        }
    }

    /// Answers, on the port that it had.
    pub async fn live(&mut self) {
        let listener = loop {
            match TcpListener::bind(("127.0.0.1", self.port)).await {
                Ok(listener) => break listener,
                // What was aborted may hold the port for a moment.
                Err(_) if self.port != 0 => tokio::time::sleep(Duration::from_millis(10)).await,
                Err(error) => panic!("{error}"),
            }
        };
        self.port = listener.local_addr().unwrap().port();
        self.url = format!("http://127.0.0.1:{}", self.port);
        let router = Router::new().fallback(answer).with_state(Arc::clone(&self.shared));
        self.server = Some(tokio::spawn(async move { axum_serve(listener, router).await }));
    }
}

/// One connection, one request: `axum::serve` is not among the features, and aborting this aborts all.
async fn axum_serve(listener: TcpListener, router: Router) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        connections.spawn(async move {
            let io = hyper_util::rt::TokioIo::new(socket);
            let _ = hyper::server::conn::http1::Builder::new().keep_alive(false).serve_connection(io, service).await;
        });
    }
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri) -> Response<Body> {
    let path = uri.path().to_owned();
    *shared.asked.lock().unwrap().entry(path.clone()).or_default() += 1;
    shared.all.fetch_add(1, Ordering::SeqCst);
    shared.changed.notify_waiters();
    let present = || shared.answers.lock().unwrap().get(&path).cloned();
    let answer = match present() {
        Some(Answer::Stall) => {
            shared.let_go.0.acquire().await.unwrap().forget();
            present()
        }
        Some(Answer::Late(body)) => {
            shared.let_go.0.acquire().await.unwrap().forget();
            Some(Answer::Json(body, "max-age=600"))
        }
        other => other,
    };
    let response = Response::builder();
    match answer {
        None | Some(Answer::Stall | Answer::Late(_)) => response.status(404).body(Body::empty()),
        Some(Answer::Json(body, cache)) => {
            response.header("content-type", "application/json").header("cache-control", cache).body(Body::from(body))
        }
        Some(Answer::Plain(status, media, body)) => {
            response.status(status).header("content-type", media).body(Body::from(body))
        }
        Some(Answer::Raw(body)) => response.header("content-type", "application/json").body(Body::from(body)),
        Some(Answer::Redirect(status, to)) => response
            .status(status)
            .header("location", to)
            .header("content-type", "application/json")
            .body(Body::from("{\"keys\":[]}")),
        Some(Answer::Endless) => {
            let chunks = stream::unfold(shared, |shared| async move {
                shared.sent.fetch_add(8192, Ordering::SeqCst);
                Some((Ok::<_, std::io::Error>(vec![b' '; 8192]), shared))
            });
            response.header("content-type", "application/json").body(Body::from_stream(chunks))
        }
        Some(Answer::Half) => {
            let chunks = stream::unfold(false, |said| async move {
                if said {
                    std::future::pending::<()>().await;
                }
                Some((Ok::<_, std::io::Error>(b"{\"keys\":[".to_vec()), true))
            });
            response.header("content-type", "application/json").body(Body::from_stream(chunks))
        }
    }
    .expect("a response")
}
