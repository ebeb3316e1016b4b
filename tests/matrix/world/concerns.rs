//! Concerns: whose, where, under which marking.

use super::{
    rows::{Case, case},
    visits::UNDER_THE_AGENT,
};

/// The cases that are neither shared nor referred.
pub fn cases() -> Vec<Case> {
    [belonging(), personal(), places()].concat()
}

/// A concern that the French embassy raised about itself.
fn of_embassy(name: &'static str, expect: &'static str) -> Case {
    let by = "embassy";
    Case { about: "embassy", origin: Some("embassy"), by, reporter: "embassy colleague", ..case(name, expect) }
}

/// A concern that the French consulate raised about itself.
fn of_consulate(name: &'static str, expect: &'static str) -> Case {
    let by = "consulate";
    Case { about: "consulate", origin: Some("consulate"), by, reporter: "consulate colleague", ..case(name, expect) }
}

/// OWN, STATE, INTERNAL, PORTFOLIO, under each marking.
#[rustfmt::skip]
fn belonging() -> Vec<Case> {
    vec![
        case("a stranger's, AMBER", "analyst=DCSI liaison=DC"),
        // VIA_VISIT: it has to do with a visit on whose detail the agent is.
        Case { visit: UNDER_THE_AGENT, ..case("a stranger's, of the agent's visit, AMBER", "analyst=DCSI liaison=DC agent=DCS") },
        Case { visit: UNDER_THE_AGENT, tlp: "AMBER_STRICT", ..case("a stranger's, of the agent's visit, AMBER_STRICT", "analyst=DCSI liaison=DC agent=DCS") },
        Case { visit: UNDER_THE_AGENT, tlp: "RED", ..case("a stranger's, of the agent's visit, RED", "") },
        Case { tlp: "CLEAR",        ..case("a stranger's, CLEAR", "analyst=DCSI liaison=DC") },
        Case { tlp: "AMBER_STRICT", ..case("a stranger's, AMBER_STRICT", "analyst=DCSI liaison=DC") },
        Case { tlp: "RED",          ..case("a stranger's, RED", "") },
        Case { tlp: "PURPLE",       ..case("a stranger's, a marking that cannot be read: as RED", "") },

        of_embassy("raised by the embassy about itself, AMBER", "embassy=DCP analyst=DCSI officer=DCPSI watch=DC"),
        Case { tlp: "CLEAR",        ..of_embassy("raised by the embassy about itself, CLEAR", "embassy=DCP analyst=DCSI officer=DCPSI watch=DC") },
        Case { tlp: "AMBER_STRICT", ..of_embassy("raised by the embassy about itself, AMBER_STRICT", "embassy=DCP analyst=DCSI officer=DCPSI watch=DC") },
        Case { tlp: "RED",          ..of_embassy("raised by the embassy about itself, RED", "") },
        Case { about: "outside",    ..of_embassy("raised by the embassy about a stranger's mission", "embassy=DCP analyst=DCSI liaison=DC") },
        Case { about: "embassy",    ..case("raised by a police about the embassy: it is not the embassy's", "analyst=DCSI officer=DCPSI watch=DC") },
        Case { cui: Some("CUI//LEI//FED_ONLY"), ..of_embassy("raised by the embassy, FED_ONLY", "analyst=DCSI officer=DCPSI watch=DC") },

        Case { tlp: "CLEAR",        ..of_consulate("raised by the consulate, CLEAR", "embassy=D consulate=DCP analyst=DCSI liaison=DC") },
        Case { tlp: "GREEN",        ..of_consulate("raised by the consulate, GREEN", "embassy=D consulate=DCP analyst=DCSI liaison=DC") },
        of_consulate("raised by the consulate, AMBER", "embassy=D consulate=DCP analyst=DCSI liaison=DC"),
        Case { tlp: "AMBER_STRICT", ..of_consulate("raised by the consulate, AMBER_STRICT", "consulate=DCP analyst=DCSI liaison=DC") },
        Case { tlp: "RED",          ..of_consulate("raised by the consulate, RED", "") },
        Case { cui: Some("CUI//LEI//NOFORN"),     ..of_consulate("raised by the consulate, NOFORN", "analyst=DCSI liaison=DC") },
        Case { cui: Some("CUI//LEI//REL_TO FRA"), ..of_consulate("raised by the consulate, REL_TO France", "embassy=D consulate=DCP analyst=DCSI liaison=DC") },
        Case { cui: Some("CUI//LEI//REL_TO DE"),  ..of_consulate("raised by the consulate, REL_TO another state", "analyst=DCSI liaison=DC") },
        Case { about: "second organisation", origin: Some("second organisation"), ..case("raised by another organisation: none is of the same state", "analyst=DCSI liaison=DC") },
        Case { about: "protected", origin: Some("protected"), ..case("raised by a mission of a state that France protects", "analyst=DCSI liaison=DC") },
        Case { about: "organisation", origin: Some("organisation"), by: "organisation", cui: Some("CUI//LEI//REL_TO FRA"),
               ..case("raised by the organisation, REL_TO France: it has no state to be listed", "analyst=DCSI liaison=DC") },
    ]
}

/// REPORTER, OWNER, WATCH.
#[rustfmt::skip]
fn personal() -> Vec<Case> {
    vec![
        Case { reporter: "embassy",   ..case("reported by the asker of the embassy, AMBER", "embassy=DCP analyst=DCSI liaison=DC") },
        Case { reporter: "embassy",   tlp: "RED", ..case("reported by the asker of the embassy, RED", "embassy=DCP") },
        Case { reporter: "embassy",   cui: Some("CUI//LEI//NOFORN"), ..case("reported by the asker of the embassy, NOFORN", "analyst=DCSI liaison=DC") },
        Case { reporter: "manhattan", ..case("reported by the asker of a police, AMBER", "manhattan=DCP analyst=DCSI liaison=DC") },
        Case { reporter: "manhattan", tlp: "RED", ..case("reported by the asker of a police, RED", "manhattan=DCP") },
        Case { reporter: "manhattan", cui: Some("CUI//LEI//FED_ONLY"), ..case("reported by the asker of a police, FED_ONLY", "analyst=DCSI liaison=DC") },
        Case { reporter: "manhattan colleague", ..case("reported by a colleague of the asker", "analyst=DCSI liaison=DC") },
        Case { by: "manhattan",       ..case("raised by the asker's agency: no ground", "analyst=DCSI liaison=DC") },
        Case { reporter: "analyst",   tlp: "RED", ..case("reported by the analyst, RED: the role has no such ground", "") },

        Case { owner: Some("officer"), ..case("assigned to the officer, AMBER", "analyst=DCSI officer=DCPSI watch=DC") },
        Case { owner: Some("officer"), tlp: "RED", ..case("assigned to the officer, RED", "officer=DCPSI") },
        Case { owner: Some("officer"), cui: Some("CUI//LEI//FED_ONLY/NOFORN"), ..case("assigned to the officer, FED_ONLY and NOFORN", "analyst=DCSI officer=DCPSI watch=DC") },
        Case { owner: Some("analyst"), tlp: "RED", ..case("assigned to the analyst, RED: the role has no such ground", "") },
        Case { owner: None, ..case("unassigned, AMBER", "analyst=DCSI officer=DC watch=DCP") },
        Case { owner: None, tlp: "AMBER_STRICT", ..case("unassigned, AMBER_STRICT", "analyst=DCSI officer=DC watch=DCP") },
        Case { owner: None, tlp: "RED", ..case("unassigned, RED", "watch=DCP") },
    ]
}

/// JURISDICTION: HIGH or CRITICAL, GREEN or CLEAR, and the place.
#[rustfmt::skip]
fn places() -> Vec<Case> {
    fn green(name: &'static str, area: Option<&'static str>, expect: &'static str) -> Case {
        Case { severity: "HIGH", tlp: "GREEN", area, ..case(name, expect) }
    }
    vec![
        green("HIGH, GREEN, in New York County", Some("36061"), "manhattan=D newyork=D statepolice=D national=D analyst=DCSI liaison=DC"),
        Case { severity: "CRITICAL", tlp: "CLEAR", ..green("CRITICAL, CLEAR, in New York County", Some("36061"), "manhattan=D newyork=D statepolice=D national=D analyst=DCSI liaison=DC") },
        Case { severity: "MEDIUM", ..green("MEDIUM, GREEN, in New York County", Some("36061"), "analyst=DCSI liaison=DC") },
        Case { tlp: "AMBER",       ..green("HIGH, AMBER, in New York County", Some("36061"), "analyst=DCSI liaison=DC") },
        Case { tlp: "RED",         ..green("CRITICAL, RED, in New York County", Some("36061"), "") },
        Case { cui: Some("CUI//LEI//FED_ONLY"), ..green("HIGH, GREEN, in New York County, FED_ONLY", Some("36061"), "national=D analyst=DCSI liaison=DC") },
        Case { cui: Some("CUI//LEI//NOFORN"),   ..green("HIGH, GREEN, in New York County, NOFORN", Some("36061"), "manhattan=D newyork=D statepolice=D national=D analyst=DCSI liaison=DC") },
        Case { cui: Some("CUI//LEI//REL_TO DE"), ..green("HIGH, GREEN, in New York County, REL_TO another state", Some("36061"), "manhattan=D newyork=D statepolice=D national=D analyst=DCSI liaison=DC") },
        green("HIGH, GREEN, in Kings County", Some("36047"), "newyork=D statepolice=D national=D analyst=DCSI liaison=DC"),
        green("HIGH, GREEN, in New York City, borough not known", Some("NYC"), "newyork=D statepolice=D national=D analyst=DCSI liaison=DC"),
        green("HIGH, GREEN, in the state of New York", Some("US-NY"), "statepolice=D national=D analyst=DCSI liaison=DC"),
        green("HIGH, GREEN, in an area that is proposed only", Some("48201"), "national=D analyst=DCSI liaison=DC"),
        green("HIGH, GREEN, in Washington by its county", Some("11001"), "federal=D national=D analyst=DCSI liaison=DC"),
        green("HIGH, GREEN, in Washington by its state", Some("US-DC"), "federal=D national=D analyst=DCSI liaison=DC"),
        green("HIGH, GREEN, at a place that names no area", Some("Springfield"), "analyst=DCSI liaison=DC"),
        Case { about: "in Manhattan", ..green("HIGH, GREEN, place not said, about a mission in New York County", None, "manhattan=D newyork=D statepolice=D national=D analyst=DCSI liaison=DC") },
        Case { about: "in Manhattan", ..green("HIGH, GREEN, in Dallas, about a mission in New York County", Some("48113"), "national=D analyst=DCSI liaison=DC") },
        Case { about: "nowhere", ..green("HIGH, GREEN, place not said, about a mission nowhere", None, "analyst=DCSI liaison=DC") },
    ]
}
