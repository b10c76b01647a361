//! 禁行, 限行, 单行, 绕行: in force, proposed and drafted. What is revoked is not shown.

use super::{LabelRule, Layer, LayerInput, LegendRow, Swatch};
use crate::domain::{Kind, Lang, OrderKind, OrderState, Text};
use crate::map::drawing::{LabelStyle, MapPen, Stroke, hatch, steps, total};
use crate::map::font::Weight;
use crate::map::sketch::{Sketch, Symbol, Tag, Words};
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::At;

/// Draws [`Kind::Restriction`].
pub struct RestrictionLayer;

const DRAFT_OPACITY: f32 = 0.6;
/// Families of rows in the legend.
const KIND: u8 = 0;
const DRAFT: u8 = 1;
const AT_REST: u8 = 2;

impl Layer for RestrictionLayer {
    fn key(&self) -> &'static str {
        "restrictions"
    }

    fn title(&self) -> Text {
        Text::new("管控措施", "Restrictions")
    }

    fn kind(&self) -> Kind {
        Kind::Restriction
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for record in input.world.table(Kind::Restriction).iter() {
            if OrderState::Revoked.is_of(record) {
                continue;
            }
            let is_draft = OrderState::Draft.is_of(record);
            let kind = OrderKind::of(record).unwrap_or(OrderKind::Limited);
            let symbol = Symbol::Restriction { kind, is_draft, is_at_rest: false };
            let first_new = sketch.marks.len();
            sketch.record(record, symbol, Some(Words::Name));
            if let Some(mark) = sketch.marks.get_mut(first_new)
                && is_draft
            {
                mark.tag = mark.tag.or(Some(Tag::Draft));
            }
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Restriction { kind: OrderKind::NoEntry, is_draft: false, is_at_rest: false }
    }

    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        let Parts { kind, is_draft, is_at_rest } = parts(symbol);
        if is_at_rest {
            pen.line(0, at_rest(pen.theme), points);
            return;
        }
        let color = color(pen.theme, kind, is_draft);
        pen.line(0, Stroke::solid(pen.theme.halo, 8.0), points);
        match kind {
            OrderKind::NoEntry => {
                pen.line(2, Stroke::solid(color, 5.0), points);
                for step in steps(points, 12.0, 24.0) {
                    pen.bar(3, Stroke::solid(color, 2.4), step, 2.5, 7.5);
                    pen.bar(3, Stroke::solid(color, 2.4), step, -7.5, -2.5);
                }
            }
            OrderKind::Limited => {
                pen.line(2, Stroke::solid(color, 4.5).dashed(&[12.0, 6.0]), points);
            }
            OrderKind::OneWay => {
                pen.line(2, Stroke::solid(color, 3.0), points);
                pen.arrows(3, color, points);
            }
            OrderKind::Detour => {
                pen.line(2, Stroke::solid(color, 3.0).dashed(&[10.0, 6.0]), points);
                pen.arrows(3, color, points);
            }
            // Barred in its middle, where the junction is.
            OrderKind::NoTurn => {
                pen.line(2, Stroke::solid(color, 3.0), points);
                let long = total(points);
                if let Some(end) = steps(points, (long - 7.0).max(0.0), long + 1.0).first() {
                    pen.arrow(3, color, *end);
                }
                if let Some(middle) = steps(points, 0.5 * long, long + 1.0).first() {
                    pen.bar(3, Stroke::solid(color, 3.2), *middle, -8.0, 8.0);
                }
            }
        }
    }

    fn area(&self, symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
        let Parts { kind, is_draft, is_at_rest } = parts(symbol);
        if is_at_rest {
            pen.area(0, None, Some(at_rest(pen.theme)), rings);
            return;
        }
        let color = color(pen.theme, kind, is_draft);
        pen.area(0, Some(color.faded(0.06)), None, rings);
        for line in hatch(rings, 10.0) {
            pen.line(0, Stroke::solid(color.faded(0.55), 1.1), &line);
        }
        let edge = Stroke::solid(color, 2.2);
        let edge = if kind == OrderKind::NoEntry { edge } else { edge.dashed(&[12.0, 6.0]) };
        pen.area(1, None, Some(edge), rings);
    }

    fn label(&self, symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let Parts { kind, is_at_rest, .. } = parts(symbol);
        let color = if is_at_rest { theme.muted } else { color(theme, kind, false) };
        let style = LabelStyle::new(13.5, Weight::Bold, color);
        Some(LabelRule { rank: 20, style, off_line: 9.0 })
    }

    fn legend(&self) -> (u8, Text) {
        (2, self.title())
    }

    /// Of what stops nobody now, the kind matters no more than its looks say.
    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        let Parts { kind, is_draft, is_at_rest } = parts(symbol);
        let row = |family, look| Some(LegendRow { family, look });
        if is_at_rest {
            return [row(AT_REST, 0), None];
        }
        let look = match kind {
            OrderKind::NoEntry => 0,
            OrderKind::Limited => 1,
            OrderKind::OneWay => 2,
            OrderKind::Detour => 3,
            OrderKind::NoTurn => 4,
        };
        [row(KIND, look), if is_draft { row(DRAFT, 0) } else { None }]
    }

    fn row_text(&self, row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let text = match row.family {
            DRAFT => Text::new("其中草案(浅色)", "of these drafts (pale)"),
            AT_REST => Text::new("此刻未生效", "not in force at this moment"),
            _ => parts(symbol).kind.label(),
        };
        text.say(lang).to_owned()
    }

    fn swatch(&self, row: LegendRow, symbol: Symbol, swatch: &mut Swatch<'_>) {
        let Parts { kind, is_at_rest, .. } = parts(symbol);
        let line = swatch.line();
        let pale = Stroke::solid(swatch.theme.muted.faded(0.6), 5.0);
        swatch.draw(|pen| match row.family {
            DRAFT => pen.line(0, pale, &line),
            _ => self.line(Symbol::Restriction { kind, is_draft: false, is_at_rest }, &line, pen),
        });
    }
}

struct Parts {
    kind: OrderKind,
    is_draft: bool,
    is_at_rest: bool,
}

const fn parts(symbol: Symbol) -> Parts {
    if let Symbol::Restriction { kind, is_draft, is_at_rest } = symbol {
        Parts { kind, is_draft, is_at_rest }
    } else {
        Parts { kind: OrderKind::Limited, is_draft: false, is_at_rest: false }
    }
}

/// Whatever its kind, an order that does not hold now stops nobody.
const fn at_rest(theme: &Palette) -> Stroke {
    Stroke::solid(theme.muted.faded(0.7), 2.4).dashed(&[3.0, 5.0])
}

const fn color(theme: &Palette, kind: OrderKind, is_draft: bool) -> Rgba {
    let color = match kind {
        OrderKind::NoEntry | OrderKind::NoTurn => theme.act,
        OrderKind::Limited => theme.watch,
        OrderKind::OneWay | OrderKind::Detour => theme.calm,
    };
    if is_draft { color.faded(DRAFT_OPACITY) } else { color }
}
