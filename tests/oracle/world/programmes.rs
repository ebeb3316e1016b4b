//! Who serves at posts abroad, and what protects the people there.

use chancery::access::Kind;

use super::{POSTS, SEVERITIES, Writer, text};
use crate::support::small_world::row;

const CAPACITIES: [&str; 4] = [
    "CHIEF_OF_MISSION",
    "REGIONAL_SECURITY_OFFICER",
    "DEPUTY_REGIONAL_SECURITY_OFFICER",
    "ASSISTANT_REGIONAL_SECURITY_OFFICER",
];
const PROGRAMMES: [&str; 3] = ["LOCAL_GUARD", "RESIDENTIAL_SECURITY", "OSAC_COUNTRY_CHAPTER"];
const OUTCOMES: [&str; 3] = ["SATISFACTORY", "NEEDS_IMPROVEMENT", "UNSATISFACTORY"];
/// Around today and the last day that is soon, and far from them.
const DUE: [&str; 8] =
    ["2026-02-03", "2026-11-21", "2026-11-22", "2026-11-23", "2026-12-21", "2026-12-22", "2026-12-23", "2027-06-05"];

impl Writer {
    fn due(&mut self) -> String {
        (*self.dice.of(&DUE)).to_owned()
    }

    /// One of each kind that is kept, and one that is not.
    fn most_programmes() -> usize {
        POSTS * PROGRAMMES.len() * 2
    }

    fn programme(&mut self) -> String {
        self.some('0', Self::most_programmes())
    }

    pub(super) fn programmes(&mut self) {
        for number in 1..=POSTS * 4 {
            self.tour(number);
        }
        for number in 1..=Self::most_programmes() {
            // Of a kind a post keeps one at a time.
            let (post, place) = (1 + (number - 1) % POSTS, (number - 1) / POSTS);
            let is_kept = place < PROGRAMMES.len();
            let (reviewed, outcome, next, end) = (self.due(), *self.dice.of(&OUTCOMES), self.due(), self.due());
            let columns = [
                ("id", text(row('0', number))),
                ("post_id", text(row('T', post))),
                ("kind", text(PROGRAMMES[place % PROGRAMMES.len()])),
                ("reviewed_on", self.maybe(reviewed)),
                ("outcome", self.maybe(outcome)),
                ("next_review_on", text(next)),
                ("ended_on", if is_kept && self.dice.chance(70) { None } else { text(end) }),
            ];
            self.insert("post_programme", &columns);
            self.touched.push((Kind::PostProgramme, row('0', number)));
        }
        for number in 1..=POSTS * 3 {
            self.review(number);
        }
        for number in 1..=POSTS * 3 {
            self.finding(number);
        }
        for number in 1..=POSTS * 2 {
            self.advice(number);
        }
    }

    /// Past, present, ahead; of an office that one holds at a time, sometimes several.
    fn tour(&mut self, number: usize) {
        let starts = *self.dice.of(&["2025-01-02", "2026-11-20", "2026-11-22", "2026-11-23"]);
        let ends = *self.dice.of(&["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2027-01-02"]);
        let columns = [
            ("id", text(row('9', number))),
            ("post_id", text(self.some('T', POSTS))),
            ("capacity", text(*self.dice.of(&CAPACITIES))),
            ("name", text(self.word())),
            ("starts_on", text(starts)),
            ("ends_on", if starts <= ends { self.maybe(ends) } else { None }),
        ];
        self.insert("tour", &columns);
        self.touched.push((Kind::Tour, row('9', number)));
    }

    /// Of a programme of whichever post, as what is below: one that is hidden must not show by it.
    fn review(&mut self, number: usize) {
        let columns = [
            ("id", text(row('0', 500 + number))),
            ("post_id", text(self.some('T', POSTS))),
            ("programme_id", text(self.programme())),
            ("reviewed_on", text(self.due())),
            ("outcome", text(*self.dice.of(&OUTCOMES))),
            ("summary", text(self.word())),
            ("next_review_on", text(self.due())),
            ("recorded_at", text(self.instant())),
        ];
        self.insert("programme_review", &columns);
        self.touched.push((Kind::ProgrammeReview, row('0', 500 + number)));
    }

    fn finding(&mut self, number: usize) {
        let (review, resolved) = (row('0', 500 + 1 + self.dice.below(POSTS * 3)), self.instant());
        let columns = [
            ("id", text(row('1', number))),
            ("post_id", text(self.some('T', POSTS))),
            ("programme_id", text(self.programme())),
            ("review_id", self.maybe(review)),
            ("severity", text(*self.dice.of(&SEVERITIES))),
            ("body", text(self.word())),
            ("found_at", text(self.instant())),
            ("due_on", text(self.due())),
            ("resolved_at", if self.dice.chance(40) { text(resolved) } else { None }),
            ("resolution", self.maybe("It closes")),
        ];
        self.insert("finding", &columns);
        self.touched.push((Kind::Finding, row('1', number)));
    }

    fn advice(&mut self, number: usize) {
        let (finding, chief, decided) = (self.some('1', POSTS * 3), self.word(), self.instant());
        let columns = [
            ("id", text(row('1', 500 + number))),
            ("post_id", text(self.some('T', POSTS))),
            ("finding_id", self.maybe(finding)),
            ("subject", text(self.word())),
            ("body", text(self.word())),
            ("given_to", self.maybe(chief)),
            ("advised_by_id", text(self.some('P', self.persons()))),
            ("advised_at", text(self.instant())),
            ("decision", text(*self.dice.of(&["PENDING", "DEFERRED", "ACCEPTED", "DECLINED"]))),
            ("decided_at", self.maybe(decided)),
            ("reason", self.maybe("Why")),
        ];
        self.insert("advice", &columns);
        self.touched.push((Kind::Advice, row('1', 500 + number)));
    }
}
