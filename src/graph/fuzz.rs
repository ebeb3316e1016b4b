//! The scan and the bounds against documents by chance, held against what the parser makes of them and against a walk
//! that knows no cleverness: fragments written out, everything counted.
//!
//! `PROPTEST_CASES` says how many, where that is more than usual.

use async_graphql_parser::{
    parse_query,
    types::{ExecutableDocument, Selection, SelectionSet},
};
use async_graphql_value::Value;
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_assert, prop_oneof},
    test_runner::{Config, TestCaseError, TestRunner},
};

use super::{bounds, scan};
use crate::config::Limits;

/// Cases of each test, at least.
const CASES: u32 = 1_500;

fn check<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let usual = Config::default();
    let config = Config { cases: usual.cases.max(CASES), failure_persistence: None, ..usual };
    if let Err(error) = TestRunner::new(config).run(strategy, test) {
        panic!("{error}");
    }
}

/// Limits that chance meets.
fn limits() -> Limits {
    Limits { tokens: 400, depth: 5, aliases: 6, root_fields: 8, directives: 5, fragment_size: 60, ..Limits::default() }
}

/// What is counted without memory, for each operation.
#[derive(Debug, Default)]
struct Count {
    depth: usize,
    fields: usize,
    roots: usize,
    aliases: usize,
    directives: usize,
}

/// Enough of what is written out: whatever is larger is over every bound.
const ENOUGH: usize = 20_000;

/// Walks with fragments written out; none where that does not end.
fn naive(document: &ExecutableDocument, set: &SelectionSet, level: usize, seen: &mut usize) -> Option<Count> {
    let mut total = Count::default();
    for item in &set.items {
        *seen += 1;
        if *seen > ENOUGH || level > 110 {
            return None;
        }
        let directives = item.node.directives().len();
        let one = match &item.node {
            Selection::Field(field) => {
                let below = naive(document, &field.node.selection_set.node, level + 1, seen)?;
                Count {
                    depth: below.depth + 1,
                    fields: below.fields + 1,
                    roots: 1,
                    aliases: below.aliases + usize::from(field.node.alias.is_some()),
                    directives: below.directives + directives,
                }
            }
            Selection::InlineFragment(inline) => {
                let below = naive(document, &inline.node.selection_set.node, level + 1, seen)?;
                Count { directives: below.directives + directives, ..below }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = document.fragments.get(&spread.node.fragment_name.node)?;
                let below = naive(document, &fragment.node.selection_set.node, level + 1, seen)?;
                Count { directives: below.directives + directives + fragment.node.directives.len(), ..below }
            }
        };
        total.depth = total.depth.max(one.depth);
        total.fields += one.fields;
        total.roots += one.roots;
        total.aliases += one.aliases;
        total.directives += one.directives;
    }
    Some(total)
}

/// Nodes of the tree, each of which was a token at least; and how deep it is.
fn nodes(document: &ExecutableDocument) -> (usize, usize) {
    let operations = document.operations.iter().map(|(_, operation)| {
        let defined = &operation.node.variable_definitions;
        let defaults: usize = defined.iter().filter_map(|one| one.node.default_value.as_ref()).count();
        (&operation.node.selection_set.node, defined.len() * 3 + defaults)
    });
    let fragments = document.fragments.values().map(|fragment| (&fragment.node.selection_set.node, 4));
    operations.chain(fragments).fold((0, 0), |(count, deep), (set, more)| {
        let (inside, level) = of_set(set);
        (count + inside + more, deep.max(level))
    })
}

fn of_set(set: &SelectionSet) -> (usize, usize) {
    let (mut count, mut deepest) = (0, 0);
    for item in &set.items {
        let (own, set, arguments) = match &item.node {
            Selection::Field(field) => {
                let name = 1 + 2 * usize::from(field.node.alias.is_some());
                (name, Some(&field.node.selection_set.node), field.node.arguments.as_slice())
            }
            Selection::InlineFragment(inline) => (
                1 + 2 * usize::from(inline.node.type_condition.is_some()),
                Some(&inline.node.selection_set.node),
                &[][..],
            ),
            Selection::FragmentSpread(_) => (2, None, &[][..]),
        };
        let given = item.node.directives().iter().flat_map(|one| &one.node.arguments);
        for (_, value) in arguments.iter().chain(given) {
            let (values, level) = of_value(&value.node);
            count += 2 + values;
            deepest = deepest.max(level + 1);
        }
        count += own + 2 * item.node.directives().len();
        if let Some(set) = set.filter(|set| !set.items.is_empty()) {
            let (inside, level) = of_set(set);
            count += inside;
            deepest = deepest.max(level);
        }
    }
    (count + 2, deepest + 1)
}

fn of_value(value: &Value) -> (usize, usize) {
    let sum = |values: Vec<&Value>, each: usize| {
        values
            .into_iter()
            .map(of_value)
            .fold((2, 1), |(count, deep), (inside, level)| (count + inside + each, deep.max(level + 1)))
    };
    match value {
        Value::List(values) => sum(values.iter().collect(), 0),
        Value::Object(fields) => sum(fields.values().collect(), 2),
        Value::Variable(_) => (2, 0),
        _ => (1, 0),
    }
}

/// What passes the scan parses, or is refused by the parser, and counts no less there; what passes the bounds is within
/// them by the naive count.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let limits = limits();
    let Ok(tokens) = scan::scan(text, limits.tokens) else { return Ok(()) };
    let Ok(document) = parse_query(text) else { return Ok(()) };
    let (met, deep) = nodes(&document);
    prop_assert!(tokens >= met, "{tokens} tokens scanned, {met} met");
    prop_assert!(deep <= 101, "{deep} brackets deep");
    let verdict = bounds::check(&document, &limits);
    for (_, operation) in document.operations.iter() {
        let mut seen = 0;
        let count = naive(&document, &operation.node.selection_set.node, 0, &mut seen);
        let Some(mut count) = count else {
            prop_assert!(verdict.is_err(), "it does not end, and passes");
            continue;
        };
        count.directives += operation.node.directives.len();
        let within = count.depth <= limits.depth
            && count.fields <= limits.fragment_size
            && count.roots <= limits.root_fields
            && count.aliases <= limits.aliases
            && count.directives <= limits.directives;
        prop_assert!(within || verdict.is_err(), "it passes with {count:?}");
        if let Err(error) = &verdict
            && document.operations.iter().count() == 1
            && within
        {
            // What is refused within the limits is refused for another reason.
            let known = ["not used", "contains itself", "unknown fragment", "nesting", "in each other", "arguments"];
            prop_assert!(known.iter().any(|part| error.message.contains(part)), "{} {count:?}", error.message);
        }
    }
    Ok(())
}

/// Selections by chance; some of their fragments are there.
fn selections() -> impl Strategy<Value = String> {
    let name =
        prop_oneof!["[a-c]", Just("x: a".to_owned()), Just("a(b: [1 {c: $d}])".to_owned()), Just("a @e".to_owned())];
    let spread = prop_oneof!["\\.\\.\\.F[0-3] ?", Just("...F0@e(f:\"x\")".to_owned())];
    let leaf = prop_oneof![4 => name, 2 => spread];
    leaf.prop_recursive(7, 40, 4, |inner| {
        let set = vec(inner, 1..4).prop_map(|inner| inner.join(" "));
        prop_oneof![
            set.clone().prop_map(|set| format!("a{{{set}}}")),
            set.clone().prop_map(|set| format!("y:b(c:-1.5e3){{{set}}}")),
            set.clone().prop_map(|set| format!("...{{{set}}}")),
            set.prop_map(|set| format!("...on T@e{{{set}}}")),
        ]
    })
}

fn documents() -> impl Strategy<Value = String> {
    let operation = prop_oneof![
        3 => selections().prop_map(|set| format!("{{{set}}}")),
        1 => selections().prop_map(|set| format!("query q($d:[I!]=[1]){{{set} ...F1}}")),
    ];
    (operation, vec(selections(), 0..4)).prop_map(|(operation, fragments)| {
        let fragments = fragments.iter().enumerate().map(|(number, set)| format!(" fragment F{number} on T {{{set}}}"));
        format!("{operation}{}", fragments.collect::<String>())
    })
}

/// What may stand between and in tokens.
fn pieces() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\"".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("\\\"\"\"".to_owned()),
        Just("\\".to_owned()),
        Just("#".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{FEFF}".to_owned()),
        Just("...".to_owned()),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[[[[".to_owned()),
        Just("]".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("-0".to_owned()),
        Just("1e5".to_owned()),
        Just("\u{0}".to_owned()),
        Just("é".to_owned()),
        Just("a:\"\\u00e9\"".to_owned()),
        Just("$a".to_owned()),
        Just("@b".to_owned()),
        Just("&".to_owned()),
        Just("\"\"".to_owned()),
        Just("a".repeat(256)),
        Just("[1-1 2]".to_owned()),
    ]
}

#[test]
fn documents_by_chance_count_no_less_than_they_are() {
    check(&documents(), |text| holds(&text));
}

#[test]
fn documents_with_something_in_them_count_no_less_than_they_are() {
    let strategy = (documents(), vec((any::<u16>(), pieces(), any::<bool>()), 1..5));
    check(&strategy, |(mut text, changes)| {
        for (at, piece, instead) in changes {
            let mut at = usize::from(at) % (text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            if instead && let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
                text.replace_range(at..at + letter.len_utf8(), &piece);
            } else {
                text.insert_str(at, &piece);
            }
        }
        holds(&text)
    });
}

#[test]
fn pieces_by_chance_count_no_less_than_they_are() {
    check(&vec(pieces(), 0..40), |pieces| holds(&format!("{{a(b:[{}", pieces.concat())));
    check(&any::<String>(), |text| holds(&text));
    let strings = vec(pieces(), 0..6);
    check(&strings, |pieces| holds(&format!("{{a(b:\"\"\"{}\"\"\" c:[1] d:\"x\"){{b}}}}", pieces.concat())));
}
