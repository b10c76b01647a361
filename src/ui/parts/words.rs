//! Words that several panels use: of records, filters, times, steps, figures.

use egui::RichText;
use jiff::Timestamp;
use lucide_icons::Icon;

use crate::analysis::standards::{InspectionTally, failing_items};
use crate::analysis::{ColumnFilter, FAILING_ITEMS, Filter, ImportPart, Imported};
use crate::domain::{Choice, EditKind, Field, FieldType, Kind, Lang, Record, Text, Value, Verdict};
use crate::geodesy::crs::Crs;
use crate::report::notice::words::hours_read;
use crate::settings::{BaseChoice, clock};
use crate::store::JournalEntry;
use crate::ui::ctx::Ctx;

pub use crate::domain::figures::{figure, percent, range, signed};

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

/// `11-24 09:12`, civil time of the office; of another year `2025-11-24 09:12`.
pub fn when(at: Timestamp) -> String {
    let at = at.to_zoned_datetime(clock::office());
    let is_this_year = at.year() == clock::today().year();
    at.strftime(if is_this_year { "%m-%d %H:%M" } else { "%Y-%m-%d %H:%M" }).to_string()
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
    let columns = filter.columns.iter();
    words.extend(columns.map(|((kind, key), of)| column_words(ctx, *kind, key, of)));
    if let Some(day) = filter.in_force_on {
        words.push(ctx.tell(format!("{day} 生效"), format!("in force on {day}")));
    }
    words.extend(filter.import.map(|import| import_words(ctx, import)));
    if !filter.text.trim().is_empty() {
        words.push(format!("“{}”", filter.text.trim()));
    }
    words.join(" · ")
}

/// `11-24 09:12 导入新增`.
fn import_words(ctx: &Ctx<'_>, import: Imported) -> String {
    let part = ctx.say(match import.part {
        ImportPart::All => Text::new("导入", "import of"),
        ImportPart::Added => Text::new("导入新增", "new by the import of"),
        ImportPart::Updated => Text::new("导入更新", "changed by the import of"),
    });
    let at = when(import.at);
    ctx.tell(format!("{at} {part}"), format!("{part} {at}"))
}

/// `修改污染源与点位 A工地`, as the history list and the buttons call a step.
pub fn step_name(ctx: &Ctx<'_>, entry: &JournalEntry) -> String {
    let lang = ctx.lang();
    let verb = match entry.kind {
        EditKind::Create => Text::new("新建", "create"),
        EditKind::Update => Text::new("修改", "change"),
        EditKind::Delete => Text::new("删除", "delete"),
        EditKind::Import => Text::new("导入", "import"),
        EditKind::Found => Text::new("建立", "founded with"),
        EditKind::Batch => Text::new("批量修改", "change several"),
        EditKind::Outside => Text::new("外部修改", "changed outside"),
        EditKind::Mend => Text::new("修复历史", "mend"),
        EditKind::Export => Text::new("导出", "export"),
        EditKind::Paper => Text::new("成文", "paper"),
        EditKind::Attach => Text::new("附件", "attach"),
        EditKind::Deliver => Text::new("收到数据", "delivery"),
        EditKind::Feed => Text::new("自动收到数据", "came in by itself"),
        EditKind::Withdraw => Text::new("撤回数据", "withdrawal"),
        EditKind::Alarm => Text::new("规则写入", "by rule"),
        EditKind::Seal => Text::new("升级存证", "seal"),
    };
    // 新建会议, not 新建: the layer, and where there are several that of the first in lists.
    let kinds = ctx.step_kinds.get(&entry.revision).map(Vec::as_slice).unwrap_or_default();
    let what = match kinds {
        [kind, rest @ ..] if entry.kind != EditKind::Import => {
            let label = kind.label();
            let more = if rest.is_empty() { Text::new("", "") } else { Text::new("等", " etc.") };
            match lang {
                Lang::Zh => format!("{}{}", label.zh, more.zh),
                Lang::En => format!(" {}{}", label.en.to_lowercase(), more.en),
            }
        }
        _ => String::new(),
    };
    let verb = format!("{}{what}", verb.say(lang));
    let count = entry.count();
    let note: String = entry.note.chars().take(24).collect();
    let text = match (count > 1, lang) {
        (true, Lang::Zh) => format!("{verb} {note}（{count} 条）"),
        (true, Lang::En) => format!("{verb} {note} ({count} records)"),
        (false, _) => format!("{verb} {note}"),
    };
    text.trim().to_owned()
}

/// `2026-11-27 11月27日会商会`, as lists name a meeting.
pub fn meeting_words(meeting: &Record) -> String {
    let date = meeting.date("date").map(|date| format!("{date} ")).unwrap_or_default();
    format!("{date}{}", meeting.name())
}

/// `不达标 6/11 · 未查 41`: of those inspected how many fail, and how many nobody has seen. `None`
/// where there is nothing to inspect.
pub fn failing_words(ctx: &Ctx<'_>, tally: InspectionTally) -> Option<String> {
    let InspectionTally { failing, inspected, uninspected } = tally;
    let fails = || {
        ctx.tell(format!("不达标 {failing}/{inspected}"), format!("{failing}/{inspected} failing"))
    };
    match (inspected, uninspected) {
        (0, 0) => None,
        (0, _) => Some(uninspected_words(ctx, uninspected)),
        (_, 0) => Some(fails()),
        _ => Some(format!("{} · {}", fails(), uninspected_words(ctx, uninspected))),
    }
}

/// `车辆冲洗、地面硬化`: the items of a record that say 不合格.
pub fn failing_items_words(record: &Record, lang: Lang) -> String {
    let items: Vec<&str> = failing_items(record).map(|field| field.label.say(lang)).collect();
    items.join(Text::new("、", ", ").say(lang))
}

/// Words that orders use, as they are stored, and for those who read English.
pub const USUAL_WORDS: [Text; 7] = [
    Text::new("渣土车", "spoil trucks"),
    Text::new("危化品车", "dangerous goods"),
    Text::new("应急", "emergency"),
    Text::new("绿色通道", "green channel"),
    Text::new("民生", "daily supplies"),
    Text::new("新能源", "new energy"),
    Text::new("通行证", "with a permit"),
];

/// A value as it is read and not edited: hours as people say them, usual words in the language of the
/// window.
pub fn value_words(field: &Field, value: &Value, lang: Lang) -> String {
    match (field.ty, value, lang) {
        (FieldType::Hours, Value::Text(hours), Lang::Zh) => {
            hours_read(hours).unwrap_or_else(|| hours.to_string())
        }
        (FieldType::Words, Value::Words(words), Lang::En) => {
            let say = |word: &std::sync::Arc<str>| {
                let usual = USUAL_WORDS.iter().find(|usual| usual.zh == &**word);
                usual.map_or_else(|| word.to_string(), |usual| usual.en.to_owned())
            };
            words.iter().map(say).collect::<Vec<_>>().join(", ")
        }
        (FieldType::Text, Value::Text(text), _) => {
            moment_words(text, lang).unwrap_or_else(|| value.shown(field, lang))
        }
        _ => value.shown(field, lang),
    }
}

/// A moment as fields hold it, UTC or civil time of the office, as people write it: `11月29日 10:03`,
/// `11月29日 11时` at the full hour, with the year where it is another. `None` of other text.
pub fn moment_words(text: &str, lang: Lang) -> Option<String> {
    if text.as_bytes().get(10).is_none_or(|byte| *byte != b'T') {
        return None;
    }
    let at = match text.parse::<Timestamp>() {
        Ok(at) => clock::office().to_datetime(at),
        Err(_) => text.parse::<jiff::civil::DateTime>().ok()?,
    };
    let is_of_year = at.year() == clock::today().year();
    Some(match (lang, at.minute() == 0 && at.second() == 0) {
        (Lang::En, _) => {
            at.strftime(if is_of_year { "%-d %b %H:%M" } else { "%-d %b %Y %H:%M" }).to_string()
        }
        (Lang::Zh, is_full) => {
            let day = if is_of_year {
                format!("{}月{}日", at.month(), at.day())
            } else {
                format!("{}年{}月{}日", at.year(), at.month(), at.day())
            };
            let time = if is_full {
                format!("{}时", at.hour())
            } else {
                at.strftime("%H:%M").to_string()
            };
            format!("{day} {time}")
        }
    })
}

/// What a cell says, of the text by which a filter knows it.
pub fn cell_words(ctx: &Ctx<'_>, kind: Kind, field: &Field, cell: &str) -> String {
    if field.key == FAILING_ITEMS {
        return kind.field(cell).map_or(cell, |item| ctx.say(item.label)).to_owned();
    }
    let choices = field.choices().unwrap_or_default();
    if let Some(choice) = choices.iter().find(|choice| choice.key == cell) {
        return ctx.say(choice.label).to_owned();
    }
    match Value::parse(field, cell) {
        Ok(Some(value)) => value_words(field, &value, ctx.lang()),
        _ => cell.to_owned(),
    }
}

/// `乡镇：甲镇、乙镇`, `货车 ≥ 90`: what one column must be.
fn column_words(ctx: &Ctx<'_>, kind: Kind, key: &str, of: &ColumnFilter) -> String {
    const NAMED: usize = 3;
    let label = match kind.field(key) {
        Some(field) => ctx.say(field.label),
        None => ctx.say(Text::new("不合格项", "What fails")),
    };
    let shown = |value: &String| match (value.as_str(), kind.field(key)) {
        ("", _) => ctx.tell("空", "empty"),
        (value, Some(field)) => cell_words(ctx, kind, field, value),
        (value, None) => kind.field(value).map_or(value, |item| ctx.say(item.label)).to_owned(),
    };
    let mut words: Vec<String> = of.values.iter().take(NAMED).map(shown).collect();
    let count = of.values.len();
    if count > NAMED {
        words.push(ctx.tell(format!("等 {count} 项"), format!("of {count}")));
    }
    let mut parts = Vec::new();
    if !words.is_empty() {
        parts.push(format!("{label}{}{}", ctx.tell("：", ": "), words.join(&ctx.tell("、", ", "))));
    }
    parts.extend(of.from.as_ref().map(|from| format!("{label} ≥ {from}")));
    parts.extend(of.to.as_ref().map(|to| format!("{label} ≤ {to}")));
    parts.join(" · ")
}

/// The words of a choice. What an inspection found is told apart by a mark and a colour before it is
/// read.
pub fn choice_text(ctx: &Ctx<'_>, choice: &Choice) -> RichText {
    let words = ctx.say(choice.label);
    let marked = |mark: Icon| RichText::new(format!("{} {words}", mark.unicode()));
    match Verdict::from_key(choice.key) {
        Some(Verdict::Failed) => marked(Icon::CircleX).color(ctx.color(|t| t.act)),
        Some(Verdict::Passed) => marked(Icon::Check),
        Some(Verdict::NotInspected) => marked(Icon::CircleDashed).color(ctx.color(|t| t.muted)),
        Some(Verdict::NotApplicable) => marked(Icon::Minus).color(ctx.color(|t| t.muted)),
        None => RichText::new(words),
    }
}

/// `未查 41`.
pub fn uninspected_words(ctx: &Ctx<'_>, uninspected: usize) -> String {
    ctx.tell(format!("未查 {uninspected}"), format!("{uninspected} not inspected"))
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
    fn moments_are_written_as_people_write_them_and_other_text_stays() {
        clock::pretend("2026-11-29T02:25:00Z".parse().unwrap());
        let zh = |text| moment_words(text, Lang::Zh);
        assert_eq!(zh("2026-11-29T02:03:00Z").as_deref(), Some("11月29日 10:03"));
        assert_eq!(zh("2026-11-11T11:00").as_deref(), Some("11月11日 11时"));
        assert_eq!(zh("2025-12-31T16:00:00Z").as_deref(), Some("1月1日 0时"));
        assert_eq!(zh("2025-12-31T15:00:00Z").as_deref(), Some("2025年12月31日 23时"));
        assert_eq!(moment_words("2026-11-11T11:10", Lang::En).as_deref(), Some("11 Nov 11:10"));
        assert_eq!((zh("2026-11-11"), zh("甲工地Tx"), zh("")), (None, None, None));
    }
}
