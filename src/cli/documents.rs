//! `chancery documents`: the documents that an agency's clients ask by.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::table::{Table, say, text};
use crate::{
    access::{AgencyKind, Role},
    clock::Clock,
    config::Limits,
    desk::{
        Work,
        registry::{
            self,
            documents::{self, Imported, NewDocument},
        },
    },
    error::{Code, Error, Result},
    graph::{Examined, Examiner},
    identity::{names, strict_object},
    store::Store,
};

/// The largest manifest that is read, in bytes.
const MAX_FILE: u64 = 32 * 1024 * 1024;
/// What an Apollo manifest calls itself.
const APOLLO: &str = "apollo-persisted-query-manifest";
/// Characters of an id or a message that are printed.
const PRINTED: usize = 200;

/// Keeps the trusted documents of agencies: what their clients ask by `documentId` or by the hash of the text.
#[derive(Debug, Subcommand)]
pub enum DocumentsCommand {
    /// Import the documents of a manifest: those that the agency does not have, and other texts for those that it has.
    ///
    /// The file is a JSON object of ids and documents, as Relay and GraphQL Code Generator write it, or an Apollo
    /// persisted-query-manifest. Each document is held against the schema of every role that the agency may grant; one that
    /// fits none of them is rejected, and then nothing is imported. Servers that run go by it within a second.
    Import {
        /// The file.
        file: PathBuf,
        /// Whose.
        #[command(flatten)]
        whose: Whose,
        /// Remove the documents that the file does not have.
        #[arg(long)]
        replace: bool,
    },
    /// List an agency's documents.
    List {
        /// Whose.
        #[command(flatten)]
        whose: Whose,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Limit an agency to its documents: no other text is run for it, whatever its people ask.
    ///
    /// Not by full text, not by a hash that is not one of theirs, and not to ask for the schema: so GraphiQL does not work
    /// for them, nor do exports, whose questions are the server's own.
    Limit {
        /// Which.
        #[command(flatten)]
        whose: Whose,
    },
    /// Let an agency ask whatever its roles may again. It keeps its documents.
    Free {
        /// Which.
        #[command(flatten)]
        whose: Whose,
    },
}

/// An agency.
#[derive(Debug, Args)]
pub struct Whose {
    /// Its id, short name, ORI or issuer.
    #[arg(long, value_name = "AGENCY")]
    pub agency: String,
}

/// Runs the command and writes what it did. Documents are bounded as a server with these limits bounds them.
pub async fn run(
    command: DocumentsCommand,
    store: &Store,
    clock: &Clock,
    limits: &Limits,
    out: &mut dyn Write,
) -> Result<()> {
    match command {
        DocumentsCommand::Import { file, whose, replace } => {
            import(&file, &whose.agency, replace, (store, clock, limits), out).await
        }
        DocumentsCommand::List { whose, json } => list(store, &whose.agency, json, out).await,
        DocumentsCommand::Limit { whose } => limit(&whose.agency, true, (store, clock), out).await,
        DocumentsCommand::Free { whose } => limit(&whose.agency, false, (store, clock), out).await,
    }
}

async fn list(store: &Store, agency: &str, json: bool, out: &mut dyn Write) -> Result<()> {
    let agency = registry::agency(&store.orm, agency).await?;
    let mut table = Table::new(&["id", "name", "sha256", "importedAt"]);
    for document in documents::list(&store.orm, &agency.id).await? {
        let (id, name) = (json!(document.id), json!(document.name));
        table.row([id, name, json!(document.sha256), json!(document.imported_at)]);
    }
    table.print(json, out)
}

async fn limit(agency: &str, only: bool, (store, clock): (&Store, &Clock), out: &mut dyn Write) -> Result<()> {
    let mut work = Work::begin(store, clock).await?;
    work.is(if only { "documents limit" } else { "documents free" });
    let agency = registry::agency(work.rows(), agency).await?;
    let count = documents::count(work.rows(), &agency.id).await?;
    let changed = documents::limit(&mut work, agency, only).await?;
    work.commit().await?;
    say(
        out,
        match (only, changed) {
            (true, true) => "limited: it asks by its trusted documents only",
            (true, false) => "was limited already",
            (false, true) => "freed: it asks whatever its roles may",
            (false, false) => "was not limited",
        },
    )?;
    if only && count == 0 { say(out, NOTHING) } else { Ok(()) }
}

const NOTHING: &str = "warning: it has no trusted documents: nobody of it can ask anything";

async fn import(
    file: &Path,
    agency: &str,
    replace: bool,
    (store, clock, limits): (&Store, &Clock, &Limits),
    out: &mut dyn Write,
) -> Result<()> {
    let in_file = |error: Error| Error { message: format!("{}: {}", file.display(), error.message), ..error };
    let members = strict_object(read(file)?.as_bytes()).map_err(Error::input).map_err(in_file)?;
    let agency = registry::agency(&store.orm, agency).await?;
    let kind: Option<AgencyKind> = agency.kind.parse().ok();
    let granted: Vec<Role> = names(&agency.roles);
    let roles: Vec<Role> =
        granted.into_iter().filter(|role| kind.is_some_and(|kind| kind.roles().contains(role))).collect();
    if roles.is_empty() {
        return Err(Error::new(Code::Conflict, "the agency may grant no role: nobody of it could ask a document"));
    }
    let Read { documents: given, mut problems } = manifest(members).map_err(in_file)?;
    let examiner = Examiner::new(&roles, limits)?;
    let (mut good, mut unfit) = (Vec::with_capacity(given.len()), Vec::new());
    for (id, document) in given {
        if let Err(error) = documents::check_id(&id, &document) {
            problems.push((id, error.message));
            continue;
        }
        let Examined { name, unfit: not_for, fits } = examiner.examine(&document).await;
        if document.contains('\0') {
            problems.push((id, "expected a text without U+0000".to_owned()));
        } else if fits == 0 {
            problems.push((id, why_none(&not_for)));
        } else {
            for (role, errors) in &not_for {
                unfit.push(format!("{}: not for {role}: {}", printed(&id), why(errors)));
            }
            good.push(NewDocument { id, name, text: document });
        }
    }
    if !problems.is_empty() {
        let lines: String = problems.iter().map(|(id, why)| format!("\n{}: {}", printed(id), printed(why))).collect();
        let message = format!("{}: nothing was imported; rejected: {}{lines}", file.display(), problems.len());
        return Err(Error::input(message));
    }
    let mut work = Work::begin(store, clock).await?;
    work.is("documents import");
    let done = documents::import(&mut work, &agency, &good, replace).await?;
    let count = documents::count(work.rows(), &agency.id).await?;
    work.commit().await?;
    let Imported { new, changed, same, removed } = done;
    say(out, &format!("new {new}, changed {changed}, as before {same}, removed {removed}; the agency has {count}"))?;
    unfit.iter().try_for_each(|line| say(out, line))?;
    if count == 0 && agency.documents_only { say(out, NOTHING) } else { Ok(()) }
}

/// What a manifest holds, and what is wrong with it by id.
struct Read {
    documents: Vec<(String, String)>,
    problems: Vec<(String, String)>,
}

/// Either form of a manifest.
fn manifest(members: Map<String, Value>) -> Result<Read> {
    let is_apollo = members.get("format").and_then(Value::as_str) == Some(APOLLO)
        || members.get("operations").is_some_and(Value::is_array);
    let given: Vec<(Option<Value>, Option<Value>)> = if is_apollo {
        operations(members)?
    } else {
        members.into_iter().map(|(id, text)| (Some(Value::String(id)), Some(text))).collect()
    };
    if given.len() > documents::MOST {
        return Err(Error::input(format!(
            "{} documents are too many, expected at most {}",
            given.len(),
            documents::MOST
        )));
    }
    let (mut ids, mut documents, mut problems) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (place, (id, text)) in given.into_iter().enumerate() {
        let Some(Value::String(id)) = id else {
            problems.push((format!("operations[{place}]"), "expected a text as `id`".to_owned()));
            continue;
        };
        let Some(Value::String(text)) = text else {
            problems.push((id, "expected the document as a text".to_owned()));
            continue;
        };
        if ids.insert(id.clone()) {
            documents.push((id, text));
        } else {
            problems.push((id, "expected once".to_owned()));
        }
    }
    Ok(Read { documents, problems })
}

/// The ids and bodies of an Apollo manifest.
fn operations(mut members: Map<String, Value>) -> Result<Vec<(Option<Value>, Option<Value>)>> {
    if members.get("format").and_then(Value::as_str) != Some(APOLLO) {
        return Err(Error::input(format!("`format`: expected \"{APOLLO}\"")));
    }
    if members.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(Error::input("`version`: expected 1"));
    }
    let Some(Value::Array(operations)) = members.remove("operations") else {
        return Err(Error::input("`operations`: expected a list"));
    };
    Ok(operations
        .into_iter()
        .map(|operation| match operation {
            Value::Object(mut operation) => (operation.remove("id"), operation.remove("body")),
            _ => (None, None),
        })
        .collect())
}

/// Why a document fits no role: once where it is the same for all.
fn why_none(unfit: &[(Role, Vec<Error>)]) -> String {
    let reasons: BTreeSet<String> = unfit.iter().map(|(_, errors)| why(errors)).collect();
    match reasons.iter().collect::<Vec<_>>().as_slice() {
        [reason] => (*reason).clone(),
        _ => unfit.iter().map(|(role, errors)| format!("{role}: {}", why(errors))).collect::<Vec<_>>().join("; "),
    }
}

/// The first of a document's errors, and where.
fn why(errors: &[Error]) -> String {
    let Some(error) = errors.first() else { return String::new() };
    match error.locations.first() {
        Some((line, column)) => format!("{} ({line}:{column})", error.message),
        None => error.message.clone(),
    }
}

/// A text of the file for a terminal.
fn printed(given: &str) -> String {
    text(&Value::String(given.chars().take(PRINTED).collect()))
}

/// A manifest's text: bounded, UTF-8.
fn read(path: &Path) -> Result<String> {
    let cannot = |error: std::io::Error| Error::input(format!("cannot read {}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(cannot)?;
    let mut text = String::new();
    // A pipe says no length.
    let length = file.take(MAX_FILE + 1).read_to_string(&mut text).map_err(cannot)?;
    if length as u64 > MAX_FILE {
        return Err(Error::input(format!("{}: too long, expected at most {MAX_FILE} bytes", path.display())));
    }
    Ok(text)
}
