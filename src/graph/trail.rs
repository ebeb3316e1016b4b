//! What is read, and who is not let in, told to the audit trail before an answer leaves.

use tracing::Instrument as _;

use super::{Gateway, request::GraphRequest};
use crate::{
    audit::{self, Decision, Event},
    digest::sha256_hex,
    error::{Code, Error, Result},
    identity::Principal,
    read::Disclosed,
    telemetry::traces,
};

/// Characters of the name of an operation, at most: a longer one is content, and the document's hash stands for it.
const LONGEST_NAME: usize = 64;

impl Gateway {
    /// Tells the audit trail which rows an answer discloses at P, S and I; nothing when it discloses none. The answer
    /// may leave when this has returned.
    pub(super) async fn tell_read(
        &self,
        principal: &Principal,
        request: &GraphRequest,
        at: &str,
        disclosed: &Disclosed,
    ) -> Result<()> {
        if disclosed.is_empty() {
            return Ok(());
        }
        let objects = disclosed.iter().map(|(row, tiers)| audit::object_id(row, *tiers)).collect();
        let event = Event::by(principal, at.to_owned(), operation_name(request), Decision::Read);
        self.tell(Event { objects, ..event }).await
    }

    /// Tells the audit trail of somebody who was not let in, and why: of nobody, or of an agency's subject where the token was
    /// one of the agency's.
    pub async fn turned_away(&self, reason: &str, known: Option<(&str, &str)>) -> Result<()> {
        let refused = Decision::Refused(Code::Unauthenticated);
        let operation = format!("authenticate: {reason}");
        let event = Event::by_nobody(self.clock.now_text(), &operation, refused);
        let (agency, subject) = known.unzip();
        self.tell(Event { agency: agency.map(str::to_owned), subject: subject.map(str::to_owned), ..event }).await
    }

    async fn tell(&self, event: Event) -> Result<()> {
        let limit = self.limits.operation_time();
        let late =
            |_| Error::new(Code::Timeout, "the audit trail took nothing in time: nothing may be told without it");
        let span = traces::part(|| tracing::info_span!(target: traces::TARGET, "trail"));
        tokio::time::timeout(limit, self.trail.record(event)).instrument(span).await.map_err(late)?
    }
}

/// What was asked, without what it says: the name that the client gives the operation, or the document's hash.
pub(super) fn operation_name(request: &GraphRequest) -> String {
    match &request.operation_name {
        Some(name) if name.len() <= LONGEST_NAME => name.clone(),
        _ => format!("sha256:{}", sha256_hex(&request.query)),
    }
}
