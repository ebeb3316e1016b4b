//! Incidents at posts abroad, and their logs.

use chancery::access::Kind;

use super::{POSTS, SEVERITIES, TLP, Writer, text};
use crate::support::small_world::row;

pub(super) const SETTINGS: [&str; 2] = ["AT_WORK", "AT_HOME"];
const STATUSES: [&str; 4] = ["REPORTED", "IN_PROGRESS", "RESOLVED", "CLOSED"];

impl Writer {
    fn most_incidents(&self) -> usize {
        self.size.missions * 2
    }

    pub(super) fn incident(&mut self) -> String {
        self.some('Z', self.most_incidents())
    }

    /// Twice as many as missions, reported by anybody, of whichever agency.
    pub(super) fn incidents(&mut self) {
        for number in 1..=self.most_incidents() {
            let (occurred, resolved, place) = (self.instant(), self.instant(), self.word());
            let columns = [
                ("id", text(row('Z', number))),
                ("reference", text(format!("I-2026-{number:06}"))),
                ("post_id", text(self.some('T', POSTS))),
                ("setting", text(*self.dice.of(&SETTINGS))),
                ("category", text(*self.dice.of(&["THREAT", "THEFT", "OTHER"]))),
                ("severity", text(*self.dice.of(&SEVERITIES))),
                ("status", text(*self.dice.of(&STATUSES))),
                ("tlp", text(*self.dice.of(&TLP))),
                ("title", text(self.word())),
                ("narrative", text(self.word())),
                ("occurred_at", self.maybe(occurred)),
                ("place", self.maybe(place)),
                ("reporter_id", text(self.some('P', self.persons()))),
                ("opened_at", text(self.instant())),
                ("resolved_at", self.maybe(resolved)),
            ];
            self.insert("incident", &columns);
            self.touched.push((Kind::Incident, row('Z', number)));
            for offset in 0..self.dice.below(4) {
                self.incident_entry(number, 500 + number * 4 + offset);
            }
        }
    }

    /// Under a marking of its own.
    fn incident_entry(&mut self, incident: usize, slot: usize) {
        let (body, status, severity) = (self.word(), *self.dice.of(&STATUSES), *self.dice.of(&SEVERITIES));
        let columns = [
            ("id", text(row('Z', slot))),
            ("incident_id", text(row('Z', incident))),
            ("kind", text(*self.dice.of(&["COMMENT", "STATUS", "SEVERITY", "MARKING"]))),
            ("author_id", text(self.some('P', self.persons()))),
            ("tlp", text(*self.dice.of(&TLP))),
            ("body", self.maybe(body)),
            ("at", text(self.instant())),
            ("to_status", self.maybe(status)),
            ("to_severity", self.maybe(severity)),
        ];
        self.insert("incident_entry", &columns);
        self.touched.push((Kind::IncidentEntry, row('Z', slot)));
    }
}
