//! Who asks: states, agencies with their areas, persons with their roles.

use chancery::access::Kind;

use super::{AREAS, DSS_ROLES, MISSION_AGENCIES, POSTS, Writer, flag, text};
use crate::support::small_world::row;

impl Writer {
    pub(super) fn registry(&mut self) {
        let states = [("FR", "FRA", "France"), ("DE", "DEU", "Germany"), ("NA", "NAM", "Namibia"), ("", "", "Order")];
        for (number, (iso2, iso3, name)) in states.into_iter().enumerate() {
            let code = |code: &str| if code.is_empty() { None } else { text(code) };
            let power = (number > 0 && self.dice.chance(30)).then(|| row('S', 1)).and_then(text);
            let columns = [
                ("id", text(row('S', number + 1))),
                ("iso2", code(iso2)),
                ("iso3", code(iso3)),
                ("name", text(name)),
                ("recognition", self.maybe("recognised")),
                ("protecting_power_id", power),
            ];
            self.insert("sending_state", &columns);
            self.touched.push((Kind::SendingState, row('S', number + 1)));
        }
        for number in 1..=POSTS {
            self.post(number);
        }
        for number in 1..=self.agencies() {
            self.agency(number);
        }
        for number in 1..=self.persons() {
            self.person(number);
        }
    }

    pub(super) fn post(&mut self, number: usize) {
        let (country, of, name, city) = (self.some('S', 4), self.some('T', number), self.word(), self.word());
        let columns = [
            ("id", text(row('T', number))),
            ("type", text(*self.dice.of(&["EMBASSY", "CONSULATE_GENERAL"]))),
            ("name", text(name)),
            ("country_id", text(country)),
            ("constituent_of_id", self.maybe(of)),
            ("city", self.maybe(city)),
            ("latitude", self.number(48)),
            ("status", text(*self.dice.of(&["OPEN", "SUSPENDED", "CLOSED"]))),
            ("phone", self.maybe("+12025550155")),
            ("opened_on", self.maybe(format!("19{number}0-02-03"))),
            ("source_ids", text("[]")),
            ("emergency_plan", self.maybe("By the river")),
        ];
        self.insert("post", &columns);
        self.touched.push((Kind::Post, row('T', number)));
    }

    pub(super) fn agency(&mut self, number: usize) {
        let is_dss = number == self.agencies();
        let is_mission = number <= MISSION_AGENCIES;
        let (kind, roles) = match (is_mission, is_dss) {
            (true, _) => ("MISSION", r#"["MISSION_OFFICER","ADMINISTRATOR"]"#),
            (_, true) => ("DIPLOMATIC_SECURITY", DSS_ROLES),
            _ => ("LAW_ENFORCEMENT", r#"["LAW_ENFORCEMENT","ADMINISTRATOR"]"#),
        };
        let level = if is_dss { "FEDERAL" } else { *self.dice.of(&["FEDERAL", "STATE", "COUNTY", "CITY"]) };
        let state = self.some('S', 4);
        let state = if is_mission { self.maybe(state) } else { None };
        let columns = [
            ("id", text(row('A', number))),
            ("name", text(format!("Agency {}", number / 2))),
            ("short_name", self.maybe(format!("A{number}"))),
            ("kind", text(kind)),
            ("level", text(level)),
            ("watch_phone", self.maybe("+12025550110")),
            ("state", self.maybe("US-NY")),
            ("sending_state_id", state),
            ("state_wide", flag(is_mission && self.dice.chance(60))),
            ("roles", text(roles)),
            ("algorithms", text("[]")),
            ("max_lifetime_s", text("3600")),
            ("made_by_demo", flag(false)),
        ];
        self.insert("agency", &columns);
        self.touched.push((Kind::Agency, row('A', number)));
        // What only law enforcement can have, everybody may be registered with: it must open nothing to others.
        let areas = if is_mission || is_dss { self.dice.below(2) } else { 1 + self.dice.below(6) };
        let first = self.dice.below(AREAS.len());
        for place in 0..areas {
            let area = AREAS[(first + place) % AREAS.len()];
            let confirmed = self.maybe("2026-11-01T00:00:00.000000Z");
            let columns = [
                ("agency_id", text(row('A', number))),
                ("area", text(area)),
                ("level", text("COUNTY")),
                ("source", text("test")),
                ("proposed_at", text("2026-11-01T00:00:00.000000Z")),
                ("confirmed_at", confirmed),
            ];
            self.insert("agency_area", &columns);
        }
    }

    pub(super) fn person(&mut self, number: usize) {
        let agency = (number - 1) / 2 + 1;
        let agency = agency.min(self.agencies());
        let roles = match agency {
            _ if agency == self.agencies() => DSS_ROLES,
            _ if agency <= MISSION_AGENCIES => r#"["MISSION_OFFICER","ADMINISTRATOR"]"#,
            _ => r#"["LAW_ENFORCEMENT","ADMINISTRATOR"]"#,
        };
        let (host, post) = (self.some('S', 4), self.some('T', POSTS));
        let columns = [
            ("id", text(row('P', number))),
            ("agency_id", text(row('A', agency))),
            ("subject", text(format!("subject-{number}"))),
            ("name", text(format!("Person {}", number / 2))),
            ("unit", self.maybe("Unit")),
            ("roles", text(roles)),
            ("sworn", flag(self.dice.chance(50))),
            ("machine", flag(false)),
            ("cfr28_certified", flag(self.dice.chance(50))),
            ("mobile_phone", self.maybe("+12025550144")),
            ("host_state_id", self.maybe(host)),
            // What only an officer abroad can have, anybody may be given: it must open nothing to others.
            ("post_id", self.maybe(post)),
            ("disabled_at", None),
        ];
        self.insert("person", &columns);
        self.touched.push((Kind::Person, row('P', number)));
        let (starts, ends) = *self.dice.of(&[
            ("2026-11-22T12:00:00.000000Z", "2026-11-22T18:00:00.000000Z"),
            ("2026-11-22T06:00:00.000000Z", "2026-11-22T12:00:00.000000Z"),
            ("2026-11-22T00:00:00.000000Z", "2026-11-23T00:00:00.000000Z"),
        ]);
        if self.dice.chance(50) {
            let columns = [
                ("id", text(row('W', number))),
                ("person_id", text(row('P', number))),
                ("starts_at", text(starts)),
                ("ends_at", text(ends)),
            ];
            self.insert("watch_shift", &columns);
        }
    }
}
