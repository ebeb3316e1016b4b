//! A line of the database of embassies, from Wikidata: what foreign missions and posts abroad have in common.

use super::{Format, Record, Report, text};

/// The format of the database of embassies, or of a part of it. The header has an empty name more than the rows have
/// cells, and `"` does not quote.
pub(super) const fn format(name: &'static str) -> Format {
    Format { name, delimiter: b';', quoting: false, columns: COLUMNS }
}

/// The columns that are read, in the order of the constants below.
const COLUMNS: &[&str] = &[
    "operator",
    "operatorQID",
    "jurisdictions",
    "jurisdictionQIDs",
    "country",
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
const COUNTRY: usize = 4;
const COUNTRY_QID: usize = 5;
const CITY: usize = 6;
const CITY_QID: usize = 7;
const ADDRESS: usize = 8;
const LATITUDE: usize = 9;
const LONGITUDE: usize = 10;
const PHONE: usize = 11;
const EMAIL: usize = 12;
const WEBSITE: usize = 13;
const TYPE: usize = 14;
const CREATION: usize = 15;
const QID: usize = 16;

/// The item of the United States.
pub(super) const UNITED_STATES: &str = "Q30";

/// Item and label of a state.
pub(super) type Named = (String, String);

/// Who runs it, where, and what it is: what decides whether the line is taken at all.
pub(super) struct Head<'r> {
    pub(super) qid: Option<String>,
    pub(super) operator: Option<Named>,
    pub(super) operator_qid: Option<String>,
    pub(super) country: Option<Named>,
    pub(super) country_qid: Option<String>,
    /// Free text.
    pub(super) kind: &'r str,
}

/// The rest: what spoils a field leaves the field out.
pub(super) struct Body {
    pub(super) city_qid: Option<String>,
    pub(super) city: Option<String>,
    pub(super) coordinates: Option<(f64, f64)>,
    pub(super) address: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) website: Option<String>,
    pub(super) opened_on: Option<String>,
    /// Jurisdictions other than the United States.
    pub(super) jurisdictions: Vec<Named>,
}

/// Reads the head of a line. Reports nothing.
pub(super) fn head(record: &Record) -> Head<'_> {
    let named = |item, label| Some((text::qid(record.get(item))?, text::clean(record.get(label))?));
    Head {
        qid: text::qid(record.get(QID)),
        operator: named(OPERATOR_QID, OPERATOR),
        operator_qid: text::qid(record.get(OPERATOR_QID)),
        country: named(COUNTRY_QID, COUNTRY),
        country_qid: text::qid(record.get(COUNTRY_QID)),
        kind: record.get(TYPE),
    }
}

/// Reads the rest of a line that is taken, and reports what is left out.
pub(super) fn body(record: &Record, report: &mut Report) -> Body {
    let coordinates = text::coordinates(record.get(LATITUDE), record.get(LONGITUDE));
    if coordinates.is_none() && !(record.get(LATITUDE).is_empty() && record.get(LONGITUDE).is_empty()) {
        report.warn(record.line, "latitude", "not coordinates: left out");
    }
    Body {
        jurisdictions: jurisdictions(record, report),
        city_qid: text::qid(record.get(CITY_QID)),
        city: text::clean(record.get(CITY)),
        coordinates,
        address: text::clean(record.get(ADDRESS)),
        phone: one(record, report, (PHONE, "phone", "not one number in E.164: left out"), text::phone),
        email: one(record, report, (EMAIL, "email", "not one address: left out"), text::email),
        website: one(record, report, (WEBSITE, "website", "not one address of the web: left out"), text::website),
        opened_on: one(record, report, (CREATION, "creation", "not one instant: left out"), text::day),
    }
}

/// Rejects the line.
pub(super) fn no<T>(record: &Record, report: &mut Report, column: &'static str, reason: &'static str) -> Option<T> {
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

fn jurisdictions(record: &Record, report: &mut Report) -> Vec<Named> {
    let labels: Vec<&str> = record.get(JURISDICTIONS).split('|').collect();
    let items: Vec<&str> = record.get(JURISDICTION_QIDS).split('|').collect();
    if labels.len() != items.len() {
        report.warn(record.line, "jurisdictionQIDs", "not as many as there are jurisdictions: left out");
        return Vec::new();
    }
    let mut found: Vec<Named> = Vec::new();
    for (label, item) in labels.into_iter().zip(items) {
        match (text::qid(item), text::clean(label)) {
            (Some(item), Some(label)) if item != UNITED_STATES && !found.iter().any(|(known, _)| *known == item) => {
                found.push((item, label));
            }
            (Some(_), Some(_)) | (None, None) => {}
            _ => report.warn(record.line, "jurisdictionQIDs", "not a Wikidata item: left out"),
        }
    }
    found
}
