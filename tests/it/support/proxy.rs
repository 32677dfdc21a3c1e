//! A network that can go wrong: a TCP proxy that stalls, delays and resets what runs through it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How often a connection that says nothing looks whether something has changed.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Default)]
struct Weather {
    over: AtomicBool,
    /// New connections are taken and nothing comes of them.
    silent: AtomicBool,
    /// Added to every part that the server sends.
    delay_millis: AtomicU64,
    open: Mutex<Vec<Arc<Pair>>>,
}

/// Both ends of one connection.
struct Pair {
    client: TcpStream,
    server: TcpStream,
    /// What the server sends is swallowed: to the client the peer is gone without a word.
    dead: AtomicBool,
}

/// Stands before a server. Ends with the test.
pub(crate) struct Proxy {
    address: SocketAddr,
    weather: Arc<Weather>,
}

impl Proxy {
    /// Stands before the server of a database URL; the second value is the URL through the proxy.
    pub(crate) fn before(url: &str) -> (Self, String) {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (authority, name) = rest.split_once('/').unwrap();
        let (user, server) = authority.split_once('@').unwrap();
        let proxy = Self::to(server.parse().unwrap());
        let url = format!("{scheme}://{user}@{}/{name}", proxy.address);
        (proxy, url)
    }

    fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let weather = Arc::<Weather>::default();
        let shared = Arc::clone(&weather);
        thread::spawn(move || {
            // Taken and forgotten: the client believes that it has a connection.
            let mut ignored = Vec::new();
            for client in listener.incoming() {
                let Ok(client) = client else { return };
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                if shared.silent.load(Ordering::SeqCst) {
                    ignored.push(client);
                } else if let Ok(server) = TcpStream::connect(server) {
                    join(client, server, &shared);
                }
            }
        });
        Self { address, weather }
    }

    /// The connections that are open now stay open, and nothing comes through them any more, for
    /// ever. What the client sends arrives, so that the server does not notice either. New
    /// connections work.
    pub(crate) fn forget_open_connections(&self) {
        for pair in self.weather.open.lock().unwrap().iter() {
            pair.dead.store(true, Ordering::SeqCst);
        }
    }

    /// The same, and new connections are taken without ever an answer, until [`Proxy::heal`].
    pub(crate) fn fall_silent(&self) {
        self.weather.silent.store(true, Ordering::SeqCst);
        self.forget_open_connections();
    }

    /// New connections work again. Those of before stay as dead as they are.
    pub(crate) fn heal(&self) {
        self.weather.silent.store(false, Ordering::SeqCst);
        self.weather.delay_millis.store(0, Ordering::SeqCst);
    }

    /// Everything that the server sends comes later by so much.
    pub(crate) fn delay(&self, by: Duration) {
        self.weather.delay_millis.store(by.as_millis().try_into().unwrap(), Ordering::SeqCst);
    }

    /// Ends every open connection in the middle of whatever it does.
    pub(crate) fn reset(&self) {
        for pair in self.weather.open.lock().unwrap().drain(..) {
            pair.end();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.weather.over.store(true, Ordering::SeqCst);
        self.reset();
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

impl Pair {
    fn end(&self) {
        // Fails for what is closed already.
        drop(self.client.shutdown(Shutdown::Both));
        drop(self.server.shutdown(Shutdown::Both));
    }
}

fn join(client: TcpStream, server: TcpStream, weather: &Arc<Weather>) {
    for end in [&client, &server] {
        end.set_nodelay(true).unwrap();
        end.set_read_timeout(Some(LOOK)).unwrap();
    }
    let pair = Arc::new(Pair { client, server, dead: AtomicBool::new(false) });
    weather.open.lock().unwrap().push(Arc::clone(&pair));
    for to_client in [false, true] {
        let (pair, weather) = (Arc::clone(&pair), Arc::clone(weather));
        thread::spawn(move || {
            pass_on(&pair, &weather, to_client);
            pair.end();
        });
    }
}

fn pass_on(pair: &Pair, weather: &Weather, to_client: bool) {
    let (mut from, mut to) =
        if to_client { (&pair.server, &pair.client) } else { (&pair.client, &pair.server) };
    let mut part = vec![0; 64 * 1024];
    while !weather.over.load(Ordering::SeqCst) {
        match from.read(&mut part) {
            Ok(0) => return,
            Ok(length) => {
                if to_client {
                    thread::sleep(Duration::from_millis(weather.delay_millis.load(Ordering::SeqCst)));
                }
                let swallowed = to_client && pair.dead.load(Ordering::SeqCst);
                if !swallowed && to.write_all(&part[..length]).is_err() {
                    return;
                }
            }
            Err(cause) if matches!(cause.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return,
        }
    }
}
