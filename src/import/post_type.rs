//! The type of a post of the United States abroad, from free text.

use super::mission_type;

/// A type, and how its posts are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PostType {
    /// The public name.
    pub(super) name: &'static str,
    /// What stands before "of the United States".
    pub(super) title: &'static str,
    /// Whether such a post belongs to the embassy in the country.
    pub(super) is_constituent: bool,
}

/// The type that the text says; none if it says none, one that the United States has not, or speaks of what was.
/// What is called a mission's type in the file is read as for foreign missions.
pub(super) fn of(text: &str) -> Option<PostType> {
    let mission = mission_type::of(text)?;
    let lower = text.to_lowercase();
    if ["branch office", "embassy office"].iter().any(|words| lower.contains(words)) {
        return Some(PostType { name: "EMBASSY_BRANCH_OFFICE", title: "Embassy Branch Office", is_constituent: true });
    }
    let (name, is_constituent) = match mission.name {
        "EMBASSY" => ("EMBASSY", false),
        "CONSULATE_GENERAL" => ("CONSULATE_GENERAL", true),
        "CONSULATE" => ("CONSULATE", true),
        "CONSULAR_AGENCY" => ("CONSULAR_AGENCY", true),
        "INTERESTS_SECTION" => ("INTERESTS_SECTION", false),
        "UNOFFICIAL_REPRESENTATIVE_OFFICE" => ("UNOFFICIAL_REPRESENTATIVE_OFFICE", false),
        "PERMANENT_MISSION_UN" | "PERMANENT_OBSERVER_MISSION" | "DELEGATION" => {
            ("MISSION_TO_INTERNATIONAL_ORGANIZATION", false)
        }
        _ => return None,
    };
    Some(PostType { name, title: mission.title, is_constituent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_was_met_has_its_type() {
        for (text, expected) in [
            ("embassy", "EMBASSY"),
            ("Embassy of the United States", "EMBASSY"),
            ("consulate general", "CONSULATE_GENERAL"),
            ("consulate", "CONSULATE"),
            ("consular agency", "CONSULAR_AGENCY"),
            ("Interests Section", "INTERESTS_SECTION"),
            ("de facto embassy", "UNOFFICIAL_REPRESENTATIVE_OFFICE"),
            ("de facto consulate", "UNOFFICIAL_REPRESENTATIVE_OFFICE"),
            ("embassy branch office", "EMBASSY_BRANCH_OFFICE"),
            ("permanent mission to the United Nations", "MISSION_TO_INTERNATIONAL_ORGANIZATION"),
        ] {
            assert_eq!(of(text).map(|found| found.name), Some(expected), "{text}");
        }
        for text in ["museum", "", "former embassy", "honorary consulate", "vice-consulate", "apostolic nunciature"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
