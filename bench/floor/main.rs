//! The floor: what somebody would write who has these operations to answer and no others. A socket, a token check, one
//! statement by hand for each operation and role, and its JSON passed through as text.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that says what it does and why it stops")]

mod lanes;
mod sql;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use chancery::{access::Role, clock::Clock};
use chancery_bench::{
    Result,
    database::address,
    door::{admit, serve},
    gate::Gate,
};
use clap::Parser;

use crate::lanes::Lanes;

/// Answers what the measure asks.
#[derive(Debug, Parser)]
struct Arguments {
    /// `postgres://` URL, or a SQLite file
    #[arg(long)]
    database: String,
    /// Connections to it
    #[arg(long, default_value_t = 4)]
    lanes: usize,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Print the statement of an operation for a role, as `list/ANALYST`, and stop
    #[arg(long)]
    print: Option<String>,
}

struct Floor {
    gate: Gate,
    clock: Clock,
    lanes: Lanes,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let address = address(&arguments.database, "floor")?;
    if let Some(name) = &arguments.print {
        let (operation, role) = name.split_once('/').ok_or("--print: expected OPERATION/ROLE")?;
        let role = Role::ALL.into_iter().find(|known| known.name() == role).ok_or("--print: no such role")?;
        println!("{}", sql::statement(operation, role, address.engine(), 8).ok_or("--print: no such operation")?);
        return Ok(());
    }
    let gate = Gate::open(&address).await?;
    let lanes = Lanes::open(&arguments.database, &address, arguments.lanes).await?;
    let floor = Arc::new(Floor { gate, clock: Clock::system(), lanes });
    let router = Router::new().route("/{operation}", post(handle)).with_state(floor);
    serve(router, arguments.listen).await
}

async fn handle(
    State(floor): State<Arc<Floor>>,
    Path(operation): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = floor.clock.now_text();
    let Some(principal) = admit(&floor.gate, &headers, &now) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(values) = serde_json::from_slice::<Vec<String>>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match floor.lanes.answer(&operation, &principal, now, values).await {
        Ok(Some(json)) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            eprintln!("{operation} {}: {error:?}", principal.role.name());
            (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}")).into_response()
        }
    }
}
