//! The attacks of design section 11, played against the pallet. Each test names the rule that stops
//! the attack.

mod gains;
mod operators;

mod backlogs;
mod budgets;
mod busy;
mod collateral;
mod corners;
mod crediting;
mod crowding;
mod diluted_audits;
mod dilution;
mod escapes;
mod failures;
mod identities;
mod late_slots;
mod leaps;
mod leftovers;
mod malformed;
mod newcomers;
mod overbooking;
mod overtime;
mod padding;
mod repeats;
mod resting;
mod rubbish;
mod scale;
mod self_dealing;
mod shirking;
mod splitting;
mod swings;
mod takebacks;
mod thinning;
mod thresholds;
mod timing;

use super::*;
use gains::*;
use operators::*;
