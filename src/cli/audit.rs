//! `chancery audit`: whether the trail is whole, where it stands, and who may write it.

use std::{io::Write, time::Duration};

use super::{Context, Outcome};
use crate::{
    audit,
    clock::Clock,
    store::{Engine, Store},
};

/// How often a server looks whether a day has begun.
const LOOK: Duration = Duration::from_mins(10);

/// The trail of what was read, written and refused.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum AuditCommand {
    /// Look for the first event that was altered, taken away or put elsewhere; fails when there is one
    Verify {
        /// The hash of an anchor that was kept outside the database: there must be such an anchor
        #[arg(long, value_name = "HASH")]
        anchor: Option<String>,
    },
    /// Anchor all chains now, and print the anchor's hash: keep it where the database's keepers cannot write
    Anchor,
    /// Print the SQL that leaves a database role with nothing but INSERT and SELECT on the trail (PostgreSQL)
    Grants {
        /// The role that the service logs in as
        role: String,
    },
}

/// Runs the command.
pub async fn run(command: AuditCommand, context: &Context, out: &mut impl Write) -> Outcome {
    match command {
        AuditCommand::Verify { anchor } => {
            let report = audit::verify(context.store().await?, anchor.as_deref()).await?;
            let audit::Report { chains, events, anchors, fault } = report;
            writeln!(out, "{events} events in {chains} chains and {anchors} anchors compared")?;
            match fault {
                None => Ok(()),
                Some(fault) => Err(format!("the audit trail is not whole: {fault}").into()),
            }
        }
        AuditCommand::Anchor => {
            let anchored = audit::anchor(context.store().await?, &context.clock).await?;
            let audit::Anchored { sequence, at, chains, hash } = anchored;
            writeln!(out, "anchor {sequence} at {at} over {chains} chains: {hash}")?;
            Ok(())
        }
        AuditCommand::Grants { role } => {
            if context.config.address()?.engine() == Engine::Sqlite {
                return Err("the embedded database has no roles: whoever may write its file may change it".into());
            }
            write!(out, "{}", migration::audit_grants(&role))?;
            Ok(())
        }
    }
}

/// Anchors all chains once a day, for as long as it is let. A server that cannot says so and tries again.
pub async fn keep_anchored(store: Store, clock: Clock) {
    if audit::may_be_changed(&store).await.is_ok_and(|may| may) {
        tracing::warn!("this login may change the audit trail: see `chancery audit grants`");
    }
    loop {
        match audit::anchor_daily(&store, &clock).await {
            // The log is kept elsewhere: a hash in it finds out who changes events and anchors alike.
            Ok(Some(made)) => {
                tracing::info!(anchor = made.sequence, chains = made.chains, hash = made.hash, "audit trail anchored");
            }
            Ok(None) => {}
            Err(error) => tracing::error!(cause = ?error.cause, "the audit trail cannot be anchored"),
        }
        tokio::time::sleep(LOOK).await;
    }
}
