//! A newer file of each kind: what it changes is changed, what people changed is kept, what it adds comes, and what it
//! lacks stays and is told.

use chancery::{
    access::Kind,
    desk::Work,
    import::{Absent, Content},
};
use entity::county;
use rstest::rstest;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::*;

/// The fixture without its line of that number, counted from 1, and with another at its end.
fn revised(name: &str, without: usize, added: &str) -> String {
    let text = fixture(name);
    let lines = text.lines().enumerate().filter(|(place, _)| place + 1 != without).map(|(_, line)| line);
    lines.chain([added]).map(|line| format!("{line}\n")).collect()
}

/// What people do, in a unit of work as they do it.
async fn by_hand<A>(db: &TestDb, kind: Kind, id: &str, row: A)
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut work = Work::begin(&db.store, &db.clock).await.expect("begins");
    row.update(work.rows()).await.expect("an update");
    work.touch(kind, id);
    work.commit().await.expect("commits");
}

fn absent(what: &'static str, code: &str) -> Absent {
    Absent { what, count: 1, first: vec![code.to_owned()] }
}

#[rstest]
#[tokio::test]
async fn countries(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let old = state(&db, "Canada").await;
    let mut hand = old.clone().into_active_model();
    hand.name = Set("Dominion of Canada".to_owned());
    hand.recognition = Set(Some("recognised".to_owned()));
    by_hand(&db, Kind::SendingState, &old.id, hand).await;
    let newer = revised("countries.csv", 2, "FRA,FRA,FR,FR,France,France,fr,I0,https://www.wikidata.org/wiki/Q142")
        .replace(",Sweden,Sweden,", ",Sweden,Kingdom of Sweden,")
        .replace(",Canada,Canada,", ",Canada,Kanada,");
    let summary = taken(&db, Content::Countries, newer).await;
    assert_eq!((counts(&summary), summary.absent.expect("one")), ([1, 1, 6, 0], absent("countries", "AL")));
    assert_eq!(state(&db, "Kingdom of Sweden").await.iso2.as_deref(), Some("SE"));
    assert_eq!(state(&db, "France").await.iso3.as_deref(), Some("FRA"));
    assert_eq!(state(&db, "Dominion of Canada").await.recognition.as_deref(), Some("recognised"), "by hand");
    assert_eq!(state(&db, "Albania").await.iso2.as_deref(), Some("AL"), "it stays");
}

/// Counties are reference data: nobody edits them, a file overwrites what differs.
#[rstest]
#[tokio::test]
async fn counties(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let first = fixture("counties.txt").lines().next().expect("a line").to_owned();
    let gone = first.split('|').nth(1).expect("a code");
    let newer = revised("counties.txt", 1, "TX|48113|1383842|Dallas County|1|1|1|1|32.76|-96.77")
        .replace("Douglas County", "Douglas County of Nebraska");
    let summary = taken(&db, Content::Counties, newer).await;
    assert_eq!((counts(&summary), summary.absent.expect("one")), ([1, 1, 4, 0], absent("counties", gone)));
    let named = async |fips: &str| {
        let row = county::Entity::find_by_id(fips).one(&db.store.orm).await.expect("a query").expect("a county");
        row.name
    };
    assert_eq!(named("31055").await, "Douglas County of Nebraska");
    assert_eq!(named("48113").await, "Dallas County");
    assert!(!named(gone).await.is_empty(), "it stays");
}

#[rstest]
#[tokio::test]
async fn missions(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let old = mission(&db, "Q900006").await.expect("a mission");
    let mut hand = old.clone().into_active_model();
    hand.status = Set("SUSPENDED".to_owned());
    hand.city = Set(Some("Georgetown".to_owned()));
    by_hand(&db, Kind::Mission, &old.id, hand).await;
    let added = fixture("missions.csv").lines().nth(5).expect("Canada in Texas").replace("Q900005", "Q900020");
    let newer = revised("missions.csv", 3, &added)
        .replace("embassy@albania.example", "new@albania.example")
        .replace("Kosovo;http", "Republic of Kosovo;http")
        .replace("Q11299;;;;;", "Q11299;;;;+1 212 555 0142;");
    let summary = taken(&db, Content::Missions, newer).await;
    assert_eq!((counts(&summary), summary.absent.expect("one")), ([1, 3, 3, 5], absent("missions", "Q900002")));
    let albania = mission(&db, "Q900001").await.expect("a mission");
    assert_eq!(albania.email.as_deref(), Some("new@albania.example"));
    let quebec = mission(&db, "Q900007").await.expect("a mission");
    assert_eq!(quebec.switchboard.as_deref(), Some("+12125550142"));
    let kosovo = mission(&db, "Q900006").await.expect("a mission");
    assert_eq!((kosovo.city.as_deref(), kosovo.status.as_str()), (Some("Georgetown"), "SUSPENDED"), "by hand");
    assert!(kosovo.name.starts_with("Embassy of the Republic of Kosovo"), "{}", kosovo.name);
    assert_eq!(mission(&db, "Q900020").await.expect("a mission").area.as_deref(), Some("US-TX"));
    assert_eq!(mission(&db, "Q900002").await.expect("it stays").status, "OPEN");
}

#[rstest]
#[tokio::test]
async fn posts(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let (gothenburg, hague) = (post(&db, "Q900201").await, post(&db, "Q900205").await);
    let old = gothenburg.clone();
    let mut hand = old.clone().into_active_model();
    hand.constituent_of_id = Set(None);
    hand.status = Set("SUSPENDED".to_owned());
    hand.phone = Set(Some("+46855501099".to_owned()));
    by_hand(&db, Kind::Post, &old.id, hand).await;
    let old = post(&db, "Q900202").await;
    let mut hand = old.clone().into_active_model();
    hand.email = Set(None);
    by_hand(&db, Kind::Post, &old.id, hand).await;
    // A second embassy in the Netherlands, and one less in Albania: whose consulate it is, the file no longer says.
    let added = fixture("posts.csv").lines().nth(5).expect("The Hague").replace("Q900205", "Q900220");
    let newer = revised("posts.csv", 8, &added)
        .replace("57.7;11.97", "57.71;11.98")
        .replace("post@stockholm.example", "new@stockholm.example")
        .replace("https://stockholm.example/post", "https://stockholm.example/new")
        .replace(";The Hague;http", ";Wassenaar;http");
    let summary = taken(&db, Content::Posts, newer).await;
    assert_eq!((counts(&summary), summary.absent.clone().expect("one")), ([1, 3, 5, 6], absent("posts", "Q900207")));
    let told = "1 posts of earlier files are in no row of this one and stay (Q900207)";
    assert!(summary.to_string().contains(told), "{summary}");

    let now = post(&db, "Q900201").await;
    assert_eq!((now.id, now.latitude), (gothenburg.id, Some(57.71)), "nobody had changed it");
    assert_eq!((now.constituent_of_id, now.status.as_str()), (None, "SUSPENDED"), "by hand");
    assert_eq!(now.phone.as_deref(), Some("+46855501099"), "filled by hand");
    let stockholm = post(&db, "Q900202").await;
    assert_eq!(stockholm.email, None, "cleared by hand");
    assert_eq!(stockholm.website.as_deref(), Some("https://stockholm.example/new"));
    let moved = post(&db, "Q900205").await;
    assert_eq!((moved.id, moved.city.as_deref()), (hague.id, Some("Wassenaar")));
    assert_eq!(moved.name, "Embassy of the United States in Wassenaar");
    assert_eq!(post(&db, "Q900220").await.city.as_deref(), Some("Wassenaar"));
    let tirana = post(&db, "Q900207").await;
    assert_eq!(post(&db, "Q900208").await.constituent_of_id, Some(tirana.id), "the file is silent: it stays");
}

#[rstest]
#[tokio::test]
async fn agencies(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let old = agency(&db, "NB0280200").await;
    let mut hand = old.clone().into_active_model();
    hand.name = Set("Omaha PD".to_owned());
    by_hand(&db, Kind::Agency, &old.id, hand).await;
    let newer = revised("agencies.csv", 7, "TX,TXHPD0000,Houston Police Department,City,29.7,-95.3,12,0,10,Harris")
        .replace("Omaha Police Department", "Omaha Police")
        .replace("Las Cruces Police Department", "Las Cruces Police");
    let summary = taken(&db, Content::Agencies, newer).await;
    assert_eq!((counts(&summary), summary.absent.expect("one")), ([1, 1, 8, 2], absent("agencies", "MDMSP0000")));
    assert_eq!(agency(&db, "NM0070100").await.name, "Las Cruces Police");
    assert_eq!(agency(&db, "NB0280200").await.name, "Omaha PD", "by hand");
    assert_eq!(area_names(&db, "TXHPD0000").await, ["48201"]);
    assert!(areas(&db, "TXHPD0000").await.iter().all(|row| row.confirmed_at.is_none()), "a proposal");
    assert_eq!(area_names(&db, "MDMSP0000").await, ["US-MD"], "it stays, with its proposal");
}

/// A file proposes and withdraws its own proposals. It confirms nothing, and takes nothing away that was confirmed.
#[rstest]
#[tokio::test]
async fn areas_are_proposed_anew_and_confirmed_by_nobody(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = filled(engine).await;
    let harris = areas(&db, "TX1010000").await.remove(0);
    let at = db.clock.now_text();
    let mut confirm = harris.into_active_model();
    confirm.confirmed_at = Set(Some(at.clone()));
    confirm.update(&db.store.orm).await.expect("an update");
    db.clock.advance(time::Duration::days(1));
    // The sheriff's county is another now; so is that of Omaha, which nobody has confirmed.
    let newer = fixture("agencies.csv")
        .replacen(
            "Office,County,29.857273,-95.393037,12,0,10,Harris",
            "Office,County,29.857273,-95.393037,12,0,10,Dallas",
            1,
        )
        .replace("NE,NB0280200", "TX,NB0280200")
        .replace(",10,Douglas", ",10,Harris");
    taken(&db, Content::Counties, "TX|48113|1383842|Dallas County|1|1|1|1|32.76|-96.77\n").await;
    let summary = taken(&db, Content::Agencies, newer.clone()).await;
    assert_eq!(counts(&summary), [0, 2, 8, 2]);
    let stands = async |ori: &str| -> Vec<(String, Option<String>)> {
        areas(&db, ori).await.into_iter().map(|row| (row.area, row.confirmed_at)).collect()
    };
    let sheriff = [("48113".to_owned(), None), ("48201".to_owned(), Some(at))];
    assert_eq!(stands("TX1010000").await, sheriff);
    assert_eq!(stands("NB0280200").await, [("48201".to_owned(), None)], "the old proposal is withdrawn");
    let kept = ("primary_county", "a confirmed area that the file no longer names: it stays confirmed");
    assert_eq!(summary.warned[&kept].lines, [2], "the sheriff's line");
    let again = taken(&db, Content::Agencies, newer).await;
    assert_eq!((counts(&again), again.warned[&kept].count), ([0, 0, 10, 2], 1), "it is told as long as it is so");
    assert_eq!(stands("TX1010000").await, sheriff);
}
