use super::*;
use codec::Encode;
use sum_trie::Trie;

fn refused(error: ProofError) -> Fault {
	Fault::InvalidProof(error)
}

/// Three suppliers have claimed their audits of session 1, the second with `honest` units done.
fn at_the_seed(honest: Units) {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	run_to(claims_open(1));
	commit(1, 1, 20);
	commit(2, 1, honest);
	commit(3, 1, 20);
	run_to(seed_of(1));
}

#[test]
fn an_honest_proof_is_accepted_once_and_free() {
	on_chain(policy(), || {
		at_the_seed(20);
		let info = prove(2, 1, proof_of(2, 1, 20)).unwrap();
		assert_eq!(info.pays_fee, frame_support::dispatch::Pays::No);
		let declared = <() as WeightInfo>::prove(65_536, CapacityOracle::most_hashes(), 16);
		assert!(info.actual_weight.unwrap().ref_time() < declared.ref_time() / 2);
		let proven = Event::Proven { session: 1, service: 0, supplier: 2, units: 20 };
		assert_eq!(last_event(), proven);
		assert!(duty(2, 1).unwrap().positions.is_empty());
		assert!(!duty(1, 1).unwrap().proven);
		assert_noop!(prove(2, 1, vec![]), Fault::AlreadyProven);
	});
}

#[test]
fn proofs_have_their_time() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		assert_noop!(prove(1, 77, vec![]), Fault::UnknownSession);
		run_to(claims_open(1));
		commit(2, 1, 20);
		assert_noop!(prove(2, 1, vec![]), Fault::ProofsNotOpen);
		run_to(seed_of(1));
		let proof = proof_of(2, 1, 20);
		assert_noop!(prove(9, 1, proof.clone()), Fault::NoOpenClaim);
		assert_noop!(prove(1, 1, proof.clone()), Fault::NothingCommitted);
		let other = CapacityOracle::prove(signed(2), 1, 1, proof.clone().try_into().unwrap());
		assert_eq!(other.unwrap_err().error, Fault::NoOpenClaim.into());
		// In the last block of the window it is accepted, afterwards it is not.
		run_to(due(1) - 1);
		assert_ok!(prove(2, 1, proof.clone()));
		run_to(due(1));
		assert!(prove(3, 1, proof).is_err());
	});
}

#[test]
fn after_the_window_a_proof_is_too_late() {
	on_chain(policy(), || {
		// More claims than one block settles, so that some are still open when the window is closed.
		for who in 1..=9 {
			join(who, 20);
		}
		run_to(claims_open(1));
		for who in 1..=9 {
			commit(who, 1, 20);
		}
		run_to(due(1));
		let late = (1..=9).find(|who| duty(*who, 1).is_some()).unwrap();
		let proof = proof_of(late, 1, 20);
		assert_noop!(prove(late, 1, proof), Fault::ProofsClosed);
	});
}

/// The seed is fixed, so trying again gains nothing, and whoever has a bug loses nothing.
#[test]
fn a_refused_proof_can_be_corrected() {
	on_chain(policy(), || {
		at_the_seed(20);
		let good = proof_of(2, 1, 20);
		let mut bad = good.clone();
		*bad.last_mut().unwrap() ^= 1;
		assert!(prove(2, 1, bad.clone()).is_err());
		assert!(prove(2, 1, bad).is_err());
		assert_ok!(prove(2, 1, good));
	});
}

#[test]
fn made_up_work_is_refused() {
	on_chain(policy(), || {
		at_the_seed(0);
		assert_noop!(prove(2, 1, proof_of(2, 1, 0)), refused(ProofError::WrongResult));
	});
}

#[test]
fn the_proof_of_another_claim_is_refused() {
	on_chain(policy(), || {
		at_the_seed(20);
		let told = duty(2, 1).unwrap();
		let theirs = trie(&duty(1, 1).unwrap(), 20).open(&told.positions).unwrap().encode();
		assert_noop!(prove(2, 1, theirs), refused(ProofError::WrongResult));
	});
}

#[test]
fn other_openings_of_the_same_claim_are_refused() {
	on_chain(policy(), || {
		at_the_seed(20);
		let told = duty(2, 1).unwrap();
		let trie = trie(&told, 20);
		let held = |position: &u64| told.positions.contains(position);
		let elsewhere: Vec<u64> = (0..20).filter(|position| !held(position)).take(1).collect();
		let opened = trie.open(&elsewhere).unwrap().encode();
		assert_noop!(prove(2, 1, opened), refused(ProofError::PositionNotOpened));
		let mut more = told.positions.clone();
		more.extend(elsewhere);
		let opened = trie.open(&more).unwrap().encode();
		assert!(prove(2, 1, opened).is_err(), "one leaf too many");
		let mut fewer = told.positions.clone();
		fewer.sort();
		fewer.dedup();
		fewer.pop();
		if !fewer.is_empty() {
			let opened = trie.open(&fewer).unwrap().encode();
			assert_noop!(prove(2, 1, opened), refused(ProofError::PositionNotOpened));
		}
	});
}

/// A root that promises more than the trie behind it holds cannot be opened where it is hollow.
#[test]
fn a_bogus_sum_is_refused() {
	on_chain(policy(), || {
		join(1, 20);
		join(2, 20);
		join(3, 20);
		run_to(claims_open(1));
		let told = duty(2, 1).unwrap();
		let few: Vec<_> = leaves(&told, 20).into_iter().take(5).collect();
		let small = Trie::<sum_trie::Blake2b256>::build(few).unwrap();
		let bogus = sum_trie::NodeRef { sum: 20, count: 20, ..small.root() };
		assert_ok!(claim(2, 1, bogus));
		run_to(seed_of(1));
		let positions: Vec<u64> =
			duty(2, 1).unwrap().positions.into_iter().map(|position| position % 5).collect();
		assert!(prove(2, 1, small.open(&positions).unwrap().encode()).is_err());
		run_to(due(1));
		assert_eq!(bid_of(2).stake, 0);
	});
}

#[test]
fn work_outside_the_task_or_of_too_much_weight_is_refused() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(claims_open(1));
		let told = duty(2, 1).unwrap();
		// Units 100..120 of the same chain of hashes, done in earnest.
		let StandardWork::Synthetic(work) = told.audit.as_ref().unwrap().work;
		let larger = Task { units: 120, ..told.audit.as_ref().unwrap().task };
		let beyond: Vec<_> = work.leaves::<sum_trie::Blake2b256>(&larger).skip(100).collect();
		let beyond = Trie::<sum_trie::Blake2b256>::build(beyond).unwrap();
		assert_ok!(claim(2, 1, beyond.root()));
		// One honest unit that claims to weigh twenty.
		let told = duty(3, 1).unwrap();
		let fat: Vec<_> = leaves(&told, 20)
			.into_iter()
			.take(1)
			.map(|leaf| sum_trie::Leaf { weight: 20, ..leaf })
			.collect();
		let fat = Trie::<sum_trie::Blake2b256>::build(fat).unwrap();
		assert_ok!(claim(3, 1, fat.root()));
		run_to(seed_of(1));
		let positions = |who| duty(who, 1).unwrap().positions;
		let opened = beyond.open(&positions(2)).unwrap().encode();
		assert_noop!(prove(2, 1, opened), refused(ProofError::NotInTask));
		let opened = fat.open(&positions(3)).unwrap().encode();
		assert_noop!(prove(3, 1, opened), refused(ProofError::PositionNotOpened));
	});
}

/// The second supplier commits to `leaves` of its own making, and shows them.
fn shown(change: impl Fn(&mut Vec<sum_trie::Leaf>)) -> sp_runtime::DispatchError {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	run_to(claims_open(1));
	let mut made = leaves(&duty(2, 1).unwrap(), 20);
	change(&mut made);
	let trie = Trie::<sum_trie::Blake2b256>::build(made).unwrap();
	assert_ok!(claim(2, 1, trie.root()));
	run_to(seed_of(1));
	let opened = trie.open(&duty(2, 1).unwrap().positions).unwrap();
	prove(2, 1, opened.encode()).unwrap_err().error
}

#[test]
fn work_that_stands_where_it_does_not_belong_is_refused() {
	on_chain(policy(), || {
		let fault = shown(|leaves| {
			let values: Vec<_> = leaves.iter().map(|leaf| leaf.value.clone()).collect();
			for (leaf, value) in leaves.iter_mut().zip(values.into_iter().rev()) {
				leaf.value = value;
			}
		});
		assert_eq!(fault, refused(ProofError::WrongPlace).into());
	});
}

#[test]
fn content_that_is_no_work_is_refused() {
	on_chain(policy(), || {
		let fault = shown(|leaves| leaves.iter_mut().for_each(|leaf| leaf.value.truncate(39)));
		assert_eq!(fault, refused(ProofError::MalformedWork).into());
	});
}

#[test]
fn a_proof_of_another_trie_is_refused() {
	on_chain(policy(), || {
		at_the_seed(20);
		let told = duty(2, 1).unwrap();
		let mut others = leaves(&told, 20);
		let held = |index: usize, trie: &Trie<sum_trie::Blake2b256>, path: &sum_trie::Path| {
			let (_, leaf) = trie.leaf_at(told.positions[index]).unwrap();
			leaf.path == *path
		};
		// All that is opened is right; something beside it is not.
		let committed = trie(&told, 20);
		let beside = others
			.iter_mut()
			.find(|leaf| (0..4).all(|index| !held(index, &committed, &leaf.path)))
			.unwrap();
		beside.value[39] ^= 1;
		let other = Trie::<sum_trie::Blake2b256>::build(others).unwrap();
		let opened = other.open(&told.positions).unwrap().encode();
		assert_noop!(prove(2, 1, opened), refused(ProofError::WrongRoot));
	});
}

#[test]
fn a_leaf_that_nobody_asked_for_is_refused() {
	on_chain(Policy { openings: 16, ..policy() }, || {
		at_the_seed(20);
		let told = duty(2, 1).unwrap();
		let mut more = told.positions.clone();
		more.sort();
		more.dedup();
		assert!(more.len() < 16, "sixteen draws of twenty all differ");
		let elsewhere = (0..20).find(|position| !more.contains(position)).unwrap();
		more.push(elsewhere);
		let opened = trie(&told, 20).open(&more).unwrap().encode();
		assert_noop!(prove(2, 1, opened), refused(ProofError::UnaskedLeaf));
	});
}

#[test]
fn random_and_truncated_bytes_are_refused() {
	on_chain(policy(), || {
		at_the_seed(20);
		let good = proof_of(2, 1, 20);
		assert_noop!(prove(2, 1, vec![]), refused(ProofError::Malformed));
		for end in (0..good.len()).step_by(7) {
			assert!(prove(2, 1, good[..end].to_vec()).is_err(), "cut at {end}");
		}
		let mut longer = good.clone();
		longer.push(0);
		assert_noop!(prove(2, 1, longer), refused(ProofError::Malformed));
		for byte in (0..good.len()).step_by(5) {
			let mut changed = good.clone();
			changed[byte] ^= 0x55;
			assert!(prove(2, 1, changed).is_err(), "changed at {byte}");
		}
		assert_noop!(prove(2, 1, vec![0xff; 32_768]), refused(ProofError::Malformed));
	});
}
