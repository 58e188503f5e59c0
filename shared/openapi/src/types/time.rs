//! Times.

use crate::Schema;

const EXAMPLE: &str = "2026-03-03T21:52:08.092Z";

/// A time that we write.
pub fn written_time() -> Schema {
    Schema::of("string").with("format", "date-time").example(EXAMPLE)
}

/// A time that we read.
pub fn read_time() -> Schema {
    written_time()
}

/// What is said of every time that is read.
pub(super) const READ: &str = "ISO 8601 with a time zone, extended or basic (`20260303T215208.092Z`); years 1000 to 9999; cut to milliseconds.";
