//! What the parts of a request cost, each alone: `cargo bench --bench parts`. Where the whole stands beside SQL by hand is
//! what `bench/` measures.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]
#![allow(missing_docs, reason = "Criterion's macros make functions without")]

use std::{hint::black_box, sync::Arc};

use async_graphql_parser::parse_query;
use chancery::{
    access::Role,
    audit::Trail,
    cli::token::{self, Mint},
    clock::Clock,
    config::{Cache, Limits},
    demo,
    desk::Desk,
    graph::{Examiner, Gateway, GraphRequest},
    identity::Registry,
    live::Hub,
    model::view::View,
    read::{
        CursorSeal, Reader, Scope,
        coerce::{Variables, declared},
        plan::{Planner, Question},
    },
    store::{Address, Engine, Store},
};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

const LIST: &str = "{ concerns(first: 50) { nodes { id reference title severity status openedAt mission { name } entries(first: 5) { nodes { kind body at } } } pageInfo { hasNextPage endCursor } } }";
/// Reads nothing of the database: what is left is what a request costs whose document, plan and principal are known.
const NOTHING: &str = "query Nothing($skip: Boolean = true) { __typename concerns(first: 50) @skip(if: $skip) { nodes { id reference title severity status openedAt mission { name } entries(first: 5) { nodes { kind body at } } } pageInfo { hasNextPage endCursor } } }";
/// Tokens that take turns where each is to be verified: more than are remembered of one agency would be at once.
const TOKENS: usize = 2_000;

fn parts(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let directory = tempfile::tempdir().expect("a directory");
    let keys = directory.path().join("keys");
    let (store, clock) = runtime.block_on(async {
        let store = Store::open(Address::file(directory.path().join("parts.sqlite"))).await.expect("a database");
        store.migrate().await.expect("a schema");
        let clock = Clock::system();
        demo::seed(&store, &clock, &keys, |_| ()).await.expect("the demo");
        (store, clock)
    });
    let tokens: Vec<String> = runtime.block_on(async {
        let people = demo::seed(&store, &clock, &keys, |_| ()).await.expect("the demo");
        let person = people.0.iter().find(|person| person.role.name() == Role::Analyst.name()).expect("an analyst");
        let mint = |ttl| Mint {
            agency: person.agency.to_owned(),
            subject: person.subject.to_owned(),
            role: person.role,
            ttl: Some(ttl),
        };
        let mut tokens = Vec::with_capacity(TOKENS);
        for _ in 0..TOKENS {
            tokens.push(token::mint(&mint(600), &store, &clock, &keys).await.expect("a token"));
        }
        tokens
    });

    token_checks(criterion, &runtime, &store, &clock, &tokens);
    plans(criterion, &runtime);
    let token = tokens.first().expect("a token");
    known(criterion, &runtime, (&store, &clock), token);
}

/// A token that is remembered, and one that is verified (ES256) and looked up.
fn token_checks(criterion: &mut Criterion, runtime: &Runtime, store: &Store, clock: &Clock, tokens: &[String]) {
    let registry = runtime.block_on(Registry::open(store, clock)).expect("a registry");
    let mut group = criterion.benchmark_group("token");
    let token = tokens.first().expect("a token");
    group.bench_function("remembered", |bencher| {
        bencher.iter(|| runtime.block_on(registry.authenticate(black_box(token))).expect("let in"));
    });
    group.bench_function("verified", |bencher| {
        let mut turn = tokens.iter().cycle();
        let mut fresh = None;
        let mut left = 0;
        bencher.iter(|| {
            if left == 0 {
                // A registry that remembers none of them.
                fresh = Some(runtime.block_on(Registry::open(store, clock)).expect("a registry"));
                left = tokens.len();
            }
            left -= 1;
            let token = turn.next().expect("a token");
            fresh.as_ref().map(|registry| runtime.block_on(registry.authenticate(token)).expect("let in"))
        });
    });
    group.finish();
}

/// A document that was never seen: scan, parse, bounds, validation; and the plan that is made for it.
fn plans(criterion: &mut Criterion, runtime: &Runtime) {
    let mut group = criterion.benchmark_group("miss");
    let examiner = Examiner::new(&[Role::Analyst], &Limits::default()).expect("a schema");
    group.bench_function("document", |bencher| {
        bencher.iter(|| runtime.block_on(examiner.examine(black_box(LIST))));
    });
    for (role, internal) in [(Role::Analyst, true), (Role::LawEnforcement, false)] {
        let view = View::of(role);
        let document = parse_query(LIST).expect("a document");
        let (_, operation) = document.operations.iter().next().expect("an operation");
        let declared = declared(&view, &operation.node).expect("no variables");
        let variables = Variables::new();
        let question = Question {
            document: &document,
            operation: &operation.node,
            variables: &variables,
            declared: &declared,
            longest: 100,
        };
        group.bench_function(format!("plan {role}"), |bencher| {
            bencher.iter(|| Planner::plan(&view, Scope { role, internal }, Engine::Postgres, black_box(question)));
        });
    }
    group.finish();
}

/// A request of which everything is known, up to the database.
fn known(criterion: &mut Criterion, runtime: &Runtime, (store, clock): (&Store, &Clock), token: &str) {
    let (gateway, principal) = runtime.block_on(async {
        let limits = Limits::default();
        let secret = b"a secret of the bench";
        let reader = Reader::new(store, CursorSeal::new(secret), 2, limits.operation_time());
        let desk = Desk::new(store, clock);
        let live = Hub::new(store, Arc::new(desk.clone()), secret).expect("streams");
        let parts = (reader, desk, Trail::open(store, clock), live);
        let gateway = Gateway::new(parts, clock.clone(), limits, &Cache::default(), None).expect("a gateway");
        let registry = Registry::open(store, clock).await.expect("a registry");
        (gateway, registry.authenticate(token).await.expect("let in"))
    });
    let request = GraphRequest { query: NOTHING.to_owned(), ..GraphRequest::default() };
    criterion.bench_function("hit/document and plan", |bencher| {
        bencher.iter(|| runtime.block_on(gateway.execute(&principal, black_box(&request))));
    });
}

criterion_group!(benches, parts);
criterion_main!(benches);
