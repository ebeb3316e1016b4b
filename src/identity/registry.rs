//! The registry as requests see it: tokens in, principals out.

use std::{fmt, sync::Arc};

use moka::sync::Cache;
use sea_orm::DatabaseConnection;
use time::Duration;

use super::{
    InlineKeys, KeySource, Principal, Refusal, TurnedAway, bearer,
    claims::{self, Claims},
    compact::{Compact, MAX_BYTES},
    enrolment::Enrolment,
    remote::Remote,
    revocation::is_revoked,
    trust::{self, Sources, Trust},
    version::Version,
};
use crate::{
    access::Role,
    clock::{self, Clock},
    config::Keys,
    digest::sha256,
    error::Result as HouseResult,
    store::Store,
};

/// Connections for reading the registry, apart from the writers': a long change never holds up a request.
const CONNECTIONS: u32 = 2;

/// Verifies tokens against the registry of agencies and persons.
///
/// Everything remembered is remembered under the version of standing read before the rows were. Hence nothing read
/// before a change of standing is ever used after the change was noticed, even if it was remembered late; and a
/// removed key voids the tokens it had signed: at once where the registry holds it, with the next set that is fetched where
/// its agency publishes it. A change is noticed within half a second, or at
/// once by a statement that returned a later version than [`Principal::standing_version`] ([`Registry::stale`]).
pub struct Registry {
    rows: DatabaseConnection,
    clock: Clock,
    keys: Sources,
    version: Version,
    /// (version, issuer) → its agency's record; none: not registered.
    trust: Cache<(i64, String), Option<Arc<Trust>>>,
    /// (version, agency, subject) → the person; none: not enrolled.
    enrolments: Cache<(i64, String, String), Option<Arc<Enrolment>>>,
    /// (version, SHA-256 of a token that verified) → what it said.
    verified: Cache<(i64, [u8; 32]), Arc<Verified>>,
}

/// A token whose signature was verified and whose claims are in form; its times and rights are not judged here.
struct Verified {
    trust: Arc<Trust>,
    claims: Claims,
    /// The number of the set whose key it was.
    generation: u64,
    /// As of the version of standing under which it is remembered.
    revoked: bool,
}

impl Verified {
    /// Whether the set that it was verified with still counts.
    fn holds(&self) -> bool {
        self.trust.tokens.as_ref().and_then(|rules| rules.keys.generation()) == Some(self.generation)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("version", &self.version.last()).finish_non_exhaustive()
    }
}

impl Registry {
    /// Over the key sets that the registry holds itself, and those that agencies publish, fetched with the usual bounds.
    pub async fn open(store: &Store, clock: &Clock) -> HouseResult<Self> {
        Self::fetching(store, clock, Keys::default()).await
    }

    /// Likewise, fetched within these bounds.
    pub async fn fetching(store: &Store, clock: &Clock, settings: Keys) -> HouseResult<Self> {
        let rows = store.apart(CONNECTIONS).await?;
        let held = Box::new(InlineKeys::new(rows.clone()));
        Ok(Self::over(rows, clock, held, settings))
    }

    /// Over another source of the keys that the registry holds.
    pub async fn open_with(store: &Store, clock: &Clock, held: Box<dyn KeySource>) -> HouseResult<Self> {
        Ok(Self::over(store.apart(CONNECTIONS).await?, clock, held, Keys::default()))
    }

    fn over(rows: DatabaseConnection, clock: &Clock, held: Box<dyn KeySource>, settings: Keys) -> Self {
        Self {
            rows,
            clock: clock.clone(),
            keys: Sources { held, remote: Remote::new(settings, clock.clone()) },
            version: Version::unread(),
            trust: Cache::new(4_096),
            enrolments: Cache::new(20_000),
            verified: Cache::new(50_000),
        }
    }

    /// Takes over other bounds on fetches, and fetches every published key set anew: what is believed now is believed
    /// until the new one is there, if it may still be fetched.
    pub fn reload(&self, settings: Keys) {
        self.keys.remote.reload(settings);
    }

    /// Who sends a request with these `Authorization` header lines.
    pub async fn authenticate_header<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Arc<Principal>, Refusal> {
        self.admit_header(lines).await.map_err(|turned_away| turned_away.refusal)
    }

    /// The same; whoever is not let in is named, as far as that is known.
    pub async fn admit_header<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Arc<Principal>, TurnedAway> {
        self.admit(bearer::token(lines)?).await
    }

    /// Who presents the token, with present standing.
    pub async fn authenticate(&self, token: &str) -> Result<Arc<Principal>, Refusal> {
        self.admit(token).await.map_err(|turned_away| turned_away.refusal)
    }

    async fn admit(&self, token: &str) -> Result<Arc<Principal>, TurnedAway> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::TooLong.into());
        }
        let version = self.refresh_if_changed().await?;
        let verified = self.verified(version, token).await?;
        let Verified { trust, claims, .. } = verified.as_ref();
        let known = || Some((trust.agency.id.clone(), claims.subject.clone()));
        let refused = |refusal| TurnedAway { refusal, known: known() };
        claims.hold_at(self.clock.now()).map_err(refused)?;
        if verified.revoked {
            return Err(refused(Refusal::Revoked));
        }
        let role = claims.role.parse().map_err(|()| refused(Refusal::RoleOfKind))?;
        let enrolment = self.rights(version, trust, &claims.subject, role).await.map_err(refused)?;
        Ok(Arc::new(Principal::new(enrolment, role, claims.expires_at, version)))
    }

    /// A principal without a token, for scoped work on the command line and for tests: the person enrolled under
    /// that subject, under the same ceilings as with a token, for as long as the agency's longest token.
    pub async fn principal_of(&self, agency: &str, subject: &str, role: Role) -> Result<Arc<Principal>, Refusal> {
        let version = self.refresh_if_changed().await?;
        let trust = Trust::of_agency(agency, &self.rows, &self.keys).await?.ok_or(Refusal::UnknownIssuer)?;
        let lifetime = Duration::seconds(trust.agency.max_lifetime_s.max(0));
        let enrolment = self.rights(version, &trust, subject, role).await?;
        Ok(Arc::new(Principal::new(enrolment, role, self.clock.now().saturating_add(lifetime), version)))
    }

    /// The version of standing that is relied upon now; none before the first request.
    pub fn version(&self) -> Option<i64> {
        self.version.last()
    }

    /// Says that a statement has returned this version of standing: an earlier one is no longer relied upon.
    pub fn stale(&self, seen_version: i64) {
        self.version.seen(seen_version);
    }

    /// Reads the version of standing, unless that was done a moment ago, and forgets everything if it has changed.
    pub async fn refresh_if_changed(&self) -> Result<i64, Refusal> {
        let (version, changed) = self.version.current(&self.rows, &self.clock).await?;
        if changed {
            // The version in each cache's key already voids what is there: this gives the room back.
            self.trust.invalidate_all();
            self.enrolments.invalidate_all();
            self.verified.invalidate_all();
        }
        Ok(version)
    }

    async fn verified(&self, version: i64, token: &str) -> Result<Arc<Verified>, Refusal> {
        let key = (version, sha256(token));
        if let Some(verified) = self.verified.get(&key).filter(|verified| verified.holds()) {
            return Ok(verified);
        }
        let verified = Arc::new(self.verify(version, token).await?);
        self.verified.insert(key, Arc::clone(&verified));
        Ok(verified)
    }

    /// The whole verification of a token's form, origin and claims.
    async fn verify(&self, version: i64, token: &str) -> Result<Verified, Refusal> {
        let token = Compact::parse(token)?;
        let trust = self.trust(version, claims::issuer(&token.claims)?).await?.ok_or(Refusal::UnknownIssuer)?;
        let rules = trust.tokens.as_ref().ok_or(Refusal::UnknownIssuer)?;
        if token.header.typ != rules.typ {
            return Err(Refusal::TokenHeader("typ is not the registered one"));
        }
        let kid = token.header.kid.as_deref();
        let known;
        let (keys, generation) = match &rules.keys {
            trust::Keys::Held(keys) => (keys, 0),
            trust::Keys::Published(published) => {
                known = published.known(kid).await?;
                (&known.keys, known.generation)
            }
        };
        let key = keys.select(kid).ok_or(Refusal::UnknownKey)?;
        if token.header.algorithm != key.algorithm.name() {
            return Err(Refusal::TokenHeader("alg is not the key's"));
        }
        if !key.verifies(token.signed, token.signature) {
            return Err(Refusal::Signature);
        }
        let claims = Claims::read(&token.claims, &rules.audience, rules.max_lifetime)?;
        let revoked = is_revoked(&trust.agency.id, &claims, &self.rows).await?;
        Ok(Verified { trust, claims, generation, revoked })
    }

    async fn trust(&self, version: i64, issuer: &str) -> Result<Option<Arc<Trust>>, Refusal> {
        let key = (version, issuer.to_owned());
        if let Some(trust) = self.trust.get(&key) {
            return Ok(trust);
        }
        let trust = Trust::of_issuer(issuer, &self.rows, &self.keys).await?.map(Arc::new);
        self.trust.insert(key, trust.clone());
        Ok(trust)
    }

    /// The role asked for, within the agency's ceiling and the person's grants; neither suspended nor disabled.
    async fn rights(&self, version: i64, trust: &Trust, subject: &str, role: Role) -> Result<Arc<Enrolment>, Refusal> {
        if trust.agency.suspended_at.is_some() {
            return Err(Refusal::Suspended);
        }
        trust.allows(role)?;
        let enrolment = self.enrolment(version, trust, subject).await?.ok_or(Refusal::UnknownSubject)?;
        enrolment.allows(role)?;
        Ok(enrolment)
    }

    async fn enrolment(&self, version: i64, trust: &Trust, subject: &str) -> Result<Option<Arc<Enrolment>>, Refusal> {
        let key = (version, trust.agency.id.clone(), subject.to_owned());
        if let Some(enrolment) = self.enrolments.get(&key) {
            return Ok(enrolment);
        }
        let now = clock::instant(self.clock.now());
        let enrolment = Enrolment::read(trust, subject, &now, &self.rows).await?.map(Arc::new);
        self.enrolments.insert(key, enrolment.clone());
        Ok(enrolment)
    }
}
