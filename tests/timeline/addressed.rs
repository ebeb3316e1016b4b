//! Which advisories have to do with a mission: by stored rows, as the words of the rule have it.

use std::fmt::Write as _;

use chancery::access::Role;
use entity::{advisory, agency_mission, mission};
use sea_orm::EntityTrait as _;

use crate::support::{
    TestDb,
    app::Who,
    small_world::{MISSIONS, row},
};

/// Where missions have their seats, as far as it is known: counties, the city of five, whole states, nowhere.
const SEATS: [Option<&str>; 8] =
    [Some("11001"), Some("NYC"), Some("36061"), Some("US-CA"), Some("US-DC"), None, Some("06037"), Some("US-NY")];

/// To whom more advisories are addressed.
const AUDIENCES: [&str; 12] = [
    r#"["AREA:US-NY"]"#,
    r#"["AREA:NYC"]"#,
    r#"["AREA:36061"]"#,
    r#"["AREA:US"]"#,
    r#"["AREA:US-DC"]"#,
    r#"["AREA:06037"]"#,
    r#"["LAW_ENFORCEMENT","AREA:US-CA"]"#,
    r#"["MISSION_TYPE:EMBASSY"]"#,
    r#"["MISSION_TYPE:CONSULATE_GENERAL"]"#,
    r#"["SENDING_STATE:0000000000000000000S000002","AREA:11001"]"#,
    r#"["LAW_ENFORCEMENT","MISSIONS"]"#,
    r#"["AREA:36005"]"#,
];

/// Other seats, which the state that a mission is said to be in need not hold; and more advisories, of few instants.
pub fn more() -> String {
    let mut sql = String::new();
    for number in 1..=MISSIONS {
        let seat = SEATS[number % SEATS.len()].map_or_else(|| "null".to_owned(), |seat| format!("'{seat}'"));
        let _ = writeln!(sql, "update mission set area = {seat} where id = '{}';", row('M', number));
    }
    let columns = "id, msg_type, urgency, severity, certainty, headline, body, audience, sent_at";
    for (number, audience) in AUDIENCES.iter().enumerate() {
        let _ = writeln!(
            sql,
            "insert into advisory ({columns}) values ('{}', 'ALERT', 'EXPECTED', 'MINOR', 'LIKELY', 'A headline', 'A body', '{audience}', '2026-11-{:02}T08:00:00.000000Z');",
            row('B', 50 + number),
            1 + number / 4
        );
    }
    sql
}

/// The stored rows that the rule is about.
pub struct Stored {
    missions: Vec<mission::Model>,
    advisories: Vec<advisory::Model>,
    registered: Vec<agency_mission::Model>,
}

impl Stored {
    /// Reads them.
    pub async fn read(db: &TestDb) -> Self {
        let rows = &db.store.orm;
        Self {
            missions: mission::Entity::find().all(rows).await.expect("missions"),
            advisories: advisory::Entity::find().all(rows).await.expect("advisories"),
            registered: agency_mission::Entity::find().all(rows).await.expect("registrations"),
        }
    }

    /// Whether an advisory that somebody sees has to do with a mission that they see. Whoever reads to whom it is addressed
    /// is told where that means the mission; its own officers, that they have it.
    pub fn ties(&self, who: &Who, mission: &str, advisory: &str, reads_audience: bool) -> bool {
        let is_own = self.registered.iter().any(|line| line.agency_id == who.agency && line.mission_id == mission);
        // What an officer of a mission sees of advisories was sent to them: by nothing else are they shown any.
        (who.role == Role::MissionOfficer && is_own) || (reads_audience && self.means(mission, advisory))
    }

    fn means(&self, mission: &str, advisory: &str) -> bool {
        let mission = self.missions.iter().find(|row| row.id == mission).expect("the mission");
        let advisory = self.advisories.iter().find(|row| row.id == advisory).expect("the advisory");
        let audience: Vec<String> = serde_json::from_str(&advisory.audience).expect("a list");
        audience.iter().any(|to| match to.split_once(':') {
            None => to == "MISSIONS",
            Some(("MISSION_TYPE", kind)) => mission.r#type == kind,
            Some(("SENDING_STATE", state)) => mission.sending_state_id.as_deref() == Some(state),
            Some(("AREA", area)) => mission.area.as_deref().is_some_and(|seat| lies_in(seat, area)),
            Some(_) => false,
        })
    }
}

/// Whether a seat certainly lies in an area.
fn lies_in(seat: &str, area: &str) -> bool {
    let state = match seat {
        "11001" => "US-DC",
        "NYC" | "36061" => "US-NY",
        "06037" => "US-CA",
        state => state,
    };
    // The District is one area, by either name.
    let same = seat == area || (state == "US-DC" && area == "11001");
    same || area == state || area == "US" || (area == "NYC" && seat == "36061")
}

#[test]
fn a_seat_lies_where_it_lies() {
    for (seat, areas) in [
        ("36061", &["36061", "NYC", "US-NY", "US"][..]),
        ("NYC", &["NYC", "US-NY", "US"]),
        ("US-NY", &["US-NY", "US"]),
        ("11001", &["11001", "US-DC", "US"]),
        ("US-DC", &["11001", "US-DC", "US"]),
        ("06037", &["06037", "US-CA", "US"]),
    ] {
        for area in ["36061", "36005", "NYC", "US-NY", "11001", "US-DC", "06037", "US-CA", "US"] {
            assert_eq!(lies_in(seat, area), areas.contains(&area), "{seat} {area}");
        }
    }
}
