//! Concerns that are shared and referred, and CUI controls on what is.

use super::rows::{Case, JUST_AFTER, NOW, ShareOf, THEN, case, to, to_person};

/// The agencies of all askers.
const AGENCIES: [&str; 9] =
    ["embassy", "consulate", "organisation", "manhattan", "newyork", "statepolice", "federal", "national", "dss"];

/// Outlives RED, because it is to one person.
pub const RED_TO_ONE: &str = "RED, shared with the asker of a police up to it";

/// The cases.
pub fn cases() -> Vec<Case> {
    [caps(), single(), lapsed(), marked(), referred(), controlled()].concat()
}

/// A share to every agency.
pub fn with_everybody(cap: &'static str) -> Vec<ShareOf> {
    AGENCIES.into_iter().map(|agency| to(agency, cap)).collect()
}

/// SHARED with each cap.
#[rustfmt::skip]
fn caps() -> Vec<Case> {
    let shared = |name, cap, expect| Case { about: "shared", shares: with_everybody(cap), ..case(name, expect) };
    vec![
        shared("shared with everybody, D",     "D",     "missions=D  police=D   analyst=DCSI liaison=DC  agent=D  rso=D"),
        shared("shared with everybody, DC",    "DC",    "missions=DC police=DC  analyst=DCSI liaison=DC  agent=DC rso=DC"),
        shared("shared with everybody, DCP",   "DCP",   "missions=DC police=DCP analyst=DCSI liaison=DCP agent=DC rso=DC"),
        shared("shared with everybody, DCPSI", "DCPSI", "missions=DC police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        shared("shared with everybody, S: D is always among the tiers", "S", "missions=D police=D analyst=DCSI liaison=DC agent=D rso=DS"),
        Case { premises: "residence", ..shared("shared with everybody, DCPSI, at a residence: it stays hidden", "DCPSI", "missions=DC police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS") },
        Case { about: "lapsed", ..shared("shared with everybody, a cap that cannot be read", "DX", "analyst=DCSI liaison=DC") },
        Case { about: "lapsed", ..shared("shared with everybody, an empty cap", "", "analyst=DCSI liaison=DC") },
    ]
}

/// SHARED with one.
#[rustfmt::skip]
fn single() -> Vec<Case> {
    let shared = |name, share, expect| Case { about: "shared", shares: vec![share], ..case(name, expect) };
    vec![
        shared("shared with one police",            to("manhattan", "DCP"), "manhattan=DCP analyst=DCSI liaison=DC"),
        shared("shared with the asker of a police", to_person("manhattan", "DCP"), "manhattan=DCP analyst=DCSI liaison=DC"),
        shared("shared with a colleague",           to_person("manhattan colleague", "DCP"), "analyst=DCSI liaison=DC"),
        shared("shared with the asker of the embassy", to_person("embassy", "DCP"), "embassy=DC analyst=DCSI liaison=DC"),
        shared("shared with the officer in person", to_person("officer", "DCPSI"), "analyst=DCSI officer=DCP watch=DC"),
        shared("shared with the agent in person",   to_person("agent", "DCPSI"), "analyst=DCSI liaison=DC agent=DC"),
        shared("shared with the RSO in person",     to_person("rso", "DCPSI"), "analyst=DCSI liaison=DC rso=DCS"),
        shared("shared with an administrator in person: the role has no content", to_person("registrar", "DCPSI"), "analyst=DCSI liaison=DC"),
        Case { about: "embassy", ..shared("raised by a police about the embassy, released to it", to("embassy", "DC"), "embassy=DC analyst=DCSI officer=DCPSI watch=DC") },
    ]
}

/// Shares that hold no more, or do not yet sleep.
#[rustfmt::skip]
fn lapsed() -> Vec<Case> {
    let shared = |name, share, expect| Case { about: "lapsed", shares: vec![share], ..case(name, expect) };
    vec![
        shared("a share that expired this instant", ShareOf { expires: Some(NOW), ..to("manhattan", "DCP") }, "analyst=DCSI liaison=DC"),
        shared("a share that expired before",       ShareOf { expires: Some(THEN), ..to("manhattan", "DCP") }, "analyst=DCSI liaison=DC"),
        Case { about: "shared", ..shared("a share that expires the next instant", ShareOf { expires: Some(JUST_AFTER), ..to("manhattan", "DCP") }, "manhattan=DCP analyst=DCSI liaison=DC") },
        shared("a share that was revoked",          ShareOf { revoked: Some(THEN), ..to("manhattan", "DCP") }, "analyst=DCSI liaison=DC"),
        shared("a share whose end is no instant",   ShareOf { expires: Some("tomorrow"), ..to("manhattan", "DCP") }, "analyst=DCSI liaison=DC"),
        shared("a share up to GREEN of an AMBER concern sleeps", ShareOf { tlp: "GREEN", ..to("manhattan", "DCP") }, "analyst=DCSI liaison=DC"),
        shared("a share up to a marking that cannot be read", ShareOf { tlp: "PURPLE", ..to("manhattan", "DCP") }, "analyst=DCSI liaison=DC"),
    ]
}

/// SHARED under the stricter markings.
#[rustfmt::skip]
fn marked() -> Vec<Case> {
    let shared = |name, tlp, share, expect| Case { about: "lapsed", tlp, shares: vec![share], ..case(name, expect) };
    let strict = |share| ShareOf { tlp: "AMBER_STRICT", ..share };
    let red = |share| ShareOf { tlp: "RED", ..share };
    vec![
        Case { about: "shared", ..shared("AMBER_STRICT, shared with a police up to it", "AMBER_STRICT", strict(to("manhattan", "DCP")), "manhattan=DCP analyst=DCSI liaison=DC") },
        shared("AMBER_STRICT, shared with a police up to AMBER", "AMBER_STRICT", to("manhattan", "DCP"), "analyst=DCSI liaison=DC"),
        shared("RED, shared with a police up to it: never to an agency", "RED", red(to("manhattan", "DCP")), ""),
        shared("RED, shared with the service up to it: never to an agency", "RED", red(to("dss", "DCPSI")), ""),
        shared("RED, shared with the asker up to AMBER_STRICT", "RED", strict(to_person("manhattan", "DCP")), ""),
        Case { about: "shared", ..shared(RED_TO_ONE, "RED", red(to_person("manhattan", "DCP")), "manhattan=DCP") },
        Case { about: "shared", ..shared("RED, shared with the analyst up to it", "RED", red(to_person("analyst", "DCPSI")), "analyst=DC") },
        Case { about: "shared", ..shared("RED, shared with the agent up to it", "RED", red(to_person("agent", "DC")), "agent=DC") },
    ]
}

/// REFERRED in each status.
#[rustfmt::skip]
fn referred() -> Vec<Case> {
    let referred = |name, status, expect| Case { about: "referred", referrals: vec![("manhattan", status)], ..case(name, expect) };
    vec![
        referred("referred to a police, OFFERED",  "OFFERED",  "manhattan=DCPS analyst=DCSI liaison=DC"),
        referred("referred to a police, ACCEPTED", "ACCEPTED", "manhattan=DCPS analyst=DCSI liaison=DC"),
        referred("referred to a police, DONE",     "DONE",     "manhattan=DCPS analyst=DCSI liaison=DC"),
        Case { about: "lapsed", ..referred("referred to a police, DECLINED", "DECLINED", "analyst=DCSI liaison=DC") },
        Case { about: "lapsed", ..referred("referred to a police, a status that cannot be read", "PENDING", "analyst=DCSI liaison=DC") },
        Case { tlp: "AMBER_STRICT", ..referred("referred to a police, AMBER_STRICT", "OFFERED", "manhattan=DCPS analyst=DCSI liaison=DC") },
        Case { about: "lapsed", tlp: "RED", ..referred("referred to a police, RED", "OFFERED", "") },
        Case { about: "lapsed", cui: Some("CUI//LEI//FED_ONLY"), ..referred("referred to a police of a city, FED_ONLY", "OFFERED", "analyst=DCSI liaison=DC") },
        Case { about: "lapsed", referrals: vec![("embassy", "OFFERED")], ..case("referred to the embassy: the role has no such ground", "analyst=DCSI liaison=DC") },
        Case { about: "shared", shares: with_everybody("D"), referrals: vec![("dallas", "ACCEPTED")], ..case("referred to another police, shared D with everybody", "missions=D police=D analyst=DCSI liaison=DC agent=D rso=D") },
    ]
}

/// CUI controls on what is shared with everybody.
#[rustfmt::skip]
fn controlled() -> Vec<Case> {
    let with = |name, banner, expect| Case { about: "shared", cui: Some(banner), shares: with_everybody("DCPSI"), ..case(name, expect) };
    vec![
        with("shared with everybody, CUI without a control", "CUI//LEI", "missions=DC police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        with("shared with everybody, NOFORN", "CUI//LEI//NOFORN", "police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        with("shared with everybody, REL_TO France by two letters", "CUI//LEI//REL_TO FR", "embassy=DC consulate=DC police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        with("shared with everybody, REL_TO France by three letters", "CUI//LEI//REL_TO DEU,FRA", "embassy=DC consulate=DC police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        with("shared with everybody, REL_TO another state", "CUI//LEI//REL_TO DEU", "police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        with("shared with everybody, NOFORN and REL_TO France", "CUI//LEI//NOFORN/REL_TO FRA", "police=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS"),
        Case { about: "federal only", ..with("shared with everybody, FED_ONLY", "CUI//LEI//FED_ONLY", "federal=DCP national=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS") },
        Case { about: "federal only", ..with("shared with everybody, a banner that cannot be read", "SECRET", "federal=DCP national=DCP analyst=DCSI liaison=DCP agent=DC rso=DCS") },
    ]
}
