//! The first, rough measure: CPU per request of five questions, Chancery beside the same SQL by hand.
//!
//! `cargo bench --bench rough [-- [--wall] [CELL…]]`; bench/README.md says what it does and how to read it. With
//! `--wall`, Chancery behind the second wall stands where Chancery does, and Chancery without it where the floor does.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]

mod floor;
mod load;
mod meter;
mod questions;
mod served;
mod world;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chancery::{
    access::Role,
    config::{Cache, Http, Limits},
    edge::{self, Door, Latest, Readiness},
    graph::Gateway,
    identity::Registry,
    read::{
        CursorSeal, Reader,
        wall::{self, Wall},
    },
    store::{Engine, Store},
};
use serde_json::{Value, json};

use crate::{
    load::{Client, post},
    meter::Reading,
    questions::{Part, QUESTIONS, Question},
    served::Served,
    world::World,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Connections of each server to the database, and of the client to each server.
const LANES: usize = 4;
/// Repetitions of a cell; Chancery and the floor take turns.
const REPETITIONS: usize = 7;
/// How long one repetition of one server asks.
const TURN: Duration = Duration::from_millis(250);
/// Requests before anything is measured: PostgreSQL settles on a plan after five of each connection.
const WARM_UP: usize = 12;
/// Never seen documents, for the cost of a miss.
const MISSES: u32 = 60;

const CHANCERY: &str = "chancery";
const FLOOR: &str = "floor";
const WALLED: &str = "walled";
/// The database role of the lanes behind the wall.
const READER: &str = "chancery_reader";

fn main() -> Result<()> {
    #[allow(clippy::disallowed_methods, reason = "a bench has no configuration of its own")]
    let url = ["DATABASE_URL", "TEST_DATABASE_URL"].into_iter().find_map(|name| std::env::var(name).ok());
    let walled = std::env::args().any(|argument| argument == "--wall");
    let cells: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    for engine in [Engine::Postgres, Engine::Sqlite] {
        if engine == Engine::Sqlite && walled {
            continue;
        }
        if engine == Engine::Postgres && url.is_none() {
            println!("PostgreSQL is not measured: name a server on this machine in DATABASE_URL");
            continue;
        }
        runtime.block_on(async {
            let world = World::new(engine, url.as_deref()).await?;
            let outcome = measure(&world, &cells, walled).await;
            world.remove().await?;
            outcome
        })?;
    }
    println!("\n{:.0} s in all", started.elapsed().as_secs_f64());
    Ok(())
}

/// A request to each server that asks the same.
struct Pair {
    chancery: Vec<u8>,
    floor: Vec<u8>,
}

async fn measure(world: &World, cells: &[String], walled: bool) -> Result<()> {
    let engine = world.store.engine();
    let engine_name = if engine == Engine::Postgres { "PostgreSQL" } else { "SQLite" };
    let (door, chancery, floor) = if walled {
        wall::up(&world.store, READER).await?;
        let (door, ours) = chancery(world, WALLED).await?;
        (door, ours, chancery(world, CHANCERY).await?.1)
    } else {
        let (door, ours) = chancery(world, CHANCERY).await?;
        (door, ours, floor(world).await?)
    };
    let (ours, theirs) = if walled { ("behind the wall", "without") } else { ("Chancery", "floor") };
    println!("\n{engine_name}: µs of CPU per request, medians of {REPETITIONS}; ratio = {ours} ÷ {theirs}\n");
    println!(
        "| question | role | {ours}: server + database | {theirs}: server + database | ratio | server alone | statements |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for question in QUESTIONS {
        for role in question.roles {
            let cell = format!("{}/{}/{}", engine_name.to_lowercase(), question.name, role.name());
            if !cells.is_empty() && !cells.iter().any(|wanted| cell.contains(wanted.as_str())) {
                continue;
            }
            let mut pairs = pairs(world, &chancery, &question, *role).await?;
            if walled {
                for pair in &mut pairs {
                    pair.floor.clone_from(&pair.chancery);
                }
            }
            for pair in &pairs {
                same(&chancery, &floor, pair).await.map_err(|error| format!("{cell}: {error}"))?;
            }
            let chancery_requests: Vec<&[u8]> = pairs.iter().map(|pair| pair.chancery.as_slice()).collect();
            let floor_requests: Vec<&[u8]> = pairs.iter().map(|pair| pair.floor.as_slice()).collect();
            for _ in 0..WARM_UP {
                ask_all(&chancery, &chancery_requests).await?;
                ask_all(&floor, &floor_requests).await?;
            }
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            let before = door.graph.statements();
            let mut asked = 0;
            for _ in 0..REPETITIONS {
                let (cost, requests) = turn(world, &chancery, &chancery_requests).await?;
                ours.push(cost);
                asked += u64::from(requests);
                theirs.push(turn(world, &floor, &floor_requests).await?.0);
            }
            #[allow(clippy::cast_precision_loss, reason = "thousands")]
            let statements = (door.graph.statements() - before) as f64 / asked as f64;
            let ratio = |of: fn(&(f64, f64)) -> f64| {
                median(ours.iter().zip(&theirs).map(|(a, b)| of(a) / of(b)).collect::<Vec<_>>())
            };
            println!(
                "| {} | {} | {} | {} | **{:.2}** | {:.2} | {statements:.2} |",
                question.name,
                role.name(),
                show(&ours),
                show(&theirs),
                ratio(|(server, database)| server + database),
                ratio(|(server, _)| *server),
            );
        }
    }
    if cells.is_empty() || cells.iter().any(|cell| cell == "miss") {
        misses(world, &chancery).await?;
        if walled {
            misses(world, &floor).await?;
        }
    }
    Ok(())
}

/// Chancery as `serve` puts it together, over its own connections.
async fn chancery(world: &World, name: &'static str) -> Result<(Arc<Door<Registry, Gateway>>, Served)> {
    let store = Store::over(world.address(name), world.store.orm.clone());
    let limits = Limits::default();
    let mut reader = Reader::new(&store, CursorSeal::new(b"a secret of the bench"), LANES, limits.operation_time());
    if name == WALLED {
        reader = reader.behind(&Wall::of(&store, READER).await?);
    }
    let live = chancery::live::Hub::new(
        &store,
        Arc::new(chancery::desk::Desk::new(&store, &world.clock)),
        b"a secret of the bench",
    )?;
    let graph = Gateway::new(
        (
            reader,
            chancery::desk::Desk::new(&store, &world.clock),
            chancery::audit::Trail::open(&store, &world.clock),
            live,
        ),
        world.clock.clone(),
        limits.clone(),
        &Cache::default(),
        None,
    )?;
    let gate = Registry::open(&store, &world.clock).await?;
    let readiness = Readiness::new(store);
    let (clock, streams) = (world.clock.clone(), chancery::edge::Streams::default());
    let door = Arc::new(Door {
        gate,
        graph,
        readiness,
        limits,
        http: Http::default(),
        clock,
        streams,
        latest: Latest::default(),
    });
    let served = Served::start(name, edge::router(Arc::clone(&door))).await?;
    Ok((door, served))
}

async fn floor(world: &World) -> Result<Served> {
    let engine = world.store.engine();
    let mut statements = floor::Statements::new();
    for question in QUESTIONS {
        for part in question.roles.iter().filter_map(|role| Part::of(*role)) {
            statements.insert((question.name.to_owned(), part.role.name()), question.statement(&part, engine));
        }
    }
    let address = world.address(FLOOR);
    let gate = Registry::open(&Store { address: address.clone(), orm: world.store.orm.clone() }, &world.clock).await?;
    Served::start(FLOOR, floor::router(gate, world.clock.clone(), address, statements)).await
}

/// The requests of a cell: for a point read, missions that the role sees; for a deep page, the middle of the list.
async fn pairs(world: &World, chancery: &Served, question: &Question, role: Role) -> Result<Vec<Pair>> {
    let token = world.token(role).await?;
    let mut client = Client::open(chancery.address).await?;
    let pair = |variables: &Value, values: &[&str]| Pair {
        chancery: graphql(&token, question.document, variables),
        floor: post(&format!("/{}", question.name), &token, &json!(values).to_string()),
    };
    Ok(match question.name {
        "point" => {
            let seen = answer(&mut client, &token, "{ missions(first: 100) { nodes { id } } }", &json!({})).await?;
            let ids = seen.pointer("/data/missions/nodes").and_then(Value::as_array).ok_or("no missions")?;
            let ids = ids.iter().filter_map(|node| node.get("id")?.as_str()).take(24);
            ids.map(|id| pair(&json!({ "id": id }), &[id.trim_start_matches("mission_")])).collect()
        }
        "deep" => {
            let step = "query($after: String) { concerns(first: 50, after: $after) { totalCount nodes { id openedAt } pageInfo { endCursor } } }";
            let mut after = Value::Null;
            for page in 1.. {
                let seen = answer(&mut client, &token, step, &json!({ "after": after })).await?;
                let concerns = seen.pointer("/data/concerns").ok_or("no concerns")?;
                after = concerns.pointer("/pageInfo/endCursor").cloned().ok_or("no cursor")?;
                let total = concerns.get("totalCount").and_then(Value::as_u64).ok_or("no count")?;
                if page * 50 < total / 2 {
                    continue;
                }
                let last = concerns.pointer("/nodes").and_then(Value::as_array).and_then(|nodes| nodes.last());
                let last = last.ok_or("an empty page")?;
                let text = |name: &str| last.get(name).and_then(Value::as_str).unwrap_or_default();
                let values = [text("openedAt"), text("id").trim_start_matches("concern_")];
                return Ok(vec![pair(&json!({ "after": after }), &values)]);
            }
            Vec::new()
        }
        _ => vec![pair(&json!({}), &[])],
    })
}

fn graphql(token: &str, document: &str, variables: &Value) -> Vec<u8> {
    post("/graphql", token, &json!({ "query": document, "variables": variables }).to_string())
}

async fn answer(client: &mut Client, token: &str, document: &str, variables: &Value) -> Result<Value> {
    Ok(serde_json::from_str(client.ask(&graphql(token, document, variables)).await?)?)
}

/// Both servers say the same, but for cursors, which each writes in its own way.
async fn same(chancery: &Served, floor: &Served, pair: &Pair) -> Result<()> {
    let ours = plain(Client::open(chancery.address).await?.ask(&pair.chancery).await?)?;
    let theirs = plain(Client::open(floor.address).await?.ask(&pair.floor).await?)?;
    if ours == theirs { Ok(()) } else { Err(format!("the answers differ:\n{ours}\n{theirs}").into()) }
}

fn plain(text: &str) -> Result<Value> {
    let mut answer: Value = serde_json::from_str(text)?;
    if answer.get("errors").is_some() {
        return Err(text.to_owned().into());
    }
    if let Some(page) = answer.pointer_mut("/data/concerns/pageInfo").and_then(Value::as_object_mut) {
        page.remove("endCursor");
    }
    Ok(answer)
}

/// Each request once on every connection at the same time.
async fn ask_all(served: &Served, requests: &[&[u8]]) -> Result<()> {
    let one = async || {
        let mut client = Client::open(served.address).await?;
        for request in requests {
            client.ask(request).await?;
        }
        Result::Ok(())
    };
    tokio::try_join!(one(), one(), one(), one())?;
    Ok(())
}

/// Asks for a while on all connections: CPU per request (server, database), and how many requests.
async fn turn(world: &World, served: &Served, requests: &[&[u8]]) -> Result<((f64, f64), u32)> {
    let mut admin = world.admin().await?;
    let before = Reading::of(served.name, admin.as_mut()).await?;
    let until = Instant::now() + TURN;
    let one = async || {
        let mut client = Client::open(served.address).await?;
        let mut asked = 0;
        for request in requests.iter().cycle() {
            if Instant::now() >= until {
                break;
            }
            client.ask(request).await?;
            asked += 1;
        }
        Result::Ok(asked)
    };
    let (a, b, c, d) = tokio::try_join!(one(), one(), one(), one())?;
    let asked = a + b + c + d;
    let after = Reading::of(served.name, admin.as_mut()).await?;
    Ok((after.since(&before).each(asked), asked))
}

/// What makes the n-th document another one.
type Mark = fn(u32) -> String;

/// What a document costs that was never seen: its text alone, and its text with the statement that it leads to.
async fn misses(world: &World, chancery: &Served) -> Result<()> {
    let question = QUESTIONS.iter().find(|question| question.name == "list").ok_or("no list")?;
    let token = world.token(Role::Analyst).await?;
    let mut admin = world.admin().await?;
    let mut client = Client::open(chancery.address).await?;
    println!("\nAnalyst's list, one connection, µs of CPU per request: server + database ({})\n", chancery.name);
    let kinds: [(&str, Mark); 3] = [
        ("known document", |_| String::new()),
        ("new document, known statement", |n| format!("#{n}")),
        ("new document, new statement", |n| format!("q{n}")),
    ];
    for (name, mark) in kinds {
        let document = |n: u32| match mark(n) {
            mark if mark.starts_with('q') => question.document.replace("reference", &format!("{mark}: reference")),
            mark => format!("{}{mark}", question.document),
        };
        for n in 0..40 {
            answer(&mut client, &token, &document(1_000_000 + n), &json!({})).await?;
        }
        let before = Reading::of(chancery.name, admin.as_mut()).await?;
        for n in 0..MISSES {
            answer(&mut client, &token, &document(n), &json!({})).await?;
        }
        let after = Reading::of(chancery.name, admin.as_mut()).await?;
        println!("- {name}: {}", show(&[after.since(&before).each(MISSES)]));
    }
    Ok(())
}

fn show(costs: &[(f64, f64)]) -> String {
    let server = median(costs.iter().map(|cost| cost.0).collect());
    let database = median(costs.iter().map(|cost| cost.1).collect());
    format!("{server:.0} + {database:.0}")
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
