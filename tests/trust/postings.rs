//! `chancery person post`: which post abroad an officer is posted to decides what the officer sees of posts.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{
    app::Who,
    line,
    small_world::{self, police, public, row},
};

#[rstest]
#[tokio::test]
async fn an_officer_sees_the_post_of_today(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let (dss, officer) = (row('A', 3), "subject-4");
    let who = Who { agency: dss.clone(), subject: officer.to_owned(), role: Role::RegionalSecurityOfficer };
    let run = async |line: String| line::chancery(&app.db, &line).await;
    let posts = async || -> Value {
        let query =
            "{ posts { totalCount nodes { id regionalSecurityOfficers country { iso2 } } } missions { totalCount } }";
        app.ask(&who, query, json!({})).await.data().clone()
    };
    let before = posts().await;
    assert_eq!(before["posts"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(before["posts"]["nodes"][0]["id"], public("post", 'T', 1));
    assert_eq!(before["posts"]["nodes"][0]["regionalSecurityOfficers"], json!(["Person 4"]));

    // To a post in another country: the host state, and with it the missions, stay what the registry says.
    let to = row('T', 6);
    assert_eq!(run(format!("person post {dss} {officer} {to}")).await.unwrap(), format!("posted to {to}\n"));
    let moved = posts().await;
    assert_eq!(moved["posts"]["totalCount"], 1);
    assert_eq!(moved["posts"]["nodes"][0]["id"], public("post", 'T', 6));
    assert_eq!(moved["posts"]["nodes"][0]["country"]["iso2"], "DE");
    assert_eq!(moved["missions"], before["missions"]);
    assert_eq!(run(format!("person post {dss} {officer} {to}")).await.unwrap(), "was so already\n");

    // A colleague who is disabled, or was not granted the role, is not named.
    run(format!("person post {dss} subject-5 {to}")).await.unwrap();
    let named = async || posts().await["posts"]["nodes"][0]["regionalSecurityOfficers"].clone();
    assert_eq!(named().await, json!(["Person 4", "Person 5"]));
    run(format!("person disable {dss} subject-5")).await.unwrap();
    assert_eq!(named().await, json!(["Person 4"]));

    for (line, says) in [
        (format!("person post {dss} {officer} Q404"), "the Wikidata QID or id of a known post, not `Q404`"),
        (format!("person post {dss} nobody {to}"), "the agency has no person `nobody`"),
        (
            format!("person post {} {} {to}", police().agency, police().subject),
            "none: only a REGIONAL_SECURITY_OFFICER has one",
        ),
        (format!("person add {dss} new --name Ng --role ANALYST --post {to}"), "only a REGIONAL_SECURITY_OFFICER"),
    ] {
        let error = run(line.clone()).await.unwrap_err();
        assert!(error.message.contains(says), "{line}: {error}");
    }
    run(format!("person add {dss} new --name Ng --role REGIONAL_SECURITY_OFFICER --post {to}")).await.unwrap();
    assert_eq!(named().await, json!(["Ng", "Person 4"]));

    assert_eq!(run(format!("person post {dss} {officer} --none")).await.unwrap(), "posted to none\n");
    assert_eq!(posts().await["posts"]["totalCount"], 0);
}
