//! Nobody finds what is not shown to them, nor learns from search that it is there.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    QUESTION, find,
    support::{
        abroad::POSTS,
        app::{App, Who},
        programmes::{second_security_officer, security_officer},
        small_world::{
            self, analyst, auditor, concern, everybody, french, french_administrator, french_colleague, police, public,
            row,
        },
    },
};

/// What a role's schema has of search: the union's members, the enum's values.
async fn members(app: &App, who: &Who) -> (Vec<String>, Vec<String>) {
    let query = "{ union: __type(name: \"SearchResult\") { possibleTypes { name } } enum: __type(name: \"SearchType\") { enumValues { name } } }";
    let reply = app.ask(who, query, json!({})).await;
    let names = |of: &str, list: &str| {
        let names = reply.data()[of][list].as_array().cloned().unwrap_or_default();
        names.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
    };
    (names("union", "possibleTypes"), names("enum", "enumValues"))
}

#[rstest]
#[tokio::test]
async fn a_role_has_the_types_it_can_find_and_no_others(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for who in everybody() {
        let (types, values) = members(&app, &who).await;
        let right: &[&str] = match who.role {
            Role::Auditor => &[],
            Role::Administrator => &["Agency", "Mission"],
            Role::Analyst => &[
                "Agency",
                "Mission",
                "SecurityContact",
                "Concern",
                "Entry",
                "Post",
                "Advisory",
                "Visit",
                "Tour",
                "ProgrammeReview",
                "Incident",
                "IncidentEntry",
            ],
            // What is wanting at the own post, and what its chief was advised, is for its officer.
            Role::RegionalSecurityOfficer => &[
                "Agency",
                "Mission",
                "SecurityContact",
                "Concern",
                "Entry",
                "Post",
                "Advisory",
                "Visit",
                "Tour",
                "ProgrammeReview",
                "Finding",
                "Advice",
                "Incident",
                "IncidentEntry",
            ],
            Role::LiaisonOfficer => {
                &["Agency", "Mission", "SecurityContact", "Concern", "Entry", "Post", "Advisory", "Visit", "Venue"]
            }
            _ => &["Agency", "Mission", "SecurityContact", "Concern", "Entry", "Advisory", "Visit", "Venue"],
        };
        assert_eq!(types, right, "{who:?}");
        assert_eq!(values.len(), right.len(), "{who:?}");
        assert_eq!(values.contains(&"SECURITY_CONTACT".to_owned()), right.contains(&"SecurityContact"));
    }
    let refused = app.ask(&auditor(), "{ search(text: \"mission\") { totalCount } }", json!({})).await;
    assert_eq!(refused.code(), "GRAPHQL_VALIDATION_FAILED");
    // What a role lacks is as unknown as what there is not.
    let alike = async |known: &str, unknown: &str| {
        let mut told = Vec::new();
        for name in [known, unknown] {
            let reply = app.ask(&french_administrator(), name, json!({})).await;
            assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{}", reply.text);
            told.push(reply.json["errors"][0]["message"].as_str().expect("a message").replace("Concern", "Nothing"));
        }
        assert_eq!(told[0].replace("CONCERN", "NOTHING"), told[1]);
    };
    let on = |name: &str| format!("{{ search(text: \"mission\") {{ nodes {{ ... on {name} {{ id }} }} }} }}");
    alike(&on("Concern"), &on("Nothing")).await;
    let of = |name: &str| format!("{{ search(text: \"mission\", types: [{name}]) {{ totalCount }} }}");
    alike(&of("CONCERN"), &of("NOTHING")).await;
}

#[rstest]
#[tokio::test]
async fn words_of_what_is_not_readable_find_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let mut shallow = 0;
    let query = "{ concerns(first: 100) { nodes { id reference title } } }";
    for who in [police(), french(), french_colleague()] {
        let reply = app.ask(&who, query, json!({})).await;
        let listed = reply.data()["concerns"]["nodes"].as_array().expect("nodes").clone();
        for node in &listed {
            let id = node["id"].as_str().expect("an id");
            let row = id.rsplit_once('_').expect("an id").1;
            let number = node["reference"].as_str().expect("a reference").rsplit_once('-').expect("a number").1;
            small_world::change(&app.db, &format!("update concern set narrative = 'zeppelin' where id = '{row}'"))
                .await;
            let readable = !node["title"].is_null();
            let found = async |text: &str| find(&app, &who, text).await == [id];
            assert_eq!(found("zeppelin").await, readable, "{who:?} {id}");
            assert_eq!(found(&format!("{number} zeppelin")).await, readable, "words of two fields, one unreadable");
            assert!(found(&format!("C-2026-{number}")).await, "its reference is the directory's");
            // RED is not the analyst's.
            if number.parse::<usize>().expect("a number") % 5 != 4 {
                assert_eq!(find(&app, &analyst(), &format!("{number} zeppelin")).await, [id]);
            }
            small_world::run(&app.db, "update concern set narrative = 'quiet'").await;
            shallow += usize::from(!readable);
        }
    }
    assert!(shallow > 2, "{shallow}: the world shows enough by the directory only");
}

/// Every entry, by a word of its own, for everybody: found if it is shown.
#[rstest]
#[tokio::test]
async fn an_entry_is_found_by_whom_it_was_written_for(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let slots = 3..75;
    let sql: String = slots
        .clone()
        .map(|slot| format!("update entry set body = 'word{slot:03}' where id = '{}';", row('E', slot)))
        .collect();
    small_world::change(&app.db, &sql).await;
    let (mut seen, mut hidden) = (0, 0);
    for who in [police(), french(), french_colleague(), analyst()] {
        for slot in slots.clone() {
            let id = public("entry", 'E', slot);
            let shown = app.ask(&who, &format!("{{ node(id: \"{id}\") {{ id }} }}"), json!({})).await;
            let shown = !shown.data()["node"].is_null();
            let right: &[String] = if shown { std::slice::from_ref(&id) } else { &[] };
            assert_eq!(find(&app, &who, &format!("word{slot:03}")).await, right, "{who:?} {id}");
            (seen, hidden) = (seen + usize::from(shown), hidden + usize::from(!shown));
        }
    }
    assert!(seen > 20 && hidden > 20, "{seen} {hidden}");
}

/// Every incident and every entry of one, by a word of its own: found if what holds the word is shown. Of one at home
/// headquarters finds nothing but its reference; what is RED is found by who reported the incident.
#[rstest]
#[tokio::test]
async fn an_incident_is_found_by_what_is_shown_of_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let mut sql = String::new();
    for slot in 2..2 + 2 * POSTS {
        sql += &format!("update incident set narrative = 'word{slot:03}' where id = '{}';", row('Z', slot));
        for entry in [500 + 2 * slot, 501 + 2 * slot] {
            sql += &format!("update incident_entry set body = 'word{entry}' where id = '{}';", row('Z', entry));
        }
    }
    small_world::change(&app.db, &sql).await;
    let (mut seen, mut hidden, mut shallow) = (0, 0, 0);
    for who in [analyst(), security_officer(), second_security_officer()] {
        for slot in 2..2 + 2 * POSTS {
            let asked = [("incident", slot, "narrative"), ("incidententry", 500 + 2 * slot, "body")];
            for (prefix, number, field) in asked.into_iter().chain([("incidententry", 501 + 2 * slot, "body")]) {
                let id = public(prefix, 'Z', number);
                let query = format!(
                    "{{ node(id: \"{id}\") {{ ... on Incident {{ narrative }} ... on IncidentEntry {{ body }} }} }}"
                );
                let shown = app.ask(&who, &query, json!({})).await.data()["node"].clone();
                let right: &[String] = if shown[field].is_null() { &[] } else { std::slice::from_ref(&id) };
                assert_eq!(find(&app, &who, &format!("word{number:03}")).await, right, "{who:?} {id}");
                if prefix == "incident" {
                    let reference = find(&app, &who, &format!("I-2026-{slot:06}")).await;
                    assert_eq!(reference == std::slice::from_ref(&id), !shown.is_null(), "{who:?} {reference:?}");
                    shallow += usize::from(!shown.is_null() && shown[field].is_null());
                }
                (seen, hidden) = (seen + right.len(), hidden + usize::from(right.is_empty()));
            }
        }
    }
    assert!(seen > 20 && hidden > 20 && shallow > 2, "{seen} {hidden} {shallow}");
}

#[rstest]
#[tokio::test]
async fn a_share_that_ends_takes_its_words_along(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // Concern 12 is shared with the police until 16:00, 24 without an end; nothing else opens them.
    let sql = "update concern set severity = 'LOW', tlp = 'AMBER', narrative = 'zeppelin' where id in ('12', '24'); delete from referral";
    let sql = sql.replace("'12'", &format!("'{}'", row('N', 12))).replace("'24'", &format!("'{}'", row('N', 24)));
    small_world::change(&app.db, &sql).await;
    let found = async || {
        let mut found = find(&app, &police(), "zeppelin").await;
        found.sort_unstable();
        found
    };
    assert_eq!(found().await, [concern(12), concern(24)]);
    app.db.clock.advance(Duration::hours(4));
    assert_eq!(found().await, [concern(24)]);
    let revoked =
        format!("update share set revoked_at = '2026-11-22T15:00:00.000000Z' where concern_id = '{}'", row('N', 24));
    small_world::change(&app.db, &revoked).await;
    assert!(found().await.is_empty());
}

/// Two worlds that differ in hidden rows only answer byte for byte alike: counts, cursors, pages.
#[rstest]
#[tokio::test]
async fn what_is_hidden_changes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let hidden: Vec<usize> = {
        let mut hidden = Vec::new();
        for number in 1..=small_world::CONCERNS {
            let shown =
                app.ask(&police(), &format!("{{ node(id: \"{}\") {{ id }} }}", concern(number)), json!({})).await;
            if shown.data()["node"].is_null() {
                hidden.push(number);
            }
        }
        hidden
    };
    assert!(hidden.len() > 2);
    let mut transcripts = Vec::new();
    for text in ["quiet", "mission contact police title", "Mission Contact"] {
        for number in &hidden {
            let sql = format!(
                "update concern set title = 'Title', narrative = '{text}' where id = '{0}'; update entry set body = '{text}' where concern_id = '{0}'",
                row('N', *number)
            );
            small_world::run(&app.db, &sql).await;
        }
        small_world::change(&app.db, "select 1").await;
        let mut transcript = String::new();
        for question in ["mission", "contact", "title", "police", "mission contact", "quiet"] {
            for page in [json!({ "first": 3 }), json!({ "last": 2 }), json!({ "first": 100 }), json!({ "first": 0 })] {
                let mut variables = page;
                variables["text"] = json!(question);
                let before = app.gateway().statements();
                transcript.push_str(&app.ask(&police(), QUESTION, variables).await.text);
                assert_eq!(app.gateway().statements() - before, 1);
            }
        }
        transcripts.push(transcript);
    }
    assert_eq!(transcripts[0], transcripts[1]);
    assert_eq!(transcripts[0], transcripts[2]);
}

#[rstest]
#[tokio::test]
async fn by_types_and_by_cursors_of_ones_own(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let question = "query Q($types: [SearchType!], $after: String, $text: String = \"mi\") { search(text: $text, types: $types, after: $after, first: 2) { totalCount nodes { __typename } edges { node { __typename ...M } } pageInfo { endCursor } } missions(first: 1) { pageInfo { endCursor } } } fragment M on Mission { name ... on Node { id } }";
    let ask = async |who: Who, variables: Value| app.ask(&who, question, variables).await;
    let all = ask(analyst(), json!({})).await;
    let of = async |types: Value| {
        let reply = ask(analyst(), json!({ "types": types })).await;
        reply.data()["search"]["totalCount"].as_u64().expect("a count")
    };
    let (missions, concerns) = (of(json!(["MISSION"])).await, of(json!(["CONCERN"])).await);
    assert!(missions > 5, "{missions}");
    assert_eq!(of(json!(["MISSION", "CONCERN", "MISSION"])).await, missions + concerns);
    assert_eq!(of(json!("MISSION")).await, missions, "one value counts as a list of it");
    assert_eq!(of(json!([])).await, 0);
    let whole = of(Value::Null).await;
    assert_eq!(all.data()["search"]["totalCount"], whole);
    assert_eq!(all.data()["search"]["nodes"][0], json!({ "__typename": "Mission" }));
    assert!(all.data()["search"]["edges"][0]["node"]["name"].is_string());

    let mine = all.data()["search"]["pageInfo"]["endCursor"].clone();
    let of_missions = all.data()["missions"]["pageInfo"]["endCursor"].clone();
    assert_eq!(ask(analyst(), json!({ "after": mine })).await.data()["search"]["totalCount"], whole);
    for (who, cursor) in [(police(), &mine), (small_world::liaison_officer(), &mine), (analyst(), &of_missions)] {
        let refused = ask(who, json!({ "after": cursor })).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT", "{}", refused.text);
    }
}
