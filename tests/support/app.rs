//! A running Chancery over a test database, asked as a client asks.

use std::sync::Arc;

use chancery::{
    access::Role,
    config::Limits,
    graph::{Gateway, GraphRequest, Outcome},
    identity::{Principal, Registry},
    read::{CursorSeal, Reader},
    store::Engine,
};
use serde_json::Value;

use super::TestDb;

/// The server under test.
pub struct App {
    /// Its database.
    pub db: TestDb,
    /// Answers; tests count its statements.
    pub gateway: Gateway,
    registry: Registry,
}

/// Who asks: an enrolled person of an agency, in a role.
#[derive(Clone, Debug)]
pub struct Who {
    /// The agency's id.
    pub agency: String,
    /// The subject.
    pub subject: String,
    /// The role.
    pub role: Role,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// What became of the request.
    pub outcome: Outcome,
    /// The body's text.
    pub text: String,
    /// The body.
    pub json: Value,
}

impl App {
    /// Over a new, empty database.
    pub async fn start(engine: Engine) -> Self {
        Self::over(TestDb::new(engine).await).await
    }

    /// Over a database.
    pub async fn over(db: TestDb) -> Self {
        let reader = Reader::new(&db.store, CursorSeal::new(b"a secret of the tests"), 4);
        let watch_phone = Some("+12025550100".to_owned());
        let gateway =
            Gateway::new(reader, db.clock.clone(), Limits::default(), watch_phone).expect("the schemas build");
        let registry = Registry::open(&db.store, &db.clock).await.expect("the registry opens");
        Self { db, gateway, registry }
    }

    /// Who that is, with present standing.
    pub async fn principal(&self, who: &Who) -> Arc<Principal> {
        self.registry.principal_of(&who.agency, &who.subject, who.role).await.expect("a principal")
    }

    /// Asks.
    pub async fn ask(&self, who: &Who, query: &str, variables: Value) -> Reply {
        let Value::Object(variables) = variables else { panic!("variables are an object") };
        self.ask_for(who, &GraphRequest { query: query.to_owned(), variables, ..GraphRequest::default() }).await
    }

    /// Asks with all that a request can say.
    pub async fn ask_for(&self, who: &Who, request: &GraphRequest) -> Reply {
        loop {
            let principal = self.principal(who).await;
            let response = self.gateway.execute(&principal, request).await;
            if let Outcome::Stale(version) = response.outcome {
                self.registry.stale(version);
                continue;
            }
            let json = serde_json::from_str(&response.body).expect("a body of JSON");
            return Reply { outcome: response.outcome, text: response.body, json };
        }
    }
}

impl Reply {
    /// The `data`, of an answer without errors.
    pub fn data(&self) -> &Value {
        assert!(self.json.get("errors").is_none(), "errors: {}", self.text);
        &self.json["data"]
    }

    /// The code of the first error.
    pub fn code(&self) -> &str {
        self.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }
}
