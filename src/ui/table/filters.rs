//! The list below the head of a column: order, group, values with their counts, range.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Button, Popup, PopupCloseBehavior, RichText, ScrollArea, TextEdit, Ui};
use lucide_icons::Icon;

use super::columns::{FAILING, words};
use crate::analysis::search::pinyin_key;
use crate::analysis::{ColumnFilter, Filter, cells};
use crate::domain::{Field, FieldType, Kind, Text};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::cell_words;
use crate::ui::widgets::{icon, named, named_text, note};

/// So many values are listed; the search finds the rest.
const MOST: usize = 300;

/// What is typed in the list that is open, and its values.
#[derive(Default)]
pub struct ColumnMenu {
    /// Layer, column and what was shown when the values were counted.
    of: Option<(Kind, &'static str, u64)>,
    /// As the filter holds them, as they are read, and in how many rows.
    values: Vec<(String, String, usize)>,
    search: String,
    range: [String; 2],
}

/// What the list asks of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Up,
    Down,
    Group,
}

impl ColumnMenu {
    /// A button and its list; what of it is the table's business.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        kind: Kind,
        field: &'static Field,
    ) -> Option<Asked> {
        let key = (kind, field.key.to_owned());
        let is_filtered = ctx.filter.columns.contains_key(&key);
        let mark = icon(if is_filtered { Icon::Funnel } else { Icon::ChevronDown }).size(12.0);
        let mark = if is_filtered { mark.color(ctx.color(|t| t.accent)) } else { mark.weak() };
        let button = ui.add(Button::new(mark).frame_when_inactive(false));
        let label = ctx.say(field.label);
        named(&button, &ctx.tell(format!("筛选 {label}"), format!("Filter {label}")));
        let mut asked = None;
        Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            ui.set_width(230.0);
            self.count(ctx, kind, field);
            asked = self.list_ui(ui, ctx, &key, field);
        });
        asked
    }

    /// The values of what the other filters let through, each with its rows.
    fn count(&mut self, ctx: &Ctx<'_>, kind: Kind, field: &'static Field) {
        let of = Some((kind, field.key, ctx.shown.serial));
        if self.of == of {
            return;
        }
        if self.of.is_none_or(|known| (known.0, known.1) != (kind, field.key)) {
            self.search.clear();
            let key = (kind, field.key.to_owned());
            let set = ctx.filter.columns.get(&key).cloned().unwrap_or_default();
            self.range = [set.from, set.to].map(Option::unwrap_or_default);
        }
        self.of = of;
        let mut others = ctx.filter.clone();
        others.columns.remove(&(kind, field.key.to_owned()));
        let world = ctx.world();
        let sieve = others.on(&world);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let records = world.table(kind).iter().filter(|record| sieve.lets_through(record));
        for record in records {
            for cell in cells(record, field.key) {
                match counts.get_mut(&*cell) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(cell.into_owned(), 1)),
                }
            }
        }
        let shown = |(value, count): (String, usize)| {
            let words = cell_words(ctx, kind, field, &value);
            (value, words, count)
        };
        self.values = counts.into_iter().map(shown).collect();
        self.values.sort_by_cached_key(|(value, words, _)| (value.is_empty(), pinyin_key(words)));
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        key: &(Kind, String),
        field: &'static Field,
    ) -> Option<Asked> {
        let mut asked = None;
        ui.horizontal_wrapped(|ui| {
            for (words, wish) in [
                (Text::new("升序", "Up"), Asked::Up),
                (Text::new("降序", "Down"), Asked::Down),
                (Text::new("按此分组", "Group"), Asked::Group),
            ] {
                if ui.button(ctx.say(words)).clicked() {
                    asked = Some(wish);
                    ui.close();
                }
            }
        });
        let set = ctx.filter.columns.get(key).cloned().unwrap_or_default();
        if has_range(field) {
            self.range_ui(ui, ctx, key, &set, field);
        }
        let hint = ctx.say(Text::new("查找值", "Find a value"));
        let edit = TextEdit::singleline(&mut self.search).hint_text(hint);
        let edit = ui.add(edit.desired_width(f32::INFINITY));
        named_text(&edit, hint, &self.search);
        ui.horizontal(|ui| {
            if ui.button(ctx.tell("全部", "All")).clicked() {
                let all = ColumnFilter { values: BTreeSet::default(), ..set.clone() };
                put(ctx, key, all);
            }
            let may = !set.is_empty();
            if ui.add_enabled(may, Button::new(ctx.tell("清除此列筛选", "Clear"))).clicked() {
                self.range = Default::default();
                put(ctx, key, ColumnFilter::default());
            }
        });
        ScrollArea::vertical().max_height(260.0).show(ui, |ui| self.values_ui(ui, ctx, key, &set));
        asked
    }

    fn values_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, key: &(Kind, String), set: &ColumnFilter) {
        let search = self.search.trim().to_lowercase();
        let is_found = |words: &str| search.is_empty() || words.to_lowercase().contains(&search);
        let found = self.values.iter().filter(|(_, words, _)| is_found(words));
        for (value, words, count) in found.clone().take(MOST) {
            let mut is_on = set.values.is_empty() || set.values.contains(value);
            let shown =
                if value.is_empty() { ctx.tell("（空）", "(empty)") } else { words.clone() };
            ui.horizontal(|ui| {
                let response = ui.checkbox(&mut is_on, RichText::new(format!("{shown}  {count}")));
                if response.changed() {
                    put(ctx, key, self.turned(set, value, is_on));
                }
                let only = ui.add(Button::new(note(ctx.tell("仅此", "only"))).frame(false));
                named(&only, &ctx.tell(format!("仅 {shown}"), format!("only {shown}")));
                if only.clicked() {
                    let values = [value.clone()].into();
                    put(ctx, key, ColumnFilter { values, ..set.clone() });
                }
            });
        }
        let more = found.count().saturating_sub(MOST);
        if more > 0 {
            ui.label(note(ctx.tell(
                format!("另有 {more} 个值，请用查找"),
                format!("{more} more values: search for them"),
            )));
        }
    }

    /// With a value on or off; all of them on is no filter.
    fn turned(&self, set: &ColumnFilter, value: &str, is_on: bool) -> ColumnFilter {
        let all = || self.values.iter().map(|(value, ..)| value.clone());
        let mut values = if set.values.is_empty() { all().collect() } else { set.values.clone() };
        if is_on {
            values.insert(value.to_owned());
        } else {
            values.remove(value);
        }
        if all().all(|value| values.contains(&value)) {
            values.clear();
        }
        ColumnFilter { values, ..set.clone() }
    }

    fn range_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        key: &(Kind, String),
        set: &ColumnFilter,
        field: &'static Field,
    ) {
        let mut is_changed = false;
        ui.horizontal(|ui| {
            for (text, name) in
                self.range.iter_mut().zip([Text::new("从", "From"), Text::new("到", "To")])
            {
                let hint = if field.ty == FieldType::Date { "2026-12-01" } else { "" };
                ui.label(note(ctx.say(name)));
                let edit = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(78.0));
                named_text(&edit, ctx.say(name), text);
                is_changed |= edit.lost_focus();
            }
        });
        if is_changed {
            let [from, to] = self.range.clone().map(|text| {
                let text = text.trim().to_owned();
                (!text.is_empty()).then_some(text)
            });
            put(ctx, key, ColumnFilter { from, to, ..set.clone() });
        }
    }
}

const fn has_range(field: &Field) -> bool {
    matches!(field.ty, FieldType::Integer { .. } | FieldType::Real { .. } | FieldType::Date)
}

fn put(ctx: &Ctx<'_>, key: &(Kind, String), of: ColumnFilter) {
    let mut filter: Filter = ctx.filter.clone();
    if of.is_empty() {
        filter.columns.remove(key);
    } else {
        filter.columns.insert(key.clone(), of);
    }
    ctx.actions.send(Action::Filter(filter));
}

/// What a group of rows is called.
pub fn group_words(ctx: &Ctx<'_>, record: &crate::domain::Record, field: &'static Field) -> String {
    let words = words(ctx, record, field);
    if !words.is_empty() {
        return words;
    }
    if field.key == FAILING.key {
        ctx.tell("没有不合格项", "nothing fails")
    } else {
        ctx.tell("（空）", "(empty)")
    }
}
