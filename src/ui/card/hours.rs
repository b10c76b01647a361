//! Hours as text, as chips for the usual ones, and as a week that is painted with the pointer.

use egui::{EventFilter, Id, Key, Rect, RichText, Sense, Ui, WidgetInfo, vec2};
use geo_types::Coord;

use super::chips::{chip, wrapped};
use super::field::text_field;
use crate::domain::{Field, Lang, RecordId, Text};
use crate::network::hours::{Hours, SLOTS, WeekHours, text_of_week, week_hours};
use crate::report::notice::words::hours_read;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::note;

const ALWAYS: &str = "24/7";
const WORKDAYS: &str = "Mo-Fr";

const USUAL: [(Text, &str); 7] = [
    (Text::new("全天", "always"), ALWAYS),
    (Text::new("7–19时", "7–19 h"), "07:00-19:00"),
    (Text::new("6–21时", "6–21 h"), "06:00-21:00"),
    (Text::new("6–22时", "6–22 h"), "06:00-22:00"),
    (Text::new("7–21时", "7–21 h"), "07:00-21:00"),
    (Text::new("早晚高峰", "peaks"), "07:00-09:00,17:00-19:00"),
    (Text::new("夜间22–6时", "night 22–6 h"), "22:00-06:00"),
];

const DAYS: [Text; 7] = [
    Text::new("一", "Mo"),
    Text::new("二", "Tu"),
    Text::new("三", "We"),
    Text::new("四", "Th"),
    Text::new("五", "Fr"),
    Text::new("六", "Sa"),
    Text::new("日", "Su"),
];

/// Points.
const ROW: f32 = 17.0;
const HEAD: f32 = 15.0;
const DAY: f32 = 22.0;

/// What a text says, kept until the text changes: reading hours takes longer than a frame has.
#[derive(Clone)]
struct Read {
    text: String,
    is_readable: bool,
    /// As people say them, in Chinese.
    words: Option<String>,
    week: Option<WeekHours>,
}

/// Day and half hour.
type Slot = (usize, usize);

/// What the pointer and the keys do in a week.
#[derive(Clone, Copy, Default)]
struct WeekEdit {
    cursor: Slot,
    /// Where painting began, and whether it paints or wipes.
    painting: Option<(Slot, bool)>,
    is_open: bool,
    is_fine: bool,
}

/// Shows hours as text and as a week to paint on; `Some` with what was entered.
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    record: RecordId,
    field: &'static Field,
    text: &mut String,
    width: f32,
) -> Option<String> {
    let name = ctx.say(field.label);
    let id = Id::unique(("hours", record, field.key));
    let mut typed = text_field(ui, text, name, width, false);
    let read = read(ui, id, text);
    if !read.is_readable {
        let words = ctx.tell(
            "读不懂，应写成 Mo-Fr 07:00-19:00",
            "not understood: write it as Mo-Fr 07:00-19:00",
        );
        ui.label(RichText::new(words).small().color(ctx.color(|t| t.act)));
    }
    if ctx.lang() == Lang::Zh
        && !text.is_empty()
        && let Some(words) = &read.words
    {
        ui.label(note(words));
    }
    if let Some(picked) = chips_ui(ui, ctx, name, text, width) {
        typed = Some(picked);
    }
    let mut edit: WeekEdit = ui.data_mut(|data| data.get_temp(id).unwrap_or_default());
    if let Some(painted) = week_ui(ui, ctx, (name, id), &read, &mut edit, width) {
        typed = Some(text_of_week(&painted));
    }
    ui.data_mut(|data| data.insert_temp(id, edit));
    if let Some(typed) = &typed {
        text.clone_from(typed);
    }
    typed
}

fn read(ui: &Ui, id: Id, text: &str) -> Read {
    let id = id.with("read");
    if let Some(known) = ui.data(|data| data.get_temp::<Read>(id))
        && known.text == text
    {
        return known;
    }
    let is_readable = Hours::parse(text).is_ok();
    let (words, week) = (hours_read(text), week_hours(text));
    let read = Read { text: text.to_owned(), is_readable, words, week };
    ui.data_mut(|data| data.insert_temp(id, read.clone()));
    read
}

/// Whether it is for working days only, and its times; `None` where there is more to it.
fn plain(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    if text.is_empty() || matches!(text, ALWAYS | "全天") {
        return Some((false, ALWAYS.to_owned()));
    }
    let (is_workdays, times) = match text.strip_prefix(WORKDAYS) {
        Some(times) => (true, times.trim()),
        None => (false, text),
    };
    let is_plain = !times.chars().any(char::is_alphabetic) && !times.contains(';');
    let times = if matches!(times, "" | "00:00-24:00") { ALWAYS } else { times };
    is_plain.then(|| (is_workdays, times.to_owned()))
}

fn joined(is_workdays: bool, times: &str) -> String {
    match (is_workdays, times) {
        (false, times) => times.to_owned(),
        (true, ALWAYS) => format!("{WORKDAYS} 00:00-24:00"),
        (true, times) => format!("{WORKDAYS} {times}"),
    }
}

fn chips_ui(ui: &mut Ui, ctx: &Ctx<'_>, name: &str, text: &str, width: f32) -> Option<String> {
    let known = plain(text);
    let (is_workdays, times) = match &known {
        Some((is_workdays, times)) => (*is_workdays, times.as_str()),
        None => (false, ""),
    };
    let mut picked = None;
    wrapped(ui, width, |ui| {
        for (words, usual) in USUAL {
            // Nothing typed means always, but nobody has said so.
            let is_on = times == usual && !text.is_empty();
            if chip(ui, ctx.say(words), name, is_on).clicked() {
                picked = Some(joined(is_workdays, usual));
            }
        }
        ui.add_enabled_ui(known.is_some(), |ui| {
            let words = ctx.say(Text::new("工作日", "Mo–Fr"));
            if chip(ui, words, name, is_workdays).clicked() {
                picked = Some(joined(!is_workdays, times));
            }
        });
    });
    picked
}

/// The week, folded away unless somebody wants it.
fn week_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (name, id): (&str, Id),
    read: &Read,
    edit: &mut WeekEdit,
    width: f32,
) -> Option<WeekHours> {
    let mut half = None;
    ui.horizontal(|ui| {
        let words = ctx.say(Text::new("周历", "week"));
        if chip(ui, words, name, edit.is_open).clicked() {
            edit.is_open = !edit.is_open;
        }
        if edit.is_open && read.week.is_some() {
            let words = ctx.say(Text::new("半小时", "half hours"));
            half = Some(chip(ui, words, name, edit.is_fine).clicked());
        }
    });
    edit.is_fine ^= half == Some(true);
    if !edit.is_open {
        return None;
    }
    let Some(week) = read.week else {
        if read.is_readable {
            ui.label(note(ctx.tell(
                "含季节、节假日或零散分钟，周历画不出；文字原样保留",
                "Seasons, holidays or odd minutes: a week cannot hold them, the text is kept",
            )));
        }
        return None;
    };
    let painted = grid_ui(ui, ctx, (name, id), &week, edit, width);
    ui.label(note(ctx.tell(
        "按住拖动涂抹或擦除；也可用方向键和空格",
        "Drag to paint or wipe; or use the arrows and the space bar",
    )));
    painted
}

fn grid_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (name, id): (&str, Id),
    week: &WeekHours,
    edit: &mut WeekEdit,
    width: f32,
) -> Option<WeekHours> {
    let size = vec2(width, HEAD + 7.0 * ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let cells = Rect::from_min_max(rect.min + vec2(DAY, HEAD), rect.max);
    let response = ui.interact(rect, id.with("grid"), Sense::click_and_drag());
    let at = |place: egui::Pos2| -> Slot {
        let share = ((place.x - cells.left()) / cells.width()).clamp(0.0, 0.999);
        let row = ((place.y - cells.top()) / ROW).clamp(0.0, 6.99);
        (row as usize, (share * SLOTS as f32) as usize)
    };
    let is_on = |(day, slot): Slot| week.get(day).and_then(|day| day.get(slot)) == Some(&true);
    let pointer = response.interact_pointer_pos();
    if response.drag_started()
        && let Some(origin) = ui.input(|input| input.pointer.press_origin())
    {
        edit.painting = Some((at(origin), !is_on(at(origin))));
        response.request_focus();
    }
    let mut live = *week;
    if let Some(((from, paints), place)) = edit.painting.zip(pointer) {
        paint(&mut live, from, at(place), paints, edit.is_fine);
        edit.cursor = at(place);
    }
    let mut done = None;
    if response.drag_stopped() && edit.painting.take().is_some() {
        done = Some(live);
    } else if response.clicked() {
        // Without a pointer it was the space bar.
        let slot = pointer.map_or(edit.cursor, at);
        edit.cursor = slot;
        paint(&mut live, slot, slot, !is_on(slot), edit.is_fine);
        done = Some(live);
        response.request_focus();
    }
    if response.has_focus() {
        keys(ui, &response, edit);
    }
    draw(ui, ctx, (rect, cells), &live, edit, response.has_focus());
    let words = format!("{name} {}", slot_words(ctx, edit, is_on(edit.cursor)));
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Grid, true, &words));
    done
}

/// From one corner to the other; whole hours unless it is fine.
fn paint(week: &mut WeekHours, from: Slot, to: Slot, paints: bool, is_fine: bool) {
    let step = if is_fine { 1 } else { 2 };
    let (first, last) = (from.1.min(to.1) / step * step, from.1.max(to.1) / step * step + step);
    for day in week.iter_mut().take(from.0.max(to.0) + 1).skip(from.0.min(to.0)) {
        for slot in day.iter_mut().take(last).skip(first) {
            *slot = paints;
        }
    }
}

fn keys(ui: &Ui, response: &egui::Response, edit: &mut WeekEdit) {
    let filter =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let step = if edit.is_fine { 1 } else { 2 };
    let (day, slot) = edit.cursor;
    ui.input(|input| {
        for (key, next) in [
            (Key::ArrowLeft, (day, slot.saturating_sub(step))),
            (Key::ArrowRight, (day, (slot + step).min(SLOTS - 1))),
            (Key::ArrowUp, (day.saturating_sub(1), slot)),
            (Key::ArrowDown, ((day + 1).min(6), slot)),
        ] {
            if input.key_pressed(key) {
                edit.cursor = next;
            }
        }
    });
}

fn draw(
    ui: &Ui,
    ctx: &Ctx<'_>,
    (rect, cells): (Rect, Rect),
    week: &WeekHours,
    edit: &WeekEdit,
    has_focus: bool,
) {
    let painter = ui.painter_at(rect.expand(1.0));
    let (line, muted) = (ctx.color(|t| t.line), ctx.color(|t| t.muted));
    let font = egui::FontId::proportional(10.5);
    let of_slot = |Coord { x, y }: Coord<usize>, slots: usize| {
        let width = cells.width() / SLOTS as f32;
        let corner = cells.min + vec2(width * x as f32, ROW * y as f32);
        Rect::from_min_size(corner, vec2(width * slots as f32, ROW))
    };
    painter.rect_filled(cells, 0.0, ctx.color(|t| t.ground));
    for (day, slots) in week.iter().enumerate() {
        for (slot, _) in slots.iter().enumerate().filter(|(_, holds)| **holds) {
            let cell = of_slot(Coord { x: slot, y: day }, 1);
            painter.rect_filled(cell, 0.0, ctx.color(|t| t.accent));
        }
        let middle = egui::pos2(rect.left(), cells.top() + ROW * (day as f32 + 0.5));
        let words = DAYS.get(day).map_or("", |words| ctx.say(*words));
        painter.text(middle, egui::Align2::LEFT_CENTER, words, font.clone(), muted);
    }
    for hour in 0..=SLOTS / 2 {
        let x = cells.left() + cells.width() * hour as f32 / 24.0;
        let is_sixth = hour % 6 == 0;
        let stroke = egui::Stroke::new(if is_sixth { 1.2 } else { 0.6 }, line);
        painter.vline(x, cells.y_range(), stroke);
        if is_sixth {
            let anchor = match hour {
                0 => egui::Align2::LEFT_BOTTOM,
                24 => egui::Align2::RIGHT_BOTTOM,
                _ => egui::Align2::CENTER_BOTTOM,
            };
            let place = egui::pos2(x, cells.top());
            painter.text(place, anchor, hour.to_string(), font.clone(), muted);
        }
    }
    for day in 0..=7 {
        let y = cells.top() + ROW * day as f32;
        painter.hline(cells.x_range(), y, egui::Stroke::new(0.6, line));
    }
    if has_focus {
        let step = if edit.is_fine { 1 } else { 2 };
        let cursor = of_slot(Coord { x: edit.cursor.1 / step * step, y: edit.cursor.0 }, step);
        let stroke = egui::Stroke::new(2.0, ctx.color(|t| t.ink));
        painter.rect_stroke(cursor, 0.0, stroke, egui::StrokeKind::Inside);
    }
}

/// `周历 周一 07:00：在时段内`, for those who hear it.
fn slot_words(ctx: &Ctx<'_>, edit: &WeekEdit, is_on: bool) -> String {
    let (day, slot) = edit.cursor;
    let words = DAYS.get(day).map_or("", |words| ctx.say(*words));
    let time = format!("{:02}:{:02}", slot / 2, slot % 2 * 30);
    let (zh, en) = if is_on { ("在时段内", "held") } else { ("不在时段内", "not held") };
    ctx.tell(format!("周历 周{words} {time}：{zh}"), format!("week, {words} {time}: {en}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_are_put_before_times_and_taken_away_again() {
        for (text, with) in [
            ("07:00-19:00", "Mo-Fr 07:00-19:00"),
            ("07:00-09:00,17:00-19:00", "Mo-Fr 07:00-09:00,17:00-19:00"),
            ("24/7", "Mo-Fr 00:00-24:00"),
        ] {
            let (is_workdays, times) = plain(text).unwrap();
            assert!(!is_workdays);
            assert_eq!(joined(true, &times), with);
            assert_eq!(plain(with), Some((true, text.to_owned())));
        }
        assert_eq!(plain("Mo-Fr 07:00-19:00; Sa 08:00-10:00"), None);
        assert_eq!(plain("Nov 15-Mar 15 07:00-19:00"), None);
    }

    #[test]
    fn painting_goes_from_corner_to_corner_in_whole_hours() {
        let mut painted = [[false; SLOTS]; 7];
        paint(&mut painted, (1, 15), (0, 17), true, false);
        assert_eq!(text_of_week(&painted), "Mo-Tu 07:00-09:00");
        paint(&mut painted, (0, 14), (0, 14), false, true);
        assert_eq!(text_of_week(&painted), "Mo 07:30-09:00, Tu 07:00-09:00");
    }
}
