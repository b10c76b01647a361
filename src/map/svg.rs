//! A layout as SVG: text stays text, markers are drawn once and used.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tiny_skia::{Path, PathSegment};

use super::drawing::{HALO_WIDTH, Marker, Primitive, Raster, Stroke, TextRun};
use super::font::{Outlines, Weight};
use super::tokens::Rgba;
use super::{Error, Layout};
use crate::codec::{self, Controls};

/// The look of the fonts inside the program first, then what offices have.
const FAMILY: &str = "Noto Sans SC, Source Han Sans SC, Microsoft YaHei, sans-serif";

/// A page as one SVG document.
pub fn svg_from_layout(layout: &Layout) -> Result<String, Error> {
    let page = layout.page;
    let mut svg = String::with_capacity(1 << 20);
    let mut writer = SvgWriter { svg: &mut svg };
    writer.put(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" \
         font-family=\"{FAMILY}\">\n<title>{}</title>\n",
        page.width_px,
        page.height_px,
        short(page.width),
        short(page.height),
        escaped(&layout.title),
    ));
    writer.markers(layout)?;
    for item in &layout.items {
        writer.item(item)?;
    }
    writer.put("</svg>\n");
    Ok(svg)
}

struct SvgWriter<'a> {
    svg: &'a mut String,
}

impl SvgWriter<'_> {
    fn put(&mut self, text: &str) {
        self.svg.push_str(text);
    }

    fn markers(&mut self, layout: &Layout) -> Result<(), Error> {
        let used: BTreeSet<Marker> = layout
            .items
            .iter()
            .filter_map(|item| {
                if let Primitive::Marker { marker, .. } = item { Some(*marker) } else { None }
            })
            .collect();
        let mut outlines = Outlines::new()?;
        self.put("<defs>\n");
        for marker in used {
            self.put(&format!("<symbol id=\"{}\" overflow=\"visible\">", marker.name()));
            for part in marker.parts(&layout.theme, &mut outlines) {
                self.path(&part.path, part.fill, part.stroke);
            }
            self.put("</symbol>\n");
        }
        self.put("</defs>\n");
        Ok(())
    }

    fn item(&mut self, item: &Primitive) -> Result<(), Error> {
        match item {
            Primitive::Raster(picture) => self.picture(picture)?,
            Primitive::Path { path, fill, stroke } => self.path(path, *fill, *stroke),
            Primitive::Marker { marker, at, turn_deg } => {
                let (x, y) = (short(at.x), short(at.y));
                let turn = if *turn_deg == 0.0 {
                    String::new()
                } else {
                    format!(" transform=\"rotate({} {x} {y})\"", short(f64::from(*turn_deg)))
                };
                self.put(&format!(
                    "<use href=\"#{}\" x=\"{x}\" y=\"{y}\"{turn}/>\n",
                    marker.name()
                ));
            }
            Primitive::Text(run) => self.text(run),
        }
        Ok(())
    }

    fn path(&mut self, path: &Path, fill: Option<Rgba>, stroke: Option<Stroke>) {
        self.put("<path d=\"");
        data(path, self.svg);
        self.put("\"");
        match fill {
            Some(color) => self.paint("fill", color),
            None => self.put(" fill=\"none\""),
        }
        if let Some(stroke) = stroke {
            self.paint("stroke", stroke.color);
            self.put(&format!(" stroke-width=\"{}\"", short(stroke.width)));
            if stroke.is_round {
                self.put(" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
            }
            if let Some(dash) = stroke.dash {
                let dash: Vec<String> = dash.iter().map(|d| short(f64::from(*d))).collect();
                self.put(&format!(" stroke-dasharray=\"{}\"", dash.join(" ")));
            }
        }
        self.put("/>\n");
    }

    fn paint(&mut self, what: &str, color: Rgba) {
        self.put(&format!(" {what}=\"{}\"", color.hex()));
        if !color.is_opaque() {
            self.put(&format!(" {what}-opacity=\"{:.3}\"", color.opacity()));
        }
    }

    /// `textLength` keeps the room that was measured, whichever font the reader has.
    fn text(&mut self, run: &TextRun) {
        let (x, y) = (short(run.at.x), short(run.at.y));
        self.put(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" textLength=\"{}\"",
            short(run.size),
            short(run.width),
        ));
        if run.weight == Weight::Bold {
            self.put(" font-weight=\"700\"");
        }
        if run.turn_deg != 0.0 {
            self.put(&format!(" transform=\"rotate({} {x} {y})\"", short(run.turn_deg)));
        }
        self.paint("fill", run.color);
        if let Some(halo) = run.halo {
            self.paint("stroke", halo);
            self.put(&format!(
                " stroke-width=\"{HALO_WIDTH}\" stroke-linejoin=\"round\" paint-order=\"stroke\""
            ));
        }
        self.put(&format!(">{}</text>\n", escaped(&run.text)));
    }

    fn picture(&mut self, picture: &Raster) -> Result<(), Error> {
        let png = super::png::encode_rgba(&picture.rgba, picture.width, picture.height)?;
        self.put(&format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
             href=\"data:image/png;base64,",
            short(picture.at.x),
            short(picture.at.y),
            short(picture.size.x),
            short(picture.size.y),
        ));
        STANDARD.encode_string(&png, self.svg);
        self.put("\"/>\n");
        Ok(())
    }
}

/// Path data, in hundredths of a unit.
fn data(path: &Path, svg: &mut String) {
    let mut put = |verb: &str, points: &[tiny_skia::Point]| {
        svg.push_str(verb);
        for (index, point) in points.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            // Writing to a string cannot fail.
            let (x, y) = (short(f64::from(point.x)), short(f64::from(point.y)));
            write!(svg, "{gap}{x} {y}").ok();
        }
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => put("M", &[to]),
            PathSegment::LineTo(to) => put("L", &[to]),
            PathSegment::QuadTo(by, to) => put("Q", &[by, to]),
            PathSegment::CubicTo(one, two, to) => put("C", &[one, two, to]),
            PathSegment::Close => put("Z", &[]),
        }
    }
}

/// Two decimals at most, without zeros that say nothing.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escaped(text: &str) -> Cow<'_, str> {
    codec::escaped(text, Controls::Blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_full_of_markup_stays_a_name() {
        assert_eq!(escaped("<b>&\"\u{1}\n"), "&lt;b&gt;&amp;&quot; ");
        assert_eq!([short(1.0), short(-0.001), short(2.345)], ["1", "0", "2.35"]);
    }
}
