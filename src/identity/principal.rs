//! Who asks.

use std::sync::Arc;

use time::OffsetDateTime;

use super::enrolment::{Enrolment, Quota};
use crate::access::{Role, Standing};

/// An enrolled person of a trusted agency, in one role, with its standing at one version of the registry.
///
/// Only this module makes one: out of a token ([`super::Registry::authenticate`]) or, for command lines and tests,
/// out of the registry ([`super::Registry::principal_of`]), under the same ceilings.
#[derive(Clone, Debug)]
pub struct Principal {
    enrolment: Arc<Enrolment>,
    role: Role,
    expires_at: OffsetDateTime,
    standing_version: i64,
}

impl Principal {
    pub(super) const fn new(
        enrolment: Arc<Enrolment>,
        role: Role,
        expires_at: OffsetDateTime,
        standing_version: i64,
    ) -> Self {
        Self { enrolment, role, expires_at, standing_version }
    }

    /// A principal of an invented standing, for laws and measurements that need standings no registry holds; it
    /// was not authenticated. None if an agency of that kind may never grant the role. Never called on a
    /// request's path.
    pub fn assumed(standing: Standing, role: Role, expires_at: OffsetDateTime, standing_version: i64) -> Option<Self> {
        let fit = standing.agency_kind.roles().contains(&role);
        fit.then(|| Self::new(Arc::new(Enrolment::assumed(standing)), role, expires_at, standing_version))
    }

    /// The agency's id.
    pub fn agency(&self) -> &str {
        &self.enrolment.standing.agency
    }

    /// What people call the agency.
    pub fn agency_short_name(&self) -> Option<&str> {
        self.enrolment.agency_short_name.as_deref()
    }

    /// The agency's full name.
    pub fn agency_name(&self) -> &str {
        &self.enrolment.agency_name
    }

    /// The token's subject.
    pub fn subject(&self) -> &str {
        &self.enrolment.subject
    }

    /// The person's name as the agency enrolled it.
    pub fn person_name(&self) -> &str {
        &self.enrolment.person_name
    }

    /// The person's id.
    pub fn person(&self) -> &str {
        &self.enrolment.standing.person
    }

    /// What the agency may ask for.
    pub fn quota(&self) -> Quota {
        self.enrolment.quota
    }

    /// Whether the agency is limited to its trusted documents: no other text is run for it.
    pub fn documents_only(&self) -> bool {
        self.enrolment.documents_only
    }

    /// The one active role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// What the registry says of agency and person.
    pub fn standing(&self) -> &Standing {
        &self.enrolment.standing
    }

    /// The keys held at `now` (a canonical instant).
    pub fn keys(&self, now: &str) -> Arc<[String]> {
        let Enrolment { standing, keys: [off_watch, on_watch], .. } = &*self.enrolment;
        let is_on_watch = standing.is_on_watch(now);
        let held = if is_on_watch { on_watch } else { off_watch };
        held.get_or_init(|| standing.keys_held(is_on_watch).into()).clone()
    }

    /// Whether another principal may see what this one may: one and the same person in the same role, of whom the
    /// registry says the same.
    pub fn sees_as(&self, other: &Self) -> bool {
        (self.standing(), self.role) == (other.standing(), other.role)
    }

    /// When the token expires (`exp`, without leeway).
    pub const fn expires_at(&self) -> OffsetDateTime {
        self.expires_at
    }

    /// The version of standing that was read before the rows of this standing were: a later one means that they
    /// may be out of date, and that the token must be asked about again.
    pub const fn standing_version(&self) -> i64 {
        self.standing_version
    }
}
