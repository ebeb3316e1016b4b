//! What people do: the only writer.
//!
//! Every change goes through a unit of [`Work`]: one transaction that keeps what is derived from the rows (who
//! sees them, by which words they are found) with them.

mod invisible;
pub mod pseudonym;
pub mod reference;
pub mod registry;
pub mod search;
mod secret;
pub mod visibility;
mod work;

pub use invisible::is_invisible;
pub use secret::secret;
pub use work::Work;
