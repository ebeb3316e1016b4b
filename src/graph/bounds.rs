//! Bounds on a parsed document, before it is validated: one walk, each fragment measured once.
//!
//! Doubled fragments (820 bytes that expand to millions of fields) are refused in linear time because a fragment's
//! measure is remembered; so are cycles, and fragments that nothing uses.

use std::collections::HashMap;

use async_graphql_parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::scan::too_complex;
use crate::{
    config::Limits,
    error::{Code, Error, Result},
};

/// Fields of introspection that lead from a type to types again: two on one way serve every tool (`types`, their
/// `fields`, their `args`); more grow exponentially.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
/// Those that lead from types to what is of another kind, or begin.
const MORE_LISTS: [&str; 5] = ["types", "directives", "args", "enumValues", "locations"];
/// Fields of introspection that list, at most, once fragments are written out: tools ask for nine. Each may be all that
/// the schema says.
const MOST_LISTED: usize = 20;
/// Nesting of such fields, at most.
const DEEPEST_LISTS: usize = 2;
/// Nesting under `__schema` and `__type`, at most: tools unwrap types nine times.
const DEEPEST_INTROSPECTION: usize = 20;
/// Fragments of a document, at most: the library walks chains of them by recursion.
const MOST_FRAGMENTS: usize = 100;

/// Operations of a document, at most: each is validated with all fragments that it spreads.
const MOST_OPERATIONS: usize = 20;
/// Arguments of a field, at most: two fields are compared argument by argument, each looked for among the other's.
const MOST_ARGUMENTS: usize = 30;
/// How often a field may be compared with what stands beside it, on the average of the fields of a document: the
/// library does so for each selection set that it is in, and inline fragments are selection sets in each other.
const MOST_COMPARED: usize = 4;

/// Selection sets in each other, at most, whatever they belong to: fields, inline fragments, fragments spread. Every
/// walk over a document (ours, the library's) recurses for each, and a hundred fragments of a dozen inline fragments
/// each would overflow the stack.
const DEEPEST_SELECTION: usize = 100;

/// What a selection set amounts to with its fragments written out.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Nesting of fields.
    depth: usize,
    /// Nesting of selection sets.
    nesting: usize,
    /// Fields in all.
    fields: usize,
    /// Fields on its first level.
    roots: usize,
    /// Aliases in all.
    aliases: usize,
    /// Directives in all.
    directives: usize,
    /// Nesting of introspection lists.
    lists: usize,
    /// Fields of introspection that list.
    listed: usize,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.lists = self.lists.max(other.lists);
        self.nesting = self.nesting.max(other.nesting);
        self.fields = self.fields.saturating_add(other.fields);
        self.roots = self.roots.saturating_add(other.roots);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.listed = self.listed.saturating_add(other.listed);
    }
}

/// Refuses a document that is over a limit, each error naming the limit and its value.
pub fn check(document: &ExecutableDocument, limits: &Limits) -> Result<()> {
    if document.fragments.len() > MOST_FRAGMENTS {
        return Err(too_complex(format!("fragments: at most {MOST_FRAGMENTS}, not {}", document.fragments.len())));
    }
    let operations = document.operations.iter().count();
    if operations > MOST_OPERATIONS {
        return Err(too_complex(format!("operations: at most {MOST_OPERATIONS} in a document, not {operations}")));
    }
    let mut walk = Walk { document, limits, fragments: HashMap::new(), compared: 0 };
    for (_, operation) in document.operations.iter() {
        let mut measure = walk.measure(&operation.node.selection_set.node, false, 0)?;
        measure.directives = measure.directives.saturating_add(operation.node.directives.len());
        let bounds = [
            ("depth", measure.depth, limits.depth),
            ("rootFields", measure.roots, limits.root_fields),
            ("aliases", measure.aliases, limits.aliases),
            ("directives", measure.directives, limits.directives),
            ("fields", measure.fields, limits.fragment_size),
            ("introspection lists", measure.listed, MOST_LISTED),
        ];
        if let Some((name, asked, most)) = bounds.into_iter().find(|(_, asked, most)| asked > most) {
            return Err(too_complex(format!("{name}: at most {most}, not {asked}")));
        }
    }
    let unused = document.fragments.keys().filter(|name| !walk.fragments.contains_key(name.as_str())).min();
    if let Some(name) = unused {
        return Err(Error::new(Code::GraphqlValidationFailed, format!("fragment \"{name}\" is not used")));
    }
    Ok(())
}

fn within_nesting(level: usize) -> Result<()> {
    if level > DEEPEST_SELECTION {
        return Err(too_complex(format!("nesting: at most {DEEPEST_SELECTION} selections in each other")));
    }
    Ok(())
}

/// What is known of a fragment.
#[derive(Clone, Copy, Debug, Default)]
enum Known {
    /// Not met yet.
    #[default]
    Nothing,
    /// Being measured: to meet it again is a cycle.
    Begun,
    /// Measured.
    Measured(Measure),
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// What is known of a fragment, plain and under introspection.
    fragments: HashMap<&'a str, [Known; 2]>,
    /// Fields beside each other in a selection set, of all of them.
    compared: usize,
}

impl<'a> Walk<'a> {
    /// `level` is how many selection sets this one is in.
    fn measure(&mut self, set: &'a SelectionSet, introspection: bool, level: usize) -> Result<Measure> {
        within_nesting(level)?;
        let mut total = Measure::default();
        for item in &set.items {
            let mut measure = match &item.node {
                Selection::Field(field) => {
                    if field.node.arguments.len() > MOST_ARGUMENTS {
                        return Err(too_complex(format!("arguments: at most {MOST_ARGUMENTS} of a field")));
                    }
                    let name = field.node.name.node.as_str();
                    let inside = introspection || name == "__schema" || name == "__type";
                    let below = self.measure(&field.node.selection_set.node, inside, level + 1)?;
                    Self::field(name, introspection, inside, below, field.node.alias.is_some())?
                }
                Selection::InlineFragment(fragment) => {
                    self.measure(&fragment.node.selection_set.node, introspection, level + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, introspection, level + 1)?
                }
            };
            measure.directives = measure.directives.saturating_add(item.node.directives().len());
            measure.nesting += 1;
            total.add(measure);
            // Sums stop growing here, so that a refusal costs what was read and no more.
            if total.fields > self.limits.fragment_size {
                return Err(too_complex(format!(
                    "fields: at most {} once fragments are written out",
                    self.limits.fragment_size
                )));
            }
        }
        self.compared = self.compared.saturating_add(total.roots);
        if self.compared > self.limits.fragment_size.saturating_mul(MOST_COMPARED) {
            return Err(too_complex("fields: too many in inline fragments and fragments in each other".to_owned()));
        }
        Ok(total)
    }

    fn field(name: &str, nested: bool, inside: bool, below: Measure, aliased: bool) -> Result<Measure> {
        let lists = below.lists + usize::from(nested && INTROSPECTION_LISTS.contains(&name));
        if lists > DEEPEST_LISTS {
            return Err(too_complex(format!(
                "introspection: at most {DEEPEST_LISTS} of {INTROSPECTION_LISTS:?} in each other"
            )));
        }
        let is_listing = nested && (INTROSPECTION_LISTS.contains(&name) || MORE_LISTS.contains(&name));
        let depth = below.depth + 1;
        let is_introspection_root = inside && !nested;
        if is_introspection_root && depth > DEEPEST_INTROSPECTION {
            return Err(too_complex(format!("depth: at most {DEEPEST_INTROSPECTION} under {name}, not {depth}")));
        }
        Ok(Measure {
            // Introspection has its own bound on depth; towards the operation it counts as one field.
            depth: if is_introspection_root { 1 } else { depth },
            nesting: below.nesting,
            fields: below.fields.saturating_add(1),
            roots: 1,
            aliases: below.aliases.saturating_add(usize::from(aliased)),
            directives: below.directives,
            lists: if is_introspection_root { 0 } else { lists },
            listed: below.listed.saturating_add(usize::from(is_listing)),
        })
    }

    fn fragment(&mut self, name: &str, introspection: bool, level: usize) -> Result<Measure> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Err(Error::new(Code::GraphqlValidationFailed, format!("unknown fragment \"{name}\"")));
        };
        let name = name.as_str();
        let slot = usize::from(introspection);
        match self.fragments.get(name).and_then(|known| known.get(slot)).copied().unwrap_or_default() {
            Known::Measured(measure) => {
                within_nesting(level + measure.nesting)?;
                return Ok(measure);
            }
            Known::Begun => {
                return Err(Error::new(Code::GraphqlValidationFailed, format!("fragment \"{name}\" contains itself")));
            }
            Known::Nothing => {}
        }
        self.remember(name, slot, Known::Begun);
        let mut measure = self.measure(&fragment.node.selection_set.node, introspection, level)?;
        measure.directives = measure.directives.saturating_add(fragment.node.directives.len());
        self.remember(name, slot, Known::Measured(measure));
        Ok(measure)
    }

    fn remember(&mut self, name: &'a str, slot: usize, what: Known) {
        if let Some(known) = self.fragments.entry(name).or_default().get_mut(slot) {
            *known = what;
        }
    }
}
