//! What is asked about: missions and their people, concerns and what hangs on them.

use chancery::access::Kind;

use super::{AREAS, BANNERS, CAPS, MISSION_AGENCIES, PLACES, PREMISES, REFERRALS, SEVERITIES, TLP, Writer, flag, text};
use crate::support::small_world::row;

impl Writer {
    pub(super) fn missions(&mut self) {
        for number in 1..=self.size.missions {
            let state = self.some('S', 4);
            let state = self.maybe(state);
            let parent = if number > 1 { Some(self.some('M', number - 1)) } else { None };
            let parent = parent.and_then(|parent| self.maybe(parent));
            let place = *self.dice.of(&PLACES);
            let columns = [
                ("id", text(row('M', number))),
                ("type", text(*self.dice.of(&["EMBASSY", "CONSULATE", "PERMANENT_MISSION_UN"]))),
                ("name", text(self.word())),
                ("sending_state_id", state),
                ("parent_id", parent),
                ("city", {
                    let city = self.word();
                    self.maybe(city)
                }),
                ("state", self.maybe("US-DC")),
                ("area", self.maybe(place)),
                ("jurisdiction_precision", self.maybe("COUNTY")),
                ("latitude", self.number(38)),
                ("longitude", self.number(70)),
                ("status", text(*self.dice.of(&["OPEN", "SUSPENDED", "CLOSED"]))),
                ("switchboard", self.maybe("+12025550111")),
                ("opened_on", {
                    let day = 1 + self.dice.below(5);
                    self.maybe(format!("1912-05-0{day}"))
                }),
                ("protective_need", self.maybe("HIGH")),
                ("guard_posture", self.maybe("guarded")),
                ("analyst_note", self.maybe("noted")),
                ("source_ids", text(*self.dice.of(&["[]", r#"["wikidata:Q1","x"]"#]))),
            ];
            self.insert("mission", &columns);
            self.touched.push((Kind::Mission, row('M', number)));
            for offset in 0..self.dice.below(4) {
                let columns = [
                    ("id", text(row('R', number * 4 + offset))),
                    ("mission_id", text(row('M', number))),
                    ("kind", text(*self.dice.of(&PREMISES))),
                    ("address", {
                        let street = self.word();
                        self.maybe(street)
                    }),
                    ("latitude", self.number(38)),
                ];
                self.insert("premises", &columns);
                self.touched.push((Kind::Premises, row('R', number * 4 + offset)));
            }
            for offset in 0..self.dice.below(3) {
                let columns = [
                    ("id", text(row('K', number * 4 + offset))),
                    ("mission_id", text(row('M', number))),
                    ("function", text(*self.dice.of(&["CHIEF_OF_SECURITY", "DUTY_OFFICER", "FACILITIES"]))),
                    ("name", text(self.word())),
                    ("title", {
                        let title = self.word();
                        self.maybe(title)
                    }),
                    ("work_phone", self.maybe("+12025550122")),
                    ("after_hours_phone", self.maybe("+12025550133")),
                    ("vetted_until", self.maybe("2027-01-03")),
                    ("is_primary", flag(offset == 0)),
                ];
                self.insert("security_contact", &columns);
                self.touched.push((Kind::SecurityContact, row('K', number * 4 + offset)));
            }
        }
    }

    pub(super) fn liaisons(&mut self) {
        for number in 1..=self.dice.below(7) {
            let columns = [
                ("id", text(row('V', number))),
                ("agency_id", text(self.some('A', self.agencies()))),
                ("unit", self.maybe("Patrol")),
                ("name", text(self.word())),
                ("desk_phone", self.maybe("+12025550155")),
                ("mobile_phone", self.maybe("+12025550144")),
                ("sworn", flag(self.dice.chance(50))),
                ("cfr28_certified", flag(self.dice.chance(50))),
            ];
            self.insert("liaison", &columns);
            self.touched.push((Kind::Liaison, row('V', number)));
            for _ in 0..self.dice.below(4) {
                let mission = self.mission();
                self.link("liaison_mission", ("liaison_id", row('V', number)), ("mission_id", mission));
            }
        }
    }

    pub(super) fn concerns(&mut self) {
        for number in 1..=self.size.concerns {
            self.concern(number);
            for offset in 0..self.dice.below(4) {
                self.entry(number, number * 4 + offset);
                if self.dice.chance(60) {
                    self.evidence(number, number * 4 + offset);
                }
            }
            for offset in 0..self.dice.below(3) {
                self.referral(number, number * 4 + offset);
            }
            for offset in 0..self.dice.below(4) {
                self.share(number, number * 4 + offset);
            }
        }
    }

    pub(super) fn concern(&mut self, number: usize) {
        let about = self.mission();
        let by = if self.dice.chance(50) { about.clone() } else { self.mission() };
        let (reporter, owner) = (self.some('P', self.persons()), self.some('P', self.persons()));
        let (place, banner) = (*self.dice.of(&PLACES), *self.dice.of(&BANNERS));
        let occurred = self.instant();
        let columns = [
            ("id", text(row('N', number))),
            ("reference", text(format!("C-2026-{number:06}"))),
            ("kind", text(*self.dice.of(&["PROBLEM", "QUESTION", "CONCERN"]))),
            ("category", text(*self.dice.of(&["THREAT", "THEFT", "OTHER", "AVIATION"]))),
            ("nibrs_code", self.maybe("13B")),
            ("severity", text(*self.dice.of(&SEVERITIES))),
            ("status", text(*self.dice.of(&["SUBMITTED", "ASSIGNED", "CLOSED"]))),
            ("mission_id", text(about)),
            ("title", text(self.word())),
            ("narrative", text(self.word())),
            ("occurred_at", self.maybe(occurred)),
            ("latitude", self.number(38)),
            ("origin_agency_id", text(self.some('A', self.agencies()))),
            ("origin_mission_id", self.maybe(by)),
            ("reporter_id", self.maybe(reporter)),
            ("reporter_pseudonym", self.maybe("f00d")),
            ("subjects", text(*self.dice.of(&["[]", r#"["a person"]"#]))),
            ("owner_id", if self.dice.chance(50) { text(owner) } else { None }),
            ("incident_area", if self.dice.chance(50) { text(place) } else { None }),
            ("visit_id", {
                let visit = self.visit();
                self.maybe(visit)
            }),
            ("tlp", text(*self.dice.of(&TLP))),
            ("cui", if self.dice.chance(35) { text(banner) } else { None }),
            ("opened_at", text(self.instant())),
        ];
        self.insert("concern", &columns);
        self.touched.push((Kind::Concern, row('N', number)));
    }

    pub(super) fn entry(&mut self, concern: usize, slot: usize) {
        let author = self.some('P', self.persons());
        let columns = [
            ("id", text(row('E', slot))),
            ("concern_id", text(row('N', concern))),
            ("kind", text(*self.dice.of(&["COMMENT", "ACKNOWLEDGED", "STATUS"]))),
            ("author_id", self.maybe(author)),
            ("audience", text(*self.dice.of(&["MISSION", "AGENCIES", "INTERNAL"]))),
            ("tlp", text(*self.dice.of(&TLP))),
            ("body", {
                let body = self.word();
                self.maybe(body)
            }),
            ("at", text(self.instant())),
        ];
        self.insert("entry", &columns);
        for _ in 0..self.dice.below(3) {
            let agency = self.some('A', self.agencies());
            self.link("entry_audience", ("entry_id", row('E', slot)), ("agency_id", agency));
        }
        self.touched.push((Kind::Entry, row('E', slot)));
    }

    /// By the entry of the same slot.
    pub(super) fn evidence(&mut self, concern: usize, slot: usize) {
        let person = self.some('P', self.persons());
        let columns = [
            ("id", text(row('D', slot))),
            ("concern_id", text(row('N', concern))),
            ("entry_id", text(row('E', slot))),
            ("name", text(self.word())),
            ("sha256", text("0f".repeat(32))),
            ("pointer", text(self.word())),
            ("tlp", text(*self.dice.of(&TLP))),
            ("added_at", text(self.instant())),
            ("added_by_id", self.maybe(person)),
        ];
        self.insert("evidence", &columns);
        self.touched.push((Kind::Evidence, row('D', slot)));
    }

    /// Of some missions, once or twice.
    pub(super) fn mission_changes(&mut self) {
        for number in 1..=self.size.missions {
            for slot in 0..self.dice.below(3) {
                let (person, mission) = (self.some('P', self.persons()), self.mission());
                let columns = [
                    ("id", text(row('C', number * 4 + slot))),
                    ("mission_id", text(mission)),
                    ("status", text(*self.dice.of(&["PROPOSED", "ACCEPTED", "DECLINED"]))),
                    ("proposes", text(*self.dice.of(&["[]", r#"["email"]"#]))),
                    ("switchboard", self.maybe("+12025550101")),
                    ("email", self.maybe("new@mission.example")),
                    ("email_before", self.maybe("old@mission.example")),
                    ("proposed_by_id", text(person.clone())),
                    ("proposed_at", text(self.instant())),
                    ("decided_by_id", self.maybe(person)),
                    ("reason", self.maybe("Why")),
                ];
                self.insert("mission_change", &columns);
                self.touched.push((Kind::MissionChange, row('C', number * 4 + slot)));
            }
        }
    }

    pub(super) fn advisories(&mut self) {
        for number in 1..=self.size.missions {
            let (person, audience) = (self.some('P', self.persons()), self.audience());
            let columns = [
                ("id", text(row('B', number))),
                ("msg_type", text(*self.dice.of(&["ALERT", "UPDATE", "CANCEL"]))),
                ("urgency", text(*self.dice.of(&["IMMEDIATE", "PAST"]))),
                ("severity", text(*self.dice.of(&["EXTREME", "MINOR"]))),
                ("certainty", text(*self.dice.of(&["OBSERVED", "UNKNOWN"]))),
                ("headline", text(self.word())),
                ("body", text(self.word())),
                ("audience", text(audience)),
                ("sent_at", text(self.instant())),
                ("expires_at", self.end()),
                ("supersedes_id", (number > 1).then(|| row('B', number - 1)).and_then(|of| self.maybe(of))),
                ("issued_by_id", self.maybe(person)),
            ];
            self.insert("advisory", &columns);
            self.touched.push((Kind::Advisory, row('B', number)));
            for agency in 1..=self.agencies() {
                if self.dice.chance(70) {
                    continue;
                }
                let columns = [
                    ("id", text(row('Q', number * 10 + agency))),
                    ("advisory_id", text(row('B', number))),
                    ("agency_id", text(row('A', agency))),
                    ("person_id", text(self.some('P', self.persons()))),
                    ("acknowledged_at", text(self.instant())),
                ];
                self.insert("acknowledgement", &columns);
                self.touched.push((Kind::Acknowledgement, row('Q', number * 10 + agency)));
            }
        }
    }

    /// Events of the trail, by persons for their own agency, for others' and for none.
    pub(super) fn events(&mut self) {
        for number in 1..=self.size.missions * 3 {
            let (person, agency) = (self.some('P', self.persons()), self.some('A', self.agencies()));
            let role = *self.dice.of(&["MISSION_OFFICER", "LAW_ENFORCEMENT", "LIAISON_OFFICER", "DETAIL_AGENT"]);
            let columns = [
                ("id", text(row('J', number))),
                ("writer", text(*self.dice.of(&["desk", "operator"]))),
                ("sequence", text(number.to_string())),
                ("at", text(self.instant())),
                ("subject", self.maybe("subject-1")),
                ("agency_id", self.maybe(agency)),
                ("person_id", self.maybe(person)),
                ("role", self.maybe(role)),
                ("operation", text(self.word())),
                ("object_ids", text(*self.dice.of(&["[]", r#"["concern_1/P","x"]"#]))),
                ("grounds", text(*self.dice.of(&["[]", r#"["OWN"]"#]))),
                ("decision", text(*self.dice.of(&["DONE", "READ", "REFUSED"]))),
                ("code", self.maybe("NOT_FOUND")),
                ("policy_version", text("8")),
                ("previous_hash", text(self.word())),
                ("hash", text(self.word())),
            ];
            self.insert("audit_event", &columns);
        }
    }

    /// To whom an advisory is addressed: nobody, one, or several; what cannot be read is nobody.
    pub(super) fn audience(&mut self) -> String {
        let mut to = Vec::new();
        for _ in 0..self.dice.below(4) {
            to.push(match self.dice.below(7) {
                0 => "MISSIONS".to_owned(),
                1 => "LAW_ENFORCEMENT".to_owned(),
                2 => format!("SENDING_STATE:{}", self.some('S', 4)),
                3 => format!("MISSION_TYPE:{}", self.dice.of(&["EMBASSY", "CONSULATE", "PERMANENT_MISSION_UN"])),
                4 => (*self.dice.of(&["AREA:nowhere", "EVERYBODY", "mission_type:EMBASSY"])).to_owned(),
                _ => format!("AREA:{}", self.dice.of(&AREAS)),
            });
        }
        serde_json::json!(to).to_string()
    }

    pub(super) fn referral(&mut self, concern: usize, slot: usize) {
        let partner = row('A', MISSION_AGENCIES + 1 + self.dice.below(self.size.partners));
        let columns = [
            ("id", text(row('F', slot))),
            ("concern_id", text(row('N', concern))),
            ("agency_id", text(partner)),
            ("status", text(*self.dice.of(&REFERRALS))),
            ("case_number", self.maybe("2026-77")),
            ("due_at", {
                let due = self.instant();
                self.maybe(due)
            }),
            ("offered_at", text(self.instant())),
        ];
        self.insert("referral", &columns);
        self.touched.push((Kind::Referral, row('F', slot)));
    }

    pub(super) fn share(&mut self, concern: usize, slot: usize) {
        let (agency, person) = (self.some('A', self.agencies()), self.some('P', self.persons()));
        let to_agency = self.dice.chance(50);
        let columns = [
            ("id", text(row('H', slot))),
            ("concern_id", text(row('N', concern))),
            ("agency_id", if to_agency { text(agency) } else { None }),
            ("person_id", if to_agency { None } else { text(person) }),
            ("tier_cap", text(*self.dice.of(&CAPS))),
            ("tlp_cap", text(*self.dice.of(&TLP))),
            ("reason", text("needs to know")),
            ("shared_at", text(self.instant())),
            ("expires_at", self.end()),
            ("revoked_at", if self.dice.chance(20) { text("2026-11-10T00:00:00.000000Z") } else { None }),
        ];
        self.insert("share", &columns);
        self.touched.push((Kind::Share, row('H', slot)));
    }
}
