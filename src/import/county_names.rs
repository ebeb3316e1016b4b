//! Counties by state and name, for files that have no code. A name that fits two counties fits none.

use std::collections::HashMap;

use entity::county;
use sea_orm::EntityTrait;

use super::text;
use crate::{desk::Work, error::Result};

/// What stands behind a county's own name. `city` in lower case is Census's for a city that is its own county;
/// `Carson City` is a name.
const KINDS: [&str; 8] =
    [" County", " Parish", " City and Borough", " Borough", " Census Area", " Municipality", " Municipio", " city"];

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One county, by its FIPS code.
    One(String),
    /// More than one.
    Several,
    /// None.
    None,
}

/// The counties that are stored.
pub(super) struct CountyNames(HashMap<(String, String), Named>);

impl CountyNames {
    pub(super) async fn load(work: &Work) -> Result<Self> {
        let mut names = Self(HashMap::new());
        for row in county::Entity::find().all(work.rows()).await? {
            names.add(&row.fips, &row.state, &row.name);
        }
        Ok(names)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, fips: &str, state: &str, name: &str) {
        let own = KINDS.iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(name);
        for form in [name, own] {
            let named =
                self.0.entry((state.to_owned(), text::fold(form))).or_insert_with(|| Named::One(fips.to_owned()));
            if *named != Named::One(fips.to_owned()) {
                *named = Named::Several;
            }
        }
    }

    /// The county of a state (ISO 3166-2) that has the name, with or without its kind.
    pub(super) fn find(&self, state: &str, name: &str) -> Named {
        self.0.get(&(state.to_owned(), text::fold(name))).cloned().unwrap_or(Named::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ambiguous_name_is_no_county() {
        let mut names = CountyNames(HashMap::new());
        for (fips, state, name) in [
            ("24005", "US-MD", "Baltimore County"),
            ("24510", "US-MD", "Baltimore city"),
            ("24037", "US-MD", "St. Mary's County"),
            ("35013", "US-NM", "Doña Ana County"),
            ("32510", "US-NV", "Carson City"),
            ("51095", "US-VA", "James City County"),
        ] {
            names.add(fips, state, name);
        }
        assert_eq!(names.find("US-MD", "Baltimore"), Named::Several);
        assert_eq!(names.find("US-MD", "Baltimore City"), Named::One("24510".into()));
        assert_eq!(names.find("US-MD", "Saint Marys"), Named::One("24037".into()));
        assert_eq!(names.find("US-NM", "Dona Ana"), Named::One("35013".into()));
        assert_eq!(names.find("US-NV", "Carson City"), Named::One("32510".into()));
        assert_eq!(names.find("US-VA", "James City"), Named::One("51095".into()));
        assert_eq!(names.find("US-NM", "Baltimore"), Named::None);
    }
}
