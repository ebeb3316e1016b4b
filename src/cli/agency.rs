//! `chancery agency`: the registry of agencies.

use std::{io::Write, path::PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    confirm_areas::{self, ConfirmAreas, Terminal},
    place::Place,
    revocation::{self, Because},
    table::{Table, listed, say, text},
};
use crate::{
    clock::Clock,
    desk::{
        Work,
        registry::{self, Added, KeyPlace, NewAgency, Origin, areas, keys, revocation::Revoked},
    },
    error::{Error, Result},
    store::Store,
};

/// The largest registry file that is read, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// Keeps the registry of agencies. An agency is named by its id, short name, ORI or issuer.
#[derive(Debug, Subcommand)]
pub enum AgencyCommand {
    /// Enrol an agency from a JSON file, or one that an import listed, by its ORI.
    Add {
        /// The file: name, kind, level, issuer, audience, typ, algorithms, roles, jwks, …; README.md has an example.
        file: PathBuf,
    },
    /// List the agencies that can sign in, or all.
    List {
        /// Those too that are only listed.
        #[arg(long)]
        all: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one agency with its trust, ceilings, keys, areas and missions.
    Show {
        /// Which.
        agency: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Refuse an agency's tokens from now on.
    Suspend {
        /// Which.
        agency: String,
    },
    /// Accept a suspended agency's tokens again.
    Resume {
        /// Which.
        agency: String,
    },
    /// Refuse all tokens that the agency has issued until now, and those of the next 30 seconds, as clocks differ; those that it issues later are accepted.
    Revoke {
        /// Whose.
        agency: String,
        /// Why, and who says so.
        #[command(flatten)]
        because: Because,
    },
    /// List what was revoked of an agency: tokens, persons' tokens, all.
    Revocations {
        /// Whose.
        agency: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Its areas: proposals, until they are confirmed.
    #[command(subcommand)]
    Areas(AreasCommand),
    /// See which areas were proposed, and confirm those of one agency. Without an agency: who has proposals.
    ConfirmAreas(ConfirmAreas),
    /// Its public keys.
    #[command(subcommand)]
    Keys(KeysCommand),
}

impl AgencyCommand {
    /// As the audit trail names it.
    const fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "agency add",
            Self::List { .. } => "agency list",
            Self::Show { .. } => "agency show",
            Self::Suspend { .. } => "agency suspend",
            Self::Resume { .. } => "agency resume",
            Self::Revoke { .. } => "agency revoke",
            Self::Revocations { .. } => "agency revocations",
            Self::Areas(AreasCommand::List { .. }) => "agency areas list",
            Self::Areas(AreasCommand::Add(_)) => "agency areas add",
            Self::Areas(AreasCommand::Confirm(_)) => "agency areas confirm",
            Self::Areas(AreasCommand::Remove(_)) => "agency areas remove",
            Self::ConfirmAreas(_) => "agency confirm-areas",
            Self::Keys(KeysCommand::List { .. }) => "agency keys list",
            Self::Keys(KeysCommand::Add { .. }) => "agency keys add",
            Self::Keys(KeysCommand::From { .. }) => "agency keys from",
            Self::Keys(KeysCommand::Remove { .. }) => "agency keys remove",
        }
    }
}

/// The areas of a law enforcement agency: `US`, a state (`US-NY`), a county's FIPS code, or `NYC`.
#[derive(Debug, Subcommand)]
pub enum AreasCommand {
    /// List them.
    List {
        /// Whose.
        agency: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Propose areas. They grant nothing until they are confirmed.
    Add(AreaNames),
    /// Confirm proposed areas, as `confirm-areas AGENCY AREA…` does.
    Confirm(AreaNames),
    /// Remove areas.
    Remove(AreaNames),
}

/// Some areas of an agency.
#[derive(Debug, Args)]
pub struct AreaNames {
    /// Whose.
    pub agency: String,
    /// Which.
    #[arg(required = true)]
    pub areas: Vec<String>,
}

/// The public keys of an agency.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List them.
    List {
        /// Whose.
        agency: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add the public keys of a file: one JWK or a JWK set.
    Add {
        /// Whose.
        agency: String,
        /// The file.
        file: PathBuf,
    },
    /// Say where its keys are: in the registry, or where the agency publishes them, to be fetched from there.
    From {
        /// Whose.
        agency: String,
        /// Where.
        #[command(flatten)]
        place: Place,
    },
    /// Remove a key. Tokens that it signed are refused from then on.
    Remove {
        /// Whose.
        agency: String,
        /// Which.
        kid: String,
    },
}

/// Runs the command and writes what it did.
pub async fn run(command: AgencyCommand, store: &Store, clock: &Clock, out: &mut dyn Write) -> Result<()> {
    match command {
        AgencyCommand::List { all, json } => return list(store, all, json, out).await,
        AgencyCommand::Show { agency, json } => return show(store, &agency, json, out).await,
        AgencyCommand::Revocations { agency, json } => return revocation::list(store, &agency, json, out).await,
        AgencyCommand::Areas(AreasCommand::List { agency, json }) => {
            let agency = registry::agency(&store.orm, &agency).await?;
            return area_table(&areas::list(&store.orm, &agency.id).await?).print(json, out);
        }
        AgencyCommand::ConfirmAreas(command) => {
            return confirm_areas::run(command, store, clock, &mut Terminal, out).await;
        }
        AgencyCommand::Keys(KeysCommand::List { agency, json }) => {
            let agency = registry::agency(&store.orm, &agency).await?;
            return key_table(&keys::list(&store.orm, &agency.id).await?).print(json, out);
        }
        _ => {}
    }
    let mut work = Work::begin(store, clock).await?;
    work.is(command.name());
    let done = change(command, &mut work).await?;
    work.commit().await?;
    done.iter().try_for_each(|line| say(out, line))
}

/// What is said is said after the commit.
async fn change(command: AgencyCommand, work: &mut Work) -> Result<Vec<String>> {
    match command {
        AgencyCommand::Add { file } => {
            let in_file = |error: Error| Error { message: format!("{}: {}", file.display(), error.message), ..error };
            let new = NewAgency::from_json(&read(&file)?).map_err(in_file)?;
            let added = registry::add_agency(work, &new, Origin::Administrator).await?;
            let mut done = vec![match &added {
                Added::New(id) => format!("added {} as {id}", new.name),
                Added::Enrolled(id) => format!("enrolled {}, which was listed as {id}", new.name),
            }];
            if !new.areas.is_empty() {
                done.push("its areas are proposals: confirm them with `chancery agency confirm-areas`".to_owned());
            }
            if new.trust.as_ref().is_some_and(|trust| trust.keys.is_empty() && trust.key_place == KeyPlace::Registry) {
                done.push("it has no key yet: add one with `chancery agency keys add`".to_owned());
            }
            if new.trust.is_none() {
                done.push("it is listed and cannot sign in: its file names no issuer".to_owned());
            }
            Ok(done)
        }
        AgencyCommand::Suspend { agency } => {
            let agency = registry::agency(work.rows(), &agency).await?;
            let changed = registry::suspend(work, agency).await?;
            Ok(vec![if changed { "suspended" } else { "was suspended already" }.to_owned()])
        }
        AgencyCommand::Resume { agency } => {
            let agency = registry::agency(work.rows(), &agency).await?;
            let changed = registry::resume(work, agency).await?;
            Ok(vec![if changed { "resumed" } else { "was not suspended" }.to_owned()])
        }
        AgencyCommand::Revoke { agency, because } => {
            Ok(vec![revocation::revoke(work, &agency, Revoked::Agency, because).await?])
        }
        AgencyCommand::Areas(command) => change_areas(command, work).await,
        AgencyCommand::Keys(KeysCommand::Add { agency, file }) => {
            let agency = registry::agency(work.rows(), &agency).await?;
            let added = keys::add(work, &agency, &read(&file)?).await?;
            Ok(added.iter().map(|kid| format!("added {kid}")).collect())
        }
        AgencyCommand::Keys(KeysCommand::From { agency, place }) => {
            let agency = registry::agency(work.rows(), &agency).await?;
            let changed = registry::set_key_place(work, agency, &place.into()).await?;
            Ok(vec![
                if changed { "changed: tokens are verified with those keys from now on" } else { "was so already" }
                    .to_owned(),
            ])
        }
        AgencyCommand::Keys(KeysCommand::Remove { agency, kid }) => {
            let agency = registry::agency(work.rows(), &agency).await?;
            keys::remove(work, &agency.id, &kid).await?;
            Ok(vec![format!("removed {kid}")])
        }
        AgencyCommand::List { .. }
        | AgencyCommand::Show { .. }
        | AgencyCommand::Revocations { .. }
        | AgencyCommand::ConfirmAreas(_)
        | AgencyCommand::Keys(KeysCommand::List { .. }) => Ok(Vec::new()),
    }
}

async fn change_areas(command: AreasCommand, work: &mut Work) -> Result<Vec<String>> {
    if let AreasCommand::Confirm(names) = &command {
        return confirm_areas::confirm_within(work, &names.agency, &names.areas).await;
    }
    let (AreasCommand::Add(names) | AreasCommand::Remove(names)) = &command else { return Ok(Vec::new()) };
    let agency = registry::agency(work.rows(), &names.agency).await?;
    let mut done = Vec::new();
    for area in &names.areas {
        let what = match &command {
            AreasCommand::Add(_) if areas::propose(work, &agency, area, "ADMINISTRATOR").await? => "proposed",
            AreasCommand::Add(_) => "was there already:",
            _ => {
                areas::remove(work, &agency.id, area).await?;
                "removed"
            }
        };
        done.push(format!("{what} {area}"));
    }
    Ok(done)
}

async fn list(store: &Store, all: bool, json: bool, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new(&["id", "shortName", "name", "kind", "level", "ori", "roles", "suspendedAt"]);
    for agency in registry::agencies(&store.orm, all).await? {
        table.row([
            json!(agency.id),
            json!(agency.short_name),
            json!(agency.name),
            json!(agency.kind),
            json!(agency.level),
            json!(agency.ori),
            listed(&agency.roles),
            json!(agency.suspended_at),
        ]);
    }
    table.print(json, out)
}

async fn show(store: &Store, name: &str, json: bool, out: &mut dyn Write) -> Result<()> {
    let agency = registry::agency(&store.orm, name).await?;
    let areas = area_table(&areas::list(&store.orm, &agency.id).await?);
    let keys = key_table(&keys::list(&store.orm, &agency.id).await?);
    let missions = registry::missions_of(&store.orm, &agency.id).await?;
    let fields = [
        ("id", json!(agency.id)),
        ("name", json!(agency.name)),
        ("shortName", json!(agency.short_name)),
        ("kind", json!(agency.kind)),
        ("level", json!(agency.level)),
        ("ori", json!(agency.ori)),
        ("watchPhone", json!(agency.watch_phone)),
        ("state", json!(agency.state)),
        ("sendingState", json!(agency.sending_state_id)),
        ("stateWide", json!(agency.state_wide)),
        ("missions", json!(missions)),
        ("issuer", json!(agency.issuer)),
        ("audience", json!(agency.audience)),
        ("typ", json!(agency.token_typ)),
        ("algorithms", listed(&agency.algorithms)),
        ("jwksUri", json!(agency.jwks_uri)),
        ("oidcDiscovery", json!(agency.oidc_discovery)),
        ("maxLifetimeSeconds", json!(agency.max_lifetime_s)),
        ("roles", listed(&agency.roles)),
        ("quotaRequestsPerSecond", json!(agency.quota_rps)),
        ("quotaCostPerMinute", json!(agency.quota_cost_per_minute)),
        ("documentsOnly", json!(agency.documents_only)),
        ("madeByDemo", json!(agency.made_by_demo)),
        ("suspendedAt", json!(agency.suspended_at)),
    ];
    if json {
        let own = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        let lists = [("areas".to_owned(), areas.as_json()), ("keys".to_owned(), keys.as_json())];
        return say(out, &format!("{:#}", Value::Object(own.chain(lists).collect())));
    }
    for (name, value) in fields {
        say(out, &format!("{name:<24}{}", text(&value)))?;
    }
    say(out, "")?;
    areas.print(false, out)?;
    say(out, "")?;
    keys.print(false, out)
}

fn area_table(rows: &[entity::agency_area::Model]) -> Table {
    let mut table = Table::new(&["area", "level", "source", "proposedAt", "confirmedAt"]);
    for row in rows {
        let (area, level, source) = (json!(row.area), json!(row.level), json!(row.source));
        table.row([area, level, source, json!(row.proposed_at), json!(row.confirmed_at)]);
    }
    table
}

fn key_table(rows: &[entity::agency_key::Model]) -> Table {
    let mut table = Table::new(&["kid", "kty", "alg", "addedAt"]);
    for row in rows {
        let jwk = listed(&row.jwk);
        let member = |name: &str| jwk.get(name).cloned().unwrap_or(Value::Null);
        table.row([json!(row.kid), member("kty"), member("alg"), json!(row.added_at)]);
    }
    table
}

/// A registry file: bounded, UTF-8.
fn read(path: &std::path::Path) -> Result<String> {
    let cannot = |error: std::io::Error| Error::input(format!("cannot read {}: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(cannot)?.len();
    if length > MAX_FILE {
        return Err(Error::input(format!("{}: {length} bytes are too many for a registry file", path.display())));
    }
    std::fs::read_to_string(path).map_err(cannot)
}
