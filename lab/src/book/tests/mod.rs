use super::{chapter::Code, expression::Expression, shown::Shown, *};
use anyhow::anyhow;

/// A code that knows one number and one command.
struct Known;

impl Code for Known {
	fn value(&self, expression: &Expression) -> Result<f64> {
		match expression.to_string().as_str() {
			"known(x=1)" => Ok(1980.4567),
			"share()" => Ok(0.63397),
			"loss()" => Ok(-0.5),
			"bytes()" => Ok(4.8e9),
			other => Err(anyhow!("{other} is unknown")),
		}
	}

	fn output(&self, line: &str) -> Result<String> {
		match line {
			"lab known --x 1" => Ok("a  table  \n1      2\n".into()),
			other => Err(anyhow!("{other} is unknown")),
		}
	}
}

fn differences(text: &str) -> Vec<Difference> {
	chapter::read(text, &Known).differences
}

fn mended(text: &str) -> String {
	chapter::read(text, &Known).mended
}

#[test]
fn numbers_are_compared_at_the_precision_that_is_written() {
	let right = [
		"It is 1,980<!--= known(x=1) -->.",
		"It is 1980<!--= known(x=1) -->.",
		"It is **1,980.46**<!--= known(x=1) -->.",
		"It is 1,980.457 ×<!--= known(x=1) -->.",
		"63 %<!--= share() --> or 63.4%<!--= share() --> or 0.634<!--=share()-->",
		"a loss of −0.5<!--= loss() --> or -1<!--= loss() -->",
		"4.8<!--= bytes() unit=GB --> GB or 4,800 MB<!--= bytes() unit=MB -->",
		"a comment over\n1,980<!--= known(\nx=1) -->\ntwo lines",
	];
	for text in right {
		assert_eq!(differences(text), [], "{text}");
		assert_eq!(mended(text), text);
	}
}

#[test]
fn a_wrong_number_is_reported_where_it_stands_and_mended() {
	let text = "first\n\nIt is 1,981<!--= known(x=1) -->.\n";
	let found = differences(text);
	assert_eq!(found.len(), 1);
	assert_eq!((found[0].line, found[0].written.as_str()), (3, "1,981"));
	assert!(found[0].code.starts_with("1,980 = known(x=1)") && found[0].mendable);
	assert_eq!(mended(text), "first\n\nIt is 1,980<!--= known(x=1) -->.\n");
	assert_eq!(mended("64 %<!--= share() -->"), "63 %<!--= share() -->");
	assert_eq!(mended("0.5<!--= loss() -->"), "−0.5<!--= loss() -->");
	assert_eq!(mended("7<!--= known(x=1) -->"), "1,980<!--= known(x=1) -->");
	// Twice in one line, the first right.
	assert_eq!(differences("1<!--= share() --> 62 %<!--= share() -->").len(), 1);
}

#[test]
fn what_cannot_be_computed_is_reported_and_left() {
	let wrong = [
		"It is 7<!--= unknown(x=1) -->.",
		"It is 7<!--= known(x=1 -->.",
		"It is 7<!--= known -->.",
		"It is 7<!--= known(x=1) unit=cats -->.",
		"It is 7<!--= known(x=1)",
		"It is seven<!--= known(x=1) -->.",
		"<!--= known(x=1) -->",
		"It is 1,98<!--= known(x=1) -->.",
		"It is 7 <!--= known(x=1) -->.",
	];
	for text in wrong {
		let found = differences(text);
		assert_eq!(found.len(), 1, "{text}");
		assert!(!found[0].mendable, "{text}");
		assert_eq!(mended(text), text);
	}
}

#[test]
fn outputs_are_what_the_command_prints() {
	let right = "Text\n\n```console\n$ lab known --x 1\na  table\n1      2\n```\n\nmore\n";
	assert_eq!(differences(right), []);
	assert_eq!(mended(right), right);
	let wrong = right.replace("2\n", "3\n");
	let found = differences(&wrong);
	assert_eq!((found.len(), found[0].line, found[0].mendable), (1, 4, true));
	assert_eq!(mended(&wrong), right);
	let unknown = right.replace("--x 1", "--x 2");
	assert_eq!(differences(&unknown).len(), 1);
	assert_eq!(mended(&unknown), unknown);
}

#[test]
fn other_blocks_are_left_alone() {
	let other = "```sh\n$ lab known\n7<!--= share() -->\n```\n\n```console\n$ make run\nx\n```\n";
	let found = chapter::read(other, &Known);
	assert_eq!((found.numbers, found.outputs, found.differences.len()), (0, 0, 0));
	assert_eq!(found.mended, other);
}

#[test]
fn a_number_is_found_with_its_sign_and_unit() {
	let place = |text: &str| Shown::before(text, None).map(|shown| text[shown.place].to_string());
	assert_eq!(place("from 3-5").unwrap(), "5");
	assert_eq!(place("(-5").unwrap(), "-5");
	assert_eq!(place("+3.01 ×").unwrap(), "+3.01");
	assert_eq!(place("`S` = 0.2222").unwrap(), "0.2222");
	assert!(place("7.").is_err() && place("1234,567").is_err() && place("%").is_err());
}

#[test]
fn halves_are_rounded_away_from_zero() {
	let like = |text: &str, value: f64| Shown::before(text, None).unwrap().with(value);
	assert_eq!(like("1.00", 0.125), "0.13");
	assert_eq!(like("1.00", -0.125), "−0.13");
	assert_eq!(like("1.0", 0.35), "0.4");
	assert_eq!(like("1", 0.499), "0");
	assert_eq!(like("10 %", 0.125), "13");
	assert_eq!(like("0.001", -0.0001), "0.000");
}

#[test]
fn quantities_say_which_arguments_they_take() {
	let value = |text: &str| text.parse::<Expression>().and_then(|asked| asked.value());
	let error = |text: &str| format!("{:#}", value(text).unwrap_err());
	assert_eq!(value("escapes(p=0.2)").unwrap(), 4.0);
	assert!(error("nothing(p=0.2)").contains("known are"));
	assert!(error("escapes(q=0.2)").contains("takes no q, but p"));
	assert!(error("escapes()").contains("needs p"));
	assert!(error("escapes(p=2)").contains("not between 0 and 1"));
	assert!(error("escapes(p=0.1, p=0.2)").contains("stands twice"));
}

#[test]
fn every_quantity_is_named_once() {
	let mut names: Vec<_> = quantities::all().map(|quantity| quantity.name).collect();
	names.sort_unstable();
	let count = names.len();
	names.dedup();
	assert_eq!(names.len(), count);
	assert!(quantities::all().all(|quantity| !quantity.about.is_empty()));
}

#[test]
fn broken_links_and_unlisted_chapters_are_found() {
	let folder = tempfile::tempdir().unwrap();
	let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
	write("SUMMARY.md", "- [One](one.md)\n");
	write(
		"one.md",
		"# One of `all`\n[two](two.md#here-it-is) [gone](gone.md)\n![picture](gone.svg)\n",
	);
	write("two.md", "## Here it is\n[one](one.md#one-of-all) [web](https://example.org/x)\n");
	write("three.md", "[out](../) [up](#nowhere) `[code](gone.md)`\n```\n[code](gone.md)\n```\n");
	let broken = |name: &str| {
		let file = folder.path().join(name);
		links::broken(&file, &fs::read_to_string(&file).unwrap()).len()
	};
	assert_eq!((broken("one.md"), broken("two.md"), broken("three.md")), (2, 0, 2));
	let unlisted = links::unlisted(folder.path()).unwrap();
	assert_eq!(unlisted, [folder.path().join("three.md"), folder.path().join("two.md")]);
}

#[test]
fn a_folder_is_checked_and_written() {
	let folder = tempfile::tempdir().unwrap();
	let chapter = folder.path().join("chapter.md");
	fs::write(&chapter, "5<!--= escapes(p=0.2) --> and 6<!--= escapes() -->\n").unwrap();
	let paths = [folder.path().to_path_buf()];
	let report = check(&paths).unwrap();
	assert_eq!((report.chapters, report.numbers, report.differences.len()), (1, 2, 2));
	assert!(report.differences[0].to_string().contains("chapter.md:1: written 5"));
	write(&paths).unwrap();
	let text = fs::read_to_string(&chapter).unwrap();
	assert_eq!(text, "4<!--= escapes(p=0.2) --> and 6<!--= escapes() -->\n");
	assert!(check(&[folder.path().join("nothing")]).is_err());
}
