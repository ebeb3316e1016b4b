//! Words in every spelling; whatever is no word is nothing, and never an error of the server's.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    QUESTION, find,
    support::{
        app::App,
        small_world::{self, analyst, mission, row},
    },
};

/// The small world with a name for the second mission.
async fn named(engine: Engine, name: &str) -> App {
    let app = small_world::app(engine).await;
    name_it(&app, name).await;
    app
}

async fn name_it(app: &App, name: &str) {
    let sql = format!("update mission set name = '{}' where id = '{}'", name.replace('\'', "''"), row('M', 2));
    small_world::change(&app.db, &sql).await;
}

#[rstest]
#[tokio::test]
async fn accents_case_and_width_do_not_count(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for (name, questions) in [
        ("Palais de l'Élysée", &["elysee", "ÉLYSÉE", "e\u{301}lyse\u{301}e palais", "L'Élysée", "élys"][..]),
        ("Große Straße", &["strasse", "STRASSE", "STRAẞE", "straße grosse", "stras"]),
        ("İstanbul", &["istanbul", "ISTANBUL", "ıstanbul", "i\u{307}stanbul"]),
        ("Ｆｕｌｌ Ｗｉｄｔｈ １２", &["full width", "12 full", "Ｆｕｌｌ"]),
        ("سِفَارَة أحمد", &["سفارة", "احمد", "أَحْمَد"]),
        ("法国大使馆", &["大使馆", "馆", "法国", "国大"]),
        ("Πρεσβεία Ὀδυσσεύς", &["ΟΔΥΣΣΕΥΣ", "οδυσσευς", "πρεσβεία οδυσσεύς", "οδυσσευσ"]),
        ("Łódź Tromsø Ærø", &["lodz", "tromso", "aero", "ŁÓDŹ"]),
        ("한국 대사관", &["대사관", "한국", "대사"]),
        ("Quote \"Mission\" AND NEAR(x)", &["and near x quote", "\"quote mission\"", "near"]),
    ] {
        name_it(&app, name).await;
        for question in questions {
            let found = find(&app, &analyst(), question).await;
            assert!(found.contains(&mission(2)), "{question} does not find {name}: {found:?}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_last_word_is_a_beginning_and_every_word_must_be_there(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = named(engine, "Embassy of Freedonia in Xanadu").await;
    for question in
        ["freedonia", "free", "fr", "xanadu freedonia", "embassy xan", "EMBASSY, of; freedonia/x", "fr embassy x"]
    {
        let is_whole = !question.starts_with("fr ");
        assert_eq!(find(&app, &analyst(), question).await.contains(&mission(2)), is_whole, "{question}");
    }
    for question in ["reedonia", "free xanadu", "freedonias", "freedonia ruritania", "xanadu nothing"] {
        assert!(!find(&app, &analyst(), question).await.contains(&mission(2)), "{question}");
    }
}

/// Whatever an index of words takes for an operator is text here: a word, or nothing.
#[rstest]
#[tokio::test]
async fn operators_are_text(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = named(engine, "alpha beta near and or not c").await;
    for question in [
        "alpha*",
        "\"alpha\"",
        "\"alpha beta",
        "alpha AND beta",
        "alpha AND near",
        "NEAR(alpha beta)",
        "alpha OR beta",
        "alpha NOT beta",
        "'alpha'",
        "alpha | beta",
        "alpha & beta",
        "alpha <-> beta",
        "alpha:*",
        "terms:alpha",
        "alpha:b",
        "{alpha}",
        "^alpha",
        "alpha + beta",
        "-alpha",
        "(alpha",
        "alpha)",
        "\\alpha",
        "alpha''beta",
        "alpha\"\"beta",
        "alpha;beta",
        "alpha--beta",
        "alpha%",
        "alpha_beta",
        "alpha\u{1}beta",
        "alpha\u{FFFF}",
        "alpha\tbeta\nnear",
        "!alpha",
        "alpha\\'",
        "alpha' or '1",
        "alpha\") or (\"beta",
        "alpha \u{200D} beta",
        "al\u{AD}pha",
        "$1 alpha",
        "?1 alpha",
    ] {
        let reply = app.ask(&analyst(), QUESTION, json!({ "text": question })).await;
        let found = &reply.data()["search"]["nodes"];
        // All but the few that ask for a word which is not there.
        let absent = ["terms:alpha", "alpha' or '1", "$1 alpha", "?1 alpha"].contains(&question);
        let ids: Vec<&Value> = found.as_array().expect("nodes").iter().map(|node| &node["id"]).collect();
        assert_eq!(ids.contains(&&json!(mission(2))), !absent, "{question}");
    }
    for question in
        ["", " ", "a", "*", "\"", "\"\"", "'", "&", "|", "!", "<->", ":*", "()", "a b c d", "\u{301}\u{301}", "½*"]
    {
        let reply = app.ask(&analyst(), QUESTION, json!({ "text": question })).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{question} {}", reply.text);
        let told = reply.json["errors"][0]["message"].as_str().expect("a message");
        assert_eq!(told, "text: expected at most 200 characters and 12 words, one of them of two letters or more");
    }
    let nul = app.ask(&analyst(), QUESTION, json!({ "text": "alpha\u{0}" })).await;
    assert_eq!(nul.code(), "BAD_USER_INPUT", "{}", nul.text);
}

#[rstest]
#[tokio::test]
async fn bounds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = named(engine, &format!("alpha {}", "x".repeat(150))).await;
    let found = async |text: &str| find(&app, &analyst(), text).await;
    assert_eq!(found(&"alpha ".repeat(12)).await, [mission(2)]);
    assert_eq!(found(&"x".repeat(150)).await, [mission(2)], "long words are cut alike");
    assert_eq!(found(&"x".repeat(20)).await, [mission(2)]);
    for (variables, message) in [
        (json!({ "text": "alpha ".repeat(13) }), "text: expected at most"),
        (json!({ "text": "a".repeat(201) }), "text: expected at most"),
        (json!({ "text": "alpha", "first": 101 }), "first: expected 0 to 100"),
        (json!({ "text": "alpha", "first": 1, "last": 1 }), "first, last: expected one of them, not both"),
        (json!({ "text": "alpha", "after": "AAAA" }), "after: expected a cursor"),
        (json!({ "text": null }), "$text"),
    ] {
        for question in [QUESTION.to_owned(), QUESTION.replace("nodes {", "other: nodes @skip(if: true) {")] {
            let refused = app.ask(&analyst(), &question, variables.clone()).await;
            assert_eq!(refused.code(), "BAD_USER_INPUT", "{variables} {}", refused.text);
            let told = refused.json["errors"][0]["message"].as_str().expect("a message");
            assert!(told.starts_with(message), "{told}");
        }
    }
    // A wrong argument is wrong whatever is selected.
    let count = "query Q($text: String!, $after: String) { search(text: $text, after: $after) { totalCount } }";
    let refused = app.ask(&analyst(), count, json!({ "text": "alpha", "after": "AAAA" })).await;
    assert_eq!(refused.code(), "BAD_USER_INPUT");
}
