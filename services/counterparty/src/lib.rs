//! Service counterparty.
