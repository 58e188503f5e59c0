//! Service ingress.
