//! What an event says, and the bytes that are hashed of it.

use aws_lc_rs::digest::{self, Context, SHA256};
use data_encoding::HEXLOWER;
use entity::audit_event::Model;

use crate::{
    access::{Ground, POLICY_EPOCH, Tiers},
    error::Code,
    identity::Principal,
};

/// What the first event of a chain holds as the hash of the one before it.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What hashed bytes begin with: a form that is changed gets another name, and old events stay as they are.
const EVENT_FORM: &str = "chancery.audit.event.1";
const ANCHOR_FORM: &str = "chancery.audit.anchor.1";

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It was done.
    Done,
    /// It had been done before, under the same idempotency key: nothing was done again.
    Replayed,
    /// It was read.
    Read,
    /// It was refused, with this code.
    Refused(Code),
}

impl Decision {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "DONE",
            Self::Replayed => "REPLAYED",
            Self::Read => "READ",
            Self::Refused(_) => "REFUSED",
        }
    }

    /// Of a refusal, its code.
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Refused(code) => Some(code.name()),
            Self::Done | Self::Replayed | Self::Read => None,
        }
    }
}

/// Something that happened, before it has a place in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, canonical.
    pub at: String,
    /// The subject of the token, if somebody was recognised.
    pub subject: Option<String>,
    /// The agency's row id.
    pub agency: Option<String>,
    /// The person's row id.
    pub person: Option<String>,
    /// The active role's name.
    pub role: Option<&'static str>,
    /// What was asked for.
    pub operation: String,
    /// The rows it is about, as [`object_id`] writes them.
    pub objects: Vec<String>,
    /// The grounds that granted it.
    pub grounds: Vec<Ground>,
    /// What was decided.
    pub decision: Decision,
}

impl Event {
    /// By somebody who was let in.
    pub fn by(principal: &Principal, at: String, operation: impl Into<String>, decision: Decision) -> Self {
        Self {
            subject: Some(principal.subject().to_owned()),
            agency: Some(principal.agency().to_owned()),
            person: Some(principal.person().to_owned()),
            role: Some(principal.role().name()),
            ..Self::by_nobody(at, operation, decision)
        }
    }

    /// By nobody whom the registry knows: an operator at the command line, or a token that was refused.
    pub fn by_nobody(at: String, operation: impl Into<String>, decision: Decision) -> Self {
        Self {
            at,
            subject: None,
            agency: None,
            person: None,
            role: None,
            operation: operation.into(),
            objects: Vec::new(),
            grounds: Vec::new(),
            decision,
        }
    }

    /// The row, at a place in a chain.
    pub(super) fn placed(&self, id: String, writer: &str, sequence: i64, previous_hash: &str) -> Model {
        let grounds: Vec<&str> = self.grounds.iter().map(|ground| ground.name()).collect();
        let mut row = Model {
            id,
            writer: writer.to_owned(),
            sequence,
            at: self.at.clone(),
            subject: self.subject.clone(),
            agency_id: self.agency.clone(),
            person_id: self.person.clone(),
            role: self.role.map(str::to_owned),
            operation: self.operation.clone(),
            object_ids: serde_json::Value::from(self.objects.clone()).to_string(),
            grounds: serde_json::Value::from(grounds).to_string(),
            decision: self.decision.name().to_owned(),
            code: self.decision.code().map(str::to_owned),
            policy_version: i64::from(POLICY_EPOCH),
            previous_hash: previous_hash.to_owned(),
            hash: String::new(),
        };
        row.hash = hash(&row);
        row
    }
}

/// A row as an event names it: its public id, and of a read the tiers that were disclosed, `concern_01J…/PS`.
pub fn object_id(public_id: &str, tiers: Tiers) -> String {
    if tiers.is_empty() { public_id.to_owned() } else { format!("{public_id}/{tiers}") }
}

/// The hash of an event. Hashed are the form's name and then every column but the hash, in the order in which they
/// stand here; each as one byte, 1 for a value and 0 for null, and a value as the number of its bytes (eight, the
/// largest first) and its bytes, in UTF-8; numbers in decimal. So no two events have the same bytes.
pub(super) fn hash(row: &Model) -> String {
    let Model {
        id,
        writer,
        sequence,
        at,
        subject,
        agency_id,
        person_id,
        role,
        operation,
        object_ids,
        grounds,
        decision,
        code,
        policy_version,
        previous_hash,
        hash: _,
    } = row;
    let (sequence, policy_version) = (sequence.to_string(), policy_version.to_string());
    hashed(
        EVENT_FORM,
        &[
            Some(id),
            Some(writer),
            Some(&sequence),
            Some(at),
            subject.as_deref(),
            agency_id.as_deref(),
            person_id.as_deref(),
            role.as_deref(),
            Some(operation),
            Some(object_ids),
            Some(grounds),
            Some(decision),
            code.as_deref(),
            Some(&policy_version),
            Some(previous_hash),
        ],
    )
}

/// The hash of an anchor: its sequence, instant, heads, and the hash of the anchor before it, in the same form.
pub(super) fn hash_of_anchor(row: &entity::audit_anchor::Model) -> String {
    let sequence = row.sequence.to_string();
    hashed(ANCHOR_FORM, &[Some(&sequence), Some(&row.at), Some(&row.heads), Some(&row.previous_hash)])
}

fn hashed(form: &str, values: &[Option<&str>]) -> String {
    let mut context = Context::new(&SHA256);
    let mut take = |value: Option<&str>| match value {
        None => context.update(&[0]),
        Some(value) => {
            context.update(&[1]);
            context.update(&u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(value.as_bytes());
        }
    };
    take(Some(form));
    for value in values {
        take(*value);
    }
    let digest: digest::Digest = context.finish();
    HEXLOWER.encode(digest.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes are a promise: whoever checks the trail with another program relies on them.
    #[test]
    fn the_form_is_as_it_was_promised() {
        let bytes = [&[1, 0, 0, 0, 0, 0, 0, 0, 1][..], b"f", &[0], &[1, 0, 0, 0, 0, 0, 0, 0, 2], b"ab"].concat();
        let expected = HEXLOWER.encode(digest::digest(&SHA256, &bytes).as_ref());
        assert_eq!(hashed("f", &[None, Some("ab")]), expected);
        assert_ne!(hashed("f", &[Some("a"), Some("b")]), hashed("f", &[Some("ab"), Some("")]));
        assert_ne!(hashed("f", &[Some("")]), hashed("f", &[None]));
    }

    #[test]
    fn an_object_is_its_id_and_the_tiers_that_were_disclosed() {
        assert_eq!(object_id("concern_1", Tiers::NONE), "concern_1");
        let tiers = Tiers::of(crate::access::Tier::P) | Tiers::of(crate::access::Tier::S);
        assert_eq!(object_id("concern_1", tiers), "concern_1/PS");
    }
}
