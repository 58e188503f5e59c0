//! What services say to each other: command bodies and requests; no IO.
