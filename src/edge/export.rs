//! `/export/{name}`: rows as a file, streamed page by page, each page under standing as it then is.
//!
//! Bounded in rows, time and number. What goes wrong before the first page is an ordinary refusal; what goes wrong later
//! cuts the connection, so that no client takes half a file for a whole one.

use std::{
    io,
    sync::Arc,
    task::{Poll, ready},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderValue, Method, Response, StatusCode, Uri, Version, header, request::Parts},
    response::IntoResponse,
};
use futures_util::stream;
use serde_json::Value;
use tokio::{sync::mpsc, time::Instant};

use super::{
    Door,
    accept::Media,
    answer,
    arrival::Arrival,
    graphql,
    observe::Seen,
    seam::{Caller, Gate, Graph, GraphRequest, Meter, Outcome},
    seats::Seat,
};
use crate::{
    error::{Code, Error, Result},
    export::{Export, Format},
};

/// How often a page is tried while standing changes under it.
const ATTEMPTS: usize = 3;

/// What goes on after the headers have left.
struct Stream<G, H> {
    door: Arc<Door<G, H>>,
    parts: Parts,
    arrival: Arrival,
    export: Export,
    deadline: Instant,
    /// Held until the stream ends.
    _place: Seat,
    first: Option<Vec<u8>>,
    is_begun: bool,
}

/// A part of the file, or that it is whole.
#[derive(Debug)]
enum Part {
    Page(Vec<u8>),
    End,
}

/// Answers one request.
pub async fn handle<G: Gate, H: Graph<G::Principal>>(
    State(door): State<Arc<Door<G, H>>>,
    Path(name): Path<String>,
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
    let seen =
        Seen { role: Some(principal.role().name()), agency: Some(principal.agency().to_owned()), ..Seen::default() };
    let mut response = begin(door, &name, arrival, parts, &principal).await;
    response.extensions_mut().insert(seen);
    response
}

async fn begin<G: Gate, H: Graph<G::Principal>>(
    door: Arc<Door<G, H>>,
    name: &str,
    arrival: Arrival,
    parts: Parts,
    principal: &G::Principal,
) -> Response<Body> {
    let refuse = |error: &Error| answer::refused(answer::status_of(error.code), error, &arrival, Media::Json);
    let (format, filter) = match asked(&parts.uri) {
        Ok(asked) => asked,
        Err(error) => return refuse(&error),
    };
    let Some(export) = Export::new(principal.role(), name, format, filter, door.limits.export_rows) else {
        // The same for a name that is none: what another role may export is no business of this one.
        let error = Error::new(Code::NotFound, "no such export");
        return answer::refused(StatusCode::NOT_FOUND, &error, &arrival, Media::Json);
    };
    if parts.version < Version::HTTP_11 {
        // There a file that was cut ends as a whole one does.
        let error = Error::input("an export needs HTTP/1.1 or later: its end must show");
        return answer::refused(StatusCode::HTTP_VERSION_NOT_SUPPORTED, &error, &arrival, Media::Json);
    }
    let Some(place) = door.streams.export(door.limits.exports) else {
        let error = Error::crowded("too many exports at once; try again soon");
        let mut response = refuse(&error);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        return response;
    };
    let deadline = Instant::now() + Duration::from_secs(door.limits.export_seconds);
    let file = export.file_name(door.clock.now_text().get(..10).unwrap_or_default());
    let mut stream = Stream { door, parts, arrival, export, deadline, _place: place, first: None, is_begun: false };
    stream.first = match stream.page().await {
        Ok(first) => first,
        Err(error) => {
            return answer::refused(answer::status_of(error.code), &error, &stream.arrival, Media::Json);
        }
    };
    // In a task of its own: a client that stops reading keeps neither the place nor the deadline from ending.
    let (pages, received) = mpsc::channel(1);
    tokio::spawn(stream.run(pages));
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::VARY, "Authorization".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (StatusCode::OK, headers, Body::from_stream(whole(received))).into_response()
}

impl<G: Gate, H: Graph<G::Principal>> Stream<G, H> {
    /// The next part of the file; nothing after its end. Who asks is authenticated anew for every page: a token that
    /// ended or a person who was disabled gets no further one.
    async fn page(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(request) = self.export.request(&self.arrival.request_id) else { return Ok(None) };
        // A file is one request; what bounds the rest of it is `limits.export_rows`, and how many there are at once.
        let meter = if self.is_begun { Meter::default() } else { Meter::counting() };
        self.is_begun = true;
        let request = GraphRequest { meter, ..request };
        let seconds = self.door.limits.export_seconds;
        let late = |_| Error::new(Code::Timeout, format!("an export takes at most {seconds} s; narrow the filter"));
        let body = tokio::time::timeout_at(self.deadline, self.ask(&request)).await.map_err(late)??;
        self.export.take(&body).map(Some)
    }

    async fn ask(&self, request: &GraphRequest) -> Result<String> {
        for _ in 0..ATTEMPTS {
            let admitted = graphql::admit(&self.door, &self.parts, &self.arrival, Media::Json).await;
            let principal = admitted.map_err(|_| Error::new(Code::Unauthenticated, "no valid token"))?;
            let answer = self.door.graph.execute(&principal, request).await;
            match answer.outcome {
                Outcome::Stale(version) => self.door.gate.stale(version),
                Outcome::Ran | Outcome::Refused(_) | Outcome::NotByGet => return Ok(answer.body),
            }
        }
        Err(Error::internal("standing changed at every attempt"))
    }

    /// Hands on page after page until the end, the deadline, or until nobody reads any more. A page is read when the
    /// one before it was taken: not more than one is older than the standing it leaves under.
    async fn run(mut self, pages: mpsc::Sender<Part>) {
        loop {
            let room = match tokio::time::timeout_at(self.deadline, pages.reserve()).await {
                Ok(Ok(room)) => room,
                Ok(Err(_)) => return,
                Err(_) => return self.cut(&Error::new(Code::Timeout, "the client stopped reading")),
            };
            let page = if let Some(first) = self.first.take() {
                Ok(Some(first))
            } else {
                tokio::select! {
                    page = self.page() => page,
                    () = pages.closed() => return,
                }
            };
            match page {
                Ok(Some(page)) => room.send(Part::Page(page)),
                Ok(None) => return room.send(Part::End),
                Err(error) => return self.cut(&error),
            }
        }
    }

    fn cut(&self, error: &Error) {
        let (request_id, rows) = (&self.arrival.request_id, self.export.rows());
        tracing::warn!(request_id, rows, code = error.code.name(), cause = ?error.cause, "export cut");
    }
}

/// The parts of a file as a body that fails unless the end was said: whatever became of who sends them.
fn whole(mut parts: mpsc::Receiver<Part>) -> impl futures_util::Stream<Item = io::Result<Vec<u8>>> {
    let mut is_over = false;
    stream::poll_fn(move |context| {
        if is_over {
            return Poll::Ready(None);
        }
        let part = ready!(parts.poll_recv(context));
        is_over = !matches!(part, Some(Part::Page(_)));
        Poll::Ready(match part {
            Some(Part::Page(page)) => Some(Ok(page)),
            Some(Part::End) => None,
            None => Some(Err(io::Error::other("the export ended early"))),
        })
    })
}

/// The format and the filter of a query string.
fn asked(uri: &Uri) -> Result<(Format, Value)> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| Error::input("query string: expected name=value, percent-encoded"))?;
    let (mut format, mut filter) = (None, None);
    for (name, value) in &pairs {
        let twice = match name.as_str() {
            "format" => {
                let known = Format::named(value).ok_or_else(|| Error::input("format: expected csv or geojson"))?;
                format.replace(known).is_some()
            }
            "filter" => {
                let read: Value =
                    serde_json::from_str(value).map_err(|_| Error::input("filter: expected an object of JSON"))?;
                if !read.is_object() {
                    return Err(Error::input("filter: expected an object of JSON"));
                }
                filter.replace(read).is_some()
            }
            _ => return Err(Error::input("query string: expected format and filter, nothing else")),
        };
        if twice {
            return Err(Error::input(format!("{name}: expected once")));
        }
    }
    Ok((format.unwrap_or(Format::Csv), filter.unwrap_or(Value::Null)))
}
