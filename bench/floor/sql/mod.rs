//! Statements by hand, one for each operation and role.
//!
//! Each is written once for both engines, with a few names in capitals that `dialect` replaces. KEYS are the principal's
//! keys, NOW the present, OWN the keys by which children are for somebody, V1 and on the operation's own values.

mod concern;
mod dialect;
mod mission;
mod part;
mod search;

use chancery::{access::Role, store::Engine};
use chancery_bench::{Result, gate::Principal};

use part::Part;

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
        _ => return None,
    };
    Some(dialect::of(&text, engine))
}

/// The values of a statement, from what was asked.
pub fn values(operation: &str, _principal: &Principal, mut values: Vec<String>) -> Result<Vec<String>> {
    match operation {
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
