//! Title, scale bar, north arrow, foot line, watermark: what makes a picture a map.

use jiff::civil::Date;

use super::boxes::OrientedBox;
use super::{PageFrames, PageSize};
use crate::domain::{Lang, Seal, Text};
use crate::map::drawing::{Batches, Primitive, Stroke, TextRun, TextStyle};
use crate::map::font::{Fonts, Weight};
use crate::map::tokens::Palette;
use crate::map::view::{At, Frame, Projection};

/// What stands in the margin and on the map's corners.
pub struct MapSurround<'a> {
    pub fonts: &'a Fonts,
    pub theme: &'a Palette,
    pub lang: Lang,
    pub layout: PageFrames,
}

const PAD: f64 = 14.0;
/// From the end of the bar to the ratio beside it.
const UNIT: f64 = 14.0;
/// How wide a scale bar would like to be.
const BAR: f64 = 200.0;
const NORTH: At = At { x: 15.0, y: 27.0 };

impl MapSurround<'_> {
    /// The margin covers what reaches beyond the map; a hairline closes it.
    pub fn margin(&self, page: PageSize, items: &mut Vec<Primitive>) {
        let map = self.layout.map;
        let (width, height) = (page.width, page.height);
        let mut batches = Batches::default();
        for frame in [
            Frame::new(0.0, 0.0, width, map.top),
            Frame::new(0.0, map.bottom, width, height),
            Frame::new(0.0, map.top, map.left, map.bottom),
            Frame::new(map.right, map.top, width, map.bottom),
        ] {
            batches.rect(0, self.theme.panel, frame);
        }
        let edge = Stroke::solid(self.theme.muted.faded(0.6), 1.0);
        batches.area(1, None, Some(edge), &[map.corners().to_vec()]);
        items.extend(batches.into_items());
    }

    /// The title at the left; at the right the date.
    pub fn head(&self, title: &str, date: Date, tag: Option<&str>, items: &mut Vec<Primitive>) {
        let Frame { left, right, .. } = self.layout.title;
        let baseline = 41.0;
        let date = match self.lang {
            Lang::Zh => format!("制图日期 {}年{}月{}日", date.year(), date.month(), date.day()),
            Lang::En => format!("Drawn on {date}"),
        };
        let date_width = TextStyle::NOTE.width(self.fonts, &date);
        let date_at = At { x: right - date_width, y: baseline };
        items.push(TextStyle::NOTE.run(self.fonts, &date, date_at, self.theme.muted));
        let tag_room = if tag.is_some() { 240.0 } else { 0.0 };
        let room = right - left - date_width - 24.0 - tag_room;
        let title = shortened(self.fonts, title, TextStyle::TITLE, room);
        let at = At { x: left, y: baseline };
        items.push(TextStyle::TITLE.run(self.fonts, &title, at, self.theme.ink));
        if let Some(tag) = tag {
            let at =
                At { x: left + TextStyle::TITLE.width(self.fonts, &title) + 18.0, y: baseline };
            items.push(TextStyle::HEADING.run(self.fonts, tag, at, self.theme.watch));
        }
    }

    /// Datum, projection, where the base map is from, and the seal of the district at the right.
    pub fn foot(&self, base: Option<&str>, seal: Option<Seal>, items: &mut Vec<Primitive>) {
        let Frame { left, right, top, .. } = self.layout.foot;
        let datum =
            Text::new("坐标系 WGS-84 · 网络墨卡托投影", "Datum WGS-84 · Web Mercator projection");
        let none = Text::new("底图:无", "No base map");
        let base = base.map_or_else(
            || none.say(self.lang).to_owned(),
            |base| format!("{}{base}", Text::new("底图:", "Base map: ").say(self.lang)),
        );
        let line = format!("{} · {base}", datum.say(self.lang));
        let seal = seal
            .map(|seal| format!("{} {}", Text::new("存证码", "Seal").say(self.lang), seal.short()));
        let width = seal.as_ref().map_or(0.0, |seal| TextStyle::NOTE.width(self.fonts, seal));
        if let Some(seal) = &seal {
            let at = At { x: right - width, y: top + 21.0 };
            items.push(TextStyle::NOTE.run(self.fonts, seal, at, self.theme.muted));
        }
        let room = right - left - if seal.is_some() { width + 24.0 } else { 0.0 };
        let line = shortened(self.fonts, &line, TextStyle::NOTE, room);
        let at = At { x: left, y: top + 21.0 };
        items.push(TextStyle::NOTE.run(self.fonts, &line, at, self.theme.muted));
    }

    /// The corners of the map that its surround takes; names keep away from them.
    pub fn corners(&self, projection: &Projection, ratio: Option<u32>) -> Vec<OrientedBox> {
        let units = scale_bar(projection.metres_per_unit(), BAR).units;
        let mut scale = self.scale_frame(units);
        if let Some(ratio) = ratio {
            let words = TextStyle::NOTE.width(self.fonts, &ratio_text(ratio));
            scale.right = scale.right.max(scale.left + 16.0 + units + UNIT + words + 8.0);
        }
        let Frame { right, top, .. } = self.layout.map;
        let north = Frame::new(right - NORTH.x * 2.0 - PAD, top, right, top + NORTH.y * 2.0 + PAD);
        vec![OrientedBox::of(scale), OrientedBox::of(north)]
    }

    fn scale_frame(&self, units: f64) -> Frame {
        let Frame { left, bottom, .. } = self.layout.map;
        Frame::new(left + PAD, bottom - PAD - 40.0, left + PAD + units + 76.0, bottom - PAD)
    }

    /// True at the latitude of the map's middle; with the ratio where that is a round one.
    pub fn scale(&self, projection: &Projection, ratio: Option<u32>, items: &mut Vec<Primitive>) {
        let bar = scale_bar(projection.metres_per_unit(), BAR);
        let frame = self.scale_frame(bar.units);
        let (left, base) = (frame.left + 16.0, frame.bottom - 12.0);
        let mut batches = Batches::default();
        let around = piece_around(left, base, bar.units);
        batches.area(0, Some(self.theme.halo), None, &[around.corners().to_vec()]);
        let half = bar.units / 2.0;
        let piece = |from: f64, to: f64| Frame::new(left + from, base - 5.0, left + to, base);
        batches.rect(1, self.theme.ink, piece(0.0, half));
        let edge = Stroke::solid(self.theme.ink, 1.0);
        let (fill, whole) = (Some(self.theme.panel), piece(half, bar.units).corners().to_vec());
        batches.area(1, fill, Some(edge), &[whole]);
        items.extend(batches.into_items());
        for (share, text) in [(0.0, "0"), (0.5, &bar.half_text), (1.0, &bar.text)] {
            let width = TextStyle::NOTE.width(self.fonts, text);
            // The unit hangs out to the right, so that the figure stands over its mark.
            let figure = text.split(' ').next().unwrap_or(text);
            let shift =
                if share == 0.0 { width } else { TextStyle::NOTE.width(self.fonts, figure) };
            let at = At { x: left + bar.units * share - shift / 2.0, y: base - 11.0 };
            items.push(haloed(
                TextStyle::NOTE.run(self.fonts, text, at, self.theme.ink),
                self.theme,
            ));
        }
        if let Some(ratio) = ratio {
            let at = At { x: left + bar.units + UNIT, y: base };
            let words = ratio_text(ratio);
            let run = TextStyle::NOTE.run(self.fonts, &words, at, self.theme.ink);
            items.push(haloed(run, self.theme));
        }
    }

    /// North is up everywhere in this projection.
    pub fn north(&self, items: &mut Vec<Primitive>) {
        let Frame { right, top, .. } = self.layout.map;
        let middle = At { x: right - NORTH.x - PAD, y: top + NORTH.y + PAD };
        let mut batches = Batches::default();
        let tip = middle + At { x: 0.0, y: -24.0 };
        let notch = middle + At { x: 0.0, y: 5.0 };
        let foot = |x: f64| middle + At { x, y: 12.0 };
        let halo = Stroke::solid(self.theme.halo, 5.0).round();
        batches.area(
            0,
            Some(self.theme.halo),
            Some(halo),
            &[vec![tip, foot(11.0), notch, foot(-11.0)]],
        );
        let edge = Stroke::solid(self.theme.ink, 1.0);
        batches.area(1, Some(self.theme.ink), Some(edge), &[vec![tip, notch, foot(-11.0)]]);
        batches.area(1, Some(self.theme.panel), Some(edge), &[vec![tip, foot(11.0), notch]]);
        items.extend(batches.into_items());
        let text = Text::new("北", "N").say(self.lang);
        let at = middle + At { x: -TextStyle::HEADING.width(self.fonts, text) / 2.0, y: 30.0 };
        items
            .push(haloed(TextStyle::HEADING.run(self.fonts, text, at, self.theme.ink), self.theme));
    }

    /// 内部使用, slanted over the whole map.
    pub fn watermark(&self, items: &mut Vec<Primitive>) {
        let text = Text::new("内部使用", "INTERNAL USE").say(self.lang);
        let (style, map) = (TextStyle { size: 46.0, weight: Weight::Bold }, self.layout.map);
        let width = style.width(self.fonts, text);
        let (sin, cos) = (-30.0_f64).to_radians().sin_cos();
        let mut y = map.top + 190.0;
        let mut is_odd = false;
        while y < map.bottom {
            let mut x = map.left + if is_odd { 320.0 } else { 60.0 };
            while x + width * cos < map.right && y + width * sin > map.top {
                let color = self.theme.ink.faded(0.07);
                let run = style.line(self.fonts, text, At { x, y }, color);
                items.push(Primitive::Text(TextRun { turn_deg: -30.0, ..run }));
                x += 520.0;
            }
            y += 260.0;
            is_odd = !is_odd;
        }
    }
}

fn haloed(item: Primitive, theme: &Palette) -> Primitive {
    match item {
        Primitive::Text(run) => Primitive::Text(TextRun { halo: Some(theme.halo), ..run }),
        other => other,
    }
}

fn piece_around(left: f64, base: f64, units: f64) -> Frame {
    Frame::new(left, base - 5.0, left + units, base).grown(2.0)
}

/// `1:10,000`.
fn ratio_text(denominator: u32) -> String {
    let digits = denominator.to_string();
    let mut text = "1:".to_owned();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A round length and how long it is on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleBar {
    pub units: f64,
    pub text: String,
    pub half_text: String,
}

/// The largest of 1, 2, 5 × 10ⁿ metres that is not longer than `most` page units.
pub fn scale_bar(metres_per_unit: f64, most: f64) -> ScaleBar {
    let room = (metres_per_unit * most).max(1e-6);
    let power = 10_f64.powf(room.log10().floor());
    let step = [5.0, 2.0].into_iter().find(|step| step * power <= room).unwrap_or(1.0);
    let metres = step * power;
    let is_far = metres >= 1000.0;
    let (scale, unit) = if is_far { (1000.0, "km") } else { (1.0, "m") };
    ScaleBar {
        units: metres / metres_per_unit,
        text: format!("{} {unit}", metres / scale),
        half_text: format!("{}", metres / 2.0 / scale),
    }
}

/// A text cut to a width, with … where it was cut.
pub fn shortened(fonts: &Fonts, text: &str, of: TextStyle, room: f64) -> String {
    if of.width(fonts, text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = of.width(fonts, "…");
    for c in text.chars() {
        width += fonts.face(of.weight).advance(c, of.size);
        if width > room {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// A sentence in lines: broken between words, and anywhere between Chinese characters.
pub fn wrapped(fonts: &Fonts, text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        let longer = format!("{line}{word}");
        if !line.is_empty() && fonts.width(Weight::Regular, longer.trim_end(), size) > room {
            lines.push(line.trim_end().to_owned());
            word.trim_start().clone_into(&mut line);
        } else {
            line = longer;
        }
    }
    lines.extend((!line.trim().is_empty()).then(|| line.trim_end().to_owned()));
    lines
}

/// Pieces that must stay together; closing punctuation stays with what is before it.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for c in text.chars() {
        let is_wide = c >= '\u{2e80}';
        let is_closing = matches!(c, '。' | ',' | '、' | ')' | '”' | ';' | ':');
        match words.last_mut() {
            Some(word) if (is_open && !is_wide) || is_closing => word.push(c),
            _ => words.push(c.to_string()),
        }
        is_open = !is_wide && c != ' ';
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_bar_is_a_round_length() {
        assert_eq!(
            scale_bar(5.0, 200.0),
            ScaleBar { units: 200.0, text: "1 km".to_owned(), half_text: "0.5".to_owned() }
        );
        assert_eq!(scale_bar(1.4, 200.0).text, "200 m");
        assert_eq!(scale_bar(130.0, 200.0).text, "20 km");
    }

    #[test]
    fn a_sentence_is_broken_within_its_room_and_loses_nothing() {
        let fonts = Fonts::get().unwrap();
        for text in [
            "另有 12 条记录尚未定位,未上图。再说一遍也不多。",
            "Crowded marks shrink to dots and are counted.",
        ] {
            let lines = wrapped(fonts, text, 12.0, 120.0);
            assert!(lines.len() > 1);
            for line in &lines {
                assert!(fonts.width(Weight::Regular, line, 12.0) <= 132.0, "{line}");
                assert!(!line.starts_with('。') && !line.starts_with(','), "{line}");
            }
            let bare = |text: &str| text.replace(' ', "");
            assert_eq!(bare(&lines.concat()), bare(text));
        }
    }

    #[test]
    fn a_title_too_long_ends_in_an_ellipsis() {
        let fonts = Fonts::get().unwrap();
        let long = shortened(fonts, &"很长的标题".repeat(20), TextStyle::TITLE, 300.0);
        assert!(long.ends_with('…') && TextStyle::TITLE.width(fonts, &long) <= 300.0);
        assert_eq!(shortened(fonts, "短", TextStyle::TITLE, 300.0), "短");
    }
}
