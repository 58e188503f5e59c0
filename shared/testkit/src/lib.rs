//! Clock, seeded randomness, TCP chaos proxy, free ports and folders for tests.
