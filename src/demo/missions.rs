//! Sending states and missions, as they are known.

use std::collections::BTreeMap;

use entity::{mission, sending_state};
use sea_orm::{EntityTrait, IntoActiveModel};

use super::{
    chance::Chance,
    facts::{self, City},
    insert,
};
use crate::{access::Kind, desk::Work, error::Result};

/// A mission that the demo's people and concerns are about.
#[derive(Clone, Debug)]
pub(super) struct Mission {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) r#type: String,
    /// ISO 3166-1 alpha-2 of its sending state.
    pub(super) state: Option<String>,
    pub(super) area: String,
    pub(super) city: City,
}

/// Iran's interests are looked after by Pakistan (VCDR art. 45, 46).
const PROTECTED: (&str, &str) = ("IR", "PK");

/// Writes the states and missions that are not there yet; an import may have been before. All missions, by name.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance) -> Result<Vec<Mission>> {
    let states = seed_states(work, chance).await?;
    let cities = facts::cities()?;
    let known: BTreeMap<String, String> = mission::Entity::find()
        .all(work.rows())
        .await?
        .into_iter()
        .filter_map(|row| Some((row.wikidata_id?, row.id)))
        .collect();
    let mut missions = Vec::new();
    let mut rows = Vec::new();
    let at = work.clock().now();
    for fact in facts()? {
        let Some(city) = cities.get(&fact.city) else { continue };
        let known = fact.wikidata.as_ref().and_then(|qid| known.get(qid)).cloned();
        let fresh = known.is_none();
        let mission = Mission {
            id: known.unwrap_or_else(|| chance.id(at)),
            name: fact.name.clone(),
            r#type: fact.r#type.clone(),
            state: fact.iso2.clone(),
            area: city.county.clone(),
            city: city.clone(),
        };
        if fresh {
            let sending_state_id = fact.iso2.as_ref().and_then(|iso2| states.get(iso2)).cloned();
            rows.push(row(chance, &mission, fact, sending_state_id));
        }
        missions.push(mission);
    }
    set_parents(&mut rows, &missions);
    // Parents before those that name them.
    rows.sort_by_key(|row| row.parent_id.is_some());
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    insert(work, rows.into_iter().map(IntoActiveModel::into_active_model)).await?;
    for id in ids {
        work.touch(Kind::Mission, id);
    }
    Ok(missions)
}

struct Fact {
    iso2: Option<String>,
    r#type: String,
    name: String,
    city: String,
    wikidata: Option<String>,
    status: String,
}

fn facts() -> Result<Vec<Fact>> {
    let embassies = facts::states()?.into_iter().filter(|state| !state.mission.is_empty()).map(|state| Fact {
        iso2: Some(state.iso2),
        r#type: state.mission_type,
        name: state.mission,
        city: "Washington".to_owned(),
        wikidata: state.mission_wikidata,
        status: state.status,
    });
    let posts = facts::posts()?.into_iter().map(|post| Fact {
        iso2: post.iso2,
        r#type: post.r#type,
        name: post.name,
        city: post.city,
        wikidata: post.wikidata,
        status: "OPEN".to_owned(),
    });
    Ok(embassies.chain(posts).collect())
}

/// By ISO 3166-1 alpha-2: the states' ids.
async fn seed_states(work: &mut Work, chance: &mut Chance) -> Result<BTreeMap<String, String>> {
    let known = sending_state::Entity::find().all(work.rows()).await?;
    let mut ids: BTreeMap<String, String> =
        known.iter().filter_map(|row| Some((row.iso2.clone()?, row.id.clone()))).collect();
    let of_item: BTreeMap<&String, &String> =
        known.iter().filter_map(|row| Some((row.wikidata_id.as_ref()?, &row.id))).collect();
    let at = work.clock().now();
    let mut rows = Vec::new();
    for state in facts::states()? {
        if let Some(id) = of_item.get(&state.wikidata) {
            ids.entry(state.iso2.clone()).or_insert_with(|| (*id).clone());
        }
        if ids.contains_key(&state.iso2) {
            continue;
        }
        let id = chance.id(at);
        ids.insert(state.iso2.clone(), id.clone());
        rows.push(sending_state::Model {
            id,
            iso2: Some(state.iso2),
            iso3: Some(state.iso3),
            name: state.name,
            wikidata_id: Some(state.wikidata),
            recognition: None,
            protecting_power_id: None,
            imported: None,
        });
    }
    if let (Some(of), Some(power)) = (ids.get(PROTECTED.0), ids.get(PROTECTED.1)) {
        for row in rows.iter_mut().filter(|row| row.id == *of) {
            row.protecting_power_id = Some(power.clone());
        }
    }
    rows.sort_by_key(|row| row.protecting_power_id.is_some());
    for row in &rows {
        work.touch(Kind::SendingState, row.id.clone());
    }
    insert(work, rows.into_iter().map(IntoActiveModel::into_active_model)).await?;
    Ok(ids)
}

/// Consulates belong to their embassy, an interests section to the protecting power's.
fn set_parents(rows: &mut [mission::Model], missions: &[Mission]) {
    let embassies: BTreeMap<&str, &str> = missions
        .iter()
        .filter(|mission| mission.r#type == "EMBASSY")
        .filter_map(|mission| Some((mission.state.as_deref()?, mission.id.as_str())))
        .collect();
    let states: BTreeMap<&str, &str> =
        missions.iter().filter_map(|mission| Some((mission.id.as_str(), mission.state.as_deref()?))).collect();
    for row in rows {
        let state = states.get(row.id.as_str()).copied();
        let parent = match row.r#type.as_str() {
            "CONSULATE_GENERAL" => state,
            "INTERESTS_SECTION" => Some(PROTECTED.1),
            _ => None,
        };
        row.parent_id = parent.and_then(|state| embassies.get(state)).map(|id| (*id).to_owned());
    }
}

fn row(chance: &mut Chance, mission: &Mission, fact: Fact, sending_state_id: Option<String>) -> mission::Model {
    let slug: String = fact.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let source_ids = fact.wikidata.as_ref().map(|qid| format!("wikidata:{qid}"));
    mission::Model {
        id: mission.id.clone(),
        source_ids: serde_json::Value::from(source_ids.into_iter().collect::<Vec<_>>()).to_string(),
        wikidata_id: fact.wikidata,
        r#type: fact.r#type,
        name: fact.name,
        sending_state_id,
        parent_id: None,
        city: Some(mission.city.name.clone()),
        state: Some(mission.city.state.clone()),
        county_fips: Some(mission.city.county.clone()),
        jurisdiction_precision: Some("COUNTY".to_owned()),
        area: Some(mission.area.clone()),
        latitude: None,
        longitude: None,
        ofm_region: Some(mission.city.ofm_region.clone()),
        status: fact.status,
        switchboard: Some(phone(chance, &mission.city)),
        duty_phone: Some(phone(chance, &mission.city)),
        email: Some(format!("security@{slug}.example")),
        website: None,
        opened_on: None,
        protective_need: Some(chance.word(&["LOW", "MODERATE", "MODERATE", "HIGH"]).to_owned()),
        guard_posture: Some(
            chance
                .word(&[
                    "Uniformed guard at the entrance in office hours",
                    "Guard round the clock, bag search at the entrance",
                    "Cameras and an intercom, no guard",
                    "Two guards round the clock, vehicle barrier",
                ])
                .to_owned(),
        ),
        analyst_note: chance.percent(30).then(|| {
            chance
                .word(&[
                    "Reporting rises before elections at home.",
                    "Demonstrations usually announced to the police beforehand.",
                    "Asks for briefings each quarter.",
                    "Landlord is slow to repair the rear door.",
                ])
                .to_owned()
        }),
        imported: None,
    }
}

/// An invented number of the range that is kept free for fiction, 555-01xx, in E.164.
pub(super) fn phone(chance: &mut Chance, city: &City) -> String {
    format!("+1{}55501{:02}", city.area_code, chance.below(100))
}
