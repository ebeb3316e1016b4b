//! A throw-away PostgreSQL server, in a directory of ours.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chancery_bench::Result;

/// Settings of the server. Nothing is durable, as the data can be made again; the rest is what a server of this size would
/// be given. Parallel workers end before their CPU can be read.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=100",
    "shared_buffers=2GB",
    "effective_cache_size=6GB",
    "work_mem=16MB",
    "maintenance_work_mem=512MB",
    "max_wal_size=2GB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_parallel_workers_per_gather=0",
    "autovacuum=on",
    "shared_preload_libraries=pg_stat_statements",
    "log_line_prefix=%a|%p ",
];

/// A server that runs. It is stopped when this is dropped.
pub struct Postgres {
    binaries: PathBuf,
    directory: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts the server whose data are in the directory, made if it is not there.
    pub fn start(directory: &Path) -> Result<Self> {
        let binaries = binaries()?;
        let server = Self { binaries, directory: directory.to_owned(), port: super::servers::free_port()? };
        fs::create_dir_all(directory)?;
        own(directory)?;
        if !directory.join("pg/PG_VERSION").exists() {
            let data = format!("--pgdata={}", directory.join("pg").display());
            let options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
            server.run("initdb", &[&[data.as_str()], options.as_slice()].concat())?;
        }
        // What a run that was killed left behind.
        if directory.join("pg/postmaster.pid").exists() {
            drop(server.control(&["--mode=fast", "stop"]));
        }
        let setting = |text: &&str| text.split_once('=').map(|(name, value)| format!("{name} = '{value}'\n"));
        let settings: String = SETTINGS.iter().filter_map(setting).collect();
        fs::write(directory.join("pg/postgresql.auto.conf"), settings)?;
        let log = format!("--log={}", server.log().display());
        let options = format!("--options=-p {}", server.port);
        server.control(&[&log, "--wait", "--timeout=120", &options, "start"])?;
        Ok(server)
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// What it logs to.
    pub fn log(&self) -> PathBuf {
        self.directory.join("pg.log")
    }

    fn control(&self, arguments: &[&str]) -> Result<()> {
        let data = format!("--pgdata={}", self.directory.join("pg").display());
        self.run("pg_ctl", &[&[data.as_str(), "--silent"], arguments].concat())
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let program = self.binaries.join(program);
        let mut command = as_owner(&program);
        command.args(arguments).current_dir(&self.directory).stdin(Stdio::null()).stdout(Stdio::null());
        let log = fs::OpenOptions::new().create(true).append(true).open(self.directory.join("control.log"))?;
        let status = command.stderr(log).status()?;
        if status.success() {
            return Ok(());
        }
        Err(format!("{} failed: see {}", program.display(), self.directory.display()).into())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.control(&["--mode=fast", "--wait", "stop"]));
    }
}

/// PostgreSQL refuses to run as root.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

fn own(directory: &Path) -> Result<()> {
    if is_root() && !Command::new("chown").arg("postgres:").arg(directory).status()?.success() {
        return Err("the data directory cannot be given to postgres".into());
    }
    Ok(())
}

/// The newest that is installed.
fn binaries() -> Result<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        found.extend(versions.filter_map(|version| Some(version.ok()?.path().join("bin"))));
    }
    found.sort();
    found.retain(|directory| ["initdb", "pg_ctl", "postgres"].iter().all(|program| directory.join(program).exists()));
    found.pop().ok_or_else(|| "no PostgreSQL under /usr/lib/postgresql: `just bench` installs it where apt is".into())
}
