//! Which words of a row are found, by how deep the row can be read.

use super::kit::{Field, Search, Shape, TypeDef};
use crate::access::{Tier, Tiers};

impl TypeDef {
    /// The columns whose words are found, with their tiers; none for a type that is not searched.
    pub fn searched(&self) -> impl Iterator<Item = (&'static Field, &'static str, Tier)> {
        let searched = |field: &&Field| matches!(field.search, Search::Words | Search::Argument);
        self.fields.iter().filter(searched).filter_map(|field| match field.shape {
            // A field without a tier is denied to everyone.
            Shape::Column { column, .. } => Some((field, column, self.tier(field)?)),
            _ => None,
        })
    }

    /// The tiers that hold words: what a reader finds in a row depends on which of these are open.
    pub fn searched_tiers(&self) -> Tiers {
        self.searched().fold(Tiers::NONE, |all, (_, _, tier)| all | Tiers::of(tier))
    }

    /// Every set of those tiers that may be open in a row that is visible at all. For each, a line of the table of
    /// words holds the words of all its fields: so that a question is held against exactly what its reader can read
    /// of the row, as one text.
    pub fn searched_sets(&self) -> Vec<Tiers> {
        let all = self.searched_tiers();
        // Whoever sees a row sees its directory.
        let always = if all.has(Tier::D) { Tiers::D } else { Tiers::NONE };
        (1..=Tiers::ALL.bits()).map(Tiers::from_bits).filter(|set| all.covers(*set) && set.covers(always)).collect()
    }

    /// The column that dates a row among what is found.
    pub fn dated(&self) -> Option<&'static str> {
        self.fields.iter().filter(|field| field.search == Search::Date).find_map(|field| match field.shape {
            Shape::Column { column, .. } => Some(column),
            _ => None,
        })
    }

    /// Whether `search` finds rows of the type.
    pub fn is_found(&self) -> bool {
        self.searched().any(|(field, _, _)| field.search == Search::Words)
    }

    /// The field that an argument of the type's list finds by its words.
    pub fn found_by(&self) -> Option<&'static Field> {
        self.searched().map(|(field, _, _)| field).find(|field| field.search == Search::Argument)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        access::{Kind, Tier, Tiers},
        model::{definition, kit::Search},
    };

    #[test]
    fn sets_of_tiers() {
        let sets = |kind| definition(kind).searched_sets();
        assert_eq!(sets(Kind::Concern), [Tiers::D, Tiers::DC]);
        assert_eq!(sets(Kind::Mission), [Tiers::D]);
        assert_eq!(sets(Kind::Entry), [Tiers::of(Tier::C)]);
        assert!(sets(Kind::Share).is_empty());
    }

    /// What orders the found rows tells of each: it must be open to whoever sees the row.
    #[test]
    fn a_date_is_open_to_whoever_sees_the_row() {
        for kind in Kind::ALL {
            let ty = definition(kind);
            for field in ty.fields.iter().filter(|field| field.search == Search::Date) {
                let tier = ty.tier(field).expect("a tier");
                assert!(tier == Tier::D || tier == kind.shown_by(), "{}.{}", kind.name(), field.name);
            }
        }
    }

    /// The words of an argument's field would be found by `search` too, and the other way round.
    #[test]
    fn a_type_is_found_by_search_or_by_one_argument() {
        for kind in Kind::ALL {
            let ty = definition(kind);
            let arguments = ty.searched().filter(|(field, _, _)| field.search == Search::Argument).count();
            assert!(arguments == 0 || (arguments == 1 && ty.searched().count() == 1), "{}", kind.name());
        }
    }
}
