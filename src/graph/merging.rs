//! Whether fields of one response key can be merged (GraphQL specification, section 5.3.2), for every type that an
//! object may have and whatever `@skip` says. The library's validation asks only after fields of one selection set.
//!
//! Runs on a document that has been bounded and validated: its fragments end and its fields are known.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::{
    Positioned, parse_schema,
    types::{BaseType, ExecutableDocument, Field, FieldDefinition, Selection, SelectionSet, Type, TypeKind},
    types::{OperationType, TypeSystemDefinition},
};

use crate::error::{Code, Error, Result};

/// The types of a schema, as far as merging asks.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// Fields of objects and interfaces.
    fields: HashMap<String, HashMap<String, Type>>,
    /// Interfaces and unions: what may be of several types.
    open: HashSet<String>,
}

/// A field in a response, and the type it is asked of; no name for what introspection has.
type Asked<'a> = (Option<&'a str>, &'a Positioned<Field>);

impl Shapes {
    /// Of a schema in its printed form.
    pub(super) fn of(sdl: &str) -> Result<Self> {
        let mut shapes = Self::default();
        for definition in parse_schema(sdl).map_err(Error::internal)?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => {
                    shapes.open.insert(name.clone());
                    interface.fields
                }
                TypeKind::Union(_) => {
                    shapes.open.insert(name.clone());
                    vec![]
                }
                _ => continue,
            };
            shapes.fields.insert(name, fields.into_iter().map(|field| named(field.node)).collect());
        }
        Ok(shapes)
    }

    /// Refuses a document with fields that cannot be merged, at the field where that shows.
    pub(super) fn check(&self, document: &ExecutableDocument) -> Result<()> {
        for (_, operation) in document.operations.iter() {
            let root = match operation.node.ty {
                OperationType::Query => "Query",
                OperationType::Mutation => "Mutation",
                OperationType::Subscription => "Subscription",
            };
            let sets = vec![(Some(root), &operation.node.selection_set.node)];
            let walk = Walk { shapes: self, document };
            walk.shapes_agree(&sets)?;
            walk.fields_agree(&sets)?;
        }
        Ok(())
    }

    /// What a field gives; `None` for what introspection has.
    fn ty<'s>(&'s self, of: Option<&str>, field: &str) -> Option<&'s Type> {
        self.fields.get(of?)?.get(field)
    }

    /// Section 5.3.2, `SameResponseShape`, without what lies below.
    fn same_shape(&self, a: &Type, b: &Type) -> bool {
        a.nullable == b.nullable
            && match (&a.base, &b.base) {
                (BaseType::List(a), BaseType::List(b)) => self.same_shape(a, b),
                (BaseType::Named(a), BaseType::Named(b)) => {
                    a == b || (self.fields.contains_key(a.as_str()) && self.fields.contains_key(b.as_str()))
                }
                _ => false,
            }
    }
}

fn named(field: FieldDefinition) -> (String, Type) {
    (field.name.node.to_string(), field.ty.node)
}

/// The name inside all lists.
fn inmost(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => inmost(inner),
    }
}

struct Walk<'a> {
    shapes: &'a Shapes,
    document: &'a ExecutableDocument,
}

impl<'a> Walk<'a> {
    /// Whatever the types of the objects: what stands under one key has one shape.
    fn shapes_agree(&self, sets: &[(Option<&'a str>, &'a SelectionSet)]) -> Result<()> {
        for (key, asked) in self.by_key(sets) {
            let first = asked.iter().find_map(|(of, field)| self.shapes.ty(*of, &field.node.name.node));
            for (of, field) in &asked {
                let ty = self.shapes.ty(*of, &field.node.name.node);
                if let (Some(first), Some(ty)) = (first, ty)
                    && !self.shapes.same_shape(first, ty)
                {
                    return Err(conflict(key, field));
                }
            }
            self.shapes_agree(&self.below(&asked))?;
        }
        Ok(())
    }

    /// On an object of one type, what stands under one key is one field with one set of arguments.
    fn fields_agree(&self, sets: &[(Option<&'a str>, &'a SelectionSet)]) -> Result<()> {
        for (key, asked) in self.by_key(sets) {
            let open = |of: Option<&str>| of.is_some_and(|of| self.shapes.open.contains(of));
            let mut closed: Vec<Option<&str>> = asked.iter().map(|(of, _)| *of).filter(|of| !open(*of)).collect();
            closed.sort_unstable();
            closed.dedup();
            if closed.is_empty() {
                closed.push(None);
            }
            for object in closed {
                let together: Vec<Asked<'a>> =
                    asked.iter().filter(|(of, _)| *of == object || open(*of)).copied().collect();
                let Some((_, first)) = together.first() else { continue };
                if let Some((_, other)) = together.iter().find(|(_, field)| !same_field(&first.node, &field.node)) {
                    return Err(conflict(key, other));
                }
                self.fields_agree(&self.below(&together))?;
            }
        }
        Ok(())
    }

    /// The selection sets below fields, each with the type it is of.
    fn below(&self, asked: &[Asked<'a>]) -> Vec<(Option<&'a str>, &'a SelectionSet)> {
        asked
            .iter()
            .map(|(of, field)| {
                let ty = self.shapes.ty(*of, &field.node.name.node);
                (ty.map(inmost), &field.node.selection_set.node)
            })
            .filter(|(_, set)| !set.items.is_empty())
            .collect()
    }

    /// All fields of selection sets by response key, in the order in which they are met, fragments written out.
    fn by_key(&self, sets: &[(Option<&'a str>, &'a SelectionSet)]) -> Vec<(&'a str, Vec<Asked<'a>>)> {
        let mut fields = Fields::default();
        for (of, set) in sets {
            self.gather(*of, set, &mut fields);
        }
        fields.by_key
    }

    fn gather(&self, of: Option<&'a str>, set: &'a SelectionSet, fields: &mut Fields<'a>) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => fields.add(of, field),
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.gather(on.or(of), &fragment.node.selection_set.node, fields);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if fields.spread.insert(name) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.gather(Some(on), &fragment.node.selection_set.node, fields);
                    }
                }
            }
        }
    }
}

#[derive(Default)]
struct Fields<'a> {
    by_key: Vec<(&'a str, Vec<Asked<'a>>)>,
    places: HashMap<&'a str, usize>,
    /// Fragments that were written out already.
    spread: HashSet<&'a str>,
}

impl<'a> Fields<'a> {
    fn add(&mut self, of: Option<&'a str>, field: &'a Positioned<Field>) {
        let key = field.node.response_key().node.as_str();
        let place = *self.places.entry(key).or_insert(self.by_key.len());
        match self.by_key.get_mut(place) {
            Some((_, asked)) => asked.push((of, field)),
            None => self.by_key.push((key, vec![(of, field)])),
        }
    }
}

/// Whether two fields are one: the same name with the same arguments.
pub(super) fn same_field(a: &Field, b: &Field) -> bool {
    a.name.node == b.name.node
        && a.arguments.len() == b.arguments.len()
        && a.arguments
            .iter()
            .all(|(name, value)| b.get_argument(&name.node).is_some_and(|other| other.node == value.node))
}

pub(super) fn conflict(key: &str, field: &Positioned<Field>) -> Error {
    let message = format!("fields of the response key \"{key}\" conflict: give one of them another alias");
    Error::new(Code::GraphqlValidationFailed, message).at(field.pos.line, field.pos.column)
}
