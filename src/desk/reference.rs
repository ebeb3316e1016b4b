//! References of concerns, visits and incidents, as people read them out on the telephone: `C-2026-7K3QX9`,
//! `V-2026-7K3QX9`, `I-2026-7K3QX9`.
//!
//! What it is of, the year, five random characters of Crockford's base32 (no I, L, O, U) and a check character by ISO 7064's hybrid
//! recursion with the modulus of the alphabet (MOD 33,32): one wrong character is always found. Random, so that a
//! reference says nothing of how many there are.

use aws_lc_rs::rand;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::command::Act;
use crate::error::{Error, Result};

/// References that are tried: with 33 million a year, a second one is rarely needed.
const ATTEMPTS: usize = 20;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random characters.
const LENGTH: usize = 5;

/// The letter of concerns.
const CONCERN: char = 'C';
/// The letter of visits.
const VISIT: char = 'V';
/// The letter of incidents.
const INCIDENT: char = 'I';

/// A new reference of a concern of a year.
pub fn new(year: i32) -> Result<String> {
    Ok(of_bits(year, random()?))
}

/// A new reference of a visit of a year.
pub fn new_of_visit(year: i32) -> Result<String> {
    Ok(of_visit(year, random()?))
}

/// A new reference of an incident of a year.
pub fn new_of_incident(year: i32) -> Result<String> {
    Ok(of_incident(year, random()?))
}

/// A concern's reference, made of the lowest 25 bits.
pub fn of_bits(year: i32, bits: u32) -> String {
    written(CONCERN, year, bits)
}

/// A visit's reference, made of the lowest 25 bits.
pub fn of_visit(year: i32, bits: u32) -> String {
    written(VISIT, year, bits)
}

/// An incident's reference, made of the lowest 25 bits.
pub fn of_incident(year: i32, bits: u32) -> String {
    written(INCIDENT, year, bits)
}

/// A new reference that no row has yet.
pub(super) async fn free<C>(act: &Act<'_>, column: C, new: impl Fn(i32) -> Result<String>) -> Result<String>
where
    C: ColumnTrait,
    C::EntityName: EntityTrait<Column = C>,
{
    for _ in 0..ATTEMPTS {
        let reference = new(act.now().year())?;
        if C::EntityName::find().filter(column.eq(&reference)).one(act.rows()).await?.is_none() {
            return Ok(reference);
        }
    }
    Err(Error::internal("no free reference was found"))
}

fn random() -> Result<u32> {
    let mut bytes = [0; 4];
    rand::fill(&mut bytes).map_err(Error::internal)?;
    Ok(u32::from_le_bytes(bytes))
}

fn written(of: char, year: i32, bits: u32) -> String {
    let digits: Vec<usize> = (0..LENGTH).rev().map(|place| ((bits >> (5 * place)) & 31) as usize).collect();
    let check = check(&digits);
    let characters: String =
        digits.into_iter().chain([check]).filter_map(|digit| ALPHABET.get(digit)).copied().map(char::from).collect();
    format!("{of}-{year:04}-{characters}")
}

/// Whether the text is a reference whose check character is right. Canonical form only: upper case.
pub fn is_valid(text: &str) -> bool {
    let rest = text.strip_prefix([CONCERN, VISIT, INCIDENT]).and_then(|rest| rest.strip_prefix('-'));
    let Some((year, characters)) = rest.and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    let digits: Option<Vec<usize>> =
        characters.bytes().map(|byte| ALPHABET.iter().position(|known| *known == byte)).collect();
    year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && digits
            .as_deref()
            .and_then(<[usize]>::split_last)
            .is_some_and(|(last, random)| random.len() == LENGTH && check(random) == *last)
}

/// ISO 7064, hybrid systems, with N = 32.
fn check(digits: &[usize]) -> usize {
    let n = ALPHABET.len();
    let product = digits.iter().fold(n, |product, digit| {
        let sum = match (product + digit) % n {
            0 => n,
            sum => sum,
        };
        sum * 2 % (n + 1)
    });
    (n + 1 - product) % n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_character_is_found() {
        for bits in [0, 1, 0x1ff_ffff, 0x0ab_cdef, 12_345_678] {
            let right = of_bits(2026, bits);
            assert!(is_valid(&right), "{right}");
            for place in 7..right.len() {
                for other in ALPHABET {
                    let mut wrong = right.clone().into_bytes();
                    if wrong[place] != *other {
                        wrong[place] = *other;
                        let wrong = String::from_utf8(wrong).unwrap();
                        assert!(!is_valid(&wrong), "{wrong} for {right}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_not_a_reference_is_refused() {
        assert_eq!(of_bits(2026, 0), "C-2026-000000");
        assert_eq!((of_visit(2026, 0), of_incident(2026, 0)), ("V-2026-000000".to_owned(), "I-2026-000000".to_owned()));
        assert!(is_valid(&of_visit(2026, 10)));
        assert!(is_valid(&of_bits(2026, 10)) && is_valid(&new(2026).unwrap()));
        let lower = of_bits(2026, 10).to_lowercase();
        for text in ["", "C-2026-", &lower, "C-26-000000", "C-2026-000000 ", "C-2026-0000000", "C-2O26-000000"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
