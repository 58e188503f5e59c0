//! Service keys.
