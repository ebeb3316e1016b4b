//! The places of the worlds, written down by hand: which lies in which.

/// The counties that a place may lie in, as far as the worlds have places; nothing for what is no place.
pub fn counties(place: &str) -> Option<Vec<&'static str>> {
    Some(match place {
        "NYC" => BOROUGHS.to_vec(),
        "US-DC" | "11001" => vec!["11001"],
        // Somewhere in the state: a county of which nobody holds less than the state.
        "US-NY" => vec!["36xxx"],
        "US-CA" => vec!["06xxx"],
        county => vec![*COUNTIES.iter().find(|known| **known == county)?],
    })
}

const BOROUGHS: [&str; 5] = ["36005", "36047", "36061", "36081", "36085"];
const COUNTIES: [&str; 9] = ["36005", "36047", "36061", "36081", "36085", "36001", "06037", "24031", "11001"];

/// Whether a place lies wholly in an area.
pub fn lies_in(place: &str, area: &str) -> bool {
    let counties = counties(place).unwrap_or_default();
    place == area || (!counties.is_empty() && counties.iter().all(|county| counties_within(area, county)))
}

/// Whether a county lies within an area.
pub fn counties_within(area: &str, county: &str) -> bool {
    match area {
        "US" => true,
        "NYC" => BOROUGHS.contains(&county),
        "US-DC" => county == "11001",
        "US-NY" => county.starts_with("36"),
        "US-CA" => county.starts_with("06"),
        "US-MD" => county.starts_with("24"),
        other => other == county,
    }
}
