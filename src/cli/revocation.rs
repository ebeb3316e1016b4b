//! Revoking tokens: what `chancery token`, `person` and `agency` have in common of it.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::table::Table;
use crate::{
    desk::{
        Work,
        registry::{
            self,
            revocation::{self, Grounds, Revoked},
        },
    },
    error::Result,
    store::Store,
};

/// Why tokens are revoked, and who says so. Both are kept with the revocation.
#[derive(Debug, Args)]
pub struct Because {
    /// Why.
    #[arg(long)]
    pub reason: String,
    /// Who revokes: a name that can be asked later.
    #[arg(long, value_name = "NAME")]
    pub by: String,
}

/// Revokes, and says what that voids.
pub async fn revoke(work: &mut Work, agency: &str, revoked: Revoked, because: Because) -> Result<String> {
    let agency = registry::agency(work.rows(), agency).await?;
    let said = match &revoked {
        Revoked::Token(jti) => format!("revoked token {jti}"),
        Revoked::Subject(subject) => {
            format!("revoked all tokens of {subject} that were issued until now, and those of the next 30 seconds")
        }
        Revoked::Agency => {
            "revoked all its tokens that were issued until now, and those of the next 30 seconds".to_owned()
        }
    };
    let Because { reason, by } = because;
    revocation::revoke(work, &agency.id, revoked, &Grounds { reason, by }).await?;
    Ok(said)
}

/// Prints what was revoked of an agency.
pub async fn list(store: &Store, agency: &str, json: bool, out: &mut dyn Write) -> Result<()> {
    let agency = registry::agency(&store.orm, agency).await?;
    let mut table = Table::new(&["at", "subject", "jti", "reason", "by", "lapsesAt"]);
    for row in revocation::list(&store.orm, &agency.id).await? {
        let (at, subject, jti) = (json!(row.at), json!(row.subject), json!(row.jti));
        table.row([at, subject, jti, json!(row.reason), json!(row.revoked_by), json!(row.expires_at)]);
    }
    table.print(json, out)
}
