//! Refusals.

use crate::{Schema, field};

/// The body of every refusal.
pub fn refusal() -> Schema {
    let code = Schema::of("string")
        .pattern("^[A-Z0-9-]+$")
        .about(
            "For programs; stable. `MISSING-X`: a mandatory field is absent, empty or `null`. `INVALID-X`: a field has a \
             wrong type, value or length. X is the last part of the field's path. All others are fixed.",
        )
        .example("MISSING-VERSION");
    let message = Schema::of("string")
        .about("For people. Names the whole path of a field. Never repeats a value, so it may be logged.")
        .example("`payload.version` is required.");
    Schema::object([field("code", code), field("message", message)])
        .about("Why nothing was done.")
        .named("Refusal")
}
