//! What the registry takes in, and what it says of what it does not.

use chancery::{
    desk::{
        Work,
        registry::{self, Added, NewAgency, Origin, areas},
    },
    error::Error,
    store::Engine,
};
use rstest::rstest;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

use super::{forge::SIGNERS, support::TestDb, world};

async fn add(db: &TestDb, file: &str, origin: Origin) -> Result<Added, Error> {
    let mut work = Work::begin(&db.store, &db.clock).await.unwrap();
    let added = registry::add_agency(&mut work, &NewAgency::from_json(file)?, origin).await?;
    work.commit().await?;
    Ok(added)
}

#[rstest]
#[tokio::test]
async fn an_error_names_the_field_and_what_was_expected(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let mut private = SIGNERS[4].jwk.clone();
    private["d"] = json!("AAAA");
    let mut weak = SIGNERS[4].jwk.clone();
    weak["n"] = json!("gQ");
    let of_another = json!({"keys": [SIGNERS[1].jwk]});
    for (field, value, says) in [
        ("name", json!(null), "`name` is missing: expected a text"),
        ("name", json!(""), "`name`: expected a text that is not empty"),
        ("name", json!(7), "`name`: expected a text that is not empty"),
        ("name", json!("Police\u{202e}eciloP"), "`name`: expected a text without invisible or control characters"),
        ("shortName", json!("NY\u{200b}PD"), "`shortName`: expected a text without invisible or control characters"),
        ("shortName", json!("NY\u{7}PD"), "`shortName`: expected a text without invisible or control characters"),
        ("issuer", json!("https://idp.ex\u{feff}ample.org"), "`issuer`: expected"),
        (
            "kind",
            json!("POLICE"),
            "`kind`: expected one of MISSION, LAW_ENFORCEMENT, DIPLOMATIC_SECURITY, not `POLICE`",
        ),
        ("level", json!("GALACTIC"), "`level`: expected one of FEDERAL"),
        ("ori", json!("NY030300"), "`ori`: expected nine of A-Z and 0-9"),
        ("watchPhone", json!("555-0100"), "`watchPhone`: expected an E.164 number"),
        ("state", json!("NY"), "`state`: expected an ISO 3166-2 code"),
        ("latitude", json!(91), "`latitude`: expected degrees between -90 and 90"),
        ("stateWide", json!("yes"), "`stateWide`: expected true or false"),
        ("stateWide", json!(true), "`kind`: expected MISSION where"),
        ("missions", json!(["Q1"]), "`kind`: expected MISSION where"),
        ("areas", json!(["Gotham"]), "`areas`: expected `US`, a state such as `US-NY`"),
        ("areas", json!("US"), "`areas`: expected a list of texts"),
        ("issuer", json!("http://idp.example.org"), "`issuer`: expected an https URL"),
        ("issuer", json!(null), "`issuer`: expected the exact iss of its tokens"),
        ("audience", json!(null), "`audience`: expected the aud of its tokens"),
        ("typ", json!("JWS"), "`typ`: expected at+jwt or JWT"),
        ("algorithms", json!([]), "`algorithms`: expected at least one of"),
        (
            "algorithms",
            json!(["HS256"]),
            "`algorithms`: expected one of ES256, ES384, EdDSA, RS256, PS256, not `HS256`",
        ),
        ("algorithms", json!(["none"]), "`algorithms`: expected one of"),
        ("maxLifetimeSeconds", json!(0), "`maxLifetimeSeconds`: expected a whole number above zero"),
        ("maxLifetimeSeconds", json!(86_401), "`maxLifetimeSeconds`: expected 1 to 86400"),
        ("roles", json!([]), "`roles`: expected at least one and only of LAW_ENFORCEMENT, ADMINISTRATOR"),
        ("roles", json!(["ANALYST"]), "`roles`: expected at least one and only of LAW_ENFORCEMENT, ADMINISTRATOR"),
        ("roles", json!(["POPE"]), "`roles`: expected one of MISSION_OFFICER"),
        ("jwks", json!([]), "`jwks`: expected a JWK set"),
        ("jwks", json!({"keys": [private]}), "`jwks.keys[0]`: it holds a private or secret key"),
        ("jwks", json!({"keys": [weak]}), "`jwks.keys[0]`: an RSA key must have 2048 to 8192 bits"),
        ("jwks", of_another, "`jwks.keys[0]`: `alg` is not a registered algorithm of such a key"),
        ("jwks", json!({"keys": [SIGNERS[4].jwk, SIGNERS[4].jwk]}), "`jwks.keys[1].kid`: expected not `k-4` again"),
        ("jwksUri", json!(7), "`jwksUri`: expected a text that is not empty"),
        ("jwksUri", json!("http://idp.example.org/jwks"), "`jwksUri`: expected an https URL of a host by name"),
        ("jwksUri", json!("https://10.0.0.1/jwks"), "`jwksUri`: expected an https URL of a host by name"),
        ("jwksUri", json!("https://u:p@idp.example.org/jwks"), "`jwksUri`: expected an https URL of a host by name"),
        ("jwksUri", json!("https://idp.example.org/jwks#a"), "`jwksUri`: expected an https URL of a host by name"),
        ("jwksUri", json!("https://idp.example.org/jwks"), "`jwks`: expected nothing where jwksUri or oidcDiscovery"),
        ("oidcDiscovery", json!("yes"), "`oidcDiscovery`: expected true or false"),
        ("oidcDiscovery", json!(true), "`jwks`: expected nothing where jwksUri or oidcDiscovery"),
        ("madeByDemo", json!(true), "`madeByDemo` is not a field here: expected one of name, shortName"),
    ] {
        let mut file = world::file(4);
        file[field] = value.clone();
        let error = add(&db, &file.to_string(), Origin::Administrator).await.unwrap_err();
        assert!(error.message.starts_with(says), "{field} = {value}: {}", error.message);
    }
    let file = world::file(4).to_string();
    let doubled = file.replacen('{', r#"{"name":"Other","#, 1);
    let error = add(&db, &doubled, Origin::Administrator).await.unwrap_err();
    assert!(error.message.contains("`name` is given twice"), "{}", error.message);
    assert!(registry::agency(&db.store.orm, "A4").await.is_err(), "nothing was added on the way");
    assert!(matches!(add(&db, &file, Origin::Administrator).await, Ok(Added::New(_))));
    let again = add(&db, &file, Origin::Administrator).await.unwrap_err();
    assert!(again.message.starts_with("`issuer`: that of agency"), "{}", again.message);
}

#[rstest]
#[tokio::test]
async fn a_listed_agency_is_enrolled_under_its_ori(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let mut listed = world::file(4);
    let fields = listed.as_object_mut().unwrap();
    fields.retain(|field, _| ["name", "kind", "level"].contains(&field.as_str()));
    listed["ori"] = json!("NY0303000");
    listed["watchPhone"] = json!("+12125550100");
    listed["areas"] = json!(["NYC"]);
    let id = add(&db, &listed.to_string(), Origin::Administrator).await.unwrap().id().to_owned();
    let mut file = world::file(4);
    file["ori"] = json!("NY0303000");
    file["areas"] = json!(["NYC", "US-NY"]);
    assert_eq!(add(&db, &file.to_string(), Origin::Administrator).await.unwrap(), Added::Enrolled(id.clone()));
    let agency = registry::agency(&db.store.orm, "NY0303000").await.unwrap();
    assert_eq!(agency.watch_phone.as_deref(), Some("+12125550100"), "what the file leaves out stays");
    assert_eq!(agency.issuer, Some(world::issuer(4)));
    assert!(!agency.made_by_demo);
    let held = areas::list(&db.store.orm, &id).await.unwrap();
    let held: Vec<_> = held.iter().map(|row| (row.area.as_str(), row.level.as_str(), &row.confirmed_at)).collect();
    assert_eq!(held, [("NYC", "COUNTY", &None), ("US-NY", "STATE", &None)]);
    file["issuer"] = json!("https://other.example.org");
    let error = add(&db, &file.to_string(), Origin::Administrator).await.unwrap_err();
    assert!(error.message.starts_with("`ori`: that of agency"), "{}", error.message);
}

#[rstest]
#[tokio::test]
async fn a_mission_is_registered_with_its_state(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let world = world::World::new(engine).await;
    let state = entity::sending_state::ActiveModel {
        id: Set("01J00000000000000000000001".into()),
        iso2: Set(Some("FR".into())),
        iso3: Set(Some("FRA".into())),
        name: Set("France".into()),
        ..Default::default()
    };
    state.insert(&world.db.store.orm).await.unwrap();
    let mut file: Value = world::file(1);
    file["shortName"] = json!("FR");
    file["issuer"] = json!("https://france.example.org");
    file["stateWide"] = json!(true);
    file["areas"] = json!(["US"]);
    file["sendingState"] = json!("FRA");
    let error = add(&world.db, &file.to_string(), Origin::Administrator).await.unwrap_err();
    assert!(error.message.starts_with("`kind`: expected LAW_ENFORCEMENT where areas"), "{}", error.message);
    file["areas"] = json!([]);
    file["sendingState"] = json!("XX");
    let error = add(&world.db, &file.to_string(), Origin::Administrator).await.unwrap_err();
    assert!(error.message.starts_with("`sendingState`: expected the ISO 3166-1 code"), "{}", error.message);
    file["sendingState"] = json!("FRA");
    add(&world.db, &file.to_string(), Origin::Administrator).await.unwrap();
    world
        .change(async |work| {
            let agency = registry::agency(work.rows(), "FR").await.unwrap();
            let new = registry::person::NewPerson {
                subject: "ada".into(),
                name: "Ada".into(),
                roles: vec![chancery::access::Role::MissionOfficer],
                ..Default::default()
            };
            registry::person::add(work, &agency, &new).await.unwrap();
        })
        .await;
    let mut draft = world.draft(1);
    draft.claims["iss"] = json!("https://france.example.org");
    let principal = world.ask(&draft.token()).await.unwrap();
    assert_eq!(principal.standing().sending_state_codes, ["FR", "FRA"]);
    assert!(principal.standing().state_wide && !principal.standing().federal);
}
