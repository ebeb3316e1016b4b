//! The table: what is done to a right token of agency 0 (ES256, `at+jwt`), and why it is refused then.

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::{
    forge::{Draft, SIGNERS, STRANGER, Sign},
    world::issuer,
};

pub type Edit = Box<dyn Fn(&mut Draft)>;

pub struct Case {
    pub name: String,
    pub edit: Edit,
    /// The reason; none: it is accepted.
    pub refused: Option<&'static str>,
}

fn refused(name: impl Into<String>, why: &'static str, edit: impl Fn(&mut Draft) + 'static) -> Case {
    Case { name: name.into(), edit: Box::new(edit), refused: Some(why) }
}

fn accepted(name: &str, edit: impl Fn(&mut Draft) + 'static) -> Case {
    Case { name: name.into(), edit: Box::new(edit), refused: None }
}

pub fn all() -> Vec<Case> {
    [controls(), forms(), headers(), keys(), missing_and_doubled(), types(), values(), times(), rights()]
        .into_iter()
        .flatten()
        .collect()
}

fn controls() -> Vec<Case> {
    vec![
        accepted("as it is", |_| {}),
        accepted("typ in other letters", |draft| draft.header["typ"] = json!("AT+JWT")),
        accepted("typ as a media type", |draft| draft.header["typ"] = json!("application/at+jwt")),
        accepted("no kid, one key", |draft| drop(draft.header.as_object_mut().unwrap().remove("kid"))),
        accepted("aud in a list", |draft| draft.claims["aud"] = json!(["x", draft.claims["aud"]])),
        accepted("times with fractions", |draft| draft.claims["exp"] = half_past(exp(draft))),
        accepted("expired within the leeway", |draft| at(draft, -600, -29)),
        accepted("issued ahead within the leeway", |draft| at(draft, 30, 600)),
        accepted("not before, within the leeway", |draft| draft.claims["nbf"] = json!(now(draft) + 30)),
        accepted("exactly the longest lifetime", |draft| at(draft, 0, 3600)),
        accepted("claims that mean nothing here", |draft| {
            draft.claims["missions"] = json!(["*"]);
            draft.claims["scope"] = json!("admin");
            draft.claims["agency"] = json!("A1");
        }),
        // They would name other keys; only the registry's are asked, and one of those did sign.
        accepted("jku, jwk, x5u and x5c are ignored", inject),
    ]
}

fn forms() -> Vec<Case> {
    let header_b64 = "token malformed: the header: not base64url";
    let claims_b64 = "token malformed: the claims: not base64url";
    let claims_json = "token malformed: the claims: not a JSON object of distinct members";
    let header_json = "token malformed: the header: not a JSON object of distinct members";
    let finish = |name: &str, why, finish: fn(String) -> String| refused(name, why, move |draft| draft.finish = finish);
    vec![
        finish("empty", "token malformed: no dot", |_| String::new()),
        finish("two dots missing", "token malformed: no dot", |token| token.replace('.', "")),
        finish("one dot missing", "token malformed: one dot", |token| token.replacen('.', "", 1)),
        finish("a fourth part", claims_b64, |token| format!("{token}.AA")),
        finish("five parts, as if encrypted", claims_b64, |token| format!("{token}.AA.AA")),
        finish("no signature", "token malformed: no signature", |token| token[..=token.rfind('.').unwrap()].to_owned()),
        finish("space before", header_b64, |token| format!(" {token}")),
        finish("space after", "token malformed: the signature is not base64url", |token| format!("{token} ")),
        finish("line end after", "token malformed: the signature is not base64url", |token| format!("{token}\n")),
        finish("space within", claims_b64, |token| token.replacen('.', ". ", 1)),
        finish("padding", "token malformed: the signature is not base64url", |token| format!("{token}==")),
        finish("padding within", header_b64, |token| token.replacen('.', "=.", 1)),
        finish("base64 that is not of URLs", "token malformed: the signature is not base64url", |token| {
            format!("{}+/{}", &token[..token.len() - 2], "")
        }),
        finish("bits after the signature", "token malformed: the signature is not base64url", |token| {
            trailing_bits(&token)
        }),
        finish("beyond ASCII", header_b64, |token| format!("é{token}")),
        finish("oversized", "token too long", |token| format!("{token}{}", "A".repeat(8 * 1024))),
        refused("oversized claims", "token too long", |draft| draft.claims["x"] = json!("x".repeat(8 * 1024))),
        refused("claims are a list", claims_json, |draft| draft.claims_text = Some("[]".into())),
        refused("claims are nothing", claims_json, |draft| draft.claims_text = Some(String::new())),
        refused("claims are two objects", claims_json, |draft| {
            draft.claims_text = Some(format!("{}{{}}", draft.claims));
        }),
        refused("nested too deep", claims_json, |draft| {
            draft.claims_text = Some(format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500)));
        }),
        refused("a doubled member deep in the claims", claims_json, |draft| {
            draft.claims_text = Some(draft.claims.to_string().replacen('{', "{\"x\":{\"a\":1,\"a\":1},", 1));
        }),
        refused("alg doubled", header_json, |draft| {
            draft.header_text = Some(draft.header.to_string().replacen('{', "{\"alg\":\"none\",", 1));
        }),
        refused("header is a string", header_json, |draft| draft.header_text = Some("\"ES256\"".into())),
    ]
}

fn headers() -> Vec<Case> {
    let header = |name: &str, member: &'static str, value: Value, why| {
        refused(name, why, move |draft: &mut Draft| draft.header[member] = value.clone())
    };
    let typ = "token header: typ is not the registered one";
    let kid = "token header: kid must be a short string";
    vec![
        header("another registered typ", "typ", json!("JWT"), typ),
        header("an id token's typ", "typ", json!("id+jwt"), typ),
        header("typ is a number", "typ", json!(1), "token header: typ must be a string"),
        refused("no typ", "token header: typ must be a string", |draft| {
            draft.header.as_object_mut().unwrap().remove("typ");
        }),
        refused("no alg", "token header: alg must be a string", |draft| {
            draft.header_text = Some(r#"{"typ":"at+jwt","kid":"k-0"}"#.into());
        }),
        header("crit", "crit", json!(["exp"]), "token header: crit is not understood"),
        header("crit that is empty", "crit", json!([]), "token header: crit is not understood"),
        header("crit that is null", "crit", Value::Null, "token header: crit is not understood"),
        header("kid of nobody", "kid", json!("k-9"), "no such key of the issuer"),
        header("kid of another issuer", "kid", json!("k-1"), "no such key of the issuer"),
        header("kid that is a path", "kid", json!("../../dev/null"), "no such key of the issuer"),
        header("kid that is SQL", "kid", json!("' or '1'='1"), "no such key of the issuer"),
        header("kid is a number", "kid", json!(0), kid),
        header("kid is null", "kid", Value::Null, kid),
        header("kid is too long", "kid", json!("k".repeat(256)), kid),
    ]
}

fn keys() -> Vec<Case> {
    let alg = "token header: alg is not the key's";
    let none = |name: &str, says: &'static str| {
        refused(name, alg, move |draft: &mut Draft| {
            draft.header["alg"] = json!(says);
            draft.sign = Some(|_| b"x".to_vec());
        })
    };
    let hmac = |name: &str, sign: Sign| {
        refused(name, alg, move |draft: &mut Draft| {
            draft.header["alg"] = json!("HS256");
            draft.sign = Some(sign);
        })
    };
    vec![
        none("alg none", "none"),
        none("alg None", "None"),
        none("alg empty", ""),
        none("alg in small letters", "es256"),
        hmac("HS256 with the public point as secret", |message| mac(&point(), message)),
        hmac("HS256 with the public JWK as secret", |message| mac(SIGNERS[0].jwk.to_string().as_bytes(), message)),
        hmac("HS256 with an empty secret", |message| mac(b"", message)),
        refused("RS256 by an RSA key under the name of the EC key", alg, |draft| {
            draft.header["alg"] = json!("RS256");
            draft.sign = Some(|message| SIGNERS[3].sign("RS256", message));
        }),
        refused("another algorithm's signature under the right name", "signature does not verify", |draft| {
            draft.sign = Some(|message| SIGNERS[3].sign("RS256", message));
        }),
        refused("a stranger's key of the same kid", "signature does not verify", |draft| draft.signer = &STRANGER),
        refused("a stranger's key, offered in the header", "signature does not verify", |draft| {
            inject(draft);
            draft.signer = &STRANGER;
        }),
        refused("a signature of zeros", "signature does not verify", |draft| draft.sign = Some(|_| vec![0; 64])),
        refused("half a signature", "signature does not verify", |draft| {
            draft.sign = Some(|message| SIGNERS[0].sign("ES256", message)[..32].to_vec());
        }),
        refused("other claims than were signed", "signature does not verify", |draft| {
            draft.finish = |token| {
                let parts: Vec<&str> = token.split('.').collect();
                let claims = BASE64URL_NOPAD.decode(parts[1].as_bytes()).unwrap();
                let claims = String::from_utf8(claims).unwrap().replace("ANALYST", "AUDITOR");
                format!("{}.{}.{}", parts[0], BASE64URL_NOPAD.encode(claims.as_bytes()), parts[2])
            };
        }),
    ]
}

fn missing_and_doubled() -> Vec<Case> {
    let missing = [
        ("iss", "claim iss: missing"),
        ("aud", "claim aud: missing"),
        ("sub", "claim sub: missing"),
        ("role", "claim role: missing"),
        ("jti", "claim jti: missing"),
        ("iat", "claim iat: missing"),
        ("exp", "claim exp: missing"),
    ];
    let doubled = "token malformed: the claims: not a JSON object of distinct members";
    let missing_cases =
        missing.map(|(claim, why)| refused(format!("{claim} missing"), why, move |draft| draft.without(claim)));
    let doubled_cases =
        missing.map(|(claim, _)| refused(format!("{claim} doubled"), doubled, move |draft| draft.doubled(claim)));
    missing_cases.into_iter().chain(doubled_cases).collect()
}

fn types() -> Vec<Case> {
    let mut cases = Vec::new();
    for (claim, why) in [
        ("iss", "claim iss: not one string"),
        ("sub", "claim sub: not one string"),
        ("role", "claim role: not one string"),
        ("jti", "claim jti: not one string"),
    ] {
        for value in [json!(1), json!(null), json!(true), json!(["ada"]), json!({"a": 1})] {
            cases.push(refused(format!("{claim} is {value}"), why, move |draft| draft.claims[claim] = value.clone()));
        }
    }
    for (claim, why) in
        [("exp", "claim exp: not a number"), ("iat", "claim iat: not a number"), ("nbf", "claim nbf: not a number")]
    {
        for value in [json!("1795348800"), json!(null), json!([1]), json!({})] {
            cases.push(refused(format!("{claim} is {value}"), why, move |draft| draft.claims[claim] = value.clone()));
        }
    }
    let aud = |value: Value, why| {
        refused(format!("aud is {value}"), why, move |draft: &mut Draft| draft.claims["aud"] = value.clone())
    };
    let audience = super::world::AUDIENCE;
    cases.extend([
        aud(json!(1), "claim aud: neither a string nor a list"),
        aud(json!(null), "claim aud: neither a string nor a list"),
        aud(json!({"aud": audience}), "claim aud: neither a string nor a list"),
        aud(json!([audience, 1]), "claim aud: not a list of strings"),
        aud(json!([[audience]]), "claim aud: not a list of strings"),
        aud(json!([]), "claim aud: for somebody else"),
        aud(json!("https://chancery.example.gov/graphq"), "claim aud: for somebody else"),
        aud(json!("https://chancery.example.gov/graphql/"), "claim aud: for somebody else"),
        aud(json!(""), "claim aud: for somebody else"),
    ]);
    cases.push(refused("iss in a list of the right one", "claim iss: not one string", |draft| {
        draft.claims["iss"] = json!([issuer(0)]);
    }));
    cases
}

fn values() -> Vec<Case> {
    let odd = ["", "\u{0}", "a\nb"];
    let mut cases = Vec::new();
    for (claim, why) in [
        ("iss", "claim iss: empty, too long, or with control characters"),
        ("sub", "claim sub: empty, too long, or with control characters"),
        ("jti", "claim jti: empty, too long, or with control characters"),
        ("role", "claim role: empty, too long, or with control characters"),
    ] {
        for text in odd.iter().map(ToString::to_string).chain(["x".repeat(256)]) {
            let name = format!("{claim} is {:?}", &text[..text.len().min(4)]);
            cases.push(refused(name, why, move |draft| draft.claims[claim] = json!(text)));
        }
    }
    for iss in ["https://idp-0.example.org/", "HTTPS://idp-0.example.org", "idp-0.example.org", "A0", "%"] {
        cases.push(refused(format!("iss is {iss}"), "issuer not registered", move |draft| {
            draft.claims["iss"] = json!(iss);
        }));
    }
    for cnf in [json!({"jkt": "x"}), json!({"x5t#S256": "x"}), json!({}), json!(null)] {
        cases.push(refused(format!("cnf {cnf}"), "claim cnf: proof of possession is not supported", move |draft| {
            draft.claims["cnf"] = cnf.clone();
        }));
    }
    cases
}

fn times() -> Vec<Case> {
    let lifetime = "claim exp: not within the registered lifetime";
    let range = |claim: &'static str, value: Value, why| {
        refused(format!("{claim} is {value}"), why, move |draft: &mut Draft| draft.claims[claim] = value.clone())
    };
    vec![
        refused("expired", "claim exp: past", |draft| at(draft, -600, -30)),
        refused("expired long ago", "claim exp: past", |draft| at(draft, -6000, -5400)),
        refused("issued in the future", "claim iat: in the future", |draft| at(draft, 31, 600)),
        refused("not yet", "claim nbf: in the future", |draft| draft.claims["nbf"] = json!(now(draft) + 31)),
        refused("longer than registered", lifetime, |draft| at(draft, 0, 3601)),
        refused("longer by a fraction", lifetime, |draft| draft.claims["exp"] = half_past(now(draft) + 3600)),
        refused("expires as it is issued", lifetime, |draft| at(draft, 0, 0)),
        refused("expires before it is issued", lifetime, |draft| at(draft, 20, 10)),
        range("exp", json!(1e300), "claim exp: out of range"),
        range("exp", json!(u64::MAX), "claim exp: out of range"),
        range("exp", json!(i64::MAX), "claim exp: out of range"),
        range("exp", json!(-1), "claim exp: out of range"),
        range("iat", json!(-0.5), "claim iat: out of range"),
        range("nbf", json!(-1e300), "claim nbf: out of range"),
    ]
}

fn rights() -> Vec<Case> {
    let role = |says: &'static str, why| {
        refused(format!("role {says}"), why, move |draft: &mut Draft| draft.claims["role"] = json!(says))
    };
    vec![
        // Agency 0 is of DSS, may grant ANALYST and LIAISON_OFFICER, and granted ANALYST to its person.
        role("MISSION_OFFICER", "role not of this kind of agency"),
        role("LAW_ENFORCEMENT", "role not of this kind of agency"),
        role("ADMINISTRATOR", "role beyond the agency's ceiling"),
        role("AUDITOR", "role beyond the agency's ceiling"),
        role("LIAISON_OFFICER", "role not granted to the person"),
        role("analyst", "role not of this kind of agency"),
        role("ANALYST LIAISON_OFFICER", "role not of this kind of agency"),
        role("ANALYST ", "role not of this kind of agency"),
        role("*", "role not of this kind of agency"),
        refused("subject of nobody", "subject not enrolled", |draft| draft.claims["sub"] = json!("eve")),
        refused("subject in other letters", "subject not enrolled", |draft| draft.claims["sub"] = json!("Ada")),
        refused("subject with a pattern", "subject not enrolled", |draft| draft.claims["sub"] = json!("%")),
    ]
}

fn now(draft: &Draft) -> i64 {
    draft.claims["iat"].as_i64().unwrap()
}

fn exp(draft: &Draft) -> i64 {
    draft.claims["exp"].as_i64().unwrap()
}

/// Half a second later, as a number with a fraction.
fn half_past(seconds: i64) -> Value {
    serde_json::from_str(&format!("{seconds}.5")).unwrap()
}

fn at(draft: &mut Draft, iat: i64, exp: i64) {
    let now = now(draft);
    draft.claims["iat"] = json!(now + iat);
    draft.claims["exp"] = json!(now + exp);
}

fn inject(draft: &mut Draft) {
    draft.header["jku"] = json!("https://evil.example/jwks.json");
    draft.header["x5u"] = json!("https://evil.example/chain.pem");
    draft.header["x5c"] = json!(["AAAA"]);
    draft.header["jwk"] = STRANGER.jwk.clone();
}

fn point() -> Vec<u8> {
    let coordinate = |name: &str| BASE64URL_NOPAD.decode(SIGNERS[0].jwk[name].as_str().unwrap().as_bytes()).unwrap();
    [vec![4], coordinate("x"), coordinate("y")].concat()
}

fn mac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
}

/// 64 octets are 86 characters, whose last four bits mean nothing and must be zero.
fn trailing_bits(token: &str) -> String {
    let last = token.chars().last().unwrap();
    let other = match last {
        'A' => 'B',
        'Q' => 'R',
        'g' => 'h',
        'w' => 'x',
        unexpected => panic!("a signature of 64 octets does not end in {unexpected}"),
    };
    format!("{}{other}", &token[..token.len() - 1])
}
