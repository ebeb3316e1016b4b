//! A client: one keep-alive socket that asks and waits, over and over. The benches in the process use it by its path.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::Result;

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
