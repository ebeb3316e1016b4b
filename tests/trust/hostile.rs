//! A table of hostile tokens, as data: what is written instead of what in the header or the claims of a right token of
//! agency 0 (ES256, `at+jwt`), which is signed as it then stands; and the reason for which it is refused.
//!
//! Each row is by itself: nothing else about the token is wrong. The few that are accepted stand between those that are
//! not, to show where the line is.

use super::cases::Case;

/// Which part is written otherwise.
#[derive(Clone, Copy, Debug)]
enum Part {
    Header,
    Claims,
}
use Part::{Claims, Header};

/// The part, what stands there, what is written instead, and why it is refused; none: it is accepted.
type Row = (Part, &'static str, &'static str, Option<&'static str>);

const OK: Option<&str> = None;
const HEADER: Option<&str> = Some("token malformed: the header: not a JSON object of distinct members");
const CLAIMS: Option<&str> = Some("token malformed: the claims: not a JSON object of distinct members");
const ALG: Option<&str> = Some("token header: alg must be a string");
const ALG_OF_KEY: Option<&str> = Some("token header: alg is not the key's");
const TYP: Option<&str> = Some("token header: typ is not the registered one");
const TYP_TEXT: Option<&str> = Some("token header: typ must be a string");
const KID: Option<&str> = Some("token header: kid must be a short string");
const KEY: Option<&str> = Some("no such key of the issuer");
const CRIT: Option<&str> = Some("token header: crit is not understood");
const ISSUER: Option<&str> = Some("issuer not registered");
const AUDIENCE: Option<&str> = Some("claim aud: for somebody else");
const AUDIENCES: Option<&str> = Some("claim aud: not a list of strings");
const SUBJECT: Option<&str> = Some("subject not enrolled");
const ROLE: Option<&str> = Some("role not of this kind of agency");
const LIFETIME: Option<&str> = Some("claim exp: not within the registered lifetime");
const CNF: Option<&str> = Some("claim cnf: proof of possession is not supported");

const ALG_IS: &str = r#""alg":"ES256""#;
const KID_IS: &str = r#""kid":"k-0""#;
const TYP_IS: &str = r#""typ":"at+jwt""#;
const ISS_IS: &str = r#""iss":"https://idp-0.example.org""#;
const AUD_IS: &str = r#""aud":"https://chancery.example.gov/graphql""#;
const SUB_IS: &str = r#""sub":"ada""#;
const ROLE_IS: &str = r#""role":"ANALYST""#;
const JTI_IS: &str = r#""jti":"1""#;
const IAT_IS: &str = r#""iat":1795348800"#;
const EXP_IS: &str = r#""exp":1795349400"#;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // The header as text.
    (Header, "{", " \t\r\n{ ", OK),
    (Header, "}", "} \n", OK),
    (Header, "{", "\u{feff}{", HEADER),
    (Header, "}", "}\u{0}", HEADER),
    (Header, "}", "}{}", HEADER),
    (Header, "}", ",}", HEADER),
    (Header, "}", "", HEADER),
    (Header, "{", "[{", HEADER),
    (Header, "{", "{//\n", HEADER),
    (Header, "{", "{/**/", HEADER),
    (Header, ALG_IS, "'alg':'ES256'", HEADER),
    (Header, ALG_IS, "alg:\"ES256\"", HEADER),
    (Header, "{", "{\u{a0}", HEADER),
    (Header, ALG_IS, r#""alg":"ES256","x":NaN"#, HEADER),
    (Header, ALG_IS, r#""alg":"ES256","x":1e999"#, HEADER),
    (Header, ALG_IS, r#""alg":"ES256","x":01"#, HEADER),
    (Header, ALG_IS, "\"alg\":\"ES256\",\"x\":\"\n\"", HEADER),
    (Header, ALG_IS, r#""alg":"ES256","x":"\ud800""#, HEADER),
    (Header, ALG_IS, r#""alg":"ES256","x":"\x41""#, HEADER),
    // Members that are given twice, however that is written.
    (Header, ALG_IS, r#""alg":"ES256","alg":"ES256""#, HEADER),
    (Header, ALG_IS, r#""alg":"none","\u0061lg":"ES256""#, HEADER),
    (Header, KID_IS, r#""kid":"k-9","\u006b\u0069\u0064":"k-0""#, HEADER),
    (Header, TYP_IS, r#""typ":"JWT","typ":"at+jwt""#, HEADER),
    (Header, TYP_IS, r#""typ":"at+jwt","jwk":{"kty":"EC","kty":"oct"}"#, HEADER),
    (Header, TYP_IS, r#""typ":"at+jwt","":1,"":2"#, HEADER),
    // alg: of the header nothing is believed.
    (Header, ALG_IS, r#""\u0061l\u0067":"ES256""#, OK),
    (Header, ALG_IS, r#""alg":null"#, ALG),
    (Header, ALG_IS, r#""alg":["ES256"]"#, ALG),
    (Header, ALG_IS, r#""alg":{"ES256":1}"#, ALG),
    (Header, ALG_IS, r#""alg":256"#, ALG),
    (Header, ALG_IS, r#""alg":true"#, ALG),
    (Header, ALG_IS, r#""Alg":"ES256""#, ALG),
    (Header, ALG_IS, r#""alg ":"ES256""#, ALG),
    (Header, ALG_IS, r#""alg":"ES256 ""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"ES256\u0000""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"ES256K""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"ES384""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"EdDSA""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"PS256""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"HS512""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"NONE""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"nonE""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"dir""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"RSA-OAEP","enc":"A128GCM""#, ALG_OF_KEY),
    (Header, ALG_IS, r#""alg":"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256""#, ALG_OF_KEY),
    (Header, ALG_IS, "\"alg\":\"\u{405}ES256\"", ALG_OF_KEY),
    // typ: a token of one sort is not one of another (RFC 8725 §3.11).
    (Header, TYP_IS, r#""typ":null"#, TYP_TEXT),
    (Header, TYP_IS, r#""typ":["at+jwt"]"#, TYP_TEXT),
    (Header, TYP_IS, r#""typ":"""#, TYP),
    (Header, TYP_IS, r#""typ":"at+jwt ""#, TYP),
    (Header, TYP_IS, r#""typ":"at jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"APPLICATION/AT+JWT""#, OK),
    (Header, TYP_IS, r#""typ":"application/application/at+jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"text/at+jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"at+jwt;charset=utf-8""#, TYP),
    (Header, TYP_IS, r#""typ":"dpop+jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"logout+jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"secevent+jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"token-introspection+jwt""#, TYP),
    (Header, TYP_IS, r#""typ":"JOSE""#, TYP),
    (Header, TYP_IS, r#""typ":"JOSE+JSON""#, TYP),
    // kid: a name in a list, and nothing else.
    (Header, KID_IS, r#""kid":"""#, KID),
    (Header, KID_IS, r#""kid":["k-0"]"#, KID),
    (Header, KID_IS, r#""kid":{"k":"k-0"}"#, KID),
    (Header, KID_IS, r#""kid":false"#, KID),
    (Header, KID_IS, r#""kid":"K-0""#, KEY),
    (Header, KID_IS, r#""kid":"k-0 ""#, KEY),
    (Header, KID_IS, r#""kid":"k-0\u0000""#, KEY),
    (Header, KID_IS, r#""kid":"k-0\u200b""#, KEY),
    (Header, KID_IS, "\"kid\":\"k\u{2010}0\"", KEY),
    (Header, KID_IS, r#""kid":"k-%30""#, KEY),
    (Header, KID_IS, r#""kid":"*""#, KEY),
    (Header, KID_IS, r#""kid":"k-_""#, KEY),
    (Header, KID_IS, r#""kid":"0""#, KEY),
    (Header, KID_IS, r#""kid":"../../../../proc/self/environ""#, KEY),
    (Header, KID_IS, r#""kid":"k-0' UNION SELECT 'a""#, KEY),
    (Header, KID_IS, r#""kid":"| /bin/id""#, KEY),
    (Header, KID_IS, r#""kid":"https://evil.example/jwks.json#k-0""#, KEY),
    (Header, KID_IS, r#""\u006bid":"k-\u0030""#, OK),
    // What must be understood is not (RFC 7515 §4.1.11), b64 (RFC 7797) among it.
    (Header, TYP_IS, r#""typ":"at+jwt","crit":["b64"],"b64":false"#, CRIT),
    (Header, TYP_IS, r#""typ":"at+jwt","crit":["http://example.com/UNDEFINED"]"#, CRIT),
    (Header, TYP_IS, r#""typ":"at+jwt","crit":"exp""#, CRIT),
    (Header, TYP_IS, r#""typ":"at+jwt","crit":0"#, CRIT),
    (Header, TYP_IS, r#""typ":"at+jwt","crit":{}"#, CRIT),
    (Header, TYP_IS, r#""typ":"at+jwt","crit":false"#, CRIT),
    (Header, TYP_IS, r#""typ":"at+jwt","\u0063rit":["alg"]"#, CRIT),
    // What need not be is not heeded: what was signed is read as it was signed.
    (Header, TYP_IS, r#""typ":"at+jwt","zip":"DEF","b64":false,"cty":"JWT","x5t":"AA","x5u":7,"jku":[],"x5c":{}"#, OK),
    // The claims as text.
    (Claims, "{", "\n{", OK),
    (Claims, "{", "\u{feff}{", CLAIMS),
    (Claims, "}", "}]", CLAIMS),
    (Claims, "}", "}\u{0}", CLAIMS),
    (Claims, "}", ",}", CLAIMS),
    (Claims, EXP_IS, "\"exp\":0x6b02f198", CLAIMS),
    (Claims, EXP_IS, "\"exp\":+1795349400", CLAIMS),
    (Claims, EXP_IS, "\"exp\":1795349400.", CLAIMS),
    (Claims, EXP_IS, "\"exp\":1_795_349_400", CLAIMS),
    (Claims, EXP_IS, "\"exp\":Infinity", CLAIMS),
    (Claims, EXP_IS, "\"exp\":1e400", CLAIMS),
    (Claims, SUB_IS, "\"sub\":\"ada\u{1}\"", CLAIMS),
    (Claims, SUB_IS, r#""sub":"ada\ud83d""#, CLAIMS),
    // Claims that are given twice: the first, the last, the escaped one, one in a member that means nothing.
    (Claims, ROLE_IS, r#""role":"ANALYST","role":"ADMINISTRATOR""#, CLAIMS),
    (Claims, ROLE_IS, r#""role":"ADMINISTRATOR","\u0072ole":"ANALYST""#, CLAIMS),
    (Claims, ISS_IS, r#""iss":"https://idp-1.example.org","iss":"https://idp-0.example.org""#, CLAIMS),
    (Claims, EXP_IS, r#""exp":1,"exp":1795349400"#, CLAIMS),
    (Claims, SUB_IS, r#""sub":"ada","x":[{"y":{"z":1,"z":1}}]"#, CLAIMS),
    // Names in other letters are other names.
    (Claims, ISS_IS, r#""Iss":"https://idp-0.example.org""#, Some("claim iss: missing")),
    (Claims, SUB_IS, r#""SUB":"ada""#, Some("claim sub: missing")),
    (Claims, EXP_IS, r#""exp ":1795349400"#, Some("claim exp: missing")),
    (Claims, JTI_IS, r#""jwt_id":"1""#, Some("claim jti: missing")),
    (Claims, ROLE_IS, r#""roles":["ANALYST"]"#, Some("claim role: missing")),
    (Claims, ROLE_IS, r#""scope":"ANALYST""#, Some("claim role: missing")),
    (Claims, ISS_IS, r#""\u0069ss":"https:\/\/idp-0.example.org""#, OK),
    // iss: letter by letter.
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org ""#, ISSUER),
    (Claims, ISS_IS, r#""iss":" https://idp-0.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://IDP-0.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org:443""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org.""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org?""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org#""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org/.""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://x@idp-0.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://evil.example/https://idp-0.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"http://idp-0.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"//idp-0.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-%30.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org\u200b""#, ISSUER),
    (Claims, ISS_IS, "\"iss\":\"https://\u{456}dp-0.example.org\"", ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-_.example.org""#, ISSUER),
    (Claims, ISS_IS, r#""iss":"https://idp-0.example.org\u0000""#, Some("claim iss: empty, too long, or with control characters")),
    (Claims, ISS_IS, r#""iss":["https://idp-0.example.org","https://idp-1.example.org"]"#, Some("claim iss: not one string")),
    // Another agency's name with this one's key.
    (Claims, ISS_IS, r#""iss":"https://idp-2.example.org""#, TYP),
    // aud: letter by letter too, and strings only.
    (Claims, AUD_IS, r#""aud":"https://chancery.example.gov/graphql ""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"https://CHANCERY.example.gov/graphql""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"https://chancery.example.gov:443/graphql""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"https://chancery.example.gov/graphql?""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"https://chancery.example.gov""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"https://chancery.example.gov/graphql https://x.example""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"https://chancery.example.gov/graphql,https://x.example""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":"*""#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":["*"]"#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":["https://x.example"]"#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":["https://chancery.example.gov/graphql/"]"#, AUDIENCE),
    (Claims, AUD_IS, r#""aud":["https://chancery.example.gov/graphql",null]"#, AUDIENCES),
    (Claims, AUD_IS, r#""aud":[true,"https://chancery.example.gov/graphql"]"#, AUDIENCES),
    (Claims, AUD_IS, r#""aud":[{"0":"https://chancery.example.gov/graphql"}]"#, AUDIENCES),
    (Claims, AUD_IS, r#""aud":true"#, Some("claim aud: neither a string nor a list")),
    (Claims, AUD_IS, r#""azp":"https://chancery.example.gov/graphql""#, Some("claim aud: missing")),
    (Claims, AUD_IS, r#""aud":["https://chancery.example.gov/graphql","https://chancery.example.gov/graphql"]"#, OK),
    // sub: whom the registry has under just that.
    (Claims, SUB_IS, r#""sub":"ada ""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":" ada""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":"ADA""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":"ada\u200b""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":"ada\u0301""#, SUBJECT),
    (Claims, SUB_IS, "\"sub\":\"\u{430}da\"", SUBJECT),
    (Claims, SUB_IS, "\"sub\":\"\u{202e}ada\"", SUBJECT),
    (Claims, SUB_IS, r#""sub":"a_a""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":"ada' or '1'='1""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":"*""#, SUBJECT),
    (Claims, SUB_IS, r#""sub":"ada\u0000""#, Some("claim sub: empty, too long, or with control characters")),
    (Claims, SUB_IS, r#""sub":"\u007fada""#, Some("claim sub: empty, too long, or with control characters")),
    (Claims, SUB_IS, r#""sub":"\u0085""#, Some("claim sub: empty, too long, or with control characters")),
    // role: one, by its name.
    (Claims, ROLE_IS, r#""role":"Analyst""#, ROLE),
    (Claims, ROLE_IS, r#""role":" ANALYST""#, ROLE),
    (Claims, ROLE_IS, r#""role":"ANALYST,ADMINISTRATOR""#, ROLE),
    (Claims, ROLE_IS, r#""role":"ANALYST|ADMINISTRATOR""#, ROLE),
    (Claims, ROLE_IS, "\"role\":\"\u{410}NALYST\"", ROLE),
    (Claims, ROLE_IS, r#""role":"ANALYST\u200b""#, ROLE),
    (Claims, ROLE_IS, r#""role":"ROOT""#, ROLE),
    (Claims, ROLE_IS, r#""role":["ANALYST","ADMINISTRATOR"]"#, Some("claim role: not one string")),
    // Times: numbers within reason.
    (Claims, EXP_IS, r#""exp":1.7953494e9"#, OK),
    (Claims, EXP_IS, r#""exp":true"#, Some("claim exp: not a number")),
    (Claims, EXP_IS, r#""exp":"Sun, 22 Nov 2026 12:10:00 GMT""#, Some("claim exp: not a number")),
    (Claims, EXP_IS, r#""exp":"2026-11-22T12:10:00Z""#, Some("claim exp: not a number")),
    (Claims, EXP_IS, r#""exp":1795349400000"#, Some("claim exp: out of range")),
    (Claims, EXP_IS, r#""exp":253402300800"#, Some("claim exp: out of range")),
    (Claims, EXP_IS, r#""exp":253402300799"#, LIFETIME),
    (Claims, EXP_IS, r#""exp":1e308"#, Some("claim exp: out of range")),
    (Claims, EXP_IS, r#""exp":18446744073709551616"#, Some("claim exp: out of range")),
    (Claims, EXP_IS, r#""exp":0"#, LIFETIME),
    (Claims, EXP_IS, r#""exp":-0.0"#, LIFETIME),
    (Claims, IAT_IS, r#""iat":0"#, LIFETIME),
    (Claims, IAT_IS, r#""iat":-1795348800"#, Some("claim iat: out of range")),
    (Claims, IAT_IS, r#""iat":false"#, Some("claim iat: not a number")),
    (Claims, IAT_IS, r#""iat":1795348800000"#, Some("claim iat: out of range")),
    (Claims, IAT_IS, r#""iat":1795348831"#, Some("claim iat: in the future")),
    (Claims, IAT_IS, r#""iat":1795348830.5"#, Some("claim iat: in the future")),
    (Claims, JTI_IS, r#""jti":"1","nbf":1795349500"#, Some("claim nbf: in the future")),
    (Claims, JTI_IS, r#""jti":"1","nbf":"0""#, Some("claim nbf: not a number")),
    (Claims, JTI_IS, r#""jti":"1","nbf":-1"#, Some("claim nbf: out of range")),
    (Claims, JTI_IS, r#""jti":"1","nbf":99999999999999"#, Some("claim nbf: out of range")),
    // A proof that nobody asks for is a proof that is missing (RFC 7800, 8705, 9449).
    (Claims, JTI_IS, r#""jti":"1","cnf":{"jwk":{"kty":"EC"}}"#, CNF),
    (Claims, JTI_IS, r#""jti":"1","cnf":{"kid":"k-0"}"#, CNF),
    (Claims, JTI_IS, r#""jti":"1","cnf":"jkt""#, CNF),
    (Claims, JTI_IS, r#""jti":"1","cnf":[]"#, CNF),
    (Claims, JTI_IS, r#""jti":"1","\u0063nf":false"#, CNF),
    // What else it says of itself is nobody's word: somebody who acts, another standing, other rows.
    (Claims, JTI_IS, r#""jti":"1","act":{"sub":"eve"},"missions":["Q1"],"federal":true,"agency":"A1","__proto__":{"role":"ADMINISTRATOR"}"#, OK),
];

/// The rows as cases.
pub fn rows() -> impl Iterator<Item = Case> {
    ROWS.iter().map(|&(part, from, to, refused)| Case {
        name: format!("{part:?}: {to:?}"),
        edit: Box::new(move |draft| {
            let (text, whole) = match part {
                Header => (draft.header.to_string(), &mut draft.header_text),
                Claims => (draft.claims.to_string(), &mut draft.claims_text),
            };
            assert!(text.matches(from).count() == 1, "{from} does not stand once in {text}");
            *whole = Some(text.replacen(from, to, 1));
        }),
        refused,
    })
}
