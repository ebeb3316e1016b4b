//! Chance: how much of it, and from which seed. `HOSTILE_CASES` says how often as much as usual, `HOSTILE_SEED` where it
//! begins; a failure names the seed.

#[path = "../oracle/dice.rs"]
mod dice;

pub use dice::Dice;

/// Dice, their seed, and how many cases there are.
pub fn begun(cases: usize) -> (Dice, u64, usize) {
    let seed = environment("HOSTILE_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let times = environment("HOSTILE_CASES").and_then(|times| usize::try_from(times).ok()).unwrap_or(1);
    (Dice::new(seed, 7), seed, cases * times)
}

fn environment(name: &str) -> Option<u64> {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    std::env::var(name).ok()?.parse().ok()
}

/// Bytes that break what reads them.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\"",
    b"\\",
    b"\\u",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"=",
    b"==",
    b".",
    b"..",
    b"-",
    b"_",
    b"+",
    b"/",
    b"%00",
    b" ",
    b"\t",
    b"1e999",
    b"-0",
    b"null",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    "\u{202E}".as_bytes(),
    "\u{1F600}".as_bytes(),
    "\u{0130}".as_bytes(),
];

/// The same bytes with one thing done to them.
pub fn changed(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = dice.below(out.len() + 1);
    let far = at + dice.below(out.len() + 1 - at);
    match dice.below(9) {
        0 => out.truncate(at),
        1 => drop(out.drain(at..far)),
        2 => drop(out.drain(..at)),
        3 => {
            let piece = dice.of(PIECES).to_vec();
            out.splice(at..at, piece);
        }
        4 => {
            let piece = dice.of(PIECES).to_vec();
            out.splice(at..far, piece);
        }
        5 => {
            let again = out[at..far].to_vec();
            out.splice(far..far, again);
        }
        6 => out[at..far].reverse(),
        7 => {
            let piece = dice.of(PIECES).repeat(1 << dice.below(12));
            out.splice(at..at, piece);
        }
        _ => {
            if let Some(byte) = out.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
    }
    out
}
