//! The demo's data: there once, sound, and of every kind.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use chancery::{
    access::{Cui, Ground, Kind, Role, Tiers, Tlp, emit::Addressee},
    cli::{Context, serve},
    config::Config,
    demo,
    desk::{
        reference, search,
        visibility::{rebuild, verify},
    },
    store::Engine,
};
use entity::{
    acknowledgement, advisory, agency, agency_area, agency_mission, concern, entry, evidence, leg, mission,
    mission_change, person, portfolio, post, premises, protective_detail, referral, security_contact, sending_state,
    share, shift, visibility, visit, visit_conflict, watch_shift,
};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use support::TestDb;

async fn seeded(engine: Engine) -> (TestDb, demo::DemoPeople) {
    let db = TestDb::new(engine).await;
    let keys = db.directory().join("keys");
    let people = demo::seed(&db.store, &db.clock, &keys, |_| {}).await.expect("the demo is seeded");
    (db, people)
}

async fn all<E: EntityTrait>(db: &TestDb) -> Vec<E::Model> {
    E::find().all(&db.store.orm).await.expect("the rows are read")
}

#[rstest]
#[tokio::test]
async fn it_is_seeded_once_and_its_visibility_is_right(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (db, people) = seeded(engine).await;
    let roles: Vec<Role> = people.0.iter().map(|person| person.role).collect();
    assert_eq!(roles, Role::ALL);
    let words = search::verify(&db.store, 3).await.expect("verifies");
    assert!(words.is_none() && words.lines > 100, "{words:?}");
    let difference = verify(&db.store, 3).await.expect("verifies");
    assert!(difference.is_none(), "{difference:#?}");
    let concerns = concern::Entity::find().count(&db.store.orm).await.expect("counts");
    assert!(concerns >= 400, "{concerns}");

    let other = db.directory().join("other");
    let again = demo::seed(&db.store, &db.clock, &other, |what| panic!("{what}"));
    assert_eq!(again.await.expect("it is there"), people);
    assert_eq!(concern::Entity::find().count(&db.store.orm).await.expect("counts"), concerns);
    assert!(!other.exists());
}

#[rstest]
#[tokio::test]
async fn it_is_the_same_every_time(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (first, _) = seeded(engine).await;
    let (second, _) = seeded(Engine::Sqlite).await;
    let strip = |rows: Vec<concern::Model>| -> BTreeMap<String, concern::Model> {
        // The pseudonym is made with a secret of the installation.
        rows.into_iter().map(|row| (row.id.clone(), concern::Model { reporter_pseudonym: None, ..row })).collect()
    };
    assert_eq!(strip(all::<concern::Entity>(&first).await), strip(all::<concern::Entity>(&second).await));
    let key = |mut rows: Vec<entry::Model>| {
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        rows
    };
    assert_eq!(key(all::<entry::Entity>(&first).await), key(all::<entry::Entity>(&second).await));
}

/// What an import listed before is found again, by ISO code, Wikidata item and ORI.
#[rstest]
#[tokio::test]
async fn it_joins_what_an_import_brought(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    const BEFORE: [&str; 4] = [
        "insert into sending_state (id, iso2, name) values ('01J0000000000000000000000A', 'FR', 'France')",
        "insert into mission (id, wikidata_id, type, name, sending_state_id, status, source_ids) values \
         ('01J0000000000000000000000B', 'Q2841718', 'EMBASSY', 'Embassy of France', '01J0000000000000000000000A', 'OPEN', '[]')",
        "insert into agency (id, name, kind, level, ori, state_wide, algorithms, max_lifetime_s, roles, made_by_demo) values \
         ('01J0000000000000000000000C', 'New York City PD', 'LAW_ENFORCEMENT', 'CITY', 'NY0303000', false, '[]', 0, '[]', false)",
        "insert into agency_area (agency_id, area, level, source, proposed_at) values \
         ('01J0000000000000000000000C', '36061', 'COUNTY', 'IMPORT', '2026-01-01T00:00:00.000000Z')",
    ];
    let db = TestDb::new(engine).await;
    for statement in BEFORE {
        db.store.orm.execute_unprepared(statement).await.expect("the row goes in");
    }
    rebuild(&db.store).await.expect("rebuilds");
    demo::seed(&db.store, &db.clock, &db.directory().join("keys"), |_| {}).await.expect("the demo is seeded");

    let states = all::<sending_state::Entity>(&db).await;
    assert_eq!(states.iter().filter(|state| state.iso2.as_deref() == Some("FR")).count(), 1);
    let embassies = all::<mission::Entity>(&db).await;
    assert_eq!(embassies.iter().filter(|mission| mission.name == "Embassy of France").count(), 1);
    let links = all::<agency_mission::Entity>(&db).await;
    assert!(links.iter().any(|link| link.mission_id == "01J0000000000000000000000B"));
    let police = agency::Entity::find_by_id("01J0000000000000000000000C").one(&db.store.orm).await.expect("reads");
    let police = police.expect("the agency");
    assert_eq!((police.name.as_str(), police.short_name.as_deref()), ("New York City PD", Some("NYPD")));
    let areas = all::<agency_area::Entity>(&db).await;
    let confirmed = areas.iter().filter(|area| area.agency_id == police.id && area.confirmed_at.is_some());
    assert_eq!(confirmed.count(), 5);
    assert!(verify(&db.store, 3).await.expect("verifies").is_none());
    // The rows of the real files came by SQL; the demo's own came by works, which keep their words.
    let words = search::verify(&db.store, 3).await.expect("verifies");
    assert_eq!(words.surplus, 0, "{words:?}");
}

/// Every agency of a mission has the missions it is registered for, every officer a portfolio, and somebody watches.
#[tokio::test]
async fn everyone_has_a_standing() {
    let (db, people) = seeded(Engine::Sqlite).await;
    assert_eq!(all::<agency_mission::Entity>(&db).await.len(), 5);
    let missions = all::<mission::Entity>(&db).await.len();
    assert_eq!(all::<portfolio::Entity>(&db).await.len(), missions);
    let now = db.clock.now_text();
    let persons = all::<person::Entity>(&db).await;
    for named in &people.0 {
        let person = persons.iter().find(|person| person.subject == named.subject && person.name == named.name);
        let person = person.expect("who is named is enrolled");
        assert_eq!(person.roles, format!("[\"{}\"]", named.role));
        let watches = all::<watch_shift::Entity>(&db).await;
        let on_watch =
            watches.iter().any(|turn| turn.person_id == person.id && turn.starts_at <= now && now < turn.ends_at);
        assert_eq!(on_watch, named.role == Role::LiaisonOfficer);
        assert_eq!(person.host_state_id.is_some(), named.role == Role::RegionalSecurityOfficer);
        assert_eq!(person.post_id.is_some(), named.role == Role::RegionalSecurityOfficer);
    }
}

/// Roles that see concerns by shares and referrals alone find some in the demo.
#[tokio::test]
async fn what_is_shared_reaches_those_who_have_nothing_else() {
    let (db, people) = seeded(Engine::Sqlite).await;
    let (persons, lines) = (all::<person::Entity>(&db).await, all::<visibility::Entity>(&db).await);
    let now = db.clock.now_text();
    let concerns_by = |ground: Ground, key: &str| {
        let circled = format!("{key}/");
        lines
            .iter()
            .filter(|line| line.kind == Kind::Concern.code() && line.ground == ground.code() && now < line.until_at)
            .filter(|line| line.key == key || line.key.starts_with(&circled))
            .count()
    };
    for named in &people.0 {
        let person = persons.iter().find(|person| person.name == named.name).expect("who is named is enrolled");
        let own = concerns_by(Ground::Shared, &format!("p:{}", person.id));
        let of_agency = |ground| concerns_by(ground, &format!("a:{}", person.agency_id));
        match named.role {
            Role::DetailAgent | Role::RegionalSecurityOfficer => assert!(own >= 3, "{}: {own}", named.name),
            Role::LawEnforcement => {
                let (shared, referred) = (of_agency(Ground::Shared), of_agency(Ground::Referred));
                assert!(shared >= 3 && referred >= 3, "{}: {shared}, {referred}", named.name);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn concerns_are_of_every_kind_and_consistent() {
    let (db, _) = seeded(Engine::Sqlite).await;
    let rows = all::<concern::Entity>(&db).await;
    let distinct = |of: fn(&concern::Model) -> &str| rows.iter().map(of).collect::<BTreeSet<&str>>().len();
    assert_eq!(distinct(|row| &row.status), 12);
    assert_eq!(distinct(|row| &row.severity), 4);
    assert_eq!(distinct(|row| &row.tlp), 5);
    assert_eq!(distinct(|row| &row.kind), 3);
    assert_eq!(distinct(|row| &row.category), 27);
    assert!(distinct(|row| &row.narrative) > 380);
    let now = db.clock.now_text();
    for row in &rows {
        assert!(reference::is_valid(&row.reference), "{}", row.reference);
        assert!(row.opened_at < now && row.occurred_at.as_ref().is_none_or(|at| *at < row.opened_at));
        assert!(row.tlp.parse::<Tlp>().is_ok());
        let cui: Cui = row.cui.as_deref().map_or_else(|| Ok(Cui::default()), str::parse).expect("a banner");
        assert!(row.origin_mission_id.is_none() || !(cui.noforn || cui.fed_only), "{:?}", row.cui);
        let is_grave = matches!(row.severity.as_str(), "HIGH" | "CRITICAL");
        assert!(row.category != "BOMB_THREAT" || is_grave, "{} is {}", row.reference, row.severity);
        assert!(row.kind != "QUESTION" || !is_grave, "{} is {}", row.reference, row.severity);
        assert_eq!(row.reporter_pseudonym.as_ref().map(String::len), Some(32));
    }
    for banner in ["NOFORN", "FED_ONLY", "REL_TO"] {
        assert!(rows.iter().any(|row| row.cui.as_ref().is_some_and(|cui| cui.contains(banner))), "{banner}");
    }
    let origins: BTreeSet<bool> = rows.iter().map(|row| row.origin_mission_id.is_some()).collect();
    assert_eq!(origins.len(), 2);

    let shares = all::<share::Entity>(&db).await;
    for cap in ["D", "DC", "DCP", "DCPS"] {
        assert!(Tiers::parse(cap).is_some() && shares.iter().any(|share| share.tier_cap == cap), "{cap}");
    }
    assert!(
        shares.iter().any(|share| share.person_id.is_some()) && shares.iter().any(|share| share.agency_id.is_some())
    );
    assert!(shares.iter().any(|share| share.expires_at.as_ref().is_some_and(|at| *at < now)));
    assert!(shares.iter().any(|share| share.expires_at.as_ref().is_some_and(|at| *at > now)));
    assert!(shares.iter().any(|share| share.revoked_at.is_some()));
    let statuses: BTreeSet<String> = all::<referral::Entity>(&db).await.into_iter().map(|row| row.status).collect();
    assert_eq!(statuses.len(), 4, "{statuses:?}");
    let audiences: BTreeSet<String> = all::<entry::Entity>(&db).await.into_iter().map(|row| row.audience).collect();
    assert_eq!(audiences.len(), 3, "{audiences:?}");
    let advisories = all::<advisory::Entity>(&db).await;
    for row in &advisories {
        let audience: Vec<String> = serde_json::from_str(&row.audience).expect("a list");
        assert!(!audience.is_empty() && audience.iter().all(|to| Addressee::of_row(to).is_some()), "{audience:?}");
        let texts = [&row.sent_at, &row.headline, &row.body];
        assert!(row.sent_at < now && texts.iter().all(|text| !text.is_empty()));
    }
    assert!(advisories.iter().any(|row| row.expires_at.as_ref().is_some_and(|at| *at < now)));
    assert!(advisories.iter().any(|row| row.supersedes_id.is_some()));
    assert!(all::<acknowledgement::Entity>(&db).await.len() >= 3);
    let changes = all::<mission_change::Entity>(&db).await;
    let statuses: BTreeSet<&str> = changes.iter().map(|row| row.status.as_str()).collect();
    assert!(statuses.len() == 3 && changes.iter().all(|row| row.proposed_at < now), "{changes:?}");
    let pieces = all::<evidence::Entity>(&db).await;
    let hashes: BTreeSet<&str> = pieces.iter().map(|piece| piece.sha256.as_str()).collect();
    assert!(hashes.len() == pieces.len() && pieces.len() > 50, "{} pieces", pieces.len());
    assert!(hashes.iter().all(|hash| hash.len() == 64) && pieces.iter().all(|piece| piece.added_at <= now));
    let residences: BTreeSet<String> = all::<premises::Entity>(&db)
        .await
        .into_iter()
        .filter(|premises| premises.kind.starts_with("RESIDENCE"))
        .filter_map(|premises| premises.address)
        .collect();
    for row in &rows {
        assert!(!residences.iter().any(|address| row.narrative.contains(address)), "{}", row.narrative);
    }
}

#[tokio::test]
async fn missions_lie_where_they_are_and_nobody_can_be_called() {
    let (db, _) = seeded(Engine::Sqlite).await;
    let states = all::<sending_state::Entity>(&db).await;
    let missions = all::<mission::Entity>(&db).await;
    assert!(states.len() >= 180 && missions.len() >= 400, "{} {}", states.len(), missions.len());
    let in_washington = missions.iter().filter(|mission| mission.r#type == "EMBASSY");
    assert!(in_washington.clone().count() >= 175);
    assert!(in_washington.clone().all(|mission| mission.area.as_deref() == Some("11001")));
    assert!(missions.iter().any(|mission| mission.sending_state_id.is_none()));
    assert!(missions.iter().all(|mission| mission.area.as_deref().is_some_and(chancery::access::area::is_area)));
    let fiction = |phone: &Option<String>| {
        phone.as_ref().is_none_or(|phone| phone.len() == 12 && phone.get(5..10) == Some("55501"))
    };
    assert!(missions.iter().all(|row| fiction(&row.switchboard) && fiction(&row.duty_phone)));
    assert!(
        all::<security_contact::Entity>(&db)
            .await
            .iter()
            .all(|row| fiction(&row.work_phone) && fiction(&row.after_hours_phone))
    );
    let posts = all::<post::Entity>(&db).await;
    assert!(posts.len() >= 15 && posts.iter().all(|row| fiction(&row.phone) && row.wikidata_id.is_some()));
    let of = |row: &post::Model| posts.iter().find(|of| Some(&of.id) == row.constituent_of_id.as_ref()).cloned();
    let consular = |row: &&post::Model| row.r#type.starts_with("CONSULA");
    assert!(posts.iter().filter(consular).all(|row| of(row).is_some_and(|of| of.country_id == row.country_id)));
    assert!(all::<person::Entity>(&db).await.iter().all(|row| fiction(&row.desk_phone) && !(row.machine && row.sworn)));
    let agencies = all::<agency::Entity>(&db).await;
    assert!(agencies.iter().all(|row| row.made_by_demo && fiction(&row.watch_phone)));
    assert!(all::<agency_area::Entity>(&db).await.iter().all(|row| row.confirmed_at.is_some()));
    for agency in agencies {
        let key = db.directory().join("keys").join(format!("{}.jwk", agency.short_name.expect("a short name")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&key).expect("its key").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", key.display());
        }
    }
}

/// Its private keys lie beside it: whoever finds one would be let in.
#[tokio::test]
async fn it_is_not_put_into_service_by_mistake() {
    let (db, _) = seeded(Engine::Sqlite).await;
    let config = Config { data_dir: db.directory().to_owned(), ..Config::default() };
    let listen = Some("127.0.0.1:0".parse().expect("an address"));
    let args = serve::Args { listen, migrate: false, allow_demo: false };
    let refused = serve::run(&Context::new(config), &args).await.expect_err("it is refused");
    assert!(refused.to_string().contains("--allow-demo"), "{refused}");
}

/// Forty visits with three hundred legs around the present, of which some are going on, and some in each other's way.
#[tokio::test]
async fn a_week_of_the_general_assembly() {
    let (db, _) = seeded(Engine::Sqlite).await;
    let visits = all::<visit::Entity>(&db).await;
    let statuses: BTreeSet<&str> = visits.iter().map(|visit| visit.status.as_str()).collect();
    assert_eq!(visits.len(), 40);
    assert_eq!(statuses.len(), 6, "{statuses:?}");
    assert!(visits.iter().all(|visit| reference::is_valid(&visit.reference) && visit.sending_state_id.is_some()));
    let legs = all::<leg::Entity>(&db).await;
    assert_eq!(legs.len(), 300);
    for visit in &visits {
        let its: Vec<&leg::Model> = legs.iter().filter(|leg| leg.visit_id == visit.id).collect();
        assert!(
            its.len() >= 7 && its.iter().all(|leg| leg.starts_at < leg.ends_at && leg.starts_at >= visit.arrives_on)
        );
    }
    let conflicts = all::<visit_conflict::Entity>(&db).await;
    let kinds: BTreeSet<&str> = conflicts.iter().map(|conflict| conflict.kind.as_str()).collect();
    assert!(kinds.contains("SAME_VENUE") && kinds.contains("LEG_WITHOUT_AREA"), "{kinds:?}");
    assert!(verify(&db.store, 3).await.expect("verifies").is_none());
}

/// Both standing details have somebody on at every instant of a year, and twenty visits two hundred shifts; nobody is on two
/// at a time.
#[tokio::test]
async fn details_stand_without_a_gap() {
    let (db, _) = seeded(Engine::Sqlite).await;
    let mut shifts = all::<shift::Entity>(&db).await;
    shifts.sort_by(|a, b| (&a.detail_id, &a.starts_at).cmp(&(&b.detail_id, &b.starts_at)));
    let (mut of_visits, mut standing) = (0, 0);
    for detail in all::<protective_detail::Entity>(&db).await {
        let its: Vec<&shift::Model> = shifts.iter().filter(|shift| shift.detail_id == detail.id).collect();
        assert!(its.windows(2).all(|pair| pair[0].ends_at == pair[1].starts_at), "{}", detail.protectee);
        if detail.visit_id.is_some() {
            of_visits += its.len();
        } else {
            let at = |text: &str| chancery::clock::parse_instant(text).expect("an instant");
            let year = at(&its.last().expect("a shift").ends_at) - at(&its[0].starts_at);
            assert!(its[0].starts_at <= db.clock.now_text() && year == time::Duration::days(365), "{year}");
            standing += 1;
        }
    }
    assert_eq!((standing, of_visits), (2, 200));
    shifts.sort_by(|a, b| (&a.person_id, &a.starts_at).cmp(&(&b.person_id, &b.starts_at)));
    assert!(
        shifts.windows(2).all(|pair| pair[0].person_id != pair[1].person_id || pair[0].ends_at <= pair[1].starts_at)
    );
}
