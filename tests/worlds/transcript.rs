//! What is asked of both worlds.

use axum::{body::Body, http::Response};
use chancery::{
    access::Kind,
    model::{
        definition,
        kit::{Scalar, Shape},
        query::RootShape,
        view::View,
    },
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::{
    difference::Difference,
    support::{
        app::{App, Who},
        small_world,
        writer::Writer,
    },
};

/// Random questions a principal.
const QUESTIONS: u64 = 50;
/// Pages of a walk, at most.
const PAGES: usize = 12;

/// Requests of one principal.
pub struct Transcript<'a> {
    who: &'a Who,
    view: View,
    difference: &'a Difference,
}

impl<'a> Transcript<'a> {
    /// For a principal, about what is hidden from it.
    pub fn of(who: &'a Who, difference: &'a Difference) -> Self {
        Self { who, view: View::of(who.role), difference }
    }

    /// Asks both worlds and returns how often.
    pub async fn compare(&self, one: &App, other: &App) -> usize {
        let mut asked = 0;
        for (root, kind) in self.lists() {
            asked += self.walks(one, other, root, kind).await;
        }
        for (query, variables) in self.questions() {
            self.same(one, other, &query, variables).await;
            asked += 1;
        }
        for path in
            ["/schema.graphql", "/export/concerns", "/export/missions?format=geojson", "/export/nothing", "/nothing"]
        {
            let (first, second) = (one.fetch(self.who, path).await, other.fetch(self.who, path).await);
            assert_eq!(whole(first).await, whole(second).await, "{:?} {path}", self.who.role);
            asked += 1;
        }
        asked
    }

    async fn same(&self, one: &App, other: &App, query: &str, variables: Value) -> Value {
        let statements = (one.gateway().statements(), other.gateway().statements());
        let first = one.ask(self.who, query, variables.clone()).await;
        let second = other.ask(self.who, query, variables.clone()).await;
        let shown = format!("{:?}\n{query}\n{variables}", self.who.role);
        assert_eq!(first.text, second.text, "{shown}");
        assert_eq!((first.status, &first.headers), (second.status, &second.headers), "{shown}");
        let ran = (one.gateway().statements() - statements.0, other.gateway().statements() - statements.1);
        assert_eq!(ran.0, ran.1, "{shown}");
        first.json
    }

    fn lists(&self) -> Vec<(&'static str, Kind)> {
        let many = |shape| if let RootShape::Many { kind } = shape { Some(kind) } else { None };
        self.view.roots.iter().filter_map(|root| Some((root.name, many(root.shape)?))).collect()
    }

    /// A list to its end, from both sides, by pages of several sizes.
    async fn walks(&self, one: &App, other: &App, root: &str, kind: Kind) -> usize {
        let scalars: String = self.view.types[&kind]
            .fields
            .iter()
            // Keys are made by chance, each world's its own.
            .filter(|field| {
                !matches!(field.shape, Shape::Edge { .. } | Shape::Connection { .. } | Shape::Rota { .. })
                    && field.name != "keyIds"
            })
            .map(|field| match field.shape {
                Shape::Readiness(_) => format!("{} {{ state open overdue dueSoon nextDueOn }} ", field.name),
                _ => format!("{} ", field.name),
            })
            .collect();
        let mut asked = 0;
        for (size, side, from, cursor, more) in [
            (1, "first", "after", "endCursor", "hasNextPage"),
            (2, "last", "before", "startCursor", "hasPreviousPage"),
            (7, "first", "after", "endCursor", "hasNextPage"),
            (7, "last", "before", "startCursor", "hasPreviousPage"),
            (100, "first", "after", "endCursor", "hasNextPage"),
        ] {
            let query = format!(
                "query Q($from: String) {{ {root}({side}: {size}, {from}: $from) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} edges {{ cursor node {{ id {scalars} }} }} }} }}"
            );
            let mut at = Value::Null;
            for _ in 0..PAGES {
                let answer = self.same(one, other, &query, json!({ "from": at })).await;
                asked += 1;
                let info = &answer["data"][root]["pageInfo"];
                if info[more] != true {
                    break;
                }
                at = info[cursor].clone();
            }
        }
        asked
    }

    fn questions(&self) -> Vec<(String, Value)> {
        let mut questions: Vec<(String, Value)> = Vec::new();
        let mut ask = |query: &str, variables: Value| questions.push((query.to_owned(), variables));
        // What is refused, whatever the world.
        for query in [
            "",
            "{",
            "{ nothing }",
            "mutation { raiseConcern { id } }",
            "subscription { concerns { id } }",
            "{ __typename @x }",
        ] {
            ask(query, json!({}));
        }
        ask("{ viewer { role subject name agencyName areas watchPhone } }", json!({}));
        ask("{ __schema { types { name fields { name } enumValues { name } } } }", json!({}));
        let hidden = &self.difference.hidden;
        if !self.view.types.is_empty() {
            for ids in hidden.chunks(100) {
                ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids }));
            }
            for id in hidden.iter().step_by(hidden.len() / 12 + 1) {
                ask("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id }));
            }
        }
        for root in &self.view.roots {
            match root.shape {
                RootShape::One { kind, by } => {
                    let prefix = format!("{}_", definition(kind).prefix);
                    for id in hidden.iter().filter(|id| id.starts_with(&prefix)).take(4) {
                        ask(&format!("query($id: ID!) {{ {}(id: $id) {{ id }} }}", root.name), json!({ "id": id }));
                    }
                    for text in self.difference.texts.iter().take(if by.is_some() { 3 } else { 0 }) {
                        let argument = by.map_or("id", |(argument, _)| argument);
                        ask(
                            &format!("query($by: String!) {{ {}({argument}: $by) {{ id }} }}", root.name),
                            json!({ "by": text }),
                        );
                    }
                }
                RootShape::Search => {
                    for text in self.difference.texts.iter().step_by(self.difference.texts.len() / 12 + 1) {
                        ask(
                            "query($t: String!) { search(text: $t, first: 3) { totalCount edges { cursor node { __typename ... on Node { id } } } pageInfo { hasNextPage endCursor } } }",
                            json!({ "t": text }),
                        );
                    }
                    for text in ["hidden", "mission", "title", "an entry", "contact"] {
                        ask(
                            "query($t: String!) { search(text: $t, last: 7) { totalCount edges { cursor node { __typename } } } }",
                            json!({ "t": text }),
                        );
                    }
                }
                RootShape::Due { .. } => {
                    for before in ["2026-12-15", "2001-02-04", "2030-01-01"] {
                        let list = format!("{}(before: \"{before}\", first: 3)", root.name);
                        ask(&format!("{{ {list} {{ totalCount edges {{ cursor node {{ id }} }} }} }}"), json!({}));
                    }
                }
                RootShape::Timeline => {
                    for timeline in self.view.timelines() {
                        let prefix = definition(timeline.of).prefix;
                        let letter = [("mission", 'M'), ("visit", 'W'), ("post", 'T')]
                            .into_iter()
                            .find_map(|(of, letter)| (of == timeline.argument).then_some(letter));
                        for number in 1..=8 {
                            let id = small_world::public(prefix, letter.expect("a letter"), number);
                            let query = format!(
                                "query($of: ID!) {{ timeline({}: $of, first: 5) {{ totalCount edges {{ cursor node {{ __typename ... on Node {{ id }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}",
                                timeline.argument
                            );
                            ask(&query, json!({ "of": id }));
                        }
                    }
                }
                RootShape::Calendar { .. } => {
                    for (from, to) in
                        [("2026-12-01", "2026-12-31"), ("2026-12-05", "2026-12-05"), ("2001-02-03", "2001-02-03")]
                    {
                        let list = format!("{}(from: \"{from}\", to: \"{to}\", first: 3)", root.name);
                        ask(&format!("{{ {list} {{ totalCount edges {{ cursor node {{ id }} }} }} }}"), json!({}));
                    }
                }
                RootShape::Near { .. } => ask(
                    &format!(
                        "{{ {}(latitude: 35, longitude: 0, radiusMeters: 200000) {{ totalCount nearest {{ distanceMeters node {{ id }} }} }} }}",
                        root.name
                    ),
                    json!({}),
                ),
                RootShape::Statistics { of } => {
                    let measures: String = of
                        .measures_of(&self.view)
                        .iter()
                        .map(|m| format!("{} {{ count p50Seconds p90Seconds maxSeconds }} ", m.name))
                        .collect();
                    for grouping in of.groupings_of(&self.view) {
                        ask(
                            &format!(
                                "{{ {}(groupBy: {}) {{ count capped groupCount groups {{ count keys {{ value label }} {measures} }} }} }}",
                                root.name, grouping.name
                            ),
                            json!({}),
                        );
                    }
                }
                _ => {}
            }
        }
        for (root, kind) in self.lists() {
            self.probes(root, kind, &mut ask);
        }
        for seed in 0..QUESTIONS {
            let mut writer = Writer::new(&self.view, seed);
            writer.texts.clone_from(&self.difference.texts);
            writer.ids.clone_from(hidden);
            questions.push(writer.question());
        }
        questions
    }

    /// Filters that name what is hidden, and orders by what may be.
    fn probes(&self, root: &str, kind: Kind, ask: &mut impl FnMut(&str, Value)) {
        let ty = &self.view.types[&kind];
        for field in ty.fields.iter().filter(|field| field.filter) {
            let Shape::Column { scalar: Scalar::String, .. } = field.shape else { continue };
            for text in self.difference.texts.iter().step_by(self.difference.texts.len() / 3 + 1) {
                let query = format!(
                    "query($t: String!) {{ is: {root}(filter: {{{name}: {{eq: $t}}}}) {{ totalCount }} not: {root}(filter: {{not: {{{name}: {{contains: $t}}}}}}) {{ totalCount nodes {{ id }} }} }}",
                    name = field.name
                );
                ask(&query, json!({ "t": text }));
            }
        }
        for (order, _) in ty.definition.orders().filter(|(_, path)| self.view.reads(kind, path)) {
            ask(
                &format!(
                    "{{ {root}(first: 9, orderBy: [{order}_DESC]) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage }} }} }}"
                ),
                json!({}),
            );
        }
    }
}

/// Status, headers and body.
async fn whole(response: Response<Body>) -> (String, String) {
    let head = format!("{} {:?}", response.status(), response.headers());
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (head, String::from_utf8(bytes.to_vec()).expect("text"))
}
