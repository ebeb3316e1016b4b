//! Whatever is written in whatever order, the table is what a rebuild would make.

use chancery::{
    access::{Ground, Key, Kind},
    desk::{Work, search, visibility},
    store::{Engine, Store},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    prop_oneof, sample,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use rstest::rstest;

use crate::{
    advisories, changes, details, posts,
    rows::{self, id},
    support::TestDb,
    table, visits,
};

const MISSIONS: u8 = 4;
const CONCERNS: u8 = 4;
const AGENCIES: u8 = 4;
const PERSONS: u8 = 4;

#[derive(Clone, Debug)]
enum Write {
    Mission {
        mission: u8,
        state: Option<u8>,
        area: Option<&'static str>,
    },
    Place {
        slot: u8,
        mission: u8,
        kind: &'static str,
    },
    NoPlace {
        slot: u8,
    },
    Abroad(posts::Write),
    Liaison {
        slot: u8,
        agency: u8,
    },
    Serve {
        liaison: u8,
        mission: u8,
        on: bool,
    },
    Enrol {
        agency: u8,
        person: u8,
    },
    Raise {
        concern: u8,
        about: u8,
        by: Option<u8>,
        reporter: Option<u8>,
    },
    Mark {
        concern: u8,
        tlp: &'static str,
        cui: Option<&'static str>,
    },
    Assign {
        concern: u8,
        owner: Option<u8>,
    },
    Aggravate {
        concern: u8,
        severity: &'static str,
        area: Option<&'static str>,
    },
    Withdraw {
        concern: u8,
    },
    Share {
        slot: u8,
        concern: u8,
        to: Result<u8, u8>,
        cap: &'static str,
        tlp: &'static str,
        until: Option<&'static str>,
        revoked: bool,
    },
    NoShare {
        slot: u8,
    },
    Refer {
        slot: u8,
        concern: u8,
        agency: u8,
        status: &'static str,
    },
    Entry {
        slot: u8,
        concern: u8,
        audience: &'static str,
        agencies: Vec<u8>,
    },
    Evidence {
        slot: u8,
    },
    Advise {
        slot: u8,
        audience: Vec<&'static str>,
    },
    Acknowledge {
        advisory: u8,
        agency: u8,
    },
    Propose {
        slot: u8,
        mission: u8,
    },
    Visit {
        slot: u8,
        mission: u8,
        accepted: bool,
    },
    Leg {
        slot: u8,
        visit: u8,
        area: Option<&'static str>,
    },
    NoLeg {
        slot: u8,
    },
    Detail {
        slot: u8,
        visit: u8,
        open: bool,
    },
    On {
        slot: u8,
        detail: u8,
        person: u8,
        ends: Option<&'static str>,
    },
    Off {
        slot: u8,
    },
}

/// Writes of one transaction, and whether it commits.
type Batch = (Vec<Write>, bool);

fn writes() -> impl Strategy<Value = Write> {
    use sample::select;
    let area = || sample::select(vec![None, Some("US-DC"), Some("11001"), Some("NYC"), Some("36061"), Some("nowhere")]);
    let tlp = || sample::select(vec!["CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED", "garbled"]);
    let cui = select(vec![
        None,
        Some("CUI//LEI//NOFORN"),
        Some("CUI//LEI//FED_ONLY"),
        Some("CUI//LEI//REL_TO FR,DE"),
        Some("?"),
    ]);
    let premises = select(vec!["CHANCERY", "RESIDENCE_HOM", "RESIDENCE_STAFF", "garbled"]);
    let until =
        select(vec![None, Some("2026-11-23T00:00:00.000000Z"), Some("2026-11-24T01:00:00+01:00"), Some("never")]);
    let ends =
        select(vec![None, Some("2026-11-23T00:00:00.000000Z"), Some("2020-01-01T00:00:00.000000Z"), Some("never")]);
    let cap = select(vec!["D", "DC", "DCP", "DCPS", "", "X"]);
    let severity = select(vec!["LOW", "MEDIUM", "HIGH", "CRITICAL", "garbled"]);
    let status = select(vec!["OFFERED", "ACCEPTED", "DECLINED", "DONE"]);
    let audience = select(vec!["INTERNAL", "MISSION", "AGENCIES", "garbled"]);
    let addressee = select(vec![
        "MISSIONS",
        "LAW_ENFORCEMENT",
        "MISSION_TYPE:EMBASSY",
        "SENDING_STATE:0",
        "SENDING_STATE:1",
        "AREA:36061",
        "AREA:US-DC",
        "AREA:US",
        "garbled",
    ]);
    let maybe = |n: u8| prop_oneof![Just(None), (0..n).prop_map(Some)];
    let to = prop_oneof![(0..AGENCIES).prop_map(Ok), (0..PERSONS).prop_map(Err)];
    prop_oneof![
        2 => (0..MISSIONS, maybe(2), area()).prop_map(|(mission, state, area)| Write::Mission { mission, state, area }),
        2 => (0..4u8, 0..MISSIONS, premises).prop_map(|(slot, mission, kind)| Write::Place { slot, mission, kind }),
        1 => (0..4u8).prop_map(|slot| Write::NoPlace { slot }),
        6 => posts::writes().prop_map(Write::Abroad),
        1 => (0..3u8, 0..AGENCIES).prop_map(|(slot, agency)| Write::Liaison { slot, agency }),
        1 => (0..3u8, 0..MISSIONS, any::<bool>()).prop_map(|(liaison, mission, on)| Write::Serve { liaison, mission, on }),
        1 => (0..AGENCIES, 0..PERSONS).prop_map(|(agency, person)| Write::Enrol { agency, person }),
        3 => (0..CONCERNS, 0..MISSIONS, maybe(MISSIONS), maybe(PERSONS))
            .prop_map(|(concern, about, by, reporter)| Write::Raise { concern, about, by, reporter }),
        3 => (0..CONCERNS, tlp(), cui).prop_map(|(concern, tlp, cui)| Write::Mark { concern, tlp, cui }),
        1 => (0..CONCERNS, maybe(PERSONS)).prop_map(|(concern, owner)| Write::Assign { concern, owner }),
        2 => (0..CONCERNS, severity, area()).prop_map(|(concern, severity, area)| Write::Aggravate { concern, severity, area }),
        1 => (0..CONCERNS).prop_map(|concern| Write::Withdraw { concern }),
        4 => (0..6u8, 0..CONCERNS, to, cap, tlp(), until, any::<bool>())
            .prop_map(|(slot, concern, to, cap, tlp, until, revoked)| Write::Share { slot, concern, to, cap, tlp, until, revoked }),
        1 => (0..6u8).prop_map(|slot| Write::NoShare { slot }),
        3 => (0..4u8, 0..CONCERNS, 0..AGENCIES, status)
            .prop_map(|(slot, concern, agency, status)| Write::Refer { slot, concern, agency, status }),
        2 => (0..6u8, 0..CONCERNS, audience, vec(0..AGENCIES, 0..3))
            .prop_map(|(slot, concern, audience, agencies)| Write::Entry { slot, concern, audience, agencies }),
        1 => (0..6u8).prop_map(|slot| Write::Evidence { slot }),
        2 => (0..3u8, vec(addressee, 0..3)).prop_map(|(slot, audience)| Write::Advise { slot, audience }),
        1 => (0..3u8, 0..AGENCIES).prop_map(|(advisory, agency)| Write::Acknowledge { advisory, agency }),
        1 => (0..4u8, 0..MISSIONS).prop_map(|(slot, mission)| Write::Propose { slot, mission }),
        2 => (0..3u8, 0..MISSIONS, any::<bool>()).prop_map(|(slot, mission, accepted)| Write::Visit { slot, mission, accepted }),
        2 => (0..4u8, 0..3u8, area()).prop_map(|(slot, visit, area)| Write::Leg { slot, visit, area }),
        1 => (0..4u8).prop_map(|slot| Write::NoLeg { slot }),
        2 => (0..2u8, 0..3u8, any::<bool>()).prop_map(|(slot, visit, open)| Write::Detail { slot, visit, open }),
        2 => (0..4u8, 0..2u8, 0..PERSONS, ends).prop_map(|(slot, detail, person, ends)| Write::On { slot, detail, person, ends }),
        1 => (0..4u8).prop_map(|slot| Write::Off { slot }),
    ]
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    vec((vec(writes(), 1..8), prop_oneof![4 => Just(true), 1 => Just(false)]), 1..10)
}

/// Does one write; a write to a concern that is not there does nothing.
async fn apply(work: &mut Work, write: &Write) {
    let concern_id = |concern: u8| id(Kind::Concern, concern);
    match write.clone() {
        Write::Mission { mission, state, area } => rows::put_mission(work, mission, state, area).await,
        Write::Place { slot, mission, kind } => {
            rows::put_premises(work, slot, mission, kind).await;
            rows::put_contact(work, slot, mission).await;
        }
        Write::NoPlace { slot } => rows::drop_place(work, slot).await,
        Write::Abroad(write) => posts::apply(work, write).await,
        Write::Liaison { slot, agency } => rows::put_liaison(work, slot, agency).await,
        Write::Serve { liaison, mission, on } => {
            rows::put_liaison(work, liaison, 0).await;
            rows::serve(work, liaison, mission, on).await;
        }
        Write::Enrol { agency, person } => {
            rows::put_agency(work, agency, "Renamed").await;
            rows::put_person(work, person, agency).await;
        }
        Write::Raise { concern, about, by, reporter } => {
            let mut row =
                rows::stored_concern(work, &concern_id(concern)).await.unwrap_or_else(|| rows::concern(concern, about));
            row.mission_id = id(Kind::Mission, about);
            row.origin_mission_id = by.map(|mission| id(Kind::Mission, mission));
            row.reporter_id = reporter.map(|person| id(Kind::Person, person));
            rows::put_concern(work, row).await;
        }
        Write::Mark { concern, tlp, cui } => {
            let Some(mut row) = rows::stored_concern(work, &concern_id(concern)).await else { return };
            row.tlp = tlp.to_owned();
            row.cui = cui.map(str::to_owned);
            rows::put_concern(work, row).await;
        }
        Write::Assign { concern, owner } => {
            let Some(mut row) = rows::stored_concern(work, &concern_id(concern)).await else { return };
            row.owner_id = owner.map(|person| id(Kind::Person, person));
            rows::put_concern(work, row).await;
        }
        Write::Aggravate { concern, severity, area } => {
            let Some(mut row) = rows::stored_concern(work, &concern_id(concern)).await else { return };
            row.severity = severity.to_owned();
            row.incident_area = area.map(str::to_owned);
            rows::put_concern(work, row).await;
        }
        Write::Withdraw { concern } => rows::drop_concern(work, concern).await,
        Write::NoShare { slot } => rows::drop_share(work, slot).await,
        Write::Share { slot, concern, to, cap, tlp, until, revoked } => {
            if rows::stored_concern(work, &concern_id(concern)).await.is_none() {
                return;
            }
            let mut row = rows::share(slot, concern);
            row.agency_id = to.ok().map(|agency| id(Kind::Agency, agency));
            row.person_id = to.err().map(|person| id(Kind::Person, person));
            row.tier_cap = cap.to_owned();
            row.tlp_cap = tlp.to_owned();
            row.expires_at = until.map(str::to_owned);
            row.revoked_at = revoked.then(|| rows::THEN.to_owned());
            rows::put_share(work, row).await;
        }
        Write::Refer { slot, concern, agency, status } => {
            if rows::stored_concern(work, &concern_id(concern)).await.is_some() {
                rows::put_referral(work, slot, concern, agency, status).await;
            }
        }
        Write::Entry { slot, concern, audience, agencies } => {
            if rows::stored_concern(work, &concern_id(concern)).await.is_some() {
                rows::put_entry(work, slot, concern, audience, &agencies).await;
            }
        }
        Write::Evidence { slot } => rows::put_evidence(work, slot).await,
        Write::Propose { slot, mission } => changes::put_change(work, slot, mission).await,
        Write::Visit { slot, mission, accepted } => visits::put_visit(work, slot, mission, accepted).await,
        Write::Leg { slot, visit, area } => visits::put_leg(work, slot, visit, area).await,
        Write::Detail { slot, visit, open } => details::put_detail(work, slot, visit, open).await,
        Write::On { slot, detail, person, ends } => details::put_assignment(work, slot, detail, person, ends).await,
        Write::Off { slot } => details::drop_assignment(work, slot).await,
        Write::NoLeg { slot } => visits::drop_leg(work, slot).await,
        Write::Advise { slot, audience } => advisories::put_advisory(work, slot, &audience).await,
        Write::Acknowledge { advisory, agency } => {
            advisories::put_advisory(work, advisory, &["MISSIONS"]).await;
            advisories::put_acknowledgement(work, advisory, agency).await;
        }
    }
}

async fn hold(db: &TestDb, batches: Vec<Batch>) -> Result<(), TestCaseError> {
    table::wipe(&db.store).await;
    begin_world(db).await;
    for (writes, commits) in &batches {
        let before = table::lines(&db.store).await;
        let mut work = Work::begin(&db.store, &db.clock).await.expect("begins");
        for write in writes {
            apply(&mut work, write).await;
        }
        if *commits {
            work.commit().await.expect("commits");
            compare(&db.store).await?;
        } else {
            drop(work);
            proptest::prop_assert_eq!(before, table::lines(&db.store).await, "a dropped work left something");
        }
    }
    let kept = table::lines(&db.store).await;
    for line in <entity::visibility::Entity as sea_orm::EntityTrait>::find().all(&db.store.orm).await.expect("lines") {
        let ground = Ground::ALL.into_iter().find(|ground| ground.code() == line.ground).expect("a ground");
        assert!(ground.keys().contains(&Key::kind_of(&line.key)), "lists look for no {} by {ground:?}", line.key);
    }
    let made = visibility::rebuild(&db.store).await.expect("rebuilds");
    proptest::prop_assert_eq!(made, kept.len() as u64);
    proptest::prop_assert_eq!(kept, table::lines(&db.store).await);
    Ok(())
}

async fn compare(store: &Store) -> Result<(), TestCaseError> {
    let difference = visibility::verify(store, 5).await.expect("verifies");
    if !difference.is_none() {
        return Err(TestCaseError::fail(format!("{difference:#?}")));
    }
    let words = search::verify(store, 5).await.expect("verifies");
    if words.is_none() { Ok(()) } else { Err(TestCaseError::fail(format!("{words:#?}"))) }
}

/// What every list of writes may refer to.
async fn begin_world(db: &TestDb) {
    let mut work = Work::begin(&db.store, &db.clock).await.expect("begins");
    rows::put_state(&mut work, 0, "FR").await;
    rows::put_state(&mut work, 1, "DE").await;
    for agency in 0..AGENCIES {
        rows::put_agency(&mut work, agency, "An agency").await;
    }
    for person in 0..PERSONS {
        rows::put_person(&mut work, person, person % AGENCIES).await;
    }
    for mission in 0..MISSIONS {
        rows::put_mission(&mut work, mission, Some(mission % 2), Some("11001")).await;
        rows::put_premises(&mut work, mission, mission, "CHANCERY").await;
        rows::put_contact(&mut work, mission, mission).await;
    }
    work.commit().await.expect("commits");
}

#[rstest]
fn after_random_writes_the_table_is_what_a_rebuild_makes(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let db = runtime.block_on(TestDb::new(engine));
    let seed = seed();
    eprintln!("CHANCERY_TEST_SEED={seed:x}");
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&seed.to_be_bytes());
    let config = Config { cases: 48, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    if let Err(failure) = runner.run(&batches(), |batches| runtime.block_on(hold(&db, batches))) {
        panic!("CHANCERY_TEST_SEED={seed:x}\n{failure}");
    }
}

/// Another at each run, or the one that `CHANCERY_TEST_SEED` names, to repeat a failure.
fn seed() -> u128 {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let given = std::env::var("CHANCERY_TEST_SEED").ok();
    given.map_or_else(
        || uuid::Uuid::now_v7().as_u128(),
        |hex| u128::from_str_radix(&hex, 16).expect("CHANCERY_TEST_SEED is hexadecimal"),
    )
}
