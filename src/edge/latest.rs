//! The door that is served now, as one that was opened before it finds it: a socket outlives a reload.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::Door;

/// Known to every door of a server. It keeps none of them open.
pub struct Latest<G, H>(Arc<Mutex<Weak<Door<G, H>>>>);

impl<G, H> Clone for Latest<G, H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<G, H> Default for Latest<G, H> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<G, H> fmt::Debug for Latest<G, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latest").finish_non_exhaustive()
    }
}

impl<G, H> Door<G, H> {
    /// Says that this one is served from now on.
    pub fn is_served(self: &Arc<Self>) {
        *self.latest.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(self);
    }

    /// The one that is served now; this one, if it was never said.
    pub(super) fn served_now(self: &Arc<Self>) -> Arc<Self> {
        let latest = self.latest.0.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        latest.unwrap_or_else(|| Arc::clone(self))
    }
}
