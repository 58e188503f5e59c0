//! The signed list of alliance members.
