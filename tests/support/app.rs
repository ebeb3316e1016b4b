//! A running Chancery over a test database, asked by HTTP as a client asks.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode, Version, header},
};
use chancery::{
    access::Role,
    audit::Trail,
    config::{Cache, Http, Keys, Limits},
    desk::Desk,
    edge::{self, Door, Latest, Readiness, Streams},
    error::Code,
    graph::{Gateway, GraphRequest, Outcome},
    id,
    identity::{Principal, Registry, demo_keys},
    live::Hub,
    read::{
        CursorSeal, Reader,
        wall::{self, Wall},
    },
    store::Engine,
};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use super::TestDb;

/// The database role of the lanes behind the wall.
pub const READER: &str = "chancery_reader";

fn reader(db: &TestDb, limits: &Limits) -> Reader {
    Reader::new(&db.store, CursorSeal::new(b"a secret of the tests"), 4, limits.operation_time())
}

async fn behind_wall(db: &TestDb, limits: &Limits) -> Reader {
    wall::up(&db.store, READER).await.expect("the wall is put up");
    reader(db, limits).behind(&Wall::of(&db.store, READER).await.expect("the wall stands"))
}

async fn reader_asked_for(db: &TestDb, limits: &Limits) -> Reader {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let walled = db.store.engine() == Engine::Postgres
        && std::env::var("TEST_ROW_SECURITY").is_ok_and(|value| !matches!(value.as_str(), "" | "0"));
    if walled { behind_wall(db, limits).await } else { reader(db, limits) }
}

/// The server under test: the router of service, with tokens that the agencies' own keys sign.
pub struct App {
    /// Its database.
    pub db: Arc<TestDb>,
    /// Another gateway on the same reader's settings is not needed: tests count statements with this one.
    pub door: Arc<Door<Registry, Gateway>>,
    router: Router,
    keys: PathBuf,
    /// Where its readings are recorded, if not in its own database.
    trail: Option<TestDb>,
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
    /// What became of the request, as the body tells.
    pub outcome: Outcome,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
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
        Self::with(db, Limits::default()).await
    }

    /// Over a database, within other limits. With `TEST_ROW_SECURITY` set, PostgreSQL's are behind the second wall:
    /// what every test finds must be as without it.
    pub async fn with(db: TestDb, limits: Limits) -> Self {
        let reader = reader_asked_for(&db, &limits).await;
        Self::reading(db, limits, reader, Keys::default()).await
    }

    /// Over a database, of whose agencies some publish their keys, which are fetched within these bounds.
    pub async fn fetching(db: impl Into<Arc<TestDb>>, keys: Keys) -> Self {
        let (db, limits) = (db.into(), Limits::default());
        let reader = reader(&db, &limits);
        Self::reading(db, limits, reader, keys).await
    }

    /// Over a database of PostgreSQL, behind the second wall, which is put up.
    pub async fn walled(db: TestDb) -> Self {
        let limits = Limits::default();
        let reader = behind_wall(&db, &limits).await;
        Self::reading(db, limits, reader, Keys::default()).await
    }

    /// Over a database in which nothing becomes another by being read: what is read is recorded in one of its own. For
    /// tests that hold the trail against answers.
    pub async fn apart(db: TestDb) -> Self {
        let limits = Self::unbounded();
        let reader = reader_asked_for(&db, &limits).await;
        let trail = Some(TestDb::new(Engine::Sqlite).await);
        Box::pin(Self::recording(db, (limits, Cache::default()), (reader, Keys::default()), trail)).await
    }

    /// Likewise, behind the second wall.
    pub async fn walled_apart(db: TestDb) -> Self {
        let limits = Self::unbounded();
        let reader = behind_wall(&db, &limits).await;
        let trail = Some(TestDb::new(Engine::Sqlite).await);
        Box::pin(Self::recording(db, (limits, Cache::default()), (reader, Keys::default()), trail)).await
    }

    /// What chance asks for may be much, and is compared all the same.
    fn unbounded() -> Limits {
        Limits { cost: u64::MAX, ..Limits::default() }
    }

    async fn reading(db: impl Into<Arc<TestDb>>, limits: Limits, reader: Reader, keys: Keys) -> Self {
        Box::pin(Self::recording(db, (limits, Cache::default()), (reader, keys), None)).await
    }

    async fn recording(
        db: impl Into<Arc<TestDb>>,
        (limits, cache): (Limits, Cache),
        (reader, keys): (Reader, Keys),
        trail: Option<TestDb>,
    ) -> Self {
        let db = db.into();
        let recorded = trail.as_ref().unwrap_or(&db);
        let watch_phone = Some("+12025550100".to_owned());
        let live =
            Hub::new(&db.store, Arc::new(Desk::new(&db.store, &db.clock)), b"a secret of the tests").expect("a hub");
        let graph = Gateway::new(
            (reader, Desk::new(&db.store, &db.clock), Trail::open(&recorded.store, &db.clock), live),
            db.clock.clone(),
            limits.clone(),
            &cache,
            watch_phone,
        )
        .expect("the schemas build");
        let gate = Registry::fetching(&db.store, &db.clock, keys).await.expect("the registry opens");
        let readiness = Readiness::new(db.store.clone());
        let door = Arc::new(Door {
            gate,
            graph,
            readiness,
            limits,
            http: Http::default(),
            clock: db.clock.clone(),
            streams: Streams::default(),
            latest: Latest::default(),
        });
        let keys = db.directory().join("keys");
        Self { router: edge::router(door.clone()), keys, trail, door, db }
    }

    /// The gateway: tests count its statements.
    pub fn gateway(&self) -> &Gateway {
        &self.door.graph
    }

    /// Asks by POST, with a token of the person's agency.
    pub async fn ask(&self, who: &Who, query: &str, variables: Value) -> Reply {
        self.post(who, &json!({ "query": query, "variables": variables })).await
    }

    /// Asks by POST with all that a request can say.
    pub async fn ask_for(&self, who: &Who, request: &GraphRequest) -> Reply {
        let GraphRequest { query, document_id, operation_name, variables, extensions, .. } = request;
        let mut body = json!({ "operationName": operation_name, "variables": variables, "extensions": extensions });
        let (name, value) = document_id.as_ref().map_or(("query", query), |id| ("documentId", id));
        body[name] = json!(value);
        self.post(who, &body).await
    }

    /// Who that is, with present standing: for what is asked of the gateway itself.
    pub async fn principal(&self, who: &Who) -> Arc<Principal> {
        self.enrolled(who).await;
        self.door.gate.principal_of(&who.agency, &who.subject, who.role).await.expect("a principal")
    }

    /// Posts a body, with a token of the person's agency.
    pub async fn post(&self, who: &Who, body: &Value) -> Reply {
        let token = self.token(who).await;
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json")
            .header("x-request-id", "a-test")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(request).await
    }

    /// Asks by GET, with a token of the person's agency.
    pub async fn get(&self, who: &Who, query: &str) -> Reply {
        let token = self.token(who).await;
        let request = Request::get(format!("/graphql?query={}", query.replace(' ', "%20")))
            .header("graphql-preflight", "1")
            .header(header::ACCEPT, "application/graphql-response+json")
            .header("x-request-id", "a-test")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .expect("a request");
        self.send(request).await
    }

    /// What a path answers by GET, its body not yet read.
    pub async fn fetch(&self, who: &Who, path: &str) -> Response<Body> {
        self.fetch_by(who, path, Version::HTTP_11).await
    }

    /// Likewise, by a version of the protocol.
    pub async fn fetch_by(&self, who: &Who, path: &str, version: Version) -> Response<Body> {
        let token = self.token(who).await;
        let request = Request::get(path)
            .version(version)
            .header("x-request-id", "a-test")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .expect("a request");
        self.router.clone().oneshot(request).await.expect("a response")
    }

    /// What a request is answered with, its body not yet read.
    pub async fn respond(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("a response")
    }

    /// All paths, to be served over a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Another server over the same database, within other limits.
    pub async fn another(&self, limits: Limits) -> Self {
        let reader = reader(&self.db, &limits);
        Self::reading(self.db.clone(), limits, reader, Keys::default()).await
    }

    /// Likewise, with caches of other sizes.
    pub async fn caching(&self, cache: Cache) -> Self {
        let limits = Limits::default();
        let reader = reader(&self.db, &limits);
        Box::pin(Self::recording(self.db.clone(), (limits, cache), (reader, Keys::default()), None)).await
    }

    /// What a request is answered with.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.respond(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let json = serde_json::from_str(&text).expect("a body of JSON");
        let outcome = outcome(&json);
        Reply { outcome, status: parts.status, headers: parts.headers, text, json }
    }

    /// A token as the agency's identity provider would sign it. An agency that a test wrote as a bare row is given
    /// an issuer and a key the first time.
    pub async fn token(&self, who: &Who) -> String {
        let row = self.enrolled(who).await;
        let now = self.db.clock.now().unix_timestamp();
        let claims: HashMap<&str, Value> = HashMap::from([
            ("iss", json!(row.issuer)),
            ("aud", json!(row.audience)),
            ("sub", json!(who.subject)),
            ("role", json!(who.role.name())),
            ("jti", json!(id::new(self.db.clock.now()))),
            ("iat", json!(now)),
            ("exp", json!(now + row.max_lifetime_s)),
        ]);
        let claims: Map<String, Value> = claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let key = demo_keys::SigningKey::load(&self.keys, &who.agency).expect("the agency's key");
        key.sign("at+jwt", &claims).expect("a token")
    }

    async fn enrolled(&self, who: &Who) -> entity::agency::Model {
        use entity::{agency, agency_key};
        use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
        let rows = &self.db.store.orm;
        let agency = agency::Entity::find_by_id(&who.agency).one(rows).await.expect("rows").expect("the agency");
        if self.keys.join(format!("{}.jwk", who.agency)).exists() {
            return agency;
        }
        let jwk = demo_keys::generate_demo_key(&self.keys, &who.agency).expect("a key");
        let key = agency_key::ActiveModel {
            agency_id: Set(who.agency.clone()),
            kid: Set(jwk["kid"].as_str().expect("a key id").to_owned()),
            jwk: Set(jwk.to_string()),
            added_at: Set(self.db.clock.now_text()),
        };
        agency_key::Entity::insert(key).exec_without_returning(rows).await.expect("the key is kept");
        let mut changed = agency.into_active_model();
        changed.issuer = Set(Some(format!("https://{}.example", who.agency)));
        changed.audience = Set(Some("https://chancery.example".to_owned()));
        changed.token_typ = Set(Some("at+jwt".to_owned()));
        changed.algorithms = Set("[\"ES256\"]".to_owned());
        changed.max_lifetime_s = Set(3600);
        changed.update(rows).await.expect("the agency is enrolled")
    }
}

/// Whether it ran, or the code of the first error.
fn outcome(body: &Value) -> Outcome {
    // A batch is told by each of its answers.
    if body.get("data").is_some() || body.is_array() {
        return Outcome::Ran;
    }
    let code = body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
    Outcome::Refused(Code::ALL.into_iter().find(|known| known.name() == code).expect("a known code"))
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
