//! Where a question begins: the fields of `Query`.

use super::{
    enums,
    kit::Scalar,
    stats::{self, Statistics},
};
use crate::access::Kind;

/// A field of `Query`.
#[derive(Debug)]
pub struct Root {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// What it answers with.
    pub shape: RootShape,
}

/// What a root field answers with.
#[derive(Clone, Copy, Debug)]
pub enum RootShape {
    /// Who asks.
    Viewer,
    /// Any row by its id.
    Node,
    /// Any rows by their ids, in order.
    Nodes,
    /// One row of a type, by its id or by another column that is unique.
    One {
        /// The type.
        kind: Kind,
        /// Argument and column of the other way.
        by: Option<(&'static str, &'static str)>,
    },
    /// The visible rows of a type that has coordinates around a point, nearest first.
    Near {
        /// The type.
        kind: Kind,
    },
    /// Statistics of the visible rows of a type.
    Statistics {
        /// Which.
        of: &'static Statistics,
    },
    /// The visible rows of a type that the principal is responsible for and that something is owed on, by when it is
    /// due.
    Board {
        /// The type.
        kind: Kind,
        /// The order: a value of the type's order enum.
        order: &'static str,
        /// The column that is null where nothing is owed.
        due: &'static str,
    },
    /// The visible rows of a type that last from one day to another, of which a day lies between two that are given.
    Calendar {
        /// The type.
        kind: Kind,
        /// The column of the first day. Of tier D, as the next.
        first: &'static str,
        /// The column of the last day.
        last: &'static str,
    },
    /// The visible rows of a type that are owed by a day before one that is given, those that were not done in time among them.
    Due {
        /// The type.
        kind: Kind,
        /// The column of the day by which a row is owed. As deep as it takes to see the row, as the next.
        due: &'static str,
        /// The column that is null as long as it is owed.
        done: &'static str,
    },
    /// The rows of several types that words find, newest first.
    Search,
    /// What has to do with a row of one of several types, newest first.
    Timeline,
    /// The visible rows of a type.
    Many {
        /// The type.
        kind: Kind,
    },
}

/// The fields of `Query`. One whose type a role cannot reach is absent from that role's schema.
pub static ROOTS: &[Root] = &[
    Root { name: "viewer", description: "Who is asking, as the registry knows it.", shape: RootShape::Viewer },
    Root {
        name: "node",
        description: "Any object by its id; null when there is none or it is hidden.",
        shape: RootShape::Node,
    },
    Root {
        name: "nodes",
        description: "Any objects by their ids, each at the position of its id; null where there is none or it is hidden. At most 100.",
        shape: RootShape::Nodes,
    },
    Root {
        name: "search",
        description: "What holds these words, in what you may read of it: newest first, then what has no date.",
        shape: RootShape::Search,
    },
    Root {
        name: "timeline",
        description: "What has to do with a mission, a visit or a post, newest first: each that you may see, by what you may read of it. Of one that is hidden there is nothing.",
        shape: RootShape::Timeline,
    },
    Root {
        name: "sendingState",
        description: "A sending state by its id or its ISO 3166-1 alpha-2 code.",
        shape: RootShape::One { kind: Kind::SendingState, by: Some(("iso2", "iso2")) },
    },
    Root { name: "sendingStates", description: "Sending states.", shape: RootShape::Many { kind: Kind::SendingState } },
    Root {
        name: "mission",
        description: "A mission by its id.",
        shape: RootShape::One { kind: Kind::Mission, by: None },
    },
    Root { name: "missions", description: "Missions.", shape: RootShape::Many { kind: Kind::Mission } },
    Root {
        name: "missionsNear",
        description: "Missions around a point, nearest first: those whose coordinates you may read.",
        shape: RootShape::Near { kind: Kind::Mission },
    },
    Root { name: "premises", description: "Premises of missions.", shape: RootShape::Many { kind: Kind::Premises } },
    Root {
        name: "premisesNear",
        description: "Premises around a point, nearest first: those whose coordinates you may read.",
        shape: RootShape::Near { kind: Kind::Premises },
    },
    Root {
        name: "securityContacts",
        description: "Security contacts of missions.",
        shape: RootShape::Many { kind: Kind::SecurityContact },
    },
    Root {
        name: "agency",
        description: "An agency by its id or its ORI.",
        shape: RootShape::One { kind: Kind::Agency, by: Some(("ori", "ori")) },
    },
    Root {
        name: "agencies",
        description: "Agencies, enrolled or listed.",
        shape: RootShape::Many { kind: Kind::Agency },
    },
    Root { name: "persons", description: "Who is enrolled.", shape: RootShape::Many { kind: Kind::Person } },
    Root { name: "liaisons", description: "Law enforcement liaisons.", shape: RootShape::Many { kind: Kind::Liaison } },
    Root {
        name: "post",
        description: "A post abroad by its id.",
        shape: RootShape::One { kind: Kind::Post, by: None },
    },
    Root {
        name: "posts",
        description: "Posts of the United States abroad.",
        shape: RootShape::Many { kind: Kind::Post },
    },
    Root {
        name: "programmesDue",
        description: "The programmes of posts whose next review is due before a day, the first due first unless asked otherwise: what is overdue is among them, what is kept no more is not.",
        shape: RootShape::Due { kind: Kind::PostProgramme, due: "next_review_on", done: "ended_on" },
    },
    Root {
        name: "incident",
        description: "An incident at a post by its id or its reference.",
        shape: RootShape::One { kind: Kind::Incident, by: Some(("reference", "reference")) },
    },
    Root {
        name: "incidents",
        description: "Incidents at posts, newest first unless asked otherwise.",
        shape: RootShape::Many { kind: Kind::Incident },
    },
    Root {
        name: "advisory",
        description: "An advisory by its id.",
        shape: RootShape::One { kind: Kind::Advisory, by: None },
    },
    Root {
        name: "advisories",
        description: "Advisories, those that have expired or were superseded among them, newest first unless asked otherwise.",
        shape: RootShape::Many { kind: Kind::Advisory },
    },
    Root {
        name: "visit",
        description: "A visit by its id or its reference.",
        shape: RootShape::One { kind: Kind::Visit, by: Some(("reference", "reference")) },
    },
    Root {
        name: "visits",
        description: "Visits of foreign dignitaries, in the order of their first days unless asked otherwise.",
        shape: RootShape::Many { kind: Kind::Visit },
    },
    Root {
        name: "visitCalendar",
        description: "The visits of which a day lies between two, both among them, in the order of their first days unless asked otherwise; those that were declined or called off too, unless a filter says otherwise.",
        shape: RootShape::Calendar { kind: Kind::Visit, first: "arrives_on", last: "departs_on" },
    },
    Root {
        name: "protectiveDetail",
        description: "A protective detail by its id.",
        shape: RootShape::One { kind: Kind::ProtectiveDetail, by: None },
    },
    Root {
        name: "protectiveDetails",
        description: "Protective details, the last opened first unless asked otherwise.",
        shape: RootShape::Many { kind: Kind::ProtectiveDetail },
    },
    Root {
        name: "auditEvent",
        description: "An event of the audit trail by its id.",
        shape: RootShape::One { kind: Kind::AuditEvent, by: None },
    },
    Root {
        name: "auditEvents",
        description: "The audit trail, newest first: what you did yourself in your role; an auditor, all of it.",
        shape: RootShape::Many { kind: Kind::AuditEvent },
    },
    Root {
        name: "concern",
        description: "A concern by its id or its reference.",
        shape: RootShape::One { kind: Kind::Concern, by: Some(("reference", "reference")) },
    },
    Root {
        name: "concerns",
        description: "Problems, questions and concerns, newest first unless asked otherwise.",
        shape: RootShape::Many { kind: Kind::Concern },
    },
    Root {
        name: "deskBoard",
        description: "What is yours to do next: the concerns of your portfolio, those assigned to you, and while you are on watch those nobody has; by when the next word is due, unless asked otherwise.",
        shape: RootShape::Board { kind: Kind::Concern, order: "NEXT_DUE_AT_ASC", due: "next_due_at" },
    },
    Root {
        name: "concernStats",
        description: "Numbers of concerns in groups, with percentiles of durations: of the newest 10,000 that match and you may see.",
        shape: RootShape::Statistics { of: &stats::CONCERNS },
    },
    Root {
        name: "incidentStats",
        description: "Numbers of incidents in groups, with percentiles of durations: of the newest 10,000 that match and you may see.",
        shape: RootShape::Statistics { of: &stats::INCIDENTS },
    },
    Root {
        name: "programmeStats",
        description: "Numbers of programmes of posts in groups, those that are kept no more among them unless a filter says otherwise: of the 10,000 that are due first, of those that match and you may see.",
        shape: RootShape::Statistics { of: &stats::PROGRAMMES },
    },
    Root {
        name: "detailStats",
        description: "Numbers of protective details in groups: of the last opened 10,000 that match and you may see.",
        shape: RootShape::Statistics { of: &stats::DETAILS },
    },
    Root {
        name: "visitStats",
        description: "Numbers of visits in groups, with percentiles of how long a decision took: of the first 10,000 that match and you may see.",
        shape: RootShape::Statistics { of: &stats::VISITS },
    },
];

/// A field of `Viewer`: who asks.
#[derive(Debug)]
pub struct ViewerField {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// Where its value comes from.
    pub source: ViewerSource,
}

/// Where a field of `Viewer` comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewerSource {
    /// The active role.
    Role,
    /// The token's subject.
    Subject,
    /// The person's name.
    PersonName,
    /// The agency's name.
    AgencyName,
    /// The agency itself, as far as the role sees agencies.
    Agency,
    /// The confirmed areas.
    Areas,
    /// When the token ends.
    TokenExpiresAt,
    /// Whom to call at DSS, round the clock.
    WatchPhone,
}

impl ViewerSource {
    /// Its scalar and whether it can be null; `None` for what is not a scalar.
    pub const fn scalar(self) -> Option<(Scalar, bool)> {
        match self {
            Self::Role => Some((Scalar::Enum(&enums::ROLE), false)),
            Self::Subject | Self::PersonName | Self::AgencyName => Some((Scalar::String, false)),
            Self::TokenExpiresAt => Some((Scalar::DateTime, false)),
            Self::WatchPhone => Some((Scalar::PhoneNumber, true)),
            Self::Agency | Self::Areas => None,
        }
    }
}

/// The fields of `Viewer`.
pub static VIEWER: &[ViewerField] = &[
    ViewerField { name: "role", description: "In what capacity you ask.", source: ViewerSource::Role },
    ViewerField { name: "subject", description: "The subject of your token.", source: ViewerSource::Subject },
    ViewerField {
        name: "name",
        description: "Your name, as your agency enrolled you.",
        source: ViewerSource::PersonName,
    },
    ViewerField { name: "agencyName", description: "The name of your agency.", source: ViewerSource::AgencyName },
    ViewerField { name: "agency", description: "Your agency.", source: ViewerSource::Agency },
    ViewerField { name: "areas", description: "The confirmed areas of your agency.", source: ViewerSource::Areas },
    ViewerField { name: "tokenExpiresAt", description: "When your token ends.", source: ViewerSource::TokenExpiresAt },
    ViewerField {
        name: "watchPhone",
        description: "The watch of the Diplomatic Security Service, round the clock. Where life is in danger, call 911 first.",
        source: ViewerSource::WatchPhone,
    },
];
