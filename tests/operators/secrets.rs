//! Nothing secret in anything that operators, collectors and logs are told: a whole run, with everything turned up as
//! far as it goes, is searched for every token, narrative and telephone number that it used.

use chancery::store::Engine;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{
    collector::Collector,
    support::{
        TestDb,
        program::{Program, get, post},
    },
};

const NARRATIVE: &str = "Zorblatt seen behind the consulate";
const TITLE: &str = "Quixley at the gate";
const PHONE: &str = "+12025550173";
const TOPIC: &str = "Vexmorran";

/// Every telephone number and every narrative that is stored, and the secrets of the installation.
async fn stored(db: &TestDb) -> Vec<String> {
    let mut all = Vec::new();
    for (table, column) in [
        ("person", "desk_phone"),
        ("person", "mobile_phone"),
        ("security_contact", "work_phone"),
        ("security_contact", "after_hours_phone"),
        ("concern", "narrative"),
        ("concern", "title"),
        ("entry", "body"),
        ("secret", "value"),
    ] {
        let sql = format!("select cast({column} as text) as found from {table} where {column} is not null");
        let rows = db.store.orm.query_all_raw(Statement::from_string(db.store.orm.get_database_backend(), sql)).await;
        let found = rows.expect("rows").into_iter().map(|row| row.try_get::<String>("", "found").expect("text"));
        all.extend(found.filter(|text| text.len() > 7));
    }
    all
}

fn bodies(mission: &str) -> Vec<(&'static str, Value)> {
    let raise = |kind: &str, title: &str| {
        json!({
            "query": "mutation Raise($i: RaiseConcernInput!) { raiseConcern(input: $i) { concern { id title narrative } } }",
            "operationName": "Raise",
            "variables": { "i": { "missionId": mission, "kind": kind, "category": "OTHER", "severity": "LOW",
                "title": title, "narrative": NARRATIVE, "idempotencyKey": title } },
        })
    };
    vec![
        ("MISSION_OFFICER", raise("CONCERN", TITLE)),
        // Not one of the enumeration; and a name that is content.
        ("MISSION_OFFICER", raise(NARRATIVE, TITLE)),
        ("MISSION_OFFICER", json!({ "query": "{ viewer { role } }", "operationName": NARRATIVE })),
        (
            "ANALYST",
            json!({ "query": format!("{{ concerns(first: 50, filter: {{ title: {{ contains: \"{TITLE}\" }} }}) {{ nodes {{ id title narrative reporter entries {{ nodes {{ body }} }} }} }} }}") }),
        ),
        (
            "ANALYST",
            json!({ "query": "query($w: String!) { search(text: $w, first: 10) { nodes { __typename } } }", "variables": { "w": TOPIC } }),
        ),
        (
            "ANALYST",
            json!({ "query": "{ missions(first: 20) { nodes { name securityContacts { nodes { name workPhone afterHoursPhone } } } } }" }),
        ),
        ("ANALYST", json!({ "query": format!("{{ nothing(phone: \"{PHONE}\") }}") })),
        ("ANALYST", json!({ "query": format!("{{ concerns(first: \"{PHONE}\") {{ totalCount }} }}") })),
        ("ANALYST", json!({ "query": "{ concerns(first: 5, after: \"Vexmorran\") { totalCount } }" })),
        ("ANALYST", json!({ "query": format!("{{ node(id: \"{NARRATIVE}\") {{ id }} }}") })),
        (
            "ADMINISTRATOR",
            json!({ "query": "{ agencies(first: 50) { nodes { name watchPhone persons { nodes { name mobilePhone } } } } }" }),
        ),
        ("AUDITOR", json!({ "query": "{ auditEvents(first: 50) { nodes { at subject operation rows } } }" })),
    ]
}

/// A WebSocket's frames are in other crates' chatter at the finest level.
async fn speak(program: &Program, token: &str) {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};
    let mut request = format!("ws://{}/graphql/ws", program.address).into_client_request().expect("a request");
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("a socket");
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    let query = format!(
        "{{ concerns(first: 3, filter: {{ title: {{ contains: \"{TITLE}\" }} }}) {{ nodes {{ narrative }} }} }}"
    );
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": query } });
    for said in [init, subscribe] {
        socket.send(Message::Text(said.to_string().into())).await.expect("sent");
        socket.next().await.expect("an answer").expect("a frame");
    }
}

#[rstest]
// What the program sends when it ends is taken while its end is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_secret_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let collector = Collector::new().await;
    let config = format!(
        "[log]\nlevel = \"trace\"\nslow_milliseconds = 0\n[admin]\nlisten = \"127.0.0.1:0\"\n[telemetry]\notlp_endpoint = \"{}\"\n",
        collector.url
    );
    let mut program = Program::demo(&db, &config);
    let operators = program.operators().await;
    let mission = "{ missions(first: 1, filter: {name: {eq: \"Embassy of France\"}}) { nodes { id } } }";
    let found = program.ask("MISSION_OFFICER", &json!({ "query": mission })).await.json();
    let mission = found["data"]["missions"]["nodes"][0]["id"].as_str().expect("an id").to_owned();
    for (role, body) in bodies(&mission) {
        let answer = program.ask(role, &body).await;
        assert!(answer.status < 500, "{body}: {answer:?}");
    }
    speak(&program, program.token("ANALYST")).await;
    let good = program.token("ANALYST").to_owned();
    let cut = good[..good.len() - 9].to_owned();
    for token in [cut.as_str(), "hunter2-hunter2", &format!("{good}x")] {
        assert_eq!(post(program.address, token, "{}").await.expect("an answer").status, 401);
    }
    get(program.address, &format!("/graphql?access_token={good}&query=%7B{TOPIC}%7D")).await;
    get(program.address, &format!("/{TOPIC}/{good}")).await;
    let mut raw = tokio::net::TcpStream::connect(program.address).await.expect("a socket");
    raw.write_all(format!("POST /graphql HTTP/9 {good}\r\n{NARRATIVE}\r\n\r\n").as_bytes()).await.expect("sent");
    let _ = raw.read(&mut [0; 512]).await;
    // What the database refuses it quotes.
    let refusal =
        db.store.orm.execute_unprepared(&format!("insert into secret (name, value) values ('{PHONE}', null)")).await;
    let refusal = chancery::error::Error::from(refusal.expect_err("refused"));
    let metrics = get(operators, "/metrics").await.body;
    let doctor = program.run(&db, &["doctor"]);
    program.stop();

    let traces = collector.text();
    for (what, told) in [("statement", &traces), ("Raise", &metrics), ("slow statement", &program.log())] {
        assert!(told.contains(what), "{what} in {told}");
    }
    assert!(!doctor.stdout.is_empty());
    let told = [
        ("the log", program.log()),
        ("the metrics", metrics),
        ("the traces", traces),
        ("the doctor", String::from_utf8_lossy(&[doctor.stdout, doctor.stderr].concat()).into_owned()),
        ("an error's cause", format!("{refusal:?} {:?}", refusal.cause)),
    ];
    let mut secrets = stored(&db).await;
    assert!(secrets.len() > 500, "{} secrets", secrets.len());
    secrets.extend([NARRATIVE, TITLE, PHONE, TOPIC, "hunter2", cut.as_str()].map(str::to_owned));
    for token in program.tokens.as_object().expect("tokens").values().filter_map(Value::as_str) {
        // The signature alone is enough to know it again; the claims alone say who it is.
        secrets.extend(token.split('.').skip(1).map(str::to_owned));
    }
    for secret in &secrets {
        for (where_to, text) in &told {
            assert!(!text.contains(secret.as_str()), "{where_to} tells {secret}");
        }
    }
}
