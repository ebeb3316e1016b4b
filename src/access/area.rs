//! Places and areas: when a place lies wholly within somebody's areas.

/// The one area of several counties: New York City, by the FIPS codes of its five boroughs.
pub const NEW_YORK_CITY: (&str, [&str; 5]) = ("NYC", ["36005", "36047", "36061", "36081", "36085"]);

/// The District of Columbia is one area, as a state and as a county.
pub const DISTRICT_OF_COLUMBIA: [&str; 2] = ["US-DC", "11001"];

/// The whole of the United States.
pub const NATIONAL: &str = "US";

/// FIPS 5-2 and ISO 3166-2, by which a county's state is known without asking the database (Census state list).
#[rustfmt::skip]
const STATES: [(&str, &str); 57] = [
    ("01", "AL"), ("02", "AK"), ("04", "AZ"), ("05", "AR"), ("06", "CA"), ("08", "CO"), ("09", "CT"), ("10", "DE"),
    ("11", "DC"), ("12", "FL"), ("13", "GA"), ("15", "HI"), ("16", "ID"), ("17", "IL"), ("18", "IN"), ("19", "IA"),
    ("20", "KS"), ("21", "KY"), ("22", "LA"), ("23", "ME"), ("24", "MD"), ("25", "MA"), ("26", "MI"), ("27", "MN"),
    ("28", "MS"), ("29", "MO"), ("30", "MT"), ("31", "NE"), ("32", "NV"), ("33", "NH"), ("34", "NJ"), ("35", "NM"),
    ("36", "NY"), ("37", "NC"), ("38", "ND"), ("39", "OH"), ("40", "OK"), ("41", "OR"), ("42", "PA"), ("44", "RI"),
    ("45", "SC"), ("46", "SD"), ("47", "TN"), ("48", "TX"), ("49", "UT"), ("50", "VT"), ("51", "VA"), ("53", "WA"),
    ("54", "WV"), ("55", "WI"), ("56", "WY"), ("60", "AS"), ("66", "GU"), ("69", "MP"), ("72", "PR"), ("74", "UM"),
    ("78", "VI"),
];

/// The ISO 3166-2 state of a county, by the first two digits of its FIPS code.
pub fn state_of_county(fips: &str) -> Option<String> {
    let prefix = fips.get(..2)?;
    STATES.iter().find(|(code, _)| *code == prefix).map(|(_, usps)| format!("US-{usps}"))
}

/// Whether the text names an area that there can be: `US`, `US-NY`, a county's five digits, or `NYC`.
pub fn is_area(area: &str) -> bool {
    let state = area.strip_prefix("US-").is_some_and(|usps| STATES.iter().any(|(_, known)| *known == usps));
    let county = area.len() == 5 && area.bytes().all(|b| b.is_ascii_digit()) && state_of_county(area).is_some();
    area == NATIONAL || area == NEW_YORK_CITY.0 || state || county
}

/// The first two digits of counties' FIPS codes, each with the ISO 3166-2 state.
pub fn states() -> impl Iterator<Item = (&'static str, String)> {
    STATES.iter().map(|(fips, usps)| (*fips, format!("US-{usps}")))
}

/// Every area that wholly contains the place, itself first. The place is what is known of where something lies:
/// a county, New York City (five counties, which one is not known), or a whole state.
pub fn areas_containing(place: &str) -> Vec<String> {
    if !is_area(place) {
        return Vec::new();
    }
    let mut areas = vec![place.to_owned()];
    if place == NEW_YORK_CITY.0 {
        areas.push("US-NY".to_owned());
    } else {
        if NEW_YORK_CITY.1.contains(&place) {
            areas.push(NEW_YORK_CITY.0.to_owned());
        }
        areas.extend(state_of_county(place));
    }
    if DISTRICT_OF_COLUMBIA.contains(&place) {
        areas = DISTRICT_OF_COLUMBIA.iter().map(ToString::to_string).collect();
    }
    if place != NATIONAL {
        areas.push(NATIONAL.to_owned());
    }
    areas
}

/// The areas that somebody with these confirmed areas holds: all five boroughs are New York City, and the
/// District of Columbia is held whichever way it was written.
pub fn areas_held(confirmed: &[String]) -> Vec<String> {
    let mut held: Vec<String> = confirmed.iter().filter(|area| is_area(area)).cloned().collect();
    let has = |area: &str| confirmed.iter().any(|have| have == area);
    if NEW_YORK_CITY.1.iter().all(|borough| has(borough)) {
        held.push(NEW_YORK_CITY.0.to_owned());
    }
    if DISTRICT_OF_COLUMBIA.iter().any(|name| has(name)) {
        held.extend(DISTRICT_OF_COLUMBIA.iter().map(ToString::to_string));
    }
    held.sort_unstable();
    held.dedup();
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The states are those of their counties, and each is an area.
    #[test]
    fn a_state_is_known_by_its_counties() {
        let states: Vec<(&str, String)> = states().collect();
        assert_eq!(states.len(), 57);
        for (fips, state) in states {
            assert_eq!(state_of_county(&format!("{fips}001")), Some(state.clone()));
            assert!(is_area(&state), "{state}");
            assert!(areas_containing(&format!("{fips}001")).contains(&state), "{state}");
        }
    }
}
