//! Words that several panels use: of records, filters, times, steps, figures.

use jiff::Timestamp;

use crate::analysis::Filter;
use crate::domain::{EditKind, Field, Kind, Lang, Record, Text};
use crate::geodesy::crs::Crs;
use crate::settings::{BaseChoice, clock};
use crate::store::JournalEntry;
use crate::ui::ctx::Ctx;

/// `工地 · 太平路街道`, as lists name what a record is.
pub fn kind_words(ctx: &Ctx<'_>, record: &Record) -> String {
    let own = subkind_words(record.kind, record.subkind(), ctx.lang());
    let township = record.text("township");
    if township.is_empty() { own } else { format!("{own} · {township}") }
}

/// The label of a or of the layer where it has none.
pub fn subkind_words(kind: Kind, key: &str, lang: Lang) -> String {
    let choices = kind.subkind().and_then(Field::choices).unwrap_or_default();
    let label = choices.iter().find(|choice| choice.key == key).map(|choice| choice.label);
    label.unwrap_or_else(|| kind.label()).say(lang).to_owned()
}

/// `11-24 09:12`, civil time of the office.
pub fn when(at: Timestamp) -> String {
    at.to_zoned_datetime(clock::office()).strftime("%m-%d %H:%M").to_string()
}

/// A time that names no zone, as a person reads it.
pub fn civil_words(at: jiff::civil::DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The system in which coordinates are shown.
pub fn shown_crs(ctx: &Ctx<'_>) -> Crs {
    ctx.settings.shown_crs.parse().unwrap_or(Crs::Wgs84)
}

/// What a filter lets through, in words.
pub fn filter_words(ctx: &Ctx<'_>, filter: &Filter) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some((id, radius_m)) = filter.ring {
        let name = ctx.record(id).map_or("", |record| record.name()).to_owned();
        words.push(format!("{name} {radius_m} m"));
    }
    words.extend(filter.kind.map(|kind| ctx.say(kind.label()).to_owned()));
    words.extend(filter.subkinds.iter().map(|(kind, key)| subkind_words(*kind, key, ctx.lang())));
    for (is_on, text) in [
        (filter.is_failing, Text::new("不达标", "failing")),
        (filter.in_any_ring, Text::new("控制圈内", "inside rings")),
        (filter.is_unlocated, Text::new("未定位", "without a place")),
        (filter.bounds.is_some(), Text::new("屏幕内", "on screen")),
    ] {
        if is_on {
            words.push(ctx.say(text).to_owned());
        }
    }
    words.extend(
        [&filter.township, &filter.department, &filter.state].into_iter().flatten().cloned(),
    );
    if let Some(day) = filter.in_force_on {
        words.push(ctx.tell(format!("{day} 生效"), format!("in force on {day}")));
    }
    if !filter.text.trim().is_empty() {
        words.push(format!("“{}”", filter.text.trim()));
    }
    words.join(" · ")
}

/// `修改 A工地`, as the history list and the buttons call a step.
pub fn step_name(lang: Lang, entry: &JournalEntry) -> String {
    let verb = match entry.kind {
        EditKind::Create => Text::new("新建", "create"),
        EditKind::Update => Text::new("修改", "change"),
        EditKind::Delete => Text::new("删除", "delete"),
        EditKind::Import => Text::new("导入", "import"),
        EditKind::Batch => Text::new("批量修改", "change several"),
        EditKind::Outside => Text::new("外部修改", "changed outside"),
        EditKind::Mend => Text::new("修复历史", "mend"),
        EditKind::Export => Text::new("导出", "export"),
        EditKind::Paper => Text::new("成文", "paper"),
        EditKind::Attach => Text::new("附件", "attach"),
        EditKind::Seal => Text::new("升级存证", "seal"),
    };
    let count = entry.count();
    let note: String = entry.note.chars().take(24).collect();
    if count > 1 {
        match lang {
            Lang::Zh => format!("{} {note}（{count} 条）", verb.zh),
            Lang::En => format!("{} {note} ({count} records)", verb.en),
        }
    } else {
        format!("{} {note}", verb.say(lang))
    }
}

/// `2026-11-27 11月27日会商会`, as lists name a meeting.
pub fn meeting_words(meeting: &Record) -> String {
    let date = meeting.date("date").map(|date| format!("{date} ")).unwrap_or_default();
    format!("{date}{}", meeting.name())
}

/// `14,741`, with a decimal where the number is small.
pub fn figure(value: f64) -> String {
    if value.abs() < 99.95 && (value - value.round()).abs() > 0.049 {
        return format!("{value:.1}");
    }
    let whole = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("−{text}") } else { text }
}

/// `+1.8` or `−0.4`.
pub fn signed(value: f64) -> String {
    let text = figure(value.abs());
    if text == "0" {
        text
    } else if value < 0.0 {
        format!("−{text}")
    } else {
        format!("+{text}")
    }
}

/// The change in per cent; `None` where nothing changes.
pub fn percent(before: f64, after: f64, lang: Lang) -> Option<String> {
    if (after - before).abs() < 0.05 {
        return None;
    }
    if before < 0.05 {
        let words = if lang == Lang::Zh { "新增" } else { "new" };
        return Some(words.to_owned());
    }
    let share = (after - before) / before * 100.0;
    // What is less than half a per cent is still not nothing.
    if share.abs() < 0.5 {
        return Some(if share < 0.0 { "−<1 %" } else { "+<1 %" }.to_owned());
    }
    Some(format!("{}{:.0} %", if share < 0.0 { "−" } else { "+" }, share.abs()))
}

/// The name of the base map that is chosen.
pub fn base_name(ctx: &Ctx<'_>) -> String {
    match &ctx.settings.base {
        BaseChoice::None => ctx.say(Text::new("无", "none")).to_owned(),
        BaseChoice::File { path, .. } => {
            path.file_name().unwrap_or_default().to_string_lossy().into_owned()
        }
        BaseChoice::Online(id) => crate::ui::base::provider_name(ctx, id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_small_ones_keep_a_decimal() {
        assert_eq!(figure(14740.6), "14,741");
        assert_eq!(figure(920.0), "920");
        assert_eq!(figure(1_234_567.0), "1,234,567");
        assert_eq!(figure(9.44), "9.4");
        assert_eq!(figure(0.0), "0");
        assert_eq!(figure(-1200.0), "−1,200");
        assert_eq!(signed(1.84), "+1.8");
        assert_eq!(signed(-0.4), "−0.4");
        assert_eq!(signed(0.0), "0");
    }

    #[test]
    fn a_change_is_told_in_per_cent_and_nothing_as_nothing() {
        assert_eq!(percent(200.0, 100.0, Lang::Zh).unwrap(), "−50 %");
        assert_eq!(percent(0.0, 100.0, Lang::Zh).unwrap(), "新增");
        assert_eq!(percent(1000.0, 999.0, Lang::Zh).unwrap(), "−<1 %");
        assert_eq!(percent(100.0, 100.0, Lang::Zh), None);
    }
}
