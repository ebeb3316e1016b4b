//! Statements by hand, one for each operation and role.
//!
//! Each is written once for both engines, with a few names in capitals that `dialect` replaces. KEYS are the principal's
//! keys, NOW the present, OWN the keys by which children are for somebody, V1 and on the operation's own values.

mod concern;
mod dialect;
mod mission;
mod part;
mod search;
mod write;
mod write_sqlite;

use chancery::{access::Role, store::Engine};
use chancery_bench::{Result, gate::Principal};

use part::Part;
pub use write_sqlite::{LAST, Steps, steps};

/// The statement of an operation for a role.
pub fn statement(operation: &str, role: Role, engine: Engine, keys: usize) -> Option<String> {
    let part = Part::of(role, engine, keys)?;
    let text = match operation {
        "point" => mission::point(&part),
        "nested" => mission::nested(&part),
        "near" => mission::near(&part),
        "list" => concern::list(&part),
        "deep" => concern::deep(&part),
        "filtered" => concern::filtered(&part),
        "ordered" => concern::ordered(&part),
        "count" => concern::count(&part),
        "stats" => concern::stats(&part),
        "board" => concern::board(&part),
        "node" => concern::node(&part),
        "search" => search::search(&part),
        "raise" => write::raise(role)?,
        "refer" => write::refer(role)?,
        _ => return None,
    };
    Some(write::with_windows(&dialect::of(&text, engine)))
}

/// Whether an operation writes: then it is done under the lock under which lines are made.
pub fn writes(operation: &str) -> bool {
    matches!(operation, "raise" | "refer")
}

/// The values of a statement, from what was asked.
pub fn values(
    operation: &str,
    principal: &Principal,
    now: &str,
    mut values: Vec<String>,
    secret: &[u8],
) -> Result<Vec<String>> {
    match operation {
        "raise" => return write::raised(principal, now, values, secret),
        "refer" => return write::referred(principal, now, values),
        "near" => {
            let latitude: f64 = values.first().ok_or("no latitude")?.parse()?;
            values.extend(mission::metres(latitude).map(|metres| metres.to_string()));
        }
        "search" => {
            let words = values.first().ok_or("no words")?;
            let folded: Vec<String> = chancery::model::words::words(words);
            values = vec![folded.join(" ")];
        }
        _ => {}
    }
    Ok(values)
}
