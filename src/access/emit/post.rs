//! A United States mission abroad.

use super::{Emission, Emitter};
use crate::access::{ground::Ground, key::Key};

/// Which keys open a post, beside INTERNAL: those of who is posted to it. Neither its country nor the post it
/// belongs to opens it: an officer in a consulate is not the embassy's.
pub fn post(id: &str) -> Vec<Emission> {
    let mut emitter = Emitter::unmarked();
    emitter.open(&Key::Post(id.to_owned()), Ground::Post);
    emitter.finish()
}
