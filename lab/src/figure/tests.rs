use super::*;

#[test]
fn a_document_is_the_same_for_the_same_data() {
	for figure in samples::all() {
		assert_eq!(svg::draw(&figure).unwrap(), svg::draw(&figure).unwrap());
	}
}

#[test]
fn a_document_says_what_it_shows() {
	for figure in samples::all() {
		let text = svg::draw(&figure).unwrap();
		assert!(text.contains("<title>A sample: ") && text.contains("&amp; &lt;more&gt;</title>"));
		assert!(text.contains("<desc>Drawn by `lab sample`.</desc>"));
		for panel in &figure.panels {
			for word in [&panel.title, &panel.x.label, &panel.y.label] {
				assert!(text.contains(word.as_str()), "{word}");
			}
			assert!(panel.layers.iter().all(|layer| text.contains(layer.label())));
		}
	}
}

#[test]
fn contours_are_named_with_their_values() {
	let text = svg::draw(&samples::heat()).unwrap();
	assert!(["0.1", "0.2", "0.5"]
		.iter()
		.all(|level| text.contains(&format!(">\n{level}\n</text>"))));
}

#[test]
fn a_picture_is_twice_as_sharp_and_has_text_in_it() {
	let svg = svg::draw(&samples::curves()).unwrap();
	let picture = png::render(&svg).unwrap();
	assert_eq!(&picture[1..4], b"PNG");
	let width = u32::from_be_bytes(picture[16..20].try_into().unwrap());
	assert_eq!(width, 1440);
	let mute = svg.lines().filter(|line| !line.starts_with("<text")).collect::<String>();
	assert_ne!(png::render(&mute.replace("</text>", "")).unwrap(), picture);
}

#[test]
fn files_are_named_after_figures_where_there_are_several() {
	let folder = tempfile::tempdir().unwrap();
	save(&[samples::curves()], &folder.path().join("one.svg")).unwrap();
	save(&samples::all(), &folder.path().join("all.png")).unwrap();
	for name in ["one.svg", "all-curves.png", "all-columns.png", "all-heat.png"] {
		assert!(folder.path().join(name).is_file(), "{name}");
	}
	if let Some(folder) = std::env::var_os("CAPACITY_LAB_SAMPLES") {
		save(&samples::all(), &Path::new(&folder).join("sample.png")).unwrap();
		save(&samples::all(), &Path::new(&folder).join("sample.svg")).unwrap();
		samples::all().iter().for_each(|figure| println!("{}", terminal::draw(figure)));
	}
}

#[test]
fn what_cannot_be_drawn_is_said_in_words() {
	let wrong = save(&[samples::curves()], Path::new("plot.gif")).unwrap_err();
	assert!(format!("{wrong}").contains("neither in .svg nor in .png"));
	assert!(save(&[], Path::new("plot.svg")).is_err());
	assert!(save(&[samples::curves()], Path::new("no/such/folder/plot.svg")).is_err());
}

#[test]
fn figures_without_anything_to_draw_are_drawn() {
	let axis = || Axis::linear("nothing");
	let layers = vec![
		Layer::Line { label: "none".into(), points: vec![] },
		Layer::Dots { label: "nowhere".into(), points: vec![(f64::NAN, 1.0)] },
		Layer::Heat {
			label: "empty".into(),
			xs: vec![],
			ys: vec![],
			values: vec![],
			levels: vec![1.0],
		},
	];
	let panel = Panel { title: String::new(), x: axis(), y: Axis::logarithmic("log"), layers };
	let figure = Figure {
		name: "empty".into(),
		title: "Nothing".into(),
		caption: String::new(),
		panels: vec![panel],
	};
	assert!(png::render(&svg::draw(&figure).unwrap()).is_ok());
	assert!(terminal::draw(&figure).contains("Nothing"));
}
