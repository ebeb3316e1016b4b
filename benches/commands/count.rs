//! Counts the statements that the drivers send, by what they log of each.

use std::{
    fmt::{self, Write as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    subscriber::Interest,
};
use tracing_subscriber::layer::{Context, Layer};

/// Bytes of a statement that are printed.
const SHOWN: usize = 150;

/// A counter, switched off at first: a driver that nobody listens to writes nothing down. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Count(Arc<Counted>);

#[derive(Debug, Default)]
struct Counted {
    on: AtomicBool,
    statements: AtomicU64,
    told: Mutex<String>,
}

impl Count {
    /// Listens from now on; how many there were.
    pub fn begin(&self) -> u64 {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.set(true)
    }

    /// Listens no more; how many there were.
    pub fn end(&self) -> u64 {
        self.set(false)
    }

    /// What was heard since it began, a statement a line.
    pub fn told(&self) -> String {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, on: bool) -> u64 {
        self.0.on.store(on, Ordering::SeqCst);
        tracing::callsite::rebuild_interest_cache();
        self.0.statements.load(Ordering::SeqCst)
    }

    fn hears(&self, metadata: &Metadata<'_>) -> bool {
        self.0.on.load(Ordering::Relaxed) && metadata.target() == "sqlx::query"
    }
}

impl<S: Subscriber> Layer<S> for Count {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.hears(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.hears(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(if self.0.on.load(Ordering::Relaxed) { LevelFilter::DEBUG } else { LevelFilter::OFF })
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let number = self.0.statements.fetch_add(1, Ordering::SeqCst);
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = write!(told, "{number}");
        event.record(&mut Told(&mut told));
        told.push('\n');
    }
}

struct Told<'a>(&'a mut String);

impl Visit for Told<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" || (field.name() == "db.statement" && !value.is_empty()) {
            let text: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(self.0, " {}", text.chars().take(SHOWN).collect::<String>());
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            let _ = write!(self.0, " [{:.0} µs]", value * 1e6);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
