//! Posts abroad by slot, and what hangs on them.

use chancery::{access::Kind, desk::Work, store::Engine};
use entity::{advice, finding, incident, incident_entry, post, post_programme, programme_review, tour};
use proptest::{
    prelude::{Just, Strategy},
    prop_oneof,
    sample::select,
};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    rows::{THEN, id, put},
    table::of_row,
    world::{begin, world},
};

/// What hangs on a post, beside incidents.
const BELOW: [Kind; 5] = [Kind::Tour, Kind::PostProgramme, Kind::ProgrammeReview, Kind::Finding, Kind::Advice];

#[derive(Clone, Debug)]
pub enum Write {
    Post { slot: u8, country: u8, of: Option<u8> },
    NoPost { slot: u8 },
    Below { kind: Kind, slot: u8, post: u8 },
    NoTour { slot: u8 },
    Incident { slot: u8, post: u8, setting: &'static str, tlp: &'static str, reporter: u8 },
    Said { slot: u8, incident: u8, tlp: &'static str },
}

pub fn writes() -> impl Strategy<Value = Write> {
    let tlp = || select(vec!["CLEAR", "AMBER", "AMBER_STRICT", "RED", "garbled"]);
    let setting = select(vec!["AT_WORK", "AT_HOME", "garbled"]);
    let of = prop_oneof![Just(None), (0..3u8).prop_map(Some)];
    prop_oneof![
        3 => (0..3u8, 0..2u8, of).prop_map(|(slot, country, of)| Write::Post { slot, country, of }),
        1 => (0..3u8).prop_map(|slot| Write::NoPost { slot }),
        4 => (select(BELOW.to_vec()), 0..4u8, 0..3u8).prop_map(|(kind, slot, post)| Write::Below { kind, slot, post }),
        1 => (0..4u8).prop_map(|slot| Write::NoTour { slot }),
        4 => (0..4u8, 0..3u8, setting, tlp(), 0..4u8)
            .prop_map(|(slot, post, setting, tlp, reporter)| Write::Incident { slot, post, setting, tlp, reporter }),
        2 => (0..4u8, 0..4u8, tlp()).prop_map(|(slot, incident, tlp)| Write::Said { slot, incident, tlp }),
    ]
}

/// Does one write; one to what is not there does nothing.
pub async fn apply(work: &mut Work, write: Write) {
    match write {
        Write::Post { slot, country, of } => put_post(work, slot, country, of).await,
        Write::NoPost { slot } => drop_post(work, slot).await,
        Write::Below { kind, slot, post } => put_below(work, kind, slot, post).await,
        Write::NoTour { slot } => {
            let slot = id(Kind::Tour, slot);
            tour::Entity::delete_by_id(&slot).exec(work.rows()).await.expect("deleted");
            work.touch(Kind::Tour, slot);
        }
        Write::Incident { slot, post, setting, tlp, reporter } => {
            put_incident(work, slot, post, (setting, tlp), reporter).await;
        }
        Write::Said { slot, incident, tlp } => put_incident_entry(work, slot, incident, tlp).await,
    }
}

/// A post in a state; one that it is to belong to must be there.
pub async fn put_post(work: &mut Work, slot: u8, country: u8, of: Option<u8>) {
    let mut of = of.map(|of| id(Kind::Post, of));
    if let Some(parent) = &of {
        let there = post::Entity::find_by_id(parent).one(work.rows()).await.expect("the post is read");
        of = there.map(|parent| parent.id);
    }
    let row = post::Model {
        id: id(Kind::Post, slot),
        wikidata_id: None,
        r#type: "EMBASSY".to_owned(),
        name: format!("Post {slot}"),
        country_id: id(Kind::SendingState, country),
        constituent_of_id: of,
        city: Some("Paris".to_owned()),
        latitude: None,
        longitude: None,
        status: "OPEN".to_owned(),
        phone: None,
        email: None,
        website: None,
        opened_on: None,
        source_ids: "[]".to_owned(),
        imported: None,
        emergency_plan: None,
    };
    put(work, row).await;
    work.touch(Kind::Post, id(Kind::Post, slot));
}

/// A row of a type at a post; one of a programme, if that is there. Whose it is never changes.
pub async fn put_below(work: &mut Work, kind: Kind, slot: u8, post: u8) {
    let (row_id, post_id) = (id(kind, slot), id(Kind::Post, post));
    if !is_there::<post::Entity>(work, &post_id).await {
        return;
    }
    let programme_id = id(Kind::PostProgramme, slot);
    let needs_programme = matches!(kind, Kind::ProgrammeReview | Kind::Finding);
    if needs_programme && !is_there::<post_programme::Entity>(work, &programme_id).await {
        return;
    }
    let (day, words) = ("2026-11-01".to_owned(), format!("Words {slot}"));
    match kind {
        Kind::Tour => {
            let (capacity, name) = ("CHIEF_OF_MISSION".to_owned(), words);
            put(work, tour::Model { id: row_id.clone(), post_id, capacity, name, starts_on: day, ends_on: None }).await;
        }
        Kind::PostProgramme => {
            let row = post_programme::Model {
                id: row_id.clone(),
                post_id,
                // A post keeps one of a kind.
                kind: format!("KIND_{slot}"),
                reviewed_on: None,
                outcome: None,
                next_review_on: day,
                ended_on: None,
            };
            put(work, row).await;
        }
        Kind::ProgrammeReview => {
            let row = programme_review::Model {
                id: row_id.clone(),
                post_id,
                programme_id,
                reviewed_on: day.clone(),
                outcome: "SATISFACTORY".to_owned(),
                summary: words,
                next_review_on: day,
                recorded_by_id: None,
                recorded_at: THEN.to_owned(),
            };
            put(work, row).await;
        }
        Kind::Finding => {
            let row = finding::Model {
                id: row_id.clone(),
                post_id,
                programme_id,
                review_id: None,
                severity: "HIGH".to_owned(),
                body: words,
                found_by_id: None,
                found_at: THEN.to_owned(),
                due_on: day,
                resolved_at: None,
                resolution: None,
            };
            put(work, row).await;
        }
        _ => {
            let row = advice::Model {
                id: row_id.clone(),
                post_id,
                finding_id: None,
                subject: words.clone(),
                body: words,
                given_to: None,
                advised_by_id: id(Kind::Person, 0),
                advised_at: THEN.to_owned(),
                decision: "PENDING".to_owned(),
                decided_at: None,
                reason: None,
            };
            put(work, row).await;
        }
    }
    work.touch(kind, row_id);
}

/// An incident at a post that is there.
pub async fn put_incident(work: &mut Work, slot: u8, post: u8, (setting, tlp): (&str, &str), reporter: u8) {
    let (row_id, post_id) = (id(Kind::Incident, slot), id(Kind::Post, post));
    if !is_there::<post::Entity>(work, &post_id).await {
        return;
    }
    let row = incident::Model {
        id: row_id.clone(),
        reference: format!("I-2026-{slot}"),
        post_id,
        setting: setting.to_owned(),
        category: "THEFT".to_owned(),
        severity: "LOW".to_owned(),
        status: "REPORTED".to_owned(),
        tlp: tlp.to_owned(),
        title: format!("Title {slot}"),
        narrative: "A narrative".to_owned(),
        occurred_at: None,
        place: None,
        reporter_id: id(Kind::Person, reporter),
        opened_at: THEN.to_owned(),
        resolved_at: None,
        closed_at: None,
    };
    put(work, row).await;
    work.touch(Kind::Incident, row_id);
}

/// An entry in the log of an incident that is there.
pub async fn put_incident_entry(work: &mut Work, slot: u8, incident: u8, tlp: &str) {
    let (row_id, incident_id) = (id(Kind::IncidentEntry, slot), id(Kind::Incident, incident));
    if !is_there::<incident::Entity>(work, &incident_id).await {
        return;
    }
    let row = incident_entry::Model {
        id: row_id.clone(),
        incident_id,
        kind: "COMMENT".to_owned(),
        author_id: id(Kind::Person, 0),
        tlp: tlp.to_owned(),
        body: Some(format!("Said {slot}")),
        at: THEN.to_owned(),
        to_status: None,
        to_severity: None,
    };
    put(work, row).await;
    work.touch(Kind::IncidentEntry, row_id);
}

async fn is_there<E>(work: &Work, id: &str) -> bool
where
    E: EntityTrait,
    <E::PrimaryKey as sea_orm::PrimaryKeyTrait>::ValueType: From<String>,
{
    E::find_by_id(id.to_owned()).one(work.rows()).await.expect("read").is_some()
}

/// Deletes what hangs on a row, by the column that says on which.
async fn take_below<C>(work: &mut Work, kind: Kind, (id, by): (C, C), of: &str)
where
    C: ColumnTrait,
    C::EntityName: EntityTrait<Column = C>,
{
    let rows: Vec<String> = C::EntityName::find()
        .select_only()
        .column(id)
        .filter(by.eq(of))
        .into_tuple()
        .all(work.rows())
        .await
        .expect("read");
    C::EntityName::delete_many().filter(by.eq(of)).exec(work.rows()).await.expect("deleted");
    for row in rows {
        work.touch(kind, row);
    }
}

/// Deletes a post, with all that hangs on it; what belonged to it belongs to none.
pub async fn drop_post(work: &mut Work, slot: u8) {
    let id = id(Kind::Post, slot);
    let incidents =
        incident::Entity::find().filter(incident::Column::PostId.eq(&id)).all(work.rows()).await.expect("read");
    for row in incidents {
        let columns = (incident_entry::Column::Id, incident_entry::Column::IncidentId);
        take_below(work, Kind::IncidentEntry, columns, &row.id).await;
    }
    take_below(work, Kind::Incident, (incident::Column::Id, incident::Column::PostId), &id).await;
    take_below(work, Kind::Advice, (advice::Column::Id, advice::Column::PostId), &id).await;
    for programme in post_programme::Entity::find()
        .filter(post_programme::Column::PostId.eq(&id))
        .all(work.rows())
        .await
        .expect("read")
    {
        let (findings, reviews) = (
            (finding::Column::Id, finding::Column::ProgrammeId),
            (programme_review::Column::Id, programme_review::Column::ProgrammeId),
        );
        take_below(work, Kind::Finding, findings, &programme.id).await;
        take_below(work, Kind::ProgrammeReview, reviews, &programme.id).await;
    }
    take_below(work, Kind::Finding, (finding::Column::Id, finding::Column::PostId), &id).await;
    take_below(work, Kind::ProgrammeReview, (programme_review::Column::Id, programme_review::Column::PostId), &id)
        .await;
    take_below(work, Kind::PostProgramme, (post_programme::Column::Id, post_programme::Column::PostId), &id).await;
    take_below(work, Kind::Tour, (tour::Column::Id, tour::Column::PostId), &id).await;
    post::Entity::update_many()
        .col_expr(post::Column::ConstituentOfId, Expr::value(Option::<String>::None))
        .filter(post::Column::ConstituentOfId.eq(&id))
        .exec(work.rows())
        .await
        .expect("nothing belongs to it");
    post::Entity::delete_by_id(&id).exec(work.rows()).await.expect("the post goes");
    work.touch(Kind::Post, id);
}

#[rstest]
#[tokio::test]
async fn what_hangs_on_a_post_is_the_services(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let mut work = begin(&db).await;
    put_post(&mut work, 0, 0, None).await;
    for kind in BELOW {
        put_below(&mut work, kind, 1, 0).await;
    }
    work.commit().await.expect("commits");
    let mut told = Vec::new();
    for kind in BELOW {
        told.extend(of_row(&db.store, kind, 1).await);
    }
    let right = ["AUDIENCE i:dss C", "AUDIENCE i:dss P", "AUDIENCE i:dss P", "AUDIENCE i:dss S", "AUDIENCE i:dss S"];
    assert_eq!(told, right);
    let mut work = begin(&db).await;
    drop_post(&mut work, 0).await;
    work.commit().await.expect("commits");
    for kind in BELOW {
        assert_eq!(of_row(&db.store, kind, 1).await, [""; 0], "{}", kind.name());
    }
}

#[rstest]
#[tokio::test]
async fn an_incident_follows_its_marking_and_where_it_was(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    let (post, reporter) = ("POST post:Post1 DCPSI", "REPORTER p:Person0 DCPSI");
    let steps: [(&str, &str, &[&str]); 6] = [
        ("AT_WORK", "AMBER", &["INTERNAL i:dss DCPSI", post, reporter]),
        ("AT_HOME", "AMBER", &["INTERNAL i:dss D", post, reporter]),
        ("AT_HOME", "RED", &[reporter]),
        ("AT_WORK", "garbled", &[reporter]),
        ("garbled", "CLEAR", &["INTERNAL i:dss D", post, reporter]),
        ("AT_WORK", "AMBER_STRICT", &["INTERNAL i:dss DCPSI", post, reporter]),
    ];
    for (setting, tlp, right) in steps {
        let mut work = begin(&db).await;
        put_post(&mut work, 1, 0, None).await;
        put_incident(&mut work, 2, 1, (setting, tlp), 0).await;
        put_incident_entry(&mut work, 3, 2, "RED").await;
        work.commit().await.expect("commits");
        assert_eq!(of_row(&db.store, Kind::Incident, 2).await, right, "{setting} {tlp}");
        assert_eq!(of_row(&db.store, Kind::IncidentEntry, 3).await, ["AUDIENCE i:dss C"], "{setting} {tlp}");
    }
}
