use crate::domain::{Kind, OrderKind, OrderState, Text};
use crate::map::{Layer, LayerInput, RestrictionKind, Sketch, Symbol, Tag, Words};

/// 禁行, 限行, 单行, 绕行: in force, proposed and drafted. What is revoked is not shown.
pub struct Restrictions;

impl Layer for Restrictions {
    fn key(&self) -> &'static str {
        "restrictions"
    }

    fn title(&self) -> Text {
        Text::new("管控措施", "Restrictions")
    }

    fn kind(&self) -> Kind {
        Kind::Restriction
    }

    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for record in scene.world.table(Kind::Restriction).iter() {
            if OrderState::Revoked.is_of(record) {
                continue;
            }
            let is_draft = OrderState::Draft.is_of(record);
            let kind = kind_of(OrderKind::of(record));
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
}

const fn kind_of(kind: Option<OrderKind>) -> RestrictionKind {
    match kind {
        Some(OrderKind::NoEntry) => RestrictionKind::NoEntry,
        Some(OrderKind::OneWay) => RestrictionKind::OneWay,
        Some(OrderKind::Detour) => RestrictionKind::Detour,
        Some(OrderKind::Limited) | None => RestrictionKind::Limited,
    }
}
