//! GeoJSON by RFC 7946: a feature a row, the geometry a point, or null where no position may be read.

use serde_json::{Map, Value, json};

use super::columns::{Column, Position};

/// A page of features; `before` is how many the file has already.
pub(super) fn page(
    columns: &[Column],
    positions: &[Position],
    rows: &[Value],
    before: usize,
    is_first: bool,
    is_last: bool,
) -> Vec<u8> {
    let mut text = String::new();
    if is_first {
        text.push_str("{\"type\":\"FeatureCollection\",\"features\":[");
    }
    for (place, row) in rows.iter().enumerate() {
        if before > 0 || place > 0 {
            text.push(',');
        }
        text.push('\n');
        text.push_str(&feature(columns, positions, row).to_string());
    }
    if is_last {
        text.push_str("\n]}\n");
    }
    text.into_bytes()
}

fn feature(columns: &[Column], positions: &[Position], row: &Value) -> Value {
    let found = positions.iter().find_map(|position| Some((position, position.of(row)?)));
    let mut properties = Map::new();
    for column in columns.iter().filter(|column| column.path != ["id"]) {
        properties.insert(column.name(), column.value(row).clone());
    }
    // A point that is not the row's own says whose it is.
    if let Some((Position(edges), _)) = found.filter(|(Position(edges), _)| !edges.is_empty()) {
        properties.insert("positionOf".to_owned(), json!(edges.join(".")));
    }
    let geometry = found.map(|(_, coordinates)| json!({ "type": "Point", "coordinates": coordinates }));
    json!({ "type": "Feature", "id": row.get("id"), "geometry": geometry, "properties": properties })
}
