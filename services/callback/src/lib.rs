//! Service callback.
