//! What the selected rows come to: how many, and of columns of numbers their sum and mean.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::{Field, Record, RecordId};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::figure;

/// `已选 3 行　货车 合计 240、平均 80`; nothing of one row alone.
pub fn words(
    ctx: &Ctx<'_>,
    rows: &[Arc<Record>],
    selected: &BTreeSet<RecordId>,
    columns: &[&'static Field],
) -> Option<String> {
    if selected.len() < 2 {
        return None;
    }
    let chosen: Vec<&Arc<Record>> = rows.iter().filter(|row| selected.contains(&row.id)).collect();
    if chosen.len() < 2 {
        return None;
    }
    let count = chosen.len();
    let mut words = vec![ctx.tell(format!("已选 {count} 行"), format!("{count} rows"))];
    for field in columns {
        let numbers: Vec<f64> =
            chosen.iter().filter_map(|row| row.get(field.key)?.as_f64()).collect();
        if numbers.is_empty() {
            continue;
        }
        let sum: f64 = numbers.iter().sum();
        let (label, mean) = (ctx.say(field.label), figure(sum / numbers.len() as f64));
        let (sum, unit) = (figure(sum), field.unit);
        let of = match numbers.len() {
            all if all == count => String::new(),
            some => ctx.tell(format!("（{some} 行有值）"), format!(" ({some} rows have one)")),
        };
        words.push(ctx.tell(
            format!("{label} 合计 {sum} {unit}、平均 {mean}{of}"),
            format!("{label}: sum {sum} {unit}, mean {mean}{of}"),
        ));
    }
    Some(words.join("　"))
}
