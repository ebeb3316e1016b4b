//! Sockets that dawdle are closed, and a stop drains what is under way.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::get};
use chancery::{config::Limits, edge};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, timeout},
};

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// More than the buffers between two sockets hold.
const LARGE: usize = 64 << 20;

async fn start(connections: usize, drain: Duration) -> Server {
    let limits = Limits { request_seconds: 1, connections, ..Limits::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        "done"
    };
    let router = Router::new().route("/slow", get(slow)).route("/large", get(async || "x".repeat(LARGE)));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        edge::serve(listener, router, &limits, drain, async { stopped.await.unwrap_or_default() }).await;
    });
    Server { address, stop, running }
}

async fn read_all(socket: &mut TcpStream) -> String {
    let mut text = String::new();
    timeout(Duration::from_secs(5), socket.read_to_string(&mut text))
        .await
        .expect("the socket ends")
        .unwrap_or_default();
    text
}

#[tokio::test]
async fn a_silent_socket_and_half_a_header_are_closed() {
    let server = start(10, Duration::from_secs(1)).await;
    for start in ["", "GET /slow HTTP/1.1\r\nhost: x\r\n"] {
        let mut socket = TcpStream::connect(server.address).await.expect("a socket");
        socket.write_all(start.as_bytes()).await.expect("written");
        let began = Instant::now();
        let answer = read_all(&mut socket).await;
        assert!(!answer.contains("200 OK"), "{answer}");
        assert!(began.elapsed() < Duration::from_secs(4), "{start:?}");
    }
}

/// Who reads nothing of what was asked for keeps no socket.
#[tokio::test]
async fn an_answer_that_nobody_reads_is_cut() {
    let server = start(10, Duration::from_secs(1)).await;
    let mut socket = TcpStream::connect(server.address).await.expect("a socket");
    socket.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("written");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let (mut read, mut buffer) = (0, vec![0; 1 << 16]);
    while let Ok(more @ 1..) = timeout(Duration::from_secs(5), socket.read(&mut buffer)).await.expect("it ends") {
        read += more;
    }
    assert!(read < LARGE, "{read} bytes");
}

#[tokio::test]
async fn sockets_over_the_bound_wait_for_a_seat() {
    let server = start(1, Duration::from_secs(1)).await;
    let mut first = TcpStream::connect(server.address).await.expect("a socket");
    first.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("written");
    let mut second = TcpStream::connect(server.address).await.expect("a socket");
    second.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("written");
    let began = Instant::now();
    assert!(read_all(&mut first).await.ends_with("done"));
    assert!(read_all(&mut second).await.ends_with("done"));
    assert!(began.elapsed() >= Duration::from_millis(1100), "one after the other, {:?}", began.elapsed());
}

#[tokio::test]
async fn a_stop_lets_a_request_finish_and_takes_no_new_one() {
    let server = start(10, Duration::from_secs(3)).await;
    let mut socket = TcpStream::connect(server.address).await.expect("a socket");
    socket.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("written");
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.stop.send(()).expect("stopped");
    let answer = read_all(&mut socket).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"), "{answer}");
    timeout(Duration::from_secs(2), server.running).await.expect("it ends").expect("well");
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens");
}

#[tokio::test]
async fn a_drain_has_an_end() {
    let server = start(10, Duration::from_millis(100)).await;
    let mut socket = TcpStream::connect(server.address).await.expect("a socket");
    socket.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("written");
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.send(()).expect("stopped");
    timeout(Duration::from_millis(400), server.running).await.expect("it does not wait for ever").expect("well");
}
