//! Five agencies, each with a key of another algorithm, and their people.

use chancery::{
    desk::{
        Work,
        registry::{
            self, NewAgency, Origin,
            person::{self, NewPerson},
        },
    },
    identity::{Principal, Refusal, Registry},
    store::Engine,
};
use serde_json::{Value, json};

use super::{
    forge::{Draft, SIGNERS},
    support::TestDb,
};

pub const AUDIENCE: &str = "https://chancery.example.gov/graphql";

pub struct World {
    pub db: TestDb,
    pub registry: Registry,
}

/// The file of the agency whose key is `SIGNERS[place]`.
pub fn file(place: usize) -> Value {
    let signer = &SIGNERS[place];
    let (kind, roles) = kind_and_roles(place);
    json!({
        "name": format!("Agency {place}"), "shortName": format!("A{place}"), "kind": kind,
        "level": if kind == "MISSION" { "OTHER" } else { "FEDERAL" },
        "issuer": issuer(place), "audience": AUDIENCE, "typ": if place == 0 { "at+jwt" } else { "JWT" },
        "algorithms": [signer.alg], "roles": roles, "jwks": {"keys": [signer.jwk]},
    })
}

pub fn issuer(place: usize) -> String {
    format!("https://idp-{place}.example.org")
}

fn kind_and_roles(place: usize) -> (&'static str, Vec<&'static str>) {
    match place {
        0 => ("DIPLOMATIC_SECURITY", vec!["ANALYST", "LIAISON_OFFICER"]),
        1 => ("MISSION", vec!["MISSION_OFFICER"]),
        _ => ("LAW_ENFORCEMENT", vec!["LAW_ENFORCEMENT"]),
    }
}

impl World {
    pub async fn new(engine: Engine) -> Self {
        let db = TestDb::new(engine).await;
        let mut work = Work::begin(&db.store, &db.clock).await.unwrap();
        for place in 0..SIGNERS.len() {
            let new = NewAgency::from_json(&file(place).to_string()).unwrap();
            registry::add_agency(&mut work, &new, Origin::Administrator).await.unwrap();
            let agency = registry::agency(work.rows(), &format!("A{place}")).await.unwrap();
            let roles = kind_and_roles(place).1.iter().take(1).map(|role| role.parse().unwrap()).collect();
            let new = NewPerson { subject: "ada".into(), name: "Ada".into(), roles, ..NewPerson::default() };
            person::add(&mut work, &agency, &new).await.unwrap();
        }
        work.commit().await.unwrap();
        let registry = Registry::open(&db.store, &db.clock).await.unwrap();
        Self { db, registry }
    }

    /// A right token of the agency at that place.
    pub fn draft(&self, place: usize) -> Draft {
        let signer = &SIGNERS[place];
        let now = self.db.clock.now().unix_timestamp();
        Draft {
            header: json!({"alg": signer.alg, "typ": if place == 0 { "at+jwt" } else { "JWT" }, "kid": signer.kid()}),
            claims: json!({
                "iss": issuer(place), "aud": AUDIENCE, "sub": "ada", "role": kind_and_roles(place).1[0],
                "jti": "1", "iat": now, "exp": now + 600,
            }),
            header_text: None,
            claims_text: None,
            claims_bytes: None,
            signer,
            sign: None,
            finish: |token| token,
        }
    }

    /// What comes of a token: the principal, or the reason as the log has it.
    pub async fn ask(&self, token: &str) -> Result<std::sync::Arc<Principal>, String> {
        self.registry.authenticate(token).await.map_err(|refusal| reason(&refusal))
    }

    /// Changes the registry in one unit of work.
    pub async fn change<F>(&self, change: F)
    where
        F: AsyncFnOnce(&mut Work),
    {
        let mut work = Work::begin(&self.db.store, &self.db.clock).await.unwrap();
        change(&mut work).await;
        work.commit().await.unwrap();
    }

    /// What a statement does that has returned a later version of standing.
    pub fn notice(&self) {
        self.registry.stale(self.registry.version().expect("a version was read") + 1);
    }
}

/// The reason for the log; what the caller sees is held to be the same for all.
pub fn reason(refusal: &Refusal) -> String {
    assert_eq!(refusal.status(), 401, "{refusal}");
    assert_eq!(refusal.challenge(), Some("Bearer error=\"invalid_token\""), "{refusal}");
    refusal.to_string()
}
