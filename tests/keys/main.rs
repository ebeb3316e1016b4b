//! Key sets that agencies publish, through the front door: a server of keys that rotates, stalls, lies and dies.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../trust/forge.rs"]
mod forge;
#[path = "../support/mod.rs"]
mod support;

mod failing;
mod issuer;
mod lies;
mod reload;
mod rotation;
mod tls;
mod unknown;

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::{config::Keys, store::Engine};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use forge::Signer;
use issuer::Issuer;
use support::{
    TestDb,
    app::{App, Who},
    small_world::{self, analyst},
};

const AUDIENCE: &str = "https://chancery.example";
/// How long the issuer's keys are fresh, in seconds.
const FRESH: i64 = 600;

/// A server, and the provider of the analyst's agency.
struct Stage {
    app: App,
    issuer: Issuer,
}

/// Bounds under which the provider on this machine is asked, which has all the time that it needs.
fn bounds() -> Keys {
    Keys { loopback: true, fetch_seconds: 600, ..Keys::default() }
}

impl Stage {
    /// The agency publishes these signers' keys.
    async fn new(engine: Engine, signers: &[&Signer]) -> Self {
        Self::within(engine, signers, bounds()).await
    }

    async fn within(engine: Engine, signers: &[&Signer], keys: Keys) -> Self {
        let db = TestDb::new(engine).await;
        small_world::fill(&db).await;
        let issuer = Issuer::new(&jwks(signers)).await;
        enrol(&db, &issuer.url, &format!("jwks_uri = '{}'", issuer.jwks_uri())).await;
        Self { app: App::fetching(db, keys).await, issuer }
    }

    /// A right token that is signed with the key.
    fn token(&self, signer: &Signer) -> String {
        token(&self.app, &self.issuer.url, signer, signer.kid())
    }

    /// Asks with a token; the status, of which 401 is always the same.
    async fn ask(&self, token: &str) -> u16 {
        ask(&self.app, token).await
    }

    fn advance(&self, seconds: i64) {
        self.app.db.clock.advance(time::Duration::seconds(seconds));
    }
}

/// Makes the analyst's agency one that publishes its keys.
async fn enrol(db: &TestDb, issuer: &str, place: &str) {
    let agency = analyst().agency;
    let sql = format!(
        "update agency set issuer = '{issuer}', audience = '{AUDIENCE}', token_typ = 'at+jwt', algorithms = '[\"ES256\"]',
         max_lifetime_s = 86400, {place} where id = '{agency}'; update standing set version = version + 1"
    );
    small_world::run(db, &sql).await;
}

fn jwks(signers: &[&Signer]) -> Vec<Value> {
    signers.iter().map(|signer| signer.jwk.clone()).collect()
}

/// A right token of the analyst, whose header names that key. It lives for a day, longer than any key.
fn token(app: &App, issuer: &str, signer: &Signer, kid: &str) -> String {
    token_at(app.db.clock.now(), issuer, signer, kid)
}

fn token_at(at: time::OffsetDateTime, issuer: &str, signer: &Signer, kid: &str) -> String {
    let Who { subject, role, .. } = analyst();
    let now = at.unix_timestamp();
    let encode = |json: Value| data_encoding::BASE64URL_NOPAD.encode(json.to_string().as_bytes());
    let claims = json!({
        "iss": issuer, "aud": AUDIENCE, "sub": subject, "role": role.name(), "iat": now, "exp": now + 86_000,
        "jti": chancery::id::new(at),
    });
    let message = format!("{}.{}", encode(json!({"alg": signer.alg, "typ": "at+jwt", "kid": kid})), encode(claims));
    let signature = signer.sign(signer.alg, message.as_bytes());
    format!("{message}.{}", data_encoding::BASE64URL_NOPAD.encode(&signature))
}

async fn ask(app: &App, token: &str) -> u16 {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(r#"{"query":"{ viewer { role } }"}"#))
        .unwrap();
    let response = app.respond(request).await;
    let (parts, body) = response.into_parts();
    let body: Value = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
    match parts.status.as_u16() {
        200 => assert_eq!(body["data"]["viewer"]["role"], "ANALYST"),
        401 => {
            assert_eq!(parts.headers[header::WWW_AUTHENTICATE], "Bearer error=\"invalid_token\"");
            assert_eq!(body["errors"][0]["message"], "no valid token");
            assert_eq!(body["errors"][0]["extensions"].as_object().unwrap().len(), 2, "a code and the request's id");
        }
        other => panic!("{other}: {body}"),
    }
    parts.status.as_u16()
}
