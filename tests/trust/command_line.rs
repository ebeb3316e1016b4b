//! The same through `chancery agency`, `person` and `token`.

use chancery::{
    desk::{
        Work,
        registry::{self, NewAgency, Origin},
    },
    error::Result,
    identity::demo_keys::generate_demo_key,
    store::Engine,
};
use clap::Parser as _;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    support::line::{self, Line},
    world::{self, World},
};

async fn chancery(world: &World, line: &str) -> Result<String> {
    line::chancery(&world.db, line).await
}

#[rstest]
#[tokio::test]
async fn an_agency_from_its_file_to_its_suspension(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let path = world.db.directory().join("nypd.json");
    let mut file = world::file(2);
    file["shortName"] = json!("NYPD");
    file["issuer"] = json!("https://nypd.example.org");
    file["areas"] = json!(["NYC"]);
    std::fs::write(&path, file.to_string()).unwrap();
    let run = async |line: &str| chancery(&world, line).await;

    let added = run(&format!("agency add {}", path.display())).await.unwrap();
    assert!(added.starts_with("added Agency 2 as ") && added.contains("areas are proposals"), "{added}");
    assert_eq!(run("agency areas confirm NYPD NYC").await.unwrap(), "confirmed NYC\n");
    assert_eq!(run("agency areas add NYPD US-NY").await.unwrap(), "proposed US-NY\n");
    assert!(run("agency areas add NYPD Gotham").await.is_err());
    assert_eq!(run("agency areas remove NYPD US-NY").await.unwrap(), "removed US-NY\n");
    let shown: Value =
        serde_json::from_str(&run("agency show https://nypd.example.org --json").await.unwrap()).unwrap();
    assert_eq!(shown["areas"][0]["area"], "NYC");
    assert_eq!(shown["areas"][0]["confirmedAt"], "2026-11-22T12:00:00.000000Z");
    assert_eq!(shown["keys"][0]["kid"], "k-2");
    assert_eq!(shown["roles"], json!(["LAW_ENFORCEMENT"]));
    let list = run("agency list").await.unwrap();
    assert!(list.starts_with("ID ") && list.contains("NYPD") && list.lines().count() == 7, "{list}");

    for (option, field) in [
        ("--name=N\u{202e}g", "name"),
        ("--name=Ng --unit=\u{2066}K9", "unit"),
        ("--name=Ng --email=a\u{200b}@b.example", "email"),
    ] {
        let error = run(&format!("person add NYPD sgt-1 {option} --role LAW_ENFORCEMENT")).await.unwrap_err();
        let says = format!("`{field}`: expected a text without invisible or control characters");
        assert!(error.message.starts_with(&says), "{}", error.message);
    }
    let error = run("person add NYPD sgt\u{200b}-1 --name=Ng --role LAW_ENFORCEMENT").await.unwrap_err();
    assert!(error.message.starts_with("`subject`: expected a text of at most 255 bytes without"), "{}", error.message);
    let added = run("person add NYPD sgt-1 --name Ng --role LAW_ENFORCEMENT --sworn").await.unwrap();
    assert!(added.starts_with("added "), "{added}");
    assert!(run("person add NYPD sgt-1 --name Ng --role LAW_ENFORCEMENT").await.is_err(), "a subject is one person");
    assert!(run("person add NYPD sgt-2 --name Ng --role ADMINISTRATOR").await.is_err(), "beyond the ceiling");
    let mut draft = world.draft(2);
    draft.claims["iss"] = json!("https://nypd.example.org");
    draft.claims["sub"] = json!("sgt-1");
    assert_eq!(world.ask(&draft.token()).await.unwrap().standing().areas, ["NYC"]);

    for (line, says, then) in [
        ("person disable NYPD sgt-1", "disabled\n", Err("person disabled")),
        ("person enable NYPD sgt-1", "enabled\n", Ok(())),
        ("agency suspend NYPD", "suspended\n", Err("agency suspended")),
        ("agency suspend NYPD", "was suspended already\n", Err("agency suspended")),
        ("agency resume NYPD", "resumed\n", Ok(())),
        ("agency keys remove NYPD k-2", "removed k-2\n", Err("no such key of the issuer")),
    ] {
        assert_eq!(run(line).await.unwrap(), says);
        world.notice();
        let answer = world.ask(&draft.token()).await;
        assert_eq!(answer.as_ref().map(drop).map_err(String::as_str), then, "{line}");
    }
    assert!(run("agency keys remove NYPD k-2").await.is_err());
    assert!(run("agency show NOBODY").await.is_err());
}

/// Where keys are said to be counts from the next request on; that nothing answers there is no reason to let anybody in.
#[rstest]
#[tokio::test]
async fn where_the_keys_are(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let run = async |line: &str| chancery(&world, line).await;
    let changed = "changed: tokens are verified with those keys from now on\n";
    let token = world.draft(0).token();
    assert!(world.ask(&token).await.is_ok());
    for (option, uri, discovery) in [
        ("--jwks-uri https://localhost:1/jwks", json!("https://localhost:1/jwks"), false),
        ("--discovery", json!(null), true),
        ("--registry", json!(null), false),
    ] {
        let line = format!("agency keys from A0 {option}");
        assert_eq!(run(&line).await.unwrap(), changed);
        assert_eq!(run(&line).await.unwrap(), "was so already\n");
        let shown: Value = serde_json::from_str(&run("agency show A0 --json").await.unwrap()).unwrap();
        assert_eq!((&shown["jwksUri"], &shown["oidcDiscovery"]), (&uri, &json!(discovery)), "{option}");
        // Whether the registry's keys count; the others are on this machine, which is not asked, or not there.
        world.notice();
        let expected =
            if option == "--registry" { Ok(()) } else { Err("the keys of the issuer cannot be had".to_owned()) };
        if option != "--discovery" {
            assert_eq!(world.ask(&token).await.map(drop), expected, "{option}");
        }
    }
    for (line, says) in [
        ("agency keys from A0 --jwks-uri http://idp.example.org/jwks", "`jwksUri`: expected an https URL"),
        ("agency keys from A0 --jwks-uri https://192.0.2.1/jwks", "`jwksUri`: expected an https URL"),
        ("agency keys from NOBODY --discovery", "no agency has the id"),
    ] {
        let error = run(line).await.unwrap_err();
        assert!(error.message.contains(says), "{line}: {}", error.message);
    }
    for line in ["chancery agency keys from A0", "chancery agency keys from A0 --registry --discovery"] {
        assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
    }
    let path = world.db.directory().join("remote.json");
    let mut file = world::file(2);
    for (field, value) in [
        ("shortName", json!("REMOTE")),
        ("issuer", json!("https://remote.example.org")),
        ("jwks", json!(null)),
        ("oidcDiscovery", json!(true)),
    ] {
        file[field] = value;
    }
    std::fs::write(&path, file.to_string()).unwrap();
    let added = run(&format!("agency add {}", path.display())).await.unwrap();
    assert!(added.starts_with("added Agency 2 as ") && !added.contains("no key yet"), "{added}");
    let shown: Value = serde_json::from_str(&run("agency show REMOTE --json").await.unwrap()).unwrap();
    assert_eq!(shown["oidcDiscovery"], true);
}

#[rstest]
#[tokio::test]
async fn tokens_are_minted_for_the_demo_s_agencies_only(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = World::new(engine).await;
    let keys = world.db.directory().join("keys");
    let mut file = world::file(0);
    file["shortName"] = json!("DS-DEMO");
    file["issuer"] = json!("demo:ds");
    file["jwks"] = json!({"keys": [generate_demo_key(&keys, "DS-DEMO").unwrap()]});
    let new = NewAgency::from_json(&file.to_string()).unwrap();
    let mut work = Work::begin(&world.db.store, &world.db.clock).await.unwrap();
    registry::add_agency(&mut work, &new, Origin::Demo).await.unwrap();
    work.commit().await.unwrap();
    let run = async |line: &str| chancery(&world, line).await;
    run("person add DS-DEMO grace --name Grace --role ANALYST").await.unwrap();

    let token = run("token mint --agency DS-DEMO --subject grace --role ANALYST").await.unwrap();
    let principal = world.ask(token.trim_end()).await.unwrap();
    assert_eq!(principal.agency_short_name(), Some("DS-DEMO"));
    assert_eq!(principal.expires_at() - world.db.clock.now(), time::Duration::hours(1));
    let short = run("token mint --agency DS-DEMO --subject grace --role ANALYST --ttl 60").await.unwrap();
    assert_eq!(world.ask(short.trim_end()).await.unwrap().expires_at() - world.db.clock.now(), time::Duration::MINUTE);

    // A key in the directory does not help an agency that the demo did not make.
    generate_demo_key(&keys, "A0").unwrap();
    for (line, says) in [
        ("token mint --agency A0 --subject ada --role ANALYST", "only for agencies that the demo made"),
        ("token mint --agency DS-DEMO --subject eve --role ANALYST", "subject not enrolled"),
        ("token mint --agency DS-DEMO --subject grace --role AUDITOR", "role beyond the agency's ceiling"),
        ("token mint --agency DS-DEMO --subject grace --role ANALYST --ttl 3601", "expected 1 to 3600 seconds"),
        ("token mint --agency DS-DEMO --subject grace --role ANALYST --ttl 0", "expected 1 to 3600 seconds"),
    ] {
        let error = run(line).await.unwrap_err();
        assert!(error.message.contains(says), "{line}: {}", error.message);
    }
}
