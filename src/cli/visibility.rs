//! `chancery access rebuild | verify`: the visibility table made anew, and held against the rows.

use std::{fmt, io::Write, process::ExitCode};

use crate::{
    access::{Ground, Kind, Tiers},
    desk::visibility::{self, Line},
    error::{Error, Result},
    store::Store,
};

/// What to do with the visibility table.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum Command {
    /// Makes the whole visibility table anew from the rows, in one transaction.
    Rebuild,
    /// Compares the visibility table with the rows; fails when they differ.
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
            Ok(if difference.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// A line for an operator: types and grounds by name.
struct Readable<'a>(&'a Line);

impl fmt::Display for Readable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { row, kind, key, ground, cap, from, until, tlp_max } = self.0;
        match Kind::ALL.into_iter().find(|known| known.code() == *kind) {
            Some(kind) => write!(f, "{} {row}", kind.name())?,
            None => write!(f, "type {kind}? {row}")?,
        }
        match Ground::ALL.into_iter().find(|known| known.code() == *ground) {
            Some(ground) => write!(f, " by {} {key}", ground.name())?,
            None => write!(f, " by ground {ground}? {key}")?,
        }
        let tiers = u8::try_from(*cap).map_or(Tiers::NONE, Tiers::from_bits);
        write!(f, ", at most {tiers}, {from} to {until}, survives TLP {tlp_max}")
    }
}
