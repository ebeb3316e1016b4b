//! The words are looked up in their index, by the very statements that answer.

use chancery::{access::Role, store::Engine};
use rstest::rstest;

use crate::support::{plan::explained, small_world};

#[rstest]
#[tokio::test]
async fn the_index_of_words_is_used(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let marks = match engine {
        Engine::Sqlite => ["search_words VIRTUAL TABLE INDEX 0:M", "USING INTEGER PRIMARY KEY (rowid=?)"],
        Engine::Postgres => ["Bitmap Index Scan on search_by_words", "Bitmap Heap Scan on search"],
    };
    for role in [Role::Analyst, Role::LawEnforcement, Role::MissionOfficer] {
        for question in [
            "{ search(text: \"zeppelin\") { nodes { ... on Concern { title } } } }",
            "{ search(text: \"zeppelin\") { totalCount pageInfo { hasNextPage } } }",
            "{ premises(address: \"zeppelin\") { totalCount nodes { address } } }",
        ] {
            let text = explained(&app, role, question, ("e", "zeppelin"), &[]).await;
            for mark in marks {
                assert!(text.contains(mark), "{role} {question}\n{text}");
            }
            assert!(!text.contains("Seq Scan on search"), "{text}");
        }
    }
}
