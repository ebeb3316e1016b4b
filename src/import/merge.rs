//! The three-way merge of an import: what the row has, what the last import wrote, what the file says now.
//!
//! A field is overwritten only while it still has what the last import wrote. What people changed, filled or
//! cleared by hand stays. Fields that make sense only together (a place, a pair of coordinates) are one group and
//! are merged as one: half a place is a wrong place.

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, EntityTrait, IdenStatic as _, IntoActiveModel, ModelTrait, Value,
};
use serde_json::{Map, Value as Json};

use crate::{
    desk::Work,
    error::{Error, Result},
};

/// Fields that are overwritten together or not at all.
pub(super) type Group<E> = Vec<(<E as EntityTrait>::Column, Value)>;

/// What the last import wrote, by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Imported(pub(super) Map<String, Json>);

impl Imported {
    /// Reads the column `imported`; none is a row that no import made.
    pub(super) fn read(text: Option<&str>) -> Result<Self> {
        text.map_or_else(|| Ok(Self::default()), |text| serde_json::from_str(text).map(Self).map_err(Error::internal))
    }

    /// For the column `imported`.
    pub(super) fn text(&self) -> String {
        Json::Object(self.0.clone()).to_string()
    }

    /// Notes what the file says.
    pub(super) fn note<E: EntityTrait>(&mut self, groups: &[Group<E>]) {
        for (column, value) in groups.iter().flatten() {
            match plain(value) {
                Json::Null => self.0.remove(column.as_str()),
                value => self.0.insert(column.as_str().to_owned(), value),
            };
        }
    }

    /// A list that is kept beside the columns.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let values = self.0.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        values.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    }

    /// Notes a list.
    pub(super) fn note_list(&mut self, name: &str, values: &[String]) {
        if values.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), values.into());
        }
    }
}

/// The fields of the row that the file may change, and does.
pub(super) fn changes<E: EntityTrait>(row: &E::Model, last: &Imported, file: Vec<Group<E>>) -> Group<E> {
    let untouched = |group: &Group<E>| {
        group.iter().all(|(column, _)| {
            let written = last.0.get(column.as_str()).unwrap_or(&Json::Null);
            plain(&row.get(*column)) == *written
        })
    };
    let differs = |(column, value): &(E::Column, Value)| plain(&row.get(*column)) != plain(value);
    file.into_iter().filter(untouched).flatten().filter(differs).collect()
}

/// Takes away what the file says of a group if it would change this column of it, by which somebody is let in. Whether
/// it would. What is empty may be filled, unless `even_empty`. To be called before the file is noted: what it says
/// here is no news that was taken, and is told again when the file comes again.
pub(super) fn withhold<E: EntityTrait>(
    row: &E::Model,
    last: &Imported,
    file: &mut Vec<Group<E>>,
    column: E::Column,
    even_empty: bool,
) -> bool {
    let is = |(other, _): &(E::Column, Value)| other.as_str() == column.as_str();
    let would = changes::<E>(row, last, file.clone()).iter().any(is);
    let withheld = would && (even_empty || plain(&row.get(column)) != Json::Null);
    if withheld {
        file.retain(|group| !group.iter().any(is));
    }
    withheld
}

/// Brings a row up to the file and notes in `imported` what the file says, if it says anything new. Whether a
/// field changed; the note alone is no change that anybody sees.
pub(super) async fn bring<E>(
    work: &Work,
    row: E::Model,
    imported: E::Column,
    last: &Imported,
    now: &Imported,
    file: Vec<Group<E>>,
) -> Result<bool>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let fields = changes::<E>(&row, last, file);
    let changed = !fields.is_empty();
    if changed || now != last {
        let mut row = row.into_active_model();
        set(&mut row, fields);
        row.set(imported, Some(now.text()).into());
        row.update(work.rows()).await?;
    }
    Ok(changed)
}

/// Sets fields.
pub(super) fn set<A: ActiveModelTrait>(row: &mut A, fields: Group<A::Entity>) {
    for (column, value) in fields {
        row.set(column, value);
    }
}

/// A value in a form that survives JSON exactly: a floating-point number as its shortest text.
fn plain(value: &Value) -> Json {
    match value {
        Value::String(Some(text)) => Json::from(text.as_str()),
        Value::Double(Some(number)) => Json::from(number.to_string()),
        Value::BigInt(Some(number)) => Json::from(*number),
        Value::Bool(Some(yes)) => Json::from(*yes),
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use entity::county::{Column, Entity, Model};

    use super::*;

    fn row(name: &str, latitude: Option<f64>) -> Model {
        Model { fips: "00000".into(), state: "US-XX".into(), name: name.into(), latitude, longitude: Some(1.0) }
    }

    fn says(name: &str, latitude: Option<f64>) -> Vec<Group<Entity>> {
        vec![
            vec![(Column::Name, name.into())],
            vec![(Column::Latitude, latitude.into()), (Column::Longitude, Some(1.0).into())],
        ]
    }

    fn changed(row: &Model, last: &Imported, file: Vec<Group<Entity>>) -> Vec<&'static str> {
        changes::<Entity>(row, last, file).iter().map(|(column, _)| column.as_str()).collect()
    }

    #[test]
    fn a_field_is_overwritten_only_while_it_is_the_imports() {
        let mut last = Imported::default();
        last.note::<Entity>(&says("Old", Some(0.1 + 0.2)));
        let last = Imported::read(Some(&last.text())).expect("it reads what it writes");
        assert_eq!(changed(&row("Old", Some(0.1 + 0.2)), &last, says("Old", Some(0.1 + 0.2))), [""; 0]);
        assert_eq!(changed(&row("Old", Some(0.1 + 0.2)), &last, says("New", Some(2.0))), ["name", "latitude"]);
        assert_eq!(changed(&row("By hand", Some(0.1 + 0.2)), &last, says("New", Some(2.0))), ["latitude"]);
        assert_eq!(changed(&row("Old", None), &last, says("Old", Some(2.0))), [""; 0], "cleared by hand");
    }

    #[test]
    fn what_lets_somebody_in_is_withheld_with_its_group() {
        let mut last = Imported::default();
        last.note::<Entity>(&says("Old", Some(1.5)));
        let withheld = |row: &Model, last: &Imported, even_empty| {
            let mut file = says("New", Some(2.0));
            let withheld = withhold::<Entity>(row, last, &mut file, Column::Latitude, even_empty);
            (withheld, file.len())
        };
        assert_eq!(withheld(&row("Old", Some(1.5)), &last, false), (true, 1));
        assert_eq!(withheld(&row("Old", Some(9.0)), &last, true), (false, 2), "by hand: nothing would change");
        assert_eq!(withheld(&row("Old", Some(2.0)), &last, true), (false, 2), "the file says the same");
        let empty = Model { longitude: None, ..row("Old", None) };
        assert_eq!(withheld(&empty, &Imported::default(), false), (false, 2), "it may be filled");
        assert_eq!(withheld(&empty, &Imported::default(), true), (true, 1));
    }

    #[test]
    fn a_group_stays_whole() {
        let mut last = Imported::default();
        last.note::<Entity>(&says("Old", Some(1.5)));
        let moved = Model { longitude: Some(9.0), ..row("Old", Some(1.5)) };
        assert_eq!(changed(&moved, &last, says("Old", Some(2.0))), [""; 0]);
    }

    #[test]
    fn a_row_made_by_hand_is_only_filled() {
        let made = Model { latitude: None, longitude: None, ..row("By hand", None) };
        assert_eq!(changed(&made, &Imported::default(), says("New", Some(2.0))), ["latitude", "longitude"]);
    }
}
