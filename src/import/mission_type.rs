//! The type of a mission, from free text.

/// A type, and how its missions are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MissionType {
    /// The public name.
    pub(super) name: &'static str,
    /// What stands before "of Albania".
    pub(super) title: &'static str,
}

/// Words, all of which the text contains, and what it is then; the first that fits.
#[rustfmt::skip]
const RULES: [(&[&str], &str, &str); 23] = [
    (&["nunciature"], "APOSTOLIC_NUNCIATURE", "Apostolic Nunciature"),
    (&["interests section"], "INTERESTS_SECTION", "Interests Section"),
    (&["de facto"], "UNOFFICIAL_REPRESENTATIVE_OFFICE", "Representative Office"),
    (&["representative office"], "UNOFFICIAL_REPRESENTATIVE_OFFICE", "Representative Office"),
    (&["permanent observer"], "PERMANENT_OBSERVER_MISSION", "Permanent Observer Mission"),
    (&["permanent mission", "american states"], "PERMANENT_MISSION_OAS", "Permanent Mission to the OAS"),
    (&["permanent mission", "united nations"], "PERMANENT_MISSION_UN", "Permanent Mission to the UN"),
    (&["permanent representation", "united nations"], "PERMANENT_MISSION_UN", "Permanent Mission to the UN"),
    (&["honorary", "consul"], "HONORARY_CONSULATE", "Honorary Consulate"),
    (&["vice", "consulate"], "VICE_CONSULATE", "Vice Consulate"),
    (&["consular agency"], "CONSULAR_AGENCY", "Consular Agency"),
    // An office of a consulate elsewhere: of the four classes of VCCR art. 9 the last.
    (&["consular office"], "CONSULAR_AGENCY", "Consular Office"),
    (&["consulate", "general"], "CONSULATE_GENERAL", "Consulate General"),
    (&["consulates", "general"], "CONSULATE_GENERAL", "Consulate General"),
    (&["consulate"], "CONSULATE", "Consulate"),
    (&["embassy"], "EMBASSY", "Embassy"),
    (&["high commission"], "EMBASSY", "High Commission"),
    (&["international organization"], "INTERNATIONAL_ORGANIZATION", "Office"),
    (&["international organisation"], "INTERNATIONAL_ORGANIZATION", "Office"),
    (&["delegation"], "DELEGATION", "Delegation"),
    (&["liaison office"], "MISC_FOREIGN_GOVERNMENT_OFFICE", "Liaison Office"),
    (&["government office"], "MISC_FOREIGN_GOVERNMENT_OFFICE", "Government Office"),
    (&["trade office"], "MISC_FOREIGN_GOVERNMENT_OFFICE", "Trade Office"),
];

/// Operators that the United States does not recognise as states: what the source calls an embassy is an office.
const UNRECOGNISED: [&str; 2] = ["Q23681", "Q219060"];

/// The type of an operator's mission; see `of`.
pub(super) fn of_operator(qid: &str, text: &str) -> Option<MissionType> {
    let office = MissionType { name: "UNOFFICIAL_REPRESENTATIVE_OFFICE", title: "Representative Office" };
    of(text).map(|found| if UNRECOGNISED.contains(&qid) { office } else { found })
}

/// The type that the text says; none if it says none, or speaks of what was or will be.
pub(super) fn of(text: &str) -> Option<MissionType> {
    let text = text.to_lowercase();
    if ["former", "proposed", "closed"].iter().any(|word| text.contains(word)) {
        return None;
    }
    let fits = |words: &[&str]| words.iter().all(|word| text.contains(word));
    RULES.iter().find(|(words, ..)| fits(words)).map(|&(_, name, title)| MissionType { name, title })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_was_met_has_its_type() {
        for (text, expected) in [
            ("embassy", "EMBASSY"),
            ("consulate general", "CONSULATE_GENERAL"),
            ("Consulate General of Sweden", "CONSULATE_GENERAL"),
            ("consulates of Sweden", "CONSULATE"),
            ("consulate", "CONSULATE"),
            ("vice-consulate", "VICE_CONSULATE"),
            ("honorary consulate general", "HONORARY_CONSULATE"),
            ("consular office", "CONSULAR_AGENCY"),
            ("de facto embassy", "UNOFFICIAL_REPRESENTATIVE_OFFICE"),
            ("de facto consulate", "UNOFFICIAL_REPRESENTATIVE_OFFICE"),
            ("Interests Section", "INTERESTS_SECTION"),
            ("apostolic nunciature", "APOSTOLIC_NUNCIATURE"),
            ("liaison office", "MISC_FOREIGN_GOVERNMENT_OFFICE"),
            ("Quebec Government Office", "MISC_FOREIGN_GOVERNMENT_OFFICE"),
            ("permanent mission to the United Nations", "PERMANENT_MISSION_UN"),
        ] {
            assert_eq!(of(text).map(|found| found.name), Some(expected), "{text}");
        }
        let office = of_operator("Q23681", "embassy").map(|found| found.name);
        assert_eq!(office, Some("UNOFFICIAL_REPRESENTATIVE_OFFICE"));
        assert_eq!([of("museum"), of("former embassy"), of("")], [None, None, None]);
    }
}
