//! A TCP proxy that fails on command.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Stands between a client and a server on 127.0.0.1, or several alike, and forwards bytes, until a test says otherwise.
#[derive(Debug)]
pub struct ChaosProxy {
    address: SocketAddr,
    line: Arc<Line>,
    accepting: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Forward,
    Stall,
    Cut,
}

/// What all connections of one proxy share.
#[derive(Debug)]
struct Line {
    /// Each new connection begins with another one, and goes on to the next while they refuse it.
    upstreams: Vec<SocketAddr>,
    mode: watch::Sender<Mode>,
    /// Bytes that may still pass, both ways together, before the line is cut.
    budget: AtomicU64,
    /// What is over when they have passed: one connection only.
    one_only: AtomicBool,
    connections: AtomicUsize,
    /// Connections with a smaller number get nothing through any more.
    forgotten: AtomicUsize,
}

impl ChaosProxy {
    /// Starts on a port of its own and forwards to `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        Self::balance(vec![upstream]).await
    }

    /// Starts on a port of its own and hands connections to the upstreams in turn, but not to those that are down.
    pub async fn balance(upstreams: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let line = Arc::new(Line {
            upstreams,
            mode: watch::Sender::new(Mode::Forward),
            budget: AtomicU64::new(u64::MAX),
            one_only: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            forgotten: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&line)));
        Self { address, line, accepting }
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Resets every connection, and new ones as soon as they are accepted, until [`ChaosProxy::restore`].
    pub fn cut(&self) {
        self.line.mode.send_replace(Mode::Cut);
    }

    /// Keeps connections open, accepts new ones, and lets no byte pass until [`ChaosProxy::restore`].
    pub fn stall(&self) {
        self.line.mode.send_replace(Mode::Stall);
    }

    /// Keeps the open connections open but lets no byte of them pass ever again, as a firewall does that has forgotten
    /// them. New ones work.
    pub fn forget(&self) {
        self.line.forgotten.store(self.connections(), Ordering::SeqCst);
    }

    /// Lets the next `bytes` pass, both ways together, then does as [`ChaosProxy::cut`].
    pub fn cut_after_bytes(&self, bytes: u64) {
        self.line.budget.store(bytes, Ordering::SeqCst);
    }

    /// Lets the next `bytes` pass, both ways together, then resets the connection that has more; all others work.
    pub fn cut_one_after_bytes(&self, bytes: u64) {
        self.line.one_only.store(true, Ordering::SeqCst);
        self.line.budget.store(bytes, Ordering::SeqCst);
    }

    /// Forwards again, without limit. Connections that were cut stay cut.
    pub fn restore(&self) {
        self.line.budget.store(u64::MAX, Ordering::SeqCst);
        self.line.one_only.store(false, Ordering::SeqCst);
        self.line.mode.send_replace(Mode::Forward);
    }

    /// How many connections were accepted since the start, those that were cut at once included.
    pub fn connections(&self) -> usize {
        self.line.connections.load(Ordering::SeqCst)
    }
}

impl Drop for ChaosProxy {
    /// Ends all connections.
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, line: Arc<Line>) {
    let mut open = JoinSet::new(); // ends its tasks when this one is aborted
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((client, _)) = accepted {
                let number = line.connections.fetch_add(1, Ordering::SeqCst);
                open.spawn(connection(client, number, Arc::clone(&line)));
            },
            Some(_) = open.join_next() => {}
        }
    }
}

async fn connection(mut client: TcpStream, number: usize, line: Arc<Line>) {
    let mut mode = line.mode.subscribe();
    let forwarding = async {
        line.wait_to_forward(number).await;
        let mut server = line.connect(number).await?;
        let result = forward_both_ways(&mut client, &mut server, number, &line).await;
        if line.is_cut() {
            server.set_zero_linger()?;
        }
        result
    };
    let ended = tokio::select! {
        ended = forwarding => ended,
        _ = mode.wait_for(|mode| *mode == Mode::Cut) => Err(io::ErrorKind::ConnectionReset.into()),
    };
    if ended.is_err() {
        // A reset is what a broken network looks like; if it cannot be set, the plain close must do.
        let _ = client.set_zero_linger();
    }
}

async fn forward_both_ways(
    client: &mut TcpStream,
    server: &mut TcpStream,
    number: usize,
    line: &Line,
) -> io::Result<()> {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    tokio::try_join!(pump(from_client, to_server, number, line), pump(from_server, to_client, number, line))?;
    Ok(())
}

/// Copies one direction until its end, which it passes on.
async fn pump(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, number: usize, line: &Line) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        line.wait_to_forward(number).await;
        if read == 0 {
            return to.shutdown().await;
        }
        let allowed = line.spend(read);
        to.write_all(&buffer[..allowed]).await?;
        if allowed < read {
            match line.one_only.swap(false, Ordering::SeqCst) {
                true => line.budget.store(u64::MAX, Ordering::SeqCst),
                false => drop(line.mode.send_replace(Mode::Cut)),
            }
            return Err(io::ErrorKind::ConnectionReset.into());
        }
    }
}

impl Line {
    async fn wait_to_forward(&self, number: usize) {
        if number < self.forgotten.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        let mut mode = self.mode.subscribe();
        // Cannot fail: the sender lives in `self`.
        let _ = mode.wait_for(|mode| *mode == Mode::Forward).await;
    }

    async fn connect(&self, number: usize) -> io::Result<TcpStream> {
        let mut refused = io::ErrorKind::ConnectionRefused.into();
        for offset in 0..self.upstreams.len() {
            match TcpStream::connect(self.upstreams[(number + offset) % self.upstreams.len()]).await {
                Ok(server) => return Ok(server),
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    fn is_cut(&self) -> bool {
        *self.mode.borrow() == Mode::Cut
    }

    /// How many of `wanted` bytes may still pass.
    fn spend(&self, wanted: usize) -> usize {
        let wanted = wanted as u64;
        let take = |left: u64| if left == u64::MAX { None } else { Some(left.saturating_sub(wanted)) };
        match self.budget.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take) {
            Ok(left) => left.min(wanted) as usize,
            Err(_) => wanted as usize, // no limit
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// A server that sends back what it gets.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address
    }

    async fn say(stream: &mut TcpStream, words: &[u8]) -> io::Result<Vec<u8>> {
        stream.write_all(words).await?;
        let mut heard = vec![0; words.len()];
        stream.read_exact(&mut heard).await?;
        Ok(heard)
    }

    #[tokio::test]
    async fn cuts_and_restores() {
        let proxy = ChaosProxy::start(echo().await).await;
        let mut before = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut before, b"hello").await.unwrap(), b"hello");
        proxy.cut();
        assert!(say(&mut before, b"hello").await.is_err(), "the open connection is reset");
        let during = async { say(&mut TcpStream::connect(proxy.address()).await?, b"hello").await };
        assert!(during.await.is_err(), "and so is a new one");
        proxy.restore();
        let mut after = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut after, b"again").await.unwrap(), b"again");
        assert_eq!(proxy.connections(), 3);
    }

    #[tokio::test]
    async fn stalls_without_losing_a_byte() {
        let proxy = ChaosProxy::start(echo().await).await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut stream, b"one").await.unwrap(), b"one");
        proxy.stall();
        stream.write_all(b"two").await.unwrap();
        let mut heard = [0; 3];
        let waiting = timeout(Duration::from_millis(50), stream.read_exact(&mut heard)).await;
        assert!(waiting.is_err(), "nothing passes");
        proxy.restore();
        stream.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"two");
    }

    #[tokio::test]
    async fn forgets_connections_but_takes_new_ones() {
        let proxy = ChaosProxy::start(echo().await).await;
        let mut before = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut before, b"one").await.unwrap(), b"one");
        proxy.forget();
        assert!(timeout(Duration::from_millis(50), say(&mut before, b"two")).await.is_err(), "it hangs");
        let mut after = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut after, b"two").await.unwrap(), b"two");
    }

    #[tokio::test]
    async fn goes_round_those_that_are_down() {
        let down = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
        let proxy = ChaosProxy::balance(vec![echo().await, down]).await;
        for _ in 0..4 {
            let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
            assert_eq!(say(&mut stream, b"hello").await.unwrap(), b"hello");
        }
    }

    #[tokio::test]
    async fn cuts_one_of_several() {
        let proxy = ChaosProxy::start(echo().await).await;
        let [mut one, mut other] = [
            TcpStream::connect(proxy.address()).await.unwrap(),
            TcpStream::connect(proxy.address()).await.unwrap(),
        ];
        assert_eq!(say(&mut other, b"hello").await.unwrap(), b"hello");
        proxy.cut_one_after_bytes(8); // five there, three back
        assert!(say(&mut one, b"hello").await.is_err());
        assert_eq!(say(&mut other, b"again").await.unwrap(), b"again");
    }

    #[tokio::test]
    async fn cuts_within_an_answer() {
        let proxy = ChaosProxy::start(echo().await).await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        proxy.cut_after_bytes(8); // five there, three back
        stream.write_all(b"hello").await.unwrap();
        let mut heard = Vec::new();
        assert!(stream.read_to_end(&mut heard).await.is_err());
        assert!(heard.len() <= 3, "{heard:?}");
        proxy.restore();
        let mut after = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut after, b"again").await.unwrap(), b"again");
    }
}
