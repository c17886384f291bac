//! Figures to try the drawing with.

use super::{Axis, Figure, Layer, Panel};

fn figure(name: &str, panels: Vec<Panel>) -> Figure {
	let (name, title) = (name.into(), format!("A sample: {name} & <more>"));
	Figure { name, title, caption: "Drawn by `lab sample`.".into(), panels }
}

pub(crate) fn curves() -> Figure {
	let curve = |p: f64| {
		let points = (0..=40).map(|k| (f64::from(k), 1.0 - (1.0 - p).powi(k + 1))).collect();
		Layer::Line { label: format!("p = {p}"), points }
	};
	let mut layers: Vec<_> = [0.5, 0.2, 0.1].into_iter().map(curve).collect();
	layers.push(Layer::Dots { label: "p = 0.1".into(), points: vec![(9.0, 0.65), (19.0, 0.88)] });
	layers.push(Layer::Level { label: "95 %".into(), y: 0.95 });
	layers.push(Layer::Mark { label: "mean for p = 0.1".into(), x: 9.0 });
	let (x, y) = (Axis::linear("false claims k"), Axis::linear("probability of being caught"));
	figure("curves", vec![Panel { title: String::new(), x, y, layers }])
}

pub(crate) fn columns() -> Figure {
	let bars = |label: &str, shift: f64, factor: f64| Layer::Bars {
		label: label.into(),
		width: 0.4,
		points: (0..8).map(|k| (f64::from(k) + shift, factor * 0.8f64.powi(k))).collect(),
	};
	let dots = |label: &str, height: f64| Layer::Dots {
		label: label.into(),
		points: (1..40).map(|n| (f64::from(n), height / f64::from(n) - 0.004)).collect(),
	};
	let intervals = Layer::Intervals {
		label: "simulated".into(),
		points: (1..6)
			.map(|n| (f64::from(n), 0.1, 0.2 * f64::from(n), 0.3 * f64::from(n)))
			.collect(),
	};
	let left = Panel {
		title: "Left".into(),
		x: Axis::linear("false claims"),
		y: Axis::linear("probability"),
		layers: vec![bars("exactly", -0.2, 0.2), bars("at most", 0.2, 0.3), intervals],
	};
	let right = Panel {
		title: "Right".into(),
		x: Axis::logarithmic("identities"),
		y: Axis::linear("expected utility"),
		layers: vec![
			dots("of one half", 0.03),
			dots("of one third", 0.05),
			Layer::Level { label: "the truth".into(), y: 0.017 },
		],
	};
	figure("columns", vec![left, right])
}

pub(crate) fn heat() -> Figure {
	let xs: Vec<f64> = (0..24).map(|step| 0.5 * 1.2f64.powi(step)).collect();
	let ys: Vec<f64> = (0..20).map(|step| 1.05 + 0.1 * f64::from(step)).collect();
	let value = |x: f64, y: f64| (2.0 / (1.0 + x)).max(2.0 * 0.01f64.powf(y - 1.0)).min(1.0);
	let values = ys.iter().flat_map(|y| xs.iter().map(|x| value(*x, *y)).collect::<Vec<_>>());
	let values = values.collect();
	let levels = vec![0.1, 0.2, 0.5];
	let layer = Layer::Heat { label: "cost to the protocol".into(), xs, ys, values, levels };
	let (x, y) = (Axis::logarithmic("stake S, in rewards"), Axis::linear("curvature ρ"));
	figure("heat", vec![Panel { title: String::new(), x, y, layers: vec![layer] }])
}

pub(crate) fn all() -> Vec<Figure> {
	vec![curves(), columns(), heat()]
}
