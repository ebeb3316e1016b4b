//! `chancery person`: who is enrolled for an agency.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    revocation::{self, Because},
    table::{Table, listed, say},
};
use crate::{
    access::Role,
    clock::Clock,
    desk::{
        Work,
        registry::{
            self,
            person::{self, NewPerson},
            revocation::Revoked,
        },
    },
    error::Result,
    store::Store,
};

/// Enrols, posts and disables an agency's people and machines.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Enrol a person or a machine.
    Add(AddPerson),
    /// Say which post abroad a regional security officer is posted to, or none.
    Post {
        /// The person.
        #[command(flatten)]
        who: Who,
        /// The post, by Wikidata QID or id.
        #[arg(required_unless_present = "none", conflicts_with = "none")]
        post: Option<String>,
        /// To none.
        #[arg(long)]
        none: bool,
    },
    /// Refuse a person's tokens from now on.
    Disable(Who),
    /// Refuse all tokens that were issued for a person until now, and those of the next 30 seconds, as clocks differ; those that are issued later are accepted.
    Revoke {
        /// The person.
        #[command(flatten)]
        who: Who,
        /// Why, and who says so.
        #[command(flatten)]
        because: Because,
    },
    /// Accept a disabled person's tokens again.
    Enable(Who),
    /// List an agency's people.
    List {
        /// The agency, by id, short name, ORI or issuer.
        agency: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl PersonCommand {
    /// As the audit trail names it.
    const fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "person add",
            Self::Post { .. } => "person post",
            Self::Disable(_) => "person disable",
            Self::Revoke { .. } => "person revoke",
            Self::Enable(_) => "person enable",
            Self::List { .. } => "person list",
        }
    }
}

/// One person of an agency.
#[derive(Debug, Args)]
pub struct Who {
    /// The agency, by id, short name, ORI or issuer.
    pub agency: String,
    /// The exact `sub` of the person's tokens.
    pub subject: String,
}

/// A person or a machine to be enrolled.
#[derive(Debug, Args)]
pub struct AddPerson {
    /// The person.
    #[command(flatten)]
    pub who: Who,
    /// Name as written.
    #[arg(long)]
    pub name: String,
    /// A role that the person may act in; may be given several times.
    #[arg(long = "role", required = true, value_parser = role)]
    pub roles: Vec<Role>,
    /// Unit within the agency.
    #[arg(long)]
    pub unit: Option<String>,
    /// A sworn officer.
    #[arg(long, conflicts_with = "machine")]
    pub sworn: bool,
    /// A system account.
    #[arg(long)]
    pub machine: bool,
    /// Certified for 28 CFR part 23 criminal intelligence systems.
    #[arg(long)]
    pub cfr28_certified: bool,
    /// E.164.
    #[arg(long)]
    pub desk_phone: Option<String>,
    /// E.164.
    #[arg(long)]
    pub mobile_phone: Option<String>,
    /// E-mail address.
    #[arg(long)]
    pub email: Option<String>,
    /// For a regional security officer: the host state of the post, by ISO 3166-1 code or id.
    #[arg(long)]
    pub host_state: Option<String>,
    /// For a regional security officer: the post abroad, by Wikidata QID or id. The host state is said apart.
    #[arg(long)]
    pub post: Option<String>,
}

/// A role by its public name, for clap.
pub(super) fn role(name: &str) -> Result<Role, String> {
    name.parse().map_err(|()| format!("expected one of {}", Role::ALL.map(Role::name).join(", ")))
}

/// Runs the command and writes what it did.
pub async fn run(command: PersonCommand, store: &Store, clock: &Clock, out: &mut dyn Write) -> Result<()> {
    if let PersonCommand::List { agency, json } = &command {
        return list(store, agency, *json, out).await;
    }
    let mut work = Work::begin(store, clock).await?;
    work.is(command.name());
    let done = match command {
        PersonCommand::Add(new) => {
            let agency = registry::agency(work.rows(), &new.who.agency).await?;
            let id = person::add(&mut work, &agency, &new.into()).await?;
            format!("added {id}")
        }
        PersonCommand::Post { who, post, .. } => {
            let agency = registry::agency(work.rows(), &who.agency).await?;
            let changed = person::assign(&mut work, &agency.id, &who.subject, post.as_deref()).await?;
            match (changed, post) {
                (true, Some(post)) => format!("posted to {post}"),
                (true, None) => "posted to none".to_owned(),
                (false, _) => "was so already".to_owned(),
            }
        }
        PersonCommand::Disable(who) => {
            let agency = registry::agency(work.rows(), &who.agency).await?;
            let changed = person::disable(&mut work, &agency.id, &who.subject).await?;
            if changed { "disabled" } else { "was disabled already" }.to_owned()
        }
        PersonCommand::Revoke { who, because } => {
            revocation::revoke(&mut work, &who.agency, Revoked::Subject(who.subject), because).await?
        }
        PersonCommand::Enable(who) => {
            let agency = registry::agency(work.rows(), &who.agency).await?;
            let changed = person::enable(&mut work, &agency.id, &who.subject).await?;
            if changed { "enabled" } else { "was not disabled" }.to_owned()
        }
        PersonCommand::List { .. } => return Ok(()),
    };
    work.commit().await?;
    say(out, &done)
}

impl From<AddPerson> for NewPerson {
    fn from(new: AddPerson) -> Self {
        Self {
            subject: new.who.subject,
            name: new.name,
            unit: new.unit,
            roles: new.roles,
            sworn: new.sworn,
            machine: new.machine,
            cfr28_certified: new.cfr28_certified,
            desk_phone: new.desk_phone,
            mobile_phone: new.mobile_phone,
            email: new.email,
            host_state: new.host_state,
            post: new.post,
        }
    }
}

async fn list(store: &Store, agency: &str, json: bool, out: &mut dyn Write) -> Result<()> {
    let agency = registry::agency(&store.orm, agency).await?;
    let mut table = Table::new(&["id", "subject", "name", "unit", "roles", "sworn", "machine", "post", "disabledAt"]);
    for person in person::list(&store.orm, &agency.id).await? {
        table.row([
            json!(person.id),
            json!(person.subject),
            json!(person.name),
            json!(person.unit),
            listed(&person.roles),
            json!(person.sworn),
            json!(person.machine),
            json!(person.post_id),
            json!(person.disabled_at),
        ]);
    }
    table.print(json, out)
}
