//! The program itself, serving the demo as an operator runs it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use chancery::store::Address;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::TestDb;

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server in a process of its own. It is killed with the value.
pub struct Program {
    process: Child,
    /// Where clients are served.
    pub address: SocketAddr,
    /// A token of each role, by its name.
    pub tokens: Value,
    config: PathBuf,
    log: PathBuf,
    said: Arc<Mutex<String>>,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Everything before the body.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a body of JSON")
    }
}

/// The program over a database, with a configuration.
fn command(db: &TestDb, config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.arg("--config").arg(config).env("CHANCERY_DATA_DIR", db.directory());
    if let Address::Postgres(options) = &db.store.address {
        let url = sqlx::ConnectOptions::to_url_lossy(options);
        command.env("DATABASE_URL", url.as_str());
    }
    command
}

impl Program {
    /// Serves the demo, under a configuration (TOML); the first time it makes the demo's data.
    pub fn demo(db: &TestDb, config: &str) -> Self {
        let (file, tokens) = (db.directory().join("chancery.toml"), db.directory().join("tokens.json"));
        fs::write(&file, config).expect("written");
        let log = db.directory().join("log");
        let mut process = command(db, &file)
            .args(["demo", "--listen", "127.0.0.1:0", "--tokens", tokens.to_str().expect("a path")])
            .stdout(Stdio::piped())
            .stderr(fs::File::options().create(true).append(true).open(&log).expect("a file"))
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output"));
        let mut said = String::new();
        let address = loop {
            let before = said.len();
            assert!(lines.read_line(&mut said).expect("a line") > 0, "it serves: {}", read(&log));
            if let Some(rest) = said[before..].strip_prefix("GraphiQL: http://") {
                break rest.split('/').next().and_then(|address| address.parse().ok()).expect("an address");
            }
        };
        let said = Arc::new(Mutex::new(said));
        let kept = said.clone();
        std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = lines.read_to_string(&mut rest);
            kept.lock().expect("what it said").push_str(&rest);
        });
        let tokens = serde_json::from_str(&read(&tokens)).expect("JSON");
        Self { process, address, tokens, config: file, log, said }
    }

    /// The token of a role.
    pub fn token(&self, role: &str) -> &str {
        self.tokens[role].as_str().expect("a token")
    }

    /// Writes another configuration.
    pub fn configure(&self, config: &str) {
        fs::write(&self.config, config).expect("written");
    }

    /// Sends a signal, by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// SIGKILL: nothing is told to it, nothing is drained.
    pub fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("gone");
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(&mut self) {
        self.signal("TERM");
        assert!(self.process.wait().expect("it ends").success());
    }

    /// The log so far.
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// What it has printed.
    pub fn said(&self) -> String {
        self.said.lock().expect("what it said").clone()
    }

    /// The first line of the log, from a place in it on, that is one; waits for it.
    pub async fn logged(&self, from: usize, is_one: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let log = self.log();
            let lines = log.get(from..).unwrap_or_default().lines().filter_map(|line| serde_json::from_str(line).ok());
            if let Some(line) = lines.into_iter().find(&is_one) {
                return line;
            }
            assert!(Instant::now() < until, "nothing of that in the log: {log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Where operators are served.
    pub async fn operators(&self) -> SocketAddr {
        let line = self.logged(0, |line| line["message"] == "serving operators").await;
        line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address")
    }

    /// Another command over the same database and configuration.
    pub fn run(&self, db: &TestDb, arguments: &[&str]) -> Output {
        command(db, &self.config).args(arguments).output().expect("the program runs")
    }

    /// Asks by POST, as a role.
    pub async fn ask(&self, role: &str, body: &Value) -> Answer {
        post(self.address, self.token(role), &body.to_string()).await.expect("an answer")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `chancery serve`, which nobody has waited for. It is killed with the value.
pub struct Starting {
    process: Child,
    log: PathBuf,
}

impl Starting {
    /// Begins it over a database, with a configuration.
    pub fn serve(db: &TestDb, config: &str) -> Self {
        let (file, log) = (db.directory().join("chancery.toml"), db.directory().join("log"));
        fs::write(&file, config).expect("written");
        let process = command(db, &file)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).expect("a file"))
            .spawn()
            .expect("the program starts");
        Self { process, log }
    }

    /// SIGHUP.
    pub fn hang_up(&self) {
        let status = Command::new("kill").args(["-s", "HUP", &self.process.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// The log, once it says that; waits for it.
    pub async fn logged(&mut self, what: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let log = read(&self.log);
            if log.contains(what) {
                return log;
            }
            assert!(self.process.try_wait().expect("a state").is_none(), "it has ended: {log}");
            assert!(Instant::now() < until, "nothing of that in the log: {log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Posts a body to the graph; nothing if the server went away before it answered.
pub async fn post(address: SocketAddr, token: &str, body: &str) -> Option<Answer> {
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    send(address, &request).await
}

/// Gets a path.
pub async fn get(address: SocketAddr, path: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    send(address, &request).await.expect("an answer")
}

/// Sends a request as it is; nothing if the server went away before it answered.
pub async fn send(address: SocketAddr, request: &str) -> Option<Answer> {
    let mut socket = TcpStream::connect(address).await.ok()?;
    socket.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
