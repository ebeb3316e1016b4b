//! `chancery access wall up | down | status | print`: the second wall, PostgreSQL's row security.

use std::io::Write;

use super::{Context, Outcome};
use crate::read::wall;

/// What to do with the wall.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum Command {
    /// Puts the wall up as this version builds it, in one transaction. Safe to repeat.
    Up,
    /// Takes the wall down; the role stays. Do it before `chancery migrate down`.
    Down,
    /// Says whether the wall stands as this version builds it; fails when it does not.
    Status,
    /// Prints the statements of `up`.
    Print,
}

/// Runs the command. `status` fails when it finds a fault.
pub async fn run(command: Command, context: &Context, out: &mut impl Write) -> Outcome {
    let role = &context.config.read.role;
    match command {
        Command::Up => {
            let store = context.store().await?;
            wall::up(store, role).await?;
            // What others granted or made is not ours to take away.
            let faults = wall::faults(store, role).await?;
            if !faults.is_empty() {
                return Err(format!("the wall is up, but\n  {}", faults.join("\n  ")).into());
            }
            writeln!(out, "the wall stands: readers work as {role}")?;
            if !context.config.read.row_security {
                writeln!(out, "`serve` uses it when read.row_security is true")?;
            }
        }
        Command::Down => {
            wall::down(context.any_store().await?, role).await?;
            writeln!(out, "the wall is down")?;
        }
        Command::Status => {
            let faults = wall::faults(context.any_store().await?, role).await?;
            if faults.is_empty() {
                writeln!(out, "the wall stands")?;
                return Ok(());
            }
            for fault in &faults {
                writeln!(out, "{fault}")?;
            }
            return Err("the wall does not stand: run `chancery access wall up`".into());
        }
        Command::Print => write!(out, "{}", wall::print(context.any_store().await?, role).await?)?,
    }
    Ok(())
}
