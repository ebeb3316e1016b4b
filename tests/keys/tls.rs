//! Over TLS, as in service: the program itself, and key servers whose certificates are, and are not, what they should be.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, routing::get};
use chancery::{clock::Clock, store::Engine};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::{TlsAcceptor, rustls};

use super::{
    enrol,
    forge::Signer,
    jwks,
    support::{TestDb, small_world},
    token_at,
};

const ISSUER: &str = "https://idp.example.org";

/// The program, serving. It ends with the value.
struct Program {
    process: Child,
    address: String,
    /// Held open, so that it may go on to log.
    _log: BufReader<ChildStderr>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Program {
    /// Which trusts these roots alone, or those of the machine.
    fn serve(db: &TestDb, roots: Option<&Path>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(Stdio::piped());
        command
            .env("CHANCERY_DATA_DIR", db.directory())
            .env("CHANCERY_KEYS__LOOPBACK", "true")
            .env_remove("DATABASE_URL");
        if let Some(roots) = roots {
            command.env("SSL_CERT_FILE", roots);
        }
        let mut process = command.spawn().expect("the program starts");
        let mut log = BufReader::new(process.stderr.take().expect("its log"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(log.read_line(&mut line).expect("a line") > 0, "it ended before it served");
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            let fields = if said["fields"].is_object() { &said["fields"] } else { &said };
            if fields["message"] == "serving" {
                break fields["address"].as_str().expect("an address").to_owned();
            }
        };
        Self { process, address, _log: log }
    }

    async fn ask(&self, token: &str) -> u16 {
        let request = reqwest::Client::new()
            .post(format!("http://{}/graphql", self.address))
            .header("content-type", "application/json")
            .bearer_auth(token)
            .body(r#"{"query":"{ viewer { role } }"}"#);
        request.send().await.expect("an answer").status().as_u16()
    }
}

/// A key server with a certificate for that name, which nobody but itself has signed: its port, how often it was asked,
/// and the certificate.
async fn key_server(name: &str, keys: &[Value]) -> (u16, Arc<AtomicUsize>, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let settings = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let (acceptor, asked) = (TlsAcceptor::from(Arc::new(settings)), Arc::new(AtomicUsize::new(0)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (set, counted) = (json!({ "keys": keys }).to_string(), Arc::clone(&asked));
    let answer = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        let set = set.clone();
        async move { ([("content-type", "application/jwk-set+json")], set) }
    };
    let router = Router::new().route("/jwks", get(answer));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, router) = (acceptor.clone(), router.clone());
            tokio::spawn(async move {
                let Ok(socket) = acceptor.accept(socket).await else { return };
                let service = hyper_util::service::TowerToHyperService::new(router);
                let io = hyper_util::rt::TokioIo::new(socket);
                let _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
            });
        }
    });
    (port, asked, made.cert.pem())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_server_must_prove_its_name() {
    let one = Signer::new("ES256", "k-1");
    let db = TestDb::new(Engine::Sqlite).await;
    small_world::fill(&db).await;
    let roots = db.directory().join("roots.pem");
    let token = token_at(Clock::system().now(), ISSUER, &one, one.kid());
    for (why, name, is_trusted, expected) in [
        ("nobody whom the machine trusts has signed it", "localhost", false, 401),
        ("it is another's", "elsewhere.example", true, 401),
        ("all is well", "localhost", true, 200),
    ] {
        let (port, asked, certificate) = key_server(name, &jwks(&[&one])).await;
        std::fs::write(&roots, certificate).unwrap();
        enrol(&db, ISSUER, &format!("jwks_uri = 'https://localhost:{port}/jwks'")).await;
        let program = Program::serve(&db, is_trusted.then_some(roots.as_path()));
        assert_eq!(program.ask(&token).await, expected, "{why}");
        assert_eq!(asked.load(Ordering::SeqCst), usize::from(expected == 200), "{why}");
    }
}
