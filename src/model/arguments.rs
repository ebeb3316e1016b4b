//! The arguments of lists and of the fields of `Query`.

use super::{
    definition,
    kit::Field,
    mutation::Mutation,
    query::{Root, RootShape},
    view::{InputField, InputRef, View},
    words,
};
use crate::access::Kind;

/// The argument of a calendar's first day.
pub const FROM: &str = "from";
/// The argument of its last day.
pub const TO: &str = "to";
/// The argument of the day before which something is due: such a list is read forward only, and has no cursor of that name.
pub const BEFORE: &str = "before";

impl View {
    /// The arguments of a page.
    fn page_arguments() -> Vec<InputField> {
        vec![
            argument(
                "first",
                "The first so many, at most 100; 20 when neither `first` nor `last` is given.",
                InputRef::Scalar("Int"),
            ),
            argument("after", "After this cursor.", InputRef::Scalar("String")),
            argument("last", "The last so many, at most 100.", InputRef::Scalar("Int")),
            argument("before", "Before this cursor.", InputRef::Scalar("String")),
        ]
    }

    /// The arguments of a connection to a type.
    pub fn connection_arguments(kind: Kind) -> Vec<InputField> {
        let name = kind.name();
        let mut arguments = Self::page_arguments();
        arguments.extend([
            argument(
                "filter",
                "Only those that match, judged by what you may read of them.",
                InputRef::Object(format!("{name}Filter")),
            ),
            argument(
                "orderBy",
                "In this order, the first key first; what you may not read sorts last, like what is not there.",
                InputRef::List(Box::new(InputRef::NonNull(Box::new(InputRef::Enum(format!("{name}Order")))))),
            ),
        ]);
        arguments
    }

    /// The arguments of a field of `Mutation`: its input.
    pub fn mutation_arguments(mutation: &Mutation) -> Vec<InputField> {
        let ty = InputRef::NonNull(Box::new(InputRef::Object(mutation.input_name())));
        vec![argument("input", "What is done, and on what.", ty)]
    }

    /// The field that an argument of a type's list finds by its words, if this role ever reads it.
    pub fn found_by(&self, kind: Kind) -> Option<&'static Field> {
        let field = definition(kind).found_by()?;
        self.ty(kind)?.fields.iter().copied().find(|known| known.name == field.name)
    }

    /// The arguments of a field of `Query`.
    pub fn root_arguments(&self, root: &Root) -> Vec<InputField> {
        let id = || InputRef::NonNull(Box::new(InputRef::Scalar("ID")));
        match root.shape {
            RootShape::Viewer => vec![],
            RootShape::Node | RootShape::One { by: None, .. } => vec![argument("id", "The object's id.", id())],
            RootShape::Nodes => vec![argument(
                "ids",
                "The objects' ids, at most 100.",
                InputRef::NonNull(Box::new(InputRef::List(Box::new(id())))),
            )],
            RootShape::One { by: Some((other, _)), .. } => vec![
                argument("id", "The object's id; give this or the other argument.", InputRef::Scalar("ID")),
                argument(other, "The other way to name it; give this or `id`.", InputRef::Scalar("String")),
            ],
            RootShape::Many { kind } => {
                let mut arguments = Self::connection_arguments(kind);
                arguments.extend(self.found_by(kind).map(|by| {
                    let text = format!(
                        "Only those with all these words in what you may read of their {}, the last as a beginning; accents and case do not count. {}.",
                        by.name,
                        upper_first(&words::expectation()),
                    );
                    argument(by.name, &text, InputRef::Scalar("String"))
                }));
                arguments
            }
            RootShape::Board { kind, .. } => Self::connection_arguments(kind),
            RootShape::Calendar { kind, .. } => {
                let day = || InputRef::NonNull(Box::new(InputRef::Scalar("Date")));
                let mut arguments = vec![argument(FROM, "The first day.", day()), argument(TO, "The last day.", day())];
                arguments.extend(Self::connection_arguments(kind));
                arguments
            }
            RootShape::Due { kind, .. } => {
                let day = InputRef::NonNull(Box::new(InputRef::Scalar("Date")));
                let forward = |field: &InputField| field.name != BEFORE && field.name != "last";
                let mut arguments = vec![argument(BEFORE, "The first day that does not count.", day)];
                arguments.extend(Self::connection_arguments(kind).into_iter().filter(forward));
                arguments
            }
            RootShape::Search => {
                let text = format!(
                    "The words: all of them in one object, the last as a beginning; accents and case do not count. {}.",
                    upper_first(&words::expectation()),
                );
                let mut arguments =
                    vec![argument("text", &text, InputRef::NonNull(Box::new(InputRef::Scalar("String"))))];
                arguments.extend(Self::page_arguments());
                arguments.push(argument(
                    "types",
                    "Only objects of these types.",
                    InputRef::List(Box::new(InputRef::NonNull(Box::new(InputRef::Enum("SearchType".to_owned()))))),
                ));
                arguments
            }
            RootShape::Timeline => {
                let mut arguments = self.timeline_arguments();
                arguments.extend(Self::page_arguments());
                arguments
            }
            RootShape::Statistics { of } => of.arguments(),
            RootShape::Near { kind } => {
                let number = || InputRef::NonNull(Box::new(InputRef::Scalar("Float")));
                vec![
                    argument("latitude", "Latitude of the point, degrees, WGS 84.", number()),
                    argument("longitude", "Longitude of the point, degrees, WGS 84.", number()),
                    argument("radiusMeters", "How far around it, in metres, at most 200,000.", number()),
                    argument("first", "The nearest so many, at most 100; 20 unless given.", InputRef::Scalar("Int")),
                    argument(
                        "filter",
                        "Only those that match, judged by what you may read of them.",
                        InputRef::Object(format!("{}Filter", kind.name())),
                    ),
                ]
            }
        }
    }
}

fn argument(name: &str, description: &str, ty: InputRef) -> InputField {
    InputField { name: name.to_owned(), description: description.to_owned(), ty }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
