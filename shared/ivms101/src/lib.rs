//! The IVMS101 model: tolerant reader, strict writers, validation; no IO.
