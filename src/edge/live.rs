//! One operation of a transport that can say more than once: a subscription, told until somebody ends it, or a query
//! or a mutation, answered once.
//!
//! Once a second it is asked anew who it is that listens. So a token that has expired or was revoked, a person who was
//! disabled and an agency that was suspended are told no more, with a last message that says so; and other standing
//! is noticed though nothing happens.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::http::{HeaderMap, Request, StatusCode, request::Parts};
use futures_util::FutureExt as _;
use serde_json::Value;
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};

use super::{
    Door,
    accept::Media,
    arrival::Arrival,
    graphql,
    observe::LEFT,
    seam::{Caller, Gate, Graph, GraphRequest, GraphResponse, Meter, Outcome, Refusal, Said},
};
use crate::{
    error::{Code, Error, error_json},
    telemetry::metrics,
};

/// How often it is asked who listens.
const CHECK: Duration = Duration::from_secs(1);
/// For how many checks it may be impossible to find that out.
const UNKNOWN: u32 = 10;
/// How long what is told may wait for the socket.
const STALLED: Duration = Duration::from_secs(30);
/// How long its last word may.
const LAST: Duration = Duration::from_secs(5);
/// How often a stream is begun while standing changes under it.
const ATTEMPTS: usize = 5;

/// What a transport is handed.
#[derive(Debug)]
pub(super) enum Frame {
    /// The complete JSON text of a response.
    Next(Arc<str>),
    /// The end, with errors: nothing comes after it.
    Error(Vec<Value>),
    /// The end, because who listens is not let in any more.
    Unauthenticated(Vec<Value>),
    /// The end.
    Complete,
}

impl Frame {
    /// The code of its first error, if it is one.
    fn outcome(&self) -> Option<&'static str> {
        let (Self::Error(errors) | Self::Unauthenticated(errors)) = self else { return None };
        Some(errors.first().and_then(Code::of).unwrap_or(Code::Internal).name())
    }
}

/// An operation in the doing.
pub(super) struct Operation<G: Gate, H> {
    pub(super) door: Arc<Door<G, H>>,
    /// Who asks, as they said it.
    pub(super) headers: HeaderMap,
    pub(super) arrival: Arrival,
    pub(super) request: GraphRequest,
    /// The path of the socket, where the request for it was not the one for this.
    pub(super) socket: Option<&'static str>,
    pub(super) out: mpsc::Sender<Frame>,
}

impl<G: Gate, H: Graph<G::Principal>> Operation<G, H> {
    /// Does it for whoever was let in, to its end or until nobody listens.
    pub(super) async fn run(self, principal: Arc<G::Principal>) {
        let mut over = Over::begin(&self.arrival, &self.request, self.socket, principal.as_ref());
        let done = AssertUnwindSafe(async {
            over.is_stream = self.door.graph.is_subscription(&principal, &self.request).await;
            if over.is_stream {
                let _counted = Counted::new();
                self.stream(principal).await
            } else {
                self.answer(principal).await
            }
        });
        // Whoever waits for an operation that panicked is told, as at `/graphql`.
        let last = done.catch_unwind().await.unwrap_or_else(|_| {
            let error = Error::internal("an operation panicked");
            tracing::error!(request_id = self.arrival.request_id, cause = ?error.cause, "failed");
            Some(self.refused(&error))
        });
        if let Some(last) = &last {
            let failed = self.request.meter.failed().map(Code::name);
            over.outcome = last.outcome().or(failed).unwrap_or("OK");
        }
        drop(over);
        if let Some(last) = last {
            // Who has gone, or does not read, does not listen.
            let _ = timeout(LAST, self.out.send(last)).await;
        }
    }

    async fn answer(&self, principal: Arc<G::Principal>) -> Option<Frame> {
        let parts = parts(self.headers.clone());
        let media = Media::GraphqlResponse;
        match graphql::ask(&self.door, &parts, principal, &self.request, &self.arrival, media).await {
            Ok(GraphResponse { outcome: Outcome::NotByGet, .. }) => {
                Some(self.refused(&Error::input("only a query may come by GET; send a POST")))
            }
            Ok(response @ GraphResponse { outcome: Outcome::Refused(_), .. }) => Some(refusal(&response)),
            Ok(GraphResponse { body, .. }) => {
                self.out.send(Frame::Next(body.into())).await.ok()?;
                Some(Frame::Complete)
            }
            Err(response) if response.status() == StatusCode::UNAUTHORIZED => Some(self.turned_away()),
            Err(_) => Some(self.refused(&Error::internal("who asks, or standing, could not be settled"))),
        }
    }

    /// Tells until the end, which it returns; nothing when nobody listens any more.
    async fn stream(&self, mut principal: Arc<G::Principal>) -> Option<Frame> {
        let Door { graph, streams, limits, .. } = self.door.as_ref();
        let Some(_seat) = streams.seat(principal.agency(), limits.agency_streams) else {
            return Some(self.refused(&Error::crowded("your agency has as many streams as it may")));
        };
        let mut stream = match graph.subscribe(&principal, &self.request).await {
            Ok(stream) => stream,
            Err(response) => return Some(refusal(&response)),
        };
        let mut check = interval_at(Instant::now() + CHECK, CHECK);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut unknown, mut stale) = (0, 0);
        // What is told next waits for the socket, which hinders neither the check nor the end.
        let mut waiting: Option<(Arc<str>, Instant)> = None;
        loop {
            let is_stale = tokio::select! {
                // In this order: who may not listen any more is told nothing more.
                biased;
                () = self.out.closed() => return None,
                () = streams.closing() => {
                    let error = Error::new(Code::Timeout, "the server is going away: go on with `after` elsewhere");
                    return Some(self.refused(&error));
                }
                _ = check.tick() => {
                    if waiting.as_ref().is_some_and(|(_, since)| since.elapsed() > STALLED) {
                        return None;
                    }
                    false
                }
                room = self.out.reserve(), if waiting.is_some() => {
                    if let (Ok(room), Some((event, _))) = (room, waiting.take()) {
                        room.send(Frame::Next(event));
                        metrics::told(principal.role().name());
                    }
                    continue;
                }
                said = H::next(&mut stream), if waiting.is_none() => match said {
                    Said::Event(event) => {
                        waiting = Some((event, Instant::now()));
                        stale = 0;
                        continue;
                    }
                    Said::Ended(error) => return Some(Frame::Error(vec![error])),
                    Said::Stale(version) => {
                        self.door.gate.stale(version);
                        stale += 1;
                        true
                    }
                },
            };
            let present = match self.door.gate.authenticate(&self.headers).await {
                Ok(present) => present,
                Err(Refusal::Failed(error)) => {
                    unknown += 1;
                    tracing::warn!(cause = ?error.cause, "who listens cannot be found out");
                    if unknown >= UNKNOWN || is_stale {
                        return Some(self.refused(&Error::new(error.code, error.message)));
                    }
                    continue;
                }
                Err(Refusal::Token(reason)) => return Some(self.told_away(&reason, None).await),
                Err(Refusal::Known { reason, agency, subject }) => {
                    return Some(self.told_away(&reason, Some((&agency, &subject))).await);
                }
            };
            unknown = 0;
            if is_stale || present.standing_version() != principal.standing_version() {
                if stale > ATTEMPTS {
                    return Some(self.refused(&Error::internal("standing changed at every attempt")));
                }
                // What waits for the socket was made under the standing before: it goes first only if that is the
                // same, which `renew` knows.
                match graph.renew(&mut stream, &present, waiting.take().map(|(event, _)| event)).await {
                    Ok(()) => {}
                    Err(response) => return Some(refusal(&response)),
                }
            } else {
                stale = 0;
            }
            principal = present;
        }
    }

    fn refused(&self, error: &Error) -> Frame {
        Frame::Error(vec![error_json(error, &self.arrival.request_id)])
    }

    /// The end of who is not let in any more, whether or not that can be written down.
    async fn told_away(&self, reason: &str, known: Option<(&str, &str)>) -> Frame {
        if let Err(error) = self.door.graph.turned_away(reason, known).await {
            tracing::error!(cause = ?error.cause, "the end of a stream is not in the audit trail");
        }
        self.turned_away()
    }

    fn turned_away(&self) -> Frame {
        let error = Error::new(Code::Unauthenticated, "no valid token");
        Frame::Unauthenticated(vec![error_json(&error, &self.arrival.request_id)])
    }
}

/// What operators are told of an operation when it is over, however that comes: also when whoever asked has gone.
struct Over {
    started: Instant,
    request_id: String,
    role: &'static str,
    agency: String,
    /// As the client named it.
    named: Option<String>,
    meter: Meter,
    socket: Option<&'static str>,
    is_stream: bool,
    /// `OK`, the code of its error, or that nobody waited for its end.
    outcome: &'static str,
}

impl Over {
    fn begin(arrival: &Arrival, request: &GraphRequest, socket: Option<&'static str>, caller: &impl Caller) -> Self {
        Self {
            started: Instant::now(),
            request_id: arrival.request_id.clone(),
            role: caller.role().name(),
            agency: caller.agency().to_owned(),
            named: request.operation_name.clone(),
            meter: request.meter.clone(),
            socket,
            is_stream: false,
            outcome: LEFT,
        }
    }
}

impl Drop for Over {
    fn drop(&mut self) {
        let (time, outcome) = (self.started.elapsed(), self.outcome);
        let operation = self.named.take().or_else(|| self.meter.operation()).filter(|name| graphql::is_name(name));
        match self.socket {
            Some(path) if !self.is_stream => metrics::answered(metrics::Request {
                path,
                role: Some(self.role),
                agency: Some(&self.agency),
                operation: operation.as_deref(),
                outcome,
                time,
            }),
            // Of server-sent events the request was counted when it began.
            _ => metrics::ended(self.role, &self.agency, operation.as_deref(), outcome),
        }
        tracing::info!(
            duration_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            request_id = self.request_id,
            role = self.role,
            agency = self.agency,
            operation,
            outcome,
            "stream"
        );
    }
}

/// A stream that is counted as under way, also when it is dropped half-way.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::streams(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::streams(-1.0);
    }
}

/// The errors of a response without data.
fn refusal(response: &GraphResponse) -> Frame {
    let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
    Frame::Error(body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default())
}

/// The head of a request with these headers.
pub(super) fn parts(headers: HeaderMap) -> Parts {
    let mut parts = Request::new(()).into_parts().0;
    parts.headers = headers;
    parts
}
