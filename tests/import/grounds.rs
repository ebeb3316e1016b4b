//! What decides who sees what is the registry's and the administrator's: a newer file does not decide it.

use chancery::{
    access::Role,
    desk::{
        Work,
        registry::{self, NewAgency, Origin, areas as registered, person},
    },
    import::Content,
};
use rstest::rstest;
use serde_json::json;

use super::{
    support::{
        app::{App, Who},
        small_world,
    },
    *,
};

/// Enrols an agency by its file, with an officer `officer` in the role. Gives its id.
async fn enrol(db: &TestDb, role: Role, area: Option<&str>, own: serde_json::Value) -> String {
    let mut file = json!({
        "name": "An agency", "issuer": "https://idp.example.org", "audience": "https://chancery.example.gov/graphql",
        "typ": "at+jwt", "algorithms": ["ES256"], "roles": [role.name()],
    });
    file.as_object_mut().expect("an object").extend(own.as_object().expect("an object").clone());
    let mut work = Work::begin(&db.store, &db.clock).await.expect("begins");
    let new = NewAgency::from_json(&file.to_string()).expect("an agency");
    let added = registry::add_agency(&mut work, &new, Origin::Administrator).await.expect("enrolled");
    if let Some(area) = area {
        registered::confirm(&mut work, added.id(), area).await.expect("confirmed");
    }
    let agency = registry::agency(work.rows(), added.id()).await.expect("the agency");
    let officer = person::NewPerson {
        subject: "officer".to_owned(),
        name: "An officer".to_owned(),
        roles: vec![role],
        ..person::NewPerson::default()
    };
    person::add(&mut work, &agency, &officer).await.expect("added");
    work.commit().await.expect("commits");
    added.id().to_owned()
}

/// Of each warning of the column: its lines.
fn lines(summary: &Summary, column: &str) -> Vec<Vec<u64>> {
    summary.warned.iter().filter(|((of, _), _)| *of == column).map(|(_, note)| note.lines.clone()).collect()
}

#[rstest]
#[tokio::test]
async fn no_file_changes_the_level_of_an_enrolled_agency(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let city = json!({ "kind": "LAW_ENFORCEMENT", "level": "CITY", "ori": "NM0070100" });
    let id = enrol(&db, Role::LawEnforcement, Some("35013"), city).await;
    let about = mission(&db, "Q900001").await.expect("a mission").id;
    let other = agency(&db, "DCMPD0000").await.id;
    let mut sql = String::new();
    for (number, cui) in [(1, "null"), (2, "'CUI//LEI//FED_ONLY'")] {
        sql.push_str(&format!(
            "insert into concern (id, reference, kind, category, severity, status, mission_id, title, narrative, \
             origin_agency_id, subjects, incident_area, tlp, cui, opened_at) values ('{}', 'C-2026-{number:06}', \
             'CONCERN', 'THREAT', 'HIGH', 'SUBMITTED', '{about}', 'A title', 'What happened', '{other}', '[]', \
             '35013', 'GREEN', {cui}, '2026-11-20T08:00:00.000000Z');",
            small_world::row('N', number),
        ));
    }
    small_world::change(&db, &sql).await;
    let app = App::over(db).await;
    let officer = Who { agency: id, subject: "officer".to_owned(), role: Role::LawEnforcement };
    let seen = async || {
        let reply = app.ask(&officer, "{ concerns(first: 9) { totalCount nodes { reference } } }", json!({})).await;
        reply.data()["concerns"].clone()
    };
    let one = json!({ "totalCount": 1, "nodes": [{ "reference": "C-2026-000001" }] });
    assert_eq!(seen().await, one, "what is for federal agencies is not for a city's");
    let newer = fixture("agencies.csv")
        .replace("Las Cruces Police Department,City", "Las Cruces Police,Federal")
        .replace("Omaha Police Department,City", "Omaha Police Department,Federal");
    let summary = taken(&app.db, Content::Agencies, newer.clone()).await;
    let now = agency(&app.db, "NM0070100").await;
    assert_eq!(now.level, "CITY", "registered");
    assert_eq!(lines(&summary, "agency_type_name"), [[3]], "{summary}");
    assert!(!summary.to_string().contains("Federal"), "never the value: {summary}");
    assert_eq!(agency(&app.db, "NB0280200").await.level, "FEDERAL", "nobody is enrolled: the list is the file's");
    assert_eq!(seen().await, one, "no file opened it");
    let again = taken(&app.db, Content::Agencies, newer).await;
    assert_eq!((counts(&again), lines(&again, "agency_type_name")), ([0, 0, 10, 2], vec![vec![3]]), "told again");
    let back = taken(&app.db, Content::Agencies, fixture("agencies.csv")).await;
    assert_eq!(lines(&back, "agency_type_name"), [[0; 0]; 0]);
}

#[rstest]
#[tokio::test]
async fn no_file_changes_the_codes_of_a_state(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let newer =
        fixture("countries.csv").replace("SWE,SWE,SW,SE,Sweden,Sweden", "SWE,XSW,SW,SE,Sweden,Kingdom of Sweden");
    let summary = taken(&db, Content::Countries, newer.clone()).await;
    assert_eq!((counts(&summary), lines(&summary, "ISO3166-1-Alpha-3")), ([0, 1, 7, 0], vec![vec![7]]), "{summary}");
    let sweden = state(&db, "Kingdom of Sweden").await;
    assert_eq!((sweden.iso2.as_deref(), sweden.iso3.as_deref()), (Some("SE"), Some("SWE")), "the circle stays");
    let again = taken(&db, Content::Countries, newer).await;
    assert_eq!((counts(&again), lines(&again, "ISO3166-1-Alpha-3")), ([0, 0, 8, 0], vec![vec![7]]));
}

/// The missions' file makes states without codes; a list of countries gives them codes, but not to somebody's.
#[rstest]
#[tokio::test]
async fn no_file_gives_codes_to_a_state_whose_missions_are_enrolled(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = TestDb::new(engine).await;
    taken(&db, Content::Missions, fixture("missions.csv")).await;
    let sweden = state(&db, "Sweden").await.id;
    let own = json!({ "kind": "MISSION", "level": "OTHER", "sendingState": sweden, "missions": ["Q900004"] });
    enrol(&db, Role::MissionOfficer, None, own).await;
    let summary = taken(&db, Content::Countries, fixture("countries.csv")).await;
    assert_eq!(lines(&summary, "ISO3166-1-Alpha-2"), [[7]], "{summary}");
    assert_eq!(lines(&summary, "ISO3166-1-Alpha-3"), [[7]], "{summary}");
    let now = state(&db, "Sweden").await;
    assert_eq!((now.id, now.iso2, now.iso3), (sweden, None, None));
    assert_eq!(state(&db, "Canada").await.iso3.as_deref(), Some("CAN"), "nobody is enrolled: it is filled");
}

#[rstest]
#[tokio::test]
async fn no_file_gives_a_mission_to_another_state_or_place(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let (albania, kosovo) = (mission(&db, "Q900001").await.expect("one"), mission(&db, "Q900006").await.expect("one"));
    let newer = fixture("missions.csv")
        .replacen(
            "Washington, D.C.;http://www.wikidata.org/entity/Q61",
            "Houston;http://www.wikidata.org/entity/Q16555",
            1,
        )
        .replacen("38.9139;-77.047", "29.75;-95.36", 1)
        .replacen("2100 Example Street", "1 Example Plaza", 1)
        .replacen("embassy@albania.example", "new@albania.example", 1)
        .replacen("Kosovo;http://www.wikidata.org/entity/Q1246", "Canada;http://www.wikidata.org/entity/Q16", 1);
    let summary = taken(&db, Content::Missions, newer.clone()).await;
    assert_eq!(counts(&summary), [0, 1, 6, 5], "{summary}");
    assert_eq!((lines(&summary, "city"), lines(&summary, "operatorQID")), (vec![vec![2]], vec![vec![7]]), "{summary}");
    let now = mission(&db, "Q900001").await.expect("a mission");
    assert_eq!(now.email.as_deref(), Some("new@albania.example"), "the rest is updated");
    assert_eq!((now.area, now.city, now.name), (albania.area, albania.city, albania.name), "the place is kept whole");
    assert_eq!((now.latitude, now.longitude), (albania.latitude, albania.longitude));
    let premises = entity::premises::Entity::find().all(&db.store.orm).await.expect("a query");
    assert_eq!(premises.iter().map(|row| row.address.as_deref()).collect::<Vec<_>>(), [Some("2100 Example Street")]);
    let now = mission(&db, "Q900006").await.expect("a mission");
    assert_eq!((now.sending_state_id, now.name), (kosovo.sending_state_id, kosovo.name));
    let again = taken(&db, Content::Missions, newer).await;
    assert_eq!((counts(&again), again.warned.clone()), ([0, 0, 7, 5], summary.warned), "told as long as it is so");
}

/// An administrator who has looked may let the file decide: a consulate moves, a code is exchanged. No agency's level.
#[rstest]
#[tokio::test]
async fn an_administrator_lets_a_file_change_grounds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let change = async |content, text: String| {
        let source = Box::new(Cursor::new(text));
        let options = Options { change_grounds: true, ..options(&db) };
        import::stream(content, "FILE", source, &options, &db.store, &db.clock).await.expect("taken")
    };
    let countries = fixture("countries.csv").replace("SWE,SWE,SW,SE", "SWE,XSW,SW,SE");
    assert_eq!(counts(&change(Content::Countries, countries).await), [0, 1, 7, 0]);
    assert_eq!(state(&db, "Sweden").await.iso3.as_deref(), Some("XSW"));
    let missions = fixture("missions.csv")
        .replace("Manhattan;http://www.wikidata.org/entity/Q11299", "Houston;http://www.wikidata.org/entity/Q16555");
    let missions =
        missions.replace("Kosovo;http://www.wikidata.org/entity/Q1246", "Canada;http://www.wikidata.org/entity/Q16");
    let summary = change(Content::Missions, missions.clone()).await;
    assert_eq!(counts(&summary), [0, 2, 5, 5], "{summary}");
    assert_eq!(mission(&db, "Q900007").await.expect("a mission").area.as_deref(), Some("48201"));
    let canada = state(&db, "Canada").await.id;
    assert_eq!(mission(&db, "Q900006").await.expect("a mission").sending_state_id, Some(canada));
    assert_eq!(counts(&taken(&db, Content::Missions, missions).await), [0, 0, 7, 5], "it is the file's again");
    let city = json!({ "kind": "LAW_ENFORCEMENT", "level": "CITY", "ori": "NM0070100" });
    enrol(&db, Role::LawEnforcement, Some("35013"), city).await;
    let agencies =
        fixture("agencies.csv").replace("Las Cruces Police Department,City", "Las Cruces Police Department,Federal");
    assert_eq!(lines(&change(Content::Agencies, agencies).await, "agency_type_name"), [[3]]);
    assert_eq!(agency(&db, "NM0070100").await.level, "CITY");
}
