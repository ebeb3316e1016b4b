//! Traces: the request in the trace of who asks, what it waited for below it, at the rate that is set.

use chancery::store::Engine;
use serde_json::json;

use super::{
    collector::Collector,
    support::{TestDb, program::Program},
};

// What the program sends when it ends is taken while its end is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_a_span_in_the_trace_of_who_asks() {
    let db = TestDb::new(Engine::Sqlite).await;
    let collector = Collector::new().await;
    let config = format!("[log]\nlevel = \"info,chancery=info\"\n[telemetry]\notlp_endpoint = \"{}\"\n", collector.url);
    let mut program = Program::demo(&db, &config);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let query = json!({ "query": "query Traced { auditEvents(first: 1) { nodes { operation decision role at subject rows } } }", "operationName": "Traced" });
    let body = query.to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {}\r\n\
         traceparent: 00-{trace}-b7ad6b7169203331-00\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        program.token("AUDITOR"),
        body.len()
    );
    let answer = super::support::program::send(program.address, &request).await.expect("an answer");
    assert!(answer.status == 200 && answer.json().get("errors").is_none(), "{answer:?}");
    let line = program.logged(0, |line| line["operation"] == "Traced").await;
    assert_eq!(line["trace_id"], trace, "{line}");
    // One that begins here is told too.
    program.ask("ANALYST", &json!({ "query": "query Begun { viewer { role } }", "operationName": "Begun" })).await;
    let line = program.logged(0, |line| line["operation"] == "Begun").await;
    assert!(line["trace_id"].as_str().is_some_and(|id| id.len() == 32 && id != trace), "{line}");

    // Strangers make methods up.
    let odd = "HUNTER2 /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert_eq!(super::support::program::send(program.address, odd).await.expect("an answer").status, 405);

    program.stop();
    collector.wait_for("Begun").await;
    let text = collector.text();
    assert!(
        text.contains("_OTHER /graphql") && !text.contains("HUNTER2") && !program.log().contains("HUNTER2"),
        "{text}"
    );
    for told in
        ["/v1/traces", "POST /graphql", "authenticate", "statement", "trail", "select", "sqlite", "ANALYST", "Traced"]
    {
        assert!(text.contains(told), "{told} is not told: {text}");
    }
    let bytes: Vec<u8> =
        (0..32).step_by(2).map(|at| u8::from_str_radix(&trace[at..at + 2], 16).expect("hex")).collect();
    assert!(collector.has(&bytes), "whoever asks has another trace, though it was not to be sampled by their flag");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_is_made_where_none_is_wanted() {
    let db = TestDb::new(Engine::Sqlite).await;
    let collector = Collector::new().await;
    let config = format!(
        "[log]\nlevel = \"info,chancery=info\"\n[telemetry]\notlp_endpoint = \"{}\"\notlp_ratio = 0.0\n",
        collector.url
    );
    let mut program = Program::demo(&db, &config);
    program.ask("ANALYST", &json!({ "query": "{ viewer { role } }" })).await;
    program.stop();
    assert_eq!(collector.text(), "");
}
