//! Keys: what a row is locked with and what a principal holds.

use std::collections::BTreeSet;

use super::{marking::Circle, role::AgencyKind};

/// The kind of business a key stands for. With the circle of a marking it becomes the text that the visibility
/// table and a principal's key set hold, as `m:01J…/us`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `e`: any enrolled principal.
    Everyone,
    /// `i:dss`: DSS.
    Dss,
    /// `d:watch`: who is on watch.
    Watch,
    /// `m:`: registered for the mission.
    Mission(String),
    /// `o:`: state-wide for the sending state.
    SendingState(String),
    /// `s:`: holds the area.
    Area(String),
    /// `w:`: holds an area that lies wholly within the area.
    Within(String),
    /// `k:`: of an agency of the kind.
    Kind(AgencyKind),
    /// `a:`: of the agency.
    Agency(String),
    /// `p:`: the person.
    Person(String),
    /// `pf:`: has the mission in the portfolio.
    Portfolio(String),
    /// `h:`: posted to the host state.
    HostState(String),
    /// `post:`: posted to the post.
    Post(String),
}

/// Which of a principal's keys lines may have, so that nobody need look by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Their kinds ([`Key::kind_of`]).
    pub kinds: BTreeSet<&'static str>,
    /// Whether they may be within circles of a marking.
    pub in_circles: bool,
}

impl Held {
    /// Whether a key, as a text, is one of them.
    pub fn has(&self, key: &str) -> bool {
        self.kinds.contains(Key::kind_of(key)) && (self.in_circles || !key.contains('/'))
    }
}

impl Key {
    /// What kind of key a text is: what stands before its name and its circle.
    pub fn kind_of(text: &str) -> &str {
        text.split([':', '/']).next().unwrap_or_default()
    }

    /// The text of the key within a circle.
    pub fn within(&self, circle: &Circle) -> String {
        let suffix = circle.suffix();
        match self {
            Self::Everyone => format!("e{suffix}"),
            Self::Dss => format!("i:dss{suffix}"),
            Self::Watch => format!("d:watch{suffix}"),
            Self::Mission(id) => format!("m:{id}{suffix}"),
            Self::SendingState(id) => format!("o:{id}{suffix}"),
            Self::Area(code) => format!("s:{code}{suffix}"),
            Self::Within(code) => format!("w:{code}{suffix}"),
            Self::Kind(kind) => format!("k:{}{suffix}", kind.name()),
            Self::Agency(id) => format!("a:{id}{suffix}"),
            Self::Person(id) => format!("p:{id}{suffix}"),
            Self::Portfolio(id) => format!("pf:{id}{suffix}"),
            Self::HostState(id) => format!("h:{id}{suffix}"),
            Self::Post(id) => format!("post:{id}{suffix}"),
        }
    }
}
