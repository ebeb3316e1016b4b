//! Where a mission is: what the file calls its city, or its coordinates, as a place that `access::area` knows.
//!
//! A wrong place would show a mission to the wrong police. What is not certain is no place.

use super::{ground, us_states};
use crate::access::area;

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The city, if the file says one; a state is none, a borough or a quarter is that of its city.
    pub(super) city: Option<&'static str>,
    /// ISO 3166-2.
    pub(super) state: String,
    /// FIPS, if one county is certain.
    pub(super) county: Option<String>,
    /// COUNTY, MULTI_COUNTY or STATE.
    pub(super) precision: &'static str,
    /// The smallest known area that holds it.
    pub(super) area: &'static str,
}

impl Place {
    /// For a name: "in Houston", "in Texas".
    pub(super) fn label(&self) -> &str {
        self.city.or_else(|| us_states::name(&self.state)).unwrap_or(&self.state)
    }
}

/// Every value of the column `city` that was met: Wikidata item, label, city, area. Written by us, checked against
/// the Census Gazetteer; Guam, which that lacks, against its FIPS code.
#[rustfmt::skip]
const CITIES: [(&str, &str, Option<&str>, &str); 33] = [
    ("Q61", "Washington, D.C.", Some("Washington, D.C."), "11001"),
    ("Q60", "New York City", Some("New York City"), "NYC"),
    ("Q62", "San Francisco", Some("San Francisco"), "06075"),
    ("Q65", "Los Angeles", Some("Los Angeles"), "06037"),
    ("Q16555", "Houston", Some("Houston"), "48201"),
    ("Q1439", "Texas", None, "US-TX"),
    ("Q100", "Boston", Some("Boston"), "25025"),
    ("Q1297", "Chicago", Some("Chicago"), "17031"),
    ("Q23556", "Atlanta", Some("Atlanta"), "13121"),
    ("Q8652", "Miami", Some("Miami"), "12086"),
    ("Q1204", "Illinois", None, "US-IL"),
    ("Q18094", "Honolulu", Some("Honolulu"), "15003"),
    ("Q11299", "Manhattan", Some("New York City"), "36061"),
    ("Q5083", "Seattle", Some("Seattle"), "53033"),
    ("Q1384", "New York", None, "US-NY"),
    ("Q34404", "New Orleans", Some("New Orleans"), "22071"),
    ("Q223718", "Redmond", Some("Redmond"), "53033"),
    ("Q39450", "Anchorage", Some("Anchorage"), "02020"),
    ("Q12439", "Detroit", Some("Detroit"), "26163"),
    ("Q23197", "Nashville", Some("Nashville"), "47037"),
    ("Q933714", "Tamuning", Some("Tamuning"), "66010"),
    ("Q6106", "Portland", Some("Portland"), "41051"),
    ("Q610463", "Palm Coast", Some("Palm Coast"), "12035"),
    ("Q37320", "Cleveland", Some("Cleveland"), "39035"),
    ("Q185582", "Knoxville", Some("Knoxville"), "47093"),
    ("Q201516", "Miami Beach", Some("Miami Beach"), "12086"),
    ("Q36091", "Minneapolis", Some("Minneapolis"), "27053"),
    ("Q2028321", "Mission Hills", Some("Mission Hills"), "20091"),
    ("Q675576", "Pueblo", Some("Pueblo"), "08101"),
    ("Q7985046", "West End", Some("Washington, D.C."), "11001"),
    ("Q16554", "Denver", Some("Denver"), "08031"),
    ("Q49111", "Cambridge", Some("Cambridge"), "25017"),
    ("Q16557", "Dallas", Some("Dallas"), "48113"),
];

/// Why there is no place, for the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nowhere(pub(super) &'static str);

/// The place of a mission.
pub(super) fn of(qid: Option<&str>, label: &str, coordinates: Option<(f64, f64)>) -> Result<Place, Nowhere> {
    let city = CITIES.iter().find(|(item, name, ..)| qid.map_or(*name == label, |qid| *item == qid));
    let city = city.and_then(|&(_, _, city, area)| place(city, area));
    let point = coordinates.and_then(|(latitude, longitude)| ground::of_point(latitude, longitude));
    let point = point.and_then(|(area, city)| place(city, area));
    match (city, point) {
        (Some(city), Some(point)) if city.state != point.state => {
            Err(Nowhere("the city and the coordinates are in different states: the place is not known"))
        }
        (Some(place), _) | (None, Some(place)) => Ok(place),
        (None, None) if qid.is_none() && label.is_empty() && coordinates.is_none() => {
            Err(Nowhere("there is neither a city nor coordinates: the place is not known"))
        }
        (None, None) => {
            Err(Nowhere("no city whose county is known, no coordinates that are certain: the place is not known"))
        }
    }
}

fn place(city: Option<&'static str>, smallest: &'static str) -> Option<Place> {
    let (state, county, precision) = if smallest == area::NEW_YORK_CITY.0 {
        ("US-NY".to_owned(), None, "MULTI_COUNTY")
    } else if smallest.starts_with("US-") {
        (smallest.to_owned(), None, "STATE")
    } else {
        (area::state_of_county(smallest)?, Some(smallest.to_owned()), "COUNTY")
    };
    Some(Place { city, state, county, precision, area: smallest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_city_is_a_place_that_access_knows() {
        for (item, label, _, smallest) in CITIES {
            assert!(area::is_area(smallest), "{label}");
            let found = of(Some(item), label, None).expect("a place");
            assert_eq!(found.area, smallest);
            assert!(area::areas_containing(smallest).contains(&found.state), "{label}");
        }
    }

    #[test]
    fn what_is_not_certain_is_no_place() {
        let new_york = of(Some("Q60"), "New York City", None).expect("a place");
        assert_eq!((new_york.county.as_deref(), new_york.precision, new_york.area), (None, "MULTI_COUNTY", "NYC"));
        let texas = of(Some("Q1439"), "Texas", Some((29.7, -95.4))).expect("a place");
        assert_eq!((texas.label(), texas.city, texas.area), ("Texas", None, "US-TX"));
        assert_eq!(of(None, "", Some((38.9242, -77.0369))).map(|place| place.area), Ok("11001"));
        assert!(of(Some("Q1"), "Houston", None).is_err(), "the item decides, not the label");
        assert!(of(None, "", None).is_err());
        assert!(of(Some("Q16555"), "Houston", Some((38.9242, -77.0369))).is_err(), "contradiction");
    }
}
