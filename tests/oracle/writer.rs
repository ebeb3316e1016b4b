//! Writes random questions that follow a role's schema.

use chancery::{
    access::Kind,
    model::{
        definition,
        kit::{Direction, Field, Scalar, Shape},
        query::{ROOTS, RootShape},
        stats::{Grouping, Statistics},
        words,
    },
};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Oracle, Order, public},
    dice::Dice,
    question::{List, Pick, Question},
    rows::text,
};

struct Writer<'o, 'a> {
    oracle: &'o Oracle<'a>,
    dice: Dice,
    lists: usize,
}

/// The lists of a role: field of `Query` and type, and whether it takes a day before which something is due.
fn roots(oracle: &Oracle) -> Vec<(&'static str, Kind, bool)> {
    let kinds = oracle.kinds();
    let list = |shape| match shape {
        RootShape::Many { kind } => Some((kind, false)),
        RootShape::Due { kind, .. } => Some((kind, true)),
        _ => None,
    };
    let lists = ROOTS.iter().filter_map(|root| list(root.shape).map(|(kind, due)| (root.name, kind, due)));
    lists.filter(|(_, kind, _)| kinds.contains(kind)).collect()
}

/// The statistics of a role: field of `Query`, and of what.
fn statistics(oracle: &Oracle) -> Vec<(&'static str, &'static Statistics)> {
    let kinds = oracle.kinds();
    let of = |shape| if let RootShape::Statistics { of } = shape { Some(of) } else { None };
    let all = ROOTS.iter().filter_map(|root| Some((root.name, of(root.shape)?)));
    all.filter(|(_, of)| kinds.contains(&of.kind)).collect()
}

impl Question {
    /// One by a number.
    pub fn random(oracle: &Oracle, number: u64) -> Self {
        let mut writer = Writer { oracle, dice: Dice::new(number, 2), lists: 0 };
        let roots = roots(oracle);
        if roots.is_empty() {
            return Self::Nothing;
        }
        let (root, kind, is_due) = *writer.dice.of(&roots);
        let statistics = statistics(oracle);
        let knows_concerns = oracle.kinds().contains(&Kind::Concern);
        match writer.dice.below(10) {
            0 => {
                let kinds = oracle.kinds();
                let picked = *writer.dice.of(&kinds);
                let ids = (0..10).map(|_| writer.any_id()).collect();
                let picks = writer.picks(picked, 2);
                Self::Nodes(ids, picked, picks)
            }
            1 if knows_concerns => writer.search(),
            2 if !statistics.is_empty() => {
                let (root, of) = *writer.dice.of(&statistics);
                let known: Vec<&Grouping> = of
                    .groupings
                    .iter()
                    .filter(|grouping| grouping.span.is_none() && writer.knows(of.kind, grouping.path))
                    .collect();
                let filter = writer.filter(of.kind, 1);
                let grouping = writer.dice.below(known.len());
                Self::Statistics(root, of, known[grouping], Some(filter))
            }
            _ if is_due => {
                let before = writer.day();
                Self::List(root, List { backward: false, before: Some(before), ..writer.list(kind, 0) })
            }
            _ => Self::List(root, writer.list(kind, 0)),
        }
    }
}

impl Writer<'_, '_> {
    fn knows(&self, kind: Kind, path: &[&str]) -> bool {
        let Some((name, rest)) = path.split_first() else { return true };
        let field = self.oracle.fields(kind).into_iter().find(|field| field.name == *name);
        field.is_some_and(|field| rest.is_empty() || field.shape.target().is_some_and(|to| self.knows(to, rest)))
    }

    fn list(&mut self, kind: Kind, depth: usize) -> List {
        let filter = if self.dice.chance(60) { Some(self.filter(kind, 2)) } else { None };
        let orders: Vec<Vec<&'static str>> =
            definition(kind).orders().map(|(_, path)| path).filter(|path| self.knows(kind, path)).collect();
        let mut order: Order = Vec::new();
        for _ in 0..self.dice.below(3) {
            let way = if self.dice.chance(50) { Direction::Asc } else { Direction::Desc };
            if !orders.is_empty() {
                let path = self.dice.of(&orders).clone();
                order.retain(|(known, _)| *known != path);
                order.push((path, way));
            }
        }
        let size = if depth == 0 { self.dice.below(40) } else { self.dice.below(6) };
        let backward = self.dice.chance(30);
        List { kind, filter, order, size, backward, before: None, picks: self.picks(kind, depth + 1) }
    }

    /// Each field at most once, so that nothing is to be merged.
    fn picks(&mut self, kind: Kind, depth: usize) -> Vec<Pick> {
        let mut picks = Vec::new();
        for field in self.oracle.fields(kind) {
            match field.shape {
                Shape::Edge { to, .. } if depth < 4 && self.dice.chance(30) => {
                    picks.push(Pick::Edge(field, to, self.picks(to, depth + 1)));
                }
                Shape::Connection { to, .. } if depth < 3 && self.lists < 8 && self.dice.chance(25) => {
                    self.lists += 1;
                    let key = format!("c{}", self.lists);
                    picks.push(Pick::Many(field, key, self.list(to, depth)));
                }
                // The keys of agencies come by chance.
                Shape::Edge { .. }
                | Shape::Connection { .. }
                // Its own test holds it against a look at every minute.
                | Shape::Rota { .. }
                | Shape::Gather { table: "agency_key", .. } => {}
                _ if self.dice.chance(50) => picks.push(Pick::Value(field)),
                _ => {}
            }
        }
        picks
    }

    /// A day on which a review is due, or another.
    fn day(&mut self) -> String {
        let rows = self.oracle.rows.all("post_programme");
        let mut days: Vec<&str> = rows.iter().filter_map(|row| text(row, "next_review_on")).collect();
        days.push("2027-12-31");
        (*self.dice.of(&days)).to_owned()
    }

    /// Any row of any type, seen or not, or nothing.
    fn any_id(&mut self) -> String {
        let kind = *self.dice.of(&Kind::ALL);
        let rows = self.oracle.rows.all(definition(kind).table);
        if rows.is_empty() || self.dice.chance(10) {
            return format!("{}_0000000000000000000Z000001", definition(kind).prefix);
        }
        let row = self.dice.of(rows);
        public(kind, row)
    }

    /// The id of a row of a type, whoever may see it.
    fn reference(&mut self, to: Kind) -> String {
        let rows = self.oracle.rows.all(definition(to).table);
        public(to, self.dice.of(rows))
    }

    /// A condition about values that occur, in rows that are seen and in others.
    fn filter(&mut self, kind: Kind, depth: usize) -> Value {
        let fields: Vec<&Field> = self.oracle.fields(kind).into_iter().filter(|field| field.filter).collect();
        let mut filter = Map::new();
        for _ in 0..=self.dice.below(2) {
            if fields.is_empty() {
                break;
            }
            let field = *self.dice.of(&fields);
            let by = match field.shape {
                Shape::Edge { to, .. } if depth > 0 => self.filter(to, depth - 1),
                Shape::Connection { to, .. } if depth > 0 => {
                    let quantifier = *self.dice.of(&["some", "every", "none"]);
                    json!({ quantifier: self.filter(to, depth - 1) })
                }
                Shape::Column { column, scalar, .. } => self.comparison(kind, column, scalar),
                Shape::Reference { to, .. } => match self.dice.below(3) {
                    0 => json!({ "isNull": self.dice.chance(50) }),
                    1 => json!({ "in": [self.reference(to), self.reference(to)] }),
                    _ => json!({ "eq": self.reference(to) }),
                },
                _ => continue,
            };
            filter.insert(field.name.to_owned(), by);
        }
        match self.dice.below(8) {
            0 => json!({ "not": filter }),
            1 => json!({ "or": [filter, { "id": { "eq": self.any_id() } }] }),
            2 => json!({ "or": [filter, { "not": filter }] }),
            3 if depth > 0 => json!({ "and": [filter, self.filter(kind, depth - 1)] }),
            _ => Value::Object(filter),
        }
    }

    fn comparison(&mut self, kind: Kind, column: &str, scalar: Scalar) -> Value {
        let rows = self.oracle.rows.all(definition(kind).table);
        let known: Vec<&str> = rows.iter().filter_map(|row| text(row, column)).collect();
        if known.is_empty() || self.dice.chance(20) {
            return json!({ "isNull": self.dice.chance(50) });
        }
        let (one, other) = (*self.dice.of(&known), *self.dice.of(&known));
        match scalar {
            Scalar::Boolean => json!({ "eq": self.dice.chance(50) }),
            Scalar::Int => {
                let number: i64 = one.parse().expect("a number");
                json!({ *self.dice.of(&["eq", "gt", "gte", "lt", "lte"]): number })
            }
            Scalar::Float => {
                let number: f64 = one.parse().expect("a number");
                json!({ *self.dice.of(&["eq", "gt", "gte", "lt", "lte"]): number })
            }
            Scalar::String => match self.dice.below(5) {
                0 => json!({ "in": [one, other] }),
                1 => json!({ "contains": one.chars().take(3).collect::<String>() }),
                2 => json!({ "startsWith": one.chars().take(2).collect::<String>() }),
                _ => json!({ *self.dice.of(&["eq", "gt", "gte", "lt", "lte"]): one }),
            },
            Scalar::DateTime | Scalar::Date => {
                if self.dice.chance(50) {
                    json!({ *self.dice.of(&["gt", "gte"]): one, *self.dice.of(&["lt", "lte"]): other })
                } else {
                    json!({ "in": [one, other] })
                }
            }
            _ if self.dice.chance(50) => json!({ "in": [one, other] }),
            _ => json!({ "eq": one }),
        }
    }

    /// Words that occur somewhere, seen or not.
    fn search(&mut self) -> Question {
        let tables = [
            "mission",
            "concern",
            "entry",
            "security_contact",
            "post",
            "tour",
            "programme_review",
            "finding",
            "advice",
            "incident",
            "incident_entry",
        ];
        let columns = ["name", "title", "body", "narrative", "summary", "subject"];
        let mut found = Vec::new();
        for table in tables {
            for row in self.oracle.rows.all(table) {
                let of = columns.iter().filter_map(|column| row.get(*column)?.as_deref());
                found.extend(of.flat_map(words::words));
            }
        }
        found.retain(|word| word.chars().count() > 1);
        if found.is_empty() {
            return Question::Nothing;
        }
        let mut asked: Vec<String> = (0..=self.dice.below(2)).map(|_| self.dice.of(&found).clone()).collect();
        if self.dice.chance(40)
            && let Some(last) = asked.last_mut()
        {
            *last = last.chars().take(2).collect();
        }
        Question::Search(asked, self.dice.below(40))
    }
}
