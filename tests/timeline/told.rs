//! Timelines against the ordinary lists: what is in them, in which order, on which page; and of what is hidden nothing.

use std::collections::BTreeSet;

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    Anchor, Item,
    addressed::Stored,
    anchors, app, askers,
    lists::{Lists, dates, only},
    names, of_nothing, page, shown,
    support::app::{App, Who},
};

/// The arguments that a role's schema has.
async fn arguments(app: &App, who: &Who) -> Vec<&'static str> {
    let query = "{ __type(name: \"Query\") { fields { name args { name } } } }";
    let reply = app.ask(who, query, json!({})).await;
    let fields = reply.data()["__type"]["fields"].as_array().expect("fields");
    let timeline = fields.iter().find(|field| field["name"] == "timeline");
    let has = |name: &str| {
        let args = timeline.and_then(|field| field["args"].as_array());
        args.is_some_and(|args| args.iter().any(|arg| arg["name"] == name))
    };
    ["mission", "visit", "post"].into_iter().filter(|name| has(name)).collect()
}

#[rstest]
#[tokio::test]
async fn a_timeline_is_what_the_lists_say(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let stored = Stored::read(&app.db).await;
    let (mut told, mut hidden, mut longest) = (BTreeSet::new(), 0, 0);
    for who in askers() {
        let known = arguments(&app, &who).await;
        let lists = Lists::of(&app, &who).await;
        for (place, anchor) in anchors().into_iter().enumerate() {
            if !known.contains(&anchor.argument) {
                continue;
            }
            let context = format!("{engine:?} {} as {} {anchor:?}", who.subject, who.role);
            let items = lists.tell(&stored, &anchor).await;
            let before = app.gateway().statements();
            let reply = page(&app, &who, &anchor, json!({ "first": 100 })).await;
            assert_eq!(app.gateway().statements() - before, 1, "{context}");
            let Some(items) = items else {
                let absent = Anchor { id: format!("{}_none", anchor.argument), ..anchor };
                assert_eq!(reply.text, page(&app, &who, &absent, json!({ "first": 100 })).await.text, "{context}");
                assert_eq!(reply.data()["timeline"]["totalCount"], 0, "{context}");
                hidden += 1;
                continue;
            };
            let timeline = &reply.data()["timeline"];
            assert_eq!(shown(timeline), names(&items), "{context}\n{}", dates(&items));
            assert_eq!(timeline["totalCount"], items.len(), "{context}");
            for size in [[1, 2, 7][place % 3], 4] {
                walk(&app, &who, &anchor, (size, true), &items).await;
                walk(&app, &who, &anchor, (size, false), &items).await;
            }
            longest = longest.max(items.len());
            told.extend(items.into_iter().map(|item| (anchor.argument, item.kind)));
        }
    }
    // The world shows something by every tie, and hides much.
    let every = [
        ("mission", &["Advisory", "Concern", "Visit"][..]),
        ("post", &["Advice", "Concern", "Finding", "Incident", "ProgrammeReview", "Tour", "Visit"]),
        ("visit", &["AdvanceNote", "Concern", "Leg", "PortCourtesy", "WeaponsNotice"]),
    ];
    let every = every.iter().flat_map(|(of, kinds)| kinds.iter().map(|kind| (*of, (*kind).to_owned())));
    assert_eq!(told, every.collect());
    assert!(hidden > 20 && longest > 10, "{hidden} {longest}");
}

/// The pages from one side or the other are the whole.
async fn walk(app: &App, who: &Who, anchor: &Anchor, (size, forward): (usize, bool), items: &[Item]) {
    let context = format!("{} as {} {anchor:?} in pages of {size}, forwards: {forward}", who.subject, who.role);
    let mut seen = 0;
    let mut cursor = Value::Null;
    loop {
        let variables =
            if forward { json!({ "first": size, "after": cursor }) } else { json!({ "last": size, "before": cursor }) };
        let reply = page(app, who, anchor, variables).await;
        let timeline = &reply.data()["timeline"];
        let until = items.len().min(seen + size);
        let right = if forward { &items[seen..until] } else { &items[items.len() - until..items.len() - seen] };
        assert_eq!(shown(timeline), names(right), "{context}");
        assert_eq!(timeline["totalCount"], items.len(), "{context}");
        let info = &timeline["pageInfo"];
        let (ahead, behind, end) = if forward {
            (&info["hasNextPage"], &info["hasPreviousPage"], "endCursor")
        } else {
            (&info["hasPreviousPage"], &info["hasNextPage"], "startCursor")
        };
        assert_eq!(behind, (seen > 0), "{context}");
        assert_eq!(ahead, (until < items.len()), "{context}");
        seen = until;
        cursor = info[end].clone();
        if seen == items.len() {
            return;
        }
    }
}

/// Law 1: of what is absent, hidden, of another type or no id at all there is nothing, and it is told alike.
#[rstest]
#[tokio::test]
async fn of_what_is_not_there_there_is_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    for who in askers() {
        for argument in arguments(&app, &who).await {
            for variables in [json!({ "first": 3 }), json!({ "last": 2, "types": ["CONCERN"] })] {
                let mut answers = BTreeSet::new();
                for anchor in of_nothing(argument) {
                    let before = app.gateway().statements();
                    let reply = page(&app, &who, &anchor, variables.clone()).await;
                    assert_eq!(app.gateway().statements() - before, 1, "{anchor:?}");
                    let timeline = &reply.data()["timeline"];
                    assert_eq!((&timeline["totalCount"], &timeline["nodes"]), (&json!(0), &json!([])));
                    answers.insert((reply.text, format!("{:?}", reply.headers)));
                }
                assert_eq!(answers.len(), 1, "{} {argument}: {answers:?}", who.role);
            }
        }
    }
}

/// A cursor of a walk is where it stands in that walk: what comes after it and before it is the rest.
#[rstest]
#[tokio::test]
async fn a_cursor_stands_where_it_was_given(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let mut cut = 0;
    for who in askers() {
        let known = arguments(&app, &who).await;
        for anchor in anchors().into_iter().filter(|anchor| known.contains(&anchor.argument)).step_by(3) {
            let reply = page(&app, &who, &anchor, json!({ "first": 100 })).await;
            let timeline = &reply.data()["timeline"];
            let whole = shown(timeline);
            let edges = timeline["edges"].as_array().expect("edges");
            for (place, edge) in edges.iter().enumerate() {
                let after = page(&app, &who, &anchor, json!({ "first": 100, "after": edge["cursor"] })).await;
                let before = page(&app, &who, &anchor, json!({ "last": 100, "before": edge["cursor"] })).await;
                assert_eq!(shown(&after.data()["timeline"]), whole[place + 1..], "{who:?} {anchor:?} {place}");
                assert_eq!(shown(&before.data()["timeline"]), whole[..place], "{who:?} {anchor:?} {place}");
                cut += 1;
            }
        }
    }
    assert!(cut > 100, "{cut}");
}

#[rstest]
#[tokio::test]
async fn only_the_types_that_are_asked_for(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let stored = Stored::read(&app.db).await;
    let mut cut = 0;
    for who in askers() {
        let known = arguments(&app, &who).await;
        let query = "{ __type(name: \"TimelineType\") { enumValues { name } } }";
        let values = app.ask(&who, query, json!({})).await.data()["__type"]["enumValues"].clone();
        let values: Vec<&str> =
            values.as_array().into_iter().flatten().filter_map(|value| value["name"].as_str()).collect();
        let lists = Lists::of(&app, &who).await;
        for anchor in anchors().into_iter().filter(|anchor| known.contains(&anchor.argument)).step_by(2) {
            let Some(items) = lists.tell(&stored, &anchor).await else { continue };
            for (place, value) in values.iter().enumerate() {
                let asked = [*value, values[(place + 2) % values.len()], value];
                let kinds = asked.map(graph_name);
                let right = only(&items, &kinds.each_ref().map(String::as_str));
                let reply = page(&app, &who, &anchor, json!({ "first": 100, "types": asked })).await;
                let timeline = &reply.data()["timeline"];
                assert_eq!(shown(timeline), names(&right), "{who:?} {anchor:?} {asked:?}");
                assert_eq!(timeline["totalCount"], right.len());
                cut += usize::from(!right.is_empty() && right.len() < items.len());
            }
            for (types, right) in [(json!([]), 0), (Value::Null, items.len())] {
                let reply = page(&app, &who, &anchor, json!({ "first": 100, "types": types })).await;
                assert_eq!(reply.data()["timeline"]["totalCount"], right, "{who:?} {anchor:?} {types}");
            }
        }
    }
    assert!(cut > 50, "{cut}");
}

/// `PORT_COURTESY` is `PortCourtesy`.
fn graph_name(value: &str) -> String {
    let word = |word: &str| format!("{}{}", &word[..1], word[1..].to_lowercase());
    value.split('_').map(word).collect()
}
