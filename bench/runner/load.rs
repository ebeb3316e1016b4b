//! A client: one keep-alive socket that asks and waits, over and over.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use chancery_bench::Result;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A socket to a server.
pub struct Client {
    socket: TcpStream,
    read: Vec<u8>,
}

/// A POST of JSON as the bytes that leave.
pub fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

impl Client {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        Ok(Self { socket, read: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the body of its answer; anything but a 200 is an error.
    pub async fn ask(&mut self, request: &[u8]) -> Result<&str> {
        self.socket.write_all(request).await?;
        self.read.clear();
        loop {
            if self.socket.read_buf(&mut self.read).await? == 0 {
                return Err("the server closed the socket".into());
            }
            let Some(head) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(self.read.get(..head).unwrap_or_default())?;
            let length = text
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .ok_or("an answer without content-length")?;
            let end = head + 4 + length.1.parse::<usize>()?;
            let ok = text.starts_with("HTTP/1.1 200");
            while self.read.len() < end {
                if self.socket.read_buf(&mut self.read).await? == 0 {
                    return Err("the server closed the socket".into());
                }
            }
            let body = std::str::from_utf8(self.read.get(head + 4..end).unwrap_or_default())?;
            return if ok { Ok(body) } else { Err(body.to_owned().into()) };
        }
    }
}

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
