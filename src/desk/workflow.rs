//! A concern's life: which step is legal in which status, and where it leads.

pub use super::status::Status;
use crate::access::Command::{
    self, AcknowledgeConcern, AddEvidence, AssignConcern, CloseConcern, ReferConcern, ReopenConcern, ReplyToConcern,
    RequestFromMission, ResolveConcern, RespondToConcern, SetSeverity, StartConcern, WithdrawConcern,
};

use Status::{
    Acknowledged, Assigned, AwaitingMission, Closed, Duplicate, InProgress, NotActionable, Referred, Resolved,
    Responded, Submitted, Withdrawn,
};

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// To this status.
    Status(Status),
    /// Nowhere: the status stays.
    Same,
    /// To what the input names; one of these.
    Named(&'static [Status]),
}

/// Not at an end, and not yet resolved.
const OPEN: &[Status] = &[Submitted, Acknowledged, Assigned, InProgress, AwaitingMission, Referred, Responded];
/// All that is not at an end.
const ALIVE: &[Status] =
    &[Submitted, Acknowledged, Assigned, InProgress, AwaitingMission, Referred, Responded, Resolved];

/// The steps. What is not named here is legal in every status.
#[rustfmt::skip]
const STEPS: &[(Command, &[Status], To)] = &[
    (AcknowledgeConcern, &[Submitted],                                To::Status(Acknowledged)),
    (AssignConcern,      &[Acknowledged],                             To::Status(Assigned)),
    (AssignConcern,      &[Assigned, InProgress, AwaitingMission, Referred, Responded], To::Same),
    (StartConcern,       &[Assigned, AwaitingMission, Referred, Responded], To::Status(InProgress)),
    (RequestFromMission, &[InProgress],                               To::Status(AwaitingMission)),
    (ReferConcern,       &[InProgress],                               To::Status(Referred)),
    (ReferConcern,       &[Referred],                                 To::Same),
    (RespondToConcern,   &[InProgress, AwaitingMission, Referred],    To::Status(Responded)),
    (ResolveConcern,     &[Responded],                                To::Status(Resolved)),
    (CloseConcern,       &[Resolved],                                 To::Status(Closed)),
    (CloseConcern,       OPEN,                                        To::Named(&[Duplicate, NotActionable])),
    (WithdrawConcern,    OPEN,                                        To::Status(Withdrawn)),
    (ReopenConcern,      &[Closed, Duplicate, NotActionable],         To::Status(Assigned)),
    (ReplyToConcern,     ALIVE,                                       To::Same),
    (AddEvidence,        ALIVE,                                       To::Same),
    (SetSeverity,        OPEN,                                        To::Same),
];

/// Days after which what was closed stays closed.
pub const REOPENED_WITHIN_DAYS: i64 = 30;

/// Where a command leads from a status; `None` where it is not legal. `named` is the end that the input of
/// `closeConcern` names.
pub fn step(command: Command, from: Status, named: Option<Status>) -> Option<Status> {
    if !STEPS.iter().any(|(of, _, _)| *of == command) {
        return Some(from);
    }
    let mut steps = STEPS.iter().filter(|(of, statuses, _)| *of == command && statuses.contains(&from));
    steps.find_map(|(_, _, to)| match (to, named) {
        (To::Status(to), None) => Some(*to),
        (To::Status(to), Some(named)) => (*to == named).then_some(named),
        (To::Same, _) => Some(from),
        (To::Named(ends), Some(named)) => ends.contains(&named).then_some(named),
        (To::Named(_), None) => None,
    })
}

/// Whether a command is legal in a status, whatever its input.
pub fn is_legal(command: Command, from: Status) -> bool {
    let mut steps = STEPS.iter().filter(|(of, _, _)| *of == command).peekable();
    steps.peek().is_none() || steps.any(|(_, statuses, _)| statuses.contains(&from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Command::MarkConcern;

    #[test]
    fn the_way_of_the_design_is_legal_from_end_to_end() {
        let way = [
            (AcknowledgeConcern, Acknowledged),
            (AssignConcern, Assigned),
            (StartConcern, InProgress),
            (RequestFromMission, AwaitingMission),
            (StartConcern, InProgress),
            (ReferConcern, Referred),
            (StartConcern, InProgress),
            (RespondToConcern, Responded),
            (StartConcern, InProgress),
            (RespondToConcern, Responded),
            (ResolveConcern, Resolved),
            (CloseConcern, Closed),
            (ReopenConcern, Assigned),
        ];
        let mut at = Submitted;
        for (command, to) in way {
            let named = (command == CloseConcern).then_some(Closed);
            at = step(command, at, named).unwrap();
            assert_eq!(at, to, "{command:?}");
        }
    }

    #[test]
    fn what_is_at_an_end_only_reopens() {
        for status in [Closed, Withdrawn, Duplicate, NotActionable] {
            let legal: Vec<Command> =
                STEPS.iter().map(|(command, ..)| *command).filter(|command| is_legal(*command, status)).collect();
            let expected = if status == Withdrawn { vec![] } else { vec![ReopenConcern] };
            assert_eq!(legal, expected, "{status:?}");
        }
    }

    #[test]
    fn an_end_is_named_and_fits() {
        assert_eq!(step(CloseConcern, Resolved, Some(Closed)), Some(Closed));
        assert_eq!(step(CloseConcern, Resolved, Some(Duplicate)), None);
        assert_eq!(step(CloseConcern, InProgress, Some(Duplicate)), Some(Duplicate));
        assert_eq!(step(CloseConcern, InProgress, Some(Closed)), None);
        assert_eq!(step(CloseConcern, InProgress, None), None);
        assert_eq!(step(MarkConcern, Withdrawn, None), Some(Withdrawn), "what is no step is always legal");
    }
}
