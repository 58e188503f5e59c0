//! Waiting for a key.

use std::io::{self, Read as _, stdin};

use anyhow::Context as _;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use waybill_runtime::Shutdown;

/// What the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Next,
    Leave,
    /// Ctrl-C, or a signal that ended the wait.
    Stop,
}

/// The keyboard, read by a thread of its own: a read cannot be taken back, and must not keep the program from ending.
/// (crossterm's own reader of events never returns, and takes a whole core, once the terminal is closed.)
pub struct Keys {
    bytes: UnboundedReceiver<u8>,
}

impl Keys {
    pub fn listen() -> anyhow::Result<Self> {
        let (sender, bytes) = unbounded_channel();
        let read = move || {
            for byte in stdin().lock().bytes() {
                // The terminal is gone, or the demo is over.
                let Ok(Ok(())) = byte.map(|byte| sender.send(byte)) else { return };
            }
        };
        std::thread::Builder::new()
            .name("keyboard".to_owned())
            .spawn(read)
            .context("no thread for the keyboard")?;
        Ok(Self { bytes })
    }

    /// Waits for Enter, `q` or Ctrl-C; what was typed ahead counts. The terminal is as before when it returns.
    pub async fn wish(&mut self, shutdown: &Shutdown) -> anyhow::Result<Wish> {
        let _one_by_one = SingleKeys::enter().context("the keyboard cannot be read")?;
        loop {
            let byte = tokio::select! {
                byte = self.bytes.recv() => byte,
                () = shutdown.requested() => return Ok(Wish::Stop),
            };
            let Some(byte) = byte else { return Ok(Wish::Stop) };
            if let Some(wish) = wish(byte) {
                return Ok(wish);
            }
        }
    }
}

fn wish(byte: u8) -> Option<Wish> {
    const CTRL_C: u8 = 3;
    const CTRL_D: u8 = 4;
    match byte {
        b'\r' | b'\n' | b' ' => Some(Wish::Next),
        b'q' | b'Q' | CTRL_D => Some(Wish::Leave),
        CTRL_C => Some(Wish::Stop),
        _ => None,
    }
}

/// Keys arrive one by one and are not shown, until this is dropped.
struct SingleKeys;

impl SingleKeys {
    fn enter() -> io::Result<Self> {
        enable_raw_mode()?;
        Ok(Self)
    }
}

impl Drop for SingleKeys {
    fn drop(&mut self) {
        // When it fails the terminal is gone, and with it whoever would care.
        let _ = disable_raw_mode();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_the_screen_says() {
        for (byte, meant) in [
            (b'\r', Some(Wish::Next)),
            (b'\n', Some(Wish::Next)),
            (b'q', Some(Wish::Leave)),
            (3, Some(Wish::Stop)),
            (4, Some(Wish::Leave)),
            (b'x', None),
            (27, None),
        ] {
            assert_eq!(wish(byte), meant, "{byte}");
        }
    }
}
