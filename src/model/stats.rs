//! Statistics of a type, as data: by what its rows can be grouped, and which durations are told of a group.
//!
//! Both are made of fields, each behind its tier: a role's schema has those whose fields it may ever read, and of a
//! row that a principal may not read so deep the value counts as absent.

use super::view::{EnumView, InputField, InputRef, View};
use crate::access::Kind;

/// Rows that are looked at, in the order of their list, at most: beyond, an answer says that it is capped.
pub const MOST_COUNTED: i64 = 10_000;
/// Keys of a grouping, at most.
pub const MOST_KEYS: usize = 2;
/// Groups of an answer, at most.
pub const MOST_GROUPS: i32 = 1_000;
/// Groups of an answer when `first` is not given.
pub const DEFAULT_GROUPS: i64 = 100;

/// A span of time, of which the first day is the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A day: `2026-11-22`.
    Day,
    /// A week by its Monday (ISO 8601): `2026-11-16`.
    Week,
    /// A month: `2026-11`.
    Month,
}

/// A way to group rows.
#[derive(Debug)]
pub struct Grouping {
    /// The value of the enum.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// The field whose value is the key: through edges to a field, or to a row, which is known by its id.
    pub path: &'static [&'static str],
    /// What people call the key, if it has a name of its own.
    pub label: Option<&'static [&'static str]>,
    /// For an instant: the span it lies in, in the time zone asked for. For a date: likewise, and it has none.
    pub span: Option<Span>,
}

/// A duration of a row, in whole seconds.
#[derive(Debug)]
pub struct Measure {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// From when.
    pub from: Moment,
    /// Until when.
    pub to: Moment,
    /// Only rows that are not at an end, by these values of a field.
    pub unless: Option<(&'static str, &'static [&'static str])>,
}

/// An instant of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A field.
    Field(&'static str),
    /// The first of a connection's rows that are of a kind.
    First {
        /// The connection.
        connection: &'static str,
        /// The field that says of what kind a row there is.
        by: &'static str,
        /// The kind.
        is: &'static str,
        /// The instant there.
        at: &'static str,
    },
    /// When a target of the response clock was met.
    Met {
        /// The field that holds the clock.
        clock: &'static str,
        /// Which target.
        target: usize,
    },
    /// The present.
    Now,
}

/// The statistics of a type.
#[derive(Debug)]
pub struct Statistics {
    /// The type.
    pub kind: Kind,
    /// By what.
    pub groupings: &'static [Grouping],
    /// Which durations.
    pub measures: &'static [Measure],
}

const fn by(name: &'static str, path: &'static [&'static str], description: &'static str) -> Grouping {
    Grouping { name, description, path, label: None, span: None }
}

/// Of concerns.
pub static CONCERNS: Statistics = Statistics {
    kind: Kind::Concern,
    groupings: &[
        by("KIND", &["kind"], "By whether something happened, is asked, or is feared."),
        by("CATEGORY", &["category"], "By what they are about."),
        by("SEVERITY", &["severity"], "By how bad they are."),
        by("STATUS", &["status"], "By where they are in their life."),
        by("CLOCK_STATE", &["clockState"], "By how the response clock stands."),
        by("NIBRS_CODE", &["nibrsCode"], "By NIBRS offense code (FBI)."),
        Grouping {
            label: Some(&["mission", "name"]),
            ..by("MISSION", &["mission"], "By the mission they are about; the key is its id.")
        },
        Grouping {
            label: Some(&["mission", "sendingState", "name"]),
            ..by(
                "SENDING_STATE",
                &["mission", "sendingState"],
                "By the sending state of that mission; the key is its id.",
            )
        },
        by("AREA", &["incidentArea"], "By where it happened: a county, `NYC`, or a state."),
        Grouping {
            span: Some(Span::Day),
            ..by("DAY", &["openedAt"], "By the day they were raised, as `2026-11-22`, in the time zone asked for.")
        },
        Grouping {
            span: Some(Span::Week),
            ..by("WEEK", &["openedAt"], "By the week they were raised (ISO 8601), known by its Monday.")
        },
        Grouping {
            span: Some(Span::Month),
            ..by("MONTH", &["openedAt"], "By the month they were raised, as `2026-11`.")
        },
    ],
    measures: &[
        Measure {
            name: "age",
            description: "How long those that are not at an end have been open.",
            from: Moment::Field("openedAt"),
            to: Moment::Now,
            unless: Some(("status", &["RESOLVED", "CLOSED", "WITHDRAWN", "DUPLICATE", "NOT_ACTIONABLE"])),
        },
        Measure {
            name: "timeToReport",
            description: "From when it happened to when it was raised.",
            from: Moment::Field("occurredAt"),
            to: Moment::Field("openedAt"),
            unless: None,
        },
        Measure {
            name: "timeToAcknowledge",
            description: "From when it was raised to its first acknowledgement, by the entries that were written for you.",
            from: Moment::Field("openedAt"),
            to: Moment::First { connection: "entries", by: "kind", is: "ACKNOWLEDGED", at: "at" },
            unless: None,
        },
        Measure {
            name: "timeToFirstAnswer",
            description: "From when it was raised to the first answer, by the response clock.",
            from: Moment::Field("openedAt"),
            to: Moment::Met { clock: "clock", target: 1 },
            unless: None,
        },
        Measure {
            name: "timeToResolve",
            description: "From when it was raised to its resolution, by the response clock.",
            from: Moment::Field("openedAt"),
            to: Moment::Met { clock: "clock", target: 3 },
            unless: None,
        },
    ],
};

/// Of visits.
pub static VISITS: Statistics = Statistics {
    kind: Kind::Visit,
    groupings: &[
        by("STATUS", &["status"], "By where they are in their life."),
        by("RANK", &["rank"], "By as what the principal comes."),
        by("CITY", &["city"], "By the city."),
        Grouping {
            label: Some(&["mission", "name"]),
            ..by("MISSION", &["mission"], "By the mission that announced them; the key is its id.")
        },
        Grouping {
            label: Some(&["sendingState", "name"]),
            ..by("SENDING_STATE", &["sendingState"], "By the sending state; the key is its id.")
        },
        Grouping {
            span: Some(Span::Day),
            ..by("DAY", &["arrivesOn"], "By the first day, where the visit is, as `2026-11-22`.")
        },
        Grouping {
            span: Some(Span::Week),
            ..by("WEEK", &["arrivesOn"], "By the week of the first day (ISO 8601), known by its Monday.")
        },
        Grouping {
            span: Some(Span::Month),
            ..by("MONTH", &["arrivesOn"], "By the month of the first day, as `2026-11`.")
        },
    ],
    measures: &[Measure {
        name: "timeToAccept",
        description: "From when they were announced to when they were accepted.",
        from: Moment::Field("announcedAt"),
        to: Moment::Field("acceptedAt"),
        unless: None,
    }],
};

/// Of incidents at posts.
pub static INCIDENTS: Statistics = Statistics {
    kind: Kind::Incident,
    groupings: &[
        by("SETTING", &["setting"], "By whether they happened at work or at home."),
        by("CATEGORY", &["category"], "By what they are about."),
        by("SEVERITY", &["severity"], "By how bad they are."),
        by("STATUS", &["status"], "By where they are in their life."),
        Grouping { label: Some(&["post", "name"]), ..by("POST", &["post"], "By the post; the key is its id.") },
        Grouping {
            label: Some(&["post", "country", "name"]),
            ..by("COUNTRY", &["post", "country"], "By the country of the post; the key is its id.")
        },
        Grouping {
            span: Some(Span::Day),
            ..by("DAY", &["openedAt"], "By the day they were reported, as `2026-11-22`, in the time zone asked for.")
        },
        Grouping {
            span: Some(Span::Week),
            ..by("WEEK", &["openedAt"], "By the week they were reported (ISO 8601), known by its Monday.")
        },
        Grouping {
            span: Some(Span::Month),
            ..by("MONTH", &["openedAt"], "By the month they were reported, as `2026-11`.")
        },
    ],
    measures: &[Measure {
        name: "timeToResolve",
        description: "From when they were reported to when they were resolved.",
        from: Moment::Field("openedAt"),
        to: Moment::Field("resolvedAt"),
        unless: None,
    }],
};

/// Of programmes of posts.
pub static PROGRAMMES: Statistics = Statistics {
    kind: Kind::PostProgramme,
    groupings: &[
        by("KIND", &["kind"], "By what they are."),
        by("OUTCOME", &["outcome"], "By what their last reviews came to."),
        Grouping { label: Some(&["post", "name"]), ..by("POST", &["post"], "By the post; the key is its id.") },
        Grouping {
            label: Some(&["post", "country", "name"]),
            ..by("COUNTRY", &["post", "country"], "By the country of the post; the key is its id.")
        },
        Grouping {
            span: Some(Span::Month),
            ..by("MONTH", &["nextReviewOn"], "By the month in which they are due, as `2026-11`.")
        },
    ],
    measures: &[],
};

/// Of protective details.
pub static DETAILS: Statistics = Statistics {
    kind: Kind::ProtectiveDetail,
    groupings: &[
        by("PROTECTEE", &["protectee"], "By whom they protect."),
        by("STATUS", &["status"], "By whether they are open."),
        Grouping {
            span: Some(Span::Month),
            ..by("MONTH", &["openedAt"], "By the month they were opened, as `2026-11`.")
        },
    ],
    measures: &[Measure {
        name: "timeOpen",
        description: "From when they were opened to when they were closed.",
        from: Moment::Field("openedAt"),
        to: Moment::Field("closedAt"),
        unless: None,
    }],
};

impl Moment {
    /// The field of the row that it is read from.
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::Field(name) | Self::First { connection: name, .. } | Self::Met { clock: name, .. } => Some(name),
            Self::Now => None,
        }
    }
}

impl Statistics {
    /// The name of the enum of groupings.
    pub fn enum_name(&self) -> String {
        format!("{}Group", self.kind.name())
    }

    /// The groupings that a view has the fields for.
    pub fn groupings_of(&self, view: &View) -> Vec<&'static Grouping> {
        self.groupings.iter().filter(|grouping| view.reads(self.kind, grouping.path)).collect()
    }

    /// The durations that a view has the fields for.
    pub fn measures_of(&self, view: &View) -> Vec<&'static Measure> {
        let reads = |name: &'static str| view.reads(self.kind, &[name]);
        self.measures
            .iter()
            .filter(|measure| {
                let fields = [measure.from.field(), measure.to.field(), measure.unless.map(|(name, _)| name)];
                fields.into_iter().flatten().all(reads)
            })
            .collect()
    }

    /// The enum of groupings as a view has it.
    pub fn group_enum(&self, view: &View) -> EnumView {
        let values = self.groupings_of(view).into_iter();
        EnumView {
            description: format!("By what {} rows are grouped.", self.kind.name()),
            values: values.map(|grouping| (grouping.name.to_owned(), grouping.description.to_owned())).collect(),
        }
    }

    /// The arguments of the field of `Query`.
    pub fn arguments(&self) -> Vec<InputField> {
        let field =
            |name: &str, description: &str, ty| InputField { name: name.into(), description: description.into(), ty };
        let group = InputRef::NonNull(Box::new(InputRef::Enum(self.enum_name())));
        vec![
            field("groupBy", "By what, one or two.", InputRef::NonNull(Box::new(InputRef::List(Box::new(group))))),
            field(
                "filter",
                "Only those that match, judged by what you may read of them.",
                InputRef::Object(format!("{}Filter", self.kind.name())),
            ),
            field(
                "timeZone",
                "In whose days an instant lies: a name of the IANA time zone database, as `America/New_York`; UTC unless given.",
                InputRef::Scalar("String"),
            ),
            field("first", "The largest so many groups, at most 1,000; 100 unless given.", InputRef::Scalar("Int")),
        ]
    }
}
