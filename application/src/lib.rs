//! The side of an application.
