//! `chancery health`: asks a server whether it can answer, for container runtimes that bring no client of HTTP.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use clap::Args as ClapArgs;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{Context, Outcome, told};

/// Longer than the server itself waits for its database.
const PATIENCE: Duration = Duration::from_secs(4);
/// Bytes of an answer that are looked at.
const MOST: u64 = 4096;

/// Ask the server on this machine whether it is ready; exit code 0 when it is.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Where it listens [default: as configured]
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<SocketAddr>,
}

/// Runs the command.
pub async fn run(context: &Context, args: &Args) -> Outcome {
    let address = reachable(args.address.unwrap_or(context.config.listen));
    match timeout(PATIENCE, ask(address)).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200 ") => Ok(()),
        Ok(Ok(_)) => Err(format!("the server at {address} is not ready").into()),
        Ok(Err(error)) => Err(told(format!("nobody answers at {address}"), error)),
        Err(_) => Err(format!("the server at {address} does not answer in time").into()),
    }
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(address).await?;
    let question = format!("GET /health/ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    socket.write_all(question.as_bytes()).await?;
    let mut answer = Vec::new();
    socket.take(MOST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Who listens on all addresses is asked on the loopback one.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
