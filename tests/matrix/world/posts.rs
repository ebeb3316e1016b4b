//! Posts abroad.

use chancery::access::Kind;
use entity::post;
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{put, some},
};

/// Handle, country, the post it belongs to, what makes it so, who sees what.
type PostLine = (&'static str, &'static str, Option<&'static str>, &'static str, &'static str);

/// An analyst sees every post as far as its programmes, a liaison officer the directory, an officer abroad the own post
/// with what is wanting there. Nobody else knows of any.
#[rustfmt::skip]
const POSTS: &[PostLine] = &[
    ("paris",     "FR", None,          "to which the officer is posted",                             "analyst=DCP liaison=D rso=DCPS"),
    ("marseille", "FR", Some("paris"), "a constituent of the officer's post, in the host state",     "analyst=DCP liaison=D"),
    ("berlin",    "DE", None,          "in a stranger's state, to which a colleague is posted",      "analyst=DCP liaison=D"),
];

/// To which post a person is posted. The roles of two of them open nothing by it.
pub fn posted(person: &str) -> Option<String> {
    let handle = match person {
        "rso" | "agent" | "registrar" => "paris",
        "third officer" => "berlin",
        _ => return None,
    };
    some(id_of(Kind::Post, handle))
}

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (handle, country, of, name, expect) in POSTS {
        let row = post::Model {
            id: id_of(Kind::Post, handle),
            wikidata_id: Some(format!("Q-post-{handle}")),
            r#type: "EMBASSY".to_owned(),
            name: format!("Post {handle}"),
            country_id: id_of(Kind::SendingState, country),
            constituent_of_id: of.map(|of| id_of(Kind::Post, of)),
            city: some("City"),
            latitude: Some(48.9),
            longitude: Some(2.3),
            status: "OPEN".to_owned(),
            phone: some("+12025550110"),
            email: some("post@example.org"),
            website: some("https://post.example"),
            opened_on: some("1990-01-01"),
            source_ids: r#"["wikidata:Q1"]"#.to_owned(),
            imported: None,
            emergency_plan: some("By the river"),
        };
        put(work, row).await;
        world.push(Situation::of(Kind::Post, handle, *name, expect));
    }
    world
}
