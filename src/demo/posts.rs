//! Posts of the United States abroad: true public facts, but for their telephones and e-mail addresses.

use std::collections::BTreeMap;

use entity::{person, post, sending_state};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

use super::{agencies::Enrolled, cast, chance::Chance, insert};
use crate::{
    access::{Kind, Role},
    desk::Work,
    error::Result,
};

/// ISO 3166-1 alpha-2 of the country, type, name, city, Wikidata item, status.
type Fact = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// The operations of the embassy in Kabul are suspended since 31 August 2021.
#[rustfmt::skip]
const FACTS: &[Fact] = &[
    ("FR", "EMBASSY", "Embassy of the United States in Paris", "Paris", cast::POST, "OPEN"),
    ("FR", "CONSULATE_GENERAL", "Consulate General of the United States in Marseille", "Marseille", "Q2995334", "OPEN"),
    ("FR", "CONSULATE_GENERAL", "Consulate General of the United States in Strasbourg", "Strasbourg", "Q16507599", "OPEN"),
    ("FR", "CONSULATE", "Consulate of the United States in Rennes", "Rennes", "Q101500125", "OPEN"),
    ("DE", "EMBASSY", "Embassy of the United States in Berlin", "Berlin", "Q875787", "OPEN"),
    ("DE", "CONSULATE_GENERAL", "Consulate General of the United States in Munich", "Munich", "Q470042", "OPEN"),
    ("GB", "EMBASSY", "Embassy of the United States in London", "London", "Q5369960", "OPEN"),
    ("IT", "EMBASSY", "Embassy of the United States in Rome", "Rome", "Q5369967", "OPEN"),
    ("IT", "EMBASSY", "Embassy of the United States to the Holy See in Rome", "Rome", "Q5369978", "OPEN"),
    ("IT", "CONSULATE_GENERAL", "Consulate General of the United States in Milan", "Milan", "Q25053672", "OPEN"),
    ("JP", "EMBASSY", "Embassy of the United States in Tokyo", "Tokyo", "Q2331721", "OPEN"),
    ("KE", "EMBASSY", "Embassy of the United States in Nairobi", "Nairobi", "Q20926176", "OPEN"),
    ("MX", "EMBASSY", "Embassy of the United States in Mexico City", "Mexico City", "Q21010281", "OPEN"),
    ("AF", "EMBASSY", "Embassy of the United States in Kabul", "Kabul", "Q894835", "SUSPENDED"),
    ("TW", "UNOFFICIAL_REPRESENTATIVE_OFFICE", "American Institute in Taiwan", "Taipei", "Q1195231", "OPEN"),
];

/// Writes the posts that are not there yet; an import may have been before. Posts the regional security officers to
/// the one in their host state.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance, agencies: &[Enrolled]) -> Result<()> {
    let states = sending_state::Entity::find().all(work.rows()).await?;
    let states: BTreeMap<String, String> = states.into_iter().filter_map(|row| Some((row.iso2?, row.id))).collect();
    let known = post::Entity::find().all(work.rows()).await?;
    let mut ids: BTreeMap<String, String> =
        known.into_iter().filter_map(|row| Some((row.wikidata_id?, row.id))).collect();
    let at = work.clock().now();
    // The first embassy of a country is the one to it.
    let mut embassies: BTreeMap<&str, String> = BTreeMap::new();
    let mut rows = Vec::new();
    for (iso2, kind, name, city, item, status) in FACTS {
        let Some(country) = states.get(*iso2) else { continue };
        let fresh = !ids.contains_key(*item);
        let id = ids.entry((*item).to_owned()).or_insert_with(|| chance.id(at)).clone();
        if *kind == "EMBASSY" {
            embassies.entry(iso2).or_insert_with(|| id.clone());
        }
        if fresh {
            work.touch(Kind::Post, id.clone());
            rows.push(
                post::Model {
                    constituent_of_id: embassies.get(iso2).filter(|_| kind.starts_with("CONSULA")).cloned(),
                    phone: Some(format!("+120255501{:02}", chance.below(100))),
                    email: Some(format!("{}@posts.example", city.to_lowercase().replace(' ', "."))),
                    source_ids: serde_json::Value::from(vec![format!("wikidata:{item}")]).to_string(),
                    wikidata_id: Some((*item).to_owned()),
                    r#type: (*kind).to_owned(),
                    name: (*name).to_owned(),
                    country_id: country.clone(),
                    city: Some((*city).to_owned()),
                    latitude: None,
                    longitude: None,
                    status: (*status).to_owned(),
                    website: None,
                    opened_on: None,
                    imported: None,
                    emergency_plan: None,
                    id,
                }
                .into_active_model(),
            );
        }
    }
    insert(work, rows).await?;
    for person in agencies.iter().flat_map(|agency| agency.people(Role::RegionalSecurityOfficer)) {
        let row = person::ActiveModel {
            id: Set(person.to_owned()),
            post_id: Set(ids.get(cast::POST).cloned()),
            ..Default::default()
        };
        row.update(work.rows()).await?;
        work.touch(Kind::Person, person);
    }
    Ok(())
}
