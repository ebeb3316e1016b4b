//! The graph as one role is shown it: what the role can never reach is not there.
//!
//! Built from `access` and the definitions, once per role. The schema that is printed and validated against, the
//! coercion of arguments and the planner all read this one view.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    definition,
    desk::mutations,
    filters::{REFERENCE_FILTER, list_filter, reference_filter, scalar_filter},
    kit::{EnumDef, Field, Scalar, Search, Shape, TypeDef},
    mutation::{Holds, Mutation, Payload},
    query::{ROOTS, Root, RootShape, VIEWER, ViewerField, ViewerSource},
    stream::{self, STREAMS, Stream, Which},
    timeline::TYPE,
};
use crate::access::{Command, Kind, Role, Tier, Tiers, table};

/// A reference to an input type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputRef {
    /// A scalar by its name.
    Scalar(&'static str),
    /// An enum by its name.
    Enum(String),
    /// An input object by its name.
    Object(String),
    /// A list.
    List(Box<InputRef>),
    /// Not null.
    NonNull(Box<InputRef>),
}

/// An argument or a field of an input object.
#[derive(Clone, Debug)]
pub struct InputField {
    /// The GraphQL name.
    pub name: String,
    /// In the field's own words.
    pub description: String,
    /// What it takes.
    pub ty: InputRef,
}

/// An input object.
#[derive(Clone, Debug)]
pub struct InputObject {
    /// In the field's own words.
    pub description: String,
    /// Its fields.
    pub fields: Vec<InputField>,
}

/// An enum as a role sees it.
#[derive(Clone, Debug)]
pub struct EnumView {
    /// In the field's own words.
    pub description: String,
    /// Value and description, in their order.
    pub values: Vec<(String, String)>,
}

/// A type as a role sees it.
#[derive(Debug)]
pub struct TypeView {
    /// Its definition.
    pub definition: &'static TypeDef,
    /// Its fields, in order.
    pub fields: Vec<&'static Field>,
}

/// The graph of one role. `None` as the role is the union over all roles.
#[derive(Debug)]
pub struct View {
    /// Whose.
    pub role: Option<Role>,
    /// Types that can be reached.
    pub types: BTreeMap<Kind, TypeView>,
    /// Types whose rows `search` finds: members of `SearchResult`.
    pub found: Vec<Kind>,
    /// Fields of `Query`.
    pub roots: Vec<&'static Root>,
    /// Fields of `Mutation`: what some ground may grant.
    pub mutations: Vec<&'static Mutation>,
    /// Fields of `Subscription`.
    pub streams: Vec<&'static Stream>,
    /// Fields of `Viewer`.
    pub viewer: Vec<&'static ViewerField>,
    /// Input objects by name.
    pub inputs: BTreeMap<String, InputObject>,
    /// Enums by name.
    pub enums: BTreeMap<String, EnumView>,
    /// Custom scalars in use.
    pub scalars: BTreeSet<&'static str>,
}

impl View {
    /// The view of a role.
    pub fn of(role: Role) -> Self {
        Self::build(Some(role), |kind| table::reach(role, kind), |command| table::may_ever(role, command))
    }

    /// The union over all roles: what `schema.graphql` shows.
    pub fn union() -> Self {
        Self::build(
            None,
            |kind| Role::ALL.into_iter().fold(Tiers::NONE, |all, role| all | table::reach(role, kind)),
            |command| Role::ALL.into_iter().any(|role| table::may_ever(role, command)),
        )
    }

    fn build(role: Option<Role>, reach: impl Fn(Kind) -> Tiers, may: impl Fn(Command) -> bool) -> Self {
        let reachable: BTreeSet<Kind> =
            Kind::ALL.into_iter().filter(|kind| is_reachable(*kind, reach(*kind))).collect();
        let types: BTreeMap<Kind, TypeView> = reachable
            .iter()
            .map(|kind| {
                let definition = definition(*kind);
                let fields = definition.fields.iter().filter(|field| {
                    definition.tier(field).is_some_and(|tier| reach(*kind).has(tier))
                        && field.shape.target().is_none_or(|to| reachable.contains(&to))
                });
                (*kind, TypeView { definition, fields: fields.collect() })
            })
            .collect();
        let found: Vec<Kind> = types
            .values()
            .filter(|ty| ty.fields.iter().any(|field| field.search == Search::Words))
            .map(|ty| ty.definition.kind)
            .collect();
        let board = may(Command::AcknowledgeConcern);
        let mut view = Self {
            role,
            types,
            roots: ROOTS
                .iter()
                .filter(|root| match root.shape {
                    RootShape::Viewer | RootShape::Timeline => true,
                    RootShape::Node | RootShape::Nodes => !reachable.is_empty(),
                    RootShape::Search => !found.is_empty(),
                    RootShape::Board { kind, .. } => reachable.contains(&kind) && board,
                    RootShape::Near { kind } => {
                        let definition = definition(kind);
                        let readable = |name| definition.field(name).and_then(|field| definition.tier(field));
                        let mut coordinates = [readable("latitude"), readable("longitude")].into_iter();
                        reachable.contains(&kind) && coordinates.all(|tier| tier.is_some_and(|t| reach(kind).has(t)))
                    }
                    RootShape::Statistics { of } => reachable.contains(&of.kind),
                    RootShape::One { kind, .. }
                    | RootShape::Many { kind }
                    | RootShape::Calendar { kind, .. }
                    | RootShape::Due { kind, .. } => reachable.contains(&kind),
                })
                .collect(),
            viewer: VIEWER
                .iter()
                .filter(|field| field.source != ViewerSource::Agency || reachable.contains(&Kind::Agency))
                .collect(),
            found,
            mutations: mutations().filter(|mutation| may(mutation.command)).collect(),
            streams: STREAMS
                .iter()
                .filter(|stream| reachable.contains(&stream.kind))
                .filter(|stream| board || !matches!(stream.which, Which::Board { .. }))
                .collect(),
            inputs: BTreeMap::new(),
            enums: BTreeMap::new(),
            scalars: BTreeSet::new(),
        };
        if !view.found.is_empty() {
            let description = |kind: &Kind| format!("Rows of the type {}.", kind.name());
            let values = view.found.iter().map(|kind| (found_name(*kind), description(kind))).collect();
            let description = "Types whose rows `search` finds.".to_owned();
            view.enums.insert("SearchType".to_owned(), EnumView { description, values });
        }
        if view.timelines().next().is_some() {
            view.enums.insert(TYPE.to_owned(), view.told_enum());
        } else {
            view.roots.retain(|root| !matches!(root.shape, RootShape::Timeline));
        }
        for field in &view.viewer {
            if let Some((scalar, _)) = field.source.scalar() {
                note_scalar(&mut view.scalars, &mut view.enums, scalar);
            }
        }
        for kind in reachable {
            view.add_inputs(kind);
        }
        for root in view.roots.clone() {
            if let RootShape::Statistics { of } = root.shape {
                view.enums.insert(of.enum_name(), of.group_enum(&view));
            }
        }
        for mutation in view.mutations.clone() {
            for given in mutation.fields() {
                note_scalar(&mut view.scalars, &mut view.enums, given.ty);
            }
            view.inputs.insert(mutation.input_name(), mutation.input_object());
            if mutation.payload.iter().any(|field| field.holds == Holds::WatchPhone) {
                note_scalar(&mut view.scalars, &mut view.enums, Scalar::PhoneNumber);
            }
        }
        for stream in view.streams.clone() {
            view.enums.insert(stream::CHANGE.name.to_owned(), enum_view(&stream::CHANGE));
            view.inputs.extend(stream.filter_name().zip(stream.filter()));
        }
        view
    }

    /// The fields of a payload whose types this role can reach.
    pub fn payload(&self, mutation: &'static Mutation) -> impl Iterator<Item = &'static Payload> {
        mutation.payload.iter().filter(|field| match field.holds {
            Holds::Row(kind) => self.types.contains_key(&kind),
            Holds::WatchPhone | Holds::Notice(_) => true,
        })
    }

    /// A type as this role sees it.
    pub fn ty(&self, kind: Kind) -> Option<&TypeView> {
        self.types.get(&kind)
    }

    /// Whether every field of a path, through edges, is one that this role may ever read.
    pub fn reads(&self, kind: Kind, path: &[&str]) -> bool {
        let Some((name, rest)) = path.split_first() else { return true };
        let field = self.ty(kind).and_then(|ty| ty.fields.iter().find(|field| field.name == *name));
        field.is_some_and(|field| rest.is_empty() || field.shape.target().is_some_and(|to| self.reads(to, rest)))
    }

    fn add_inputs(&mut self, kind: Kind) {
        let Some(ty) = self.types.get(&kind) else { return };
        let name = kind.name();
        let filter = format!("{name}Filter");
        let list_of =
            |name: &str| InputRef::List(Box::new(InputRef::NonNull(Box::new(InputRef::Object(name.to_owned())))));
        let input = |name: &str, description: String, ty| InputField { name: name.to_owned(), description, ty };
        let mut fields = vec![
            input("and", "All of these match.".into(), list_of(&filter)),
            input("or", "At least one of these matches.".into(), list_of(&filter)),
            input(
                "not",
                "This does not match; a comparison with what you may not read is neither true nor false.".into(),
                InputRef::Object(filter.clone()),
            ),
            input("id", "By id.".into(), InputRef::Object("IDFilter".into())),
        ];
        let mut orders = Vec::new();
        self.inputs.insert("IDFilter".to_owned(), scalar_filter(Scalar::Id));
        for field in ty.fields.clone() {
            for scalar in field.shape.scalars() {
                note_scalar(&mut self.scalars, &mut self.enums, scalar);
            }
            if field.filter {
                let by = match field.shape {
                    Shape::Edge { to, .. } => Some(format!("{}Filter", to.name())),
                    Shape::Reference { .. } => {
                        self.inputs.entry(REFERENCE_FILTER.to_owned()).or_insert_with(reference_filter);
                        Some(REFERENCE_FILTER.to_owned())
                    }
                    Shape::Connection { to, .. } => {
                        let name = format!("{}ListFilter", to.name());
                        self.inputs.entry(name.clone()).or_insert_with(|| list_filter(to));
                        Some(name)
                    }
                    _ => field.shape.scalar().map(|scalar| {
                        let name = format!("{}Filter", scalar.name());
                        self.inputs.entry(name.clone()).or_insert_with(|| scalar_filter(scalar));
                        name
                    }),
                };
                fields.extend(by.map(|by| {
                    input(field.name, format!("By: {}", lower_first(field.description)), InputRef::Object(by))
                }));
            }
        }
        for (name, path) in ty.definition.orders().filter(|(_, path)| self.reads(kind, path)) {
            let words = path.join(" ");
            orders.push((format!("{name}_ASC"), format!("By {words}, smallest first.")));
            orders.push((format!("{name}_DESC"), format!("By {words}, largest first.")));
        }
        self.inputs.insert(filter, InputObject { description: format!("Which {name} rows."), fields });
        self.enums.insert(
            format!("{name}Order"),
            EnumView { description: format!("How {name} rows are ordered."), values: orders },
        );
    }
}

/// A type is in a role's schema when some ground shows it at all; a child, when its parent shows what it needs.
fn is_reachable(kind: Kind, reach: Tiers) -> bool {
    reach.has(Tier::D) && reach.has(kind.shown_by())
}

impl Shape {
    /// The type that an edge or a connection leads to.
    pub const fn target(&self) -> Option<Kind> {
        match self {
            Self::Edge { to, .. } | Self::Connection { to, .. } => Some(*to),
            _ => None,
        }
    }
}

fn note_scalar(scalars: &mut BTreeSet<&'static str>, enums: &mut BTreeMap<String, EnumView>, scalar: Scalar) {
    if let Scalar::Enum(def) = scalar {
        enums.entry(def.name.to_owned()).or_insert_with(|| enum_view(def));
    } else if scalar.specified_by().is_some() {
        scalars.insert(scalar.name());
    }
}

fn enum_view(def: &EnumDef) -> EnumView {
    EnumView {
        description: def.description.to_owned(),
        values: def.values.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect(),
    }
}

/// A type as a value of `SearchType`: `SecurityContact` is `SECURITY_CONTACT`.
pub fn found_name(kind: Kind) -> String {
    screaming(kind.name()).trim_start_matches('_').to_owned()
}

/// With a small first letter.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `openedAt` → `OPENED_AT`.
pub fn screaming(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}
