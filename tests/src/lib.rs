//! End-to-end, contract and crash suites, and the benchmarks.
