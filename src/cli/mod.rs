//! The command line: one file per command, and what they share.
//!
//! Results go to standard output; errors go to standard error as one line (with `-v` their causes below it) and
//! exit code 1. Misuse is exit code 2.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints its results")]

use std::{
    error::Error as StdError,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tokio::sync::OnceCell;

use crate::{
    clock::Clock,
    config::{Config, Log, LogFormat, Problems, Telemetry},
    error::Error,
    store::{Address, Store},
    telemetry,
};

pub mod access;
pub mod agency;
pub mod audit;
pub mod config;
pub mod confirm_areas;
pub mod demo;
mod detail;
pub mod doctor;
pub mod documents;
pub mod export;
pub mod health;
pub mod import;
pub mod migrate;
pub mod person;
pub mod place;
mod reload;
pub mod revocation;
pub mod schema;
pub mod serve;
mod table;
pub mod token;
pub mod visibility;
pub mod wall;

/// A role-scoped GraphQL gateway in front of protective-liaison data.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, about, propagate_version = true)]
struct Cli {
    /// Configuration file [default: ./chancery.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of the embedded database [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Tell the causes of an error
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the graph
    Serve(serve::Args),
    /// Make the demo if it is not there, print a token and a question for each role, and serve
    Demo(demo::Args),
    /// Ask the server on this machine whether it is ready
    Health(health::Args),
    /// Bring the database's schema up to date, look at it, or step back
    Migrate(migrate::Args),
    /// Import real public files
    #[command(subcommand)]
    Import(import::Import),
    /// Write concerns or missions to a file, as far as a person may read them
    Export(export::Args),
    /// Print the schema of a role, or of all roles together, as SDL
    Schema(schema::Args),
    /// Print who may see what; rebuild or verify what is derived from it
    Access(access::Args),
    /// The registry of agencies: enrol, list, suspend, revoke, confirm areas, keys
    #[command(subcommand)]
    Agency(agency::AgencyCommand),
    /// The persons and machines of agencies
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// The protective details that stand all the time: open, list
    #[command(subcommand)]
    Detail(detail::DetailCommand),
    /// The trusted documents of agencies: import, list, limit an agency to them
    #[command(subcommand)]
    Documents(documents::DocumentsCommand),
    /// Revoke a token; mint one of an agency that the demo made
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// The audit trail: whether it is whole, where it stands, who may write it
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Check or show the configuration
    Config(config::Args),
    /// Look for what keeps this from serving, or from serving safely, and say what to do
    Doctor(doctor::Args),
}

/// What any command may fail with. What a user should read is its message; the rest is told with `-v`.
pub type Failure = Box<dyn StdError + Send + Sync>;
/// The result of a command.
pub type Outcome<T = ()> = Result<T, Failure>;

/// What the commands share. The database is opened when it is first asked for.
#[derive(Debug)]
pub struct Context {
    /// The configuration, with the command line over it.
    pub config: Config,
    /// The machine's clock.
    pub clock: Clock,
    /// The file that was named, and the data directory.
    given: (Option<PathBuf>, Option<PathBuf>),
    store: OnceCell<Store>,
}

impl Context {
    /// A context over a configuration.
    pub fn new(config: Config) -> Self {
        Self { config, clock: Clock::system(), given: (None, None), store: OnceCell::new() }
    }

    /// The configuration as it is now, with the command line over it.
    fn reread(&self) -> Result<Config, Problems> {
        let (file, data_dir) = &self.given;
        let config = Config::load(file.as_deref())?;
        Ok(match data_dir {
            Some(data_dir) => Config { data_dir: data_dir.clone(), ..config },
            None => config,
        })
    }

    /// The database, whatever the state of its schema. Makes the data directory (mode 0700) and the embedded
    /// database (mode 0600) if they are not there.
    pub async fn any_store(&self) -> Outcome<&Store> {
        let open = || async {
            let address = self.config.address()?;
            if matches!(address, Address::Sqlite(_)) {
                private_directory(&self.config.data_dir)?;
                private_file(&self.config.data_dir.join(Config::DATABASE_FILE))?;
            }
            Store::open(address).await.map_err(|error| told("the database cannot be opened", error))
        };
        self.store.get_or_try_init(open).await
    }

    /// The database, its schema up to date: an error that says what to do if a migration is missing.
    pub async fn store(&self) -> Outcome<&Store> {
        let store = self.any_store().await?;
        match store.pending_migrations().await? {
            0 => Ok(store),
            missing => Err(format!("the database lacks {missing} migrations: run `chancery migrate`").into()),
        }
    }
}

/// A failure with a sentence in front and the error as its cause.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
struct Told {
    sentence: String,
    #[source]
    cause: Failure,
}

/// Puts a sentence for the user before an error, which stays as the cause.
pub fn told(sentence: impl Into<String>, cause: impl Into<Failure>) -> Failure {
    Box::new(Told { sentence: sentence.into(), cause: cause.into() })
}

/// What lies at the bottom of a failure; none if it is its own cause.
fn cause(failure: &Failure) -> Option<String> {
    std::iter::successors(failure.source(), |&error| error.source()).last().map(ToString::to_string)
}

/// Makes a directory that only its owner may enter, if there is none; one that is there is left as it is.
pub fn private_directory(path: &Path) -> Outcome {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| told(format!("{} cannot be made", path.display()), error))
}

/// Makes an empty file that only its owner may read, if there is none.
fn private_file(path: &Path) -> Outcome {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| told(format!("{} cannot be written", path.display()), error))
}

/// Whether a command line, after the program's name, is one: what is wrong with it otherwise. Nothing is run.
pub fn understand<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<(), String> {
    let line = std::iter::once("chancery").chain(arguments);
    Cli::try_parse_from(line).map(drop).map_err(|error| error.to_string())
}

/// The program: reads the arguments, runs the command, tells what went wrong.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let verbose = cli.verbose;
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // A code is for programs that read answers; whoever typed the command reads the sentence.
            match failure.downcast_ref::<Error>() {
                Some(error) => eprintln!("chancery: {}", error.message),
                None => eprintln!("chancery: {failure}"),
            }
            let mut cause = failure.source().filter(|_| verbose);
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Whether a command serves until it is stopped.
const fn serves(command: &Command) -> bool {
    matches!(command, Command::Serve(_) | Command::Demo(_))
}

/// What a person runs on a terminal says what it did by itself: it logs warnings only, readably, unless a log was
/// configured. The server logs as configured.
fn log_of(command: &Command, configured: &Log) -> Log {
    match command {
        Command::Serve(_) => configured.clone(),
        _ if *configured == Log::default() => {
            Log { format: LogFormat::Pretty, level: "warn".to_owned(), ..Log::default() }
        }
        _ => configured.clone(),
    }
}

fn run(cli: Cli) -> Outcome {
    let loaded = Config::load(cli.config.as_deref());
    if let Command::Config(args) = &cli.command {
        return config::run(args, loaded);
    }
    let loaded = match (&cli.command, loaded) {
        (Command::Doctor(args), Err(problems)) => return doctor::wrong(args, &problems, &mut std::io::stdout()),
        (_, loaded) => loaded,
    };
    let mut config = loaded.map_err(|problems| format!("the configuration is wrong\n{problems}"))?;
    if let Some(directory) = &cli.data_dir {
        config.data_dir.clone_from(directory);
    }
    // A collector is for servers: what a person runs on a terminal is seen there.
    let telemetry = if serves(&cli.command) { config.telemetry.clone() } else { Telemetry::default() };
    telemetry::start(&log_of(&cli.command, &config.log), &telemetry).map_err(|fault| told(fault.to_string(), fault))?;
    let context = Context { given: (cli.config, cli.data_dir), ..Context::new(config) };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| told("the runtime cannot start", error))?;
    runtime.block_on(async {
        let (clock, out) = (&context.clock, &mut std::io::stdout());
        match cli.command {
            Command::Serve(args) => serve::run(&context, &args).await,
            Command::Demo(args) => demo::run(&context, &args).await,
            Command::Health(args) => health::run(&context, &args).await,
            Command::Migrate(args) => migrate::run(&context, &args).await,
            Command::Export(args) => export::run(&context, &args, out).await,
            Command::Schema(args) => schema::run(&args, out),
            Command::Access(args) => access::run(&context, args, out).await,
            Command::Import(command) => Ok(import::run(command, context.store().await?, clock, out).await?),
            Command::Agency(command) => Ok(agency::run(command, context.store().await?, clock, out).await?),
            Command::Person(command) => Ok(person::run(command, context.store().await?, clock, out).await?),
            Command::Detail(command) => Ok(detail::run(command, context.store().await?, clock, out).await?),
            Command::Documents(command) => {
                let limits = &context.config.limits;
                Ok(documents::run(command, context.store().await?, clock, limits, out).await?)
            }
            Command::Token(command) => {
                let keys = context.config.data_dir.join(demo::KEYS);
                Ok(token::run(command, context.store().await?, clock, &keys, out).await?)
            }
            Command::Audit(command) => audit::run(command, &context, out).await,
            Command::Config(_) => Ok(()),
            Command::Doctor(args) => doctor::run(&args, &context, out).await,
        }
    })
}
