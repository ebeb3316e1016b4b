//! What streams cost: a thousand subscribers in ten scopes, told of changes of one concern.
//!
//! `cargo bench --bench streams`; benches/README.md says what it does and how to read it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]

#[path = "../../bench/src/client.rs"]
mod client;
mod floor;
#[path = "../../bench/src/meter.rs"]
mod meter;
#[path = "../served/served.rs"]
mod served;
#[path = "../served/service.rs"]
mod service;
#[path = "../served/world.rs"]
mod world;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use chancery::{
    access::Role,
    cli::token::{self, Mint},
    store::{Engine, Store},
};
use futures_util::{SinkExt as _, StreamExt as _};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{
    client::{Client, post},
    meter::{Reading, Whose},
    served::Served,
    service::CHANCERY,
    world::World,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Persons who listen, each a scope of their own.
const SCOPES: usize = 10;
/// Subscribers: none, one of each scope, a hundred of each.
const SUBSCRIBERS: [usize; 3] = [0, SCOPES, 100 * SCOPES];
/// Changes that are told before anything is measured, and measured.
const WARM_UP: usize = 5;
const CHANGES: usize = 30;

const FLOOR: &str = "floor";
const STREAM: &str =
    "subscription { concernChanged { change id cursor concern { id reference severity status title version } } }";

fn main() -> Result<()> {
    #[allow(clippy::disallowed_methods, reason = "a bench has no configuration of its own")]
    let url = ["DATABASE_URL", "TEST_DATABASE_URL"].into_iter().find_map(|name| std::env::var(name).ok());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for engine in [Engine::Postgres, Engine::Sqlite] {
        if engine == Engine::Postgres && url.is_none() {
            println!("PostgreSQL is not measured: name a server on this machine in DATABASE_URL");
            continue;
        }
        runtime.block_on(async {
            let world = World::new(engine, url.as_deref()).await?;
            let outcome = measure(&world).await;
            world.remove().await?;
            outcome
        })?;
    }
    Ok(())
}

/// What a number of subscribers cost.
struct Cost {
    /// CPU for each change, µs: server and database.
    each: (f64, f64),
    /// From the answer of the command until the last subscriber has it, ms: median and worst.
    told: (f64, f64),
}

async fn measure(world: &World) -> Result<()> {
    let engine = if world.store.engine() == Engine::Postgres { "PostgreSQL" } else { "SQLite" };
    let store = Store::over(world.address(CHANCERY), world.store.orm.clone());
    let (_door, ours) = service::start(store, world.clock.clone()).await?;
    let officer = world.token(Role::LiaisonOfficer).await?;
    let tokens = scopes(world).await?;
    let concern = concern(&ours, &officer).await?;
    println!("\n{engine}: µs of CPU for each change; {CHANGES} changes of one concern, {SCOPES} scopes\n");
    println!("| subscribers | server + database | floor: server | told after, ms: median, worst |");
    println!("| --- | --- | --- | --- |");
    let mut costs = Vec::new();
    let changes = std::cell::Cell::new(0_usize);
    for subscribers in SUBSCRIBERS {
        let mut sockets = Vec::with_capacity(subscribers);
        for number in 0..subscribers {
            sockets.push(listen(ours.address, tokens.get(number % SCOPES).ok_or("no token")?).await?);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let change = |_: usize| {
            changes.set(changes.get() + 1);
            let severity = if changes.get().is_multiple_of(2) { "HIGH" } else { "CRITICAL" };
            let input = json!({ "concernId": concern, "reason": "Bench", "severity": severity });
            let query = "mutation($input: SetSeverityInput!) { setSeverity(input: $input) { concern { id } } }";
            post("/graphql", &officer, &json!({ "query": query, "variables": { "input": input } }).to_string())
        };
        let (cost, length) = told(world, &ours, &mut sockets, change).await?;
        drop(sockets);
        let theirs = Served::start(FLOOR, floor::router()).await?;
        let mut sockets = Vec::with_capacity(subscribers);
        for _ in 0..subscribers {
            sockets.push(connect_async(format!("ws://{}/ws", theirs.address)).await?.0);
        }
        let text = "x".repeat(length);
        let (least, _) = told(world, &theirs, &mut sockets, |_| post("/tell", "none", &text)).await?;
        println!(
            "| {subscribers} | {:.0} + {:.0} | {:.0} | {:.1}, {:.1} |",
            cost.each.0, cost.each.1, least.each.0, cost.told.0, cost.told.1
        );
        costs.push((cost, least));
    }
    if let [(none, floor_none), (few, _), (many, floor_many)] = costs.as_slice() {
        #[allow(clippy::cast_precision_loss, reason = "a thousand")]
        let (scopes, all) = (SCOPES as f64, (100 * SCOPES) as f64);
        let both = |cost: &Cost| cost.each.0 + cost.each.1;
        let subscriber = (many.each.0 - few.each.0) / (all - scopes);
        let least = (floor_many.each.0 - floor_none.each.0) / all;
        println!("\n- a scope: {:.0} µs a change", (both(few) - both(none)) / scopes);
        println!("- a subscriber: {subscriber:.1} µs a change; floor {least:.1}; ratio **{:.2}**", subscriber / least);
    }
    Ok(())
}

/// Changes, each told to all before the next: what it cost, and the length of what the last one was told.
async fn told(
    world: &World,
    served: &Served,
    sockets: &mut [Socket],
    change: impl Fn(usize) -> Vec<u8>,
) -> Result<(Cost, usize)> {
    let mut client = Client::open(served.address).await?;
    let mut length = 0;
    let mut times = Vec::with_capacity(CHANGES);
    let mut admin = world.admin().await?;
    let mut before = Reading::of(Whose { process: None, name: served.name }, admin.as_mut()).await?;
    for n in 0..WARM_UP + CHANGES {
        if n == WARM_UP {
            before = Reading::of(Whose { process: None, name: served.name }, admin.as_mut()).await?;
        }
        let answer = client.ask(&change(n)).await?;
        if answer.contains("\"errors\"") {
            return Err(answer.to_owned().into());
        }
        let answered = Instant::now();
        for socket in &mut *sockets {
            length = text(socket).await?.len();
        }
        if n >= WARM_UP {
            times.push(answered.elapsed().as_secs_f64() * 1e3);
        }
    }
    let spent = Reading::of(Whose { process: None, name: served.name }, admin.as_mut()).await?.since(&before);
    times.sort_by(f64::total_cmp);
    let at = |place: usize| times.get(place).copied().unwrap_or(f64::NAN);
    Ok((Cost { each: spent.each(u32::try_from(CHANGES)?), told: (at(CHANGES / 2), at(CHANGES - 1)) }, length))
}

async fn text(socket: &mut Socket) -> Result<String> {
    loop {
        match tokio::time::timeout(Duration::from_secs(20), socket.next()).await?.ok_or("the socket is closed")?? {
            Message::Text(text) => return Ok(text.as_str().to_owned()),
            Message::Ping(_) | Message::Pong(_) => {}
            other => return Err(format!("{other:?}").into()),
        }
    }
}

/// A subscriber who has been told where it begins.
async fn listen(address: SocketAddr, token: &str) -> Result<Socket> {
    let mut request = format!("ws://{address}/graphql/ws").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let mut socket = connect_async(request).await?.0;
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    socket.send(Message::Text(init.to_string().into())).await?;
    text(&mut socket).await?;
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": STREAM } });
    socket.send(Message::Text(subscribe.to_string().into())).await?;
    let first = text(&mut socket).await?;
    if first.contains("RESYNC") { Ok(socket) } else { Err(first.into()) }
}

/// Analysts of DSS, each a person of their own; their tokens.
async fn scopes(world: &World) -> Result<Vec<String>> {
    let mut tokens = Vec::new();
    for number in 0..SCOPES {
        let subject = format!("bench-{number}");
        let sql = format!(
            "insert into person (id, agency_id, subject, name, roles, sworn, machine, cfr28_certified) select 'BENCH{number:021}', agency_id, '{subject}', 'Bench {number}', roles, sworn, machine, cfr28_certified from person where roles like '%ANALYST%' and subject not like 'bench-%' limit 1"
        );
        world.store.orm.execute_unprepared(&sql).await?;
    }
    world.store.orm.execute_unprepared("update standing set version = version + 1").await?;
    for number in 0..SCOPES {
        let mint = Mint {
            agency: world.agency(Role::Analyst).await?,
            subject: format!("bench-{number}"),
            role: Role::Analyst,
            ttl: None,
        };
        tokens.push(token::mint(&mint, &world.store, &world.clock, &world.keys()).await?);
    }
    Ok(tokens)
}

/// A concern whose severity the officer may set, and that analysts see.
async fn concern(served: &Served, officer: &str) -> Result<String> {
    let query = "{ deskBoard(first: 1, filter: { tlp: { in: [CLEAR, GREEN, AMBER] }, severity: { eq: HIGH }, status: { in: [ASSIGNED, IN_PROGRESS, AWAITING_MISSION, REFERRED, RESPONDED] } }) { nodes { id } } }";
    let body = json!({ "query": query }).to_string();
    let mut client = Client::open(served.address).await?;
    let answer: Value = serde_json::from_str(client.ask(&post("/graphql", officer, &body)).await?)?;
    let id = answer.pointer("/data/deskBoard/nodes/0/id").and_then(Value::as_str);
    Ok(id.ok_or_else(|| answer.to_string())?.to_owned())
}
