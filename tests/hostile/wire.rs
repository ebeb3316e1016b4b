//! Sockets: what is said on them byte by byte.

use std::{any::Any, net::SocketAddr, time::Duration};

use axum::Router;
use chancery::{config::Limits, edge};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};

/// How long an answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server with sockets.
pub struct Server {
    pub address: SocketAddr,
    running: JoinHandle<()>,
    _kept: Box<dyn Any + Send>,
}

impl Server {
    /// Serves a router, as long as this is kept; with what the router needs.
    pub async fn of(router: Router, limits: Limits, kept: impl Any + Send) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let running = tokio::spawn(async move {
            edge::serve(listener, router, &limits, Duration::ZERO, std::future::pending()).await;
        });
        Self { address, running, _kept: Box::new(kept) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// One connection.
pub struct Line {
    pub socket: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub async fn to(address: SocketAddr) -> Self {
        Self { socket: TcpStream::connect(address).await.expect("a socket"), read: Vec::new() }
    }

    /// Says it; whoever has closed hears no more.
    pub async fn send(&mut self, text: impl AsRef<[u8]>) {
        let _ = self.socket.write_all(text.as_ref()).await;
    }

    /// More of what is said; none at the end.
    async fn more(&mut self) -> Option<()> {
        let mut buffer = vec![0; 1 << 14];
        let length = timeout(PATIENCE, self.socket.read(&mut buffer)).await.expect("an answer in time").ok()?;
        self.read.extend_from_slice(&buffer[..length]);
        (length > 0).then_some(())
    }

    /// The next answer: its head and its body.
    pub async fn answer(&mut self) -> (String, String) {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            let Some(()) = self.more().await else { return (String::new(), String::new()) };
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).expect("text").to_ascii_lowercase();
        let head = head.replacen("http", "HTTP", 1);
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let Some(length) = length else { return (head, self.chunks().await) };
        while self.read.len() < length {
            self.more().await.expect("the whole body");
        }
        (head, String::from_utf8(self.read.drain(..length).collect()).expect("text"))
    }

    /// A body in chunks.
    async fn chunks(&mut self) -> String {
        let mut body = Vec::new();
        loop {
            let Some(end) = self.read.windows(2).position(|bytes| bytes == b"\r\n") else {
                self.more().await.expect("a chunk");
                continue;
            };
            let length =
                usize::from_str_radix(std::str::from_utf8(&self.read[..end]).expect("text"), 16).expect("a length");
            let all = end + 2 + length + 2;
            while self.read.len() < all {
                self.more().await.expect("the whole chunk");
            }
            body.extend_from_slice(&self.read[end + 2..all - 2]);
            self.read.drain(..all);
            if length == 0 {
                return String::from_utf8(body).expect("text");
            }
        }
    }

    /// Waits until the other side has closed.
    pub async fn closed(&mut self) {
        while self.more().await.is_some() {}
    }
}
