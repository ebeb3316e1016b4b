//! What hostile bodies cost: CPU and memory of one request, its answer included.
//!
//! `cargo bench --bench hostile [-- NAME…]`; benches/README.md says what it does.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a program that prints a table and ends where something is not as it should be"
)]

#[path = "../../tests/hostile/attacks.rs"]
mod attacks;
#[path = "../../bench/src/meter.rs"]
mod meter;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::store::Engine;
use http_body_util::BodyExt as _;
use serde_json::Value;

use attacks::Attack;
use meter::{Reading, Whose};
use support::{
    app::App,
    small_world::{self, analyst},
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Milliseconds of CPU, and bytes, at most.
const MOST: (f64, usize) = (50.0, 50 << 20);
/// How often each is asked, every time in another form.
const TIMES: usize = 5;

/// What one request took.
struct Taken {
    status: u16,
    code: String,
    milliseconds: f64,
    bytes: usize,
}

fn main() -> Result<ExitCode> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&wanted))
}

async fn measure(wanted: &[String]) -> Result<ExitCode> {
    let app = small_world::app(Engine::Sqlite).await;
    let token = app.token(&analyst()).await;
    for _ in 0..TIMES {
        app.ask(&analyst(), "{ viewer { role } missions { totalCount } }", Value::Null).await.data();
    }
    println!("| attack | bytes | CPU, ms | peak, MB | answer |\n| --- | ---: | ---: | ---: | --- |");
    let mut over = 0;
    for attack in attacks::all() {
        if !wanted.is_empty() && !wanted.iter().any(|part| attack.name.contains(part.as_str())) {
            continue;
        }
        let mut runs = Vec::new();
        for number in 0..TIMES {
            runs.push(asked(&app, &token, &attack, number).await?);
        }
        runs.sort_by(|a, b| a.milliseconds.total_cmp(&b.milliseconds));
        let most = runs.iter().map(|run| run.bytes).max().unwrap_or_default();
        let Taken { status, code, milliseconds, .. } = &runs[TIMES / 2];
        let is_over = *milliseconds > MOST.0 || most > MOST.1 || *status >= 500;
        over += usize::from(is_over);
        let (name, bytes) = (attack.name, attack.body(0).len());
        #[allow(clippy::cast_precision_loss, reason = "megabytes")]
        let peak = most as f64 / f64::from(1 << 20);
        let mark = if is_over { " **over**" } else { "" };
        println!("| {name} | {bytes} | {milliseconds:.1} | {peak:.1} | {status} {code}{mark} |");
    }
    println!("\n{over} over {} ms or {} MB", MOST.0, MOST.1 >> 20);
    Ok(if over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn asked(app: &App, token: &str, attack: &Attack, number: usize) -> Result<Taken> {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(attack.body(number)))?;
    // All threads of the process: SQLite has one of its own.
    let before = Reading::of(Whose { process: None, name: "" }, None).await?;
    MEMORY.reset_peak_usage();
    let level = MEMORY.current_usage();
    let response = app.respond(request).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    let bytes = MEMORY.peak_usage().saturating_sub(level);
    let after = Reading::of(Whose { process: None, name: "" }, None).await?;
    let body: Value = serde_json::from_slice(&body)?;
    let code = body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    Ok(Taken { status, code, milliseconds: after.since(&before).each(1).0 / 1000.0, bytes })
}
