//! What search takes for a word: the same for what is kept, for what is asked, and on either engine.
//!
//! Text is decomposed (Unicode normalization form KD, UAX #15), combining marks are dropped, letters are folded by
//! their full case mappings, and what is left falls into runs of letters and digits. So `É`, `e` and the full-width
//! `Ｅ` are one letter, as are `ß` and `ss`, `ς` and `σ`. Han and kana are written without spaces: there, each
//! character is a word of its own.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Characters of a question, at most.
pub const LONGEST_QUESTION: usize = 200;
/// Words of a question, at most.
pub const MOST_WORDS: usize = 12;
/// Letters of a word that count: longer ones are cut, when they are kept and when they are asked for. PostgreSQL takes
/// lexemes of 2,046 bytes.
const LONGEST_WORD: usize = 64;
/// Bytes that are kept of a row: what comes after is not found. PostgreSQL takes a megabyte.
const MOST_KEPT: usize = 1 << 19;

/// The words of a text, in its order.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut letters = 0;
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter) && !is_ignored(*letter)).flat_map(fold) {
        let alone = is_word_alone(letter) && letter.is_alphanumeric();
        if (alone || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
            letters = 0;
        }
        if alone {
            words.push(letter.into());
        } else if letter.is_alphanumeric() && letters < LONGEST_WORD {
            word.push(letter);
            letters += 1;
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// The words of several texts as they are kept: each once, in order, a space between.
pub fn kept<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let distinct: BTreeSet<String> = texts.into_iter().flat_map(words).collect();
    let mut kept = String::new();
    for word in distinct {
        if kept.len() + word.len() >= MOST_KEPT {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(&word);
    }
    kept
}

/// The words that a question asks for, a space between; `None` when it asks for none, or too much.
pub fn asked(text: &str) -> Option<String> {
    // Counted first: a text of a megabyte is not folded to be refused.
    if text.chars().take(LONGEST_QUESTION + 1).count() > LONGEST_QUESTION {
        return None;
    }
    let words = words(text);
    // One letter is no question: half of all there is begins with it.
    let tells = |word: &String| word.chars().nth(1).is_some() || word.chars().any(is_word_alone);
    (words.len() <= MOST_WORDS && words.iter().any(tells)).then(|| words.join(" "))
}

/// What [`asked`] takes, for the error.
pub fn expectation() -> String {
    format!("at most {LONGEST_QUESTION} characters and {MOST_WORDS} words, one of them of two letters or more")
}

/// A letter under its full case mapping, and without the stroke that Unicode does not decompose.
fn fold(letter: char) -> impl Iterator<Item = char> {
    // Down, up and down: so `ẞ` and `ß` become `ss`, and `ς` becomes `σ` wherever it stands.
    let folded = letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    folded.flat_map(|letter| {
        let (first, second) = match letter {
            'æ' => ('a', Some('e')),
            'œ' => ('o', Some('e')),
            'þ' => ('t', Some('h')),
            'ø' => ('o', None),
            'ł' => ('l', None),
            'đ' | 'ð' => ('d', None),
            'ħ' => ('h', None),
            'ŧ' => ('t', None),
            other => (other, None),
        };
        std::iter::once(first).chain(second)
    })
}

/// What is written inside words and is no part of them: soft hyphens, joiners, marks of direction, the Arabic tatweel.
const fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{640}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Han and kana.
const fn is_word_alone(letter: char) -> bool {
    matches!(letter, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_in_many_spellings() {
        for (written, folded) in [
            ("Élysée, ÉLYSÉE; e\u{301}lyse\u{301}e", "elysee elysee elysee"),
            ("Straße STRASSE STRAẞE", "strasse strasse strasse"),
            ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
            ("Ｆｒａｎｃｅ　１２", "france 12"),
            ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"),
            ("مُحَمَّد مـحـمـد أحمد", "محمد محمد احمد"),
            ("法国大使馆, 東京タワー", "法 国 大 使 馆 東 京 タ ワ ー"),
            ("Łódź Tromsø Đà Nẵng Æsir", "lodz tromso da nang aesir"),
            ("Bot\u{AD}schaft", "botschaft"),
            ("C-2026-7K3QX9", "c 2026 7k3qx9"),
            ("O'Brien ﬁ ½", "o brien fi 1 2"),
            ("\u{0} \u{7f} !?*\"'()<->|&:", ""),
        ] {
            assert_eq!(words(written).join(" "), folded, "{written}");
        }
        let (once, twice) = (words("한국 대사관"), words("한국\u{200B} 대사관"));
        assert_eq!((once.len(), &once), (2, &twice));
    }

    #[test]
    fn folding_twice_changes_nothing_and_words_are_letters_and_digits() {
        for letter in '\0'..=char::MAX {
            let once = words(&letter.to_string());
            assert_eq!(words(&once.join(" ")), once, "{letter:?}");
            assert!(once.iter().all(|word| word.chars().all(char::is_alphanumeric)), "{letter:?} {once:?}");
            assert!(!once.iter().any(|word| word.chars().any(|c| c.is_ascii_uppercase())), "{letter:?} {once:?}");
        }
    }

    #[test]
    fn questions_are_bounded() {
        assert_eq!(asked("  Threats, of the  EMBASSY "), Some("threats of the embassy".to_owned()));
        assert_eq!(asked("馆"), Some("馆".to_owned()));
        assert!(asked(&"ab ".repeat(12)).is_some());
        for refused in ["", " ", "a", "a b c", "\"*\"", "&|!", &"ab ".repeat(13), &"a".repeat(201)] {
            assert_eq!(asked(refused), None, "{refused}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let many: String = (0..200_000).map(|number| format!("{number:x} ")).collect();
        let kept = kept([many.as_str()]);
        assert!(kept.len() <= 1 << 19 && kept.len() > (1 << 19) - 80);
        assert_eq!(words(&"x".repeat(5000)), ["x".repeat(64)]);
        assert_eq!(super::kept(["b a", "A c"]), "a b c");
    }
}
