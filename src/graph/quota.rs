//! How much an agency, and each of its people, may ask of one server: requests a second, and cost a minute.
//!
//! The agency's numbers are the registry's, a person's the configuration's. Each is a bucket that fills evenly (GCRA) and
//! holds one window: what was not used for a while may be used at once.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};
use moka::sync::Cache;

use super::Gateway;
use crate::{
    config::Limits,
    error::{Code, Error, Result},
    identity::{Principal, Quota},
};

type Bucket = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

/// Buckets that are remembered: of agencies and people who asked lately. Who is forgotten begins with a full one.
const REMEMBERED: u64 = 100_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Unit {
    /// Requests, by the second.
    Requests,
    /// Rows that answers may hold, by the minute.
    Cost,
}

/// Whose bucket, of what, how large. One that becomes another size is a new one.
type Key = (String, Unit, NonZeroU32);

/// The buckets of one server.
#[derive(Clone)]
pub(super) struct Quotas {
    buckets: Cache<Key, Arc<Bucket>>,
    person: Quota,
}

impl std::fmt::Debug for Quotas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quotas").field("buckets", &self.buckets.entry_count()).finish_non_exhaustive()
    }
}

/// What is left of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The name of its policy.
    pub name: &'static str,
    /// How much there is in a window.
    pub quota: u32,
    /// The window, in seconds.
    pub window: u32,
    /// How much is left.
    pub remaining: u32,
}

impl Left {
    /// In how many seconds all of it is there again.
    pub fn reset(&self) -> u64 {
        let used = u64::from(self.quota - self.remaining.min(self.quota));
        (used * u64::from(self.window)).div_ceil(u64::from(self.quota.max(1)))
    }
}

/// Whether a request is counted, and what came of it. Clones are the same; a request that is tried again is counted once.
#[derive(Clone, Debug, Default)]
pub struct Meter(Option<Arc<Mutex<Counted>>>);

#[derive(Debug, Default)]
struct Counted {
    units: Vec<Unit>,
    left: Vec<Left>,
    wait: Option<Duration>,
    /// The operation's name, as its document says it.
    operation: Option<String>,
    /// The code of the first error of an answer that has data.
    failed: Option<Code>,
}

impl PartialEq for Meter {
    /// A question is the same whether or not it is counted.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Meter {
    /// Of a request that is counted.
    pub fn counting() -> Self {
        Self(Some(Arc::default()))
    }

    /// What is left of each quota.
    pub fn left(&self) -> Vec<Left> {
        self.read(|counted| counted.left.clone()).unwrap_or_default()
    }

    /// How long to wait, where it was too much.
    pub fn wait(&self) -> Option<Duration> {
        self.read(|counted| counted.wait).flatten()
    }

    /// The name of the operation, as its document says it.
    pub fn operation(&self) -> Option<String> {
        self.read(|counted| counted.operation.clone()).flatten()
    }

    /// The code of the first error of an answer that has data.
    pub fn failed(&self) -> Option<Code> {
        self.read(|counted| counted.failed).flatten()
    }

    pub(super) fn saw(&self, operation: Option<&str>) {
        self.read(|counted| counted.operation = operation.map(str::to_owned));
    }

    pub(super) fn saw_failure(&self, code: Option<Code>) {
        self.read(|counted| counted.failed = code);
    }

    fn read<T>(&self, read: impl FnOnce(&mut Counted) -> T) -> Option<T> {
        self.0.as_ref().map(|counted| read(&mut counted.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Quotas {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            buckets: Cache::new(REMEMBERED),
            person: Quota {
                requests_per_second: limits.person_requests_per_second,
                cost_per_minute: limits.person_cost_per_minute,
            },
        }
    }

    /// The same buckets, with other numbers for a person.
    pub(super) fn within(&self, limits: &Limits) -> Self {
        Self { buckets: self.buckets.clone(), ..Self::new(limits) }
    }

    fn charge(&self, principal: &Principal, meter: &Meter, unit: Unit, amount: u64) -> Result<()> {
        let is_first = meter.read(|counted| {
            let is_first = !counted.units.contains(&unit);
            if is_first {
                counted.units.push(unit);
                // Of an earlier try.
                counted.wait = None;
            }
            is_first
        });
        let Some(amount) = u32::try_from(amount).ok().and_then(NonZeroU32::new).filter(|_| is_first == Some(true))
        else {
            return Ok(());
        };
        let holders = [
            (format!("p:{}", principal.person()), self.person, ("person-requests", "person-cost")),
            (format!("a:{}", principal.agency()), principal.quota(), ("requests", "cost")),
        ];
        for (holder, quota, (requests, cost)) in holders {
            let (name, size) = match unit {
                Unit::Requests => (requests, quota.requests_per_second),
                Unit::Cost => (cost, quota.cost_per_minute),
            };
            let Some(size) = size.and_then(NonZeroU32::new) else { continue };
            if let Err(error) = self.take((holder, unit, size), name, amount, meter) {
                // Who tries again is counted again.
                meter.read(|counted| counted.units.retain(|counted| *counted != unit));
                return Err(error);
            }
        }
        Ok(())
    }

    fn take(&self, key: Key, name: &'static str, amount: NonZeroU32, meter: &Meter) -> Result<()> {
        let (_, unit, size) = key;
        let window = if unit == Unit::Requests { 1 } else { 60 };
        let bucket = self.buckets.get_with(key, || Arc::new(unit.bucket(size)));
        let told = |remaining| {
            meter.read(|counted| {
                counted.left.retain(|left| left.name != name);
                counted.left.push(Left { name, quota: size.get(), window, remaining });
            });
        };
        match bucket.check_n(amount) {
            Ok(Ok(state)) => {
                told(state.remaining_burst_capacity());
                Ok(())
            }
            Ok(Err(until)) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                told(left_before(amount.get(), wait, size.get(), window));
                meter.read(|counted| counted.wait = Some(wait));
                let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
                let message = format!("{name}: at most {size} in {window} s; ask again in {milliseconds} ms");
                Err(Error::new(Code::RateLimited, message).with("retryAfterMs", milliseconds.into()))
            }
            Err(_) => {
                let message =
                    format!("{name}: the answer may hold {amount} rows, at most {size} may be asked for in {window} s");
                Err(Error::new(Code::QueryTooComplex, message))
            }
        }
    }
}

/// What is left in a bucket that has not what is asked for until so much time has gone by.
fn left_before(amount: u32, wait: Duration, size: u32, window: u32) -> u32 {
    let missing = (wait.as_nanos() * u128::from(size)).div_ceil(u128::from(window) * 1_000_000_000);
    amount.saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX))
}

impl Unit {
    fn bucket(self, size: NonZeroU32) -> Bucket {
        let quota = match self {
            Self::Requests => governor::Quota::per_second(size),
            Self::Cost => governor::Quota::per_minute(size),
        };
        RateLimiter::direct(quota).with_middleware()
    }
}

impl Gateway {
    /// Counts a request, if it is one that is counted and was not yet.
    pub(super) fn charge_request(&self, principal: &Principal, meter: &Meter) -> Result<()> {
        self.quotas.charge(principal, meter, Unit::Requests, 1)
    }

    /// Counts what it may cost.
    pub(super) fn charge_cost(&self, principal: &Principal, meter: &Meter, cost: u64) -> Result<()> {
        self.quotas.charge(principal, meter, Unit::Cost, cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bucket of 50 a minute gives one back in 1.2 s.
    #[test]
    fn what_is_left_follows_from_the_wait() {
        for (amount, wait, left) in [(20, 12_000, 10), (20, 10_900, 10), (20, 10_700, 11), (50, 60_000, 0), (1, 1, 0)] {
            assert_eq!(left_before(amount, Duration::from_millis(wait), 50, 60), left, "{amount} in {wait} ms");
        }
        assert_eq!(left_before(1, Duration::from_nanos(1), 2, 1), 0, "it is never there that is waited for");
        let left = |quota, remaining| Left { name: "cost", quota, window: 60, remaining }.reset();
        assert_eq!([left(50, 50), left(50, 49), left(50, 30), left(50, 0)], [0, 2, 24, 60]);
    }
}
