//! The measure: what a request costs, beside SQL by hand and the stack of the tutorials. README.md says how to read it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]

mod ask;
mod compare;
mod fill;
mod load;
mod measure;
mod plans;
mod postgres;
mod report;
mod servers;
mod writing;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chancery_bench::{
    Result,
    operations::{OPERATIONS, Operation},
    world::{LARGE, SMALL, Scale, Weight},
};
use clap::{Parser, ValueEnum};

use crate::{
    fill::Filled,
    measure::{Cell, Way},
    report::{Report, Standing},
    servers::{Server, Which},
};

/// Connections of each server to the database: as Chancery has it by default.
const LANES: usize = 4;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// A throw-away server.
    Postgres,
    /// A file.
    Sqlite,
}

impl Engine {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }
}

/// Measures what a request costs.
#[derive(Debug, Parser)]
struct Arguments {
    /// How much there is: S (50,000 concerns) or L (1,000,000); several with commas
    #[arg(long, default_value = "S", value_delimiter = ',')]
    scale: Vec<String>,
    /// The database
    #[arg(long, default_value = "postgres", value_delimiter = ',')]
    engine: Vec<Engine>,
    /// Operations, by their names [default: all]
    #[arg(long, value_delimiter = ',')]
    operations: Vec<String>,
    /// Roles, by their names [default: all]
    #[arg(long, value_delimiter = ',')]
    roles: Vec<String>,
    /// Servers, by their names; `walled` is Chancery behind its second wall
    #[arg(long, default_value = "chancery,floor,tutorial", value_delimiter = ',')]
    servers: Vec<String>,
    /// Connections of the client to each server
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Turns of each server in each cell; 0: nothing is measured, as for `--plans` alone
    #[arg(long, default_value_t = 5)]
    repetitions: usize,
    /// How long a turn is
    #[arg(long, default_value_t = 400)]
    milliseconds: u64,
    /// Read the plans that were run, too (PostgreSQL)
    #[arg(long)]
    plans: bool,
    /// Go on where servers answer differently, and say so
    #[arg(long)]
    go_on: bool,
    /// Where filled databases and raw numbers are kept
    #[arg(long, default_value = "target/bench")]
    keep: PathBuf,
    /// Write the tables to bench/RESULTS.md
    #[arg(long)]
    write: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.keep)?;
    let root = arguments.keep.canonicalize()?;
    for engine in &arguments.engine {
        for scale in &arguments.scale {
            let scale = [SMALL, LARGE].into_iter().find(|known| known.name == scale).ok_or("--scale: S or L")?;
            let filled = Filled::open(&root, *engine, scale).await?;
            let report = run(&arguments, &filled, scale, &root).await?;
            report.keep(&root)?;
            println!("{}", report.markdown());
        }
    }
    report::finish(&root, arguments.write)
}

async fn run(arguments: &Arguments, filled: &Filled, scale: Scale, root: &Path) -> Result<Report> {
    let mut report = Report::new(filled, scale, arguments.connections, arguments.repetitions).await?;
    let wanted = |list: &[String], name: &str| list.is_empty() || list.iter().any(|wanted| wanted == name);
    let mut servers = Vec::new();
    for which in [Which::Chancery, Which::Floor, Which::Tutorial, Which::Walled] {
        let postgres_only = matches!(which, Which::Tutorial | Which::Walled) && filled.engine == Engine::Sqlite;
        if wanted(&arguments.servers, which.name()) && !postgres_only {
            servers.push(Server::start(which, &filled.database(which), LANES, &filled.scratch).await?);
        }
    }
    let mut reading = Vec::new();
    let way = Way {
        connections: arguments.connections,
        repetitions: arguments.repetitions,
        turn: Duration::from_millis(arguments.milliseconds),
    };
    let mut writing = Vec::new();
    for operation in OPERATIONS.iter().filter(|operation| wanted(&arguments.operations, operation.name)) {
        for role in operation.roles.iter().filter(|role| wanted(&arguments.roles, role.name())) {
            if operation.writes {
                // A copy of the large world takes as much room again: it is made where that is asked for.
                if scale == SMALL || !arguments.operations.is_empty() {
                    writing.push((operation, *role));
                }
                continue;
            }
            for weight in [Weight::Steady, Weight::Heavy] {
                if weight == Weight::Heavy && !operation.heavy {
                    continue;
                }
                reading.push((operation, *role, weight));
                if arguments.repetitions == 0 {
                    continue;
                }
                let outcome = read(filled, &servers, operation, *role, weight, way, arguments.go_on).await;
                let cell = outcome
                    .map_err(|error| format!("{} {} {}: {error}", operation.name, role.name(), weight.name()))?;
                report.cells.extend(cell);
                // A run is long, and may be cut short.
                report.keep(root)?;
            }
        }
    }
    for server in &servers {
        report.standings.insert(server.which.name().to_owned(), Standing::of(server)?);
    }
    drop(servers);
    if arguments.plans {
        report.plans = plans::check(filled, &reading).await?;
    }
    report.cells.extend(writing::measure(filled, &writing, way).await?);
    Ok(report)
}

async fn read(
    filled: &Filled,
    servers: &[Server],
    operation: &Operation,
    role: chancery::access::Role,
    weight: Weight,
    way: Way,
    go_on: bool,
) -> Result<Option<Cell>> {
    let askers = ask::askers(filled, role, weight)?;
    if askers.is_empty() {
        return Ok(None);
    }
    let chancery = servers.iter().find(|server| server.which == Which::Chancery).ok_or("Chancery is always asked")?;
    let asked = ask::requests(chancery.address, operation, &askers).await?;
    let answers = |server: &&Server| server.which != Which::Tutorial || operation.tutorial;
    let servers: Vec<&Server> = servers.iter().filter(answers).collect();
    if let Err(error) = compare::same(&servers, operation, &asked).await {
        if !go_on {
            return Err(error);
        }
        eprintln!("{} {} {}: {error}", operation.name, role.name(), weight.name());
        return Ok(None);
    }
    let mut admin = filled.admin().await?;
    let requests = |server: &Server, _: usize| asked.iter().map(|asked| asked.bytes(server.which, operation)).collect();
    let turns = measure::cell(&servers, operation, &requests, way, &mut admin).await?;
    let cell = Cell {
        operation: operation.name.to_owned(),
        role: role.name().to_owned(),
        weight: weight.name().to_owned(),
        turns,
    };
    eprintln!("{}", report::line(&cell));
    Ok(Some(cell))
}
