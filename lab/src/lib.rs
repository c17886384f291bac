//! The laboratory: what a choice of parameters does to a network, computed by the code that runs on
//! chain.
//!
//! Formulas are those of `capacity-economics`, encodings those of `capacity-protocol` and
//! `sum-trie`, and a simulation plays the pallet itself. Floating point is used only to draw, to
//! summarise, and where a formula is not one of the chain's.

pub mod audits;
pub mod book;
pub mod commands;
pub mod figure;
pub mod figures;
pub mod growth;
pub mod number;
pub mod outcome;
pub mod policy;
pub mod progress;
pub mod proofs;
pub mod simulation;
pub mod values;

pub use figure::Figure;
pub use outcome::Outcome;
pub use progress::Progress;
pub use values::Values;
