//! What a field that is a single value holds.

use super::kit::EnumDef;

/// A scalar or an enum.
#[derive(Clone, Copy, Debug)]
pub enum Scalar {
    /// An opaque id. In a column: of the row itself.
    Id,
    /// Text.
    String,
    /// A whole number of 32 bits.
    Int,
    /// A number of double precision.
    Float,
    /// True or false.
    Boolean,
    /// An instant, RFC 3339, UTC.
    DateTime,
    /// A day, ISO 8601.
    Date,
    /// A telephone number, E.164.
    PhoneNumber,
    /// An e-mail address, RFC 5322 addr-spec.
    EmailAddress,
    /// An absolute URL.
    Url,
    /// One of a closed list.
    Enum(&'static EnumDef),
}

impl Scalar {
    /// The GraphQL name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::String => "String",
            Self::Int => "Int",
            Self::Float => "Float",
            Self::Boolean => "Boolean",
            Self::DateTime => "DateTime",
            Self::Date => "Date",
            Self::PhoneNumber => "PhoneNumber",
            Self::EmailAddress => "EmailAddress",
            Self::Url => "URL",
            Self::Enum(def) => def.name,
        }
    }

    /// For a custom scalar: where it is specified, and what it is.
    pub const fn specified_by(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::DateTime => Some((
                "https://www.rfc-editor.org/rfc/rfc3339",
                "An instant (RFC 3339), given in UTC with six digits of a second: `2026-11-22T09:30:00.000000Z`. Any offset is accepted.",
            )),
            Self::Date => Some((
                "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
                "A day (RFC 3339 full-date): `2026-11-22`.",
            )),
            Self::PhoneNumber => {
                Some(("https://www.itu.int/rec/T-REC-E.164", "A telephone number (ITU-T E.164): `+12025550123`."))
            }
            Self::EmailAddress => Some((
                "https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
                "An e-mail address (RFC 5322 addr-spec).",
            )),
            Self::Url => Some(("https://url.spec.whatwg.org/", "An absolute URL.")),
            _ => None,
        }
    }
}
