//! `chancery migrate [up | status | down --steps N --yes]`.

use clap::{Args as ClapArgs, Subcommand};
use migration::MigratorTrait;

use super::{Context, Outcome};
use crate::desk::search;

/// Bring the database's schema up to date, look at it, or step back.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Apply what is missing (the default)
    Up,
    /// Say which steps are applied and which are missing
    Status,
    /// Undo the newest steps; their data are lost
    Down {
        /// How many
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Yes, lose those data
        #[arg(long)]
        yes: bool,
    },
}

/// Runs the command.
pub async fn run(context: &Context, args: &Args) -> Outcome {
    let store = context.any_store().await?;
    match args.action.as_ref().unwrap_or(&Action::Up) {
        Action::Up => {
            let missing = store.pending_migrations().await?;
            store.migrate().await?;
            search::make_if_empty(store).await?;
            println!("{missing} migrations applied; the schema is up to date");
        }
        Action::Status => {
            for step in migration::Migrator::get_applied_migrations(&store.orm).await? {
                println!("applied  {}", step.name());
            }
            for step in migration::Migrator::get_pending_migrations(&store.orm).await? {
                println!("missing  {}", step.name());
            }
        }
        Action::Down { steps, yes } => {
            if !yes {
                return Err(format!("going down {steps} steps loses their data: say --yes to do it").into());
            }
            migration::Migrator::down(&store.orm, Some(*steps)).await?;
            println!("{steps} steps undone");
        }
    }
    Ok(())
}
