//! The marks that stand at a point, as small vector drawings around their middle.
//!
//! Each tells what it is by shape, so a black-and-white print loses nothing.

mod pictogram;

use tiny_skia::{Path, PathBuilder, Transform};

use super::stroke::Stroke;
use crate::domain::{ControlPointLevel, Lang, SiteKind};
use crate::map::font::{Outlines, Weight};
use crate::map::sketch::SiteStanding;
use crate::map::tokens::{Palette, Rgba};

/// What stands at a point. Drawn once and then placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Marker {
    Site(SiteKind, SiteStanding),
    /// A site where marks are too close to show their kind.
    Dot(SiteStanding),
    /// Looking north before it is turned.
    Camera {
        has_direction: bool,
    },
    /// Where trucks come from.
    Gate {
        is_generator: bool,
    },
    ControlPoint {
        level: ControlPointLevel,
        is_running: bool,
        /// In its middle; small stations have no room for one.
        letter: Option<char>,
    },
    /// Of the ledger.
    Item(ItemLook),
    /// Where the wind is measured, or computed.
    Weather {
        is_modelled: bool,
    },
}

/// What an item of the ledger waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemLook {
    Open,
    Returned,
    ToCheck,
    Over,
}

impl ItemLook {
    /// The most urgent first.
    pub const ALL: [Self; 4] = [Self::Open, Self::Returned, Self::ToCheck, Self::Over];

    const fn key(self) -> &'static str {
        match self {
            Self::Open => "item-open",
            Self::Returned => "item-returned",
            Self::ToCheck => "item-to-check",
            Self::Over => "item-over",
        }
    }
}

/// A path of a marker and how it is drawn.
pub struct MarkerPath {
    pub path: Path,
    pub fill: Option<Rgba>,
    pub stroke: Option<Stroke>,
}

impl Marker {
    /// With the first character of its level.
    pub const fn control_point(level: ControlPointLevel, is_running: bool, lang: Lang) -> Self {
        let letter = match (level, lang) {
            (ControlPointLevel::Micro, _) => None,
            (ControlPointLevel::National, Lang::Zh) => Some('国'),
            (ControlPointLevel::Provincial, Lang::Zh) => Some('省'),
            (ControlPointLevel::Municipal, Lang::Zh) => Some('市'),
            (ControlPointLevel::Township, Lang::Zh) => Some('乡'),
            (ControlPointLevel::National, Lang::En) => Some('N'),
            (ControlPointLevel::Provincial, Lang::En) => Some('P'),
            (ControlPointLevel::Municipal, Lang::En) => Some('M'),
            (ControlPointLevel::Township, Lang::En) => Some('T'),
        };
        Self::ControlPoint { level, is_running, letter }
    }

    /// How far from the middle it reaches, page units.
    pub const fn reach(self) -> f64 {
        match self {
            Self::Dot(_) | Self::Item(ItemLook::Over) => 5.0,
            Self::Site(..) | Self::Gate { .. } | Self::Item(_) | Self::Weather { .. } => 10.0,
            Self::Camera { .. } => 14.0,
            Self::ControlPoint { level: ControlPointLevel::Micro, .. } => 9.0,
            Self::ControlPoint { .. } => 15.0,
        }
    }

    /// A name for files that refer to it.
    pub fn name(self) -> String {
        match self {
            Self::Site(kind, standing) => format!("site-{}-{}", kind.key(), key(standing)),
            Self::Dot(standing) => format!("dot-{}", key(standing)),
            Self::Camera { has_direction: true } => "camera".to_owned(),
            Self::Camera { has_direction: false } => "camera-round".to_owned(),
            Self::Item(look) => look.key().to_owned(),
            Self::Gate { is_generator: false } => "gate".to_owned(),
            Self::Gate { is_generator: true } => "generator".to_owned(),
            Self::Weather { is_modelled: false } => "weather-station".to_owned(),
            Self::Weather { is_modelled: true } => "weather-model".to_owned(),
            Self::ControlPoint { level, is_running, .. } => {
                let state = if is_running { "" } else { "-stopped" };
                format!("control-point-{}{state}", level as u8)
            }
        }
    }

    /// Its paths around the origin, page units, lowest first.
    pub fn parts(self, theme: &Palette, outlines: &mut Outlines) -> Vec<MarkerPath> {
        match self {
            Self::Site(kind, standing) => site(kind, standing, theme),
            Self::Dot(standing) => dot(standing, theme),
            Self::Camera { has_direction } => camera(has_direction, theme),
            Self::Gate { is_generator } => gate(is_generator, theme),
            Self::Item(look) => item(look, theme),
            Self::Weather { is_modelled } => weather(is_modelled, theme),
            Self::ControlPoint { level, is_running, letter } => {
                control_point(level, is_running, letter, theme, outlines)
            }
        }
    }
}

const fn key(standing: SiteStanding) -> &'static str {
    match standing {
        SiteStanding::Plain => "plain",
        SiteStanding::Uninspected => "uninspected",
        SiteStanding::Failing => "failing",
    }
}

/// Reads a small subset of SVG path data: absolute `M L H V C Z`, and `O x y r` for a circle.
fn drawn(data: &str) -> Option<Path> {
    let mut pen = PathBuilder::new();
    let mut words = data.split_ascii_whitespace().peekable();
    let (mut x, mut y) = (0.0, 0.0);
    while let Some(verb) = words.next() {
        let mut number = || words.next().and_then(|word| word.parse::<f32>().ok());
        match verb {
            "M" => {
                (x, y) = (number()?, number()?);
                pen.move_to(x, y);
            }
            "L" => {
                (x, y) = (number()?, number()?);
                pen.line_to(x, y);
            }
            "H" => {
                x = number()?;
                pen.line_to(x, y);
            }
            "V" => {
                y = number()?;
                pen.line_to(x, y);
            }
            "C" => {
                let (x1, y1, x2, y2) = (number()?, number()?, number()?, number()?);
                (x, y) = (number()?, number()?);
                pen.cubic_to(x1, y1, x2, y2, x, y);
            }
            "O" => pen.push_circle(number()?, number()?, number()?),
            "Z" => pen.close(),
            _ => return None,
        }
    }
    pen.finish()
}

fn part(data: &str, fill: Option<Rgba>, stroke: Option<Stroke>) -> Option<MarkerPath> {
    Some(MarkerPath { path: drawn(data)?, fill, stroke })
}

const BOX: &str = "M -5 -9 H 5 C 7.2 -9 9 -7.2 9 -5 V 5 C 9 7.2 7.2 9 5 9 H -5 \
                   C -7.2 9 -9 7.2 -9 5 V -5 C -9 -7.2 -7.2 -9 -5 -9 Z";
/// The same without its upper right corner.
const NOTCHED: &str = "M -5 -9 H 3 L 9 -3 V 5 C 9 7.2 7.2 9 5 9 H -5 \
                       C -7.2 9 -9 7.2 -9 5 V -5 C -9 -7.2 -7.2 -9 -5 -9 Z";

fn site(kind: SiteKind, standing: SiteStanding, theme: &Palette) -> Vec<MarkerPath> {
    let (paper, ink, edge) = match standing {
        SiteStanding::Plain => (theme.panel, theme.ink, Stroke::solid(theme.ink, 1.3)),
        SiteStanding::Uninspected => {
            (theme.panel, theme.muted, Stroke::solid(theme.ink, 1.3).dashed(&[2.6, 2.2]))
        }
        SiteStanding::Failing => (theme.act, theme.panel, Stroke::solid(theme.panel, 1.0)),
    };
    let shape = if standing == SiteStanding::Failing { NOTCHED } else { BOX };
    let mut parts: Vec<MarkerPath> = part(shape, Some(paper), Some(edge)).into_iter().collect();
    for piece in pictogram::pieces(kind) {
        let (data, fill, stroke) = match piece {
            pictogram::PictogramPart::Fill(data) => (data, Some(ink), None),
            pictogram::PictogramPart::Hole(data) => (data, Some(paper), None),
            pictogram::PictogramPart::Line(width, data) => {
                (data, None, Some(Stroke::solid(ink, *width)))
            }
        };
        parts.extend(part(data, fill, stroke.map(Stroke::round)));
    }
    parts
}

fn dot(standing: SiteStanding, theme: &Palette) -> Vec<MarkerPath> {
    let edge = Some(Stroke::solid(theme.panel, 0.8));
    let drawing = match standing {
        SiteStanding::Plain => part("O 0 0 2.6", Some(theme.muted), edge),
        SiteStanding::Uninspected => {
            part("O 0 0 2.1", Some(theme.panel), Some(Stroke::solid(theme.muted, 1.1)))
        }
        SiteStanding::Failing => part("M 0 -4.4 L 4.4 0 L 0 4.4 L -4.4 0 Z", Some(theme.act), edge),
    };
    drawing.into_iter().collect()
}

fn camera(has_direction: bool, theme: &Palette) -> Vec<MarkerPath> {
    let lens = part("O 0 0 3", Some(theme.ink), Some(Stroke::solid(theme.panel, 1.2)));
    let around = if has_direction {
        let edge = Stroke::solid(theme.ink, 1.1);
        part("M 0 0 L -5.5 -12 L 5.5 -12 Z", Some(theme.halo), Some(edge))
    } else {
        part("O 0 0 6", Some(theme.halo), Some(Stroke::solid(theme.ink, 1.1)))
    };
    around.into_iter().chain(lens).collect()
}

/// A drop with a sign in it; what is over is a small ring.
fn item(look: ItemLook, theme: &Palette) -> Vec<MarkerPath> {
    const DROP: &str = "M 0 9.5 L -6 1 C -10 -4 -5 -9.5 0 -9.5 C 5 -9.5 10 -4 6 1 Z";
    let edge = Some(Stroke::solid(theme.panel, 1.2));
    let (fill, sign) = match look {
        ItemLook::Over => {
            let ring = part("O 0 0 3.2", Some(theme.panel), Some(Stroke::solid(theme.muted, 1.4)));
            return ring.into_iter().collect();
        }
        ItemLook::Open => (theme.act, "M 0 -6.5 L 0 -1.5 M 0 1 L 0 1.6"),
        ItemLook::Returned => (theme.act, "M 3.5 -1 H -3.5 M -0.8 -4.5 L -3.8 -1 L -0.8 2.5"),
        ItemLook::ToCheck => (theme.watch, "M -3.6 -2 L -0.8 1 L 3.8 -4.8"),
    };
    let line = Some(Stroke::solid(theme.panel, 1.8).round());
    part(DROP, Some(fill), edge).into_iter().chain(part(sign, None, line)).collect()
}

/// Two arrows through a bar; of a generator, a square with a stack.
fn gate(is_generator: bool, theme: &Palette) -> Vec<MarkerPath> {
    let edge = Stroke::solid(theme.panel, 1.2);
    let ground = part("M -9 -9 L 9 -9 L 9 9 L -9 9 Z", Some(theme.ink), Some(edge));
    let sign = if is_generator {
        "M -6 6 L -6 0 L -2 0 L -2 -6 L 1 -6 L 1 0 L 6 0 L 6 6 Z"
    } else {
        "M -7 -1.2 L 1 -1.2 L 1 -5 L 7 0 L 1 5 L 1 1.2 L -7 1.2 Z"
    };
    ground.into_iter().chain(part(sign, Some(theme.panel), None)).collect()
}

/// A wind vane in a ring, which is broken where a model stands for the instrument.
fn weather(is_modelled: bool, theme: &Palette) -> Vec<MarkerPath> {
    let edge = Stroke::solid(theme.ink, 1.3);
    let edge = if is_modelled { edge.dashed(&[2.6, 2.2]) } else { edge };
    let ring = part("O 0 0 8.4", Some(theme.panel), Some(edge));
    let mast = Some(Stroke::solid(theme.ink, 1.5).round());
    let vane = part("M 0 5.5 L 0 -4.5 M -5 -2.5 H 4", None, mast);
    let head = part("M 6 -2.5 L 2.4 -5 L 2.4 0 Z", Some(theme.ink), None);
    ring.into_iter().chain(vane).chain(head).collect()
}

/// A hexagon standing on its tip.
fn hexagon(radius: f32) -> Option<Path> {
    let mut pen = PathBuilder::new();
    for corner in 0..6_u8 {
        let (sin, cos) = (f32::from(corner) * 60.0).to_radians().sin_cos();
        let (x, y) = (radius * sin, -radius * cos);
        if corner == 0 { pen.move_to(x, y) } else { pen.line_to(x, y) }
    }
    pen.close();
    pen.finish()
}

fn control_point(
    level: ControlPointLevel,
    is_running: bool,
    letter: Option<char>,
    theme: &Palette,
    outlines: &mut Outlines,
) -> Vec<MarkerPath> {
    let ink = if is_running { theme.ink } else { theme.muted };
    let (radius, edge) = match level {
        ControlPointLevel::National => (14.0, Stroke::solid(ink, 1.5)),
        ControlPointLevel::Provincial => (13.5, Stroke::solid(ink, 2.4)),
        ControlPointLevel::Municipal => (13.0, Stroke::solid(ink, 1.1)),
        ControlPointLevel::Township => (13.0, Stroke::solid(ink, 1.9).round().dashed(&[0.1, 3.6])),
        ControlPointLevel::Micro => (8.0, Stroke::solid(ink, 1.3)),
    };
    let edge = if is_running { edge } else { edge.dashed(&[3.0, 3.0]) };
    let halo =
        hexagon(radius + 1.6).map(|path| MarkerPath { path, fill: Some(theme.halo), stroke: None });
    let outer = hexagon(radius).map(|path| MarkerPath {
        path,
        fill: Some(theme.panel),
        stroke: Some(edge),
    });
    let inner = (level == ControlPointLevel::National)
        .then(|| hexagon(radius - 3.0))
        .flatten()
        .map(|path| MarkerPath { path, fill: None, stroke: Some(Stroke::solid(ink, 1.1)) });
    let letter = letter.map_or_else(|| drawn("O 0 0 2"), |letter| centred(letter, outlines));
    let letter = letter.map(|path| MarkerPath { path, fill: Some(ink), stroke: None });
    [halo, outer, inner, letter].into_iter().flatten().collect()
}

fn centred(letter: char, outlines: &mut Outlines) -> Option<Path> {
    let path = outlines.line(Weight::Bold, &letter.to_string(), 12.0, 0.0)?;
    let bounds = path.bounds();
    let middle = Transform::from_translate(
        -(bounds.left() + bounds.right()) / 2.0,
        -(bounds.top() + bounds.bottom()) / 2.0,
    );
    path.transform(middle)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::map::tokens::LIGHT;

    fn all() -> Vec<Marker> {
        let standings = [SiteStanding::Plain, SiteStanding::Uninspected, SiteStanding::Failing];
        let sites =
            SiteKind::ALL.into_iter().flat_map(|kind| standings.map(|s| Marker::Site(kind, s)));
        let levels = [
            ControlPointLevel::National,
            ControlPointLevel::Provincial,
            ControlPointLevel::Municipal,
            ControlPointLevel::Township,
            ControlPointLevel::Micro,
        ];
        let points = levels.into_iter().flat_map(|level| {
            [true, false].map(|is_running| Marker::control_point(level, is_running, Lang::Zh))
        });
        let cameras = [true, false].map(|has_direction| Marker::Camera { has_direction });
        let gates = [true, false].map(|is_generator| Marker::Gate { is_generator });
        let items = ItemLook::ALL.map(Marker::Item);
        let weather = [true, false].map(|is_modelled| Marker::Weather { is_modelled });
        let others = cameras.into_iter().chain(gates).chain(items).chain(weather);
        sites.chain(standings.map(Marker::Dot)).chain(points).chain(others).collect()
    }

    /// What is drawn in black and white: the paths and whether they are filled, without colour.
    fn shape(marker: Marker) -> String {
        let mut outlines = Outlines::new().unwrap();
        let parts = marker.parts(&LIGHT, &mut outlines);
        let words = parts.iter().map(|part| {
            let stroke = part.stroke.as_ref().map(|stroke| (stroke.width, stroke.dash));
            format!("{:?} {} {stroke:?}", part.path, part.fill.is_some())
        });
        words.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn no_two_symbols_have_the_same_shape_or_name() {
        let markers = all();
        let shapes: BTreeSet<String> = markers.iter().map(|marker| shape(*marker)).collect();
        let names: BTreeSet<String> = markers.iter().map(|marker| marker.name()).collect();
        assert_eq!((shapes.len(), names.len()), (markers.len(), markers.len()));
    }

    #[test]
    fn every_symbol_is_drawn_and_stays_within_its_reach() {
        let mut outlines = Outlines::new().unwrap();
        for marker in all() {
            let parts = marker.parts(&LIGHT, &mut outlines);
            assert!(!parts.is_empty());
            for part in parts {
                let bounds = part.path.bounds();
                let reach = marker.reach() as f32 + 1.0;
                assert!(
                    bounds.left() >= -reach && bounds.right() <= reach,
                    "{marker:?} {bounds:?}"
                );
                assert!(
                    bounds.top() >= -reach && bounds.bottom() <= reach,
                    "{marker:?} {bounds:?}"
                );
            }
        }
    }
}
