//! Lives of concerns, reckoned by hand.

use time::{Duration, OffsetDateTime, macros::datetime};

use super::super::{
    Opening, Severity, State, Status, Step, Target, Targets,
    What::{self, Answer, Reopened},
    targets,
};

/// A Wednesday, ten in the morning in New York.
const OPENED: OffsetDateTime = datetime!(2026-06-17 10:00 -4);

fn after(minutes: i64) -> OffsetDateTime {
    OPENED + Duration::minutes(minutes)
}

/// The targets after steps, each so many minutes after the opening.
fn lived(severity: Severity, steps: &[(i64, What)]) -> Targets {
    let steps: Vec<Step> = steps.iter().map(|(minutes, what)| Step { at: after(*minutes), what: *what }).collect();
    targets(&Opening { at: OPENED, question: false, severity }, &steps)
}

const fn to(status: Status) -> What {
    What::Status(status)
}

#[track_caller]
fn stands(target: Target, minutes: i64, state: State) {
    assert_eq!(target.state(after(minutes)), state, "after {minutes} minutes: {target:?}");
}

#[test]
fn due_is_the_last_instant_in_time() {
    let silent = lived(Severity::High, &[]);
    stands(silent.acknowledge, 15, State::Running);
    assert_eq!(silent.acknowledge.state(after(15) + Duration::microseconds(1)), State::Breached);
    let in_time = lived(Severity::High, &[(15, to(Status::Acknowledged))]);
    stands(in_time.acknowledge, 15, State::Met);
    let late = lived(Severity::High, &[(16, to(Status::Acknowledged))]);
    stands(late.acknowledge, 16, State::MetLate);
    assert_eq!((late.acknowledge.due, late.acknowledge.met), (Some(after(15)), Some(after(16))));
}

#[test]
fn an_ordinary_life() {
    let steps = [
        (10, to(Status::Acknowledged)),
        (20, to(Status::Assigned)),
        (40, to(Status::InProgress)),
        (50, Answer),
        (200, to(Status::Referred)),
        (280, to(Status::Responded)),
        (600, to(Status::Resolved)),
        (700, to(Status::Closed)),
    ];
    let early = lived(Severity::High, &steps[..5]);
    assert_eq!(early.first_answer.met, Some(after(50)));
    assert_eq!((early.update.from, early.update.due), (Some(after(50)), Some(after(290))), "REFERRED stops nothing");
    assert_eq!(early.resolve.due, Some(after(3 * 24 * 60)));
    let responded = lived(Severity::High, &steps[..6]);
    assert_eq!(responded.update.due, Some(after(520)));
    stands(responded.update, 520, State::Running);
    stands(responded.update, 521, State::Breached);
    let closed = lived(Severity::High, &steps);
    stands(closed.acknowledge, 9000, State::Met);
    stands(closed.first_answer, 9000, State::Met);
    stands(closed.update, 9000, State::Breached);
    assert_eq!(closed.update.ended, Some(after(600)), "ended by RESOLVED, not by CLOSED");
    stands(closed.resolve, 9000, State::Met);
    assert_eq!(closed.resolve.ended, None);
}

#[test]
fn waiting_for_the_mission_moves_what_is_due() {
    let steps = [(10, to(Status::AwaitingMission)), (100, to(Status::InProgress)), (130, Answer)];
    let waiting = lived(Severity::High, &steps[..1]);
    stands(waiting.acknowledge, 9000, State::Met);
    stands(waiting.first_answer, 9000, State::Stopped);
    stands(waiting.resolve, 9000, State::Stopped);
    let goes_on = lived(Severity::High, &steps[..2]);
    assert_eq!(goes_on.first_answer.due, Some(after(150)), "10 of 60 minutes had run");
    assert_eq!(goes_on.resolve.due, Some(after(3 * 24 * 60 + 90)));
    stands(lived(Severity::High, &steps).first_answer, 130, State::Met);
}

#[test]
fn waiting_is_counted_in_the_hours_of_the_severity() {
    // From Thursday 16:00 over Juneteenth and the weekend to Monday 10:00: two business hours.
    let waited = (datetime!(2026-06-18 16:00 -4) - OPENED).whole_minutes();
    let resumed = (datetime!(2026-06-22 10:00 -4) - OPENED).whole_minutes();
    let steps = [(waited, to(Status::AwaitingMission)), (resumed, to(Status::InProgress))];
    let low = lived(Severity::Low, &steps);
    assert_eq!(low.resolve.due, Some(datetime!(2026-07-02 12:00 -4)));
    assert_eq!(low.first_answer.due, Some(datetime!(2026-06-18 10:00 -4)), "it had passed before");
    let medium = lived(Severity::Medium, &steps);
    assert_eq!(medium.resolve.due, Some(after(10 * 24 * 60 + resumed - waited)));
}

#[test]
fn what_was_due_before_the_clock_stopped_stays_breached() {
    let late = lived(Severity::High, &[(61, to(Status::AwaitingMission))]);
    assert_eq!(late.first_answer.due, Some(after(60)));
    stands(late.first_answer, 61, State::Breached);
    // Stopped in the very instant in which it was due: nothing is left, but it was in time.
    let just = lived(Severity::High, &[(60, to(Status::AwaitingMission))]);
    stands(just.first_answer, 9000, State::Stopped);
    let resumed = lived(Severity::High, &[(60, to(Status::AwaitingMission)), (90, to(Status::InProgress))]);
    assert_eq!(resumed.first_answer.due, Some(after(90)));
}

#[test]
fn an_answer_while_waiting_is_in_time_and_was_due_at_no_instant() {
    let asked = lived(Severity::High, &[(10, to(Status::AwaitingMission)), (500, Answer)]);
    stands(asked.first_answer, 500, State::Met);
    assert_eq!(asked.first_answer.due, None);
    stands(asked.update, 9000, State::Stopped);
    let same_step = lived(Severity::High, &[(10, to(Status::AwaitingMission)), (10, Answer)]);
    assert_eq!(same_step.first_answer.due, Some(after(60)), "the question itself is the answer");
    let resumed =
        lived(Severity::High, &[(10, to(Status::AwaitingMission)), (500, Answer), (600, to(Status::InProgress))]);
    assert_eq!(resumed.update.due, Some(after(600 + 240)));
}

#[test]
fn the_end_ends_what_is_not_met() {
    for end in [Status::Closed, Status::Withdrawn, Status::Duplicate, Status::NotActionable] {
        let ended = lived(Severity::High, &[(30, to(end)), (40, Answer), (50, to(Status::Resolved))]);
        stands(ended.first_answer, 9000, State::Ended);
        stands(ended.update, 9000, State::Ended);
        stands(ended.resolve, 9000, State::Ended);
        if end == Status::Withdrawn {
            stands(ended.acknowledge, 9000, State::Breached);
        } else {
            assert_eq!(ended.acknowledge.met, Some(after(30)), "{end:?} is a step of DSS");
        }
    }
    stands(lived(Severity::High, &[(15, to(Status::Withdrawn))]).acknowledge, 15, State::Ended);
    let waiting = lived(Severity::High, &[(30, to(Status::AwaitingMission)), (9000, to(Status::Withdrawn))]);
    stands(waiting.resolve, 9000, State::Ended);
    let closed_later = lived(Severity::High, &[(5, to(Status::Withdrawn)), (6, to(Status::Closed))]);
    assert_eq!(closed_later.acknowledge.ended, Some(after(5)));
    assert_eq!(closed_later.acknowledge.met, None);
}

#[test]
fn resolution_ends_the_updates_but_not_the_debt_of_an_answer() {
    let silent = lived(Severity::High, &[(30, to(Status::Resolved))]);
    stands(silent.first_answer, 60, State::Running);
    stands(silent.first_answer, 61, State::Breached);
    stands(silent.update, 61, State::Ended);
    let said = lived(Severity::High, &[(30, to(Status::Resolved)), (40, Answer)]);
    stands(said.first_answer, 40, State::Met);
    assert_eq!((said.update.from, said.update.ended), (None, Some(after(30))));
}

#[test]
fn reopening_keeps_the_answer_and_resolves_anew() {
    let steps = [(10, to(Status::Acknowledged)), (50, Answer), (100, to(Status::Resolved)), (9000, Reopened)];
    let again = lived(Severity::High, &steps);
    assert_eq!((again.acknowledge.met, again.first_answer.met), (Some(after(10)), Some(after(50))));
    assert_eq!((again.resolve.from, again.resolve.met), (Some(after(9000)), None));
    assert_eq!(again.resolve.due, Some(after(9000 + 3 * 24 * 60)));
    assert_eq!((again.update.due, again.update.ended), (Some(after(9240)), None));
    // The same when the log has the status instead of the event, or both.
    let mut other = steps;
    other[3] = (9000, to(Status::Assigned));
    assert_eq!(lived(Severity::High, &other), again);
    let both = [&steps[..], &[(9000, to(Status::Assigned)), (9010, Reopened)]].concat();
    assert_eq!(lived(Severity::High, &both), again, "what lives is not reopened");
}

#[test]
fn what_the_end_cut_off_goes_on_with_the_time_that_was_left() {
    let closed = [(10, to(Status::Acknowledged)), (20, to(Status::Duplicate)), (1000, Reopened)];
    let again = lived(Severity::High, &closed);
    assert_eq!((again.first_answer.due, again.first_answer.ended), (Some(after(1040)), None));
    stands(again.update, 9000, State::NotYet);
    // No gain by closing what was late.
    let late = lived(Severity::High, &[(61, to(Status::Duplicate)), (1000, Reopened), (1001, Answer)]);
    assert_eq!(late.first_answer.due, Some(after(60)));
    stands(late.first_answer, 1001, State::MetLate);
    // Nobody of DSS had taken notice before the mission withdrew, nor has now that it is back.
    let back = lived(Severity::High, &[(5, to(Status::Withdrawn)), (1000, Reopened)]);
    assert_eq!(back.acknowledge.due, Some(after(1010)));
    stands(back.acknowledge, 1010, State::Running);
}

#[test]
fn the_present_severity_holds_from_the_opening() {
    let steps = [(30, to(Status::Acknowledged))];
    let (high, medium) = (lived(Severity::High, &steps), lived(Severity::Medium, &steps));
    assert_eq!(high.acknowledge.met, medium.acknowledge.met);
    stands(high.acknowledge, 30, State::MetLate);
    stands(medium.acknowledge, 30, State::Met);
    stands(high.first_answer, 90, State::Breached);
    stands(medium.first_answer, 90, State::Running);
}

#[test]
fn a_step_dated_too_early_counts_at_its_predecessor() {
    let early = lived(Severity::High, &[(-10, to(Status::Acknowledged)), (50, Answer), (40, to(Status::Resolved))]);
    assert_eq!((early.acknowledge.met, early.resolve.met), (Some(after(0)), Some(after(50))));
}
