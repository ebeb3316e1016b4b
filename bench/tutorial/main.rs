//! The stack of the tutorials: async-graphql with a resolver for each field, SeaORM, a DataLoader for each edge. It answers
//! as Chancery does what it is asked here, reading the same tables; who sees what is a subquery on the visibility table.

mod concern;
mod loaders;
mod mission;
mod query;
mod viewer;

use std::{net::SocketAddr, sync::Arc};

use async_graphql::{EmptyMutation, EmptySubscription, Schema, dataloader::DataLoader};
use async_graphql_axum::{GraphQLRequest, GraphQLResponse};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use chancery::clock::Clock;
use chancery_bench::{
    Result,
    database::address,
    door::{admit, serve},
    gate::Gate,
};
use clap::Parser;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::{loaders::Loader, query::Query, viewer::Viewer};

/// Answers what the measure asks.
#[derive(Debug, Parser)]
struct Arguments {
    /// `postgres://` URL
    #[arg(long)]
    database: String,
    /// Connections to it
    #[arg(long)]
    lanes: u32,
    /// Where to listen
    #[arg(long)]
    listen: SocketAddr,
}

type Graph = Schema<Query, EmptyMutation, EmptySubscription>;

struct Tutorial {
    gate: Gate,
    clock: Clock,
    graph: Graph,
    database: DatabaseConnection,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let gate = Gate::open(&address(&arguments.database, "tutorial")?).await?;
    let mut options = ConnectOptions::new(format!("{}?application_name=tutorial", arguments.database));
    options.max_connections(arguments.lanes).sqlx_logging(false);
    let database = Database::connect(options).await?;
    let graph = Schema::build(Query, EmptyMutation, EmptySubscription).data(database.clone()).finish();
    let tutorial = Arc::new(Tutorial { gate, clock: Clock::system(), graph, database });
    let router = Router::new().route("/graphql", post(handle)).with_state(tutorial);
    serve(router, arguments.listen).await
}

async fn handle(State(tutorial): State<Arc<Tutorial>>, headers: HeaderMap, request: GraphQLRequest) -> Response {
    let now = tutorial.clock.now_text();
    let Some(principal) = admit(&tutorial.gate, &headers, &now) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let viewer = Arc::new(Viewer::of(&principal, now));
    let loader = Loader { database: tutorial.database.clone(), viewer: Arc::clone(&viewer) };
    let request = request.into_inner().data(viewer).data(DataLoader::new(loader, tokio::spawn));
    GraphQLResponse::from(tutorial.graph.execute(request).await).into_response()
}
