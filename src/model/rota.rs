//! What is found from shifts in a window: times at which too few agents are on, and shifts that follow too closely.

use super::{
    kit::Scalar,
    view::{InputField, InputRef},
};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rota {
    /// Times at which fewer agents are on than there must be.
    Gaps,
    /// Shifts of one agent between which there is less rest than there must be.
    Breaches,
}

/// Days of a window, at most.
pub const MOST_DAYS: i64 = 92;
/// Times that are told, at most, first ones first.
pub const MOST_TOLD: i64 = 500;
/// The argument of the window's first instant.
pub const FROM: &str = "from";
/// The argument of the first instant after it.
pub const TO: &str = "to";

/// A field of what is found.
#[derive(Debug)]
pub struct Found {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// What it holds.
    pub scalar: Scalar,
    /// The column of what is found.
    pub column: &'static str,
}

const fn found(name: &'static str, column: &'static str, scalar: Scalar, description: &'static str) -> Found {
    Found { name, description, scalar, column }
}

impl Rota {
    /// All there is.
    pub const ALL: [Self; 2] = [Self::Gaps, Self::Breaches];

    /// The name of the type of what is found.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gaps => "CoverageGap",
            Self::Breaches => "RestBreach",
        }
    }

    /// In its own words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Gaps => "A time at which fewer agents are on than there must be.",
            Self::Breaches => "Two shifts of one agent between which there is less rest than there must be.",
        }
    }

    /// The fields of what is found.
    pub const fn fields(self) -> &'static [Found] {
        const GAP: &[Found] = &[
            found("startsAt", "starts_at", Scalar::DateTime, "The first instant."),
            found("endsAt", "ends_at", Scalar::DateTime, "The first instant after."),
            found("agents", "agents", Scalar::Int, "How many are on at its thinnest."),
        ];
        const BREACH: &[Found] = &[
            found("agent", "agent", Scalar::String, "The name of the agent."),
            found("endsAt", "ends_at", Scalar::DateTime, "When the earlier shift ends."),
            found("startsAt", "starts_at", Scalar::DateTime, "When the later one begins."),
            found("restMinutes", "minutes", Scalar::Int, "The rest between them, in whole minutes."),
        ];
        match self {
            Self::Gaps => GAP,
            Self::Breaches => BREACH,
        }
    }

    /// The argument of the bound: its name, what it is when not given, the least and the most that it may be.
    pub const fn bound(self) -> (&'static str, i64, i32, i32) {
        match self {
            Self::Gaps => ("minimumAgents", 1, 1, 100),
            Self::Breaches => ("minimumRestHours", 8, 1, 72),
        }
    }

    /// The arguments of the field.
    pub fn arguments(self) -> Vec<InputField> {
        let instant = || InputRef::NonNull(Box::new(InputRef::Scalar(Scalar::DateTime.name())));
        let field = |name: &str, description: String, ty| InputField { name: name.to_owned(), description, ty };
        let (bound, default, least, most) = self.bound();
        let of = match self {
            Self::Gaps => "How many agents must be on at every instant",
            Self::Breaches => {
                "How many hours an agent must have between two shifts, of which the later begins in the window"
            }
        };
        vec![
            field(FROM, "The first instant of the window.".to_owned(), instant()),
            field(TO, format!("The first instant after the window: at most {MOST_DAYS} days after."), instant()),
            field(bound, format!("{of}: {least} to {most}, {default} when not given."), InputRef::Scalar("Int")),
        ]
    }
}
