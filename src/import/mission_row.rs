//! A line of the missions file, read.

use std::collections::HashSet;

use entity::mission::{Column, Entity};

use super::{
    Record, Report,
    embassy_row::{self, Body, Named, UNITED_STATES, no},
    merge::Group,
    mission_place::{self, Place},
    mission_type::{self, MissionType},
    sending_states,
};
use crate::error::Result;

/// A mission as the file has it.
pub(super) struct MissionRow {
    pub(super) line: u64,
    pub(super) qid: String,
    pub(super) kind: MissionType,
    pub(super) operator: Named,
    pub(super) place: Result<Place, mission_place::Nowhere>,
    pub(super) body: Body,
}

/// Reads a line; what makes it useless rejects it, what spoils a field leaves the field out.
pub(super) fn parse(record: &Record, report: &mut Report, seen: &mut HashSet<String>) -> Option<MissionRow> {
    let head = embassy_row::head(record);
    // First: of a file of the posts abroad every line has this one reason.
    if head.operator_qid.as_deref() == Some(UNITED_STATES) {
        let reason = "the operator is the United States: a post abroad, for `import posts`";
        return no(record, report, "operatorQID", reason);
    }
    let kind = mission_type::of_operator(head.operator_qid.as_deref().unwrap_or_default(), head.kind);
    let (qid, kind, operator) = match (head.qid, kind, head.operator) {
        (None, ..) => return no(record, report, "QID", "not a Wikidata item"),
        (_, None, _) => return no(record, report, "type", "not a type of mission that is known"),
        (_, _, None) => return no(record, report, "operatorQID", "not one operator with its Wikidata item"),
        (Some(qid), Some(kind), Some(operator)) => (qid, kind, operator),
    };
    if head.country_qid.as_deref() != Some(UNITED_STATES) {
        return no(record, report, "countryQID", "not a mission in the United States");
    }
    if !seen.insert(qid.clone()) {
        return no(record, report, "QID", "duplicate of an earlier line");
    }
    let body = embassy_row::body(record, report);
    let city = body.city.as_deref().unwrap_or_default();
    let place = mission_place::of(body.city_qid.as_deref(), city, body.coordinates);
    Some(MissionRow { line: record.line, qid, kind, operator, place, body })
}

impl MissionRow {
    /// "Embassy of Albania in Washington, D.C.": the file has no names.
    fn name(&self, place: &Place) -> String {
        let operator = sending_states::in_running_text(&self.operator.0, &self.operator.1);
        format!("{} of {operator} in {}", self.kind.title, place.label())
    }

    /// The fields that the file decides. Without a place it says nothing of name and place.
    pub(super) fn groups(&self, sending_state: &str) -> Vec<Group<Entity>> {
        let (latitude, longitude) = self.body.coordinates.unzip();
        let sources = serde_json::Value::from(vec![format!("wikidata:{}", self.qid)]).to_string();
        let mut groups: Vec<Group<Entity>> = vec![
            vec![(Column::Type, self.kind.name.into())],
            vec![(Column::SendingStateId, Some(sending_state.to_owned()).into())],
            vec![(Column::Latitude, latitude.into()), (Column::Longitude, longitude.into())],
            vec![(Column::Switchboard, self.body.phone.clone().into())],
            vec![(Column::Email, self.body.email.clone().into())],
            vec![(Column::Website, self.body.website.clone().into())],
            vec![(Column::OpenedOn, self.body.opened_on.clone().into())],
            vec![(Column::SourceIds, sources.into())],
        ];
        if let Ok(place) = &self.place {
            groups.push(vec![(Column::Name, self.name(place).into())]);
            groups.push(vec![
                (Column::City, place.city.map(str::to_owned).into()),
                (Column::State, Some(place.state.clone()).into()),
                (Column::CountyFips, place.county.clone().into()),
                (Column::JurisdictionPrecision, Some(place.precision.to_owned()).into()),
                (Column::Area, Some(place.area.to_owned()).into()),
            ]);
        }
        groups
    }
}
