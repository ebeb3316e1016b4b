//! The table of what is promised, written out once more, and the names.

use time::{Duration, OffsetDateTime, macros::datetime};

use super::super::{Goal, Opening, Severity, State, Status, targets};

/// A Wednesday morning; the Friday after it is Juneteenth.
const OPENED: OffsetDateTime = datetime!(2026-06-17 10:00 -4);

/// When a concern without any step is to be acknowledged, answered and resolved.
fn promised(severity: Severity, question: bool) -> [Option<OffsetDateTime>; 3] {
    let targets = targets(&Opening { at: OPENED, question, severity }, &[]);
    assert_eq!(targets.update.state(OPENED + Duration::days(9000)), State::NotYet);
    [targets.acknowledge.due, targets.first_answer.due, targets.resolve.due]
}

#[test]
fn what_is_promised_is_the_table() {
    let round = |minutes: [i64; 3]| minutes.map(|minutes| Some(OPENED + Duration::minutes(minutes)));
    let business =
        [datetime!(2026-06-17 14:00 -4), datetime!(2026-06-18 10:00 -4), datetime!(2026-07-02 10:00 -4)].map(Some);
    assert_eq!(promised(Severity::Critical, false), round([5, 15, 24 * 60]));
    assert_eq!(promised(Severity::Critical, true), round([5, 15, 24 * 60]));
    assert_eq!(promised(Severity::High, false), round([15, 60, 3 * 24 * 60]));
    assert_eq!(promised(Severity::High, true), round([15, 60, 3 * 24 * 60]));
    assert_eq!(promised(Severity::Medium, false), round([60, 240, 10 * 24 * 60]));
    assert_eq!(promised(Severity::Medium, true), business);
    assert_eq!(promised(Severity::Low, false), business);
    assert_eq!(promised(Severity::Low, true), business);
}

#[test]
fn names_are_those_of_the_rows() {
    for status in Status::ALL {
        assert_eq!(Status::of_row(status.name()), Some(status));
    }
    for stored in ["", "submitted", "REOPENED", "CLOSED "] {
        assert_eq!(Status::of_row(stored), None, "{stored}");
    }
    let names = Status::ALL.map(Status::name).join(" ");
    let expected = "SUBMITTED ACKNOWLEDGED ASSIGNED IN_PROGRESS AWAITING_MISSION REFERRED RESPONDED RESOLVED CLOSED \
                    WITHDRAWN DUPLICATE NOT_ACTIONABLE";
    assert_eq!(names, expected);
    assert_eq!(Goal::ALL.map(Goal::name), ["ACKNOWLEDGE", "FIRST_ANSWER", "UPDATE", "RESOLVE"]);
    let every =
        [State::Met, State::MetLate, State::Running, State::Breached, State::Stopped, State::NotYet, State::Ended];
    let names = ["MET", "MET_LATE", "RUNNING", "BREACHED", "STOPPED", "NOT_YET", "ENDED"];
    assert_eq!(every.map(State::name), names);
}

#[test]
fn all_targets_stand_under_their_goals() {
    let targets = targets(&Opening { at: OPENED, question: false, severity: Severity::High }, &[]);
    let expected = [targets.acknowledge, targets.first_answer, targets.update, targets.resolve];
    assert_eq!(targets.all().map(|(goal, _)| goal), Goal::ALL);
    assert_eq!(targets.all().map(|(_, target)| target), expected);
}
