//! Protective details.

use chancery::access::Kind;

use super::{Writer, text};
use crate::support::small_world::row;

impl Writer {
    /// Details: of every other visit, and a standing one.
    pub(super) fn detail(&mut self) -> String {
        self.some('5', self.size.missions.div_ceil(2) + 1)
    }

    /// Around the edges of what an assignment opens: 168 hours before, 72 after.
    fn edge(&mut self, days: [&str; 4]) -> String {
        (*self.dice.of(&days)).to_owned()
    }

    pub(super) fn details(&mut self) {
        let of_visits = self.size.missions.div_ceil(2);
        for number in 1..=of_visits + 1 {
            let standing = number > of_visits;
            let leader = self.some('P', self.persons());
            let columns = [
                ("id", text(row('5', number))),
                ("protectee", text(if standing { "UN_AMBASSADOR" } else { "VISITOR" })),
                ("visit_id", if standing { None } else { text(row('W', number)) }),
                ("status", text(*self.dice.of(&["OPEN", "CLOSED"]))),
                ("agent_in_charge_id", text(leader)),
                ("safe_haven", self.maybe("A safe place")),
                ("opened_at", text(self.instant())),
                ("closed_at", {
                    let closed = self.instant();
                    self.maybe(closed)
                }),
            ];
            self.insert("protective_detail", &columns);
            self.touched.push((Kind::ProtectiveDetail, row('5', number)));
            for _ in 0..self.dice.below(3) {
                let agency = self.some('A', self.agencies());
                self.link("detail_agency", ("detail_id", row('5', number)), ("agency_id", agency));
            }
        }
        for number in 1..=self.size.missions * 3 {
            let (detail, person) = (self.detail(), self.some('P', self.persons()));
            let starts = self.edge([
                "2026-11-29T12:00:00.000000Z",
                "2026-11-29T12:00:00.000001Z",
                "2026-11-10T00:00:00.000000Z",
                "2026-11-22T00:00:00.000000Z",
            ]);
            let ends = self.edge([
                "2026-11-19T12:00:00.000000Z",
                "2026-11-19T12:00:00.000001Z",
                "2026-12-19T12:00:00.000000Z",
                "2026-11-12T00:00:00.000000Z",
            ]);
            let columns = [
                ("id", text(row('6', number))),
                ("detail_id", text(&detail)),
                ("person_id", text(&person)),
                ("starts_at", text(starts)),
                ("ends_at", self.maybe(ends)),
                ("assigned_at", text(self.instant())),
            ];
            self.insert("assignment", &columns);
            self.touched.push((Kind::Assignment, row('6', number)));
            // A minute of its own each: nobody is on two at a time.
            let at = |minute: usize| format!("2026-11-22T{:02}:{:02}:00.000000Z", minute / 60, minute % 60);
            let columns = [
                ("id", text(row('7', number))),
                ("detail_id", text(detail)),
                ("person_id", text(person)),
                ("role", text(*self.dice.of(&["DRIVER", "ADVANCE"]))),
                ("starts_at", text(at(number))),
                ("ends_at", text(at(number + 1))),
                ("relieves_id", if number > 1 { self.maybe(row('7', number - 1)) } else { None }),
            ];
            self.insert("shift", &columns);
            self.touched.push((Kind::Shift, row('7', number)));
        }
        for number in 1..=self.size.missions {
            let (visit, leg, person) = (self.visit(), self.leg(), self.some('P', self.persons()));
            let columns = [
                ("id", text(row('8', number))),
                ("visit_id", text(visit)),
                ("leg_id", text(leg)),
                ("author_id", self.maybe(person)),
                ("body", text(self.word())),
                ("at", text(self.instant())),
            ];
            self.insert("advance_note", &columns);
            self.touched.push((Kind::AdvanceNote, row('8', number)));
        }
    }
}
