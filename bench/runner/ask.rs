//! The requests of a cell, the same for every server: who asks, what, with which values.

use std::net::SocketAddr;

use chancery::{access::Role, clock::Clock, identity::demo_keys::SigningKey};
use chancery_bench::{
    Result,
    client::{Client, post},
    operations::Operation,
    world::{AUDIENCE, KEY, Person, Weight, cast},
};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::{fill::Filled, servers::Which};

/// Points around which missions are looked for: where there are many.
const POINTS: [(f64, f64); 4] = [(38.91, -77.04), (40.75, -73.97), STEADY, (41.88, -87.63)];
/// Where the missions of steady people are.
const STEADY: (f64, f64) = (44.0, -89.0);
/// Different rows that one person asks for.
const ROWS: usize = 8;

/// A person with a token.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Who.
    pub person: Person,
    /// The token.
    pub token: String,
}

/// One request: its variables for GraphQL, and the floor's values.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asks.
    pub token: String,
    /// Variables.
    pub variables: Value,
    /// The floor's parameters, beside keys and present.
    pub values: Vec<String>,
}

impl Asked {
    /// The bytes for a server.
    pub fn bytes(&self, which: Which, operation: &Operation) -> Vec<u8> {
        if which == Which::Floor {
            return post(&format!("/{}", operation.name), &self.token, &json!(self.values).to_string());
        }
        // The tutorial's cursors are another's than Chancery's: what they hold is the same.
        let own = json!({ "after": self.values.join("|") });
        let is_cursor = which == Which::Tutorial && self.variables.get("after").is_some();
        let variables = if is_cursor { &own } else { &self.variables };
        let body = json!({ "query": operation.document, "variables": variables });
        post("/graphql", &self.token, &body.to_string())
    }
}

/// Everybody of a role and a weight, with a token.
pub fn askers(filled: &Filled, role: Role, weight: Weight) -> Result<Vec<Asker>> {
    let key = SigningKey::load(&filled.keys, KEY)?;
    let now = Clock::system().now().unix_timestamp();
    let asker = |person: Person| {
        let claims = Map::from_iter([
            ("iss".to_owned(), json!(person.issuer)),
            ("aud".to_owned(), json!(AUDIENCE)),
            ("sub".to_owned(), json!(person.subject)),
            ("role".to_owned(), json!(role.name())),
            ("jti".to_owned(), json!(format!("{}-{now}", person.subject))),
            ("iat".to_owned(), json!(now)),
            ("exp".to_owned(), json!(now + 80_000)),
        ]);
        Ok(Asker { person, token: key.sign("at+jwt", &claims)? })
    };
    cast(role).into_iter().filter(|person| person.weight == weight).map(asker).collect()
}

/// The requests of a cell. Ids and cursors are asked of Chancery.
pub async fn requests(chancery: SocketAddr, operation: &Operation, askers: &[Asker]) -> Result<Vec<Asked>> {
    let mut client = Client::open(chancery).await?;
    let mut each = Vec::new();
    for asker in askers {
        each.push(of(&mut client, operation, asker).await?);
    }
    // In rotation, so that no server answers one person twice in a row.
    let longest = each.iter().map(Vec::len).max().unwrap_or(0);
    let turns = (0..longest).flat_map(|turn| each.iter().filter_map(move |of| of.get(turn).cloned()));
    Ok(turns.collect())
}

async fn of(client: &mut Client, operation: &Operation, asker: &Asker) -> Result<Vec<Asked>> {
    let one = |variables: Value, values: &[&str]| Asked {
        token: asker.token.clone(),
        variables,
        values: values.iter().map(ToString::to_string).collect(),
    };
    Ok(match operation.name {
        "point" => {
            let found = ids(client, asker, "{ missions(first: 100) { nodes { id } } }", "missions").await?;
            found.iter().map(|id| one(json!({ "id": id }), &[row(id)])).collect()
        }
        "node" => {
            let found = ids(client, asker, "{ concerns(first: 100) { nodes { id } } }", "concerns").await?;
            found.iter().map(|id| one(json!({ "id": id }), &[row(id)])).collect()
        }
        // Who sees few missions asks for those around them.
        "near" => POINTS
            .iter()
            .filter(|point| asker.person.missions.is_empty() || **point == STEADY)
            .map(|(latitude, longitude)| {
                let variables = json!({ "latitude": latitude, "longitude": longitude });
                one(variables, &[&latitude.to_string(), &longitude.to_string()])
            })
            .collect(),
        "search" => vec![one(json!({ "text": "heliotrope" }), &["heliotrope"])],
        "deep" => vec![deep(client, asker).await?],
        _ => vec![one(json!({}), &[])],
    })
}

/// The id of a row without its type.
pub fn row(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, row)| row)
}

/// Some of a page, spread over it.
async fn ids(client: &mut Client, asker: &Asker, document: &str, field: &str) -> Result<Vec<String>> {
    let seen = answer(client, &asker.token, document, &json!({})).await?;
    let nodes = seen.pointer(&format!("/data/{field}/nodes")).and_then(Value::as_array).ok_or("no rows")?;
    let step = nodes.len().div_ceil(ROWS).max(1);
    Ok(nodes.iter().step_by(step).filter_map(|node| Some(node.get("id")?.as_str()?.to_owned())).collect())
}

/// The page in the middle of what is seen. Of many concerns the middle is found by their dates.
async fn deep(client: &mut Client, asker: &Asker) -> Result<Asked> {
    let ends = "{ newest: concerns(first: 1) { nodes { openedAt } } oldest: concerns(last: 1) { nodes { openedAt } } }";
    let seen = answer(client, &asker.token, ends, &json!({})).await?;
    let at = |name: &str| -> Result<i128> {
        let text = seen.pointer(&format!("/data/{name}/nodes/0/openedAt")).and_then(Value::as_str).ok_or("no date")?;
        let at = chancery::clock::parse_instant(text).ok_or("not an instant")?;
        Ok(at.unix_timestamp_nanos())
    };
    let middle = i128::midpoint(at("newest")?, at("oldest")?);
    let middle = chancery::clock::instant(OffsetDateTime::from_unix_timestamp_nanos(middle)?);
    let first =
        "query($at: DateTime!) { concerns(first: 1, filter: { openedAt: { lte: $at } }) { nodes { id openedAt } } }";
    let seen = answer(client, &asker.token, first, &json!({ "at": middle })).await?;
    let node = seen.pointer("/data/concerns/nodes/0").ok_or("nothing in the middle")?;
    let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, at) = (text("id").to_owned(), text("openedAt").to_owned());
    // A cursor of the list itself is taken behind the row: positions are bound to the order, not to the filter.
    let cursor =
        "query($at: DateTime!) { concerns(first: 1, filter: { openedAt: { lte: $at } }) { pageInfo { endCursor } } }";
    let seen = answer(client, &asker.token, cursor, &json!({ "at": middle })).await?;
    let after = seen.pointer("/data/concerns/pageInfo/endCursor").and_then(Value::as_str).ok_or("no cursor")?;
    Ok(Asked {
        token: asker.token.clone(),
        variables: json!({ "after": after }),
        values: vec![at, row(&id).to_owned()],
    })
}

/// The answer to a document; errors in it are an error.
pub async fn answer(client: &mut Client, token: &str, document: &str, variables: &Value) -> Result<Value> {
    let body = json!({ "query": document, "variables": variables }).to_string();
    let answer: Value = serde_json::from_str(client.ask(&post("/graphql", token, &body)).await?)?;
    if answer.get("errors").is_some() { Err(format!("{document}: {answer}").into()) } else { Ok(answer) }
}
