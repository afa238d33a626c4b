//! A way to other sockets that can be cut: what stands between podgate and the API server, and a Service before replicas.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Each connection goes to the next of the sockets.
pub struct Passage {
    pub address: SocketAddr,
    to: Arc<Mutex<Vec<SocketAddr>>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Passage {
    /// It ends with the tests.
    pub fn start(to: &[SocketAddr]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = Self {
            address: listener.local_addr().unwrap(),
            to: Arc::new(Mutex::new(to.to_vec())),
            open: Arc::default(),
        };
        let (to, open) = (Arc::clone(&own.to), Arc::clone(&own.open));
        std::thread::spawn(move || {
            let next = AtomicUsize::new(0);
            for client in listener.incoming().flatten() {
                let to = to.lock().unwrap().clone();
                let at = next.fetch_add(1, Ordering::Relaxed);
                let server = to.get(at % to.len().max(1)).map(TcpStream::connect);
                // Without a socket behind it, the connection ends here.
                let Some(Ok(server)) = server else { continue };
                let mut open = open.lock().unwrap();
                open.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                pass(client.try_clone().unwrap(), server.try_clone().unwrap());
                pass(server, client);
            }
        });
        own
    }

    /// Leads to these from here on; what is open stays.
    pub fn lead(&self, to: &[SocketAddr]) {
        *self.to.lock().unwrap() = to.to_vec();
    }

    /// Leads nowhere from here on, and ends what is open.
    pub fn cut(&self) {
        self.lead(&[]);
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}
