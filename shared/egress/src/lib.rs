//! The only HTTP client: address policy, timeouts, limits, breaker.
