//! Connections: how many, what each is doing, and when one has to go.
//!
//! A client that is slow or silent costs its connection and no more: each stage has its time, and when there are too
//! many connections the one that has waited for longest makes room. One whose request is being judged stays.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// Longest for the handshake of TLS, and for the head of a request from its first byte on.
const HEAD: Duration = Duration::from_secs(10);

/// Longest without a request. Clients in Go close after 90 seconds themselves, and a request that meets a server's
/// close is lost.
const IDLE: Duration = Duration::from_secs(120);

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Shaking hands.
    Opening,
    /// Waiting for a request.
    Idle,
    /// In the head of a request.
    Head,
    /// In its body, whose time is the request's own matter.
    Body,
    /// Judging it.
    Judging,
}

impl Stage {
    const fn longest(self) -> Option<Duration> {
        match self {
            Self::Opening | Self::Head => Some(HEAD),
            Self::Idle => Some(IDLE),
            Self::Body | Self::Judging => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Connection {
    id: u64,
    stage: Mutex<(Stage, Instant)>,
    /// Told when the connection has to go.
    pub(super) close: Notify,
}

impl Connection {
    pub(super) fn enter(&self, stage: Stage) {
        *lock(&self.stage) = (stage, Instant::now());
    }

    fn at(&self) -> (Stage, Instant) {
        *lock(&self.stage)
    }
}

/// All connections of one listener.
#[derive(Debug)]
pub(super) struct Connections {
    open: Mutex<(u64, BTreeMap<u64, Arc<Connection>>)>,
    limit: usize,
    none: Notify,
}

/// A connection's place among the others, which it leaves when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    all: Arc<Connections>,
    pub(super) connection: Arc<Connection>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.all.remove(self.connection.id);
    }
}

impl Connections {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { open: Mutex::default(), limit, none: Notify::new() })
    }

    /// A place for a new connection, and whether another had to go for it; `None` where all are being judged.
    pub(super) fn open(self: &Arc<Self>) -> (Option<Place>, bool) {
        let mut open = lock(&self.open);
        let (next, all) = &mut *open;
        let is_full = all.len() >= self.limit;
        if is_full {
            let waiting =
                all.values().map(|one| (one, one.at())).filter(|(_, (stage, _))| *stage != Stage::Judging);
            let Some(oldest) = waiting.min_by_key(|(_, (_, since))| *since).map(|(one, _)| one.id) else {
                return (None, false);
            };
            if let Some(oldest) = all.remove(&oldest) {
                oldest.close.notify_one();
            }
        }
        *next += 1;
        let connection = Arc::new(Connection {
            id: *next,
            stage: Mutex::new((Stage::Opening, Instant::now())),
            close: Notify::new(),
        });
        all.insert(*next, Arc::clone(&connection));
        (Some(Place { all: Arc::clone(self), connection }), is_full)
    }

    fn remove(&self, id: u64) {
        let mut open = lock(&self.open);
        open.1.remove(&id);
        if open.1.is_empty() {
            self.none.notify_waiters();
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        lock(&self.open).1.len()
    }

    /// Closes those that have been in one stage for too long, and says how many.
    pub(super) fn sweep(&self, now: Instant) -> usize {
        let open = lock(&self.open);
        let is_overdue = |one: &&Arc<Connection>| {
            let (stage, since) = one.at();
            stage.longest().is_some_and(|longest| now.saturating_duration_since(since) > longest)
        };
        let overdue = open.1.values().filter(is_overdue);
        overdue.map(|one| one.close.notify_one()).count()
    }

    /// Waits until there is none.
    pub(super) async fn none(&self) {
        loop {
            let none = self.none.notified();
            tokio::pin!(none);
            none.as_mut().enable();
            if self.len() == 0 {
                return;
            }
            none.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept is consistent between any two statements.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A stream that tells its connection when a request begins.
pub(super) struct Watched<S> {
    pub(super) stream: S,
    pub(super) connection: Arc<Connection>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before && self.connection.at().0 == Stage::Idle {
            self.connection.enter(Stage::Head);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_waits_for_longest_makes_room() {
        let all = Connections::new(2);
        let open = || all.open();
        let (first, second) = (open().0.unwrap(), open().0.unwrap());
        first.connection.enter(Stage::Judging);
        let (third, made_room) = open();
        assert!(made_room);
        let third = third.unwrap();
        third.connection.enter(Stage::Judging);
        assert_eq!(all.len(), 2);
        assert!(open().0.is_none(), "those that are judged stay");
        drop(second);
        assert_eq!(all.len(), 2, "it had left already");
        drop((first, third));
        assert_eq!(all.len(), 0);
    }

    #[test]
    fn each_stage_has_its_time() {
        let all = Connections::new(8);
        let place = all.open().0.unwrap();
        let later = |time: Duration| Instant::now() + time + Duration::from_secs(1);
        for (stage, longest) in [(Stage::Opening, HEAD), (Stage::Head, HEAD), (Stage::Idle, IDLE)] {
            place.connection.enter(stage);
            assert_eq!((all.sweep(Instant::now()), all.sweep(later(longest))), (0, 1), "{stage:?}");
        }
        for stage in [Stage::Body, Stage::Judging] {
            place.connection.enter(stage);
            assert_eq!(all.sweep(later(IDLE * 10)), 0, "{stage:?}");
        }
    }
}
