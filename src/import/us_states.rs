//! Names of the states, the District and the territories (Census state list), by their USPS code.

use crate::access::area;

#[rustfmt::skip]
const NAMES: [(&str, &str); 57] = [
    ("AL", "Alabama"), ("AK", "Alaska"), ("AZ", "Arizona"), ("AR", "Arkansas"), ("CA", "California"),
    ("CO", "Colorado"), ("CT", "Connecticut"), ("DE", "Delaware"), ("DC", "District of Columbia"), ("FL", "Florida"),
    ("GA", "Georgia"), ("HI", "Hawaii"), ("ID", "Idaho"), ("IL", "Illinois"), ("IN", "Indiana"), ("IA", "Iowa"),
    ("KS", "Kansas"), ("KY", "Kentucky"), ("LA", "Louisiana"), ("ME", "Maine"), ("MD", "Maryland"),
    ("MA", "Massachusetts"), ("MI", "Michigan"), ("MN", "Minnesota"), ("MS", "Mississippi"), ("MO", "Missouri"),
    ("MT", "Montana"), ("NE", "Nebraska"), ("NV", "Nevada"), ("NH", "New Hampshire"), ("NJ", "New Jersey"),
    ("NM", "New Mexico"), ("NY", "New York"), ("NC", "North Carolina"), ("ND", "North Dakota"), ("OH", "Ohio"),
    ("OK", "Oklahoma"), ("OR", "Oregon"), ("PA", "Pennsylvania"), ("RI", "Rhode Island"), ("SC", "South Carolina"),
    ("SD", "South Dakota"), ("TN", "Tennessee"), ("TX", "Texas"), ("UT", "Utah"), ("VT", "Vermont"),
    ("VA", "Virginia"), ("WA", "Washington"), ("WV", "West Virginia"), ("WI", "Wisconsin"), ("WY", "Wyoming"),
    ("AS", "American Samoa"), ("GU", "Guam"), ("MP", "Northern Mariana Islands"), ("PR", "Puerto Rico"),
    ("UM", "U.S. Minor Outlying Islands"), ("VI", "U.S. Virgin Islands"),
];

/// The name of a state, by its ISO 3166-2 code.
pub(super) fn name(code: &str) -> Option<&'static str> {
    let usps = code.strip_prefix("US-")?;
    NAMES.iter().find(|(known, _)| *known == usps).map(|(_, name)| *name)
}

/// The ISO 3166-2 code of a state, by its USPS code. The FBI writes Nebraska as `NB`.
pub(super) fn code(usps: &str) -> Option<String> {
    let code = format!("US-{}", if usps == "NB" { "NE" } else { usps });
    area::is_area(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_of_a_state_that_access_knows() {
        for (usps, state) in NAMES {
            let code = code(usps).expect("a state");
            assert_eq!(name(&code), Some(state));
        }
        assert_eq!(code("NB").as_deref(), Some("US-NE"));
        assert_eq!(code("CZ"), None);
    }
}
