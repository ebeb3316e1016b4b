//! What a telephone book would say: states, missions, agencies, and who is enrolled.

use chancery::{access::Role, clock::instant};
use serde_json::{Value, json};

use super::{
    AGENCIES, MISSIONS, Of, Sink,
    cast::{
        ANALYSTS, AUDIENCE, DSS, ENROLLED_PARTNERS, OFFICERS, SINCE, STEADY_MISSIONS, STEADY_OFFICERS, STEADY_PARTNERS,
        analyst, issuer, liaison_officer, mission_agency, mission_officer, partner, partner_officer, portfolio,
        subject,
    },
    chance_of, id,
    words::name,
};
use crate::Result;

const STATES: u64 = 190;
/// Where missions are: county, state, city, latitude, longitude, and how many.
const SEATS: [(&str, &str, &str, f64, f64, u64); 6] = [
    ("11001", "US-DC", "Washington", 38.91, -77.04, 45),
    ("36061", "US-NY", "New York", 40.75, -73.97, 25),
    ("06037", "US-CA", "Los Angeles", 34.05, -118.25, 10),
    ("17031", "US-IL", "Chicago", 41.88, -87.63, 8),
    ("48201", "US-TX", "Houston", 29.76, -95.37, 7),
    ("12086", "US-FL", "Miami", 25.77, -80.19, 5),
];

pub(super) async fn fill(sink: &mut Sink, jwk: &str) -> Result<()> {
    places(sink).await?;
    agencies(sink, jwk).await?;
    persons(sink).await?;
    for mission in 0..MISSIONS {
        self::mission(sink, mission).await?;
    }
    liaisons(sink).await
}

/// The county of a steady partner and its two missions.
fn county(pair: u64) -> String {
    format!("55{:03}", 1 + 2 * pair)
}

async fn places(sink: &mut Sink) -> Result<()> {
    for (code, fips) in [
        ("US-DC", "11"),
        ("US-NY", "36"),
        ("US-CA", "06"),
        ("US-IL", "17"),
        ("US-TX", "48"),
        ("US-FL", "12"),
        ("US-WI", "55"),
    ] {
        sink.row("us_state", &[Some(code), Some(fips), Some(code)]).await?;
    }
    for (fips, state, city, latitude, longitude, _) in SEATS {
        let (latitude, longitude) = (latitude.to_string(), longitude.to_string());
        sink.row("county", &[Some(fips), Some(state), Some(city), Some(&latitude), Some(&longitude)]).await?;
    }
    for pair in 0..STEADY_PARTNERS {
        sink.row("county", &[Some(&county(pair)), Some("US-WI"), Some("County"), Some("44"), Some("-89")]).await?;
    }
    for state in 0..STATES {
        let letter = |n: u64| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
        let iso2 = format!("{}{}", letter(state / 26), letter(state));
        let (id, iso3, name) =
            (id(Of::State, state), format!("{iso2}X"), format!("State of {}", name(Of::State, state)));
        sink.row("sending_state", &[Some(&id), Some(&iso2), Some(&iso3), Some(&name)]).await?;
    }
    Ok(())
}

async fn agencies(sink: &mut Sink, jwk: &str) -> Result<()> {
    let since = instant(SINCE);
    let key: Value = serde_json::from_str(jwk)?;
    let key_id = key.get("kid").and_then(Value::as_str).ok_or("a key without kid")?;
    for n in 0..AGENCIES {
        let id = id(Of::Agency, n);
        let (kind, level, short, roles): (_, _, _, &[Role]) = if n == DSS {
            ("DIPLOMATIC_SECURITY", "FEDERAL", "DSS".to_owned(), &[Role::LiaisonOfficer, Role::Analyst])
        } else if n < partner(0) {
            ("MISSION", "OTHER", format!("M{n:03}"), &[Role::MissionOfficer])
        } else if n == partner(STEADY_PARTNERS + 1) {
            ("LAW_ENFORCEMENT", "FEDERAL", format!("LE{n:05}"), &[Role::LawEnforcement])
        } else {
            ("LAW_ENFORCEMENT", "CITY", format!("LE{n:05}"), &[Role::LawEnforcement])
        };
        let enrolled = n < partner(ENROLLED_PARTNERS);
        let issuer = enrolled.then(|| issuer(n));
        let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
        let roles = if enrolled { json!(roles).to_string() } else { "[]".to_owned() };
        let state = (kind == "MISSION").then(|| super::id(Of::State, (n - 1) % STATES));
        let seat = SEATS.get(usize::try_from(n % 6)?).map_or("US-DC", |seat| seat.1);
        sink.row(
            "agency",
            &[
                Some(&id),
                Some(&format!("Agency of {} {n}", name(Of::Agency, n))),
                Some(&short),
                Some(kind),
                Some(level),
                Some(seat),
                state.as_deref(),
                // Every tenth mission's people see those of its state.
                Some(if kind == "MISSION" && n > STEADY_MISSIONS && n.is_multiple_of(10) { "true" } else { "false" }),
                issuer.as_deref(),
                enrolled.then_some(AUDIENCE),
                enrolled.then_some("at+jwt"),
                Some(if enrolled { r#"["ES256"]"# } else { "[]" }),
                Some(if enrolled { "86400" } else { "0" }),
                Some(&roles),
                Some("false"),
            ],
        )
        .await?;
        if enrolled {
            sink.row("agency_key", &[Some(&id), Some(key_id), Some(jwk), Some(&since)]).await?;
        }
        if n >= partner(0) {
            area(sink, n - partner(0), &id, &since).await?;
        }
    }
    Ok(())
}

/// A steady partner has its county, a heavy one a state or all; the others proposed one that nobody confirmed.
async fn area(sink: &mut Sink, place: u64, id: &str, since: &str) -> Result<()> {
    let (area, level, confirmed) = match place {
        0..STEADY_PARTNERS => (county(place), "COUNTY", true),
        STEADY_PARTNERS => ("US-NY".to_owned(), "STATE", true),
        _ if place == STEADY_PARTNERS + 1 => ("US".to_owned(), "NATIONAL", true),
        _ => {
            let seat = SEATS.get(usize::try_from(place % 6)?).map_or("11001", |seat| seat.0);
            (seat.to_owned(), "COUNTY", false)
        }
    };
    let confirmed = confirmed.then_some(since);
    sink.row("agency_area", &[Some(id), Some(&area), Some(level), Some("IMPORT"), Some(since), confirmed]).await
}

async fn persons(sink: &mut Sink) -> Result<()> {
    let officers = (0..MISSIONS).map(|m| (mission_officer(m), mission_agency(m), Role::MissionOfficer));
    let partners = (0..ENROLLED_PARTNERS).map(|p| (partner_officer(p), partner(p), Role::LawEnforcement));
    let liaison = (0..OFFICERS).map(|o| (liaison_officer(o), DSS, Role::LiaisonOfficer));
    let analysts = (0..ANALYSTS).map(|a| (analyst(a), DSS, Role::Analyst));
    for (n, agency, role) in officers.chain(partners).chain(liaison).chain(analysts) {
        let roles = json!([role.name()]).to_string();
        sink.row(
            "person",
            &[
                Some(&id(Of::Person, n)),
                Some(&id(Of::Agency, agency)),
                Some(&subject(n)),
                Some(&name(Of::Person, n)),
                Some("Watch"),
                Some(&roles),
                Some("false"),
                Some("false"),
                Some("true"),
            ],
        )
        .await?;
    }
    for officer in 0..OFFICERS {
        for mission in portfolio(officer) {
            sink.row("portfolio", &[Some(&id(Of::Person, liaison_officer(officer))), Some(&id(Of::Mission, mission))])
                .await?;
        }
    }
    // The first of the heavy officers is always on watch.
    let heavy = id(Of::Person, liaison_officer(STEADY_OFFICERS));
    let (from, until) = ("2020-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z");
    sink.row("watch_shift", &[Some(&id(Of::Shift, 0)), Some(&heavy), Some(from), Some(until)]).await
}

async fn mission(sink: &mut Sink, n: u64) -> Result<()> {
    const CONTACTS: [(&str, &str); 4] = [
        ("CHIEF_OF_SECURITY", "Chief of Security"),
        ("DUTY_OFFICER", "Duty Officer"),
        ("POLICE_LIAISON", "Police Attaché"),
        ("FACILITIES", "Head of Buildings"),
    ];
    let mut chance = chance_of(Of::Mission, n);
    let id = id(Of::Mission, n);
    let seats: Vec<(&str, u64)> = SEATS.iter().map(|seat| (seat.0, seat.5)).collect();
    let drawn = chance.weighted(&seats);
    let seat = SEATS.iter().find(|seat| seat.0 == drawn).ok_or("no seat")?;
    let steady = n < STEADY_MISSIONS;
    let (fips, state, city) =
        if steady { (county(n / 2), "US-WI", "Harbour") } else { (seat.0.to_owned(), seat.1, seat.2) };
    let (latitude, longitude) = if steady { (44.0, -89.0) } else { (seat.3, seat.4) };
    let mut shift = || f64::from(u32::try_from(chance.below(2_000)).unwrap_or(0)) / 10_000.0 - 0.1;
    let (latitude, longitude) = (format!("{:.4}", latitude + shift()), format!("{:.4}", longitude + shift()));
    let kind = if n.is_multiple_of(2) { "EMBASSY" } else { "CONSULATE_GENERAL" };
    let phone = format!("+1202555{n:04}");
    sink.row(
        "mission",
        &[
            Some(&id),
            Some(kind),
            Some(&format!("Mission of {} {n}", name(Of::Mission, n))),
            Some(&super::id(Of::State, n % STATES)),
            Some(city),
            Some(state),
            Some(&fips),
            Some("COUNTY"),
            Some(&fips),
            Some(&latitude),
            Some(&longitude),
            Some("OPEN"),
            Some(&phone),
            Some(&phone),
            Some("office@mission.example"),
            Some("[]"),
        ],
    )
    .await?;
    sink.row("agency_mission", &[Some(&super::id(Of::Agency, mission_agency(n))), Some(&id)]).await?;
    for (place, kind) in ["CHANCERY", "RESIDENCE_HOM"].into_iter().enumerate() {
        let row = super::id(Of::Premises, 2 * n + place as u64);
        sink.row(
            "premises",
            &[Some(&row), Some(&id), Some(kind), Some("1 Quay Street"), Some(&latitude), Some(&longitude)],
        )
        .await?;
    }
    for (place, (function, title)) in CONTACTS.into_iter().enumerate() {
        let row = 4 * n + place as u64;
        sink.row(
            "security_contact",
            &[
                Some(&super::id(Of::Contact, row)),
                Some(&id),
                Some(function),
                Some(&name(Of::Contact, row)),
                Some(title),
                Some(&phone),
                Some("contact@mission.example"),
                Some(&phone),
                Some(if place == 0 { "true" } else { "false" }),
            ],
        )
        .await?;
    }
    Ok(())
}

/// One for each of the first two thousand partner agencies; each mission is served by some of them.
async fn liaisons(sink: &mut Sink) -> Result<()> {
    const UNITS: [&str; 4] = ["Foreign Missions Liaison", "Dignitary Protection", "Intelligence", "Community Affairs"];
    for n in 0..2_000 {
        let mut chance = chance_of(Of::Liaison, n);
        let row = id(Of::Liaison, n);
        sink.row(
            "liaison",
            &[
                Some(&row),
                Some(&id(Of::Agency, partner(n))),
                Some(chance.word(&UNITS)),
                Some(&name(Of::Liaison, n)),
                Some(&format!("+1212555{n:04}")),
                Some(&format!("+1917555{n:04}")),
                Some("liaison@police.example"),
                Some("true"),
                Some("true"),
            ],
        )
        .await?;
        sink.row("liaison_mission", &[Some(&row), Some(&id(Of::Mission, n % MISSIONS))]).await?;
    }
    Ok(())
}
