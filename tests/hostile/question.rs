//! Writes questions from a schema.

use std::collections::HashMap;

use async_graphql_parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
};
use serde_json::{Map, Value, json};

use crate::{chance::Dice, support::small_world};

/// Selections in each other, at most.
const DEEPEST: usize = 6;

/// The types of a schema.
pub struct Schema(HashMap<String, TypeKind>);

/// What was asked of an object: its key, of which type only, and what was asked of it.
#[derive(Debug)]
pub struct Selected {
    pub key: String,
    pub on: Option<String>,
    pub inner: Vec<Selected>,
}

/// A document with its variables.
#[derive(Debug)]
pub struct Question {
    pub text: String,
    pub variables: Value,
    pub selected: Vec<Selected>,
}

/// What is written along with the selections.
#[derive(Default)]
struct Beside {
    variables: Map<String, Value>,
    declared: Vec<String>,
    fragments: Vec<String>,
    keys: usize,
}

/// The name inside lists.
fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}

impl Schema {
    pub fn of(sdl: &str) -> Self {
        let types = parse_schema(sdl).expect("SDL").definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), ty.node.kind)),
            _ => None,
        });
        Self(types.collect())
    }

    pub fn question(&self, dice: &mut Dice) -> Question {
        let mut beside = Beside::default();
        let (text, selected) = self.set("Query", 0, dice, &mut beside);
        let declared =
            if beside.declared.is_empty() { String::new() } else { format!("({})", beside.declared.join(" ")) };
        let text = format!("query Q{declared} {text} {}", beside.fragments.join(" "));
        Question { text, variables: Value::Object(beside.variables), selected }
    }

    fn fields(&self, of: &str) -> &[async_graphql_parser::Positioned<FieldDefinition>] {
        match self.0.get(of) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        }
    }

    fn is_open(&self, of: &str) -> bool {
        matches!(self.0.get(of), Some(TypeKind::Interface(_) | TypeKind::Union(_)))
    }

    /// The types that an open one may be.
    fn possible(&self, of: &str) -> Vec<&str> {
        if let Some(TypeKind::Union(union)) = self.0.get(of) {
            return union.members.iter().map(|name| name.node.as_str()).collect();
        }
        let is_one = |kind: &TypeKind| matches!(kind, TypeKind::Object(object) if object.implements.iter().any(|name| name.node == of));
        let mut names: Vec<&str> =
            self.0.iter().filter(|(_, kind)| is_one(kind)).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    fn set(&self, of: &str, depth: usize, dice: &mut Dice, beside: &mut Beside) -> (String, Vec<Selected>) {
        let (mut text, mut selected) = (String::new(), Vec::new());
        let leaf = |key: &str| Selected { key: key.to_owned(), on: None, inner: Vec::new() };
        if self.is_open(of) || dice.chance(10) {
            text.push_str("__typename ");
            selected.push(leaf("__typename"));
        }
        for _ in 0..=dice.below(if depth == 0 { 2 } else { 4 }) {
            self.pick(of, None, depth, dice, beside, (&mut text, &mut selected));
        }
        let possible = self.possible(of);
        if self.is_open(of) && !possible.is_empty() {
            for _ in 0..=dice.below(2) {
                let on = *dice.of(&possible);
                let mut inner = String::new();
                self.pick(on, Some(on), depth, dice, beside, (&mut inner, &mut selected));
                if !inner.is_empty() {
                    text.push_str(&format!("... on {on} {{ {inner} }} "));
                }
            }
        }
        if selected.is_empty() {
            text.push_str("__typename ");
            selected.push(leaf("__typename"));
        }
        // The same as a fragment, and now and then twice: it merges.
        if dice.chance(15) && depth > 0 {
            let name = format!("F{}", beside.fragments.len());
            beside.fragments.push(format!("fragment {name} on {of} {{ {text} }}"));
            text = format!("...{name} {}", if dice.chance(30) { format!("...{name} ") } else { String::new() });
        }
        (format!("{{ {text}}}"), selected)
    }

    /// One field of a type.
    fn pick(
        &self,
        of: &str,
        on: Option<&str>,
        depth: usize,
        dice: &mut Dice,
        beside: &mut Beside,
        (text, selected): (&mut String, &mut Vec<Selected>),
    ) {
        let fields = self.fields(of);
        if fields.is_empty() {
            return;
        }
        let field = &dice.of(fields).node;
        let ty = named(&field.ty.node);
        let is_leaf =
            !matches!(self.0.get(ty), Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)));
        if !is_leaf && depth >= DEEPEST {
            return;
        }
        beside.keys += 1;
        let key = format!("k{}", beside.keys);
        let arguments: Vec<String> =
            field.arguments.iter().filter_map(|argument| self.argument(&argument.node, dice, beside)).collect();
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let directive = if dice.chance(5) { " @include(if: true)" } else { "" };
        let alias = if beside.keys > 50 { return } else { &key };
        text.push_str(&format!("{alias}: {}{arguments}{directive} ", field.name.node));
        let inner = if is_leaf {
            Vec::new()
        } else {
            let (inner, selected) = self.set(ty, depth + 1, dice, beside);
            text.push_str(&inner);
            text.push(' ');
            selected
        };
        selected.push(Selected { key, on: on.map(str::to_owned), inner });
    }

    fn argument(&self, argument: &InputValueDefinition, dice: &mut Dice, beside: &mut Beside) -> Option<String> {
        let name = argument.name.node.as_str();
        let ty = &argument.ty.node;
        let is_wanted = !ty.nullable && argument.default_value.is_none();
        // Both ends of a page at once are refused.
        if !is_wanted && (["last", "before", "after"].contains(&name) && dice.chance(92) || dice.chance(50)) {
            return None;
        }
        let value = if name == "first" { json!(dice.below(4) + 1) } else { self.value(ty, 0, dice) };
        if !dice.chance(40) {
            return Some(format!("{name}: {}", self.literal(ty, &value)));
        }
        let variable = format!("v{}", beside.declared.len());
        beside.declared.push(format!("${variable}: {ty}"));
        beside.variables.insert(variable.clone(), value);
        Some(format!("{name}: ${variable}"))
    }

    /// A value of a type, or one time in forty of another.
    fn value(&self, ty: &Type, depth: usize, dice: &mut Dice) -> Value {
        if dice.below(40) == 0 {
            let wrong = [
                json!(-1),
                json!(1e300),
                json!(""),
                json!("\u{0}"),
                json!([[1]]),
                json!({"a": 1}),
                json!(true),
                Value::Null,
                json!(i64::MAX),
            ];
            return dice.of(&wrong).clone();
        }
        if ty.nullable && dice.chance(5) {
            return Value::Null;
        }
        let name = match &ty.base {
            BaseType::List(inner) => return (0..=dice.below(3)).map(|_| self.value(inner, depth, dice)).collect(),
            BaseType::Named(name) => name.as_str(),
        };
        match self.0.get(name) {
            Some(TypeKind::Enum(values)) => json!(dice.of(&values.values).node.value.node.as_str()),
            Some(TypeKind::InputObject(input)) => {
                let mut object = Map::new();
                for field in &input.fields {
                    let is_wanted = !field.node.ty.node.nullable && field.node.default_value.is_none();
                    if is_wanted || (depth < 3 && dice.below(input.fields.len()) < 2) {
                        object
                            .insert(field.node.name.node.to_string(), self.value(&field.node.ty.node, depth + 1, dice));
                    }
                }
                Value::Object(object)
            }
            _ => scalar(name, dice),
        }
    }

    fn literal(&self, ty: &Type, value: &Value) -> String {
        let name = named(ty);
        match value {
            Value::Array(items) => {
                let inner = match &ty.base {
                    BaseType::List(inner) => inner,
                    BaseType::Named(_) => ty,
                };
                format!("[{}]", items.iter().map(|item| self.literal(inner, item)).collect::<Vec<_>>().join(", "))
            }
            Value::Object(members) => {
                let fields = match self.0.get(name) {
                    Some(TypeKind::InputObject(input)) => input.fields.as_slice(),
                    _ => &[],
                };
                let written = members.iter().map(|(name, value)| {
                    let known = fields.iter().find(|field| field.node.name.node == name.as_str());
                    format!("{name}: {}", self.literal(known.map_or(ty, |field| &field.node.ty.node), value))
                });
                format!("{{{}}}", written.collect::<Vec<_>>().join(", "))
            }
            Value::String(text) if matches!(self.0.get(name), Some(TypeKind::Enum(_))) && is_name(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

fn scalar(name: &str, dice: &mut Dice) -> Value {
    match name {
        "Int" => json!(dice.below(10)),
        "Float" => dice.of(&[json!(0.5), json!(-77.0), json!(40), json!(-0.0)]).clone(),
        "Boolean" => json!(dice.chance(50)),
        "ID" => {
            let number = dice.below(6) + 1;
            json!(dice.of(&[
                small_world::mission(number),
                small_world::concern(number),
                "mission_x".to_owned(),
                "x".to_owned()
            ]))
        }
        "DateTime" => json!(dice.of(&["2026-11-22T12:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])),
        "Date" => json!(dice.of(&["2026-11-22", "0001-01-01", "9999-12-31"])),
        _ => json!(dice.of(&["", "x", "Mission", "FR", "%", "'; --", "\u{10FFFF}", "26", "New York"])),
    }
}
