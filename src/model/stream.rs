//! What is told as it happens, as data: the fields of `Subscription`.
//!
//! A stream follows the rows of one type. Of a row that one sees, and that matches, it tells what it is now whenever
//! something of it that one selected has changed; of a row that one no longer sees, or that no longer matches, that
//! it is gone; and when what one may see is another than before, to read everything afresh.

use super::{
    definition,
    detail::{DETAIL_PROTECTEE, DETAIL_STATUS},
    enums,
    incident::{INCIDENT_SETTING, INCIDENT_STATUS},
    kit::{EnumDef, Scalar, Shape, Via},
    view::{InputField, InputObject, InputRef, lower_first},
    visit::enums::VISIT_STATUS,
};
use crate::access::Kind;

/// A field of `Subscription`.
#[derive(Debug)]
pub struct Stream {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// The type of its rows.
    pub kind: Kind,
    /// Which of the visible rows.
    pub which: Which,
}

/// Which rows a stream follows, of those that are visible.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// Those that match its filter.
    Matching(&'static [By]),
    /// Those that the principal is responsible for and on which something is owed.
    Board {
        /// The column that is null where nothing is owed.
        due: &'static str,
    },
}

/// A field of a stream's filter: a value of the directory, as every change keeps it.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// The column. Of tier D: whoever sees the row sees it; of an edge, where the row that it leads to is visible.
    pub column: &'static str,
    /// What it is compared with.
    pub value: ByValue,
}

/// What a column is compared with.
#[derive(Clone, Copy, Debug)]
pub enum ByValue {
    /// Values of an enum.
    Enum(&'static EnumDef),
    /// Ids of a type.
    Id(Kind),
}

/// The name of the type of a stream's fields.
pub const SUBSCRIPTION: &str = "Subscription";
/// The argument with which a stream goes on where it was cut.
pub const AFTER: &str = "after";
/// The argument that says which rows.
pub const FILTER: &str = "filter";

/// What an event tells of a row.
pub static CHANGE: EnumDef = EnumDef {
    name: "Change",
    description: "What happened to a row that a stream follows.",
    values: &[
        ("CHANGED", "It is new to you, or something of it that you selected has changed: as it is now."),
        ("REMOVED", "It is no longer among what you follow: gone, hidden from you, or matching no more."),
        (
            "RESYNC",
            "Read what you follow afresh, now: at the beginning, and when what you may see is another than before.",
        ),
    ],
};

const fn by_id(name: &'static str, column: &'static str, kind: Kind, description: &'static str) -> By {
    By { name, description, column, value: ByValue::Id(kind) }
}

const fn by_enum(name: &'static str, def: &'static EnumDef, description: &'static str) -> By {
    By { name, description, column: name, value: ByValue::Enum(def) }
}

const BY_VISIT: &[By] = &[
    by_id("mission", "mission_id", Kind::Mission, "Announced by one of these missions."),
    by_enum("status", &VISIT_STATUS, "In one of these statuses."),
];

const BY_DETAIL: &[By] = &[
    by_id("visit", "visit_id", Kind::Visit, "Of one of these visits."),
    by_enum("protectee", &DETAIL_PROTECTEE, "Of one of these protectees."),
    by_enum("status", &DETAIL_STATUS, "In one of these statuses."),
];

const BY_INCIDENT: &[By] = &[
    by_id("post", "post_id", Kind::Post, "At one of these posts."),
    by_enum("setting", &INCIDENT_SETTING, "In one of these settings."),
    by_enum("category", &enums::CONCERN_CATEGORY, "In one of these categories."),
    by_enum("severity", &enums::SEVERITY, "Of one of these severities."),
    by_enum("status", &INCIDENT_STATUS, "In one of these statuses."),
];

const BY_CONCERN: &[By] = &[
    by_id("mission", "mission_id", Kind::Mission, "About one of these missions."),
    by_enum("kind", &enums::CONCERN_KIND, "Of one of these kinds."),
    by_enum("category", &enums::CONCERN_CATEGORY, "In one of these categories."),
    by_enum("severity", &enums::SEVERITY, "Of one of these severities."),
    by_enum("status", &enums::CONCERN_STATUS, "In one of these statuses."),
];

/// The fields of `Subscription`. One whose type a role cannot reach is absent from that role's schema.
pub static STREAMS: &[Stream] = &[
    Stream {
        name: "concernChanged",
        description: "Concerns as they are raised and as they change, of those you may see.",
        kind: Kind::Concern,
        which: Which::Matching(BY_CONCERN),
    },
    Stream {
        name: "advisoryIssued",
        description: "Advisories as they are issued to you, superseded and acknowledged.",
        kind: Kind::Advisory,
        which: Which::Matching(&[]),
    },
    Stream {
        name: "visitChanged",
        description: "Visits as they are announced, decided and planned, with what hangs on them, of those you may see.",
        kind: Kind::Visit,
        which: Which::Matching(BY_VISIT),
    },
    Stream {
        name: "protectiveDetailChanged",
        description: "Protective details as they are opened and manned, of those you may see.",
        kind: Kind::ProtectiveDetail,
        which: Which::Matching(BY_DETAIL),
    },
    Stream {
        name: "postChanged",
        description: "Posts as their programmes are reviewed, and what hangs on them is written down, of those you may see. No event comes because a day has passed: who serves, and what is due, may change without one.",
        kind: Kind::Post,
        which: Which::Matching(&[]),
    },
    Stream {
        name: "incidentChanged",
        description: "Incidents at posts as they are reported and as they change, of those you may see.",
        kind: Kind::Incident,
        which: Which::Matching(BY_INCIDENT),
    },
    Stream {
        name: "deskBoardChanged",
        description: "What is yours to do, as it changes: the concerns of `deskBoard`.",
        kind: Kind::Concern,
        which: Which::Board { due: "next_due_at" },
    },
];

/// On rows of which followed types a row of a type hangs, each with the column that points there: a connection of those shows
/// it, or a field is gathered from it.
pub fn hangs_on(kind: Kind) -> Vec<(Kind, &'static str)> {
    let mut on = Vec::new();
    for followed in Kind::ALL.into_iter().filter(|kind| is_followed(*kind)) {
        for field in definition(followed).fields {
            let column = match field.shape {
                Shape::Connection { to, via: Via::Column(column) } if to == kind => column,
                Shape::Gather { table, key, .. } if table == definition(kind).table => key,
                _ => continue,
            };
            if !on.contains(&(followed, column)) {
                on.push((followed, column));
            }
        }
    }
    on
}

/// Whether a stream follows the rows of a type.
pub fn is_followed(kind: Kind) -> bool {
    STREAMS.iter().any(|stream| stream.kind == kind)
}

/// The columns of a type of which every change keeps the values, in order: those by which its streams choose rows.
pub fn directory(kind: Kind) -> Vec<&'static str> {
    let mut columns: Vec<&'static str> =
        STREAMS.iter().filter(|stream| stream.kind == kind).flat_map(Stream::columns).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

impl Stream {
    /// The columns by which it chooses rows.
    fn columns(&self) -> Vec<&'static str> {
        match self.which {
            Which::Matching(by) => by.iter().map(|by| by.column).collect(),
            Which::Board { due } => vec![due],
        }
    }

    /// The columns by which it chooses rows and that lead to a row of another type.
    pub fn edges(&self) -> Vec<(&'static str, Kind)> {
        let Which::Matching(by) = self.which else { return Vec::new() };
        by.iter()
            .filter_map(|by| match by.value {
                ByValue::Id(kind) => Some((by.column, kind)),
                ByValue::Enum(_) => None,
            })
            .collect()
    }

    /// The name of the type of its events.
    pub fn event_name(&self) -> String {
        format!("{}Event", self.kind.name())
    }

    /// The field of its events that holds the row.
    pub fn row_name(&self) -> String {
        lower_first(self.kind.name())
    }

    /// The name of its filter, if it has one.
    pub fn filter_name(&self) -> Option<String> {
        match self.which {
            Which::Matching([_, ..]) => Some(format!("{}StreamFilter", self.kind.name())),
            _ => None,
        }
    }

    /// Its filter, if it has one.
    pub fn filter(&self) -> Option<InputObject> {
        let Which::Matching(by @ [_, ..]) = self.which else { return None };
        let field = |by: &By| {
            let one = match by.value {
                ByValue::Enum(def) => InputRef::Enum(def.name.to_owned()),
                ByValue::Id(_) => InputRef::Scalar(Scalar::Id.name()),
            };
            let ty = InputRef::List(Box::new(InputRef::NonNull(Box::new(one))));
            InputField { name: by.name.to_owned(), description: by.description.to_owned(), ty }
        };
        let description = format!("Which {} rows a stream follows; all that is given must hold.", self.kind.name());
        Some(InputObject { description, fields: by.iter().map(field).collect() })
    }

    /// Its arguments.
    pub fn arguments(&self) -> Vec<InputField> {
        let filter = self.filter_name().map(|name| InputField {
            name: FILTER.to_owned(),
            description: "Only these; all that you may see when none is given.".to_owned(),
            ty: InputRef::Object(name),
        });
        let after = InputField {
            name: AFTER.to_owned(),
            description: "The `cursor` of the last event that arrived: what was missed is told first.".to_owned(),
            ty: InputRef::Scalar(Scalar::String.name()),
        };
        filter.into_iter().chain([after]).collect()
    }
}
