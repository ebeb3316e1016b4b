//! `/graphiql`: the GraphQL community's explorer, from the binary: it works where there is no other network.
//!
//! The page is a client like any other: what it shows is what the token that is pasted into it may see.

use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};

use super::{accept::Media, answer, arrival::Arrival};
use crate::error::{Code, Error};

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PAGE: &[u8] = include_bytes!("../../assets/graphiql/index.html");

/// Nothing from elsewhere, and scripts only as files of ours. Styles may stand inline (the editor sets them), fonts
/// are data in the style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The page.
pub async fn page() -> Response<Body> {
    file(HTML, PAGE)
}

/// What the page loads.
pub async fn asset(arrival: Arrival, Path(name): Path<String>) -> Response<Body> {
    let (media, bytes): (_, &'static [u8]) = match name.as_str() {
        "chancery.js" => (SCRIPT, include_bytes!("../../assets/graphiql/chancery.js")),
        "chancery.css" => (STYLE, include_bytes!("../../assets/graphiql/chancery.css")),
        "graphiql.min.js" => (SCRIPT, include_bytes!("../../assets/graphiql/graphiql.min.js")),
        "graphiql.min.css" => (STYLE, include_bytes!("../../assets/graphiql/graphiql.min.css")),
        "react.production.min.js" => (SCRIPT, include_bytes!("../../assets/graphiql/react.production.min.js")),
        "react-dom.production.min.js" => (SCRIPT, include_bytes!("../../assets/graphiql/react-dom.production.min.js")),
        _ => {
            let error = Error::new(Code::NotFound, "no such file");
            return answer::refused(StatusCode::NOT_FOUND, &error, &arrival, Media::Json);
        }
    };
    file(media, bytes)
}

fn file(media: &'static str, bytes: &'static [u8]) -> Response<Body> {
    let headers = [
        (header::CONTENT_TYPE, media),
        // Asked for again after an update of the program, which has no other way to name its version.
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Bytes::from_static(bytes)).into_response()
}
