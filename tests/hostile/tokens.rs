//! Tokens that are nearly one: whatever is done to the bytes, there is one answer, or it is the token.

use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use chancery::store::Engine;
use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::{
    ALONE,
    chance::{Dice, begun, changed},
    support::{
        app::App,
        small_world::{self, analyst},
    },
};

/// Cases unless the environment says otherwise.
const CASES: usize = 1_000;

/// What it is answered with: the status, and the body without the id of the request.
async fn answer(app: &App, credentials: &[u8]) -> Option<(u16, String)> {
    let value = HeaderValue::from_bytes(credentials).ok()?;
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-request-id", "one")
        .header(header::AUTHORIZATION, value)
        .body(Body::from(r#"{"query":"{ __typename }"}"#))
        .expect("a request");
    let response = app.respond(request).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    Some((status, String::from_utf8_lossy(&body).into_owned()))
}

/// One of the three parts as another text of the same or nearly the same octets.
fn recoded(part: &str, dice: &mut Dice) -> String {
    let octets = BASE64URL_NOPAD.decode(part.as_bytes()).unwrap_or_default();
    match dice.below(7) {
        0 => BASE64.encode(&octets),
        1 => BASE64URL.encode(&octets),
        2 => BASE64URL_NOPAD.encode(&changed(&octets, dice)),
        3 => format!("{part}="),
        4 => {
            // The bits that the last letter has too many.
            let mut letters = part.as_bytes().to_vec();
            if let Some(last) = letters.last_mut() {
                *last = last.wrapping_add(1);
            }
            String::from_utf8(letters).unwrap_or_default()
        }
        5 => part.chars().map(|letter| format!("%{:02x}", u32::from(letter))).collect(),
        _ => String::new(),
    }
}

/// A part of JSON with a member said twice, deeper, or in another order.
fn rewritten(part: &str, dice: &mut Dice) -> String {
    let octets = BASE64URL_NOPAD.decode(part.as_bytes()).unwrap_or_default();
    let Ok(Value::Object(mut members)) = serde_json::from_slice(&octets) else { return part.to_owned() };
    let names: Vec<String> = members.keys().cloned().collect();
    let (one, other) = (dice.of(&names).clone(), dice.of(&names).clone());
    let text = match dice.below(5) {
        0 => {
            let text = Value::Object(members.clone()).to_string();
            format!("{},\"{one}\":{}}}", text.trim_end_matches('}'), members[&one])
        }
        1 => {
            let value = members[&other].clone();
            members.insert(one, value);
            Value::Object(members).to_string()
        }
        2 => {
            let value = members[&one].clone();
            members.insert(one, json!([value]));
            Value::Object(members).to_string()
        }
        3 => {
            let strange = [json!(null), json!(-1), json!(1e300), json!("\u{0}"), json!({}), json!(""), json!(true)];
            members.insert(one, dice.of(&strange).clone());
            Value::Object(members).to_string()
        }
        _ => format!(" {}", Value::Object(members)),
    };
    BASE64URL_NOPAD.encode(text.as_bytes())
}

fn forged(token: &str, dice: &mut Dice) -> Vec<u8> {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let (one, other) = (dice.below(3), dice.below(3));
    match dice.below(6) {
        0 => return (0..dice.below(600)).map(|_| u8::try_from(dice.below(256)).unwrap_or_default()).collect(),
        1 => parts[one] = recoded(&parts[one], dice),
        2 => parts[one] = rewritten(&parts[one], dice),
        3 => parts.swap(one, other),
        4 => {
            let copy = parts[other].clone();
            parts[one] = copy;
        }
        _ => {}
    }
    let mut bytes = parts.join(".").into_bytes();
    for _ in 0..dice.below(3) {
        bytes = changed(&bytes, dice);
    }
    bytes
}

#[tokio::test]
async fn what_is_not_the_token_is_one_refusal() {
    let _shared = ALONE.read().await;
    let app = small_world::app(Engine::Sqlite).await;
    let token = app.token(&analyst()).await;
    let (mut dice, seed, cases) = begun(CASES);
    let refusal = answer(&app, b"Bearer x").await.expect("it can be said");
    assert_eq!(refusal.0, 401);
    let mut said = 0;
    for number in 0..cases {
        let bytes = forged(&token, &mut dice);
        let credentials = [b"Bearer ", bytes.as_slice()].concat();
        let Some(answer) = answer(&app, &credentials).await else { continue };
        said += 1;
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        // Space around a token belongs to the header.
        if shown.trim_matches([' ', '\t']) == token {
            assert_eq!(answer.0, 200, "HOSTILE_SEED={seed} case {number}: the token itself");
        } else {
            assert_eq!(answer, refusal, "HOSTILE_SEED={seed} case {number}: {shown:?}");
        }
    }
    // The scheme and all that stands before the token.
    for _ in 0..cases / 10 {
        let credentials = changed(format!("Bearer {token}").as_bytes(), &mut dice);
        let Some(answer) = answer(&app, &credentials).await else { continue };
        let shown = String::from_utf8_lossy(&credentials).into_owned();
        let is_token = shown.split_whitespace().collect::<Vec<_>>()
            == [shown.split_whitespace().next().unwrap_or_default(), token.as_str()]
            && shown.trim_start().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
        assert!(answer == refusal || (is_token && answer.0 == 200), "HOSTILE_SEED={seed}: {shown:?} {answer:?}");
    }
    assert!(said * 3 > cases, "{said} of {cases} can be said in a header");
}
