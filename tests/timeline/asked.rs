//! What a role's schema has of timelines, and what is refused.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    app, askers,
    support::{
        app::{App, Who},
        small_world::{self, analyst, auditor, french, french_administrator, liaison_officer, mission, police, public},
    },
};

/// What a role's schema has: the arguments that say of what, the union's members, the enum's values.
async fn schema(app: &App, who: &Who) -> [Vec<String>; 3] {
    let query = "{ query: __type(name: \"Query\") { fields { name args { name } } }
        union: __type(name: \"TimelineItem\") { possibleTypes { name } } enum: __type(name: \"TimelineType\") { enumValues { name } } }";
    let reply = app.ask(who, query, json!({})).await;
    let data = reply.data();
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
    };
    let fields = data["query"]["fields"].as_array().expect("fields");
    let args =
        fields.iter().find(|field| field["name"] == "timeline").map_or_else(Vec::new, |field| names(&field["args"]));
    [args, names(&data["union"]["possibleTypes"]), names(&data["enum"]["enumValues"])]
}

#[rstest]
#[tokio::test]
async fn a_role_has_what_it_can_ever_be_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for who in askers() {
        let [args, types, values] = schema(&app, &who).await;
        let (of, right): (&str, &str) = match who.role {
            Role::Auditor | Role::Administrator => ("", ""),
            Role::MissionOfficer => ("mission visit", "Concern Advisory Visit Leg PortCourtesy WeaponsNotice"),
            Role::LawEnforcement | Role::DetailAgent => {
                ("mission visit", "Concern Advisory Visit Leg PortCourtesy WeaponsNotice AdvanceNote")
            }
            Role::Analyst => ("mission visit post", "Concern Advisory Visit Tour ProgrammeReview Incident"),
            Role::LiaisonOfficer => {
                ("mission visit post", "Concern Advisory Visit Leg PortCourtesy WeaponsNotice AdvanceNote")
            }
            Role::RegionalSecurityOfficer => {
                ("mission visit post", "Concern Advisory Visit Tour ProgrammeReview Finding Advice Incident")
            }
        };
        let right: Vec<&str> = right.split_whitespace().collect();
        let mut named: Vec<&str> = of.split_whitespace().collect();
        if !named.is_empty() {
            named.extend(["types", "first", "after", "last", "before"]);
        }
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        args.sort_unstable();
        named.sort_unstable();
        assert_eq!(args, named, "{who:?}");
        assert_eq!(types, right, "{who:?}");
        assert_eq!(values.len(), right.len(), "{who:?} {values:?}");
        assert_eq!(values.contains(&"PORT_COURTESY".to_owned()), right.contains(&"PortCourtesy"));
    }
}

/// What a role lacks is as unknown to it as what there is not.
#[rstest]
#[tokio::test]
async fn what_a_role_lacks_is_unknown(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let id = mission(1);
    let alike = async |who: &Who, known: &str, name: &str, unknown: &str| {
        let mut told = Vec::new();
        for query in [known.to_owned(), known.replace(name, unknown)] {
            let reply = app.ask(who, &query, json!({})).await;
            assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{query}: {}", reply.text);
            told.push(reply.text.replace(name, unknown));
        }
        assert_eq!(told[0], told[1], "{known}");
    };
    for who in [auditor(), french_administrator()] {
        alike(&who, &format!("{{ timeline(mission: \"{id}\") {{ totalCount }} }}"), "timeline", "nothings").await;
    }
    for who in [police(), french()] {
        let (of, types) =
            ("{ timeline(post: \"x\") { totalCount } }", "{ timeline(visit: \"x\", types: [TOUR]) { totalCount } }");
        alike(&who, of, "post", "nail").await;
        alike(&who, types, "TOUR", "NAIL").await;
        alike(&who, "{ timeline(visit: \"x\") { nodes { ... on Tour { id } } } }", "Tour", "Nail").await;
    }
    alike(&liaison_officer(), "{ timeline(post: \"x\", types: [INCIDENT]) { totalCount } }", "INCIDENT", "NAIL").await;
    alike(&analyst(), "{ timeline(post: \"x\") { nodes { ... on Finding { id } } } }", "Finding", "Nail").await;
}

#[rstest]
#[tokio::test]
async fn exactly_one_is_asked_for(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let (mission, visit, post) = (mission(1), public("visit", 'W', 1), public("post", 'T', 1));
    for (who, arguments, message) in [
        (analyst(), String::new(), "mission, visit, post"),
        (analyst(), "(first: 2)".to_owned(), "mission, visit, post"),
        (analyst(), format!("(mission: \"{mission}\", visit: \"{visit}\")"), "mission, visit, post"),
        (analyst(), format!("(visit: \"{visit}\", post: \"{post}\")"), "mission, visit, post"),
        (analyst(), "(visit: \"x\", post: \"x\")".to_owned(), "mission, visit, post"),
        (analyst(), format!("(mission: \"{mission}\", visit: \"{visit}\", post: \"{post}\")"), "mission, visit, post"),
        (analyst(), "(mission: null)".to_owned(), "mission, visit, post"),
        (police(), "(types: [CONCERN])".to_owned(), "mission, visit"),
        (french(), format!("(mission: \"{mission}\", visit: \"\")"), "mission, visit"),
    ] {
        let before = app.gateway().statements();
        let reply = app.ask(&who, &format!("{{ timeline{arguments} {{ totalCount }} }}"), json!({})).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{arguments}: {}", reply.text);
        let right = format!("timeline({message}): expected exactly one of them");
        assert_eq!(reply.json["errors"][0]["message"], right, "{arguments}");
        assert_eq!(app.gateway().statements(), before, "{arguments}");
    }
    // What is null was not given.
    let query = "query($m: ID, $v: ID, $p: ID) { timeline(mission: $m, visit: $v, post: $p) { totalCount } }";
    let alone =
        app.ask(&analyst(), "query($m: ID) { timeline(mission: $m) { totalCount } }", json!({ "m": mission })).await;
    assert!(alone.data()["timeline"]["totalCount"].as_u64() > Some(0), "{}", alone.text);
    for variables in [json!({ "m": mission }), json!({ "m": mission, "v": null, "p": null })] {
        assert_eq!(app.ask(&analyst(), query, variables).await.text, alone.text);
    }
    for variables in [json!({}), json!({ "m": mission, "v": visit }), json!({ "v": null })] {
        assert_eq!(app.ask(&analyst(), query, variables).await.code(), "BAD_USER_INPUT");
    }
}

/// A cursor is of timelines, and of whom it was given to.
#[rstest]
#[tokio::test]
async fn a_cursor_of_something_else_is_none(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let question =
        "query($m: ID!, $after: String) { timeline(mission: $m, first: 1, after: $after) { pageInfo { endCursor } } }";
    let ask = async |who: &Who, after: &Value| app.ask(who, question, json!({ "m": mission(1), "after": after })).await;
    let mine = ask(&analyst(), &Value::Null).await.data()["timeline"]["pageInfo"]["endCursor"].clone();
    assert!(mine.is_string());
    assert!(ask(&analyst(), &mine).await.json.get("errors").is_none());
    let others = "{ concerns(first: 1) { pageInfo { endCursor } } search(text: \"title\", first: 1) { pageInfo { endCursor } } }";
    let others = app.ask(&analyst(), others, json!({})).await.data().clone();
    for (who, cursor) in [
        (police(), &mine),
        (liaison_officer(), &mine),
        (analyst(), &others["concerns"]["pageInfo"]["endCursor"]),
        (analyst(), &others["search"]["pageInfo"]["endCursor"]),
        (analyst(), &json!("x")),
    ] {
        assert!(cursor.is_string());
        let refused = ask(&who, cursor).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT", "{}", refused.text);
    }
}

/// One question may hold several timelines, of fields of every type: it is one statement all the same.
#[rstest]
#[tokio::test]
async fn several_are_one_statement(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let question = format!(
        "{{ a: timeline(post: \"{0}\", first: 50) {{ totalCount nodes {{ __typename ...F }} }}
            b: timeline(mission: \"{1}\", first: 50) {{ nodes {{ ...F }} }} c: timeline(post: \"{0}\", types: [TOUR]) {{ edges {{ node {{ ...F }} }} }} }}
        fragment F on TimelineItem {{ ... on Node {{ id }}
            ... on Tour {{ name post {{ id chiefOfMission }} }} ... on Incident {{ reference entries(first: 2) {{ nodes {{ body }} }} }}
            ... on Finding {{ body review {{ summary }} }} ... on Advisory {{ headline }} ... on Visit {{ mission {{ name }} }} }}",
        public("post", 'T', 1),
        mission(1)
    );
    let officer = crate::support::programmes::security_officer();
    for _ in 0..2 {
        let before = app.gateway().statements();
        let reply = app.ask(&officer, &question, json!({})).await;
        let nodes = reply.data()["a"]["nodes"].as_array().expect("nodes");
        assert_eq!(reply.data()["a"]["totalCount"], nodes.len());
        let of = |name: &str| nodes.iter().find(|node| node["__typename"] == name).expect("one of the type");
        assert!(of("Tour")["name"].is_string() && of("Finding")["body"].is_string());
        assert!(of("Incident")["entries"]["nodes"].is_array());
        let tours: Vec<&Value> =
            nodes.iter().filter(|node| node["__typename"] == "Tour").map(|node| &node["id"]).collect();
        let alone = reply.data()["c"]["edges"].as_array().expect("edges");
        assert_eq!(tours, alone.iter().map(|edge| &edge["node"]["id"]).collect::<Vec<_>>());
        assert_eq!(app.gateway().statements() - before, 1);
    }
}
