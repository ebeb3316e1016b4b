//! The command line, over a test's database.

use chancery::{
    cli::{
        agency::{self, AgencyCommand},
        documents::{self, DocumentsCommand},
        person::{self, PersonCommand},
        token::{self, TokenCommand},
    },
    config::Limits,
    error::Result,
};
use clap::Parser;

use super::TestDb;

/// A line of it.
#[derive(Parser)]
pub enum Line {
    #[command(subcommand)]
    Agency(AgencyCommand),
    #[command(subcommand)]
    Documents(DocumentsCommand),
    #[command(subcommand)]
    Person(PersonCommand),
    #[command(subcommand)]
    Token(TokenCommand),
}

/// Runs a line over a database, and gives what it printed.
pub async fn chancery(db: &TestDb, line: &str) -> Result<String> {
    let mut out = Vec::new();
    let (store, clock) = (&db.store, &db.clock);
    match Line::try_parse_from(format!("chancery {line}").split(' ')).unwrap_or_else(|error| panic!("{error}")) {
        Line::Agency(command) => agency::run(command, store, clock, &mut out).await?,
        Line::Documents(command) => {
            documents::run(command, store, clock, &Limits::default(), &mut out).await?;
        }
        Line::Person(command) => person::run(command, store, clock, &mut out).await?,
        Line::Token(command) => token::run(command, store, clock, &db.directory().join("keys"), &mut out).await?,
    }
    Ok(String::from_utf8(out).expect("text"))
}
