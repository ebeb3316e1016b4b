//! Documents that clients ask by their hash (automatic persisted queries), as Apollo's clients send them.
//!
//! Each role of an agency has a place of its own, bounded in bytes and in texts. So no one forgets what another agency has
//! said, and a hash tells nobody what somebody else asks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::access::Role;

/// What a text takes beside its bytes, about: its hash and its place.
const BESIDE: usize = 200;
/// Texts of one role of an agency, at most.
const MOST_TEXTS: usize = 1_000;
/// Places, at most: roles of agencies.
const MOST_PLACES: usize = 256;
/// A place that was not used for so long may be given to another. One in use never is.
const IDLE: Duration = Duration::from_hours(1);

/// What is remembered.
#[derive(Debug)]
pub(super) struct Persisted {
    /// Bytes of one place; nothing is remembered where it is 0.
    bytes: usize,
    most_places: usize,
    idle: Duration,
    places: Mutex<HashMap<(String, Role), Place>>,
}

/// The texts of one role of an agency.
#[derive(Debug)]
struct Place {
    /// By hash: the text, and the turn in which it was last used.
    texts: HashMap<String, (Arc<str>, u64)>,
    bytes: usize,
    turn: u64,
    used: Instant,
}

impl Persisted {
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes, most_places: MOST_PLACES, idle: IDLE, places: Mutex::default() }
    }

    /// Bytes of one place.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether anything is remembered at all.
    pub(super) const fn is_on(&self) -> bool {
        self.bytes > 0
    }

    /// The text of a hash, if this role of this agency has said it.
    pub(super) fn get(&self, agency: &str, role: Role, hash: &str) -> Option<Arc<str>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.get_mut(&(agency.to_owned(), role))?;
        place.turn += 1;
        place.used = Instant::now();
        let (text, turn) = place.texts.get_mut(hash)?;
        *turn = place.turn;
        Some(text.clone())
    }

    /// Remembers a text; for it, those go that were not used for longest.
    pub(super) fn keep(&self, agency: &str, role: Role, hash: &str, text: &Arc<str>) {
        let size = text.len() + BESIDE;
        if size > self.bytes {
            return;
        }
        let whose = (agency.to_owned(), role);
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if !places.contains_key(&whose) && places.len() >= self.most_places {
            let idlest = places.iter().min_by_key(|(_, place)| place.used).map(|(whose, place)| (whose, place.used));
            let Some((idlest, used)) = idlest else { return };
            if used.elapsed() < self.idle {
                return;
            }
            let idlest = idlest.clone();
            places.remove(&idlest);
        }
        let place = places.entry(whose).or_insert_with(|| Place {
            texts: HashMap::new(),
            bytes: 0,
            turn: 0,
            used: Instant::now(),
        });
        place.turn += 1;
        place.used = Instant::now();
        if place.texts.insert(hash.to_owned(), (text.clone(), place.turn)).is_none() {
            place.bytes += size;
        }
        while place.bytes > self.bytes || place.texts.len() > MOST_TEXTS {
            let oldest = place.texts.iter().min_by_key(|(_, (_, turn))| *turn).map(|(hash, _)| hash.clone());
            let Some((gone, _)) = oldest.and_then(|hash| place.texts.remove(&hash)) else { return };
            place.bytes = place.bytes.saturating_sub(gone.len() + BESIDE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(persisted: &Persisted, agency: &str, hash: &str, size: usize) {
        persisted.keep(agency, Role::Analyst, hash, &"x".repeat(size).into());
    }

    fn knows(persisted: &Persisted, agency: &str, hash: &str) -> bool {
        persisted.get(agency, Role::Analyst, hash).is_some()
    }

    #[test]
    fn each_role_of_an_agency_has_its_own() {
        let persisted = Persisted::new(1_000);
        keep(&persisted, "a", "1", 100);
        assert!(knows(&persisted, "a", "1"));
        assert!(!knows(&persisted, "b", "1") && persisted.get("a", Role::Auditor, "1").is_none());
        for number in 0..100 {
            keep(&persisted, "b", &number.to_string(), 100);
        }
        assert!(knows(&persisted, "a", "1"), "another agency's texts took its place");
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let persisted = Persisted::new(3 * (100 + BESIDE));
        for hash in ["1", "2", "3"] {
            keep(&persisted, "a", hash, 100);
        }
        assert!(knows(&persisted, "a", "1"));
        // Twice is once.
        keep(&persisted, "a", "3", 100);
        keep(&persisted, "a", "4", 100);
        assert_eq!(["1", "2", "3", "4"].map(|hash| knows(&persisted, "a", hash)), [true, false, true, true]);
        keep(&persisted, "a", "5", 3 * (100 + BESIDE));
        assert!(!knows(&persisted, "a", "5") && knows(&persisted, "a", "4"), "what is too large takes nothing");
        keep(&persisted, "a", "6", 3 * 100 + 2 * BESIDE);
        assert_eq!(["1", "3", "4", "6"].map(|hash| knows(&persisted, "a", hash)), [false, false, false, true]);
    }

    #[test]
    fn texts_are_counted_as_well() {
        let persisted = Persisted::new(1 << 20);
        for number in 0..=MOST_TEXTS {
            keep(&persisted, "a", &number.to_string(), 1);
        }
        assert!(!knows(&persisted, "a", "0") && knows(&persisted, "a", "1"));
    }

    #[test]
    fn a_place_in_use_is_nobody_elses() {
        let mut persisted = Persisted { most_places: 2, ..Persisted::new(1_000) };
        for agency in ["a", "b", "c"] {
            keep(&persisted, agency, "1", 1);
        }
        assert_eq!(["a", "b", "c"].map(|agency| knows(&persisted, agency, "1")), [true, true, false]);
        // After an hour, here at once.
        persisted.idle = Duration::ZERO;
        keep(&persisted, "c", "1", 1);
        assert_eq!(["a", "b", "c"].map(|agency| knows(&persisted, agency, "1")), [false, true, true]);
    }

    #[test]
    fn without_room_nothing_is_remembered() {
        let persisted = Persisted::new(0);
        keep(&persisted, "a", "1", 0);
        assert!(!persisted.is_on() && !knows(&persisted, "a", "1"));
    }
}
