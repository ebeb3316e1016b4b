//! The streams under way: how many, whose, and their end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

/// By what exports are counted: no agency has that id.
const EXPORTS: &str = "";

/// The streams and exports under way. Clones are the same: what began before a reload counts after it.
#[derive(Clone, Debug)]
pub struct Streams(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    is_closing: watch::Sender<bool>,
    /// How many there are, WebSockets among them.
    open: watch::Sender<usize>,
    agencies: Mutex<HashMap<String, usize>>,
}

impl Default for Streams {
    fn default() -> Self {
        let inner =
            Inner { is_closing: watch::Sender::new(false), open: watch::Sender::new(0), agencies: Mutex::default() };
        Self(Arc::new(inner))
    }
}

/// A stream's place among its agency's; given back when it is dropped.
#[derive(Debug)]
pub struct Seat {
    streams: Streams,
    agency: String,
}

/// A connection that is waited for at the end.
#[derive(Debug)]
pub struct Open(Streams);

impl Streams {
    /// A place for one more stream of an agency; none when it has as many as it may.
    pub fn seat(&self, agency: &str, most: usize) -> Option<Seat> {
        let mut agencies = self.0.agencies.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = agencies.entry(agency.to_owned()).or_default();
        if *taken >= most {
            return None;
        }
        *taken += 1;
        Some(Seat { streams: self.clone(), agency: agency.to_owned() })
    }

    /// A place for one more export, whosever it is; none when there are as many as may be.
    pub fn export(&self, most: usize) -> Option<Seat> {
        self.seat(EXPORTS, most)
    }

    /// Counts a connection until what is returned is dropped.
    pub fn open(&self) -> Open {
        self.0.open.send_modify(|open| *open += 1);
        Open(self.clone())
    }

    /// Ends all streams, with their last messages.
    pub fn close(&self) {
        self.0.is_closing.send_replace(true);
    }

    /// Resolves when streams are to end.
    pub async fn closing(&self) {
        let mut is_closing = self.0.is_closing.subscribe();
        // The sender is in `self`.
        let _ = is_closing.wait_for(|is_closing| *is_closing).await;
    }

    /// Resolves when none is open.
    pub async fn ended(&self) {
        let mut open = self.0.open.subscribe();
        let _ = open.wait_for(|open| *open == 0).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut agencies = self.streams.0.agencies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = agencies.get_mut(&self.agency) {
            *taken -= 1;
            if *taken == 0 {
                agencies.remove(&self.agency);
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.open.send_modify(|open| *open = open.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_has_so_many_places_and_gets_them_back() {
        let streams = Streams::default();
        let (one, two) = (streams.seat("a", 2), streams.seat("a", 2));
        assert!(one.is_some() && two.is_some() && streams.seat("a", 2).is_none());
        assert!(streams.seat("b", 2).is_some(), "another agency's places are its own");
        let export = streams.clone().export(1);
        assert!(export.is_some() && streams.export(1).is_none(), "exports are counted across doors");
        drop(export);
        assert!(streams.export(1).is_some());
        drop(one);
        assert!(streams.seat("a", 2).is_some());
    }
}
