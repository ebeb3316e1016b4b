//! Characters that nobody sees: with them one name is made to look like another, or its letters are turned around.

/// Whether a character shows nothing of its own: the controls of direction (UAX #9), what has no width, fillers,
/// and tags. U+200C and U+200D, which join and part letters, are not among them: Persian and the scripts of India
/// are not written without.
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_stays() {
        assert!(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{ad}'].into_iter().all(is_invisible));
        assert!("Doña 日本 ‑ \u{200c}\u{200d} \u{a0}😀".chars().all(|c| !is_invisible(c)));
    }
}
