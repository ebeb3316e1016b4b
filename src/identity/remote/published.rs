//! The key set of one agency, as it was last fetched.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use moka::sync::Cache;
use reqwest::Url;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::{
    Common, Fault, Source,
    budget::Budget,
    fetch::{Fetched, may_stay},
};
use crate::{
    identity::{Algorithm, KeySet, Refusal},
    telemetry::metrics,
};

/// Key ids of one agency that are remembered for not being there.
const UNKNOWN: u64 = 1_024;
/// The longest wait after a failure before the next try in the background.
const PATIENCE: Duration = Duration::minutes(1);

/// No two sets have one number, of whichever agency.
static GENERATIONS: AtomicU64 = AtomicU64::new(1);

/// A set of keys that was published.
#[derive(Debug)]
pub(in crate::identity) struct Known {
    /// The keys that are fit.
    pub(in crate::identity) keys: KeySet,
    /// Another set has another number: what was verified with this one is verified again with the next.
    pub(in crate::identity) generation: u64,
    jwks: Vec<Map<String, Value>>,
}

impl Known {
    /// Whether a key of that id is there; without one, that is not what the set is asked for.
    fn has(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.keys.select(Some(kid)).is_some())
    }
}

/// What an agency publishes.
pub(in crate::identity) struct Published {
    agency: String,
    source: Source,
    algorithms: Vec<Algorithm>,
    common: Mutex<Arc<Common>>,
    state: Mutex<State>,
    /// How many fetches have begun.
    begun: AtomicU64,
    /// Held by the fetch under way: there is one at a time.
    fetching: tokio::sync::Mutex<()>,
    /// Key ids that were not there, and when.
    unknown: Cache<String, OffsetDateTime>,
}

struct State {
    held: Option<Held>,
    /// How many fetches have failed since one succeeded.
    failures: u32,
    /// When it is fetched in the background.
    due: OffsetDateTime,
    asked: OffsetDateTime,
    budget: Budget,
}

struct Held {
    known: Arc<Known>,
    since: OffsetDateTime,
    fresh: Duration,
    /// Where it was: a discovery document may name another host than its own.
    place: Url,
}

impl std::fmt::Debug for Published {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Published").field("agency", &self.agency).finish_non_exhaustive()
    }
}

impl Published {
    pub(super) fn new(agency: &str, source: Source, algorithms: Vec<Algorithm>, common: Arc<Common>) -> Self {
        let now = common.clock.now();
        let budget = Budget::new(common.settings.burst, common.settings.refill_seconds);
        // The first fetch is whose who asks first: nothing is due before.
        let due = now.saturating_add(PATIENCE);
        Self {
            agency: agency.to_owned(),
            source,
            algorithms,
            state: Mutex::new(State { held: None, failures: 0, due, asked: now, budget }),
            begun: AtomicU64::new(0),
            fetching: tokio::sync::Mutex::new(()),
            unknown: Cache::new(UNKNOWN),
            common: Mutex::new(common),
        }
    }

    pub(super) fn is_of(&self, source: &Source, algorithms: &[Algorithm]) -> bool {
        self.source == *source && self.algorithms == algorithms
    }

    /// Goes on under other settings, with a fetch. What is held is let go if it may not be fetched any more.
    pub(super) fn reload(self: &Arc<Self>, common: Arc<Common>) {
        let settings = &common.settings;
        let mut state = self.state();
        state.budget = Budget::new(settings.burst, settings.refill_seconds);
        state.due = common.clock.now();
        let may_stay = |held: &Held| may_stay(&self.source, &held.place, settings);
        if !self.source.is_admissible(settings) || !state.held.as_ref().is_some_and(may_stay) {
            state.held = None;
        }
        *self.common.lock().unwrap_or_else(PoisonError::into_inner) = common;
        drop(state);
        self.refresh_if_in_use();
    }

    fn common(&self) -> Arc<Common> {
        Arc::clone(&self.common.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The number of the set that is believed now; none if none is.
    pub(in crate::identity) fn generation(self: &Arc<Self>) -> Option<u64> {
        self.believed().map(|known| known.generation)
    }

    /// The set in which a key of that id is to be looked for. Waits for a fetch only if no set is believed, or if the
    /// one that is has no such key and the server was not just asked for it.
    pub(in crate::identity) async fn known(self: &Arc<Self>, kid: Option<&str>) -> Result<Arc<Known>, Refusal> {
        // A fetch that began before may have missed what this token was signed with.
        let begun = self.begun.load(Ordering::Acquire);
        if let Some(known) = self.believed()
            && (known.has(kid) || kid.is_some_and(|kid| self.is_unknown(kid)))
        {
            return Ok(known);
        }
        let common = self.common();
        if !self.source.is_admissible(&common.settings) {
            // Nobody waits for a fetch that began when it might be asked.
            return Err(Refusal::NoKeys);
        }
        let cause = || Cause::Request(kid.map(str::to_owned));
        let mut fetched = self.fetch(begun, cause()).await;
        if !fetched && !Arc::ptr_eq(&common, &self.common()) {
            // It was begun under settings that hold no more: whoever waited for it waits once more.
            fetched = self.fetch(self.begun.load(Ordering::Acquire), cause()).await;
        }
        let known = self.believed().ok_or(Refusal::NoKeys)?;
        if let Some(kid) = kid.filter(|_| fetched && !known.has(kid)) {
            self.unknown.insert(kid.to_owned(), self.common().clock.now());
        }
        Ok(known)
    }

    /// The set that is believed now. Sees to it that it is fetched again in time.
    fn believed(self: &Arc<Self>) -> Option<Arc<Known>> {
        let now = self.common().clock.now();
        self.state().asked = now;
        self.refresh_if_due(now);
        self.state().believed(now, self.stale())
    }

    /// Fetches it in the background if it is due. A set that nobody has asked for in a while is let go.
    pub(super) fn refresh_if_in_use(self: &Arc<Self>) {
        let common = self.common();
        let now = common.clock.now();
        let idle = now - self.state().asked;
        if idle <= seconds(common.settings.fresh_most_seconds) {
            self.refresh_if_due(now);
        }
    }

    fn refresh_if_due(self: &Arc<Self>, now: OffsetDateTime) {
        let mut state = self.state();
        if state.held.is_none() || now < state.due {
            return;
        }
        // The next who looks need not, while this is under way.
        state.due = now.saturating_add(PATIENCE);
        drop(state);
        let (published, begun) = (Arc::clone(self), self.begun.load(Ordering::Acquire));
        tokio::spawn(async move { published.fetch(begun, Cause::Due).await });
    }

    fn is_unknown(&self, kid: &str) -> bool {
        let common = self.common();
        let fresh = seconds(common.settings.unknown_seconds);
        let age = self.unknown.get(kid).map(|at| common.clock.now() - at);
        age.is_some_and(|age| (Duration::ZERO..fresh).contains(&age))
    }

    /// Waits until a fetch that began later than the first `begun` has ended: one that others have caused, or its own.
    /// Whether there was one and it succeeded.
    async fn fetch(self: &Arc<Self>, begun: u64, cause: Cause) -> bool {
        let published = Arc::clone(self);
        // In a task of its own: it goes on for the others when this one has hung up.
        let fetch = tokio::spawn(async move {
            let _one_at_a_time = published.fetching.lock().await;
            let common = published.common();
            let now = common.clock.now();
            if published.begun.load(Ordering::Acquire) > begun {
                return published.state().failures == 0;
            }
            if let Cause::Request(kid) = &cause {
                let mut state = published.state();
                // The fetch that was under way may have had what is asked for, early as it began.
                if state.believed(now, published.stale()).is_some_and(|known| known.has(kid.as_deref())) {
                    return true;
                }
                if !state.budget.take(now) {
                    return false;
                }
            }
            published.begun.fetch_add(1, Ordering::AcqRel);
            // The time is taken before the question, so that an answer is never taken for younger than it is.
            let fetched = common.fetcher.jwks(&published.source).await;
            published.settle(&common, now, fetched)
        });
        fetch.await.unwrap_or(false)
    }

    /// Called by the one fetch under way: what is held does not change beside it.
    fn settle(&self, common: &Arc<Common>, asked: OffsetDateTime, fetched: Result<Fetched, Fault>) -> bool {
        metrics::fetched(if fetched.is_ok() { "fetched" } else { "failed" });
        match fetched {
            Ok(fetched) => {
                let before = self.state().held.as_ref().map(|held| Arc::clone(&held.known));
                let known = match before {
                    Some(known) if known.jwks == fetched.jwks => known,
                    _ => Arc::new(self.judge(fetched.jwks, fetched.malformed)),
                };
                let mut state = self.state();
                if self.is_overtaken(common, &mut state, asked) {
                    return false;
                }
                state.failures = 0;
                state.due = asked.saturating_add(fetched.fresh * 4 / 5);
                state.held = Some(Held { known, since: asked, fresh: fetched.fresh, place: fetched.place });
                true
            }
            Err(fault) => {
                let mut state = self.state();
                if self.is_overtaken(common, &mut state, asked) {
                    return false;
                }
                state.failures = state.failures.saturating_add(1);
                let wait = Duration::seconds(1 << state.failures.min(6)).min(PATIENCE);
                let now = self.common().clock.now();
                state.due = now.saturating_add(wait);
                let is_believed = state.believed(now, self.stale());
                drop(state);
                tracing::warn!(
                    agency = self.agency,
                    %fault,
                    cause = fault.cause.as_ref().map(tracing::field::debug),
                    old_keys = is_believed.is_some(),
                    "the agency's key set cannot be had"
                );
                false
            }
        }
    }

    /// Whether a fetch was under settings that hold no more: what they allowed may be forbidden. The next look asks again.
    /// Settings are exchanged under the same lock, so that none are between this and what is held.
    fn is_overtaken(&self, common: &Arc<Common>, state: &mut State, asked: OffsetDateTime) -> bool {
        let is_overtaken = !Arc::ptr_eq(common, &self.common());
        if is_overtaken {
            state.due = asked;
        }
        is_overtaken
    }

    fn judge(&self, jwks: Vec<Map<String, Value>>, malformed: usize) -> Known {
        let (keys, faults) = KeySet::of_jwks(&jwks, &self.algorithms);
        for fault in &faults {
            tracing::warn!(agency = self.agency, %fault, "a key of the agency is not used");
        }
        let unfit = faults.len() + malformed;
        tracing::info!(agency = self.agency, keys = jwks.len(), unfit, "the agency has another key set");
        Known { keys, generation: GENERATIONS.fetch_add(1, Ordering::Relaxed), jwks }
    }

    /// For how long a set is believed beyond its time while its server fails.
    fn stale(&self) -> Duration {
        seconds(self.common().settings.stale_seconds)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A set is believed while it is fresh, and for a bounded time more if its server fails. A clock that was set back
    /// makes no set younger.
    fn believed(&self, now: OffsetDateTime, stale: Duration) -> Option<Arc<Known>> {
        let held = self.held.as_ref()?;
        let more = if self.failures > 0 { stale } else { Duration::ZERO };
        (Duration::ZERO..held.fresh.saturating_add(more)).contains(&(now - held.since)).then(|| Arc::clone(&held.known))
    }
}

/// Why it is fetched: what requests cause is limited, what is due has its own pace.
enum Cause {
    /// A token with this key id; without one, any set will do.
    Request(Option<String>),
    Due,
}

fn seconds(number: u64) -> Duration {
    Duration::seconds(i64::try_from(number).unwrap_or(i64::MAX))
}
