//! What stands behind the door in service: the registry and the gateway.

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::seam::{self, Caller, Gate, Graph};
use crate::{
    access::Role,
    error::Error,
    graph::{Gateway, GraphRequest, GraphResponse, Said, Stream},
    identity::{Principal, Refusal, Registry, TurnedAway},
};

impl Caller for Principal {
    fn role(&self) -> Role {
        Self::role(self)
    }

    fn agency(&self) -> &str {
        Self::agency(self)
    }

    fn standing_version(&self) -> i64 {
        Self::standing_version(self)
    }
}

impl Gate for Registry {
    type Principal = Principal;

    async fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Principal>, seam::Refusal> {
        let lines = headers.get_all(header::AUTHORIZATION).iter().map(axum::http::HeaderValue::as_bytes);
        self.admit_header(lines).await.map_err(|turned_away| match turned_away {
            TurnedAway { refusal: Refusal::Unavailable(error), .. } => seam::Refusal::Failed(error),
            TurnedAway { refusal, known: None } => seam::Refusal::Token(refusal.to_string()),
            TurnedAway { refusal, known: Some((agency, subject)) } => {
                seam::Refusal::Known { reason: refusal.to_string(), agency, subject }
            }
        })
    }

    fn stale(&self, version: i64) {
        Self::stale(self, version);
    }
}

impl Graph<Principal> for Gateway {
    async fn execute(&self, principal: &Principal, request: &GraphRequest) -> GraphResponse {
        Self::execute(self, principal, request).await
    }

    type Stream = Stream;

    async fn is_subscription(&self, principal: &Principal, request: &GraphRequest) -> bool {
        Self::is_subscription(self, principal, request).await
    }

    async fn subscribe(&self, principal: &Arc<Principal>, request: &GraphRequest) -> Result<Stream, GraphResponse> {
        Self::subscribe(self, principal, request).await
    }

    async fn renew(
        &self,
        stream: &mut Stream,
        principal: &Arc<Principal>,
        unread: Option<Arc<str>>,
    ) -> Result<(), GraphResponse> {
        Self::renew(self, stream, principal, unread).await
    }

    async fn next(stream: &mut Stream) -> Said {
        stream.next().await
    }

    async fn turned_away(&self, reason: &str, known: Option<(&str, &str)>) -> Result<(), Error> {
        Self::turned_away(self, reason, known).await
    }

    fn sdl(&self, role: Role) -> String {
        Self::sdl(self, role)
    }
}
