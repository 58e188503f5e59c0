//! The parts that a step is told in.

use std::fmt;
use std::future::Future;
use std::io::{ErrorKind, Write as _, stdout};
use std::pin::pin;
use std::time::Duration;

use serde_json::Value;
use textwrap::Options;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::json;
use super::looks::{Looks, Role};

const INDENT: &str = "  ";
const JSON_INDENT: &str = "    ";
/// Waits shorter than this need no sign of life.
const PATIENCE: Duration = Duration::from_millis(150);
const FRAME: Duration = Duration::from_millis(90);
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// Whoever read the output has closed it: nothing more is to be told.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub struct NobodyReads;

/// Writes to standard output.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    pub looks: Looks,
}

impl Screen {
    /// A line as it is.
    pub fn line(self, text: &str) -> anyhow::Result<()> {
        write(format_args!("{text}\n"))
    }

    pub fn blank(self) -> anyhow::Result<()> {
        self.line("")
    }

    /// A paragraph, wrapped.
    pub fn paragraph(self, text: &str) -> anyhow::Result<()> {
        self.wrapped(None, INDENT, INDENT, text)
    }

    /// As [`Screen::paragraph`], where it may be overlooked.
    pub fn aside(self, text: &str) -> anyhow::Result<()> {
        self.wrapped(Some(Role::Aside), JSON_INDENT, JSON_INDENT, text)
    }

    /// Something that was promised and came true.
    pub fn check(self, text: &str) -> anyhow::Result<()> {
        self.wrapped(Some(Role::Good), "  ✓ ", JSON_INDENT, text)
    }

    fn wrapped(self, role: Option<Role>, first: &str, others: &str, text: &str) -> anyhow::Result<()> {
        let options = Options::new(self.looks.width).initial_indent(first).subsequent_indent(others);
        for line in textwrap::wrap(text, options.break_words(false)) {
            match role {
                Some(role) => self.line(&self.looks.paint(role, &line))?,
                None => self.line(&line)?,
            }
        }
        Ok(())
    }

    /// The beginning of a step: how far we are, its number and title.
    pub fn heading(self, number: usize, of: usize, title: &str) -> anyhow::Result<()> {
        let width = self.looks.width;
        let place = format!(" {number} of {of}");
        let bar = width - place.len();
        let filled = bar * number / of;
        self.blank()?;
        if self.looks.live {
            let filled = self.looks.paint(Role::Good, &"━".repeat(filled));
            let rest = self.looks.paint(Role::Aside, &"─".repeat(bar - bar * number / of));
            self.line(&format!("{filled}{rest}{}", self.looks.paint(Role::Aside, &place)))?;
        } else {
            self.line(&"─".repeat(width))?;
        }
        self.line(&self.looks.paint(Role::Heading, &format!("{number}. {title}")))?;
        self.blank()
    }

    /// The title of what follows, with what it is about.
    pub fn label(self, title: &str, what: &str) -> anyhow::Result<()> {
        self.blank()?;
        let title = capitalised(title);
        let fits = INDENT.len() + title.chars().count() + 2 + what.chars().count() <= self.looks.width;
        let painted = self.looks.paint(Role::Name, &title);
        match fits {
            true => self.line(format!("{INDENT}{painted}  {what}").trim_end()),
            false => {
                self.line(&format!("{INDENT}{painted}"))?;
                self.line(&format!("{JSON_INDENT}{what}"))
            }
        }
    }

    pub fn json(self, value: &Value) -> anyhow::Result<()> {
        for line in json::layout(value, self.looks.width - JSON_INDENT.len()) {
            self.line(&format!("{JSON_INDENT}{}", json::paint(&line, self.looks)))?;
        }
        Ok(())
    }

    /// Awaits, with a sign of life when it takes long enough for somebody to wonder.
    pub async fn meanwhile<T>(self, what: &str, work: impl Future<Output = T>) -> T {
        if !self.looks.live {
            return work.await;
        }
        let mut work = pin!(work);
        let mut ticks = interval_at(Instant::now() + PATIENCE, FRAME);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut frames = FRAMES.iter().cycle();
        let mut painted = false;
        loop {
            // A sign of life that nobody sees changes nothing: the work goes on.
            tokio::select! {
                biased;
                done = work.as_mut() => {
                    if painted {
                        let _ = self.erase();
                    }
                    return done;
                }
                _ = ticks.tick() => {
                    let frame = frames.next().unwrap_or(&"");
                    painted = true;
                    let _ = self.over(&self.looks.paint(Role::Aside, &format!("{INDENT}{frame} {what} …")));
                }
            }
        }
    }

    /// Writes over the line that the next text takes.
    pub fn over(self, text: &str) -> anyhow::Result<()> {
        write(format_args!("\r\u{1b}[K{text}"))
    }

    /// Takes away what [`Screen::over`] wrote.
    pub fn erase(self) -> anyhow::Result<()> {
        self.over("")
    }
}

fn write(text: fmt::Arguments<'_>) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    out.write_fmt(text).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => NobodyReads.into(),
        _ => anyhow::Error::new(error).context("the output cannot be written"),
    })
}

/// A time for people: fractions of a millisecond only where they matter.
pub fn millis(time: Duration) -> String {
    match time.as_secs_f64() * 1000.0 {
        short if short < 10.0 => format!("{short:.1} ms"),
        long => format!("{long:.0} ms"),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
