//! Missions, each with a chancery, a residence and a security contact.

use chancery::access::Kind;
use entity::mission_accreditation;
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{self, put},
};

/// A mission and who sees what of it and of what belongs to it.
struct Line {
    handle: &'static str,
    name: &'static str,
    state: Option<&'static str>,
    area: Option<&'static str>,
    mission: &'static str,
    chancery: &'static str,
    residence: &'static str,
    contact: &'static str,
}

const fn line(
    (handle, name): (&'static str, &'static str),
    state: Option<&'static str>,
    area: Option<&'static str>,
    [mission, chancery, residence, contact]: [&'static str; 4],
) -> Line {
    Line { handle, name, state, area, mission, chancery, residence, contact }
}

/// Whose it is.
#[rustfmt::skip]
const BELONGING: &[Line] = &[
    line(("embassy", "the French embassy, in Washington by its county"), Some("FR"), Some("11001"), [
        "embassy=DCP consulate=D organisation=D federal=DC national=DC analyst=DCSI officer=DCPSI watch=DC rso=DC registrar=D",
        "embassy=DC  consulate=D organisation=D federal=DC national=DC analyst=DC   officer=DC    watch=DC rso=DC",
        "embassy=DC officer=DC",
        "embassy=DCP federal=DC national=DC analyst=DC officer=DCPS watch=DC rso=DC",
    ]),
    line(("consulate", "the French consulate, in New York County"), Some("FR"), Some("36061"), [
        "embassy=DC consulate=DCP organisation=D manhattan=DC newyork=DC statepolice=DC national=DC analyst=DCSI liaison=DC rso=DC registrar=D",
        "embassy=DC consulate=DC  organisation=D manhattan=DC newyork=DC statepolice=DC national=DC analyst=DC   liaison=DC rso=DC",
        "consulate=DC",
        "embassy=DC consulate=DCP manhattan=DC newyork=DC statepolice=DC national=DC analyst=DC liaison=DC rso=DC",
    ]),
    line(("organisation", "an international organisation, in Dallas"), None, Some("48113"), [
        "embassy=D consulate=D organisation=DCP national=DC analyst=DCSI liaison=DC registrar=D",
        "embassy=D consulate=D organisation=DC  national=DC analyst=DC   liaison=DC",
        "organisation=DC",
        "organisation=DCP national=DC analyst=DC liaison=DC",
    ]),
    line(("second organisation", "another organisation without a state, in Dallas"), None, Some("48113"), [
        "missions=D national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D national=DC analyst=DC   liaison=DC",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("protected", "of a state that France protects, in Dallas"), Some("IR"), Some("48113"), [
        "missions=D national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D national=DC analyst=DC   liaison=DC",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
];

/// Where it lies: a stranger's missions.
#[rustfmt::skip]
const PLACES: &[Line] = &[
    line(("in Manhattan", "a stranger's, in New York County"), Some("DE"), Some("36061"), [
        "missions=D manhattan=DC newyork=DC statepolice=DC national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D manhattan=DC newyork=DC statepolice=DC national=DC analyst=DC   liaison=DC",
        "",
        "manhattan=DC newyork=DC statepolice=DC national=DC analyst=DC liaison=DC",
    ]),
    line(("in Brooklyn", "a stranger's, in Kings County"), Some("DE"), Some("36047"), [
        "missions=D newyork=DC statepolice=DC national=DC agent=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D newyork=DC statepolice=DC national=DC agent=DC analyst=DC   liaison=DC",
        "",
        "newyork=DC statepolice=DC national=DC agent=DC analyst=DC liaison=DC",
    ]),
    line(("in some borough", "a stranger's, in New York City, borough not known"), Some("DE"), Some("NYC"), [
        "missions=D newyork=DC statepolice=DC national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D newyork=DC statepolice=DC national=DC analyst=DC   liaison=DC",
        "",
        "newyork=DC statepolice=DC national=DC analyst=DC liaison=DC",
    ]),
    line(("in the state", "a stranger's, in the state of New York, county not known"), Some("DE"), Some("US-NY"), [
        "missions=D statepolice=DC national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D statepolice=DC national=DC analyst=DC   liaison=DC",
        "",
        "statepolice=DC national=DC analyst=DC liaison=DC",
    ]),
    line(("in Albany", "a stranger's, in Albany County"), Some("DE"), Some("36001"), [
        "missions=D statepolice=DC national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D statepolice=DC national=DC analyst=DC   liaison=DC",
        "",
        "statepolice=DC national=DC analyst=DC liaison=DC",
    ]),
    line(("in Washington", "a stranger's, in Washington by its state"), Some("DE"), Some("US-DC"), [
        "missions=D federal=DC national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D federal=DC national=DC analyst=DC   liaison=DC",
        "",
        "federal=DC national=DC analyst=DC liaison=DC",
    ]),
    line(("in Houston", "a stranger's, in Harris County, an area that is proposed only"), Some("DE"), Some("48201"), [
        "missions=D national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D national=DC analyst=DC   liaison=DC",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("outside", "a stranger's, in Dallas, outside every area but the nation"), Some("DE"), Some("48113"), [
        "missions=D national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D national=DC analyst=DC   liaison=DC",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("in the country", "a stranger's, in the United States, nothing more known"), Some("DE"), Some("US"), [
        "missions=D national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D national=DC analyst=DC   liaison=DC",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("nowhere", "a stranger's, place not known"), Some("DE"), None, [
        "missions=D analyst=DCSI liaison=DC registrar=D",
        "missions=D analyst=DC   liaison=DC",
        "",
        "analyst=DC liaison=DC",
    ]),
];

/// Reached by concerns about it; all are strangers' and in Dallas. See `shares` and `children`.
#[rustfmt::skip]
const REACHED: &[Line] = &[
    line(("shared", "a stranger's; concerns about it are shared with everybody"), Some("DE"), Some("48113"), [
        "missions=D police=D national=DC analyst=DCSI liaison=DC rso=D registrar=D",
        "missions=D police=D national=DC analyst=DC   liaison=DC rso=D",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("referred", "a stranger's; a concern about it is referred to the police of New York County"), Some("DE"), Some("48113"), [
        "missions=D manhattan=DC national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D manhattan=DC national=DC analyst=DC   liaison=DC",
        "",
        "manhattan=DC national=DC analyst=DC liaison=DC",
    ]),
    line(("lapsed", "a stranger's; shares and referrals of concerns about it have lapsed"), Some("DE"), Some("48113"), [
        "missions=D national=DC analyst=DCSI liaison=DC registrar=D",
        "missions=D national=DC analyst=DC   liaison=DC",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("federal only", "a stranger's; a FED_ONLY concern about it is shared with everybody"), Some("DE"), Some("48113"), [
        "missions=D federal=D national=DC analyst=DCSI liaison=DC rso=D registrar=D",
        "missions=D federal=D national=DC analyst=DC   liaison=DC rso=D",
        "",
        "national=DC analyst=DC liaison=DC",
    ]),
    line(("both", "a stranger's; a concern about it is shared with everybody, and referred to two"), Some("DE"), Some("48113"), [
        "missions=D police=D manhattan=DC federal=DC national=DC analyst=DCSI liaison=DC rso=D registrar=D",
        "missions=D police=D manhattan=DC federal=DC national=DC analyst=DC   liaison=DC rso=D",
        "",
        "manhattan=DC federal=DC national=DC analyst=DC liaison=DC",
    ]),
];

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for line in BELONGING.iter().chain(PLACES).chain(REACHED) {
        let handle = line.handle;
        put(work, rows::mission(handle, line.state, line.area)).await;
        let accredited = mission_accreditation::Model {
            mission_id: id_of(Kind::Mission, handle),
            sending_state_id: id_of(Kind::SendingState, "CH"),
        };
        put(work, accredited).await;
        world.push(Situation::of(Kind::Mission, handle, line.name, line.mission));
        let (chancery, residence) = (format!("chancery of {handle}"), format!("residence of {handle}"));
        put(work, rows::premises(&chancery, handle, "CHANCERY")).await;
        put(work, rows::premises(&residence, handle, "RESIDENCE_HOM")).await;
        put(work, rows::contact(handle, handle)).await;
        world.push(Situation::of(Kind::Premises, &chancery, format!("chancery: {}", line.name), line.chancery));
        world.push(Situation::of(Kind::Premises, &residence, format!("residence: {}", line.name), line.residence));
        world.push(Situation::of(Kind::SecurityContact, handle, line.name, line.contact));
    }
    world
}
