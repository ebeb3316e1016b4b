//! Key sets that agencies publish (RFC 7517 §5), found by a URI or by OpenID Connect Discovery.
//!
//! Each agency's set is remembered for as long as its server says, within bounds; it is fetched anew before it is out of
//! date, in the background. While the server fails, the old set is believed for a bounded time more; then, and before
//! the first set has come, nobody of that agency is let in. A key id that the set does not have is worth one fetch, of
//! which there are few: whoever makes up key ids finds neither us nor the server busy.

mod address;
mod budget;
mod fetch;
mod published;

use std::{
    collections::HashMap,
    error::Error as StdError,
    fmt,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fetch::Fetcher;
pub(super) use published::Published;

use super::Algorithm;
use crate::{clock::Clock, config::Keys};

/// How often it is looked whose keys are due.
const LOOK: Duration = Duration::from_secs(1);

/// Where an agency publishes its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// At this URI.
    Jwks(String),
    /// Where the discovery document of this issuer says.
    Discovery(String),
}

impl Source {
    /// Whether it may be fetched under these settings, as far as that shows before it is.
    fn is_admissible(&self, settings: &Keys) -> bool {
        let (Self::Jwks(url) | Self::Discovery(url)) = self;
        address::admissible(url, settings).is_ok()
    }

    /// Where the agency's keys are fetched from; none if the registry holds them.
    pub(super) fn of(agency: &entity::agency::Model) -> Option<Self> {
        match (&agency.jwks_uri, &agency.issuer) {
            (Some(uri), _) => Some(Self::Jwks(uri.clone())),
            (None, Some(issuer)) if agency.oidc_discovery => Some(Self::Discovery(issuer.clone())),
            _ => None,
        }
    }
}

/// Whether a URL is one that keys may be fetched from at all, whichever hosts the configuration allows: `https` to a host
/// by name, or this machine, which only some configurations allow.
pub fn is_fetchable(url: &str) -> bool {
    address::admissible(url, &Keys { loopback: true, ..Keys::default() }).is_ok()
}

/// Whether a URL is one that keys may be fetched from by a server in service, which asks nothing of its own machine.
pub fn is_fetchable_in_service(url: &str) -> bool {
    address::admissible(url, &Keys::default()).is_ok()
}

/// Why a key set could not be had, for the log. It names nothing that the server sent.
#[derive(Debug)]
pub(super) struct Fault {
    says: &'static str,
    cause: Option<reqwest::Error>,
}

impl Fault {
    pub(super) const fn new(says: &'static str) -> Self {
        Self { says, cause: None }
    }

    pub(super) fn because(says: &'static str, cause: reqwest::Error) -> Self {
        Self { says, cause: Some(cause.without_url()) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says)
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// Fetches a set now, beside whatever is remembered; the error is for people.
pub(super) async fn fetch_once(source: &Source, settings: &Keys, clock: &Clock) -> Result<fetch::Fetched, String> {
    let common = Common::new(settings.clone(), clock.clone());
    common.fetcher.jwks(source).await.map_err(|fault| fault.to_string())
}

/// What all fetches have in common.
pub(super) struct Common {
    settings: Keys,
    clock: Clock,
    fetcher: Fetcher,
}

impl Common {
    fn new(settings: Keys, clock: Clock) -> Self {
        Self { fetcher: Fetcher::new(settings.clone()), settings, clock }
    }
}

/// The published key sets of all agencies.
pub(super) struct Remote {
    common: Mutex<Arc<Common>>,
    sets: Arc<Mutex<Sets>>,
    /// Whether what is due is being fetched.
    is_kept: AtomicBool,
}

/// By agency. A set outlives the agency's record, which is read anew at every change of standing.
type Sets = HashMap<String, Arc<Published>>;

impl Remote {
    pub(super) fn new(settings: Keys, clock: Clock) -> Self {
        Self {
            common: Mutex::new(Arc::new(Common::new(settings, clock))),
            sets: Arc::default(),
            is_kept: AtomicBool::new(false),
        }
    }

    /// Puts every fetch under other settings, and begins them.
    pub(super) fn reload(&self, settings: Keys) {
        // Held together: a set that is made meanwhile is under these or will be.
        let sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut common = self.common.lock().unwrap_or_else(PoisonError::into_inner);
        *common = Arc::new(Common::new(settings, common.clock.clone()));
        for set in sets.values() {
            set.reload(Arc::clone(&common));
        }
    }

    fn common(&self) -> Arc<Common> {
        Arc::clone(&self.common.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// An agency publishes no keys any more: what was fetched of it is forgotten, and nothing more is fetched.
    pub(super) fn forget(&self, agency: &str) {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner).remove(agency);
    }

    /// The set that an agency publishes there, for these algorithms; nothing is fetched yet.
    pub(super) fn published(&self, agency: &str, source: Source, algorithms: Vec<Algorithm>) -> Arc<Published> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        match sets.get(agency) {
            Some(set) if set.is_of(&source, &algorithms) => return Arc::clone(set),
            _ => {}
        }
        if !self.is_kept.swap(true, Ordering::Relaxed) {
            tokio::spawn(keep_fresh(Arc::downgrade(&self.sets)));
        }
        let set = Arc::new(Published::new(agency, source, algorithms, self.common()));
        sets.insert(agency.to_owned(), Arc::clone(&set));
        set
    }
}

/// Fetches what is due, though nobody asks, for as long as anybody holds the sets.
async fn keep_fresh(sets: Weak<Mutex<Sets>>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let Some(sets) = sets.upgrade() else { return };
        let present: Vec<_> = sets.lock().unwrap_or_else(PoisonError::into_inner).values().map(Arc::clone).collect();
        drop(sets);
        for set in present {
            set.refresh_if_in_use();
        }
    }
}
