//! A program whose clock is wrong, while everybody else's is right.

use std::path::PathBuf;

/// Sets the clock of a program that is started with its variables. Only the time of day: pauses last as long as ever.
#[derive(Debug)]
pub struct WrongClock {
    library: PathBuf,
}

impl WrongClock {
    /// The Debian package that brings it.
    pub const PACKAGE: &'static str = "libfaketime";

    /// Finds the library.
    ///
    /// # Errors
    /// What to install.
    pub fn find() -> Result<Self, String> {
        let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
        let libraries = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
        let library = libraries.into_iter().find(|library| library.is_file());
        library.map(|library| Self { library }).ok_or_else(|| {
            let package = Self::PACKAGE;
            format!("no libfaketime: run `apt-get install --no-install-recommends {package}`, or `cargo xtask test`")
        })
    }

    /// The environment of a program whose clock is fast by so many seconds; slow when they are negative.
    pub fn environment(&self, seconds: i64) -> [(&'static str, String); 3] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME", format!("{seconds:+}s")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;
    use crate::{Program, TestFolder};

    #[tokio::test]
    async fn a_clock_is_wrong_by_as_much_as_is_asked() {
        let wrong = WrongClock::find().unwrap_or_else(|why| panic!("{why}"));
        let folder = TestFolder::new();
        let mut times = Vec::new();
        for seconds in [0, 360, -360] {
            let name = format!("clock{seconds}");
            let program = Program::at(Path::new("/bin/date"), &name, &folder).args(["+%s"]);
            let environment = wrong.environment(seconds);
            let program = environment.iter().fold(program, |program, (name, value)| program.env(name, value));
            let mut program = program.start();
            program.wait_for_exit(Duration::from_secs(10)).await;
            times.push(program.stdout().trim().parse::<i64>().unwrap());
        }
        let [right, fast, slow] = times[..] else { panic!("three times") };
        assert!(
            (355..=365).contains(&(fast - right)) && (-365..=-355).contains(&(slow - right)),
            "{times:?}"
        );
    }
}
