//! What becomes of the dirt of the public files.

use chancery::import::{Content, Note};
use entity::{county, mission_accreditation, premises, us_state};
use rstest::rstest;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::*;

#[rstest]
#[tokio::test]
async fn countries_are_sending_states(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let summary = taken(&db, Content::Countries, fixture("countries.csv")).await;
    assert_eq!(counts(&summary), [8, 0, 0, 0]);
    let namibia = state(&db, "Namibia").await;
    assert_eq!(
        (namibia.iso2.as_deref(), namibia.iso3.as_deref(), namibia.wikidata_id),
        (Some("NA"), Some("NAM"), None)
    );
    assert_eq!(state(&db, "Sweden").await.iso2.as_deref(), Some("SE"), "ISO, not FIPS 10-4");
    assert_eq!(state(&db, "Sweden").await.wikidata_id.as_deref(), Some("Q34"));
    assert_eq!(state(&db, "Saint Kitts and Nevis").await.iso3.as_deref(), Some("KNA"));
    assert_eq!(state(&db, "United Kingdom").await.iso2.as_deref(), Some("GB"));
}

#[rstest]
#[tokio::test]
async fn counties_bring_their_states(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let summary = taken(&db, Content::Counties, fixture("counties.txt")).await;
    assert_eq!(counts(&summary), [6, 0, 0, 0]);
    assert_eq!(summary.also["states made for their counties"], 5);
    let states = taken(&db, Content::Counties, fixture("states.txt")).await;
    assert_eq!(counts(&states), [1, 0, 2, 0]);
    let harris = county::Entity::find_by_id("48201").one(&db.store.orm).await.expect("a query").expect("a county");
    assert_eq!(
        (harris.state.as_str(), harris.name.as_str(), harris.latitude),
        ("US-TX", "Harris County", Some(29.857_273))
    );
    let guam = us_state::Entity::find_by_id("US-GU").one(&db.store.orm).await.expect("a query").expect("a state");
    assert_eq!((guam.fips.as_str(), guam.name.as_str()), ("66", "Guam"));
    let moved = fixture("counties.txt").replace("Harris County", "Harris County of Texas");
    assert_eq!(counts(&taken(&db, Content::Counties, moved).await), [0, 1, 5, 0]);
    let wrong = format!("{}NY|48201|0|Harris County|1|1|1|1|29.8|-95.3\n", fixture("counties.txt"));
    assert_eq!(counts(&taken(&db, Content::Counties, wrong).await)[3], 1);
}

#[rstest]
#[tokio::test]
async fn agencies_arrive_with_proposals_only(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Counties, fixture("counties.txt")).await;
    let summary = taken(&db, Content::Agencies, fixture("agencies.csv")).await;
    assert_eq!(counts(&summary), [10, 0, 0, 2]);
    let noted: Vec<_> = summary.rejects.values().flat_map(|note| note.lines.clone()).collect();
    assert_eq!(noted, [12, 13], "lines are counted as an editor counts them");
    for (ori, expected) in [
        ("TX1010000", &["48201"][..]),
        ("NM0070100", &["35013"]),
        ("NB0280200", &["31055"]),
        ("MD0030000", &[]),
        ("MD0040000", &["24510"]),
        ("MDMSP0000", &["US-MD"]),
        ("TX1019900", &[]),
        ("NY0303000", &["36005", "36047", "36061", "36081", "36085"]),
        ("DCMPD0000", &["11001"]),
        ("CZ0000500", &[]),
    ] {
        assert_eq!(area_names(&db, ori).await, expected, "{ori}");
        let proposals = areas(&db, ori).await;
        assert!(proposals.iter().all(|row| row.source == "IMPORT" && row.confirmed_at.is_none()), "{ori}");
    }
    let omaha = agency(&db, "NB0280200").await;
    assert_eq!((omaha.level.as_str(), omaha.state.as_deref()), ("CITY", Some("US-NE")));
    assert_eq!((omaha.kind.as_str(), omaha.roles.as_str(), omaha.algorithms.as_str()), ("LAW_ENFORCEMENT", "[]", "[]"));
    assert_eq!((omaha.issuer, omaha.made_by_demo, omaha.max_lifetime_s), (None, false, 0));
    assert_eq!(agency(&db, "MD0030000").await.latitude, None, "-9,-9 is no place");
    assert_eq!(agency(&db, "TX1019900").await.name, "TX1019900", "the ORI stands for a blank name");
    assert_eq!(agency(&db, "TX1010000").await.name, "Harris County Sheriff's Office");
    assert_eq!(agency(&db, "MD0040000").await.name, "Baltimore, City of");
    assert_eq!(agency(&db, "CZ0000500").await.state, None);
}

#[rstest]
#[tokio::test]
async fn missions_have_a_sender_and_a_place(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Countries, fixture("countries.csv")).await;
    let summary = taken(&db, Content::Missions, fixture("missions.csv")).await;
    assert_eq!(counts(&summary), [7, 0, 0, 5]);
    assert_eq!(
        summary.also["sending states made that no list of countries had brought"], 3,
        "Kosovo, Quebec and one more"
    );
    for (qid, name, city, area, county, precision, sender) in [
        (
            "Q900001",
            "Embassy of Albania in Washington, D.C.",
            "Washington, D.C.",
            "11001",
            "11001",
            "COUNTY",
            "Albania",
        ),
        (
            "Q900002",
            "Embassy of Namibia in Washington, D.C.",
            "Washington, D.C.",
            "11001",
            "11001",
            "COUNTY",
            "Namibia",
        ),
        (
            "Q900004",
            "Consulate General of Sweden in New York City",
            "New York City",
            "NYC",
            "",
            "MULTI_COUNTY",
            "Sweden",
        ),
        ("Q900005", "Consulate General of Canada in Texas", "", "US-TX", "", "STATE", "Canada"),
        ("Q900006", "Embassy of Kosovo in Washington, D.C.", "Washington, D.C.", "11001", "11001", "COUNTY", "Kosovo"),
        (
            "Q900007",
            "Government Office of Quebec in New York City",
            "New York City",
            "36061",
            "36061",
            "COUNTY",
            "Quebec",
        ),
    ] {
        let row = mission(&db, qid).await.expect("a mission");
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        assert_eq!((row.name.as_str(), text(&row.city).as_str()), (name, city));
        assert_eq!((text(&row.area).as_str(), text(&row.county_fips).as_str()), (area, county), "{name}");
        assert_eq!(row.jurisdiction_precision.as_deref(), Some(precision), "{name}");
        assert_eq!(row.sending_state_id, Some(state(&db, sender).await.id), "{name}");
        assert_eq!(row.status, "OPEN");
    }
    assert_eq!(state(&db, "Namibia").await.wikidata_id.as_deref(), Some("Q1030"), "found by name, the item noted");
    let taipei = mission(&db, "Q900011").await.expect("a mission");
    assert_eq!(taipei.r#type, "UNOFFICIAL_REPRESENTATIVE_OFFICE");
    assert_eq!(taipei.name, "Representative Office of Sao Tomé 'Q' \"x in Washington, D.C.", "NFC, and no quoting");
}

#[rstest]
#[tokio::test]
async fn fields_are_cleaned_or_left_out(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Countries, fixture("countries.csv")).await;
    let summary = taken(&db, Content::Missions, fixture("missions.csv")).await;
    let albania = mission(&db, "Q900001").await.expect("a mission");
    assert_eq!(albania.switchboard.as_deref(), Some("+12025550100"));
    assert_eq!(albania.email.as_deref(), Some("embassy@albania.example"));
    assert_eq!(albania.website.as_deref(), Some("https://albania.example/usa"));
    assert_eq!(albania.opened_on.as_deref(), Some("1992-01-01"));
    assert_eq!(albania.source_ids, r#"["wikidata:Q900001"]"#);
    assert_eq!((albania.latitude, albania.longitude), (Some(38.9139), Some(-77.047)));
    let accredited = mission_accreditation::Entity::find().all(&db.store.orm).await.expect("a query");
    let canada = state(&db, "Canada").await.id;
    let pairs: Vec<_> = accredited.into_iter().map(|row| (row.mission_id, row.sending_state_id)).collect();
    assert_eq!(pairs, [(albania.id.clone(), canada)], "neither the United States nor Texas");
    let premises = premises::Entity::find().all(&db.store.orm).await.expect("a query");
    let seen: Vec<_> = premises.into_iter().map(|row| (row.mission_id, row.kind, row.address)).collect();
    assert_eq!(seen, [(albania.id, "CHANCERY".to_owned(), Some("2100 Example Street".to_owned()))]);
    let sweden = mission(&db, "Q900004").await.expect("a mission");
    assert_eq!((sweden.switchboard, sweden.email, sweden.website, sweden.opened_on), (None, None, None, None));
    for column in ["phone", "email", "website", "creation"] {
        let notes: Vec<&Note> = summary.warned.iter().filter(|((of, _), _)| *of == column).map(|(_, n)| n).collect();
        assert_eq!(notes, [&Note { count: 1, lines: vec![5] }], "{column}");
    }
}

#[rstest]
#[tokio::test]
async fn rejects_name_line_column_and_reason_only(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let summary = taken(&db, Content::Missions, fixture("missions.csv")).await;
    assert_eq!(summary.rejects_file, Some(rejects(&db)));
    let listed = fs::read_to_string(rejects(&db)).expect("the rejects");
    insta::allow_duplicates! {
        insta::assert_snapshot!(listed, @r#"
        line,column,reason
        4,city,"there is neither a city nor coordinates: the place is not known"
        9,city,"no city whose county is known, no coordinates that are certain: the place is not known"
        10,type,"not a type of mission that is known"
        11,QID,"duplicate of an earlier line"
        12,operatorQID,"the operator is the United States: a post abroad, for `import posts`"
        "#);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(rejects(&db)).expect("the rejects").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let printed = summary.to_string();
    for value in ["Atlantis", "museum", "javascript", "202 555", "Q900001"] {
        assert!(!printed.contains(value), "{value} is shown:\n{printed}");
    }
}

#[rstest]
#[tokio::test]
async fn without_rejects_there_is_no_rejects_file(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let summary = taken(&db, Content::Countries, fixture("countries.csv")).await;
    assert_eq!(summary.rejects_file, None);
    assert!(!rejects(&db).exists());
}

/// A file of missions elsewhere has the right form and not one right row.
#[rstest]
#[tokio::test]
async fn a_file_of_which_no_row_can_be_taken_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let lines: Vec<String> = fixture("missions.csv").lines().map(str::to_owned).collect();
    let elsewhere = format!("{}\n{}\n", lines[0], lines[11]);
    let error = import(&db, Content::Missions, elsewhere).await.expect_err("refused");
    assert!(error.message.contains("each of its 1 rows was rejected"), "{error}");
    assert!(rejects(&db).exists(), "the reasons are listed");
    let missions = entity::mission::Entity::find().count(&db.store.orm).await.expect("a query");
    assert_eq!(missions, 0);
}

/// What is not seen makes one name look like another, or turns its letters around.
#[rstest]
#[tokio::test]
async fn invisible_characters_are_left_out(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let dirty = fixture("agencies.csv")
        .replace("Omaha Police", "O\u{200b}ma\u{feff}ha \u{202e}Police\u{202c}")
        .replace("Maryland State Police", "Mary\u{200c}land\u{200d} \u{2067}State\u{2069} Police")
        .replace("Washington Police", "\u{2066}Washington\u{ad} Police");
    let summary = taken(&db, Content::Agencies, dirty).await;
    assert_eq!(agency(&db, "NB0280200").await.name, "Omaha Police Department");
    assert_eq!(agency(&db, "MDMSP0000").await.name, "Mary\u{200c}land\u{200d} State Police", "some scripts need them");
    assert_eq!(agency(&db, "DCMPD0000").await.name, "Washington Police Department");
    let reason = ("agency_name", "there are invisible characters: left out");
    assert_eq!(summary.warned[&reason], Note { count: 3, lines: vec![4, 7, 10] }, "{summary}");
    let dirty = fixture("missions.csv").replace("Kosovo;http", "\u{202e}Kosovo;http");
    let summary = taken(&db, Content::Missions, dirty).await;
    assert!(mission(&db, "Q900006").await.expect("a mission").name.starts_with("Embassy of Kosovo in"));
    assert_eq!(summary.warned[&("operator", reason.1)].lines, [7], "{summary}");
    let dirty = fixture("counties.txt").replace("Harris County", "Harris\u{200b} County");
    taken(&db, Content::Counties, dirty).await;
    let harris = county::Entity::find_by_id("48201").one(&db.store.orm).await.expect("a query").expect("a county");
    assert_eq!(harris.name, "Harris County");
}
