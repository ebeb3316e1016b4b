//! Visits and what hangs on them.

use chancery::access::Kind;

use super::{PLACES, Writer, text};
use crate::support::small_world::row;

/// Legs of a visit, and places where they go.
const STOPS: usize = 3;

impl Writer {
    /// Visits: as many as missions.
    pub(super) fn visit(&mut self) -> String {
        self.some('W', self.size.missions)
    }

    pub(super) fn leg(&mut self) -> String {
        self.some('Y', self.size.missions * STOPS)
    }

    fn day(&mut self) -> String {
        format!("2026-12-{:02}", 1 + self.dice.below(9))
    }

    pub(super) fn visits(&mut self) {
        for number in 1..=self.size.missions {
            let (mission, person, state) = (self.mission(), self.some('P', self.persons()), self.some('S', 4));
            let accepted = self.instant();
            let columns = [
                ("id", text(row('W', number))),
                ("reference", text(format!("V-2026-{number:06}"))),
                ("mission_id", text(mission)),
                ("sending_state_id", self.maybe(state)),
                ("principal", text(self.word())),
                ("rank", text(*self.dice.of(&["HEAD_OF_STATE", "FOREIGN_MINISTER", "OTHER"]))),
                ("city", text(self.word())),
                ("arrives_on", text(self.day())),
                ("departs_on", text(self.day())),
                ("status", text(*self.dice.of(&["ANNOUNCED", "ACCEPTED", "CANCELLED"]))),
                ("reason", self.maybe("Why")),
                ("threat_assessment", self.maybe("Much")),
                ("announced_by_id", self.maybe(person)),
                ("announced_at", text(self.instant())),
                ("accepted_at", self.maybe(accepted)),
            ];
            self.insert("visit", &columns);
            self.touched.push((Kind::Visit, row('W', number)));
        }
        for number in 1..=self.size.missions * STOPS {
            self.stop(number);
        }
        for number in 1..=self.size.missions * 2 {
            self.part(number);
        }
    }

    fn stop(&mut self, number: usize) {
        let visit = self.visit();
        let place = *self.dice.of(&PLACES);
        let columns = [
            ("id", text(row('X', number))),
            ("visit_id", text(&visit)),
            ("name", text(self.word())),
            ("kind", text(*self.dice.of(&["HOTEL", "PUBLIC"]))),
            ("address", {
                let street = self.word();
                self.maybe(street)
            }),
            ("area", self.maybe(place)),
            ("latitude", self.number(38)),
        ];
        self.insert("venue", &columns);
        self.touched.push((Kind::Venue, row('X', number)));
        let place = *self.dice.of(&PLACES);
        let columns = [
            ("id", text(row('Y', number))),
            ("visit_id", text(visit)),
            ("kind", text(*self.dice.of(&["MOTORCADE", "VENUE"]))),
            ("venue_id", self.maybe(row('X', number))),
            ("area", self.maybe(place)),
            ("starts_at", text(self.instant())),
            ("ends_at", text(self.instant())),
            ("note", self.maybe("A note")),
            ("route", self.maybe("A route")),
        ];
        self.insert("leg", &columns);
        self.touched.push((Kind::Leg, row('Y', number)));
    }

    /// One of everything else, of whichever visit.
    fn part(&mut self, number: usize) {
        let columns = [
            ("id", text(row('G', number))),
            ("visit_id", text(self.visit())),
            ("name", text(self.word())),
            ("capacity", self.maybe("Interpreter")),
            ("added_at", text(self.instant())),
        ];
        self.insert("delegate", &columns);
        self.touched.push((Kind::Delegate, row('G', number)));
        let person = self.some('P', self.persons());
        let decided = [
            ("decision", text(*self.dice.of(&["PENDING", "GRANTED", "DENIED"]))),
            ("decided_by_id", self.maybe(&person)),
            ("reason", self.maybe("Why")),
        ];
        let columns = [
            ("id", text(row('2', number))),
            ("visit_id", text(self.visit())),
            ("direction", text(*self.dice.of(&["ARRIVAL", "DEPARTURE"]))),
            ("port", text(self.word())),
            ("carrier", self.maybe("A flight")),
            ("at", text(self.instant())),
            ("late_reason", self.maybe("It was late")),
            ("requested_by_id", self.maybe(&person)),
            ("requested_at", text(self.instant())),
        ];
        self.insert("port_courtesy", &[&columns[..], &decided].concat());
        self.touched.push((Kind::PortCourtesy, row('2', number)));
        let columns = [
            ("id", text(row('3', number))),
            ("visit_id", text(self.visit())),
            ("officer", text(self.word())),
            ("make", text(self.word())),
            ("serial", text(number.to_string())),
            ("route", text(self.word())),
            ("filed_by_id", self.maybe(person)),
            ("filed_at", text(self.instant())),
        ];
        self.insert("weapons_notice", &[&columns[..], &decided].concat());
        self.touched.push((Kind::WeaponsNotice, row('3', number)));
        let (leg, other) = (self.leg(), self.visit());
        let columns = [
            ("id", text(row('4', number))),
            ("visit_id", text(self.visit())),
            ("kind", text(*self.dice.of(&["SAME_VENUE", "SAME_MOTORCADE_WINDOW"]))),
            ("leg_id", self.maybe(leg)),
            ("other_visit_id", self.maybe(other)),
            ("starts_at", text(self.instant())),
            ("ends_at", text(self.instant())),
            ("found_at", text(self.instant())),
        ];
        self.insert("visit_conflict", &columns);
        self.touched.push((Kind::VisitConflict, row('4', number)));
    }
}
