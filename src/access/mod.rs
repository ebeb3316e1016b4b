//! Who may see what: roles, grounds, markings, tiers, keys, and the one table that joins them.
//!
//! Five notions. A **principal** asks, with a [`Standing`] from the registry. A **ground** is why a row is its
//! business. A **marking** withholds grounds. A **tier** is how deep. The **table** says which tiers a ground
//! opens to a role. From this module alone follow the schema a role is shown, the rows a statement can reach, the
//! fields that come back null, what a filter may touch, the printed matrix and the tests.
//!
//! ```text
//! emit(row)  → {(key, ground, cap, from, until, tlp_max)}       stored in the visibility table
//! principal  → its keys                                         Standing::keys
//! tiers(row) = OR of (cap & TABLE[role, type, ground]) over the row's lines whose key the principal holds, now,
//!              and of TABLE[role, type, ground] over the grounds that every row of the type, or a column of it, states
//! visible    = tiers(row) has D      value(field) = the field if tiers(row) has its tier, else null
//! child      = its parent's tiers (under the child's own marking), to its own audience
//! command    = the row is visible and one of its grounds, held now, grants it
//! ```
//!
//! Only the standard library is used here, and nothing here knows SQL.

pub mod area;
mod command;
pub mod consent;
pub mod emit;
pub mod fields;
mod ground;
mod key;
mod kind;
pub mod lines;
mod marking;
pub mod page;
mod role;
mod standing;
pub mod table;
mod tier;

pub use command::Command;
pub use ground::{Ground, Holder};
pub use key::{Held, Key};
pub use kind::Kind;
pub use marking::{Circle, Cui, Tlp};
pub use role::{AgencyKind, Role};
pub use standing::Standing;
pub use tier::{Tier, Tiers};

/// Raised by hand with every change of the table, the fields, the grounds or `emit`: cursors and the second
/// wall of another epoch are refused. The visibility table does not carry it: after an upgrade it is made anew
/// (README, "Into service"). A test holds it against the policy's page.
pub const POLICY_EPOCH: u32 = 12;
