//! `chancery demo`: everything at once, with tokens to try it.

use std::{fs, io::Write, net::SocketAddr, path::PathBuf};

use clap::Args as ClapArgs;
use serde_json::{Map, Value};

use super::{
    Context, Outcome, reload, serve,
    token::{self, Mint},
    told,
};
use crate::{
    access::{Kind, Tier, table},
    demo,
    store::Store,
};

/// The directory of the demo agencies' private keys, in the data directory.
pub const KEYS: &str = "demo-keys";

/// What each may ask first: the first of which the role reads the type so deep.
const QUESTIONS: [(Kind, Tier, &str); 4] = [
    (
        Kind::Post,
        Tier::S,
        "{ viewer { role agencyName } posts(first: 1) { nodes { name chiefOfMission readiness { state open overdue nextDueOn } findings(first: 3) { totalCount nodes { severity body dueOn } } country { name visits(first: 3) { totalCount nodes { principal arrivesOn } } } } } }",
    ),
    (
        Kind::ProtectiveDetail,
        Tier::S,
        "{ viewer { role agencyName } protectiveDetails(first: 3) { totalCount nodes { protectee agentInCharge shifts(first: 2) { totalCount nodes { agent startsAt endsAt } } visit { principal city } } } }",
    ),
    (
        Kind::Concern,
        Tier::D,
        "{ viewer { role agencyName } missions(first: 3) { totalCount nodes { name switchboard concerns { totalCount } } } }",
    ),
    (
        Kind::AuditEvent,
        Tier::D,
        "{ viewer { role agencyName } auditEvents(first: 5) { totalCount nodes { at subject role operation decision rows } } }",
    ),
];
/// What the others may.
const WHO_AM_I: &str = "{ viewer { role agencyName name areas tokenExpiresAt } }";

/// Make the demo if it is not there, and serve it.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Write the tokens as JSON, {"MISSION_OFFICER": "…", …}, readable by you alone
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,
}

/// Runs the command.
pub async fn run(context: &Context, args: &Args) -> Outcome {
    let hang_ups = reload::hang_ups()?;
    let store = serve::up_to_date(context, true).await?;
    let keys = context.config.data_dir.join(KEYS);
    let people = demo::seed(store, &context.clock, &keys, |step| println!("making {step}")).await?;
    let mut tokens = Map::new();
    for person in &people.0 {
        let mint =
            Mint { agency: person.agency.to_owned(), subject: person.subject.to_owned(), role: person.role, ttl: None };
        let token = token::mint(&mint, store, &context.clock, &keys).await?;
        tokens.insert(person.role.name().to_owned(), Value::String(token));
    }
    if let Some(file) = &args.tokens {
        write_private(file, &Value::Object(tokens.clone()).to_string())?;
    }
    Box::pin(open(context, args, (store, hang_ups), &people, &tokens)).await
}

async fn open(
    context: &Context,
    args: &Args,
    (store, hang_ups): (&Store, reload::HangUps),
    people: &demo::DemoPeople,
    tokens: &Map<String, Value>,
) -> Outcome {
    serve::open(context, args.listen, hang_ups, serve::rooms(context, store).await?, |address| {
        for person in &people.0 {
            let role = person.role.name();
            let token = tokens.get(role).and_then(Value::as_str).unwrap_or_default();
            let sees = |(kind, tier, _): &&(Kind, Tier, &str)| table::reach(person.role, *kind).has(*tier);
            let question = QUESTIONS.iter().find(sees).map_or(WHO_AM_I, |(_, _, question)| question);
            let body = serde_json::json!({ "query": question });
            println!("\n# {role}: {} of {}\n{role}={token}", person.name, person.agency);
            println!(
                "curl -s http://{address}/graphql -H 'content-type: application/json' -H \"authorization: Bearer ${role}\" -d '{body}'"
            );
        }
        println!("\nEach pair of lines above can be pasted into a shell: the first keeps the token, the second asks with it.");
        println!("GraphiQL: http://{address}/graphiql (paste a token there)\nThe tokens hold for an hour. Ctrl-C ends the demo.");
    })
    .await
}

/// Writes a file that only its owner may read, whatever was there.
fn write_private(path: &std::path::Path, text: &str) -> Outcome {
    let failed = |error| told(format!("{} cannot be written", path.display()), error);
    let _ = fs::remove_file(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(failed)?.write_all(text.as_bytes()).map_err(failed)
}
