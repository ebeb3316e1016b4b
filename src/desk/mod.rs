//! What people do: the only writer.
//!
//! Every change goes through a unit of [`Work`]: one transaction that keeps what is derived from the rows (who
//! sees them, by which words they are found) with them.

mod advisory;
mod agency;
mod aggregate;
mod changes;
mod command;
mod concern;
mod contact;
mod detail;
mod documents;
mod hanging;
mod incident;
mod invisible;
mod liaison;
mod mission;
mod parts;
mod people;
mod post;
pub mod pseudonym;
pub mod reference;
pub mod registry;
pub mod response;
pub mod search;
mod secret;
mod status;
pub mod visibility;
mod visit;
mod windows;
mod work;
mod workflow;

pub use command::{Desk, Performed, place};
pub use detail::{STANDING, Standing, hand_over_to, open_standing, standing};
pub use documents::DocumentName;
pub use invisible::is_invisible;
pub use secret::secret;
pub use visit::renew_conflicts;
pub use work::Work;
