//! Commands and request/reply between services.
