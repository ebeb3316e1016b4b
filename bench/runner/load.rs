//! Clients that ask for a while, at once.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use chancery_bench::{Result, client::Client};

/// What a turn came to.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// How long each request took.
    pub took: Vec<Duration>,
    /// How long the turn took.
    pub lasted: Duration,
}

/// Asks for a while on so many connections at once, the requests in rotation. Those that write are each asked once: `from`
/// is where the turn begins among them, and it ends when there are no more.
pub async fn turn(address: SocketAddr, requests: &[Vec<u8>], connections: usize, how: How) -> Result<Turn> {
    let began = Instant::now();
    let place = std::sync::atomic::AtomicUsize::new(0);
    let one = async || {
        let mut client = Client::open(address).await?;
        let mut took = Vec::new();
        loop {
            let place = place.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let done = match how {
                How::For(time) => began.elapsed() >= time,
                How::Each => place >= requests.len(),
            };
            let Some(request) = requests.get(place % requests.len().max(1)).filter(|_| !done) else { break };
            let asked = Instant::now();
            let answer = client.ask(request).await?;
            took.push(asked.elapsed());
            if answer.starts_with("{\"errors\"") || answer.contains("\"errors\":[{") {
                return Err(answer.to_owned().into());
            }
        }
        Result::Ok(took)
    };
    let all = futures_util::future::try_join_all((0..connections).map(|_| one())).await?;
    Ok(Turn { took: all.into_iter().flatten().collect(), lasted: began.elapsed() })
}

/// How long a turn goes on.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// So long.
    For(Duration),
    /// Until each request was asked once.
    Each,
}
