//! More hostile tokens: what is done to the finished token, how it is signed, and claims that are no text of JSON.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};

use super::{
    cases::Case,
    forge::{Draft, SIGNERS},
};

const CLAIMS: &str = "token malformed: the claims: not a JSON object of distinct members";
const B64: &str = "token malformed: the signature is not base64url";

fn right(message: &[u8]) -> Vec<u8> {
    SIGNERS[0].sign("ES256", message)
}

/// What is done to the finished token, or to the bytes that are signed.
pub fn all() -> Vec<Case> {
    let finish = |name: &str, why: &'static str, finish: fn(String) -> String| Case {
        name: name.to_owned(),
        edit: Box::new(move |draft: &mut Draft| draft.finish = finish),
        refused: Some(why),
    };
    let signature = |name: &str, sign: fn(&[u8]) -> Vec<u8>| Case {
        name: name.to_owned(),
        edit: Box::new(move |draft: &mut Draft| draft.sign = Some(sign)),
        refused: Some("signature does not verify"),
    };
    let bytes = |name: &str, claims: fn(&Value) -> Vec<u8>| Case {
        name: name.to_owned(),
        edit: Box::new(move |draft: &mut Draft| draft.claims_bytes = Some(claims(&draft.claims))),
        refused: Some(CLAIMS),
    };
    let header = "token malformed: the header: not base64url";
    let claims = "token malformed: the claims: not base64url";
    vec![
        finish("detached: the claims are elsewhere", CLAIMS, |token| {
            let parts: Vec<&str> = token.split('.').collect();
            format!("{}..{}", parts[0], parts[2])
        }),
        finish("no header", "token malformed: the header: not a JSON object of distinct members", |token| {
            token[token.find('.').unwrap()..].to_owned()
        }),
        finish("dots alone", "token malformed: no signature", |_| "..".to_owned()),
        finish("a dot before", "token malformed: the header: not a JSON object of distinct members", |token| {
            format!(".{token}")
        }),
        finish("a dot after", "token malformed: no signature", |token| format!("{token}.")),
        finish("a scheme within", header, |token| format!("Bearer {token}")),
        finish("in quotes", B64, |token| format!("\"{token}\"")),
        finish("two in one", claims, |token| format!("{token},{token}")),
        finish("two in a row", claims, |token| format!("{token}{token}")),
        finish("percent-encoded", "token malformed: no dot", |token| token.replace('.', "%2E")),
        finish("full stops of another script", "token malformed: no dot", |token| token.replace('.', "\u{3002}")),
        finish("full width letters", header, |token| token.replacen('e', "\u{ff45}", 1)),
        finish("a line end within", claims, |token| token.replacen('.', ".\r\n", 1)),
        finish("a tab before", header, |token| format!("\t{token}")),
        finish("NUL after", B64, |token| format!("{token}\u{0}")),
        finish("selective disclosure", B64, |token| format!("{token}~WyJhIiwiYiJd~")),
        finish("a fragment", B64, |token| format!("{token}#x")),
        finish("a query", B64, |token| format!("{token}?x=y")),
        finish("the claims padded", claims, |token| {
            let parts: Vec<&str> = token.split('.').collect();
            format!("{}.{}=.{}", parts[0], parts[1], parts[2])
        }),
        finish("one letter too many in the header", header, |token| token.replacen('.', "A.", 1)),
        finish("as JSON", B64, |token| {
            let parts: Vec<&str> = token.split('.').collect();
            json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] }).to_string().replace(',', ".")
        }),
        finish("another sort of token", header, |token| format!("v4.public.{}", token.replace('.', ""))),
        finish("in hexadecimal", "token malformed: no dot", |token| HEXLOWER.encode(token.as_bytes())),
        finish("encoded once more", "token malformed: no dot", |token| BASE64URL_NOPAD.encode(token.as_bytes())),
        finish("the signature of base64 with its padding", B64, |token| {
            let (signed, signature) = token.rsplit_once('.').unwrap();
            format!("{signed}.{}", BASE64.encode(&BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap()))
        }),
        finish("a letter of the signature turned", "signature does not verify", |token| {
            let at = token.rfind('.').unwrap() + 10;
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            format!("{}{other}{}", &token[..at], &token[at + 1..])
        }),
        finish("a letter of the signature missing", B64, |token| token[..token.len() - 1].to_owned()),
        finish("8 KiB of nothing", "token too long", |_| "A".repeat(8 * 1024 + 1)),
        finish("8 KiB of dots", "token malformed: no signature", |_| ".".repeat(8 * 1024)),
        finish("nothing that ends in a signature", "token malformed: one dot", |_| "e30.AA".to_owned()),
        signature("one byte more", |message| [right(message), vec![0]].concat()),
        signature("one byte before", |message| [vec![0], right(message)].concat()),
        signature("one byte less", |message| right(message)[..63].to_vec()),
        signature("one bit turned", |message| {
            let mut signature = right(message);
            signature[40] ^= 1;
            signature
        }),
        signature("its halves turned round", |message| {
            let signature = right(message);
            [&signature[32..], &signature[..32]].concat()
        }),
        signature("twice", |message| [right(message), right(message)].concat()),
        signature("all ones", |_| vec![0xff; 64]),
        signature("one and one", |_| [vec![0; 31], vec![1], vec![0; 31], vec![1]].concat()),
        signature("the order of the curve", |_| {
            let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
            HEXLOWER.decode([order, order].concat().as_bytes()).unwrap()
        }),
        signature("in ASN.1", |message| {
            let raw = right(message);
            let half = |bytes: &[u8]| [&[2, 33, 0], bytes].concat();
            let both = [half(&raw[..32]), half(&raw[32..])].concat();
            [vec![0x30, u8::try_from(both.len()).unwrap()], both].concat()
        }),
        signature("of the header alone", |message| right(message.split(|byte| *byte == b'.').next().unwrap())),
        signature("of the claims alone", |message| right(message.split(|byte| *byte == b'.').nth(1).unwrap())),
        signature("of what is in the claims", |message| {
            right(&BASE64URL_NOPAD.decode(message.split(|byte| *byte == b'.').nth(1).unwrap()).unwrap())
        }),
        signature("of nothing", |_| right(b"")),
        signature("of another line end", |message| right(&[message, b"\n"].concat())),
        signature("of the P-384 key", |message| SIGNERS[1].sign("ES384", message)),
        signature("of the Ed25519 key", |message| SIGNERS[2].sign("EdDSA", message)),
        bytes("claims that are a token", |claims| {
            format!("e30.{}.AA", BASE64URL_NOPAD.encode(claims.to_string().as_bytes())).into_bytes()
        }),
        bytes("claims that are a text of claims", |claims| json!(claims.to_string()).to_string().into_bytes()),
        bytes("claims in UTF-16", |claims| claims.to_string().encode_utf16().flat_map(u16::to_le_bytes).collect()),
        bytes("claims in Latin-1", |claims| {
            claims
                .to_string()
                .replace("ada", "ad\u{1}")
                .bytes()
                .map(|byte| if byte == 1 { 0xe1 } else { byte })
                .collect()
        }),
        bytes("an overlong form of UTF-8", |claims| {
            claims
                .to_string()
                .replace("ada", "\u{1}")
                .bytes()
                .flat_map(|byte| if byte == 1 { vec![0xc1, 0xa1] } else { vec![byte] })
                .collect()
        }),
        bytes("a surrogate in UTF-8", |claims| {
            claims
                .to_string()
                .replace("ada", "\u{1}")
                .bytes()
                .flat_map(|byte| if byte == 1 { vec![0xed, 0xa0, 0x80] } else { vec![byte] })
                .collect()
        }),
        bytes("claims that are compressed", |_| vec![0x78, 0x9c, 0xab, 0x56, 0x2a, 0x4e, 0x2d, 0x52, 0xb2, 0x52]),
        bytes("claims in CBOR", |_| vec![0xa2, 0x01, 0x63, b'a', b'd', b'a', 0x04, 0x1a, 0x6b, 0x02, 0xf1, 0x98]),
        bytes("claims that are null", |_| b"null".to_vec()),
        bytes("claims that are true", |_| b"true".to_vec()),
        bytes("claims that are a number", |_| b"1795349400".to_vec()),
        bytes("claims that are white space", |_| b" \n ".to_vec()),
        bytes("claims nested in themselves", |claims| {
            format!("{}{claims}{}", "{\"a\":".repeat(200), "}".repeat(200)).into_bytes()
        }),
    ]
}
