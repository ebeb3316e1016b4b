//! Bodies and query strings by chance: never a fault of the server, and what is taken is what the JSON says.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use chancery::store::Engine;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    ALONE,
    chance::{Dice, begun, changed},
    front::{GRAPHQL, House, JSON, request},
};

/// Cases unless the environment says otherwise.
const CASES: usize = 2_500;

/// A value by chance.
fn value(dice: &mut Dice, depth: usize) -> Value {
    let texts = ["", "{ a }", "a", "\u{0}", "\u{1F600}", "query", "null", "\u{FEFF}", "{\"a\":1}"];
    let numbers = [json!(0), json!(-1), json!(1e300), json!(u64::MAX), json!(i64::MIN), json!(0.1), json!(-0.0)];
    match dice.below(if depth > 4 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => json!(dice.chance(50)),
        2 => dice.of(&numbers).clone(),
        3 | 4 => json!(dice.of(&texts)),
        5 => (0..dice.below(4)).map(|_| value(dice, depth + 1)).collect(),
        _ => {
            let named = (0..dice.below(4)).map(|_| ((*dice.of(&texts)).to_owned(), value(dice, depth + 1)));
            Value::Object(named.collect())
        }
    }
}

fn members(dice: &mut Dice) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, usual) in [
        ("query", json!("{ a }")),
        ("operationName", json!("a")),
        ("variables", json!({})),
        ("extensions", json!({})),
        ("id", json!(1)),
    ] {
        match dice.below(4) {
            0 => drop(members.insert(name.to_owned(), value(dice, 0))),
            1 if name != "query" => {}
            _ if name == "variables" => {
                let given = (0..dice.below(4)).map(|number| (format!("v{number}"), value(dice, 1))).collect();
                members.insert(name.to_owned(), Value::Object(given));
            }
            _ => drop(members.insert(name.to_owned(), usual)),
        }
    }
    members
}

/// The members that mean something. Any other must be JSON by its grammar; that nothing can hold its number, or half a surrogate,
/// is no fault there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    query: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

/// What a reader of JSON takes a body for, if it is a request.
fn read(text: &[u8]) -> Option<Value> {
    let text = str::from_utf8(text).ok()?;
    if !text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{') {
        return None;
    }
    let Members { query, operation_name, variables, extensions } = serde_json::from_str(text).ok()?;
    let members: BTreeMap<&str, Value> =
        [("query", query), ("operationName", operation_name), ("variables", variables), ("extensions", extensions)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
    let given = |name: &str| members.get(name).filter(|value| !value.is_null());
    let object = |name: &str| match given(name) {
        None => Some(json!({})),
        Some(value) => value.is_object().then(|| value.clone()),
    };
    let name = given("operationName");
    object("extensions")?;
    Some(json!({
        "query": members.get("query")?.as_str()?,
        "operationName": match name { None => Value::Null, Some(name) => json!(name.as_str()?) },
        "variables": object("variables")?,
    }))
}

#[tokio::test]
async fn a_body_is_taken_for_what_it_says() {
    let _shared = ALONE.read().await;
    let house = House::new(Engine::Sqlite).await;
    let (mut dice, seed, cases) = begun(CASES);
    let headers = [("content-type", JSON), ("accept", GRAPHQL), ("authorization", "Bearer good")];
    let mut taken = 0;
    for number in 0..cases {
        let mut body = Value::Object(members(&mut dice)).to_string().into_bytes();
        for _ in 0..dice.below(3) {
            body = changed(&body, &mut dice);
        }
        let shown = String::from_utf8_lossy(&body).into_owned();
        let whose = format!("HOSTILE_SEED={seed} case {number}: {shown:?}");
        let said = read(&body);
        let answer = house.send(request(Method::POST, "/graphql", body, &headers)).await;
        let status = answer.status.as_u16();
        assert!(status < 500, "{whose} {answer:?}");
        if status == 200 {
            taken += 1;
            // Read once more, as the answer is: of a long number each reading may take off a bit.
            let said = said.map(|said| serde_json::from_str(&said.to_string()).expect("JSON"));
            assert_eq!(Some(answer.json()["data"].clone()), said, "{whose}");
        } else if said
            .as_ref()
            .is_some_and(|said| !["{", "{ slow }"].contains(&said["query"].as_str().unwrap_or_default()))
        {
            // What another reader would take is refused for its length, or because a member stands twice.
            assert!(status == 413 || answer.text.contains("more than once"), "{whose} {answer:?}");
        }
    }
    assert!(taken * 10 > cases, "{taken} of {cases} were taken");
}

#[tokio::test]
async fn a_query_string_is_no_fault() {
    let _shared = ALONE.read().await;
    let house = House::new(Engine::Sqlite).await;
    let (mut dice, seed, cases) = begun(CASES / 4);
    for number in 0..cases {
        let mut query = b"query=%7Ba%7D&operationName=a&variables=%7B%22a%22%3A1%7D&extensions=%7B%7D".to_vec();
        for _ in 0..=dice.below(4) {
            query = changed(&query, &mut dice);
        }
        // What an URL cannot say is said as it can.
        let safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"=&%+.-_~".contains(byte);
        let text: String = query
            .iter()
            .map(|byte| if safe(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let request = Request::get(format!("/graphql?{text}"))
            .header(header::AUTHORIZATION, "Bearer good")
            .header("graphql-preflight", "1")
            .header(header::ACCEPT, GRAPHQL)
            .body(Body::empty());
        let Ok(request) = request else { continue };
        let answer = house.send(request).await;
        assert!(answer.status.as_u16() < 500, "HOSTILE_SEED={seed} case {number}: {text} {answer:?}");
    }
}
