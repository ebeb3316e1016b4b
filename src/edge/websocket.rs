//! `/graphql/ws`: GraphQL over a WebSocket, by the `graphql-transport-ws` protocol.
//!
//! One task a socket reads and writes; each operation is a task of its own that hands it frames. A socket that does
//! not take what is written is closed, and its operations with it. An operation is under the configuration that holds
//! when it begins, however long the socket has been open.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{
        FromRequestParts, Request, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{Instant, interval, timeout},
};
use tracing::Instrument as _;

use super::{
    Door,
    accept::Media,
    answer,
    arrival::Arrival,
    body::Unfit,
    graphql,
    live::{Frame, Operation, parts},
    observe, origin, request,
    seam::{Caller, Gate, Graph, GraphRequest, Meter},
    seats::Seat,
    server,
    transport_ws::{self, Close, PROTOCOL, Said},
};
use crate::error::{Code, Error, error_json};

/// Frames of all operations that wait for the socket.
const WAITING: usize = 16;
/// How long a socket may take to take what is written.
const WRITE: Duration = Duration::from_secs(10);
/// The path.
const PATH: &str = "/graphql/ws";
/// Characters of an operation's id.
const LONGEST_ID: usize = 128;

/// Answers the request that asks for a WebSocket.
pub async fn handle<G: Gate, H: Graph<G::Principal>>(
    State(door): State<Arc<Door<G, H>>>,
    arrival: Arrival,
    request: Request,
) -> Response<Body> {
    let (mut head, _) = request.into_parts();
    let mut headers = HeaderMap::new();
    for value in head.headers.get_all(header::AUTHORIZATION) {
        headers.append(header::AUTHORIZATION, value.clone());
    }
    if graphql::carries_token(&head.uri) {
        return answer::unauthenticated(&arrival, Media::Json);
    }
    if origin::is_foreign(&head.headers, &door.http.cors_origins) {
        let error = Error::new(Code::Forbidden, "a page of another origin opens no socket here");
        return answer::refused(StatusCode::FORBIDDEN, &error, &arrival, Media::Json);
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut head, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return no_socket(&rejection, &arrival),
    };
    let seat = head.extensions.remove::<server::SocketPermit>();
    let most = door.limits.body_bytes;
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(most)
        .max_frame_size(most)
        .on_failed_upgrade(|error| tracing::debug!(%error, "no WebSocket"))
        .on_upgrade(move |socket| async move {
            let (_open, _seat) = (door.streams.open(), seat);
            let (out, frames) = mpsc::channel(WAITING);
            let is_spoken = socket.protocol().is_some_and(|protocol| protocol == PROTOCOL);
            let mut socket = Socket {
                stream: socket,
                door,
                headers,
                arrival,
                out,
                under_way: HashMap::new(),
                number: 0,
                place: None,
            };
            let end = if is_spoken { socket.talk(frames).await } else { Some(Close::NoProtocol) };
            socket.end(end).await;
        })
        .into_response()
}

fn no_socket(rejection: &WebSocketUpgradeRejection, arrival: &Arrival) -> Response<Body> {
    tracing::debug!(%rejection, "no WebSocket");
    let error = Error::input("this is for WebSockets that speak graphql-transport-ws; ask by POST at /graphql");
    let mut response = answer::refused(StatusCode::UPGRADE_REQUIRED, &error, arrival, Media::Json);
    response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    response
}

struct Socket<G: Gate, H> {
    stream: WebSocket,
    door: Arc<Door<G, H>>,
    /// Who asks, as it was said.
    headers: HeaderMap,
    arrival: Arrival,
    out: mpsc::Sender<(u64, Frame)>,
    under_way: HashMap<String, (u64, AbortHandle)>,
    /// Of the last operation: an id may be used again.
    number: u64,
    /// Its place among its agency's streams: a socket counts as one.
    place: Option<Seat>,
}

impl<G: Gate, H: Graph<G::Principal>> Socket<G, H> {
    /// Talks until somebody ends it: with what, if it is us.
    async fn talk(&mut self, mut frames: mpsc::Receiver<(u64, Frame)>) -> Option<Close> {
        let init = Instant::now() + Duration::from_secs(self.door.limits.init_seconds);
        let pause = Duration::from_secs(self.door.limits.keep_alive_seconds);
        let mut ping = interval(pause);
        let mut heard = Instant::now();
        let mut is_let_in = false;
        let streams = self.door.streams.clone();
        loop {
            let closed = tokio::select! {
                () = tokio::time::sleep_until(init), if !is_let_in => Err(Some(Close::InitTimeout)),
                // The operations say so themselves first.
                () = streams.closing(), if self.under_way.is_empty() => Err(Some(Close::GoingAway)),
                Some((number, frame)) = frames.recv() => self.tell(number, frame).await,
                _ = ping.tick() => {
                    // What was served before a reload is let go.
                    self.door = self.door.served_now();
                    if heard.elapsed() > pause * 2 {
                        Err(Some(Close::Silent))
                    } else if is_let_in && let Err(close) = self.admit(Close::Unauthorized).await {
                        // Its operations ask each second; one without any asks here.
                        Err(close)
                    } else {
                        self.write(Message::Ping(axum::body::Bytes::new())).await
                    }
                }
                message = self.stream.recv() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => self.hear(text.as_str(), &mut is_let_in).await,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Ok(Message::Binary(_))) => Err(Some(Close::BadMessage)),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(None),
                    }
                }
            };
            if let Err(end) = closed {
                return end;
            }
        }
    }

    async fn hear(&mut self, text: &str, is_let_in: &mut bool) -> Result<(), Option<Close>> {
        match Said::read(text).ok_or(Some(Close::BadMessage))? {
            Said::Init(_) if *is_let_in => Err(Some(Close::TooManyInits)),
            Said::Init(authorization) => {
                if let Some(authorization) = authorization {
                    let value = HeaderValue::from_str(&authorization).map_err(|_| Some(Close::Forbidden))?;
                    // Said twice, it is refused like two headers.
                    self.headers.append(header::AUTHORIZATION, value);
                }
                let principal = self.admit(Close::Forbidden).await?;
                let most = self.door.limits.agency_streams;
                self.place = Some(self.door.streams.seat(principal.agency(), most).ok_or(Some(Close::TooMany))?);
                *is_let_in = true;
                self.say(transport_ws::ack()).await
            }
            Said::Ping => self.say(transport_ws::pong()).await,
            Said::Pong => Ok(()),
            Said::Complete(id) => {
                if let Some((_, operation)) = self.under_way.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
            Said::Subscribe(..) if !*is_let_in => Err(Some(Close::Unauthorized)),
            Said::Subscribe(id, _) if id.len() > LONGEST_ID => Err(Some(Close::BadMessage)),
            Said::Subscribe(id, _) if self.under_way.contains_key(&id) => Err(Some(Close::Twice)),
            Said::Subscribe(id, payload) => self.begin(id, payload.get()).await,
        }
    }

    /// Who asks; or how it is closed, by whether they are not let in or that cannot be found out now.
    async fn admit(&mut self, refused: Close) -> Result<Arc<G::Principal>, Option<Close>> {
        let admitted = graphql::admit(&self.door, &parts(self.headers.clone()), &self.arrival, Media::Json).await;
        admitted.map_err(|response| {
            Some(if response.status() == StatusCode::UNAUTHORIZED { refused } else { Close::TooMany })
        })
    }

    async fn begin(&mut self, id: String, payload: &str) -> Result<(), Option<Close>> {
        self.door = self.door.served_now();
        let arrival = self.arrival.another(&self.door.clock);
        let refused = |error: &Error| transport_ws::error(&id, &[error_json(error, &arrival.request_id)]);
        if self.under_way.len() >= self.door.limits.socket_streams {
            let error = Error::crowded("as many operations are under way here as may be");
            return self.say(refused(&error)).await;
        }
        let request = match request::from_body(payload.as_bytes()) {
            Ok(request) => GraphRequest { request_id: arrival.request_id.clone(), meter: Meter::counting(), ..request },
            // The protocol knows no message of that form.
            Err(Unfit(..)) => return Err(Some(Close::BadMessage)),
        };
        let principal = self.admit(Close::Unauthorized).await?;
        self.number += 1;
        let number = self.number;
        let (out, mut frames) = mpsc::channel(1);
        let (door, headers) = (self.door.clone(), self.headers.clone());
        let name = request.operation_name.as_deref().filter(|name| graphql::is_name(name));
        let span = observe::operation(PATH, &arrival, principal.as_ref(), name);
        let operation = Operation { door, headers, arrival, request, socket: Some(PATH), out };
        let to_socket = self.out.clone();
        let task = tokio::spawn(async move {
            let pass_on = async {
                while let Some(frame) = frames.recv().await {
                    if to_socket.send((number, frame)).await.is_err() {
                        return;
                    }
                }
            };
            tokio::join!(operation.run(principal).instrument(span), pass_on);
        });
        self.under_way.insert(id, (number, task.abort_handle()));
        Ok(())
    }

    /// Tells of an operation, if it is still under way.
    async fn tell(&mut self, number: u64, frame: Frame) -> Result<(), Option<Close>> {
        let Some(id) = self.under_way.iter().find(|(_, (known, _))| *known == number).map(|(id, _)| id.clone()) else {
            return Ok(());
        };
        match frame {
            Frame::Next(response) => self.say(transport_ws::next(&id, &response)).await,
            Frame::Error(errors) => {
                self.under_way.remove(&id);
                self.say(transport_ws::error(&id, &errors)).await
            }
            Frame::Unauthenticated(errors) => {
                self.say(transport_ws::error(&id, &errors)).await?;
                Err(Some(Close::Unauthorized))
            }
            Frame::Complete => {
                self.under_way.remove(&id);
                self.say(transport_ws::complete(&id)).await
            }
        }
    }

    async fn say(&mut self, text: String) -> Result<(), Option<Close>> {
        self.write(Message::Text(text.into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Option<Close>> {
        match timeout(WRITE, self.stream.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(None),
        }
    }

    async fn end(mut self, close: Option<Close>) {
        for (_, operation) in self.under_way.values() {
            operation.abort();
        }
        if let Some(close) = close {
            let frame = CloseFrame { code: close.code(), reason: close.reason().into() };
            if self.write(Message::Close(Some(frame))).await.is_ok() {
                // Until the client has closed too, or a moment has passed: what was written is then read.
                let read = async { while let Some(Ok(_)) = self.stream.recv().await {} };
                let _ = timeout(Duration::from_secs(1), read).await;
            }
        }
    }
}
