//! `chancery access`: the policy as pages, and what is derived from it.

use std::{io::Write, process::ExitCode};

use clap::Args as ClapArgs;

use super::{Context, Outcome, person::role, visibility, wall};
use crate::access::{Role, page};

/// Print the page of a role, of all roles, or look after what is derived from them.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    /// The role whose page to print
    #[arg(value_parser = role)]
    pub role: Option<Role>,
    /// Print the whole document, as docs/ACCESS.md
    #[arg(long, conflicts_with = "role")]
    pub all: bool,
    /// Look after what is derived from it
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What is derived from the table, and the wall that is.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum Command {
    /// The table of what is visible to whom.
    #[command(flatten)]
    Visibility(visibility::Command),
    /// The second wall: PostgreSQL's row security (`read.row_security`).
    #[command(subcommand)]
    Wall(wall::Command),
}

/// Runs the command.
pub async fn run(context: &Context, args: Args, out: &mut impl Write) -> Outcome {
    let Some(command) = args.command else {
        write!(out, "{}", args.role.map_or_else(page::document, page::page))?;
        return Ok(());
    };
    let command = match command {
        Command::Visibility(command) => command,
        Command::Wall(command) => return wall::run(command, context, out).await,
    };
    match visibility::run(command, context.store().await?, out).await? {
        ExitCode::SUCCESS => Ok(()),
        _ => Err("what is derived is not what the rows say: run `chancery access rebuild`".into()),
    }
}
