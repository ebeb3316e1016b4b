//! Random questions that follow a view.

use std::collections::BTreeMap;

use chancery::model::{
    kit::Shape,
    query::RootShape,
    view::{InputRef, View},
};
use proptest::{
    prelude::Rng as _,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::{Map, Value, json};

use super::small_world;

/// Writes questions that follow a view.
pub struct Writer<'a> {
    view: &'a View,
    rng: TestRng,
    declared: Vec<String>,
    variables: Map<String, Value>,
    fragments: BTreeMap<String, String>,
    fields: usize,
    lists: usize,
    /// Texts and ids that are asked about beside those of the small world.
    pub texts: Vec<String>,
    /// Likewise ids.
    pub ids: Vec<String>,
}

impl<'a> Writer<'a> {
    /// By a seed.
    pub fn new(view: &'a View, seed: u64) -> Self {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8] = 1;
        Self {
            view,
            rng: TestRng::from_seed(RngAlgorithm::XorShift, &bytes),
            declared: Vec::new(),
            variables: Map::new(),
            fragments: BTreeMap::new(),
            fields: 0,
            lists: 0,
            texts: Vec::new(),
            ids: Vec::new(),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        let word = u64::from(self.rng.next_u32());
        usize::try_from(word % u64::try_from(bound.max(1)).expect("small")).expect("small")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A document and its variables.
    pub fn question(&mut self) -> (String, Value) {
        let mut roots = String::new();
        for index in 0..=self.below(3) {
            let root = self.view.roots[self.below(self.view.roots.len())];
            let alias = format!("r{index}");
            let field = match root.shape {
                RootShape::Viewer => "viewer { role name areas watchPhone }".to_owned(),
                RootShape::Node => {
                    let id = self.input(&InputRef::NonNull(Box::new(InputRef::Scalar("ID"))), 0);
                    format!("node(id: {id}) {{ {} }}", self.node())
                }
                RootShape::Nodes => {
                    let ids: Vec<String> = (0..self.below(5)).map(|_| self.input(&InputRef::Scalar("ID"), 9)).collect();
                    format!("nodes(ids: [{}]) {{ {} }}", ids.join(", "), self.node())
                }
                RootShape::One { kind, .. } => {
                    let id = self.input(&InputRef::NonNull(Box::new(InputRef::Scalar("ID"))), 0);
                    format!("{}(id: {id}) {{ {} }}", root.name, self.object(kind, 0))
                }
                RootShape::Many { kind } | RootShape::Board { kind, .. } => {
                    format!("{}{}", root.name, self.connection(kind, 0))
                }
                RootShape::Calendar { kind, .. } => {
                    let (from, days) = (1 + self.below(9), self.below(4));
                    let list = self.connection(kind, 0);
                    let days = format!("from: \"2026-12-{from:02}\", to: \"2026-12-{:02}\"", from + days);
                    format!("{}({days}, {}", root.name, list.trim_start_matches('('))
                }
                RootShape::Due { kind, .. } => {
                    // It has no cursor of that name, and is read forward.
                    let (day, list) = (1 + self.below(28), self.connection(kind, 0));
                    let list = list.replacen("(last:", "(first:", 1);
                    format!("{}(before: \"2026-12-{day:02}\", {}", root.name, list.trim_start_matches('('))
                }
                RootShape::Search => self.search(),
                RootShape::Timeline => self.timeline(),
                RootShape::Statistics { of } => {
                    let known = of.groupings_of(self.view);
                    let (one, other) = (self.below(known.len()), self.below(known.len()));
                    let keys = if one == other {
                        known[one].name.into()
                    } else {
                        format!("[{}, {}]", known[one].name, known[other].name)
                    };
                    let filter = self.input(&InputRef::Object(format!("{}Filter", of.kind.name())), 0);
                    let measures: String = of
                        .measures_of(self.view)
                        .iter()
                        .map(|measure| format!("{} {{ count p50Seconds maxSeconds }} ", measure.name))
                        .collect();
                    format!(
                        "{}(groupBy: {keys}, filter: {filter}, timeZone: \"America/New_York\") {{ count capped groupCount groups {{ keys {{ by value label }} count {measures}}} }}",
                        root.name
                    )
                }
                RootShape::Near { kind } => {
                    let (latitude, radius) = (30 + self.below(12), self.below(200_000));
                    let node = self.object(kind, 0);
                    format!(
                        "{}(latitude: {latitude}, longitude: -77, radiusMeters: {radius}, first: {}) {{ totalCount nearest {{ distanceMeters node {{ {node} }} }} }}",
                        root.name,
                        self.below(30),
                    )
                }
            };
            roots.push_str(&format!("{alias}: {field} "));
        }
        let declared = if self.declared.is_empty() { String::new() } else { format!("({})", self.declared.join(", ")) };
        let fragments: String = self.fragments.values().map(String::as_str).collect();
        (format!("query Q{declared} {{ {roots}}} {fragments}"), Value::Object(self.variables.clone()))
    }

    fn search(&mut self) -> String {
        let words = ["Mission 1", "mi", "Title", "ti 2", "c 2026", "france", "police of", "contact", "written"];
        let text = json!(words[self.below(words.len())]);
        let text = if self.chance(50) { self.variable("String!", text) } else { text.to_string() };
        let size = self.below(30);
        let way = if self.chance(70) { "first" } else { "last" };
        let types = if self.chance(30) { format!(", types: {}", self.value_of("SearchType")) } else { String::new() };
        let found = self.view.found.clone();
        let kind = found[self.below(found.len())];
        let object = self.object(kind, 2);
        format!(
            "search(text: {text}, {way}: {size}{types}) {{ totalCount nodes {{ __typename ... on Node {{ id }} ... on {} {{ {object} }} }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}",
            kind.name(),
        )
    }

    fn timeline(&mut self) -> String {
        let known: Vec<_> = self.view.timelines().collect();
        let timeline = known[self.below(known.len())];
        let letter = match timeline.argument {
            "mission" => 'M',
            "visit" => 'W',
            _ => 'T',
        };
        let prefix = chancery::model::definition(timeline.of).prefix;
        let id = json!(small_world::public(prefix, letter, self.below(8)));
        let id = if self.chance(50) { self.variable("ID!", id) } else { id.to_string() };
        let (size, way) = (self.below(30), if self.chance(70) { "first" } else { "last" });
        let types = if self.chance(30) { format!(", types: {}", self.value_of("TimelineType")) } else { String::new() };
        let told = self.view.told_over_time();
        let kind = told[self.below(told.len())];
        let object = self.object(kind, 2);
        format!(
            "timeline({}: {id}, {way}: {size}{types}) {{ totalCount nodes {{ __typename ... on Node {{ id }} ... on {} {{ {object} }} }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}",
            timeline.argument,
            kind.name(),
        )
    }

    /// A selection on `Node`: of one type, as fields of two types under one key must be of one shape.
    fn node(&mut self) -> String {
        let kinds: Vec<_> = self.view.types.keys().copied().collect();
        let mut text = "__typename id ".to_owned();
        if kinds.is_empty() {
            return text;
        }
        let kind = kinds[self.below(kinds.len())];
        for _ in 0..self.below(3) {
            let picked = self.object(kind, 2);
            text.push_str(&format!("... on {} {{ {picked} }} ", kind.name()));
        }
        text
    }

    fn object(&mut self, kind: chancery::access::Kind, depth: usize) -> String {
        let ty = &self.view.types[&kind];
        let mut text = "id ".to_owned();
        for _ in 0..=self.below(5) {
            let field = ty.fields[self.below(ty.fields.len())];
            if field.name == "keyIds" {
                // The keys of the two worlds are made by chance, each its own.
                continue;
            }
            self.fields += 1;
            let alias = format!("f{}", self.fields);
            let alias = if self.chance(20) && self.fields < 25 { format!("{alias}: ") } else { String::new() };
            let written = match field.shape {
                Shape::Edge { to, .. } if depth < 4 && self.view.types.contains_key(&to) => {
                    format!("{alias}{} {{ {} }}", field.name, self.object(to, depth + 1))
                }
                // Under a name of its own: two with other arguments would conflict where fields merge.
                Shape::Connection { to, .. } if depth < 3 && self.lists < 25 && self.view.types.contains_key(&to) => {
                    self.lists += 1;
                    let key = format!("c{}", self.lists);
                    format!("{key}: {}{}", field.name, self.connection(to, depth + 1))
                }
                Shape::Edge { .. } | Shape::Connection { .. } => "__typename".to_owned(),
                Shape::Rota { finds, .. } => {
                    let (bound, ..) = finds.bound();
                    let (day, least) = (10 + self.below(12), 1 + self.below(3));
                    let window = format!("from: \"2026-11-{day:02}T00:00:00Z\", to: \"2026-11-25T00:00:00Z\"");
                    self.lists += 1;
                    format!("c{}: {}({window}, {bound}: {least}) {{ startsAt endsAt }}", self.lists, field.name)
                }
                Shape::Readiness(_) => format!("{alias}{} {{ state open overdue dueSoon nextDueOn }}", field.name),
                Shape::Clock { .. } => format!("{alias}{} {}", field.name, super::CLOCK),
                _ => format!("{alias}{}", field.name),
            };
            let written = match self.below(12) {
                0 => format!("... {{ {written} }}"),
                1 => format!("... on {} {{ {written} }}", kind.name()),
                2 => {
                    let on = self.boolean();
                    format!("... @include(if: {on}) {{ {written} }}")
                }
                3 => {
                    let name = format!("F{}", self.fragments.len());
                    self.fragments.insert(name.clone(), String::new());
                    self.fragments.insert(name.clone(), format!("fragment {name} on {} {{ {written} }} ", kind.name()));
                    format!("...{name}")
                }
                4 => format!("... on Node {{ id __typename }} {written}"),
                _ => written,
            };
            text.push_str(&written);
            text.push(' ');
        }
        text
    }

    fn boolean(&mut self) -> String {
        let value = self.chance(50);
        if self.chance(50) { self.variable("Boolean!", json!(value)) } else { value.to_string() }
    }

    /// Arguments and selection. Written once per object and name, so that nothing conflicts.
    fn connection(&mut self, kind: chancery::access::Kind, depth: usize) -> String {
        let size = self.below(if depth == 0 { 30 } else { 5 });
        let size = if self.chance(50) { self.variable("Int", json!(size)) } else { size.to_string() };
        let way = if self.chance(70) { "first" } else { "last" };
        let mut arguments = format!("{way}: {size}");
        if self.chance(50) {
            let filter = self.input(&InputRef::Object(format!("{}Filter", kind.name())), 0);
            arguments.push_str(&format!(", filter: {filter}"));
        }
        let order = format!("{}Order", kind.name());
        if self.view.enums.get(&order).is_some_and(|order| !order.values.is_empty()) && self.chance(50) {
            let keys: Vec<String> = (0..self.below(4)).map(|_| self.value_of(&order)).collect();
            arguments.push_str(&format!(", orderBy: [{}]", keys.join(", ")));
        }
        let mut parts = vec!["totalCount".to_owned()];
        if self.chance(60) {
            parts.push(format!("nodes {{ {} }}", self.object(kind, depth + 1)));
        }
        if self.chance(40) {
            let inner = self.object(kind, depth + 2);
            parts.push(format!("edges {{ cursor node {{ {inner} }} }}"));
        }
        if self.chance(40) {
            parts.push("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }".to_owned());
        }
        let first = self.below(parts.len());
        parts.rotate_left(first);
        format!("({arguments}) {{ {} }}", parts.join(" "))
    }

    fn value_of(&mut self, name: &str) -> String {
        let values = &self.view.enums[name].values;
        let index = self.below(values.len());
        self.view.enums[name].values[index].0.clone()
    }

    fn variable(&mut self, ty: &str, value: Value) -> String {
        let name = format!("v{}", self.declared.len());
        self.declared.push(format!("${name}: {ty}"));
        self.variables.insert(name.clone(), value);
        format!("${name}")
    }

    /// A literal, or a variable.
    fn input(&mut self, ty: &InputRef, depth: usize) -> String {
        match ty {
            InputRef::NonNull(inner) => self.input(inner, depth),
            InputRef::List(inner) => {
                let items: Vec<String> = (0..self.below(4)).map(|_| self.input(inner, depth + 1)).collect();
                format!("[{}]", items.join(", "))
            }
            InputRef::Object(name) => {
                let fields = &self.view.inputs[name].fields;
                let mut written: BTreeMap<String, String> = BTreeMap::new();
                for _ in 0..self.below(3) {
                    let field = &fields[self.below(fields.len())];
                    let deep = matches!(field.ty, InputRef::Object(_) | InputRef::List(_)) && depth > 3;
                    if !deep && !written.contains_key(&field.name) {
                        let value = self.input(&field.ty, depth + 1);
                        written.insert(field.name.clone(), value);
                    }
                }
                let fields: Vec<String> = written.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("{{{}}}", fields.join(", "))
            }
            InputRef::Enum(name) => {
                let value = self.value_of(name);
                if self.chance(30) { self.variable(&format!("{name}!"), json!(value)) } else { value }
            }
            InputRef::Scalar(name) => {
                let value = self.scalar(name);
                if self.chance(40) { self.variable(&format!("{name}!"), value) } else { value.to_string() }
            }
        }
    }

    fn scalar(&mut self, name: &str) -> Value {
        match name {
            "Int" => json!(self.below(50)),
            "Float" => json!([38.25, 31.5, 40.0, -1.0, 0.1][self.below(5)]),
            "Boolean" => json!(self.chance(50)),
            "ID" if !self.ids.is_empty() && self.chance(50) => {
                let place = self.below(self.ids.len());
                json!(self.ids[place])
            }
            "String" if !self.texts.is_empty() && self.chance(50) => {
                let place = self.below(self.texts.len());
                json!(self.texts[place])
            }
            "ID" => {
                let number = self.below(14);
                match self.below(7) {
                    0 => json!(small_world::mission(number)),
                    1 => json!(small_world::concern(number)),
                    2 => json!(small_world::public("state", 'S', number % 4)),
                    3 => json!(small_world::public("agency", 'A', number % 6)),
                    4 => json!(small_world::public("premises", 'R', number)),
                    5 => json!(small_world::public("person", 'P', number % 6)),
                    _ => json!("nothing"),
                }
            }
            "DateTime" => {
                json!(["2026-11-01T08:00:00Z", "2026-11-03T09:00:00+01:00", "2026-11-05T08:00:00Z"][self.below(3)])
            }
            "Date" => json!(["1912-05-06", "2027-01-03"][self.below(2)]),
            _ => {
                json!(["Mission 1", "M", "", "Title 2", "France", "New York", "is", "日", "Z", "a\"b"][self.below(10)])
            }
        }
    }
}
