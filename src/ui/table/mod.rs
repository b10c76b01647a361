//! The table: every record that passes the filter, by layer.

mod columns;
mod edit;
mod filters;
mod sort;
mod totals;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::scroll_area::ScrollBarVisibility;
use egui::{Button, Event, Label, Rect, RichText, Sense, Stroke, Ui, pos2};
use egui_extras::{Column, TableBuilder, TableRow};
use lucide_icons::Icon;

use self::columns::{FAILING, line, words};
use self::edit::Edit;
use self::filters::{Asked, ColumnMenu, group_words};
use self::sort::sort;
use super::action::{Action, FileAction, ViewAction};
use super::command::Command;
use super::ctx::Ctx;
use super::model::Model;
use super::model::workspace::Workspace;
use super::widgets::{empty, icon, note, strong};
use crate::analysis::Filter;
use crate::analysis::search::pinyin_key;
use crate::domain::{Field, FieldType, Kind, Record, RecordId, Text, Verdict};
use crate::settings::Preference;
use crate::ui::action::WindowAction;

/// The key of a column, and whether it runs down.
type Sort = Option<(&'static str, bool)>;

/// What the rows were made from: serial, layer, order, group.
type MadeOf = (u64, Kind, Sort, Option<&'static str>);

/// What stands in one line.
enum Line {
    /// Above its rows: what they have in common, and how many they are.
    Group(String, usize),
    /// By its place among the rows.
    Row(usize),
}

/// Which layer, in which order, and what is being edited.
pub struct Table {
    /// The place whose tabs it has.
    of: Option<Workspace>,
    kind: Kind,
    sort: Sort,
    made_of: Option<MadeOf>,
    rows: Arc<Vec<Arc<Record>>>,
    /// The column whose values put the rows together.
    group: Option<&'static str>,
    /// What is shown from top to bottom; without groups every row.
    lines: Arc<Vec<Line>>,
    menu: ColumnMenu,
    editing: Option<Edit>,
    /// From which row shift extends the selection.
    anchor: Option<usize>,
    scroll_to: Option<usize>,
    last_selected: Option<RecordId>,
    /// The filter by which the layer was chosen last.
    followed: Filter,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            of: None,
            kind: Kind::Site,
            sort: None,
            made_of: None,
            rows: Arc::default(),
            group: None,
            lines: Arc::default(),
            menu: ColumnMenu::default(),
            editing: None,
            anchor: None,
            scroll_to: None,
            last_selected: None,
            followed: Filter::default(),
        }
    }
}

const ROW: f32 = 28.0;

impl Table {
    /// Shows the table and its tabs.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        self.follow_place(ctx);
        self.follow(ctx);
        self.make_rows(ctx);
        self.tabs_ui(ui, ctx);
        if self.rows.is_empty() {
            let total = ctx.shown.counts.get(&self.kind).map_or(0, |count| count.total);
            if ctx.is_reading() {
                empty(
                    ui,
                    ctx.tell("正在读取…", "Reading…"),
                    ctx.tell("读完后列出全部记录", "All records are listed once they are read"),
                );
            } else if total > 0 {
                empty(
                    ui,
                    ctx.tell("没有符合筛选的记录", "Nothing passes the filter"),
                    ctx.tell("清除筛选即可看到全部", "Clear the filter to see everything"),
                );
            } else {
                empty(
                    ui,
                    ctx.tell("此图层还没有记录", "This layer is empty"),
                    ctx.tell(
                        "把 Excel、CSV 等文件拖到窗口上，或在此粘贴（Ctrl+V）",
                        "Drop a file on the window, or paste rows here (Ctrl+V)",
                    ),
                );
            }
        } else {
            self.grid_ui(ui, ctx);
        }
        self.keys(ui, ctx);
    }

    /// In another place it shows what was looked at there last.
    fn follow_place(&mut self, ctx: &Ctx<'_>) {
        if self.of == Some(ctx.workspace) {
            return;
        }
        self.of = Some(ctx.workspace);
        let about = ctx.workspace.about();
        let kept = ctx.settings.workspaces.get(about.key).and_then(|view| view.table.as_ref());
        let kept = kept.and_then(|key| Kind::ALL.into_iter().find(|kind| kind.key() == key));
        let most = || about.kinds.iter().copied().max_by_key(|kind| ctx.world().table(*kind).len());
        if let Some(kind) = kept.or_else(most) {
            self.kind = kind;
            self.sort = None;
        }
    }

    /// The table shows the layer of what is selected elsewhere.
    fn follow(&mut self, ctx: &Ctx<'_>) {
        let selected = ctx.selection.last().copied();
        if selected != self.last_selected {
            self.last_selected = selected;
            if let Some(record) = ctx.selected()
                && record.kind == self.kind
            {
                self.scroll_to = self.rows.iter().position(|row| row.id == record.id);
            }
        }
        let Some(of) = ctx.shown.of().filter(|of| of.filter != self.followed) else { return };
        self.followed.clone_from(&of.filter);
        self.kind = self.kind_of_rows(ctx, &of.filter);
    }

    /// The layer that a filter asks for; else the one that is shown, as long as it has rows; else the
    /// one that has most.
    fn kind_of_rows(&self, ctx: &Ctx<'_>, filter: &Filter) -> Kind {
        let asked = filter.kind.or_else(|| filter.subkinds.first().map(|(kind, _)| *kind));
        let count = |kind: Kind| ctx.shown.counts.get(&kind).map_or(0, |count| count.shown);
        let fullest = || Kind::ALL.into_iter().rev().max_by_key(|kind| count(*kind));
        // A column of this layer that lets nothing through is mended here.
        let is_of_column = filter.columns.keys().any(|(kind, _)| *kind == self.kind);
        let stays = |kind: &Kind| filter.is_empty() || is_of_column || count(*kind) > 0;
        let shown = Some(self.kind).filter(stays);
        asked.or(shown).or_else(fullest).unwrap_or(self.kind)
    }

    fn make_rows(&mut self, ctx: &Ctx<'_>) {
        let now = (ctx.shown.serial, self.kind, self.sort, self.group);
        if self.made_of == Some(now) {
            return;
        }
        self.made_of = Some(now);
        let all = ctx.shown.records.get(&self.kind).cloned().unwrap_or_default();
        self.rows = match self.sort {
            None => all,
            Some((key, is_down)) => {
                let mut rows = all.to_vec();
                sort(ctx, self.kind, &mut rows, key, is_down);
                Arc::new(rows)
            }
        };
        let group = columns::all(self.kind).into_iter().find(|field| Some(field.key) == self.group);
        let lines = match group {
            Some(field) => self.grouped(ctx, field),
            None => (0..self.rows.len()).map(Line::Row).collect(),
        };
        self.lines = Arc::new(lines);
    }

    /// Groups by pinyin, what is empty last; within each the rows keep their order.
    fn grouped(&mut self, ctx: &Ctx<'_>, field: &'static Field) -> Vec<Line> {
        let mut groups = BTreeMap::<_, (String, Vec<Arc<Record>>)>::new();
        for row in self.rows.iter() {
            let words = group_words(ctx, row, field);
            let is_empty = words_are_empty(row, field);
            let group = groups.entry((is_empty, pinyin_key(&words)));
            group.or_insert_with(|| (words, Vec::new())).1.push(Arc::clone(row));
        }
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        for (words, members) in groups.into_values() {
            lines.push(Line::Group(words, members.len()));
            lines.extend((rows.len()..rows.len() + members.len()).map(Line::Row));
            rows.extend(members);
        }
        self.rows = Arc::new(rows);
        lines
    }

    /// The row after or before the selected one.
    pub fn neighbour(&self, model: &Model, by: i64) -> Option<RecordId> {
        let here =
            model.selection.last().and_then(|id| self.rows.iter().position(|row| row.id == *id));
        let next = match here {
            Some(place) => place.checked_add_signed(isize::try_from(by).ok()?)?,
            None => 0,
        };
        self.rows.get(next).map(|row| row.id)
    }

    /// Buttons keep their place at the right; tabs that find no room beside them are scrolled.
    fn tabs_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                self.buttons_ui(ui, ctx);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    egui::ScrollArea::horizontal()
                        .id_salt("tabs")
                        .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
                        .show(ui, |ui| self.kinds_ui(ui, ctx));
                });
            });
        });
    }

    /// The kinds of the place, one of another place while it is looked at, and the others in a menu.
    fn kinds_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let own = ctx.workspace.about().kinds;
        let mut picked = None;
        let other = (!own.contains(&self.kind)).then_some(&self.kind);
        for kind in own.iter().chain(other) {
            if ui.add(Button::selectable(*kind == self.kind, kind_words(ctx, *kind))).clicked() {
                picked = Some(*kind);
            }
        }
        let more = ui.button((icon(Icon::Ellipsis), ctx.say(Text::new("更多", "More"))));
        egui::Popup::menu(&more).show(|ui| {
            for kind in Kind::ALL.into_iter().filter(|kind| !own.contains(kind)) {
                let entry = Button::selectable(kind == self.kind, kind_words(ctx, kind));
                if ui.add(entry).clicked() {
                    picked = Some(kind);
                }
            }
        });
        if let Some(kind) = picked {
            self.kind = kind;
            self.sort = None;
            self.group = None;
            self.made_of = None;
            self.make_rows(ctx);
            let workspace = ctx.workspace.about().key;
            ctx.actions.prefer(Preference::Table { workspace, kind: kind.key() });
        }
    }

    fn buttons_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let group = columns::all(self.kind).into_iter().find(|field| Some(field.key) == self.group);
        if let Some(field) = group {
            let label = ctx.say(field.label);
            let words = ctx.tell(format!("按 {label} 分组"), format!("by {label}"));
            if ui.button((RichText::new(words), icon(Icon::X))).clicked() {
                self.group = None;
            }
        }
        self.columns_ui(ui, ctx);
        let copy = ui.button((icon(Icon::Copy), ctx.say(Text::new("复制", "Copy"))));
        let tip = ctx.tell(
            "复制为 Excel 可粘贴的表格（所选，或全部）",
            "Copy for Excel: the selection, or everything",
        );
        if copy.on_hover_text(tip).clicked() {
            self.copy(ctx);
        }
        let export = (icon(Icon::FileDown), ctx.say(Command::Export.about().words));
        if ui.button(export).clicked() {
            ctx.actions.command(Command::Export);
        }
    }

    fn columns(&self, ctx: &Ctx<'_>) -> Vec<&'static Field> {
        columns::shown(ctx, self.kind)
    }

    fn columns_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let shown: Vec<String> =
            self.columns(ctx).iter().map(|field| field.key.to_owned()).collect();
        let kind = self.kind;
        let menu = ui.button((icon(Icon::Columns3), ctx.say(Text::new("列", "Columns"))));
        egui::Popup::menu(&menu)
            .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| {
                egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
                    for field in columns::all(kind) {
                        let mut is_shown = shown.iter().any(|key| key == field.key);
                        if ui.checkbox(&mut is_shown, ctx.say(field.label)).changed() {
                            let mut keys = shown.clone();
                            keys.retain(|key| key != field.key);
                            if is_shown {
                                keys.push(field.key.to_owned());
                            }
                            let layer = kind.key();
                            ctx.actions.prefer(Preference::Columns { layer, keys });
                        }
                    }
                });
            });
    }

    fn grid_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let columns = self.columns(ctx);
        let selected: std::collections::BTreeSet<RecordId> =
            ctx.selection.iter().copied().collect();
        let totals = totals::words(ctx, &self.rows, &selected, &columns);
        let height = ui.available_height() - if totals.is_some() { 22.0 } else { 0.0 };
        egui::ScrollArea::horizontal().auto_shrink([false, true]).show(ui, |ui| {
            let mut table = TableBuilder::new(ui)
                .id_salt(self.kind.key())
                .sense(Sense::click())
                .striped(false)
                .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                .resizable(true)
                .min_scrolled_height(60.0)
                .max_scroll_height(height - 30.0)
                .auto_shrink(false)
                .column(Column::exact(52.0));
            for field in &columns {
                let width = if field.key == "name" { 200.0 } else { 118.0 };
                table = table.column(Column::initial(width).at_least(56.0).clip(true));
            }
            let line_of = |row: usize| {
                self.lines.iter().position(|line| matches!(line, Line::Row(at) if *at == row))
            };
            if let Some(line) = self.scroll_to.take().and_then(line_of) {
                table = table.scroll_to_row(line, None);
            }
            let (rows, lines) = (Arc::clone(&self.rows), Arc::clone(&self.lines));
            table
                .header(ROW, |mut header| {
                    header.col(|ui| {
                        ui.label(note("#")).on_hover_text(ctx.tell(
                            "双击序号飞到地图上，双击其他单元格修改",
                            "Double-click a number to fly there, any other cell to change it",
                        ));
                    });
                    for field in &columns {
                        header.col(|ui| self.head_ui(ui, ctx, field));
                    }
                })
                .body(|body| {
                    body.rows(ROW, lines.len(), |mut row| match lines.get(row.index()) {
                        Some(Line::Group(words, count)) => {
                            group_ui(&mut row, ctx, words, *count, columns.len());
                        }
                        Some(Line::Row(place)) => {
                            let Some(record) = rows.get(*place) else { return };
                            row.set_selected(selected.contains(&record.id));
                            self.row_ui(&mut row, ctx, &rows, *place, &columns);
                        }
                        None => {}
                    });
                });
        });
        if let Some(totals) = totals {
            ui.add(Label::new(note(totals)).truncate());
        }
    }

    fn row_ui(
        &mut self,
        row: &mut TableRow<'_, '_>,
        ctx: &Ctx<'_>,
        rows: &[Arc<Record>],
        place: usize,
        columns: &[&'static Field],
    ) {
        let Some(record) = rows.get(place) else { return };
        row.set_hovered(ctx.hovered == Some(record.id));
        let (mut edge, mut name_at) = (None, None);
        row.col(|ui| {
            edge = Some(Edge::of(ui));
            ui.add(Label::new(note((place + 1).to_string())).selectable(false));
        });
        let mut edited = None;
        for field in columns {
            let (rect_of, cell) = row.col(|ui| self.cell_ui(ui, ctx, record, field));
            if field.key == "name" {
                name_at = Some(rect_of);
            }
            if cell.double_clicked() && field.key != FAILING.key {
                edited = Some(Edit::new(ctx, record, field));
            }
        }
        // Over what other columns have put there.
        if let Some((edge, name_at)) = edge.zip(name_at) {
            edge.freeze(ctx, name_at, record.name(), ctx.selection.contains(&record.id));
        }
        let response = row.response();
        if response.hovered() && ctx.hovered != Some(record.id) {
            ctx.actions.view(ViewAction::Hover(Some(record.id)));
        }
        if response.clicked() {
            self.click(&response, ctx, place, rows);
        }
        if edited.is_some() {
            self.editing = edited;
        } else if response.double_clicked() {
            ctx.actions.view(ViewAction::ShowRecord(record.id));
        }
    }

    fn head_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, field: &'static Field) {
        let mark = match self.sort {
            Some((key, false)) if key == field.key => Icon::ArrowUp.unicode().to_string(),
            Some((key, true)) if key == field.key => Icon::ArrowDown.unicode().to_string(),
            _ => String::new(),
        };
        let button =
            Button::new((strong(ctx.say(field.label)), note(mark))).frame_when_inactive(false);
        if ui.add(button).clicked() {
            self.sort = match self.sort {
                Some((key, false)) if key == field.key => Some((key, true)),
                Some((key, true)) if key == field.key => None,
                _ => Some((field.key, false)),
            };
        }
        match self.menu.ui(ui, ctx, self.kind, field) {
            Some(Asked::Up) => self.sort = Some((field.key, false)),
            Some(Asked::Down) => self.sort = Some((field.key, true)),
            Some(Asked::Group) => self.group = Some(field.key),
            None => {}
        }
    }

    fn cell_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>, field: &'static Field) {
        if let Some(edit) = self.editing.as_mut().filter(|edit| edit.is_of(record, field)) {
            if !edit.ui(ui, ctx) {
                self.editing = None;
            }
            return;
        }
        let text = words(ctx, record, field);
        let is_bad = record.get(field.key) == Some(&Verdict::Failed.value())
            || field.key == FAILING.key
            || (field.ty == FieldType::Text && text == "超期");
        let label = if is_bad {
            RichText::new(&text).color(ctx.color(|t| t.act))
        } else {
            RichText::new(&text)
        };
        // Under the words of the head, which is a button.
        ui.add_space(ui.spacing().button_padding.x);
        ui.add(Label::new(label).truncate().selectable(false));
    }

    fn click(
        &mut self,
        response: &egui::Response,
        ctx: &Ctx<'_>,
        place: usize,
        rows: &[Arc<Record>],
    ) {
        let modifiers = response.ctx.input(|input| input.modifiers);
        let Some(record) = rows.get(place) else { return };
        if modifiers.shift {
            let from = self.anchor.unwrap_or(place);
            let (first, last) = (from.min(place), from.max(place));
            let ids = rows.get(first..=last).unwrap_or_default().iter().map(|row| row.id).collect();
            ctx.actions.send(Action::Select(ids));
        } else if modifiers.command {
            self.anchor = Some(place);
            ctx.actions.send(Action::Toggle(record.id));
        } else {
            self.anchor = Some(place);
            self.last_selected = Some(record.id);
            ctx.actions.send(Action::Select(vec![record.id]));
        }
    }

    /// Copy and paste, while the pointer is over the table and nobody types.
    fn keys(&self, ui: &Ui, ctx: &Ctx<'_>) {
        if ui.ctx().egui_wants_keyboard_input() || !ui.ui_contains_pointer() {
            return;
        }
        let events = ui.input(|input| input.events.clone());
        for event in events {
            match event {
                Event::Copy => self.copy(ctx),
                Event::Paste(text) if !text.trim().is_empty() => {
                    ctx.actions.send(Action::File(FileAction::Pasted(text)));
                }
                _ => {}
            }
        }
    }

    /// Tab-separated, with a header: as Excel and WPS take it.
    fn copy(&self, ctx: &Ctx<'_>) {
        let columns = self.columns(ctx);
        let selected: std::collections::BTreeSet<RecordId> =
            ctx.selection.iter().copied().collect();
        let is_all = !self.rows.iter().any(|row| selected.contains(&row.id));
        let rows = self.rows.iter().filter(|row| is_all || selected.contains(&row.id));
        let mut text =
            columns.iter().map(|field| ctx.say(field.label)).collect::<Vec<_>>().join("\t");
        text.push_str("\t经度\t纬度\n");
        let mut count = 0;
        for record in rows {
            text.push_str(&line(record, &columns, ctx));
            count += 1;
        }
        ctx.actions.window(WindowAction::Copy(text));
        ctx.actions.send(Action::Say(super::model::Toast::done(
            format!("已复制 {count} 行，可粘贴到 Excel（坐标为 WGS-84）"),
            format!("{count} rows copied for Excel (WGS-84)"),
        )));
    }
}

fn kind_words(ctx: &Ctx<'_>, kind: Kind) -> (RichText, RichText) {
    let count = ctx.shown.counts.get(&kind).copied().unwrap_or_default();
    let count = if ctx.is_reading() { "…".to_owned() } else { count.shown.to_string() };
    (RichText::new(ctx.say(kind.label())), note(count))
}

/// The head of a group of rows.
fn group_ui(row: &mut TableRow<'_, '_>, ctx: &Ctx<'_>, words: &str, count: usize, columns: usize) {
    row.col(|ui| {
        ui.label(note(count.to_string()));
    });
    for column in 0..columns {
        row.col(|ui| {
            if column == 0 {
                let words = ctx.tell(format!("{words}  {count} 条"), format!("{words}  {count}"));
                ui.add(Label::new(strong(words)).extend().selectable(false));
            }
        });
    }
}

fn words_are_empty(record: &Record, field: &Field) -> bool {
    crate::analysis::cells(record, field.key).iter().all(|cell| cell.is_empty())
}

/// The left edge of the rows, at which the name stays in sight when they are pushed aside.
struct Edge {
    painter: egui::Painter,
    left: f32,
}

impl Edge {
    /// Of the first cell of a row.
    fn of(ui: &Ui) -> Self {
        let painter = ui.painter().clone();
        let left = painter.clip_rect().left();
        Self { painter, left }
    }

    /// Paints the name again at the edge, where its own place is out of sight.
    fn freeze(&self, ctx: &Ctx<'_>, own: Rect, name: &str, is_selected: bool) {
        if own.left() >= self.left - 1.0 {
            return;
        }
        let rect = Rect::from_min_size(pos2(self.left, own.top()), own.size());
        let painter = self.painter.with_clip_rect(rect.intersect(self.painter.clip_rect()));
        let fill = if is_selected { ctx.color(|t| t.ground) } else { ctx.color(|t| t.panel) };
        painter.rect_filled(rect, 0.0, fill);
        let font = egui::TextStyle::Body.resolve(&ctx.actions.context().global_style());
        let at = rect.left_center() + egui::vec2(6.0, 0.0);
        let ink = ctx.color(|t| t.ink);
        painter.text(at, egui::Align2::LEFT_CENTER, name, font, ink);
        painter.vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, ctx.color(|t| t.line)));
    }
}
