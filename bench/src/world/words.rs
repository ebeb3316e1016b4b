//! Words of an invented world. Some are common, most are rare, as words are.

use super::{Of, chance_of};
use crate::chance::Chance;

/// Stands in two concerns of a thousand: what the search looks for.
pub(super) const RARE: &str = "heliotrope";

const COMMON: [&str; 48] = [
    "a", "person", "was", "seen", "near", "the", "gate", "with", "camera", "vehicle", "grey", "van", "stood", "for",
    "hours", "at", "corner", "asked", "guard", "about", "visit", "letter", "came", "without", "sender", "crowd",
    "gathers", "before", "entrance", "call", "threat", "against", "staff", "window", "broken", "night", "drone",
    "over", "garden", "man", "woman", "followed", "car", "of", "consul", "from", "airport", "again",
];
const SYLLABLES: [&str; 24] = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo",
    "zu", "bre", "cla", "dro", "fli",
];

/// So many words.
pub(super) fn sentence(chance: &mut Chance, words: u64) -> String {
    let mut text = String::with_capacity(usize::try_from(words).unwrap_or(0) * 6);
    for place in 0..words {
        if place > 0 {
            text.push(' ');
        }
        if chance.permille(850) {
            text.push_str(chance.word(&COMMON));
        } else {
            for _ in 0..3 {
                text.push_str(chance.word(&SYLLABLES));
            }
        }
    }
    text
}

/// The name of the n-th of a kind.
pub(super) fn name(of: Of, n: u64) -> String {
    let mut chance = chance_of(of, n);
    let mut word = |parts| {
        let mut word: String = (0..parts).map(|_| chance.word(&SYLLABLES)).collect();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    };
    format!("{} {}", word(2), word(3))
}
