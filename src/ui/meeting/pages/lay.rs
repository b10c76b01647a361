//! How pages are laid out: low and wide in the panel, narrow and high on the big screen, where the
//! letters are larger. All sizes are told in em, the size of the letters.

use egui::{
    Align, Label, Layout, Response, RichText, ScrollArea, Sense, Shape, TextStyle, Ui, UiBuilder,
    vec2,
};

use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, note, strong};

/// The size of the letters, points.
pub fn em(ui: &Ui) -> f32 {
    TextStyle::Body.resolve(ui.style()).size
}

/// The height of a row of a list, points.
pub fn row_height(ui: &Ui) -> f32 {
    (em(ui) * 1.9).round()
}

/// A part of a page: how much of the width it wants beside others, and what it shows; `true` there
/// says that it stands alone in its column, and scrolls what it lists itself.
pub type Part<'a> = (f32, Box<dyn FnOnce(&mut Ui, bool) + 'a>);

/// A column narrower than this cannot be read, em.
const LEAST: f32 = 27.0;

/// Parts beside each other as far as there is room, else below each other.
pub fn parts_ui(ui: &mut Ui, name: &str, parts: Vec<Part<'_>>) {
    let gap = em(ui) * 1.5;
    let (width, height) = (ui.available_width(), ui.available_height());
    let fits = ((width + gap) / (em(ui) * LEAST + gap)).floor() as usize;
    let columns = fits.clamp(1, parts.len().max(1));
    let (each, more) = (parts.len() / columns, parts.len() % columns);
    let all: f32 = parts.iter().map(|(weight, _)| weight).sum();
    let is_each_alone = columns == parts.len();
    let mut parts = parts.into_iter();
    let share = (width - gap * (columns as f32 - 1.0)) / columns as f32;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for column in 0..columns {
            let count = each + usize::from(column < more);
            let mine: Vec<Part<'_>> = parts.by_ref().take(count).collect();
            let weight: f32 = mine.iter().map(|(weight, _)| weight).sum();
            let of_all = weight / all * columns as f32;
            let column_width = if is_each_alone { share * of_all } else { share };
            let size = vec2(column_width, height);
            ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
                ui.set_width(column_width);
                ui.spacing_mut().item_spacing.x = 8.0;
                column_ui(ui, (name, column), mine);
            });
        }
    });
}

fn column_ui(ui: &mut Ui, salt: (&str, usize), parts: Vec<Part<'_>>) {
    let is_alone = parts.len() == 1;
    if is_alone {
        // Its list scrolls, and its head stays.
        for (_, part) in parts {
            part(ui, true);
        }
        return;
    }
    ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, |ui| {
        for (_, part) in parts {
            part(ui, false);
            ui.add_space(em(ui));
        }
    });
}

/// Shows the title of a part.
pub fn title_ui(ui: &mut Ui, words: &str) {
    ui.label(strong(words));
    ui.add_space(2.0);
}

/// Rows of a list below a head that stays: all that there are where it scrolls itself, else the first.
pub fn rows_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    salt: &str,
    is_alone: bool,
    count: usize,
    mut row: impl FnMut(&mut Ui, usize),
) {
    const MOST: usize = 40;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if is_alone {
            let area = ScrollArea::vertical().id_salt(salt).auto_shrink(false);
            area.show_rows(ui, row_height(ui), count, |ui, range| {
                range.for_each(|place| row(ui, place));
            });
        } else {
            (0..count.min(MOST)).for_each(|place| row(ui, place));
        }
    });
    if !is_alone && count > MOST {
        let more = count - MOST;
        ui.label(note(ctx.tell(
            format!("另有 {more} 行，把面板拉宽后可滚动查看"),
            format!("{more} more rows: widen the panel to scroll through them"),
        )));
    }
}

/// A row that can be clicked; what it holds may have buttons of its own.
pub fn row_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    name: &str,
    is_chosen: bool,
    content: impl FnOnce(&mut Ui),
) -> Response {
    let size = vec2(ui.available_width(), row_height(ui));
    block_ui(ui, ctx, name, is_chosen, |ui| {
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing.x = 6.0;
            content(ui);
        });
    })
}

/// The same with as many lines as it needs.
pub fn block_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    name: &str,
    is_chosen: bool,
    content: impl FnOnce(&mut Ui),
) -> Response {
    let ground = ui.painter().add(Shape::Noop);
    let builder = UiBuilder::new().id_salt(name).sense(Sense::click());
    let response = ui
        .scope_builder(builder, |ui| {
            ui.set_min_width(ui.available_width());
            content(ui);
        })
        .response
        .on_hover_cursor(egui::CursorIcon::PointingHand);
    named(&response, name);
    let fill = if is_chosen {
        ui.visuals().selection.bg_fill
    } else if response.hovered() || response.has_focus() {
        ctx.color(|t| t.ground)
    } else {
        egui::Color32::TRANSPARENT
    };
    ui.painter().set(ground, Shape::rect_filled(response.rect, 4.0, fill));
    response
}

/// Words in a column of a row, cut where they do not fit: the pointer then shows them whole.
pub fn cell_ui(ui: &mut Ui, width: f32, words: impl Into<RichText>) {
    let size = vec2(width, row_height(ui));
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.set_max_width(width);
        ui.add(Label::new(words.into()).truncate());
    });
}

/// The head of such a list.
pub fn head_ui(ui: &mut Ui, columns: &[(f32, &str)]) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for (width, words) in columns {
            cell_ui(ui, *width, note(*words));
        }
    });
}
