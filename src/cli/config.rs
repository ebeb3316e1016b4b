//! `chancery config check | show`.

use clap::{Args as ClapArgs, Subcommand};

use super::Outcome;
use crate::config::{Config, Problems};

/// Check or show the configuration.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Name everything that is wrong
    Check,
    /// Print what holds, secrets masked
    Show,
}

/// Runs the command on what was read.
pub fn run(args: &Args, loaded: Result<Config, Problems>) -> Outcome {
    let config = loaded.map_err(|problems| match problems.0.len() {
        1 => format!("the configuration has 1 mistake\n{problems}"),
        count => format!("the configuration has {count} mistakes\n{problems}"),
    })?;
    match args.action {
        Action::Check => println!("the configuration is good"),
        Action::Show => println!("{}", config.show()),
    }
    Ok(())
}
