//! `chancery agency confirm-areas`: an administrator's round of the proposals that imports have made.

use std::io::{BufRead, IsTerminal, Write};

use clap::Args;
use serde_json::json;

use super::table::{Table, say, text};
use crate::{
    access::area,
    clock::Clock,
    desk::{
        Work,
        registry::{
            self, areas,
            proposals::{self, Filter},
        },
    },
    error::{Error, Result},
    model::enums::AGENCY_LEVEL,
    store::Store,
};

/// Agencies that are listed unless more are asked for.
const LISTED: u64 = 50;

/// Which proposals to look at, or to confirm.
#[derive(Debug, Args)]
pub struct ConfirmAreas {
    /// Whose, by id, short name, ORI or issuer; without it, the agencies that have open proposals are listed.
    pub agency: Option<String>,
    /// Confirm these, without a question. Without them, the agency's open proposals are shown, and confirmed when you
    /// say yes.
    pub areas: Vec<String>,
    /// List agencies of this level only: FEDERAL, STATE, COUNTY, CITY, UNIVERSITY, TRIBAL or OTHER.
    #[arg(long, conflicts_with = "agency", value_parser = level)]
    pub level: Option<String>,
    /// List agencies of this state only, as `US-NY`.
    #[arg(long, conflicts_with = "agency", value_parser = state)]
    pub state: Option<String>,
    /// List at most so many agencies.
    #[arg(long, conflicts_with = "agency", default_value_t = LISTED, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub limit: u64,
    /// The list as JSON.
    #[arg(long, conflicts_with = "agency")]
    pub json: bool,
    /// Confirm all that is proposed for the one agency, without a question.
    #[arg(long, requires = "agency", conflicts_with = "areas")]
    pub yes: bool,
}

/// A level by its public name, for clap: one that there is not would list nobody.
fn level(name: &str) -> std::result::Result<String, String> {
    let known: Vec<&str> = AGENCY_LEVEL.values.iter().map(|(level, _)| *level).collect();
    if known.contains(&name) { Ok(name.to_owned()) } else { Err(format!("expected one of {}", known.join(", "))) }
}

/// A state by its ISO 3166-2 code, for clap.
fn state(code: &str) -> std::result::Result<String, String> {
    if code.starts_with("US-") && area::is_area(code) {
        Ok(code.to_owned())
    } else {
        Err("expected a state such as US-NY".to_owned())
    }
}

/// Who is asked whether to confirm.
pub trait Asked {
    /// Whether the answer was yes; none if there is nobody to ask.
    fn agrees(&mut self, question: &str, out: &mut dyn Write) -> Result<Option<bool>>;
}

/// Whoever sits at the terminal of standard input.
#[derive(Debug)]
pub struct Terminal;

impl Asked for Terminal {
    fn agrees(&mut self, question: &str, out: &mut dyn Write) -> Result<Option<bool>> {
        let input = std::io::stdin();
        if !input.is_terminal() {
            return Ok(None);
        }
        answer(question, &mut input.lock(), out).map(Some)
    }
}

/// Puts the question and reads a line: `y` or `yes` is yes, anything else, and no line at all, is no.
pub fn answer(question: &str, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<bool> {
    write!(out, "{question} [y/N] ").and_then(|()| out.flush()).map_err(Error::internal)?;
    let mut line = String::new();
    input.read_line(&mut line).map_err(Error::internal)?;
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Lists, shows or confirms. What is confirmed grants from the next request on.
pub async fn run(
    command: ConfirmAreas,
    store: &Store,
    clock: &Clock,
    asked: &mut dyn Asked,
    out: &mut dyn Write,
) -> Result<()> {
    let Some(name) = &command.agency else { return list(command, store, out).await };
    if !command.areas.is_empty() {
        return confirm(store, clock, name, &command.areas, out).await;
    }
    let agency = registry::agency(&store.orm, name).await?;
    let open = proposals::of_agency(&store.orm, &agency.id).await?;
    let title = format!("{} ({}), {}", agency.name, agency.ori.as_deref().unwrap_or(&agency.id), agency.level);
    say(out, &text(&json!(title)))?;
    if open.is_empty() {
        return say(out, "no open proposal");
    }
    let mut table = Table::new(&["area", "what", "source", "proposedAt", "warning"]);
    for row in &open {
        let what = proposals::in_words(&store.orm, &row.area).await?;
        let warning = proposals::oddity(&agency.level, &row.area);
        table.row([json!(row.area), json!(what), json!(row.source), json!(row.proposed_at), json!(warning)]);
    }
    table.print(false, out)?;
    let areas: Vec<String> = open.into_iter().map(|row| row.area).collect();
    let question = format!("Confirm {}? From the next request on the agency sees what lies there.", areas.join(", "));
    let agrees = if command.yes { Some(true) } else { asked.agrees(&question, out)? };
    match agrees {
        Some(true) => confirm(store, clock, &agency.id, &areas, out).await,
        Some(false) => say(out, "nothing was confirmed"),
        None => Err(Error::input(
            "there is no terminal to ask at: name the areas, or say --yes for all of this agency; nothing was confirmed",
        )),
    }
}

/// Confirms all of them or none, and says so after the commit.
async fn confirm(store: &Store, clock: &Clock, agency: &str, names: &[String], out: &mut dyn Write) -> Result<()> {
    let mut work = Work::begin(store, clock).await?;
    work.is("agency confirm-areas");
    let done = confirm_within(&mut work, agency, names).await?;
    work.commit().await?;
    done.iter().try_for_each(|line| say(out, line))
}

/// Confirms the areas of an agency in a unit of work, and says what was done. This is also `agency areas confirm`.
pub(super) async fn confirm_within(work: &mut Work, agency: &str, names: &[String]) -> Result<Vec<String>> {
    let agency = registry::agency(work.rows(), agency).await?;
    let mut done = Vec::new();
    for area in names {
        let fresh = areas::confirm(work, &agency.id, area).await?;
        done.push(format!("{} {area}", if fresh { "confirmed" } else { "was confirmed already:" }));
        if let Some(warning) = proposals::oddity(&agency.level, area).filter(|_| fresh) {
            done.push(format!("warning: {area} is {warning} (its level is {}): is that meant?", agency.level));
        }
    }
    Ok(done)
}

async fn list(command: ConfirmAreas, store: &Store, out: &mut dyn Write) -> Result<()> {
    let filter = Filter { level: command.level, state: command.state, limit: command.limit };
    let (open, beside) = proposals::open(&store.orm, &filter).await?;
    if open.is_empty() && !command.json {
        return say(out, "no agency has an open proposal");
    }
    let mut table = Table::new(&["ori", "id", "name", "level", "state", "proposals", "warning"]);
    for proposals::Open { agency, areas } in open {
        let warning = areas.iter().find_map(|area| proposals::oddity(&agency.level, area));
        table.row([
            json!(agency.ori),
            json!(agency.id),
            json!(agency.name),
            json!(agency.level),
            json!(agency.state),
            json!(areas),
            json!(warning),
        ]);
    }
    table.print(command.json, out)?;
    if beside > 0 && !command.json {
        say(out, &format!("and {beside} more: narrow it with --level and --state, or raise --limit"))?;
    }
    Ok(())
}
