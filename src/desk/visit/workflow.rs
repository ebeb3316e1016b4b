//! A visit's life: which step is legal in which status, and where it leads.

use crate::access::Command::{
    self, AcceptVisit, AddAdvanceNote, AddDelegate, AddLeg, AddVenue, AssessVisit, CancelVisit, ChangeLeg, ChangeVisit,
    CompleteVisit, DecidePortCourtesy, DecideWeaponsNotice, DeclineVisit, FileWeaponsNotice, OpenDetail,
    RemoveDelegate, RemoveLeg, RemoveVenue, RequestPortCourtesy, SetLegRoute, StartVisit,
};

/// Where a visit is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Announced; nothing is decided.
    Announced,
    /// Taken on.
    Accepted,
    /// Going on.
    Active,
    /// Over.
    Completed,
    /// Not taken on.
    Declined,
    /// Called off.
    Cancelled,
}

use Status::{Accepted, Active, Announced, Cancelled, Completed, Declined};

/// Not at an end.
pub const ALIVE: &[Status] = &[Announced, Accepted, Active];

/// What is done about a visit that is not at an end, and leaves it where it is.
const KEPT: &[Command] = &[
    ChangeVisit,
    AssessVisit,
    AddVenue,
    RemoveVenue,
    AddLeg,
    ChangeLeg,
    RemoveLeg,
    SetLegRoute,
    AddDelegate,
    RemoveDelegate,
    RequestPortCourtesy,
    DecidePortCourtesy,
    FileWeaponsNotice,
    DecideWeaponsNotice,
    AddAdvanceNote,
];

impl Status {
    /// Every status, in the order of a life.
    pub const ALL: [Self; 6] = [Announced, Accepted, Active, Completed, Declined, Cancelled];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Announced => "ANNOUNCED",
            Accepted => "ACCEPTED",
            Active => "ACTIVE",
            Completed => "COMPLETED",
            Declined => "DECLINED",
            Cancelled => "CANCELLED",
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
        (AcceptVisit, Announced) => Some(Accepted),
        (DeclineVisit, Announced) => Some(Declined),
        (StartVisit, Accepted) => Some(Active),
        (CompleteVisit, Active) => Some(Completed),
        (OpenDetail, Accepted | Active) => Some(from),
        (CancelVisit, Announced | Accepted | Active) => Some(Cancelled),
        (kept, alive) if KEPT.contains(&kept) && ALIVE.contains(&alive) => Some(alive),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_the_design_is_legal_from_end_to_end() {
        let mut at = Announced;
        for (command, to) in [(AcceptVisit, Accepted), (StartVisit, Active), (CompleteVisit, Completed)] {
            at = step(command, at).unwrap();
            assert_eq!(at, to, "{command:?}");
        }
    }

    #[test]
    fn nothing_is_legal_at_an_end() {
        for status in Status::ALL.into_iter().filter(|status| !ALIVE.contains(status)) {
            for command in Command::ALL {
                assert_eq!(step(command, status), None, "{command:?} {status:?}");
            }
        }
    }

    #[test]
    fn every_command_on_a_visit_is_legal_somewhere() {
        use crate::access::Kind;
        for command in Command::ALL {
            let of_visit = command.on() == Kind::Visit || command.on().parent() == Some(Kind::Visit);
            let legal = Status::ALL.into_iter().any(|status| step(command, status).is_some());
            assert_eq!(legal, of_visit, "{command:?}");
        }
    }
}
