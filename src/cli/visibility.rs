//! `chancery access rebuild | verify`: what is derived from the rows (who sees them, by which words they are found)
//! made anew, and held against the rows.

use std::{fmt, io::Write, process::ExitCode};

use crate::{
    access::{
        Ground, Kind, Tiers,
        emit::{ALWAYS, FOREVER},
    },
    desk::{
        response, search,
        visibility::{self, Line},
    },
    error::{Error, Result},
    store::Store,
};

/// What to do with what is derived.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum Command {
    /// Makes the whole visibility table anew from the rows, in one transaction; then the table of words.
    Rebuild,
    /// Compares the visibility table and the table of words with the rows; fails when they differ.
    Verify {
        /// How many of the missing and of the surplus lines to print.
        #[arg(long, default_value_t = 10)]
        examples: usize,
    },
}

/// Runs the command. `verify` fails when it finds a difference.
pub async fn run(command: Command, store: &Store, out: &mut impl Write) -> Result<ExitCode> {
    match command {
        Command::Rebuild => {
            let lines = visibility::rebuild(store).await?;
            writeln!(out, "{lines} lines").map_err(Error::internal)?;
            let words = search::rebuild(store).await?;
            writeln!(out, "{words} lines of words").map_err(Error::internal)?;
            let clocks = response::rebuild(store).await?;
            writeln!(out, "{clocks} response clocks").map_err(Error::internal)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { examples } => {
            let difference = visibility::verify(store, examples).await?;
            let visibility::Difference { lines, missing, surplus, missing_examples, surplus_examples } = &difference;
            writeln!(out, "{lines} lines compared, {missing} missing, {surplus} surplus").map_err(Error::internal)?;
            for (what, examples) in [("missing", missing_examples), ("surplus", surplus_examples)] {
                for line in examples {
                    writeln!(out, "{what}: {}", Readable(line)).map_err(Error::internal)?;
                }
            }
            let words = verify_words(store, examples, out).await?;
            let clocks = verify_clocks(store, examples, out).await?;
            Ok(if difference.is_none() && words && clocks { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// Whether every response clock is what its concern's log says.
async fn verify_clocks(store: &Store, examples: usize, out: &mut impl Write) -> Result<bool> {
    let response::Difference { clocks, wrong } = response::verify(store).await?;
    writeln!(out, "{clocks} response clocks compared, {} wrong", wrong.len()).map_err(Error::internal)?;
    for concern in wrong.iter().take(examples) {
        writeln!(out, "wrong clock: Concern {concern}").map_err(Error::internal)?;
    }
    Ok(wrong.is_empty())
}

/// Whether the table of words is right. The words themselves are content: they are not printed.
async fn verify_words(store: &Store, examples: usize, out: &mut impl Write) -> Result<bool> {
    let difference = search::verify(store, examples).await?;
    let search::Difference { lines, missing, surplus, missing_examples, surplus_examples } = &difference;
    writeln!(out, "{lines} lines of words compared, {missing} missing, {surplus} surplus").map_err(Error::internal)?;
    for (what, examples) in [("missing", missing_examples), ("surplus", surplus_examples)] {
        for search::Line { row, kind, tiers, .. } in examples {
            let tiers = u8::try_from(*tiers).map_or(Tiers::NONE, Tiers::from_bits);
            writeln!(out, "{what} words: {} {row}, of {tiers}", type_of(*kind)).map_err(Error::internal)?;
        }
    }
    Ok(difference.is_none())
}

fn type_of(code: i16) -> String {
    let known = Kind::ALL.into_iter().find(|known| known.code() == code);
    known.map_or_else(|| format!("type {code}?"), |kind| kind.name().to_owned())
}

/// A line for an operator: types and grounds by name.
struct Readable<'a>(&'a Line);

impl fmt::Display for Readable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { row, kind, key, ground, cap, from, until, tlp_max, place } = self.0;
        write!(f, "{} {row}", type_of(*kind))?;
        match Ground::ALL.into_iter().find(|known| known.code() == *ground) {
            Some(ground) => write!(f, " by {} {key}", ground.name())?,
            None => write!(f, " by ground {ground}? {key}")?,
        }
        let tiers = u8::try_from(*cap).map_or(Tiers::NONE, Tiers::from_bits);
        let (from, until) =
            (if from == ALWAYS { "always" } else { from }, if until == FOREVER { "ever" } else { until });
        write!(f, ", at most {tiers}, {from} to {until}, survives TLP {tlp_max}")?;
        match place.at.as_deref() {
            None => write!(f, ", in no list")?,
            Some("") => {}
            Some(at) => write!(f, ", listed at {at}")?,
        }
        place.under.iter().try_for_each(|under| write!(f, " under {under}"))?;
        place.owed.iter().try_for_each(|due| write!(f, ", owed at {due}"))
    }
}
