//! The plans that were run, read from the log of the server: none may go through all of a table that grows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    time::Duration,
};

use chancery::access::Role;
use chancery_bench::{Result, operations::Operation, world::Weight};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use crate::{
    LANES,
    ask::{self, askers},
    fill::Filled,
    load::{How, turn},
    servers::{Server, Which},
};

/// Tables that hold more the longer the service runs.
const GROWING: [&str; 8] =
    ["concern", "entry", "entry_audience", "share", "referral", "visibility", "search", "audit_event"];
/// How often each request is asked: PostgreSQL settles on a plan after five of each connection.
const TIMES: usize = 8;

/// What a cell's plans do that they must not: by server, tables that are gone through.
type Faults = BTreeMap<String, BTreeSet<String>>;

/// Reads the plans of all that is asked; as a table.
pub async fn check(filled: &Filled, wanted: &[(&'static Operation, Role, Weight)]) -> Result<String> {
    let Some(postgres) = &filled.postgres else { return Ok(String::new()) };
    tell(filled, true).await?;
    let log = postgres.log();
    let mut servers = Vec::new();
    for which in [Which::Chancery, Which::Floor] {
        servers.push(Server::start(which, &filled.database(which), LANES, &filled.scratch).await?);
    }
    let chancery = servers.first().ok_or("no server")?.address;
    let (mut table, mut read, mut found) = (String::new(), 0, 0);
    for (operation, role, weight) in wanted {
        let askers = askers(filled, *role, *weight)?;
        if askers.is_empty() {
            continue;
        }
        let asked = ask::requests(chancery, operation, &askers).await?;
        let from = std::fs::metadata(&log)?.len();
        for server in &servers {
            let requests: Vec<Vec<u8>> = (0..TIMES * LANES)
                .flat_map(|_| asked.iter().take(LANES).map(|asked| asked.bytes(server.which, operation)))
                .collect();
            turn(server.address, &requests, LANES, How::Each).await?;
        }
        let (count, faults) = faults(&log, from).await?;
        read += count;
        for (server, tables) in faults {
            found += 1;
            let tables: Vec<String> = tables.into_iter().collect();
            let (role, weight) = (role.name(), weight.name());
            table.push_str(&format!("| {} | {role} {weight} | {server} | {} |\n", operation.name, tables.join(", ")));
        }
    }
    drop(servers);
    tell(filled, false).await?;
    let head = "| operation | role | server | goes through |\n| --- | --- | --- | --- |\n";
    let table = if found == 0 { String::new() } else { format!("\n{head}{table}") };
    Ok(format!("{read} plans that were run were read; {found} go through all of a table that grows.\n{table}"))
}

/// Has the server tell the plan of each statement of the servers under measurement, or no longer.
async fn tell(filled: &Filled, on: bool) -> Result<()> {
    let Some(mut admin) = filled.admin().await? else { return Ok(()) };
    for which in [Which::Chancery, Which::Floor] {
        let settings = [
            ("session_preload_libraries", "auto_explain"),
            ("auto_explain.log_min_duration", "0"),
            ("auto_explain.log_format", "json"),
        ];
        for (name, value) in settings {
            let value = if on { format!("= '{value}'") } else { "to default".to_owned() };
            let sql = format!("alter role {} set {name} {value}", which.name());
            // Only once the library is loaded are its settings known to be settings.
            sqlx::raw_sql("load 'auto_explain'").execute(&mut admin).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await?;
        }
    }
    PgConnection::close(admin).await?;
    Ok(())
}

/// What the plans do that stand in the log behind a place. Returns how many there were, too.
async fn faults(log: &Path, from: u64) -> Result<(usize, Faults)> {
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(from))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let (mut count, mut faults) = (0, Faults::new());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.ends_with("plan:") {
            continue;
        }
        let server = line.split('|').next().unwrap_or_default().to_owned();
        let mut plan = String::new();
        while let Some(more) = lines.next_if(|line| line.starts_with('\t')) {
            plan.push_str(more);
            plan.push('\n');
        }
        let plan: Value = serde_json::from_str(&plan)?;
        count += 1;
        if let Some(plan) = plan.get("Plan") {
            read(plan, &mut |table| {
                faults.entry(server.clone()).or_default().insert(table.to_owned());
            });
        }
    }
    Ok((count, faults))
}

/// Calls back for each table that grows and is gone through.
fn read(node: &Value, fault: &mut dyn FnMut(&str)) {
    let text = |name: &str| node.get(name).and_then(Value::as_str);
    if text("Node Type") == Some("Seq Scan")
        && let Some(table) = text("Relation Name")
        && GROWING.contains(&table)
    {
        fault(table);
    }
    for below in node.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        read(below, fault);
    }
}
