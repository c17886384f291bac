//! The game as the document defines it, by plain sums: nothing of the chain's search is used.

/// Bids and splits up to which every strategy is looked at.
pub(crate) struct Brute {
	pub(crate) bids: usize,
	pub(crate) splits: usize,
}

impl Brute {
	/// `(U(N, 1/m), N, m)` for all of them; `visit` sees each.
	pub(crate) fn visit(
		&self,
		(curvature, stake, rate): (f64, f64, f64),
		mut visit: impl FnMut(usize, usize, f64),
	) {
		let gains: Vec<f64> =
			(0..=self.splits).map(|split| (split as f64).powf(-curvature)).collect();
		// P(X = k) for one bid after the other, each audited or not.
		let mut chances = vec![0.0; self.bids + 2];
		chances[0] = 1.0;
		for bids in 1..=self.bids {
			for hits in (1..=bids).rev() {
				chances[hits] = chances[hits] * (1.0 - rate) + chances[hits - 1] * rate;
			}
			chances[0] *= 1.0 - rate;
			// Sums from above: P(X > m) and E[max(X − m, 0)].
			let (mut tail, mut excess) = (0.0, 0.0);
			for split in (0..bids).rev() {
				tail += chances[split + 1];
				excess += tail;
				if (1..=self.splits).contains(&split) {
					let delivered = bids as f64 * rate - excess;
					visit(bids, split, gains[split] * delivered - stake * excess);
				}
			}
			for (split, gain) in gains.iter().enumerate().take(self.splits + 1).skip(bids) {
				visit(bids, split, gain * bids as f64 * rate);
			}
		}
	}

	/// The best of all, as `(U, N, m)`.
	pub(crate) fn best(&self, game: (f64, f64, f64)) -> (f64, usize, usize) {
		let mut best = (0.0, 0, 0);
		self.visit(game, |bids, split, utility| {
			if utility > best.0 {
				best = (utility, bids, split);
			}
		});
		best
	}
}
