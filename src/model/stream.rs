//! What is told as it happens, as data: the fields of `Subscription`.
//!
//! A stream follows the rows of one type. Of a row that one sees, and that matches, it tells what it is now whenever
//! something of it that one selected has changed; of a row that one no longer sees, or that no longer matches, that
//! it is gone; and when what one may see is another than before, to read everything afresh.

use super::{
    enums,
    kit::{EnumDef, Scalar},
    view::{InputField, InputObject, InputRef, lower_first},
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
    /// The column. Of tier D: whoever sees the row sees it.
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

const BY_CONCERN: &[By] = &[
    By {
        name: "mission",
        description: "About one of these missions.",
        column: "mission_id",
        value: ByValue::Id(Kind::Mission),
    },
    By {
        name: "kind",
        description: "Of one of these kinds.",
        column: "kind",
        value: ByValue::Enum(&enums::CONCERN_KIND),
    },
    By {
        name: "category",
        description: "In one of these categories.",
        column: "category",
        value: ByValue::Enum(&enums::CONCERN_CATEGORY),
    },
    By {
        name: "severity",
        description: "Of one of these severities.",
        column: "severity",
        value: ByValue::Enum(&enums::SEVERITY),
    },
    By {
        name: "status",
        description: "In one of these statuses.",
        column: "status",
        value: ByValue::Enum(&enums::CONCERN_STATUS),
    },
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
        name: "deskBoardChanged",
        description: "What is yours to do, as it changes: the concerns of `deskBoard`.",
        kind: Kind::Concern,
        which: Which::Board { due: "next_due_at" },
    },
];

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
