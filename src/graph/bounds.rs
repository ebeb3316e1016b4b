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
/// Nesting of such fields, at most.
const DEEPEST_LISTS: usize = 2;
/// Nesting under `__schema` and `__type`, at most: tools unwrap types nine times.
const DEEPEST_INTROSPECTION: usize = 20;
/// Fragments of a document, at most.
const MOST_FRAGMENTS: usize = 100;
/// Selections in selections, at most, whatever they are made of: the library and we walk them by recursion, and
/// fragments that spread each other nest deeper than any text of theirs.
const DEEPEST_SELECTIONS: usize = 100;

/// What a selection set amounts to with its fragments written out.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Nesting of fields.
    depth: usize,
    /// Nesting of fields, inline fragments and spreads.
    height: usize,
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
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.height = self.height.max(other.height);
        self.lists = self.lists.max(other.lists);
        self.fields = self.fields.saturating_add(other.fields);
        self.roots = self.roots.saturating_add(other.roots);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

/// Refuses a document that is over a limit, each error naming the limit and its value.
pub fn check(document: &ExecutableDocument, limits: &Limits) -> Result<()> {
    if document.fragments.len() > MOST_FRAGMENTS {
        return Err(too_complex(format!("fragments: at most {MOST_FRAGMENTS}, not {}", document.fragments.len())));
    }
    let mut walk = Walk { document, limits, fragments: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let mut measure = walk.measure(&operation.node.selection_set.node, Place::default())?;
        measure.directives = measure.directives.saturating_add(operation.node.directives.len());
        let bounds = [
            ("depth", measure.depth, limits.depth),
            ("rootFields", measure.roots, limits.root_fields),
            ("aliases", measure.aliases, limits.aliases),
            ("directives", measure.directives, limits.directives),
            ("fields", measure.fields, limits.fragment_size),
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

fn too_deep() -> Error {
    too_complex(format!("nesting: at most {DEEPEST_SELECTIONS} selections deep once fragments are written out"))
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

/// Where in a document the walk is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Under `__schema` or `__type`.
    introspection: bool,
    /// Selections around it.
    level: usize,
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// What is known of a fragment, plain and under introspection.
    fragments: HashMap<&'a str, [Known; 2]>,
}

impl<'a> Walk<'a> {
    fn measure(&mut self, set: &'a SelectionSet, at: Place) -> Result<Measure> {
        let introspection = at.introspection;
        let mut total = Measure::default();
        if at.level > DEEPEST_SELECTIONS {
            return Err(too_deep());
        }
        let below = Place { level: at.level + 1, ..at };
        for item in &set.items {
            let mut measure = match &item.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let inside = introspection || name == "__schema" || name == "__type";
                    let measure =
                        self.measure(&field.node.selection_set.node, Place { introspection: inside, ..below })?;
                    Self::field(name, introspection, inside, measure, field.node.alias.is_some())?
                }
                Selection::InlineFragment(fragment) => self.measure(&fragment.node.selection_set.node, below)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, below)?,
            };
            measure.height += 1;
            if measure.height > DEEPEST_SELECTIONS {
                return Err(too_deep());
            }
            measure.directives = measure.directives.saturating_add(item.node.directives().len());
            total.add(measure);
            // Sums stop growing here, so that a refusal costs what was read and no more.
            if total.fields > self.limits.fragment_size {
                return Err(too_complex(format!(
                    "fields: at most {} once fragments are written out",
                    self.limits.fragment_size
                )));
            }
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
        let depth = below.depth + 1;
        let is_introspection_root = inside && !nested;
        if is_introspection_root && depth > DEEPEST_INTROSPECTION {
            return Err(too_complex(format!("depth: at most {DEEPEST_INTROSPECTION} under {name}, not {depth}")));
        }
        Ok(Measure {
            // Introspection has its own bound on depth; towards the operation it counts as one field.
            depth: if is_introspection_root { 1 } else { depth },
            height: below.height,
            fields: below.fields.saturating_add(1),
            roots: 1,
            aliases: below.aliases.saturating_add(usize::from(aliased)),
            directives: below.directives,
            lists: if is_introspection_root { 0 } else { lists },
        })
    }

    fn fragment(&mut self, name: &str, at: Place) -> Result<Measure> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Err(Error::new(Code::GraphqlValidationFailed, format!("unknown fragment \"{name}\"")));
        };
        let name = name.as_str();
        let slot = usize::from(at.introspection);
        match self.fragments.get(name).and_then(|known| known.get(slot)).copied().unwrap_or_default() {
            Known::Measured(measure) => return Ok(measure),
            Known::Begun => {
                return Err(Error::new(Code::GraphqlValidationFailed, format!("fragment \"{name}\" contains itself")));
            }
            Known::Nothing => {}
        }
        self.remember(name, slot, Known::Begun);
        let mut measure = self.measure(&fragment.node.selection_set.node, at)?;
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
