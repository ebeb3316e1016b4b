//! The reference: async-graphql's own executor, with the schema that Chancery prints and resolvers over plain rows.

use std::cmp::Ordering;

use async_graphql::{
    Error, Value,
    dynamic::{
        Enum, Field, FieldFuture, FieldValue, InputObject, InputValue, Interface, InterfaceField, Object,
        ResolverContext, Scalar, Schema, TypeRef, Union,
    },
};
use async_graphql_parser::{
    parse_schema,
    types::{BaseType, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
};

use crate::rows::{Row, Rows};

/// A value on its way through the reference's executor.
#[derive(Clone, Debug)]
enum Cell {
    Viewer,
    Row(String),
    Connection { page: Vec<String>, total: usize, before: bool, after: bool },
}

/// The schema that an SDL text describes, over rows.
pub fn schema(sdl: &str, rows: &Rows) -> Schema {
    let document = parse_schema(sdl).expect("SDL");
    let mut schema = Schema::build("Query", None, None);
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        schema = match definition.kind {
            TypeKind::Scalar => schema.register(Scalar::new(name)),
            TypeKind::Enum(kind) => schema.register(
                kind.values
                    .into_iter()
                    .fold(Enum::new(name), |kind, value| kind.item(value.node.value.node.to_string())),
            ),
            TypeKind::InputObject(input) => schema.register(
                input
                    .fields
                    .into_iter()
                    .fold(InputObject::new(name), |object, field| object.field(argument(&field.node))),
            ),
            TypeKind::Interface(interface) => {
                schema.register(interface.fields.into_iter().fold(Interface::new(name), |interface, field| {
                    interface.field(InterfaceField::new(field.node.name.node.to_string(), ty(&field.node.ty.node)))
                }))
            }
            TypeKind::Object(object) => {
                let implements = object.implements.iter().map(|of| of.node.to_string());
                let made = implements.fold(Object::new(&name), Object::implement);
                schema.register(object.fields.into_iter().fold(made, |made, field| {
                    let (rows, of, field) = (rows.clone(), name.clone(), field.node);
                    let called = field.name.node.to_string();
                    let plain = Field::new(called, ty(&field.ty.node), move |context| {
                        let found = resolve(&rows, &of, &context);
                        FieldFuture::new(async move { found })
                    });
                    let made_field =
                        field.arguments.iter().fold(plain, |plain, given| plain.argument(argument(&given.node)));
                    made.field(made_field)
                }))
            }
            TypeKind::Union(union) => {
                let members = union.members.iter().map(|member| member.node.to_string());
                schema.register(members.fold(Union::new(name), Union::possible_type))
            }
        };
    }
    schema.finish().expect("a schema")
}

type Found = Result<Option<FieldValue<'static>>, Error>;

fn argument(given: &InputValueDefinition) -> InputValue {
    InputValue::new(given.name.node.to_string(), ty(&given.ty.node))
}

fn ty(of: &Type) -> TypeRef {
    let base = match &of.base {
        BaseType::Named(name) => TypeRef::named(name.to_string()),
        BaseType::List(inner) => TypeRef::List(Box::new(ty(inner))),
    };
    if of.nullable { base } else { TypeRef::NonNull(Box::new(base)) }
}

fn resolve(rows: &Rows, of: &str, context: &ResolverContext<'_>) -> Found {
    let field = context.field().name();
    if of == "Query" {
        return root(rows, field, context);
    }
    let cell = context.parent_value.try_downcast_ref::<Cell>()?;
    match cell {
        Cell::Viewer => Ok(Some(FieldValue::value(match field {
            "role" => Value::Enum(async_graphql::Name::new("ANALYST")),
            "subject" => Value::from("subject-4"),
            "name" => Value::from("Person 4"),
            "agencyName" => Value::from("Diplomatic Security Service"),
            "areas" => Value::List(vec![]),
            "watchPhone" => Value::from("+12025550100"),
            other => panic!("the corpus asks for Viewer.{other}"),
        }))),
        Cell::Row(id) => row_field(rows, id, field, context),
        Cell::Connection { page, total, before, after } => Ok(Some(match field {
            "totalCount" => FieldValue::value(Value::from(*total)),
            "nodes" => FieldValue::list(page.iter().map(|id| row(id))),
            // An edge is known by its node, the page's own information by the connection.
            "edges" => FieldValue::list(page.iter().map(|id| FieldValue::owned_any(Cell::Row(id.clone())))),
            "pageInfo" => FieldValue::owned_any(cell.clone()),
            "hasNextPage" => FieldValue::value(Value::from(*after)),
            "hasPreviousPage" => FieldValue::value(Value::from(*before)),
            other => panic!("the corpus asks for {of}.{other}"),
        })),
    }
}

fn root(rows: &Rows, field: &str, context: &ResolverContext<'_>) -> Found {
    let text = |name: &str| context.args.get(name).filter(|value| !value.is_null());
    let any = |id: &str| rows.get(id).map(|_| node(rows, id));
    let by_id = |id: &str, ty: &str| {
        let found = rows.get(id).filter(|row| row.ty == ty);
        found.map(|_| row(id))
    };
    match field {
        "viewer" => Ok(Some(FieldValue::owned_any(Cell::Viewer))),
        "node" => Ok(any(&id_of(context.args.try_get("id")?.as_value()))),
        "nodes" => {
            let ids = items(context.args.try_get("ids")?.as_value());
            Ok(Some(FieldValue::list(ids.iter().map(|id| any(&id_of(id)).unwrap_or(FieldValue::NULL)))))
        }
        "mission" => Ok(by_id(&id_of(context.args.try_get("id")?.as_value()), "Mission")),
        "sendingState" => match (text("id"), text("iso2")) {
            (Some(id), None) => Ok(by_id(id.string()?, "SendingState")),
            (None, Some(iso2)) => {
                let wanted = Value::from(iso2.string()?);
                let found = rows.iter().find(|(_, row)| row.values.get("iso2") == Some(&wanted));
                Ok(found.map(|(id, _)| row(id)))
            }
            _ => Err("exactly one of them".into()),
        },
        "missions" => connection(rows, context, "Mission", |_| true),
        "sendingStates" => connection(rows, context, "SendingState", |_| true),
        other => panic!("the corpus asks for Query.{other}"),
    }
}

/// An id is text or a whole number (section 3.5.5).
fn id_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn row(id: &str) -> FieldValue<'static> {
    FieldValue::owned_any(Cell::Row(id.to_owned()))
}

/// A row where the schema says no more than `Node`.
fn node(rows: &Rows, id: &str) -> FieldValue<'static> {
    row(id).with_type(rows.get(id).expect("a row").ty)
}

fn row_field(rows: &Rows, id: &str, field: &str, context: &ResolverContext<'_>) -> Found {
    let at = rows.get(id).expect("a row");
    match field {
        "node" => Ok(Some(row(id))),
        "missions" => connection(rows, context, "Mission", |row| edge(row, "sendingState") == Some(id)),
        "constituents" => connection(rows, context, "Mission", |row| edge(row, "parent") == Some(id)),
        _ => match (at.values.get(field), at.edges.get(field)) {
            (Some(Value::Null), _) | (_, Some(None)) => Ok(None),
            (Some(value), _) => Ok(Some(FieldValue::value(value.clone()))),
            (_, Some(Some(to))) => Ok(Some(row(to))),
            (None, None) => panic!("the corpus asks for {}.{field}", at.ty),
        },
    }
}

fn edge<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    row.edges.get(name)?.as_deref()
}

fn connection(rows: &Rows, context: &ResolverContext<'_>, ty: &str, reached: impl Fn(&Row) -> bool) -> Found {
    let given = |name: &str| context.args.get(name).filter(|value| !value.is_null());
    let size = |name| given(name).map(|value| value.i64()).transpose();
    let (first, last) = (size("first")?, size("last")?);
    let wanted = match (first, last) {
        (Some(_), Some(_)) => return Err("not both".into()),
        (first, last) => first.or(last).unwrap_or(20),
    };
    let wanted = usize::try_from(wanted).ok().filter(|wanted| *wanted <= 100).ok_or("0 to 100")?;
    let filter = given("filter");
    if filter.as_ref().is_some_and(|filter| !matches!(filter.as_value(), Value::Object(_))) {
        // The library lets it pass; a resolver generated from types would refuse it here.
        return Err("an input object".into());
    }
    let mut found: Vec<(&String, &Row)> = rows
        .iter()
        .filter(|(_, row)| row.ty == ty && reached(row))
        .filter(|(_, row)| filter.as_ref().is_none_or(|filter| matches(rows, row, filter.as_value()) == Some(true)))
        .collect();
    let order: Vec<String> = match given("orderBy").map(|value| value.as_value().clone()) {
        Some(Value::List(keys)) if !keys.is_empty() => keys.iter().map(name_of).collect(),
        Some(key @ (Value::Enum(_) | Value::String(_))) => vec![name_of(&key)],
        _ => vec!["NAME_ASC".to_owned()],
    };
    found.sort_by(|a, b| {
        let keys = order.iter().map(|key| compare(a.1, b.1, key));
        let tie = if order[0].ends_with("_DESC") { b.0.cmp(a.0) } else { a.0.cmp(b.0) };
        keys.fold(Ordering::Equal, Ordering::then).then(tie)
    });
    let total = found.len();
    let more = total > wanted;
    let page: Vec<String> = match last {
        Some(_) => found.iter().skip(total.saturating_sub(wanted)).map(|(id, _)| (*id).clone()).collect(),
        None => found.iter().take(wanted).map(|(id, _)| (*id).clone()).collect(),
    };
    let (before, after) = if last.is_some() { (more, false) } else { (false, more) };
    Ok(Some(FieldValue::owned_any(Cell::Connection { page, total, before, after })))
}

fn name_of(value: &Value) -> String {
    match value {
        Value::Enum(name) => name.to_string(),
        Value::String(text) => text.clone(),
        other => panic!("no enum: {other:?}"),
    }
}

/// What is not there sorts last, whichever way.
fn compare(a: &Row, b: &Row, key: &str) -> Ordering {
    let (name, down) = key
        .strip_suffix("_DESC")
        .map_or_else(|| (key.strip_suffix("_ASC").expect("a direction"), false), |name| (name, true));
    let field = match name {
        "NAME" => "name",
        "CITY" => "city",
        "STATE" => "state",
        "OPENED_ON" => "openedOn",
        "ISO2" => "iso2",
        other => panic!("the corpus orders by {other}"),
    };
    match (text_of(a.values.get(field)), text_of(b.values.get(field))) {
        (Some(a), Some(b)) if down => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (None, None) => Ordering::Equal,
    }
}

fn text_of(value: Option<&Value>) -> Option<&str> {
    match value? {
        Value::String(text) => Some(text),
        Value::Enum(name) => Some(name),
        _ => None,
    }
}

/// Three-valued, as in SQL: `None` is unknown.
fn matches(rows: &Rows, row: &Row, filter: &Value) -> Option<bool> {
    let Value::Object(fields) = filter else { panic!("a filter is an object") };
    let all = |verdicts: Vec<Option<bool>>| match verdicts {
        list if list.contains(&Some(false)) => Some(false),
        list if list.contains(&None) => None,
        _ => Some(true),
    };
    all(fields
        .iter()
        .map(|(name, by)| match name.as_str() {
            "not" => matches(rows, row, by).map(|verdict| !verdict),
            "and" => all(items(by).iter().map(|item| matches(rows, row, item)).collect()),
            "or" => {
                let none = all(items(by).iter().map(|item| matches(rows, row, item).map(|v| !v)).collect());
                none.map(|verdict| !verdict)
            }
            "sendingState" | "parent" => {
                let far = edge(row, name).and_then(|id| rows.get(id));
                Some(far.is_some_and(|far| matches(rows, far, by) == Some(true)))
            }
            field => compares(row.values.get(field).expect("a value"), by),
        })
        .collect())
}

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.clone(),
        one => vec![one.clone()],
    }
}

fn compares(value: &Value, by: &Value) -> Option<bool> {
    let Value::Object(comparisons) = by else { panic!("a comparison is an object") };
    let mut verdict = Some(true);
    for (name, with) in comparisons {
        let have = text_of(Some(value));
        let one = match name.as_str() {
            "isNull" => Some((*value == Value::Null) == (*with == Value::Boolean(true))),
            "eq" => have.map(|have| Some(have) == text_of(Some(with))),
            "in" => have.map(|have| items(with).iter().any(|item| text_of(Some(item)) == Some(have))),
            "contains" => have.map(|have| have.contains(text_of(Some(with)).expect("text"))),
            "startsWith" => have.map(|have| have.starts_with(text_of(Some(with)).expect("text"))),
            "gt" => have.map(|have| Some(have) > text_of(Some(with))),
            "lte" => have.map(|have| Some(have) <= text_of(Some(with))),
            other => panic!("the corpus compares by {other}"),
        };
        verdict = match (verdict, one) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (None, _) | (_, None) => None,
            _ => Some(true),
        };
    }
    verdict
}
