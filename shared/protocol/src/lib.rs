//! The messages between nodes and their signatures; no IO.
