//! Figures as PNG, drawn from their SVG with a font of our own, so that every machine draws the same.

use anyhow::{Context, Result};
use resvg::{
	tiny_skia::{Pixmap, Transform},
	usvg::{fontdb::Database, Options, Tree},
};
use std::sync::Arc;

/// Dots for each pixel of the SVG, in each direction.
const SHARPNESS: f32 = 2.0;

/// An SVG document as a PNG file.
pub fn render(svg: &str) -> Result<Vec<u8>> {
	let mut fonts = Database::new();
	fonts.load_font_data(dejavu::sans::regular().to_vec());
	fonts.load_font_data(dejavu::sans::bold().to_vec());
	fonts.set_sans_serif_family("DejaVu Sans");
	let options = Options {
		font_family: "DejaVu Sans".into(),
		fontdb: Arc::new(fonts),
		..Options::default()
	};
	let tree = Tree::from_str(svg, &options).context("not an SVG document that can be drawn")?;
	let size = tree.size().to_int_size().scale_by(SHARPNESS).context("the plot is too large")?;
	let mut map = Pixmap::new(size.width(), size.height()).context("the plot is too large")?;
	resvg::render(&tree, Transform::from_scale(SHARPNESS, SHARPNESS), &mut map.as_mut());
	map.encode_png().context("the plot cannot be written as PNG")
}
