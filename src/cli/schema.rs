//! `chancery schema`.

use std::io::Write;

use clap::Args as ClapArgs;

use super::{Outcome, person::role};
use crate::{access::Role, graph};

/// Print a schema as SDL.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Of this role; without it, the union over all roles
    #[arg(long, value_parser = role)]
    pub role: Option<Role>,
}

/// Runs the command.
pub fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    write!(out, "{}", graph::sdl(args.role)?)?;
    Ok(())
}
