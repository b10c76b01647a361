//! Why a record is red: a line at the head of its card.

use egui::{Label, RichText, Ui};
use lucide_icons::Icon;

use crate::analysis::standards::failing_items;
use crate::analysis::{RingOptions, innermost_ring};
use crate::domain::Record;
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::failing_items_words;
use crate::ui::widgets::named;

/// `车辆冲洗、地面硬化 不合格 · 城东微站 300 m 圈内`; nothing of a record that is in order.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
    let Some(words) = words(ctx, record) else { return };
    let text = format!("{} {words}", Icon::CircleX.unicode());
    let line = RichText::new(text).color(ctx.color(|t| t.act));
    let label = ui.add(Label::new(line).wrap());
    named(&label, &words);
}

fn words(ctx: &Ctx<'_>, record: &Record) -> Option<String> {
    failing_items(record).next()?;
    let items = failing_items_words(record, ctx.lang());
    let mut words =
        vec![ctx.tell(format!("{items} 不合格"), format!("{items}: not up to standard"))];
    if let Some((point, radius_m)) = innermost_ring(&ctx.world(), record, &RingOptions::default()) {
        let name = point.name();
        words.push(
            ctx.tell(format!("{name} {radius_m} m 圈内"), format!("within {radius_m} m of {name}")),
        );
    }
    let is_counted = ctx.failures.of() == Some(&(record.id, record.meta.changed_at));
    if let Some(times) = ctx.failures.filter(|times| is_counted && *times > 1) {
        words.push(ctx.tell(format!("第{times}次"), format!("for the {times}. time")));
    }
    Some(words.join(" · "))
}
