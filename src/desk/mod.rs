//! What people do: the only writer.
//!
//! Every change goes through a unit of [`Work`]: one transaction that keeps the visibility table with the rows.

pub mod pseudonym;
pub mod reference;
pub mod registry;
mod secret;
pub mod visibility;
mod work;

pub use secret::secret;
pub use work::Work;
