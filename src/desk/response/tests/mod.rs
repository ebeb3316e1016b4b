//! What the clock is held to: instants reckoned by hand, and a second implementation that walks minute by minute.

mod calendar;
mod laws;
mod lives;
mod promises;
mod walk;
