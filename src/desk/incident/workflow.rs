//! An incident's life: which step is legal in which status, and where it leads.

use crate::access::Command::{
    self, CloseIncident, CommentOnIncident, MarkIncident, ReopenIncident, ResolveIncident, SetIncidentSeverity,
    StartIncident,
};

/// Where an incident is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Reported.
    Reported,
    /// Worked on.
    InProgress,
    /// Resolved.
    Resolved,
    /// At an end.
    Closed,
}

use Status::{Closed, InProgress, Reported, Resolved};

/// Days after it was closed in which it may be taken up again: as a concern.
pub const REOPENED_WITHIN_DAYS: i64 = crate::desk::workflow::REOPENED_WITHIN_DAYS;

impl Status {
    /// Every status, in the order of a life.
    pub const ALL: [Self; 4] = [Reported, InProgress, Resolved, Closed];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Reported => "REPORTED",
            InProgress => "IN_PROGRESS",
            Resolved => "RESOLVED",
            Closed => "CLOSED",
        }
    }

    /// Reads a stored status.
    pub fn of_row(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == stored)
    }
}

/// Where a command leads from a status; `None` where it is not legal.
pub fn step(command: Command, from: Status) -> Option<Status> {
    match (command, from) {
        (StartIncident, Reported | Resolved) | (ReopenIncident, Closed) => Some(InProgress),
        (ResolveIncident, Reported | InProgress) => Some(Resolved),
        (CloseIncident, Resolved) => Some(Closed),
        // What is at an end may still be told too widely.
        (CommentOnIncident | SetIncidentSeverity, Reported | InProgress | Resolved) | (MarkIncident, _) => Some(from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Kind;

    #[test]
    fn a_life_from_end_to_end() {
        let mut at = Reported;
        for (command, to) in [
            (StartIncident, InProgress),
            (ResolveIncident, Resolved),
            (CloseIncident, Closed),
            (ReopenIncident, InProgress),
        ] {
            at = step(command, at).unwrap();
            assert_eq!(at, to, "{command:?}");
        }
    }

    #[test]
    fn every_command_on_an_incident_is_legal_somewhere_and_no_other_is() {
        for command in Command::ALL {
            let legal = Status::ALL.into_iter().any(|status| step(command, status).is_some());
            assert_eq!(legal, command.on() == Kind::Incident, "{command:?}");
        }
    }
}
