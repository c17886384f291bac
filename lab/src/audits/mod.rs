//! Audits of capacity: how often they must happen, what the best lie gains, and why linear rewards
//! need a minimum bid (section 4 of the design).
//!
//! Gains and rates are those of [`capacity_economics::Game`], the code with which the chain judges a
//! policy; only the limits of the search are wider here.

mod binomial;
#[cfg(test)]
mod brute;
pub mod capacity;
pub mod concentration;
mod figures;
pub mod least;
pub mod map;
pub mod portfolio;
mod rough;
pub mod schedule;
pub(crate) mod spelling;
pub mod utility;

pub use capacity::{Capacities, Capacity};
pub use concentration::Concentration;
pub(crate) use figures::{concentration_figure, cost_lines, cost_map, utility_figure};
pub use figures::{linear_concentration, protocol_cost, sybil_utility};
pub use least::{least_rate, LeastRate, Lie};
pub use schedule::Schedule;
