//! The one thread that writes the file. It takes whatever waits, writes it at once, and only then says so: under load
//! many entries share a write, and a single one waits for nobody.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::index::Slot;
use super::owner::{Owner, Topic};
use super::shared_index::SharedIndex;

/// Most entries in one write.
const BATCH: usize = 256;

/// The way to the writer's thread. Dropping it ends the thread after the last entry.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>, // before the thread: fields are dropped in this order
    _thread: Joined,
}

/// A thread that is waited for, so that the file is free again once the writer is dropped.
struct Joined(Option<thread::JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        if self.0.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the sandbox journal's thread has panicked");
        }
    }
}

struct Job {
    owner: Owner,
    topic: Topic,
    line: Vec<u8>,
    written: oneshot::Sender<io::Result<()>>,
}

impl Writer {
    /// Starts the thread on a file whose last whole line ends at `end`.
    pub(super) fn start(file: Arc<File>, end: u64, index: SharedIndex) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(4 * BATCH);
        let tail = Tail { file, end, index };
        let thread = thread::Builder::new().name("sandbox-journal".to_owned());
        let thread = thread.spawn(move || tail.work(waiting))?;
        Ok(Self { jobs, _thread: Joined(Some(thread)) })
    }

    /// Returns once the operating system has the line.
    pub(super) async fn write(&self, owner: Owner, topic: Topic, line: Vec<u8>) -> io::Result<()> {
        let (written, done) = oneshot::channel();
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        self.jobs.send(Job { owner, topic, line, written }).await.map_err(|_| gone())?;
        done.await.map_err(|_| gone())?
    }
}

/// The end of the file, where the thread writes.
struct Tail {
    file: Arc<File>,
    end: u64,
    index: SharedIndex,
}

impl Tail {
    fn work(mut self, mut waiting: mpsc::Receiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH);
        while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
            let outcome = self.write(&batch);
            for job in batch.drain(..) {
                let outcome = outcome.as_ref().map_err(|error| io::Error::from(error.kind()));
                let _ = job.written.send(outcome.copied()); // nobody waits when the caller hung up
            }
        }
    }

    fn write(&mut self, batch: &[Job]) -> io::Result<()> {
        let lines: Vec<u8> = batch.iter().flat_map(|job| &job.line).copied().collect();
        if let Err(error) = (&*self.file).write_all(&lines) {
            self.file.set_len(self.end)?; // half a batch must not stay before the next one
            return Err(error);
        }
        let mut index = self.index.write();
        for job in batch {
            let length = job.line.len();
            let slot = Slot { offset: self.end, length: length as u32 - 1, topic: job.topic.clone() };
            index.add(job.owner, slot);
            self.end += length as u64;
        }
        Ok(())
    }
}
