//! A line of the missions file, read.

use std::collections::HashSet;

use entity::mission::{Column, Entity};

use super::{
    Record, Report,
    merge::Group,
    mission_place::{self, Place},
    mission_type::{self, MissionType},
    sending_states, text,
};
use crate::error::Result;

/// The columns that are read, in the order of the constants below.
pub(super) const COLUMNS: &[&str] = &[
    "operator",
    "operatorQID",
    "jurisdictions",
    "jurisdictionQIDs",
    "countryQID",
    "city",
    "cityQID",
    "address",
    "latitude",
    "longitude",
    "phone",
    "email",
    "website",
    "type",
    "creation",
    "QID",
];
const OPERATOR: usize = 0;
const OPERATOR_QID: usize = 1;
const JURISDICTIONS: usize = 2;
const JURISDICTION_QIDS: usize = 3;
const COUNTRY_QID: usize = 4;
const CITY: usize = 5;
const CITY_QID: usize = 6;
const ADDRESS: usize = 7;
const LATITUDE: usize = 8;
const LONGITUDE: usize = 9;
const PHONE: usize = 10;
const EMAIL: usize = 11;
const WEBSITE: usize = 12;
const TYPE: usize = 13;
const CREATION: usize = 14;
const QID: usize = 15;

/// The United States.
const HOST: &str = "Q30";

/// Names of operators that take an article in running text.
const ARTICLES: [&str; 17] = [
    "Central African",
    "Czech",
    "Democratic",
    "Dominican",
    "European",
    "Federated",
    "Government",
    "Holy",
    "Marshall",
    "Netherlands",
    "People's",
    "Philippines",
    "Republic",
    "Solomon",
    "State",
    "Turkish",
    "United",
];

/// Item and label of a state.
pub(super) type Named = (String, String);

/// A mission as the file has it.
pub(super) struct MissionRow {
    pub(super) line: u64,
    pub(super) qid: String,
    pub(super) kind: MissionType,
    pub(super) operator: Named,
    /// Jurisdictions other than the United States.
    pub(super) accredited: Vec<Named>,
    pub(super) place: Result<Place, mission_place::Nowhere>,
    coordinates: Option<(f64, f64)>,
    pub(super) address: Option<String>,
    switchboard: Option<String>,
    email: Option<String>,
    website: Option<String>,
    opened_on: Option<String>,
}

/// Reads a line; what makes it useless rejects it, what spoils a field leaves the field out.
pub(super) fn parse(record: &Record, report: &mut Report, seen: &mut HashSet<String>) -> Option<MissionRow> {
    let operator = (text::qid(record.get(OPERATOR_QID)), text::clean(record.get(OPERATOR)));
    let kind = mission_type::of_operator(operator.0.as_deref().unwrap_or_default(), record.get(TYPE));
    let parts = (text::qid(record.get(QID)), kind, operator);
    let (qid, kind, operator) = match parts {
        (None, ..) => return no(record, report, "QID", "not a Wikidata item"),
        (_, None, _) => return no(record, report, "type", "not a type of mission that is known"),
        (Some(qid), Some(kind), (Some(operator), Some(name))) => (qid, kind, (operator, name)),
        _ => return no(record, report, "operatorQID", "not one operator with its Wikidata item"),
    };
    if text::qid(record.get(COUNTRY_QID)).as_deref() != Some(HOST) {
        return no(record, report, "countryQID", "not a mission in the United States");
    }
    if operator.0 == HOST {
        return no(record, report, "operatorQID", "the operator is the United States: not a foreign mission");
    }
    if !seen.insert(qid.clone()) {
        return no(record, report, "QID", "duplicate of an earlier line");
    }
    let coordinates = text::coordinates(record.get(LATITUDE), record.get(LONGITUDE));
    if coordinates.is_none() && !(record.get(LATITUDE).is_empty() && record.get(LONGITUDE).is_empty()) {
        report.warn(record.line, "latitude", "not coordinates: left out");
    }
    let city = text::clean(record.get(CITY)).unwrap_or_default();
    Some(MissionRow {
        line: record.line,
        qid,
        kind,
        operator,
        accredited: accredited(record, report),
        place: mission_place::of(text::qid(record.get(CITY_QID)).as_deref(), &city, coordinates),
        coordinates,
        address: text::clean(record.get(ADDRESS)),
        switchboard: one(record, report, (PHONE, "phone", "not one number in E.164: left out"), text::phone),
        email: one(record, report, (EMAIL, "email", "not one address: left out"), text::email),
        website: one(record, report, (WEBSITE, "website", "not one address of the web: left out"), text::website),
        opened_on: one(record, report, (CREATION, "creation", "not one instant: left out"), text::day),
    })
}

fn no<T>(record: &Record, report: &mut Report, column: &'static str, reason: &'static str) -> Option<T> {
    report.reject(record.line, column, reason);
    None
}

/// The first value that is well formed; what is left out is noted.
fn one(
    record: &Record,
    report: &mut Report,
    (column, name, reason): (usize, &'static str, &'static str),
    read: fn(&str) -> Option<String>,
) -> Option<String> {
    let values: Vec<&str> = record.get(column).split('|').filter(|value| !value.trim().is_empty()).collect();
    let first = values.iter().find_map(|value| read(value));
    if values.len() > usize::from(first.is_some()) {
        report.warn(record.line, name, reason);
    }
    first
}

fn accredited(record: &Record, report: &mut Report) -> Vec<Named> {
    let labels: Vec<&str> = record.get(JURISDICTIONS).split('|').collect();
    let items: Vec<&str> = record.get(JURISDICTION_QIDS).split('|').collect();
    if labels.len() != items.len() {
        report.warn(record.line, "jurisdictionQIDs", "not as many as there are jurisdictions: left out");
        return Vec::new();
    }
    let mut found: Vec<Named> = Vec::new();
    for (label, item) in labels.into_iter().zip(items) {
        match (text::qid(item), text::clean(label)) {
            (Some(item), Some(label)) if item != HOST && !found.iter().any(|(known, _)| *known == item) => {
                found.push((item, label));
            }
            (Some(_), Some(_)) | (None, None) => {}
            _ => report.warn(record.line, "jurisdictionQIDs", "not a Wikidata item: left out"),
        }
    }
    found
}

impl MissionRow {
    /// "Embassy of Albania in Washington, D.C.": the file has no names.
    fn name(&self, place: &Place) -> String {
        let (_, operator) = sending_states::known_as(&self.operator.0, &self.operator.1);
        let article = if ARTICLES.iter().any(|word| operator.starts_with(word)) { "the " } else { "" };
        format!("{} of {article}{operator} in {}", self.kind.title, place.label())
    }

    /// The fields that the file decides. Without a place it says nothing of name and place.
    pub(super) fn groups(&self, sending_state: &str) -> Vec<Group<Entity>> {
        let (latitude, longitude) = self.coordinates.unzip();
        let sources = serde_json::Value::from(vec![format!("wikidata:{}", self.qid)]).to_string();
        let mut groups: Vec<Group<Entity>> = vec![
            vec![(Column::Type, self.kind.name.into())],
            vec![(Column::SendingStateId, Some(sending_state.to_owned()).into())],
            vec![(Column::Latitude, latitude.into()), (Column::Longitude, longitude.into())],
            vec![(Column::Switchboard, self.switchboard.clone().into())],
            vec![(Column::Email, self.email.clone().into())],
            vec![(Column::Website, self.website.clone().into())],
            vec![(Column::OpenedOn, self.opened_on.clone().into())],
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
