//! Where a concern is in its life, and what that means to the clock.

/// Where a concern is in its life. REOPENED is none of these: it is an event that leads to ASSIGNED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Raised, not yet acknowledged.
    Submitted,
    /// Received by the watch.
    Acknowledged,
    /// Given to a liaison officer.
    Assigned,
    /// Worked on.
    InProgress,
    /// Waiting for the mission: the clock stands still.
    AwaitingMission,
    /// With another agency: the clock runs.
    Referred,
    /// Answered.
    Responded,
    /// Resolved.
    Resolved,
    /// Closed.
    Closed,
    /// Withdrawn by the mission.
    Withdrawn,
    /// The same as another.
    Duplicate,
    /// Nothing can be done, with a reason.
    NotActionable,
}

impl Status {
    /// Every status, in the order of a life.
    pub const ALL: [Self; 12] = [
        Self::Submitted,
        Self::Acknowledged,
        Self::Assigned,
        Self::InProgress,
        Self::AwaitingMission,
        Self::Referred,
        Self::Responded,
        Self::Resolved,
        Self::Closed,
        Self::Withdrawn,
        Self::Duplicate,
        Self::NotActionable,
    ];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Acknowledged => "ACKNOWLEDGED",
            Self::Assigned => "ASSIGNED",
            Self::InProgress => "IN_PROGRESS",
            Self::AwaitingMission => "AWAITING_MISSION",
            Self::Referred => "REFERRED",
            Self::Responded => "RESPONDED",
            Self::Resolved => "RESOLVED",
            Self::Closed => "CLOSED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Duplicate => "DUPLICATE",
            Self::NotActionable => "NOT_ACTIONABLE",
        }
    }

    /// Reads a stored status.
    pub fn of_row(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == stored)
    }

    /// Whether it ends every target that is not met.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn | Self::Duplicate | Self::NotActionable)
    }

    /// Whether it is neither RESOLVED nor an end: a concern that comes to it from there is reopened.
    pub const fn is_live(self) -> bool {
        !self.is_end() && !matches!(self, Self::Resolved)
    }

    /// Whether coming to it shows that DSS has taken notice: all but the first, and what the mission does itself.
    pub const fn acknowledges(self) -> bool {
        !matches!(self, Self::Submitted | Self::Withdrawn)
    }
}
