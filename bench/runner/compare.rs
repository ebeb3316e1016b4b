//! Whether servers say the same.

use chancery_bench::{Result, client::Client, operations::Operation};
use serde_json::Value;

use crate::{
    ask::Asked,
    servers::{Server, Which},
};

/// Every request is answered alike by all servers, but for cursors, which each writes in its own way. Whatever is asked must
/// be answered with something: what is empty is no measure of anything.
pub async fn same(servers: &[&Server], operation: &Operation, requests: &[Asked]) -> Result<()> {
    for asked in requests {
        let mut first: Option<(Which, Value)> = None;
        for server in servers {
            let mut client = Client::open(server.address).await?;
            let answer = client.ask(&asked.bytes(server.which, operation)).await;
            let answer = answer.map_err(|error| format!("{}: {error}", server.which.name()))?;
            let answer = plain(answer).map_err(|error| format!("{}: {error}", server.which.name()))?;
            match &first {
                None => {
                    // A word may be in none of what somebody sees.
                    if operation.name != "search" && is_empty(&answer) {
                        return Err(format!("{}: nothing is answered to {}", operation.name, asked.variables).into());
                    }
                    first = Some((server.which, answer));
                }
                Some((which, known)) if *known != answer => {
                    return Err(different(which.name(), known, server.which.name(), &answer).into());
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// An answer as it is compared.
pub fn plain(text: &str) -> Result<Value> {
    let mut answer: Value = serde_json::from_str(text)?;
    if answer.get("errors").is_some() {
        return Err(text.to_owned().into());
    }
    blank(&mut answer);
    Ok(answer)
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(cursor) = members.get_mut("endCursor") {
                *cursor = Value::Bool(!cursor.is_null());
            }
            members.values_mut().for_each(blank);
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

fn is_empty(answer: &Value) -> bool {
    let Some(data) = answer.get("data").and_then(Value::as_object) else { return true };
    data.values().any(|field| {
        let lists = ["nodes", "groups", "nearest"].iter().filter_map(|name| field.get(name)?.as_array());
        field.is_null() || lists.into_iter().any(Vec::is_empty)
    })
}

/// Where two answers part, with a little of what is around.
fn different(one: &str, known: &Value, other: &str, answer: &Value) -> String {
    let (known, answer) = (known.to_string(), answer.to_string());
    let at = known.bytes().zip(answer.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = text.as_bytes().get(at.saturating_sub(200)..(at + 200).min(text.len())).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("the answers differ:\n{one}: …{}…\n{other}: …{}…", around(&known), around(&answer))
}
