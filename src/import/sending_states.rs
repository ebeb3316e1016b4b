//! The sending states that are stored, and how a file's operator finds its own.

use entity::sending_state::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::{
    Report,
    merge::{Group, Imported},
};
use crate::{access::Kind, desk::Work, error::Result, id};

/// Items of Wikidata that stand for a state beside the one in ISO's list: its government, the see beside the city,
/// the country beside its kingdom.
const SAME: [(&str, &str, &str); 5] = [
    ("Q930729", "Q34", "Sweden"),
    ("Q159583", "Q237", "Holy See"),
    ("Q237", "Q237", "Holy See"),
    ("Q55", "Q29999", "Netherlands"),
    ("Q756617", "Q35", "Denmark"),
];

/// Names of states that take an article in running text.
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

/// The United States and its territories: nobody is "accredited also" to them from a mission in the United States.
const DOMESTIC: [&str; 7] = ["US", "AS", "GU", "MP", "PR", "UM", "VI"];

/// Every sending state; there are a few hundred.
pub(super) struct SendingStates(Vec<Model>);

/// The item and the English name under which an operator is known here.
pub(super) fn known_as<'a>(qid: &'a str, name: &'a str) -> (&'a str, &'a str) {
    SAME.iter().find(|(other, ..)| *other == qid).map_or((qid, name), |(_, qid, name)| (*qid, *name))
}

/// The name of an operator or a country in a sentence: "the Netherlands".
pub(super) fn in_running_text(qid: &str, name: &str) -> String {
    let (_, name) = known_as(qid, name);
    let article = if ARTICLES.iter().any(|word| name.starts_with(word)) { "the " } else { "" };
    format!("{article}{name}")
}

/// Whether the state is the United States or one of its territories.
pub(super) fn is_domestic(state: &Model) -> bool {
    state.iso2.as_deref().is_some_and(|iso2| DOMESTIC.contains(&iso2))
}

impl SendingStates {
    pub(super) async fn load(work: &Work) -> Result<Self> {
        Ok(Self(Entity::find().all(work.rows()).await?))
    }

    pub(super) fn by_wikidata(&self, qid: &str) -> Option<&Model> {
        self.0.iter().find(|row| row.wikidata_id.as_deref() == Some(qid))
    }

    pub(super) fn by_iso3(&self, iso3: &str) -> Option<&Model> {
        self.0.iter().find(|row| row.iso3.as_deref() == Some(iso3))
    }

    /// The state of an ISO code: by the code, else by the item, else by the name if the row has no code yet.
    pub(super) fn of_country(&self, iso2: &str, qid: Option<&str>, name: &str) -> Option<&Model> {
        let by_code = self.0.iter().find(|row| row.iso2.as_deref() == Some(iso2));
        let uncoded = || self.0.iter().filter(|row| row.iso2.is_none());
        by_code
            .or_else(|| uncoded().find(|row| qid.is_some() && row.wikidata_id.as_deref() == qid))
            .or_else(|| uncoded().find(|row| row.name == name))
    }

    /// The state of an item: by the item, else by the name if the row has no item yet (ISO's list has none for
    /// Namibia).
    pub(super) fn find(&self, qid: &str, name: &str) -> Option<&Model> {
        let (same, name) = known_as(qid, name);
        let unmatched = || self.0.iter().find(|row| row.wikidata_id.is_none() && row.name == name);
        self.by_wikidata(qid).or_else(|| self.by_wikidata(same)).or_else(unmatched)
    }

    /// The id of an operator's state; it is made if it is none that is known (Kosovo, Quebec).
    pub(super) async fn ensure(
        &mut self,
        work: &mut Work,
        report: &mut Report,
        qid: &str,
        name: &str,
    ) -> Result<String> {
        let found = self.find(qid, name).cloned();
        let (qid, name) = known_as(qid, name);
        if let Some(found) = found {
            if found.wikidata_id.is_none() {
                self.learn(work, &found, qid).await?;
                report.also("sending states found by name, their Wikidata item noted");
            }
            return Ok(found.id);
        }
        let groups: Vec<Group<Entity>> =
            vec![vec![(Column::Name, name.into())], vec![(Column::WikidataId, Some(qid.to_owned()).into())]];
        let mut imported = Imported::default();
        imported.note::<Entity>(&groups);
        let fresh = ActiveModel {
            id: Set(id::new(work.clock().now())),
            iso2: Set(None),
            iso3: Set(None),
            name: Set(name.to_owned()),
            wikidata_id: Set(Some(qid.to_owned())),
            recognition: Set(None),
            protecting_power_id: Set(None),
            imported: Set(Some(imported.text())),
        };
        let made = fresh.insert(work.rows()).await?;
        work.touch(Kind::SendingState, made.id.clone());
        report.also("sending states made that no list of countries had brought");
        let id = made.id.clone();
        self.0.push(made);
        Ok(id)
    }

    async fn learn(&mut self, work: &mut Work, state: &Model, qid: &str) -> Result<()> {
        let mut row = state.clone().into_active_model();
        row.wikidata_id = Set(Some(qid.to_owned()));
        let row = row.update(work.rows()).await?;
        work.touch(Kind::SendingState, row.id.clone());
        self.0.retain(|other| other.id != row.id);
        self.0.push(row);
        Ok(())
    }
}
