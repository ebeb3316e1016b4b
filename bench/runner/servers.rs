//! Servers under measurement: processes of their own.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chancery_bench::{Result, client::Client};

/// How long a server may take to be ready.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The program itself.
    Chancery,
    /// SQL by hand.
    Floor,
    /// As tutorials show.
    Tutorial,
    /// The program behind its second wall.
    Walled,
}

impl Which {
    /// Whether it is Chancery.
    const fn is_chancery(self) -> bool {
        matches!(self, Self::Chancery | Self::Walled)
    }

    /// Its name, which is its login to PostgreSQL, too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chancery => "chancery",
            Self::Floor => "floor",
            Self::Tutorial => "tutorial",
            Self::Walled => "walled",
        }
    }
}

/// A server that runs. It is stopped when this is dropped.
pub struct Server {
    /// Which.
    pub which: Which,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
    /// From its start to its first answer that it is ready.
    pub ready: Duration,
    /// Memory when nobody had asked it anything, in bytes.
    pub idle: u64,
    child: Child,
}

/// A port that nobody has.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

impl Server {
    /// Starts a server on a database and waits until it says that it is ready.
    pub async fn start(which: Which, database: &str, lanes: usize, scratch: &Path) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let program = program(if which.is_chancery() { "chancery" } else { which.name() })?;
        if which == Which::Walled {
            let mut up = Command::new(&program);
            up.args(["access", "wall", "up"]).env("DATABASE_URL", database).current_dir(scratch).stdout(Stdio::null());
            if !up.status()?.success() {
                return Err("the second wall cannot be built".into());
            }
        }
        let mut command = Command::new(program);
        let log = fs::File::create(scratch.join(format!("{}.log", which.name())))?;
        if which.is_chancery() {
            command.arg("serve");
            command.env("CHANCERY_LISTEN", address.to_string()).env("CHANCERY_READ__LANES", lanes.to_string());
            command.env("CHANCERY_READ__ROW_SECURITY", (which == Which::Walled).to_string());
            command.env("CHANCERY_LOG__LEVEL", "warn").env_remove("DATABASE_URL");
            if database.starts_with("postgres://") {
                command.env("DATABASE_URL", database).env("CHANCERY_DATA_DIR", scratch);
            } else {
                let directory = Path::new(database).parent().ok_or("a database without a directory")?;
                command.env("CHANCERY_DATA_DIR", directory);
            }
        } else {
            command.args(["--database", database, "--lanes", &lanes.to_string(), "--listen", &address.to_string()]);
        }
        command.current_dir(scratch).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let started = Instant::now();
        let child = command.spawn()?;
        let pid = child.id();
        let mut server = Self { which, address, pid, ready: Duration::ZERO, idle: 0, child };
        while !is_ready(address).await {
            if started.elapsed() > PATIENCE || server.child.try_wait()?.is_some() {
                let log = scratch.join(format!("{}.log", which.name()));
                return Err(format!("{} does not start: see {}", which.name(), log.display()).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.ready = started.elapsed();
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.idle = server.memory("VmRSS")?;
        Ok(server)
    }

    /// A line of `/proc/PID/status`, in bytes.
    pub fn memory(&self, line: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
        let kilobytes = found.and_then(|text| text.trim().strip_suffix(" kB")).ok_or("no such line")?;
        Ok(kilobytes.trim().parse::<u64>()? * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut client) = Client::open(address).await else { return false };
    client.ask(b"GET /health/ready HTTP/1.1\r\nhost: bench\r\n\r\n").await.is_ok()
}

/// The program of that name beside this one.
fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let program = own.with_file_name(name);
    if program.exists() { Ok(program) } else { Err(format!("{} is not built", program.display()).into()) }
}
