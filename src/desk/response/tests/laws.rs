//! The clock against the walk, and laws that hold for every log.

use proptest::{prelude::*, sample::select, test_runner::RngSeed};
use time::Duration;

use super::{
    super::{Opening, Severity, State, Status, Step, Target, Targets, What, business, targets},
    walk::{Walk, instant, is_open},
};

/// A minute of the walk's first six years: what follows from it lies within what the walk knows.
const LATEST: i64 = 6 * 365 * 24 * 60;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(6103), ..ProptestConfig::default() }
}

fn severity() -> impl Strategy<Value = Severity> {
    select(vec![Severity::Low, Severity::Medium, Severity::High, Severity::Critical])
}

/// What may stand in a log, in any order: the laws of the workflow are not the clock's.
fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        6 => select(Status::ALL.to_vec()).prop_map(What::Status),
        2 => Just(What::Status(Status::AwaitingMission)),
        3 => Just(What::Answer),
        2 => Just(What::Reopened),
    ]
}

/// Minutes between two steps: none, a few, exactly what is promised, or days.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        3 => 1..90i64,
        3 => select(vec![5, 10, 15, 45, 60, 180, 240, 480, 1440, 4320]),
        2 => 90..1500i64,
        1 => 1500..12_000i64,
    ]
}

/// Steps by minute.
fn log(opened: i64) -> impl Strategy<Value = Vec<(i64, What)>> {
    prop::collection::vec((gap(), what()), 0..14).prop_map(move |steps| {
        let mut at = opened;
        let walk = steps.into_iter().map(|(gap, what)| {
            at += gap;
            (at, what)
        });
        walk.collect()
    })
}

fn case() -> impl Strategy<Value = (i64, Severity, bool, Vec<(i64, What)>)> {
    (0..LATEST, severity(), any::<bool>())
        .prop_flat_map(|(opened, severity, question)| (Just(opened), Just(severity), Just(question), log(opened)))
}

fn read(opened: i64, severity: Severity, question: bool, steps: &[(i64, What)]) -> Targets {
    let steps: Vec<Step> = steps.iter().map(|(minute, what)| Step { at: instant(*minute), what: *what }).collect();
    targets(&Opening { at: instant(opened), question, severity }, &steps)
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn the_clock_agrees_with_the_walk((opened, severity, question, steps) in case()) {
        let walk = Walk::through(opened, severity, question, &steps);
        let read = read(opened, severity, question, &steps);
        for ((goal, target), owed) in read.all().into_iter().zip(walk.owed) {
            let met = if owed.met.is_some() { None } else { owed.ended };
            let walked = Target {
                from: owed.from.map(instant),
                due: owed.due.map(instant),
                met: owed.met.map(instant),
                ended: met.map(instant),
            };
            prop_assert_eq!(target, walked, "{:?}", goal);
        }
    }

    #[test]
    fn what_was_met_or_breached_stays_so((opened, severity, question, steps) in case(), cut in 0..14usize) {
        // Cut between instants, not within one.
        let same = |cut: usize| cut > 0 && cut < steps.len() && steps[cut - 1].0 == steps[cut].0;
        let cut = (cut.min(steps.len())..=steps.len()).find(|cut| !same(*cut)).unwrap();
        let before = read(opened, severity, question, &steps[..cut]);
        let after = read(opened, severity, question, &steps);
        for (before, after) in [(before.acknowledge, after.acknowledge), (before.first_answer, after.first_answer)] {
            if before.met.is_some() {
                prop_assert_eq!(before, after);
            }
            // Breached at the next step: late for ever.
            let next = steps.get(cut).map(|(minute, _)| instant(*minute));
            if next.is_some_and(|next| before.state(next) == State::Breached) {
                prop_assert_eq!(before.due, after.due);
            }
        }
    }

    #[test]
    fn business_hours_are_those_of_the_walk(at in 0..LATEST, minutes in 1..10_000i64) {
        let (mut left, mut until) = (minutes, at);
        while left > 0 {
            left -= i64::from(is_open(until));
            until += 1;
        }
        prop_assert_eq!(business::add(instant(at), Duration::minutes(minutes)), instant(until));
        prop_assert_eq!(business::between(instant(at), instant(until)), Duration::minutes(minutes));
    }

    #[test]
    fn business_hours_add_up(at in 0..LATEST, one in 0..400_000_000_000i64, two in 0..400_000_000_000i64) {
        let (from, one, two) = (instant(at), Duration::microseconds(one), Duration::microseconds(two));
        let middle = business::add(from, one);
        prop_assert_eq!(business::between(from, middle), one);
        prop_assert_eq!(business::add(middle, two).max(middle), business::add(from, one + two).max(middle));
        let (early, late) = (from + one, from + one + two);
        let whole = business::between(from, late);
        prop_assert_eq!(business::between(from, early) + business::between(early, late), whole);
    }
}
