//! What people do, as data: the fields of `Mutation`, their inputs and their payloads.
//!
//! Who may do it is [`crate::access::table::GRANTS`]; what becomes of it is written in `desk`. A role's schema has the
//! mutations that some ground may grant it.

use super::{
    kit::{EnumDef, Scalar},
    view::{InputField, InputObject, InputRef},
};
use crate::access::{Command, Kind};

/// A field of `Mutation`.
#[derive(Debug)]
pub struct Mutation {
    /// What is done.
    pub command: Command,
    /// In the field's own words.
    pub description: &'static str,
    /// The fields of its input; `idempotencyKey` comes after them, and `expectedVersion` where it is done on a
    /// concern.
    pub input: &'static [Given],
    /// The fields of its payload.
    pub payload: &'static [Payload],
}

/// A field of an input.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// What it takes.
    pub ty: Scalar,
    /// Whether it takes a list of them.
    pub list: bool,
    /// Whether it must be given.
    pub required: bool,
    /// What its text must be like.
    pub rule: Rule,
}

/// What a value must be like beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing.
    Any,
    /// One line of 1 to so many characters.
    Line(usize),
    /// Text of 1 to so many characters, with line breaks.
    Text(usize),
    /// At most so many items, each one line of 1 to so many characters.
    Lines(usize, usize),
    /// A number from the one to the other.
    Within(i32, i32),
    /// An id of a type.
    Id(Kind),
    /// The letters of tiers that a share may open: D, C, P, S, in this order.
    Tiers,
    /// SHA-256, hexadecimal.
    Sha256,
    /// A CUI banner.
    Banner,
    /// An instant that is past, or at most a few minutes ahead of our clock.
    Past,
    /// An instant that is ahead.
    Ahead,
    /// Who issues tokens: an https URL.
    Issuer,
    /// What a claim of a token can be compared with.
    Claim,
    /// The `typ` of a token.
    TokenType,
    /// Originating Agency Identifier.
    Ori,
    /// A state of the United States, ISO 3166-2.
    State,
    /// The address of a website.
    Website,
    /// An e-mail address.
    Email,
    /// A telephone number that can be dialled from anywhere.
    Phone,
}

impl Rule {
    /// What is expected, for the error.
    pub fn expectation(self) -> String {
        match self {
            Self::Any => "a value".to_owned(),
            Self::Line(most) => format!("one line of 1 to {most} characters, none of them a control character"),
            Self::Text(most) => {
                format!("1 to {most} characters, none of them a control character but tab and line break")
            }
            Self::Lines(items, most) => format!("at most {items} lines of 1 to {most} characters"),
            Self::Within(low, high) => format!("a number from {low} to {high}"),
            Self::Id(kind) => format!("the id of a {} that you may see", kind.name()),
            Self::Tiers => "letters of tiers in order, D first: D, DC, DCP, DCS or DCPS".to_owned(),
            Self::Sha256 => "SHA-256: 64 hexadecimal digits".to_owned(),
            Self::Banner => "a CUI banner, as CUI//LEI//NOFORN".to_owned(),
            Self::Past => "an instant that is not ahead".to_owned(),
            Self::Ahead => "an instant that is ahead".to_owned(),
            Self::Issuer => "an https URL without query or fragment, of at most 255 bytes".to_owned(),
            Self::Claim => "a text of at most 255 bytes without invisible or control characters".to_owned(),
            Self::TokenType => "at+jwt or JWT".to_owned(),
            Self::Ori => "nine of A-Z and 0-9".to_owned(),
            Self::State => "an ISO 3166-2 code such as US-NY".to_owned(),
            Self::Website => {
                "an http or https URL of at most 255 characters, with a host and no name or password".to_owned()
            }
            Self::Phone => "an E.164 number such as +12025550100".to_owned(),
            Self::Email => "an e-mail address such as watch@example.org, of at most 254 characters".to_owned(),
        }
    }
}

/// A field of a payload.
#[derive(Clone, Copy, Debug)]
pub struct Payload {
    /// The GraphQL name.
    pub name: &'static str,
    /// In the field's own words.
    pub description: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// What a field of a payload holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The row of a type that was made or changed, read afresh with the present standing; null when it is not
    /// visible (any more).
    Row(Kind),
    /// Whom to call at DSS, round the clock.
    WatchPhone,
    /// A constant.
    Notice(&'static str),
}

/// Characters of an idempotency key, at most.
pub const LONGEST_KEY: usize = 255;
/// What every input takes: the name of the idempotency key.
pub const IDEMPOTENCY_KEY: &str = "idempotencyKey";
/// What the input of a command on a concern takes: the name of the version.
pub const EXPECTED_VERSION: &str = "expectedVersion";

const KEY: Given = Given {
    name: IDEMPOTENCY_KEY,
    description: "A text of your choice that names this request, kept for a day: sent again with the same input, nothing is done twice and the answer is read afresh; with another input it is a CONFLICT.",
    ty: Scalar::String,
    list: false,
    required: false,
    rule: Rule::Line(LONGEST_KEY),
};

const VERSION: Given = Given {
    name: EXPECTED_VERSION,
    description: "The `version` of the concern that you have seen: if it has changed since, nothing is done and the answer is a CONFLICT that tells the present one.",
    ty: Scalar::Int,
    list: false,
    required: false,
    rule: Rule::Any,
};

impl Mutation {
    /// The name of its input type.
    pub fn input_name(&self) -> String {
        format!("{}Input", upper_first(self.command.name()))
    }

    /// The name of its payload type.
    pub fn payload_name(&self) -> String {
        format!("{}Payload", upper_first(self.command.name()))
    }

    /// All fields of its input.
    pub fn fields(&self) -> impl Iterator<Item = Given> {
        let versioned = self.command.on() == Kind::Concern;
        self.input.iter().copied().chain(versioned.then_some(VERSION)).chain([KEY])
    }

    /// Its input type.
    pub fn input_object(&self) -> InputObject {
        let fields = self.fields().map(|given| InputField {
            name: given.name.to_owned(),
            description: given.description.to_owned(),
            ty: given.input_ref(),
        });
        InputObject { description: format!("What `{}` takes.", self.command.name()), fields: fields.collect() }
    }
}

impl Given {
    fn input_ref(&self) -> InputRef {
        let one = match self.ty {
            Scalar::Enum(def) => InputRef::Enum(def.name.to_owned()),
            other => InputRef::Scalar(other.name()),
        };
        let ty = if self.list { InputRef::List(Box::new(InputRef::NonNull(Box::new(one)))) } else { one };
        if self.required { InputRef::NonNull(Box::new(ty)) } else { ty }
    }

    /// The rule by which it is judged: text without a rule of its own is still bounded.
    pub const fn judged_by(&self) -> Rule {
        match (self.rule, self.ty) {
            (Rule::Any, Scalar::String | Scalar::Url) => Rule::Line(LONGEST_KEY),
            (rule, _) => rule,
        }
    }
}

fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A field that must be given.
pub const fn must(name: &'static str, ty: Scalar, rule: Rule, description: &'static str) -> Given {
    Given { name, description, ty, list: false, required: true, rule }
}

/// A field that may be given.
pub const fn may(name: &'static str, ty: Scalar, rule: Rule, description: &'static str) -> Given {
    Given { name, description, ty, list: false, required: false, rule }
}

/// A list of lines that may be given.
pub const fn may_list(name: &'static str, (items, most): (usize, usize), description: &'static str) -> Given {
    Given { name, description, ty: Scalar::String, list: true, required: false, rule: Rule::Lines(items, most) }
}

/// A list of values of an enum that may be given.
pub const fn may_list_of(name: &'static str, of: &'static EnumDef, description: &'static str) -> Given {
    Given { name, description, ty: Scalar::Enum(of), list: true, required: false, rule: Rule::Any }
}

/// A list of ids that may be given.
pub const fn may_list_ids(name: &'static str, (items, most): (usize, usize), description: &'static str) -> Given {
    Given { name, description, ty: Scalar::Id, list: true, required: false, rule: Rule::Lines(items, most) }
}

/// An id that must be given.
pub const fn id_of(name: &'static str, kind: Kind, description: &'static str) -> Given {
    must(name, Scalar::Id, Rule::Id(kind), description)
}

/// One value of an enum that must be given.
pub const fn one_of(name: &'static str, of: &'static EnumDef, description: &'static str) -> Given {
    must(name, Scalar::Enum(of), Rule::Any, description)
}

/// One value of an enum that may be given.
pub const fn maybe_one_of(name: &'static str, of: &'static EnumDef, description: &'static str) -> Given {
    may(name, Scalar::Enum(of), Rule::Any, description)
}

/// A row of the payload.
pub const fn row(name: &'static str, kind: Kind, description: &'static str) -> Payload {
    Payload { name, description, holds: Holds::Row(kind) }
}
