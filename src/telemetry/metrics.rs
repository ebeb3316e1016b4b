//! Counters and histograms of this process, as Prometheus reads them. Without a door for operators none are kept.
//!
//! Labels are few: roles, agencies, outcomes, and names of operations, of which each agency has so many and no more,
//! because clients make them up.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{LazyLock, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the histograms' buckets, in seconds.
const SECONDS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Names of operations that are told apart, of one agency and in all. The others are counted as one.
const NAMES_OF_AGENCY: usize = 50;
const NAMES: usize = 5_000;
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The others.
const OTHER: &str = "other";

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
static KNOWN: LazyLock<Mutex<Names>> = LazyLock::new(Mutex::default);

/// Begins to keep metrics; later calls change nothing.
pub fn start() {
    // Buckets that are given are in order, so that this cannot fail; without them there would be summaries.
    let Ok(builder) = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
    else {
        return;
    };
    if let Ok(handle) = builder.install_recorder() {
        let _ = HANDLE.set(handle);
        describe();
    }
}

/// The page for Prometheus (text format 0.0.4); none if no metrics are kept.
pub fn page() -> Option<String> {
    HANDLE.get().map(PrometheusHandle::render)
}

/// Puts samples in order, which otherwise only reading does. To be called now and then.
pub fn tidy() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}

fn describe() {
    use metrics::{describe_counter as number, describe_gauge as level, describe_histogram as time};
    number!("chancery_requests_total", "Requests, by path, role, agency, operation and outcome");
    time!("chancery_request_seconds", "How long requests took, by path, role and outcome");
    level!("chancery_sockets", "Open sockets");
    level!("chancery_streams", "Subscriptions under way");
    number!("chancery_stream_events_total", "Events that subscriptions were told, by role");
    number!(
        "chancery_stream_ends_total",
        "Subscriptions, and all by server-sent events, that ended, by role, agency, operation and outcome"
    );
    time!("chancery_statement_seconds", "How long the database took for a question, by outcome");
    time!("chancery_lane_wait_seconds", "How long a question waited for a connection");
    number!("chancery_slow_statements_total", "Questions of which the database made a slow one");
    time!("chancery_trail_seconds", "How long an answer waited for the audit trail");
    number!("chancery_key_fetches_total", "Fetches of agencies' key sets, by outcome");
    number!("chancery_reloads_total", "Reloads of the configuration, by outcome");
    level!("chancery_build_info", "1, with the version and the epoch of the policy");
}

/// What a request was and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The path's pattern.
    pub path: &'a str,
    /// The role, if somebody was let in.
    pub role: Option<&'static str>,
    /// The agency's id, if somebody was let in.
    pub agency: Option<&'a str>,
    /// The operation's name as the client gave it.
    pub operation: Option<&'a str>,
    /// `OK`, the code of the error, or `LEFT`: whoever asked did not wait.
    pub outcome: &'static str,
    /// How long it took.
    pub time: Duration,
}

/// A request was answered.
pub fn answered(request: Request<'_>) {
    if HANDLE.get().is_none() {
        return;
    }
    let Request { path, role, agency, operation, outcome, time } = request;
    let (role, agency) = (role.unwrap_or_default(), agency.unwrap_or_default());
    let operation = operation.map_or_else(String::new, |name| told_apart(agency, name));
    let labels = [
        ("path", path.to_owned()),
        ("role", role.to_owned()),
        ("agency", agency.to_owned()),
        ("operation", operation),
        ("outcome", outcome.to_owned()),
    ];
    counter!("chancery_requests_total", &labels).increment(1);
    let labels = [("path", path.to_owned()), ("role", role.to_owned()), ("outcome", outcome.to_owned())];
    histogram!("chancery_request_seconds", &labels).record(time);
}

/// A socket was opened; or closed, if `by` is less than nothing.
pub fn sockets(by: f64) {
    gauge!("chancery_sockets").increment(by);
}

/// A subscription began; or ended, if `by` is less than nothing.
pub fn streams(by: f64) {
    gauge!("chancery_streams").increment(by);
}

/// A subscription was told an event.
pub fn told(role: &'static str) {
    counter!("chancery_stream_events_total", "role" => role).increment(1);
}

/// A subscription ended; or anything else that was told by server-sent events.
pub fn ended(role: &'static str, agency: &str, operation: Option<&str>, outcome: &'static str) {
    if HANDLE.get().is_none() {
        return;
    }
    let labels = [
        ("role", role.to_owned()),
        ("agency", agency.to_owned()),
        ("operation", operation.map_or_else(String::new, |name| told_apart(agency, name))),
        ("outcome", outcome.to_owned()),
    ];
    counter!("chancery_stream_ends_total", &labels).increment(1);
}

/// The database answered a question, or did not.
pub fn asked(outcome: &'static str, time: Duration) {
    histogram!("chancery_statement_seconds", "outcome" => outcome).record(time);
}

/// A question had to wait for a connection.
pub fn waited(time: Duration) {
    histogram!("chancery_lane_wait_seconds").record(time);
}

/// The database was slow.
pub fn slow() {
    counter!("chancery_slow_statements_total").increment(1);
}

/// The audit trail took an event.
pub fn recorded(time: Duration) {
    histogram!("chancery_trail_seconds").record(time);
}

/// A key set was fetched, or could not be.
pub fn fetched(outcome: &'static str) {
    counter!("chancery_key_fetches_total", "outcome" => outcome).increment(1);
}

/// The configuration was read again.
pub fn reloaded(outcome: &'static str) {
    counter!("chancery_reloads_total", "outcome" => outcome).increment(1);
}

/// Which version of the program this is, under which epoch of the policy.
pub fn build(policy_epoch: u32) {
    gauge!("chancery_build_info", "version" => VERSION, "policy_epoch" => policy_epoch.to_string()).set(1.0);
}

/// Names of operations, by agency.
#[derive(Debug, Default)]
struct Names {
    agencies: HashMap<String, BTreeSet<String>>,
    number: usize,
}

/// The name, if it is one of those that are told apart; else [`OTHER`].
fn told_apart(agency: &str, name: &str) -> String {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).told_apart(agency, name)
}

impl Names {
    fn told_apart(&mut self, agency: &str, name: &str) -> String {
        let names = self.agencies.entry(agency.to_owned()).or_default();
        if names.contains(name) {
            return name.to_owned();
        }
        if names.len() >= NAMES_OF_AGENCY || self.number >= NAMES {
            return OTHER.to_owned();
        }
        self.number += 1;
        names.insert(name.to_owned());
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_clients_make_up_are_bounded() {
        let mut names = Names::default();
        let told: BTreeSet<String> = (0..1_000).map(|number| names.told_apart("a", &format!("n{number}"))).collect();
        assert_eq!(told.len(), NAMES_OF_AGENCY + 1);
        assert_eq!(names.told_apart("a", "n0"), "n0", "the first stay");
        assert_eq!(names.told_apart("b", "n999"), "n999", "another agency has its own");
        for agency in 0..1_000 {
            names.told_apart(&agency.to_string(), "one");
            names.told_apart(&agency.to_string(), "two");
        }
        for agency in 0..5_000 {
            names.told_apart(&agency.to_string(), "three");
        }
        assert!(names.number <= NAMES);
    }
}
