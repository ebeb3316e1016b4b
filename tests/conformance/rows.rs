//! The small world's rows as plain values, as an analyst reads them: no scope is asked of this test.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::Value;
use entity::{mission, sending_state};
use sea_orm::EntityTrait as _;

use crate::support::TestDb;

/// A row: its type, its values, and the rows it points to by their ids.
#[derive(Debug, Default)]
pub struct Row {
    /// The GraphQL type.
    pub ty: &'static str,
    /// Values by field.
    pub values: BTreeMap<&'static str, Value>,
    /// Ids of rows by edge field.
    pub edges: BTreeMap<&'static str, Option<String>>,
}

/// All rows by public id.
pub type Rows = Arc<BTreeMap<String, Row>>;

/// Reads sending states and missions.
pub async fn read(db: &TestDb) -> Rows {
    let orm = &db.store.orm;
    let mut rows = BTreeMap::new();
    for state in sending_state::Entity::find().all(orm).await.expect("rows") {
        let id = format!("state_{}", state.id);
        let values = BTreeMap::from([
            ("id", Value::from(id.clone())),
            ("iso2", text(state.iso2)),
            ("iso3", text(state.iso3)),
            ("name", Value::from(state.name)),
            ("wikidataId", text(state.wikidata_id)),
            ("recognition", text(state.recognition)),
        ]);
        rows.insert(id, Row { ty: "SendingState", values, edges: BTreeMap::new() });
    }
    for mission in mission::Entity::find().all(orm).await.expect("rows") {
        let id = format!("mission_{}", mission.id);
        let sources: Vec<String> = serde_json::from_str(&mission.source_ids).expect("a list");
        let values = BTreeMap::from([
            ("id", Value::from(id.clone())),
            ("type", Value::Enum(async_graphql::Name::new(mission.r#type))),
            ("name", Value::from(mission.name)),
            ("city", text(mission.city)),
            ("state", text(mission.state)),
            ("status", Value::Enum(async_graphql::Name::new(mission.status))),
            ("jurisdictionPrecision", choice(mission.jurisdiction_precision)),
            ("latitude", mission.latitude.map_or(Value::Null, Value::from)),
            ("switchboard", text(mission.switchboard)),
            ("openedOn", text(mission.opened_on)),
            ("protectiveNeed", text(mission.protective_need)),
            ("analystNote", text(mission.analyst_note)),
            ("sourceIds", Value::List(sources.into_iter().map(Value::from).collect())),
        ]);
        let edges = BTreeMap::from([
            ("sendingState", mission.sending_state_id.map(|id| format!("state_{id}"))),
            ("parent", mission.parent_id.map(|id| format!("mission_{id}"))),
        ]);
        rows.insert(id, Row { ty: "Mission", values, edges });
    }
    Arc::new(rows)
}

fn text(value: Option<String>) -> Value {
    value.map_or(Value::Null, Value::from)
}

fn choice(value: Option<String>) -> Value {
    value.map_or(Value::Null, |name| Value::Enum(async_graphql::Name::new(name)))
}
