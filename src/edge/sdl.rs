//! `/schema.graphql`: the schema of one's own role, as SDL.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
};

use super::{
    Door,
    accept::Media,
    answer,
    arrival::Arrival,
    graphql,
    observe::Seen,
    seam::{Caller, Gate, Graph},
};

/// Answers one request.
pub async fn handle<G: Gate, H: Graph<G::Principal>>(
    State(door): State<Arc<Door<G, H>>>,
    arrival: Arrival,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    if parts.method != Method::GET {
        return answer::method_not_allowed("GET", "send a GET", &arrival, Media::Json);
    }
    let principal = match graphql::admit(&door, &parts, &arrival, Media::Json).await {
        Ok(principal) => principal,
        Err(response) => return *response,
    };
    let sdl = door.graph.sdl(principal.role());
    let mut response = (StatusCode::OK, sdl).into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/graphql; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Authorization"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let agency = Some(principal.agency().to_owned());
    response.extensions_mut().insert(Seen { role: Some(principal.role().name()), agency, ..Seen::default() });
    response
}
