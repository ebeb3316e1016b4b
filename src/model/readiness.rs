//! How far what is owed has been done: at a glance.

use super::kit::{EnumDef, Scalar};
use crate::access::Kind;

/// Days ahead in which what is due is due soon.
pub const SOON_DAYS: i64 = 30;
/// The name of the type.
pub const READINESS: &str = "Readiness";

/// Rows of which each is owed by a day until it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The type of the rows.
    pub of: Kind,
    /// The column there that points to the row.
    pub by: &'static str,
    /// The column with the last day that is in time.
    pub due: &'static str,
    /// The column that is null as long as it is owed.
    pub done: &'static str,
}

/// How it stands.
pub static READINESS_STATE: EnumDef = EnumDef {
    name: "ReadinessState",
    description: "How far what is owed has been done. Days are those of UTC.",
    values: &[
        ("OVERDUE", "Something was due, and was not done."),
        ("DUE_SOON", "Something is due within 30 days, and nothing is overdue."),
        ("CURRENT", "Nothing is due within 30 days."),
        ("NONE", "Nothing is owed."),
    ],
};

/// A field of the type.
#[derive(Debug)]
pub struct ReadinessField {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// What it holds.
    pub scalar: Scalar,
    /// Whether there is always one.
    pub non_null: bool,
    /// The column of what is found.
    pub column: &'static str,
}

const fn told(name: &'static str, column: &'static str, scalar: Scalar, description: &'static str) -> ReadinessField {
    ReadinessField { name, description, scalar, non_null: true, column }
}

/// The fields of the type.
pub static FIELDS: [ReadinessField; 5] = [
    told("state", "state", Scalar::Enum(&READINESS_STATE), "How it stands: by the worst that is owed."),
    told("open", "owed", Scalar::Int, "How much is owed in all."),
    told("overdue", "overdue", Scalar::Int, "How much of it was due before today."),
    told("dueSoon", "soon", Scalar::Int, "How much of it is due today or within 30 days."),
    ReadinessField {
        non_null: false,
        ..told(
            "nextDueOn",
            "first",
            Scalar::Date,
            "The earliest day by which something owed is due: past if it is overdue, null if nothing is owed.",
        )
    },
];
