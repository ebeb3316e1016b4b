//! Whether this process can answer: the database does, and its schema is the program's.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use crate::store::Store;

/// Asks at most once a second however often it is asked, so that a probe anyone may send costs the database nothing.
#[derive(Clone, Debug)]
pub struct Readiness {
    store: Store,
    last: Arc<Mutex<Option<(Instant, bool)>>>,
}

const FRESH: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(2);

impl Readiness {
    /// Watches a database.
    pub fn new(store: Store) -> Self {
        Self { store, last: Arc::default() }
    }

    /// Whether the database answers within two seconds and no migration is missing.
    pub async fn holds(&self) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, holds)) = *last
            && at.elapsed() < FRESH
        {
            return holds;
        }
        let pending = tokio::time::timeout(PATIENCE, self.store.pending_migrations()).await;
        let holds = matches!(pending, Ok(Ok(0)));
        if !holds {
            tracing::warn!(?pending, "not ready");
        }
        *last = Some((Instant::now(), holds));
        holds
    }
}
