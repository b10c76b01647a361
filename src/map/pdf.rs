//! A layout as a PDF page: vector, with text that can be selected and searched.

use std::collections::BTreeMap;

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Data, Document, SerializeSettings};
use tiny_skia::PathSegment;

use super::drawing::{HALO_WIDTH, Marker, MarkerPath, Primitive, Raster, Stroke, TextRun};
use super::font::{Fonts, Outlines, Weight};
use super::tokens::Rgba;
use super::{Error, Layout};

/// A page as a PDF file of one page; the same layout makes the same bytes.
pub fn pdf_from_layout(layout: &Layout) -> Result<Vec<u8>, Error> {
    let page = layout.page;
    let (width, height) = (page.width_pt as f32, page.height_pt as f32);
    let settings = PageSettings::from_wh(width, height)
        .ok_or_else(|| Error::Pdf("a page of no size".to_owned()))?;
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(Metadata::new().title(layout.title.clone()).creator("shapan".to_owned()));
    let mut sheet = document.start_page_with(settings);
    paint(layout, sheet.surface())?;
    sheet.finish();
    document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

fn paint(layout: &Layout, mut surface: Surface<'_>) -> Result<(), Error> {
    let scale = (layout.page.width_pt / layout.page.width) as f32;
    surface.push_transform(&Transform::from_scale(scale, scale));
    let mut painter = PdfPainter {
        layout,
        surface,
        fonts: Fonts::get()?,
        regular: font(Weight::Regular)?,
        bold: font(Weight::Bold)?,
        outlines: Outlines::new()?,
        markers: BTreeMap::new(),
    };
    for item in &layout.items {
        painter.item(item);
    }
    painter.surface.pop();
    painter.surface.finish();
    Ok(())
}

fn font(weight: Weight) -> Result<Font, Error> {
    let data = Fonts::get()?.face(weight).data;
    Font::new(Data::from(data), 0).ok_or(Error::Font)
}

struct PdfPainter<'a> {
    layout: &'a Layout,
    surface: Surface<'a>,
    fonts: &'static Fonts,
    regular: Font,
    bold: Font,
    outlines: Outlines,
    markers: BTreeMap<Marker, Vec<MarkerPath>>,
}

fn color(Rgba([red, green, blue, _]): Rgba) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn opacity(of: Rgba) -> NormalizedF32 {
    NormalizedF32::new(of.opacity()).unwrap_or(NormalizedF32::ONE)
}

fn fill(of: Rgba) -> Fill {
    Fill { paint: color(of).into(), opacity: opacity(of), rule: FillRule::NonZero }
}

fn pen(stroke: Stroke) -> krilla::paint::Stroke {
    krilla::paint::Stroke {
        paint: color(stroke.color).into(),
        width: stroke.width as f32,
        opacity: opacity(stroke.color),
        line_cap: if stroke.is_round { LineCap::Round } else { LineCap::Butt },
        line_join: if stroke.is_round { LineJoin::Round } else { LineJoin::Miter },
        dash: stroke.dash.map(|dash| StrokeDash { array: dash.to_vec(), offset: 0.0 }),
        ..krilla::paint::Stroke::default()
    }
}

fn outline(path: &tiny_skia::Path) -> Option<krilla::geom::Path> {
    let mut pen = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => pen.move_to(to.x, to.y),
            PathSegment::LineTo(to) => pen.line_to(to.x, to.y),
            PathSegment::QuadTo(by, to) => pen.quad_to(by.x, by.y, to.x, to.y),
            PathSegment::CubicTo(one, two, to) => {
                pen.cubic_to(one.x, one.y, two.x, two.y, to.x, to.y);
            }
            PathSegment::Close => pen.close(),
        }
    }
    pen.finish()
}

impl PdfPainter<'_> {
    fn item(&mut self, item: &Primitive) {
        match item {
            Primitive::Raster(picture) => self.picture(picture),
            Primitive::Path { path, fill, stroke } => self.draw(path, *fill, *stroke),
            Primitive::Marker { marker, at, turn_deg } => {
                let turn = Transform::from_rotate_at(*turn_deg, at.x as f32, at.y as f32);
                let place = Transform::from_translate(at.x as f32, at.y as f32);
                self.surface.push_transform(&turn);
                self.surface.push_transform(&place);
                self.marker(*marker);
                self.surface.pop();
                self.surface.pop();
            }
            Primitive::Text(run) => self.text(run),
        }
    }

    fn marker(&mut self, marker: Marker) {
        let parts = self
            .markers
            .remove(&marker)
            .unwrap_or_else(|| marker.parts(&self.layout.theme, &mut self.outlines));
        for part in &parts {
            self.draw(&part.path, part.fill, part.stroke);
        }
        self.markers.insert(marker, parts);
    }

    fn draw(&mut self, path: &tiny_skia::Path, inside: Option<Rgba>, stroke: Option<Stroke>) {
        let Some(path) = outline(path) else { return };
        // Without either, the surface would fill in black.
        if inside.is_none() && stroke.is_none() {
            return;
        }
        self.surface.set_fill(inside.map(fill));
        self.surface.set_stroke(stroke.map(pen));
        self.surface.draw_path(&path);
    }

    /// The halo is drawn as outlines, so that the text is there once.
    fn text(&mut self, run: &TextRun) {
        let (x, y) = (run.at.x as f32, run.at.y as f32);
        self.surface.push_transform(&Transform::from_rotate_at(run.turn_deg as f32, x, y));
        self.surface.push_transform(&Transform::from_translate(x, y));
        if let Some(halo) = run.halo
            && let Some(line) = self.outlines.line(run.weight, &run.text, run.size, run.spacing)
        {
            self.draw(&line, None, Some(Stroke::solid(halo, HALO_WIDTH).round()));
        }
        let glyphs = self.glyphs(run);
        let font = match run.weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(run.color)));
        let size = run.size as f32;
        self.surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, &run.text, size, false);
        self.surface.pop();
        self.surface.pop();
    }

    fn glyphs(&self, run: &TextRun) -> Vec<KrillaGlyph> {
        let face = self.fonts.face(run.weight);
        let glyph = |(start, c): (usize, char)| {
            // As a share of the size.
            let advance = face.advance(c, 1.0) + run.spacing / run.size;
            let id = GlyphId::new(u32::from(face.glyph(c)));
            let range = start..start + c.len_utf8();
            KrillaGlyph::new(id, advance as f32, 0.0, 0.0, 0.0, range, None)
        };
        run.text.char_indices().map(glyph).collect()
    }

    fn picture(&mut self, picture: &Raster) {
        let image = Image::from_rgba8(picture.rgba.clone(), picture.width, picture.height);
        let Some(size) = Size::from_wh(picture.size.x as f32, picture.size.y as f32) else {
            return;
        };
        let place = Transform::from_translate(picture.at.x as f32, picture.at.y as f32);
        self.surface.push_transform(&place);
        self.surface.draw_image(image, size);
        self.surface.pop();
    }
}
