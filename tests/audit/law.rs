//! Law 10, for every field of P, S and I that there is: no value leaves that is not in the trail, and the trail names no
//! row that was not shown.

use std::collections::BTreeSet;

use chancery::{
    access::{Kind, Tier},
    model::{
        definition,
        kit::{Field, Shape},
    },
    store::Engine,
};
use entity::audit_event::{Column, Entity};
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::{
    fault,
    support::{
        app::{App, Who},
        small_world::everybody,
    },
    world,
};

/// A question for all rows of a type that can be asked for, with what is selected of each.
fn question(kind: Kind, selection: &str) -> String {
    let below = |of: &str, name: &str| {
        format!("{{ {of}(first: 100) {{ nodes {{ id {name}(first: 100) {{ nodes {{ {selection} }} }} }} }} }}")
    };
    let list = |name: &str| format!("{{ {name}(first: 100) {{ nodes {{ {selection} }} }} }}");
    match kind {
        Kind::Agency => list("agencies"),
        Kind::Person => list("persons"),
        Kind::Mission => list("missions"),
        Kind::Premises => list("premises"),
        Kind::SecurityContact => list("securityContacts"),
        Kind::Liaison => list("liaisons"),
        Kind::Concern => list("concerns"),
        Kind::Post => list("posts"),
        Kind::SendingState => list("sendingStates"),
        Kind::Entry => below("concerns", "entries"),
        Kind::Referral => below("concerns", "referrals"),
        Kind::Share => below("concerns", "shares"),
        Kind::Evidence => below("concerns", "evidence"),
        Kind::Advisory => list("advisories"),
        Kind::AuditEvent => list("auditEvents"),
        Kind::MissionChange => below("missions", "changes"),
        Kind::Acknowledgement => below("advisories", "acknowledgements"),
        Kind::Visit => list("visits"),
        Kind::Venue => below("visits", "venues"),
        Kind::Leg => below("visits", "legs"),
        Kind::Delegate => below("visits", "delegation"),
        Kind::PortCourtesy => below("visits", "portCourtesies"),
        Kind::WeaponsNotice => below("visits", "weaponsNotices"),
        Kind::VisitConflict => below("visits", "conflicts"),
        Kind::AdvanceNote => below("visits", "advanceNotes"),
        Kind::Tour => below("posts", "tours"),
        Kind::PostProgramme => below("posts", "programmes"),
        Kind::ProgrammeReview => below("posts", "reviews"),
        Kind::Finding => below("posts", "findings"),
        Kind::Advice => below("posts", "advice"),
        Kind::Incident => list("incidents"),
        Kind::IncidentEntry => below("incidents", "entries"),
        Kind::ProtectiveDetail => list("protectiveDetails"),
        Kind::Assignment => below("protectiveDetails", "assignments"),
        Kind::Shift => below("protectiveDetails", "shifts"),
    }
}

fn selected(field: &Field) -> String {
    match field.shape {
        Shape::Edge { .. } => format!("deep: {} {{ id }}", field.name),
        Shape::Connection { .. } => format!("deep: {} {{ totalCount }}", field.name),
        Shape::Readiness(_) => format!("deep: {} {{ state }}", field.name),
        Shape::Rota { .. } => {
            let window = "from: \"2026-11-22T00:00:00Z\", to: \"2026-11-23T00:00:00Z\"";
            format!("deep: {}({window}) {{ startsAt }}", field.name)
        }
        _ => format!("deep: {}", field.name),
    }
}

/// The rows of an answer: all, and those of which the member `deep` holds something.
fn objects(value: &Value, all: &mut BTreeSet<String>, deep: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, all, deep)),
        Value::Object(fields) => {
            if let Some(Value::String(id)) = fields.get("id") {
                all.insert(id.clone());
                // A list that cannot be read is empty.
                let held = fields.get("deep").unwrap_or(&Value::Null);
                if !held.is_null() && *held != json!([]) && held["totalCount"] != json!(0) {
                    deep.insert(id.clone());
                }
            }
            fields.values().for_each(|held| objects(held, all, deep));
        }
        _ => {}
    }
}

/// The rows of the events that a question adds to the trail, each with the tiers.
async fn told(app: &App, after: i64) -> (i64, BTreeSet<String>) {
    let found = Entity::find()
        .filter(Column::Writer.starts_with("reads-"))
        .filter(Column::Sequence.gt(after))
        .order_by_asc(Column::Sequence);
    let events = found.all(&app.db.store.orm).await.expect("events");
    let last = events.last().map_or(after, |event| event.sequence);
    let rows = events.iter().flat_map(|event| serde_json::from_str::<Vec<String>>(&event.object_ids).expect("a list"));
    (last, rows.collect())
}

/// Asks for one field of a type; how many values came. Nothing if the role's schema lacks it.
async fn ask(app: &App, who: &Who, kind: Kind, (field, tier): (&Field, Tier), after: &mut i64) -> Option<usize> {
    let query = question(kind, &format!("id {}", selected(field)));
    let reply = app.ask(who, &query, json!({})).await;
    if reply.code() == "GRAPHQL_VALIDATION_FAILED" {
        return None;
    }
    let (mut all, mut deep) = (BTreeSet::new(), BTreeSet::new());
    objects(reply.data(), &mut all, &mut deep);
    let (last, rows) = told(app, *after).await;
    *after = last;
    let place = format!("{} {}.{}", who.role, kind.name(), field.name);
    for id in &deep {
        assert!(rows.contains(&format!("{id}/{}", tier.letter())), "{place}: {id} was shown and is not in the trail");
    }
    for row in &rows {
        let (id, tiers) = row.split_once('/').expect("tiers");
        assert!(all.contains(id), "{place}: {id} is in the trail and was not shown");
        // A child is reached through a field of its parent's, which may be deep too.
        if id.starts_with(&format!("{}_", definition(kind).prefix)) {
            assert_eq!(tiers, tier.letter().to_string(), "{place}");
        }
    }
    Some(deep.len())
}

#[rstest]
#[tokio::test]
async fn what_is_read_deep_is_in_the_trail(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let (mut asked, mut values, mut after) = (0, 0, 0);
    for kind in Kind::ALL {
        let ty = definition(kind);
        for field in ty.fields {
            let Some(tier @ (Tier::P | Tier::S | Tier::I)) = ty.tier(field) else { continue };
            for who in everybody() {
                if let Some(found) = ask(&app, &who, kind, (field, tier), &mut after).await {
                    asked += 1;
                    values += found;
                }
            }
        }
    }
    assert!(asked > 60 && values > 200, "too little was asked: {asked} questions, {values} values");
    assert_eq!(fault(&app.db).await, None);
}
