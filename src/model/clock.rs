//! The response clock as the graph tells it.

/// A target of the clock: its field, and its place in what is kept.
#[derive(Debug)]
pub struct Target {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
}

/// The targets, in the order in which they are kept.
pub static TARGETS: [Target; 4] = [
    Target { name: "acknowledge", description: "That it was received." },
    Target { name: "firstAnswer", description: "The first answer to who raised it." },
    Target {
        name: "update",
        description: "The next word after the latest answer; never met, as each answer begins the next.",
    },
    Target { name: "resolve", description: "That it is resolved." },
];

/// The name of the type of all targets.
pub const CLOCK: &str = "ResponseClock";
/// The name of the type of one.
pub const TARGET: &str = "ResponseTarget";

/// An instant of a target: its field, and its place in what is kept of the target.
#[derive(Debug)]
pub struct Moment {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// Its place.
    pub place: usize,
}

/// Since when a target is owed: its place.
pub const FROM: usize = 0;
/// When it is due: its place.
pub const DUE: usize = 1;
/// When it was met: its place.
pub const MET: usize = 2;
/// When it ended unmet: its place.
pub const ENDED: usize = 3;

/// The instants of a target that the graph tells.
pub static MOMENTS: [Moment; 2] = [
    Moment {
        name: "due",
        description: "The last instant that is in time; null before anything is owed, and while the mission is waited for.",
        place: DUE,
    },
    Moment { name: "met", description: "When it was met.", place: MET },
];
