//! Posts abroad: what becomes of the dirt, and of a file of the other kind.

use chancery::import::Content;
use entity::{mission, post};
use rstest::rstest;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::*;

#[rstest]
#[tokio::test]
async fn posts_have_a_country_and_belong_to_its_embassy(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Countries, fixture("countries.csv")).await;
    let summary = taken(&db, Content::Posts, fixture("posts.csv")).await;
    assert_eq!(counts(&summary), [9, 0, 0, 6]);
    assert_eq!(summary.also["sending states made that no list of countries had brought"], 2, "Kosovo, Taiwan");
    for (qid, kind, name, country, embassy) in [
        (
            "Q900201",
            "CONSULATE_GENERAL",
            "Consulate General of the United States in Gothenburg",
            "Sweden",
            Some("Q900202"),
        ),
        ("Q900202", "EMBASSY", "Embassy of the United States in Stockholm", "Sweden", None),
        ("Q900203", "EMBASSY", "Embassy of the United States in Pristina", "Kosovo", None),
        ("Q900204", "CONSULATE", "Consulate of the United States in Namibia", "Namibia", None),
        ("Q900205", "EMBASSY", "Embassy of the United States in The Hague", "Netherlands", None),
        ("Q900206", "EMBASSY", "Embassy of the United States to Canada in Tirana", "Albania", None),
        ("Q900207", "EMBASSY", "Embassy of the United States in Tirana", "Albania", None),
        ("Q900208", "CONSULATE", "Consulate of the United States in Shk\u{f6}der \"x\"", "Albania", Some("Q900207")),
        ("Q900209", "UNOFFICIAL_REPRESENTATIVE_OFFICE", "American Institute in Taiwan", "Taiwan", None),
    ] {
        let row = post(&db, qid).await;
        assert_eq!((row.name.as_str(), row.r#type.as_str(), row.status.as_str()), (name, kind, "OPEN"));
        assert_eq!(row.country_id, state(&db, country).await.id, "{name}");
        let parent = match embassy {
            Some(embassy) => Some(post(&db, embassy).await.id),
            None => None,
        };
        assert_eq!(row.constituent_of_id, parent, "{name}");
        assert_eq!(row.source_ids, format!(r#"["wikidata:{qid}"]"#));
    }
    assert_eq!(state(&db, "Namibia").await.wikidata_id.as_deref(), Some("Q1030"), "found by name, the item noted");
}

#[rstest]
#[tokio::test]
async fn their_fields_are_cleaned_or_left_out(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Countries, fixture("countries.csv")).await;
    let summary = taken(&db, Content::Posts, fixture("posts.csv")).await;
    let stockholm = post(&db, "Q900202").await;
    assert_eq!((stockholm.latitude, stockholm.longitude), (Some(59.33), Some(18.1)));
    assert_eq!(stockholm.city.as_deref(), Some("Stockholm"));
    assert_eq!(stockholm.phone.as_deref(), Some("+46855501000"));
    assert_eq!(stockholm.email.as_deref(), Some("post@stockholm.example"));
    assert_eq!(stockholm.website.as_deref(), Some("https://stockholm.example/post"));
    assert_eq!(stockholm.opened_on.as_deref(), Some("1954-01-01"));
    let pristina = post(&db, "Q900203").await;
    assert_eq!((pristina.phone, pristina.email, pristina.website, pristina.opened_on), (None, None, None, None));
    assert_eq!((pristina.latitude, post(&db, "Q900205").await.latitude), (None, None), "-9,-9 and 0,0 are no place");
    for (column, lines) in
        [("phone", &[4][..]), ("email", &[4]), ("website", &[4]), ("creation", &[4]), ("latitude", &[4, 6])]
    {
        let noted: Vec<u64> = summary
            .warned
            .iter()
            .filter(|((of, _), _)| *of == column)
            .flat_map(|(_, note)| note.lines.clone())
            .collect();
        assert_eq!(noted, lines, "{column}");
    }
    let listed = fs::read_to_string(rejects(&db)).expect("the rejects");
    insta::allow_duplicates! {
        insta::assert_snapshot!(listed, @r#"
        line,column,reason
        11,QID,"duplicate of an earlier line"
        12,type,"not a type of post that is known"
        13,countryQID,"not one country with its Wikidata item"
        14,countryQID,"not abroad: it lies in the United States"
        15,operatorQID,"the operator is not the United States: a foreign mission, for `import missions`"
        16,QID,"not a Wikidata item"
        "#);
    }
    for value in ["Atlantis", "museum", "javascript", "044 555", "Q900202"] {
        assert!(!summary.to_string().contains(value), "{value} is shown:\n{summary}");
    }
}

/// The two files have one form; whoever takes one for the other is told so, and nothing changes.
#[rstest]
#[tokio::test]
async fn missions_are_no_posts_and_posts_no_missions(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let ours = |name: &str, operator: &str| -> String {
        let text = fixture(name);
        let lines = text.lines().enumerate().filter(|(place, line)| *place == 0 || line.starts_with(operator));
        lines.map(|(_, line)| format!("{line}\n")).collect()
    };
    let (posts, missions) = (ours("posts.csv", "United States"), ours("missions.csv", "Albania"));
    let error = import(&db, Content::Missions, posts).await.expect_err("refused");
    assert!(
        error.message.contains("each of its 14 rows was rejected (operatorQID: the operator is the United"),
        "{error}"
    );
    assert!(error.message.contains("a post abroad, for `import posts`"), "{error}");
    let error = import(&db, Content::Posts, missions).await.expect_err("refused");
    assert!(error.message.contains("each of its 2 rows was rejected (operatorQID: the operator is not the"), "{error}");
    assert!(error.message.contains("a foreign mission, for `import missions`"), "{error}");
    let error = import(&db, Content::Posts, fixture("agencies.csv")).await.expect_err("refused");
    assert!(error.message.contains("this is not a list of posts abroad: a column `operator`"), "{error}");
    let (posts, missions) = (post::Entity::find(), mission::Entity::find());
    assert_eq!(posts.count(&db.store.orm).await.expect("a query"), 0);
    assert_eq!(missions.count(&db.store.orm).await.expect("a query"), 0);
}

#[rstest]
#[tokio::test]
async fn a_dry_run_of_posts_keeps_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let source = Box::new(Cursor::new(fixture("posts.csv")));
    let dry = Options { dry_run: true, ..options(&db) };
    let summary = import::stream(Content::Posts, "FILE", source, &dry, &db.store, &db.clock).await.expect("taken");
    assert_eq!(counts(&summary), [9, 0, 0, 6]);
    assert_eq!(post::Entity::find().count(&db.store.orm).await.expect("a query"), 0);
    assert_eq!(sending_state::Entity::find().count(&db.store.orm).await.expect("a query"), 0);
}
