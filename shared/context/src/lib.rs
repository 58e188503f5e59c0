//! What every service is given.
