//! `chancery detail`: the protective details that stand all the time.

use std::io::Write;

use clap::{Subcommand, builder::PossibleValuesParser};
use serde_json::json;

use super::table::{Table, say};
use crate::{
    access::Kind,
    clock::Clock,
    desk::{STANDING, Standing, Work, hand_over_to, open_standing, standing},
    error::{Error, Result},
    model::{parse_id, public_id},
    store::Store,
};

/// Protective details: opens those of the Secretary of State and of the Representative to the United Nations, hands over any
#[derive(Clone, Debug, Subcommand)]
pub enum DetailCommand {
    /// Open one, under an agent in charge who is on it from now on and assigns the others
    Open {
        /// Whom it protects
        #[arg(value_parser = PossibleValuesParser::new(STANDING))]
        protectee: String,
        /// Who leads it: the subject of a detail agent
        #[arg(long, value_name = "SUBJECT")]
        agent_in_charge: String,
    },
    /// Give an open detail another agent in charge, where nobody who leads it can
    HandOver {
        /// The detail's id, as `list` prints it
        detail: String,
        /// Who leads it from now on: the subject of a detail agent
        #[arg(long, value_name = "SUBJECT")]
        agent_in_charge: String,
    },
    /// List all details: whom they protect, how they stand and who leads them
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub async fn run(command: DetailCommand, store: &Store, clock: &Clock, out: &mut dyn Write) -> Result<()> {
    match command {
        DetailCommand::Open { protectee, agent_in_charge } => {
            let mut work = Work::begin(store, clock).await?;
            work.is("detail open");
            let id = open_standing(&mut work, &protectee, &agent_in_charge).await?;
            work.commit().await?;
            say(out, &public_id(Kind::ProtectiveDetail, &id))
        }
        DetailCommand::HandOver { detail, agent_in_charge } => {
            let row = parse_id(&detail).filter(|(kind, _)| *kind == Kind::ProtectiveDetail).map(|(_, row)| row);
            let row = row.ok_or_else(|| Error::input("detail: expected an id such as detail_01J…"))?;
            let mut work = Work::begin(store, clock).await?;
            work.is("detail hand-over");
            hand_over_to(&mut work, row, &agent_in_charge).await?;
            work.commit().await?;
            say(out, &format!("{agent_in_charge} leads {detail}"))
        }
        DetailCommand::List { json } => {
            let mut table = Table::new(&["id", "protectee", "status", "agentInCharge", "openedAt"]);
            for Standing { detail: row, leader } in standing(store).await? {
                let id = public_id(Kind::ProtectiveDetail, &row.id);
                table.row([json!(id), json!(row.protectee), json!(row.status), json!(leader), json!(row.opened_at)]);
            }
            table.print(json, out)
        }
    }
}
