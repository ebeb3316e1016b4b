//! Names: what a role cannot reach is not in its schema, nor in its printed schema, nor in an answer about it.

use std::collections::BTreeSet;

use chancery::{
    access::{Kind, Role},
    graph,
    model::{
        self,
        kit::{Scalar, Shape},
        query::VIEWER,
        view::screaming,
    },
    store::Engine,
};
use serde_json::json;

use crate::{cast, prose, support::app::App};

/// The words of a printed schema, without its descriptions, and without the inputs and payloads of commands: one may give
/// what one may not read, as an administrator a colleague's telephone number.
fn words(sdl: &str) -> BTreeSet<String> {
    let mut given = false;
    let read = |line: &&str| {
        let of_command = line.ends_with("Input {") || line.ends_with("Payload {");
        given = (given && *line != "}") || of_command;
        !given
    };
    let sdl: String = sdl.lines().filter(read).flat_map(|line| [line, "\n"]).collect();
    let bare: String = sdl.split("\"\"\"").step_by(2).collect();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    bare.split(|c| !is_part(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_printed_schema_of_a_role_names_nothing_that_it_cannot_reach() {
    for role in Role::ALL {
        let words = words(&graph::sdl(Some(role)).expect("the schema builds"));
        let mut allowed: BTreeSet<String> = VIEWER.iter().map(|field| field.name.to_owned()).collect();
        // A keyword of the language as well as a field of a mission.
        allowed.insert("type".to_owned());
        // Who asks is told the own role.
        let mut enums = BTreeSet::from(["Role"]);
        for kind in Kind::ALL {
            for field in prose::fields(role, kind) {
                allowed.extend([field.name.to_owned(), screaming(field.name)]);
                if let Some(Scalar::Enum(def)) = field.shape.scalar() {
                    enums.insert(def.name);
                }
            }
        }
        for kind in Kind::ALL {
            if prose::reach(role, kind).is_none() {
                for suffix in ["", "Connection", "Edge", "Filter", "Order"] {
                    let name = format!("{}{suffix}", kind.name());
                    assert!(!words.contains(&name), "{role}: {name}");
                }
            }
            for field in model::definition(kind).fields {
                let is_allowed = allowed.contains(field.name) || is_a_root(role, field.name);
                for suffix in ["_ASC", "_DESC"] {
                    let order = format!("{}{suffix}", screaming(field.name));
                    assert!(allowed.contains(field.name) || !words.contains(&order), "{role}: {order}");
                }
                assert!(is_allowed || !words.contains(field.name), "{role}: {}.{}", kind.name(), field.name);
                if let Shape::Column { scalar: Scalar::Enum(def), .. } = field.shape {
                    assert!(enums.contains(def.name) || !words.contains(def.name), "{role}: {}", def.name);
                }
            }
        }
    }
}

/// Whether a name is also that of a root for a type that the role reaches.
fn is_a_root(role: Role, name: &str) -> bool {
    use chancery::model::query::{ROOTS, RootShape};
    ROOTS.iter().any(|root| {
        root.name == name
            && match root.shape {
                RootShape::Board { .. } => role == Role::LiaisonOfficer,
                RootShape::One { kind, .. }
                | RootShape::Many { kind }
                | RootShape::Calendar { kind, .. }
                | RootShape::Due { kind, .. } => prose::reach(role, kind).is_some(),
                _ => true,
            }
    })
}

/// A name that another role knows answers like a name that nobody knows: same error, no suggestion.
#[tokio::test]
async fn a_name_that_a_role_lacks_answers_like_a_name_that_there_is_not() {
    let db = crate::support::TestDb::new(Engine::Sqlite).await;
    crate::world::build(&db).await;
    let app = App::over(db).await;
    for name in ["embassy", "manhattan", "analyst", "officer", "agent", "rso", "registrar", "auditor"] {
        let asker = cast::by_name(name);
        let client = crate::client::Client::open(&app, asker).await;
        for kind in Kind::ALL {
            let has_type = prose::reach(asker.role, kind).is_some();
            for field in model::definition(kind).fields {
                if !has_type || prose::has_field(asker.role, kind, field) {
                    continue;
                }
                let nonsense = "q".repeat(field.name.len());
                let ask = |field: &str| format!("{{ node(id: \"x\") {{ ... on {} {{ {field} }} }} }}", kind.name());
                let (there, nowhere) =
                    (client.raw(&ask(field.name), json!({})).await, client.raw(&ask(&nonsense), json!({})).await);
                assert_eq!(there.code(), "GRAPHQL_VALIDATION_FAILED", "{}", there.text);
                assert_eq!(there.text.replace(field.name, &nonsense), nowhere.text, "{name}: {}", field.name);
            }
            if !has_type {
                let ask = |ty: &str| format!("{{ __typename ... on {ty} {{ id }} }}");
                let nonsense = "Q".repeat(kind.name().len());
                let (there, nowhere) =
                    (client.raw(&ask(kind.name()), json!({})).await, client.raw(&ask(&nonsense), json!({})).await);
                assert_eq!(there.code(), "GRAPHQL_VALIDATION_FAILED", "{}", there.text);
                assert_eq!(there.text.replace(kind.name(), &nonsense), nowhere.text, "{name}: {}", kind.name());
            }
        }
    }
}
