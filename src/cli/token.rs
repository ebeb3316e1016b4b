//! `chancery token`: revokes tokens of any agency, and mints them for those that the demo made, and for no other.

use std::{io::Write, path::Path};

use clap::{Args, Subcommand};
use serde_json::{Map, json};

use super::{
    person::role,
    revocation::{self, Because},
    table::say,
};
use crate::{
    access::Role,
    clock::Clock,
    desk::{
        Work,
        registry::{self, revocation::Revoked},
    },
    error::{Code, Error, Result},
    id,
    identity::{Registry, demo_keys::SigningKey},
    store::Store,
};

/// Revokes tokens, and mints them for the demo.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Mint a token of an agency that the demo made.
    Mint(Mint),
    /// Refuse one token from now on, whoever holds it.
    Revoke {
        /// The agency that issued it, by id, short name, ORI or issuer.
        agency: String,
        /// Its `jti`.
        jti: String,
        /// Why, and who says so.
        #[command(flatten)]
        because: Because,
    },
}

/// What the token says.
#[derive(Clone, Debug, Args)]
pub struct Mint {
    /// The agency, by id, short name, ORI or issuer.
    #[arg(long)]
    pub agency: String,
    /// The person, by the `sub` under which it is enrolled.
    #[arg(long)]
    pub subject: String,
    /// The one active role.
    #[arg(long, value_parser = role)]
    pub role: Role,
    /// Lifetime in seconds; the agency's longest if it is left out.
    #[arg(long)]
    pub ttl: Option<i64>,
}

/// Runs the command. `keys` is the demo's key directory (see [`crate::identity::demo_keys`]).
pub async fn run(command: TokenCommand, store: &Store, clock: &Clock, keys: &Path, out: &mut dyn Write) -> Result<()> {
    match command {
        TokenCommand::Mint(mint) => say(out, &self::mint(&mint, store, clock, keys).await?),
        TokenCommand::Revoke { agency, jti, because } => {
            let mut work = Work::begin(store, clock).await?;
            // The trail knows rows, and a token is none: so it is named here.
            work.is(format!("token revoke {jti}"));
            let said = revocation::revoke(&mut work, &agency, Revoked::Token(jti), because).await?;
            work.commit().await?;
            say(out, &said)
        }
    }
}

/// A token that the registry accepts now. One that it would refuse is not handed out: the reason is told instead,
/// as whoever has the database and the key directory may know it.
pub async fn mint(mint: &Mint, store: &Store, clock: &Clock, keys: &Path) -> Result<String> {
    let agency = registry::agency(&store.orm, &mint.agency).await?;
    let name = agency.short_name.as_deref().unwrap_or_default();
    if !agency.made_by_demo {
        return Err(Error::new(Code::Forbidden, "tokens are minted only for agencies that the demo made"));
    }
    let ttl = mint.ttl.unwrap_or(agency.max_lifetime_s);
    if !(1..=agency.max_lifetime_s).contains(&ttl) {
        return Err(Error::input(format!("--ttl: expected 1 to {} seconds", agency.max_lifetime_s)));
    }
    let now = clock.now();
    let claims = Map::from_iter([
        ("iss".to_owned(), json!(agency.issuer)),
        ("aud".to_owned(), json!(agency.audience)),
        ("sub".to_owned(), json!(mint.subject)),
        ("role".to_owned(), json!(mint.role.name())),
        ("jti".to_owned(), json!(id::new(now))),
        ("iat".to_owned(), json!(now.unix_timestamp())),
        ("exp".to_owned(), json!(now.unix_timestamp() + ttl)),
    ]);
    let token = SigningKey::load(keys, name)?.sign(agency.token_typ.as_deref().unwrap_or("JWT"), &claims)?;
    match Registry::open(store, clock).await?.authenticate(&token).await {
        Ok(_) => Ok(token),
        Err(reason) => Err(Error::input(format!("such a token would be refused: {reason}"))),
    }
}
