//! What commands cost: CPU of the server and the database for each, and how many statements, and for a concern that is
//! raised, beside a floor that does the same inserts by hand.
//!
//! `cargo bench --bench commands [-- --statements]`; benches/README.md says what it does and how to read it. With
//! `--statements` it prints what each command asks of the database, in order.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]

#[path = "../../bench/src/client.rs"]
mod client;
mod count;
mod floor;
#[path = "../../bench/src/meter.rs"]
mod meter;
mod scene;
#[path = "../served/served.rs"]
mod served;
#[path = "../served/service.rs"]
mod service;
#[path = "../served/world.rs"]
mod world;

use chancery::{
    access::Role,
    audit,
    desk::{response, search, visibility},
    identity::Registry,
    store::{Engine, Store},
};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::{
    client::{Client, post},
    count::Count,
    meter::{Reading, Spent, Whose},
    scene::{COMMANDS, Scene},
    served::Served,
    service::CHANCERY,
    world::World,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Turns of each server, and commands of a turn.
const TURNS: usize = 7;
const COMMANDS_A_TURN: usize = 20;
/// Commands before anything is measured.
const WARM_UP: usize = 12;

const FLOOR: &str = "floor";

fn main() -> Result<()> {
    #[allow(clippy::disallowed_methods, reason = "a bench has no configuration of its own")]
    let url = ["DATABASE_URL", "TEST_DATABASE_URL"].into_iter().find_map(|name| std::env::var(name).ok());
    let prints = std::env::args().any(|argument| argument == "--statements");
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let count = Count::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(count.clone()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for engine in [Engine::Postgres, Engine::Sqlite] {
        if engine == Engine::Postgres && url.is_none() {
            println!("PostgreSQL is not measured: name a server on this machine in DATABASE_URL");
            continue;
        }
        if !only.is_empty() && !only.iter().any(|name| name == engine.name()) {
            continue;
        }
        runtime.block_on(async {
            let world = World::new(engine, url.as_deref()).await?;
            let outcome = measure(&world, &count, prints).await;
            world.remove().await?;
            outcome
        })?;
    }
    Ok(())
}

async fn measure(world: &World, count: &Count, prints: bool) -> Result<()> {
    let engine = if world.store.engine() == Engine::Postgres { "PostgreSQL" } else { "SQLite" };
    let scene = Scene::set(world).await?;
    let store = Store::open(world.address(CHANCERY)).await?;
    let (door, ours) = service::start(store, world.clock.clone()).await?;
    let theirs = floor(world).await?;
    println!("\n{engine}: µs of CPU for each command; medians of {TURNS} turns\n");
    println!("| command | role | server + database | together | statements |");
    println!("| --- | --- | --- | --- | --- |");
    let mut client = Client::open(ours.address).await?;
    let mut raised: Vec<String> = Vec::new();
    for command in COMMANDS {
        // Each on concerns that the command may be done on: those that the one before left.
        let total = WARM_UP + (TURNS + 1) * COMMANDS_A_TURN;
        let requests: Vec<Vec<u8>> = if command.name == "raiseConcern" {
            (0..total).map(|n| scene.raise(n)).collect()
        } else {
            raised.iter().take(total).map(|concern| scene.on(command, concern)).collect()
        };
        let mut requests = requests.iter();
        let mut answers = Vec::with_capacity(total);
        for request in requests.by_ref().take(WARM_UP) {
            answers.push(scene::answered(client.ask(request).await?)?);
        }
        let is_raised = command.name == "raiseConcern";
        let (mut spent, mut least, mut admin) = (Vec::new(), Vec::new(), world.admin().await?);
        for turn in 0..TURNS {
            let before = Reading::of(Whose { process: None, name: CHANCERY }, admin.as_mut()).await?;
            for request in requests.by_ref().take(COMMANDS_A_TURN) {
                answers.push(scene::answered(client.ask(request).await?)?);
            }
            spent.push(Reading::of(Whose { process: None, name: CHANCERY }, admin.as_mut()).await?.since(&before));
            if is_raised {
                least.push(turn_of_floor(world, &theirs, &scene, turn == 0).await?);
            }
        }
        let (asked, read) = (count.begin(), door.graph.statements());
        let mut counted = 0_u64;
        for request in requests.by_ref().take(COMMANDS_A_TURN) {
            answers.push(scene::answered(client.ask(request).await?)?);
            counted += 1;
            if counted == 1 && prints {
                println!("{}", count.told());
            }
        }
        // The reading lanes log nothing; they count by themselves.
        let statements = (count.end() - asked) + (door.graph.statements() - read);
        if command.measured {
            println!("{} {} |", row(command.name, command.role, &spent), statements / counted.max(1));
        }
        if is_raised {
            raised = answers;
            println!("{} |", row("the same by hand", Role::MissionOfficer, &least));
            let ratios = spent.iter().zip(&least).map(|(ours, theirs)| (of(ours), of(theirs)));
            let (all, alone): (Vec<f64>, Vec<f64>) =
                ratios.map(|(ours, theirs)| ((ours.0 + ours.1) / (theirs.0 + theirs.1), ours.0 / theirs.0)).unzip();
            println!("| ratio | | server alone {:.2} | **{:.2}** | |", median(alone), median(all));
        }
    }
    whole(world).await
}

/// Of one command of a turn, µs: server, database.
fn of(spent: &Spent) -> (f64, f64) {
    spent.each(u32::try_from(COMMANDS_A_TURN).unwrap_or(1))
}

fn row(name: &str, role: Role, spent: &[Spent]) -> String {
    let each = |part: fn((f64, f64)) -> f64| median(spent.iter().map(|spent| part(of(spent))).collect());
    let (server, database, both) = (each(|both| both.0), each(|both| both.1), each(|both| both.0 + both.1));
    format!("| {name} | {} | {server:.0} + {database:.0} | {both:.0} |", role.name())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

async fn turn_of_floor(world: &World, theirs: &Served, scene: &Scene, is_first: bool) -> Result<Spent> {
    let mut client = Client::open(theirs.address).await?;
    let raised = |number: usize| post("/raise", &scene.mission_officer, &scene.raised(number).to_string());
    if is_first {
        for number in 0..WARM_UP {
            client.ask(&raised(number)).await?;
        }
    }
    let mut admin = world.admin().await?;
    let before = Reading::of(Whose { process: None, name: theirs.name }, admin.as_mut()).await?;
    for number in 0..COMMANDS_A_TURN {
        client.ask(&raised(number)).await?;
    }
    Ok(Reading::of(Whose { process: None, name: theirs.name }, admin.as_mut()).await?.since(&before))
}

/// What both have written is what the rows say: or one of them has left something out.
async fn whole(world: &World) -> Result<()> {
    let lines = visibility::verify(&world.store, 3).await?;
    let words = search::verify(&world.store, 3).await?;
    let clocks = response::verify(&world.store).await?;
    let trail = audit::verify(&world.store, None).await?;
    if !lines.is_none() || !words.is_none() || !clocks.wrong.is_empty() || trail.fault.is_some() {
        return Err(format!("what was written is not whole: {lines:?} {words:?} {clocks:?} {trail:?}").into());
    }
    Ok(())
}

async fn floor(world: &World) -> Result<Served> {
    let registry = Registry::open(&world.store, &world.clock).await?;
    let router = floor::router(registry, world.clock.clone(), &world.store, world.address(FLOOR)).await?;
    Served::start(FLOOR, router).await
}
