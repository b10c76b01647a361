//! Charts of a paper, by the writers of every map: curves over time, and the calendar of a month. They
//! know nothing of what is measured.

use tiny_skia::{Path, PathBuilder, Rect};

use super::Error;
use super::drawing::{Primitive, Stroke, TextStyle};
use super::font::{Fonts, Weight};
use super::layout::{Layout, PageSize};
use super::tokens::{LIGHT, Palette, Rgba};
use super::view::At;

/// A line over the width of a chart, in runs: a gap breaks it.
pub struct Curve {
    pub name: String,
    pub color: Rgba,
    /// Page units.
    pub width: f64,
    pub runs: Vec<Vec<[f64; 2]>>,
}

/// Curves above a common base of 0.
pub struct CurveChart {
    pub title: String,
    /// The first and the last place across.
    pub across: (f64, f64),
    /// What stands below, and where.
    pub marks: Vec<(f64, String)>,
    /// Lines across, such as where a level begins.
    pub lines: Vec<(f64, Rgba)>,
    pub curves: Vec<Curve>,
}

/// One day of a calendar.
pub struct CalendarDay {
    /// From 1.
    pub day: u8,
    pub text: String,
    pub below: String,
    /// `None` of a day of which nothing is known.
    pub colors: Option<(Rgba, Rgba)>,
}

const THEME: Palette = LIGHT;
const SMALL: TextStyle = TextStyle { size: 13.0, weight: Weight::Regular };
const FIGURE: TextStyle = TextStyle { size: 17.0, weight: Weight::Bold };
const HEAD: TextStyle = TextStyle { size: 16.0, weight: Weight::Bold };

struct Drawing {
    fonts: &'static Fonts,
    items: Vec<Primitive>,
}

impl Drawing {
    fn new(page: PageSize) -> Result<Self, Error> {
        let mut drawing = Self { fonts: Fonts::get()?, items: Vec::new() };
        drawing.fill(At { x: 0.0, y: 0.0 }, At { x: page.width, y: page.height }, THEME.panel);
        Ok(drawing)
    }

    fn fill(&mut self, from: At, to: At, color: Rgba) {
        let rect = Rect::from_ltrb(from.x as f32, from.y as f32, to.x as f32, to.y as f32);
        if let Some(rect) = rect {
            let path = PathBuilder::from_rect(rect);
            self.items.push(Primitive::Path { path, fill: Some(color), stroke: None });
        }
    }

    fn line(&mut self, points: &[At], stroke: Stroke) {
        if let Some(path) = path(points) {
            self.items.push(Primitive::Path { path, fill: None, stroke: Some(stroke) });
        }
    }

    /// `share` of its width lies left of `at`; the baseline runs through it.
    fn text(&mut self, style: TextStyle, text: &str, at: At, share: f64, color: Rgba) {
        let at = At { x: at.x - style.width(self.fonts, text) * share, y: at.y };
        self.items.push(style.run(self.fonts, text, at, color));
    }

    fn finish(self, page: PageSize, title: &str) -> Layout {
        let (theme, items) = (THEME, self.items);
        Layout { page, theme, items, title: title.to_owned(), warnings: Vec::new() }
    }
}

fn path(points: &[At]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (number, at) in points.iter().enumerate() {
        if number == 0 {
            path.move_to(at.x as f32, at.y as f32);
        } else {
            path.line_to(at.x as f32, at.y as f32);
        }
    }
    path.finish()
}

/// 1, 2 or 5 times a power of ten, so that some five steps reach the top.
fn step(top: f64) -> f64 {
    let raw = (top / 5.0).max(1e-9);
    let power = 10_f64.powf(raw.log10().floor());
    let sizes = [1.0, 2.0, 5.0, 10.0].map(|size| size * power);
    sizes.into_iter().find(|size| *size >= raw).unwrap_or(raw)
}

/// Lays out curves.
pub fn curves(chart: &CurveChart, page: PageSize) -> Result<Layout, Error> {
    let mut drawing = Drawing::new(page)?;
    let (left, right) = (52.0, page.width - 16.0);
    let (top, bottom) = (58.0, page.height - 30.0);
    let values = chart.curves.iter().flat_map(|curve| curve.runs.iter().flatten());
    let most = values.map(|point| point[1]).fold(1.0, f64::max) * 1.08;
    let (first, last) = chart.across;
    let x = |at: f64| left + (at - first) / (last - first).max(1e-9) * (right - left);
    let y = |value: f64| bottom - value / most * (bottom - top);
    drawing.text(HEAD, &chart.title, At { x: left, y: 22.0 }, 0.0, THEME.ink);
    let mut key = left;
    for curve in &chart.curves {
        let at = At { x: key, y: 42.0 };
        drawing.line(&[at, At { x: key + 26.0, ..at }], Stroke::solid(curve.color, curve.width));
        drawing.text(SMALL, &curve.name, At { x: key + 32.0, y: 46.0 }, 0.0, THEME.ink);
        key += 52.0 + SMALL.width(drawing.fonts, &curve.name);
    }
    let by = step(most);
    let mut value = 0.0;
    while value <= most {
        let ends = [At { x: left, y: y(value) }, At { x: right, y: y(value) }];
        drawing.line(&ends, Stroke::solid(THEME.line, 1.0));
        let words = format!("{}", (value * 1e6).round() / 1e6);
        drawing.text(SMALL, &words, At { x: left - 6.0, y: y(value) + 4.0 }, 1.0, THEME.muted);
        value += by;
    }
    for (value, color) in chart.lines.iter().filter(|(value, _)| *value < most) {
        let ends = [At { x: left, y: y(*value) }, At { x: right, y: y(*value) }];
        drawing.line(&ends, Stroke::solid(*color, 1.6).dashed(&[6.0, 5.0]));
    }
    for (at, words) in &chart.marks {
        let at = At { x: x(*at), y: bottom + 18.0 };
        drawing.text(SMALL, words, at, 0.5, THEME.muted);
    }
    for curve in &chart.curves {
        for run in &curve.runs {
            let points: Vec<At> =
                run.iter().map(|[at, value]| At { x: x(*at), y: y(*value) }).collect();
            drawing.line(&points, Stroke::solid(curve.color, curve.width).round());
        }
    }
    Ok(drawing.finish(page, &chart.title))
}

/// Lays out a month whose first day is so many days after a Monday.
pub fn calendar(
    title: &str,
    first_weekday: usize,
    days: &[CalendarDay],
    page: PageSize,
) -> Result<Layout, Error> {
    let mut drawing = Drawing::new(page)?;
    drawing.text(HEAD, title, At { x: 16.0, y: 22.0 }, 0.0, THEME.ink);
    let top = 50.0;
    let count = days.iter().map(|day| usize::from(day.day)).max().unwrap_or(0);
    let weeks = (first_weekday + count).div_ceil(7).max(1);
    let cell = At { x: (page.width - 32.0) / 7.0, y: (page.height - top - 12.0) / weeks as f64 };
    for (at, words) in ["一", "二", "三", "四", "五", "六", "日"].into_iter().enumerate() {
        let at = At { x: 16.0 + (at as f64 + 0.5) * cell.x, y: top - 6.0 };
        drawing.text(SMALL, words, at, 0.5, THEME.muted);
    }
    for day in days {
        let place = first_weekday + usize::from(day.day) - 1;
        let from = At {
            x: 16.0 + (place % 7) as f64 * cell.x + 2.0,
            y: top + (place / 7) as f64 * cell.y + 2.0,
        };
        let to = At { x: from.x + cell.x - 4.0, y: from.y + cell.y - 4.0 };
        let (ground, ink) = day.colors.unwrap_or((THEME.ground, THEME.muted));
        drawing.fill(from, to, ground);
        let corner = At { x: from.x + 5.0, y: from.y + 15.0 };
        drawing.text(SMALL, &day.day.to_string(), corner, 0.0, ink);
        let middle = (from + to) / 2.0;
        let at = At { x: middle.x, y: middle.y + 6.0 };
        drawing.text(FIGURE, &day.text, at, 0.5, ink);
        let below = At { x: middle.x, y: to.y - 5.0 };
        drawing.text(SMALL, &day.below, below, 0.5, ink);
    }
    Ok(drawing.finish(page, title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_steps() {
        for (span, expected) in [(4.0, 1.0), (9.0, 2.0), (37.0, 10.0), (260.0, 100.0), (1.0, 0.2)] {
            assert!((step(span) - expected).abs() < 1e-12, "{span}");
        }
    }

    #[test]
    fn a_gap_breaks_a_curve_and_a_month_has_all_its_days() {
        let page = PageSize::inset(156.0, 70.0, 120).unwrap();
        let run = |from: f64| vec![[from, 10.0], [from + 1.0, 20.0]];
        let curve = Curve {
            name: "甲".to_owned(),
            color: THEME.accent,
            width: 2.0,
            runs: vec![run(0.0), run(5.0)],
        };
        let chart = CurveChart {
            title: "一周".to_owned(),
            across: (0.0, 6.0),
            marks: vec![(0.0, "11-23".to_owned())],
            lines: vec![(15.0, THEME.act)],
            curves: vec![curve],
        };
        let accent = |item: &&Primitive| matches!(item, Primitive::Path { stroke: Some(stroke), .. } if stroke.color == THEME.accent);
        let layout = curves(&chart, page).unwrap();
        assert_eq!(layout.items.iter().filter(accent).count(), 3, "the key and two runs");
        let day = |day: u8| CalendarDay {
            day,
            text: "50".to_owned(),
            below: String::new(),
            colors: None,
        };
        let days: Vec<CalendarDay> = (1..=30).map(day).collect();
        let layout = calendar("11月", 6, &days, page).unwrap();
        let texts = layout.items.iter().filter_map(|item| match item {
            Primitive::Text(run) => Some(run.text.as_str()),
            _ => None,
        });
        assert_eq!(texts.filter(|text| *text == "50").count(), 30);
    }
}
