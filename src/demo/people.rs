//! Invented people and places around the missions: premises, security contacts, liaisons.

use entity::{liaison, liaison_mission, premises, security_contact};
use sea_orm::IntoActiveModel;
use time::Duration;

use super::{
    agencies::Enrolled,
    chance::Chance,
    insert,
    missions::{Mission, phone},
};
use crate::{
    access::{AgencyKind, Kind},
    desk::Work,
    error::Result,
};

const GIVEN: &[&str] = &[
    "Adriana", "Anton", "Beatriz", "Bilal", "Carla", "Chidi", "Dagny", "Dario", "Elif", "Emeka", "Farah", "Filip",
    "Greta", "Hamid", "Hana", "Idris", "Ilse", "Jarek", "Joana", "Kaito", "Kamila", "Lars", "Leila", "Mateo", "Mina",
    "Nadia", "Niels", "Olga", "Omar", "Paula", "Quentin", "Rania", "Rafael", "Sana", "Stefan", "Tara", "Tobias", "Uma",
    "Viktor", "Wanda", "Xenia", "Yusuf", "Zofia",
];
const FAMILY: &[&str] = &[
    "Abara",
    "Almgren",
    "Barroso",
    "Benedek",
    "Castellan",
    "Chalmers",
    "Dorfmann",
    "Dvorsky",
    "Eskola",
    "Fairweather",
    "Ferrand",
    "Galindo",
    "Hadley",
    "Haugen",
    "Ibarra",
    "Jankovic",
    "Kassab",
    "Kinoshita",
    "Lindqvist",
    "Lowther",
    "Marchetti",
    "Mbeki-Stone",
    "Nakamoto",
    "Novotna",
    "Okonjo",
    "Oyelaran",
    "Pereira",
    "Quist",
    "Rahmani",
    "Rosenthal",
    "Sandoval",
    "Sorensen",
    "Tamura",
    "Thackeray",
    "Urbina",
    "Vandermeer",
    "Villanova",
    "Westergaard",
    "Yamada",
    "Zielinski",
];
const STREETS: &[&str] = &[
    "Alder Court",
    "Beacon Hollow Road",
    "Cardinal Lane",
    "Dunmore Street",
    "Elderberry Avenue",
    "Foxglove Terrace",
    "Garnet Street",
    "Hawthorn Crescent",
    "Ironwood Place",
    "Juniper Row",
    "Kestrel Way",
    "Larkspur Avenue",
    "Marigold Street",
    "Nightingale Lane",
    "Old Quarry Road",
    "Pemberton Square",
];

/// A name that nobody was asked for.
pub(super) fn name(chance: &mut Chance) -> String {
    format!("{} {}", chance.word(GIVEN), chance.word(FAMILY))
}

/// An address that is not there.
pub(super) fn address(chance: &mut Chance, mission: &Mission) -> String {
    let state = mission.city.state.trim_start_matches("US-");
    format!("{} {}, {}, {state}", 100 + chance.below(9_800), chance.word(STREETS), mission.city.name)
}

/// Each mission its main premises; embassies a residence, some an annex or staff residences too.
pub(super) async fn seed_premises(work: &mut Work, chance: &mut Chance, missions: &[Mission]) -> Result<()> {
    let at = work.clock().now();
    let mut rows = Vec::new();
    for mission in missions {
        let mut kinds = match mission.r#type.as_str() {
            "CONSULATE_GENERAL" => vec!["CONSULAR"],
            "EMBASSY" | "APOSTOLIC_NUNCIATURE" => vec!["CHANCERY", "RESIDENCE_HOM"],
            "INTERNATIONAL_ORGANIZATION" => vec!["OTHER"],
            _ => vec!["CHANCERY"],
        };
        kinds.extend(chance.percent(25).then_some("ANNEX"));
        kinds.extend(chance.percent(20).then_some("RESIDENCE_STAFF"));
        for kind in kinds {
            let id = chance.id(at);
            rows.push(
                premises::Model {
                    id: id.clone(),
                    mission_id: mission.id.clone(),
                    kind: kind.to_owned(),
                    address: Some(address(chance, mission)),
                    latitude: None,
                    longitude: None,
                }
                .into_active_model(),
            );
            work.touch(Kind::Premises, id);
        }
    }
    insert(work, rows).await
}

/// One to four contacts a mission; the first is to be called first.
pub(super) async fn seed_contacts(work: &mut Work, chance: &mut Chance, missions: &[Mission]) -> Result<()> {
    const FUNCTIONS: [(&str, &str); 7] = [
        ("CHIEF_OF_SECURITY", "Chief of Security"),
        ("DUTY_OFFICER", "Duty Officer"),
        ("DEPUTY_CHIEF_OF_MISSION", "Deputy Chief of Mission"),
        ("POLICE_LIAISON", "Police Attaché"),
        ("FACILITIES", "Head of Buildings"),
        ("DEFENSE_ATTACHE", "Defence Attaché"),
        ("OTHER", "Consul"),
    ];
    let at = work.clock().now();
    let mut rows = Vec::new();
    for mission in missions {
        let most = if mission.r#type == "EMBASSY" { 4 } else { 2 };
        let count = 1 + chance.below(most);
        for (place, (function, title)) in FUNCTIONS.into_iter().take(count).enumerate() {
            let (id, name) = (chance.id(at), name(chance));
            let vetted_until = (at + Duration::days(i64::try_from(chance.below(700)).unwrap_or(0) - 60)).date();
            let mailbox: String = name.to_lowercase().replace(' ', ".");
            rows.push(
                security_contact::Model {
                    id: id.clone(),
                    mission_id: mission.id.clone(),
                    function: function.to_owned(),
                    title: Some(title.to_owned()),
                    work_phone: Some(phone(chance, &mission.city)),
                    work_email: Some(format!(
                        "{mailbox}@{}.example",
                        mission.state.as_deref().unwrap_or("org").to_lowercase()
                    )),
                    after_hours_phone: Some(phone(chance, &mission.city)),
                    vetted_until: chance.percent(80).then(|| vetted_until.to_string()),
                    is_primary: place == 0,
                    name,
                }
                .into_active_model(),
            );
            work.touch(Kind::SecurityContact, id);
        }
    }
    insert(work, rows).await
}

/// Two liaisons for each law enforcement agency; a local one serves the missions in its area, a national one those
/// in Washington.
pub(super) async fn seed_liaisons(
    work: &mut Work,
    chance: &mut Chance,
    agencies: &[Enrolled],
    missions: &[Mission],
) -> Result<()> {
    const UNITS: [&str; 4] = ["Foreign Missions Liaison", "Dignitary Protection", "Intelligence", "Community Affairs"];
    let at = work.clock().now();
    let (mut rows, mut links) = (Vec::new(), Vec::new());
    for agency in agencies.iter().filter(|agency| agency.fact.kind == AgencyKind::LawEnforcement) {
        let is_national = agency.fact.areas == ["US"];
        let area_code = agency.fact.watch_phone.get(..5).unwrap_or("+1202");
        for place in 0..2 {
            let (id, name) = (chance.id(at), name(chance));
            let mut phone = || Some(format!("{area_code}55501{:02}", chance.below(100)));
            let (desk_phone, mobile_phone) = (phone(), phone());
            rows.push(
                liaison::Model {
                    id: id.clone(),
                    agency_id: agency.id.clone(),
                    unit: UNITS.get((place + chance.below(3)) % UNITS.len()).map(ToString::to_string),
                    desk_phone,
                    mobile_phone,
                    email: Some(format!(
                        "{}@{}",
                        name.to_lowercase().replace(' ', "."),
                        agency.fact.issuer.trim_start_matches("https://id.")
                    )),
                    sworn: place == 0,
                    cfr28_certified: place == 0,
                    name,
                }
                .into_active_model(),
            );
            let served = missions.iter().enumerate().filter(|(turn, mission)| {
                turn % 2 == place
                    && if is_national { mission.city.county == "11001" } else { agency.holds(&mission.area) }
            });
            links.extend(served.map(|(_, mission)| {
                liaison_mission::Model { liaison_id: id.clone(), mission_id: mission.id.clone() }.into_active_model()
            }));
            work.touch(Kind::Liaison, id);
        }
    }
    insert(work, rows).await?;
    insert(work, links).await
}
