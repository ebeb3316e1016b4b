//! `chancery doctor`: what keeps this from serving, or from serving safely, and what to do about it.
//!
//! It changes nothing. What it asks of key servers it asks as the server would.

use std::{io::Write, path::Path, time::Duration};

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::{Context, Outcome, cause, table::Table};
use crate::{
    audit,
    clock::parse_instant,
    config::{Config, Problems},
    desk::{registry, response, search, visibility},
    error::Error,
    identity::keys_found,
    read::wall,
    store::{Address, Engine, Store},
};

/// Look for what keeps this from serving, or from serving safely, and say what to do.
///
/// Ends with 1 if anything fails; a warning is for you to judge. It changes nothing.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub struct Args {
    /// Leave out what reads whole tables: the file of SQLite, visibility, words, response clocks, the audit trail
    #[arg(long)]
    pub quick: bool,
    /// Print a list of objects
    #[arg(long)]
    pub json: bool,
}

/// By how much clocks may differ: tokens are judged with a leeway of 30 s.
const DRIFT: time::Duration = time::Duration::seconds(2);
const TOO_FAR: time::Duration = time::Duration::seconds(15);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// How it stands with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Well,
    Warning,
    Fault,
}

/// What was found.
struct Finding {
    check: &'static str,
    grade: Grade,
    says: String,
    /// What to do; empty where there is nothing.
    advice: String,
}

/// All that was found.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn well(&mut self, check: &'static str, says: impl Into<String>) {
        self.0.push(Finding { check, grade: Grade::Well, says: says.into(), advice: String::new() });
    }

    fn warning(&mut self, check: &'static str, says: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding { check, grade: Grade::Warning, says: says.into(), advice: advice.into() });
    }

    fn fault(&mut self, check: &'static str, says: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding { check, grade: Grade::Fault, says: says.into(), advice: advice.into() });
    }

    /// What was looked for, or that it could not be looked at.
    fn looked<T>(&mut self, check: &'static str, looked: crate::error::Result<T>) -> Option<T> {
        match looked {
            Ok(found) => Some(found),
            Err(error) => {
                self.fault(check, unseen(&error), "mend that first, then ask again");
                None
            }
        }
    }

    /// Prints everything; fails if anything does.
    fn tell(&self, args: Args, out: &mut dyn Write) -> Outcome {
        let mut table = Table::new(&["check", "result", "finding", "advice"]);
        for Finding { check, grade, says, advice } in &self.0 {
            let grade = match grade {
                Grade::Well => "ok",
                Grade::Warning => "warning",
                Grade::Fault => "FAILED",
            };
            let advice = if advice.is_empty() { Value::Null } else { json!(advice) };
            table.row([json!(check), json!(grade), json!(says), advice]);
        }
        table.print(args.json, out)?;
        match self.0.iter().filter(|finding| finding.grade == Grade::Fault).count() {
            0 => Ok(()),
            1 => Err("1 check failed".into()),
            more => Err(format!("{more} checks failed").into()),
        }
    }
}

/// Why something could not be looked at: for an operator, whose own database it is.
fn unseen(error: &Error) -> String {
    match &error.cause {
        Some(cause) => format!("cannot be looked at: {cause}"),
        None => format!("cannot be looked at: {}", error.message),
    }
}

/// Runs the command on a configuration that is wrong: nothing else can be looked at.
pub fn wrong(args: &Args, problems: &Problems, out: &mut impl Write) -> Outcome {
    let mut found = Findings::default();
    for problem in &problems.0 {
        found.fault("configuration", problem, "chancery.example.toml has every key with its default");
    }
    found.tell(*args, out)
}

/// Runs the command.
pub async fn run(args: &Args, context: &Context, out: &mut impl Write) -> Outcome {
    let mut found = Findings::default();
    configuration(&context.config, &mut found);
    if let Some(store) = database(context, &mut found).await {
        clock(context, store, &mut found).await;
        people(store, &mut found).await;
        keys(context, store, &mut found).await;
        wall(context, store, &mut found).await;
        if !args.quick {
            if let Some(Some(corruption)) = found.looked("database", store.corruption().await) {
                found.fault("database", corruption, "restore the last backup (docs/OPERATIONS.md)");
            }
            derived(store, &mut found).await;
            trail(context, store, &mut found).await;
        }
    }
    found.tell(*args, out)
}

fn configuration(config: &Config, found: &mut Findings) {
    found.well("configuration", "every key is known and within its bounds");
    let open = |address: &std::net::SocketAddr| !address.ip().is_loopback();
    if let Some(admin) = config.admin.listen.as_ref().filter(|address| open(address)) {
        let advice = "metrics name agencies and operations: keep clients from that address, or set a loopback one";
        found.warning("configuration", format!("admin.listen = {admin} asks nobody who they are"), advice);
    }
    if config.keys.loopback || config.keys.private_addresses {
        let advice = "leave both false unless an agency's key server is in your own network";
        found.warning("configuration", "keys.loopback or keys.private_addresses is set", advice);
    }
    if config
        .telemetry
        .otlp_endpoint
        .as_deref()
        .is_some_and(|endpoint| endpoint.starts_with("http://") && !is_near(endpoint))
    {
        let advice = "use https, or a collector on this machine";
        found.warning("configuration", "telemetry.otlp_endpoint sends traces in the clear", advice);
    }
    #[cfg(unix)]
    if config.engine() == Engine::Sqlite {
        let (directory, file) = (&config.data_dir, config.data_dir.join(Config::DATABASE_FILE));
        if is_open(directory) {
            let advice = format!("chmod 700 {}", directory.display());
            found.warning("configuration", "others may enter the data directory", advice);
        }
        if is_open(&file) {
            let advice = format!("chmod 600 {}", file.display());
            found.fault("configuration", "others may read the database", advice);
        }
    }
}

fn is_near(endpoint: &str) -> bool {
    ["http://127.", "http://localhost", "http://[::1]"].iter().any(|near| endpoint.starts_with(near))
}

/// Whether others than its owner may do anything with it.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

/// The database, if what comes after can be asked of it.
async fn database<'a>(context: &'a Context, found: &mut Findings) -> Option<&'a Store> {
    if let Ok(Address::Sqlite(options)) = context.config.address()
        && !options.get_filename().exists()
    {
        let says = format!("{} is not there", options.get_filename().display());
        found.fault("database", says, "run `chancery migrate`, or name another with --data-dir or DATABASE_URL");
        return None;
    }
    let opened = tokio::time::timeout(PATIENCE, context.any_store()).await;
    let store = match opened {
        Ok(Ok(store)) => store,
        Ok(Err(failure)) => {
            let cause = cause(&failure).map(|cause| format!(": {cause}")).unwrap_or_default();
            found.fault("database", format!("{failure}{cause}"), "is DATABASE_URL right, and does the server run?");
            return None;
        }
        Err(_) => {
            found.fault("database", "it does not answer", "is DATABASE_URL right, and does the server run?");
            return None;
        }
    };
    let version = found.looked("database", store.version().await)?;
    found.well("database", version);
    match store.pending_migrations().await {
        Ok(0) => found.well("migrations", "none is missing"),
        Ok(missing) => {
            found.fault("migrations", format!("{missing} are missing"), "run `chancery migrate`");
            return None;
        }
        Err(error) => {
            found.fault("migrations", unseen(&error), "run a program as new as the schema");
            return None;
        }
    }
    Some(store)
}

async fn clock(context: &Context, store: &Store, found: &mut Findings) {
    let now = context.clock.now();
    if let Some(Some(theirs)) = found.looked("clock", store.clock().await)
        && let Some(theirs) = parse_instant(&theirs)
    {
        let apart = (now - theirs).abs();
        let says = format!("{:.1} s from the database server's", apart.as_seconds_f64());
        match apart {
            apart if apart > TOO_FAR => found.fault("clock", says, "set both by NTP: tokens are judged by this one"),
            apart if apart > DRIFT => found.warning("clock", says, "set both by NTP"),
            _ => found.well("clock", says),
        }
    }
    if let Some(latest) = found.looked("clock", audit::latest(store).await) {
        let latest = latest.as_deref().and_then(parse_instant);
        match latest.map(|latest| latest - now) {
            Some(ahead) if ahead > DRIFT => {
                let says = format!("the audit trail is {} s ahead of it", ahead.whole_seconds());
                found.fault("clock", says, "was it set back? Tokens that have expired may hold again: set it by NTP");
            }
            _ => found.well("clock", "not before the youngest event of the audit trail"),
        }
    }
}

async fn people(store: &Store, found: &mut Findings) {
    match found.looked("registry", registry::has_demo(&store.orm).await) {
        Some(true) => {
            let advice = "never serve this; for real data begin with another database";
            found.warning("registry", "agencies of the demo can sign in; their private keys lie about", advice);
        }
        Some(false) => found.well("registry", "no agency of the demo can sign in"),
        None => return,
    }
    match found.looked("registry", registry::has_administrator(&store.orm).await) {
        Some(true) => found.well("registry", "somebody administers it"),
        Some(false) => {
            let advice = "enrol one: `chancery agency add`, `chancery person add` (docs/OPERATIONS.md)";
            found.warning("registry", "nobody who can sign in administers it", advice);
        }
        None => {}
    }
}

async fn keys(context: &Context, store: &Store, found: &mut Findings) {
    let Some(agencies) = found.looked("key sets", registry::agencies(&store.orm, false).await) else { return };
    if agencies.is_empty() {
        found.warning("key sets", "no agency can sign in", "enrol one: `chancery agency add`");
    }
    for agency in agencies.iter().filter(|agency| agency.suspended_at.is_none()) {
        let name = agency.short_name.as_deref().unwrap_or(&agency.name);
        match keys_found(&store.orm, agency, &context.config.keys, &context.clock).await {
            Ok(keys) if keys.fit == 0 => {
                let advice = "its tokens are all refused: `chancery agency keys add`, or `keys from`";
                found.fault("key sets", format!("{name} has no key that is fit ({} are not)", keys.unfit), advice);
            }
            Ok(keys) if keys.unfit > 0 => {
                let says = format!("{name}: {} fit, {} not used", keys.fit, keys.unfit);
                found.warning("key sets", says, "wrong type, use, algorithm or size: the log of `serve` names each");
            }
            Ok(keys) => {
                let from = if keys.fetched { "fetched" } else { "held" };
                found.well("key sets", format!("{name}: {} {from}", keys.fit));
            }
            Err(fault) => {
                let advice =
                    "once what is remembered is too old, its tokens are refused: ask the agency, or see [keys]";
                found.fault("key sets", format!("{name}: {fault}"), advice);
            }
        }
    }
}

async fn wall(context: &Context, store: &Store, found: &mut Findings) {
    if !context.config.read.row_security {
        return;
    }
    match found.looked("second wall", wall::faults(store, &context.config.read.role).await).as_deref() {
        Some([]) => found.well("second wall", "it stands as this version builds it"),
        Some(faults) => {
            for fault in faults {
                found.fault("second wall", fault, "run `chancery access wall up`");
            }
        }
        None => {}
    }
}

/// What is derived from rows, held against them.
async fn derived(store: &Store, found: &mut Findings) {
    let rebuild = "run `chancery access rebuild`; if nobody changed rows by hand or upgraded, tell us";
    let lines = visibility::verify(store, 0).await.map(|lines| (lines.lines, lines.missing + lines.surplus));
    let words = search::verify(store, 0).await.map(|words| (words.lines, words.missing + words.surplus));
    let clocks = response::verify(store).await.map(|clocks| (clocks.clocks, clocks.wrong.len() as u64));
    for (check, looked) in [("visibility", lines), ("words", words), ("response clocks", clocks)] {
        match found.looked(check, looked) {
            Some((lines, 0)) => found.well(check, format!("{lines} lines, each as the rows say")),
            Some((lines, wrong)) => found.fault(check, format!("{lines} lines, {wrong} wrong or missing"), rebuild),
            None => {}
        }
    }
}

async fn trail(context: &Context, store: &Store, found: &mut Findings) {
    if let Some(report) = found.looked("audit trail", audit::verify(store, None).await) {
        match report.fault {
            None => {
                found.well("audit trail", format!("{} events in {} chains are whole", report.events, report.chains));
            }
            Some(fault) => {
                let advice = "treat it as an incident (docs/OPERATIONS.md): keep the database as it is";
                found.fault("audit trail", fault.to_string(), advice);
            }
        }
    }
    if found.looked("audit trail", audit::may_be_changed(store).await) == Some(true) {
        let advice = if context.config.read.row_security {
            "the second wall needs its owner: keep the hash of an anchor elsewhere (`chancery audit anchor`)"
        } else {
            "serve as a login that may only add to it: `chancery audit grants`"
        };
        found.warning("audit trail", "this login may change it", advice);
    }
}
