//! True public facts: states, where their missions are, and which counties those cities lie in.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// A sending state and its mission in Washington, if it has one there.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct State {
    pub(super) iso2: String,
    pub(super) iso3: String,
    pub(super) name: String,
    pub(super) wikidata: String,
    pub(super) mission_type: String,
    pub(super) mission: String,
    pub(super) mission_wikidata: Option<String>,
    pub(super) status: String,
}

/// A further mission. One without a state is an international organisation's.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Post {
    pub(super) iso2: Option<String>,
    pub(super) r#type: String,
    pub(super) name: String,
    pub(super) city: String,
    pub(super) wikidata: Option<String>,
}

/// A city with missions: its county, the region of the Office of Foreign Missions, a telephone area code.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct City {
    #[serde(rename = "city")]
    pub(super) name: String,
    pub(super) state: String,
    pub(super) county: String,
    pub(super) ofm_region: String,
    pub(super) area_code: String,
}

pub(super) fn states() -> Result<Vec<State>> {
    rows(include_str!("data/states.csv"))
}

pub(super) fn posts() -> Result<Vec<Post>> {
    rows(include_str!("data/posts.csv"))
}

pub(super) fn cities() -> Result<BTreeMap<String, City>> {
    let cities: Vec<City> = rows(include_str!("data/cities.csv"))?;
    Ok(cities.into_iter().map(|city| (city.name.clone(), city)).collect())
}

fn rows<T: DeserializeOwned>(csv: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().collect::<Result<_, _>>().map_err(Error::internal)
}
