//! What the graph is, as data: one table of fields, edges and orders per type. `access` says who sees which of
//! them; `read` turns them into statements; `graph` into a schema per role.

mod advisory;
pub mod arguments;
mod audit;
pub mod clock;
mod concern;
mod desk;
mod detail;
mod directory;
pub mod enums;
mod filters;
pub mod incident;
pub mod kit;
mod listed;
mod mission;
pub mod mutation;
pub mod post;
pub mod query;
pub mod readiness;
pub mod rota;
mod scalar;
mod search;
mod serving;
pub mod stats;
pub mod stream;
pub mod timeline;
pub mod view;
mod visit;
pub mod words;

use crate::access::{self, Kind, Tier};
use kit::{Field, Scalar, Shape, TypeDef};

/// The definition of a type.
pub const fn definition(kind: Kind) -> &'static TypeDef {
    match kind {
        Kind::SendingState => &directory::SENDING_STATE,
        Kind::Agency => &directory::AGENCY,
        Kind::Person => &directory::PERSON,
        Kind::Mission => &mission::MISSION,
        Kind::Premises => &mission::PREMISES,
        Kind::SecurityContact => &mission::SECURITY_CONTACT,
        Kind::Liaison => &directory::LIAISON,
        Kind::Concern => &concern::CONCERN,
        Kind::Entry => &concern::ENTRY,
        Kind::Referral => &concern::REFERRAL,
        Kind::Share => &concern::SHARE,
        Kind::Evidence => &concern::EVIDENCE,
        Kind::Post => &post::POST,
        Kind::Advisory => &advisory::ADVISORY,
        Kind::Acknowledgement => &advisory::ACKNOWLEDGEMENT,
        Kind::MissionChange => &mission::MISSION_CHANGE,
        Kind::Visit => &visit::VISIT,
        Kind::Venue => &visit::VENUE,
        Kind::Leg => &visit::LEG,
        Kind::Delegate => &visit::DELEGATE,
        Kind::PortCourtesy => &visit::PORT_COURTESY,
        Kind::WeaponsNotice => &visit::WEAPONS_NOTICE,
        Kind::VisitConflict => &visit::VISIT_CONFLICT,
        Kind::AdvanceNote => &visit::ADVANCE_NOTE,
        Kind::ProtectiveDetail => &detail::PROTECTIVE_DETAIL,
        Kind::Assignment => &detail::ASSIGNMENT,
        Kind::Shift => &detail::SHIFT,
        Kind::Tour => &post::TOUR,
        Kind::PostProgramme => &post::programmes::POST_PROGRAMME,
        Kind::ProgrammeReview => &post::programmes::PROGRAMME_REVIEW,
        Kind::Finding => &post::programmes::FINDING,
        Kind::Advice => &post::programmes::ADVICE,
        Kind::Incident => &incident::INCIDENT,
        Kind::IncidentEntry => &incident::INCIDENT_ENTRY,
        Kind::AuditEvent => &audit::AUDIT_EVENT,
    }
}

impl TypeDef {
    /// A field by its GraphQL name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a path is that of a date of the row's own: no instant, so of no time zone.
    pub fn is_date(&self, path: &[&str]) -> bool {
        let [name] = path else { return false };
        let field = self.field(name);
        field.is_some_and(|field| matches!(field.shape, Shape::Column { scalar: Scalar::Date, .. }))
    }

    /// The ways a list may be ordered, without their direction: the value of the enum, and the path to the field.
    pub fn orders(&self) -> impl Iterator<Item = (String, Vec<&'static str>)> {
        let own = self.fields.iter().filter(|field| field.order).map(|field| vec![field.name]);
        let far = self.far_orders.iter().map(|path| path.to_vec());
        own.chain(far).map(|path| (path.iter().map(|name| view::screaming(name)).collect::<Vec<_>>().join("_"), path))
    }

    /// The tier of a field; a field that `access` does not name has none and is denied.
    pub fn tier(&self, field: &Field) -> Option<Tier> {
        access::fields::tier(self.kind, field.name)
    }

    /// Whether a field is non-null: alike in every role's schema, only what every viewer of the row sees and the
    /// database always holds.
    pub fn is_non_null(&self, field: &Field) -> bool {
        let directory = self.tier(field) == Some(Tier::D);
        match field.shape {
            Shape::Column { nullable, .. } => directory && !nullable,
            Shape::Texts { .. } | Shape::Gather { .. } | Shape::Version { .. } => directory,
            Shape::Connection { .. } => true,
            Shape::Lookup { .. }
            | Shape::Reference { .. }
            | Shape::Edge { .. }
            | Shape::ClockState { .. }
            | Shape::Clock { .. }
            | Shape::Rota { .. }
            | Shape::Serving(_)
            | Shape::Readiness(_) => false,
        }
    }
}

impl Shape {
    /// The scalar of a field that is a single value.
    pub const fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::Column { scalar, .. } | Self::Lookup { scalar, .. } => Some(*scalar),
            Self::Version { .. } => Some(Scalar::Int),
            Self::Reference { .. } => Some(Scalar::Id),
            Self::ClockState { .. } => Some(Scalar::Enum(&enums::CLOCK_STATE)),
            _ => None,
        }
    }

    /// The scalars that a field's values are of.
    pub fn scalars(&self) -> Vec<Scalar> {
        match self {
            Self::Readiness(_) => readiness::FIELDS.iter().map(|told| told.scalar).collect(),
            _ => Vec::from_iter(self.scalar()),
        }
    }
}

/// The public id of a row.
pub fn public_id(kind: Kind, row: &str) -> String {
    format!("{}_{row}", definition(kind).prefix)
}

/// Splits a public id into its type and the row's id; `None` unless it is exactly as we write it.
pub fn parse_id(id: &str) -> Option<(Kind, &str)> {
    let (prefix, row) = id.rsplit_once('_')?;
    let kind = Kind::ALL.into_iter().find(|kind| definition(*kind).prefix == prefix)?;
    crate::id::is_valid(row).then_some((kind, row))
}
