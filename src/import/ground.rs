//! Where a point certainly lies, for missions whose city the file leaves out.
//!
//! The nearest county centre is no proof: for the missions of San Francisco it is another county's. So there are
//! only outlines of our own for three places where many missions are, drawn from public geography and well inside
//! the true border; what lies outside them lies nowhere.

/// Corners, latitude and longitude in degrees, WGS 84.
type Outline = &'static [(f64, f64)];

/// The District's diamond (boundary stones, 1791) with some seven hundred metres to spare, and its own bank of
/// the Potomac instead of Virginia's.
const DISTRICT_OF_COLUMBIA: Outline = &[
    (38.9885, -77.0410),
    (38.8926, -76.9190),
    (38.8420, -76.9850),
    (38.8420, -77.0090),
    (38.8555, -77.0215),
    (38.8885, -77.0530),
    (38.9000, -77.0590),
    (38.9045, -77.0690),
    (38.9060, -77.0800),
    (38.9150, -77.0950),
    (38.9345, -77.1080),
];

/// Manhattan from the Battery to 96th Street: its own bank of the Hudson. What lies a little beyond its other
/// banks is in another borough, still New York City.
const NEW_YORK_CITY: Outline = &[
    (40.7020, -74.0160),
    (40.7500, -74.0070),
    (40.7720, -73.9930),
    (40.7960, -73.9740),
    (40.7860, -73.9420),
    (40.7450, -73.9700),
    (40.7100, -73.9760),
    (40.7020, -74.0080),
];

/// Oahu, sea around it: of the City and County of Honolulu, as all that is near.
const OAHU: Outline = &[(21.2400, -158.3000), (21.7300, -158.3000), (21.7300, -157.6300), (21.2400, -157.6300)];

/// Place and city of what lies within.
const KNOWN: [(Outline, &str, Option<&str>); 3] = [
    (DISTRICT_OF_COLUMBIA, "11001", Some("Washington, D.C.")),
    (NEW_YORK_CITY, "NYC", Some("New York City")),
    (OAHU, "15003", None),
];

/// The place and the city of a point, if it is certain.
pub(super) fn of_point(latitude: f64, longitude: f64) -> Option<(&'static str, Option<&'static str>)> {
    KNOWN.iter().find(|(outline, ..)| within(outline, latitude, longitude)).map(|&(_, place, city)| (place, city))
}

/// Whether the point lies within: a ray to the east crosses an odd number of edges.
fn within(outline: Outline, latitude: f64, longitude: f64) -> bool {
    let ends = outline.iter().skip(1).chain(outline.first());
    let crossings = outline.iter().zip(ends).filter(|(from, to)| {
        let spans = (from.0 > latitude) != (to.0 > latitude);
        spans && longitude < from.1 + (latitude - from.0) / (to.0 - from.0) * (to.1 - from.1)
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_a_border_is_nowhere() {
        let place = |latitude, longitude| of_point(latitude, longitude).map(|(place, _)| place);
        for (name, latitude, longitude, expected) in [
            ("United States Capitol", 38.8899, -77.0091, Some("11001")),
            ("White House", 38.8977, -77.0365, Some("11001")),
            ("Sheridan Circle", 38.9121, -77.0506, Some("11001")),
            ("Key Bridge, Georgetown end", 38.9047, -77.0678, Some("11001")),
            ("Rosslyn, Virginia", 38.8950, -77.0720, None),
            ("Pentagon, Virginia", 38.8710, -77.0560, None),
            ("National Airport, Virginia", 38.8520, -77.0377, None),
            ("Chain Bridge, Virginia end", 38.9290, -77.1170, None),
            ("Silver Spring, Maryland", 38.9907, -77.0261, None),
            ("Takoma Park, Maryland", 38.9779, -77.0075, None),
            ("Friendship Heights, Maryland", 38.9630, -77.0880, None),
            ("Capitol Heights, Maryland", 38.8851, -76.9158, None),
            ("United Nations Headquarters", 40.7489, -73.9680, Some("NYC")),
            ("Rockefeller Center", 40.7587, -73.9787, Some("NYC")),
            ("Hoboken, New Jersey", 40.7440, -74.0270, None),
            ("Weehawken, New Jersey", 40.7690, -74.0150, None),
            ("Jersey City, New Jersey", 40.7170, -74.0330, None),
            ("Honolulu", 21.3069, -157.8583, Some("15003")),
            ("Molokai", 21.1333, -157.0333, None),
            ("nowhere", 0.0, 0.0, None),
        ] {
            let found = place(latitude, longitude);
            assert_eq!(found, expected, "{name}");
        }
    }
}
