//! A line of the file of posts abroad, read.

use std::collections::HashSet;

use entity::post::{Column, Entity};

use super::{
    Record, Report,
    embassy_row::{self, Body, Named, UNITED_STATES, no},
    merge::Group,
    post_type::{self, PostType},
    sending_states,
};

/// The item of Taiwan, where the United States has an institute in the place of an embassy (22 U.S.C. 3305).
const TAIWAN: &str = "Q865";

/// A post as the file has it.
pub(super) struct PostRow {
    pub(super) line: u64,
    pub(super) qid: String,
    pub(super) kind: PostType,
    pub(super) country: Named,
    body: Body,
}

/// Reads a line; what makes it useless rejects it, what spoils a field leaves the field out.
pub(super) fn parse(record: &Record, report: &mut Report, seen: &mut HashSet<String>) -> Option<PostRow> {
    let head = embassy_row::head(record);
    // First: of a file of foreign missions every line has this one reason.
    if head.operator_qid.as_deref() != Some(UNITED_STATES) {
        let reason = "the operator is not the United States: a foreign mission, for `import missions`";
        return no(record, report, "operatorQID", reason);
    }
    let (qid, kind, country) = match (head.qid, post_type::of(head.kind), head.country) {
        (None, ..) => return no(record, report, "QID", "not a Wikidata item"),
        (_, None, _) => return no(record, report, "type", "not a type of post that is known"),
        (_, _, None) => return no(record, report, "countryQID", "not one country with its Wikidata item"),
        (Some(qid), Some(kind), Some(country)) => (qid, kind, country),
    };
    if country.0 == UNITED_STATES {
        return no(record, report, "countryQID", "not abroad: it lies in the United States");
    }
    if !seen.insert(qid.clone()) {
        return no(record, report, "QID", "duplicate of an earlier line");
    }
    let body = embassy_row::body(record, report);
    if body.city.is_none() {
        report.warn(record.line, "city", "there is no city: the name has the country instead");
    }
    Some(PostRow { line: record.line, qid, kind, country, body })
}

impl PostRow {
    /// Whether it is an embassy to the country in which it lies: not so those to the Holy See in Rome and to Libya in
    /// Tunis. One of which the file says no jurisdiction is taken to be.
    pub(super) fn heads_its_country(&self) -> bool {
        self.kind.name == "EMBASSY" && self.accredited_elsewhere().is_none()
    }

    /// The one state that it is accredited to, if that is another than the one it lies in.
    fn accredited_elsewhere(&self) -> Option<&Named> {
        let same = |(item, label): &Named| {
            sending_states::known_as(item, label).0 == sending_states::known_as(&self.country.0, &self.country.1).0
        };
        match self.body.jurisdictions.as_slice() {
            [one] if !same(one) => Some(one),
            _ => None,
        }
    }

    /// "Consulate General of the United States in Munich": the file has no names.
    fn name(&self) -> String {
        if self.country.0 == TAIWAN {
            let city = self.body.city.as_ref().map_or_else(String::new, |city| format!(" in {city}"));
            return format!("American Institute in Taiwan{city}");
        }
        let place = match &self.body.city {
            Some(city) => city.clone(),
            None => sending_states::in_running_text(&self.country.0, &self.country.1),
        };
        let to = self
            .accredited_elsewhere()
            .filter(|_| self.kind.name == "EMBASSY")
            .map_or_else(String::new, |to| format!(" to {}", sending_states::in_running_text(&to.0, &to.1)));
        format!("{} of the United States{to} in {place}", self.kind.title)
    }

    /// The fields that the file decides. `constituent_of` is left alone where the file does not say: the embassy may
    /// be missing from a part of it.
    pub(super) fn groups(&self, country: &str, constituent_of: Option<&Option<String>>) -> Vec<Group<Entity>> {
        let (latitude, longitude) = self.body.coordinates.unzip();
        let sources = serde_json::Value::from(vec![format!("wikidata:{}", self.qid)]).to_string();
        let mut groups: Vec<Group<Entity>> = vec![
            vec![(Column::Type, self.kind.name.into())],
            vec![(Column::Name, self.name().into())],
            vec![(Column::CountryId, country.into()), (Column::City, self.body.city.clone().into())],
            vec![(Column::Latitude, latitude.into()), (Column::Longitude, longitude.into())],
            vec![(Column::Phone, self.body.phone.clone().into())],
            vec![(Column::Email, self.body.email.clone().into())],
            vec![(Column::Website, self.body.website.clone().into())],
            vec![(Column::OpenedOn, self.body.opened_on.clone().into())],
            vec![(Column::SourceIds, sources.into())],
        ];
        groups.extend(constituent_of.map(|of| vec![(Column::ConstituentOfId, of.clone().into())]));
        groups
    }
}
