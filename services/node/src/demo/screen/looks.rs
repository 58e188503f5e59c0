//! Colours and width: as the terminal has them, or plain.

use std::io::{IsTerminal as _, stdin, stdout};

use crossterm::style::{ContentStyle, Stylize as _};
use crossterm::terminal;

/// Width of a text that goes to a file or another program.
const PLAIN_WIDTH: usize = 80;
const NARROWEST: usize = 48;
/// Longer lines are hard to read.
const WIDEST: usize = 110;

/// What a text is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Heading,
    Aside,
    Name,
    /// The name of a field in JSON.
    Field,
    /// What only the two backends may read.
    Personal,
    /// What nobody on the way can read.
    Sealed,
    Good,
}

/// How output looks.
#[derive(Debug, Clone, Copy)]
pub struct Looks {
    pub width: usize,
    pub colour: bool,
    /// Lines may be painted over, for signs of progress.
    pub live: bool,
    /// There is somebody to press a key.
    pub asks: bool,
}

impl Looks {
    /// As the terminal of this process allows; `quick` asks for no key.
    pub fn of_terminal(quick: bool) -> Self {
        let terminal = stdout().is_terminal() && var("TERM").as_deref() != Some("dumb");
        let width = match (stdout().is_terminal(), terminal::size()) {
            // A terminal that knows no size says 0.
            (true, Ok((0, _))) => PLAIN_WIDTH,
            (true, Ok((columns, _))) => usize::from(columns).clamp(NARROWEST, WIDEST),
            _ => PLAIN_WIDTH,
        };
        let colour = terminal && var("NO_COLOR").is_none();
        Self { width, colour, live: terminal, asks: terminal && stdin().is_terminal() && !quick }
    }

    /// The text in the colour of its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let style = ContentStyle::new();
        let style = match role {
            Role::Heading => style.bold(),
            Role::Aside => style.dim(),
            Role::Name => style.bold(),
            Role::Field => style.dark_cyan(),
            Role::Personal => style.dark_yellow().bold(),
            Role::Sealed => style.dark_magenta(),
            Role::Good => style.dark_green(),
        };
        style.apply(text).to_string()
    }
}

/// A variable that is set to something; the convention of `NO_COLOR` counts the empty text as absent.
fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
