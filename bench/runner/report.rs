//! Tables and raw numbers.

use std::{collections::BTreeMap, fs, path::Path};

use chancery::clock::Clock;
use chancery_bench::{Result, database::text, operations::Operation, world::Scale};
use serde::{Deserialize, Serialize};

use crate::{
    fill::Filled,
    measure::{Cell, Sample},
    servers::Server,
};

/// What a server takes without being asked for anything.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// From its start until it is ready, ms.
    pub ready: f64,
    /// Memory before the first request, MiB.
    pub idle: f64,
    /// The most that it ever had, MiB.
    pub peak: f64,
}

impl Standing {
    /// Of a server that was asked.
    pub fn of(server: &Server) -> Result<Self> {
        Ok(Self {
            ready: server.ready.as_secs_f64() * 1e3,
            idle: mebibytes(server.idle),
            peak: mebibytes(server.memory("VmHWM")?),
        })
    }
}

#[allow(clippy::cast_precision_loss, reason = "bytes of a process")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What one run on one database came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// `postgres` or `sqlite`.
    pub engine: String,
    /// `S` or `L`.
    pub scale: String,
    /// When, and with what.
    pub about: String,
    /// How long filling took, when it was filled, in seconds.
    pub steps: Vec<(String, f64)>,
    /// Lines of the visibility table for each concern, and their bytes with indexes.
    pub visibility: Option<(f64, f64)>,
    /// All cells.
    pub cells: Vec<Cell>,
    /// What was found in the plans.
    #[serde(default)]
    pub plans: String,
    /// By server.
    pub standings: BTreeMap<String, Standing>,
}

impl Report {
    /// Begins.
    pub async fn new(filled: &Filled, scale: Scale, connections: usize, repetitions: usize) -> Result<Self> {
        let now = Clock::system().now();
        let address = filled.address()?;
        let (version, visibility) = if filled.postgres.is_some() {
            let sql = "select (count(*)::float8 / (select count(*) from concern))::text || '|' || (pg_total_relation_size('visibility')::float8 / (select count(*) from concern))::text from visibility";
            let sizes = text(&address, sql).await?;
            let sizes =
                sizes.split_once('|').and_then(|(lines, bytes)| Some((lines.parse().ok()?, bytes.parse().ok()?)));
            (format!("PostgreSQL {}", text(&address, "select current_setting('server_version')").await?), sizes)
        } else {
            (format!("SQLite {}", text(&address, "select sqlite_version()").await?), None)
        };
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        Ok(Self {
            engine: filled.engine.name().to_owned(),
            scale: scale.name.to_owned(),
            about: format!(
                "{}, {version}, {} concerns, {cores} cores, {connections} connections, medians of {repetitions}",
                now.date(),
                scale.concerns
            ),
            steps: filled.steps.clone(),
            visibility,
            cells: Vec::new(),
            plans: String::new(),
            standings: BTreeMap::new(),
        })
    }

    /// Writes it as JSON; cells that were not asked in this run stay from the last.
    pub fn keep(&self, root: &Path) -> Result<()> {
        let path = root.join(format!("{}-{}.json", self.engine, self.scale));
        let mut kept = self.clone();
        if let Ok(before) = fs::read_to_string(&path)
            && let Ok(before) = serde_json::from_str::<Self>(&before)
        {
            let is_new = |cell: &Cell| {
                !self
                    .cells
                    .iter()
                    .any(|new| (&new.operation, &new.role, &new.weight) == (&cell.operation, &cell.role, &cell.weight))
            };
            if self.cells.is_empty() {
                // Nothing was measured: what is known of the servers is from when they were asked.
                (kept.about, kept.standings) = (before.about, before.standings);
            }
            if kept.plans.is_empty() {
                kept.plans = before.plans;
            }
            kept.cells.extend(before.cells.into_iter().filter(is_new));
        }
        let place =
            |cell: &Cell| chancery_bench::operations::OPERATIONS.iter().position(|known| known.name == cell.operation);
        kept.cells.sort_by_key(place);
        fs::write(path, serde_json::to_string_pretty(&kept)?)?;
        Ok(())
    }

    /// As tables.
    pub fn markdown(&self) -> String {
        let mut out = format!("## {} {}\n\n{}\n\n", self.engine, self.scale, self.about);
        out.push_str("| operation | role | floor | Chancery | CPU | server alone | requests/s | p50 / p99 ms | statements | tutorial: CPU | requests/s |\n");
        out.push_str("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for cell in &self.cells {
            out.push_str(&line(cell));
            out.push('\n');
        }
        out.push_str(&self.walled());
        if !self.standings.is_empty() {
            out.push_str("\n| server | ready, ms | idle, MiB | peak, MiB |\n| --- | --- | --- | --- |\n");
            for (name, Standing { ready, idle, peak }) in &self.standings {
                out.push_str(&format!("| {name} | {ready:.0} | {idle:.1} | {peak:.1} |\n"));
            }
        }
        if let Some((lines, bytes)) = self.visibility {
            out.push_str(&format!(
                "\nVisibility: {lines:.1} lines and {bytes:.0} bytes with indexes for each concern.\n"
            ));
        }
        if !self.plans.is_empty() {
            out.push_str(&format!("\nPlans: {}\n", self.plans));
        }
        if !self.steps.is_empty() {
            let steps: Vec<String> =
                self.steps.iter().map(|(name, seconds)| format!("{name} {seconds:.0} s")).collect();
            out.push_str(&format!("\nFilled: {}.\n", steps.join(", ")));
        }
        out
    }
}

impl Report {
    /// What the second wall costs, where it was asked.
    fn walled(&self) -> String {
        let mut out = String::new();
        for cell in &self.cells {
            let both = cell.median("walled", Sample::cpu).zip(cell.median("chancery", Sample::cpu));
            let Some((walled, without)) = both else { continue };
            if out.is_empty() {
                out.push_str(
                    "\n| operation | role | behind the wall, µs | without | ratio |\n| --- | --- | --- | --- | --- |\n",
                );
            }
            let Cell { operation, role, weight, .. } = cell;
            let ratio = walled / without;
            out.push_str(&format!("| {operation} | {role} {weight} | {walled:.0} | {without:.0} | **{ratio:.2}** |\n"));
        }
        out
    }
}

/// A cell as a line of the table.
pub fn line(cell: &Cell) -> String {
    let both = |server: &str| {
        let of = |of: fn(&Sample) -> f64| cell.median(server, of);
        of(|s| s.server).zip(of(|s| s.database)).map_or_else(|| "–".to_owned(), |(s, d)| format!("{s:.0} + {d:.0}"))
    };
    let ratio = |server: &str, of: fn(&Sample) -> f64| {
        cell.ratio(server, of).map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"))
    };
    let number = |of: fn(&Sample) -> f64| cell.median("chancery", of).unwrap_or_default();
    let times = cell.median("chancery", |s| s.rate).zip(cell.median("tutorial", |s| s.rate));
    let times = times.map_or_else(|| "–".to_owned(), |(ours, theirs)| format!("{:.1}×", ours / theirs));
    format!(
        "| {} | {} {} | {} | {} | **{}** | {} | {:.0} ({}) | {:.1} / {:.1} | {:.2} | {} | {times} |",
        cell.operation,
        cell.role,
        cell.weight,
        both("floor"),
        both("chancery"),
        ratio("chancery", Sample::cpu),
        ratio("chancery", |s| s.server),
        number(|s| s.rate),
        ratio("chancery", |s| s.rate),
        number(|s| s.p50),
        number(|s| s.p99),
        number(|s| s.statements),
        ratio("tutorial", Sample::cpu),
    )
}

/// How cost grows from S to L, for what should not grow, and everything into the results file.
pub fn finish(root: &Path, write: bool) -> Result<()> {
    let mut all = String::new();
    for engine in ["postgres", "sqlite"] {
        let read = |scale: &str| -> Option<Report> {
            let text = fs::read_to_string(root.join(format!("{engine}-{scale}.json"))).ok()?;
            serde_json::from_str(&text).ok()
        };
        let (small, large) = (read("S"), read("L"));
        for report in small.iter().chain(&large) {
            all.push_str(&report.markdown());
            all.push('\n');
        }
        if let Some((small, large)) = small.zip(large) {
            let table = growth(&small, &large);
            println!("{table}");
            all.push_str(&table);
        }
    }
    if write {
        fs::write(
            "bench/RESULTS.md",
            format!("# Last run\n\nWhat is measured, and how to read it: README.md.\n\n{all}"),
        )?;
    }
    Ok(())
}

fn growth(small: &Report, large: &Report) -> String {
    let mut out = format!(
        "## {}: growth from S to L\n\nCPU of server and database, L ÷ S.\n\n| operation | role | Chancery | floor | to stay level |\n| --- | --- | --- | --- | --- |\n",
        small.engine
    );
    for cell in &large.cells {
        let same = |other: &&Cell| {
            (&other.operation, &other.role, &other.weight) == (&cell.operation, &cell.role, &cell.weight)
        };
        let Some(before) = small.cells.iter().find(same) else { continue };
        let grown = |server: &str| {
            let ratio = cell.median(server, Sample::cpu).zip(before.median(server, Sample::cpu));
            ratio.map_or_else(|| "–".to_owned(), |(now, then)| format!("{:.2}", now / then))
        };
        let level = cell.weight == "steady" && Operation::named(&cell.operation).is_some_and(|known| known.level);
        out.push_str(&format!(
            "| {} | {} {} | {} | {} | {} |\n",
            cell.operation,
            cell.role,
            cell.weight,
            grown("chancery"),
            grown("floor"),
            if level { "yes" } else { "" },
        ));
    }
    out.push('\n');
    out
}
